"""Builds the graph of a folder of documents: incremental, deterministic, safe to interrupt."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import InputError, StoreError
from kg.graph import built, loading, store
from kg.running import (
    cache,
    catalogue,
    counting,
    documents,
    duplicates,
    inputs,
    locking,
    outputs,
    overrides,
    stamps,
)
from kg.running import workers as processes
from kg.running.outputs import Settings

_FEW = 8
"""Files up to which starting processes costs more than it saves."""

_CHANGED = 20
"""A large graph is changed in place, and not made anew, where at most one of so many documents changed."""

Progress = Callable[[str, int, int], None]
"""Is told what is being done (:data:`READING` or :data:`WRITING`), and how much of how much of it is done."""

READING, WRITING = "reading", "writing"

_Replies = Iterator[tuple[documents.Job, documents.Reply]]
_Reader = Callable[[Sequence[documents.Job]], _Replies]


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did, and ``head``: what the summary tells of all documents together."""

    folder: Path
    head: dict[str, Any]
    read: int
    reused: int
    removed: int
    changed: bool
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> dict[str, Any]:
        """Return all of the summary, with a row for each document."""
        return built.summary(self.folder)


def build(
    paths: Sequence[Path],
    folder: Path,
    settings: Settings | None = None,
    workers: int = 0,
    progress: Progress | None = None,
    limits: processes.Limits | None = None,
    more: inputs.More | None = None,
) -> Result:
    """Read the files at ``paths`` into the output folder and return what was done.

    ``workers`` is the number of processes, 0 for as many as there are cores; what comes out is the same.
    ``progress`` is told how many of how many files have been read, and how much of the output is written. A
    file that takes more than ``limits`` to read is skipped. ``more`` are documents that a list names, or that
    are no files.

    Files that were read before and have not changed are not read again; what is no longer among the inputs
    leaves the graph. The result is the same, byte for byte, as that of a build from nothing.

    Raises:
        StoreError: an input path does not exist, or the output folder cannot be used.

    """
    settings = settings or Settings()
    table = os.path.realpath(settings.overrides) if settings.overrides else ""
    with catalogue.digests(folder) as known:
        found = inputs.gather(paths, folder, more, known)
    sources = [item for item in found.sources if not table or os.path.realpath(item.path) != table]
    if not sources:
        lists = [more.manifest] if more and more.manifest else []
        places = ", ".join(str(path) for path in [*paths, *lists])
        raise StoreError(f"{places}: no files to read; put documents there or give another path")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locking.held(folder, "build") as lock:

            def read(jobs: Sequence[documents.Job]) -> _Replies:
                wanted = workers or (os.cpu_count() or 1 if len(jobs) > _FEW else 1)
                return _read(jobs, min(wanted, len(jobs)), limits or processes.Limits(), lock)

            def run() -> Result:
                with _opened(folder) as entries:
                    count = workers or os.cpu_count() or 1
                    building = _Build(entries, folder, settings, progress or _silent, count)
                    return replace(building.run(sources, read), notes=found.notes)

            try:
                return run()
            except sqlite3.DatabaseError as error:
                if not catalogue.is_damaged(error):
                    raise OSError(None, str(error), folder / catalogue.FOLDER / catalogue.FILE) from error
                catalogue.forget(folder)  # all of it can be made again
                return run()
    except OSError as error:
        place = error.filename or folder
        problem = error.strerror or str(error)
        raise StoreError(f"{place}: {problem}; make room there or choose another folder with -o") from error


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[catalogue.Catalogue]:
    """Yield the entries of an output folder, and keep what was done with them, whatever happens then."""
    entries = catalogue.Catalogue(folder)
    try:
        yield entries
    finally:
        entries.close()


