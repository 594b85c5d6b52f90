"""Recognises bodies: listed ones after a place (市司法局), named ones (国务院), open names (…领导小组)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.recognising.open_names import kind_of, open_name
from kg.recognising.places import PlaceHit
from kg.recognising.surroundings import Surroundings
from kg.rules.institutions import Body, InstitutionRules
from kg.rules.matching import overlaps
from kg.rules.watching import ALL, bit

LIST_MARK = "\u3001"  # 、

_COORDINATED = bit("institutions.coordinated")
_COURTS = bit("institutions.courts_of")
_UNIT = bit("institutions.unit_anchor")
_SAME_LEVEL = bit("institutions.same_level")
_NEXT_LEVEL = bit("institutions.next_level")
_STEMS = bit("institutions.stem_list")
_SUB_OFFICE = bit("institutions.sub_office")
_NATIONAL = bit("institutions.national_named")
_COORDINATING = bit("institutions.coordinating")
_QUOTED = bit("institutions.quoted_body")
_TRIGGER = bit("institutions.trigger")
_PREFIX = bit("institutions.party_prefix")
_PAIRS = bit("institutions.pairs")
_NAMED = bit("institutions.named_words")
_BARE = bit("institutions.bare_words")
_CENTRAL = bit("institutions.central_words")
_ANCHORS = _UNIT | _SAME_LEVEL | _NEXT_LEVEL
_ELSEWHERE = _COORDINATED | _COURTS | _NATIONAL | _COORDINATING | _QUOTED | _TRIGGER | _PAIRS
_ANY = _ANCHORS | _ELSEWHERE | _NAMED | _BARE | _CENTRAL


class BodyHit(NamedTuple):
    """A body as written.

    ``reference`` says whose it is: a place reference as in PlaceHit, ``home``, or ``named`` for a national
    body. ``body`` is the key of a listed kind of body, or the open name itself when ``listed`` is false.
    ``organ`` is what follows a listed body in the name (办公室).
    """

    start: int
    end: int
    reference: str
    body: str
    listed: bool
    type: str
    rule: str


class Anchor(NamedTuple):
    """A place where a body's name may continue: the end of a place name or of a unit word."""

    start: int
    end: int
    reference: str


def find_institutions(
    text: str,
    start: int,
    end: int,
    hits: Sequence[PlaceHit],
    rules: InstitutionRules,
    around: Surroundings,
    seen: int = ALL,
) -> list[BodyHit]:
    """Return the bodies named in ``text[start:end]``; longer names win where names overlap.

    Without a home the whole country's bodies speak: 发展改革委 is the national commission then. ``around``
    also knows the short names of places in names of branches (…局三都分局).
    ``seen`` tells what can be there at all (see :mod:`kg.rules.watching`).
    """
    found: list[BodyHit] = []
    if not hits and not seen & _ANY:
        return found
    if seen & (_COORDINATED | _COURTS):
        found += _coordinated(text, start, end, hits, rules)
    for anchor in _anchors(text, start, end, hits, rules, seen):
        found += _at_anchor(text, anchor, end, rules, around, seen)
    if seen & _NAMED:
        found += _named(text, start, end, rules)
    if around.home is None and seen & _CENTRAL:
        found += _central(text, start, end, rules)
    if found and seen & _SUB_OFFICE:
        found += list(_sub_offices(text, end, found, rules))
    if seen & (_NATIONAL | _COORDINATING):
        found += _of_the_country(text, start, end, rules)
    if seen & (_PAIRS | _BARE):
        found += _bare(text, start, end, rules, seen)
    if seen & _TRIGGER:
        found += _triggered(text, start, end, rules)
    if seen & _QUOTED:
        found += _quoted(text, start, end, rules)
    if found and seen & _PREFIX:
        found = [_from_prefix(text, start, hit, rules) for hit in found]
    return _settle(found) if len(found) > 1 else found


