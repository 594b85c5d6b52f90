"""Keeps workers at hand, gives each one task at a time, and ends those that take too long."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.graph import built, store
from kg.serving import refusals, worker
from kg.serving.refusals import RefusedError
from kg.serving.tasks import Reply

WORKERS = 4
"""Tasks that run at a time, each in a process of its own."""

OPEN_QUERIES = WORKERS - 1
"""Queries of users' own that run at a time: one worker is always left to the pages."""

_GRACE = 2.0  # Seconds after its time in which a worker's end, or an answer that is ready, comes through.
_OUT_OF_MEMORY = (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may take: seconds of work (and of waiting for it), bytes of its answer."""

    seconds: float
    size: int


class Pool:
    """Does tasks on the graph of a folder, as it is at the time: a rebuilt graph is opened anew."""

    def __init__(self, folder: Path, limits: Limits, older: Path | None = None) -> None:
        self.folder = folder
        self.limits = limits
        self.older = older
        self._closing = False
        self._idle: list[_Worker] = []
        self._alive: set[_Worker] = set()
        self._places = asyncio.Semaphore(WORKERS)
        self._queries = asyncio.Semaphore(OPEN_QUERIES)

    async def run(self, task: str, **arguments: Any) -> Reply:
        """Do a task of :mod:`kg.serving.tasks`.

        Raises:
            RefusedError: the task cannot be done, took too long, needed or gave too much.
            StoreError: the folder holds no graph now.

        """
        async with contextlib.AsyncExitStack() as waiting:
            if task in ("query", "table"):
                await waiting.enter_async_context(self._turn(self._queries))
            await waiting.enter_async_context(self._turn(self._places))
            chosen = await self._worker()
            try:
                return await chosen.ask({"task": task, **arguments}, self.limits)
            except RefusedError:
                if self._closing:
                    raise refusals.stopping() from None
                raise
            finally:
                if chosen.is_free and not self._closing:
                    self._idle.append(chosen)
                else:  # it still computes for a client that has gone, or has ended
                    await self._end(chosen)

    @contextlib.asynccontextmanager
    async def _turn(self, places: asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(places.acquire(), self.limits.seconds)
        except TimeoutError:
            raise refusals.busy() from None
        try:
            yield
        finally:
            places.release()

    async def _worker(self) -> _Worker:
        if self._closing:
            raise refusals.stopping()
        present = identity(self.folder)
        while self._idle:
            found = self._idle.pop()
            if found.graph == present and found.is_free:
                return found
            await self._end(found)
        started = await _Worker.start(self.folder, self.older, self.limits, present)
        self._alive.add(started)
        return started

    async def close(self) -> None:
        """End all workers, busy ones too, and wait until they have."""
        self._closing = True
        for each in list(self._alive):
            await self._end(each)

    async def _end(self, ending: _Worker) -> None:
        self._alive.discard(ending)
        await ending.end()


class _Worker:
    """A process that does one task at a time, for the graph it was started on."""

    def __init__(self, process: asyncio.subprocess.Process, graph: tuple[int, ...]) -> None:
        self.process = process
        self.graph = graph
        self.is_free = True

    @classmethod
    async def start(cls, folder: Path, older: Path | None, limits: Limits, graph: tuple[int, ...]) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            worker.__name__,
            str(folder),
            str(older or ""),
            str(limits.seconds),
            str(limits.size),
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the server, which ends its workers
        )
        return cls(process, graph)

    async def ask(self, task: dict[str, Any], limits: Limits) -> Reply:
        assert self.process.stdin and self.process.stdout  # as it was started
        self.is_free = False
        try:
            async with asyncio.timeout(limits.seconds + _GRACE):
                self.process.stdin.write(json.dumps(task).encode() + b"\n")
                await self.process.stdin.drain()
                head = json.loads(await self.process.stdout.readline() or "null")
                body = await self.process.stdout.readexactly(head["size"]) if head else b""
        except TimeoutError:
            raise refusals.too_slow(limits.seconds) from None
        except (ConnectionError, asyncio.IncompleteReadError):
            head = None
        if head is None:
            raise self._ended(await self.process.wait(), limits)
        self.is_free = True
        if head["status"] != HTTPStatus.OK:
            raise RefusedError(HTTPStatus(head["status"]), body.decode())
        return Reply(head["type"], body)

    @staticmethod
    def _ended(code: int, limits: Limits) -> RefusedError:
        if code == -signal.SIGALRM:
            return refusals.too_slow(limits.seconds)
        if code in _OUT_OF_MEMORY:
            return refusals.too_hungry(worker.MEMORY)
        problem = f"server: the program failed (worker ended with {code}); please report this, with the query"
        return RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, problem)

    async def end(self) -> None:
        self.is_free = False
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


def identity(folder: Path) -> tuple[int, ...]:
    """Return numbers that differ from those of the graph that stood in a folder before.

    Raises:
        StoreError: the folder holds no graph.

    """
    try:
        files = [(folder / name).stat() for name in (f"{store.STORE}/CURRENT", built.SUMMARY)]
    except OSError as error:
        raise StoreError(f"{folder}: holds no graph; build one with kg build -o {folder}") from error
    return tuple(number for file in files for number in (file.st_ino, file.st_mtime_ns, file.st_size))
