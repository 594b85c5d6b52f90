"""The pages of a PDF to one text: without what repeats on every page, with paragraphs put together again."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.reading.formats.columns import lines_in_order
from kg.reading.formats.glyphs import Line, PageGlyphs, joined, unit_width
from kg.reading.lines import squeeze
from kg.rules.layout import load_layout_rules

# Headers, footers and page numbers stand in this part of a page's height, at its top and at its bottom.
_MARGIN = 0.13
# They are found by standing at the same height on two pages and more, and on this share of all.
_REPEATS = 2
_SHARE = 0.3
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-\u2010-\u2015\u2500\u00b7.~|/\s()]*\d{1,4}(?:\s*/\s*\d{1,4})?[-\u2010-\u2015\u2500\u00b7.~|\s()]*"
)
# A line that begins so many characters behind its column's edge begins a paragraph.
_INDENT = 1.2
# Lines of so different a height are not of one paragraph.
_SIZES = 1.12
# Between paragraphs there may be this many times the distance of lines.
_LEADING = 1.3
_ENOUGH = 8
# Of the lines of a document whose paragraphs are indented, more than this share begin one.
_INDENTED = 0.05
# Cells without ruled lines stand so many characters apart; a number may stand so far before its paragraph.
_CELL_GAP = 1.6
_FIRST_WORD = 1.5


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the lines of a column begin and end, how far below each other they stand, their size."""

    left: float
    right: float
    leading: float
    size: float


def text_of_pages(pages: Sequence[PageGlyphs]) -> str:
    """Return the text of all pages, a paragraph on a line, a row of a table on a line."""
    read = lines_in_order(pages)
    for number, lines in enumerate(read):
        for line in lines:
            line.page = number
    repeated = _repeated(read, pages)
    lines = [
        line
        for page, each in zip(pages, read, strict=True)
        for line in each
        if not _is_furniture(line, page, repeated)
    ]
    return "\n".join(_paragraphs(lines))


def _place(line: Line, page: PageGlyphs) -> tuple[str, int, str] | None:
    """Return where a line stands at an edge of its page, and what it says but for its numbers."""
    height = page.bottom - page.top
    if line.whole or height <= 0:
        return None
    share = (line.y - page.top) / height
    if _MARGIN < share < 1 - _MARGIN:
        return None
    return "top" if share < 0.5 else "bottom", round(line.y / 4), _DIGITS.sub("#", squeeze(line.text))


def _repeated(read: Sequence[Sequence[Line]], pages: Sequence[PageGlyphs]) -> set[tuple[str, int, str]]:
    found: Counter[tuple[str, int, str]] = Counter()
    for page, lines in zip(pages, read, strict=True):
        places = {place for line in lines if (place := _place(line, page))}
        # Heights are rounded: the next one is the same place.
        found.update(places | {(edge, at + 1, words) for edge, at, words in places})
    enough = max(_REPEATS, _SHARE * len(pages))
    return {place for place, times in found.items() if times >= enough}


def _is_furniture(line: Line, page: PageGlyphs, repeated: set[tuple[str, int, str]]) -> bool:
    place = _place(line, page)
    if place is None:
        return False
    edge, at, words = place
    return (
        place in repeated
        or (edge, at + 1, words) in repeated
        or (edge == "bottom" and _PAGE_NUMBER.fullmatch(line.text) is not None)
    )


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    edges = _edges(lines)
    rules = load_layout_rules()
    indented = sum(
        1 for line in lines if _INDENT * line.em <= line.x0 - edges[_column(line)].left <= 4 * line.em
    )
    # Where no paragraph is indented, a number behind a full stop begins one, however full the line above is.
    flush = indented < _INDENTED * len(lines)
    found: list[str] = []
    above: Line | None = None
    for line in lines:
        numbered = (
            flush
            and bool(found)
            and rules.full("stop", found[-1][-1:]) is not None
            and rules.start("numbering", line.text) is not None
        )
        joins = above is not None and _goes_on(above, line, edges[_column(above)], edges[_column(line)])
        if joins and not numbered:
            found[-1] = joined(found[-1], line.text)
        else:
            found.append(line.text)
        above = line
    return [text.strip() for text in found if text.strip()]


def _column(line: Line) -> tuple[int, int, int]:
    return (line.page, *line.column)


