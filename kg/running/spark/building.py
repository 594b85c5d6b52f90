"""The order of a build on Spark: deal documents, make parts, merge, publish."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import ids
from kg.errors import StoreError
from kg.graph import built
from kg.running import cache, catalogue, inputs, locking, overrides, parquet, repeats, workers
from kg.running.spark import MANIFEST, merging, parts, session
from kg.running.spark.places import Place, is_remote

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import SparkSession

SUCCESS = "_SUCCESS"

_DOCUMENTS_OF_A_PART = 500
_LEAST_PARTS = 16
_SOURCES_OF_A_TASK = 500
_MOST_COMPARED = 1_000_000
"""Documents up to which the driver looks for repeats: it takes half a kilobyte of memory for each."""
_MOST_TOLD = 10_000
"""Skipped documents that the summary lists; the table of documents has all."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a build on Spark shall write, and where it runs: see :func:`build`."""

    base: str = ids.DEFAULT_BASE
    form: str = "nq"
    overrides: Path | None = None
    master: str | None = None
    partitions: int = 0
    limits: workers.Limits = workers.Limits()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did."""

    summary: dict[str, Any]
    read: int
    reused: int
    changed: bool
    notes: tuple[str, ...] = ()


def build(
    paths: Sequence[str],
    folder: str,
    settings: Settings | None = None,
    more: inputs.More | None = None,
    tell: Tell | None = None,
) -> Result:
    """Read what is at ``paths`` into the output folder, on Spark, and return what was done.

    ``paths`` are files and folders that all executors see, and Parquet tables, by path or address. Parts
    that are there as they would be made are not made again; the same documents give the same files.

    Raises:
        StoreError: an input does not exist, or the output folder cannot be used.
        EngineError: Spark is missing or failed.

    """
    settings = settings or Settings()
    session.require()
    tables = [path for path in paths if parquet.is_table(path)]
    files = [Path(path) for path in paths if not parquet.is_table(path)]
    for table in tables:
        if not is_remote(table) and not Path(table).exists():
            raise StoreError(f"{table}: no such file or folder; give the path of a table of documents")
    leave_out = Path(folder) if not is_remote(folder) else Path(os.devnull)
    asked = files or (more is not None and (more.given or more.manifest))
    found = inputs.gather(files, leave_out, more) if asked else inputs.Found(())
    own = os.path.realpath(settings.overrides) if settings.overrides else ""
    sources = [item for item in found.sources if os.path.realpath(item.path) != own]
    if not sources and not tables:
        raise StoreError(f"{', '.join(paths)}: no files to read; put documents there or give another path")
    with _held(folder):
        place = Place(folder)
        _check(place, folder)
        with session.started(settings.master) as spark:
            work = _Build(spark, place, settings, tell or _silent)
            result = work.run(sources, tables, [os.path.realpath(path) for path in files])
    return replace(result, notes=(*found.notes, *result.notes))


def _silent(text: str) -> None:
    return None


@contextlib.contextmanager
def _held(folder: str) -> Iterator[None]:
    if is_remote(folder):  # no locks there: docs/spark.md says who has to take care
        yield
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with locking.held(Path(folder), "build"):
            yield
    except OSError as error:
        problem = error.strerror or str(error)
        raise StoreError(f"{folder}: {problem}; make room there or choose another folder with -o") from error


def _check(place: Place, folder: str) -> None:
    """See that no build of another kind lies in the output folder."""
    if place.size(f"{catalogue.FOLDER}/{catalogue.FILE}") is not None:
        raise StoreError(f"{folder}: holds a graph that was built without Spark; choose another -o")


class _Build:
    """One build: what its steps have in common."""

    def __init__(self, spark: SparkSession, place: Place, settings: Settings, tell: Tell) -> None:
        self._spark, self._place, self._settings, self._tell = spark, place, settings, tell

    def run(self, sources: Sequence[inputs.Source], tables: Sequence[str], roots: Sequence[str]) -> Result:
        """Deal, make, merge and publish."""
        notes: list[str] = []
        documents, count = self._documents(sources, tables, tuple(roots), notes)
        plan = self._plan(count)
        # Until the end, the folder holds files that do not count: only the manifest tells them apart.
        self._place.remove(SUCCESS)
        made = self._make(documents, plan, count)
        self._clean({name for note in made for name in note.files}, parts.SHARED, parts.TRIPLES)
        read = sum(note.counts.get("documents", 0) for note in made if note.made)
        total = sum(note.counts.get("documents", 0) for note in made)
        asked = {
            "package": cache.package_digest(),
            "base": plan.base,
            "format": plan.form,
            "overrides": [list(astuple(item)) for item in plan.decided],
            "parts": {f"{note.number:06}": note.digest for note in made},
        }
        summary = self._published(asked)
        changed = summary is None or any(note.made for note in made)
        if summary is None or changed:
            self._tell("merging")
            summary = self._publish(made, plan, asked)
        kept = set(_object(self._place.read(MANIFEST))["files"])
        self._clean(kept, parts.QUADS, parts.TEXTS, parts.DOCUMENTS, parts.REFERENCE)
        self._clean({f"{parts.PARTS}/{note.number:06}.json" for note in made}, parts.PARTS)
        self._place.write(SUCCESS, b"")
        return Result(summary, read, total - read, changed, tuple(notes))

    def _plan(self, documents: int) -> parts.Plan:
        settings = self._settings
        own = settings.overrides
        if own is None and not is_remote(self._place.place):
            default = Path(self._place.place) / overrides.FILE
            own = default if default.is_file() else None
        decided = overrides.load(own, settings.base) if own else ()
        count = settings.partitions or _LEAST_PARTS
        while not settings.partitions and count * _DOCUMENTS_OF_A_PART < documents:
            count *= 2  # so that a few more documents leave most parts as they are
        rules = parts.rules_digest()
        return parts.Plan(
            self._place.place, settings.form, settings.base, count, decided, settings.limits, rules
        )

    # --- documents

    def _documents(
        self,
        sources: Sequence[inputs.Source],
        tables: Sequence[str],
        roots: tuple[str, ...],
        notes: list[str],
    ) -> tuple[RDD[inputs.Source], int]:
        """Return the documents as a distributed collection, and how many there are."""
        context = self._spark.sparkContext
        least = context.defaultParallelism
        slices = max(least, len(sources) // _SOURCES_OF_A_TASK) if sources else 1
        found: RDD[inputs.Source] = context.parallelize(list(sources), slices)
        count = len(sources)
        for table in tables:
            frame = self._spark.read.parquet(table)
            columns = parquet.columns(table, frame.columns)
            if columns.unused:
                notes.append(f"{table}: columns not used: {', '.join(columns.unused)}")
            chosen = frame.select(*(f"`{name}`" for name in columns.names))
            count += session.run(self._spark, chosen.count)
            home = parquet.home(table)
            found = found.union(
                chosen.rdd.map(lambda row, c=columns, h=home: parquet.source(row.asDict(), c, h, roots))  # type: ignore[misc]
            )
        return found, count

    def _make(self, documents: RDD[inputs.Source], plan: parts.Plan, total: int) -> list[parts.Note]:
        """Have every part made that is not there, and return the notes of all."""
        context = self._spark.sparkContext
        done, finished = context.accumulator(0), context.accumulator(0)

        def deal(sources: Iterable[inputs.Source]) -> Iterator[tuple[int, parts.Item]]:
            parts.check(plan)
            return parts.dealt(sources, plan.base, plan.count)

        def make(number: int, items: Iterable[tuple[int, parts.Item]]) -> Iterator[parts.Note]:
            from pyspark import TaskContext  # noqa: PLC0415

            context = TaskContext.get()
            attempt = str(context.taskAttemptId()) if context is not None else "0"
            note = parts.make(number, (item for _, item in items), plan, attempt)
            done.add(note.counts.get("documents", 0))
            finished.add(1)
            yield note

        told = 0

        def watch() -> None:
            nonlocal told
            step = max(1, plan.count // 20)
            if finished.value // step > told:
                told = finished.value // step
                read = f"{min(done.value, total)} of {total} documents"
                self._tell(f"read {read}, {finished.value} of {plan.count} parts")

        dealt = documents.mapPartitions(deal).partitionBy(plan.count, lambda number: number)
        made = dealt.mapPartitionsWithIndex(make)
        return sorted(session.run(self._spark, made.collect, watch), key=lambda note: note.number)

    # --- the output folder

    def _published(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Return the summary of the present output where it is whole and what is asked for."""
        before = _object(self._place.read(MANIFEST))
        summary = _object(self._place.read(built.SUMMARY))
        if before.get("plan") != asked or not summary:
            return None
        sizes: dict[str, int] = {}
        for folder in (parts.QUADS, parts.TEXTS, parts.DOCUMENTS, parts.REFERENCE):
            sizes |= self._place.sizes(folder)
        whole = all(sizes.get(name) == size for name, size in before.get("files", {}).items())
        return summary if whole else None

    def _publish(self, made: Sequence[parts.Note], plan: parts.Plan, asked: dict[str, Any]) -> dict[str, Any]:
        """Merge what parts share, and let the new files count in the place of the old ones."""
        merging.prepare(self._spark, made)
        reference, lines = merging.reference(self._spark, plan, made)
        shared = merging.counts(self._spark, plan, made)
        summary = self._summary(made, plan, shared, lines)
        files = {
            name: size
            for note in made
            for name, size in note.files.items()
            if not name.startswith(f"{parts.PARTS}/")
        } | reference
        manifest = {"files": dict(sorted(files.items())), "plan": asked}
        self._place.write(built.SUMMARY, cache.to_json(summary).encode())
        self._place.write(MANIFEST, cache.to_json(manifest).encode())
        return summary

    def _clean(self, kept: set[str], *folders: str) -> None:
        """Remove files that no longer count, and what interrupted writers left."""
        for folder in folders:
            for name in sorted(set(self._place.sizes(folder)) - kept):
                self._place.remove(name)

    def _summary(
        self, made: Sequence[parts.Note], plan: parts.Plan, shared: Counter[str], lines: int
    ) -> dict[str, Any]:
        """Return the counts of a build; those named as in a build without Spark mean the same."""
        total: Counter[str] = Counter()
        applied = [0] * len(plan.decided)
        for note in made:
            total.update({name: value for name, value in note.counts.items() if name != "applied"})
            for at, number in enumerate(note.counts["applied"]):
                applied[at] += number
        stated = total + shared
        limits = []
        found: list[dict[str, object]] = []
        if total["documents"] <= _MOST_COMPARED:
            sketches = sorted(
                (row["source"], row["sha256"], row["sketch"])
                for row in merging.sketches(self._spark, plan, made)
            )
            found = repeats.repeats(lambda: ((source, sketch) for source, _, sketch in sketches))
        else:
            limits.append(f"repeats are not looked for among more than {_MOST_COMPARED} documents")
        skipped = merging.skipped(self._spark, plan, made, _MOST_TOLD)
        if total["skipped"] > len(skipped):
            limits.append(
                f"{total['skipped']} documents were skipped; documents/ has all, here are the first"
            )
        told = overrides.told(plan.decided, ())
        return {
            "base": plan.base,
            "engine": "spark",
            "format": plan.form,
            "parts": plan.count,
            "limits": limits,
            "read": total["documents"] - total["skipped"],
            "characters": total["characters"],
            "quads": total["quads"] + lines,
            "triples": total["triples"] + shared.total(),
            "classes": _of(stated, "class "),
            "facts": _of(stated, "fact "),
            "planned": _of(total, "planned "),
            "observations": stated["class Observation"],
            "unsure": total["unsure"],
            "conflicts": total["conflicts"],
            "repeats": found,
            "overrides": [item | {"applied": number} for item, number in zip(told, applied, strict=True)],
            "skipped": skipped,
        }


def _of(counts: Counter[str], kind: str) -> dict[str, int]:
    """Return the counts of a kind, by their names without it."""
    return {name.removeprefix(kind): counts[name] for name in sorted(counts) if name.startswith(kind)}


def _object(data: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