def _named(text: str, start: int, end: int, rules: InstitutionRules) -> Iterator[BodyHit]:
    """Yield the bodies of the whole country that are listed, and organs of them."""
    for word_start, word_end, word in rules.named_words.find(text[start:end]):
        first, last = start + word_start, start + word_end
        if not rules.after.match(text, last):
            entry = rules.named[word]
            organ = rules.patterns["named_organ"].match(text, last, end)
            if organ and word + organ.group() not in rules.named:
                name = entry.name + organ.group()
                yield BodyHit(first, organ.end(), "named", name, False, "office", "institution.named-organ")
                continue
            yield BodyHit(first, last, "named", entry.name, True, entry.type, "institution.named")


def _of_the_country(text: str, start: int, end: int, rules: InstitutionRules) -> Iterator[BodyHit]:
    """Yield companies, societies and coordinating bodies of the whole country that are in no list."""
    for match in rules.patterns["national_named"].finditer(text, start, end):
        kind = kind_of("x" + match.group("head"), rules, "place") or "association"
        yield BodyHit(match.start(), match.end(), "named", match.group(), False, kind, "institution.national")
    for match in rules.patterns["coordinating"].finditer(text, start, end):
        name, kind = match.group(), "leading-group"
        yield BodyHit(match.start(), match.end(), "named", name, False, kind, "institution.coordinating")


def _quoted(text: str, start: int, end: int, rules: InstitutionRules) -> Iterator[BodyHit]:
    """Yield bodies whose name is in quotation marks before their head noun."""
    for match in rules.patterns["quoted_body"].finditer(text, start, end):
        name = match.group("name") + match.group("head")
        kind = kind_of(name, rules, "trigger") or "public-institution"
        yield BodyHit(match.start("name") - 1, match.end(), "home", name, False, kind, "institution.quoted")


def _from_prefix(text: str, start: int, hit: BodyHit, rules: InstitutionRules) -> BodyHit:
    """Return a hit that begins with what stands before the place in the full name (中共 + 某市委)."""
    for match in rules.patterns["party_prefix"].finditer(text, max(start, hit.start - 12), hit.start):
        if match.end() == hit.start and hit.reference != "named":
            return hit._replace(start=match.start())
    return hit


def _settle(found: list[BodyHit]) -> list[BodyHit]:
    """Keep the longest of overlapping hits; hits of one span that name two bodies are both kept."""
    kept: list[BodyHit] = []
    for hit in sorted(found, key=lambda h: (-(h.end - h.start), h.start, not h.listed, h.body)):
        clash = [k for k in kept if k.start < hit.end and hit.start < k.end]
        if not clash or all(
            k.rule == hit.rule and k.rule in _SHARED and (k.body, k.reference) != (hit.body, hit.reference)
            for k in clash
        ):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.start, h.end, h.body))


_SHARED = frozenset({"institution.coordinated", "institution.pair"})


def _anchors(
    text: str, start: int, end: int, hits: Sequence[PlaceHit], rules: InstitutionRules, seen: int
) -> Iterator[Anchor]:
    for hit in hits:
        yield Anchor(hit.start, hit.end, hit.reference)
    if not seen & _ANCHORS:
        return
    places = [(hit.start, hit.end) for hit in hits if not hit.reference.startswith("unit:")]
    for match in rules.patterns["unit_anchor"].finditer(text, start, end):
        unit_at = match.start(1)
        if overlaps(unit_at, match.end(1), places):
            continue
        if match.start() == unit_at and text.endswith(rules.before, start, unit_at):
            continue
        yield Anchor(match.start(), match.end(1), "unit:" + match.group(1))
    if seen & (_SAME_LEVEL | _NEXT_LEVEL):
        yield from _levels(text, start, end, rules)


def _levels(text: str, start: int, end: int, rules: InstitutionRules) -> Iterator[Anchor]:
    """Yield 同级 and 上一级 before a body: the speaker's own level, and the one above."""
    for name, reference in (("same_level", "home"), ("next_level", "parent")):
        for match in rules.patterns[name].finditer(text, start, end):
            yield Anchor(match.start(), match.end(), reference)


