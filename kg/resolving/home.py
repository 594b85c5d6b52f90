"""Finds the place a document speaks from: from its title, issuer, codes on the page and the text itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg import ids
from kg.model import Document, Home
from kg.rules.matching import Found, leftmost_longest
from kg.rules.places import COUNTRY, Gazetteer, PlaceRules
from kg.rules.watching import Seen, bit

_LABELS = bit("places.labels")
_BODY_WEIGHT = 0.4  # per mention of a full name in the text, up to _BODY_MENTIONS of them
_BODY_MENTIONS = 20
_REGION_WEIGHT = 1.5  # for a namesake whose province or prefecture the text names as well
_UNIT_WEIGHT = 6.0  # for a place that calls itself what the text calls it (我区, 我县)
_SHORT_NAME = 2  # characters: a full name this short (单县) is as little sure as a short one
_REPEATED = 3  # mentions from which a short name counts
_FEW_COUNTIES = 2  # counties named beside it that make an ordinary word a place
_MANY_COUNTIES = 4
_COUNTY_WEIGHT = 0.75  # per county named, up to _MANY_COUNTIES: a prefecture speaks of its counties
_LONGEST = 12  # characters of the longest name of a division, 双江拉祜族佤族布朗族傣族自治县 apart


def locate(
    document: Document, rules: PlaceRules, national: Callable[[str], bool], seen: Seen | None = None
) -> Home | None:
    """Return the home of ``document``, or None where nothing says it or a national body speaks.

    A zone in the title or the issuer wins over the division it lies in. Of namesakes the one wins whose
    region and level the text confirms.

    Args:
        document: the document as read.
        rules: the gazetteer and the signs of a home.
        national: says whether a name begins with a body of the whole country.
        seen: what can be found in the text, where that has been looked for (see :mod:`kg.rules.watching`).

    """
    front = [source for where in ("title", "issuer") for source in _sources(document, where)]
    if any(national(name) for name in front):
        return None
    scores, reasons, zones = _signs(document, rules)
    _add_names(_names(document.text, rules, seen), rules, scores)
    _confirm(document.text, rules, scores)
    if zones:
        zone, _ = min(zones.items(), key=lambda item: (-item[1], item[0]))
        return _zone_home(zone, scores, rules)
    if not scores:
        return None
    gazetteer = rules.gazetteer
    code = min(scores, key=lambda code: (-scores[code], -len(gazetteer.lineage(code)), code))
    return division_home(code, gazetteer, "+".join(dict.fromkeys(reasons.get(code, ["text"]))))


def _signs(
    document: Document, rules: PlaceRules
) -> tuple[defaultdict[str, float], dict[str, list[str]], defaultdict[str, float]]:
    """Return the weight of each division that a sign points at, which signs did, and the zones named."""
    scores: defaultdict[str, float] = defaultdict(float)
    zones: defaultdict[str, float] = defaultdict(float)
    reasons: dict[str, list[str]] = {}
    for sign, where, pattern, weight in rules.home_signs:
        for source in _sources(document, where):
            # the first match of a sign decides, but every one counts in the running text (法治某建设)
            matches = list(pattern.finditer(source))
            for match in matches[:1] if where in ("title", "issuer", "page") else matches:
                groups = match.groupdict()
                name = groups.get("name") or ""
                if where in ("title", "issuer") and (zone := zone_at_start(name, rules)):
                    zones[zone] += weight
                code = groups.get("code") or ""
                found = [code] if code in rules.gazetteer.divisions else []
                for hit in found or [hit for hit, _ in deepest(name, rules, short=True)]:
                    scores[hit] += weight
                    reasons.setdefault(hit, []).append(sign)
    return scores, reasons, zones


def _confirm(text: str, rules: PlaceRules, scores: defaultdict[str, float]) -> None:
    """Add weight to places that call themselves what the text does, and to namesakes whose region it has."""
    own = own_unit(text, rules)
    gazetteer = rules.gazetteer
    # a city that names many counties beside this one is the prefecture, not one of its county-level cities
    counties = (gazetteer.divisions[code] for code in scores)
    beside: Counter[str] = Counter(county.parent for county in counties if county.level == "county")
    for code in list(scores):
        parent = gazetteer.divisions[code].parent
        crowded = gazetteer.divisions[code].kind == "county-city" and beside[parent] >= _MANY_COUNTIES
        if own and gazetteer.unit(code)[-1:] == own[-1:] and not crowded:
            scores[code] += _UNIT_WEIGHT
        if len(gazetteer.named.get(gazetteer.divisions[code].name, ())) > 1:
            for ancestor in gazetteer.lineage(code)[1:-1]:
                division = gazetteer.divisions[ancestor]
                if any(name in text for name in (division.name, *division.short)):
                    scores[code] += _REGION_WEIGHT


def division_home(code: str, gazetteer: Gazetteer, reason: str) -> Home:
    """Return the home that a division of the official table makes."""
    division = gazetteer.divisions[code]
    return Home(
        ids.jurisdiction(code),
        division.name,
        gazetteer.full_name(code),
        code,
        gazetteer.unit(code),
        gazetteer.lineage(code),
        reason,
    )


def deepest(name: str, rules: PlaceRules, *, short: bool) -> list[tuple[str, int]]:
    """Return (code, length read) of the divisions named at the start of ``name``, the innermost of a chain.

    >>> from kg.rules import places
    >>> deepest("景德镇市昌江区司法局", places.load(), short=True)
    [('360202', 7)]
    """
    named, divisions = rules.gazetteer.named, rules.gazetteer.divisions
    position = 0
    found: list[tuple[str, int]] = []
    while position < len(name):
        step = 0
        for length in range(min(_LONGEST + 4, len(name) - position), 1, -1):
            label = name[position : position + length]
            codes = [
                code
                for code in named.get(label, ())
                if short or divisions[code].name == label
                if not found or _inside(code, [f for f, _ in found], rules.gazetteer)
            ]
            if codes:
                step = length
                found = [(code, position + length) for code in codes]
                break
        if not step:
            break
        position += step
    return found


def _inside(code: str, hosts: list[str], gazetteer: Gazetteer) -> bool:
    return any(host in gazetteer.lineage(code)[1:] for host in hosts)


def zone_at_start(name: str, rules: PlaceRules) -> str:
    """Return the functional zone that ``name`` begins with, "" if none: a place name and a zone suffix.

    >>> from kg.rules import places
    >>> zone_at_start("湛江经济技术开发区管理委员会", places.load())
    '湛江经济技术开发区'
    """
    division = max((read for _, read in deepest(name, rules, short=False)), default=0)
    for suffix, _, _ in rules.zone_suffixes:
        at = name.find(suffix, 2)
        if at + len(suffix) <= division:
            continue  # a division of its own that only ends like a zone: 浦东新区
        if 2 <= at <= 8 and not any(mark in name[:at] for mark in rules.zone_stops):
            return name[: at + len(suffix)]
    return ""


def own_unit(text: str, rules: PlaceRules) -> str:
    """Return what the document calls its own place most often after 我 (市, 县, 区 …), "" if never."""
    units = Counter(match.group(1) for match in rules.patterns["own"].finditer(text))
    return min(units.items(), key=lambda item: (-item[1], item[0]))[0] if units else ""


def _sources(document: Document, where: str) -> Iterator[str]:
    fields = {"title": ("title",), "issuer": ("issuer", "signature"), "index": ("indexNumber",)}
    if where == "page":
        yield document.text
        return
    for item in document.fields:
        if item.name in fields.get(where, ()):
            yield re.sub(r"\s+", "", item.value)


def _names(text: str, rules: PlaceRules, seen: Seen | None) -> Iterable[Found]:
    """Return the names of counties and above in a text, the longest where several begin."""
    if seen is None:
        return rules.names.find(text)
    named = rules.gazetteer.named
    found = [item for item in seen.occurrences(_LABELS) if len(item[2]) > 1 and item[2] in named]
    return leftmost_longest(sorted(found, key=lambda item: (item[0], -item[1])))


def _add_names(names: Iterable[Found], rules: PlaceRules, scores: defaultdict[str, float]) -> None:
    """Count names of counties and above in the text, and the counties that a prefecture's text names.

    A namesake's mentions count for each namesake; a short name counts when it is repeated, and one that is an
    ordinary word (长治) only beside counties of that place.
    """
    gazetteer = rules.gazetteer
    counts: Counter[str] = Counter(name for _, _, name in names)
    named = {code for name in counts for code in gazetteer.named.get(name, ()) if code != COUNTRY}
    inside: Counter[str] = Counter(gazetteer.divisions[code].parent for code in named)
    for name, count in counts.items():
        for code in gazetteer.named.get(name, ()):
            full = gazetteer.divisions[code].name == name and len(name) > _SHORT_NAME
            sure = name not in rules.ambiguous or inside[code] >= _FEW_COUNTIES
            if code != COUNTRY and (full or (sure and count >= _REPEATED)):
                scores[code] += _BODY_WEIGHT * min(count, _BODY_MENTIONS)
    for code, counties in inside.items():
        if code in scores and gazetteer.divisions[code].level == "prefecture":
            scores[code] += _COUNTY_WEIGHT * min(_MANY_COUNTIES, counties)


def _zone_home(zone: str, scores: Mapping[str, float], rules: PlaceRules) -> Home:
    """Return the home that a zone makes: its host is in the table of zones or named by its beginning."""
    host = ""
    if zone in rules.zones_called:
        zone, _, _, host = rules.zones[rules.zones_called[zone]]
    if not host:
        found = [code for code, _ in deepest(zone, rules, short=True)]
        ranked = sorted(found, key=lambda code: (-scores.get(code, 0.0), code))
        host = ranked[0] if ranked else ""
    name = expand_zone(zone, rules)
    return Home(
        ids.place(host, name),
        name,
        name,
        "",
        rules.gazetteer.units["zone"],
        rules.gazetteer.lineage(host),
        "zone",
    )


def expand_zone(zone: str, rules: PlaceRules) -> str:
    """Return a zone's name with its abbreviation written out (湛江经开区 → 湛江经济技术开发区)."""
    # the longest suffix decides: 经济技术开发区 is no 开发区 to be written out
    suffix = rules.zone_endings.longest(zone)
    full = rules.zone_forms.get(suffix, "")
    return zone.removesuffix(suffix) + full if full else zone
