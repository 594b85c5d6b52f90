"""Segments -> passages: evidence quotes a sentence together with the short ones that belong to it."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Segment, Span

_SHORTEST = 60  # characters: a shorter sentence (二是完善制度。) is the label or the tail of its neighbour
_MOST = 3  # segments in one passage: a quote stays a sentence with what belongs to it, not a paragraph


def passages(segments: Sequence[Segment]) -> dict[Span, Span]:
    """Return the passage of each segment, by the segment's span.

    A short sentence is quoted together with the one after it in the same enumerated item, which it
    introduces (二是完善制度。印发《…》…), or with the one before it: the facts of both share a passage.
    """
    groups: list[list[Segment]] = []
    for segment in segments:
        last = groups[-1] if groups else []
        if last and _belong(last[-1], segment) and (_short(last) or _short([segment])) and len(last) < _MOST:
            last.append(segment)
        else:
            groups.append([segment])
    return {
        Span(segment.start, segment.end): Span(group[0].start, group[-1].end)
        for group in groups
        for segment in group
    }


def _short(group: Sequence[Segment]) -> bool:
    return group[-1].end - group[0].start <= _SHORTEST


def _belong(first: Segment, second: Segment) -> bool:
    return (first.paragraph, first.section, first.mode) == (second.paragraph, second.section, second.mode)