class _Build:
    """One build of one folder."""

    def __init__(
        self, entries: catalogue.Catalogue, folder: Path, settings: Settings, progress: Progress, workers: int
    ) -> None:
        self.entries = entries
        self.folder = folder
        self.settings = settings
        self.progress = progress
        self.workers = workers
        table = settings.overrides or folder / overrides.FILE
        self.decided = overrides.load(table, settings.base) if settings.overrides or table.is_file() else ()
        self.plan = cache.to_json(
            {
                "package": cache.package_digest(),
                "base": settings.base,
                "made": [settings.html, settings.store],
                "limits": [settings.turtle_limit, settings.picture_limit],
                "overrides": [list(astuple(item)) for item in self.decided],
            }
        )

    def run(self, sources: Sequence[inputs.Source], read: _Reader) -> Result:
        """Bring the output to what ``sources`` say."""
        entries = self.entries
        _clean(self.folder)
        jobs = self._wanted(sources)
        is_whole = self._is_whole()
        counts = self._counts() if is_whole and self._are_few(jobs, len(sources)) else None
        loader = None
        if self.settings.store and counts is None and (jobs or not is_whole or entries.went()):
            place = outputs.new(self.folder, store.STORE)
            loader = loading.Loader(place, apart=self.workers > 1)
        try:
            self._read(jobs, read, loader)
            refused = self._refuse_duplicates()
            skipped = _digest(entries.skipped())
            removed = entries.removed()
            changed = not is_whole or skipped != entries.note("skipped") or entries.differs()
            if changed:
                if loader and refused:  # it holds what these documents say
                    loader.abandon()
                    loader = None
                self._write(counts, loader, skipped)
        finally:
            if loader:
                loader.abandon()
        self._put_beside()
        head = json.loads(entries.note("head"))
        return Result(self.folder, head, len(jobs), len(sources) - len(jobs), removed, changed)

    def _wanted(self, sources: Sequence[inputs.Source]) -> list[documents.Job]:
        """Note which documents the output shall hold, and return those that are to be read for that."""
        base = self.settings.base
        wanted: list[tuple[str, inputs.Source, str]] = []
        for source in sources:
            try:
                sha256 = source.sha256 or self._digest(source)
            except InputError as error:
                key = cache.key(source.name, str(error), base)
                self.entries.refuse(key, documents.refused(source.name, error))
                continue
            except OSError as error:
                key = cache.key(source.name, "", base)
                self.entries.refuse(key, documents.unreadable(source.name, "", error))
                continue
            meanings = self._meanings(source) if self.decided else ()
            wanted.append((cache.key(source.name, sha256, base, meanings, source.said), source, sha256))
        self.entries.want((key, source.name) for key, source, _ in wanted)
        missing = self.entries.missing()
        return [
            documents.Job(source, sha256, key, base, self._meanings(source))
            for key, source, sha256 in wanted
            if key in missing
        ]

    def _meanings(self, source: inputs.Source) -> tuple[tuple[str, str], ...]:
        """Return what the user decided that names mean in a document."""
        decided = overrides.of(source.name, self.decided)
        return tuple(sorted((name, item.meaning) for name, item in decided.items()))

    def _digest(self, source: inputs.Source) -> str:
        """Return the digest of a document's bytes."""
        if not source.is_file:
            return inputs.digest_of(source)
        path = os.fspath(source.path)
        settled = stamps.settled(path)
        found = inputs.digest_of(source)
        if settled:
            self.entries.set_digest(path, settled, found)
        return found

    def _is_whole(self) -> bool:
        """Tell whether the present output is complete and what the same program and settings would write."""
        note = self.entries.note
        files = json.loads(note("files") or "[]")
        return note("plan") == self.plan and note("stamps") == outputs.stamps(self.folder, files) != ""

    def _counts(self) -> counting.Counts:
        return counting.Counts.from_told(json.loads(self.entries.note("counts")))

    def _are_few(self, jobs: Sequence[documents.Job], documents_: int) -> bool:
        """Tell whether so little of a large graph changes that most of it can stay as it is."""
        few = _CHANGED * max(len(jobs), len(self.entries.went())) <= documents_
        return few and self._counts().quads > self.settings.turtle_limit

    def _read(self, jobs: Sequence[documents.Job], read: _Reader, loader: loading.Loader | None) -> None:
        """Read documents into the cache; what is read for a new store goes there at once."""
        if loader:
            for lines in self.entries.compressed():
                loader.add(lines)
        for done, (job, reply) in enumerate(read(jobs), 1):
            if reply.lasting:
                self.entries.put(reply.entry)
            else:
                self.entries.refuse(job.key, cache.row_in(reply.entry))
            if loader and reply.entry.content:
                loader.add(reply.entry.content.lines)
            self.progress(READING, done, len(jobs))
        self.entries.commit()

    def _refuse_duplicates(self) -> bool:
        """Skip files whose bytes were read before as another text, and tell whether there are any."""
        found = False
        for alike in self.entries.alike():
            for key, row in duplicates.conflicting(alike):
                self.entries.refuse(key, row)
                found = True
        return found

    def _write(self, counts: counting.Counts | None, loader: loading.Loader | None, skipped: str) -> None:
        """Write the output, or change it where ``counts`` of the present one are given."""
        making = outputs.Making(self.entries, self.folder, self.settings, self.decided)
        if counts is not None:
            written = outputs.change(making, counts)
        else:
            if self.settings.store and loader is None:
                loader = self._loaded()
            tell = functools.partial(self.progress, WRITING)
            written = outputs.write(making, loader, self.workers, tell)
        self.entries.set_published(
            {
                "plan": self.plan,
                "skipped": skipped,
                "files": cache.to_json(written.files),
                "stamps": outputs.stamps(self.folder, written.files),
                "counts": cache.to_json(written.counts.told()),
                "head": cache.to_json(written.head),
            }
        )

    def _loaded(self) -> loading.Loader:
        """Return a new store's loader that has been given everything."""
        loader = loading.Loader(outputs.new(self.folder, store.STORE), apart=self.workers > 1)
        for lines in self.entries.compressed():
            loader.add(lines)
        return loader

    def _put_beside(self) -> None:
        """Put the texts of all reports, and where they name what, beside the graph; remove other reports'."""
        folders = (self.folder / built.TEXTS, "txt"), (self.folder / built.MENTIONS, "tsv")
        for place, _ in folders:
            place.mkdir(exist_ok=True)
        reports = set()
        missing: list[tuple[str, str, list[str]]] = []
        for report, name, before in self.entries.beside():
            reports.add(report)
            paths = [f"{place}{os.sep}{report}.{ending}" for place, ending in folders]
            if not before or before != _beside(name, paths):
                missing.append((report, name, paths))
        # One file of a report after the other, so that two processes do not wait for the same folder.
        files = (
            file
            for _, name, paths in missing
            for file in zip(paths, self.entries.beside_of(name), strict=True)
        )
        processes.share(_put, files, self.workers if len(missing) > _FEW else 1)
        for report, name, paths in missing:
            self.entries.set_beside(report, _beside(name, paths))
        if not self.entries.note("tidy"):
            for place, _ in folders:
                for found in place.iterdir():
                    if found.name.partition(".")[0] not in reports and found.is_file():
                        found.unlink()
            self.entries.set_note("tidy", "since the output was written")


