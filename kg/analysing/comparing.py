"""Compares things of one class: what all share, what only some have, and their numbers side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyoxigraph

from kg.analysing import network
from kg.analysing.network import Fact, Network
from kg.errors import QueryError
from kg.graph import nquads
from kg.graph.selection import DocumentView, EdgeView, EvidenceView
from kg.graph.tables import plain

FEWEST, MOST = 2, 6
"""How many things can be compared: a page is wide enough for six columns."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One of what is compared: a thing or, with ``year``, what reports on that year say of it.

    ``actors`` are the IRIs of those who act as it: for a place, the bodies that serve it, too.
    ``years`` are the years of its reports (of a report: its own), ``reports`` how many state facts of it;
    ``place`` is the name of the place that a report is about.
    """

    iri: str
    kind: str
    label: str
    year: str
    actors: tuple[str, ...]
    place: str = ""
    years: tuple[str, ...] = ()
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """That an item holds of a subject: done, or only planned; in which years, by which sentences."""

    planned: bool
    years: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """What some of the subjects have: ``marks`` has a place for each, ``None`` where nothing is told."""

    label: str
    iri: str
    kind: str
    marks: tuple[Mark | None, ...]

    @property
    def done(self) -> tuple[int, ...]:
        """The positions of the subjects of which it is told as done."""
        return tuple(at for at, mark in enumerate(self.marks) if mark and not mark.planned)


@dataclass(frozen=True, slots=True)
class Aspect:
    """One respect in which things are compared, with all its items, the most shared first."""

    key: str
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        """How many items are told as done of at least one subject."""
        return sum(bool(item.done) for item in self.items)

    def held(self, by: Sequence[int]) -> tuple[Item, ...]:
        """Return the items told as done of exactly these subjects."""
        return tuple(item for item in self.items if item.done == tuple(by))


@dataclass(frozen=True, slots=True)
class Value:
    """A number that a document gives: ``wording`` is what it counts in the document's words."""

    value: str
    wording: str
    approximate: bool
    bound: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure in one period and unit: ``values`` has one place for each subject, with all it reports.

    ``planned`` holds of targets, which are told in the report on ``period`` and mostly meant for later.
    ``period`` is "" for the year that each report is about, where that is another for each subject.
    """

    measure: str
    zh: str
    en: str
    period: str
    unit: str
    planned: bool
    values: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is known of what things have in common and where they differ."""

    kind: str
    subjects: tuple[Subject, ...]
    aspects: tuple[Aspect, ...]
    measures: tuple[Measured, ...]
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """How an aspect is read: facts of ``predicate`` whose other end is the item, named as ``name`` says."""

    predicate: str
    inverse: bool = False
    both: bool = False
    name: str = "thing"

    @property
    def key(self) -> str:
        return self.predicate + ("-inverse" if self.inverse else "")


_DEEDS = (
    _Way("carriedOut"),
    _Way("implemented"),
    _Way("promoted"),
    _Way("issued", name="title"),
    _Way("contributedTo"),
    _Way("amended"),
    _Way("repealed"),
    _Way("received"),
    _Way("workedWith", both=True, name="bodies"),
)
_WAYS = {
    "Jurisdiction": _DEEDS,
    "Institution": _DEEDS,
    "Report": _DEEDS,
    "Initiative": (
        _Way("carriedOut", inverse=True, name="place"),
        _Way("specifies", inverse=True),
        _Way("partOf"),
        _Way("partOf", inverse=True),
    ),
    "PolicyDocument": (
        _Way("implemented", inverse=True, name="place"),
        _Way("promoted", inverse=True, name="place"),
        _Way("issued", inverse=True),
        _Way("contributedTo", inverse=True),
        _Way("amended", inverse=True),
        _Way("repealed", inverse=True),
        _Way("basedOn"),
        _Way("basedOn", inverse=True),
        _Way("specifies"),
    ),
    "Honour": (_Way("received", inverse=True, name="place"), _Way("conferredBy")),
}


def compare(store: pyoxigraph.Store, iris: Sequence[str], year: str = "") -> Comparison:
    """Compare two to six things of one class, or the years of one place or body.

    With ``year`` only what reports on that year say is compared. Of a place the deeds of the bodies that
    serve it count, those of places within it do not.

    Raises:
        QueryError: the things are too few, too many or of several classes, one has no second year, or no
            report is on ``year``.

    """
    net = network.read(store)
    things = [net.things[iri] for iri in dict.fromkeys(iris)]
    kinds = sorted({thing.kind for thing in things})
    if len(kinds) > 1:
        raise QueryError(f"compare: things of several classes, {', '.join(kinds)}; name things of one class")
    if not kinds:
        raise QueryError(
            f"compare: nothing is named; name {FEWEST} to {MOST} things, or one with several years"
        )
    _check_year(net, year)
    subjects = [Subject(thing.iri, thing.kind, thing.label, year, net.actors(thing.iri)) for thing in things]
    if len(subjects) == 1:
        subjects = _by_year(net, subjects[0])
    if not FEWEST <= len(subjects) <= MOST:
        raise QueryError(
            f"compare: {len(subjects)} things; name {FEWEST} to {MOST}, or one with several years"
        )
    found = {way.key: _items(net, subjects, way) for way in _WAYS[kinds[0]]}
    cited = network.cited(
        store, {fact for items in found.values() for item in items for mark in item.facts for fact in mark}
    )
    aspects = [
        Aspect(key, tuple(sorted((_item(net, one, cited) for one in items), key=_order)))
        for key, items in found.items()
        if items
    ]
    measures = _measures(store, net, subjects)
    cited_in = {said.document for aspect in aspects for item in aspect.items for said in _sentences(item)}
    cited_in |= {
        s.document for row in measures for cell in row.values for value in cell for s in value.evidence
    }
    return Comparison(
        kind=kinds[0],
        subjects=tuple(_covered(net, subject) for subject in subjects),
        aspects=tuple(aspects),
        measures=measures,
        documents=tuple(net.reports[iri] for iri in sorted(cited_in)),
    )


