"""Keeps what each document says between builds, so that an unchanged file is read once.

An entry is named by everything it depends on: the file's bytes, its name, the base of identities, and the
code and rules that read it. It is never changed, only made or removed.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from kg import resources

FOLDER = "documents"
TEXTS = "texts"

# What decides how a document is read. The rest (stores, pictures, commands) can change without reading again.
_READING = (
    "ids.py", "model.py", "terms.py", "understanding", "reading", "segmenting", "recognising", "resolving",
    "relating", "rules", "graph/assembling.py", "graph/concepts.py", "graph/nquads.py", "running/cache.py",
    "running/documents.py",
)  # fmt: skip
_NOT_READING = ("rules/data/queries/", "rules/data/viewing/")
_LIBRARIES = ("ahocorasick-rs", "jieba", "lxml", "rjieba")

Row = dict[str, Any]
"""What the summary tells of one document, in JSON types."""


def key(source: str, sha256: str, base: str) -> str:
    """Return the name of the entry of a file."""
    parts = json.dumps([reading_digest(), base, source, sha256])
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


class Cache:
    """The entries of one output folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.texts = folder / TEXTS
        for place in (self.folder, self.texts):
            place.mkdir(parents=True, exist_ok=True)

    def row(self, name: str) -> Row | None:
        """Return what is known of an entry, or None if it has to be made."""
        try:
            row: Row = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if "skipped" in row or (self.quads(name).is_file() and self._has_text(name, row)):
            return row
        return None

    def quads(self, name: str) -> Path:
        """Return the file of an entry's lines."""
        return self.folder / f"{name}.nq"

    def put(self, name: str, row: Row, lines: Iterable[str] = (), text: str | None = None) -> None:
        """Make an entry: lines and text first, the row that makes it count last."""
        if text is not None:
            write(self.quads(name), "".join(f"{line}\n" for line in lines))
            published = self.texts / f"{row['hash']}.txt"
            if not published.is_file():
                write(published, text)
            elif published.read_bytes() != text.encode():
                # Another version of the text is in use by the present output: wait until that is replaced.
                write(self.folder / f"{name}.txt", text)
        write(self.folder / f"{name}.json", to_json(row))

    def _has_text(self, name: str, row: Row) -> bool:
        """Tell whether the text that a row was made from is there, waiting or in place."""
        paths = (self.folder / f"{name}.txt", self.texts / f"{row['hash']}.txt")
        digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file())
        return row["text sha256"] in digests

    def publish(self, rows: dict[str, Row]) -> None:
        """Put the waiting texts in place, and remove what no entry of ``rows`` needs."""
        for name, row in sorted(rows.items()):
            waiting = self.folder / f"{name}.txt"
            if waiting.is_file() and "hash" in row:
                waiting.replace(self.texts / f"{row['hash']}.txt")
        kept = {f"{name}.{end}" for name in rows for end in ("json", "nq")} | {"manifest.json"}
        hashes = {f"{row['hash']}.txt" for row in rows.values() if "hash" in row}
        for folder, names in ((self.folder, kept), (self.texts, hashes)):
            for path in folder.iterdir():
                if path.name not in names and path.is_file():
                    path.unlink()

    def manifest(self) -> Any:
        """Return what the present output was made of, or None."""
        try:
            return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def set_manifest(self, value: Any) -> None:
        """Note what the present output was made of."""
        write(self.folder / "manifest.json", to_json(value))


def to_json(value: Any) -> str:
    """Return JSON as this project writes it: readable, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write(path: Path, content: str) -> None:
    """Write a file so that it is there completely or not at all."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with waiting.open("w", encoding="utf-8", newline="") as stream:
        stream.write(content)
    waiting.replace(path)