def _put(number: int, files: Iterator[tuple[str, bytes]]) -> None:
    """Write files from what entries hold of them."""
    for path, content in files:
        cache.write(Path(path), catalogue.unpacked(content))


def _beside(name: str, paths: Sequence[str]) -> str:
    """Return what tells that files of an entry are as they were written, "" where one is not there."""
    try:
        return " ".join([name, *map(stamps.stamp, paths)])
    except OSError:
        return ""


def _digest(rows: Iterable[cache.Row]) -> str:
    total = hashlib.sha256()
    for row in rows:
        total.update(cache.to_json(row).encode())
    return total.hexdigest()


def _silent(stage: str, done: int, total: int) -> None:
    return None


def _read(
    jobs: Sequence[documents.Job], count: int, limits: processes.Limits, lock: Sequence[int]
) -> _Replies:
    if not jobs:
        return iter(())
    documents.prepare()
    return processes.read(jobs, count, limits, lock)


def _clean(folder: Path) -> None:
    """Remove what an interrupted build left half made, or another version kept; what is finished is used."""
    for path in (folder / catalogue.FOLDER).iterdir():
        if not path.name.startswith(catalogue.FILE) and path.is_file():
            path.unlink()
    store.recover(folder)
    for place in (folder, folder / catalogue.FOLDER, folder / built.TEXTS, folder / built.MENTIONS):
        with contextlib.suppress(FileNotFoundError), os.scandir(place) as found:
            left = [entry for entry in found if entry.name[0] == "." and entry.name.endswith(".tmp")]
            for entry in left:
                if entry.is_dir():
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)  # noqa: PTH108 - an entry is no path object
