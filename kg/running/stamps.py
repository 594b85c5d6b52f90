"""What the system says of a file, by which it is known again without reading it."""

from __future__ import annotations

import os
import time

_SETTLED = 2_000_000_000
"""Nanoseconds after which a further change of a file shows in its times on every file system."""


def stamp(path: str | os.PathLike[str]) -> str:
    """Return a text on a file that is another one when its bytes are: size, times and place on the disk.

    Raises:
        OSError: the file is not there.

    """
    return _told(os.stat(path))  # noqa: PTH116 - a path object for each would take longer than all else


def settled(path: str | os.PathLike[str]) -> str:
    """Return the stamp of a file, "" where it changed so lately that its next change might not show.

    Raises:
        OSError: the file is not there.

    """
    found = os.stat(path)  # noqa: PTH116 - as above
    is_settled = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _SETTLED
    return _told(found) if is_settled else ""


def _told(found: os.stat_result) -> str:
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
