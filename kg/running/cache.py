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
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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
    overrides: Sequence[tuple[str, str]] = (),
    said: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the name of the entry of a file, read with what was decided and what is said about it."""
    more = json.dumps([sorted(overrides), sorted(said)]) if overrides or said else ""
    parts = "\0".join((reading_digest(), base, sha256, more, source))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:24]


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
    from importlib import metadata  # noqa: PLC0415 - brings the mail package along

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


class Content(NamedTuple):
    """What an entry holds: lines, text and mentions, compressed by zlib, and digests of reference lines."""

    lines: bytes
    text: bytes
    marks: bytes
    digests: bytes


class Packed(NamedTuple):
    """An entry as the catalogue keeps it, packed in the process that read the document.

    ``row`` and what is neither a digest nor a number is JSON; ``skipped`` is "" where the document was read;
    ``size`` is how many bytes its lines have.
    """

    key: str
    source: str
    skipped: str
    row: str
    hash: str
    text: str
    listed: str
    sketch: str
    planned: str
    unsure: int
    conflicts: int
    decided: str
    size: int = 0
    content: Content | None = None


_INTERNAL = ("hash", "planned by predicate", "sketch", "text sha256")
"""What a row holds for builds alone; the summary does not tell it."""

_FASTEST = 1  # of zlib's levels: even so, lines of quads shrink to a tenth
_REFERENCE = "/reference> ."


def packed(
    name: str, row: Row, lines: Sequence[str] = (), text: str | None = None, mentions: Sequence[str] = ()
) -> Packed:
    """Return the entry of a document; one without text was skipped."""
    told = {key: value for key, value in row.items() if key not in _INTERNAL}
    entry = Packed(
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
        return entry
    joined = "".join(f"{line}\n" for line in lines).encode()
    marks = "".join(f"{line}\n" for line in mentions).encode()
    digests = b"".join(reference_digest(line.encode()) for line in lines if line.endswith(_REFERENCE))
    lines_, text_, marks_ = (zlib.compress(each, _FASTEST) for each in (joined, text.encode(), marks))
    return entry._replace(size=len(joined), content=Content(lines_, text_, marks_, digests))


def row_in(entry: Packed) -> Row:
    """Return what the summary tells of an entry."""
    found: Row = json.loads(entry.row)
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