def _at_anchor(
    text: str, anchor: Anchor, end: int, rules: InstitutionRules, around: Surroundings, seen: int
) -> Iterator[BodyHit]:
    """Yield the body that begins at the anchor's end: a listed one, a pair (纪委监委), or an open name."""
    at = anchor.end
    for pattern, keys in rules.pairs if seen & _PAIRS else ():
        match = pattern.match(text, at, end)
        if match:
            for key in keys:
                body = rules.bodies[key]
                yield BodyHit(
                    anchor.start, match.end(), anchor.reference, body.key, True, body.type, "institution.pair"
                )
            return
    stems_listed = rules.patterns["stem_list"].match(text, at, end) if seen & _STEMS else None
    if stems_listed:
        yield from _stems(anchor, stems_listed, rules)
        return
    listed = rules.body_words.longest(text, at, end)
    if listed:
        body = rules.bodies[listed]
        last = at + len(listed)
        if body.system == "party":
            deeper = rules.party_words.longest(text, last, end)
            if deeper:
                last, body = last + len(deeper), rules.party[deeper]
        if rules.after.match(text, last):
            return
        further = open_name(text, at, end, rules, "place")
        if further and further[0] > last and not _separate(text, last, further[0], rules):
            yield _open_hit(text, anchor, further)
            return
        branch = rules.patterns["branch"].match(text, last, end)
        place = around.stem(branch.group("stem")) if branch else ""
        if branch and place:
            yield _branch(text, anchor, body, branch, place, rules)
            return
        yield BodyHit(anchor.start, last, anchor.reference, body.key, True, body.type, "institution.listed")
        return
    further = open_name(text, at, end, rules, "place")
    if further:
        yield _open_hit(text, anchor, further)


def _stems(anchor: Anchor, match: re.Match[str], rules: InstitutionRules) -> Iterator[BodyHit]:
    """Yield the departments of a list of short names after a place: 县公安、司法等部门."""
    at = match.start("list")
    for number, word in enumerate(match.group("list").split(LIST_MARK)):
        body = rules.stems.get(word)
        if body:
            start = anchor.start if not number else at
            yield BodyHit(
                start, at + len(word), anchor.reference, body.key, True, body.type, "institution.stem"
            )
        at += len(word) + 1


def _branch(
    text: str,
    anchor: Anchor,
    body: Body,
    branch: re.Match[str],
    place: str,
    rules: InstitutionRules,
) -> BodyHit:
    """Return the branch of a department in a place: 某州生态环境局三都分局 is a body of 三都."""
    key = rules.patterns["department_head"].sub("", body.key) + branch.group("head")
    entry = rules.by_key.get(key)
    if entry:
        reference = "code:" + place
        return BodyHit(
            anchor.start, branch.end(), reference, entry.key, True, entry.type, "institution.branch"
        )
    name = body.key + text[branch.start() : branch.end()]
    return BodyHit(anchor.start, branch.end(), anchor.reference, name, False, body.type, "institution.branch")


def _central(text: str, start: int, end: int, rules: InstitutionRules) -> Iterator[BodyHit]:
    """Yield central bodies by the short names that they have among themselves (发展改革委, 统计局)."""
    for word_start, word_end, word in rules.central_words.find(text[start:end]):
        first, last = start + word_start, start + word_end
        if rules.after.match(text, last) or rules.patterns["local_before"].search(
            text, max(start, first - 3), first
        ):
            continue
        entry = rules.central[word]
        yield BodyHit(first, last, "named", entry.name, True, entry.type, "institution.central")


def _sub_offices(text: str, end: int, found: list[BodyHit], rules: InstitutionRules) -> Iterator[BodyHit]:
    """Yield the office that 下设办公室 gives the body named before it."""
    for match in rules.patterns["sub_office"].finditer(text, min((h.end for h in found), default=end), end):
        before = [
            h
            for h in found
            if h.end <= match.start() and h.listed and h.body + match.group(1) in rules.by_key
        ]
        if before:
            owner = max(before, key=lambda h: h.end)
            entry = rules.by_key[owner.body + match.group(1)]
            yield BodyHit(
                match.start(1),
                match.end(1),
                owner.reference,
                entry.key,
                True,
                entry.type,
                "institution.sub-office",
            )


