"""One pass over a text for very many words: leftmost-longest, by Aho-Corasick (ahocorasick_rs)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import ahocorasick_rs


class WordFinder:
    """Finds the words of a list in a text, leftmost first and longest at each place, never overlapping."""

    __slots__ = ("_automaton", "words")

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(sorted(set(words)))
        self._automaton = (
            ahocorasick_rs.AhoCorasick(self.words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
            if self.words
            else None
        )

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, word) in text order."""
        if self._automaton is None:
            return
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            yield start, end, self.words[index]
