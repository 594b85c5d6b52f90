"""The gazetteer: administrative divisions with their codes, and how text refers to places."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from kg.errors import RuleError
from kg.resources import RULE_DATA, ontology_folder
from kg.rules.matching import Beginnings, Endings, OverlapFinder, WordFinder
from kg.rules.tables import read

COUNTRY = "100000"
_TOWNSHIP = 9  # digits of a township's code; those of larger divisions have fewer
_KEPT = 4096  # townships kept as they were read: many reports name all of a county, few reports the same


class Division(NamedTuple):
    """One administrative division of the official table."""

    code: str
    name: str
    level: str
    kind: str
    parent: str
    short: tuple[str, ...]


class Divisions(Mapping[str, Division]):
    """All divisions by code. Most are townships, of which few are asked for at a time: their rows wait."""

    def __init__(self, read: Callable[[str], Division]) -> None:
        self._read = read
        self._rows: dict[str, str] = {}
        self._made: dict[str, Division] = {}
        self._townships: deque[str] = deque()  # among them, the oldest first

    def add(self, code: str, row: str) -> None:
        """Add the row of a division."""
        self._rows[code] = row

    def above_townships(self) -> Iterator[Division]:
        """Yield the divisions that are no townships, in the order of the table."""
        return (self[code] for code in self._rows if len(code) < _TOWNSHIP)

    def __getitem__(self, code: str) -> Division:
        made = self._made.get(code)
        if made is None:
            made = self._made[code] = self._read(self._rows[code])
            if len(code) >= _TOWNSHIP:
                self._townships.append(code)
                if len(self._townships) > _KEPT:
                    del self._made[self._townships.popleft()]
        return made

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions, by code and by name."""

    divisions: Divisions
    named: dict[str, tuple[str, ...]]
    children: dict[str, tuple[str, ...]]
    units: dict[str, str]

    def lineage(self, code: str) -> tuple[str, ...]:
        """Return the codes from ``code`` up to the country, nearest first."""
        found = []
        while code in self.divisions:
            found.append(code)
            code = self.divisions[code].parent
        return tuple(found)

    def unit(self, code: str) -> str:
        """Return what a division calls itself: 市, 县, 区, 州 …"""
        return self.units.get(self.divisions[code].kind, "")

    def full_name(self, code: str) -> str:
        """Return the name as bodies carry it: districts take the city they lie in (景德镇市昌江区)."""
        division = self.divisions[code]
        parent = self.divisions.get(division.parent)
        if division.kind == "district" and parent and parent.level in ("prefecture", "province"):
            return parent.name + division.name
        if division.level == "township" and parent and parent.code != COUNTRY:
            return parent.name + division.name
        return division.name


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """The gazetteer and the wordings around it."""

    gazetteer: Gazetteer
    zone_suffixes: tuple[tuple[str, str, str], ...]
    zones: tuple[tuple[str, tuple[str, ...], str, str], ...]
    zone_stops: tuple[str, ...]
    ambiguous: frozenset[str]
    home_signs: tuple[tuple[str, str, re.Pattern[str], float], ...]
    zone_words: Beginnings
    zone_endings: Endings
    zone_forms: dict[str, str]
    zones_called: dict[str, int]
    names: WordFinder
    labels: OverlapFinder
    marks_before_zone: str
    patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)


def _gazetteer(path: Path) -> Gazetteer:
    named: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    # Forty thousand rows at every start: plain splitting, the table's own test checks its form.
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    header = lines[0].split("\t") if lines else []
    try:
        cells = itemgetter(*(header.index(column) for column in Division._fields))
    except ValueError as error:
        raise RuleError(
            f"{path.name}: {error}; make the table again with scripts/make_divisions.py"
        ) from error
    at, above = header.index("code"), header.index("parent")
    last = max(at, above) + 1

    def division(row: str) -> Division:
        code, name, level, kind, parent, short = cells(row.split("\t"))
        return Division(code, name, level, kind, parent, tuple(short.split("|")) if short else ())

    divisions = Divisions(division)
    for line in lines[1:]:
        row = line.split("\t", last)
        code, parent = row[at], row[above]
        divisions.add(code, line)
        if parent in children:
            children[parent].append(code)
        else:
            children[parent] = [code]
        if len(code) < _TOWNSHIP:
            one = divisions[code]
            for label in (one.name, *one.short):
                named.setdefault(label, []).append(code)
    units = {row["kind"]: row["unit"] for row in read(RULE_DATA / "places" / "units.tsv", ("kind", "unit"))}
    return Gazetteer(
        divisions,
        {name: tuple(codes) for name, codes in named.items()},
        {code: tuple(codes) for code, codes in children.items()},
        units,
    )


def _called(zones: tuple[tuple[str, tuple[str, ...], str, str], ...]) -> dict[str, int]:
    """Return the first row that has a name, by full and short names."""
    found: dict[str, int] = {}
    for number, (name, shorts, _, _) in enumerate(zones):
        for label in (name, *shorts):
            found.setdefault(label, number)
    return found


@cache
def load() -> PlaceRules:
    """Load and check the division table and the tables of ``kg/rules/data/places``."""
    folder = RULE_DATA / "places"
    gazetteer = _gazetteer(ontology_folder() / "divisions.tsv")
    suffixes = tuple(
        sorted(
            (
                (
                    row["suffix"],
                    row.get("kind"),
                    row.get("full_form") or row.get("full form") or row.get("full"),
                )
                for row in read(folder / "zone_suffixes.tsv", ("suffix",))
                if row.get("kind") != "none"
            ),
            key=lambda item: (-len(item[0]), item[0]),
        )
    )
    zones = tuple(
        (row["name"], row.many("short"), row.get("kind"), row.get("host_code"))
        for row in read(folder / "zones.tsv", ("name",))
    )
    ambiguous = frozenset(row["word"] for row in read(folder / "ambiguous.tsv", ("word",)))
    patterns = {
        row["name"]: re.compile(row["pattern"]) for row in read(folder / "patterns.tsv", ("name", "pattern"))
    }
    signs = tuple(
        (row["sign"], row["where"], re.compile(row["pattern"]), float(row["weight"]))
        for row in read(folder / "home.tsv", ("sign", "where", "pattern", "weight"))
    )
    stops = tuple(row["word"] for row in read(folder / "zone_stops.tsv", ("word",)))
    # 经开区 alone means the home zone where no word runs into it
    before_zone = "".join(row["word"] for row in read(folder / "before_zone.tsv", ("word",)))
    names = WordFinder(name for name in gazetteer.named if len(name) > 1)
    return PlaceRules(
        gazetteer,
        suffixes,
        zones,
        stops,
        ambiguous,
        signs,
        Beginnings(suffix for suffix, _, _ in suffixes),
        Endings(suffix for suffix, _, _ in suffixes),
        {suffix: full for suffix, _, full in reversed(suffixes)},
        _called(zones),
        names,
        OverlapFinder(
            (*gazetteer.named, *(label for name, shorts, _, _ in zones for label in (name, *shorts)))
        ),
        before_zone,
        patterns,
    )
