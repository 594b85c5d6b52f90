"""What relations are read from: a sentence with the things it names and the actor of each of its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Kind, Segment, Span
from kg.rules.relations import RelationRules

_ACTORS = (Kind.INSTITUTION, Kind.JURISDICTION)


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as a sentence names it: its entity, and how it was recognised."""

    start: int
    end: int
    kind: Kind
    entity: str
    rule: str
    trigger: int = -1


@dataclass(frozen=True, slots=True)
class Statement:
    """A segment with what it names, in text order."""

    segment: Segment
    named: tuple[Named, ...]

    def inside(self, clause: Span, kind: Kind) -> tuple[Named, ...]:
        """Return the things of one kind named in a clause."""
        return tuple(
            item
            for item in self.named
            if item.kind == kind and clause.start <= item.start and item.end <= clause.end
        )


def subjects(
    text: str,
    statement: Statement,
    rules: RelationRules,
    carried: tuple[str, ...] = (),
    speaker: tuple[str, ...] = (),
) -> list[tuple[str, ...]]:
    """Return the explicit actors of each clause of a sentence, () where none is named yet.

    A subject holds on until another clause of the sentence has its own; a generic subject (各部门) ends it.
    ``carried`` is the last sentence's subject, which a sentence that opens with 同时 or 并 keeps; ``speaker``
    is whom 我局 and 我部 mean.
    """
    current: tuple[str, ...] = ()
    if carried:
        opening = text[statement.segment.start : statement.segment.end]
        current = carried if rules.patterns["keeps_subject"].match(opening) else ()
    actors = [item for item in statement.named if item.kind in _ACTORS]
    if not (actors or current or speaker):  # most sentences
        return [()] * len(statement.segment.clauses)
    result: list[tuple[str, ...]] = []
    for clause in statement.segment.clauses:
        own = _subject(text, actors, clause, rules)
        if own:
            current = own
        elif speaker and rules.patterns["own_office"].search(text[clause.start : clause.end]):
            current = speaker
        elif current and rules.patterns["generic_subject"].search(text[clause.start : clause.end]):
            current = ()
        result.append(current)
    return result


def _subject(text: str, actors: Sequence[Named], clause: Span, rules: RelationRules) -> tuple[str, ...]:
    found: list[Named] = []
    for item in actors:
        if item.start < clause.start or item.end > clause.end:
            continue
        if rules.patterns["ranking"].match(text, item.start):
            continue
        before = text[clause.start : item.start] if not found else text[found[-1].end : item.start]
        if not found:
            if not rules.patterns["lead_in"].match(before):
                return ()
        elif not rules.patterns["also"].match(before) and item.start != found[-1].start:
            break
        found.append(item)
    if not found or not _followed_by_action(text, found[-1].end, clause, rules):
        return ()
    return tuple(dict.fromkeys(item.entity for item in found))


def _followed_by_action(text: str, at: int, clause: Span, rules: RelationRules) -> bool:
    """Say whether what follows a name lets it be the subject: not 的…, not the end of the clause."""
    rest = text[at : clause.end]
    return bool(rest) and not rules.patterns["attributive"].match(rest)


def clause_at(segment: Segment, offset: int) -> int:
    """Return the index of the clause that holds ``offset`` (the last one before it if none does)."""
    for index, clause in enumerate(segment.clauses):
        if offset < clause.end:
            return index
    return len(segment.clauses) - 1


def fails(text: str, item: Named, clause: Span, rules: RelationRules) -> bool:
    """Say whether the rest of the clause says that what is named went wrong (落实不到位)."""
    return bool(rules.patterns["negated"].search(text, item.end, clause.end))


def chain_before(text: str, items: Sequence[Named], at: int, rules: RelationRules) -> list[Named]:
    """Return the names that run on to ``at`` without other words between (中共中央、国务院《…》)."""
    found: list[Named] = []
    for item in reversed(items):
        if item.end <= at and rules.patterns["issuers_gap"].match(text[item.end : at]):
            found.append(item)
            at = item.start
    return found[::-1]
