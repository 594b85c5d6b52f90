"""What shows that two statements of a document contradict each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.resources import RULE_DATA
from kg.rules.tables import read


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in percent, the count it is a share of, and the count that has the share."""

    rate: re.Pattern[str]
    part: re.Pattern[str]
    whole: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ConflictRules:
    """All wordings that contradictions are found by."""

    patterns: dict[str, re.Pattern[str]]
    rates: tuple[Rate, ...]


@cache
def load() -> ConflictRules:
    """Load and check the tables of ``kg/rules/data/conflicts``."""
    folder = RULE_DATA / "conflicts"
    patterns = {
        row["name"]: re.compile(row["pattern"], re.MULTILINE)
        for row in read(folder / "patterns.tsv", ("name", "pattern", "example"))
    }
    rates = tuple(
        Rate(*(re.compile(row[name]) for name in ("rate", "part", "whole")))
        for row in read(folder / "rates.tsv", ("rate", "part", "whole", "example"))
    )
    return ConflictRules(patterns, rates)
