"""Puts the lines of a graph into the groups that formats write: by named graph, by subject."""

from __future__ import annotations

import heapq
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from kg.graph.nquads import Quad, split

Triple = tuple[str, str, str]

RUN = 8_000_000
"""How many characters are kept in memory at a time."""

_OPEN_FILES = 128

_Piece = tuple[str, list[str]]
"""A graph, and triples in it that follow one another."""


def by_graph(lines: Iterable[str], run: int = RUN) -> Iterator[tuple[str, Iterator[Triple]]]:
    """Yield each named graph of sorted lines with its triples, sorted, to be read before the next one.

    Memory stays flat. Within a graph the lines already are in order, so that nothing is sorted but graphs:
    beyond ``run`` characters, the pieces of graphs wait in a temporary folder that goes away at the end.
    """
    for graph, pieces in groupby(_pieces(lines, run), key=itemgetter(0)):
        yield graph, map(_triple, chain.from_iterable(map(itemgetter(1), pieces)))


def by_subject(lines: Iterable[str]) -> Iterator[tuple[str, Iterator[Quad]]]:
    """Yield each subject of sorted lines with its statements, to be read before the next one."""
    return groupby(map(split, lines), key=lambda quad: quad[0])


def _pieces(lines: Iterable[str], run: int) -> Iterator[_Piece]:
    """Yield the pieces of all graphs, in the order of their names, and as they follow one another."""
    with ExitStack() as cleaning:
        runs: list[Path] = []
        place: Path | None = None
        number = 0
        for dealt, last in _deal(lines, run):
            if last and place is None:
                yield from sorted(dealt.items())
                return
            if place is None:
                place = Path(cleaning.enter_context(tempfile.TemporaryDirectory(prefix="kg-graphs-")))
            number += 1
            runs.append(_write(place / str(number), sorted(dealt.items())))
            if len(runs) == _OPEN_FILES:
                number += 1
                merged = _write(place / str(number), _merge(runs))
                for path in runs:
                    path.unlink()
                runs = [merged]
        yield from _merge(runs)


def _deal(lines: Iterable[str], run: int) -> Iterator[tuple[Mapping[str, list[str]], bool]]:
    """Yield triples by their graph, as many at a time as memory keeps, and whether they are the last.

    They are to be read before the next ones.
    """
    dealt: defaultdict[str, list[str]] = defaultdict(list)
    add: Callable[[str], None]
    end, size = "", 0
    for line in lines:
        if size > run:
            yield dealt, False
            dealt.clear()  # not a new one: who reads them has the old one still
            end, size = "", 0
        # Mostly of the same graph as the line before: then one call cuts its end off, and checks it.
        triple = line.removesuffix(end)
        if triple == line:
            at = line.rfind(" <")
            triple, end = line[:at], line[at:]
            if at < 0 or end[-3:] != "> .":
                split(line)  # tells what is wrong with it
            add = dealt[end[1:-2]].append
        add(triple)
        size += len(triple)
    yield dealt, True


def _write(path: Path, pieces: Iterable[_Piece]) -> Path:
    """Write pieces to a file: each after a line that tells its graph, and how many bytes it has."""
    with path.open("wb") as stream:
        for graph, triples in pieces:
            body = "\n".join(triples).encode()
            stream.write(f"{graph} {len(body)}\n".encode())
            stream.write(body)
    return path


def _merge(runs: list[Path]) -> Iterator[_Piece]:
    with ExitStack() as cleaning:
        streams = [_heads(cleaning.enter_context(path.open("rb"))) for path in runs]
        # What follows a head is read when its turn has come: of all files, one piece is in memory.
        for graph, size, stream in heapq.merge(*streams, key=itemgetter(0)):
            yield graph, stream.read(size).decode().split("\n")


def _heads(stream: BinaryIO) -> Iterator[tuple[str, int, BinaryIO]]:
    while head := stream.readline():
        graph, _, size = head.decode().rpartition(" ")
        yield graph, int(size), stream


def _triple(line: str) -> Triple:
    # Only the object may hold spaces.
    subject, predicate, obj = line.split(" ", 2)
    return subject, predicate, obj
