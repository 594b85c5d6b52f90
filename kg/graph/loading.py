"""Fills a new store with the lines of documents as they come, beside what else the program does."""

from __future__ import annotations

import queue
import shutil
import threading
import zlib
from pathlib import Path

import pyoxigraph

_CHUNK = 16 * 1024 * 1024  # bytes loaded at once: larger pieces are no quicker and take more memory
_WAITING = 64  # documents that may wait to be loaded
_SHARED = b"/reference> ."
_REMEMBERED = 100_000  # lines of reference data that need not be loaded again


class Loader:
    """Loads documents into a store that is being made.

    The triples, all documents together, become the store's default graph. Leaving that to a union of the
    named graphs at query time would be slower, and wrong: the union gives what two documents say twice.

    ``apart`` has a thread load what is there while the program reads on; loading leaves the interpreter free.
    """

    def __init__(self, path: Path, apart: bool = False) -> None:
        self._path = path
        self._store: pyoxigraph.Store | None = pyoxigraph.Store(str(path))
        self._chunk: list[bytes] = []
        self._size = 0
        self._known: set[bytes] = set()
        self._queue: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True) if apart else None
        if self._thread:
            self._thread.start()

    def add(self, compressed: bytes) -> None:
        """Load a document's N-Quads lines, which zlib compressed; perhaps later."""
        if self._thread is None:
            self._take(compressed)
            return
        if self._error is None:
            self._queue.put(compressed)

    def finish(self) -> None:
        """Load what is left and close the store.

        Raises:
            Exception: whatever loading a document met.

        """
        self.stop()
        if self._error is not None:
            raise self._error
        self._load()
        if self._store is not None:
            self._store.flush()
            self._store = None

    def stop(self) -> None:
        """Wait until what was given is loaded; nothing may be given any more."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def abandon(self) -> None:
        """Remove the store, which will not be used, if it was not finished."""
        self.stop()
        if self._store is not None:
            self._store = None
            shutil.rmtree(self._path, ignore_errors=True)

    def _run(self) -> None:
        while (compressed := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self._take(compressed)
                except BaseException as error:  # told where the build can be stopped
                    self._error = error

    def _take(self, compressed: bytes) -> None:
        self._chunk.append(zlib.decompress(compressed))
        self._size += len(self._chunk[-1])
        if self._size >= _CHUNK:
            self._load()

    def _load(self) -> None:
        """Load what was collected; what the documents share is loaded once."""
        lines = set(b"".join(self._chunk).split(b"\n")) - self._known
        lines.discard(b"")
        self._chunk, self._size = [], 0
        if not lines or self._store is None:
            return
        if len(self._known) < _REMEMBERED:
            self._known.update(line for line in lines if line.endswith(_SHARED))
        ordered = sorted(lines)
        triples = dict.fromkeys(line[: line.rfind(b" <")] for line in ordered)
        # Lenient: every term was escaped by the one module that writes them; checking it again is slow.
        self._store.bulk_load(b"\n".join(ordered), pyoxigraph.RdfFormat.N_QUADS, lenient=True)
        self._store.bulk_load(b" .\n".join([*triples, b""]), pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
