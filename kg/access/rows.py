"""Answers to questions as rows of plain values, under the names of their columns."""

from __future__ import annotations

import keyword
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, overload

import pyoxigraph

from kg.access import notebook
from kg.graph import tables
from kg.graph.nquads import XSD
from kg.graph.querying import Answer

_SHOWN = 60
"""How many rows a notebook shows."""


class Rows(Sequence[Any]):
    """Rows of an answer, each a named tuple; shown as a table, in a terminal as in a notebook.

    >>> rows = Rows(("place", "from"), [("珠山区", 2022)])
    >>> rows[0].place, rows[0].from_
    ('珠山区', 2022)
    """

    def __init__(self, columns: Iterable[str], found: Iterable[Sequence[Any]]) -> None:
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
        return notebook.table(self.columns, rows) + self._rest()

    def _rest(self) -> str:
        more = len(self._rows) - _SHOWN
        return f"and {more} more" if more > 0 else f"{len(self._rows)} rows"


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


def of_answer(answer: Answer) -> Rows:
    """Return the rows of an answer of plain values."""
    return Rows(answer.columns, ([value(term) for term in row] for row in answer.rows))


def value(term: Any) -> Any:
    """Return a term of the store as a plain value: see :func:`plain_value`; None where there is none."""
    if isinstance(term, pyoxigraph.Literal):
        return plain_value(term.value, term.datatype.value)
    return None if term is None else getattr(term, "value", str(term))


def plain_value(text: str, datatype: str) -> Any:
    """Return a literal as int, float, Decimal or bool, else as its text.

    A year is an int; a date stays the text that it is (ISO 8601).

    >>> plain_value("2022", XSD + "gYear"), plain_value("98.50", XSD + "decimal")
    (2022, Decimal('98.50'))
    """
    made = _VALUES.get(datatype)
    try:
        return made(text) if made else text
    except (ValueError, InvalidOperation):
        return text


_VALUES: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys((XSD + "integer", XSD + "nonNegativeInteger", XSD + "gYear"), int),
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in ("true", "1"),
}
