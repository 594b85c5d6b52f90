"""What a pattern cannot do without: words of which a match has one, characters that it begins with.

Both follow from the pattern itself, so that a row of a table needs to say nothing of them.
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable
from itertools import product
from typing import Any

_MOST_WORDS = 400  # of one pattern: more would cost more to look for than the pattern costs to try

# Python's own parser of patterns, which has no public name; without it nothing is known of any pattern.
try:
    _parser: Any = importlib.import_module("re._parser")
except ImportError:  # pragma: no cover
    _parser = None

_SPACE = "CATEGORY_SPACE"
_FEW_SIGNS = 4  # more would cost more to look for than they save
_FEW_IN_RANGE = 64
_LAST_WHITE = 0x3000  # the ideographic space: none comes after it
_WHITE = frozenset(sign for sign in map(chr, range(_LAST_WHITE + 1)) if sign.isspace())
_Words = frozenset[str]
_EMPTY = frozenset({""})


def needles(pattern: re.Pattern[str]) -> _Words | None:
    """Return words of which every match has at least one, None where there are no such words.

    What lies before or behind a match counts for nothing, so that words lie within it.

    >>> sorted(needles(re.compile("(?:set up|found)(?:ed)? [a-z]+ (?:offices?|bureau)")))
    [' bureau', ' office']
    >>> needles(re.compile("[a-z]+")) is None
    True
    """
    if _parser is None or pattern.flags & ~re.UNICODE:
        return None
    _, best = _read(_parser.parse(pattern.pattern))
    if best is None:
        return None
    # A word that holds another of them says nothing that the other does not say.
    return frozenset(word for word in best if not any(other in word for other in best - {word}))


def hastened(pattern: str) -> re.Pattern[str]:
    """Return a compiled pattern that asks a place's character first, where only few can begin a match.

    A pattern of many alternatives, or one that first looks behind itself, tries them all at every place.

    >>> hastened("(?:(?<=a)b|cd)e?").pattern
    '(?=[bc])(?:(?:(?<=a)b|cd)e?)'
    """
    first = _beginning(pattern)
    if first is None:
        return re.compile(pattern)
    characters = "".join(map(re.escape, sorted(first)))
    inner = pattern if "|" not in pattern else f"(?:{pattern})"
    return re.compile(f"(?=[{characters}]){inner}")


class Scarce:
    """A pattern that is only searched for in texts with a character that it cannot do without."""

    __slots__ = ("_signs", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self._signs = signs(pattern)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place where the pattern matches in a text."""
        for sign in self._signs:
            if sign in text:
                return self.pattern.search(text)
        return None if self._signs else self.pattern.search(text)


def signs(pattern: re.Pattern[str]) -> str:
    """Return few characters of which every match has at least one, "" where they are not few.

    >>> signs(re.compile("will (?:do|make)|shall"))
    'l'
    """
    words = needles(pattern) or frozenset()
    found = ""
    while words and len(found) < _FEW_SIGNS:
        held = Counter(sign for word in words for sign in set(word))
        found += min(held, key=lambda sign: (-held[sign], sign))
        words = frozenset(word for word in words if found[-1] not in word)
    return "" if words else found


def text_ends(pattern: re.Pattern[str]) -> _Words | None:
    """Return the characters of which a text must have one at its end, None where they are not known.

    >>> sorted(text_ends(re.compile("(?:No[.]?$|(?:a|b)c$)")))
    ['\\n', '.', 'c', 'o']
    """
    if _parser is None or pattern.flags & ~re.UNICODE:
        return None
    return _ends(_parser.parse(pattern.pattern))


def _ends(items: Any) -> _Words | None:
    if not len(items):
        return None
    *inner, (kind, value) = items
    if str(kind) == "SUBPATTERN":
        return _ends(value[3])
    if str(kind) == "BRANCH":
        found = [_ends(branch) for branch in value[1]]
        return frozenset().union(*(some for some in found if some)) if None not in found else None
    last = _first(reversed(inner), turned=True) if str(value) == "AT_END" else None
    return last | {"\n"} if last and "" not in last else None  # the end is also right before a line feed