def _check_year(net: Network, year: str) -> None:
    known = sorted({report.year for report in net.reports.values()} - {""})
    if year and year not in known:
        advice = f"choose one of {', '.join(known)}" if known else "leave the year out"
        raise QueryError(f"compare: no report is on the year {plain(year)!r}; {advice}")


def _sentences(item: Item) -> Iterator[EvidenceView]:
    return (said for mark in item.marks if mark for said in mark.evidence)


def _by_year(net: Network, subject: Subject) -> list[Subject]:
    """Return a subject for each of the last years of which something is told."""
    years = _covered(net, replace(subject, year="")).years
    if len(years) < FEWEST:
        told = f"reports on {', '.join(years)} only" if years else "no report with a year"
        raise QueryError(
            f"compare: {subject.label} alone, with {told}; name a second thing to compare it with"
        )
    return [replace(subject, year=year) for year in years[-MOST:]]


def _covered(net: Network, subject: Subject) -> Subject:
    """Add how many reports, and on which years, tell of a subject."""
    if subject.kind == "Report":
        report = net.reports[subject.iri]
        own = (report.year,) if report.year else ()
        return replace(subject, years=own, reports=1, place=report.jurisdiction)
    told = {report for fact in _told(net, subject) for report in _reports(net, fact, subject)}
    years = {net.reports[report].year for report in told} - {""}
    return replace(subject, years=tuple(sorted(years)), reports=len(told))


def _reports(net: Network, fact: Fact, subject: Subject) -> tuple[str, ...]:
    """Return the reports that state a fact and count for a subject."""
    if subject.kind == "Report":
        return tuple(report for report in fact.reports if report == subject.iri)
    if subject.year:
        return tuple(report for report in fact.reports if net.reports[report].year == subject.year)
    return fact.reports


def _told(net: Network, subject: Subject) -> Iterator[Fact]:
    """Yield the facts that a subject is part of."""
    if subject.kind == "Report":
        yield from (fact for fact in net.facts if subject.iri in fact.reports)
        return
    for actor in subject.actors:
        yield from net.of.get(actor, ())
        yield from net.about.get(actor, ())


@dataclass(frozen=True, slots=True)
class _Found:
    """An item before its sentences are read: the facts that state it of each subject."""

    label: str
    iri: str
    kind: str
    facts: tuple[tuple[Fact, ...], ...]
    only: tuple[Subject, ...]


def _items(net: Network, subjects: Sequence[Subject], way: _Way) -> list[_Found]:
    label: dict[str, tuple[str, str, str]] = {}
    facts: dict[str, list[dict[Fact, None]]] = {}
    for at, subject in enumerate(subjects):
        for fact in _told(net, subject):
            if fact.predicate != way.predicate or not _reports(net, fact, subject):
                continue
            for key, named in _ends(net, subject, way, fact):
                label.setdefault(key, named)
                facts.setdefault(key, [{} for _ in subjects])[at][fact] = None
    return [
        _Found(*label[key], tuple(tuple(sorted(mark)) for mark in facts[key]), tuple(subjects))
        for key in sorted(facts)
    ]


