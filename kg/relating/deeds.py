"""Relations to initiatives and honours: carriedOut, received."""

from __future__ import annotations

from kg.model import Kind, Span
from kg.relating.clauses import Named, Statement, clause_at, fails
from kg.relating.speaker import Ledger, Speaker
from kg.rules.relations import RelationRules


def read(
    text: str,
    statement: Statement,
    actors: list[tuple[str, ...]],
    speaker: Speaker,
    ledger: Ledger,
    rules: RelationRules,
) -> None:
    """Add who carries out the initiatives and who won the honours that a sentence names."""
    segment = statement.segment
    passage = Span(segment.start, segment.end)
    planned = segment.mode == "planned"
    verb = rules.named("carried.verb")
    for item in statement.named:
        index = clause_at(segment, item.start)
        clause = segment.clauses[index]
        if item.kind == Kind.INITIATIVE and not fails(text, item, clause, rules):
            rule = verb.id if verb.pattern.search(text[clause.start : item.start]) else "carried.context"
            for actor in speaker.of(actors[index]):
                ledger.add(actor, "carriedOut", item.entity, passage, rule, planned=planned)
        elif item.kind == Kind.HONOUR and item.trigger >= 0:
            recipients, conferrers = _recipients(text, statement, item, clause, speaker, rules)
            hoped = planned or bool(rules.patterns["aspiring"].match(text, item.trigger))
            for recipient in recipients:
                ledger.add(recipient, "received", item.entity, passage, "received.verb", planned=hoped)
            for conferrer in conferrers:
                ledger.add(
                    item.entity, "conferredBy", conferrer, passage, "conferred.passive", planned=planned
                )


def _recipients(
    text: str, statement: Statement, item: Named, clause: Span, speaker: Speaker, rules: RelationRules
) -> tuple[list[str], list[str]]:
    """Return who won an honour and who conferred it.

    The winner is named right before the verb, the speaker where nothing stands there; 被 makes the body after
    it the conferrer. Words before the verb that are neither name nor adverb are a winner that is no entity, a
    person for instance.
    """
    before = [
        other
        for other in statement.named
        if other.kind in (Kind.INSTITUTION, Kind.JURISDICTION)
        and clause.start <= other.start
        and other.end <= item.trigger
    ]
    verb = item.trigger
    first = next(
        (i for i, o in enumerate(before) if rules.patterns["agent"].search(text[clause.start : o.start])), -1
    )
    agents = before[first:] if first >= 0 else []
    if agents:
        verb = agents[0].start - 1
        before = before[:first]
    conferrers = [other.entity for other in agents if other.kind == Kind.INSTITUTION]
    gap = text[before[-1].end if before else clause.start : verb]
    if not rules.patterns["honour_gap"].match(gap):
        return [], conferrers
    if before:
        return _coordinated(text, before, rules), conferrers
    return ([speaker.jurisdiction] if speaker.jurisdiction else []), conferrers


def _coordinated(text: str, named: list[Named], rules: RelationRules) -> list[str]:
    """Return the last name and those joined to it by 、 and 和 (甲县、乙县入选…)."""
    found = [named[-1]]
    for other in reversed(named[:-1]):
        if not rules.patterns["joined_names"].fullmatch(text[other.end : found[-1].start]):
            break
        found.append(other)
    return [other.entity for other in reversed(found)]
