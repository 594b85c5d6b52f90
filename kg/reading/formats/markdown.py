"""Markdown to the text that its reader sees: no marks, list numbers and line breaks kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kg.reading.html import Page, read_html

if TYPE_CHECKING:
    from markdown_it.token import Token

_NAMES = frozenset({".md", ".markdown", ".mkd", ".mdown"})
# What stands between two lines of three dashes at the very top says something about the document.
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(?P<rows>(?:[^\n]*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_ROW = re.compile(r"(?P<name>[^\s:#\-][^:\n]{0,60}?)[ \t]*:[ \t]+(?P<value>\S[^\n]*)")


def is_markdown(source: str) -> bool:
    """Say whether a text is Markdown, which only its file's name can tell from plain text with marks.

    >>> is_markdown("2021/report.MD"), is_markdown("report.txt")
    (True, False)
    """
    return PurePosixPath(source).suffix.lower() in _NAMES


def read_markdown(text: str, source: str) -> Page:
    r"""Return what a Markdown text shows.

    A line break ends a line, as in the texts that are saved under this name; four spaces begin a paragraph.

    >>> read_markdown("# 年度报告\n\n1. 加强**领导**。\n2. 完善[制度](a.html)。", "a.md").text
    '年度报告\n1. 加强领导。\n2. 完善制度。'

    Raises:
        InputError: it shows no text.

    """
    from markdown_it import MarkdownIt  # noqa: PLC0415

    front = _FRONT.match(text)
    meta = tuple(_front(front["rows"])) if front else ()
    # HTML inside is shown as HTML. A paragraph of Chinese text may be indented as far as code is.
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable("table").disable("code")
    tokens = parser.parse(text[front.end() :] if front else text)
    _number(tokens)
    page = read_html(
        f"<html><body>{parser.renderer.render(tokens, parser.options, {})}</body></html>", source
    )
    title = next((value for name, value in meta if name == "front:title"), "")
    return Page(page.text, title or page.title, (*meta, *page.meta))


def _front(rows: str) -> Iterator[tuple[str, str]]:
    for row in rows.split("\n"):
        match = _ROW.fullmatch(row.strip())
        if match:
            yield f"front:{match['name'].lower()}", match["value"].strip().strip("\"'")


def _number(tokens: Sequence[Token]) -> None:
    """Put the numbers of lists where they are shown: before the first words of each item."""
    number = ""
    for token in tokens:
        if token.type == "list_item_open":
            # Bullets say nothing; a number is part of what the document calls its part.
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline" and number and token.children:
            first = next((child for child in token.children if child.type == "text"), None)
            if first is not None:
                first.content = number + first.content
            number = ""