class Openings:
    """Patterns that are tried where a text begins, each only where the first character lets it match."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        known = [(pattern, _beginnings(pattern)) for pattern in patterns]
        self._others = tuple(pattern for pattern, first in known if first is None)
        signs = {sign for _, first in known for sign in first or ()}
        self._by_sign = {
            sign: tuple(pattern for pattern, first in known if first is None or sign in first)
            for sign in signs
        }

    def match(self, text: str) -> re.Match[str] | None:
        """Return how a text begins with the first of the patterns that it begins with.

        >>> Openings(map(re.compile, ["ab?c", "[a-z]+", "b"])).match("ac")
        <re.Match object; span=(0, 2), match='ac'>
        """
        for pattern in self._by_sign.get(text[:1], self._others):
            if found := pattern.match(text):
                return found
        return None


def _beginnings(pattern: re.Pattern[str]) -> _Words | None:
    """Return the characters that a match can begin with, None where they are many or there need be none."""
    return _beginning(pattern.pattern, pattern.flags)


def _beginning(pattern: str, flags: int = 0) -> _Words | None:
    if _parser is None:
        return None
    parsed = _parser.parse(pattern, flags)
    first = None if parsed.state.flags & ~re.UNICODE else _first(parsed)
    return first if first and "" not in first else None


def spaced(pattern: re.Pattern[str]) -> bool:
    r"""Say whether every match of a pattern holds white space.

    >>> spaced(re.compile(r"end\s{2,}[a-z]")), spaced(re.compile(r"end\s*[a-z]"))
    (True, False)
    """
    return _parser is not None and _is_spaced(_parser.parse(pattern.pattern))


def _is_spaced(items: Any) -> bool:
    for item in items:
        kind, value = str(item[0]), item[1]
        if (
            (kind == "IN" and all(str(one) == "CATEGORY" and str(is_) == _SPACE for one, is_ in value))
            or (kind == "SUBPATTERN" and _is_spaced(value[3]))
            or (kind == "BRANCH" and all(map(_is_spaced, value[1])))
            or (kind.endswith("_REPEAT") and value[0] and _is_spaced(value[2]))
        ):
            return True
    return False


def _first(items: Any, *, turned: bool = False) -> _Words | None:
    """Return the characters that what a sequence matches can begin with, "" among them if it can be empty.

    ``turned`` sequences are read from behind: what they can end with.
    """
    found: set[str] = set()
    for kind, value in items:
        some = _first_of(str(kind), value, turned=turned)
        if some is None:
            return None
        found |= some - _EMPTY
        if "" not in some:
            return frozenset(found)
    return frozenset(found) | _EMPTY


def _first_of(kind: str, value: Any, *, turned: bool) -> _Words | None:
    if kind == "IN":
        return _any_of(value)
    if kind in ("LITERAL", "ASSERT", "ASSERT_NOT", "AT"):
        return _item((kind, value))[0]
    if kind == "SUBPATTERN":
        return None if value[1] or value[2] else _first(_read_from(value[3], turned), turned=turned)
    if kind == "BRANCH":
        found = [_first(_read_from(branch, turned), turned=turned) for branch in value[1]]
        return frozenset().union(*(some for some in found if some)) if None not in found else None
    if kind.endswith("_REPEAT"):
        inner = _first(_read_from(value[2], turned), turned=turned)
        return inner | _EMPTY if inner is not None and not value[0] else inner
    return None


def _read_from(items: Any, turned: bool) -> Any:
    return list(items)[::-1] if turned else items


def _any_of(members: Any) -> _Words | None:
    """Return all characters of a class of few."""
    found: set[str] = set()
    for kind, value in members:
        if str(kind) == "LITERAL":
            found.add(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] < _FEW_IN_RANGE:
            found.update(map(chr, range(value[0], value[1] + 1)))
        elif str(kind) == "CATEGORY" and str(value) == _SPACE:
            found.update(_WHITE)
        else:
            return None
    return frozenset(found)


def _read(items: Any) -> tuple[_Words | None, _Words | None]:
    """Return all that a sequence can match, where that is few words, and the best needles of it."""
    run: _Words = _EMPTY  # all that the items since the last open one can match
    whole = True
    best: _Words | None = None
    for item in items:
        exact, inner = _item(item)
        joined = _joined(run, exact) if exact is not None else None
        if joined is not None:
            run = joined
            continue
        best = _better(_better(best, run), inner)
        whole = False
        run = exact if exact is not None else _EMPTY
    best = _better(best, run)
    return (run if whole else None), best


def _joined(first: _Words, second: _Words) -> _Words | None:
    if len(first) * len(second) > _MOST_WORDS:
        return None
    return frozenset(a + b for a, b in product(first, second))


def _better(first: _Words | None, second: _Words | None) -> _Words | None:
    """Return the words that fewer texts have: the longer ones, or else the fewer."""
    usable = [words for words in (first, second) if words and "" not in words]
    return max(usable, key=lambda words: (min(map(len, words)), -len(words), sorted(words)), default=None)


def _item(item: Any) -> tuple[_Words | None, _Words | None]:  # noqa: PLR0911 - one return for each kind
    kind, value = str(item[0]), item[1]
    if kind == "LITERAL":
        words = frozenset({chr(value)})
        return words, words
    if kind == "IN":
        return _one_of(value)
    if kind in ("ASSERT", "ASSERT_NOT", "AT"):
        return _EMPTY, None
    if kind == "SUBPATTERN":
        _, added, dropped, inner = value
        return (None, None) if added or dropped else _read(inner)
    if kind == "ATOMIC_GROUP":
        return _read(value)
    if kind == "BRANCH":
        return _branch(value[1])
    if kind.endswith("_REPEAT"):
        least, most, inner = value
        exact, best = _read(inner)
        if least == 0:
            return (exact | _EMPTY if exact is not None and most == 1 else None), None
        return None, best
    return None, None


def _one_of(members: Any) -> tuple[_Words | None, _Words | None]:
    if any(str(kind) != "LITERAL" for kind, _ in members):
        return None, None
    words = frozenset(chr(value) for _, value in members)
    return words, words


def _branch(branches: Any) -> tuple[_Words | None, _Words | None]:
    read = [_read(branch) for branch in branches]
    exact = frozenset().union(*(words for words, _ in read if words is not None))
    found = frozenset().union(*(words for _, words in read if words is not None))
    all_found = all(words is not None for _, words in read) and len(found) <= _MOST_WORDS
    if all(words is not None for words, _ in read) and len(exact) <= _MOST_WORDS:
        return exact, found if all_found else None
    return None, found if all_found else None
