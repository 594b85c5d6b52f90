"""Says when a number holds, where its sentence gives another or a narrower time than the reporting year."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from typing import NamedTuple

from kg.rules.periods import Form, Periods

_SIDE = 4  # characters before a time that can say what it is to the number
_LONG = frozenset(
    {"years", "year", "fixed", "back", "this"}
)  # what holds for all that follows in the sentence
_FIRST, _LAST = 1900, 2100
_COMMAS = (",", "\uff0c")


class Time(NamedTuple):
    """A time in a sentence: where it stands, how far it holds, and what it is, "" for the reporting year."""

    start: int
    end: int
    reach: int
    value: str


def read_times(text: str, start: int, end: int, year: str, rules: Periods) -> tuple[Time, ...]:
    """Return the times that ``text[start:end]`` gives for its numbers, in order.

    ``year`` is the reporting year, "" where it is not known: then times without a year say nothing.

    >>> from kg.rules.periods import load
    >>> line = "2021年办理提案99件，截至10月28日，办结98件"
    >>> [time.value for time in read_times(line, 0, len(line), "2022", load())]
    ['2021', '../2021-10-28']
    """
    matches = list(_matches(text, start, end, rules))
    if not matches:
        return ()
    hidden = [hit.span() for hit in rules.hidden.finditer(text, start, end) if hit.end() - hit.start() > 1]
    found: list[Time] = []
    stated = year
    for form, low, high, groups in matches:
        if any(left < low and high < right for left, right in hidden):
            continue
        before, after = text[max(start, low - _SIDE) : low], text[high:end]
        if rules.not_after.match(after):
            continue
        until = rules.until.search(before)
        since = rules.since.match(after) or rules.since.search(text[low:high])
        if rules.not_before.search(before) and not since and form.kind not in ("years", "months", "days"):
            continue
        stated = groups.get("y2") or groups.get("y") or stated
        bounds = _bounds(form, groups, stated, year, rules)
        if bounds is None:
            continue
        value = _written(*bounds, year=year, until=bool(until), since=bool(since))
        lead = until or rules.lead.search(before)
        left = low - len(lead[0]) if lead else low
        found.append(Time(low, high, _reach(text, (start, left, high, end), form, rules), value))
    return tuple(found)


def period(times: tuple[Time, ...], place: int) -> str:
    """Return the nearest time before a number at ``place`` that reaches it, "" for the reporting year.

    >>> period((Time(0, 5, 40, "2021"), Time(12, 14, 18, "2022-06")), 16)
    '2022-06'
    """
    return next((time.value for time in reversed(times) if time.end <= place <= time.reach), "")


def _matches(
    text: str, start: int, end: int, rules: Periods
) -> Iterator[tuple[Form, int, int, dict[str, str | None]]]:
    """Yield the longest times, from left to right, none inside another."""
    sentence = text[start:end]
    hits: list[tuple[int, int, int]] = []
    for index, form in enumerate(rules.forms):
        for word in form.holds:  # most forms have none of their words here, and need no search
            if word in sentence:
                hits += [(hit.start(), -hit.end(), index) for hit in form.pattern.finditer(text, start, end)]
                break
    past = start
    for low, high, index in sorted(hits):
        if low >= past:
            form, past = rules.forms[index], -high
            hit = form.pattern.match(text, low, end)
            yield form, low, past, hit.groupdict() if hit else {}


def _reach(text: str, place: tuple[int, int, int, int], form: Form, rules: Periods) -> int:
    """Return how far a time holds: to the end of the sentence that it opens, or of its clause."""
    start, left, right, end = place
    head = text[start:left].rstrip()
    pause = rules.pause.search(text, right, end)
    alone = pause is not None and pause.start() - right <= _SIDE
    after_comma = head.endswith(_COMMAS)
    opens = not head or bool(rules.pause.match(head, len(head) - 1))
    if opens and (not after_comma or alone or form.kind in _LONG):
        return end
    return pause.start() if pause else end


def _bounds(
    form: Form, groups: dict[str, str | None], stated: str, year: str, rules: Periods
) -> tuple[str, str] | None:
    """Return the first and the last year, month or day of a time, or nothing where they cannot be."""
    if form.kind == "this":
        return year, year
    if form.kind == "back":
        word = groups.get("n") or groups.get("n2") or ""
        size = int(word) if word.isascii() else rules.digits.get(word, 0)
        low, high = str(int(year) - size + 1) if year and size else "", year
    elif len(form.low) == len(str(_FIRST)):
        low, high = form.low, form.high
    elif not stated or not _FIRST < int(stated) < _LAST:
        return None
    elif form.low:
        low, high = f"{stated}-{form.low}", f"{stated}-{form.high}"
    elif form.kind in ("year", "years"):
        low = groups["y"] or ""
        high = groups.get("y2") or low
    else:
        low = _date(stated, groups["m"], groups.get("d"))
        high = _date(stated, groups.get("m2") or groups["m"], groups.get("d2") or groups.get("d"))
    return (low, high) if low and high and low <= high else None


def _date(year: str, month: str | None, day: str | None) -> str:
    """Return a month or a day in ISO 8601, "" where the calendar has none such."""
    number = int(month or 0)
    if not 1 <= number <= len(calendar.month_name) - 1:
        return ""
    if day is None:
        return f"{year}-{number:02}"
    return (
        f"{year}-{number:02}-{int(day):02}"
        if 1 <= int(day) <= calendar.monthrange(int(year), number)[1]
        else ""
    )


def _written(low: str, high: str, *, year: str, until: bool, since: bool) -> str:
    """Return a time in the form of ISO 8601: one date, an interval, or one that is open on a side."""
    if until and high:
        return f"../{high}"
    if low == high == year or (since and low == year):
        return ""
    if since:
        return f"{low}/.."
    return low if low == high else f"{low}/{high}"
