"""Tells a comparison: what all share first, then what is told of each alone, then the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from kg.analysing.comparing import Aspect, Comparison, Item, Mark, Measured, Subject, Value, side_by_side
from kg.analysing.stories.common import SOURCE, ended, names, some, sourced, years
from kg.analysing.telling import Bars, Block, Cell, Story, Table
from kg.analysing.words import Text, joined, listed, same, say
from kg.graph.selection import EvidenceView

_OWN = ("issued", "issued-inverse", "specifies-inverse")
"""Aspects in which nobody expects to share: counts are told, not what is common."""
_EXAMPLES = 3
_WAN = 10_000
_LARGE_ZH = (("number-yi", 100_000_000), ("number-wan", _WAN))
_BILLION = 1_000_000_000
_COLUMNS = ("aspect", "item", "iri", "subject", "status", "years", "value", "unit", "period", "wording")


def tell(found: Comparison) -> Story:
    """Return a comparison as sentences, bars, tables and flat rows."""
    called = _called(found.subjects)
    every = listed(called)
    bars = Bars("shared", say("cmp-bars"), tuple(_bar(aspect, found, called) for aspect in found.aspects))
    blocks: list[Block] = [bars] if found.aspects else []
    blocks += [_matrix(aspect, called) for aspect in found.aspects]
    together = side_by_side(found)
    if together:
        blocks.insert(min(2, len(blocks)), _numbers("measures", together, called))
    alone = tuple(row for row in found.measures if row not in together)
    if alone:
        blocks.append(_numbers("measures-alone", alone, called))
    sentences = [sentence for aspect in found.aspects for sentence in _aspect(aspect, called)]
    sentences += [_measures(together, found, called)] if together else []
    if not sentences:
        sentences = [Cell(say("cmp-nothing", things=every))]
    alike = {subject.label for subject in found.subjects}
    over = say("cmp-years", thing=alike.pop(), years=every) if len(alike) == 1 else every
    return Story(
        title=say("cmp-title", things=over),
        sentences=tuple(sentences),
        blocks=tuple(blocks),
        columns=(*_COLUMNS, *SOURCE),
        records=tuple(_records(found, called)),
        notes=tuple(_notes(found, called)),
        documents=found.documents,
    )


def _called(subjects: Sequence[Subject]) -> tuple[Text, ...]:
    """Return a short name for each subject: with its year where the years are compared."""
    if subjects[0].kind == "Report":
        short = [
            say("thing-year", thing=s.place, year=s.years[0]) if s.place and s.years else None
            for s in subjects
        ]
        if None not in short and len(set(short)) == len(short):
            return tuple(text for text in short if text)
    if len({subject.iri for subject in subjects}) == 1:
        return tuple(say("year", year=subject.year) for subject in subjects)
    return tuple(
        say("thing-year", thing=subject.label, year=subject.year) if subject.year else same(subject.label)
        for subject in subjects
    )


def _aspect(aspect: Aspect, called: Sequence[Text]) -> Iterator[Cell]:
    """Say how much of an aspect all share, then how much is told of some, and of each alone."""
    title, everyone = say(f"aspect-{aspect.key}"), range(len(called))
    if not aspect.total:
        planned = [item.label for item in aspect.items]
        said = say("cmp-planned", name=title, n=len(planned), items=names(planned))
        yield Cell(ended(said), _first(aspect.items))
        return
    common = aspect.held(everyone)
    shared = _common(aspect, title, common, called)
    if aspect.key in _OWN:
        yield Cell(ended(shared), _first(common or aspect.items))
        return
    told: list[Text] = []
    behind: list[Item] = []
    several = [item for item in aspect.items if 1 < len(item.done) < len(called)]
    if several:
        told.append(say("cmp-some", n=len(several), items=names([item.label for item in several], 3)))
        behind += several[:3]
    for at in everyone:
        only = aspect.held((at,))
        if only:
            items = names([item.label for item in only], 3)
            told.append(say("cmp-only", thing=called[at], n=len(only), items=items))
            behind += only[:3]
    if not common or not told:
        yield Cell(ended(shared, *told), _first(common or behind))
        return
    yield Cell(ended(shared), _first(common))
    yield Cell(ended(say("cmp-rest", name=title, said=joined("semicolon", told))), _first(behind))


def _first(items: Sequence[Item]) -> tuple[EvidenceView, ...]:
    """Return the first sentence of each item for each subject."""
    return some(said for item in items for mark in item.marks if mark for said in mark.evidence[:1])


def _common(aspect: Aspect, title: Text, common: Sequence[Item], called: Sequence[Text]) -> Text:
    every = listed(called)
    if aspect.key in _OWN and not common:
        counts = [
            say("thing-count", thing=called[at], n=sum(at in item.done for item in aspect.items))
            for at in range(len(called))
        ]
        return say("cmp-counts", name=title, counts=listed(counts))
    if not common:
        return say("cmp-share-none", name=title, total=aspect.total, things=every)
    items = names([item.label for item in common])
    return say("cmp-share", name=title, total=aspect.total, things=every, n=len(common), items=items)


def _measures(rows: Sequence[Measured], found: Comparison, called: Sequence[Text]) -> Cell:
    """Say how many measures stand side by side; of the years of one thing, which changed most."""
    clear: dict[str, Measured] = {}
    for row in sorted(rows, key=lambda row: (_worded_apart(row), row.measure, row.unit)):
        if not row.planned and all(len(cell) == 1 for cell in row.values):
            clear.setdefault(row.measure, row)
    over_years = len({subject.iri for subject in found.subjects}) == 1
    chosen = list(clear.values())
    if over_years:
        # In other words it may be another thing that is counted: that is no change.
        alike = [row for row in chosen if not _worded_apart(row) and Decimal(row.values[0][0].value)]
        chosen = sorted(alike, key=lambda row: (-_change(row), row.measure))
    examples = [_example(row, called) for row in chosen[:_EXAMPLES]]
    said = say("cmp-measures", n=len(rows))
    if over_years and examples:
        examples = [say("cmp-changed", said=joined("semicolon", examples))]
    evidence = [said for row in chosen[:_EXAMPLES] for cell in row.values for said in cell[0].evidence[:1]]
    return Cell(ended(said, *examples), some(evidence))


def _worded_apart(row: Measured) -> bool:
    return len({value.wording for cell in row.values for value in cell}) > 1


def _change(row: Measured) -> Decimal:
    first, last = Decimal(row.values[0][0].value), Decimal(row.values[-1][0].value)
    return abs(last - first) / abs(first)


def _example(row: Measured, called: Sequence[Text]) -> Text:
    values = listed(
        say("thing-value", thing=thing, value=_number(cell[0], row.unit))
        for thing, cell in zip(called, row.values, strict=True)
    )
    measure = Text(row.zh, row.en)
    if row.period:
        return say("cmp-example-in", measure=measure, period=row.period, values=values)
    return say("cmp-example", measure=measure, values=values)


def _period(row: Measured) -> Text:
    period = same(row.period) if row.period else say("own-year")
    return say("period-target", period=period) if row.planned else period


def _grouped(value: str) -> Text:
    """Return a numeral as people write it: digits grouped, large ones in the large units of each language.

    >>> _grouped("119540000000"), _grouped("10900").en, _grouped("98.9").en
    (Text(zh='1,195.4 亿', en='119.54 billion'), '10,900', '98.9')
    """
    number = Decimal(value)
    plain = f"{number:,f}"
    zh = en = plain
    for key, size in _LARGE_ZH:
        scaled = number / size
        # With more digits a large unit is harder to read than the number itself.
        if abs(scaled) >= (1 if size > _WAN else 10) and scaled == round(scaled, 4):
            zh = say(key, n=f"{scaled.normalize():,f}").zh
            break
    if abs(number) >= _BILLION and number / _BILLION == round(number / _BILLION, 4):
        en = say("number-billion", n=f"{(number / _BILLION).normalize():,f}").en
    return Text(zh, en)


def _number(value: Value, unit: str) -> Text:
    shown = _grouped(value.value)
    if value.bound:
        shown = say(f"bound-{value.bound}", value=shown)
    if value.approximate:
        shown = say("approximate", value=shown)
    apart = "" if unit == "%" else " "
    # What ends in a large unit and what follows are one word in Chinese.
    return Text(f"{shown.zh}{apart if shown.zh[-1:].isascii() else ''}{unit}", f"{shown.en}{apart}{unit}")


def _bar(
    aspect: Aspect, found: Comparison, called: Sequence[Text]
) -> tuple[Cell, tuple[tuple[Text, int, int], ...]]:
    everyone = tuple(range(len(found.subjects)))
    several = sum(
        len(aspect.held(group)) for size in range(2, len(everyone)) for group in combinations(everyone, size)
    )
    parts = [(say("cmp-by-all"), len(aspect.held(everyone)), 0), (say("cmp-by-some"), several, 1)]
    parts += [(say("cmp-by-one", thing=called[at]), len(aspect.held((at,))), at + 2) for at in everyone]
    planned = sum(not item.done for item in aspect.items)
    parts.append((say("cmp-by-plan"), planned, -1))
    return Cell(say(f"aspect-{aspect.key}")), tuple(part for part in parts if part[1])


def _matrix(aspect: Aspect, called: Sequence[Text]) -> Table:
    rows = tuple(
        (Cell(same(item.label), mark="thing", kind=item.kind), *map(_mark, item.marks))
        for item in aspect.items
    )
    title = say(f"aspect-{aspect.key}")
    return Table(aspect.key, title, (say("item"), *called), rows, note=say("cmp-matrix"), matrix=True)


def _mark(mark: Mark | None) -> Cell:
    if mark is None:
        return Cell(say("mark-none"), mark="none")
    told = years(mark.years)
    key = "mark-planned" if mark.planned else "mark-done"
    return Cell(say(key, years=told), mark.evidence, mark="planned" if mark.planned else "done")


def _numbers(key: str, rows: Sequence[Measured], called: Sequence[Text]) -> Table:
    told = []
    for row in rows:
        cells = [_values(cell, row.unit, worded=_worded_apart(row)) for cell in row.values]
        told.append((Cell(Text(row.zh, row.en)), Cell(_period(row)), *cells))
    columns = (say("measure"), say("period"), *called)
    return Table(key, say(f"table-{key}"), columns, tuple(told), note=say(f"note-{key}"))


def _values(cell: Sequence[Value], unit: str, *, worded: bool) -> Cell:
    if not cell:
        return Cell(say("mark-none"), mark="none")
    evidence = some(said for value in cell for said in value.evidence)
    numbers = [_number(value, unit) for value in cell]
    if not worded:
        return Cell(listed(numbers), evidence)
    texts = [
        say("value-worded", value=number, wording=value.wording)
        for number, value in zip(numbers, cell, strict=True)
    ]
    slash = " / "
    return Cell(Text(slash.join(t.zh for t in texts), slash.join(t.en for t in texts)), evidence)


def _notes(found: Comparison, called: Sequence[Text]) -> Iterator[Text]:
    counts = [
        say("cmp-cover", thing=thing, n=subject.reports, years=years(subject.years))
        if subject.years
        else say("cmp-cover-undated", thing=thing, n=subject.reports)
        for thing, subject in zip(called, found.subjects, strict=True)
    ]
    if found.kind == "Report":
        yield say("note-silence")
        return
    yield say("cmp-reports", counts=listed(counts))
    reports = [subject.reports for subject in found.subjects]
    if 0 < max(reports) >= 2 * min(reports):
        yield say("cmp-uneven")
    over_years = len({subject.iri for subject in found.subjects}) == 1
    if not over_years and len({subject.years for subject in found.subjects if subject.years}) > 1:
        yield say("cmp-other-years")
    yield say("note-silence")
    if found.kind == "Jurisdiction":
        yield say("note-bodies")


def _records(found: Comparison, called: Sequence[Text]) -> Iterator[tuple[str, ...]]:
    documents = {document.iri: document for document in found.documents}
    for aspect in found.aspects:
        for item in aspect.items:
            for thing, mark in zip(called, item.marks, strict=True):
                if mark:
                    status = "planned" if mark.planned else "done"
                    told = (aspect.key, item.label, item.iri, thing.zh, status, " ".join(mark.years))
                    for source in sourced(documents, mark.evidence):
                        yield (*told, "", "", "", "", *source)
    for row in found.measures:
        for thing, cell in zip(called, row.values, strict=True):
            for value in cell:
                status = "planned" if row.planned else "done"
                number = f"{value.bound} {value.value}".strip()
                numbered = (
                    "measure",
                    row.zh,
                    row.measure,
                    thing.zh,
                    status,
                    "",
                    number,
                    row.unit,
                    row.period,
                )
                for source in sourced(documents, value.evidence):
                    yield (*numbered, value.wording, *source)
