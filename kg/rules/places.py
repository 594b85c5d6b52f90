"""The gazetteer: administrative divisions with their codes, and how text refers to places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg.errors import RuleError
from kg.resources import RULE_DATA, ontology_folder
from kg.rules.matching import Beginnings, Endings, OverlapFinder, WordFinder
from kg.rules.tables import read

COUNTRY = "100000"


@dataclass(frozen=True, slots=True)
class Division:
    """One administrative division of the official table."""

    code: str
    name: str
    level: str
    kind: str
    parent: str
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions, by code and by name."""

    divisions: dict[str, Division]
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
    divisions: dict[str, Division] = {}
    named: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    # Forty thousand rows at every start: plain splitting, the table's own test checks its form.
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = iter(line.split("\t") for line in lines if line and not line.startswith("#"))
    header = next(rows, [])
    try:
        at = [header.index(column) for column in ("code", "name", "level", "kind", "parent", "short")]
    except ValueError as error:
        raise RuleError(
            f"{path.name}: {error}; make the table again with scripts/make_divisions.py"
        ) from error
    for cells in rows:
        code, name, level, kind, parent, short = (cells[i] for i in at)
        shorts = tuple(short.split("|")) if short else ()
        divisions[code] = Division(code, name, level, kind, parent, shorts)
        children.setdefault(parent, []).append(code)
        if level != "township":
            for label in (name, *shorts):
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
