"""What the system says of a file, by which it is known again without reading it."""

from __future__ import annotations

import os
import time
from pathlib import Path

_SETTLED = 2_000_000_000
"""Nanoseconds after which a further change of a file shows in its times on every file system."""


def stamp(path: str | os.PathLike[str]) -> str:
    """Return a text on a file that is another one when its bytes are: size, times and place on the disk.

    Raises:
        OSError: the file is not there.

    """
    return _told(Path(path).stat())


def settled(path: str | os.PathLike[str]) -> str:
    """Return the stamp of a file, "" where it changed so lately that its next change might not show.

    Raises:
        OSError: the file is not there.

    """
    found = Path(path).stat()
    is_settled = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _SETTLED
    return _told(found) if is_settled else ""


def _told(found: os.stat_result) -> str:
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
