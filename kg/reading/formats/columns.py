"""The order in which the lines of a page are read: across, or one column after the other."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from kg.reading.formats.glyphs import Line, PageGlyphs, segments_of
from kg.reading.formats.grid import tables

# Two columns stand beside each other for at least so many lines,
_LINES = 4
# are so wide, in characters, and most of their lines reach their end.
_WIDTH = 8
_FILLED = 0.5
_MAX_COLUMNS = 6
# The first lines of a column begin so near to the gap before it, indented or not.
_BEGIN = 3.5
# A document has at most so many layouts that are set in columns.
_LAYOUTS = 3


def lines_in_order(pages: Sequence[PageGlyphs]) -> list[list[Line]]:
    """Return the lines of each page in the order of reading; each knows its column."""
    parts = []
    for page in pages:
        rows, outside = tables(page)
        parts.append([*rows, *segments_of(outside)])
    # Where some pages are set in columns, the last one, with a few lines in each, is so too.
    known = Counter(round(gutter) for segments in parts if (gutter := _gutter(segments)) is not None)
    gutters = sorted(known, key=lambda place: (-known[place], place))[:_LAYOUTS]
    return [_ordered(segments, (1, 0), gutters) for segments in parts]


def _ordered(segments: Sequence[Line], column: tuple[int, int], known: Sequence[float] = ()) -> list[Line]:
    gutter = _gutter(segments) if column[0] < _MAX_COLUMNS else None
    # Beside running text in two columns, shorter stretches are set in them as well.
    least = 2
    if gutter is None:
        gutter = next(
            (place for place in known if any(split for _, split in _bands(segments, place, 1))), None
        )
        least = 1
    if gutter is None:
        return _across(segments, column)
    found: list[Line] = []
    for band, split in _bands(segments, gutter, least):
        if split:
            left = [line for line in band if line.x1 <= gutter]
            right = [line for line in band if line.x1 > gutter]
            number = column[0] + 1
            found += _ordered(left, (number, column[1]))
            found += _ordered(right, (number, column[1] + 1))
        else:
            found += _across(band, column)
    return found


def _across(segments: Sequence[Line], column: tuple[int, int]) -> list[Line]:
    """Join what stands at one height to a line."""
    lines: list[list[Line]] = []
    for segment in sorted(segments, key=lambda one: (one.y, one.x0)):
        same = lines[-1] if lines and not segment.whole and not lines[-1][0].whole else []
        if same and segment.y - same[0].y <= 0.45 * max(segment.size, same[0].size):
            same.append(segment)
        else:
            lines.append([segment])
    found = []
    for line in lines:
        if line[0].whole:
            line[0].column = column
            found.append(line[0])
        else:
            glyphs = sorted((g for part in line for g in part.glyphs), key=lambda one: one.x0)
            found.append(Line(glyphs, column=column))
    return found


def _gutter(segments: Sequence[Line]) -> float | None:
    """Return where a page is parted in two columns of running text, or None where it is not."""
    plain = [line for line in segments if not line.whole]
    if len(plain) < 2 * _LINES:
        return None
    left, right = min(line.x0 for line in plain), max(line.x1 for line in plain)
    em = statistics.median(line.em for line in plain)
    best: tuple[int, float, float] | None = None
    place = left + _WIDTH * em
    while place <= right - _WIDTH * em:
        crossing = sum(1 for line in segments if line.x0 < place < line.x1)
        # Of places with as few lines across, the one in the middle of the gap.
        before = max((line.x1 for line in plain if line.x1 <= place), default=left)
        after = min((line.x0 for line in plain if line.x0 >= place), default=right)
        uneven = abs((place - before) - (after - place))
        if best is None or (crossing, uneven) < best[:2]:
            best = (crossing, uneven, place)
        place += em / 4
    if best is None:
        return None
    gutter = best[2]
    return gutter if any(parted for _, parted in _bands(segments, gutter, _LINES)) else None


def _bands(segments: Sequence[Line], gutter: float, least: int) -> list[tuple[list[Line], bool]]:
    """Return the page from top to bottom in stretches: those parted by the gutter, and the others."""
    bands: list[tuple[list[Line], bool]] = []
    for line in sorted(segments, key=lambda one: (one.y, one.x0)):
        parted = not line.x0 < gutter < line.x1
        if bands and bands[-1][1] == parted:
            bands[-1][0].append(line)
        else:
            bands.append(([line], parted))
    judged: list[tuple[list[Line], bool]] = []
    for band, parted in bands:
        columns = parted and _is_two_columns(band, gutter, least)
        if judged and judged[-1][1] == columns:
            judged[-1][0].extend(band)
        else:
            judged.append((band, columns))
    return judged


def _is_two_columns(band: Sequence[Line], gutter: float, least: int) -> bool:
    """Say whether a stretch is running text on both sides, and not a table or a line with two ends."""
    sides = [line for line in band if line.x1 <= gutter], [line for line in band if line.x0 >= gutter]
    heights = [len({round(line.y) for line in side if not line.whole}) for side in sides]
    if min(heights) < least:
        return False
    if least < _LINES:
        # Few lines have to begin where a column does: else they are the ends of lines with a wide gap.
        return min(line.x0 for line in sides[1]) - gutter <= _BEGIN * sides[1][0].em
    for side in sides:
        end, begin = max(line.x1 for line in side), min(line.x0 for line in side)
        em = statistics.median(line.em for line in side)
        filled = sum(1 for line in side if line.x1 >= end - 3 * em and line.x0 <= begin + 3 * em)
        if end - begin < _WIDTH * em or filled < _FILLED * len(side):
            return False
    return True
