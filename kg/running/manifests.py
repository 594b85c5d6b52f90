"""Reads a list of documents: TSV, CSV or JSON lines, each row a path or a text and what is known of it."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import InputError, StoreError
from kg.running import names

FETCHED = "fetched.tsv"
"""The list that kg fetch keeps beside the pages it saves."""
FETCHED_COLUMNS = ("path", "url", "final url", "fetched", "sha256", "type")

MOST_BYTES = 512 * 1024**2
_PLACES = ("path", "text", "id", "-")
_SEPARATORS = "\t,;\uff0c|"


@dataclass(frozen=True, slots=True)
class Row:
    """What a list says of one document: where it is, and its metadata by the names of fields."""

    line: int
    id: str
    path: str
    text: str | None
    said: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Manifest:
    """The rows of a list; those that are wrong, by their line; what else its reader should know."""

    path: Path
    rows: list[Row] = field(default_factory=list)
    wrong: list[InputError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def is_fetched(path: Path) -> bool:
    """Tell whether a file is the list of a folder that kg fetch fills, which is no document."""
    try:
        with path.open("rb") as stream:
            return stream.readline(1000).rstrip(b"\r\n") == "\t".join(FETCHED_COLUMNS).encode()
    except OSError:
        return False


def load(path: Path) -> Manifest:
    """Return the list at ``path``.

    Raises:
        StoreError: it cannot be opened, is no table, or names neither paths nor texts.

    """
    text = _text(path)
    found = Manifest(path)
    head = text.lstrip()[:1]
    table = _objects(found, text) if head == "{" else _cells(found, text)
    for line, cells in table:
        _add(found, line, cells)
    return found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StoreError(f"{path}: a list of more than 512 MB; split it, or give paths instead of texts")
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror or error}; give the path of a list of documents"
        ) from error
    if not data.strip():
        raise StoreError(f"{path}: the list is empty; give it a header and a row for each document")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StoreError(f"{path}: neither UTF-8 nor GB18030; save the list again as UTF-8")


# --- rows


def _add(found: Manifest, line: int, cells: dict[str, str]) -> None:
    """Keep a row, or tell what is wrong with it."""
    from kg.understanding import said  # noqa: PLC0415 - heavy, and not needed where there is no list

    place = f"{names.visible(found.path.name)}:{line}"
    path, text = cells.get("path", "").strip(), cells.get("text", "")
    if not path and not text.strip():
        found.wrong.append(
            InputError(
                place, "row", "the row has neither a path nor a text", "fill one of the two or remove it"
            )
        )
        return
    known = []
    for name, value in sorted(cells.items()):
        if name in _PLACES or not value.strip():
            continue
        normal = said.normal(name, value)
        if normal:
            known.append((name, normal))
        else:
            what = "an http or https address" if name == "url" else "a date like 2021-01-07"
            shown = names.visible(names.shortened(value))
            found.notes.append(
                f"{place}: {name} {shown!r} is not {what}; correct it: the document is read without"
            )
    found.rows.append(Row(line, cells.get("id", "").strip(), path, None if path else text, tuple(known)))


def _columns(found: Manifest, header: Iterable[str]) -> list[str]:
    """Return what each column holds, "-" for what is not used; tell once which are not known."""
    from kg.rules import manifests as rules  # noqa: PLC0415 - heavy, and not needed by a build without a list

    known, fields, unknown = rules.load(), [], []
    for name in header:
        field_name = known.get(rules.folded(name), "")
        if not field_name and name.strip():
            unknown.append(names.visible(names.shortened(name.strip())))
        fields.append("-" if field_name in fields else field_name or "-")  # the first of two columns counts
    if not {"path", "text"} & set(fields):
        columns = ", ".join(unknown[:10]) or "none"
        raise StoreError(
            f"{found.path}: no column called path or text (found: {columns}); name one in the header"
        )
    if unknown:
        found.notes.append(f"{names.visible(found.path.name)}: columns not used: {', '.join(unknown)}")
    return fields


# --- formats


def _cells(found: Manifest, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with a header line, by their first lines."""
    header = text.split("\n", 1)[0]
    counts = {mark: header.count(mark) for mark in _SEPARATORS}
    separator = max(_SEPARATORS, key=lambda mark: counts[mark])
    rows = _quoted(text, separator) or _plain(text, separator)
    fields: list[str] = []
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if not fields:
            fields = _columns(found, row)
        elif len(row) > len(fields) and any(cell.strip() for cell in row[len(fields) :]):
            problem = f"{len(row)} cells under {len(fields)} columns"
            advice = "put cells that hold the separator into quotation marks"
            found.wrong.append(InputError(f"{names.visible(found.path.name)}:{line}", "row", problem, advice))
        else:
            cells = dict(zip(fields, row, strict=False))
            yield line, {name: cell for name, cell in cells.items() if name != "-"}


def _quoted(text: str, separator: str) -> list[tuple[int, list[str]]] | None:
    """Return the rows of a table with cells in quotation marks where needed, None where that does not fit."""
    before = csv.field_size_limit(MOST_BYTES)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        line = 1
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error:
        return None
    finally:
        csv.field_size_limit(before)
    return rows


def _plain(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a table in which quotation marks are only marks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [(number, line.split(separator)) for number, line in enumerate(lines, 1)]


def _objects(found: Manifest, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of JSON lines."""
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"{names.visible(found.path.name)}:{number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            found.wrong.append(
                InputError(
                    place,
                    "row",
                    f"it is no JSON ({names.visible(str(error))[:80]})",
                    "put an object on each line",
                )
            )
            continue
        cells = value.items() if isinstance(value, dict) else ()
        bad = [key for key, cell in cells if isinstance(cell, (dict, list))]
        if not isinstance(value, dict) or bad:
            problem = f"{bad[0][:60]!r} holds no text" if bad else "it is no JSON object"
            found.wrong.append(InputError(place, "row", names.visible(problem), "give names and texts"))
            continue
        # JSON can name halves of characters, which no file can hold.
        texts = {key: "" if cell is None else str(cell) for key, cell in cells}
        rows.append((number, {_whole(key): _whole(text) for key, text in texts.items()}))
    header = list(dict.fromkeys(name for _, row in rows for name in row))
    fields = dict(zip(header, _columns(found, header), strict=True)) if rows else {}
    for number, row in rows:
        yield number, {fields[name]: cell for name, cell in row.items() if fields[name] != "-"}


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
