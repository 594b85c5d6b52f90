"""Changes a large sorted graph in a few places: what some documents no longer say and what others say anew.

Most of a file of gigabytes stays as it is. Lines are found by bisection, and what lies between is copied.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path

from kg.graph.sorted_lines import Lines
from kg.running import copying, counting


@dataclass(frozen=True, slots=True)
class Change:
    """Lines (without ends) that leave a graph and that come into it, and the same of its distinct triples."""

    gone: list[bytes]
    new: list[bytes]
    triples_gone: list[bytes]
    triples_new: list[bytes]


@contextlib.contextmanager
def patched(
    present: Path, target: Path, gone: Iterable[bytes], new: Iterable[bytes], counts: counting.Counts
) -> Iterator[tuple[Change, Callable[[], None]]]:
    """Write a sorted file with some lines gone and others new, and change ``counts`` accordingly.

    Lines that are gone but not there, and new ones that are, change nothing. The file is written beside what
    else is done: what is yielded with the change waits until it is complete, as the end of the context does.

    Raises:
        OSError: the file cannot be written; also where it is waited for.

    """
    coming = set(new)
    leaving = set(gone) - coming
    with present.open("rb", buffering=0) as held, futures.ThreadPoolExecutor(1) as beside:
        lines = Lines(held)
        edits = []
        begin = 0
        for line in sorted(leaving | coming):
            begin = lines.find(line, begin)
            is_there = lines.at(begin) == line
            if is_there == (line in leaving):
                edits.append((begin, line))
        writing = beside.submit(_write, target, held.fileno(), lines.end, edits, leaving)
        away = [line for _, line in edits if line in leaving]
        added = [line for _, line in edits if line in coming]
        triples_gone, triples_new = _triples(lines, away, added, counts)
        counts.quads += len(added) - len(away)
        _subjects(lines, away, added, counts)
        yield Change(away, added, triples_gone, triples_new), writing.result
        writing.result()


def _triples(
    lines: Lines, away: list[bytes], added: list[bytes], counts: counting.Counts
) -> tuple[list[bytes], list[bytes]]:
    """Return the triples that no graph states any more and those that none did before, and count them."""
    gone, new = [], []
    leaving, coming = _grouped(away), _grouped(added)
    begin = 0
    for triple in sorted({*leaving, *coming}):
        begin = lines.find(triple + b" <", begin)
        first = lines.at(begin)
        is_there = counting.triple_of(first) == triple
        if not is_there:
            new.append(triple)
        elif triple not in coming and _are_all(lines, begin, leaving[triple]):
            gone.append(triple)
    for found, by in ((gone, -1), (new, 1)):
        for triple in found:
            counts.change(triple, by)
    return gone, new


def _grouped(ordered: list[bytes]) -> dict[bytes, list[bytes]]:
    return {triple: list(group) for triple, group in itertools.groupby(ordered, counting.triple_of)}


def _are_all(lines: Lines, begin: int, leaving: list[bytes]) -> bool:
    """Tell whether the lines of a triple, which begin at an offset, all leave."""
    triple = counting.triple_of(leaving[0])
    for line in leaving:
        if lines.at(begin) != line:
            return False
        begin = lines.after(begin)
    return counting.triple_of(lines.at(begin)) != triple


def _subjects(lines: Lines, away: list[bytes], added: list[bytes], counts: counting.Counts) -> None:
    """Count the subjects of which nothing is left, and those that are new."""
    leaving, coming = (_by_subject(found) for found in (away, added))
    begin = 0
    for subject in sorted({*leaving, *coming}):
        begin = lines.find(subject + b" ", begin)
        is_there = lines.at(begin).startswith(subject + b" ")
        if not is_there:
            counts.subjects += 1
        elif subject not in coming:
            end = lines.find(subject + b"!", begin)  # the next sign after a space
            counts.subjects -= end - begin == leaving[subject]


def _by_subject(ordered: list[bytes]) -> dict[bytes, int]:
    """Return how many bytes the lines of each subject take."""
    groups = itertools.groupby(ordered, lambda line: line.split(b" ", 1)[0])
    return {subject: sum(len(line) + 1 for line in group) for subject, group in groups}


def _write(target: Path, held: int, size: int, edits: list[tuple[int, bytes]], leaving: set[bytes]) -> None:
    """Write the lines of a file (its descriptor and size) with some changed, each with its offset there."""
    grown = sum(-len(line) - 1 if line in leaving else len(line) + 1 for _, line in edits)
    begin = 0
    waiting: list[bytes] = []
    with copying.writing(target, size + grown) as result:
        for offset, line in edits:
            if offset > begin:
                _flush(result, waiting)
                result.copy(held, begin, offset)
            begin = offset
            if line in leaving:
                begin += len(line) + 1
            else:
                waiting += (line, b"\n")
        _flush(result, waiting)
        result.copy(held, begin, size)


def _flush(result: copying.Writer, waiting: list[bytes]) -> None:
    if waiting:
        result.write(b"".join(waiting))
        waiting.clear()
