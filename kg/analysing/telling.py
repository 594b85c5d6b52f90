"""What any analysis tells: sentences, tables and pictures whose parts know the words they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from kg.analysing.words import NOTHING, Text
from kg.graph.selection import DocumentView, EvidenceView


@dataclass(frozen=True, slots=True)
class Cell:
    """Something told, with the sentences that it rests on.

    ``mark`` says how it is shown: ``done``, ``planned``, ``none`` (nothing is told), ``thing``, "" for plain
    words. ``kind`` is the class of the thing that it names. ``share`` (0 to 1) is how long its bar is, -1
    for no bar. ``note`` are words in small print. ``link`` is the IRI of the thing that it leads to, and
    ``words`` are what to look for in its sentences where its own name does not stand in them.
    """

    text: Text
    evidence: tuple[EvidenceView, ...] = ()
    mark: str = ""
    kind: str = ""
    share: float = -1.0
    note: Text = NOTHING
    link: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. ``matrix``: the first column names things, the others say what holds of each."""

    key: str
    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text = NOTHING
    matrix: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of parts beside each other: each row is a name and (what, how many, number of the colour)."""

    key: str
    title: Text
    rows: tuple[tuple[Cell, tuple[tuple[Text, int, int], ...]], ...]
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Lanes:
    """A field of ``rows`` by ``columns`` with the cells that belong into each square."""

    key: str
    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, tuple[tuple[Cell, ...], ...]], ...]
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Branch:
    """A thing of a tree: ``phrase`` says how it belongs to the one above it."""

    cell: Cell
    phrase: Text = NOTHING
    below: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """Things below things."""

    key: str
    title: Text
    roots: tuple[Branch, ...]
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain, from the thing before it to ``to``: ``forward`` where the fact reads that way."""

    phrase: Cell
    forward: bool
    to: Cell


@dataclass(frozen=True, slots=True)
class Chain:
    """Things in a row, each joined to the next by a fact."""

    key: str
    title: Text
    first: Cell
    links: tuple[Link, ...]
    note: Text = NOTHING


Block = Table | Bars | Lanes | Tree | Chain


@dataclass(frozen=True, slots=True)
class Story:
    """All that a command tells.

    ``sentences`` say the most important first. ``columns`` and ``records`` are the same as flat rows for
    other programs. ``documents`` are the reports that the sentences stand in; ``names`` are
    what to look for in a sentence, where a cell's own name is not in it.
    """

    title: Text
    sentences: tuple[Cell, ...]
    blocks: tuple[Block, ...]
    columns: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    notes: tuple[Text, ...] = ()
    documents: tuple[DocumentView, ...] = ()
    names: tuple[str, ...] = ()
