"""Recognises initiatives: known ones, quoted names of things done, and compound names with a head noun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.model import Span
from kg.rules.documents import fold
from kg.rules.initiatives import InitiativeRules, KnownInitiative
from kg.rules.matching import overlaps
from kg.rules.watching import ALL, bit

_LONGEST_TITLED = 45  # characters of a quotation that a head noun follows
_LONGEST_QUOTED = 24  # characters: longer quotations in reports are sentences
_PAUSE = "\u3001"  # 、
_MOST_PARTS = 2  # an unheaded quotation with more parts is a list of duties
_CHAIN_GAP = 10  # characters between two quoted names of one list (…”东海专场暨“…)
_UNQUOTED = {ord(mark): None for mark in "\u201c\u201d\u2018\u2019"}
_QUOTES = "\u201c\u201d\u2018\u2019"
_SHORTEST_STEM = 3  # characters before the head noun of a compound name

_QUOTED = bit("initiatives.quoted")
_BARE = bit("initiatives.bare")
_LISTED = bit("initiatives.shared_head", "initiatives.measures", "initiatives.channels")
_ENROLLED = bit("initiatives.enrolled")
_SUBJECT = bit("initiatives.subject")
_COMPOUND = bit("initiatives.compound_verb")
_ANY = _QUOTED | _BARE | _LISTED | _ENROLLED | _SUBJECT | _COMPOUND


class InitiativeHit(NamedTuple):
    """An initiative as written; ``name`` is its fullest wording, ``labels`` are others that it supports."""

    start: int
    end: int
    name: str
    labels: tuple[str, ...]
    type: str
    rule: str


def find_initiatives(
    text: str,
    clauses: Sequence[Span],
    taken: Sequence[tuple[int, int]],
    rules: InitiativeRules,
    seen: int = ALL,
) -> list[InitiativeHit]:
    """Return the initiatives named in the clauses, outside the spans already ``taken`` by other names.

    The families are asked in the order of how sure they are; a later one gets only what is still free.
    ``seen`` tells which can find anything (see :mod:`kg.rules.watching`).
    """
    hits: list[InitiativeHit] = []
    if not seen & _ANY:
        return hits
    start, end = clauses[0].start, clauses[-1].end
    spans = list(taken)

    def add(found: Iterable[InitiativeHit]) -> None:
        for hit in found:
            if not overlaps(hit.start, hit.end, spans):
                hits.append(hit)
                spans.append((hit.start, hit.end))

    if seen & _QUOTED:
        add(_quoted(text, start, end, rules))
    if seen & _BARE:
        add(_known(text, start, end, rules))
    if seen & _LISTED:
        add(_listed(text, start, end, rules))
    if hits:
        add(_children(text, start, end, tuple(hits), rules))
    if seen & _ENROLLED:
        add(_enrolled(text, start, end, rules))
    if seen & _SUBJECT:
        add(_subjects(text, clauses, rules))
    if seen & _COMPOUND:
        add(_compounds(text, clauses, rules))
    return sorted(hits, key=lambda hit: (hit.start, hit.end))


def _known(text: str, start: int, end: int, rules: InitiativeRules) -> Iterator[InitiativeHit]:
    """Yield known names that need no quotation marks."""
    for first, last, word in rules.bare.find(text[start:end]):
        entry = rules.known[fold(word)]
        yield InitiativeHit(start + first, start + last, entry.name, (), entry.type, "initiative.known")


def _quoted(text: str, start: int, end: int, rules: InitiativeRules) -> Iterator[InitiativeHit]:
    """Yield quoted names: known ones, and others that carry a head noun or follow a verb of doing."""
    accepted_to = -1
    for match in rules.patterns["quoted"].finditer(text, start, end):
        inner = (match.group(1) or match.group(2)).strip()
        first, last = match.start(), match.end()
        key = fold(inner)
        if rules.patterns["opposed"].search(text[start:first]):
            continue
        tail = _tail(text, last, end, rules)
        if key in rules.never or rules.patterns["articles"].search(inner):
            continue
        if not tail and (rules.patterns["wordless"].search(inner) or inner.count(_PAUSE) > _MOST_PARTS):
            continue
        whole = inner + tail[0] if tail else inner
        known = rules.known.get(fold(whole)) or rules.known.get(key)
        if known:
            if tail and rules.known.get(fold(whole)) is known:
                last += len(tail[0])
            accepted_to = last
            yield _of_platform(text, first, last, end, known, rules)
            continue
        parts = inner.split(_PAUSE)
        if not tail and len(parts) > 1 and any(fold(part) in rules.known for part in parts):
            yield from _parts(first + 1, parts, rules)
            accepted_to = last
            continue
        before = text[max(start, first - 24) : first]
        chained = (
            accepted_to >= 0
            and first - accepted_to <= _CHAIN_GAP
            and bool(rules.patterns["chained"].search(before))
        )
        if len(inner) > (_LONGEST_TITLED if tail else _LONGEST_QUOTED) or rules.patterns["fought"].search(
            inner
        ):
            continue
        slogan = rules.patterns["slogan"].search(inner) and not rules.patterns["strong_carry"].search(before)
        if slogan and not tail:
            continue
        if not tail and rules.patterns["not_done_after"].match(text[last:end]):
            continue
        if tail:
            last += len(tail[0])
            accepted_to = last
            left = _left(before, rules)
            labels = (whole, inner, left + inner) if left else (inner,)
            yield InitiativeHit(
                first - len(left), last, left + whole, labels, tail[1], "initiative.quoted-head"
            )
        elif (
            chained
            or rules.patterns["carry"].search(before)
            or (
                rules.patterns["clause_start"].search(before)
                and rules.patterns["quoted_subject"].match(text[last : min(end, last + 24)])
            )
        ):
            accepted_to = last
            yield InitiativeHit(first, last, inner, (), "programme", "initiative.quoted-done")


def _of_platform(
    text: str, first: int, last: int, end: int, known: KnownInitiative, rules: InitiativeRules
) -> InitiativeHit:
    """Return a quoted known name, or its local branch that the next words name (“赣服通”某市分厅)."""
    branch = rules.patterns["local_branch"].match(text, last, end)
    if branch is None:
        return InitiativeHit(first, last, known.name, (), known.type, "initiative.known")
    name = known.name + branch.group()
    return InitiativeHit(first, branch.end(), name, (), known.type, "initiative.branch")


def _parts(at: int, parts: list[str], rules: InitiativeRules) -> Iterator[InitiativeHit]:
    """Yield the members of one quotation that lists names (“一网通办、一窗通取”)."""
    for part in parts:
        known = rules.known.get(fold(part))
        name, kind = (known.name, known.type) if known else (part, "service")
        yield InitiativeHit(at, at + len(part), name, (), kind, "initiative.quoted-list")
        at += len(part) + 1


def _left(before: str, rules: InitiativeRules) -> str:
    """Return the words before a quoted name that belong to it (信用修复“一件事”机制)."""
    verbs = list(rules.patterns["compound_verb"].finditer(before))
    if not verbs:
        return ""
    match = rules.patterns["led_by"].fullmatch(before, verbs[-1].end())
    if (
        not match
        or rules.patterns["stop"].search(match.group("left"))
        or rules.patterns["lead"].match(match.group("left"))
    ):
        return ""
    return match.group("left")


def _tail(text: str, at: int, end: int, rules: InitiativeRules) -> tuple[str, str] | None:
    """Return the (words, type) after a closing quotation mark up to the first head noun, or None."""
    run = rules.patterns["tail"].match(text, at, end)
    if not run or not run.group():
        return None
    stretch = run.group()
    if not rules.any_head.search(stretch):
        return None
    found = _first_head(stretch, rules)
    if found is None:
        return None
    last, kind = found
    further = rules.any_head.match(stretch, last)
    if further:  # 管理 + 模式 + 改革: head nouns in a row all belong
        last, kind = further.end(), rules.by_head[further.group()][1]
    return stretch[:last], kind


def _first_head(stretch: str, rules: InitiativeRules) -> tuple[int, str] | None:
    """Return (end, type) of the head noun that ends first, with no word before it that makes a clause."""
    for last in range(1, len(stretch) + 1):
        for first in range(last):
            head = rules.by_head.get(stretch[first:last])
            # Only where a head noun stands first counts: what is wrong before it is wrong further on.
            if head and stretch.find(head[0]) == first and not rules.patterns["stop"].search(stretch[:first]):
                return last, head[1]
    return None


def _compounds(text: str, clauses: Sequence[Span], rules: InitiativeRules) -> Iterator[InitiativeHit]:
    """Yield compound names after a verb of doing: 建立健全容缺受理机制和告知承诺制度 → two names."""
    doing, named, modifier = (rules.patterns[name] for name in ("compound_verb", "compound", "of"))
    for start, end in clauses:
        position = start
        for verb in doing.finditer(text, start, end):
            if verb.start() < position:
                continue
            match = named.match(text, verb.end(), end)
            if not match:
                continue
            at = match.start("name")
            stretch = match.group("name")
            of = modifier.match(stretch)
            if of:
                at, stretch = at + of.end(), stretch[of.end() :]
            for piece_start, piece in _pieces(stretch, rules):
                hit = _compound(at + piece_start, piece, rules)
                if hit:
                    position = max(position, hit.end)
                    yield hit


def _subjects(text: str, clauses: Sequence[Span], rules: InitiativeRules) -> Iterator[InitiativeHit]:
    """Yield names at the start of a clause that say what came about: 全市数字档案平台基本建成."""
    for clause in clauses:
        match = rules.patterns["subject"].match(text, clause.start, clause.end)
        if not match:
            continue
        group = "name" if match.group("name") else "strong"
        hit = _compound(match.start(group), match.group(group), rules)
        if hit:
            reach = match.group("reach") or ""
            labels = (reach + hit.name,) if reach else ()
            yield InitiativeHit(hit.start, hit.end, hit.name, labels, hit.type, "initiative.subject")


def _children(
    text: str, start: int, end: int, hits: Sequence[InitiativeHit], rules: InitiativeRules
) -> Iterator[InitiativeHit]:
    """Yield the parts of a numbered programme by their short names where it is named too (公示…三项制度)."""
    for hit in hits:
        for child in rules.parts.get(hit.name, ()):
            for label in sorted((child.name, *child.labels), key=lambda name: (-len(name), name)):
                at = text.find(label, start, end)
                if at >= 0:
                    yield InitiativeHit(at, at + len(label), child.name, (), child.type, "initiative.part")
                    break


def _enrolled(text: str, start: int, end: int, rules: InitiativeRules) -> Iterator[InitiativeHit]:
    """Yield pilots that a place was enrolled in: 纳入国家数字档案试点."""
    for match in rules.patterns["enrolled"].finditer(text, start, end):
        hit = _compound(match.start("name"), match.group("name"), rules)
        if hit:
            yield hit


def _listed(text: str, start: int, end: int, rules: InitiativeRules) -> Iterator[InitiativeHit]:
    """Yield the named channels of a list that ends in 等平台, common ones (微信, 电视) left out."""
    for match in rules.patterns["shared_head"].finditer(text, start, end):
        at = match.start("list")
        tail = (match.group("reach") or "") + match.group("head")
        for part in rules.patterns["list_mark"].split(match.group("list")):
            if not (rules.patterns["stop"].search(part) or rules.patterns["generic"].match(part)):
                head = rules.head_of(match.group("head"))
                known = rules.known.get(fold(part + tail))
                whole = rules.patterns["compound_head"].search(part)
                full = known.name if known else part if whole else part + tail
                yield InitiativeHit(
                    at, at + len(part), full, (), head[1] if head else "", "initiative.shared-head"
                )
            at += len(part) + 1
    for match in rules.patterns["measures"].finditer(text, start, end):
        at = match.start("list")
        for part in rules.patterns["list_mark"].split(match.group("list")):
            known = rules.known.get(fold(part))
            if known or not (rules.patterns["stop"].search(part) or rules.patterns["generic"].match(part)):
                full = known.name if known else part
                yield InitiativeHit(at, at + len(part), full, (), "system", "initiative.measure")
            at += len(part) + 1
    for match in rules.patterns["channels"].finditer(text, start, end):
        at = match.start("list")
        for part in rules.patterns["joint"].split(match.group("list")):
            name = part.strip(_QUOTES)
            if name and not rules.patterns["common_channel"].match(name):
                known = rules.known.get(fold(name))
                full = known.name if known else name
                yield InitiativeHit(at, at + len(part), full, (), "platform", "initiative.channel")
            at += len(part) + 1


def _pieces(stretch: str, rules: InitiativeRules) -> Iterator[tuple[int, str]]:
    """Cut a stretch at 、和及 where what stands before ends in a head noun, and after its last head noun."""
    begin = 0
    for joint in rules.patterns["joint"].finditer(stretch):
        piece = stretch[begin : joint.start()]
        if rules.patterns["compound_head"].search(piece) or fold(piece) in rules.known:
            yield begin, piece
            begin = joint.end()
    rest = stretch[begin:]
    cut = rules.head_words.last_end(rest)
    if cut and rules.patterns["after_name"].match(rest[cut:]):
        yield begin, rest[:cut]


def _compound(at: int, piece: str, rules: InitiativeRules) -> InitiativeHit | None:
    lead = rules.patterns["lead"].match(piece)
    offset = lead.end() if lead else 0
    glued = rules.patterns["glued"].match(piece[offset:])
    offset += glued.end() if glued else 0
    name = piece[offset:]
    known = rules.known.get(fold(name))
    if known:
        return InitiativeHit(at + offset, at + len(piece), known.name, (), known.type, "initiative.known")
    head = rules.head_of(name)
    plain = rules.patterns["compound_head"].search(name)
    if head is None or plain is None:
        return None
    stem = name[: plain.start()]
    if (
        len(stem) < _SHORTEST_STEM
        or rules.patterns["stop"].search(stem)
        or rules.patterns["generic"].match(stem)
    ):
        return None
    if fold(name) in rules.never or any(
        rules.patterns[test].search(name) for test in ("counted_name", "plain_projects")
    ):
        return None
    return InitiativeHit(at + offset, at + len(piece), name, (), head[1], "initiative.compound")


def find_in_title(title: str, rules: InitiativeRules) -> list[InitiativeHit]:
    """Return the initiatives that a title names: known ones, else one with a strong head noun.

    >>> from kg.rules import initiatives
    >>> [hit.name for hit in find_in_title("关于打好净水攻坚战的实施方案", initiatives.load())]
    ['净水攻坚战']
    """
    title = title.translate(_UNQUOTED)
    known = [
        InitiativeHit(
            start, end, rules.known[fold(word)].name, (), rules.known[fold(word)].type, "initiative.title"
        )
        for start, end, word in rules.bare.find(title)
    ]
    if known:
        return known
    match = rules.patterns["title_name"].search(title)
    if not match or rules.patterns["stop"].search(match.group("name")):
        return []
    head = rules.head_of(match.group("name"))
    return [
        InitiativeHit(
            match.start("name"),
            match.end("name"),
            match.group("name"),
            (),
            head[1] if head else "",
            "initiative.title",
        )
    ]
