"""Bytes to a document: decodes, keeps the text as it is, and says what each line of a page is for."""

from __future__ import annotations

import hashlib

from kg.errors import InputError
from kg.model import Document, Region
from kg.reading.fields import markup_fields, read_fields
from kg.reading.layout import Layout, lay_out
from kg.reading.lines import is_blank, squeeze
from kg.reading.mending import mend
from kg.reading.opening import open_content
from kg.reading.titles import cut_suffix
from kg.rules.layout import LayoutRules, load_layout_rules

__all__ = ["read"]

_NUMBER = 40  # characters of a line that is a document number and nothing else


def read(data: bytes, source: str) -> Document:
    r"""Read one file.

    >>> page = "青川市关于普法工作的报告\n青府〔2021〕4号\n市人大常委会：\n2020年，我市扎实普法。"
    >>> [(field.name, field.value) for field in read(page.encode(), "report.txt").fields]
    [('title', '青川市关于普法工作的报告'), ('docNumber', '青府〔2021〕4号'), ('addressee', '市人大常委会')]

    Args:
        data: the file's bytes.
        source: its name for messages and for the graph.

    Raises:
        InputError: the file is empty, too large, no text, in an unknown encoding or of an unknown format.

    """
    rules = load_layout_rules()
    content = open_content(data, source)
    text, written = mend(
        content.text,
        ends=lambda line: rules.search("sentence", line[-2:]) is not None,
        begins=lambda line: rules.start("numbering", line) is not None,
    )
    if is_blank(text):
        raise InputError(source, "empty", "the file holds only white space", "fill or remove it")
    title = cut_suffix(content.title, rules) if content.title else ""
    known = tuple(filter(None, (title, *(v for n, v in content.meta if rules.meta.get(n) == "title"))))
    layout = lay_out(text, known, rules)
    extra = list(markup_fields(text, content.title, content.meta, rules))
    return Document(
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        encoding=content.encoding,
        media_type=content.media_type,
        regions=_regions(layout, len(text)),
        fields=read_fields(text, layout, extra, rules),
        flags=_flags(text, layout, rules),
        written=written,
    )


def _regions(layout: Layout, length: int) -> tuple[Region, ...]:
    """Join lines of one role; empty lines belong to what is above them, the first ones to what is below."""
    parts: list[Region] = []
    begin, role = 0, next(role for line, role in zip(layout.lines, layout.roles, strict=True) if line.text)
    for line, own in zip(layout.lines, layout.roles, strict=True):
        if line.text and own != role:
            parts.append(Region(begin, line.begin, role))
            begin, role = line.begin, own
    parts.append(Region(begin, length, role))
    if layout.title is not None:
        parts = _cut(parts, Region(layout.title.end, layout.lines[layout.title.lines[-1]].end, "metadata"))
    joined: list[Region] = []
    for part in parts or [Region(0, length, "body")]:
        if joined and joined[-1].role == part.role:
            joined[-1] = Region(joined[-1].start, part.end, part.role)
        else:
            joined.append(part)
    return tuple(joined)


def _cut(parts: list[Region], inner: Region) -> list[Region]:
    """Give a stretch inside one part a role of its own."""
    result = []
    for part in parts:
        if inner.start < inner.end and part.start <= inner.start and inner.end <= part.end:
            pieces = (
                Region(part.start, inner.start, part.role),
                inner,
                Region(inner.end, part.end, part.role),
            )
            result += [piece for piece in pieces if piece.start < piece.end]
        else:
            result.append(part)
    return result


def _flags(text: str, layout: Layout, rules: LayoutRules) -> tuple[str, ...]:
    """Return what is to be noted of a page: that it was hijacked, or seems to hold several documents."""
    flags = ["hijacked-page"] if layout.hijacked else []
    lines = (line.strip() for line in text.split("\n"))
    numbers = {squeeze(line) for line in lines if 0 < len(line) <= _NUMBER and rules.full("number", line)}
    if len(numbers) > 1:
        flags.append("several-documents")
    return tuple(flags)
