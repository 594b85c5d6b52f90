"""Loads the table of times that a sentence gives for its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.rules import measures, tables

FORMS = ("years", "year", "months", "day", "days", "month", "fixed", "back", "this")
SIDES = ("lead", "until", "since", "names", "compared")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a time; ``low`` and ``high`` are its months or years where the words fix them.

    ``holds`` are words of which each text of this form has one.
    """

    kind: str
    pattern: re.Pattern[str]
    low: str
    high: str
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Periods:
    """The ways to write a time, and the words around it that say what it is to a number."""

    forms: tuple[Form, ...]
    lead: re.Pattern[str]
    until: re.Pattern[str]
    since: re.Pattern[str]
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    digits: dict[str, int]
    pause: re.Pattern[str]
    hidden: re.Pattern[str]


@cache
def load() -> Periods:
    """Read and check the table; the result is shared by the whole process.

    Raises:
        RuleError: the table is missing, or a row has an unknown kind or a pattern that is none.

    """
    forms: list[Form] = []
    sides: dict[str, list[str]] = {side: [] for side in (*SIDES, "compared$")}
    for row in tables.read(measures.FOLDER / "periods.tsv", ("kind", "pattern", "example")):
        try:
            pattern = re.compile(row["pattern"])
        except re.error as error:
            raise row.error(f"pattern {error}") from error
        if row["kind"] in FORMS:
            holds = row.many("holds")
            if not any(word in row["example"] for word in holds):
                raise row.error("holds has no word of the example")
            forms.append(Form(row["kind"], pattern, row["from"], row["to"], holds))
        elif row["kind"] in SIDES:
            ends = row["kind"] == "compared" and row["pattern"].endswith("$")
            sides[row["kind"] + "$" * ends].append(row["pattern"])
        else:
            raise row.error(f"kind {row['kind']!r}, known are {(*FORMS, *SIDES)}")
    counted = measures.load()
    return Periods(
        forms=tuple(forms),
        lead=re.compile("|".join(sides["lead"])),
        until=re.compile("|".join(sides["until"])),
        since=re.compile("|".join(sides["since"])),
        not_before=re.compile("|".join(sides["compared$"])),
        not_after=re.compile("|".join(sides["names"] + sides["compared"])),
        digits=counted.digits,
        pause=counted.pause,
        hidden=counted.boundary,
    )
