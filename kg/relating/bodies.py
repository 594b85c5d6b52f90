"""Relations between bodies: established, workedWith, reportedTo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.model import Kind, Span
from kg.relating.clauses import Named, Statement
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
    """Add what a sentence says bodies do with each other."""
    if not any(item.kind == Kind.INSTITUTION for item in statement.named):
        return
    for index, clause in enumerate(statement.segment.clauses):
        inside = statement.inside(clause, Kind.INSTITUTION)
        if not inside:
            continue
        scene = _Scene(text, statement, clause, inside, actors[index], rules)
        for item in inside:
            for fact in _stated(scene, item, speaker):
                scene.add(ledger, *fact)
        own = scene.own
        previous = actors[index - 1] if index else ()
        if own and previous and rules.patterns["helper"].match(text[own[-1].end : clause.end]):
            for leader in speaker.bodies(previous):
                for item in own:
                    scene.add(ledger, *_pair(leader, item.entity), "worked.helper")
        if len(own) > 1 and _together(text, clause, own, rules):
            for left, right in _pairs(text, own, rules):
                scene.add(ledger, *_pair(left, right), "worked.joint")


@dataclass(frozen=True, slots=True)
class _Scene:
    """One clause with the bodies it names and its actors."""

    text: str
    statement: Statement
    clause: Span
    inside: tuple[Named, ...]
    actors: tuple[str, ...]
    rules: RelationRules

    @property
    def own(self) -> list[Named]:
        """The bodies that are the clause's own subject."""
        return [item for item in self.inside if item.entity in self.actors]

    def add(self, ledger: Ledger, subject: str, predicate: str, obj: str, rule: str) -> None:
        """Add a fact that this clause states."""
        segment = self.statement.segment
        span = Span(segment.start, segment.end)
        ledger.add(subject, predicate, obj, span, rule, planned=segment.mode == "planned")


def _stated(scene: _Scene, item: Named, speaker: Speaker) -> Iterator[tuple[str, str, str, str]]:
    """Yield (subject, predicate, object, rule) of what a clause says of one body in it."""
    before = scene.text[scene.clause.start : item.start]
    after = scene.text[item.end : scene.clause.end]
    if _established(before, after, item, scene.rules):
        for actor in speaker.of(tuple(a for a in scene.actors if a != item.entity)):
            yield actor, "established", item.entity, "established.verb"
    elif _below(scene, before, item):
        yield item.entity, "partOf", _before(scene.statement, item), "part-of.verb"
    elif item.entity in scene.actors:
        return
    elif _reported(before, after, scene.rules):
        for actor in speaker.of(scene.actors):
            yield actor, "reportedTo", item.entity, "reported.to"
    elif _worked(scene, item):
        for actor in speaker.bodies(scene.actors):
            yield *_pair(actor, item.entity), "worked.verb"


def _below(scene: _Scene, before: str, item: Named) -> bool:
    """Say whether 下设 makes the body a part of the one named before it."""
    below = scene.rules.patterns["below"]
    listed = item.rule == "institution.coordinated"
    opening = scene.text[item.start : item.start + 2]
    return bool(below.search(before[-4:]) or (listed and below.search(before + opening)))


def _before(statement: Statement, item: Named) -> str:
    """Return the body named last before an item of a sentence, "" if there is none."""
    return next(
        (o.entity for o in reversed(statement.named) if o.kind == Kind.INSTITUTION and o.end <= item.start),
        "",
    )


def _pair(left: str, right: str) -> tuple[str, str, str]:
    """Return workedWith between two bodies: it has no direction, so the smaller id comes first."""
    first, second = sorted((left, right))
    return first, "workedWith", second


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
        (i for i, (a, b) in enumerate(pairwise(own)) if rules.patterns["with"].search(text[a.end : b.start])),
        len(own),
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
    match = next(iter(list(verb.pattern.finditer(before))[-1:]), None)
    ends = rules.patterns["established_end"].match(after)
    if match and ends and rules.patterns["establish_gap"].match(before[match.end() :]):
        return True
    if rules.patterns["place_of"].search(before):
        return False  # 在某公司挂牌成立某站: the body is where, not what
    return bool(rules.named("established.after").pattern.search(after))


def _reported(before: str, after: str, rules: RelationRules) -> bool:
    return bool(
        rules.named("reported.to").pattern.search(before)
        and rules.named("reported.verb").pattern.search(after)
    )


def _worked(scene: _Scene, item: Named) -> bool:
    """Say whether a verb of working together governs the body, directly or through a list it stands in."""
    text, rules = scene.text, scene.rules
    first = min((own.end for own in scene.own), default=scene.clause.start)
    start = item.start
    for other in reversed([o for o in scene.inside if o.end <= item.start and o.start >= first]):
        if text[other.end : start] and rules.patterns["also"].match(text[other.end : start]):
            start = other.start
    match = rules.named("worked.verb").pattern.search(text[max(scene.clause.start, first) : start])
    if not match:
        return False
    if rules.patterns["with_only"].match(match.group()):
        return bool(rules.patterns["together"].search(text[item.end : scene.clause.end]))
    return True
