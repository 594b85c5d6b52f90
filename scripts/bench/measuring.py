"""Time and memory of this process and of others, as the system counts them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

STEP = 0.2  # seconds between two looks at the memory of processes


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command took: seconds on the clock, seconds of work of all its processes, bytes at the highest.

    ``work`` is what the system counted, or what was seen of each process if that is more: the system forgets
    processes that nobody waited for, such as those in which Spark runs Python. ``memory`` is the sum of the
    proportional shares (PSS) of its processes. Both are looked at five times a second; 0 where the system
    does not tell.
    """

    wall: float
    work: float
    memory: int
    output: str


def run(command: Sequence[str], watch: bool = True, folder: Path | None = None) -> Ran:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; the message has what it said.

    """
    begun, work = time.perf_counter(), children()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
    ) as process:
        seen = Seen()
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, seen, ended))
        if watch:
            watcher.start()
        output, _ = process.communicate()
        wall = time.perf_counter() - begun
        ended.set()
        if watch:
            watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}: {output[-2000:]}")
    return Ran(wall, max(children() - work, sum(seen.work.values())), seen.memory, output)


def python(*arguments: str) -> list[str]:
    """Return a command of the Python that runs this."""
    return [sys.executable, *arguments]


def children() -> float:
    """Return the seconds of work of all processes that this one started and that have ended."""
    told = os.times()
    return told.children_user + told.children_system


@dataclass(slots=True)
class Seen:
    """What was seen of processes: the most memory of all together, the seconds that each had worked."""

    memory: int = 0
    work: dict[int, float] = field(default_factory=dict)


def _watch(root: int, seen: Seen, ended: threading.Event) -> None:
    while not ended.wait(STEP):
        processes = list(tree(root))
        seen.memory = max(seen.memory, sum(map(share, processes)))
        seen.work.update((process, worked) for process in processes if (worked := worked_by(process)))


def tree(root: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield root
    for place in Path(f"/proc/{root}/task").glob("*/children"):
        with suppress(OSError):  # it has just ended
            for child in place.read_text().split():
                yield from tree(int(child))


def worked_by(process: int) -> float:
    """Return the seconds that a process has worked, 0 where there is none.

    >>> 0 < worked_by(os.getpid()) <= sum(os.times()[:2]) + 0.1
    True
    """
    with suppress(OSError):
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        user, system = told.rpartition(")")[2].split()[11:13]  # its name, in brackets, may hold anything
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def share(process: int) -> int:
    """Return the bytes of a process, what it shares with others in proportion."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the middle and the ends of what several rounds gave.

    >>> spread([3.0, 1.0, 2.0])
    {'median': 2.0, 'least': 1.0, 'most': 3.0}
    """
    return {
        "median": rounded(statistics.median(values)),
        "least": rounded(min(values)),
        "most": rounded(max(values)),
    }


def rounded(value: float) -> float:
    """Return a number with four significant figures.

    >>> rounded(123456.7), rounded(0.0123456)
    (123500.0, 0.01235)
    """
    return float(f"{value:.4g}")
