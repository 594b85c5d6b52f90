"""Reads documents in processes of their own, each within limits, so that none of them can stop a build.

A document that takes too long or too much memory, or that brings a library down, costs its process and
itself; the others are read. The kernel keeps the limits: its timers end a process in the middle of native
code, too.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.running import cache, documents

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds of work, more for each megabyte of it, and megabytes of memory.

    An ordinary report takes a twentieth of a second; a megabyte of plain text about five seconds. While a
    process waits, for a disk or a processor, ten times as long may pass.
    """

    seconds: float = 60.0
    seconds_per_megabyte: float = 15.0
    memory: int = 2048


_WAITING = 10
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


Reader = Callable[[documents.Job], dict[str, Any]]
"""What is done with a document: it returns what the process shall send back, by default its row."""


def read(
    jobs: Sequence[documents.Job],
    count: int,
    limits: Limits,
    inherited: Sequence[int] = (),
    reader: Reader = documents.read,
) -> Iterator[tuple[documents.Job, dict[str, Any]]]:
    """Read files in ``count`` processes, and yield each with its row as it is done, in no certain order.

    ``inherited`` are file descriptors that the processes shall not keep open. Where processes cannot be
    forked, files are read in this one, without limits. What ``reader`` returns is yielded in place of rows,
    but for documents that cost their process, which always have one.
    """
    if not _can_fork():
        yield from ((job, reader(job)) for job in jobs)
        return
    waiting = list(reversed(jobs))
    busy: dict[Any, tuple[_Worker, documents.Job]] = {}
    idle: list[_Worker] = []
    try:
        while waiting or busy:
            while waiting and len(busy) < count:
                worker = idle.pop() if idle else _Worker(limits, inherited, reader)
                busy[worker.line] = (worker, waiting.pop())
                worker.give(busy[worker.line][1])
            for line in connection.wait(list(busy)):
                worker, job = busy.pop(line)
                row = worker.take(job)
                if worker.alive:
                    idle.append(worker)
                yield job, row
    finally:
        for worker in [*idle, *(worker for worker, _ in busy.values())]:
            worker.stop()


def _can_fork() -> bool:
    # Elsewhere processes begin anew: they would cost more than a few files take, and know no such timers.
    return sys.platform == "linux"


class _Worker:
    """A process that reads one document after the other."""

    def __init__(self, limits: Limits, inherited: Sequence[int], reader: Reader) -> None:
        context = multiprocessing.get_context("fork")
        self.line, other = context.Pipe()
        self.alive = True
        self._limits = limits
        self._process: BaseProcess = context.Process(
            target=_work, args=(other, self.line, os.getpid(), limits, tuple(inherited), reader), daemon=True
        )
        self._process.start()
        other.close()

    def give(self, job: documents.Job) -> None:
        """Have a document read; one that cannot be given any more is told by :meth:`take`."""
        with contextlib.suppress(OSError):
            self.line.send(job)

    def take(self, job: documents.Job) -> dict[str, Any]:
        """Return the row of the document given, or that of one that cost the process."""
        try:
            said = self.line.recv()
        except (EOFError, OSError):
            self.stop()
            return _lost(job, self._process.exitcode or 0, self._limits)
        if isinstance(said, BaseException):
            self.stop()
            raise said
        if said.get("skipped", {}).get("reason") == "memory":
            self.stop()  # what it holds may be in pieces
        row: dict[str, Any] = said
        return row

    def stop(self) -> None:
        """End the process; what it was writing is not there yet, or there completely."""
        self.alive = False
        self.line.close()
        self._process.kill()
        self._process.join()


def _lost(job: documents.Job, code: int, limits: Limits) -> cache.Row:
    """Return the row of a document whose process died; it is not remembered, so that it is tried again."""
    if -code in _SLOW:
        seconds = _seconds(job, limits)
        problem = f"reading it took longer than {seconds:.3g} seconds"
        return documents.skipped(
            job.source.name, job.sha256, "too-slow", problem, "split the file, or leave it out"
        )
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    problem = f"the process that read it died ({name})"
    advice = "give the machine more memory, or leave it out; if it is an ordinary document, please report it"
    return documents.skipped(job.source.name, job.sha256, "crashed", problem, advice)


def _seconds(job: documents.Job, limits: Limits) -> float:
    try:
        size = job.source.size()
    except OSError:
        size = 0
    return limits.seconds + limits.seconds_per_megabyte * size / MEGABYTE


_SLOW = {int(getattr(signal, name)) for name in ("SIGPROF", "SIGALRM") if hasattr(signal, name)}


def _work(
    line: Any, other: Any, parent: int, limits: Limits, inherited: Sequence[int], reader: Reader
) -> None:
    """Read what comes in over the line until it closes."""
    other.close()
    _die_with(parent)
    for descriptor in inherited:  # a lock must not outlive who took it
        with contextlib.suppress(OSError):
            os.close(descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this decides
    for number in _SLOW:
        signal.signal(number, signal.SIG_DFL)
    _limit_memory(limits.memory)
    while True:
        try:
            job = line.recv()
        except (EOFError, OSError):
            return
        line.send(_within(limits, job, reader))


def _within(limits: Limits, job: documents.Job, reader: Reader) -> Any:
    seconds = _seconds(job, limits)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * _WAITING)
    try:
        return reader(job)
    except MemoryError:
        problem = f"reading it takes more than {limits.memory} MB of memory"
        return documents.skipped(job.source.name, job.sha256, "memory", problem, "split the file")
    except BaseException as error:  # told where the build can be stopped
        return error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _die_with(parent: int) -> None:
    """Have the kernel end this process when the one that started it ends, however that ends."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def _limit_memory(megabytes: int) -> None:
    """Let the process take no more than so much beyond what it begins with."""
    import resource  # noqa: PLC0415 - not on every system

    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + megabytes * MEGABYTE
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
