"""Keeps the entries of an output folder's documents in one SQLite file, and what its output was made of.

A hundred thousand documents would else be half a million files; and nothing about all of them has to be in
memory at once.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.running import cache

FOLDER = "documents"
FILE = "catalogue.sqlite"

_ASKED = 500  # files that are looked for at once
_COMMIT = 64  # documents that are read again where a build is killed

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (
  key TEXT PRIMARY KEY, source TEXT, skipped TEXT, row TEXT, hash TEXT, text TEXT, listed TEXT,
  sketch TEXT, planned TEXT, unsure INTEGER, conflicts INTEGER, decided TEXT, size INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS told ON entry (key, skipped, hash, source, size);
CREATE TABLE IF NOT EXISTS content (key TEXT PRIMARY KEY, lines BLOB, text BLOB, marks BLOB);
CREATE TABLE IF NOT EXISTS reference (key TEXT PRIMARY KEY, digests BLOB);
CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, stamp TEXT, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS published (key TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS beside (report TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TEMP TABLE wanted (key TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE TEMP TABLE refused (key TEXT PRIMARY KEY, row TEXT) WITHOUT ROWID;
"""


class Catalogue:
    """The entries of one output folder, what its present output was made of, and what the next one shall be.

    Raises:
        sqlite3.DatabaseError: the catalogue is damaged, here and wherever it is used; :func:`forget` it.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(self.folder / FILE, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.execute("PRAGMA temp_store=FILE")
        self._base.executescript(_TABLES)
        self._base.execute("BEGIN")
        self._uncommitted = 0

    def close(self) -> None:
        """Keep everything and close."""
        try:
            if self._base.in_transaction:
                self._base.execute("COMMIT")
        finally:
            self._base.close()

    def commit(self) -> None:
        """Keep what was noted so far, also if the program is killed from now on."""
        self._base.execute("COMMIT")
        self._base.execute("BEGIN")
        self._uncommitted = 0

    # --- the documents that are to be in the graph

    def want(self, entries: Iterable[tuple[str, str]]) -> None:
        """Note that entries are to be in the output, each with its document's name."""
        self._base.executemany("INSERT INTO wanted VALUES (?, ?)", entries)

    def missing(self) -> set[str]:
        """Return the wanted entries that are not there, and are not known to be refused."""
        return set(
            self._keys(
                "SELECT key FROM wanted WHERE key NOT IN (SELECT key FROM entry)"
                " AND key NOT IN (SELECT key FROM refused)"
            )
        )

    def put(self, entry: cache.Packed) -> None:
        """Keep an entry."""
        *own, content = entry
        self._base.execute(f"INSERT OR REPLACE INTO entry VALUES ({', '.join('?' * len(own))})", own)
        if content:
            *blobs, digests = content
            self._base.execute("INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?)", (entry.key, *blobs))
            self._base.execute("INSERT OR REPLACE INTO reference VALUES (?, ?)", (entry.key, digests))
        self._uncommitted += 1
        if self._uncommitted == _COMMIT:
            self.commit()

    def refuse(self, name: str, row: cache.Row) -> None:
        """Note, for this build alone, that a wanted document is skipped, with its row."""
        self._base.execute("INSERT OR REPLACE INTO refused VALUES (?, ?)", (name, cache.to_json(row)))
        self._base.execute("INSERT OR IGNORE INTO wanted VALUES (?, ?)", (name, row["source"]))

    def alike(self) -> list[list[tuple[str, cache.Row]]]:
        """Return the wanted entries that were read from the same bytes, with what tells them apart."""
        found = self._base.execute(
            f"SELECT hash, key, row, text, listed FROM entry JOIN wanted USING (key) WHERE {_READ}"
            " AND hash IN (SELECT hash FROM entry JOIN wanted USING (key)"
            f" WHERE {_READ} GROUP BY hash HAVING count(*) > 1)"
        )
        groups: dict[str, list[tuple[str, cache.Row]]] = {}
        for report, name, row, text, listed in found:
            told = json.loads(row) | {"hash": report, "text sha256": text, "listed": json.loads(listed)}
            groups.setdefault(report, []).append((name, told))
        return list(groups.values())

    def read(self) -> Iterator[sqlite3.Row]:
        """Yield the entries of the documents that were read, by source: all columns but what they hold."""
        cursor = self._base.cursor()
        cursor.row_factory = sqlite3.Row
        yield from cursor.execute(
            f"SELECT entry.* FROM entry JOIN wanted USING (key) WHERE {_READ} ORDER BY entry.source, key"
        )

    def skipped(self) -> Iterator[cache.Row]:
        """Yield the rows of the documents that were not read, by source."""
        found = self._base.execute(
            "SELECT wanted.source, key, coalesce(refused.row, entry.row) FROM wanted"
            " LEFT JOIN entry USING (key) LEFT JOIN refused USING (key)"
            " WHERE refused.row IS NOT NULL OR entry.skipped <> '' ORDER BY 1, 2"
        )
        yield from (json.loads(row) for _, _, row in found)

    def extent(self) -> tuple[int, int]:
        """Return how many documents were read, and how many bytes their lines have in all."""
        found = self._one(f"SELECT count(*), total(size) FROM entry JOIN wanted USING (key) WHERE {_READ}")
        return int(found[0]), int(found[1])

    # --- what entries hold

    def compressed(self, every: int = 1) -> Iterator[bytes]:
        """Yield the lines of each document that was read, or every so many: sorted, one compressed piece."""
        names = self._base.execute(f"SELECT key FROM entry JOIN wanted USING (key) WHERE {_READ}")
        for (name,) in itertools.islice(names, 0, None, every):
            yield self._compressed("lines", name)

    def lines_of(self, name: str) -> bytes:
        """Return the lines of an entry, sorted, in one piece."""
        return self._content("lines", name)

    def text_of(self, name: str) -> bytes:
        """Return the text of an entry, in UTF-8."""
        return self._content("text", name)

    def marks_of(self, name: str) -> bytes:
        """Return where the text of an entry names what, a line each."""
        return self._content("marks", name)

    def beside_of(self, name: str) -> tuple[bytes, bytes]:
        """Return text and marks of an entry, compressed."""
        return self._compressed("text", name), self._compressed("marks", name)

    def _content(self, column: str, name: str) -> bytes:
        return unpacked(self._compressed(column, name))

    def _compressed(self, column: str, name: str) -> bytes:
        found = self._one(f"SELECT {column} FROM content WHERE key = ?", name)
        if not found or not isinstance(found[0], bytes) or not found[0]:
            raise sqlite3.DatabaseError(f"entry {name} is damaged")
        return found[0]

    def digests(self) -> Iterator[bytes]:
        """Yield the digests of the reference lines of each document that was read."""
        for (found,) in self._base.execute(
            f"SELECT digests FROM reference JOIN entry USING (key) JOIN wanted USING (key) WHERE {_READ}"
        ):
            yield found

    # --- the present output

    def came(self) -> list[str]:
        """Return the entries that are to be in the output and are not in the present one."""
        return self._keys(
            f"SELECT key FROM entry JOIN wanted USING (key) WHERE {_READ} AND key NOT IN"
            " (SELECT key FROM published) ORDER BY key"
        )

    def went(self) -> list[str]:
        """Return the entries that are in the present output and are not to be in the next."""
        return self._keys(
            "SELECT key FROM published WHERE key NOT IN"
            f" (SELECT key FROM entry JOIN wanted USING (key) WHERE {_READ}) ORDER BY key"
        )

    def differs(self) -> bool:
        """Tell whether the next output has other documents than the present one."""
        return bool(self.came() or self.went())

    def removed(self) -> int:
        """Return how many documents of the present output are no longer among the inputs."""
        found = self._one(
            "SELECT count(DISTINCT source) FROM published WHERE source NOT IN (SELECT source FROM wanted)"
        )
        return int(found[0])

    def sharing(self, name: str) -> list[str]:
        """Return the other entries of the next output that were read from the same bytes as one."""
        return self._keys(
            f"SELECT key FROM entry JOIN wanted USING (key) WHERE {_READ} AND key <> ?1"
            " AND hash = (SELECT hash FROM entry WHERE key = ?1) ORDER BY key",
            name,
        )

    def firsts(self) -> Iterator[tuple[str, str]]:
        """Yield hash and entry of each report in the next output: of one under several names, the first."""
        yield from self._base.execute(_FIRSTS)

    def beside(self) -> list[tuple[str, str, str]]:
        """Return hash, entry, and the stamps that its files bore, of each report in the next output."""
        found = self._base.execute(
            f"SELECT hash, key, coalesce(stamp, '') FROM ({_FIRSTS}) LEFT JOIN beside ON report = hash"
        )
        return found.fetchall()

    def set_published(self, notes: Mapping[str, str]) -> None:
        """Note that what is wanted is now the output, with what is to be known of it, and drop the rest."""
        run = self._base.execute
        run("DELETE FROM published")
        run(
            "INSERT INTO published SELECT key, wanted.source FROM entry JOIN wanted USING (key)"
            f" WHERE {_READ}"
        )
        run("DELETE FROM entry WHERE key NOT IN (SELECT key FROM wanted)")
        for table in ("content", "reference"):
            run(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM wanted)")
        run("DELETE FROM note")
        self._base.executemany("INSERT INTO note VALUES (?, ?)", sorted(notes.items()))
        self.commit()

    def unpublish(self) -> None:
        """Note that the output is being changed: until it is whole again nothing is known of it."""
        self._base.execute("DELETE FROM note")
        self.commit()

    def note(self, name: str) -> str:
        """Return what was noted of the present output, "" where nothing was."""
        found = self._one("SELECT value FROM note WHERE name = ?", name)
        return found[0] if found else ""

    def set_note(self, name: str, value: str) -> None:
        """Note something of the present output."""
        self._base.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    # --- files

    def set_digest(self, path: str, stamp: str, sha256: str) -> None:
        """Note the digest of a file, with its stamp."""
        self._base.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (os.fsencode(path), stamp, sha256))

    def set_beside(self, report: str, stamps: str) -> None:
        """Note the stamps of a report's text and mentions."""
        self._base.execute("INSERT OR REPLACE INTO beside VALUES (?, ?)", (report, stamps))

    def _one(self, question: str, *values: str | bytes) -> Any:
        return self._base.execute(question, values).fetchone()

    def _keys(self, question: str, *values: str) -> list[str]:
        return [key for (key,) in self._base.execute(question, values)]


