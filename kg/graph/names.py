"""Looks things up by a part of a name, in a file of all names that stands in a store's folder.

A store finds what begins with a term, not what contains a text: for that, it would have to look at every name
there is. The file holds the names as they follow each other in the graph, a line each: the thing's IRI in
angle brackets, a tab, a sign for the kind of name, and the literal in N-Triples syntax without its language.
"""

from __future__ import annotations

import os
import unicodedata
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

_PREFERRED_SIGN = _LABEL_SIGNS[1]
_CODE_SIGN = _SIGNS[nquads.iri(terms.gov("code")).encode()]
_FILE_SIGN = _SIGNS[nquads.iri(terms.gov("sourceFile")).encode()]
_TITLE_SIGN = _SIGNS[nquads.iri(DCTERMS + "title").encode()]

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
"""Kinds of which questions ask by a part of a label, and by nothing else.

What is meant by a place is told by :func:`_is_place`, and a text is a part of a quote, which is all that
passages are called. Of the other kinds, questions look again.
"""

MOST = 50_000
"""Of more things than these, a question is not asked one by one: there is little to save."""

_READ = 8 * 1024 * 1024  # bytes looked at at once
_UNCHANGED = frozenset(("Lo", "Nd", "Zs", "Ps", "Pe", "Pi", "Pf", "Po", "Pd"))
# Categories of signs that no other sign becomes when case is folded: such a text is looked for as it is.
_PROBES, _PROBED = 16, 64 * 1024  # parts of the file, and bytes of each, that tell how often a sign is used
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
    """The IRIs of things that a text may mean.

    ``exact`` where a question would find each of them meant; ``share``: how much of what is written about the
    names of all things of the kind is about these, from 0 to 1.
    """

    iris: list[str]
    exact: bool
    share: float = 0.0


Find = Callable[[str, str], Found | None]
"""Returns the things of a kind that have a name with a text in it, None where they are not known."""


def nothing(kind: str, text: str) -> Found | None:
    """Know of no names: whoever asks, looks at all."""
    return None


def of(folder: str | os.PathLike[str], base: str) -> Find:
    """Return what looks up the names of an output folder, whose identities begin with ``base``."""
    held = opened(folder, base)
    return held.find if held is not None else nothing


