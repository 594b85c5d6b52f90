"""The output folder of a build on Spark: on a disk, or wherever Apache Arrow can write."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import fs, parquet

from kg.errors import StoreError

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://")
_ASIDE = ".tmp"


def is_remote(place: str) -> bool:
    """Tell an address like ``s3://bucket/folder`` from a path.

    >>> is_remote("hdfs:///graphs"), is_remote("graphs/2024")
    (True, False)
    """
    return _REMOTE.match(place) is not None


class Place:
    """A folder, by its path or address; files in it are there completely or not at all."""

    def __init__(self, place: str) -> None:
        self.place = place if is_remote(place) else str(Path(place).absolute())
        with _told(self.place):
            self._files, self._root = fs.FileSystem.from_uri(self.place)

    @contextlib.contextmanager
    def writing(self, name: str, attempt: str) -> Iterator[_Aside]:
        """Yield what writes a file beside its place; it takes its place, or leaves nothing, at the end.

        ``attempt`` tells this writer apart from others of the same file, which a cluster may start.
        """
        with _told(f"{self.place}/{name}"):
            folder, _, _ = name.rpartition("/")
            self._files.create_dir(self._at(folder), recursive=True)
            waiting = self._at(f"{folder}/.{name.rpartition('/')[2]}.{attempt}{_ASIDE}")
            aside = _Aside(self._files.open_output_stream(waiting, compression=None), name)
            try:
                yield aside
            except BaseException:
                with contextlib.suppress(OSError):
                    aside.stream.close()
                    self._files.delete_file(waiting)
                raise
            aside.stream.close()
            self._files.move(waiting, self._at(aside.name))

    def write(self, name: str, data: bytes, attempt: str = "driver") -> None:
        """Write a small file."""
        with self.writing(name, attempt) as aside:
            aside.stream.write(data)

    def write_table(self, name: str, table: pyarrow.Table, attempt: str) -> None:
        """Write a table as Parquet."""
        with self.writing(name, attempt) as aside:
            parquet.write_table(table, aside.stream, **PARQUET)

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file, None where there is none."""
        if self.size(name) is None:
            return None
        with _told(f"{self.place}/{name}"), self._files.open_input_file(self._at(name)) as stream:
            return bytes(stream.read())

    def table(self, name: str, columns: list[str]) -> pyarrow.Table:
        """Return columns of a Parquet file."""
        with _told(f"{self.place}/{name}"), self._files.open_input_file(self._at(name)) as stream:
            return parquet.read_table(stream, columns=columns)

    def size(self, name: str) -> int | None:
        """Return how many bytes a file has, None where there is none."""
        with _told(f"{self.place}/{name}"):
            found = self._files.get_file_info(self._at(name))
        return int(found.size) if found.type == fs.FileType.File else None

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the names (from the place on) and sizes of the files in a folder, hidden ones included."""
        with _told(f"{self.place}/{folder}"):
            selector = fs.FileSelector(self._at(folder), allow_not_found=True)
            found = self._files.get_file_info(selector)
        return {f"{folder}/{item.base_name}": int(item.size) for item in found if item.is_file}

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with _told(f"{self.place}/{name}"), contextlib.suppress(FileNotFoundError):
            self._files.delete_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name.strip('/')}".rstrip("/")


class _Aside:
    """A file that is being written: its stream, and the name that it will have."""

    def __init__(self, stream: pyarrow.NativeFile, name: str) -> None:
        self.stream = stream
        self.name = name


PARQUET: Mapping[str, Any] = {"compression": "zstd", "row_group_size": 100_000}


@contextlib.contextmanager
def _told(place: str) -> Iterator[None]:
    """Turn what Arrow raises into an error that says the place and what to do."""
    try:
        yield
    except (OSError, pyarrow.ArrowException) as error:
        problem = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise StoreError(f"{place}: {problem}; make room there or choose another folder with -o") from error
