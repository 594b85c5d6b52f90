"""Writes the files of an output folder from the entries of its documents."""

from __future__ import annotations

import contextlib
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg import ids, terms
from kg.errors import ExportError, StoreError
from kg.graph import built, describing, nquads, store, turtle
from kg.running import cache, overrides, repeats
from kg.running.overrides import Override

QUADS = "graph.nq"
TURTLE = "graph.ttl"
PICTURE = "graph.html"
OVERVIEW = "index.html"
DESCRIPTION = "dataset.ttl"

_OPEN_FILES = 128


@dataclass(frozen=True, slots=True)
class Settings:
    """What a build shall write, and the table of what names mean (else that of the output folder, if any).

    Beyond ``turtle_limit`` quads (about half a gigabyte, which hardly anything opens) there is no graph.ttl,
    and beyond ``picture_limit`` things (which one page still draws fluently) no graph.html.
    """

    base: str = ids.DEFAULT_BASE
    html: bool = True
    turtle_limit: int = 3_000_000
    picture_limit: int = 20_000
    overrides: Path | None = None


@dataclass(slots=True)
class _Counts:
    """What is counted while the graph is written."""

    quads: int = 0
    triples: int = 0
    subjects: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    years: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


def write(
    entries: cache.Cache,
    rows: dict[str, cache.Row],
    folder: Path,
    settings: Settings,
    decided: Sequence[Override] = (),
) -> list[str]:
    """Write graph, store, picture and summary for ``rows``, and return the names of what was written.

    Everything is made beside the present files first and takes their places at the end.
    """
    made: list[str] = [QUADS, store.STORE, built.SUMMARY, DESCRIPTION]
    notes: list[str] = []
    parts = [entries.quads(name) for name, row in sorted(rows.items()) if "skipped" not in row]
    _merge(parts, _new(folder, QUADS))
    counts = _count(_new(folder, QUADS))
    if counts.quads <= settings.turtle_limit:
        with _new(folder, TURTLE).open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(turtle.write(_lines(_new(folder, QUADS)), turtle.PREFIXES, settings.base))
        made.append(TURTLE)
    else:
        notes.append(f"{counts.quads} quads are too many for one {TURTLE}; write a part of it with kg export")
    new_store = _new(folder, store.STORE)
    triples = _new(folder, "triples.nt")
    with triples.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"{' '.join(triple)} .\n" for triple in nquads.triples(_lines(_new(folder, QUADS))))
    store.make_store(new_store, _new(folder, QUADS), triples)
    triples.unlink()
    read = _reading(entries, rows)
    if settings.html:
        made.append(OVERVIEW)
        things = sum(counts.classes[name] for name in _DRAWN)
        if things <= settings.picture_limit:
            _new(folder, PICTURE).write_text(_picture(new_store, read), encoding="utf-8", newline="")
            made.append(PICTURE)
        else:
            notes.append(
                f"{things} things are too many for one {PICTURE}; draw a part with kg render --around NAME"
            )
    described = {name: _new(folder, name) for name in describing.MEDIA_TYPES if name in made}
    extent = describing.Extent(
        triples=counts.triples,
        subjects=counts.subjects,
        reports=counts.classes["Report"],
        classes=counts.kinds,
        properties=counts.properties,
        years=sorted(counts.years),
        places=sorted(counts.places),
    )
    description = describing.describe(extent, settings.base, described)
    _new(folder, DESCRIPTION).write_text(description, encoding="utf-8", newline="")
    told = _summary(rows, counts, settings.base, sorted(made), notes)
    told["overrides"] = overrides.told(decided, (row for row in rows.values() if "skipped" not in row))
    _new(folder, built.SUMMARY).write_text(cache.to_json(told), encoding="utf-8", newline="")
    if settings.html:
        page = _overview(new_store, told, read)
        _new(folder, OVERVIEW).write_text(page, encoding="utf-8", newline="")
    _publish(folder, made)
    return sorted(made)


_DRAWN = ("Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour", "Report")


def are_whole(folder: Path, files: Sequence[str]) -> bool:
    """Tell whether all files of an output folder are in place and its summary can be read."""
    try:
        built.summary(folder)
    except StoreError:
        return False
    return all((folder / name).exists() for name in files)


def to_file(path: Path, chunks: Iterable[str] | bytes) -> None:
    """Write a file that a user asked for, text or bytes, so that it is there completely or not at all.

    Raises:
        ExportError: it cannot be written there.

    """
    waiting = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(chunks, bytes):
            waiting.write_bytes(chunks)
        else:
            with waiting.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(chunks)
        waiting.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            waiting.unlink()
        problem = f"cannot be written, {error.strerror}; choose another place"
        raise ExportError(f"{path}: {problem}") from error