def opened(folder: str | os.PathLike[str], base: str) -> Names | None:
    """Return the names of an output folder, whose identities begin with ``base``; None where it has none.

    The file of this moment is kept, as an open store keeps its own, while the folder is built anew.
    """
    try:
        held = FileIO(os.path.join(folder, STORE, FILE))  # noqa: PTH118 - also of a text
    except FileNotFoundError:
        return None
    return Names(held, base)


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
        search, wanted = _search(text.lower(), text.lower() == text.upper(), str.lower)
        signs = _LABEL_SIGNS if kind in _CALLED else (b"",)
        found = dict.fromkeys([text]) if text.startswith(self._base) else {}
        written = about = 0
        for block in self._blocks(paths):
            written += len(block)
            for line in search(block):
                subject, name = line.split(b"\t", 1)
                if name.startswith(signs) and (kind != "place" or _is_place(name, text)):
                    found[thing(subject)] = None
                    about += len(line) + 1
                    if len(found) > MOST:
                        return None
        # An escaped sign is written with such as these, and may look like what is looked for.
        is_written = kind in _CALLED or kind == "text"
        exact = kind == "place" or (is_written and not any(sign.isascii() for sign in wanted))
        return Found(list(found), exact, about / written if written else 0.0)

    def having(self, kind: str, text: str) -> frozenset[str] | None:
        """Return the things of a kind that have a text in a label, a code, a title or the name of their file.

        Case does not count (``str.casefold``). Some more may be among them. None where they are not known, or
        more than :data:`MOST`.
        """
        paths = _PATHS.get(kind)
        if paths is None or not text:
            return None
        folded = text.casefold()
        search, _ = _search(folded, all(map(is_unchanged, folded)), str.casefold)
        found = set()
        for block in self._blocks(paths):
            for line in search(block):
                found.add(line.split(b"\t", 1)[0])
                if len(found) > MOST:
                    return None
        return frozenset(map(thing, found))

    def each(self, kind: str, characters: frozenset[str]) -> Iterator[tuple[str, str]] | None:
        """Return the things of a kind with each name that has one of some characters, both with case folded.

        None where they are not known.
        """
        paths = _PATHS.get(kind)
        return None if paths is None else self._each(paths, characters)

    def _each(self, paths: tuple[str, ...], characters: frozenset[str]) -> Iterator[tuple[str, str]]:
        is_plain = all(map(is_unchanged, characters))
        for block in self._blocks(paths):
            text = block.decode()
            lines = text.split("\n")[:-1]
            folded = lines if is_plain else text.casefold().split("\n")[:-1]
            for line, small in zip(lines, folded, strict=True):
                name = small[small.index("\t") + 3 : -1]
                if "\\" in name:
                    name = nquads.value(line[line.index("\t") + 2 :]).casefold()
                if not characters.isdisjoint(name):
                    yield line[1 : line.index(">")], name.casefold() if is_plain else name

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield all reports with the names of their files."""
        for block in self._blocks(_PATHS["report"]):
            for line in block.split(b"\n"):
                subject, _, name = line.partition(b"\t")
                if name.startswith(_FILE_SIGN):
                    yield thing(subject), nquads.value(name[1:].decode())

    def labels(self, signs: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield all things with each label or title that has one of some signs in it, or with all.

        Args:
            signs: characters; none ask for all labels and titles.

        """
        kinds = (*_LABEL_SIGNS, _TITLE_SIGN)
        sought = [nquads.text(sign)[1:-1] for sign in signs]
        for block in self._blocks(_THINGS):
            found = (
                {line for text in sought for line in _exactly(block, text)} if sought else block.split(b"\n")
            )
            for line in found:
                subject, _, name = line.partition(b"\t")
                if name.startswith(kinds):
                    yield thing(subject), nquads.value(name[1:].decode())

    def frequency(self, sign: str) -> int:
        """Return how often a sign stands in a part of the file: the same part for every sign."""
        wanted = nquads.text(sign)[1:-1].encode()
        size = os.fstat(self._held.fileno()).st_size
        return sum(
            os.pread(self._held.fileno(), _PROBED, size * part // _PROBES).count(wanted)
            for part in range(_PROBES)
        )

    def _blocks(self, paths: tuple[str, ...]) -> Iterator[bytes]:
        """Yield the lines about things whose identities begin with these paths, many at once."""
        lines = Lines(self._held)
        for path in paths:
            first = nquads.iri(self._base + path)[:-1].encode()
            begin, end = lines.find(first), lines.find(first + b"\xff")
            size = _READ
            while begin < end:
                block = os.pread(self._held.fileno(), min(size, end - begin), begin)
                whole = block.rfind(b"\n") + 1
                if not whole:  # one line is longer
                    size *= 2
                    continue
                yield block[:whole]
                begin += whole


def thing(subject: bytes) -> str:
    """Return the IRI that stands in angle brackets."""
    return subject[1:-1].decode()


def is_unchanged(sign: str) -> bool:
    """Tell whether a sign stays as it is, and no other becomes it, when case is folded."""
    return unicodedata.category(sign) in _UNCHANGED


def _is_place(name: bytes, text: str) -> bool:
    """Tell whether questions take a place to be meant: by a part of its label, an end of a name, its code."""
    sign, called = name[:1], nquads.value(name[1:].decode())
    if sign == _CODE_SIGN:
        return called == text
    return text in called if sign == _PREFERRED_SIGN else called.endswith(text)


def _search(
    text: str, exactly: bool, fold: Callable[[str], str]
) -> tuple[Callable[[bytes], Iterator[bytes]], str]:
    """Return what finds lines with a text in the name, as it is or folded, and the text as it is written."""
    written = nquads.text(text)[1:-1]
    if exactly:
        return lambda block: _exactly(block, written), written
    written = fold(written)  # escapes have letters, too
    return lambda block: _in_any_case(block, written, fold), written


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


def _in_any_case(block: bytes, wanted: str, fold: Callable[[str], str]) -> Iterator[bytes]:
    """Yield the lines with a text in the name, in small or capital letters; some others, too."""
    lines = block.split(b"\n")
    small = fold(block.decode())
    number, counted = 0, 0
    at = small.find(wanted)
    while at >= 0:
        number += small.count("\n", counted, at)
        counted = end = small.index("\n", at)
        if wanted in fold(lines[number].split(b"\t", 1)[1].decode()):
            yield lines[number]
        at = small.find(wanted, end)
