"""Reads every measured number of a report, with the phrase that says what it counts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kg.model import Observation, Segment, Span
from kg.relating import indicators
from kg.relating.indicators import Phrase
from kg.relating.numbers import Number, find_numbers
from kg.rules.measures import Measures, load

RULE = "observation"
_FEWEST = 2  # an indicator is a phrase, not a character
_MOST_SHARED = 12  # how many numbers one 分别 may hand out


@dataclass(slots=True)
class _State:
    """What the sentence has counted so far: ``bases`` are the phrases that later ones can lean on."""

    bases: list[Phrase] = field(default_factory=list)
    clause: list[Phrase] = field(default_factory=list)
    unit: str = ""
    kind: str = ""


def observe(
    text: str,
    segments: Sequence[Segment],
    subjects: Callable[[int], str],
    rules: Measures | None = None,
) -> tuple[Observation, ...]:
    """Return every number of the segments that measures something, in text order.

    ``subjects`` gives the entity id of the actor of the clause at an offset, "" for the report's jurisdiction.

    >>> from kg.model import Segment
    >>> line = "全年共接收行政复议案件93件，办结85件，按时办结率达100%。"
    >>> sentence = Segment(0, len(line), "sentence", "", (), "done", 0, ())
    >>> for seen in observe(line, [sentence], lambda offset: ""):
    ...     print(seen.indicator, seen.value, seen.unit)
    接收行政复议案件 93 件
    办结行政复议案件 85 件
    行政复议案件按时办结率 100 %
    """
    rules = rules or load()
    found: list[Observation] = []
    for segment in segments:
        numbers = find_numbers(text, segment.start, segment.end, rules)
        if not numbers or rules.norm.search(text, segment.start, segment.end):
            continue
        passage = Span(segment.start, segment.end)
        for number, indicator, rule in _read(text, segment.start, segment.end, numbers, rules):
            found.append(
                Observation(
                    of=subjects(number.start),
                    indicator=indicator,
                    value=number.value,
                    unit=number.unit,
                    approximate=number.approximate,
                    planned=segment.mode == "planned",
                    passage=passage,
                    number=Span(number.start, number.end),
                    rule=f"{RULE}.{rule}",
                    bound=number.bound,
                )
            )
    return tuple(found)


def _read(
    text: str, start: int, end: int, numbers: list[Number], rules: Measures
) -> list[tuple[Number, str, str]]:
    """Pair the numbers of a sentence with their indicators and the rule that found each."""
    edges, numbers = _edges(text, start, end, numbers, rules)
    starts = [number.start for number in numbers]
    result: list[tuple[Number, str, str]] = []
    state = _State()
    for left, right in zip(edges[:-1], edges[1:], strict=True):
        first, last = bisect_left(starts, left), bisect_left(starts, right)
        if first == last:
            continue
        state.clause, before = [], state.clause
        index = first
        while index < last:
            opening = numbers[index - 1].end if index > first else left
            closing = numbers[index + 1].start if index + 1 < last else right
            rows, used = _clause_part(text, opening, closing, numbers, index, last, before, state, rules)
            result += rows
            index += used
    return [(number, _tidy(phrase), rule) for number, phrase, rule in result if len(phrase) >= _FEWEST]


def _edges(
    text: str, start: int, end: int, numbers: list[Number], rules: Measures
) -> tuple[list[int], list[Number]]:
    """Return where statements begin and end, and the numbers that are not part of a quotation or a title."""
    edges, hidden = [start], []
    for match in rules.boundary.finditer(text, start, end):
        if match.end() - match.start() == 1:
            edges.append(match.end() if match[0] not in rules.roles["opening"] else match.start())
            edges.append(match.end())
            continue
        if match[0].startswith(rules.roles["quoting"]):
            hidden.append(match.span())
        elif any(match.start() < number.start < match.end() for number in numbers):
            edges += [match.start(), match.start() + 1, match.end() - 1, match.end()]
    kept = [n for n in numbers if not any(low < n.start < high for low, high in hidden)]
    return sorted({*edges, end}), kept


def _clause_part(
    text: str,
    opening: int,
    closing: int,
    numbers: list[Number],
    index: int,
    last: int,
    before: list[Phrase],
    state: _State,
    rules: Measures,
) -> tuple[list[tuple[Number, str, str]], int]:
    """Read one number, or all that one 分别 hands out; return the rows and how many numbers they took."""
    number = numbers[index]
    raw = text[opening : number.start]
    run = _run(text, numbers, index, last, rules)
    for word in rules.roles["each"]:
        cut = raw.rfind(word)
        if cut >= 0 and run:
            rows = _distribute(raw[:cut], raw[cut + len(word) :], numbers[index : index + run], state, rules)
            if rows:
                return rows, run
    return [
        (number, phrase.text, rule)
        for phrase, rule in _single(text, raw, opening, closing, number, before, state, rules)
    ], 1


def _run(text: str, numbers: list[Number], index: int, last: int, rules: Measures) -> int:
    """Count the numbers from ``index`` on that only a comma or 和 parts."""
    size = 1
    while index + size < last and size < _MOST_SHARED:
        between = text[numbers[index + size - 1].end : numbers[index + size].start]
        if indicators.clean_before(indicators.strip_start(between, rules.link), rules):
            break
        size += 1
    return size


def _parts(text: str, rules: Measures) -> list[str]:
    """Split a coordination; a short first part borrows the end of the last (城镇、农村居民收入)."""
    pieces = [piece.strip() for piece in rules.coordination.split(text) if piece.strip()]
    if len(pieces) > 1:
        final = pieces[-1]
        pieces = [
            piece + final[len(piece) :] if len(piece) <= 2 < len(final) - len(piece) else piece
            for piece in pieces
        ]
    return pieces


def _distribute(
    nouns: str, verb: str, run: list[Number], state: _State, rules: Measures
) -> list[tuple[Number, str, str]]:
    """Hand the numbers after 分别 out to the things named before it."""
    nouns = indicators.clean_before(indicators.strip_start(nouns, rules.link), rules)
    verb = indicators.clean_before(verb, rules)
    if not rules.carried["growth"].fullmatch(verb):
        verb = ""
    if nouns:
        names = _parts(nouns, rules)
        if len(names) != len(run):
            names = _shares(nouns, len(run), rules) or [nouns] * len(run)
        phrases = [indicators.split_phrase(name, rules) for name in names]
    else:
        if len(state.bases) < len(run):
            return []
        phrases = state.bases[-len(run) :]
    if not verb:
        state.bases += phrases
    state.clause += phrases
    state.unit, state.kind = run[-1].unit, run[-1].kind
    return [(number, phrase.text + verb, "distributed") for number, phrase in zip(run, phrases, strict=True)]


def _shares(nouns: str, count: int, rules: Measures) -> list[str]:
    for word, parts in rules.shares:
        if word in nouns and len(parts) == count:
            return [nouns.replace(word, part, 1) for part in parts]
    return []


def _single(
    text: str,
    raw: str,
    opening: int,
    closing: int,
    number: Number,
    before: list[Phrase],
    state: _State,
    rules: Measures,
) -> list[tuple[Phrase, str]]:
    """Say what one number counts; a rate stated for several things counts each."""
    linked = indicators.strip_start(raw, rules.link)
    behind = text[number.end : closing]
    head = indicators.clean_before(linked, rules)
    every = [word for word in rules.roles["all"] if word in linked]
    if number.kind == "ratio" and head:
        names = _parts(head, rules)
        if len(names) > 1 and all(name.endswith(rules.roles["rate"]) for name in names):
            return _remember([(_carried(name, number, state, rules)) for name in names], number, state)
        growth = rules.carried["growth"].fullmatch(head)
        if growth and every and len(before) > 1 and not state.clause:
            return _remember([(Phrase(base.text + head), "each") for base in before], number, state, False)
        for word in every:
            things, _, rest = head.partition(word)
            names = _parts(things, rules)
            if len(names) > 1 and rules.carried["growth"].fullmatch(rest):
                return _remember([(Phrase(name + rest), "each") for name in names], number, state, False)
    return _remember([_phrase(head, linked != raw.lstrip(), behind, number, state, rules)], number, state)


def _remember(
    rows: list[tuple[Phrase, str]], number: Number, state: _State, base: bool = True
) -> list[tuple[Phrase, str]]:
    phrases = [phrase for phrase, rule in rows if rule != "growth" and phrase.text]
    if base:
        state.bases += phrases
        state.clause += phrases
        state.unit, state.kind = number.unit, number.kind
    return rows


def _phrase(
    head: str, linked: bool, behind: str, number: Number, state: _State, rules: Measures
) -> tuple[Phrase, str]:
    """Choose between what stands before the number, what follows it, and what the sentence said earlier."""
    if head.endswith(rules.roles["enumeration"]) or (head and _dangling(head, rules)):
        head = indicators.drop_enumeration(head, rules)
        if _dangling(head, rules):
            head = ""
    tail = indicators.clean_behind(behind, not head, rules)
    if (
        tail
        and any(mark in head for mark in rules.roles["listing"])
        and not head.startswith(rules.roles["quoting"])
    ):
        head = head[: indicators.leading_verbs(head, rules)]
    if not head:
        if tail:
            return indicators.split_phrase(tail, rules), "behind"
        return (state.bases[-1] if state.bases else Phrase("")), "repeated"
    if not tail:
        return _carried(indicators.drop_enumeration(head, rules), number, state, rules)
    verbs = indicators.leading_verbs(head, rules)
    if verbs == len(head) or head.endswith(rules.roles["modify"]):
        head = head[: -len(rules.roles["modify"][0])] if head.endswith(rules.roles["modify"]) else head
        if verbs < len(head) and len(head) > _LONG_MODIFIER:
            head = head[:verbs]
        return indicators.split_phrase(head + tail, rules), "around"
    if number.kind != "count":
        if number.kind == "ratio" and not rules.carried["growth"].fullmatch(head):
            return indicators.split_phrase(head + tail, rules), "around"
        return _carried(head, number, state, rules)
    return indicators.split_phrase(head + tail, rules), "around"


_LONG_MODIFIER = 12


def _dangling(head: str, rules: Measures) -> bool:
    return head.endswith(rules.roles["dangling"])


def _carried(head: str, number: Number, state: _State, rules: Measures) -> tuple[Phrase, str]:
    """Complete a phrase that names no thing of its own from what the sentence counted before."""
    if not state.bases:
        return indicators.split_phrase(head, rules), "before"
    earlier = state.bases[-1]
    carried = rules.carried
    if number.kind in ("ratio", "count", "money", "measure", "duration") and carried["growth"].fullmatch(
        head
    ):
        return Phrase(indicators.carry("growth", head, earlier, rules)), "growth"
    if number.kind == "ratio" and carried["rate"].fullmatch(head) and earlier.noun:
        return Phrase(indicators.carry("rate", head, earlier, rules), "", ""), "growth"
    if carried["dimension"].fullmatch(head):
        return Phrase(indicators.carry("growth", head, earlier, rules)), "growth"
    if number.unit == state.unit and carried["modifier"].fullmatch(head):
        text = indicators.carry("modifier", head, earlier, rules)
        return indicators.split_phrase(text, rules), "modifier"
    verbs = indicators.leading_verbs(head, rules)
    if verbs == len(head) and earlier.noun and (number.unit == state.unit or number.kind == "money"):
        kind = "intransitive" if carried["intransitive"].fullmatch(head) else "verb"
        return Phrase(indicators.carry(kind, head, earlier, rules), head, earlier.noun), "ellipsis"
    if not verbs and earlier.verb and number.unit == state.unit and state.clause:
        return Phrase(earlier.verb + head, earlier.verb, head), "coordinated"
    return indicators.split_phrase(head, rules), "before"


def _tidy(text: str) -> str:
    return "".join(text.split())
