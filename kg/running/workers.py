"""Reads documents in processes of their own, each within limits, so that none of them can stop a build.

A document that takes too long or too much memory, or that brings a library down, costs its process and
itself; the others are read. The kernel keeps the limits: its timers end a process in the middle of native
code, too.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import itertools
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent import futures
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kg.running import documents

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

MEGABYTE = 1024 * 1024

_In = TypeVar("_In")
_Out = TypeVar("_Out")


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
_SELDOM = (
    50_000  # objects after which garbage is looked for; documents leave little of the kind that needs it
)
_SMALL = 4096  # characters of a list about a document
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


_AHEAD = 2
"""Documents that a process has at a time: the next one is there when it is done with one."""


def read(
    jobs: Iterable[documents.Job],
    count: int,
    limits: Limits,
    inherited: Sequence[int] = (),
    reader: Callable[[documents.Job], _Out | documents.Reply] = documents.read,
) -> Iterator[tuple[documents.Job, _Out | documents.Reply]]:
    """Read files in ``count`` processes; yield each with what came of it as it is done, in no certain order.

    ``inherited`` are file descriptors that the processes shall not keep open. Where processes cannot be
    forked, files are read in this one, without limits. What ``reader`` gives is what came of a document, but
    of one that cost its process, there is a reply that says so.
    """
    if not _can_fork():
        yield from ((job, reader(job)) for job in jobs)
        return
    waiting = _Jobs(jobs)
    workers = [_Worker(limits, inherited, reader) for _ in range(count)]
    try:
        while True:
            for worker in workers:
                while len(worker.jobs) < _AHEAD and (job := waiting.next(not worker.jobs)) is not None:
                    worker.give(job)
            busy: dict[Any, int] = {
                worker.line: number for number, worker in enumerate(workers) if worker.jobs
            }
            if not busy:
                return
            for line in connection.wait(list(busy)):
                worker = workers[busy[line]]
                job, reply = worker.take()
                if not worker.alive:
                    waiting.again(worker.jobs)
                    workers[busy[line]] = _Worker(limits, inherited, reader)
                yield job, reply
    finally:
        for worker in workers:
            worker.stop()


def collect_seldom() -> None:
    """Have this process look for garbage seldom, and never among what it holds already."""
    gc.freeze()  # the rules are never garbage
    gc.set_threshold(_SELDOM)


def each(work: Callable[[_In], _Out], items: Sequence[_In], count: int) -> Iterator[_Out]:
    """Yield what ``work`` gives for each item, in order, done in ``count`` processes where possible."""
    if count < 2 or len(items) < 2 or not _can_fork():
        yield from map(work, items)
        return
    context = multiprocessing.get_context("fork")
    with futures.ProcessPoolExecutor(count, context, _begin, (os.getpid(),)) as pool:
        yield from pool.map(work, items)


def share(work: Callable[[int, Iterator[_In]], None], items: Iterable[_In], count: int) -> None:
    """Have ``count`` processes do the work where possible, each with its number and its share of the items.

    What one of them raises is raised here; the others are ended.
    """
    if count < 2 or not _can_fork():
        work(0, iter(items))
        return
    context = multiprocessing.get_context("fork")
    lines: list[connection.Connection] = []
    started: list[BaseProcess] = []
    try:
        for number in range(count):
            line, other = context.Pipe()
            lines.append(line)
            process: BaseProcess = context.Process(
                target=_share, args=(work, number, other, os.getpid()), daemon=True
            )
            process.start()
            started.append(process)
            other.close()
        for line, item in zip(itertools.cycle(lines), items, strict=False):
            _send(line, (item,))
        for line in lines:
            _send(line, _NO_MORE)
        for line in lines:
            _raise_said(line)
    finally:
        for line in lines:
            line.close()
        for process in started:
            process.kill()
            process.join()


_NO_MORE = ()


def _send(line: connection.Connection, item: tuple[Any, ...]) -> None:
    try:
        line.send(item)
    except OSError:
        _raise_said(line)
        raise


def _raise_said(line: connection.Connection) -> None:
    """Raise what a process that is done, or gone, says that it could not do."""
    try:
        said = line.recv()
    except (EOFError, OSError) as error:
        problem = "a process of the build died; give the machine more memory"
        raise futures.process.BrokenProcessPool(problem) from error
    if said is not None:
        raise said


def _share(
    work: Callable[[int, Iterator[Any]], None], number: int, line: connection.Connection, parent: int
) -> None:
    _begin(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this decides
    try:
        work(number, (item for (item,) in iter(line.recv, _NO_MORE)))
        line.send(None)
    except BaseException as error:
        line.send(error)


def _begin(parent: int) -> None:
    _die_with(parent)
    gc.freeze()  # looking through what the processes share would have each copy it


class _Jobs:
    """What is still to be read."""

    def __init__(self, jobs: Iterable[documents.Job]) -> None:
        self._jobs = iter(jobs)
        self._again: list[documents.Job] = []

    def next(self, idle: bool) -> documents.Job | None:
        """Return the next job, if there is one for a process that is ``idle`` or still has another.

        What does not fit into a pipe is for idle ones: while it is sent, both would wait for each other.
        """
        job = self._again.pop() if self._again else next(self._jobs, None)
        if job is not None and not idle and _is_large(job):
            self._again.append(job)
            return None
        return job

    def again(self, jobs: Iterable[documents.Job]) -> None:
        self._again.extend(jobs)


def _can_fork() -> bool:
    # Elsewhere processes begin anew: they would cost more than a few files take, and know no such timers.
    return sys.platform == "linux"


def _is_large(job: documents.Job) -> bool:
    return job.source.data is not None or sum(len(value) for _, value in job.source.said) > _SMALL


class _Worker:
    """A process that reads one document after the other."""

    def __init__(self, limits: Limits, inherited: Sequence[int], reader: Callable[..., Any]) -> None:
        context = multiprocessing.get_context("fork")
        self.line, other = context.Pipe()
        self.alive = True
        self.jobs: deque[documents.Job] = deque()
        self._limits = limits
        self._process: BaseProcess = context.Process(
            target=_work, args=(other, self.line, os.getpid(), limits, tuple(inherited), reader), daemon=True
        )
        self._process.start()
        other.close()

    def give(self, job: documents.Job) -> None:
        """Have a document read; one that cannot be given any more is told by :meth:`take`."""
        self.jobs.append(job)
        with contextlib.suppress(OSError):
            self.line.send(job)

    def take(self) -> tuple[documents.Job, Any]:
        """Return what came of the document given first; where it cost the process, say so."""
        job = self.jobs.popleft()
        try:
            said = self.line.recv()
        except (EOFError, OSError):
            self.stop()
            return job, _lost(job, self._process.exitcode or 0, self._limits)
        if isinstance(said, BaseException):
            self.stop()
            raise said
        if isinstance(said, documents.Reply) and said.reason == "memory":
            self.stop()  # what it holds may be in pieces
        return job, said

    def stop(self) -> None:
        """End the process."""
        self.alive = False
        self.line.close()
        self._process.kill()
        self._process.join()


def _lost(job: documents.Job, code: int, limits: Limits) -> documents.Reply:
    """Return what came of a document whose process died; it is not remembered, so that it is tried again."""
    if -code in _SLOW:
        seconds = _seconds(job, limits)
        problem = f"reading it took longer than {seconds:.3g} seconds"
        return documents.failed(job, "too-slow", problem, "split the file, or leave it out")
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    problem = f"the process that read it died ({name})"
    advice = "give the machine more memory, or leave it out; if it is an ordinary document, please report it"
    return documents.failed(job, "crashed", problem, advice)


def _seconds(job: documents.Job, limits: Limits) -> float:
    try:
        size = job.source.size()
    except OSError:
        size = 0
    return limits.seconds + limits.seconds_per_megabyte * size / MEGABYTE


_SLOW = {int(getattr(signal, name)) for name in ("SIGPROF", "SIGALRM") if hasattr(signal, name)}


def _work(
    line: Any,
    other: Any,
    parent: int,
    limits: Limits,
    inherited: Sequence[int],
    reader: Callable[[documents.Job], Any],
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
    collect_seldom()
    while True:
        try:
            job = line.recv()
        except (EOFError, OSError):
            return
        line.send(_within(limits, job, reader))


def _within(limits: Limits, job: documents.Job, reader: Callable[[documents.Job], Any]) -> Any:
    seconds = _seconds(job, limits)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * _WAITING)
    try:
        return reader(job)
    except MemoryError:
        problem = f"reading it takes more than {limits.memory} MB of memory"
        return documents.failed(job, "memory", problem, "split the file")
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
