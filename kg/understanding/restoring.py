"""Leads an analysis back from the text that was read to the text as written, where the two differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from kg.model import Analysis, Decided, Document, Fact, Field, Region, Segment, Span, Unsure, Written

_Placed = TypeVar("_Placed", Decided, Field, Unsure)


def restored(analysis: Analysis) -> Analysis:
    """Return an analysis whose text is the one that its file has, and whose offsets count in that.

    Names, values and surfaces stay as they were read.
    """
    written = analysis.document.written
    if written is None:
        return analysis

    known: dict[Span, Span] = {}  # most spans are passages, which many share

    def moved(span: Span) -> Span:
        place = known.get(span)
        if place is None:
            place = known[span] = Span(*written.span(span.start, span.end))
        return place

    return replace(
        analysis,
        document=_document(analysis.document, written),
        segments=tuple(_segment(segment, written) for segment in analysis.segments),
        mentions=tuple((thing, *written.span(start, end)) for thing, start, end in analysis.mentions),
        facts=tuple(
            Fact(
                one.subject, one.predicate, one.object, tuple(map(moved, one.passages)), one.rule, one.planned
            )
            for one in analysis.facts
        ),
        observations=tuple(
            replace(seen, passage=moved(seen.passage), number=moved(seen.number))
            for seen in analysis.observations
        ),
        unsure=tuple(_moved(item, written) for item in analysis.unsure),
        decided=tuple(_moved(item, written) for item in analysis.decided),
        conflicts=tuple(
            replace(item, passages=(moved(item.passages[0]), moved(item.passages[1])))
            for item in analysis.conflicts
        ),
    )


def _document(document: Document, written: Written) -> Document:
    begins = [0, *(written.span(region.start, region.end)[0] for region in document.regions[1:])]
    ends = [*begins[1:], len(written.text)]
    regions = zip(begins, ends, document.regions, strict=True)
    return replace(
        document,
        text=written.text,
        regions=tuple(Region(begin, end, region.role) for begin, end, region in regions),
        fields=tuple(_moved(field, written) for field in document.fields),
        written=None,
    )


def _segment(segment: Segment, written: Written) -> Segment:
    start, end = written.span(segment.start, segment.end)
    clauses = tuple(Span(*written.span(clause.start, clause.end)) for clause in segment.clauses)
    return replace(segment, start=start, end=end, clauses=clauses)


def _moved(item: _Placed, written: Written) -> _Placed:
    start, end = written.span(item.start, item.end)
    return replace(item, start=start, end=end)
