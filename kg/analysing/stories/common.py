"""What stories share: names of things as cells, years and lists in words, flat rows of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.analysing.network import Thing
from kg.analysing.telling import Cell
from kg.analysing.words import Text, joined, listed, same, say
from kg.graph.selection import DocumentView, EvidenceView

NAMED = 5
"""How many things a sentence names before it only counts the rest."""
QUOTED = 12
"""How many sentences stand behind a cell that sums up many facts."""

SOURCE = ("source", "start", "end", "quote")
"""Columns of flat rows for where a sentence stands and what it says."""


def name(thing: Thing, evidence: Iterable[EvidenceView] = ()) -> Cell:
    """Return a cell that names a thing."""
    return Cell(same(thing.label), tuple(evidence), mark="thing", kind=thing.kind)


def some(evidence: Iterable[EvidenceView], most: int = QUOTED) -> tuple[EvidenceView, ...]:
    """Return the first sentences, each once."""
    return tuple(dict.fromkeys(evidence))[:most]


def names(labels: Iterable[str | Text], most: int = NAMED) -> Text:
    """Return a list in words of as many names as a sentence bears."""
    return listed(labels, most=most)


def years(told: Sequence[str]) -> Text:
    """Return years in words: a run as its first and last, others one by one.

    >>> years(("2021", "2022", "2023")).en, years(("2018", "2022")).en
    ('2021–2023', '2018, 2022')
    """
    runs: list[list[str]] = []
    for year in told:
        if runs and year.isdecimal() and runs[-1][-1].isdecimal() and int(year) == int(runs[-1][-1]) + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return joined(
        "list-comma", [same(run[0] if len(run) == 1 else f"{run[0]}\u2013{run[-1]}") for run in runs]
    )


def dotted(*texts: Text) -> Text:
    """Return texts side by side, apart, without those that say nothing."""
    return joined("list-dot", texts)


def sourced(
    documents: Mapping[str, DocumentView], evidence: Sequence[EvidenceView]
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of :data:`SOURCE` for each sentence, or empty ones where there is none."""
    for said in evidence:
        document = documents.get(said.document)
        source = document.source if document else said.document
        yield (source, str(said.start), str(said.end), said.quote)
    if not evidence:
        yield ("",) * len(SOURCE)


def ended(*sentences: Text) -> Text:
    """Return parts of a sentence as one, with a capital and a full stop."""
    said = say("sentence", said=joined("semicolon", sentences))
    return Text(said.zh, said.en[:1].upper() + said.en[1:])
