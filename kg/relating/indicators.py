"""Says what a number counts: the shortest phrase of the sentence around it, completed from the one before."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kg.rules.measures import Guarded, Measures

_LONG_PHRASE = 22  # a longer phrase before a number starts at its last sure verb
_LONG_OBJECT = 20  # a longer phrase with 的 is reduced to what follows it
_LONG_BEHIND = 24  # of what follows a number that has nothing before it, this much is kept
_LONG_ENUMERATION = 30  # a longer enumeration is reduced to its general term even where that is vague
_VERB_LENGTHS = (6, 5, 4, 3, 2, 1)
_SPACES = " \u3000\xa0\t\r\n"


class Phrase(NamedTuple):
    """What was counted, in parts: the verb, what it was done to, and how the two join."""

    text: str
    verb: str = ""
    noun: str = ""


def verb_at(text: str, place: int, verbs: frozenset[str]) -> int:
    """Return the length of the longest of ``verbs`` that starts at ``place``, 0 where none does."""
    for length in _lengths(verbs).get(text[place : place + 1], ()):
        if text[place : place + length] in verbs and place + length <= len(text):
            return length
    return 0


@lru_cache(maxsize=8)  # the few sets of verbs of the tables
def _lengths(verbs: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """Return how long the verbs are that begin with a character, the longest first."""
    found: dict[str, set[int]] = {}
    for verb in verbs:
        if 0 < len(verb) <= _VERB_LENGTHS[0]:
            found.setdefault(verb[0], set()).add(len(verb))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def leading_verbs(text: str, rules: Measures) -> int:
    """Return how much of the start of ``text`` is verbs: one, and further ones that are always verbs.

    >>> from kg.rules.measures import load
    >>> leading_verbs("分解落实重点任务", load())
    4
    """
    size = verb_at(text, 0, rules.verbs)
    if len(text) - size == 1:
        return 0  # a verb and one more character make a noun: 督办函, 调解室
    while size:
        more = verb_at(text, size, rules.verbs)
        if not more or (
            text[size : size + more] not in rules.strong and len(text) - size - more > 2 and size > 2
        ):
            break
        if text[size : size + more] not in rules.strong and len(text) - size - more == 1:
            break
        size += more
    return size


def strip_start(text: str, words: Guarded) -> str:
    """Drop the listed words from the start of ``text``, again and again."""
    text = text.lstrip(_SPACES)
    while text:
        for word, unless in words.get(text[0], ()):
            if text.startswith(word) and not text.startswith(unless, len(word)):
                text = text[len(word) :].lstrip(_SPACES)
                break
        else:
            break
    return text


def strip_end(text: str, words: Guarded) -> str:
    """Drop the listed words from the end of ``text``, again and again."""
    text = text.rstrip(_SPACES)
    while text:
        for word, unless in words.get(text[-1], ()):
            cut = len(text) - len(word)
            if text.endswith(word) and not (unless and text.endswith(unless, 0, cut)):
                text = text[:cut].rstrip(_SPACES)
                break
        else:
            break
    return text


def clean_before(text: str, rules: Measures) -> str:
    """Return the phrase before a number without time, actor, adverbs and what leads up to the number.

    >>> from kg.rules.measures import load
    >>> clean_before("2020年市司法局共接收行政复议案件", load())
    '接收行政复议案件'
    """
    return drop_actor(trim_before(text, rules), rules)


def trim_before(text: str, rules: Measures) -> str:
    """Return the phrase before a number without time and adverbs, but with who acted."""
    text = strip_end(text, rules.trailing)
    if any(mark in text for mark in rules.roles["comma"]):
        text = strip_end(rules.milestone.sub("", text), rules.trailing)
    for word in rules.roles["achieve"]:
        if text.endswith(word) and len(text) > len(word) + 2:
            text = text[: -len(word)]
    previous = None
    while text != previous:
        previous = text
        text = strip_start(text, rules.lead)
        dated = rules.dated.match(text)
        if dated and any(char.isdigit() for char in dated[0]):
            text = text[dated.end() :]
    return text


def drop_actor(text: str, rules: Measures) -> str:
    """Drop who acted, and where and for whom, from the start of a phrase with a verb."""
    size = leading_verbs(text, rules)
    if size:
        if text[size : size + 1] in rules.roles["aspect"]:
            text = text[:size] + text[size + 1 :]
        words = rules.roles["scope"] if text.startswith(rules.roles["scope"], size) else ()  # rarely
        scope = next((word for word in words if text.startswith(word, size)), "")
        return text[:size] + text[size + len(scope) :] if len(text) > size + len(scope) else text
    if text.startswith(rules.roles["recipient"]) and verb_at(text, 1, rules.verbs) and len(text) > 3:
        return text[1:]
    starts = _lengths(rules.verbs)
    for place in range(2, min(len(text) - 1, 40)):
        if text[place] not in starts:
            continue
        length = verb_at(text, place, rules.verbs)
        if not length:
            continue
        before = text[:place]
        if before.endswith(rules.roles["actor"]) or (
            before.startswith(rules.roles["preposition"]) and text[place : place + length] in rules.strong
        ):
            rest = strip_start(text[place:], rules.lead)
            return rest if len(rest) > 1 else text
        bare = strip_end(before, rules.lead_end)
        if bare != before and bare.endswith(rules.roles["actor"]):
            return text[place:]
    if len(text) > _LONG_PHRASE:
        for place in range(len(text) - 3, 1, -1):
            length = verb_at(text, place, rules.strong)
            if length and place + length < len(text):
                return text[place:]
    return text


def drop_enumeration(text: str, rules: Measures) -> str:
    """Reduce "issue A, B and other rules" to "issue rules": the verb and the general term."""
    for word in rules.roles["enumeration"]:
        cut = text.rfind(word)
        while cut > 0 and text[cut + len(word) : cut + len(word) + 1] in rules.roles["grade"]:
            cut = text.rfind(word, 0, cut)
        head = text[:cut]
        marks = [head.index(mark) for mark in rules.roles["listing"] if mark in head]
        if cut > 0 and text[cut + len(word) :] in rules.roles["vague"] and len(text) <= _LONG_ENUMERATION:
            return text  # 占道经营、违法搭建等问题: without its members the term says nothing
        if cut > 0 and (marks or cut == len(text) - len(word)):
            verb = text[: leading_verbs(text, rules)]
            aside = text[len(verb) : min(marks, default=cut)]
            if any(word in aside for word in rules.roles["recipient"]):
                verb = ""  # the things listed are whom it was done for
            return verb + text[cut + len(word) :].lstrip(_SPACES)
    return text


def shorten(text: str, rules: Measures) -> str:
    """Reduce a long phrase to its verb and the head of its object, what follows the last 的."""
    for word in rules.roles["modify"]:
        cut = text.rfind(word)
        if len(text) > _LONG_OBJECT and 0 < cut < len(text) - 2:
            return text[: leading_verbs(text, rules)] + text[cut + len(word) :]
    return text


def cut_at(text: str, place: int, rules: Measures) -> int:
    """Return the length of the word at ``place`` that ends a noun, 0 where there is none."""
    for word, unless in rules.stop.get(text[place : place + 1], ()):
        if text.startswith(word, place) and not text.endswith(unless, 0, place):
            return len(word)
    return verb_at(text, place, rules.cuts)


def _without_bracket(text: str, rules: Measures) -> str:
    """Drop a bracket right behind the number: 35万辆（含进口车）."""
    for opening, closing in zip(rules.roles["opening"], rules.roles["shutting"], strict=True):
        if text.startswith(opening) and closing in text:
            return text[text.index(closing) + 1 :]
    return text


def clean_behind(text: str, alone: bool, rules: Measures) -> str:
    """Return the noun that follows a number; where it stands alone, with what is said of it.

    >>> from kg.rules.measures import load
    >>> clean_behind("网格员开展巡查", False, load())
    '网格员'
    """
    if not alone and cut_at(text, 0, rules):
        return ""
    text = strip_start(text, rules.behind)
    if text[:1] in rules.link and strip_start(text, rules.link) != text:
        return ""
    text = _without_bracket(text, rules)
    for mark in rules.roles["comma"]:
        cut = text.find(mark)
        inside = any(text.count(sign, 0, cut) for sign in rules.roles["opening"]) if cut > 0 else True
        if cut > 1 and not inside and not text.startswith(rules.roles["quoting"]):
            text = text[:cut]
    cuts = _lengths(rules.cuts)
    for place, char in enumerate(text):
        if char not in rules.stop and char not in cuts and not char.isdigit():
            continue  # nothing that ends a noun begins here
        length = cut_at(text, place, rules)
        if (length and (not alone or place + length > _LONG_BEHIND)) or (
            char.isdigit() and place > 1 and not any(sign in text[:place] for sign in rules.roles["quoting"])
        ):
            text = text[:place]
            break
    for opening, closing in zip(rules.roles["opening"], rules.roles["shutting"], strict=True):
        if text.count(opening) > text.count(closing):
            text = text[: text.rfind(opening)]
    return strip_end(text, rules.end)


def carry(kind: str, phrase: str, earlier: Phrase, rules: Measures) -> str:
    """Complete a phrase that leans on the one before it."""
    if kind == "modifier":
        old = rules.carried["modifier"].match(earlier.noun)
        return earlier.verb + phrase + (earlier.noun[old.end() :] if old else earlier.noun)
    if kind == "verb":
        return phrase + earlier.noun
    if kind in ("rate", "intransitive"):
        return earlier.noun + phrase
    start = earlier.text
    for word in rules.roles["growth"]:
        start = start.removesuffix(word) or start
    shared = next((size for size in range(len(phrase) - 1, 1, -1) if start.endswith(phrase[:size])), 0)
    return start + phrase[shared:]


def split_phrase(text: str, rules: Measures) -> Phrase:
    """Part a phrase into its verb and its object."""
    size = leading_verbs(text, rules)
    if size >= len(text):
        return Phrase(text, text, "")
    if not size:
        verb = rules.intransitive.longest(text[1:])  # a verb alone is no phrase
        if verb:
            return Phrase(text, verb, text[: -len(verb)])
    return Phrase(text, text[:size], text[size:])
