"""PDF with text to the text that its reader sees: no page headers, whole paragraphs, tables row by row.

PDFium finds the characters; which of them make a line, a column, a row or a paragraph is told here by where
they stand.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from kg.errors import InputError
from kg.reading.content import Content, own_title
from kg.reading.formats.glyphs import SEEMS, SET, Glyph, PageGlyphs, Rule, is_wide
from kg.reading.formats.pages import text_of_pages
from kg.rules import radicals

MEDIA_TYPE = "application/pdf"

MAX_PAGES = 2_000
# A page of a newspaper has fewer characters, a large table fewer lines and fewer other objects.
_MAX_GLYPHS = 100_000
_MAX_PATHS = 20_000
_MAX_OBJECTS = 200_000
_MAX_DEPTH = 8
# A ruled line is drawn as one or as a filled rectangle of at most this thickness, in points.
_THIN = 3.0
_SLOPE = 0.5
_QUARTER = math.pi / 2
# Text that leans more than this, in quarter turns, is a stamp or a water mark; a character larger than this,
# in points, an ornament.
_LEANING = 0.06
_HUGE = 500.0
# Programs set at most this space, in ems, between Chinese characters and figures without being told.
_MOST_BETWEEN = 0.3
# What some programs write between characters: zero-width spaces and joiners, soft hyphens.
_INVISIBLE = "\u200b\u200c\u200d\ufeff\u00ad"
# Of the characters at most this share may have no meaning before the text counts as none.
_UNREADABLE = 0.3
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_SCAN = "run OCR first, or find the text version"


def read_pdf(data: bytes, source: str) -> Content:
    """Return what the text of a PDF says.

    Raises:
        InputError: it is damaged, protected, has too many pages or no text.

    """
    document = _open(data, source)
    try:
        count = len(document)
        if count > MAX_PAGES:
            problem = f"{count:,} pages are over the limit of {MAX_PAGES:,}"
            raise InputError(source, "too-large", problem, "split the file")
        pages = [_page(document, index, source) for index in range(count)]
        title = own_title(document.get_metadata_value("Title"))
    finally:
        document.close()
    signs = Counter(glyph.sign for page in pages for glyph in page.glyphs)
    if not signs:
        pictures = any(page.has_images for page in pages)
        problem = "page images without text (a scan)" if pictures else "its pages show no text"
        raise InputError(source, "no-text", problem, _SCAN)
    unreadable = sum(times for sign, times in signs.items() if not _is_readable(sign))
    if unreadable > _UNREADABLE * signs.total():
        problem = "its fonts do not say which characters they show"
        raise InputError(source, "no-text", problem, _SCAN)
    auto = _space_between_scripts(pages)
    text = text_of_pages([_readable(page, auto) for page in pages])
    return Content(text, "", MEDIA_TYPE, "", (("pdf:title", title),) if title else ())


def _open(data: bytes, source: str) -> Any:
    try:
        # A document that only forbids changes opens with no password.
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            problem, advice = (
                "it is a PDF protected by a password",
                "remove the password, or save it again without one",
            )
            raise InputError(source, "encrypted", problem, advice) from error
        problem, advice = "it is a damaged PDF, no page of which can be found", "download or save it again"
        raise InputError(source, "damaged", problem, advice) from error


def _page(document: Any, index: int, source: str) -> PageGlyphs:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        problem, advice = f"it is a damaged PDF, page {index + 1} cannot be read", "download or save it again"
        raise InputError(source, "damaged", problem, advice) from error
    text = page.get_textpage()
    try:
        count = pdfium.FPDFText_CountChars(text.raw)
        if count > _MAX_GLYPHS:
            problem = f"page {index + 1} has {count:,} characters, over the limit of {_MAX_GLYPHS:,}"
            raise InputError(source, "too-large", problem, "remove it from the input")
        turn, glyphs = _upright(list(_characters(text.raw, count)))
        frame = _Frame(turn)
        across, down, images = _drawn(page.raw, frame)
        left, low, right, high = page.get_mediabox()
        ends = [frame.turned(x, y)[1] for x in (left, right) for y in (low, high)]
        return PageGlyphs(glyphs, across, down, min(ends), max(ends), images)
    finally:
        text.close()
        page.close()


class _Frame:
    """Turns a page so that its text runs from left to right, and its y downwards."""

    def __init__(self, turn: int) -> None:
        angle = turn * _QUARTER
        self._cos, self._sin = round(math.cos(angle)), round(math.sin(angle))

    def turned(self, x: float, y: float) -> tuple[float, float]:
        return x * self._cos + y * self._sin, -(y * self._cos - x * self._sin)


@dataclass(frozen=True, slots=True)
class _Character:
    """A character as PDFium gives it: direction in quarter turns, origin, far end of its box, size."""

    sign: str
    turn: int
    origin: tuple[float, float]
    end: tuple[float, float]
    width: float
    size: float
    space: int


def _characters(text: Any, count: int) -> Iterator[_Character]:
    """Yield the characters of a page in the order in which it draws them."""
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = space = 0
    for index in range(count):
        point = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= point < 0xDC00:
            high = point
            continue
        if high and 0xDC00 <= point < 0xE000:
            point = 0x10000 + ((high - 0xD800) << 10) + (point - 0xDC00)
        high = 0
        sign = chr(point) if 0 < point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"
        if sign.isspace() or sign in _INVISIBLE:
            space = max(space, SEEMS if pdfium.FPDFText_IsGenerated(text, index) == 1 else SET)
            continue
        if not (
            pdfium.FPDFText_GetLooseCharBox(text, index, box)
            and pdfium.FPDFText_GetMatrix(text, index, matrix)
            and pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        ):
            continue
        turns = math.atan2(matrix.b, matrix.a) / _QUARTER
        scale = pdfium.FPDFText_GetFontSize(text, index)
        size = abs(scale) * math.hypot(matrix.c, matrix.d)
        if abs(turns - round(turns)) > _LEANING or not 0 < size < _HUGE:
            continue
        turn = round(turns) % 4
        end = (box.left if turn == 2 else box.right, box.bottom if turn == 3 else box.top)
        width = abs(scale) * math.hypot(matrix.a, matrix.b)
        yield _Character(sign, turn, (x.value, y.value), end, width, size, space)
        space = 0


def _upright(found: list[_Character]) -> tuple[int, tuple[Glyph, ...]]:
    """Return the direction of most of a page's text, and what runs in it: the rest is stamps."""
    directions = Counter(character.turn for character in found)
    turn = min(directions, key=lambda one: (-directions[one], one)) if directions else 0
    frame = _Frame(turn)
    glyphs = []
    for one in found:
        if one.turn != turn:
            continue
        x0, y = frame.turned(*one.origin)
        # The box of some fonts is only as wide as the ink: a wide character has a square of its own.
        x1 = x0 + one.width if is_wide(one.sign) else max(frame.turned(*one.end)[0], x0)
        if math.isfinite(x0 + x1 + y):
            glyphs.append(Glyph(one.sign, x0, x1, y, one.size, one.space))
    return turn, tuple(glyphs)


