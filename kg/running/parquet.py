"""Reads documents from the rows of a Parquet table: a text, bytes or a path, and what is known of each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.rules import manifests as rules
from kg.running import inputs, names

_ENDINGS = (".parquet", ".pq")
_NAMED = {"name": "id", "content": "content", "bytes": "content"}
"""Columns of a table that are none of a list: there a name is a path, and content cannot be bytes."""


def is_table(place: str) -> bool:
    """Tell a Parquet table, or a folder of them, by its name or its address."""
    return place.rstrip("/").endswith(_ENDINGS) or "://" in place


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what: a field of a list of documents, or ``content``, for each that is used."""

    fields: tuple[tuple[str, str], ...]
    unused: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Return the columns that have to be read."""
        return [name for name, _ in self.fields]


def columns(place: str, header: Iterable[str]) -> Columns:
    """Return what the columns of a table hold; the first of two columns for one thing counts.

    Raises:
        StoreError: none holds documents.

    """
    known = rules.load()
    found: dict[str, str] = {}
    unused = []
    for name in header:
        folded = rules.folded(name)
        meaning = _NAMED.get(folded) or known.get(folded, "")
        if meaning and meaning != "-" and meaning not in found.values():
            found[name] = meaning
        elif meaning != "-":
            unused.append(names.visible(names.shortened(name)))
    if not {"content", "text", "path"} & set(found.values()):
        shown = ", ".join(unused[:10]) or "none"
        raise StoreError(f"{place}: no column called content, text or path (found: {shown}); rename one")
    return Columns(tuple(found.items()), tuple(unused))


def source(row: Mapping[str, Any], columns: Columns, home: str, roots: tuple[str, ...] = ()) -> inputs.Source:
    """Return the document of a row.

    Paths begin at the folder ``home`` of the table and lead nowhere but there and below ``roots``. A row
    without a name is called by the digest of what it holds. What is wrong with it is told where it is read.
    """
    from kg.understanding import said  # noqa: PLC0415 - heavy, and only executors need it

    cells = {field: row[name] for name, field in columns.fields if row[name] is not None}
    known = []
    for field in sorted(set(cells) - {"content", "text", "path", "id", "-"}):
        normal = said.normal(field, str(cells[field]))
        if normal:
            known.append((field, normal))
    name = names.inside(str(cells["id"])) if cells.get("id") not in (None, "") else ""
    data = _data(cells)
    if data is not None:
        return inputs.Source(name or _unnamed(data), Path(), data=data, said=tuple(known))
    path = str(cells.get("path", "")).strip()
    if not path:
        refusal = ("row", "the row has neither a path nor a text", "fill one of the two or remove it")
        return inputs.Source(name or "-", Path(), refusal=refusal)
    shown = name or names.inside(path)
    if not home:
        refusal = (
            "row",
            "a path in a table at an address leads nowhere",
            "put the bytes into a column content",
        )
        return inputs.Source(shown, Path(), refusal=refusal)
    real, wrong = inputs.located(path, home, roots)
    if wrong is not None:
        return inputs.Source(shown, Path(path), refusal=wrong)
    return inputs.Source(shown, Path(real), said=tuple(known))


def home(place: str) -> str:
    """Return the folder at which the paths in a table begin: the one it lies in, "" for one at an address."""
    return os.path.realpath(Path(place).parent) if "://" not in place else ""


def _data(cells: Mapping[str, Any]) -> bytes | None:
    content = cells.get("content")
    if isinstance(content, (bytes, bytearray, memoryview)):
        return bytes(content)
    text = content if content is not None else cells.get("text")
    if text is None or (not str(text).strip() and str(cells.get("path", "")).strip()):
        return None
    return str(text).encode("utf-8", "replace")


def _unnamed(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
