"""Relations to policy documents: issued, contributedTo, implemented, promoted, basedOn, amended, repealed."""

from __future__ import annotations

from collections.abc import Mapping

from kg.ids import institution, jurisdiction
from kg.model import Kind, Span
from kg.relating.clauses import Named, Statement, chain_before, clause_at, fails
from kg.relating.speaker import Ledger, Speaker
from kg.rules.places import COUNTRY
from kg.rules.relations import RelationRules, Trigger

_BLANK = "\u3007"  # stands for each sign of a title
_CENTRAL = institution(jurisdiction(COUNTRY), "x").removesuffix("x")  # how ids of central bodies begin
_MAKING = frozenset({"issued", "amended", "repealed"})


def read(  # noqa: PLR0913 - what a sentence holds, and what is known of its titles
    text: str,
    statement: Statement,
    actors: list[tuple[str, ...]],
    speaker: Speaker,
    ledger: Ledger,
    rules: RelationRules,
    titled: Mapping[str, tuple[str, ...]],
    national: frozenset[str],
) -> None:
    """Add what a sentence says about the documents it names."""
    segment = statement.segment
    passage = Span(segment.start, segment.end)
    planned = segment.mode == "planned"
    documents = [item for item in statement.named if item.kind == Kind.POLICY_DOCUMENT]
    named_bodies = [item for item in statement.named if item.kind == Kind.INSTITUTION]
    basis: list[str] = []
    for item in documents:
        if any(o is not item and o.start < item.start and item.end <= o.end for o in documents):
            continue  # inside another title: see titles.py
        index = clause_at(segment, item.start)
        clause = segment.clauses[index]
        issuers = chain_before(text, named_bodies, item.start, rules)
        for issuer in issuers:
            # a title with its issuers in front of it exists, also in a document that demands
            hoped = planned and not speaker.demands
            ledger.add(issuer.entity, "issued", item.entity, passage, "issued.named", planned=hoped)
        start = issuers[0].start if issuers else item.start
        central = bool(actors[index]) and all(actor.startswith(_CENTRAL) for actor in actors[index])
        known = item.entity in national and not central
        trigger = _trigger(text, clause, start, item, documents, rules, known=known)
        if trigger is None or fails(text, item, clause, rules):
            continue
        if trigger.predicate == "implemented" and rules.patterns["basis_before"].search(
            _leading(text, clause.start, start, documents, rules)
        ):
            basis.append(item.entity)
        who = speaker.of(actors[index])
        if trigger.predicate == "issued" and titled.get(item.entity) and not actors[index]:
            who = titled[item.entity]  # the issuer that the title names, not the speaker
        if trigger.predicate == "issued":
            for base in basis:
                ledger.add(item.entity, "basedOn", base, passage, "based-on.clause", planned=planned)
        partners = (
            _partners(text, clause, start, named_bodies, rules) if trigger.predicate == "issued" else ()
        )
        for position, left in enumerate(partners):
            for right in partners[position + 1 :]:
                ledger.add(*_ordered(left, right), passage, "worked.issued", planned=planned)
        for actor in dict.fromkeys((*who, *partners)):
            ledger.add(actor, trigger.predicate, item.entity, passage, trigger.id, planned=planned)


def _partners(
    text: str, clause: Span, start: int, named: list[Named], rules: RelationRules
) -> tuple[str, ...]:
    """Return the bodies that issue with the subject: after 联合 and 会同, or after 与 before 签订."""
    signed = rules.patterns["signed"].search(text, clause.start, start)
    return tuple(
        dict.fromkeys(
            item.entity
            for item in named
            if clause.start <= item.start
            and item.end <= start
            and (
                rules.patterns["co_issue"].search(text[clause.start : item.start])
                or (signed and rules.patterns["with_before"].search(text[clause.start : item.start]))
            )
        )
    )


def _ordered(left: str, right: str) -> tuple[str, str, str]:
    first, second = sorted((left, right))
    return first, "workedWith", second


def _trigger(
    text: str,
    clause: Span,
    start: int,
    item: Named,
    documents: list[Named],
    rules: RelationRules,
    *,
    known: bool,
) -> Trigger | None:
    """Return the wording that governs a title: right after it, or the last one before it in its clause.

    A title in a list (《甲》《乙》和《丙》) is governed by what governs the first.
    """
    for trigger in rules.of(Kind.POLICY_DOCUMENT, "after"):
        if (
            trigger.predicate == "issued"
            and not known
            and trigger.pattern.search(text[item.end : clause.end])
        ):
            return trigger
    best: tuple[int, int, Trigger] | None = None
    before = _leading(text, clause.start, start, documents, rules)
    for trigger in rules.of(Kind.POLICY_DOCUMENT, "before"):
        if known and trigger.predicate in _MAKING:
            continue  # a national law is not made by those who report on it
        for match in trigger.pattern.finditer(before):
            if rules.patterns["relative_clause"].fullmatch(before, match.end()):
                continue  # 按照出台的《甲》: the verb only describes the title
            rank = (match.end(), match.end() - match.start())
            if best is None or rank > best[:2]:
                best = (*rank, trigger)
    contributed = rules.named("contributed.verb")
    if contributed.pattern.search(before):
        modifier = rules.patterns["modifier_after"].match(text[item.end : clause.end])
        return None if modifier else contributed
    after = next(t for t in rules.of(Kind.POLICY_DOCUMENT, "after") if t.predicate == "promoted")
    if after.pattern.search(_mask(text, item.end, clause.end, documents)) and (
        best is None or best[2].predicate in ("promoted", "implemented")
    ):
        return after
    return best[2] if best else None


def _leading(text: str, start: int, end: int, documents: list[Named], rules: RelationRules) -> str:
    """Return what leads to a title or, where it continues a list of titles, to the list."""
    return rules.patterns["joined_before"].sub("", _mask(text, start, end, documents))


def _mask(text: str, start: int, end: int, documents: list[Named]) -> str:
    """Return a stretch with other titles blanked out, so that their words govern nothing."""
    chars = list(text[start:end])
    for other in documents:
        for position in range(max(start, other.start), min(end, other.end)):
            chars[position - start] = _BLANK
    return "".join(chars)
