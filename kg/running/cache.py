"""Keeps what each document says between builds, so that an unchanged file is read once.

An entry is named by everything it depends on: the file's bytes, its name, the base of identities, what the
user decided that its names mean, and the code and rules that read it. It is never changed, only made or
removed.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from kg import resources
from kg.graph import built

FOLDER = "documents"

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


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an output was made of: its files, and the plan they follow from."""

    files: tuple[str, ...]
    plan: dict[str, Any]

    @property
    def sources(self) -> set[str]:
        """Return the names of the documents in the output."""
        return set(self.plan.get("entries", {}).values())


class Cache:
    """The entries of one output folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.texts = folder / built.TEXTS
        self.mentions = folder / built.MENTIONS
        for place in (self.folder, self.texts, self.mentions):
            place.mkdir(parents=True, exist_ok=True)

    def row(self, name: str) -> Row | None:
        """Return what is known of an entry, or None if it has to be made."""
        row = _load(self.folder / f"{name}.json")
        if row is None or not {"source", "sha256"} <= set(row):
            return None
        if "skipped" in row:
            return row
        kept = all(_is(path, row.get(digest)) for path, digest in self._kept(name))
        return row if kept and self._has_text(name, row) else None

    def quads(self, name: str) -> Path:
        """Return the file of an entry's lines."""
        return self.folder / f"{name}.nq"

    def _kept(self, name: str) -> tuple[tuple[Path, str], ...]:
        """Return the files of an entry beside its text, each with what its row calls its digest."""
        return (self.quads(name), "lines sha256"), (self.folder / f"{name}.tsv", "mentions sha256")

    def text(self, name: str, row: Row) -> str:
        """Return the text of an entry, which waits or is in place."""
        waiting = self.folder / f"{name}.txt"
        path = waiting if waiting.is_file() else self.texts / f"{row['hash']}.txt"
        return path.read_bytes().decode("utf-8")

    def marks(self, name: str) -> list[built.Mention]:
        """Return where an entry's text names what."""
        return built.parsed((self.folder / f"{name}.tsv").read_text(encoding="utf-8"))

    def put(
        self,
        name: str,
        row: Row,
        lines: Iterable[str] = (),
        text: str | None = None,
        mentions: Iterable[str] = (),
    ) -> None:
        """Make an entry: lines, mentions and text first, the row that makes it count last."""
        if text is not None:
            row = dict(row)
            for (path, digest), each in zip(self._kept(name), (lines, mentions), strict=True):
                joined = "".join(f"{line}\n" for line in each)
                row[digest] = hashlib.sha256(joined.encode()).hexdigest()
                write(path, joined)
            published = self.texts / f"{row['hash']}.txt"
            if not published.is_file():
                write(published, text)
            elif published.read_bytes() != text.encode():
                # Another version of the text is in use by the present output: wait until that is replaced.
                write(self.folder / f"{name}.txt", text)
        write(self.folder / f"{name}.json", to_json(row))

    def _has_text(self, name: str, row: Row) -> bool:
        """Tell whether the text that a row was made from is there, waiting or in place."""
        paths = (self.folder / f"{name}.txt", self.texts / f"{row.get('hash', '')}.txt")
        digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file())
        return str(row.get("text sha256")) in digests

    def publish(self, rows: dict[str, Row]) -> None:
        """Put waiting texts and mentions in place, and remove what no entry of ``rows`` needs."""
        read = {name: row for name, row in rows.items() if "hash" in row}
        for name, row in sorted(read.items()):
            waiting = self.folder / f"{name}.txt"
            if waiting.is_file():
                waiting.replace(self.texts / f"{row['hash']}.txt")
        # The same bytes under two names are one report: it is marked as the first of them was read.
        first = {row["hash"]: name for name, row in sorted(read.items(), key=_by_source, reverse=True)}
        for report, name in sorted(first.items()):
            marks, published = self.folder / f"{name}.tsv", self.mentions / f"{report}.tsv"
            if not published.is_file() or published.read_bytes() != marks.read_bytes():
                write(published, marks.read_text(encoding="utf-8"))
        kept = {f"{name}.{end}" for name in rows for end in ("json", "nq", "tsv")} | {"manifest.json"}
        texts, mentions = ({f"{report}.{end}" for report in first} for end in ("txt", "tsv"))
        for folder, names in ((self.folder, kept), (self.texts, texts), (self.mentions, mentions)):
            for path in folder.iterdir():
                if path.name not in names and path.is_file():
                    path.unlink()

    def manifest(self) -> Manifest:
        """Return what the present output was made of: nothing where that is not known."""
        # What another version of the program wrote, or what is damaged, counts as absent.
        found = _load(self.folder / "manifest.json") or {}
        plan, files = found.get("plan"), found.get("files")
        if not isinstance(plan, dict) or not isinstance(files, list) or not _texts(files):
            return Manifest((), {})
        entries = plan.get("entries")
        if not isinstance(entries, dict) or not _texts(entries.values()):
            return Manifest((), {})
        return Manifest(tuple(files), plan)

    def set_manifest(self, value: Manifest) -> None:
        """Note what the present output was made of."""
        write(self.folder / "manifest.json", to_json({"files": list(value.files), "plan": value.plan}))


def _is(path: Path, digest: Any) -> bool:
    """Tell whether a file is there as it was written."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _by_source(item: tuple[str, Row]) -> tuple[str, str]:
    name, row = item
    return str(row["source"]), name


def _load(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in a file, or None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def to_json(value: Any) -> str:
    """Return JSON as this project writes it: readable, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write(path: Path, content: str) -> None:
    """Write a file so that it is there completely or not at all."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with waiting.open("w", encoding="utf-8", newline="") as stream:
        stream.write(content)
    waiting.replace(path)
