"""Gives every line of a page its role: header, title, addressee, text, signature, or furniture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.model import Role, Span
from kg.reading.kinds import BYLINE, kind_of
from kg.reading.labels import Pair, pairs
from kg.reading.lines import Line, split_lines, squeeze, trim
from kg.reading.titles import Title, find_title
from kg.rules.layout import LayoutRules

# A document has at most this many signers below each other (joint notices of State Council departments).
_MAX_SIGNERS = 14
# The number of an order stands among the first lines.
_HEAD = 40
# Where a page lost the inside of a sentence, at most this many lines of this length are left of it.
_SCRAPS = 2
# What a table of metadata below a text may hold; other labels there are those of a form in an attachment.
_BELOW = frozenset({"published", "issued", "indexNumber", "source", "docNumber", "issuer"})
# Below a signature, a line longer than this is a table of an attachment and no button or link,
_LONG = 40
# and a word for an attachment up to this length says nothing itself (附件1：).
_BARE_MARK = 5
_SCRAP = 12
# A value up to this length is no title.
_WORD = 4


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


@dataclass(slots=True)
class _Page:
    """The working state of one page: kinds are what lines look like, roles what they turn out to be."""

    text: str
    lines: tuple[Line, ...]
    rules: LayoutRules
    kinds: list[str]
    roles: list[Role]
    pairs: list[Pair]


def lay_out(text: str, known_titles: Sequence[str], rules: LayoutRules) -> Layout:
    """Return the layout of a page's text; ``known_titles`` are those that its markup names."""
    lines = split_lines(text, rules.breaks)
    page = _Page(
        text, lines, rules, [kind_of(line, text, rules) for line in lines], ["body"] * len(lines), []
    )
    orders = _orders(page)
    first = _first_of_text(page)
    addressee = _addressee(page, first)
    title = _head(page, first if addressee is None else addressee[0], known_titles)
    if addressee is None:
        addressee = _bare_addressee(page, first, title)
    if addressee is not None:
        page.roles[addressee[0]] = "addressee"
    signers, signed = _foot(page, first)
    head = range(first if addressee is None else addressee[0])
    return Layout(
        lines,
        tuple(page.roles),
        tuple(sorted(page.pairs, key=lambda pair: pair.at)),
        title,
        addressee[1] if addressee else None,
        (*(_span(lines[i]) for i in head if page.kinds[i] == "number"), *orders),
        signers,
        signed,
        tuple(_span(lines[i]) for i in head if page.kinds[i] == "date"),
        _site(page, head, title),
    )


def _span(line: Line) -> Span:
    return Span(line.start, line.end)


def _orders(page: _Page) -> tuple[Span, ...]:
    """Find numbers of orders that are broken over two lines, and mark both lines as known."""
    spans = []
    filled = [i for i, line in enumerate(page.lines) if line.text][:_HEAD]
    for index, below in pairwise(filled):
        words = page.lines[index].text, page.lines[below].text
        if page.rules.full("order_head", words[0]) and page.rules.full("order_tail", words[1]):
            page.kinds[index] = page.kinds[below] = "order"
            spans.append(Span(page.lines[index].start, page.lines[below].end))
    return tuple(spans[:1])


def _first_of_text(page: _Page) -> int:
    """Return the number of the first line of the text itself (the number of lines where there is none)."""
    for index, kind in enumerate(page.kinds):
        if kind in {"prose", "heading"}:
            return index
    # No sentence anywhere: a list or a table. Its text begins below the header.
    known = [i for i, kind in enumerate(page.kinds) if kind in {"label", "number", "order", "colon"}]
    return known[-1] + 1 if known else 0


def _above(page: _Page, index: int) -> int:
    """Return the number of the closest line above that is not empty or furniture, -1 if there is none."""
    index -= 1
    while index >= 0 and page.kinds[index] in {"blank", "furniture"}:
        index -= 1
    return index


