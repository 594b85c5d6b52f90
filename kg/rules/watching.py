"""One pass over a whole text that tells which patterns and word lists can match in which of its sentences.

Most sentences have none of the words that a recogniser looks for, and asking each of its patterns costs more
than all else. What a pattern cannot do without follows from the pattern itself (:mod:`kg.rules.needles`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from kg.rules.matching import Found, OverlapFinder, WordFinder
from kg.rules.needles import needles

WATCHED = (
    "documents.articles",
    "documents.articles_open",
    "documents.numbered_plan",
    "documents.issue_verb",
    "documents.its_document",
    "documents.also_document",
    "documents.bare",
    "honours.trigger",
    "honours.names",
    "places.relative",
    "places.bare_levels",
    "places.labels",
    "institutions.coordinated",
    "institutions.courts_of",
    "institutions.unit_anchor",
    "institutions.same_level",
    "institutions.next_level",
    "institutions.stem_list",
    "institutions.sub_office",
    "institutions.national_named",
    "institutions.coordinating",
    "institutions.quoted_body",
    "institutions.trigger",
    "institutions.party_prefix",
    "institutions.pairs",
    "institutions.named_words",
    "institutions.bare_words",
    "institutions.central_words",
    "initiatives.quoted",
    "initiatives.shared_head",
    "initiatives.measures",
    "initiatives.channels",
    "initiatives.enrolled",
    "initiatives.subject",
    "initiatives.compound_verb",
    "initiatives.bare",
)
"""Pattern or list of words by family and name: each has a bit."""

ALL = -1
"""All bits: nothing is known of the text, so that everything has to be tried."""

Wanted = re.Pattern[str] | WordFinder | OverlapFinder


def bit(*names: str) -> int:
    """Return the bits of what is watched under these names."""
    return sum(1 << WATCHED.index(name) for name in names)


class Seen:
    """What one pass over a text has seen where."""

    __slots__ = ("_always", "_ends", "_hits", "_masks", "_words")

    def __init__(
        self, hits: list[tuple[int, int, int]], words: Sequence[str], masks: list[int], always: int
    ) -> None:
        self._hits = hits
        self._ends = [end for _, _, end in hits]
        self._words = words
        self._masks = masks
        self._always = always

    def occurrences(self, wanted: int) -> list[Found]:
        """Return where words behind some bits stand, those inside and across others too, by their ends."""
        masks, words = self._masks, self._words
        return [(start, end, words[index]) for index, start, end in self._hits if masks[index] & wanted]

    def within(self, start: int, end: int) -> int:
        """Return the bits of what can match in ``[start, end)``; what has no bit there has no match."""
        seen, masks = self._always, self._masks
        first = bisect_right(self._ends, start)
        last = bisect_right(self._ends, end, first)
        for index, begin, _ in self._hits[first:last]:
            if begin >= start:
                seen |= masks[index]
        return seen


class Watch:
    """The words of everything that is watched; ``wanted`` holds the patterns and lists behind each name."""

    def __init__(self, wanted: Mapping[str, Iterable[Wanted]]) -> None:
        found: dict[str, int] = {}
        self._always = 0
        for name, items in wanted.items():
            own = bit(name)
            for item in items:
                words = needles(item) if isinstance(item, re.Pattern) else item.words
                if words is None:
                    self._always |= own
                for word in words or ():
                    found[word] = found.get(word, 0) | own
        self._finder = OverlapFinder(found)
        self._masks = [found[word] for word in self._finder.words]

    def scan(self, text: str) -> Seen:
        """Return what can be found where in ``text``."""
        return Seen(self._finder.find(text), self._finder.words, self._masks, self._always)
