"""Sentences -> Facts: the one place that knows which families of relations are read, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Fact
from kg.relating import bodies, citations, deeds
from kg.relating.clauses import Statement, subjects
from kg.relating.speaker import Ledger, Speaker
from kg.rules.relations import RelationRules


def relate(
    text: str, statements: Sequence[Statement], speaker: Speaker, rules: RelationRules
) -> tuple[Fact, ...]:
    """Return the facts that the sentences state, each with the sentences that state it.

    Sentences that name what goes wrong (mode ``problem``) state nothing that was done.
    """
    ledger = Ledger()
    for statement in statements:
        if statement.segment.kind == "title" or not statement.segment.clauses:
            continue
        if statement.segment.mode == "problem":
            continue
        actors = subjects(text, statement, rules)
        citations.read(text, statement, actors, speaker, ledger, rules)
        deeds.read(text, statement, actors, speaker, ledger, rules)
        bodies.read(text, statement, actors, speaker, ledger, rules)
    return tuple(ledger.facts.values())
