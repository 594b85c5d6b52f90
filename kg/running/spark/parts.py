"""Makes one part of a graph: all that the documents dealt to it say, alone on any machine.

A part is a function of its documents and the rules. Its files carry the digest of both in their names, and
what stands in its note, which is written last, is done and not done again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, Any, cast

import pyarrow
from pyarrow import parquet

from kg import resources, terms
from kg.errors import EngineError, InputError
from kg.graph import nquads
from kg.running import cache, documents, duplicates, inputs, overrides, workers
from kg.running.overrides import Override
from kg.running.spark.places import PARQUET, Place

FORMATS = ("nq", "nq.gz", "parquet")
QUADS, TEXTS, DOCUMENTS, REFERENCE, PARTS = "quads", "texts", "documents", "reference", "parts"
SHARED, TRIPLES = f"{PARTS}/reference", f"{PARTS}/triples"

_OWN = ("report", "passage", "evidence", "observation", "dataset")
"""What belongs to one document alone: its triples are found in no other part."""
_TYPE = nquads.iri(nquads.RDF + "type")
_FACTS = {nquads.iri(terms.gov(name)): name for name in terms.FACT_PREDICATES}


@dataclass(frozen=True, slots=True)
class Plan:
    """What all parts of a build have in common."""

    place: str
    form: str
    base: str
    count: int
    decided: tuple[Override, ...]
    limits: workers.Limits
    rules: str
    """The digest of code and rules by which the driver would read."""


@dataclass(frozen=True, slots=True)
class Item:
    """A document dealt to a part: with its digest, or the row that says why it cannot be read."""

    source: inputs.Source
    sha256: str
    row: cache.Row | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a finished part says of itself: its files with their sizes, what is in it, whether that lasts."""

    number: int
    digest: str
    files: dict[str, int]
    counts: dict[str, Any]
    lasting: bool = True
    made: bool = True


def rules_digest() -> str:
    """Return a digest of everything that decides what a part is."""
    here = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return hashlib.sha256(f"{cache.reading_digest()} {here}".encode()).hexdigest()


def check(plan: Plan) -> None:
    """See that this machine would read as the driver does.

    Raises:
        EngineError: it has the package in a form that does not work, or another version.

    """
    where = "give all executors the same, as docs/spark.md tells"
    if not resources.RULE_DATA.is_dir():
        raise EngineError(f"{resources.PACKAGE}: a zipped package cannot be read from; {where}")
    if rules_digest() != plan.rules:
        raise EngineError(f"{resources.PACKAGE}: is another version than the driver's; {where}")


def dealt(sources: Iterable[inputs.Source], base: str, count: int) -> Iterator[tuple[int, Item]]:
    """Yield documents with the numbers of their parts: the same bytes always go to the same part."""
    for source in sources:
        row = None
        try:
            sha256 = inputs.digest_of(source)
        except InputError as error:
            sha256, row = "", documents.refused(source.name, error)
        except OSError as error:
            sha256, row = "", documents.unreadable(source.name, "", error)
        lot = sha256 or hashlib.sha256(source.name.encode("utf-8", "replace")).hexdigest()
        yield int(lot[:12], 16) % count, Item(source, sha256, row)


def make(number: int, items: Iterable[Item], plan: Plan, attempt: str) -> Note:
    """Make a part, unless it is there already, and return its note."""
    check(plan)
    place = Place(plan.place)
    jobs, refused = _jobs(items, plan)
    asked = json.dumps([plan.rules, plan.base, plan.form, sorted(jobs), sorted(refused.items())])
    digest = hashlib.sha256(asked.encode()).hexdigest()[:16]
    known = _known(place, number, digest)
    if known is not None:
        return known
    name = f"part-{number:06}-{digest}"
    found = _Found()
    for row in refused.values():
        found.add(row, plan.decided)
    texts: list[tuple[str, str, list[str]]] = []
    quads = f"{QUADS}/{name}.{plan.form}"
    with place.writing(quads, attempt) as aside, quads_writer(aside.stream, plan.form) as write:
        for kept in _read(jobs, plan, found):
            lines = sorted({line for entry in kept for line in entry.lines})
            own = found.split(lines, plan.base, kept[0].row["hash"])
            write(own)
            text = (kept[0].row["report"], kept[0].text or "", list(kept[0].mentions))
            texts.append(text)
    told = sorted(found.rows, key=lambda row: (row["source"], row["sha256"]))
    tables = {
        f"{TEXTS}/{name}.parquet": _texts(texts),
        f"{DOCUMENTS}/{name}.parquet": _documents(told),
        f"{SHARED}/{name}.parquet": pyarrow.table({"line": sorted(found.reference)}, _LINES),
        f"{TRIPLES}/{name}.parquet": _triples(found.shared),
    }
    for path, table in tables.items():
        place.write_table(path, table, attempt)
    files = {path: place.size(path) or 0 for path in (quads, *tables)}
    note = Note(number, digest, files, found.told(), found.lasting)
    body = {"digest": digest, "files": files, "counts": note.counts, "lasting": note.lasting}
    place.write(f"{PARTS}/{number:06}.json", cache.to_json(body).encode(), attempt)
    return note


