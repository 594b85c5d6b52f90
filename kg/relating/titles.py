"""What titles say by themselves: who issued, what it rests on, what it sets out; and what is part of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.model import Entity, Kind, Span
from kg.relating.clauses import Statement
from kg.relating.speaker import Ledger
from kg.rules.documents import fold
from kg.rules.relations import RelationRules

_SHORTEST_NAME = 4  # characters: a shorter label of an initiative inside a title is an ordinary word


def read_titles(
    statements: Sequence[Statement],
    titles: Mapping[tuple[int, int], tuple[str, str]],
    issuers: Mapping[str, tuple[str, ...]],
    entities: Mapping[str, Entity],
    ledger: Ledger,
    rules: RelationRules,
) -> None:
    """Add issued, basedOn and specifies as titles say them.

    Args:
        statements: the sentences.
        titles: the title text and rule of each document mention, by its span.
        issuers: the bodies that a document's title names as its issuers, by document.
        entities: all entities of the document.
        ledger: receives the facts.
        rules: the wordings.

    """
    names = [
        (folded, entity.id)
        for entity in entities.values()
        if entity.kind == Kind.INITIATIVE
        for label in dict.fromkeys((entity.name, *entity.labels))
        if len(folded := fold(label)) >= _SHORTEST_NAME
    ]
    for statement in statements:
        passage = Span(statement.segment.start, statement.segment.end)
        planned = statement.segment.mode == "planned"
        documents = [item for item in statement.named if item.kind == Kind.POLICY_DOCUMENT]
        for item in documents:
            title, _ = titles.get((item.start, item.end), ("", ""))
            for issuer in issuers.get(item.entity, ()):
                ledger.add(issuer, "issued", item.entity, passage, "issued.title", planned=planned)
            inner = [o for o in documents if o is not item and item.start < o.start and o.end <= item.end]
            for other in inner:
                if rules.patterns["title_basis"].search(title):
                    ledger.add(
                        item.entity, "basedOn", other.entity, passage, "based-on.title", planned=planned
                    )
            for other in inner:
                for name, predicate in (("title_amends", "amends"), ("title_repeals", "repeals")):
                    if rules.patterns[name].search(title):
                        ledger.add(
                            item.entity,
                            predicate,
                            other.entity,
                            passage,
                            f"{predicate}.title",
                            planned=planned,
                        )
            folded = fold(title)
            for label, initiative in names:
                if label in folded:
                    ledger.add(
                        item.entity, "specifies", initiative, passage, "specifies.title", planned=planned
                    )


def read_parts(statements: Sequence[Statement], parents: Mapping[str, str], ledger: Ledger) -> None:
    """Add partOf between initiatives where the vocabulary knows it and the text names both in one section."""
    seen: dict[str, set[str]] = {}
    for statement in statements:
        if statement.segment.mode == "problem":
            continue
        scope = "/".join(statement.segment.section.split("/")[:3])
        here = seen.setdefault(scope, set())
        for item in statement.named:
            if item.kind == Kind.INITIATIVE:
                here.add(item.entity)
        for item in statement.named:
            parent = parents.get(item.entity)
            if parent and parent in here and parent != item.entity:
                passage = Span(statement.segment.start, statement.segment.end)
                ledger.add(
                    item.entity,
                    "partOf",
                    parent,
                    passage,
                    "part-of.vocabulary",
                    planned=statement.segment.mode == "planned",
                )


def read_offices(statements: Sequence[Statement], wholes: Mapping[str, str], ledger: Ledger) -> None:
    """Add partOf between bodies where a name says it (…委员会办公室) and the text names the whole too."""
    named = {item.entity for statement in statements for item in statement.named}
    for statement in statements:
        passage = Span(statement.segment.start, statement.segment.end)
        for item in statement.named:
            whole = wholes.get(item.entity, "")
            if whole in named:
                ledger.add(item.entity, "partOf", whole, passage, "part-of.name", planned=False)
