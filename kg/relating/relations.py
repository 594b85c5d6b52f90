"""Sentences -> Facts: the one place that knows which families of relations are read, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.relating import bodies, citations, deeds
from kg.relating.clauses import Statement, subjects
from kg.relating.speaker import Ledger, Speaker
from kg.rules.relations import RelationRules


def relate(
    text: str,
    statements: Sequence[Statement],
    speaker: Speaker,
    rules: RelationRules,
    titled: Mapping[str, tuple[str, ...]],
    national: frozenset[str],
) -> Ledger:
    """Return the facts that the sentences state, each with the sentences that state it.

    ``titled`` has the issuers that titles of documents name, ``national`` the documents of the national list.

    Sentences that name what goes wrong (mode ``problem``) state nothing that was done.
    """
    ledger = Ledger()
    before: Statement | None = None
    last: tuple[str, ...] = ()
    for statement in statements:
        if statement.segment.kind == "title" or not statement.segment.clauses:
            continue
        if statement.segment.mode == "problem":
            continue
        carried = last if before and before.segment.paragraph == statement.segment.paragraph else ()
        if speaker.demands and statement.segment.mode == "done" and not _past(text, statement, rules):
            statement = replace(statement, segment=replace(statement.segment, mode="planned"))  # noqa: PLW2901
        actors = subjects(text, statement, rules, carried, speaker.actors if speaker.demands else ())
        before, last = statement, actors[-1]
        if not statement.named:
            continue  # a relation joins things that are named
        citations.read(text, statement, actors, speaker, ledger, rules, titled, national)
        deeds.read(text, statement, actors, speaker, ledger, rules)
        bodies.read(text, statement, actors, speaker, ledger, rules)
    return ledger


def _past(text: str, statement: Statement, rules: RelationRules) -> bool:
    """Say whether a norm tells of a dated deed or of its own enactment: done, not demanded."""
    start, end = statement.segment.start, statement.segment.end
    return bool(
        rules.patterns["past_date"].match(text, start, end)
        or rules.patterns["enacted"].search(text, start, end)
    )
