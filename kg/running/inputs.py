"""Finds the files that a build is asked to read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A file to read, and the name under which the graph knows it: its path below the folder asked for."""

    name: str
    path: Path


def find(paths: Sequence[Path], leave_out: Path) -> tuple[Source, ...]:
    """Return the files at ``paths``, folders read through, sorted by name.

    Hidden files and folders are left out, and so is the folder ``leave_out``: what a build writes is not what
    the next one reads. Links to folders are not followed. Folders that may not be read, and links that lead
    nowhere, are returned, so that reading them tells what is wrong.

    Raises:
        StoreError: a path does not exist, or is neither a file nor a folder.

    """
    found: dict[str, Source] = {}
    for path in paths:
        if path.is_dir():
            for file in _walk(path, _real(leave_out)):
                found.setdefault(_real(file), Source(_name(file.relative_to(path)), file))
        elif path.is_file():
            found.setdefault(_real(path), Source(_name(Path(path.name)), path))
        elif path.exists():
            raise StoreError(f"{path}: is neither a file nor a folder; give the path of a document")
        else:
            raise StoreError(
                f"{path}: no such file or folder; give the path of a document or a folder of documents"
            )
    return tuple(sorted(found.values()))


def _walk(folder: Path, leave_out: str) -> list[Path]:
    files: list[Path] = []

    def keep(error: OSError) -> None:
        files.append(Path(error.filename))

    for here, folders, names in os.walk(folder, onerror=keep):
        place = Path(here)
        folders[:] = [
            name for name in folders if not name.startswith(".") and _real(place / name) != leave_out
        ]
        files += [place / name for name in names if not name.startswith(".") and _readable(place / name)]
    return files


def _readable(path: Path) -> bool:
    """Tell a file, or a link that leads nowhere, from a pipe or device, which would never end."""
    return path.is_file() or (path.is_symlink() and not path.exists())


def _real(path: Path) -> str:
    return os.path.realpath(path)  # Path.resolve fails on links in a circle


def _name(path: Path) -> str:
    # A file name may hold bytes that are no UTF-8: they are shown, never kept.
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
