"""Loads the tables that say how a report states a measured number: units, hedges, verbs, carried phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from kg.errors import RuleError
from kg.resources import RULE_DATA
from kg.rules import tables
from kg.rules.matching import Endings
from kg.rules.needles import text_ends

FOLDER = RULE_DATA / "measures"

# Word by its first (or last) character, longest first: the guards are what must not come next (or before).
Guarded = dict[str, tuple[tuple[str, tuple[str, ...]], ...]]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number is counted in: ``base`` is the unit stated, ``factor`` scales to it."""

    base: str
    factor: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class Measures:
    """Everything the number reader and the phrase builder look up, compiled once.

    ``before_ends`` are the characters of which ``before`` needs one at the end, None where that is unknown.
    """

    number: re.Pattern[str]
    tail: re.Pattern[str]
    unnamed: re.Pattern[str]
    shared: re.Pattern[str]
    scales: dict[str, Decimal]
    units: dict[str, Unit]
    before: re.Pattern[str]
    before_ends: frozenset[str] | None
    after: re.Pattern[str]
    unit_stop: re.Pattern[str]
    follow: re.Pattern[str]
    duration: re.Pattern[str]
    norm: re.Pattern[str]
    reported: re.Pattern[str]
    hedges: Guarded
    bounds: dict[str, str]
    boundary: re.Pattern[str]
    threshold: re.Pattern[str]
    classed: re.Pattern[str]
    classed_alone: re.Pattern[str]
    range: re.Pattern[str]
    pause: re.Pattern[str]
    link: Guarded
    lead: Guarded
    trailing: Guarded
    behind: Guarded
    end: Guarded
    stop: Guarded
    dated: re.Pattern[str]
    footnote: re.Pattern[str]
    rise: re.Pattern[str]
    milestone: re.Pattern[str]
    listed: re.Pattern[str]
    carried: dict[str, re.Pattern[str]]
    intransitive: Endings
    strong: frozenset[str]
    verbs: frozenset[str]
    cuts: frozenset[str]
    light: frozenset[str]
    shares: tuple[tuple[str, tuple[str, ...]], ...]
    coordination: re.Pattern[str]
    lead_end: Guarded
    roles: dict[str, tuple[str, ...]]
    spoken: re.Pattern[str]
    spoken_start: re.Pattern[str]
    digits: dict[str, int]


def _alternation(words: Iterable[str]) -> str:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    # Latin unit symbols end where the letters end: 5GW, not 5G基站.
    return "|".join(
        re.escape(word) + ("(?![A-Za-z])" if word[-1:].isascii() and word[-1:].isalpha() else "")
        for word in ordered
    )


