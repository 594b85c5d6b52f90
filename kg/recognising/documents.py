"""Recognises policy documents: titles in 《》, laws by their short names, titles after 印发 and 出台."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from kg.rules.documents import DocumentRules, fold
from kg.rules.matching import overlaps
from kg.rules.watching import ALL, bit

_LONGEST_TITLE = 160  # characters; the longest official title in the national list has 83
_SHORTEST_OPEN = 5
_OPENS = "\u300a"  # 《

_BARE = bit("documents.bare")
_ISSUE_VERB = bit("documents.issue_verb")
_ARTICLES = bit("documents.articles", "documents.articles_open", "documents.numbered_plan")
_COMPANIONS = bit("documents.its_document", "documents.also_document")
_UNBRACKETED = _BARE | _ISSUE_VERB | _ARTICLES


class TitleHit(NamedTuple):
    """A title as written: span of the whole mention, and the title's text without its brackets.

    ``inside`` is true for a title that stands inside another one.
    """

    start: int
    end: int
    title: str
    inside: bool
    rule: str


def abbreviations(text: str, rules: DocumentRules) -> dict[str, str]:
    """Return the short titles that a text defines (（以下简称《条例》）), by their folded form.

    >>> from kg.rules import documents
    >>> abbreviations("依据《东海市港口管理条例》（以下简称《条例》）", documents.load())
    {'条例': '东海市港口管理条例'}
    """
    return {
        fold(match.group(2)): _clean(match.group(1)) for match in rules.patterns["abbreviated"].finditer(text)
    }


def find_documents(
    text: str,
    start: int,
    end: int,
    rules: DocumentRules,
    short: Mapping[str, str] = MappingProxyType({}),
    *,
    open_titles: bool = True,
    seen: int = ALL,
) -> tuple[list[TitleHit], list[tuple[int, int]]]:
    """Return the policy documents named in ``text[start:end]`` and the spans of 《》 that are none.

    ``short`` has the short titles that the document defines (see :func:`abbreviations`). ``open_titles`` also
    reads titles without brackets after verbs of issuing, which in a norm are duties and no documents.
    ``seen`` tells what can be there at all (see :mod:`kg.rules.watching`).
    """
    hits: list[TitleHit] = []
    decoys: list[tuple[int, int]] = []
    bracketed = _bracketed(text, start, end) if text.find(_OPENS, start, end) >= 0 else []
    if not bracketed and not seen & _UNBRACKETED:
        return hits, decoys
    for first, last, inside in bracketed:
        raw = text[first + 1 : last - 1]
        after = rules.patterns["after_title"].match(text, last, end)
        title = short.get(fold(raw), "") or _clean(raw)
        outer_end = last
        if after and not inside:
            title, outer_end = f"{title}\uff08{after.group(1)}\uff09", after.end()
        link = rules.patterns["interpretation_link"].search(text, start, end)
        if link or not is_policy_document(title, rules):
            decoys.append((first, outer_end))
        else:
            hits.append(TitleHit(first, outer_end, title, inside, "document.title"))
    if seen & _ARTICLES:
        hits += _articles(text, start, end, rules)
    covered = [(hit.start, hit.end) for hit in hits] + decoys
    if seen & _BARE:
        hits += list(_short(text, start, end, covered, rules))
    covered += [(hit.start, hit.end) for hit in hits]
    if open_titles and seen & _ISSUE_VERB:
        hits += [hit for hit in _open(text, start, end, rules) if not overlaps(hit.start, hit.end, covered)]
    if hits and seen & _COMPANIONS:
        hits += list(_companions(text, start, end, hits, rules))
    return sorted(hits, key=lambda hit: (hit.start, -hit.end)), decoys


def _short(
    text: str, start: int, end: int, covered: list[tuple[int, int]], rules: DocumentRules
) -> Iterator[TitleHit]:
    """Yield laws by their short names without brackets, where these are no part of another word or name."""
    quotes = [match.span() for match in rules.patterns["quotation"].finditer(text, start, end)]
    for word_start, word_end, word in rules.bare.find(text[start:end]):
        first, last = start + word_start, start + word_end
        runs_on = rules.patterns["not_law_after"].match(text[last : last + 1])
        quoted = any(a < first and last < b and (a + 1, b - 1) != (first, last) for a, b in quotes)
        if not runs_on and not quoted and not overlaps(first, last, covered):
            yield TitleHit(first, last, word, False, "document.short-title")


def is_policy_document(title: str, rules: DocumentRules) -> bool:
    """Say whether a title in 《》 is a policy document: a national one, or ending as one and no decoy."""
    if fold(title) in rules.national:
        return True
    if rules.patterns["law_name"].search(rules.patterns["tail_brackets"].sub("", title)):
        return rules.ends_national(title)
    plain = rules.patterns["tail_brackets"].sub("", title)
    if plain in rules.types:
        return False  # 《条例》 alone, which the text has not defined, is no particular one
    return bool(rules.type_of(title)) and not rules.is_decoy(title)


def _clean(raw: str) -> str:
    """Return a title with inner brackets as 《》 and without line breaks and spaces.

    >>> _clean("关于贯彻<甲乙的意见>的 通知")
    '关于贯彻《甲乙的意见》的通知'
    """
    text = (
        raw.replace("<", "\u300a")
        .replace(">", "\u300b")
        .replace("\u3008", "\u300a")
        .replace("\u3009", "\u300b")
    )
    return "".join(text.split())


def _bracketed(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Return (start, end, is inside another) of each bracketed title, outer before inner."""
    stack: list[int] = []
    found: list[tuple[int, int, bool]] = []
    for position in range(start, end):
        char = text[position]
        if char == "\u300a" or (stack and char in "<\u3008"):
            stack.append(position)
        elif stack and char in "\u300b>\u3009":
            opened = stack.pop()
            if position - opened <= _LONGEST_TITLE:
                found.append((opened, position + 1, bool(stack)))
            if char == "\u300b" and stack and text[stack[-1]] != "\u300a":
                stack.pop()
    return sorted(found)


