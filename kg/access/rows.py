"""Answers to questions as rows of plain values, under the names of their columns."""

from __future__ import annotations

import keyword
from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

from kg.access import notebook
from kg.graph import tables

_SHOWN = 60
"""How many rows a notebook shows."""


class Rows(Sequence[Any]):
    """Rows of an answer, each a named tuple; shown as a table, in a terminal as in a notebook.

    ``note`` says why there may be no row, such as a name that is not known, and names near it.

    >>> rows = Rows(("place", "from"), [("珠山区", 2022)])
    >>> rows[0].place, rows[0].from_
    ('珠山区', 2022)
    """

    def __init__(self, columns: Iterable[str], found: Iterable[Sequence[Any]], note: str = "") -> None:
        self.note = note
        self.columns = tuple(columns)
        row = namedtuple("Row", _fields(self.columns))  # type: ignore[misc]
        self._rows = tuple(row(*values) for values in found)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Rows(self.columns, self._rows[index])
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and (self.columns, self._rows) == (other.columns, other._rows)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = tables.aligned(self.columns, [list(map(_shown, row)) for row in self._rows[:_SHOWN]])
        return shown + self._rest()

    def _repr_html_(self) -> str:
        rows = [list(map(_shown, row)) for row in self._rows[:_SHOWN]]
        return notebook.table(self.columns, rows) + notebook.escape(self._rest())

    def _rest(self) -> str:
        more = len(self._rows) - _SHOWN
        counted = f"and {more} more" if more > 0 else f"{len(self._rows)} rows"
        return f"{counted}; {self.note}" if self.note else counted


def _fields(columns: Sequence[str]) -> list[str]:
    """Return names that fields may have: SPARQL also knows ?from and ?_x."""
    fields: list[str] = []
    for column in columns:
        name = column.lstrip("_") or "column"
        name = f"c{name}" if name[0].isdigit() else name
        while keyword.iskeyword(name) or name in fields or name in _TAKEN:
            name += "_"
        fields.append(name)
    return fields


_TAKEN = frozenset({"count", "index"})
"""Methods of tuples, which a field of that name would hide."""


def _shown(value: object) -> str:
    return "" if value is None else str(value)
