"""Finds the numbers of a sentence that measure something: value, unit, and how exact they are."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from kg.rules.measures import Measures

_CONTEXT = 16  # characters before the digits that can tell a count from a name
_CLAUSE = 60  # characters before the digits in which a duration finds what it measures
_LONGEST = 1000  # a greater number of years is a date
_BRACKETS = str.maketrans("", "", "()\uff08\uff09")  # 人（次） is 人次 where that is a unit, 套（间） stays
_DIGIT = re.compile(r"\d")
_MOST_DIGITS = 18  # longer runs of digits are identifiers


class Number(NamedTuple):
    """A measured number: digits at ``start``, ``end`` behind unit and hedge, ``unit_end`` behind the unit."""

    start: int
    unit_end: int
    end: int
    value: Decimal
    unit: str
    kind: str
    approximate: bool
    bound: str


def find_numbers(text: str, start: int, end: int, rules: Measures) -> list[Number]:
    """Return the measured numbers of ``text[start:end]``, in order.

    >>> from kg.rules.measures import load
    >>> sentence = "2020年投入12.9万元，开展讲座50余场次，其中3-5场在校园"
    >>> [(str(n.value), n.unit, n.approximate) for n in find_numbers(sentence, 0, len(sentence), load())]
    [('129000', '元', False), ('50', '场次', True)]
    """
    # Most sentences hold no number: a set of characters is looked for much faster than what numbers are.
    first = rules.spoken_start.search(text, start, end)
    spoken = rules.spoken.finditer(text, first.start(), end) if first else ()
    found = [_spoken(match, rules) for match in spoken]
    first = _DIGIT.search(text, start, end)
    if first is None:
        return found
    waiting: list[tuple[int, int, int, Decimal]] = []  # digits that share the unit of the number after them
    blocked = start
    for match in rules.number.finditer(text, first.start(), end):
        at, stop = match.span()
        value = _value(match)
        if at < blocked or value is None:
            continue
        if waiting and waiting[-1][2] != at:
            waiting = []
        tail = rules.tail.match(text, stop, end)
        blocked = _range_end(text, stop, tail, end, rules)
        if blocked:
            waiting = []
            continue
        if tail is None:
            shared = rules.shared.match(text, stop, end)
            unnamed = rules.unnamed.match(text, stop, end)
            if (shared or unnamed) and _counts_nothing(text, start, at, rules):
                waiting = []
            elif unnamed:
                found.append(_unnamed(text, at, value, unnamed, rules))
            elif shared:
                waiting.append((at, stop, shared.end(), value * _scale(shared["scale"], rules)))
            continue
        number = _measured(text, at, value, tail, rules)
        if at == start and match["decimals"] and number.kind == "count":
            continue  # 1.2 本办法: the number of a section
        last = found[-1].end if found else -1
        if not (  # years, of which there are most, come first
            (number.kind == "duration" and not _measured_time(text, start, number, rules))
            or _counts_nothing(text, start, at, rules)
            or _named(text, tail, number, end, rules)
            or _threshold(text, number, last, end, rules)
        ):
            if waiting and any(word in text[max(start, at - _CLAUSE) : at] for word in rules.roles["each"]):
                factor = number.value / value if value else Decimal(1)
                found += [
                    Number(place, past, past, earlier * factor, number.unit, number.kind, False, "")
                    for place, past, _, earlier in waiting
                ]
            found.append(number)
        waiting = []
    return sorted(found, key=lambda number: number.start) if spoken else found


def _counts_nothing(text: str, start: int, at: int, rules: Measures) -> bool:
    """Tell whether what stands right before digits says that they are a name or an ordinal."""
    ends = rules.before_ends
    if ends is not None and text[at - 1 : at] not in ends:
        return False  # most numbers
    return rules.before.search(text, max(start, at - _CONTEXT), at) is not None


def _value(match: re.Match[str]) -> Decimal | None:
    digits = match["digits"]
    if not digits.isdigit():  # 1,807
        digits = "".join(char for char in digits if char.isdigit())
    if len(digits) > _MOST_DIGITS:
        return None
    return Decimal(digits + (match["decimals"] or "").replace("\uff0e", "."))


def _scale(word: str | None, rules: Measures) -> Decimal:
    return rules.scales[word] if word else Decimal(1)


def _range_end(text: str, stop: int, tail: re.Match[str] | None, end: int, rules: Measures) -> int:
    """Return where a range that begins with these digits ends, or 0 where they begin none."""
    for place in (stop, tail.end() if tail else stop):
        link = rules.range.match(text, place, end)
        if link:
            return link.end()
    return 0


def _measured(text: str, at: int, value: Decimal, tail: re.Match[str], rules: Measures) -> Number:
    unit = rules.units[tail["unit"]]
    scale = _scale(tail["scale"], rules) * _scale(tail["again"], rules)
    before = _hedge(text, at, rules)
    bound = rules.bounds.get(before or tail["hedge"] or "", "")
    approximate = bool(before or tail["inside"] or tail["hedge"])
    name = (tail["pre"] or "") + unit.base + (tail["per"] or "") + (tail["or"] or "")
    whole = name.translate(_BRACKETS)
    name = whole if whole in rules.units else name
    hedge_end = tail.end()
    unit_end = tail.start("hedge") if tail["hedge"] else hedge_end
    amount = _plain(value * scale * unit.factor)
    return Number(at, unit_end, hedge_end, amount, name, unit.kind, approximate, bound)


def _hedge(text: str, at: int, rules: Measures) -> str:
    """Return the word right before the digits that makes them approximate."""
    while at and text[at - 1] in " \u3000\xa0":
        at -= 1
    for word, unless in rules.hedges.get(text[at - 1] if at else "", ()):
        if text.endswith(word, 0, at) and not text.endswith(unless, 0, at - len(word)):
            return word
    return ""


def _unnamed(text: str, at: int, value: Decimal, match: re.Match[str], rules: Measures) -> Number:
    """Read a number with a scale but no unit (参与人次达1451万)."""
    hedge = _hedge(text, at, rules)
    approximate = bool(hedge or match["inside"])
    amount = _plain(value * _scale(match["scale"], rules))
    return Number(at, match.end(), match.end(), amount, "", "count", approximate, rules.bounds.get(hedge, ""))


def _plain(amount: Decimal) -> Decimal:
    amount = amount.normalize()
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


def _spoken(match: re.Match[str], rules: Measures) -> Number:
    value = Decimal(rules.digits[match["word"]])
    return Number(match.start(), match.end(), match.end(), value, match["unit"], "count", False, "")


def _named(text: str, tail: re.Match[str], number: Number, end: int, rules: Measures) -> bool:
    """Tell whether what follows makes the number part of a name."""
    latin = tail["unit"][0].isascii() and tail["unit"][0].isalpha()
    return bool(
        (not latin and rules.after.match(text, tail.start(), end))
        or rules.unit_stop.match(text, tail.start("unit"), end)
        or rules.follow.match(text, number.unit_end, end)
    )


def _measured_time(text: str, start: int, number: Number, rules: Measures) -> bool:
    """Tell whether a duration measures something: what it measures stands before it in the clause."""
    if number.value > _LONGEST:
        return number.unit not in rules.roles["years"]  # 2025年 is a date, 8万小时 is an amount
    clause = rules.pause.split(text[max(start, number.start - _CLAUSE) : number.start])[-1]
    return bool(rules.duration.search(clause))


def _threshold(text: str, number: Number, last: int, end: int, rules: Measures) -> bool:
    """Tell whether the number only says which things are meant (其中50万元以上项目2个)."""
    hedged = number.end > number.unit_end
    if hedged and rules.threshold.match(text, number.end, end):
        return True
    if number.kind == "count":
        return False
    if rules.classed.match(text, number.end, end):
        return True
    return last == number.start and (hedged or bool(rules.classed_alone.match(text, number.end, end)))
