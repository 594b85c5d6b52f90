"""Writes a graph as tables for spreadsheets and statistics, a row at a time: CSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.graph.exporting import records
from kg.graph.exporting.records import Cell, Row, Source
from kg.graph.tables import guard

if TYPE_CHECKING:
    import pyarrow

ROWS = 10_000
"""How many rows a Parquet file holds together, and memory at a time."""

SEPARATOR = "|"
"""What stands between the items of a list in CSV; in Parquet a list is a list."""


def write_csv(source: Source, name: str, path: Path) -> None:
    """Write one of the tables as CSV (RFC 4180) that spreadsheets take for UTF-8 and run nothing of."""
    columns, rows = records.table(source, name)
    # The mark at the beginning makes spreadsheets take the file for UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(cell) for cell in row] for row in rows)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool | int | float):
        return scalar(cell)
    return guard(SEPARATOR.join(cell) if isinstance(cell, tuple) else cell)


def scalar(cell: float) -> str:
    """Return a truth or a number as all tables of text write it.

    >>> scalar(True), scalar(3), scalar(98.5)
    ('true', '3', '98.5')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return numeral(cell) if isinstance(cell, float) else str(cell)


def numeral(number: float) -> str:
    """Return a number as people write it, without exponent where it needs none.

    >>> numeral(98.5), numeral(4815.0)
    ('98.5', '4815')
    """
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else repr(number)


def write_parquet(source: Source, name: str, path: Path) -> None:
    """Write one of the tables as Parquet; the same rows and version of pyarrow make the same bytes."""
    from pyarrow import parquet  # noqa: PLC0415 - costs a quarter of a second

    schema, batches = _batches(source, name)
    with parquet.ParquetWriter(path, schema, compression="snappy", version="2.6") as writer:
        for batch in batches:
            writer.write_batch(batch)


def to_arrow(source: Source, name: str) -> pyarrow.Table:
    """Return one of the tables in memory, with the columns and types that it has in Parquet."""
    import pyarrow  # noqa: PLC0415

    schema, batches = _batches(source, name)
    return pyarrow.Table.from_batches(batches, schema)


def _batches(source: Source, name: str) -> tuple[pyarrow.Schema, Iterator[pyarrow.RecordBatch]]:
    import pyarrow  # noqa: PLC0415

    columns, rows = records.table(source, name)
    schema = pyarrow.schema(_fields(columns))

    def batch(chunk: list[Row]) -> pyarrow.RecordBatch:
        arrays = [
            pyarrow.array([_native(cell, kind) for cell in cells], type=schema.field(column).type)
            for (column, kind), cells in zip(columns.items(), zip(*chunk, strict=True), strict=True)
        ]
        return pyarrow.RecordBatch.from_arrays(arrays, schema=schema)

    return schema, map(batch, _chunks(rows))


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, ROWS)):
        yield chunk


def _fields(columns: Mapping[str, str]) -> list[pyarrow.Field]:
    import pyarrow  # noqa: PLC0415

    types = {
        records.TEXT: pyarrow.string(),
        records.LIST: pyarrow.list_(pyarrow.string()),
        records.WHOLE: pyarrow.int32(),
        records.NUMBER: pyarrow.float64(),
        records.TRUTH: pyarrow.bool_(),
        records.DAY: pyarrow.date32(),
    }
    return [pyarrow.field(name, types[kind]) for name, kind in columns.items()]


def _native(cell: Cell, kind: str) -> Any:
    return date.fromisoformat(cell) if kind == records.DAY and isinstance(cell, str) else cell
