"""Tables for data analysis: what a graph holds, some of it, or an answer, as Arrow and pandas."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import rdflib
from rdflib.query import Result

from kg.access.rows import Rows, plain_value
from kg.access.things import Document, Entity, Evidence, Fact, Observation
from kg.errors import ExportError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Row = dict[str, Any]


def arrow(what: Any) -> pa.Table:
    """Return objects of one kind, or the rows of an answer, as a table.

    Raises:
        ExportError: it is neither.

    """
    if isinstance(what, Rows):
        return _of_rows(what.columns, what)
    if isinstance(what, Result):
        return _of_result(what)
    if isinstance(what, Iterable) and not isinstance(what, str | rdflib.Graph):
        return _of_objects(iter(what))
    raise ExportError(
        f"table: cannot be made of {what!r}; give {', '.join(TABLES)}, objects of one kind, or an answer"
    )


def pandas(table: pa.Table) -> pd.DataFrame:
    """Return a table as a data frame.

    Raises:
        ExportError: pandas is not installed.

    """
    try:
        importlib.import_module("pandas")  # an extra of the package
    except ImportError as error:
        raise ExportError("to_pandas: pandas is not installed; pip install 'govkg[notebook]'") from error
    return table.to_pandas()


def _of_objects(objects: Iterator[Any]) -> pa.Table:
    first = next(objects, None)
    for kind, schema, rows in TABLES.values():
        if isinstance(first, kind):
            return _table(schema, (row for item in itertools.chain([first], objects) for row in rows(item)))
    if first is None:
        return _of_rows((), ())
    raise ExportError(
        f"table: cannot be made of {type(first).__name__} objects; give objects of one of {', '.join(TABLES)}"
    )


def _table(schema: dict[str, str], rows: Iterable[Row]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - costs a fifth of a second

    columns: dict[str, list[Any]] = {name: [] for name in schema}
    for row in rows:
        for name, values in columns.items():
            values.append(row[name])
    return pa.table({name: pa.array(columns[name], pa.type_for_alias(kind)) for name, kind in schema.items()})


def _entities(entity: Entity) -> Iterator[Row]:
    place = entity if entity.kind == "Jurisdiction" else entity.place
    yield {
        "iri": entity.iri,
        "kind": entity.kind,
        "name": entity.name,
        "other_names": "|".join(entity.other_names),
        "place": place.name if place else None,
        "code": place.get("code") or None if place else None,
        "level": place.get("level") or None if place else None,
        "documents": len(list(entity.documents())),
    }


def _facts(fact: Fact) -> Iterator[Row]:
    place = fact.subject if fact.subject.kind == "Jurisdiction" else fact.subject.place
    told = {
        "subject": fact.subject.name,
        "predicate": fact.predicate,
        "object": fact.object.name,
        "planned": fact.planned,
        "place": place.name if place else None,
        "code": place.get("code") or None if place else None,
        "subject_iri": fact.subject.iri,
        "object_iri": fact.object.iri,
    }
    for said in fact.evidence or (None,):
        yield {**told, **_said(said)}


def _observations(seen: Observation) -> Iterator[Row]:
    place = seen.of if seen.of is None or seen.of.kind == "Jurisdiction" else seen.of.place
    told = {
        "of": seen.of.name if seen.of else None,
        "measure": seen.measure,
        "indicator": seen.indicator,
        "value": float(seen.value),
        "unit": seen.unit,
        "period": seen.period,
        "bound": seen.bound or None,
        "approximate": seen.approximate,
        "planned": seen.planned,
        "place": place.name if place else None,
        "code": place.get("code") or None if place else None,
        "offset": seen.offset,
        "of_iri": seen.of.iri if seen.of else None,
        "iri": seen.iri,
    }
    for said in seen.evidence:
        yield {**told, **_said(said)}


def _said(said: Evidence | None) -> Row:
    if said is None:
        return dict.fromkeys((*_WHY, "year"))
    return {
        "year": said.document.year,
        "quote": said.quote,
        "source": said.document.source,
        "section": said.section,
        "start": said.start,
        "end": said.end,
        "rule": said.rule,
        "document_iri": said.document.iri,
    }


def _documents(document: Document) -> Iterator[Row]:
    place = document.place
    yield {
        "iri": document.iri,
        "title": document.title,
        "source": document.source,
        "year": document.year,
        "place": place.name if place else None,
        "code": place.get("code") or None if place else None,
        "level": place.get("level") or None if place else None,
        "issuer": document.issuer.name if document.issuer else None,
        "issued": document.issued or None,
        "number": document.number or None,
    }


_WHY = {
    "quote": "string",
    "source": "string",
    "section": "string",
    "start": "int64",
    "end": "int64",
    "rule": "string",
    "document_iri": "string",
}
_PLACE = {"place": "string", "code": "string"}

TABLES: dict[str, tuple[type, dict[str, str], Callable[[Any], Iterator[Row]]]] = {
    "entities": (
        Entity,
        {
            "iri": "string",
            "kind": "string",
            "name": "string",
            "other_names": "string",
            **_PLACE,
            "level": "string",
            "documents": "int64",
        },
        _entities,
    ),
    "facts": (
        Fact,
        {
            "subject": "string",
            "predicate": "string",
            "object": "string",
            "planned": "bool",
            **_PLACE,
            "year": "int64",
            **_WHY,
            "subject_iri": "string",
            "object_iri": "string",
        },
        _facts,
    ),
    "observations": (
        Observation,
        {
            "of": "string",
            "measure": "string",
            "indicator": "string",
            "value": "double",
            "unit": "string",
            "period": "string",
            "year": "int64",
            "bound": "string",
            "approximate": "bool",
            "planned": "bool",
            **_PLACE,
            **_WHY,
            "offset": "int64",
            "of_iri": "string",
            "iri": "string",
        },
        _observations,
    ),
    "documents": (
        Document,
        {
            "iri": "string",
            "title": "string",
            "source": "string",
            "year": "int64",
            **_PLACE,
            "level": "string",
            "issuer": "string",
            "issued": "string",
            "number": "string",
        },
        _documents,
    ),
}
"""For each table, what its rows are made of, its columns with their types, and the rows of an object."""


def _of_result(result: Result) -> pa.Table:
    """Return an answer of rdflib: the rows of SELECT, the truth of ASK, the triples of CONSTRUCT."""
    if result.type == "SELECT":
        return _of_rows(tuple(map(str, result.vars or ())), ([*map(_plain, row)] for row in result))  # type: ignore[arg-type]
    if result.type == "ASK":
        return _of_rows(("answer",), [[result.askAnswer]])
    triples = sorted(tuple(map(str, triple)) for triple in result)  # type: ignore[arg-type]
    return _of_rows(("subject", "predicate", "object"), triples)


def _plain(term: Any) -> Any:
    if isinstance(term, rdflib.Literal):
        return plain_value(str(term), str(term.datatype or ""))
    return None if term is None else str(term)


def _of_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415

    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table([_column(column) for column in values], names=list(columns))


def _column(values: Sequence[Any]) -> pa.Array:
    """Return a column of the first type that holds all its values: truth, whole numbers, numbers, text."""
    import pyarrow as pa  # noqa: PLC0415

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(value is None or abs(value) < _LARGEST for value in values):
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float, Decimal}:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([None if value is None else str(value) for value in values], pa.string())


_LARGEST = 2**63
