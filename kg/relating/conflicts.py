"""Finds statements of one document that cannot both hold; which of them is right is left to people.

Only clear cases: a wrong alarm costs a reader more than a contradiction that stays unseen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from kg.model import Conflict, Document, Field, Observation, Span
from kg.rules.conflicts import ConflictRules, Rate, load

_PERCENT = "%"
_TOLERANCE = Decimal("0.5")  # percentage points: rates are rounded, counts are of nearby days
_LONG_INDICATOR = 6  # characters: a shorter phrase (受理案件) counts other things elsewhere
_NEAR = 3  # numbers: a rate farther behind its counts is of others
_FULL_DATE = 10  # characters of YYYY-MM-DD
_FEWEST_PARTS = 2


def find_conflicts(
    document: Document, observations: Sequence[Observation], rules: ConflictRules | None = None
) -> tuple[Conflict, ...]:
    """Return what contradicts itself in a document, in the order of the first passages.

    Args:
        document: the text with the fields of its metadata.
        observations: the numbers of its body, in text order.
        rules: the wordings; loaded where not given.

    >>> line = "受理案件200件，办结案件150件，结案率95%。"
    >>> place, whole = Span(0, len(line)), Document("a.txt", "", line, "utf-8", "text/plain", (), ())
    >>> def seen(indicator, value, unit, number):
    ...     start = line.index(number)
    ...     span = Span(start, start + len(number))
    ...     return Observation("", indicator, Decimal(value), unit, False, False, place, span, "")
    >>> numbers = [seen("受理案件", 200, "件", "200件"), seen("办结案件", 150, "件", "150件")]
    >>> [found.message for found in find_conflicts(whole, [*numbers, seen("结案率", 95, "%", "95%")])]
    ['150件 of 200件 are 75%, not the 95% that follow']
    """
    rules = rules or load()
    ordered = sorted(observations, key=lambda item: (item.number, item.indicator))
    found = [*_fields(document, rules), *_same_thing(document.text, ordered, rules)]
    for _, group in groupby(ordered, key=lambda item: item.passage):
        sentence = list(group)
        if len(sentence) <= _FEWEST_PARTS:
            continue  # a total or a rate stands beside what it is of
        found += _totals(document.text, sentence, rules)
        found += _rates(document.text, sentence, rules)
    return tuple(sorted(dict.fromkeys(found), key=lambda item: (item.passages, item.kind, item.values)))


# --- what the page says of itself


def _fields(document: Document, rules: ConflictRules) -> Iterator[Conflict]:
    """Yield where the metadata and the document itself give another number, title or date."""
    numbers = [item for item in document.fields if item.name == "docNumber"]
    if numbers:
        first, *others = numbers
        for other in others:
            if _folded(first.value) != _folded(other.value):
                yield _of_fields("number", "document number", first, other)
    title = next((item for item in document.fields if item.name == "title"), None)
    for header in _header_titles(document, rules) if title else ():
        if not _same_title(header.value, title.value if title else ""):
            yield _of_fields("title", "title", header, title or header)
    dates = [
        next((item for item in document.fields if item.name == name and len(item.value) == _FULL_DATE), None)
        for name in ("issued", "signatureDate")
    ]
    if dates[0] and dates[1] and dates[0].value != dates[1].value:
        yield _of_fields("date", "date of issue", dates[0], dates[1])


def _header_titles(document: Document, rules: ConflictRules) -> Iterator[Field]:
    for region in document.regions:
        if region.role == "metadata":
            pattern = rules.patterns["header_title"]
            for match in pattern.finditer(document.text, region.start, region.end):
                yield Field("title", match["value"], match.start("value"), match.end("value"))


def _same_title(header: str, own: str) -> bool:
    """Say whether one title is the other, or the other shortened at an end, as pages do."""
    one, two = _folded(header).rstrip("."), _folded(own).rstrip(".")
    return not one or one in two or two in one


def _folded(text: str) -> str:
    """Return what a number or a title consists of: letters and digits, without width, marks and spaces."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() or c == ".")


def _of_fields(kind: str, name: str, one: Field, two: Field) -> Conflict:
    first, second = sorted((one, two), key=lambda item: (item.start, item.end, item.value))
    return Conflict(
        kind,
        (Span(first.start, first.end), Span(second.start, second.end)),
        (first.value, second.value),
        f"{name}: {first.value} first, and {second.value} further on",
    )


# --- numbers


