"""Sorts the lines of any number of documents into one file, in memory that does not grow with their number.

Lines are dealt out to parts, each small enough to be sorted in memory; the sorted parts one after the other
are the file. Parts end between two triples, not two subjects: what all documents say of one law is
too much for a part. Documents are dealt out, and parts sorted and counted, by several processes.
"""

from __future__ import annotations

import bisect
import contextlib
import functools
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kg.graph import names
from kg.running import counting, workers

PART = 16 * 1024 * 1024
"""Bytes of lines that are sorted at once; sorting takes about four times as much memory."""

_MOST = 4000  # files open at a time, where the system lets so many be
_SPARED = 100  # of them, for all else
_SAMPLED = 100  # documents, at least, that tell where parts begin and end
_DOCUMENTS, _TRIPLES = 4, 64  # of them and of their triples, for each part
_LINE = 200  # bytes, about
_BUFFER = 16 * 1024


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of documents, and how to get them.

    Attributes:
        pieces: gives the lines of every so many documents: sorted within each, in one piece, each line with
            its end. They may be packed: what is small is soon given to another process.
        documents: how many there are.
        size: how many bytes their lines have in all, unpacked.
        unpack: gives the lines in a piece.

    """

    pieces: Callable[[int], Iterable[bytes]]
    documents: int
    size: int
    unpack: Callable[[bytes], bytes] = bytes


def sort(
    lines: Lines,
    target: Path,
    processes: int = 1,
    named: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> counting.Counts:
    """Write the distinct lines of documents to a file, sorted, and return what was counted.

    Args:
        lines: what to sort.
        target: the file to write; parts wait in a folder beside it.
        processes: how many deal out and sort at a time.
        named: a file to write the names among them to (:mod:`kg.graph.names`), if wanted.
        progress: is told how many of how many parts are done.

    """
    parts = min(_most(), lines.size // PART + 1)
    if parts == 1:
        distinct = _distinct(b"".join(map(lines.unpack, lines.pieces(1))))
        target.write_bytes(_joined(distinct))
        if named:
            named.write_bytes(_joined(names.entries(distinct)))
        return counting.count(distinct)
    folder = target.with_name(f".{target.name.strip('.')}.parts.tmp")
    folder.mkdir()
    try:
        # What a document says of itself stands together: where few are looked at, all that others say of
        # themselves falls between two borders.
        every = max(1, lines.documents // max(_SAMPLED, _DOCUMENTS * parts))
        step = max(1, lines.size // _LINE // every // (_TRIPLES * parts))
        borders = _borders(map(lines.unpack, lines.pieces(every)), step, parts)
        paths = [folder / f"{number:04d}" for number in range(len(borders) + 1)]
        deal = functools.partial(_deal, borders, paths, lines.unpack)
        workers.share(deal, lines.pieces(1), processes)
        total = counting.Counts()
        last = b""
        work = functools.partial(_sort_part, processes, named is not None)
        with contextlib.ExitStack() as opened:
            stream = opened.enter_context(target.open("wb"))
            beside = opened.enter_context(named.open("wb")) if named else None
            for path, done in zip(paths, workers.each(work, paths, processes), strict=True):
                total.add(done.counts)
                if done.first:
                    total.subjects -= done.first == last  # counted in both parts that it is in
                    last = done.last
                append(stream, path)
                path.unlink()
                if beside:
                    append(beside, _names_of(path))
                    _names_of(path).unlink()
                progress(int(path.name) + 1, len(paths))
        return total
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _most() -> int:
    """Return how many parts there may be, and have the system let so many files be open."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return min(_MOST, 400)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = max(soft, min(hard, _MOST + _SPARED))
    else:
        wanted = max(soft, _MOST + _SPARED)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(1, min(_MOST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _SPARED))


def append(stream: BinaryIO, path: Path) -> None:
    """Write a file's bytes to a stream."""
    with path.open("rb") as part:
        shutil.copyfileobj(part, stream, 1024 * 1024)


def _distinct(joined: bytes) -> list[bytes]:
    split = joined.split(b"\n")
    del joined  # where nobody else holds them, so many bytes less
    lines = set(split)
    del split
    lines.discard(b"")
    return sorted(lines)


def _joined(lines: list[bytes]) -> bytes:
    return b"\n".join([*lines, b""])


def _borders(sample: Iterable[bytes], step: int, parts: int) -> list[bytes]:
    """Return the triples before which parts end, so that they come out about equally large.

    Of each document in the sample, every so many lines are looked at, not the same of each.
    """
    triples = sorted(
        counting.triple_of(line)
        for number, blob in enumerate(sample)
        for line in blob.split(b"\n")[number % step : -1 : step]
    )
    wanted = (triples[number * len(triples) // parts] for number in range(1, parts))
    return sorted(set(wanted)) if triples else []


def _deal(
    borders: list[bytes],
    paths: list[Path],
    unpack: Callable[[bytes], bytes],
    number: int,
    pieces: Iterator[bytes],
) -> None:
    """Write each document's lines to the files that this process has for the parts they belong to."""
    with contextlib.ExitStack() as opened:
        streams = [opened.enter_context(_dealt(path, number).open("wb", _BUFFER)) for path in paths]
        for piece in pieces:
            lines = unpack(piece).split(b"\n")[:-1]
            begin = 0
            while begin < len(lines):
                part = bisect.bisect_right(borders, lines[begin])
                end = bisect.bisect_left(lines, borders[part], begin) if part < len(borders) else len(lines)
                streams[part].write(_joined(lines[begin:end]))
                begin = end


@dataclass(frozen=True, slots=True)
class _Sorted:
    """What is in a part, its first and its last subject."""

    counts: counting.Counts
    first: bytes = b""
    last: bytes = b""


def _dealt(path: Path, number: int) -> Path:
    return path.with_suffix(f".{number}")


def _sort_part(processes: int, is_named: bool, path: Path) -> _Sorted:
    dealt = [found for number in range(processes) if (found := _dealt(path, number)).exists()]
    lines = _distinct(b"".join(found.read_bytes() for found in dealt))
    for found in dealt:
        found.unlink()
    path.write_bytes(_joined(lines))
    if is_named:
        _names_of(path).write_bytes(_joined(names.entries(lines)))
    if not lines:
        return _Sorted(counting.Counts())
    first, last = (line.split(b" ", 1)[0] for line in (lines[0], lines[-1]))
    return _Sorted(counting.count(lines), first, last)


def _names_of(path: Path) -> Path:
    return path.with_suffix(".names")


def whole_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file, each with its end."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        yield from stream
