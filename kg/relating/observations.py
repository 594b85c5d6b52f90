"""Reads every measured number of a report, with the phrase that says what it counts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from kg.model import Observation, Segment, Span
from kg.relating import counting, indicators
from kg.relating.counting import Counted, Slot, State
from kg.relating.numbers import Number, find_numbers
from kg.relating.periods import period, read_times
from kg.rules.measures import Measures, load
from kg.rules.periods import load as load_periods

RULE = "observation"
_FEWEST = 2  # an indicator is a phrase, not a character
_MOST_SHARED = 12  # how many numbers one 分别 may hand out


def observe(
    text: str,
    segments: Sequence[Segment],
    subjects: Callable[[int], str],
    rules: Measures | None = None,
    norm: bool = False,
    year: str = "",
    passages: Mapping[Span, Span] = MappingProxyType({}),
) -> tuple[Observation, ...]:
    """Return every number of the segments that measures something, in text order.

    Args:
        text: the document's text.
        segments: its sentences and headings.
        subjects: gives the entity id of the actor of the clause at an offset, "" for the report's place.
        rules: the tables; loaded where not given.
        norm: the document demands (an opinion, measures) and does not report: its targets and limits measure
            nothing, only what it tells has happened counts.
        year: the year reported on: no number's period repeats it, and times without a year are of it.
        passages: what is quoted in place of a sentence, by its span.

    >>> from kg.model import Segment
    >>> line = "全年共接收行政复议案件93件，办结85件，按时办结率达100%。"
    >>> sentence = Segment(0, len(line), "sentence", "", (), "done", 0, ())
    >>> for seen in observe(line, [sentence], lambda offset: ""):
    ...     print(seen.indicator, seen.value, seen.unit)
    接收行政复议案件 93 件
    办结行政复议案件 85 件
    行政复议案件按时办结率 100 %
    """
    rules, time_rules = rules or load(), load_periods()
    found: list[Observation] = []
    for segment in segments:
        numbers = find_numbers(text, segment.start, segment.end, rules)
        if not numbers or rules.norm.search(text, segment.start, segment.end):
            continue
        if norm:
            if segment.mode == "planned" or not rules.reported.search(text, segment.start, segment.end):
                continue
            numbers = [number for number in numbers if not number.bound]
        sentence = Span(segment.start, segment.end)
        passage = passages.get(sentence, sentence)
        times = read_times(text, segment.start, segment.end, year, time_rules)
        for number, (phrase, rule) in _read(text, segment, numbers, rules):
            indicator = rules.footnote.sub("", "".join(phrase.text.split()))
            if len(indicator) < _FEWEST:
                continue
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
                    period=period(times, number.start),
                    bound=number.bound,
                )
            )
    return tuple(found)


def _read(
    text: str, segment: Segment, numbers: list[Number], rules: Measures
) -> Iterator[tuple[Number, Counted]]:
    """Pair the numbers of a sentence with what they count, clause by clause."""
    edges, numbers = _edges(text, segment, numbers, rules)
    starts = [number.start for number in numbers]
    state = State()
    for left, right in pairwise(edges):
        first, last = bisect_left(starts, left), bisect_left(starts, right)
        if first < last:
            state.begin()
            yield from _clause(text, (segment.start, left, right), numbers[first:last], state, rules)


def _edges(
    text: str, segment: Segment, numbers: list[Number], rules: Measures
) -> tuple[list[int], list[Number]]:
    """Return where clauses begin and end, and the numbers that are not part of a quotation or a title."""
    edges, hidden = {segment.start, segment.end}, []
    for match in rules.boundary.finditer(text, segment.start, segment.end):
        low, high = match.span()
        if high - low == 1:
            edges.add(low)
            edges.add(high)
        elif match[0].startswith(rules.roles["quoting"]):
            hidden.append((low, high))
        elif any(low < number.start < high for number in numbers):
            edges |= {low, low + 1, high - 1, high}
    if hidden:
        numbers = [n for n in numbers if not any(low < n.start < high for low, high in hidden)]
    return sorted(edges), numbers


def _clause(
    text: str, place: tuple[int, int, int], numbers: list[Number], state: State, rules: Measures
) -> Iterator[tuple[Number, Counted]]:
    """Read the numbers of one clause; ``place`` is its sentence's start, its own start and its end."""
    start, left, right = place
    index = 0
    while index < len(numbers):
        number = numbers[index]
        opening = numbers[index - 1].end if index else left
        followed = index + 1 < len(numbers)
        raw = text[opening : number.start]
        if followed and _baseline(text, raw, number, rules):
            cut = max(raw.rfind(word) for word in rules.roles["baseline"])
            index, number = index + 1, numbers[index + 1]
            followed, raw = index + 1 < len(numbers), raw[:cut]
        run = _shared_run(text, raw, numbers[index:], rules)
        rows: list[Counted] = []
        if run:
            word = next(word for word in rules.roles["each"] if word in raw)
            nouns, _, verb = raw.rpartition(word)
            rows = counting.distribute(nouns, verb, run, state, rules)
        if rows:
            yield from zip(run, rows, strict=True)
            index += len(run)
            continue
        behind = text[number.end : numbers[index + 1].start if followed else right]
        slot = Slot(number, raw, behind, text[start:left], not index, followed)
        for row in counting.count(slot, state, rules):
            yield number, row
        index += 1


def _baseline(text: str, raw: str, number: Number, rules: Measures) -> bool:
    """Tell whether a number only says what another has grown from (从11万亩增加到31万亩)."""
    return any(word in raw for word in rules.roles["baseline"]) and bool(rules.rise.match(text, number.end))


def _shared_run(text: str, raw: str, numbers: list[Number], rules: Measures) -> list[Number]:
    """Return the numbers that one 分别 before the first hands out: those that only a comma or 和 parts."""
    if not any(word in raw for word in rules.roles["each"]):
        return []
    size = 1
    for earlier, later in pairwise(numbers[:_MOST_SHARED]):
        between = indicators.strip_start(text[earlier.end : later.start], rules.link)
        if indicators.clean_before(between, rules):
            break
        size += 1
    return numbers[:size]
