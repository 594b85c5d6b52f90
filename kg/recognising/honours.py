"""Recognises honours: what stands after 荣获, 获评, 被评为, 成功创建."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.model import Span
from kg.rules.documents import fold
from kg.rules.honours import HonourRules
from kg.rules.watching import ALL, bit

_TRIGGER, _NAMES = bit("honours.trigger"), bit("honours.names")
_SHORTEST = 4  # characters: a shorter stretch names no honour


class HonourHit(NamedTuple):
    """An honour as written; ``trigger`` is where the verb that says it was won begins."""

    start: int
    end: int
    name: str
    trigger: int
    rule: str


def find_honours(text: str, clauses: Sequence[Span], rules: HonourRules, seen: int = ALL) -> list[HonourHit]:
    """Return the honours won in the clauses, in order.

    ``seen`` tells what can be there at all (see :mod:`kg.rules.watching`).
    """
    hits: list[HonourHit] = []
    if not seen & (_TRIGGER | _NAMES):
        return hits
    for clause in clauses:
        for verb in rules.trigger.finditer(text, clause.start, clause.end) if seen & _TRIGGER else ():
            if any(hit.start < verb.end() and verb.start() < hit.end for hit in hits):
                continue
            hits += _after(text, verb.start(), verb.end(), clause.end, rules)
        for start, end, word in rules.names.find(text[clause.start : clause.end]) if seen & _NAMES else ():
            first, last = clause.start + start, clause.start + end
            if not any(hit.start < last and first < hit.end for hit in hits):
                # named, but nothing says that it was won
                hits.append(HonourHit(first, last, word, -1, "honour.named"))
    return sorted(hits, key=lambda hit: hit.start)


def _after(text: str, trigger: int, at: int, end: int, rules: HonourRules) -> Iterator[HonourHit]:
    found = False
    verb_end = at
    at = at + len(rules.patterns["skip"].match(text[at:end]).group())  # type: ignore[union-attr]
    while at < end:
        match = rules.patterns["quoted"].match(text, at, end)
        if not match:
            # a quoted name may follow a few words of the conferrer (被省委授予“…”)
            later = rules.patterns["quoted"].search(text, at, end) if not found else None
            if later and later.start() - at <= 12 and later.group("name"):
                match = later
        if not match:
            if found:
                yield from _open(text, trigger, at, end, rules)
            break
        name = match.group("lead") + match.group("name") + match.group("tail")
        weak = bool(rules.patterns["weak"].match(text[trigger:verb_end]))
        if weak and not _is_honour(
            match.group("name") + match.group("tail"), text[match.end() : end][:6], rules
        ):
            break
        found = True
        yield HonourHit(match.start(), match.end(), _trim(name, rules), trigger, "honour.quoted")
        at = match.end()
        joint = rules.patterns["next"].match(text[at:end])
        if not joint:
            break
        at += joint.end()
    if not found:
        yield from _open(text, trigger, at, end, rules)


def _open(text: str, trigger: int, at: int, end: int, rules: HonourRules) -> Iterator[HonourHit]:
    match = rules.patterns["open"].match(text, at, end)
    if not match:
        return
    stretch = match.group("name").replace("(", "\uff08").replace(")", "\uff09")
    cut = rules.patterns["open_stop"].search(stretch)
    stretch = stretch[: cut.start()] if cut else stretch
    ends = [0]
    if rules.any_head.search(stretch):
        ends = [stretch.rfind(head) + len(head) for head in rules.heads if head in stretch]
    if rules.patterns["ranked"].match(text, trigger):
        return
    last = max(ends)
    if not last and rules.patterns["listed"].search(stretch):
        last = len(stretch)
    if not last:
        return
    name = stretch[:last]
    if name.endswith(rules.leading):
        name = stretch
    if rules.patterns["nested"].search(name):
        return
    for first, part in _joined(name, rules):
        if len(part) > _SHORTEST:
            yield HonourHit(at + first, at + first + len(part), _trim(part, rules), trigger, "honour.open")


def _joined(name: str, rules: HonourRules) -> Iterator[tuple[int, str]]:
    """Yield (offset, name) of honours joined by 和 or 、, each ending in a head noun."""
    begin = 0
    for joint in rules.patterns["joint"].finditer(name):
        part = name[begin : joint.start()]
        if part.endswith(rules.heads):
            yield begin, part
            begin = joint.end()
    yield begin, name[begin:]


def _is_honour(name: str, after: str, rules: HonourRules) -> bool:
    if fold(name) in rules.known or rules.any_head.search(name):
        return True
    return bool(rules.patterns["called"].match(after))


def _trim(name: str, rules: HonourRules) -> str:
    name = rules.patterns["goal_lead"].sub("", name)
    return rules.patterns["strip"].sub("", name) or name
