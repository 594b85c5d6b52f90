"""What a list says of a document: metadata where the document is silent, a contradiction where it is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kg.model import Conflict, Document, Field, Span
from kg.reading.addresses import web_address
from kg.reading.values import document_number, iso_date
from kg.rules.layout import load_layout_rules

_DATES = frozenset({"issued", "published"})
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPARED = {"title": "title", "issued": "date", "published": "date", "docNumber": "number"}
"""The fields in which a list and a document can contradict each other, and the kind of the contradiction."""


def normal(name: str, value: str) -> str:
    """Return what a list says in the form of a document's own field, "" where it cannot be that.

    >>> normal("issued", "2021/1/7 0:00"), normal("issued", "20210107"), normal("published", "some day.")
    ('2021-01-07', '2021-01-07', '')
    """
    rules = load_layout_rules()
    value = " ".join(value.split())
    if name == "url":
        return web_address(value)
    if name == "docNumber":
        return document_number(value, rules)
    if name in _DATES:
        match = None if rules.full("date", value) else rules.search("date_inside", value)
        found = iso_date(match[0].strip() if match else value, rules)
        return found if _ISO.fullmatch(found) else ""
    return value


def add(document: Document, said: Mapping[str, str]) -> Document:
    """Return a document with the fields of a list that it does not have itself, and with its address."""
    known = {field.name for field in document.fields if field.value}
    new = [
        Field(name, value, start, end)
        for name, value in sorted(said.items())
        if value and (name not in known or name == "url")
        for start, end in [_extent(document.text, value)]
    ]
    fields = sorted((*document.fields, *new), key=lambda field: (field.start, field.end, field.name))
    return replace(document, fields=tuple(fields)) if new else document


def contradictions(document: Document, said: Mapping[str, str]) -> Iterator[Conflict]:
    """Yield where the list says another thing than the document, which is believed."""
    for name, kind in _COMPARED.items():
        own = next((field for field in document.fields if field.name == name and field.value), None)
        listed = said.get(name, "")
        if own is None or not listed or _agree(own.value, listed):
            continue
        if kind == "date" and not _ISO.fullmatch(own.value):
            continue
        span = Span(own.start, own.end)
        message = f"{name}: {own.value} in the document, {listed} in the list it came with"
        yield Conflict(kind, (span, span), (own.value, listed), message)


def _agree(own: str, listed: str) -> bool:
    """Say whether two values are one, or one is the other cut off, as lists do with titles."""
    one, two = _folded(own), _folded(listed)
    return one in two or two in one


def _folded(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())


def _extent(text: str, value: str) -> tuple[int, int]:
    """Return where a document has the words of a value; one that it does not show has no extent."""
    start = text.find(value)
    return (start, start + len(value)) if start >= 0 else (0, 0)
