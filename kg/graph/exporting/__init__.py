"""Writes a graph, or a part of it, in the formats of other programs: a file per family of formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from kg.errors import ExportError
from kg.graph import selection, store
from kg.graph.exporting import networks, parts, rdf, spreadsheets

RDF: Mapping[str, Callable[[Iterable[str], str], Iterator[str]]] = {
    "turtle": rdf.turtle,
    "nt": rdf.ntriples,
    "nq": rdf.nquads,
    "trig": rdf.trig,
    "jsonld": rdf.jsonld,
    "rdfxml": rdf.rdfxml,
}
"""Formats that say everything, from sorted N-Quads lines and the base of identities."""

NETWORKS: Mapping[str, Callable[[selection.GraphView], str]] = {
    "graphml": networks.graphml,
    "gexf": networks.gexf,
}
"""Formats of things and the facts between them."""

FORMATS = (*RDF, *NETWORKS, "csv")


@dataclass(frozen=True, slots=True)
class Part:
    """What to keep: some documents, what is around a thing (all by IRI), and whether evidence goes along."""

    documents: frozenset[str] | None = None
    around: str | None = None
    depth: int = 1
    evidence: bool = True


def export(folder: Path, form: str, part: Part, base: str) -> Iterator[str]:
    """Yield the chunks of the file that a built graph, or a part of it, becomes in one of the formats.

    Raises:
        ExportError: there is no such format, or it is one of several files.
        StoreError: the folder holds no graph.

    """
    if form in RDF:
        yield from RDF[form](_lines(folder, part, base), base)
    elif form in NETWORKS:
        yield NETWORKS[form](_view(store.open_store(folder), part))
    elif form == "csv":
        raise ExportError("--format csv: is several tables; name a folder for them with -o")
    else:
        raise ExportError(f"--format: {form!r} is not known; choose one of {', '.join(FORMATS)}")


def export_tables(folder: Path, part: Part, target: Path) -> list[Path]:
    """Write a graph as CSV tables into the folder ``target`` and return their paths."""
    tables = spreadsheets.tables(_view(store.open_store(folder), part))
    paths = {target / f"{name}.csv": content for name, content in tables.items()}
    try:
        target.mkdir(parents=True, exist_ok=True)
        for path, content in paths.items():
            # The mark at the beginning makes spreadsheets take the file for UTF-8.
            path.write_text(content, encoding="utf-8-sig", newline="")
    except OSError as error:
        problem = f"cannot be written, {error.strerror}; choose another folder with -o"
        raise ExportError(f"{target}: {problem}") from error
    return list(paths)


def _lines(folder: Path, part: Part, base: str) -> Iterator[str]:
    lines = parts.read(folder)
    if part.documents is not None:
        lines = parts.of_documents(lines, part.documents, base)
    if part.around is not None:
        things = selection.view(store.open_store(folder), part.around, part.depth, part.documents)
        lines = parts.of_things(lines, {node.iri for node in things.nodes}, base)
    return lines if part.evidence else parts.without_evidence(lines, base)


def _view(opened: pyoxigraph.Store, part: Part) -> selection.GraphView:
    return selection.view(opened, part.around, part.depth, part.documents)
