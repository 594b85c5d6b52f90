"""Tables for data analysis: what a graph holds, some of it, or an answer, as Arrow and pandas."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph
import rdflib
from rdflib.query import Result

from kg.access.reading import Reader
from kg.access.rows import Rows
from kg.access.things import Document, Entity, Fact, Observation
from kg.access.told import Told
from kg.errors import ExportError, StoreError
from kg.graph import exporting, querying
from kg.graph.exporting import Part

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_TABLES: dict[type, tuple[str, tuple[str, ...]]] = {
    Entity: ("entities", ("iri",)),
    Fact: (
        "facts",
        ("subject_iri", "predicate", "object_iri", "planned", "document_iri", "start", "end", "rule"),
    ),
    Observation: ("observations", ("iri",)),
    Document: ("documents", ("iri",)),
}
"""For each kind of object, its table and the columns that tell its rows apart."""


class Frames:
    """Makes tables of one graph; those of the whole graph are made once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._whole: dict[str, pa.Table] = {}

    def arrow(self, what: Any) -> pa.Table:
        """Return a table by its name, of objects of one kind, or of the rows of an answer.

        Raises:
            ExportError: there is no such table.

        """
        if isinstance(what, str):
            return self._table(what)
        if isinstance(what, Told):
            what = what.rows
        if isinstance(what, Rows):
            return _of_rows(what.columns, what)
        if isinstance(what, Result):
            return _of_result(what)
        if isinstance(what, Iterable) and not isinstance(what, rdflib.Graph):
            return self._of_objects(list(what))
        raise ExportError(
            f"table: cannot be made of {what!r}; give its name, objects of one kind or an answer"
        )

    def pandas(self, what: Any) -> pd.DataFrame:
        """Return a table as a data frame.

        Raises:
            ExportError: there is no such table, or pandas is not installed.

        """
        try:
            importlib.import_module("pandas")  # an extra of the package
        except ImportError as error:
            raise ExportError("to_pandas: pandas is not installed; pip install 'govkg[notebook]'") from error
        return self.arrow(what).to_pandas()

    def _table(self, name: str) -> pa.Table:
        if name not in self._whole:
            folder, base = self._reader.folder, self._reader.base
            self._whole[name] = exporting.to_arrow(folder, name, Part(), base)
        return self._whole[name]

    def _of_objects(self, objects: Sequence[Any]) -> pa.Table:
        """Return the rows of the objects, in their order."""
        kinds = {type(item) for item in objects}
        if not kinds:
            return _of_rows((), ())
        kind = next(iter(kinds))
        if len(kinds) > 1 or kind not in _TABLES:
            names = ", ".join(sorted(each.__name__ for each in kinds))
            raise ExportError(
                f"table: cannot be made of {names} objects; give entities, facts, numbers or documents"
            )
        name, columns = _TABLES[kind]
        table = self._table(name)
        cells = (table[column].to_pylist() for column in columns)
        places = {key: index for index, key in enumerate(zip(*cells, strict=True))}
        try:
            return table.take([places[key] for item in objects for key in _keys(item)])
        except KeyError as error:
            folder = self._reader.folder
            raise StoreError(
                f"{folder}: was built again since the graph was opened; open it again"
            ) from error


def _keys(item: Entity | Fact | Observation | Document) -> Iterator[tuple[Any, ...]]:
    """Yield what tells the rows of an object apart: a fact has one for each sentence, others have one."""
    if not isinstance(item, Fact):
        yield (item.iri,)
        return
    stated = (item.subject.iri, item.predicate, item.object.iri, item.planned)
    for said in item.evidence:
        yield (*stated, said.document.iri, said.start, said.end, said.rule)
    if not item.evidence:
        yield (*stated, None, None, None, None)


def _of_result(result: Result) -> pa.Table:
    """Return an answer of rdflib: the rows of SELECT, the truth of ASK, the triples of CONSTRUCT."""
    if result.type == "SELECT":
        rows: Iterable[Any] = result
        return _of_rows(tuple(map(str, result.vars or ())), ([*map(_plain, row)] for row in rows))
    if result.type == "ASK":
        return _of_rows(("answer",), [[result.askAnswer]])
    triples: Iterable[Any] = result
    return _of_rows(("subject", "predicate", "object"), sorted(tuple(map(str, triple)) for triple in triples))


def _plain(term: Any) -> Any:
    if isinstance(term, rdflib.Literal) and term.datatype is not None:
        return querying.value(
            pyoxigraph.Literal(str(term), datatype=pyoxigraph.NamedNode(str(term.datatype)))
        )
    return None if term is None else str(term)


def _of_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - costs a quarter of a second

    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table([_column(column) for column in values], names=list(columns))


def _column(values: Sequence[Any]) -> pa.Array:
    """Return a column of the first type that holds all its values: truth, whole numbers, numbers, text."""
    import pyarrow as pa  # noqa: PLC0415

    kinds = {type(item) for item in values if item is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(item is None or abs(item) < _LARGEST for item in values):
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float, Decimal}:
        return pa.array([None if item is None else float(item) for item in values], pa.float64())
    return pa.array([None if item is None else str(item) for item in values], pa.string())


_LARGEST = 2**63