def _edges(lines: Sequence[Line]) -> dict[tuple[int, int, int], _Edges]:
    """Return the edges of each column of each page; where a page has few lines, those of all pages."""
    groups: dict[tuple[int, int, int], list[Line]] = {}
    for line in lines:
        groups.setdefault(_column(line), []).append(line)
    alike: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        alike.setdefault(line.column, []).append(line)
    beside: dict[int, list[Line]] = {line.page: [] for line in lines}
    for line in lines:
        if line.column[0] > 1:
            beside[line.page].append(line)
    whole = {column: _edges_of(each) for column, each in alike.items()}
    found = {}
    for key, each in groups.items():
        own, common = _edges_of(each), whole[key[1:]]
        plain = [line for line in each if not line.whole]
        em = plain[0].em if plain else 0.0
        # Where a page's text stands elsewhere (a margin for binding), only some lines are indented.
        indented = any(_INDENT * em < line.x0 - own.left < 4 * em for line in plain)
        right = own.right if len(plain) >= _ENOUGH else common.right
        left = own.left if len(plain) >= _ENOUGH and indented else min(own.left, common.left)
        if key[1] == 1:
            # Lines above columns are as wide as all of them.
            left = min(left, *(line.x0 for line in beside[key[0]]), left)
            right = max(right, *(line.x1 for line in beside[key[0]]), right)
        found[key] = _Edges(left, right, common.leading or own.leading, common.size)
    return found


def _edges_of(lines: Sequence[Line]) -> _Edges:
    plain = [line for line in lines if not line.whole] or list(lines)
    slack = 0.4 * max(line.em for line in plain)
    # One line alone may hang out: an edge is where two lines and more begin or end.
    left = _supported(sorted(line.x0 for line in plain), slack)
    right = -_supported(sorted(-line.x1 for line in plain), slack)
    gaps = sorted(
        below.y - above.y
        for above, below in pairwise(plain)
        if _column(above) == _column(below) and below.y > above.y
    )
    size = statistics.median(line.size for line in plain)
    return _Edges(left, right, gaps[len(gaps) // 4] if gaps else 0.0, size)


def _supported(places: Sequence[float], slack: float) -> float:
    wanted = min(len(places), max(2, len(places) // 25))
    for index, place in enumerate(places):
        if index + wanted <= len(places) and places[index + wanted - 1] - place <= slack:
            return place
    return places[0]


def _goes_on(above: Line, line: Line, edges: _Edges, own: _Edges) -> bool:
    """Say whether a line continues the paragraph of the line above it."""
    if _are_rows(above, line) or not 1 / _SIZES <= above.size / line.size <= _SIZES:
        return False
    if above.column[0] != line.column[0]:
        return False
    # What the line begins with had no room above.
    if edges.right - above.x1 >= unit_width(line) + 0.6 * line.em:
        return False
    apart = _LEADING * own.leading * max(line.size / own.size, 1.0)
    if _column(above) == _column(line) and apart and line.y - above.y > apart:
        return False
    return line.x0 - own.left < _INDENT * line.em or (_is_centred(above, edges) and _is_centred(line, own))


def _are_rows(above: Line, line: Line) -> bool:
    """Say whether two lines are rows of a table: a ruled one, or cells that begin or end below each other."""
    if above.whole or line.whole:
        return True
    slack = 0.4 * line.em
    return any(
        abs(begin - other) <= slack or abs(end - last) <= slack
        for begin, end in _cells(above)
        for other, last in _cells(line)
    )


def _cells(line: Line) -> list[tuple[float, float]]:
    """Return where the cells behind wide gaps begin and end; a paragraph behind its number is none."""
    wide = _CELL_GAP * line.em
    starts = [
        index
        for index, (before, after) in enumerate(pairwise(line.glyphs), 1)
        if after.x0 - before.x1 > wide and before.x1 - line.x0 > _FIRST_WORD * line.em
    ]
    return [
        (line.glyphs[begin].x0, line.glyphs[end - 1].x1)
        for begin, end in pairwise([*starts, len(line.glyphs)])
    ]


def _is_centred(line: Line, edges: _Edges) -> bool:
    """Say whether a line stands in the middle of its column, as a title that takes two lines."""
    return abs((line.x0 - edges.left) - (edges.right - line.x1)) < line.em
