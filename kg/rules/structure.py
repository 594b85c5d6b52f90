"""The rules of document structure: punctuation, numbering, and the scopes that headings open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from kg.model import Mode
from kg.resources import RULE_DATA
from kg.rules.tables import read


@dataclass(frozen=True, slots=True)
class Numbering:
    """One way to number a part: its depth (1 is outermost) and the pattern that finds it."""

    level: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """A wording that sets the mode of a heading's section or of one sentence."""

    mode: Mode
    where: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class StructureRules:
    """All that the segmenter knows; ``scopes`` by where they are looked for, the last row first."""

    marks: dict[str, str]
    numberings: tuple[Numbering, ...]
    scopes: dict[str, tuple[Scope, ...]]
    years: dict[str, re.Pattern[str]]


@cache
def load() -> StructureRules:
    """Load and check the tables of ``kg/rules/data/structure``."""
    folder = RULE_DATA / "structure"
    marks = {row["name"]: row["characters"] for row in read(folder / "marks.tsv", ("name",))}
    numberings = tuple(
        Numbering(int(row["level"]), re.compile(row["pattern"]))
        for row in read(folder / "numbering.tsv", ("level", "pattern", "example"))
    )
    scopes = [
        Scope(cast("Mode", row["mode"]), row["where"], re.compile(row["pattern"]))
        for row in read(folder / "scopes.tsv", ("mode", "where", "pattern", "example"))
    ]
    by_place = {
        where: tuple(scope for scope in reversed(scopes) if scope.where == where)
        for where in ("heading", "sentence")
    }
    years = {
        row["name"]: re.compile(row["pattern"])
        for row in read(folder / "years.tsv", ("name", "pattern", "example"))
    }
    return StructureRules(marks, numberings, by_place, years)
