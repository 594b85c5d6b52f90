"""Loads the concepts that classify things (kinds of bodies, documents, places, units); picks one by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg import ids
from kg.resources import ontology_folder
from kg.rules import tables

TABLE = "concepts.tsv"
WHOLE_WORD_SCHEMES = frozenset({"unit"})
"""Schemes in which a word selects a concept only as the whole text: 3件次 is not counted in 次."""

_GAP = "\u2026"  # … in a word of the table: anything between a beginning and an end
_TAIL = re.compile(r"\s*[(\uff08\[\u3014][^()\uff08\uff09\[\]\u3014\u3015]*[)\uff09\]\u3015]$")


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of one of the project's SKOS schemes.

    ``notation`` is the last part of its identity, ``symbol`` its skos:notation where that differs ("%").
    """

    scheme: str
    notation: str
    zh: str
    en: str
    broader: str = ""
    match: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()
    symbol: str = ""
    mark: str = ""
    exact: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Identity below the base of things (``concept/document-type/notice``)."""
        return ids.concept(self.scheme, self.notation)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A concept scheme: the last part of its identity, labels and definitions."""

    name: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str


def schemes() -> tuple[Scheme, ...]:
    """Return the concept schemes, in the order of their table."""
    columns = ("scheme", "zh", "en", "definition_zh", "definition_en")
    table = tables.read(ontology_folder() / "schemes.tsv", columns)
    return tuple(Scheme(*(row[column] for column in columns)) for row in table)


def load(path: Path | None = None) -> tuple[Concept, ...]:
    """Read the table of concepts, in its order.

    Raises:
        RuleError: a notation, label or word is given twice in one scheme, or a broader concept does not
            stand above its narrower one.

    """
    found: list[Concept] = []
    taken: dict[tuple[str, str, str], str] = {}
    for row in tables.read(path or ontology_folder() / TABLE, ("scheme", "notation", "zh", "en")):
        concept = Concept(
            row["scheme"],
            row["notation"],
            row["zh"],
            row["en"],
            row.get("broader"),
            row.many("match"),
            row.many("alt"),
            row.get("symbol"),
            row.get("mark"),
            row.many("exact"),
        )
        if concept.broader and ("id", concept.scheme, concept.broader) not in taken:
            raise row.error(f"no broader concept {concept.broader!r} above it")
        keys = [("id", concept.notation), ("zh", concept.zh), ("en", concept.en)]
        for kind, word in keys + [("word", word) for word in concept.match]:
            key = (kind, concept.scheme, word)
            if key in taken:
                raise row.error(f"{word!r} already belongs to {taken[key]!r}")
            taken[key] = concept.notation
        found.append(concept)
    return tuple(found)


class Concepts:
    """The concepts of all schemes, with the words that select them."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.all = tuple(concepts)
        self._by_notation = {(concept.scheme, concept.notation): concept for concept in self.all}
        self._words: dict[str, dict[str, list[tuple[str, str, Concept]]]] = {}
        for concept in self.all:
            for word in concept.match:
                start, _, end = word.rpartition(_GAP)
                # Filed under the last character, so that one lookup leaves a handful of words to compare.
                by_last = self._words.setdefault(concept.scheme, {})
                by_last.setdefault(end[-1], []).append((start, end, concept))
        for by_last in self._words.values():
            for candidates in by_last.values():
                candidates.sort(key=lambda item: (-len(item[0]) - len(item[1]), item[0], item[1]))

    def get(self, scheme: str, notation: str) -> Concept | None:
        """Return the concept with this notation, if there is one."""
        return self._by_notation.get((scheme, notation))

    def select(self, scheme: str, text: str) -> Concept | None:
        """Return the concept that a name belongs to by its longest fitting word, or None.

        A bracket at the end (（试行）, （2021—2025年）) is passed over.

        >>> concepts = default()
        >>> concepts.select("document-type", "河源市法治政府建设实施方案（2021—2025年）").notation
        'implementation-scheme'
        >>> concepts.select("institution-type", "中共河源市委员会").notation
        'party-committee'
        >>> concepts.select("unit", "％").id
        'concept/unit/percent'
        """
        text = text.strip()
        if scheme in WHOLE_WORD_SCHEMES:
            return self._longest(scheme, text, whole=True)
        return self._longest(scheme, text) or self._longest(scheme, _TAIL.sub("", text))

    def _longest(self, scheme: str, text: str, whole: bool = False) -> Concept | None:
        for start, end, concept in self._words.get(scheme, {}).get(text[-1:], ()):
            if whole:
                if text == end:
                    return concept
            elif text.endswith(end) and start in text[: len(text) - len(end)]:
                return concept
        return None


@lru_cache(maxsize=1)
def default() -> Concepts:
    """Return the concepts that ship with the package, read once."""
    return Concepts(load())


def unit_notation(unit: str) -> str:
    """Return the notation under which a unit of the text is kept: its concept's, or else the unit itself.

    >>> unit_notation("%"), unit_notation("㎡"), unit_notation("盏")
    ('percent', '平方米', '盏')
    """
    concept = default().select("unit", unit)
    return concept.notation if concept else unit.strip()
