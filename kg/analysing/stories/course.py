"""Tells a course: how far a thing spread, when first, where it is only planned; then step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.analysing.network import LEVELS
from kg.analysing.stories.common import SOURCE, dotted, ended, names, some, sourced, years
from kg.analysing.telling import Branch, Cell, Lanes, Story, Table, Tree
from kg.analysing.tracing import Course, Standing, Step, Tied
from kg.analysing.words import NOTHING, Text, joined, level, listed, phrase, plan, same, say

_CHAINS = 4


def tell(found: Course) -> Story:
    """Return a course as sentences, a field of levels and years, trees, a table of steps and flat rows."""
    blocks: list[Lanes | Tree | Table] = []
    if found.steps:
        blocks.append(_lanes(found))
    if found.tied:
        roots = tuple(map(_tied, found.tied))
        top = Branch(Cell(same(found.label), mark="thing", kind=found.kind), below=roots)
        blocks.append(Tree("mandate", say("trc-mandate"), (top,), note=say("trc-mandate-note")))
    if found.places:
        note = say("trc-places-note", deed=phrase(found.deed))
        roots = tuple(map(_standing, found.places))
        blocks.append(Tree("places", say("trc-places"), roots, note=note))
    if found.steps:
        blocks.append(_table(found))
    return Story(
        title=say("trc-title", name=found.label),
        sentences=tuple(_sentences(found)),
        blocks=tuple(blocks),
        columns=("year", "level", "place", "actor", "predicate", "status", "object", *SOURCE),
        records=tuple(_records(found)),
        notes=(say("trc-year"), say("note-silence"), say("note-bodies")),
        documents=found.documents,
        names=(found.label,),
    )


def _sentences(found: Course) -> Iterator[Cell]:
    standing = list(_flat(found.places))
    done = [one for one in standing if one.status == "done"]
    planned = [one for one in standing if one.status == "planned"]
    deed = phrase(found.deed)
    if done:
        told = tuple(sorted({year for one in done for year in one.years}))
        said = say("trc-done", n=len(done), deed=deed, levels=_levels(done), years=years(told))
        if not told:
            said = say("trc-done-undated", n=len(done), deed=deed, levels=_levels(done))
        yield Cell(ended(said), some(e for one in done for e in one.evidence[:1]))
        first = [one for one in done if told and one.years and one.years[0] == told[0]]
        if len(told) > 1:
            places = names([one.label for one in first])
            yield Cell(
                ended(say("trc-first", year=told[0], places=places)),
                some(e for one in first for e in one.evidence[:1]),
            )
    elif not planned:
        yield Cell(ended(say("trc-nothing", name=found.label, deed=deed)))
    if found.reports:
        counts = [say("trc-of", year=year, n=told, total=total) for year, told, total in found.reports]
        yield Cell(ended(say("trc-reports", counts=listed(counts))))
    if planned:
        places = names([one.label for one in planned])
        key = "trc-planned" if done else "trc-only-planned"
        yield Cell(
            ended(say(key, n=len(planned), deed=deed, places=places, levels=_levels(planned))),
            some(e for one in planned for e in one.evidence[:1]),
        )
    if found.kept:
        kept = [say("trc-kept-one", place=place, plan=plan, done=year) for place, plan, year in found.kept]
        yield Cell(ended(say("trc-kept", n=len(kept), places=names(kept))))
    chains = [one for one in done if any(under.status == "done" for under in _flat(one.below))]
    if chains:
        pairs = [
            say(
                "trc-chain-one",
                place=one.label,
                below=names([u.label for u in _flat(one.below) if u.status == "done"], 3),
            )
            for one in chains
        ]
        evidence = some(e for one in chains[:_CHAINS] for e in one.evidence[:1])
        yield Cell(ended(say("trc-chain", chains=joined("semicolon", pairs[:_CHAINS]))), evidence)
    yield from _ties(found)


def _ties(found: Course) -> Iterator[Cell]:
    """Say what documents are tied to the thing, a sentence for each kind of tie."""
    for key in dict.fromkeys((one.predicate, one.inverse) for one in found.tied):
        group = [one for one in found.tied if (one.predicate, one.inverse) == key]
        key_name = f"trc-tie-{key[0]}{'-inverse' if key[1] else ''}"
        said = say(key_name, n=len(group), items=names([_issued(one) for one in group]))
        yield Cell(ended(said), some(e for one in group for e in one.evidence[:1]))
    deeds = [step for step in found.steps if step.predicate != found.deed]
    for predicate in dict.fromkeys(step.predicate for step in deeds):
        group_ = [step for step in deeds if step.predicate == predicate and not step.planned]
        actors = list(dict.fromkeys(step.actor_label for step in group_))
        if actors:
            said = say("trc-others", deed=phrase(predicate), n=len(actors), actors=names(actors))
            yield Cell(ended(said), some(e for step in group_ for e in step.evidence[:1]))


def _issued(one: Tied) -> Text:
    return say("trc-issued", name=one.label, by=names(one.issuers, 2)) if one.issuers else same(one.label)


def _flat(places: Sequence[Standing]) -> Iterator[Standing]:
    for one in places:
        yield one
        yield from _flat(one.below)


def _levels(places: Sequence[Standing]) -> Text:
    return listed(
        say("level-count", level=level(notation), n=sum(one.level == notation for one in places))
        for notation in (*LEVELS, "")
        if any(one.level == notation for one in places)
    )


def _lanes(found: Course) -> Lanes:
    """Lay out who did it: levels from the centre down, years from left to right, one chip a place."""
    steps = [step for step in found.steps if step.predicate == found.deed]
    columns = sorted({step.year for step in steps}, key=lambda year: (not year, year))
    done_in = [step.year for step in steps if step.year and not step.planned]
    first = min(done_in, default="") if len(columns) > 1 else ""
    rows = []
    for notation in (*LEVELS, ""):
        own = [step for step in steps if step.level == notation]
        if own:
            squares = tuple(tuple(_chips(own, year, first)) for year in columns)
            rows.append((level(notation), squares))
    heads = tuple(same(year) if year else say("trc-undated") for year in columns)
    note = say("trc-lanes-note")
    return Lanes("course", say("trc-lanes", deed=phrase(found.deed)), heads, tuple(rows), note=note)


def _chips(steps: Sequence[Step], year: str, first: str) -> Iterator[Cell]:
    own = [step for step in steps if step.year == year]
    did = {step.place for step in own if not step.planned}
    places = {(step.place, step.place_label) for step in own}
    for place, label in sorted(places, key=lambda one: (one[0] not in did, one[1], one[0])):
        done = [step for step in own if step.place == place and not step.planned]
        shown = done or [step for step in own if step.place == place]
        evidence = tuple(sorted({said for step in shown for said in step.evidence}))
        note = say("trc-first-chip") if done and first and year == first else NOTHING
        yield Cell(same(label), evidence, mark="done" if done else "planned", note=note)


def _tied(one: Tied) -> Branch:
    key = f"{one.predicate}{'-inverse' if one.inverse else ''}"
    note = dotted(same(one.year), *map(same, one.issuers[:2]))
    cell = Cell(
        same(one.label), one.evidence, mark="planned" if one.planned else "thing", kind=one.kind, note=note
    )
    return Branch(cell, say(f"tie-{key}"), tuple(map(_tied, one.further)))


def _standing(one: Standing, above: str = "") -> Branch:
    told = [years(one.years)] if one.status != "none" else []
    if one.province not in ("", above):
        told.append(same(one.province))
    cell = Cell(
        same(one.label), one.evidence, mark=one.status, kind="Jurisdiction",
        note=dotted(*told),
    )  # fmt: skip
    return Branch(cell, NOTHING, tuple(_standing(under, one.province or one.label) for under in one.below))


def _table(found: Course) -> Table:
    rows = tuple(
        (
            Cell(same(step.year) if step.year else say("trc-undated")),
            Cell(level(step.level)),
            Cell(same(step.place_label)),
            Cell(same(step.actor_label)),
            Cell(
                say("status-planned", deed=plan(step.predicate))
                if step.planned
                else say("status-done", deed=phrase(step.predicate)),
                step.evidence,
                mark="planned" if step.planned else "done",
            ),
        )
        for step in found.steps
    )
    columns = tuple(map(say, ("year-column", "level", "place", "actor", "deed")))
    return Table("steps", say("trc-steps"), columns, rows)


def _records(found: Course) -> Iterator[tuple[str, ...]]:
    documents = {document.iri: document for document in found.documents}
    for step in found.steps:
        status = "planned" if step.planned else "done"
        told = (
            step.year,
            step.level,
            step.place_label,
            step.actor_label,
            step.predicate,
            status,
            found.label,
        )
        for source in sourced(documents, step.evidence):
            yield (*told, *source)
    yield from _tied_records(found, found.label, found.tied)


def _tied_records(found: Course, name: str, tied: Sequence[Tied]) -> Iterator[tuple[str, ...]]:
    documents = {document.iri: document for document in found.documents}
    for one in tied:
        subject, obj = (one.label, name) if one.inverse else (name, one.label)
        status = "planned" if one.planned else "done"
        for source in sourced(documents, one.evidence):
            yield (one.year, "", "", subject, one.predicate, status, obj, *source)
        yield from _tied_records(found, one.label, one.further)
