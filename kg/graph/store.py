"""Makes and opens the embedded store of an output folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph

from kg.errors import StoreError

STORE = "store"
PREVIOUS = "store.previous"
"""Where the last store stands for the moment in which a new one takes its place."""

Lines = Sequence[bytes]


def open_store(folder: str | os.PathLike[str]) -> pyoxigraph.Store:
    """Open the store of an output folder for reading; any number of processes may do so at a time.

    Raises:
        StoreError: the folder holds no store, or one that cannot be read.

    """
    place = Path(folder)
    for name in (STORE, PREVIOUS):
        path = place / name
        if (path / "CURRENT").is_file():
            return open_path(path)
    raise StoreError(f"{place}: holds no graph; build one with kg build -o {place}")


def open_path(path: Path) -> pyoxigraph.Store:
    """Open the store at ``path`` itself for reading.

    Raises:
        StoreError: it cannot be read.

    """
    try:
        return pyoxigraph.Store.read_only(str(path))
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened, {error}; build the graph again") from error


def copy_store(present: Path, new: Path, *left: str) -> None:
    """Make a second store that holds what a closed one does; either can be changed without the other.

    Files named by ``left`` are left out.
    The files that hold the data are never changed, only made and removed: the two share them where the disk
    can give a file a second name.
    """
    new.mkdir()
    for path in sorted(present.iterdir()):
        if path.name == "LOCK" or path.name in left:
            continue
        if path.suffix == ".sst":
            try:
                os.link(path, new / path.name)
                continue
            except OSError:
                pass  # no second names here
        shutil.copyfile(path, new / path.name)


def change_store(path: Path, quads: tuple[Lines, Lines], triples: tuple[Lines, Lines]) -> None:
    """Remove lines from a store and add others to it: N-Quads, and the triples of its default graph.

    Each pair is what goes and what comes, as lines without their ends (triples without full stop, too).
    """
    changed = pyoxigraph.Store(str(path))
    forms = (pyoxigraph.RdfFormat.N_QUADS, b"\n"), (pyoxigraph.RdfFormat.N_TRIPLES, b" .\n")
    for (gone, new), (form, end) in zip((quads, triples), forms, strict=True):
        for quad in pyoxigraph.parse(end.join([*gone, b""]), form, lenient=True):
            changed.remove(quad)
        changed.extend(pyoxigraph.parse(end.join([*new, b""]), form, lenient=True))
    changed.flush()


def swap_store(folder: Path, new: Path) -> None:
    """Put the store at ``new`` in the place of the folder's store.

    At every moment one of the two stands where :func:`open_store` looks.
    """
    current, previous = folder / STORE, folder / PREVIOUS
    recover(folder)
    if current.exists():
        current.rename(previous)
    new.rename(current)
    shutil.rmtree(previous, ignore_errors=True)


def recover(folder: Path) -> None:
    """Finish or undo a swap that was interrupted."""
    current, previous = folder / STORE, folder / PREVIOUS
    if previous.exists():
        if current.exists():
            shutil.rmtree(previous, ignore_errors=True)
        else:
            previous.rename(current)