def _known(place: Place, number: int, digest: str) -> Note | None:
    """Return the note of a part that is there as it would be made."""
    data = place.read(f"{PARTS}/{number:06}.json")
    if data is None:
        return None
    try:
        body = json.loads(data)
        if body["digest"] != digest or not body["lasting"]:
            return None
        whole = all(place.size(path) == size for path, size in body["files"].items())
        return Note(number, digest, body["files"], body["counts"], made=False) if whole else None
    except (ValueError, KeyError, TypeError, AttributeError):  # damaged: make it again
        return None


def _jobs(items: Iterable[Item], plan: Plan) -> tuple[dict[str, documents.Job], dict[str, cache.Row]]:
    """Return what is to be read, equal bytes together, and the rows of what cannot be, both by their keys."""
    jobs: dict[str, documents.Job] = {}
    refused: dict[str, cache.Row] = {}
    for item in sorted(items, key=lambda item: (item.sha256, item.source.name)):
        name = item.source.name
        if item.row is not None:
            refused[cache.key(name, json.dumps(item.row["skipped"]), plan.base)] = item.row
            continue
        decided = overrides.of(name, plan.decided)
        meanings = tuple(sorted((word, own.meaning) for word, own in decided.items()))
        key = cache.key(name, item.sha256, plan.base, meanings, item.source.said)
        jobs[key] = documents.Job(item.source, item.sha256, key, plan.base, meanings)
    return jobs, refused


def _tell(job: documents.Job) -> documents.Entry:
    return documents.examine(job.source, job.sha256, job.base, job.overrides)


def _read(jobs: dict[str, documents.Job], plan: Plan, found: _Found) -> Iterator[list[documents.Entry]]:
    """Yield what the documents of each text say, those of the same bytes together, the first name first."""
    if jobs:
        documents.prepare()
    read = workers.read(jobs.values(), 1, plan.limits, reader=_tell)
    for _, group in groupby(read, key=lambda item: item[0].sha256):
        entries = {}
        for job, told in group:
            entries[job.key] = (
                told
                if isinstance(told, documents.Entry)
                else documents.Entry(cache.row_in(told.entry), lasting=False)
            )
        rows = {key: entry.row for key, entry in entries.items()}
        alike = [(key, row) for key, row in rows.items() if "skipped" not in row]
        rows |= dict(duplicates.conflicting(alike)) if alike else {}
        for key, row in rows.items():
            found.add(row, plan.decided)
            found.lasting = found.lasting and entries[key].lasting
        kept = [entries[key] for key, row in rows.items() if "skipped" not in row]
        if kept:
            yield sorted(kept, key=lambda entry: str(entry.row["source"]))


@dataclass(slots=True)
class _Found:
    """What is gathered while a part is made."""

    rows: list[cache.Row] = field(default_factory=list)
    reference: set[str] = field(default_factory=set)
    shared: dict[bytes, str] = field(default_factory=dict)
    """What others may state, too: by a digest of the triple, what it counts as."""
    counts: Counter[str] = field(default_factory=Counter)
    applied: Counter[int] = field(default_factory=Counter)
    lasting: bool = True

    def add(self, row: cache.Row, decided: Sequence[Override]) -> None:
        """Take a document's row of the summary."""
        self.rows.append(row)
        self.counts["documents"] += 1
        if "skipped" in row:
            self.counts["skipped"] += 1
            self.lasting = self.lasting and row["skipped"]["reason"] != "unreadable"
            return
        self.counts["characters"] += row["characters"]
        self.counts["unsure"] += len(row["unsure"])
        self.counts["conflicts"] += len(row["conflicts"])
        self.counts.update({f"planned {name}": n for name, n in row["planned by predicate"].items()})
        decisions = (row["source"], [item["surface"] for item in row["overrides"]])
        for place, item in enumerate(overrides.told(decided, [decisions])):
            self.applied[place] += item["applied"]

    def split(self, lines: Sequence[str], base: str, number: str) -> list[str]:
        """Take the lines of one report; return those of its own graph, keep those of reference data."""
        graph = f" {nquads.iri(f'{base}report/{number}')} ."
        mine = tuple(nquads.iri(f"{base}{kind}/{number}")[:-1] for kind in _OWN)
        own = []
        for line in lines:
            if line.endswith(graph):
                own.append(line)
            else:
                self.reference.add(line)
            if line.startswith(mine):
                self.counts["triples"] += 1
                kind = kind_of(line)
                if kind:
                    self.counts[kind] += 1
            else:
                triple = line[: line.rindex(" <")]
                digest = hashlib.blake2b(triple.encode(), digest_size=16).digest()
                if digest not in self.shared:
                    self.shared[digest] = kind_of(line)
        self.counts["quads"] += len(own)
        self.counts["bytes"] += sum(len(line.encode()) + 1 for line in own)
        return own

    def told(self) -> dict[str, Any]:
        """Return the counts in JSON types."""
        self.counts["shared"] = len(self.shared)
        applied = [self.applied[place] for place in range(len(self.applied))]
        return {**dict(sorted(self.counts.items())), "applied": applied}


