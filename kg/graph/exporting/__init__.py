"""Writes a graph, or a part of it, in the formats of other programs: a file per family of formats.

All formats read the sorted lines of the graph one at a time and keep nothing: what has to be in another order
is sorted on disk. So an export of any size needs the memory of a small one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ExportError
from kg.graph import store, turtle
from kg.graph.exporting import entailing, lookup, neo4j, networks, parts, rdf, records, spreadsheets
from kg.graph.exporting.parts import Part

if TYPE_CHECKING:
    import pyarrow

RDF: Mapping[str, Callable[[Iterable[str], turtle.Names], Iterator[str]]] = {
    "turtle": rdf.turtle,
    "nt": rdf.ntriples,
    "nq": rdf.nquads,
    "trig": rdf.trig,
    "jsonld": rdf.jsonld,
    "rdfxml": rdf.rdfxml,
}
"""Formats that say everything, from sorted N-Quads lines and the short names that they may use."""

ALL: Mapping[str, Callable[[Iterable[bytes]], Iterable[bytes]]] = {
    "nt": rdf.all_ntriples,
    "nq": lambda blocks: blocks,
}
"""Of them, those that have the lines of a whole graph as they are, many at a time."""

NETWORKS: Mapping[str, Callable[[records.Source], Iterator[str]]] = {
    "graphml": networks.graphml,
    "gexf": networks.gexf,
}
"""Formats of things and the facts between them."""

TABLES: Mapping[str, Callable[[records.Source, str, Path], None]] = {
    "csv": spreadsheets.write_csv,
    "parquet": spreadsheets.write_parquet,
}
"""Formats of several tables: each function writes the table of a name to a path."""

FOLDERS = (*TABLES, "neo4j")
"""Formats that are several files in a folder."""

FORMATS = (*RDF, *NETWORKS, *FOLDERS)

__all__ = ["FOLDERS", "FORMATS", "NETWORKS", "RDF", "TABLES", "Part", "export", "export_files", "to_arrow"]

_CHUNKS = 500  # lines of 200 bytes, or things of a thousand, joined before they are written


def export(folder: Path, form: str, part: Part, base: str, *, entail: bool = False) -> Iterator[bytes]:
    """Yield the chunks of the file that a built graph, or a part of it, becomes in one of the formats: UTF-8.

    ``entail`` adds to the formats of RDF what follows from the ontology's alignment.

    Raises:
        ExportError: there is no such format, it is one of several files, or it cannot hold what follows.
        StoreError: the folder holds no graph.

    """
    _check(form, entail=entail)
    if form in FOLDERS:
        raise ExportError(f"--format {form}: is several files; name a folder for them with -o")
    if form in ALL and part == Part() and not entail:
        yield from ALL[form](parts.read_blocks(folder))
    elif form in RDF:
        lines = _lines(folder, part, base)
        prefixes = turtle.PREFIXES
        if entail:
            lines, prefixes = entailing.entail(lines), dict(entailing.load().prefixes)
        yield from _larger(RDF[form](lines, turtle.Names(prefixes, base)))
    else:
        yield from _larger(NETWORKS[form](_source(folder, part, base)))


def export_files(folder: Path, form: str, part: Part, base: str, target: Path) -> list[Path]:
    """Write a graph, or a part of it, in a format of several files into a folder, and return their paths.

    The files take their places together at the end.

    Raises:
        ExportError: the format is one file, or the folder cannot be written.
        StoreError: the folder holds no graph.

    """
    _check(form)
    if form not in FOLDERS:
        raise ExportError(f"--format {form}: is one file, not a folder; leave it to export()")
    source = _source(folder, part, base)
    waiting = target / ".export.tmp"
    try:
        shutil.rmtree(waiting, ignore_errors=True)
        waiting.mkdir(parents=True)
        for name, write in _writers(form, source):
            write(waiting / name)
        made = sorted(waiting.iterdir())
        return [path.replace(target / path.name) for path in made]
    except OSError as error:
        problem = f"cannot be written, {error.strerror}; choose another folder with -o"
        raise ExportError(f"{target}: {problem}") from error
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def to_arrow(folder: Path, name: str, part: Part, base: str) -> pyarrow.Table:
    """Return one of the tables of a graph, or a part of it, in memory.

    Raises:
        ExportError: there is no such table.
        StoreError: the folder holds no graph.

    """
    if name not in records.TABLES:
        raise ExportError(f"table: none is called {name!r}; choose one of {', '.join(records.TABLES)}")
    return spreadsheets.to_arrow(_source(folder, part, base), name)


def _check(form: str, *, entail: bool = False) -> None:
    if form not in FORMATS:
        raise ExportError(f"--format: {form!r} is not known; choose one of {', '.join(FORMATS)}")
    if entail and form not in RDF:
        raise ExportError(f"--entail: adds to RDF, and {form!r} is none; choose one of {', '.join(RDF)}")


def _writers(form: str, source: records.Source) -> Iterator[tuple[str, Callable[[Path], None]]]:
    if form in TABLES:
        for name in records.TABLES:
            yield f"{name}.{form}", lambda path, name=name: TABLES[form](source, name, path)  # type: ignore[misc]
    else:
        for name, chunks in neo4j.files(source).items():
            yield name, lambda path, chunks=chunks: _write(path, chunks)  # type: ignore[misc]


def _write(path: Path, chunks: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(chunks)


def _lines(folder: Path, part: Part, base: str) -> Iterator[str]:
    lines = parts.read(folder)
    if part.documents is not None or part.around is not None:
        opened = store.open_store(folder)
        lines = parts.kept(lines, parts.keep(opened, part, parts.things(opened, part), base))
    return lines if part.evidence else parts.without_evidence(lines, base)


def _source(folder: Path, part: Part, base: str) -> records.Source:
    opened = store.open_store(folder)
    things = parts.things(opened, part)
    keep = parts.keep(opened, part, things, base)
    whole = part.documents is None and part.around is None

    def lines() -> Iterator[str]:
        found = parts.read(folder) if whole else parts.kept(parts.read(folder), keep)
        return found if part.evidence else parts.without_evidence(found, base)

    return records.Source(lines, lookup.Lookup(opened, part.documents, things), base, evidence=part.evidence)


def _larger(chunks: Iterable[str]) -> Iterator[bytes]:
    """Join small chunks, so that writing them costs little."""
    chunks = iter(chunks)
    while waiting := list(islice(chunks, _CHUNKS)):
        yield "".join(waiting).encode()
