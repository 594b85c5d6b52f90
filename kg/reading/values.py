"""Writes dates and document numbers in their normal form, where they are certain."""

from __future__ import annotations

import re

from kg.rules.layout import LayoutRules

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def iso_date(raw: str, rules: LayoutRules) -> str:
    """Return a date as ``YYYY-MM-DD``, or ``raw`` itself where year, month and day are not all certain.

    >>> from kg.rules.layout import load_layout_rules
    >>> iso_date("2021年01月07日 11:11", load_layout_rules())
    '2021-01-07'
    >>> iso_date("二〇二一年十二月二十三日", load_layout_rules())
    '2021-12-23'
    >>> iso_date("202116", load_layout_rules())
    '202116'
    """
    match = rules.full("date", raw)
    if match is None:
        return raw
    year, month, day = _year(match["y"], rules), _number(match["m"], rules), _number(match["d"], rules)
    if not (1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return raw
    return f"{year:04}-{month:02}-{day:02}"


def document_number(raw: str, rules: LayoutRules) -> str:
    """Return a document number as ``X〔YYYY〕N号``, or ``raw`` without spaces if of another kind.

    >>> from kg.rules.layout import load_layout_rules
    >>> document_number("青府办发[2021] 04号", load_layout_rules())
    '青府办发〔2021〕4号'
    >>> document_number("中华人民共和国国务院令第722号", load_layout_rules())
    '中华人民共和国国务院令第722号'
    """
    match = rules.full("number", raw)
    if match is None:
        return re.sub(r"\s+", "", raw)
    template = rules.templates["number"]
    return template.format(who=match["who"], year=int(match["year"]), no=int(match["no"]))


def _year(text: str, rules: LayoutRules) -> int:
    if text.isdecimal():
        return int(text)
    return int("".join(str(rules.digits[sign]) for sign in text))


def _number(text: str, rules: LayoutRules) -> int:
    """Read a number up to ninety-nine, in digits or in Chinese (十二, 二十三, 廿一)."""
    if text.isdecimal():
        return int(text)
    total = 0
    for sign in text:
        value = rules.digits[sign]
        # Ten multiplies the digit before it: 二十 is twenty, 十 alone ten.
        total = max(total, 1) * 10 if value == 10 else total + value
    return total
