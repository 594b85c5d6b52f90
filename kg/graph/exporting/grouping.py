"""Puts the lines of a graph into the groups that formats write: by named graph, by subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kg.graph.exporting import sorting
from kg.graph.nquads import Quad, split

Triple = tuple[str, str, str]


def by_graph(lines: Iterable[str]) -> Iterator[tuple[str, Iterator[Triple]]]:
    """Yield each named graph with its triples, sorted; memory stays flat, what does not fit waits on disk."""
    moved = sorting.distinct(_graph_first(lines))
    for graph, found in groupby(moved, key=lambda line: line[: line.index(" ")]):
        yield graph, map(_triple, found)


def by_subject(lines: Iterable[str]) -> Iterator[tuple[str, Iterator[Quad]]]:
    """Yield each subject of sorted lines with its statements, to be read before the next one."""
    return groupby(map(split, lines), key=lambda quad: quad[0])


def _graph_first(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        cut = line.rfind(" <")
        if cut < 0 or line[-3:] != "> .":
            split(line)  # tells what is wrong with it
        yield f"{line[cut + 1 : -2]} {line[:cut]}"


def _triple(line: str) -> Triple:
    # Only the object may hold spaces.
    _, subject, predicate, obj = line.split(" ", 3)
    return subject, predicate, obj