def _totals(text: str, sentence: Sequence[Observation], rules: ConflictRules) -> Iterator[Conflict]:
    """Yield totals that their parts exceed (其中), or do not make up (分别为)."""
    passage = sentence[0].passage
    for name in ("whole", "each"):
        for match in rules.patterns[name].finditer(text, passage.start, passage.end):
            ending = rules.patterns["part_end"].search(text, match.end(), passage.end)
            end = ending.start() if ending else passage.end
            before = [item for item in sentence if item.number.end <= match.start()]
            parts = [item for item in sentence if match.end() <= item.number.start < end]
            parts = [item for item in parts if item.unit != _PERCENT]
            if not before or len(parts) < _FEWEST_PARTS or not _is_plain([before[-1], *parts]):
                continue
            total, stretch = before[-1], text[match.end() : parts[-1].number.end]
            if rules.patterns["overlapping"].search(stretch) or _parted(text, total, match.start(), rules):
                continue
            made = sum((item.value for item in parts), Decimal(0))
            if made > total.value or (name == "each" and made != total.value):
                values = tuple(_written(text, item) for item in (total, *parts))
                said = f"the parts {' + '.join(values[1:])} make {_plain(made)}, not {values[0]}"
                yield Conflict("total", (total.number, _around(parts)), values, said)


def _is_plain(items: Sequence[Observation]) -> bool:
    """Say whether numbers are exact and of one unit, so that they can be added."""
    return len({item.unit for item in items}) == 1 and not any(
        item.approximate or item.bound or item.planned for item in items
    )


def _parted(text: str, total: Observation, mark: int, rules: ConflictRules) -> bool:
    """Say whether a sentence ends between a total and the word for its parts."""
    return bool(rules.patterns["part_end"].search(text, total.number.end, mark))


def _rates(text: str, sentence: Sequence[Observation], rules: ConflictRules) -> Iterator[Conflict]:
    """Yield rates that contradict the two counts right before them."""
    for index, item in enumerate(sentence):
        if item.unit != _PERCENT or item.approximate or item.bound:
            continue
        kinds = [kind for kind in rules.rates if kind.rate.search(item.indicator)]
        if not kinds:
            continue
        near = sentence[max(0, index - _NEAR) : index]
        if any(other.unit == _PERCENT for other in near[-1:]):
            continue
        pair = _counts(near, kinds[0])
        if pair is None or rules.patterns["part_end"].search(text, pair[0].number.end, item.number.start):
            continue
        whole, part = pair
        made = 100 * part.value / whole.value
        if abs(made - item.value) > _TOLERANCE and part.value <= whole.value:
            values = tuple(_written(text, seen) for seen in (whole, part, item))
            told = _plain(made.quantize(Decimal("0.01")))
            said = f"{values[1]} of {values[0]} are {told}%, not the {values[2]} that follow"
            yield Conflict("rate", (_around([whole, part]), item.number), values, said)


def _counts(near: Sequence[Observation], kind: Rate) -> tuple[Observation, Observation] | None:
    """Return the whole and the part of a rate where just two neighbours can be meant."""
    for whole, part in reversed(list(pairwise(near))):
        if kind.part.search(part.indicator) and kind.whole.search(whole.indicator):
            clear = _is_plain([whole, part]) and not kind.part.search(whole.indicator) and whole.value
            return (whole, part) if clear else None
    return None


def _same_thing(text: str, ordered: Sequence[Observation], rules: ConflictRules) -> Iterator[Conflict]:
    """Yield two values of one indicator, unit, actor and time."""
    groups: dict[tuple[str, str, str, str], list[Observation]] = {}
    for item in ordered:
        if len(item.indicator) >= _LONG_INDICATOR and _is_plain([item]):
            groups.setdefault((item.of, item.indicator, item.unit, item.period), []).append(item)
    for items in groups.values():
        # Nearly all is said once; what is said again has to be whole each time.
        whole = [item for item in items if _is_whole(text, item, rules)] if len(items) > 1 else []
        yield from _differing(text, whole)


def _differing(text: str, items: Sequence[Observation]) -> Iterator[Conflict]:
    """Yield where a number is another than the first one of the same thing."""
    for item in items[1:]:
        first = items[0]
        if first.value != item.value and first.passage != item.passage:
            values = (_written(text, first), _written(text, item))
            said = f"{item.indicator}: {values[0]} first, and {values[1]} further on"
            yield Conflict("value", (first.number, item.number), values, said)


def _is_whole(text: str, item: Observation, rules: ConflictRules) -> bool:
    """Say whether a number is all of the report's time: not that of a part, nor beside another time's."""
    patterns = rules.patterns
    passage, number = item.passage, item.number
    ends = [match.end() for match in patterns["part_end"].finditer(text, passage.start, number.start)]
    start = ends[-1] if ends else passage.start  # a passage may quote several sentences
    end = patterns["part_end"].search(text, number.end, passage.end)
    before = text[start : number.start]
    compared = patterns["compared"].search(text, start, end.start() if end else passage.end)
    return bool(patterns["summed"].search(before)) and not (compared or patterns["narrow"].search(before))


def _around(items: Sequence[Observation]) -> Span:
    return Span(min(item.number.start for item in items), max(item.number.end for item in items))


def _written(text: str, item: Observation) -> str:
    return "".join(text[item.number.start : item.number.end].split())


def _plain(value: Decimal) -> str:
    """Return a number without exponent and trailing zeros."""
    told = f"{value:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told
