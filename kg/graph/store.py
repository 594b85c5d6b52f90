"""Makes and opens the embedded store of an output folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyoxigraph

from kg.errors import StoreError

STORE = "store"
PREVIOUS = "store.previous"
"""Where the last store stands for the moment in which a new one takes its place."""


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


def make_store(path: Path, quads: Path, triples: Path) -> None:
    """Make a new store at ``path`` from files of N-Quads and N-Triples.

    The triples, all documents together, become its default graph. Leaving that to a union of the named graphs
    at query time would be slower, and wrong: the union gives what two documents say twice.
    """
    store = pyoxigraph.Store(str(path))
    store.bulk_load(path=quads, format=pyoxigraph.RdfFormat.N_QUADS)
    store.bulk_load(path=triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    store.flush()


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