def _separate(text: str, last: int, end: int, rules: InstitutionRules) -> bool:
    """Say whether a longer open reading only swallows a second body (县委县政府法律顾问团)."""
    return bool(rules.patterns["second_body"].search(text, last, end))


def _open_hit(text: str, anchor: Anchor, found: tuple[int, str]) -> BodyHit:
    last, kind = found
    return BodyHit(
        anchor.start, last, anchor.reference, text[anchor.end : last], False, kind, "institution.open"
    )


def _bare(text: str, start: int, end: int, rules: InstitutionRules, seen: int) -> Iterator[BodyHit]:
    """Yield bodies without a place, which are the home's: 人大, or a full name no common word contains."""
    for pattern, keys in rules.pairs if seen & _PAIRS else ():
        for match in pattern.finditer(text, start, end):
            for body in (rules.bodies[key] for key in keys):
                yield BodyHit(
                    match.start(), match.end(), "home", body.key, True, body.type, "institution.pair"
                )
    for word_start, word_end, word in rules.bare_words.find(text[start:end]) if seen & _BARE else ():
        first, last = start + word_start, start + word_end
        before = text[first - 1] if first > start else ""
        if rules.after.match(text, last) or rules.patterns["runs_on"].match(text, last):
            continue
        if before and rules.patterns["joined"].match(before):
            continue
        body = rules.bodies[word]
        yield BodyHit(first, last, "home", body.key, True, body.type, "institution.bare")


def _triggered(text: str, start: int, end: int, rules: InstitutionRules) -> Iterator[BodyHit]:
    """Yield open names after 成立, 组建 …, in quotation marks or running on to their head noun."""
    for match in rules.patterns["trigger"].finditer(text, start, end):
        at = match.end()
        for quoted in rules.patterns["quoted_names"].finditer(text, at, min(end, at + 90)):
            if text[at : quoted.start()].strip(rules.between_quotes):
                break
            at = quoted.end()
            kind = kind_of(quoted.group(1), rules, "trigger")
            if kind:
                yield BodyHit(
                    quoted.start(1),
                    quoted.end(1),
                    "home",
                    quoted.group(1),
                    False,
                    kind,
                    "institution.founded",
                )
        if at == match.end():
            skip = rules.patterns["before_name"].match(text, at, end)
            at = skip.end() if skip else at
            found = open_name(text, at, end, rules, "trigger")
            while found:
                if rules.patterns["counted"].match(text, found[0]):
                    break  # 文化服务中心70家: a kind of body, not one
                yield BodyHit(
                    at, found[0], "home", text[at : found[0]], False, found[1], "institution.founded"
                )
                also = rules.patterns["and_also"].match(text, found[0], end)
                if not also:
                    break
                at = also.end()
                found = open_name(text, at, end, rules, "trigger")


def _coordinated(
    text: str, start: int, end: int, hits: Sequence[PlaceHit], rules: InstitutionRules
) -> Iterator[BodyHit]:
    """Yield each member of a coordinated name: 立法、执法等2个协调小组; 临海、仙居两地法院."""
    for match in rules.patterns["coordinated"].finditer(text, start, end):
        head = match.group("head")
        kind = kind_of("x" + head, rules, "trigger") or "leading-group"
        prefix = rules.patterns["list_lead"].match(match.group("list"))
        names = match.group("list")[prefix.end() if prefix else 0 :].split(LIST_MARK)
        for name in names:
            yield BodyHit(
                match.start() + (prefix.end() if prefix else 0),
                match.end(),
                "home",
                name + rules.patterns["generic_lead"].sub("", head),
                False,
                kind,
                "institution.coordinated",
            )
    for match in rules.patterns["courts_of"].finditer(text, start, end):
        body = rules.bodies.get(match.group("head"))
        members = [hit for hit in hits if match.start() <= hit.start and hit.end <= match.end()]
        if body and len(members) > 1:
            for hit in members:
                yield BodyHit(
                    members[0].start,
                    match.end(),
                    hit.reference,
                    body.key,
                    True,
                    body.type,
                    "institution.coordinated",
                )
