"""Sorts more lines than memory holds: sorted runs on disk, merged a limited number at a time."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

RUN = 8_000_000
"""How many characters are sorted in memory at a time: about 30 MB of lines as the interpreter keeps them."""

_OPEN_FILES = 128


def distinct(lines: Iterable[str], run: int = RUN) -> Iterator[str]:
    """Yield lines without line ends in the order of their code points, each once.

    Beyond ``run`` characters they wait in a temporary folder that goes away at the end.

    >>> list(distinct(["b", "a", "b", "c"], run=2))
    ['a', 'b', 'c']
    """
    with ExitStack() as cleaning:
        runs: list[Path] = []
        place: Path | None = None
        number = 0
        for waiting, last in _runs(lines, run):
            if last and place is None:
                yield from waiting
                return
            if place is None:
                place = Path(cleaning.enter_context(tempfile.TemporaryDirectory(prefix="kg-sort-")))
            number += 1
            runs.append(_write(place / str(number), waiting))
            if len(runs) == _OPEN_FILES:
                number += 1
                merged = _write(place / str(number), _merge(runs))
                for path in runs:
                    path.unlink()
                runs = [merged]
        yield from _merge(runs)


def _runs(lines: Iterable[str], run: int) -> Iterator[tuple[list[str], bool]]:
    """Yield sorted runs of distinct lines, and whether each is the last."""
    waiting: set[str] = set()
    size = 0
    for line in lines:
        if size > run:
            yield sorted(waiting), False
            waiting, size = set(), 0
        if line not in waiting:
            waiting.add(line)
            size += len(line)
    yield sorted(waiting), True


def _write(path: Path, lines: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    return path


def _merge(runs: list[Path]) -> Iterator[str]:
    with ExitStack() as cleaning:
        streams = [cleaning.enter_context(path.open(encoding="utf-8", newline="\n")) for path in runs]
        last = None
        for line in heapq.merge(*streams):
            if line != last:
                yield line[:-1]
                last = line
