"""Looks things up by a part of a name, in a file of all names that stands in a store's folder.

A store finds what begins with a term, not what contains a text: for that, it would have to look at every name
there is. The file holds the names as they follow each other in the graph, a line each: the thing's IRI in
angle brackets, a tab, a sign for the kind of name, and the literal in N-Triples syntax without its language.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from kg import terms
from kg.graph import nquads
from kg.graph.nquads import DCTERMS, SKOS
from kg.graph.sorted_lines import Lines, copy, write
from kg.graph.store import STORE

FILE = "names"

_LABELS = (SKOS + "altLabel", SKOS + "prefLabel")
_NAMING = sorted((*_LABELS, DCTERMS + "title", *map(terms.gov, ("code", "quote", "sourceFile"))))
# Signs follow each other as the predicates do, so that the file is sorted as the graph is.
_SIGNS = {nquads.iri(name).encode(): chr(ord("a") + at).encode() for at, name in enumerate(_NAMING)}
_LABEL_SIGNS = tuple(_SIGNS[nquads.iri(name).encode()] for name in _LABELS)

_THINGS = ("jurisdiction/", "institution/", "document/", "report/", "initiative/", "honour/")
_PATHS: Mapping[str, tuple[str, ...]] = {
    "place": ("jurisdiction/",),
    "body": ("institution/",),
    "document": ("document/", "report/"),
    "initiative": ("initiative/",),
    "honour": ("honour/",),
    "thing": _THINGS,
    "measure": ("concept/measure/",),
    "indicator": ("concept/indicator/",),
    "report": ("report/",),
    "text": ("passage/",),
}
"""Where identities (:mod:`kg.ids`) of a kind of value begin; other kinds are not looked up."""

_CALLED = frozenset(("body", "document", "initiative", "honour", "thing", "measure"))
"""Kinds of which questions ask by a part of a label, and by nothing else; of the others, they look again."""

MOST = 20_000
"""Of more things than these, a question is not asked one by one: there is little to save."""

_READ = 8 * 1024 * 1024  # bytes looked at at once
_CASE = "\u03a3\u03c2\u0130"  # whose small letters depend on what stands beside them, or on the library


def entries(lines: Iterable[bytes]) -> list[bytes]:
    """Return the lines of the file, without ends, for sorted lines of N-Quads or sorted triples.

    A name is there once, however many graphs state it.
    """
    found = []
    last = b""
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if predicate in _SIGNS:
            triple = line[: line.rfind(b" <")] if line.endswith(b" .") else line
            if triple != last:
                found.append(b"%b\t%b%b" % (subject, _SIGNS[predicate], rest[: rest.rindex(b'"') + 1]))
                last = triple
    return found


def change(present: Path, target: Path, gone: Iterable[bytes], new: Iterable[bytes]) -> None:
    """Write a file of names anew where triples left a graph and came into it."""
    edits: dict[bytes, tuple[list[bytes], list[bytes]]] = {}
    for number, triples in enumerate((gone, new)):
        for entry in entries(sorted(triples)):
            edits.setdefault(entry.split(b"\t", 1)[0], ([], []))[number].append(entry)
    with present.open("rb", buffering=0) as held, target.open("wb", buffering=0) as result:
        lines = Lines(held)
        end = 0
        for subject, (leaving, coming) in sorted(edits.items()):
            begin = lines.find(subject + b"\t", end)
            copy(held, result, end, begin)
            end = lines.find(subject + b"\n", begin)  # the next sign after a tab
            kept = os.pread(held.fileno(), end - begin, begin).split(b"\n")[:-1]
            for entry in leaving:
                if entry in kept:
                    kept.remove(entry)
            write(result, b"\n".join([*sorted([*kept, *coming]), b""]))
        copy(held, result, end, lines.end)


class Found(NamedTuple):
    """The IRIs of things that a text may mean; ``exact`` where a question would find each of them meant."""

    iris: list[str]
    exact: bool


Find = Callable[[str, str], Found | None]
"""Returns the things of a kind that have a name with a text in it, None where they are not known."""


def nothing(kind: str, text: str) -> Found | None:
    """Know of no names: whoever asks, looks at all."""
    return None


def of(folder: str | os.PathLike[str], base: str) -> Find:
    """Return what looks up the names of an output folder, whose identities begin with ``base``.

    The file of this moment is kept, as an open store keeps its own, while the folder is built anew.
    """
    try:
        held = FileIO(os.path.join(folder, STORE, FILE))  # noqa: PTH118 - also of a text
    except FileNotFoundError:
        return nothing
    return Names(held, base).find


class Names:
    """The names of the things in a store."""

    def __init__(self, held: FileIO, base: str) -> None:
        self._held = held
        self._base = base
        weakref.finalize(self, held.close)

    def find(self, kind: str, text: str) -> Found | None:
        """Return the things of a kind that have a name with a text in it, or are called by it.

        None where they are not known, or more than :data:`MOST`.
        """
        paths = _PATHS.get(kind)
        if paths is None or not text or set(text) & set(_CASE):
            return None
        wanted = nquads.text(text.lower())[1:-1]
        signs = _LABEL_SIGNS if kind in _CALLED else (b"",)
        found = dict.fromkeys([text]) if text.startswith(self._base) else {}
        lines = Lines(self._held)
        for path in paths:
            begin = nquads.iri(self._base + path)[:-1].encode()
            ends = lines.find(begin), lines.find(begin + b"\xff")
            for subject in _having(self._held, *ends, wanted, signs):
                found[subject.decode()] = None
                if len(found) > MOST:
                    return None
        # An escaped sign is written with such as these, and may look like what is looked for.
        return Found(list(found), kind in _CALLED and not any(sign.isascii() for sign in text))


def _having(held: FileIO, begin: int, end: int, wanted: str, signs: tuple[bytes, ...]) -> Iterator[bytes]:
    """Yield the subjects that have a name (of certain signs) with a text in it, between two offsets."""
    size = _READ
    search = _exactly if wanted.lower() == wanted.upper() else _in_any_case
    while begin < end:
        block = os.pread(held.fileno(), min(size, end - begin), begin)
        whole = block.rfind(b"\n") + 1
        if not whole:  # one line is longer
            size *= 2
            continue
        for line in search(block[:whole], wanted):
            subject, name = line.split(b"\t", 1)
            if name.startswith(signs):
                yield subject[1:-1]
        begin += whole


def _exactly(block: bytes, wanted: str) -> Iterator[bytes]:
    """Yield the lines with a text in the name."""
    sought = wanted.encode()
    at = block.find(sought)
    while at >= 0:
        begin = block.rfind(b"\n", 0, at) + 1
        tab = block.index(b"\t", begin)
        if at <= tab:  # in the IRI, which need not be a name
            at = block.find(sought, tab)
            continue
        end = block.index(b"\n", at)
        yield block[begin:end]
        at = block.find(sought, end)


def _in_any_case(block: bytes, wanted: str) -> Iterator[bytes]:
    """Yield the lines with a text in the name, in small or capital letters; some others, too."""
    lines = block.split(b"\n")
    small = block.decode().lower()
    number, counted = 0, 0
    at = small.find(wanted)
    while at >= 0:
        number += small.count("\n", counted, at)
        counted = end = small.index("\n", at)
        if wanted in lines[number].split(b"\t", 1)[1].decode().lower():
            yield lines[number]
        at = small.find(wanted, end)
