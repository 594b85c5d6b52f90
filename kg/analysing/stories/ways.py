"""Tells how two things hang together: each way in a sentence, then step by step with the words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg.analysing.paths import Move, Stop, Way, Ways
from kg.analysing.stories.common import SOURCE, ended, names, some, sourced
from kg.analysing.telling import Cell, Chain, Link, Story
from kg.analysing.words import NOTHING, Text, joined, phrase, plan, say


def tell(found: Ways) -> Story:
    """Return the ways between two things as sentences, chains and flat rows."""
    ends = {"start": found.start.label, "end": found.end.label}
    sentences = (
        [Cell(say("pth-none", **ends))] if not found.ways else [_sum(found), *map(_sentence, found.ways)]
    )
    return Story(
        title=say("pth-title", **ends),
        sentences=tuple(sentences),
        blocks=tuple(_chain(way, at) for at, way in enumerate(found.ways, 1)),
        columns=("way", "step", "subject", "predicate", "object", "status", *SOURCE),
        records=tuple(_records(found)),
        notes=(say("pth-note"),),
        documents=found.documents,
    )


def _sum(found: Ways) -> Cell:
    between = [stop for way in found.ways for stop in way.stops[1:-1] if stop.kind != "Institution"]
    evidence = some(e for way in found.ways for move in way.moves for e in move.evidence[:1])
    if not between:
        return Cell(ended(say("pth-direct", n=len(found.ways))), evidence)
    labels = list(dict.fromkeys(stop.label for stop in between))
    return Cell(ended(say("pth-over", n=len(found.ways), things=names(labels))), evidence)


def _sentence(way: Way) -> Cell:
    steps = [
        _step(one, move, other) for (one, other), move in zip(pairwise(way.stops), way.moves, strict=True)
    ]
    return Cell(ended(joined("semicolon", steps)), some(e for move in way.moves for e in move.evidence[:1]))


def _step(one: Stop, move: Move, other: Stop) -> Text:
    subject, obj = (one, other) if move.forward else (other, one)
    return say("pth-step", subject=subject.label, phrase=_phrase(move), object=obj.label)


def _phrase(move: Move) -> Text:
    return plan(move.predicate) if move.planned else phrase(move.predicate)


def _chain(way: Way, at: int) -> Chain:
    first, *others = way.stops
    links = tuple(
        Link(
            Cell(
                _phrase(move),
                move.evidence,
                mark="planned" if move.planned else "done" if move.evidence else "none",
                note=NOTHING if move.evidence else say("pth-known"),
            ),
            move.forward,
            _named(stop, last=stop is others[-1]),
        )
        for move, stop in zip(way.moves, others, strict=True)
    )
    return Chain(f"way-{at}", say("pth-way", n=at, steps=len(links)), _named(first, last=True), links)


def _named(stop: Stop, *, last: bool) -> Cell:
    note = NOTHING if last else say("pth-joins", n=stop.joins)
    return Cell(Text(stop.label, stop.label), mark="thing", kind=stop.kind, note=note)


def _records(found: Ways) -> Iterator[tuple[str, ...]]:
    documents = {document.iri: document for document in found.documents}
    for number, way in enumerate(found.ways, 1):
        for at, ((one, other), move) in enumerate(zip(pairwise(way.stops), way.moves, strict=True), 1):
            subject, obj = (one, other) if move.forward else (other, one)
            status = "planned" if move.planned else "done" if move.evidence else "reference"
            for source in sourced(documents, move.evidence):
                yield (str(number), str(at), subject.label, move.predicate, obj.label, status, *source)
