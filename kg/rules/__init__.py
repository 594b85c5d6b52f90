"""Loads the knowledge that lives in files: tables, patterns, vocabularies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache

from kg.resources import RULE_DATA, ontology_folder
from kg.rules import documents, honours, initiatives, institutions, places, relations, structure
from kg.rules.watching import WATCHED, Wanted, Watch


@dataclass(frozen=True, slots=True)
class Rules:
    """All rule data, loaded and checked."""

    structure: structure.StructureRules
    places: places.PlaceRules
    institutions: institutions.InstitutionRules
    documents: documents.DocumentRules
    initiatives: initiatives.InitiativeRules
    honours: honours.HonourRules
    relations: relations.RelationRules
    watch: Watch


@cache
def load() -> Rules:
    """Load every table once.

    Raises:
        RuleError: a table is wrong; the message names file and line.

    """
    loaded = Rules(
        structure.load(),
        places.load(),
        institutions.load(),
        documents.load(),
        initiatives.load(),
        honours.load(),
        relations.load(),
        Watch({}),
    )
    return replace(loaded, watch=Watch({name: _watched(loaded, name) for name in WATCHED}))


def _watched(rules: Rules, name: str) -> list[Wanted]:
    """Return the patterns and lists of words behind a name of what is watched (``documents.articles``)."""
    family, _, own = name.partition(".")
    if name == "institutions.pairs":
        return [pattern for pattern, _ in rules.institutions.pairs]
    found: Wanted = getattr(rules, family).patterns.get(own) or getattr(getattr(rules, family), own)
    return [found]


@cache
def digest() -> str:
    """Return the SHA-256 of all rule data and divisions: what a reading depends on besides the text."""
    total = hashlib.sha256()
    for folder in (RULE_DATA, ontology_folder()):
        for path in sorted(folder.rglob("*.tsv")):
            total.update(path.name.encode())
            total.update(path.read_bytes())
    return total.hexdigest()
