"""Writes a file of gigabytes, most of which is copied from another one, past the system's cache of files.

What the cache holds of a file just written is memory that the system has to find first, and has to bring to
the disk when the file takes the place of another: both cost more than the copying.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

BLOCK = 8 * 1024 * 1024
"""Bytes written at once."""

_AHEAD = 3 * BLOCK  # bytes that the system is asked to have ready while others are written
_ASKED = 512 * 1024  # of them at a time: of more, it takes only the first

_DIRECT: int = getattr(os, "O_DIRECT", 0)  # not on every system


class Writer:
    """A new file that is written from its beginning to its end: see :func:`writing`."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._block = memoryview(
            mmap.mmap(-1, BLOCK)
        )  # begins with a page, as writing past the cache demands
        self._filled = 0
        self._asked = 0

    def write(self, content: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: they cannot be written, here and in the other methods.

        """
        rest = memoryview(content)
        while rest:
            fits = min(len(rest), BLOCK - self._filled)
            self._block[self._filled : self._filled + fits] = rest[:fits]
            self._fill(fits)
            rest = rest[fits:]

    def copy(self, source: int, begin: int, end: int) -> None:
        """Write what another file (by its descriptor) holds between two offsets, later ones later."""
        while begin < end:
            self._ask(source, begin + _AHEAD)
            fits = min(end - begin, BLOCK - self._filled)
            got = os.preadv(source, [self._block[self._filled : self._filled + fits]], begin)
            if not got:
                raise OSError(errno.EIO, "the file became shorter while it was copied")
            self._fill(got)
            begin += got

    def _ask(self, source: int, end: int) -> None:
        """Have the system begin to read a file up to an offset: to wait for each block would take longer."""
        if hasattr(os, "posix_fadvise"):
            while self._asked < end:
                os.posix_fadvise(source, self._asked, _ASKED, os.POSIX_FADV_WILLNEED)
                self._asked += _ASKED

    def finish(self) -> None:
        """Write what is left."""
        self._through_cache()  # only whole blocks go past it
        self._put(self._block[: self._filled])
        self._filled = 0
        os.ftruncate(self._file, os.lseek(self._file, 0, os.SEEK_CUR))

    def _fill(self, size: int) -> None:
        self._filled += size
        if self._filled == BLOCK:
            self._put(self._block)
            self._filled = 0

    def _put(self, content: memoryview) -> None:
        while content:
            try:
                content = content[os.write(self._file, content) :]
            except OSError as error:
                if error.errno != errno.EINVAL or not self._through_cache():
                    raise

    def _through_cache(self) -> bool:
        """Have the cache used from now on, and tell whether it was not used before."""
        if not _DIRECT:
            return False
        import fcntl  # noqa: PLC0415 - where there is no such writing, there is perhaps no such module

        flags = fcntl.fcntl(self._file, fcntl.F_GETFL)
        fcntl.fcntl(self._file, fcntl.F_SETFL, flags & ~_DIRECT)
        return bool(flags & _DIRECT)


@contextlib.contextmanager
def writing(path: Path, size: int) -> Iterator[Writer]:
    """Yield what writes a new file of about so many bytes; it is finished where nothing goes wrong.

    Raises:
        OSError: the file cannot be made; there may be no room for it.

    """
    file = _opened(path)
    try:
        if size and hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file, 0, size)
        writer = Writer(file)
        yield writer
        writer.finish()
    finally:
        os.close(file)


def _opened(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        return os.open(path, flags | _DIRECT, 0o666)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return os.open(path, flags, 0o666)  # this file system knows no writing past the cache
