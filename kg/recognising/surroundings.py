"""What a document's home makes recognisable: the places around it, by full and short name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.model import Home
from kg.rules import places
from kg.rules.matching import WordFinder
from kg.rules.places import COUNTRY, Gazetteer, PlaceRules

ZONE = "zone:"  # begins the reference of a zone of the list, which has no code
_SHORTEST_ZONE = 4  # characters
_SHORTEST_DISTANT = 3  # characters: far counties only by full names, and not by 范县 in 示范县


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The names that mean a particular place in documents of one home.

    ``codes`` maps a name to its division's code, or to ``zone:`` and the name of a listed zone; ``clashes``
    has the names that several divisions near the home share, which mean none of them for certain; ``stems``
    adds the short names of townships, which name branches of bodies only. The finders find them in text.
    """

    home: Home | None
    codes: dict[str, str]
    stems: dict[str, str]
    finder: WordFinder
    clashes: dict[str, tuple[str, ...]]
    clash_finder: WordFinder


@lru_cache(maxsize=256)
def surroundings(home: Home | None) -> Surroundings:
    """Return the recognisable places for documents of ``home``."""
    rules = places.load()
    codes: dict[str, str] = {}
    clashes: dict[str, tuple[str, ...]] = {}
    # Nearer places come first and win over namesakes far away; equals near the home cancel each other.
    for near, label, code in _candidates(home, rules):
        if label in clashes:
            if near and code not in clashes[label]:
                clashes[label] += (code,)
            continue
        known = codes.get(label)
        if known is None:
            codes[label] = code
        elif near and known != code and _as_near(known, code, home, rules.gazetteer):
            clashes[label] = (known, code)
            del codes[label]
    stems = {**_township_stems(home, rules.gazetteer), **codes}
    return Surroundings(home, codes, stems, WordFinder(codes), clashes, WordFinder(clashes))


def _township_stems(home: Home | None, gazetteer: Gazetteer) -> dict[str, str]:
    """Return the short names of the townships in the home: they name branches only (石碌司法所)."""
    inner = [
        child for host in (home.lineage[:1] if home else ()) for child in gazetteer.children.get(host, ())
    ]
    deeper = [grandchild for child in inner for grandchild in gazetteer.children.get(child, ())]
    found = (gazetteer.divisions[code] for code in (*inner, *deeper))
    return {
        short: division.code for division in found if division.level == "township" for short in division.short
    }


def _as_near(first: str, second: str, home: Home | None, gazetteer: Gazetteer) -> bool:
    lineage = home.lineage if home else ()

    def distance(code: str) -> int:
        return next((lineage.index(c) for c in gazetteer.lineage(code) if c in lineage), len(lineage))

    return distance(first) == distance(second)


def _candidates(home: Home | None, rules: PlaceRules) -> Iterator[tuple[bool, str, str]]:
    """Yield (is near, name, code), nearest first."""
    if home:
        yield from _near(home, rules)
    yield from _distant()


def _near(home: Home, rules: PlaceRules) -> Iterator[tuple[bool, str, str]]:
    """Yield the home, what it lies in, what lies in it, and its neighbours."""
    gazetteer = rules.gazetteer
    for code in dict.fromkeys((*((home.code,) if home.code else ()), *home.lineage)):
        if code != COUNTRY:
            yield from _labels(code, gazetteer, frozenset())
    inner = [child for host in home.lineage[:1] for child in gazetteer.children.get(host, ())]
    deeper = [grandchild for child in inner for grandchild in gazetteer.children.get(child, ())]
    above = [code for code in home.lineage[1:2] if code != COUNTRY]
    beside = [sibling for code in above for sibling in gazetteer.children.get(code, ())]
    for code in (*inner, *deeper, *beside):
        yield from _labels(code, gazetteer, rules.ambiguous)


@cache
def _distant() -> tuple[tuple[bool, str, str], ...]:
    """Return the names that mean one place wherever they stand: the same for every home."""
    rules = places.load()
    gazetteer = rules.gazetteer
    found: list[tuple[bool, str, str]] = []
    for division in gazetteer.divisions.values():
        if division.level in ("province", "prefecture"):
            found += (
                (False, label, code) for _, label, code in _labels(division.code, gazetteer, rules.ambiguous)
            )
        elif (
            division.level == "county"
            and len(division.name) >= _SHORTEST_DISTANT
            and len(gazetteer.named[division.name]) == 1
            and division.name not in rules.ambiguous
        ):
            found.append((False, division.name, division.code))
    for name, shorts, _, _ in rules.zones:
        found += ((False, label, ZONE + name) for label in (name, *shorts) if len(label) >= _SHORTEST_ZONE)
    return tuple(found)


def _labels(code: str, gazetteer: Gazetteer, ambiguous: frozenset[str]) -> Iterator[tuple[bool, str, str]]:
    division = gazetteer.divisions[code]
    yield True, division.name, code
    if division.level == "township":
        return
    for short in division.short:
        if short not in ambiguous:
            yield True, short, code