def _open(text: str, start: int, end: int, rules: DocumentRules) -> Iterator[TitleHit]:
    """Yield titles without brackets after a verb of issuing, and standing rules named in a list."""
    position = start
    for verb in rules.patterns["issue_verb"].finditer(text, start, end):
        if verb.end() < position:
            continue
        match = rules.patterns["open_title"].match(text, verb.end(), end)
        if (
            match
            and len(match.group(1)) >= _SHORTEST_OPEN
            and not rules.patterns["open_stop"].search(match.group(1))
        ):
            position = match.end()
            yield TitleHit(match.start(1), match.end(1), _clean(match.group(1)), False, "document.open-title")
            continue
        listed = rules.patterns["listed_systems"].match(text, verb.end(), end)
        if listed:
            position = listed.start(1)
            for part in rules.patterns["list_mark"].split(listed.group(1)):
                name = rules.patterns["list_end"].sub("", part)
                yield TitleHit(
                    position, position + len(name), name + listed.group(2), False, "document.listed"
                )
                position += len(part) + 1


def _articles(text: str, start: int, end: int, rules: DocumentRules) -> Iterator[TitleHit]:
    """Yield sets of measures known by their number: “民营经济32条”, “十五条”硬措施."""
    for match in rules.patterns["numbered_plan"].finditer(text, start, end):
        yield TitleHit(match.start(), match.end(), _clean(match.group()), False, "document.numbered")
    for match in rules.patterns["articles_open"].finditer(text, start, end):
        at = match.start("list")
        for part in rules.patterns["list_mark"].split(match.group("list")):
            yield TitleHit(at, at + len(part), part, False, "document.articles")
            at += len(part) + 1
    for match in rules.patterns["articles"].finditer(text, start, end):
        yield TitleHit(
            match.start(),
            match.end(),
            _clean(match.group("name") + (match.group("tail") or "")),
            False,
            "document.articles",
        )


def _companions(
    text: str, start: int, end: int, hits: list[TitleHit], rules: DocumentRules
) -> Iterator[TitleHit]:
    """Yield documents named by their noun alone after a full title: 《甲实施方案》及考核方案 → 甲考核方案."""
    for match in rules.patterns["its_document"].finditer(text, start, end):
        before = next((hit for hit in hits if hit.end == match.start()), None)
        if before:
            yield TitleHit(
                match.start(1), match.end(1), before.title + match.group(1), False, "document.companion"
            )
    for match in rules.patterns["also_document"].finditer(text, start, end):
        before = next((hit for hit in hits if hit.end > match.start() >= hit.start), None)
        if before is None:
            continue
        stem = rules.patterns["tail_brackets"].sub("", before.title)
        stem = stem.removesuffix(rules.type_words.longest(stem))
        yield TitleHit(match.start(1), match.end(1), stem + match.group(1), False, "document.companion")
