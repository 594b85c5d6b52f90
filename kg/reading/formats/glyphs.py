"""What stands where on the pages of a PDF: characters, lines of text, ruled lines."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

# Scripts that are written without spaces between words: Han, kana, their punctuation and full-width forms.
_WIDE_SCRIPTS = (
    (0x2E80, 0x2FDF), (0x3000, 0x30FF), (0x3100, 0x31FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip
# Quotation marks, dashes and dots that are set wide among wide characters.
_OPENING = frozenset({"Ps", "Pi"})
_CLOSING = frozenset({"Pe", "Pf", "Po"})
_WIDE_SIGNS = frozenset("\u2014\u2018\u2019\u201c\u201d\u2026\u00b7")

# A word with a colon, as values of a page's head have before them: it stands apart from the value before it.
_LABEL = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff ]{1,7}[:\uff1a]")
# The space before a character.
SEEMS, SET = 1, 2


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: where it begins and ends on its line, its baseline (downwards), its size.

    ``space`` says what stands before it: ``SET`` a space of the file, ``SEEMS`` a gap that looks like one.
    """

    sign: str
    x0: float
    x1: float
    y: float
    size: float
    space: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: at ``at``, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """Everything of one page that reading it needs."""

    glyphs: tuple[Glyph, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    top: float
    bottom: float
    has_images: bool = False


@dataclass(slots=True)
class Line:
    """A line of text in one column of a page; ``whole`` is the text of a row of a table, kept as it is."""

    glyphs: list[Glyph]
    page: int = 0
    column: tuple[int, int] = (1, 0)
    whole: str = ""
    x0: float = field(init=False)
    x1: float = field(init=False)
    y: float = field(init=False)
    size: float = field(init=False)
    em: float = field(init=False)

    def __post_init__(self) -> None:
        self.x0 = min(glyph.x0 for glyph in self.glyphs)
        self.x1 = max(glyph.x1 for glyph in self.glyphs)
        self.y = statistics.median(glyph.y for glyph in self.glyphs)
        self.size = statistics.median(glyph.size for glyph in self.glyphs)
        wide = [glyph.x1 - glyph.x0 for glyph in self.glyphs if is_wide(glyph.sign)]
        self.em = statistics.median(wide) if wide else self.size

    @property
    def text(self) -> str:
        """The words of the line."""
        return self.whole or text_of(self.glyphs)


@lru_cache(4096)
def is_wide(sign: str) -> bool:
    """Say whether a character is of a script without spaces between words.

    >>> is_wide("市"), is_wide("，"), is_wide("a"), is_wide("1")
    (True, True, False, False)
    """
    point = ord(sign[0])
    return sign in _WIDE_SIGNS or any(first <= point <= last for first, last in _WIDE_SCRIPTS)


def text_of(glyphs: Sequence[Glyph]) -> str:
    """Return the words of glyphs in the order of a line, with a space where there is one."""
    pairs = list(pairwise(glyphs))
    # Justified lines spread their characters: a space is wider than what parts all others.
    spread = [after.x0 - before.x1 for before, after in pairs if is_wide(before.sign) and is_wide(after.sign)]
    usual = max(sorted(spread)[len(spread) // 4], 0.0) if spread else 0.0
    parts = [glyph.sign for glyph in glyphs[:1]]
    for before, after in pairs:
        parts.append(f" {after.sign}" if _is_gap(before, after, usual) else after.sign)
    return "".join(parts)


def _is_gap(before: Glyph, after: Glyph, usual: float) -> bool:
    gap, wide = after.x0 - before.x1, is_wide(before.sign) or is_wide(after.sign)
    if after.space == SET:
        return gap > 0.05 * after.size
    if after.space == SEEMS and wide:
        return gap - usual > 0.17 * after.size
    return gap - (usual if wide else 0) > (0.75 if wide else 0.2) * after.size


def lines_of(glyphs: Iterable[Glyph], tolerance: float = 0.35) -> list[list[Glyph]]:
    """Return glyphs by baseline, from top to bottom, each line from left to right, no glyph printed twice."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.y, one.x0)):
        if lines and glyph.y - lines[-1][0].y <= tolerance * max(glyph.size, lines[-1][0].size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [_once(sorted(line, key=lambda one: (one.x0, one.x1))) for line in lines]


def _once(line: list[Glyph]) -> list[Glyph]:
    """Drop what is printed twice at nearly the same place, as some programs make letters bold."""
    kept: list[Glyph] = []
    for glyph in line:
        twin = any(
            other.sign == glyph.sign and glyph.x0 - other.x0 < 0.3 * max(glyph.x1 - glyph.x0, 0.1)
            for other in kept[-3:]
        )
        if not twin:
            kept.append(glyph)
    return kept


def segments_of(glyphs: Iterable[Glyph], gap: float = 0.9) -> list[Line]:
    """Return stretches of lines that no gap of a character and more parts: text, or cells of a table."""
    found: list[Line] = []
    for line in lines_of(glyphs, 0.2):
        part: list[Glyph] = []
        for glyph in line:
            if part and glyph.x0 - part[-1].x1 > gap * max(glyph.size, part[-1].size):
                found.append(Line(part))
                part = []
            part.append(glyph)
        found.append(Line(part))
    return found


def unit_width(line: Line) -> float:
    """Return the width of what stands at a line's beginning and cannot be broken: it did not fit above."""
    width, last, closed = 0.0, "", ""
    for glyph in line.glyphs:
        kind = unicodedata.category(glyph.sign[0])
        if last and kind not in _CLOSING:
            # Between two quotations no line is broken.
            breaks = kind in _OPENING or glyph.space or is_wide(glyph.sign) or is_wide(last)
            breaks = breaks and not (kind == "Pi" and closed == "Pf")
            if breaks:
                break
        width, closed = glyph.x1 - line.x0, kind
        last = last if kind in _OPENING else glyph.sign
    return width


def joined(text: str, more: str) -> str:
    """Join the halves of a broken line: words with a space, a broken word without its hyphen.

    >>> joined("全市深化", "改革"), joined("the rule", "of law"), joined("govern-", "ment")
    ('全市深化改革', 'the rule of law', 'government')
    """
    before, after = text[-1:], more[:1]
    word = text[-2:-1].isascii() and text[-2:-1].isalpha() and after.isascii() and after.islower()
    if before == "-" and word:
        return text[:-1] + more
    if before.isascii() and before.isalnum() and _LABEL.match(more):
        return f"{text} {more}"
    return text + ("" if not before or is_wide(before) or is_wide(after) else " ") + more