def _addressee(page: _Page, first: int) -> tuple[int, Span] | None:
    """Find the line right above the text that ends in a colon; scraps of a broken line may stand between."""
    above = _above(page, first)
    for _ in range(_SCRAPS):
        if above >= 0 and page.kinds[above] == "short" and len(page.lines[above].text) <= _SCRAP:
            above = _above(page, above)
    if above < 0 or page.kinds[above] != "colon":
        return None
    line = page.lines[above]
    start, end = trim(page.text, line.start, line.end - 1)
    return above, Span(start, end)


def _bare_addressee(page: _Page, first: int, title: Title | None) -> tuple[int, Span] | None:
    """Find an addressee without a colon: names of bodies between the title and the text."""
    above = _above(page, first)
    if title is None or above <= title.lines[-1] or page.kinds[above] != "short":
        return None
    line = page.lines[above]
    names = page.rules.split("body_split", line.text)
    return (above, _span(line)) if all(page.rules.full("body_name", name) for name in names) else None


def _site(page: _Page, head: range, title: Title | None) -> Span | None:
    """Find the body that runs the page: what the first line names, if that is no part of the title."""
    top = next((index for index in head if page.lines[index].text), -1)
    if top < 0 or title is None or top in title.lines:
        return None
    found = page.rules.full("site_name", page.lines[top].text)
    return None if found is None else Span(page.lines[top].start, page.lines[top].start + found.end("who"))


def _head(page: _Page, first: int, known_titles: Sequence[str]) -> Title | None:
    """Give the lines above the text their roles, and return the title."""
    rules, kinds, roles = page.rules, page.kinds, page.roles
    known = list(known_titles)
    for index in range(first):
        if kinds[index] == "short" and _at_edge(page, index):
            kinds[index] = "furniture"
    _bare_labels(page, first)
    for index in range(first):
        if kinds[index] == "label":
            found = pairs(page.lines[index], page.text, rules, 1)
            page.pairs += found
            known += [page.text[p.start : p.end] for p in found if p.label.field == "title"]
    known += _values_below(page, first)
    framed = any(kinds[index] in {"label", "number", "date"} for index in range(first))
    title = find_title(page.lines, _groups(page, first), known, framed, rules)
    above_title = title.lines[0] if title else 0
    for index in range(first):
        kind = kinds[index]
        if title is not None and index in title.lines:
            roles[index] = "title"
        elif kind in {"label", "value", "number", "order", "date"}:
            roles[index] = "metadata"
        elif kind in {"furniture", "footer"}:
            roles[index] = "furniture"
        elif (title is not None and _repeats(page.lines[index].text, title, known)) or rules.start(
            "byline", page.lines[index].text
        ):
            roles[index] = "metadata"
        elif index < above_title:
            roles[index] = "furniture"
    return title


def _bare_labels(page: _Page, first: int) -> None:
    """Mark lines of a table whose labels have no colons: two lines or more begin with a label, or are one."""
    rules, lines = page.rules, page.lines
    short = [i for i in range(first) if page.kinds[i] == "short"]
    matches = {index: rules.bare_labels.match(lines[index].text) for index in short}
    begun = [i for i, match in matches.items() if match and rules.words[squeeze(match["word"])].field]
    if len(begun) > 1:
        for index in begun:
            page.kinds[index] = "label"


def _values_below(page: _Page, first: int) -> list[str]:
    """Read a table copied cell by cell, a label on one line, its value on the next; return its titles."""
    titles = []
    filled = [index for index in range(first) if page.kinds[index] != "blank"]
    for position, index in enumerate(filled[:-1]):
        empty = [pair for pair in page.pairs if page.lines[index].start <= pair.at < page.lines[index].end]
        below = page.lines[filled[position + 1]]
        if page.kinds[index] != "label" or len(empty) != 1 or empty[0].start < empty[0].end:
            continue
        if page.kinds[filled[position + 1]] not in {"short", "number", "date"}:
            continue
        label = empty[0].label
        next_kind = page.kinds[filled[position + 2]] if position + 2 < len(filled) else ""
        # A label may be empty: what is below is its value only if a label follows, or if it looks so.
        looks = len(below.text) <= _WORD or page.kinds[filled[position + 1]] in {"number", "date"}
        if next_kind == "label" or (label.field and looks):
            page.pairs[page.pairs.index(empty[0])] = Pair(label, empty[0].at, below.start, below.end)
            page.kinds[filled[position + 1]] = "value"
            titles += [below.text] if label.field == "title" else []
    return titles


