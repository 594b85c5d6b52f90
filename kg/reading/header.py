"""Reads the table of metadata above a text, however it was flattened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kg.reading.labels import Pair, pairs
from kg.reading.lines import squeeze
from kg.reading.page import Page

# A row of a table has at least so many labels.
_ROW = 2
# A value up to this length is no title.
_WORD = 4
_VALUES = frozenset({"short", "number", "date"})


def read_header(page: Page, first: int) -> list[str]:
    """Collect the labelled values above line ``first``, and return the titles among them."""
    _bare_labels(page, first)
    labelled = [index for index in range(first) if page.kinds[index] == "label"]
    own = {index: list(pairs(page.lines[index], page.text, page.rules, 1)) for index in labelled}
    _rows(page, first, own)
    _values_beside(page, first, own)
    found = [pair for index in labelled for pair in own[index]]
    page.pairs += found
    return [page.text[p.start : p.end] for p in found if p.label.field == "title" and p.start < p.end]


def _bare_labels(page: Page, first: int) -> None:
    """Mark lines of a table whose labels have no colons: two lines or more begin with a label, or are one."""
    rules, lines = page.rules, page.lines
    short = [i for i in range(first) if page.kinds[i] == "short"]
    matches = {index: rules.bare_labels.match(lines[index].text) for index in short}
    begun = [i for i, match in matches.items() if match and rules.words[squeeze(match["word"])].field]
    if len(begun) > 1 or (begun and "label" in page.kinds[:first]):
        for index in begun:
            page.kinds[index] = "label"


def _rows(page: Page, first: int, own: dict[int, list[Pair]]) -> None:
    """Read a row of labels with the row of their values below it."""
    for index, below in pairwise(i for i in range(first) if page.lines[i].text):
        labels, values = own.get(index, []), page.lines[below]
        if len(labels) < _ROW or page.kinds[below] not in _VALUES or any(p.start < p.end for p in labels):
            continue
        cells = [match.span() for match in page.rules.shapes["cell"][0].finditer(values.text)]
        if len(labels) == len(cells):
            page.kinds[below] = "value"
            own[index] = [
                Pair(pair.label, pair.at, values.start + start, values.start + end)
                for pair, (start, end) in zip(labels, cells, strict=True)
            ]


def _values_beside(page: Page, first: int, own: dict[int, list[Pair]]) -> None:
    """Read a table copied cell by cell: a label on one line, its value on the next or the one above."""
    filled = [index for index in range(first) if page.kinds[index] != "blank"]
    empty = {i: found[0] for i, found in own.items() if len(found) == 1 and found[0].start == found[0].end}
    step = -1 if _upside_down(page, filled, empty) else 1
    for position, index in enumerate(filled):
        if index not in empty or not 0 <= position + step < len(filled):
            continue
        beside, pair = filled[position + step], empty[index]
        if page.kinds[beside] in _VALUES and (step < 0 or _is_value(page, filled, position, pair)):
            line = page.lines[beside]
            own[index] = [Pair(pair.label, pair.at, line.start, line.end)]
            page.kinds[beside] = "value"


def _is_value(page: Page, filled: Sequence[int], position: int, pair: Pair) -> bool:
    """Say whether the line below a label is its value: a label may be empty."""
    below = filled[position + 1]
    after = page.kinds[filled[position + 2]] if position + 2 < len(filled) else ""
    looks = len(page.lines[below].text) <= _WORD or page.kinds[below] in {"number", "date"}
    return after == "label" or bool(pair.label.field and looks)


def _upside_down(page: Page, filled: Sequence[int], empty: dict[int, Pair]) -> bool:
    """Say whether labels stand below their values: more dates and numbers are above than below."""
    above = below = 0
    for position, index in enumerate(filled):
        wanted = {"docNumber": "number", "published": "date", "issued": "date"}.get(
            empty[index].label.field if index in empty else ""
        )
        if wanted is not None:
            above += position > 0 and page.kinds[filled[position - 1]] == wanted
            below += position + 1 < len(filled) and page.kinds[filled[position + 1]] == wanted
    return above > below
