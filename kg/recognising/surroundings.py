"""What a document's home makes recognisable: the places around it, by full and short name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from kg.model import Home
from kg.rules import places
from kg.rules.matching import Found, OverlapFinder
from kg.rules.places import COUNTRY, Gazetteer, PlaceRules
from kg.rules.watching import Seen, bit

_LABELS = bit("places.labels")
ZONE = "zone:"  # begins the reference of a zone of the list, which has no code
_SHORTEST_ZONE = 4  # characters
_LONGEST_SUFFIX = 7  # characters: by less than these a zone is called alone (经开区)
_SHORTEST_DISTANT = 3  # characters: far counties only by full names, and not by 范县 in 示范县


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The names that mean a particular place in documents of one home.

    ``near`` maps a name to its division's code; ``far``, the same for all homes, also to ``zone:`` and the
    name of a listed zone. ``clashes`` has the names that several divisions near the home share, which mean
    none of them for certain; ``townships`` the short names of townships, which name branches of bodies only.
    ``zone_suffix`` is what a home that is a zone is called by alone ("" for none).
    """

    home: Home | None
    near: dict[str, str]
    far: Mapping[str, str]
    clashes: dict[str, tuple[str, ...]]
    townships: dict[str, str]
    zone_suffix: str
    _own: OverlapFinder

    def code(self, name: str) -> str:
        """Return the code that a name of a place means here, ``zone:`` and a name, or "" for none."""
        return self.near.get(name) or ("" if name in self.clashes else self.far.get(name, ""))

    def stem(self, name: str) -> str:
        """Return the code that a name means in the name of a branch (石碌司法所), "" for none."""
        return self.code(name) or self.townships.get(name, "")

    def find(self, text: str, seen: Seen) -> tuple[list[Found], list[Found]]:
        """Return all occurrences of names that mean a place, and of those that several places share.

        ``seen`` is what was seen in the text (see :mod:`kg.rules.watching`), names of divisions and zones
        among it. What is found is sorted by start, the longer first; what lies inside or across is found too.
        """
        names: list[Found] = []
        clashing: list[Found] = []
        own = self._own.words
        further = ((start, end, own[index]) for index, start, end in self._own.find(text)) if own else ()
        for found in chain(seen.occurrences(_LABELS), further):
            word = found[2]
            if word in self.clashes:
                clashing.append(found)
            elif word in self.near or word in self.far:
                names.append(found)
        return sorted(names, key=_order), sorted(clashing, key=_order)


def _order(found: Found) -> tuple[int, int]:
    return found[0], -found[1]


@lru_cache(maxsize=256)
def surroundings(home: Home | None) -> Surroundings:
    """Return the recognisable places for documents of ``home``."""
    rules = places.load()
    codes: dict[str, str] = {}
    clashes: dict[str, tuple[str, ...]] = {}
    # Nearer places come first and win over namesakes far away; equals near the home cancel each other.
    for label, code in _near(home, rules) if home else ():
        if label in clashes:
            if code not in clashes[label]:
                clashes[label] += (code,)
            continue
        known = codes.get(label)
        if known is None:
            codes[label] = code
        elif known != code and _as_near(known, code, home, rules.gazetteer):
            clashes[label] = (known, code)
            del codes[label]
    townships = _township_stems(home, rules.gazetteer)
    # What names of divisions stand where is asked of one finder for all homes; only townships are added.
    own = OverlapFinder(word for word in (*codes, *clashes) if word not in rules.gazetteer.named)
    return Surroundings(home, codes, _distant(), clashes, townships, _zone_suffix(home, rules), own)


def _zone_suffix(home: Home | None, rules: PlaceRules) -> str:
    if home is None or home.code:
        return ""
    fitting = (
        suffix
        for suffix, _, full in rules.zone_suffixes
        if home.name.endswith(full or suffix) and len(suffix) < _LONGEST_SUFFIX
    )
    return next(fitting, "")


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


def _near(home: Home, rules: PlaceRules) -> Iterator[tuple[str, str]]:
    """Yield (name, code) of the home, what it lies in, what lies in it, and its neighbours, nearest first."""
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
def _distant() -> dict[str, str]:
    """Return the codes of the names that mean one place wherever they stand: the same for every home."""
    rules = places.load()
    gazetteer = rules.gazetteer
    found: dict[str, str] = {}
    for division in gazetteer.divisions.above_townships():
        if division.level in ("province", "prefecture"):
            for label, code in _labels(division.code, gazetteer, rules.ambiguous):
                found.setdefault(label, code)
        elif (
            division.level == "county"
            and len(division.name) >= _SHORTEST_DISTANT
            and len(gazetteer.named[division.name]) == 1
            and division.name not in rules.ambiguous
        ):
            found.setdefault(division.name, division.code)
    for name, shorts, _, _ in rules.zones:
        for label in (name, *shorts):
            if len(label) >= _SHORTEST_ZONE:
                found.setdefault(label, ZONE + name)
    return found


def _labels(code: str, gazetteer: Gazetteer, ambiguous: frozenset[str]) -> Iterator[tuple[str, str]]:
    division = gazetteer.divisions[code]
    yield division.name, code
    if division.level == "township":
        return
    for short in division.short:
        if short not in ambiguous:
            yield short, code