def _groups(page: _Page, first: int) -> list[list[int]]:
    """Return runs of short lines above the text, interrupted by nothing but empty lines."""
    groups: list[list[int]] = [[]]
    for index in range(first):
        words = page.lines[index].text
        other = page.rules.start("byline", words) or page.rules.start("attachment", words)
        if page.kinds[index] in {"short", "colon"} and not other:
            groups[-1].append(index)
        elif page.kinds[index] != "blank" and groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _repeats(text: str, title: Title, known: Sequence[str]) -> bool:
    return bool(text) and (text in title.text or text.startswith(title.text) or text in known)


def _at_edge(page: _Page, index: int) -> bool:
    words = page.lines[index].text
    return any(pattern.match(words) for pattern in page.rules.furniture_at_edges)


def _foot(page: _Page, first: int) -> tuple[tuple[Span, ...], Span | None]:
    """Give the lines below the text their roles; return the signers and the date."""
    kinds, roles = page.kinds, page.roles
    for index in range(first, len(kinds)):
        if kinds[index] == "label":
            kinds[index] = _label_in_text(page, index)
        elif kinds[index] in {"short", "colon", "prose"} and _is_spam(page, index):
            kinds[index] = "furniture"
    signature = _signature(page, first)
    last = max((i for i in range(first, len(kinds)) if kinds[i] in {"prose", "heading"}), default=first - 1)
    after = signature[-1] + 1 if signature else last + 1
    for index in range(first, len(kinds)):
        edge = index >= min(after, last + 1) and index not in signature
        if kinds[index] in {"short", "colon", "label?"} and edge and _at_edge(page, index):
            kinds[index] = "furniture"
        if kinds[index] == "label?":
            kinds[index] = "label" if index > last else "prose"
        if kinds[index] in {"furniture", "footer"}:
            roles[index] = "furniture"
        elif kinds[index] == "label":
            roles[index] = "metadata"
            page.pairs += pairs(page.lines[index], page.text, page.rules)
    _close_footer(page, last)
    if signature:
        for index in signature:
            roles[index] = "signature"
        _after_signature(page, signature[-1] + 1)
    return _signed(page, signature)


def _is_spam(page: _Page, index: int) -> bool:
    words = page.lines[index].text
    return len(words) <= BYLINE and any(pattern.search(words) for pattern in page.rules.spam)


def _label_in_text(page: _Page, index: int) -> str:
    """Say what a labelled line is that stands among the text: only some labels count there."""
    line, rules = page.lines[index], page.rules
    found = pairs(line, page.text, rules)
    if rules.search("sentence", line.text) or len(line.text) > BYLINE:
        return "prose"
    if rules.labels.search(line.text) is None:
        return "short"
    if all(pair.label.anywhere for pair in found):
        return "label"
    known = all(pair.label.anywhere or pair.label.field in _BELOW for pair in found)
    return "label?" if known and any(pair.start < pair.end for pair in found) else "short"


def _close_footer(page: _Page, last: int) -> None:
    """Make furniture of all that follows the first line of a footer."""
    starts = [i for i in range(last + 1, len(page.kinds)) if page.kinds[i] == "footer"]
    for index in range(starts[0] if starts else len(page.kinds), len(page.kinds)):
        if page.kinds[index] != "label":
            page.kinds[index] = "furniture"
            page.roles[index] = "furniture"


