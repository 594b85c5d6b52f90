"""Gives every line of a page its role: header, title, addressee, text, signature, or furniture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.model import Role, Span
from kg.reading.foot import read_foot
from kg.reading.header import read_header
from kg.reading.kinds import kind_of
from kg.reading.labels import Pair, pairs
from kg.reading.lines import Line, split_lines, squeeze, trim
from kg.reading.page import Page, at_edge, closest_above, span_of
from kg.reading.titles import Title, find_title
from kg.rules.layout import LayoutRules

# The number of an order stands among the first lines.
_HEAD = 40
# Where a page lost the inside of a sentence, at most this many lines of this length are left of it.
_SCRAPS = 2
_SCRAP = 12
# Navigation holds a welcome or a notice here and there, together no longer than this.
_BANNERS = 160


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a page, the role of each, and what stands in its header and below its text."""

    lines: tuple[Line, ...]
    roles: tuple[Role, ...]
    pairs: tuple[Pair, ...]
    title: Title | None
    addressee: Span | None
    numbers: tuple[Span, ...]
    signers: tuple[Span, ...]
    signed: Span | None
    dates: tuple[Span, ...]
    site: Span | None
    hijacked: bool


def lay_out(text: str, known_titles: Sequence[str], rules: LayoutRules) -> Layout:
    """Return the layout of a page's text; ``known_titles`` are those that its markup names."""
    lines = split_lines(text, rules.breaks, rules.gaps, rules.runs)
    kinds = [kind_of(line, text, rules) for line in lines]
    spam = tuple(pattern for pattern in rules.spam if pattern.search(text))
    page = Page(text, lines, rules, kinds, ["body"] * len(lines), [], spam)
    orders = _orders(page)
    first = _first_of_text(page)
    addressee = _addressee(page, first)
    title = _head(page, first if addressee is None else addressee[0][0], known_titles)
    if addressee is None:
        addressee = _bare_addressee(page, first, title)
    for index in addressee[0] if addressee else ():
        page.roles[index] = "addressee"
    signers, signed = read_foot(page, first)
    head = range(first if addressee is None else addressee[0][0])
    return Layout(
        lines,
        tuple(page.roles),
        tuple(sorted(page.pairs, key=lambda pair: pair.at)),
        title,
        addressee[1] if addressee else None,
        (*(span_of(lines[i]) for i in head if page.kinds[i] == "number"), *orders),
        signers,
        signed,
        _dates(page, head, title),
        _site(page, head, title),
        bool(spam),
    )


def _dates(page: Page, head: range, title: Title | None) -> tuple[Span, ...]:
    """Return the dates without labels: on lines of their own, or in a byline below the title."""
    own = [span_of(page.lines[i]) for i in head if page.kinds[i] == "date"]
    below = [i for i in head if title is not None and i >= title.lines[-1]]
    return (*own, *(date for i in below if (date := _dated(page, i))))


def _orders(page: Page) -> tuple[Span, ...]:
    """Find numbers of orders that are broken over two lines, and mark both lines as known."""
    spans = []
    filled = [i for i, line in enumerate(page.lines) if line.text][:_HEAD]
    for index, below in pairwise(filled):
        words = page.lines[index].text, page.lines[below].text
        if page.rules.full("order_head", words[0]) and page.rules.full("order_tail", words[1]):
            page.kinds[index] = page.kinds[below] = "order"
            spans.append(Span(page.lines[index].start, page.lines[below].end))
    return tuple(spans[:1])


def _first_of_text(page: Page) -> int:
    """Return the number of the first line of the text itself (the number of lines where there is none)."""
    for index in range(_last_mark(page) + 1, len(page.kinds)):
        if page.kinds[index] in {"prose", "heading"}:
            return index
    # No sentence anywhere: a list or a table. Its text begins below the header.
    known = [i for i, kind in enumerate(page.kinds) if kind in {"label", "number", "order", "colon"}]
    if known:
        return known[-1] + 1
    top = next((i for i, kind in enumerate(page.kinds) if kind == "short"), 0)
    return top + 1 if page.rules.end("title_end", page.lines[top].text) else 0


def _last_mark(page: Page) -> int:
    """Return the last line that only stands above a text, if no more than banners stand above it, else -1."""
    length, found, at = 0, -1, -1
    for index, kind in enumerate(page.kinds):
        if kind in {"prose", "heading"}:
            length += len(page.lines[index].text)
            if length > _BANNERS:
                break
            found = found if at < 0 else max(found, at)
        elif kind in {"label", "furniture"} and _heads(page, index):
            at = index
    return found if length > _BANNERS else -1


def _heads(page: Page, index: int) -> bool:
    """Say whether a line is a breadcrumb, or gives an index number or a date of publication."""
    line = page.lines[index]
    if page.kinds[index] == "furniture":
        return page.rules.start("breadcrumb", line.text) is not None
    found = pairs(line, page.text, page.rules)
    return any(
        pair.label.field in {"indexNumber", "published"}
        and len(pair.label.word) > 2
        and pair.start < pair.end
        for pair in found
    )