def _pattern(path: Path, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise RuleError(
            f"{path.name}: {error} in {text[:60]!r}; correct the pattern and start again"
        ) from error


def _guarded(rows: Iterable[tuple[str, tuple[str, ...]]], place: int) -> Guarded:
    """Index words by the character at ``place`` (0 first, -1 last), longest first."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for word, unless in rows:
        found.setdefault(word[place], []).append((word, unless))
    return {key: tuple(sorted(words, key=lambda row: (-len(row[0]), row[0]))) for key, words in found.items()}


def _phrases(side: str, place: int) -> Guarded:
    rows = [row for row in tables.read(FOLDER / "phrases.tsv", ("side", "words")) if row["side"] == side]
    return _guarded(((word, row.many("unless")) for row in rows for word in row.many("words")), place)


def _lists(file: str, key: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in tables.read(FOLDER / file, (key, "words")):
        found[row[key]] = (*found.get(row[key], ()), *row.many("words"))
    return found


def _grouped(file: str, key: str) -> dict[str, re.Pattern[str]]:
    path = FOLDER / file
    found: dict[str, list[str]] = {}
    for row in tables.read(path, (key, "pattern")):
        found.setdefault(row[key], []).append(row["pattern"])
    return {name: _pattern(path, "|".join(f"(?:{part})" for part in parts)) for name, parts in found.items()}


@cache
def load() -> Measures:
    """Read and check the tables of this family; the result is shared by the whole process.

    Raises:
        RuleError: a table is missing or a row is wrong.

    """
    units: dict[str, Unit] = {}
    for row in tables.read(FOLDER / "units.tsv", ("unit", "scale", "base", "kind")):
        units[row["unit"]] = Unit(row["base"], Decimal(row["scale"]), row["kind"])
    scale_rows = [
        (row["pattern"], Decimal(row["factor"]))
        for row in tables.read(FOLDER / "scales.tsv", ("pattern", "factor"))
    ]
    scale = "|".join(pattern for pattern, _ in scale_rows)
    hedges = list(tables.read(FOLDER / "hedges.tsv", ("word", "side")))
    sides = {
        side: [row["word"] for row in hedges if row["side"] == side] for side in ("before", "inside", "after")
    }
    context = _grouped("contexts.tsv", "side")
    written = _grouped("writing.tsv", "name")
    name = _alternation(units)
    per = written["per"].pattern
    inside = _alternation(sides["inside"])
    tail = (
        rf"[ \u3000\xa0]?(?P<scale>{scale})?(?P<inside>{inside})?(?P<again>{scale})?[ \u3000\xa0]?"
        rf"(?P<pre>[\uff08(](?:{name})[\uff09)])?(?:(?P<unit>{name})(?P<per>/(?:{name}|{per}))?(?P<or>[\uff08(](?:{name})[\uff09)])?)"
        rf"(?P<hedge>{_alternation(sides['after'])})?"
    )
    path = FOLDER / "writing.tsv"
    digits = {row["word"]: int(row["value"]) for row in tables.read(FOLDER / "digits.tsv", ("word", "value"))}
    carried = {
        row_kind: _pattern(FOLDER / "carries.tsv", f"(?:{compiled.pattern})")
        for row_kind, compiled in _grouped("carries.tsv", "kind").items()
    }
    intransitive = [
        word
        for row in tables.read(FOLDER / "carries.tsv", ("kind", "pattern"))
        for word in (row["pattern"].split("|") if row["kind"] == "intransitive" else ())
    ]
    if not all(map(str.isalnum, intransitive)):
        raise RuleError("carries.tsv: verbs without an object are a list; part them by | and nothing else")
    before = _pattern(path, f"(?:{context['before'].pattern})")
    return Measures(
        number=_pattern(path, written["number"].pattern),
        tail=_pattern(path, tail),
        unnamed=_pattern(path, rf"(?P<scale>{scale})(?P<inside>{inside})?(?:{written['unnamed'].pattern})"),
        shared=_pattern(path, rf"(?P<scale>{scale})?(?:{written['joint'].pattern})"),
        scales={re.split(r"\(", pattern)[0]: factor for pattern, factor in scale_rows},
        units=units,
        before=before,
        before_ends=text_ends(before),
        after=context["after"],
        unit_stop=context["unit"],
        follow=context["follow"],
        duration=context["duration"],
        norm=context["norm"],
        reported=context["reported"],
        hedges=_guarded(((row["word"], row.many("unless")) for row in hedges if row["side"] == "before"), -1),
        bounds={row["word"]: row["bound"] for row in hedges},
        boundary=written["boundary"],
        threshold=written["threshold"],
        classed=written["classed"],
        classed_alone=written["classed_alone"],
        range=written["range"],
        pause=written["pause"],
        link=_phrases("link", 0),
        lead=_phrases("lead", 0),
        trailing=_phrases("tail", -1),
        behind=_phrases("follow", 0),
        end=_phrases("end", -1),
        stop=_phrases("cut", 0),
        dated=written["dated"],
        footnote=written["footnote"],
        rise=written["rise"],
        milestone=written["milestone"],
        listed=written["listed"],
        carried=carried,
        intransitive=Endings(intransitive),
        strong=frozenset(_lists("verbs.tsv", "strength")["strong"]),
        verbs=frozenset(_lists("verbs.tsv", "strength")["strong"] + _lists("verbs.tsv", "strength")["lead"]),
        cuts=frozenset(_lists("verbs.tsv", "strength")["cut"]),
        light=frozenset(_lists("verbs.tsv", "strength")["light"]),
        shares=tuple(
            (row["word"], tuple(row["parts"].split("|")))
            for row in tables.read(FOLDER / "shares.tsv", ("word", "parts"))
        ),
        coordination=written["coordination"],
        lead_end=_phrases("lead", -1),
        roles=_lists("actors.tsv", "role"),
        spoken=written["spoken"],
        spoken_start=_pattern(path, f"[{re.escape(''.join(word[0] for word in digits))}]"),
        digits=digits,
    )