def kind_of(line: str) -> str:
    """Return what a statement counts as in the summary: "class NAME", "fact NAME" or nothing.

    >>> kind_of(f"<s> <{terms.gov('issued')}> <o> <g> .")
    'fact issued'
    """
    _, predicate, rest = line.split(" ", 2)
    if predicate == _TYPE:
        return f"class {rest.partition('> ')[0].rpartition('#')[2]}"
    return f"fact {_FACTS[predicate]}" if predicate in _FACTS else ""


@contextmanager
def quads_writer(stream: pyarrow.NativeFile, form: str) -> Iterator[Any]:
    """Yield a function that writes lines (without line ends) in a format of ``FORMATS``."""
    if form == "parquet":
        with parquet.ParquetWriter(stream, _QUADS, compression=PARQUET["compression"]) as writer:

            def put(lines: Sequence[str]) -> None:
                columns = list(zip(*map(nquads.split, lines), strict=True)) or [()] * 4
                table = pyarrow.table([pyarrow.array(column, pyarrow.string()) for column in columns], _QUADS)
                writer.write_table(table)

            yield put
        return
    if form == "nq":
        yield lambda lines: stream.write("".join(f"{line}\n" for line in lines).encode())
        return
    # No name and no time in the header: the same lines give the same bytes.
    with gzip.GzipFile("", "wb", 6, cast("IO[bytes]", stream), mtime=0) as packed:
        yield lambda lines: packed.write("".join(f"{line}\n" for line in lines).encode())


_TEXT = pyarrow.string()
_QUADS = pyarrow.schema([(name, _TEXT) for name in ("subject", "predicate", "object", "graph")])
_LINES = pyarrow.schema([("line", _TEXT)])
_STATED = pyarrow.schema([("digest", pyarrow.binary()), ("kind", _TEXT)])
_READ = pyarrow.schema([("report", _TEXT), ("text", _TEXT), ("mentions", pyarrow.list_(_TEXT))])
_NUMBERS = ("characters", "entities", "facts", "planned", "observations")
_WORDS = ("source", "sha256", "report", "title", "year", "jurisdiction", "encoding", "sketch")
_SKIPPED = ("reason", "problem", "advice")
_ROWS = pyarrow.schema(
    [
        *((name, _TEXT) for name in _WORDS),
        *((name, pyarrow.int64()) for name in (*_NUMBERS, "unsure", "conflicts")),
        *((name, _TEXT) for name in _SKIPPED),
        ("row", _TEXT),
    ]
)
_NOT_TOLD = ("hash", "planned by predicate", "sketch", "text sha256")


def _texts(texts: Sequence[tuple[str, str, list[str]]]) -> pyarrow.Table:
    rows = [dict(zip(_READ.names, item, strict=True)) for item in sorted(texts)]
    return pyarrow.Table.from_pylist(rows, _READ)


def _triples(shared: dict[bytes, str]) -> pyarrow.Table:
    pairs = sorted(shared.items())
    return pyarrow.table([[digest for digest, _ in pairs], [kind for _, kind in pairs]], _STATED)


def _documents(rows: Sequence[cache.Row]) -> pyarrow.Table:
    """Return the rows of the summary, what is asked for often in columns, all of it as JSON."""
    told = []
    for row in rows:
        cells: dict[str, Any] = {name: row.get(name) for name in (*_WORDS, *_NUMBERS)}
        cells |= {name: len(row[name]) if name in row else None for name in ("unsure", "conflicts")}
        cells |= {name: row.get("skipped", {}).get(name) for name in _SKIPPED}
        shown = {name: value for name, value in row.items() if name not in _NOT_TOLD}
        told.append({**cells, "row": json.dumps(shown, ensure_ascii=False)})
    return pyarrow.Table.from_pylist(told, _ROWS)
