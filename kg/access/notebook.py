"""Shows objects in a notebook: small pieces of HTML that bring their style along and run nothing."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from kg.graph.tables import plain

# Colours are the notebook's own, so that light and dark themes both stay readable; only the marker has one.
_MARK = "background:rgba(240,190,60,.4);color:inherit;padding:.1em 0"
_SOFT = "opacity:.7;font-size:90%"
_CARD = "border-left:3px solid rgba(128,128,128,.5);padding:.1em .8em;margin:.5em 0;text-align:left"
_CELL = "text-align:left;vertical-align:top"
_KEPT = "white-space:pre-wrap"


def escape(text: str) -> str:
    """Return text as HTML that shows it: no markup, nothing that turns its direction around.

    >>> escape("<b>甲&乙</b>")
    '&lt;b&gt;甲&amp;乙&lt;/b&gt;'
    """
    return html.escape("\n".join(map(plain, text.split("\n"))))


def sentence(before: str, words: str, behind: str, where: str) -> str:
    """Return a sentence marked in the text around it, and where it stands."""
    marked = f'<mark style="{_MARK}">{escape(words)}</mark>'
    text = f'<div style="{_KEPT}">{escape(before)}{marked}{escape(behind)}</div>'
    return f'<div style="{_CARD}">{text}<div style="{_SOFT}">{escape(where)}</div></div>'


def statement(told: Sequence[str], marks: Iterable[str], words: Iterable[str]) -> str:
    """Return what is stated (subject, predicate, object), marks, and sentences, which are HTML already."""
    subject, predicate, obj = map(escape, told)
    notes = "".join(f" · {escape(mark)}" for mark in marks)
    head = f"<b>{subject}</b> {predicate} <b>{obj}</b>"
    return f'<div><div>{head}<span style="{_SOFT}">{notes}</span></div>{"".join(words)}</div>'


def card(name: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a thing by its name and what is known of it."""
    return f"<div><b>{escape(name)}</b>{table((), rows)}</div>"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as a table."""
    head = "".join(f'<th style="{_CELL}">{escape(column)}</th>' for column in columns)
    cells = ("".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def words(text: str) -> str:
    """Return text of several lines as it is laid out."""
    return f'<pre style="{_KEPT}">{escape(text)}</pre>'
