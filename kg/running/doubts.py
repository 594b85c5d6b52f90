"""Lists what a build could not settle: names left unsure, and what contradicts itself in a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.graph import built, tables

_AROUND = 12  # characters shown before and behind a name
_WIDEST = 72  # columns of a table's cell


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows for people, and the same in full for programs."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    items: tuple[dict[str, Any], ...]


def unsure(folder: Path) -> Listing:
    """Return the names of an output folder that more than one thing, or nothing known, could be meant by.

    Raises:
        StoreError: the folder holds no graph of this version.

    """
    items = [
        {
            "surface": found["surface"],
            "document": row["source"],
            "start": found["start"],
            "end": found["end"],
            "candidates": [
                {"id": place, "name": name}
                for place, name in zip(found["candidates"], found["names"], strict=True)
            ],
            "reason": found["reason"],
            "context": _context(text, found["start"], found["end"]),
        }
        for row, text in _documents(folder, "unsure")
        for found in row["unsure"]
    ]
    rows = tuple(
        (
            item["surface"],
            item["document"],
            f"{item['start']}-{item['end']}",
            "; ".join(f"{place['name']} {_code(place['id'])}".strip() for place in item["candidates"]),
            item["reason"],
            item["context"],
        )
        for item in items
    )
    columns = ("surface", "document", "offsets", "candidates", "reason", "context")
    return Listing(columns, rows, tuple(items))


def conflicts(folder: Path) -> Listing:
    """Return the statements of the documents of an output folder that cannot both hold.

    Raises:
        StoreError: the folder holds no graph of this version.

    """
    items = [
        {
            "kind": found["kind"],
            "document": row["source"],
            "message": found["message"],
            "values": found["values"],
            "passages": [{**span, "text": text[span["start"] : span["end"]]} for span in found["passages"]],
        }
        for row, text in _documents(folder, "conflicts")
        for found in row["conflicts"]
    ]
    rows = tuple(
        (
            item["kind"],
            item["document"],
            item["message"],
            " ".join(f"{span['start']}-{span['end']}" for span in item["passages"]),
        )
        for item in items
    )
    return Listing(("kind", "document", "message", "offsets"), rows, tuple(items))


def _documents(folder: Path, name: str) -> list[tuple[Mapping[str, Any], str]]:
    """Return the rows of the documents that have something to list, with their texts."""
    found = []
    for row in built.summary(folder)["documents"]:
        if name not in row or any("names" not in item for item in row["unsure"]):
            problem = f"was built by another version; build it again with kg build -o {folder}"
            raise StoreError(f"{folder}: {problem}")
        if row[name]:
            found.append((row, built.text(folder, row["report"])))
    return found


def _context(text: str, start: int, end: int) -> str:
    return "".join(text[max(0, start - _AROUND) : end + _AROUND].split())


def _code(entity: str) -> str:
    return entity.removeprefix("jurisdiction/")


def _table(listing: Listing) -> str:
    return tables.aligned(listing.columns, listing.rows, _WIDEST)


def _csv(listing: Listing) -> str:
    return tables.to_csv(listing.columns, _guarded(listing.rows))


def _guarded(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[tables.guard(cell) for cell in row] for row in rows]


def _json(listing: Listing) -> str:
    return json.dumps(listing.items, ensure_ascii=False, indent=1) + "\n"


FORMS: Mapping[str, Callable[[Listing], str]] = {"table": _table, "csv": _csv, "json": _json}
