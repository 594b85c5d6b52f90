"""Writes rows of cells for people and for other programs: aligned text, CSV."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

# Characters that move a terminal's cursor, turn its text around or hide it: text is shown, never obeyed.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two.

    >>> width("昌江 A")
    6
    """
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plain(text: str) -> str:
    r"""Return a text as one line that no terminal obeys.

    >>> plain("一\n二\x1b[31m")
    '一 二?[31m'
    """
    return _CONTROL.sub("?", re.sub(r"[\r\n\t]+", " ", text))


def shorten(text: str, columns: int) -> str:
    """Return a text that takes at most so many columns, with an ellipsis where it was cut.

    >>> shorten("东方市人民政府", 9)
    '东方市人…'
    """
    if width(text) <= columns:
        return text
    taken, used = [], 1
    for character in text:
        used += _columns(character)
        if used > columns:
            break
        taken.append(character)
    return "".join(taken) + "…"


def aligned(columns: Sequence[str], rows: Iterable[Sequence[str]], widest: int = 60) -> str:
    """Return rows as aligned text with a header, cells cut at ``widest`` columns."""
    cells = [[shorten(plain(cell), widest) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(columns, *cells, strict=True)]
    lines = [columns, ["-" * size for size in widths], *cells]
    return "".join("  ".join(_pad(line, widths)).rstrip() + "\n" for line in lines)


def _pad(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)]


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV (RFC 4180)."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def guard(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run.

    >>> guard("=HYPERLINK(1)"), guard("放管服改革")
    ("'=HYPERLINK(1)", '放管服改革')
    """
    return "'" + text if text.startswith(_FORMULA) else text
