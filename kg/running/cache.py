"""Keeps what each document says between builds, so that an unchanged file is read once.

An entry is named by everything it depends on: the file's bytes, its name, the base of identities, what the
user decided that its names mean, and the code and rules that read it. It is never changed, only made or
removed. Where entries are kept is the catalogue's business.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from kg import resources

# What decides how a document is read. The rest (stores, pictures, commands) can change without reading again.
_READING = (
    "ids.py", "model.py", "terms.py", "understanding", "reading", "segmenting", "recognising", "resolving",
    "relating", "rules", "graph/assembling.py", "graph/concepts.py", "graph/nquads.py", "running/cache.py",
    "running/documents.py", "running/repeats.py",
)  # fmt: skip
_NOT_READING = ("rules/data/queries/", "rules/data/viewing/")
_LIBRARIES = ("ahocorasick-rs", "lxml", "markdown-it-py", "pypdfium2")

Row = dict[str, Any]
"""What the summary tells of one document, in JSON types."""


def key(
    source: str,
    sha256: str,
    base: str,
    overrides: Mapping[str, str] | None = None,
    said: Iterable[tuple[str, str]] = (),
) -> str:
    """Return the name of the entry of a file, read with what was decided and what is said about it."""
    decided = [sorted(overrides.items())] if overrides else []
    listed = [{"said": sorted(said)}] if said else []
    parts = json.dumps([reading_digest(), base, source, sha256, *decided, *listed])
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


@functools.cache
def reading_digest() -> str:
    """Return a digest of the code, rules and libraries that decide how a document is read."""
    files = [(name, path) for name, path in _files() if _decides(name)]
    return _digest(files, _versions())


@functools.cache
def package_digest() -> str:
    """Return a digest of all code and data of the package."""
    return _digest(_files(), _versions())


def _decides(name: str) -> bool:
    return name.startswith((*_READING, "ontology/")) and not name.startswith(_NOT_READING)


def _files() -> list[tuple[str, Path]]:
    package = [
        (path.relative_to(resources.PACKAGE).as_posix(), path)
        for path in resources.PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    ontology = resources.ontology_folder()
    beside = [("ontology/" + path.name, path) for path in ontology.glob("*") if path.is_file()]
    return sorted(dict(package + beside).items())


def _versions() -> list[str]:
    found = []
    for library in _LIBRARIES:
        try:
            found.append(f"{library} {metadata.version(library)}")
        except metadata.PackageNotFoundError:
            continue
    return found


def _digest(files: Iterable[tuple[str, Path]], more: Iterable[str]) -> str:
    total = hashlib.sha256()
    for name, path in files:
        total.update(f"{name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    total.update("\n".join(more).encode())
    return total.hexdigest()


Packed = tuple[Any, ...]
"""An entry as the catalogue keeps it, packed in the process that read the document."""

_INTERNAL = ("hash", "planned by predicate", "sketch", "text sha256")
"""What a row holds for builds alone; the summary does not tell it."""

_FASTEST = 1  # of zlib's levels: even so, lines of quads shrink to a tenth
_REFERENCE = "/reference> ."

COLUMNS, _ROW = 13, 3


def packed(
    name: str, row: Row, lines: Sequence[str] = (), text: str | None = None, mentions: Sequence[str] = ()
) -> Packed:
    """Return an entry as the catalogue keeps it: what it tells, what it holds, digests of reference lines."""
    told = {key: value for key, value in row.items() if key not in _INTERNAL}
    entry = (
        name,
        row["source"],
        to_json(row["skipped"]) if "skipped" in row else "",
        to_json(told),
        row.get("hash", ""),
        row.get("text sha256", ""),
        to_json(row.get("listed", {})),
        row.get("sketch", ""),
        to_json(row.get("planned by predicate", {})),
        len(row.get("unsure", ())),
        len(row.get("conflicts", ())),
        to_json([item["surface"] for item in row.get("overrides", ())]),
    )
    if text is None:
        return (*entry, 0)
    joined = "".join(f"{line}\n" for line in lines).encode()
    marks = "".join(f"{line}\n" for line in mentions).encode()
    digests = b"".join(reference_digest(line.encode()) for line in lines if line.endswith(_REFERENCE))
    blobs = (zlib.compress(each, _FASTEST) for each in (joined, text.encode(), marks))
    return (*entry, len(joined), *blobs, digests)


def lines_in(entry: Packed) -> bytes | None:
    """Return the lines of an entry, compressed by zlib; None where the document was skipped."""
    return entry[COLUMNS] if len(entry) > COLUMNS else None


def row_in(entry: Packed) -> Row:
    """Return what the summary tells of an entry."""
    found: Row = json.loads(entry[_ROW])
    return found


def reference_digest(line: bytes) -> bytes:
    """Return eight bytes that tell a line of reference data from others."""
    return hashlib.blake2b(line, digest_size=8).digest()


def to_json(value: Any) -> str:
    """Return JSON on one line, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False)


def write(path: Path, content: bytes) -> None:
    """Write a file so that it is there completely or not at all."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    waiting.write_bytes(content)
    waiting.replace(path)
