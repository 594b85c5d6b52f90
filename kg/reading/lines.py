"""Splits a text into its lines, which know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

# White space that pads lines on web pages, beyond what str.strip removes.
_PADDING = "\ufeff\u200b\u200c\u200d"
_UNPADDED = str.maketrans("", "", _PADDING)
_PADDED = re.compile(f"[{_PADDING}]")
_GAP = re.compile(r"\s")
_VISIBLE = re.compile(rf"[^\s{_PADDING}]")

# A line of this length may hold a page without line breaks; paragraphs of this length hold nothing to split.
_RUN = 400
# Marks of Markdown around a whole line: heading, quotation, emphasis; a row of a table has bars at both ends.
_HEAD_MARK = re.compile(r"(?:#{1,6}[ \t]+|>[ \t]+)+")
_EMPHASIS = ("**", "__")


class Sought(Protocol):
    """What can be searched for: a pattern."""

    def search(self, string: str, /) -> re.Match[str] | None:
        """Return the first place in a text where it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text without outer white space stands at ``start:end``, all of it at ``begin:stop``.

    ``stop`` is behind the line feed.
    """

    begin: int
    stop: int
    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether nothing but white space stands here."""
        return not self.text


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without outer white space (an empty one where there is nothing else).

    >>> trim("  年度报告 ", 0, 7)
    (2, 6)
    """
    while start < end and (text[start].isspace() or text[start] in _PADDING):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _PADDING):
        end -= 1
    return start, end


def split_lines(
    text: str,
    breaks: Sequence[Sought] = (),
    gaps: Sequence[Sought] = (),
    runs: Sequence[Sought] = (),
) -> tuple[Line, ...]:
    r"""Return the lines of ``text``, which cover it without gaps.

    A line is split where one of ``breaks`` says that a line break was lost: where its group ``rest`` begins.
    ``gaps`` say so for lines that have white space inside, ``runs`` for those that are too long to be one
    besides, as those of a page without line breaks.

    >>> [line.text for line in split_lines("市政府：\n\n 2020年，我市…")]
    ['市政府：', '', '2020年，我市…']
    >>> lost = re.compile("^各位代表：(?P<rest>.)")
    >>> [line.text for line in split_lines("各位代表：现在报告工作。", [lost])]
    ['各位代表：', '现在报告工作。']
    """
    lines = []
    begin = 0
    for part in _parts(text):
        for length in _lengths(part, breaks, gaps, runs):
            start, end = _unmarked(text, *trim(text, begin, begin + length))
            lines.append(Line(begin, begin + length, start, end, text[start:end]))
            begin += length
    return tuple(lines)


def _unmarked(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without the marks of Markdown around it."""
    head = _HEAD_MARK.match(text, start, end)
    start = head.end() if head else start
    if end - start > 2 and text[start] == "|" == text[end - 1]:
        start, end = trim(text, start + 1, end - 1)
    for mark in _EMPHASIS:
        if end - start > 2 * len(mark) and text.startswith(mark, start) and text.endswith(mark, start, end):
            start, end = start + len(mark), end - len(mark)
    return start, end


def _lengths(
    part: str,
    breaks: Sequence[Sought],
    gaps: Sequence[Sought],
    runs: Sequence[Sought],
) -> Iterator[int]:
    """Yield the lengths of the lines that one physical line holds."""
    begin = 0
    while True:
        start, end = trim(part, begin, len(part))
        if start == end:
            yield len(part) - begin
            return
        line, patterns = part[start:end], breaks
        if _GAP.search(line):
            patterns = (*breaks, *gaps) if end - start < _RUN else (*breaks, *gaps, *runs)
        found = [match.start("rest") for pattern in patterns if (match := pattern.search(line))]
        if not found or min(found) == 0:
            yield len(part) - begin
            return
        yield start + min(found) - begin
        begin = start + min(found)


def _parts(text: str) -> list[str]:
    """Split after every line feed; form feeds and other separators stay inside their line."""
    pieces = text.split("\n")
    parts = [piece + "\n" for piece in pieces[:-1]]
    return [*parts, pieces[-1]] if pieces[-1] else parts


def squeeze(text: str) -> str:
    """Return ``text`` without any white space, for comparing titles that are spaced or broken differently."""
    if _PADDED.search(text):  # a rare sign, and translating is slow
        text = text.translate(_UNPADDED)
    return "".join(text.split())


def is_blank(text: str) -> bool:
    """Tell whether there is nothing but white space in ``text``, however long that is.

    >>> is_blank("\u3000\ufeff\\n"), is_blank(" 普法 ")
    (True, False)
    """
    return _VISIBLE.search(text) is None