_READ = "skipped = '' AND key NOT IN (SELECT key FROM refused)"
_FIRSTS = (
    "SELECT hash, key FROM (SELECT hash, key, row_number() OVER (PARTITION BY hash ORDER BY"
    f" entry.source, key) AS rank FROM entry JOIN wanted USING (key) WHERE {_READ}) WHERE rank = 1"
)

Digests = Callable[[Iterable[tuple[str, str]]], Iterator[str]]


def unpacked(content: bytes) -> bytes:
    """Return what an entry holds as it was.

    Raises:
        sqlite3.DatabaseError: it is damaged.

    """
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise sqlite3.DatabaseError("an entry is damaged") from error


@contextlib.contextmanager
def digests(folder: Path) -> Iterator[Digests | None]:
    """Yield what gives the digests that files had when they bore certain stamps, "" where they never did.

    It is None where no file was read before; nothing is made or changed.
    """
    path = folder / FOLDER / FILE
    if not path.is_file():
        yield None
        return
    base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)

    def found(files: Iterable[tuple[str, str]]) -> Iterator[str]:
        waiting = iter(files)
        while asked := list(itertools.islice(waiting, _ASKED)):
            names = [os.fsencode(path) for path, _ in asked]
            question = f"SELECT path, stamp, sha256 FROM file WHERE path IN ({', '.join('?' * len(names))})"
            try:
                known = {path: (stamp, sha256) for path, stamp, sha256 in base.execute(question, names)}
            except sqlite3.DatabaseError:
                known = {}
            for name, (_, stamp) in zip(names, asked, strict=True):
                before, sha256 = known.get(name, ("", ""))
                yield sha256 if before == stamp else ""

    with contextlib.closing(base):
        yield found


def is_damaged(error: sqlite3.DatabaseError) -> bool:
    """Tell a catalogue that is damaged, or of another version, from a disk that is full or cannot be used."""
    name = getattr(error, "sqlite_errorname", "")  # none where this module found the damage
    return not name or name.startswith(_DAMAGED)


_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_CONSTRAINT")


def forget(folder: Path) -> None:
    """Remove a catalogue, and what earlier versions kept in its place."""
    for path in (folder / FOLDER).glob("*"):
        if path.is_file():
            path.unlink()