def _addressee(page: Page, first: int) -> tuple[range, Span] | None:
    """Find the line right above the text that ends in a colon; scraps of a broken line may stand between.

    Lines above it that end in a comma belong to it.
    """
    last = closest_above(page, first)
    for _ in range(_SCRAPS):
        if last >= 0 and page.kinds[last] == "short" and len(page.lines[last].text) <= _SCRAP:
            last = closest_above(page, last)
    if last < 0 or page.kinds[last] != "colon":
        return None
    begin = above = last
    while (above := closest_above(page, above)) >= 0 and page.kinds[above] == "short":
        if page.rules.end("list_goes_on", page.lines[above].text) is None:
            break
        begin = above
    start, end = trim(page.text, page.lines[begin].start, page.lines[last].end - 1)
    return range(begin, last + 1), Span(start, end)


def _bare_addressee(page: Page, first: int, title: Title | None) -> tuple[range, Span] | None:
    """Find an addressee without a colon: names of bodies between the title and the text."""
    above = closest_above(page, first)
    if title is None or above <= title.lines[-1] or page.kinds[above] != "short":
        return None
    line = page.lines[above]
    names = page.rules.split("body_split", line.text)
    named = all(page.rules.full("body_name", name) for name in names)
    return (range(above, above + 1), span_of(line)) if named else None


def _site(page: Page, head: range, title: Title | None) -> Span | None:
    """Find the body that runs the page: what the first line names, if that is no part of the title."""
    top = next((index for index in head if page.lines[index].text), -1)
    if top < 0 or title is None or top in title.lines:
        return None
    line = page.lines[top]
    found = page.rules.full("site_name", line.text)
    return None if found is None else Span(line.start, line.start + found.end("who"))


def _head(page: Page, first: int, known_titles: Sequence[str]) -> Title | None:
    """Give the lines above the text their roles, and return the title."""
    rules, kinds, roles = page.rules, page.kinds, page.roles
    known = list(known_titles)
    for index in range(first):
        if kinds[index] == "short" and at_edge(page, index):
            kinds[index] = "furniture"
    known += read_header(page, first)
    framed = any(kinds[i] in {"label", "number", "date"} or _dated(page, i) for i in range(first))
    # A short line at the very top of a text is its title too, whatever its shape.
    framed = framed or (first > 0 and _is_top(page, first))
    framed = framed and not any(pair.label.field == "title" and pair.start < pair.end for pair in page.pairs)
    title = find_title(page.lines, _groups(page, first), known, framed, rules) or _dated_title(page, first)
    above_title = title.lines[0] if title else 0
    for index in range(first):
        kind = kinds[index]
        if title is not None and index in title.lines:
            roles[index] = "title"
        elif kind in {"label", "value", "number", "order", "date"}:
            roles[index] = "metadata"
        elif kind in {"furniture", "footer"}:
            roles[index] = "furniture"
        elif (title is not None and _repeats(page.lines[index].text, title, known)) or _is_byline(
            page, index
        ):
            roles[index] = "metadata"
        elif index < above_title:
            roles[index] = "furniture"
    return title


def _is_byline(page: Page, index: int) -> bool:
    """Say whether a short line below a title names when and where, or who speaks."""
    rules, words = page.rules, page.lines[index].text
    if page.kinds[index] != "short":
        return False
    return bool(rules.start("byline", words) or rules.full("person", squeeze(words)) or _dated(page, index))


def _dated(page: Page, index: int) -> Span | None:
    """Return the date of a byline without labels (site, date, time)."""
    line = page.lines[index]
    found = page.rules.full("dated", line.text) if page.kinds[index] == "short" else None
    if found is None:
        return None
    return Span(line.start + found.start("date"), line.start + found.end("date"))


def _is_top(page: Page, first: int) -> bool:
    """Say whether nothing but one headline stands above the text."""
    filled = [index for index in range(first) if page.kinds[index] not in {"blank", "furniture"}]
    if len(filled) != 1 or page.kinds[filled[0]] != "short":
        return False
    return page.rules.full("headline", page.lines[filled[0]].text) is not None


def _dated_title(page: Page, first: int) -> Title | None:
    """Return a title that a date follows on its line."""
    for index in range(first - 1, -1, -1):
        date = _dated(page, index)
        if date is not None:
            start, end = trim(page.text, page.lines[index].start, date.start)
            if page.rules.end("title_end", page.text[start:end]):
                return Title(page.text[start:end], (index,), end)
    return None


def _groups(page: Page, first: int) -> list[list[int]]:
    """Return runs of short lines above the text, interrupted by nothing but empty lines."""
    groups: list[list[int]] = [[]]
    for index in range(first):
        words = page.lines[index].text
        other = _is_byline(page, index) or page.rules.start("attachment", words)
        if page.kinds[index] in {"short", "colon"} and not other:
            groups[-1].append(index)
        elif page.kinds[index] != "blank" and groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _repeats(text: str, title: Title, known: Sequence[str]) -> bool:
    return bool(text) and (text in title.text or text.startswith(title.text) or text in known)