def _signature(page: _Page, first: int) -> list[int]:
    """Return the numbers of the signature's lines: names of bodies and the date below them."""
    rules, kinds = page.rules, page.kinds
    for index in range(first + 1, len(page.lines)):
        words = page.lines[index].text
        if kinds[index] in {"blank", "furniture", "footer", "prose", "heading"}:
            continue
        dated = kinds[index] == "date" or (kinds[index] == "short" and rules.full("date_damaged", words))
        signers = _signers_above(page, index, first)
        if dated and signers:
            return [*signers, index]
        if dated and kinds[index] == "date" and _ends_text(page, index):
            return [index]
        ending = rules.end("date_end", words)
        if ending and ending.start() and _is_signer(page, words[: ending.start()].strip()):
            return [*signers, index]
    return _undated(page, first)


def _signers_above(page: _Page, index: int, first: int) -> list[int]:
    """Return the numbers of the lines of signers right above a line, top first."""
    signers: list[int] = []
    above = index - 1
    while above > first and len(signers) < _MAX_SIGNERS:
        words = page.lines[above].text
        named = _is_signer(page, words) or page.rules.full("person", squeeze(words))
        if page.kinds[above] == "short" and named:
            signers.insert(0, above)
        elif page.kinds[above] != "blank":
            break
        above -= 1
    return signers


def _is_signer(page: _Page, words: str) -> bool:
    names = page.rules.split("body_split", words)
    whole = page.rules.full("body_name", squeeze(words))
    return bool(names) and (whole is not None or all(page.rules.full("body_name", name) for name in names))


def _ends_text(page: _Page, index: int) -> bool:
    """Say whether nothing that reads as text follows a line."""
    return not any(kind in {"prose", "heading"} for kind in page.kinds[index + 1 :])


def _undated(page: _Page, first: int) -> list[int]:
    """Return a signature without a date: the last line that is not furniture, if it names a body."""
    for index in range(len(page.lines) - 1, first, -1):
        kind = page.kinds[index]
        if kind in {"blank", "furniture", "footer", "label"} or (kind == "short" and _at_edge(page, index)):
            continue
        above = page.lines[index].text
        return (
            [index] if kind == "short" and _is_signer(page, above) and _follows_sentence(page, index) else []
        )
    return []


def _follows_sentence(page: _Page, index: int) -> bool:
    above = _above(page, index)
    return above >= 0 and page.kinds[above] == "prose"


def _after_signature(page: _Page, after: int) -> None:
    """Keep only attachments as text below the signature."""
    rules, kinds = page.rules, page.kinds
    rest = [i for i in range(after, len(kinds)) if page.roles[i] == "body" and kinds[i] != "blank"]
    rest = [i for i in rest if not _is_note(page, i)]
    marks = {i for i in rest if rules.start("attachment_below", page.lines[i].text)}
    attached = bool(marks) or any(rules.start("attachment", line.text) for line in page.lines[:after])
    texts = any(kinds[i] in {"prose", "heading"} or len(page.lines[i].text) > _LONG for i in rest)
    bare = {i for i in marks if len(page.lines[i].text) <= _BARE_MARK}
    keep = rest if texts or (attached and set(rest) - bare) else []
    first, last = (keep[0], keep[-1]) if keep else (after, after - 1)
    for index in range(after, len(kinds)):
        if page.roles[index] == "body" and (not first <= index <= last or _is_note(page, index)):
            page.roles[index] = "furniture"


def _is_note(page: _Page, index: int) -> bool:
    words = page.lines[index].text
    return bool(words) and any(pattern.fullmatch(words) for pattern in page.rules.notes)


def _signed(page: _Page, signature: Sequence[int]) -> tuple[tuple[Span, ...], Span | None]:
    """Return where the signers and the date stand."""
    if not signature:
        return (), None
    rules = page.rules
    lines = [page.lines[index] for index in signature]
    signers = [_span(line) for line in lines if not rules.full("person", squeeze(line.text))]
    words = page.lines[signature[-1]].text
    date: Span | None = None
    if rules.full("date", words) or rules.full("date_damaged", words):
        date = signers.pop()
    elif ending := rules.end("date_end", words):
        base = signers.pop()
        date = Span(base.start + ending.start(), base.end)
        start, end = trim(page.text, base.start, date.start)
        signers.append(Span(start, end))
    return tuple(signers), date
