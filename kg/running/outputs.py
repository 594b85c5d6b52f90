"""Writes the files of an output folder from the entries of its documents."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import ids
from kg.errors import ExportError
from kg.graph import built, loading, names, nquads, store, turtle
from kg.running import catalogue, changing, counting, patching, sorting, summarising
from kg.running import stamps as stamping
from kg.running.overrides import Override

QUADS = "graph.nq"
TURTLE = "graph.ttl"
PICTURE = "graph.html"
OVERVIEW = "index.html"
DESCRIPTION = "dataset.ttl"

_CHECKED = 1024 * 1024 * 1024
"""Bytes up to which the description tells a file's digest: reading more would outlast a small change."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a build shall write, and the table of what names mean (else that of the output folder, if any).

    Beyond ``turtle_limit`` quads (about half a gigabyte, which hardly anything opens) there is no graph.ttl
    and no index.html, and beyond ``picture_limit`` things (which one page still draws fluently) no
    graph.html.
    Without ``store`` there is no embedded store, for graphs that are to be loaded elsewhere.
    """

    base: str = ids.DEFAULT_BASE
    html: bool = True
    store: bool = True
    turtle_limit: int = 3_000_000
    picture_limit: int = 20_000
    overrides: Path | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in an output folder: its files, and what the summary tells of all documents together."""

    files: tuple[str, ...]
    head: dict[str, Any]
    counts: counting.Counts


@dataclass(frozen=True, slots=True)
class Making:
    """What an output is made from: the entries of its documents, where to, what and with which decisions."""

    entries: catalogue.Catalogue
    folder: Path
    settings: Settings
    decided: Sequence[Override]

    def new(self, name: str) -> Path:
        """Return where a file or folder is made before it takes its place."""
        return new(self.folder, name)


def write(
    making: Making, loader: loading.Loader | None, workers: int, progress: Callable[[int, int], None]
) -> Written:
    """Write graph, store, pictures and summary for what is wanted, and return what was written.

    ``loader`` has been given the lines for the store. Everything is made beside the present files first and
    takes their places at the end.
    """
    entries = making.entries
    documents, size = entries.extent()
    called = making.new(names.FILE) if loader else None
    lines = sorting.Lines(entries.compressed, documents, size, catalogue.unpacked)
    counts = sorting.sort(lines, making.new(QUADS), workers, called, progress)
    if loader and called:
        loader.finish()
        called.replace(making.new(store.STORE) / names.FILE)
    return _complete(making, counts)


def change(making: Making, counts: counting.Counts) -> Written:
    """Change graph and store where documents came or went, and write the summary anew.

    ``counts`` are those of the present graph, which is larger than what one page or Turtle file holds.
    """
    folder = making.folder
    gone, came = changing.changed_lines(making.entries)
    with patching.patched(folder / QUADS, making.new(QUADS), gone, came, counts) as (found, complete):
        if making.settings.store:
            place = making.new(store.STORE)
            store.copy_store(folder / store.STORE, place, names.FILE)
            store.change_store(place, (found.gone, found.new), (found.triples_gone, found.triples_new))
            present = folder / store.STORE / names.FILE
            names.change(present, place / names.FILE, found.triples_gone, found.triples_new)
        return _complete(making, counts, complete)


