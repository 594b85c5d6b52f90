"""Tables of a page by their ruled lines: a row is one line of text, however its cells are broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.reading.formats.glyphs import Glyph, Line, PageGlyphs, Rule, joined, lines_of, unit_width
from kg.reading.html import CELL_TEXT

# Lines that end so near to each other, in points, meet.
_NEAR = 2.5
# A row has at least so many cells: one cell is a frame around text.
_ROW = 2
# Where more ruled lines than a page of any table has are drawn, they are a map or a pattern.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class _Cell:
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def tables(page: PageGlyphs) -> tuple[list[Line], list[Glyph]]:
    """Return the rows of a page's tables as whole lines, and the glyphs outside of them."""
    across, down = _connected(page.across), _connected(page.down)
    if len(across) < 2 or len(down) < 2 * _ROW - 1 or len(across) + len(down) > _MOST:
        return [], list(page.glyphs)
    cells: dict[_Cell, list[Glyph]] = {}
    outside: list[Glyph] = []
    last: _Cell | None = None
    for glyph in page.glyphs:
        # A baseline lies below the middle of its characters.
        x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - 0.35 * glyph.size
        cell = last if last is not None and last.holds(x, y) else _cell(x, y, across, down)
        if cell is None:
            outside.append(glyph)
        else:
            cells.setdefault(cell, []).append(glyph)
        last = cell
    rows: list[Line] = []
    for row in _rows(cells):
        if len(row) < _ROW and not _is_part(row[0], cells):
            outside += cells[row[0]]
            continue
        texts = [_text(cell, cells[cell]) for cell in row]
        glyphs = [glyph for cell in row for glyph in cells[cell]]
        if any(len(text) > CELL_TEXT for text in texts):
            outside += glyphs
            continue
        line = Line(glyphs, whole=" ".join(texts))
        line.x0, line.x1 = row[0].left, row[-1].right
        line.y = min(glyph.y for glyph in glyphs)
        rows.append(line)
    return rows, outside


def _connected(rules: Iterable[Rule]) -> list[Rule]:
    """Join pieces of one ruled line, as each cell draws its own borders."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (round(one.at / _NEAR), one.start)):
        for index in range(len(found) - 1, max(-1, len(found) - 4), -1):
            other = found[index]
            meet = rule.start <= other.end + _NEAR and other.start <= rule.end + _NEAR
            if meet and abs(other.at - rule.at) <= _NEAR:
                found[index] = Rule(other.at, min(other.start, rule.start), max(other.end, rule.end))
                break
        else:
            found.append(rule)
    return found


def _cell(x: float, y: float, across: Sequence[Rule], down: Sequence[Rule]) -> _Cell | None:
    """Return the cell around a point: the nearest ruled line on each of its four sides."""
    sides = [rule.at for rule in down if rule.start - _NEAR <= y <= rule.end + _NEAR]
    ends = [rule.at for rule in across if rule.start - _NEAR <= x <= rule.end + _NEAR]
    left, right = (
        max((a for a in sides if a <= x), default=None),
        min((a for a in sides if a > x), default=None),
    )
    top, bottom = (
        max((a for a in ends if a <= y), default=None),
        min((a for a in ends if a > y), default=None),
    )
    if left is None or right is None or top is None or bottom is None:
        return None
    return _Cell(left, top, right, bottom)


def _rows(cells: Iterable[_Cell]) -> list[list[_Cell]]:
    """Return cells that begin at one height, from left to right; a cell over several rows is in the first."""
    rows: list[list[_Cell]] = []
    for cell in sorted(cells, key=lambda one: (one.top, one.left)):
        if rows and abs(rows[-1][0].top - cell.top) <= _NEAR:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _is_part(cell: _Cell, cells: Iterable[_Cell]) -> bool:
    """Say whether a cell alone in its row belongs to a table: a row of several cells touches it."""
    beside = [
        other
        for other in cells
        if other != cell
        and (abs(other.bottom - cell.top) <= _NEAR or abs(other.top - cell.bottom) <= _NEAR)
        and other.left < cell.right
        and cell.left < other.right
        and other.right - other.left < 0.9 * (cell.right - cell.left)
    ]
    return bool(beside)


def _text(cell: _Cell, glyphs: Sequence[Glyph]) -> str:
    """Return a cell's words: a line that had no room for what follows goes on in the next one."""
    lines = [Line(each) for each in lines_of(glyphs)]
    pad = max(min(line.x0 for line in lines) - cell.left, 0.0)
    text = lines[0].text
    for above, line in pairwise(lines):
        broken = cell.right - pad - above.x1 < unit_width(line) + 0.6 * line.em
        text = joined(text, line.text) if broken else f"{text} {line.text}"
    return text
