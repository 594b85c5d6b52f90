"""Searches large sorted files of lines by bisection, and copies what lies between."""

from __future__ import annotations

import os
from io import FileIO

_BLOCK = 2048  # bytes read at once where lines are looked for: few are longer
_COPIED = 1024 * 1024  # and where the system does not copy by itself


class Lines:
    """A sorted file of lines that is searched by bisection.

    Mapping it into memory would be simpler, and count as memory that the program takes.
    """

    def __init__(self, held: FileIO) -> None:
        self._file = held.fileno()
        self.end = os.fstat(self._file).st_size

    def at(self, begin: int) -> bytes:
        """Return the line that begins at an offset, without its end; b"" at the end of the file."""
        found = os.pread(self._file, _BLOCK, begin)
        while (end := found.find(b"\n")) < 0 and begin + len(found) < self.end:
            found += os.pread(self._file, _BLOCK, begin + len(found))
        return found[:end] if end >= 0 else b""

    def after(self, begin: int) -> int:
        """Return where the line after the one that begins at an offset begins."""
        return begin + len(self.at(begin)) + 1

    def find(self, line: bytes, low: int = 0) -> int:
        """Return where the first line begins that is not before ``line``, at ``low`` or after it."""
        # Lines that are looked for one after the other are mostly near each other: begin with small steps.
        step, high = 4096, low
        while high < self.end and self.at(high) < line:
            low = self.after(high)
            high = self._begin(min(self.end, low + step), low)
            step *= 4
        while low < high:
            middle = self._begin((low + high) // 2, low)
            if self.at(middle) < line:
                low = self.after(middle)
            else:
                high = middle
        return low

    def _begin(self, offset: int, low: int) -> int:
        """Return where the line begins in which an offset lies; a line begins at ``low``, too."""
        if offset >= self.end:
            return offset
        while offset > low:
            start = max(low, offset - _BLOCK)
            end = os.pread(self._file, offset - start, start).rfind(b"\n")
            if end >= 0:
                return start + end + 1
            offset = start
        return low


def copy(source: FileIO, target: FileIO, begin: int, end: int) -> None:
    """Copy bytes at the end of a file; by the system itself where it can."""
    while begin < end:
        if hasattr(os, "copy_file_range"):
            begin += os.copy_file_range(source.fileno(), target.fileno(), end - begin, begin)
        else:
            begin += target.write(os.pread(source.fileno(), min(_COPIED, end - begin), begin))


def write(target: FileIO, content: bytes) -> None:
    """Write bytes at the end of a file, all of them."""
    view = memoryview(content)
    while view:
        view = view[target.write(view) :]