def _is_readable(sign: str) -> bool:
    return sign.isprintable() and sign != "\ufffd" and not "\ue000" <= sign <= "\uf8ff"


def _space_between_scripts(pages: Sequence[PageGlyphs]) -> float:
    """Return how far apart figures and Chinese characters stand, in ems: many programs part them."""
    gaps = sorted(
        (after.x0 - before.x1) / after.size
        for page in pages
        for before, after in pairwise(page.glyphs)
        if before.y == after.y and _are_of_two_scripts(before.sign, after.sign)
    )
    return min(max(gaps[len(gaps) // 2], 0.0), _MOST_BETWEEN) if gaps else 0.0


def _are_of_two_scripts(before: str, after: str) -> bool:
    return is_wide(before) != is_wide(after) and before.isalnum() and after.isalnum()


def _readable(page: PageGlyphs, auto: float) -> PageGlyphs:
    """Write each character as documents do: no controls, ligatures as letters, radicals as characters."""
    glyphs: list[Glyph] = []
    unified = radicals.load()
    for glyph in page.glyphs:
        sign = _LIGATURES.get(glyph.sign, unified.get(glyph.sign, glyph.sign))
        if not _is_readable(sign):
            continue
        last = glyphs[-1] if glyphs else None
        if last is not None and last.y == glyph.y and _are_of_two_scripts(last.sign, sign):
            # The space that a program sets between figures and Chinese characters belongs to neither.
            glyphs[-1] = replace(last, x1=min(last.x1 + auto * glyph.size, max(last.x1, glyph.x0)))
        glyphs.append(replace(glyph, sign=sign))
    return replace(page, glyphs=tuple(glyphs))


def _drawn(page: Any, frame: _Frame) -> tuple[tuple[Rule, ...], tuple[Rule, ...], bool]:
    """Return the ruled lines of a page, across and down, and whether it shows images."""
    across: list[Rule] = []
    down: list[Rule] = []
    images, paths = False, 0
    for kind, item, steps in _objects(page):
        images = images or kind == pdfium.FPDF_PAGEOBJ_IMAGE
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            if paths > _MAX_PATHS:
                # A map or a drawing, whose lines mean nothing for the text.
                return (), (), images
            for begin, end in _strokes(item, steps, frame):
                _add(begin, end, across, down)
    return tuple(across), tuple(down), images


def _add(begin: tuple[float, float], end: tuple[float, float], across: list[Rule], down: list[Rule]) -> None:
    (x0, y0), (x1, y1) = begin, end
    if abs(y0 - y1) <= _SLOPE and abs(x0 - x1) > _THIN:
        across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x0 - x1) <= _SLOPE and abs(y0 - y1) > _THIN:
        down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


_Matrix = tuple[float, float, float, float, float, float]


def _objects(page: Any) -> Iterator[tuple[int, Any, list[_Matrix]]]:
    """Yield a page's objects and those inside its forms, with the matrices that place them."""
    count = pdfium.FPDFPage_CountObjects(page)
    waiting: list[tuple[Any, list[_Matrix], int]] = [
        (pdfium.FPDFPage_GetObject(page, i), [], 0) for i in range(min(count, _MAX_OBJECTS))
    ]
    while waiting:
        item, outer, depth = waiting.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        # Most objects are text, whose place is known from its characters.
        placed = kind in {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM}
        steps = [_matrix(item), *outer] if placed else outer
        yield kind, item, steps
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = min(pdfium.FPDFFormObj_CountObjects(item), _MAX_OBJECTS)
            waiting += [(pdfium.FPDFFormObj_GetObject(item, i), steps, depth + 1) for i in range(inner)]


def _matrix(item: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return (1, 0, 0, 1, 0, 0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _strokes(
    item: Any, steps: list[_Matrix], frame: _Frame
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the straight lines that a path shows; of a filled thin rectangle the line in its middle."""
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, mode, stroked)
    for points in _outlines(item, steps, frame):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if stroked.value and min(wide, high) > _THIN:
            yield from pairwise(points)
        elif (stroked.value or mode.value) and min(wide, high) <= _THIN < max(wide, high):
            if wide > high:
                middle = (min(ys) + max(ys)) / 2
                yield (min(xs), middle), (max(xs), middle)
            else:
                middle = (min(xs) + max(xs)) / 2
                yield (middle, min(ys)), (middle, max(ys))


def _outlines(item: Any, steps: list[_Matrix], frame: _Frame) -> Iterator[list[tuple[float, float]]]:
    """Yield the parts of a path that consist of straight lines."""
    points: list[tuple[float, float]] = []
    straight = True
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(pdfium.FPDFPath_CountSegments(item), _MAX_PATHS)):
        part = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(part)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if straight and len(points) > 1:
                yield points
            points, straight = [], True
        straight = straight and kind != pdfium.FPDF_SEGMENT_BEZIERTO
        pdfium.FPDFPathSegment_GetPoint(part, x, y)
        here = (x.value, y.value)
        for a, b, c, d, e, f in steps:
            here = (a * here[0] + c * here[1] + e, b * here[0] + d * here[1] + f)
        points.append(frame.turned(*here))
        if pdfium.FPDFPathSegment_GetClose(part) and points:
            points.append(points[0])
    if straight and len(points) > 1:
        yield points
