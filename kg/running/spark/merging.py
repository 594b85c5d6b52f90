"""Merges what several parts of a build say: reference data once, and each statement counted once."""

from __future__ import annotations

import functools
import hashlib
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow

from kg.running.spark import parts, session
from kg.running.spark.places import Place

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_FILES_OF_A_TASK = 64
_PARTS_OF_A_FILE = 64
"""How many parts' reference data go into one file; what they share is in it once."""
_ROWS_OF_A_TASK = 2_000_000
_BATCH = 50_000

_WRITTEN = "name string, size long, lines long"
_Batches = Iterator[pyarrow.RecordBatch]


def prepare(spark: SparkSession, notes: Sequence[parts.Note]) -> None:
    """Set into how many pieces tables are dealt where rows meet: by how many rows there are."""
    rows = sum(note.counts.get("shared", 0) for note in notes)
    pieces = max(spark.sparkContext.defaultParallelism, rows // _ROWS_OF_A_TASK)
    spark.conf.set("spark.sql.shuffle.partitions", str(pieces))


def reference(
    spark: SparkSession, plan: parts.Plan, notes: Sequence[parts.Note]
) -> tuple[dict[str, int], int]:
    """Write the distinct lines of reference data of all parts; return files and sizes, and how many lines."""
    files = _files(notes, parts.SHARED)
    count = max(1, len(notes) // _PARTS_OF_A_FILE)
    lines = _table(spark, plan.place, files, "line string").dropDuplicates()
    sorted_lines = lines.repartition(count, "line").sortWithinPartitions("line")
    written = _mapped(sorted_lines, functools.partial(_write, plan.place, plan.form), _WRITTEN)
    rows = session.run(spark, written.collect)
    return {row["name"]: row["size"] for row in rows}, sum(row["lines"] for row in rows)


def counts(spark: SparkSession, plan: parts.Plan, notes: Sequence[parts.Note]) -> Counter[str]:
    """Count the statements that more than one part may make, each once, by what they count as."""
    files = _files(notes, parts.TRIPLES)
    table = _table(spark, plan.place, files, "digest binary, kind string")
    found = table.dropDuplicates(["digest"]).groupBy("kind").count()
    return Counter({row["kind"]: row["count"] for row in session.run(spark, found.collect)})


def sketches(spark: SparkSession, plan: parts.Plan, notes: Sequence[parts.Note]) -> list[dict[str, Any]]:
    """Return by which sentences documents are compared, in no order."""
    columns = "source string, sha256 string, sketch string"
    table = _table(spark, plan.place, _files(notes, parts.DOCUMENTS), columns).where("sketch <> ''")
    return [row.asDict() for row in session.run(spark, table.collect)]


def skipped(
    spark: SparkSession, plan: parts.Plan, notes: Sequence[parts.Note], most: int
) -> list[dict[str, Any]]:
    """Return which documents were skipped and why, the first ``most`` by name."""
    columns = "source string, sha256 string, reason string, problem string, advice string"
    some = [note for note in notes if note.counts.get("skipped")]
    if not some:
        return []
    table = _table(spark, plan.place, _files(some, parts.DOCUMENTS), columns)
    found = table.where("reason is not null").orderBy("source", "sha256").limit(most)
    return [row.asDict() for row in session.run(spark, found.drop("sha256").collect)]


def _files(notes: Iterable[parts.Note], folder: str) -> list[str]:
    """Return the files of a folder that parts with anything in them made."""
    some = (note for note in notes if note.counts.get("documents"))
    return sorted(name for note in some for name in note.files if name.rpartition("/")[0] == folder)


def _table(spark: SparkSession, place: str, files: Sequence[str], schema: str) -> DataFrame:
    """Return the rows of Parquet files: the paths travel, and executors open them."""
    least = spark.sparkContext.defaultParallelism
    tasks = max(1, min(len(files), max(least, len(files) // _FILES_OF_A_TASK)))
    paths = spark.sparkContext.parallelize([(name,) for name in files], tasks)
    return _mapped(spark.createDataFrame(paths, "name string"), _reader(place, schema), schema)


def _mapped(frame: DataFrame, function: Callable[[_Batches], _Batches], schema: str) -> DataFrame:
    with warnings.catch_warnings():  # PySpark warns of new versions of pandas, which this does not use
        warnings.simplefilter("ignore", FutureWarning)
        return frame.mapInArrow(function, schema)


def _reader(place: str, schema: str) -> Callable[[_Batches], _Batches]:
    columns = [column.split()[0] for column in schema.split(", ")]
    return functools.partial(_read, place, columns)


def _read(place: str, columns: list[str], batches: _Batches) -> _Batches:
    here = Place(place)
    for batch in batches:
        for name in batch.column("name").to_pylist():
            yield from here.table(name, columns).to_batches(_BATCH)


def _write(place: str, form: str, batches: _Batches) -> _Batches:
    """Write the sorted lines of a partition, if any, as one file that is called by what is in it."""
    from pyspark import TaskContext  # noqa: PLC0415 - executors have it

    context = TaskContext.get()
    assert context is not None, "runs in executors alone"
    here, number = Place(place), context.partitionId()
    first = next((batch for batch in batches if batch.num_rows), None)
    if first is None:
        return
    digest, count = hashlib.sha256(), 0
    with here.writing(f"{parts.REFERENCE}/part-{number:06}", str(context.taskAttemptId())) as aside:
        with parts.quads_writer(aside.stream, form) as write:
            lines = first.column("line").to_pylist()
            while True:
                digest.update("\n".join(lines).encode())
                write(lines)
                count += len(lines)
                batch = next(batches, None)
                if batch is None:
                    break
                lines = batch.column("line").to_pylist()
        aside.name = f"{aside.name}-{digest.hexdigest()[:16]}.{form}"
    size = here.size(aside.name) or 0
    yield pyarrow.RecordBatch.from_pydict({"name": [aside.name], "size": [size], "lines": [count]})
