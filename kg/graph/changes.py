"""Compares two builds: what the one says and the other does not, as a graph that can be asked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph

from kg import ids, terms
from kg.errors import QueryError, StoreError
from kg.graph import store as stores
from kg.graph.nquads import SKOS

ADDED = "changes/added"
REMOVED = "changes/removed"
"""The named graphs of a comparison, below the base of the graphs' identities."""

# What describes a thing but is as large as all that a report names.
_LEFT_OUT = frozenset({terms.gov("mentions")})
# Where a description goes on: from evidence to its passage and report, from a thing to where it is.
_FOLLOWED = frozenset(
    map(
        terms.gov,
        ("passage", "source", "indicator", "unit", "observedFor", "reportsOn", "within", "serves", "level",
         "documentType", "initiativeType", "institutionType"),
    )
) | {SKOS + "broader"}  # fmt: skip


def between(new: str | os.PathLike[str], old: str | os.PathLike[str]) -> pyoxigraph.Store:
    """Return what differs between two output folders, as a store in memory.

    The named graph ``<base>changes/added`` holds the statements of ``new`` that ``old`` does not have, and
    ``<base>changes/removed`` those of ``old`` that ``new`` does not have. The default graph describes what
    they are about: labels, types, evidence, passages, reports, from the build that has them. Memory grows
    with what differs.

    Raises:
        StoreError: a folder holds no graph.
        QueryError: the graphs have different bases, so that nothing in them is the same.

    """
    folders = Path(new), Path(old)
    base = _base(*folders)
    differing = pyoxigraph.Store()
    for name, lines in ((ADDED, _only(*folders)), (REMOVED, _only(*reversed(folders)))):
        graph = pyoxigraph.NamedNode(base + name)
        quads = pyoxigraph.parse(b"".join(lines), pyoxigraph.RdfFormat.N_QUADS)
        differing.bulk_extend(
            pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads
        )
    _describe(differing, [stores.open_store(folder) for folder in folders])
    return differing


def _base(new: Path, old: Path) -> str:
    found = []
    for folder in (new, old):
        try:
            summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{folder}: holds no graph; build one with kg build -o {folder}") from error
        found.append(str(summary.get("base", ids.DEFAULT_BASE)))
    if found[0] != found[1]:
        raise QueryError(
            f"--against: {new} has the base {found[0]} and {old} the base {found[1]}, so nothing in them "
            "is the same; build both with one --base"
        )
    return found[0]


def _only(these: Path, others: Path) -> Iterator[bytes]:
    """Yield the lines of one graph that the other does not have; both are sorted, so one pass finds them."""
    theirs = _lines(others)
    other = next(theirs, None)
    for line in _lines(these):
        while other is not None and other < line:
            other = next(theirs, None)
        if line != other:
            yield line


def _lines(folder: Path) -> Iterator[bytes]:
    path = folder / "graph.nq"
    try:
        with path.open("rb") as stream:
            yield from stream
    except OSError as error:
        raise StoreError(f"{path}: cannot be read, {error.strerror}; build the graph again") from error


def _describe(differing: pyoxigraph.Store, sources: list[pyoxigraph.Store]) -> None:
    """Put into the default graph what is known of everything that the differing statements name."""
    quads = differing.quads_for_pattern(None, None, None, None)
    named = chain.from_iterable((quad.subject, quad.object) for quad in quads)
    waiting = list(dict.fromkeys(node for node in named if isinstance(node, pyoxigraph.NamedNode)))
    seen = set(waiting)
    default = pyoxigraph.DefaultGraph()
    while waiting:
        node = waiting.pop()
        for source in sources:
            for quad in source.quads_for_pattern(node, None, None, default):
                if quad.predicate.value in _LEFT_OUT:
                    continue
                differing.add(quad)
                target: Any = quad.object
                follow = quad.predicate.value in _FOLLOWED and isinstance(target, pyoxigraph.NamedNode)
                if follow and target not in seen:
                    seen.add(target)
                    waiting.append(target)
