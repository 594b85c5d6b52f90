"""Loads the concepts that classify things: kinds of bodies, documents, places, units."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg import ids
from kg.resources import ontology_folder
from kg.rules import tables

TABLE = "concepts.tsv"


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of one of the project's SKOS schemes.

    ``notation`` is the last part of its identity, ``symbol`` its skos:notation where that differs ("%").
    ``match`` tells which words stand for it; what the build selects by are the tables of each kind of thing.
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
