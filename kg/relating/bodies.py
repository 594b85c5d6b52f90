"""Relations between bodies: established, workedWith, reportedTo."""

from __future__ import annotations

from itertools import pairwise

from kg.model import Kind, Span
from kg.relating.clauses import Named, Statement
from kg.relating.speaker import Ledger, Speaker
from kg.rules.relations import RelationRules


def read(  # noqa: PLR0913 - every family of relations is read from the same six things
    text: str,
    statement: Statement,
    actors: list[tuple[str, ...]],
    speaker: Speaker,
    ledger: Ledger,
    rules: RelationRules,
) -> None:
    """Add what a sentence says bodies do with each other."""
    segment = statement.segment
    passage = Span(segment.start, segment.end)
    planned = segment.mode == "planned"
    for index, clause in enumerate(segment.clauses):
        inside = statement.inside(clause, Kind.INSTITUTION)
        if not inside:
            continue
        own = [item for item in inside if item.entity in actors[index]]
        first = min((item.end for item in own), default=clause.start)
        for item in inside:
            before, after = text[clause.start : item.start], text[item.end : clause.end]
            if _established(before, after, item, rules):
                for actor in speaker.of(tuple(a for a in actors[index] if a != item.entity)):
                    ledger.add(actor, "established", item.entity, passage, "established.verb", planned=planned)
                continue
            if rules.patterns["below"].search(before[-4:]) or (
                item.rule == "institution.coordinated" and rules.patterns["below"].search(before + text[item.start : item.start + 2])
            ):
                whole = _before(statement, item)
                ledger.add(item.entity, "partOf", whole, passage, "part-of.verb", planned=planned)
                continue
            if item.entity in actors[index]:
                continue
            if _reported(before, after, rules):
                for actor in speaker.of(actors[index]):
                    ledger.add(actor, "reportedTo", item.entity, passage, "reported.to", planned=planned)
            elif _worked(text, clause, inside, item, first, rules):
                for actor in speaker.bodies(actors[index]):
                    _pair(ledger, actor, item.entity, passage, "worked.verb", planned)
        previous = actors[index - 1] if index else ()
        if own and previous and rules.patterns["helper"].match(text[own[-1].end : clause.end]):
            for leader in speaker.bodies(previous):
                for item in own:
                    _pair(ledger, leader, item.entity, passage, "worked.helper", planned)
        if len(own) > 1 and _together(text, clause, own, rules):
            for left, right in _pairs(text, own, rules):
                _pair(ledger, left, right, passage, "worked.joint", planned)


def _before(statement: Statement, item: Named) -> str:
    """Return the body named last before an item of a sentence, "" if there is none."""
    return next(
        (o.entity for o in reversed(statement.named) if o.kind == Kind.INSTITUTION and o.end <= item.start), ""
    )


def _pair(ledger: Ledger, left: str, right: str, passage: Span, rule: str, planned: bool) -> None:
    """Add workedWith once for a pair: it has no direction, so the smaller id comes first."""
    first, second = sorted((left, right))
    ledger.add(first, "workedWith", second, passage, rule, planned=planned)


def _together(text: str, clause: Span, own: list[Named], rules: RelationRules) -> bool:
    """Say whether coordinated subjects act together: 甲、乙联合…, or 甲与乙 before a verb of joint work."""
    rest = text[own[-1].end : clause.end]
    if rules.patterns["joint"].search(rest):
        return True
    joined = any(rules.patterns["with"].search(text[a.end : b.start]) for a, b in pairwise(own))
    return joined and bool(rules.patterns["together"].search(rest))


def _pairs(text: str, own: list[Named], rules: RelationRules) -> list[tuple[str, str]]:
    """Return who works with whom: all with all, but of 甲与乙、丙 not 乙 with 丙."""
    divide = next(
        (i for i, (a, b) in enumerate(pairwise(own)) if rules.patterns["with"].search(text[a.end : b.start])), len(own)
    )
    return [
        (left.entity, right.entity)
        for i, left in enumerate(own)
        for right in own[i + 1 :]
        if i <= divide and left.entity != right.entity
    ]


def _established(before: str, after: str, item: Named, rules: RelationRules) -> bool:
    if item.rule == "institution.founded":
        return bool(rules.patterns["founding"].search(before))
    verb = rules.named("established.verb")
    match = None
    for match in verb.pattern.finditer(before):
        pass
    ends = rules.patterns["established_end"].match(after)
    if match and ends and rules.patterns["establish_gap"].match(before[match.end() :]):
        return True
    if rules.patterns["place_of"].search(before):
        return False  # 在某公司挂牌成立某站: the body is where, not what
    return bool(rules.named("established.after").pattern.search(after))


def _reported(before: str, after: str, rules: RelationRules) -> bool:
    return bool(
        rules.named("reported.to").pattern.search(before) and rules.named("reported.verb").pattern.search(after)
    )


def _worked(  # noqa: PLR0913, PLR0917
    text: str, clause: Span, inside: tuple[Named, ...], item: Named, first: int, rules: RelationRules
) -> bool:
    """Say whether a verb of working together governs the body, directly or through a list it stands in."""
    start = item.start
    for other in reversed([o for o in inside if o.end <= item.start and o.start >= first]):
        if rules.patterns["also"].match(text[other.end : start]) and text[other.end : start]:
            start = other.start
    before = text[max(clause.start, first) : start]
    match = rules.named("worked.verb").pattern.search(before)
    if not match:
        return False
    if rules.patterns["with_only"].match(match.group()):
        return bool(rules.patterns["together"].search(text[item.end : clause.end]))
    return True
