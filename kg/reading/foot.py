"""Tells the signature, the attachments and the page's footer below a text."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Span
from kg.reading.kinds import BYLINE
from kg.reading.labels import pairs
from kg.reading.lines import squeeze, trim
from kg.reading.page import Page, at_edge, closest_above, span_of

# A document has at most this many signers below each other (joint notices of State Council departments).
_MAX_SIGNERS = 14
# What a table of metadata below a text may hold; other labels there are those of a form in an attachment.
_BELOW = frozenset({"published", "issued", "indexNumber", "source", "docNumber", "issuer"})
# Below a signature, a line longer than this is a table of an attachment and no button or link,
_LONG = 40
# and a word for an attachment up to this length says nothing itself (附件1：).
_BARE_MARK = 5
# Lines of this length and more do not repeat by chance.
_TELLING = 15


def read_foot(page: Page, first: int) -> tuple[tuple[Span, ...], Span | None]:
    """Give the lines below the text their roles; return the signers and the date."""
    kinds, roles = page.kinds, page.roles
    _drop_copy(page, first)
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
        if (
            kinds[index] in {"short", "colon", "label?"}
            and edge
            and (at_edge(page, index) or _below(page, index))
        ):
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
    else:
        _drop_end(page, first)
    return _signed(page, signature)


def _below(page: Page, index: int) -> bool:
    return page.rules.furniture_below.match(page.lines[index].text) is not None


def _drop_copy(page: Page, first: int) -> None:
    """Make furniture of a second copy of the whole text, as pages for several devices hold it."""
    texts = [squeeze(line.text) for line in page.lines]
    if first >= len(texts) or texts[first] not in texts[first + 1 :] or len(texts[first]) < _TELLING:
        return
    begin = copied = texts.index(texts[first], first + 1)
    while begin > first and (not texts[begin - 1] or texts[begin - 1] in texts[:first]):
        begin -= 1
    if not {text for text in texts[first:begin] if len(text) >= _TELLING} <= set(texts[copied:]):
        return
    above = set(texts[:begin])
    for index in range(begin, len(texts)):
        if texts[index] and texts[index] in above:
            page.kinds[index] = "furniture"


def _drop_end(page: Page, first: int) -> None:
    """Make furniture of notes and empty lists of attachments at the end of an unsigned text."""
    for index in range(len(page.lines) - 1, first, -1):
        words = page.lines[index].text
        bare = page.rules.start("attachment_below", words) and len(words) <= _BARE_MARK
        if page.roles[index] == "body" and words:
            if not bare and not _is_note(page, index):
                return
            page.roles[index] = "furniture"


def _is_spam(page: Page, index: int) -> bool:
    words = page.lines[index].text
    return len(words) <= BYLINE and any(pattern.search(words) for pattern in page.spam)


def _label_in_text(page: Page, index: int) -> str:
    """Say what a labelled line is that stands among the text: only some labels count there."""
    line, rules = page.lines[index], page.rules
    if rules.search("sentence", line.text) or len(line.text) > BYLINE:
        return "prose"
    if rules.labels.search(line.text) is None:
        return "short"
    found = pairs(line, page.text, rules)
    if all(pair.label.anywhere for pair in found):
        return "label"
    known = all(pair.label.anywhere or pair.label.field in _BELOW for pair in found)
    return "label?" if known and any(pair.start < pair.end for pair in found) else "short"


def _close_footer(page: Page, last: int) -> None:
    """Make furniture of all that follows the first line of a footer."""
    starts = [i for i in range(last + 1, len(page.kinds)) if page.kinds[i] == "footer"]
    for index in range(starts[0] if starts else len(page.kinds), len(page.kinds)):
        if page.kinds[index] != "label":
            page.kinds[index] = "furniture"
            page.roles[index] = "furniture"


def _signature(page: Page, first: int) -> list[int]:
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
            below = next((i for i in range(index + 1, len(page.lines)) if kinds[i] != "blank"), -1)
            named = below >= 0 and kinds[below] == "short" and _is_signer(page, page.lines[below].text)
            return [index, below] if named else [index]
        ending = rules.end("date_end", words)
        if ending and ending.start() and _is_signer(page, words[: ending.start()].strip()):
            return [*signers, index]
    return _undated(page, first)


def _signers_above(page: Page, index: int, first: int) -> list[int]:
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


def _is_signer(page: Page, words: str) -> bool:
    names = page.rules.split("body_split", words)
    whole = page.rules.full("body_name", squeeze(words))
    return bool(names) and (whole is not None or all(page.rules.full("body_name", name) for name in names))


def _ends_text(page: Page, index: int) -> bool:
    """Say whether nothing that reads as text follows a line."""
    return not any(kind in {"prose", "heading"} for kind in page.kinds[index + 1 :])


def _undated(page: Page, first: int) -> list[int]:
    """Return a signature without a date: the last line that is not furniture, if it names a body."""
    for index in range(len(page.lines) - 1, first, -1):
        kind = page.kinds[index]
        if kind in {"blank", "furniture", "footer", "label"} or (kind == "short" and at_edge(page, index)):
            continue
        above = page.lines[index].text
        return (
            [index] if kind == "short" and _is_signer(page, above) and _follows_sentence(page, index) else []
        )
    return []


def _follows_sentence(page: Page, index: int) -> bool:
    above = closest_above(page, index)
    return above >= 0 and page.kinds[above] == "prose"


def _after_signature(page: Page, after: int) -> None:
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


def _is_note(page: Page, index: int) -> bool:
    words = page.lines[index].text
    return bool(words) and any(pattern.fullmatch(words) for pattern in page.rules.notes)


def _parts(page: Page, span: Span) -> list[Span]:
    """Return the names on a line of signers, without the words for their seals."""
    words = page.text[span.start : span.end]
    gaps = [match.span() for match in page.rules.shapes["gap"][0].finditer(words)]
    ends = [*(gap[0] for gap in gaps), len(words)]
    names = [(start, end) for start, end in zip([0, *(gap[1] for gap in gaps)], ends, strict=True)]
    if not all(_is_signer(page, words[start:end]) for start, end in names):
        names = [(0, len(words))]
    result = []
    for start, end in names:
        seal = page.rules.end("seal", words[start:end])
        result.append(Span(span.start + start, span.start + (start + seal.start() if seal else end)))
    return result


def _signed(page: Page, signature: Sequence[int]) -> tuple[tuple[Span, ...], Span | None]:
    """Return where the signers and the date stand."""
    if not signature:
        return (), None
    rules = page.rules
    signers: list[Span] = []
    date: Span | None = None
    for index in signature:
        span, words = span_of(page.lines[index]), page.lines[index].text
        ending = rules.end("date_end", words)
        if rules.full("date", words) or rules.full("date_damaged", words):
            date = span
            continue
        if ending:
            date = Span(span.start + ending.start(), span.end)
            span = Span(*trim(page.text, span.start, date.start))
        if not rules.full("person", squeeze(words)):
            signers += _parts(page, span)
    return tuple(signers), date
