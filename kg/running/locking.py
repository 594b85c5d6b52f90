"""Holds a folder against a second program that would write there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kg.errors import StoreError

LOCK = ".lock"


@contextlib.contextmanager
def held(folder: Path, who: str) -> Iterator[tuple[int, ...]]:
    """Hold a folder, and yield the file descriptors that do: while one is open anywhere, it is held.

    Where the system knows no locks of files, nothing is held.

    Raises:
        StoreError: another of the same kind, which ``who`` names, holds it.

    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield ()
        return
    with (folder / LOCK).open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"{folder}: another {who} is writing there; wait for it or choose another -o"
            ) from error
        yield (stream.fileno(),)
