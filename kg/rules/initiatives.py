"""What initiatives are called: the vocabulary of known ones, head nouns, and what is never one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg import ids
from kg.resources import RULE_DATA
from kg.rules.documents import fold
from kg.rules.matching import Endings, WordFinder, alternation
from kg.rules.needles import hastened
from kg.rules.tables import read

_ALTERNATIVES = frozenset({"compound_verb", "compound_head"})  # patterns of very many alternatives


@dataclass(frozen=True, slots=True)
class KnownInitiative:
    """An initiative of the vocabulary."""

    name: str
    labels: tuple[str, ...]
    type: str
    parent: str
    document: str


@dataclass(frozen=True, slots=True)
class InitiativeRules:
    """All that is known of initiatives. Keys of ``known`` are folded (see :func:`fold`).

    ``parts`` has the parts of numbered programmes (三项制度) by the name of these, ``parents`` the identity
    of the programme by that of the part.
    """

    known: dict[str, KnownInitiative]
    bare: WordFinder
    heads: tuple[tuple[str, str, bool], ...]
    never: frozenset[str]
    parts: dict[str, tuple[KnownInitiative, ...]]
    parents: dict[str, str]
    head_words: Endings
    any_head: re.Pattern[str]
    by_head: dict[str, tuple[str, str, bool]]
    patterns: dict[str, re.Pattern[str]]

    def head_of(self, name: str) -> tuple[str, str, bool] | None:
        """Return the (word, type, is strong) of the head noun that ends ``name``."""
        return self.by_head.get(self.head_words.longest(name))


@cache
def load() -> InitiativeRules:
    """Load and check the tables of ``kg/rules/data/initiatives``."""
    folder = RULE_DATA / "initiatives"
    known: dict[str, KnownInitiative] = {}
    bare: set[str] = set()
    for row in read(folder / "vocabulary.tsv", ("name", "type")):
        entry = KnownInitiative(
            row["name"], row.many("alias"), row["type"], row.get("parent"), row.get("document")
        )
        for label in (entry.name, *entry.labels, *row.many("quoted")):
            known.setdefault(fold(label), entry)
        if row.get("bare") == "yes":
            bare.update((entry.name, *entry.labels))
    heads = sorted(
        (
            (row["word"], row["type"], row.get("strength") == "strong")
            for row in read(folder / "heads.tsv", ("word", "type"))
        ),
        key=lambda item: (-len(item[0]), item[0]),
    )
    never = frozenset(fold(row["text"]) for row in read(folder / "not_initiatives.tsv", ("text",)))
    patterns = {
        row["name"]: (hastened if row["name"] in _ALTERNATIVES else re.compile)(row["pattern"])
        for row in read(folder / "patterns.tsv", ("name", "pattern", "example"))
    }
    parts: dict[str, list[KnownInitiative]] = {}
    for entry in {entry.name: entry for entry in known.values()}.values():
        if entry.parent and patterns["numbered"].search(entry.parent):
            parts.setdefault(entry.parent, []).append(entry)
    return InitiativeRules(
        known,
        WordFinder(bare),
        tuple(heads),
        never,
        {name: tuple(group) for name, group in parts.items()},
        {
            ids.initiative(entry.name): ids.initiative(name)
            for name, group in parts.items()
            for entry in group
        },
        Endings(word for word, _, _ in heads),
        alternation(word for word, _, _ in heads),
        {head[0]: head for head in reversed(heads)},
        patterns,
    )