def _ends(
    net: Network, subject: Subject, way: _Way, fact: Fact
) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Yield the item that a fact gives a subject: what it is grouped by, and (label, IRI, class)."""
    own = subject.kind == "Report" or fact.subject in subject.actors
    if way.name == "bodies":
        if subject.kind == "Institution":
            other = fact.object if own else fact.subject
            name = _local(net, other, subject.actors[0])
            yield name, (name, other, net.things[other].kind)
        else:
            ends = sorted(_local(net, end, subject.iri) for end in (fact.subject, fact.object))
            yield "\n".join(ends), (" + ".join(ends), "", "Institution")
        return
    if way.inverse == own and subject.kind != "Report":
        return
    thing = net.things[fact.subject if way.inverse else fact.object]
    if way.name == "place" and thing.place in net.things:
        thing = net.things[thing.place]
    key = thing.label if way.name == "title" else thing.iri
    yield key, (thing.label, thing.iri, thing.kind)


def _local(net: Network, body: str, home: str) -> str:
    """Return what a body is called at home, so that bodies of several places compare."""
    thing = net.things[body]
    report = net.reports.get(home)
    own = net.label(thing.place) == report.jurisdiction if report else thing.place == net.things[home].place
    if thing.kind == "Institution" and thing.place and own:
        return body.rpartition("/")[2]
    return thing.label


def _item(net: Network, found: _Found, cited: dict[network.Key, EdgeView]) -> Item:
    marks = []
    for subject, facts in zip(found.only, found.facts, strict=True):
        done = [fact for fact in facts if not fact.planned]
        shown = done or facts
        reports = {report for fact in shown for report in _reports(net, fact, subject)}
        evidence = {said for fact in shown for said in cited[fact.key].evidence if said.document in reports}
        years = sorted({net.reports[report].year for report in reports} - {""})
        marks.append(Mark(not done, tuple(years), tuple(sorted(evidence))) if facts else None)
    return Item(found.label, found.iri, found.kind, tuple(marks))


def _order(item: Item) -> tuple[object, ...]:
    held = [mark is not None for mark in item.marks]
    return (-len(item.done), -sum(held), [not here for here in held], item.label, item.iri)


_NUMBERS = """SELECT DISTINCT ?o ?of ?m ?zh ?en ?phrase ?value ?unit ?period ?planned ?approximate ?bound
    ?r ?start ?end ?quote ?section ?rule {
  VALUES {variable} { {values} }
  ?o gov:observedFor ?of ; gov:indicator ?i ; gov:value ?value ; gov:passage ?x ; gov:rule ?rule .
  ?i skos:broader ?m ; skos:prefLabel ?phrase .
  ?m skos:prefLabel ?zh , ?en FILTER(LANG(?zh) = "zh" && LANG(?en) = "en")
  ?x gov:source ?r ; gov:start ?start ; gov:end ?end ; gov:quote ?quote .
  OPTIONAL { ?x gov:section ?section }
  OPTIONAL { ?o gov:unit/skos:prefLabel ?unit }
  OPTIONAL { ?o gov:period ?period }
  OPTIONAL { ?o gov:approximate ?approximate }
  OPTIONAL { ?o gov:planned ?planned }
  OPTIONAL { ?o gov:bound ?bound }
}"""


def _measures(store: pyoxigraph.Store, net: Network, subjects: Sequence[Subject]) -> tuple[Measured, ...]:
    kind = subjects[0].kind
    if kind not in ("Jurisdiction", "Institution", "Report"):
        return ()
    own_years = len({subject.year for subject in subjects}) > 1
    wanted = {subject.iri for subject in subjects} if kind == "Report" else _all(s.actors for s in subjects)
    values = " ".join(map(nquads.iri, sorted(wanted)))
    query = _NUMBERS.replace("{values}", values).replace("{variable}", "?r" if kind == "Report" else "?of")
    found: dict[tuple[str, str, str, str, str, bool], list[dict[tuple[str, ...], set[EvidenceView]]]] = {}
    seen: dict[str, tuple[str, ...]] = {}
    for row in sorted(network.rows(store, query)):
        observation, of, measure, zh, en, phrase, value, unit, period, planned = row[:10]
        report = row[12]
        # An indicator or unit with several labels or measures above it gives several rows: the first counts.
        if seen.setdefault(observation, (measure, phrase, unit)) != (measure, phrase, unit):
            continue
        said = EvidenceView(report, int(row[13]), int(row[14]), row[15], row[16], row[17])
        # Over the years, each one's own stand in one row: a period is told only where it is another one.
        year = net.reports[report].year
        own = (kind == "Report" or own_years) and period in ("", year)
        key = (measure, zh, en, "" if own else period or year, unit, planned == "true")
        for at, subject in enumerate(subjects):
            mine = report == subject.iri if kind == "Report" else of in subject.actors
            if mine and subject.year in ("", year):
                cell = found.setdefault(key, [{} for _ in subjects])[at]
                cell.setdefault((value, phrase, *row[10:12]), set()).add(said)
    rows = [Measured(*key, tuple(map(_values, cells))) for key, cells in found.items()]
    return tuple(sorted(rows, key=_measure_order))


def _all(sets: Iterable[Iterable[str]]) -> set[str]:
    return {item for items in sets for item in items}


def _values(cell: dict[tuple[str, ...], set[EvidenceView]]) -> tuple[Value, ...]:
    return tuple(
        Value(value, phrase, approximate == "true", bound, tuple(sorted(said)))
        for (value, phrase, approximate, bound), said in sorted(cell.items())
    )


def _measure_order(row: Measured) -> tuple[object, ...]:
    return (-sum(map(bool, row.values)), row.planned, row.measure, row.period, row.unit)


def side_by_side(found: Comparison) -> tuple[Measured, ...]:
    """Return the measures that at least two subjects report in the same period and unit."""
    return tuple(row for row in found.measures if sum(map(bool, row.values)) >= FEWEST)
