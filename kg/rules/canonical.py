"""Loads the measures: one name for what the phrases of many documents count, found by phrase and unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from kg.rules import measures, tables
from kg.rules.matching import OverlapFinder
from kg.rules.needles import needles

SCHEME = "measure"
"""The concept scheme of measures, apart from ``indicator``, whose concepts are the documents' own phrases."""

_NONE = "-"  # the notation of rows that say a phrase has no measure
_ASIDE = re.compile("[\\s\u2018\u2019\u201c\u201d\"'\u300a\u300b]+")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that many documents count, each in its own words; ``broader`` is a notation or ""."""

    notation: str
    zh: str
    en: str
    broader: str


@dataclass(frozen=True, slots=True)
class _Rule:
    notation: str
    kinds: frozenset[str]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    bit: int


class _Candidates:
    """Tells by one pass over a phrase which rules can find something in it: a bit for each."""

    def __init__(self, rules: Iterable[_Rule]) -> None:
        found: dict[str, int] = {}
        self._always = 0
        for rule in rules:
            words = needles(rule.pattern)
            if words is None:
                self._always |= rule.bit
            for word in words or ():
                found[word] = found.get(word, 0) | rule.bit
        self._finder = OverlapFinder(found)
        self._bits = [found[word] for word in self._finder.words]

    def within(self, text: str) -> int:
        seen = self._always
        for index, _, _ in self._finder.find(text):
            seen |= self._bits[index]
        return seen


@dataclass(frozen=True, slots=True)
class Canonical:
    """The measures by notation, and the rules that find one, by kind of unit, in the order of trying them."""

    measures: Mapping[str, Measure]
    _rules: Mapping[str, tuple[_Rule, ...]]
    _kinds: Mapping[str, str]
    _candidates: _Candidates

    def find(self, phrase: str, unit: str) -> str:
        """Return the notation of the measure that a phrase with this unit is a case of, "" for none.

        A pure function of its arguments, so that every document says the same of the same phrase.

        >>> load().find("办结行政复议案件", "件"), load().find("行政复议案件同比增长", "件")
        ('review-closed', '')
        """
        kind = self._kinds.get(unit, "") if unit else "count"
        text = _ASIDE.sub("", phrase)
        candidates = self._candidates.within(text)
        for rule in self._rules.get(kind, ()):
            if candidates & rule.bit and rule.pattern.search(text):
                if rule.unless and rule.unless.search(text):
                    continue
                return "" if rule.notation == _NONE else rule.notation
        return ""

    def lineage(self, notation: str) -> tuple[str, ...]:
        """Return a measure and all above it, nearest first.

        >>> load().lineage("review-closed")
        ('review-closed', 'administrative-review')
        """
        above = self.measures[notation].broader
        return (notation, *self.lineage(above)) if above else (notation,)


@cache
def load() -> Canonical:
    """Read and check the table of measures; the result is shared by the whole process.

    Raises:
        RuleError: the table is missing, or a row has a notation that is taken, a broader measure that is not
            above it, a kind of unit that does not exist or a pattern that is none.

    """
    units = {unit.base: unit.kind for unit in measures.load().units.values()}
    known = frozenset(units.values())
    found: dict[str, Measure] = {}
    rules: list[_Rule] = []
    for row in tables.read(measures.FOLDER / "concepts.tsv", ("notation", "zh", "en")):
        notation, broader = row["notation"], row["broader"]
        if notation != _NONE:
            if notation in found:
                raise row.error(f"the notation {notation!r} is taken")
            if broader and broader not in found:
                raise row.error(f"no measure {broader!r} above this row")
            found[notation] = Measure(notation, row["zh"], row["en"], broader)
        if row["phrase"]:
            rules.append(_rule(row, known, 1 << len(rules)))
    by_kind = {kind: tuple(rule for rule in rules if kind in rule.kinds) for kind in known}
    return Canonical(found, by_kind, units, _Candidates(rules))


def _rule(row: tables.Row, known: frozenset[str], bit: int) -> _Rule:
    kinds = frozenset(row.many("kinds"))
    if not kinds or kinds - known:
        raise row.error(f"kinds of units {sorted(kinds - known) or 'missing'}, known are {sorted(known)}")
    try:
        unless = re.compile(row["unless"]) if row["unless"] else None
        return _Rule(row["notation"], kinds, re.compile(row["phrase"]), unless, bit)
    except re.error as error:
        raise row.error(f"pattern {error}") from error
