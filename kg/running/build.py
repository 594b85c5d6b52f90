"""Builds the graph of a folder of documents: incremental, deterministic, safe to interrupt."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import InputError, StoreError
from kg.graph import built, store
from kg.running import cache, documents, inputs, locking, outputs, overrides
from kg.running import workers as processes
from kg.running.outputs import Settings

_FEW = 8
"""Files up to which starting processes costs more than it saves."""

Progress = Callable[[int, int, str], None]
_Rows = Iterator[tuple[documents.Job, cache.Row]]
_Reader = Callable[[Sequence[documents.Job]], _Rows]


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did."""

    folder: Path
    summary: dict[str, Any]
    read: int
    reused: int
    removed: int
    changed: bool
    notes: tuple[str, ...] = ()


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
    ``progress`` is told how many of how many files have been read, and the last one's name. A file that takes
    more than ``limits`` to read is skipped. ``more`` are documents that a list names, or that are no files.

    Files that were read before and have not changed are not read again; what is no longer among the inputs
    leaves the graph. The result is the same, byte for byte, as that of a build from nothing.

    Raises:
        StoreError: an input path does not exist, or the output folder cannot be used.

    """
    settings = settings or Settings()
    table = os.path.realpath(settings.overrides) if settings.overrides else ""
    found = inputs.gather(paths, folder, more)
    sources = [item for item in found.sources if os.path.realpath(item.path) != table]
    if not sources:
        lists = [more.manifest] if more and more.manifest else []
        places = ", ".join(str(path) for path in [*paths, *lists])
        raise StoreError(f"{places}: no files to read; put documents there or give another path")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locking.held(folder, "build") as lock:

            def read(jobs: Sequence[documents.Job]) -> _Rows:
                return _read(jobs, workers, limits or processes.Limits(), lock)

            result = _build(sources, folder, settings, read, progress or _silent)
            return replace(result, notes=found.notes)
    except OSError as error:
        place = error.filename or folder
        problem = error.strerror or str(error)
        raise StoreError(f"{place}: {problem}; make room there or choose another folder with -o") from error


def _build(
    sources: Sequence[inputs.Source], folder: Path, settings: Settings, read: _Reader, progress: Progress
) -> Result:
    _clean(folder)
    table = settings.overrides or folder / overrides.FILE
    decided = overrides.load(table, settings.base) if settings.overrides or table.is_file() else ()
    entries = cache.Cache(folder)
    jobs: dict[str, documents.Job] = {}
    rows: dict[str, cache.Row] = {}
    unreadable: dict[str, cache.Row] = {}
    for source in sources:
        try:
            sha256 = inputs.digest_of(source)
        except InputError as error:
            key = cache.key(source.name, str(error), settings.base)
            unreadable[key] = documents.refused(source.name, error)
            continue
        except OSError as error:
            key = cache.key(source.name, "", settings.base)
            unreadable[key] = documents.unreadable(source.name, "", error)
            continue
        meanings = {name: item.meaning for name, item in overrides.of(source.name, decided).items()}
        key = cache.key(source.name, sha256, settings.base, meanings, source.said)
        own = tuple(sorted(meanings.items()))
        jobs[key] = documents.Job(source, sha256, key, settings.base, folder, own)
        known = entries.row(key)
        if known is not None:
            rows[key] = known
    new = [job for key, job in jobs.items() if key not in rows]
    for done, (job, row) in enumerate(read(new), 1):
        rows[job.key] = row
        progress(done, len(new), job.source.name)
    rows = without_conflicts({key: rows[key] for key in jobs} | unreadable)
    names = {key: row["source"] for key, row in sorted(rows.items())}
    plan = {
        "package": cache.package_digest(),
        "base": settings.base,
        "html": settings.html,
        "limits": [settings.turtle_limit, settings.picture_limit],
        "overrides": [list(astuple(item)) for item in decided],
        "entries": names,
        "skipped": sorted(row["source"] for row in rows.values() if "skipped" in row),
    }
    before = entries.manifest()
    current = before.plan == plan and outputs.are_whole(folder, before.files)
    if not current:
        files = outputs.write(entries, rows, folder, settings, decided)
        entries.publish(rows)
        entries.set_manifest(cache.Manifest(tuple(files), plan))
    return Result(
        folder=folder,
        summary=built.summary(folder),
        read=len(new),
        reused=len(jobs) - len(new),
        removed=len(before.sources - set(names.values())),
        changed=not current,
    )


def _silent(done: int, total: int, name: str) -> None:
    return None


def _read(jobs: Sequence[documents.Job], count: int, limits: processes.Limits, lock: Sequence[int]) -> _Rows:
    if not jobs:
        return iter(())
    documents.prepare()
    wanted = count or (os.cpu_count() or 1 if len(jobs) > _FEW else 1)
    return processes.read(jobs, min(wanted, len(jobs)), limits, lock)


def without_conflicts(rows: dict[str, cache.Row]) -> dict[str, cache.Row]:
    """Skip files whose bytes were read before as another text: one report cannot have two.

    This takes the same bytes under two file types (``a.html`` and ``a.txt``), or one of them in a list that
    says something of it; that one is kept, else the first name.
    """
    texts: dict[str, cache.Row] = {}
    kept = {}
    for key, row in sorted(rows.items(), key=_listed_first):
        first = texts.setdefault(row["hash"], row) if "hash" in row else row
        if _listed(first) != _listed(row):
            problem = f"holds the same bytes as {first['source']}, of which a list says other things"
            kept[key] = documents.skipped(
                row["source"], row["sha256"], "duplicate", problem, "keep one of the two, or correct the list"
            )
        elif first.get("text sha256") != row.get("text sha256"):
            problem = f"holds the same bytes as {first['source']}, which is read as another type"
            kept[key] = documents.skipped(
                row["source"], row["sha256"], "duplicate", problem, "keep one of the two"
            )
        else:
            kept[key] = row
    return kept


def _listed(row: cache.Row) -> dict[str, str]:
    """Return what a list says of a document; a page may well stand at two addresses."""
    return {name: value for name, value in row.get("listed", {}).items() if name != "url"}


def _listed_first(item: tuple[str, cache.Row]) -> tuple[bool, str]:
    return not _listed(item[1]), str(item[1]["source"])


def _clean(folder: Path) -> None:
    """Remove what an interrupted build left half made; what it finished stays and is used."""
    store.recover(folder)
    for place in (folder, folder / cache.FOLDER, folder / built.TEXTS, folder / built.MENTIONS):
        for path in sorted(place.glob(".*.tmp")):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
