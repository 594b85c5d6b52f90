"""Watching for words in one pass over a text: nothing that a pattern or a list finds is overlooked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import rules
from kg.reading import read
from kg.resolving.home import locate
from kg.rules.matching import (
    Beginnings,
    Endings,
    OverlapFinder,
    WordFinder,
    alternation,
    leftmost_longest,
    within,
)
from kg.rules.needles import Openings, Scarce, hastened, needles, spaced, text_ends
from kg.rules.watching import WATCHED, Watch, bit
from kg.segmenting import segment

CORPUS = Path(__file__).parents[1] / "corpus"
TRICKY = (
    "(?:ab|cd)e?f",
    "a(?:b|)c",
    "(?:a|b)+c{2}",
    "(?:ab?|cd*)(?:e|fg)[hi]",
    "x*(?:ab|ac|bd)y{0,2}z",
    "(?P<list>[a-c]{2}(?:,[a-c]{2})+)(?:and)?(?:so|on)",
    "(?=a)ab(?!c)",
    "(?:a|(?:b|c)d)(?:e|f)",
    "^(?:first|last)$",
    "a|b*",
)
WORDS = st.lists(st.text("甲乙丙丁", min_size=1, max_size=4), min_size=1, max_size=12)
TEXTS = st.text("甲乙丙丁戊", max_size=30)


@pytest.mark.parametrize("pattern", TRICKY)
@given(data=st.data())
def test_every_match_holds_a_needle(pattern: str, data: st.DataObject) -> None:
    compiled = re.compile(pattern)
    found = needles(compiled)
    match = compiled.search(data.draw(st.from_regex(compiled)))
    assert match and (found is None or any(word in match.group() for word in found))


@pytest.mark.parametrize("pattern", TRICKY)
@given(text=st.text("abcdefghixyz,", max_size=20))
def test_a_hastened_pattern_finds_the_same(pattern: str, text: str) -> None:
    found = [match.span() for match in re.finditer(pattern, text)]
    assert [match.span() for match in hastened(pattern).finditer(text)] == found


@pytest.mark.parametrize("text", ["ab", "bb", "", "c", "x b", "fd", "ea"])
def test_openings_find_what_one_of_the_patterns_finds(text: str) -> None:
    patterns = [re.compile(pattern) for pattern in (*TRICKY, "[^a]b", r"\w b")]
    found = Openings(patterns).match(text)
    assert (found and found.span()) == next((m.span() for p in patterns if (m := p.match(text))), None)


@pytest.mark.parametrize("pattern", TRICKY)
@given(text=st.text("abcdefghixyz,", max_size=20))
def test_a_scarce_pattern_finds_the_same(pattern: str, text: str) -> None:
    compiled = re.compile(pattern)
    found, same = compiled.search(text), Scarce(compiled).search(text)
    assert (found and found.span()) == (same and same.span())


@pytest.mark.parametrize("pattern", ["ab?$", "(?:[a-c]x?|d\\s?)$", "(?:a$|(?:bc?|d[ef])$)", "(?<!a)b-?$"])
@given(data=st.data())
def test_a_match_at_the_end_ends_as_known(pattern: str, data: st.DataObject) -> None:
    compiled = re.compile(pattern)
    ends = text_ends(compiled)
    assert ends and data.draw(st.from_regex(compiled))[-1] in ends


@pytest.mark.parametrize("pattern", ["ab", "b?c*$", "a$|b", "\\w$", "[^a]$", "$"])
def test_what_a_text_ends_with_is_not_always_known(pattern: str) -> None:
    assert text_ends(re.compile(pattern)) is None


@pytest.mark.parametrize("pattern", ["a\\s+b", "(?:a\\s|\\sb)c", "(?P<rest>\\s{2,}\\S)$"])
@given(data=st.data())
def test_a_spaced_pattern_matches_only_what_holds_white_space(pattern: str, data: st.DataObject) -> None:
    compiled = re.compile(pattern)
    match = compiled.search(data.draw(st.from_regex(compiled)))
    assert spaced(compiled) and match and any(sign.isspace() for sign in match.group())


@pytest.mark.parametrize("pattern", ["a\\s*b", "(?:a\\s|b)c", "[\\s,]b", "(?=\\s)?ab"])
def test_a_pattern_that_can_do_without_white_space_is_not_spaced(pattern: str) -> None:
    assert not spaced(re.compile(pattern))


def test_a_pattern_that_can_match_nothing_or_anything_has_no_needles() -> None:
    assert [needles(re.compile(pattern)) for pattern in ("a*", "a|", ".+", "[a-z]", "(?i:a)b*")] == [None] * 5


def test_flags_leave_no_needles() -> None:
    assert needles(re.compile("abc", re.IGNORECASE)) is None


def test_a_pattern_without_needles_is_always_tried() -> None:
    watch = Watch({WATCHED[0]: [re.compile("[a-z]+")], WATCHED[1]: [re.compile("abc")]})
    assert watch.scan("").within(0, 0) == bit(WATCHED[0])
    assert watch.scan("xabcx").within(0, 5) == bit(*WATCHED[:2])


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_what_is_found_in_a_sentence_was_seen_there(path: Path) -> None:
    loaded = rules.load()
    document = read(path.read_bytes(), path.name)
    seen = loaded.watch.scan(document.text)
    for name in WATCHED:
        family, _, own = name.partition(".")
        for sought in (
            [pattern for pattern, _ in loaded.institutions.pairs]
            if own == "pairs"
            else [getattr(loaded, family).patterns.get(own) or getattr(getattr(loaded, family), own)]
        ):
            for part in segment(document, loaded.structure):
                there = document.text[part.start : part.end]
                finds = (
                    any(sought.find(there))
                    if isinstance(sought, WordFinder | OverlapFinder)
                    else sought.search(document.text, part.start, part.end)
                )
                assert not finds or seen.within(part.start, part.end) & bit(name), (name, there)


def test_occurrences_are_those_of_the_words_behind_a_bit() -> None:
    watch = Watch({WATCHED[0]: [OverlapFinder(["ab", "bc"])], WATCHED[1]: [WordFinder(["bc", "c"])]})
    seen = watch.scan("xabc")
    assert seen.occurrences(bit(WATCHED[0])) == [(1, 3, "ab"), (2, 4, "bc")]
    assert sorted(seen.occurrences(bit(WATCHED[1]))) == [(2, 4, "bc"), (3, 4, "c")]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_home_is_the_same_from_one_pass_and_from_its_own(path: Path) -> None:
    loaded = rules.load()
    document = read(path.read_bytes(), path.name)
    known = loaded.places, loaded.institutions.is_national
    assert locate(document, *known, loaded.watch.scan(document.text)) == locate(document, *known)


@given(WORDS, TEXTS)
def test_all_occurrences_give_what_a_finder_finds_in_any_stretch(words: list[str], text: str) -> None:
    finder = OverlapFinder(words)
    every = sorted(
        ((start, end, finder.words[index]) for index, start, end in finder.find(text)),
        key=lambda found: (found[0], -found[1]),
    )
    starts = [start for start, _, _ in every]
    for first in range(len(text) + 1):
        there = within(every, starts, first, len(text))
        whole = [
            (start + first, end + first, word) for start, end, word in WordFinder(words).find(text[first:])
        ]
        assert list(leftmost_longest(there)) == whole


@given(WORDS, TEXTS, st.integers(0, 30))
def test_the_longest_beginning_and_ending_are_found(words: list[str], text: str, at: int) -> None:
    begins = [word for word in words if text.startswith(word, at) and at + len(word) <= len(text)]
    ends = [word for word in words if text.endswith(word)]
    assert Beginnings(words).longest(text, at, len(text)) == max(begins, key=len, default="")
    assert Endings(words).longest(text) == max(ends, key=len, default="")


@given(WORDS, TEXTS)
def test_an_alternation_takes_the_longest(words: list[str], text: str) -> None:
    match = alternation(words).match(text)
    assert (match.group() if match else "") == Beginnings(words).longest(text, 0, len(text))


def test_no_words_are_nowhere() -> None:
    assert not Beginnings([]).longest("甲", 0, 1)
    assert not Endings([]).longest("甲")
    assert not alternation([]).search("甲")
    assert not OverlapFinder([]).find("甲")