def _complete(
    making: Making, counts: counting.Counts, graph_complete: Callable[[], None] = lambda: None
) -> Written:
    """Write what follows from graph and store, and put everything in place.

    ``graph_complete`` waits until the graph's file is whole.
    """
    entries, settings = making.entries, making.settings
    made = [QUADS, built.SUMMARY, DESCRIPTION]
    notes: list[str] = []
    if settings.store:
        made.append(store.STORE)
    is_large = counts.quads > settings.turtle_limit
    if is_large:
        files = f"{TURTLE} and one {OVERVIEW}" if settings.html and settings.store else TURTLE
        notes.append(f"{counts.quads} quads are too many for one {files}; write a part of it with kg export")
    else:
        graph_complete()
        with making.new(TURTLE).open("w", encoding="utf-8", newline="") as stream:
            lines = sorting.whole_lines(making.new(QUADS))
            stream.writelines(turtle.write(lines, turtle.PREFIXES, settings.base))
        made.append(TURTLE)
    read = _reading(entries, settings.base)
    drawn = settings.html and settings.store
    if drawn:
        things = sum(counts.classes[name] for name in _DRAWN)
        if things <= settings.picture_limit:
            picture = _picture(making.new(store.STORE), read)
            making.new(PICTURE).write_text(picture, encoding="utf-8", newline="")
            made.append(PICTURE)
        else:
            notes.append(
                f"{things} things are too many for one {PICTURE}; draw a part with kg render --around NAME"
            )
        if not is_large:
            made.append(OVERVIEW)
    told = summarising.head(entries, counts, settings.base, sorted(made), notes, making.decided)
    summarising.write(making.new(built.SUMMARY), told, entries)
    if OVERVIEW in made:
        whole = json.loads(making.new(built.SUMMARY).read_text(encoding="utf-8"))
        page = _overview(making.new(store.STORE), whole, read)
        making.new(OVERVIEW).write_text(page, encoding="utf-8", newline="")
    graph_complete()
    _describe(making, counts, made)
    entries.unpublish()
    _publish(making.folder, made)
    return Written(tuple(sorted(made)), told, counts)


_DRAWN = ("Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour", "Report")


def _describe(making: Making, counts: counting.Counts, made: Sequence[str]) -> None:
    from kg.graph import describing  # noqa: PLC0415 - heavy, and not needed where nothing changed

    described = {name: making.new(name) for name in describing.MEDIA_TYPES if name in made}
    extent = describing.Extent(
        triples=counts.triples,
        subjects=counts.subjects,
        reports=counts.classes["Report"],
        classes=_values(counts.kinds),
        properties=_values(counts.properties),
        years=sorted(_values(counts.years)),
        places=sorted(_values(counts.places)),
    )
    description = describing.describe(extent, making.settings.base, described, _CHECKED)
    making.new(DESCRIPTION).write_text(description, encoding="utf-8", newline="")


def _values(counter: Counter[str]) -> dict[str, int]:
    return {nquads.value(term): number for term, number in counter.items()}


def stamps(folder: Path, files: Sequence[str]) -> str:
    """Return the stamps of the files of an output folder, "" where one is not there."""
    paths = (folder / name / "CURRENT" if name == store.STORE else folder / name for name in files)
    try:
        return " ".join(stamping.stamp(path) for path in paths)
    except OSError:
        return ""


def to_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that a user asked for, so that it is there completely or not at all.

    Raises:
        ExportError: it cannot be written there.

    """
    waiting = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with waiting.open("wb") as stream:
            stream.writelines(chunks)
        waiting.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            waiting.unlink()
        problem = f"cannot be written, {error.strerror}; choose another place"
        raise ExportError(f"{path}: {problem}") from error


def new(folder: Path, name: str) -> Path:
    """Return where a file or folder of the output is made before it takes its place."""
    return folder / f".{name}.tmp"


def _publish(folder: Path, made: Sequence[str]) -> None:
    if store.STORE in made:
        store.swap_store(folder, new(folder, store.STORE))
    else:
        shutil.rmtree(folder / store.STORE, ignore_errors=True)
    for name in (QUADS, TURTLE, PICTURE, OVERVIEW, DESCRIPTION, built.SUMMARY):
        if name in made:
            new(folder, name).replace(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def _reading(entries: catalogue.Catalogue, base: str) -> built.Reading:
    """Return what gives the text and the mentions of a report of this build, which is not in place yet."""

    @functools.cache
    def names() -> dict[str, str]:
        return {f"{base}report/{report}": name for report, name in entries.firsts()}

    def read(report: str) -> tuple[str, list[built.Mention]]:
        name = names()[report]
        return entries.text_of(name).decode(), built.parsed(entries.marks_of(name).decode())

    return read


def _picture(path: Path, read: built.Reading) -> str:
    from kg.graph import selection  # noqa: PLC0415
    from kg.viewing import html  # noqa: PLC0415 - not needed by builds without a picture

    return html.render(selection.view(store.open_path(path)), read=read, home="index.html")


def _overview(path: Path, told: dict[str, Any], read: built.Reading) -> str:
    from kg.viewing import overview  # noqa: PLC0415 - as above

    return overview.render(store.open_path(path), told, read)
