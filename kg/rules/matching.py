"""One pass over a text for very many words (Aho-Corasick, ahocorasick_rs), and the words that end a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import ahocorasick_rs

Found = tuple[int, int, str]
"""Where a word starts and ends, and the word."""


class WordFinder:
    """Finds the words of a list in a text, leftmost first and longest at each place, never overlapping."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(sorted(set(words)))

    @cached_property  # many lists are never asked: their words are watched for first (kg/rules/watching.py)
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self.words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[Found]:
        """Yield (start, end, word) in text order."""
        if not self.words:
            return
        words = self.words
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            yield start, end, words[index]


class OverlapFinder:
    """Finds every occurrence of the words of a list, those that overlap as well."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(sorted(set(words)))

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self.words)

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return (index of the word, start, end), in the order of the ends."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True) if self.words else []


def leftmost_longest(found: Iterable[Found]) -> Iterator[Found]:
    """Yield what a :class:`WordFinder` would find, of all occurrences sorted by start, longest first.

    >>> list(leftmost_longest([(0, 3, "abc"), (0, 2, "ab"), (2, 4, "cd"), (3, 4, "d")]))
    [(0, 3, 'abc'), (3, 4, 'd')]
    """
    position = -1
    for item in found:
        if item[0] >= position:
            position = item[1]
            yield item


def within(found: Sequence[Found], starts: Sequence[int], start: int, end: int) -> list[Found]:
    """Return the occurrences that lie in ``[start, end)``; ``starts`` has where each of them begins."""
    first = bisect_left(starts, start)
    if first == len(starts) or starts[first] >= end:
        return []
    return [item for item in found[first : bisect_left(starts, end, first)] if item[1] <= end]


def overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Say whether ``[start, end)`` shares a character with one of the spans."""
    for first, last in spans:  # noqa: SIM110 - asked for every name; any() would make a generator each time
        if first < end and start < last:
            return True
    return False


def alternation(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of any of the words, the longest where several begin at one place."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


class Beginnings:
    """Finds the longest word of a list that begins at a place, trying only lengths that its beginning has."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._prefix = min(2, *map(len, self._words), 2)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[: self._prefix], set()).add(len(word))
        self._lengths = {prefix: sorted(found, reverse=True) for prefix, found in lengths.items()}

    def longest(self, text: str, at: int, end: int) -> str:
        """Return the longest word that ``text[at:end]`` begins with, "" if none does.

        >>> Beginnings(["plan", "planning"]).longest("no planning", 3, 11)
        'planning'
        """
        for length in self._lengths.get(text[at : at + self._prefix], ()):
            word = text[at : at + length]
            if word in self._words and at + length <= end:
                return word
        return ""


class Endings:
    """Finds the longest word of a list that ends a text, by hash instead of by asking each word."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths = sorted(set(map(len, self._words)), reverse=True)
        self._last = frozenset(word[-1:] for word in self._words)

    def last_end(self, text: str) -> int:
        """Return where the last of the words in ``text`` ends, 0 where it has none.

        >>> Endings(["plan", "work plan"]).last_end("two plans")
        8
        """
        for end in range(len(text), 0, -1):
            if text[end - 1] in self._last and self.longest(text[:end]):
                return end
        return 0

    def longest(self, text: str) -> str:
        """Return the longest word that ends ``text``, "" if none does.

        >>> Endings(["plan", "work plan"]).longest("a work plan")
        'work plan'
        """
        words = self._words
        for length in self._lengths:
            ending = text[-length:]
            if ending in words:
                return ending
        return ""
