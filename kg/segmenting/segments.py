"""Document -> Segments: numbering, sentences, clauses, and the mode each sentence speaks in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kg.model import Document, Mode, Segment, Span
from kg.rules.structure import StructureRules

_LONGEST_QUOTE = (
    120  # characters: an unclosed bracket or quote longer than this no longer protects a full stop
)
_LONGEST_SENTENCE = 1000  # characters; the longest in the reports read for this project has 507
_LONGEST_HEADING = 48  # characters: the longest heading line in the documents read for this project has 44
_INLINE = 5  # the level of 一是, which opens inside a paragraph


@dataclass(slots=True)
class _Outline:
    """Where the reader stands: the open headings, outermost first."""

    numbers: list[tuple[int, str]] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)
    modes: list[tuple[int, Mode]] = field(default_factory=list)
    reviewed: int = 0
    plans: bool = False
    section: str = ""
    topics: tuple[str, ...] = ()

    def open(self, level: int, number: str) -> None:
        """Enter a numbered part: everything at its depth or deeper is left."""
        for stack in (self.numbers, self.titles, self.modes):
            while stack and stack[-1][0] >= level:
                stack.pop()
        self.numbers.append((level, number))
        self.section = "/".join(number for _, number in self.numbers)
        self.topics = tuple(title for _, title in self.titles)

    def open_unnumbered(self) -> None:
        """Enter a part without a number that stands above all numbered ones, which do not end it."""
        self.open(0, "")
        self.numbers.pop()
        self.section = ""

    def name(self, level: int, title: str, rules: StructureRules) -> None:
        """Give the part just entered its heading, and the mode that the heading sets for it.

        A report that looks back on one year first plans from the first heading on that names a later year,
        until a heading says otherwise. Inside a plan a heading about problems is about what will be done.
        """
        mode = _scope(title, "heading", rules)
        review, year = rules.years["review"].search(title), rules.years["year"].match(title)
        if review:
            self.reviewed, mode = int(review.group(1)), mode if mode == "planned" else "done"
        elif year and self.reviewed and int(year.group(1)) > self.reviewed:
            mode = "planned"
        self.plans = not review and (self.plans or bool(self.reviewed and mode == "planned" and level <= 1))
        if mode is None and self.plans and level <= 1 and not rules.years["apart"].search(title):
            mode = "planned"
        self.titles.append((level, title))
        self.topics = tuple(title for _, title in self.titles)
        if mode and not (self.mode == "planned" and mode != "planned" and level > 1):
            self.modes.append((level, mode))

    def turn(self) -> None:
        """Leave the review for the plan where no heading says so: what follows is planned."""
        self.plans = True
        self.modes.insert(0, (0, "planned"))

    @property
    def mode(self) -> Mode:
        return self.modes[-1][1] if self.modes else "done"


def segment(document: Document, rules: StructureRules) -> tuple[Segment, ...]:
    """Cut the body and title regions of ``document`` into segments, in text order.

    Offsets are into ``document.text``. Regions of other roles are passed over.
    """
    return tuple(_segments(document, rules))


def _segments(document: Document, rules: StructureRules) -> Iterator[Segment]:
    text = document.text
    outline = _Outline()
    paragraph = 0
    for region in document.regions:
        if region.role == "title":
            span = _strip(text, region.start, region.end)
            if span.start < span.end:
                yield Segment(span.start, span.end, "title", "", (), "done", paragraph, (span,))
        if region.role != "body":
            continue
        for line in _lines(text, region.start, region.end):
            paragraph += 1
            yield from _line(text, line, outline, paragraph, rules)


def _line(
    text: str, line: Span, outline: _Outline, paragraph: int, rules: StructureRules
) -> Iterator[Segment]:
    """Cut one line: its number, a heading (the whole line or its first sentence), its sentences."""
    start = line.start
    while start < line.end and text[start] in rules.marks["bullet"]:
        start += 1  # a list mark or a Markdown heading's ## is no part of the sentence
    if start == line.end:
        return
    level = 0
    while match := _number(text, start, line.end, rules):
        level, number, after = match
        outline.open(level, number)
        start = after
    sentences = list(_sentences(text, start, line.end, rules))
    whole = len(sentences) == 1 and line.end - start <= _LONGEST_HEADING and not _ends(text, line.end, rules)
    for index, span in enumerate(sentences):
        heading = index == 0 and bool(level) and span.end - span.start <= _LONGEST_HEADING
        title = text[span.start : span.end].rstrip(rules.marks["sentence_end"])
        if not level and whole and _is_heading(title, outline, rules):
            heading = True
            outline.open_unnumbered()
        if heading:
            outline.name(level, title, rules)
            yield _make(text, span, "heading", outline, outline.mode, paragraph, rules)
            continue
        inline = _inline_number(text, span, rules)
        if inline:
            outline.open(_INLINE, inline)
        body = text[span.start : span.end]
        if rules.years["turn"].search(body):
            outline.turn()
        mode = _scope(body, "sentence", rules) or outline.mode
        if outline.mode != "done" and mode == "done":
            mode = outline.mode
        yield _make(text, span, "sentence", outline, mode, paragraph, rules)


def _is_heading(title: str, outline: _Outline, rules: StructureRules) -> bool:
    """Say whether a line without a number is a heading by its words."""
    yearly = rules.years["review"].search(title) or rules.years["year"].match(title)
    return bool(yearly or (not outline.numbers and _scope(title, "heading", rules)))


def _make(
    text: str, span: Span, kind: str, outline: _Outline, mode: Mode, paragraph: int, rules: StructureRules
) -> Segment:
    clauses = tuple(_clauses(text, span, rules))
    return Segment(
        span.start,
        span.end,
        "heading" if kind == "heading" else "sentence",
        outline.section,
        outline.topics,
        mode,
        paragraph,
        clauses,
    )


def _scope(body: str, where: str, rules: StructureRules) -> Mode | None:
    """Return the mode that a wording sets; of several wordings the last row of the table wins."""
    for scope in rules.scopes[where]:
        if scope.pattern.search(body):
            return scope.mode
    return None


def _number(text: str, start: int, end: int, rules: StructureRules) -> tuple[int, str, int] | None:
    for numbering in rules.numberings:
        if numbering.level == _INLINE:
            continue
        match = numbering.pattern.match(text, start, end)
        if match:
            after = match.end()
            while after < end and text[after].isspace():
                after += 1
            return numbering.level, match.group(1), after
    return None


def _inline_number(text: str, span: Span, rules: StructureRules) -> str:
    for numbering in rules.numberings:
        if numbering.level == _INLINE:
            match = numbering.pattern.match(text, span.start, span.end)
            if match:
                return match.group(1)
    return ""


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for match in re.compile(r"[^\n]+").finditer(text, start, end):
        span = _strip(text, match.start(), match.end())
        if span.start < span.end:
            yield span


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _ends(text: str, end: int, rules: StructureRules) -> bool:
    return text[end - 1] in rules.marks["sentence_end"]


@lru_cache(maxsize=8)
def _marks(brackets: str, ends: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(brackets + ends)}]")


def _depths(
    text: str, start: int, end: int, ends: str, rules: StructureRules
) -> Iterator[tuple[int, str, int]]:
    """Yield each mark that opens, closes or is one of ``ends``, and in how many brackets or quotes it stands.

    A bracket that is not closed within the longest quotation is taken for a slip.
    """
    openers, closers = rules.marks["open"], rules.marks["close"]
    marks = _marks(openers + closers, ends)
    depth, opened, last = 0, 0, start - 1
    for match in marks.finditer(text, start, end):
        position = match.start()
        char = text[position]
        # Of the other characters since the last mark, the one right before this is farthest from the opening.
        if depth and position - 1 > max(last, opened + _LONGEST_QUOTE):
            depth = 0
        if char in openers:
            depth, opened = depth + 1, position
        elif char in closers:
            depth = max(0, depth - 1)
        elif depth and position - opened > _LONGEST_QUOTE:
            depth = 0
        last = position
        yield position, char, depth


def _sentences(text: str, start: int, end: int, rules: StructureRules) -> Iterator[Span]:
    """Yield sentences: cut after full stops outside brackets, and before a 一是 that follows a semicolon."""
    ends, closers = rules.marks["sentence_end"], rules.marks["close"]
    inline = [n.pattern for n in rules.numberings if n.level == _INLINE]
    begin = start
    # Only a line that holds such a number can be cut where a clause ends.
    numbered = any(pattern.search(text, start, end) for pattern in inline)
    marks = ends + rules.marks["clause_end"] if numbered else ends
    for position, char, depth in _depths(text, start, end, marks, rules):
        cut = char in closers and not depth and text[position - 1] in ends  # …依法行政。”
        if not depth and char in ends:
            cut = position + 1 == end or text[position + 1] not in closers
        elif not depth and char in rules.marks["clause_end"]:
            cut = (
                any(pattern.match(text, position + 1, end) for pattern in inline)
                and char not in "\uff1a:\uff0c,"
            )
        if cut:
            yield from _pieces(text, _strip(text, begin, position + 1), rules)
            begin = position + 1
    yield from _pieces(text, _strip(text, begin, end), rules)


def _pieces(text: str, span: Span, rules: StructureRules) -> Iterator[Span]:
    """Yield a sentence, or the parts of one that no one could read: a table or a page without a full stop.

    ``span`` has no white space around it, and neither has what is yielded.
    What one sentence names is looked at in pairs, so that its length has to have a bound.
    """
    start = span.start
    if start < span.end <= start + _LONGEST_SENTENCE:
        yield span
        return
    while span.end - start > _LONGEST_SENTENCE:
        most = start + _LONGEST_SENTENCE
        last = max(text.rfind(mark, start, most) for mark in rules.marks["clause_end"])
        cut = last + 1 if last > start else most
        piece = _strip(text, start, cut)
        if piece.start < piece.end:
            yield piece
        start = cut
    piece = _strip(text, start, span.end)
    if piece.start < piece.end:
        yield piece


def _clauses(text: str, span: Span, rules: StructureRules) -> Iterator[Span]:
    """Yield the comma-separated parts of a sentence; commas inside brackets and quotes do not separate."""
    marks = rules.marks["clause_end"] + rules.marks["sentence_end"]
    begin = span.start
    for position in _outside(text, span, marks, rules):
        if position > begin:
            yield Span(begin, position)
        begin = position + 1
    if begin < span.end:
        yield Span(begin, span.end)


def _outside(text: str, span: Span, marks: str, rules: StructureRules) -> list[int]:
    """Return where marks stand that are in no bracket or quotation."""
    brackets = rules.marks["open"] + rules.marks["close"]
    if _marks(brackets, "").search(text, span.start, span.end) is None:  # most sentences
        return [hit.start() for hit in _marks("", marks).finditer(text, span.start, span.end)]
    return [
        position
        for position, char, depth in _depths(text, span.start, span.end, marks, rules)
        if not depth and char in marks
    ]
