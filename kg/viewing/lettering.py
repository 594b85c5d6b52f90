"""Finds room for names in a picture that nobody can zoom: no two overlap, the important ones come first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

LINE_HEIGHT = 1.25
"""From one line of a name to the next, in sizes of its font."""

_CELL = 80  # Pixels; the grid that tells quickly what is near.
# What stays on one row: numbers and Latin words, a character with the brackets and stops that belong to it.
_OPENING = "[\\[(\uff08\u300a\u3008\u201c\u2018\u300c\u3010\u3014]*"
_CLOSING = "[\\]).,;:!?\uff09\u300b\u3009\u201d\u2019\u300d\u3011\u3015\u3001\u3002\uff0c\uff1b\uff1a\u2026]*"
_PIECES = re.compile(_OPENING + r"(?:[A-Za-z0-9.%–-]+|\s+|.|$)" + _CLOSING, re.DOTALL)
_NARROW = frozenset("ijlftrI.,:;|!'()[]{}/\\` ")
_WIDE = frozenset("mwMWQO@%&")
SIDES = ("below", "above", "right", "left")
"""Where a name may stand beside its thing, the best first."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether two boxes have a point inside in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Taken:
    """Boxes that are taken, in a coarse grid: asking stays cheap among thousands."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = {}

    def add(self, box: Box) -> None:
        """Take a box."""
        for cell in _cells(box):
            self._cells.setdefault(cell, []).append(box)

    def free(self, box: Box) -> bool:
        """Tell whether no taken box meets this one."""
        return not any(box.meets(other) for cell in _cells(box) for other in self._cells.get(cell, ()))


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for x in range(int(box.left // _CELL), int(box.right // _CELL) + 1):
        for y in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1):
            yield x, y


def width(text: str, size: float) -> float:
    """Return how wide a text is at most, in pixels: no font is asked, so that every machine draws the same.

    >>> width("珠山区", 12), round(width("Zhushan", 12), 1)
    (36.0, 53.3)
    """
    return size * sum(map(_ems, text))


def _ems(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in _NARROW:
        return 0.38
    if character in _WIDE:
        return 0.95
    return 0.72 if character.isupper() else 0.62 if character.isascii() else 0.8


def rows(text: str, ems: float, most: int) -> tuple[str, ...]:
    """Break a name into rows of like length, at most ``most`` of ``ems``; numbers and words stay whole.

    >>> rows("重大行政决策程序暂行条例", 8, 2)
    ('重大行政决策程', '序暂行条例')
    >>> rows("江西省乡镇（街道）赋权指导目录", 11, 2)
    ('江西省乡镇（街', '道）赋权指导目录')
    >>> rows("中华人民共和国行政处罚法", 4, 2)
    ('中华人民', '共和国…')
    """
    whole = width(text, 1)
    if whole <= ems:
        return (text.strip(),)
    even = min(ems, whole / -(-whole // ems) + 1)
    found = [""]
    for piece in filter(None, _PIECES.findall(text)):
        for part in piece if width(piece, 1) > ems else (piece,):
            if found[-1] and width(found[-1] + part, 1) > even:
                found.append("")
            found[-1] += part
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1][:-1] + "…"]
    return tuple(filter(None, (row.strip() for row in found)))


def shorten(text: str, size: float, most: float) -> str:
    """Return a text that is at most so many pixels wide, with an ellipsis where it was cut."""
    if width(text, size) <= most:
        return text
    while text and width(text + "…", size) > most:
        text = text[:-1]
    return text + "…"


@dataclass(frozen=True, slots=True)
class Label:
    """Words that have found their place: rows around ``x``, from ``box.top`` downwards."""

    of: str
    rows: tuple[str, ...]
    box: Box
    size: float
    role: str

    @property
    def x(self) -> float:
        """The middle of the rows."""
        return (self.box.left + self.box.right) / 2


@dataclass(slots=True)
class Lettering:
    """The words of a picture; ``area`` is where they may stand, ``shapes`` what they should not cover."""

    area: Box
    labels: list[Label] = field(default_factory=list)
    shapes: Taken = field(default_factory=Taken)
    _names: Taken = field(default_factory=Taken)

    def write(  # noqa: PLR0913 - what, where, how
        self,
        of: str,
        words: Sequence[str],
        point: tuple[float, float],
        gap: float,
        *,
        size: float,
        role: str,
        sides: Iterable[str] = SIDES,
        may_cover: bool = False,
    ) -> bool:
        """Place words beside a point, ``gap`` pixels from it; tell whether there was room.

        With ``may_cover`` they may stand on shapes, but never on other words.
        """
        wide = max(width(row, size) for row in words) + 4
        high = len(words) * size * LINE_HEIGHT + 2
        boxes = [self._inside(_beside(side, point, gap, wide, high)) for side in sides]
        free = [box for box in boxes if box is not None and self._names.free(box)]
        found = next((box for box in free if self.shapes.free(box)), None)
        if found is None and may_cover and free:
            found = free[0]
        if found is None:
            return False
        self._names.add(found)
        self.labels.append(Label(of, tuple(words), found, size, role))
        return True

    def _inside(self, box: Box) -> Box | None:
        """Return a box moved as far as it has to be to be whole in the picture."""
        area, wide, high = self.area, box.right - box.left, box.bottom - box.top
        if wide > area.right - area.left or high > area.bottom - area.top:
            return None
        left = min(max(box.left, area.left), area.right - wide)
        top = min(max(box.top, area.top), area.bottom - high)
        return Box(left, top, left + wide, top + high)


def _beside(side: str, point: tuple[float, float], gap: float, wide: float, high: float) -> Box:
    x, y = point
    left = {"right": x + gap + 2, "left": x - gap - 2 - wide}.get(side, x - wide / 2)
    top = {"below": y + gap + 2, "above": y - gap - 2 - high}.get(side, y - high / 2)
    return Box(left, top, left + wide, top + high)
