"""What honours are called, and the verbs that say one was won."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.resources import RULE_DATA
from kg.rules.documents import fold
from kg.rules.matching import WordFinder, alternation
from kg.rules.needles import hastened
from kg.rules.tables import read

_SHORTEST_NAMED = 7  # characters: shorter names (文明城市) are goals as often as titles


@dataclass(frozen=True, slots=True)
class KnownHonour:
    """An honour of the national list."""

    name: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HonourRules:
    """All that is known of honours. Keys of ``known`` are folded."""

    known: dict[str, KnownHonour]
    trigger: re.Pattern[str]
    heads: tuple[str, ...]
    any_head: re.Pattern[str]
    leading: tuple[str, ...]
    names: WordFinder
    patterns: dict[str, re.Pattern[str]]


@cache
def load() -> HonourRules:
    """Load and check the tables of ``kg/rules/data/honours``."""
    folder = RULE_DATA / "honours"
    known: dict[str, KnownHonour] = {}
    for row in read(folder / "named.tsv", ("name",)):
        entry = KnownHonour(row["name"], row.many("alias"))
        for label in (entry.name, *entry.labels):
            known.setdefault(fold(label), entry)
    triggers = sorted(
        {row["word"] for row in read(folder / "triggers.tsv", ("word",))}, key=lambda w: (-len(w), w)
    )
    heads = sorted(
        {row["word"] for row in read(folder / "honours.tsv", ("word",))}, key=lambda w: (-len(w), w)
    )
    patterns = {
        row["name"]: re.compile(row["pattern"])
        for row in read(folder / "patterns.tsv", ("name", "pattern", "example"))
    }
    names = WordFinder(
        label
        for entry in known.values()
        for label in (entry.name, *entry.labels)
        if len(label) >= _SHORTEST_NAMED
    )
    trigger = "|".join([*map(re.escape, triggers), patterns["passive"].pattern])
    leading = tuple(head for head in heads if patterns["leading"].match(head))
    return HonourRules(known, hastened(trigger), tuple(heads), alternation(heads), leading, names, patterns)
