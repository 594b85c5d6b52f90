"""Finds documents that say what another one says: mirrors, second downloads, other formats of one report.

Each document has a sketch: the least of its sentences' digests. How many of them two sketches share tells how
many of all their sentences two documents share (the MinHash of Broder, 1997), without comparing any texts.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Analysis

_NO_LETTERS = re.compile(r"[\W_]+")
_DIGITS = 12
_SIZE = 24  # digests in a sketch: the share is told within about a twelfth
_LEAST = 8  # a document of fewer sentences is not compared: a form is no copy of another
_SENTENCE = 12  # characters of a sentence that tells documents apart
_KEYS = 8  # of a sketch, by which others like it are looked for
_NEAR = 2  # of these keys that two share, to be compared: of two that are alike, one pair in 10,000 does not
_COMMON = 50  # documents that have a sentence, from which on it is a phrase of the genre
SHARE = 0.8
"""Of their sentences, from which on one document repeats another."""


def sketch(analysis: Analysis) -> str:
    """Return the sketch of a document, "" where it is too short to have one."""
    text = analysis.document.text
    found = set()
    for segment in analysis.segments:
        if segment.kind != "sentence":
            continue
        letters = _NO_LETTERS.sub("", text[segment.start : segment.end])
        if len(letters) >= _SENTENCE:
            found.add(hashlib.sha256(letters.encode()).hexdigest()[:_DIGITS])
    return "".join(sorted(found)[:_SIZE]) if len(found) >= _LEAST else ""


def repeats(sketches: Callable[[], Iterable[tuple[str, str]]]) -> list[dict[str, object]]:
    """Return which documents repeat which: each with the first, by name, of those like it.

    Each has ``source``, ``of`` and ``share``: how many of their sentences the two have in common.
    ``sketches`` gives the documents' names and sketches, by name; it is called twice, so that only what
    several documents share is ever in memory.
    """
    shared = _in_several(sketches())
    known: dict[str, list[tuple[str, str]]] = defaultdict(list)
    told: list[dict[str, object]] = []
    for source, own in sketches():
        keys = [key for key in list(_digests(own))[:_KEYS] if int(key, 16) in shared]
        # Some of the first digests are enough to look at another; all of them decide.
        counted = Counter(other for key in keys for other in known[key] if len(known[key]) <= _COMMON)
        near = [other for other, number in counted.items() if number >= _NEAR]
        likest = max(near, key=lambda other: (_shared(own, other[1]), other[0]), default=None)
        share = _shared(own, likest[1]) if likest else 0.0
        if likest and share >= SHARE:
            told.append({"source": source, "of": likest[0], "share": round(share, 2)})
            continue
        for key in keys:
            if len(known[key]) <= _COMMON:
                known[key].append((source, own))
    return told


def _in_several(sketches: Iterable[tuple[str, str]]) -> set[int]:
    """Return the digests that several documents are looked for by."""
    found = array("Q")
    for _, own in sketches:
        found.extend(int(key, 16) for key in list(_digests(own))[:_KEYS])
    ordered = sorted(found)
    return {one for one, next_ in itertools.pairwise(ordered) if one == next_}


def _digests(text: str) -> Iterator[str]:
    return (text[at : at + _DIGITS] for at in range(0, len(text), _DIGITS))


def _shared(one: str, other: str) -> float:
    """Return which share of the least digests of both are in each."""
    first, second = set(_digests(one)), set(_digests(other))
    least = sorted(first | second)[: min(len(first), len(second))]
    return sum(digest in first and digest in second for digest in least) / len(least)