def _new(folder: Path, name: str) -> Path:
    return folder / f".{name}.tmp"


def _publish(folder: Path, made: Sequence[str]) -> None:
    store.swap_store(folder, _new(folder, store.STORE))
    for name in (QUADS, TURTLE, PICTURE, OVERVIEW, DESCRIPTION, built.SUMMARY):
        if name in made:
            _new(folder, name).replace(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as stream:
        yield from stream


def _merge(parts: Sequence[Path], target: Path) -> None:
    """Write the distinct lines of sorted files as one sorted file, a limited number of files at a time."""
    waiting = list(parts)
    step = 0
    with contextlib.ExitStack() as cleaning:
        while len(waiting) > _OPEN_FILES:
            step += 1
            middle = target.with_name(f".merge-{step}.tmp")
            cleaning.callback(middle.unlink)
            _write_lines(middle, waiting[:_OPEN_FILES])
            waiting = [*waiting[_OPEN_FILES:], middle]
        _write_lines(target, waiting)


def _write_lines(target: Path, parts: Iterable[Path]) -> None:
    last = ""
    with target.open("w", encoding="utf-8", newline="") as stream:
        for line in heapq.merge(*(_lines(part) for part in parts)):
            if line != last:
                stream.write(line)
                last = line


def _count(path: Path) -> _Counts:
    counts = _Counts()
    kinds = nquads.iri(nquads.RDF + "type")
    facts = {nquads.iri(terms.gov(name)): name for name in terms.FACT_PREDICATES}
    year, place = (nquads.iri(terms.gov(name)) for name in ("reportingYear", "reportsOn"))
    last = ("", "", "")
    for line in _lines(path):
        counts.quads += 1
        triple = nquads.split(line)[:3]
        if triple == last:
            continue
        counts.triples += 1
        counts.subjects += triple[0] != last[0]
        last = triple
        counts.properties[triple[1]] += 1
        if triple[1] == kinds:
            counts.kinds[triple[2]] += 1
        elif triple[1] == year:
            counts.years.add(nquads.value(triple[2]))
        elif triple[1] == place:
            counts.places.add(nquads.value(triple[2]))
    counts.classes.update({_local(term): number for term, number in counts.kinds.items()})
    counts.facts.update(
        {name: counts.properties[term] for term, name in facts.items() if counts.properties[term]}
    )
    counts.kinds = Counter({nquads.value(term): number for term, number in counts.kinds.items()})
    counts.properties = Counter({nquads.value(term): number for term, number in counts.properties.items()})
    return counts


def _local(term: str) -> str:
    return term[1:-1].rpartition("#")[2]


def _reading(entries: cache.Cache, rows: dict[str, cache.Row]) -> built.Reading:
    """Return what gives the text and the mentions of a report of this build, which is not in place yet."""
    names = {row["report"]: name for name, row in sorted(rows.items()) if "report" in row}

    def read(report: str) -> tuple[str, list[built.Mention]]:
        name = names[report]
        return entries.text(name, rows[name]), entries.marks(name)

    return read


def _picture(path: Path, read: built.Reading) -> str:
    from kg.graph import selection  # noqa: PLC0415
    from kg.viewing import html  # noqa: PLC0415 - not needed by builds without a picture

    return html.render(selection.view(store.open_path(path)), read=read, home="index.html")


def _overview(path: Path, told: dict[str, Any], read: built.Reading) -> str:
    from kg.viewing import overview  # noqa: PLC0415 - as above

    return overview.render(store.open_path(path), told, read)


def _summary(
    rows: dict[str, cache.Row], counts: _Counts, base: str, files: list[str], notes: list[str]
) -> dict[str, Any]:
    ordered = sorted(rows.values(), key=lambda row: (row["source"], row["sha256"]))
    read = [row for row in ordered if "skipped" not in row]
    planned: Counter[str] = Counter()
    for row in read:
        planned.update(row["planned by predicate"])
    return {
        "base": base,
        "files": files,
        "limits": notes,
        "quads": counts.quads,
        "triples": counts.triples,
        "classes": dict(sorted(counts.classes.items())),
        "facts": dict(sorted(counts.facts.items())),
        "planned": dict(sorted(planned.items())),
        "observations": counts.classes["Observation"],
        "unsure": sum(len(row["unsure"]) for row in read),
        "conflicts": sum(len(row["conflicts"]) for row in read),
        "repeats": repeats.repeats(read),
        "overrides": [],
        "skipped": [{"source": row["source"], **row["skipped"]} for row in ordered if "skipped" in row],
        "documents": [{key: value for key, value in row.items() if key not in _INTERNAL} for row in read],
    }


_INTERNAL = ("hash", "lines sha256", "mentions sha256", "planned by predicate", "sketch", "text sha256")
