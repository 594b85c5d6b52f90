"""Tells the shape of a graph: each number with what it means to one who reads policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.analysing.network import LEVELS
from kg.analysing.shape import Central, Shape, Shared
from kg.analysing.stories.common import SOURCE, ended, names, sourced, years
from kg.analysing.telling import Bars, Block, Cell, Story, Table
from kg.analysing.words import Text, joined, kind, level, listed, phrase, same, say
from kg.graph.selection import EvidenceView

_COLUMNS = 9
"""Years that the table of coverage shows one by one; those before are put together."""
_GROUPS = 12


def tell(found: Shape) -> Story:
    """Return the shape of a graph as sentences, tables of its numbers and lists, and flat rows."""
    place = say("shp-title-place", place=found.place) if found.place else say("shp-title")
    blocks: list[Block] = [_shared("initiatives", found.initiatives), _shared("laws", found.laws)]
    blocks += [_coverage(found), _kinds(found), _bridges(found), _central(found), _cooperating(found)]
    blocks += [_groups(found), _numbers(found), _doubts(found)]
    return Story(
        title=place,
        sentences=tuple(_sentences(found)),
        blocks=tuple(block for block in blocks if block.rows),  # type: ignore[union-attr]
        columns=("section", "name", "kind", "measure", "value", "detail", *SOURCE),
        records=tuple(_records(found)),
        notes=(say("shp-note"),),
        documents=found.documents,
    )


def _sentences(found: Shape) -> Iterator[Cell]:
    numbers, doubts = found.numbers, found.doubts
    things = sum(n for name, n in found.kinds if name != "Report")
    size = say("shp-size-undated", reports=found.reports, places=found.places)
    if found.years:
        size = say("shp-size", reports=found.reports, places=found.places, years=years(found.years))
    yield Cell(
        ended(
            size,
            say("shp-facts", things=things, facts=doubts.facts - doubts.planned, plans=doubts.planned,
                numbers=doubts.numbers),
        )
    )  # fmt: skip
    for key, shared in (("shp-initiatives", found.initiatives), ("shp-laws", found.laws)):
        told = [one for one in shared if len(one.places) > 1]
        if told:
            first = listed(say("shp-shared-one", name=one.label, n=len(one.places)) for one in told[:4])
            yield Cell(ended(say(key, items=first)), tuple(e for one in told[:4] for e in one.evidence[:2]))
    if numbers.components:
        whole = round(100 * numbers.components[0] / numbers.things)
        yield Cell(ended(say("shp-whole", share=whole, n=len(numbers.components))))
    if found.bridges:
        items = listed(one.label for one in found.bridges[:3])
        evidence = tuple(e for one in found.bridges[:3] for e in one.evidence[:2])
        yield Cell(ended(say("shp-bridges", items=items)), evidence)
    if found.cooperating:
        first = listed(
            say("shp-cooperating-one", name=one.label, n=len(one.partners)) for one in found.cooperating[:3]
        )
        evidence = tuple(e for one in found.cooperating[:3] for e in one.evidence[:2])
        yield Cell(ended(say("shp-cooperating", items=first)), evidence)
    yield from _spread(found)
    yield Cell(
        ended(
            say("shp-unsure", names=doubts.names_unsure, conflicts=doubts.conflicts),
            say("shp-unmeasured", n=doubts.unmeasured, total=doubts.numbers),
        )
    )


def _spread(found: Shape) -> Iterator[Cell]:
    """Say which year has the most reports, if one has: of the others less can be said."""
    by_year: dict[str, int] = {}
    for _, year, n in found.coverage:
        if year:
            by_year[year] = by_year.get(year, 0) + n
    order = sorted(by_year, key=lambda year: (-by_year[year], year))
    if len(order) > 1 and by_year[order[0]] > by_year[order[1]]:
        yield Cell(ended(say("shp-spread", year=order[0], n=by_year[order[0]], total=found.reports)))


def _kinds(found: Shape) -> Bars:
    """Draw how many things of each class, and how many facts of each kind, there are."""
    rows = [(Cell(phrase(name)), _parts(done, planned)) for name, done, planned in found.predicates]
    return Bars("facts", say("shp-facts-title"), tuple(rows), note=say("shp-facts-note"))


def _parts(done: int, planned: int) -> tuple[tuple[Text, int, int], ...]:
    parts = ((say("done"), done, 0), (say("planned"), planned, -1))
    return tuple(part for part in parts if part[1])


def _coverage(found: Shape) -> Table:
    years_ = sorted({year for _, year, _ in found.coverage if year})
    late = years_[-_COLUMNS:]
    early = set(years_) - set(late)
    columns = [*(["<"] if early else []), *late, *([""] if any(not y for _, y, _ in found.coverage) else [])]
    heads = [
        say("shp-before", year=late[0]) if year == "<" else same(year) if year else say("trc-undated")
        for year in columns
    ]
    counts: dict[tuple[str, str], int] = {}
    for notation, year, n in found.coverage:
        key = (notation, "<" if year in early else year)
        counts[key] = counts.get(key, 0) + n
    most = max(counts.values(), default=1)
    rows = tuple(
        (Cell(level(notation)), *(_count(counts.get((notation, year), 0), most) for year in columns))
        for notation in (*LEVELS, "")
        if any((notation, year) in counts for year in columns)
    )
    title, note = say("shp-coverage"), say("shp-coverage-note")
    return Table("coverage", title, (say("level"), *heads), rows, note=note, matrix=True)


def _count(n: int, most: int) -> Cell:
    return Cell(same(n), mark="heat", share=n / most) if n else Cell(say("mark-none"), mark="none")


def _numbers(found: Shape) -> Table:
    numbers = found.numbers
    mean = 2 * numbers.pairs / numbers.things if numbers.things else 0.0
    values: list[tuple[str, str]] = [
        ("things", f"{numbers.things:,}"),
        ("pairs", f"{numbers.pairs:,}"),
        ("mean", f"{mean:.1f}"),
        ("density", f"{100 * numbers.density:.2f}%"),
        ("components", f"{len(numbers.components):,}"),
        ("largest", f"{numbers.components[0]:,}" if numbers.components else "0"),
        ("groups", f"{len(found.groups):,}"),
        ("modularity", f"{numbers.modularity:.2f}"),
    ]
    rows = tuple(
        (Cell(say(f"num-{key}")), Cell(same(value)), Cell(say(f"num-{key}-means"))) for key, value in values
    )
    columns = (say("measure"), say("value"), say("means"))
    return Table("network", say("shp-network"), columns, rows, note=say("shp-network-note"))


def _shared(key: str, shared: Sequence[Shared]) -> Table:
    most = max((len(one.places) for one in shared), default=1) or 1
    rows = tuple(
        (
            Cell(same(one.label), one.evidence, mark="thing",
                 kind="Initiative" if key == "initiatives" else "PolicyDocument"),
            Cell(same(len(one.places)), one.evidence, share=len(one.places) / most),
            Cell(same(len(one.planning))),
            Cell(same(one.first) if one.first else say("mark-none")),
            Cell(names(one.places or one.planning, 4)),
        )
        for one in shared
    )  # fmt: skip
    columns = tuple(map(say, ("item", "shp-did", "shp-plan", "shp-first", "shp-where")))
    return Table(key, say(f"shp-{key}-title"), columns, rows, note=say(f"shp-{key}-note"))


def _central(found: Shape) -> Table:
    rows = tuple(_central_row(one, max(c.degree for c in found.central)) for one in found.central)
    columns = tuple(map(say, ("item", "shp-kind", "shp-degree", "shp-between", "shp-rank")))
    note = say("shp-central-note")
    if found.numbers.sampled:
        note = joined("list-note", [note, say("shp-sampled", n=found.numbers.sampled)])
    return Table("central", say("shp-central-title"), columns, rows, note=note)


def _central_row(one: Central, most: int) -> tuple[Cell, ...]:
    return (
        Cell(same(one.label), one.evidence, mark="thing", kind=one.kind),
        Cell(kind(one.kind)),
        Cell(same(one.degree), one.evidence, share=one.degree / most),
        Cell(same(f"{100 * one.betweenness:.1f}%")),
        Cell(same(f"{100 * one.pagerank:.2f}%")),
    )


def _bridges(found: Shape) -> Table:
    most = max((one.betweenness for one in found.bridges), default=1.0)
    rows = tuple(
        (
            Cell(same(one.label), one.evidence, mark="thing", kind=one.kind),
            Cell(same(f"{100 * one.betweenness:.1f}%"), one.evidence, share=one.betweenness / most),
            Cell(same(one.degree)),
        )
        for one in found.bridges
    )
    columns = tuple(map(say, ("item", "shp-between", "shp-degree")))
    return Table("bridges", say("shp-bridges-title"), columns, rows, note=say("shp-bridges-note"))


def _cooperating(found: Shape) -> Table:
    most = max((len(one.partners) for one in found.cooperating), default=1)
    rows = tuple(
        (
            Cell(same(one.label), one.evidence, mark="thing", kind="Institution"),
            Cell(same(len(one.partners)), one.evidence, share=len(one.partners) / most),
            Cell(names(one.partners, 4)),
        )
        for one in found.cooperating
    )
    columns = tuple(map(say, ("item", "shp-partners", "shp-with")))
    return Table("cooperating", say("shp-cooperating-title"), columns, rows, note=say("shp-cooperating-note"))


def _groups(found: Shape) -> Table:
    most = max((one.size for one in found.groups), default=1)
    rows = tuple(
        (
            Cell(same(one.size), share=one.size / most),
            Cell(listed(one.places) if one.places else say("mark-none")),
            Cell(names(one.members, 6)),
        )
        for one in found.groups[:_GROUPS]
    )
    columns = tuple(map(say, ("shp-group-size", "place", "shp-group-members")))
    return Table("groups", say("shp-groups-title"), columns, rows, note=say("shp-groups-note"))


def _doubts(found: Shape) -> Table:
    doubts = found.doubts
    values = [
        ("planned", doubts.planned, doubts.facts),
        ("approximate", doubts.approximate, doubts.numbers),
        ("unmeasured", doubts.unmeasured, doubts.numbers),
        ("names", doubts.names_unsure, 0),
        ("conflicts", doubts.conflicts, 0),
        ("undated", doubts.undated, found.reports),
        ("unplaced", doubts.unplaced, found.reports),
    ]
    rows = tuple(
        (
            Cell(say(f"dbt-{key}")),
            Cell(
                say("n-of", n=n, total=total) if total else same(f"{n:,}"), share=n / total if total else -1.0
            ),
            Cell(say(f"dbt-{key}-means")),
        )
        for key, n, total in values
    )
    return Table("doubts", say("shp-doubts-title"), (say("what"), say("value"), say("means")), rows)


def _records(found: Shape) -> Iterator[tuple[str, ...]]:
    """Yield everything as rows: section, name, class, measure, value, more of it, and a sentence."""
    none = ("",) * len(SOURCE)
    for row in _counted(found):
        yield (*row, *none)
    documents = {document.iri: document for document in found.documents}
    for row, evidence in _listed(found):
        for source in sourced(documents, evidence[:1]):
            yield (*row, *source)


def _counted(found: Shape) -> Iterator[tuple[str, ...]]:
    numbers, doubts = found.numbers, found.doubts
    yield from (("things", name, name, "count", str(n), "") for name, n in found.kinds)
    for name, done, planned in found.predicates:
        yield ("facts", name, "", "done", str(done), "")
        yield ("facts", name, "", "planned", str(planned), "")
    yield from (("coverage", notation, "", "reports", str(n), year) for notation, year, n in found.coverage)
    for measure in ("things", "pairs", "density", "modularity"):
        yield ("network", "", "", measure, str(getattr(numbers, measure)), "")
    yield from (("network", "", "", "component", str(size), "") for size in numbers.components)
    for at, group in enumerate(found.groups, 1):
        yield ("groups", str(at), "", "size", str(group.size), " ".join(group.members))
    for measure in type(doubts).__dataclass_fields__:
        yield ("doubts", "", "", measure, str(getattr(doubts, measure)), "")


def _listed(found: Shape) -> Iterator[tuple[tuple[str, ...], Sequence[EvidenceView]]]:
    for section, central in (("central", found.central), ("bridges", found.bridges)):
        for one in central:
            for measure in ("degree", "betweenness", "pagerank"):
                yield (section, one.label, one.kind, measure, str(getattr(one, measure)), ""), one.evidence
    sections = (("initiatives", "Initiative", found.initiatives), ("laws", "PolicyDocument", found.laws))
    for section, kind_, shared in sections:
        for each in shared:
            for measure, places in (("places", each.places), ("planning", each.planning)):
                row = (section, each.label, kind_, measure, str(len(places)), " ".join(places))
                yield row, each.evidence
    for body in found.cooperating:
        told = ("cooperating", body.label, "Institution", "partners", str(len(body.partners)))
        yield (*told, " ".join(body.partners)), body.evidence
