"""Recognises places: divisions by name, relative references (我市, 全区), villages, functional zones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.recognising.surroundings import ZONE, Surroundings
from kg.rules.matching import Found, leftmost_longest, overlaps
from kg.rules.places import PlaceRules
from kg.rules.watching import ALL, bit

_RELATIVE, _LEVELS = bit("places.relative"), bit("places.bare_levels")


class PlaceHit(NamedTuple):
    """A place as written.

    ``reference`` says which: ``code:469007``, ``unit:市``, ``zone:名``, ``village:440811005/名``, or the
    id of the home.
    """

    start: int
    end: int
    reference: str


def find_places(
    text: str,
    start: int,
    end: int,
    around: Surroundings,
    rules: PlaceRules,
    names: Sequence[Found],
    seen: int = ALL,
) -> list[PlaceHit]:
    """Return the places named in ``text[start:end]``, in order; chains of names are one hit.

    ``names`` are the words there that ``around`` knows; ``seen`` tells what else can be there at all (see
    :mod:`kg.rules.watching`).
    """
    hits = list(_named(text, start, end, names, around, rules)) if names else []
    if around.zone_suffix:
        hits += _own_zone(text, start, end, around, rules)
    if hits:
        hits = _merge(hits, rules)
    if not seen & (_RELATIVE | _LEVELS):
        return hits
    taken = [(hit.start, hit.end) for hit in hits]
    for match in rules.patterns["relative"].finditer(text, start, end):
        if not overlaps(match.start(), match.end(), taken):
            hits.append(PlaceHit(match.start(), match.end(), "unit:" + match.group(1)))
    for match in rules.patterns["bare_levels"].finditer(text, start, end):
        for group in range(1, (match.lastindex or 0) + 1):
            if match.group(group) and not overlaps(match.start(group), match.end(group), taken):
                hits.append(PlaceHit(match.start(group), match.end(group), "unit:" + match.group(group)))
    return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def _named(
    text: str, start: int, end: int, names: Sequence[Found], around: Surroundings, rules: PlaceRules
) -> Iterator[PlaceHit]:
    """Yield division names and what extends them: a zone suffix, a village or community."""
    home = around.home
    position = start
    for first, word_end, word in leftmost_longest(names):
        last = word_end
        if first < position:
            continue
        if any(
            match.end() == first
            for match in rules.patterns["inside_word"].finditer(text, max(start, first - 3), last)
        ):
            continue
        code = around.code(word)
        reference = code if code.startswith(ZONE) else "code:" + code
        zone = rules.zone_words.longest(text, last, end)
        if zone:
            last += len(zone)
            name = text[first:last]
            reference = (
                home.id if home and not home.code and _same_zone(name, home.name, rules) else "zone:" + name
            )
        elif len(word) == 2 and rules.patterns["short_blocked"].match(text, last):
            continue
        village = rules.patterns["village"].match(text, last, end)
        division = rules.gazetteer.divisions.get(code)
        if village and division and division.level == "township" and not zone:
            last = village.end()
            reference = f"village:{code}/{village.group()}"
        position = last
        yield PlaceHit(first, last, reference)


def _own_zone(text: str, start: int, end: int, around: Surroundings, rules: PlaceRules) -> Iterator[PlaceHit]:
    """Yield the home where it is a zone and called by its suffix alone (经开区)."""
    suffix = around.zone_suffix
    for at in _occurrences(text, suffix, start, end):
        before = text[at - 1] if at > start else ""
        if around.home and (not before or before in rules.marks_before_zone):
            yield PlaceHit(at, at + len(suffix), around.home.id)


def _occurrences(text: str, word: str, start: int, end: int) -> Iterator[int]:
    at = text.find(word, start, end)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word), end)


def _same_zone(name: str, home: str, rules: PlaceRules) -> bool:
    for suffix, _, full in rules.zone_suffixes:
        if name.endswith(suffix):
            return name.removesuffix(suffix)[:2] == home[:2] and home.endswith(full or suffix)
    return False


def _merge(hits: list[PlaceHit], rules: PlaceRules) -> list[PlaceHit]:
    """Join 海南省 + 东方市 into one hit where the second lies in the first."""
    merged: list[PlaceHit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        previous = merged[-1] if merged else None
        if previous and hit.start < previous.end:
            continue
        if previous and previous.end == hit.start and previous.reference.startswith("code:"):
            outer = previous.reference.removeprefix("code:")
            kind, _, inner = hit.reference.partition(":")
            inner = inner.split("/")[0]
            if kind in ("code", "village") and outer in rules.gazetteer.lineage(inner)[1:]:
                merged[-1] = PlaceHit(previous.start, hit.end, hit.reference)
                continue
        merged.append(hit)
    return merged
