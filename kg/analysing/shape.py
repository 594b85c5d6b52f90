"""Reckons the shape of a graph: what is in it, what holds it together, what is shared, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph

from kg.analysing import centrality, network
from kg.analysing.network import Fact, Network
from kg.errors import QueryError
from kg.graph.selection import THINGS, DocumentView, EvidenceView

TOP = 15
"""How many things a list of the first ones has."""
_MEMBERS = 8
_BEHIND = 6  # sentences that stand behind one number of a list


@dataclass(frozen=True, slots=True)
class Central:
    """A thing in the middle of the network, with its numbers (see :class:`kg.analysing.centrality.Place`)."""

    iri: str
    label: str
    kind: str
    degree: int
    betweenness: float
    pagerank: float
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Things joined to each other more than to the rest.

    ``members`` are the names of the most joined of them, ``places`` those of the places that most of its
    bodies serve.
    """

    size: int
    members: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What several places have: ``places`` did it, ``planning`` only plan it, ``first`` is its first year."""

    iri: str
    label: str
    places: tuple[str, ...]
    planning: tuple[str, ...]
    first: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Cooperating:
    """A body and those that it worked with, by name."""

    iri: str
    label: str
    partners: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is not certain, as counts: of facts, of numbers, of names and of statements."""

    facts: int
    planned: int
    numbers: int
    approximate: int
    unmeasured: int
    names_unsure: int
    conflicts: int
    undated: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a graph, or of what concerns one place.

    ``coverage`` counts the reports by (level of the place that they are about, year).
    """

    place: str
    kind: str
    kinds: tuple[tuple[str, int], ...]
    predicates: tuple[tuple[str, int, int], ...]
    reports: int
    places: int
    years: tuple[str, ...]
    numbers: centrality.Numbers
    central: tuple[Central, ...]
    bridges: tuple[Central, ...]
    groups: tuple[Group, ...]
    initiatives: tuple[Shared, ...]
    laws: tuple[Shared, ...]
    cooperating: tuple[Cooperating, ...]
    coverage: tuple[tuple[str, str, int], ...]
    doubts: Doubts
    documents: tuple[DocumentView, ...]


def shape(
    store: pyoxigraph.Store, summary: Mapping[str, Any], place: str = "", kind: str = "", top: int = TOP
) -> Shape:
    """Reckon the shape of a graph.

    ``summary`` is what ``summary.json`` of the output folder holds. With ``place`` (an IRI) only facts count
    that a place, the places within it or their bodies are part of, and the reports that state those; with
    ``kind`` (a class) only things of that class are listed as the most connected.

    Raises:
        QueryError: there is no such class.

    """
    if kind and kind not in THINGS:
        raise QueryError(f"stats: no kind is called {kind!r}; choose one of {', '.join(THINGS)}")
    whole = network.read(store)
    on = network.linked(store, "reportsOn")
    net = _within(whole, place) if place else whole
    reports = _reports(net, on, place)
    done = [fact for fact in net.facts if not fact.planned]
    pairs = [(fact.subject, fact.object) for fact in done]
    serving = sorted({end for pair in pairs for end in pair})
    # All central bodies serve the country: that would tie together what nothing else does.
    pairs += [(iri, thing.place) for iri in serving if (thing := net.things[iri]).kind == "Institution"
              and thing.place in net.things and thing.level != "country"]  # fmt: skip
    numbers = centrality.measure(pairs)
    ranked = sorted(numbers.places, key=lambda at: (-at.degree, -at.betweenness, at.iri))
    ranked = [at for at in ranked if kind in ("", net.things[at.iri].kind)][:top]
    holding = [at for at in numbers.places if at.betweenness and _ties_places(net, at.iri)]
    holding = sorted(holding, key=lambda at: (-at.betweenness, -at.degree, at.iri))[:top]
    teller = _Teller(store, net)
    central, bridges = teller.central(ranked), teller.central(holding)
    initiatives = teller.shared(("carriedOut",), "Initiative", top)
    laws = teller.shared(("implemented", "promoted"), "PolicyDocument", top)
    cooperating = teller.cooperating(top)
    behind = [one.evidence for one in (*central, *bridges)]
    behind += [one.evidence for one in (*initiatives, *laws)] + [one.evidence for one in cooperating]
    cited = {said.document for evidence in behind for said in evidence}
    kinds = Counter(thing.kind for thing in net.things.values())
    return Shape(
        place=whole.label(place) if place else "",
        kind=kind,
        kinds=tuple((name, kinds[name]) for name in THINGS if kinds[name]),
        predicates=_predicates(net),
        reports=len(reports),
        places=len({on[report] for report in reports if report in on}),
        years=tuple(sorted({report.year for report in reports.values()} - {""})),
        numbers=numbers,
        central=central,
        bridges=bridges,
        groups=_groups(net, numbers),
        initiatives=initiatives,
        laws=laws,
        cooperating=cooperating,
        coverage=_coverage(whole, reports, on),
        doubts=_doubts(store, net, reports, on, summary),
        documents=tuple(net.reports[report] for report in sorted(cited)),
    )


def _within(net: Network, place: str) -> Network:
    """Return the part of a network that concerns a place and those within it."""
    inside = {iri for iri, thing in net.things.items() if thing.place and place in net.above(thing.place)}
    facts = tuple(fact for fact in net.facts if fact.subject in inside or fact.object in inside)
    ends = inside | {end for fact in facts for end in (fact.subject, fact.object)}
    ends |= {net.things[end].place for end in ends if net.things[end].place in net.things}
    reports = {report for fact in facts for report in fact.reports}
    things = {iri: thing for iri, thing in net.things.items() if iri in ends or iri in reports}
    return replace(net, things=things, facts=facts)


def _ties_places(net: Network, iri: str) -> bool:
    """Tell whether a thing is an initiative or a document that bodies of several places have to do with."""
    if net.things[iri].kind not in ("Initiative", "PolicyDocument"):
        return False
    facts = (fact for fact in net.about.get(iri, ()) if not fact.planned)
    return len({net.things[fact.subject].place for fact in facts} - {""}) > 1


def _reports(net: Network, on: Mapping[str, str], place: str) -> dict[str, DocumentView]:
    if not place:
        return dict(net.reports)
    told = {report for fact in net.facts for report in fact.reports}
    return {
        iri: report
        for iri, report in net.reports.items()
        if iri in told or (iri in on and place in net.above(on[iri]))
    }


def _predicates(net: Network) -> tuple[tuple[str, int, int], ...]:
    done = Counter(fact.predicate for fact in net.facts if not fact.planned)
    planned = Counter(fact.predicate for fact in net.facts if fact.planned)
    names = sorted({*done, *planned}, key=lambda name: (-done[name] - planned[name], name))
    return tuple((name, done[name], planned[name]) for name in names)


class _Teller:
    """Adds names and sentences to what was counted."""

    def __init__(self, store: pyoxigraph.Store, net: Network) -> None:
        self._store, self._net = store, net

    def central(self, places: Iterable[centrality.Place]) -> tuple[Central, ...]:
        net = self._net
        of = {at.iri: self._facts(at.iri) for at in places}
        cited = self._cited(of)
        return tuple(
            Central(at.iri, net.label(at.iri), net.things[at.iri].kind, at.degree, at.betweenness,
                    at.pagerank, cited[at.iri])
            for at in places
        )  # fmt: skip

    def shared(self, predicates: tuple[str, ...], kind: str, top: int) -> tuple[Shared, ...]:
        """Return what the most places did, at least two; what only one did is not shared."""
        net, found = self._net, []
        for iri, facts in net.about.items():
            if net.things[iri].kind != kind:
                continue
            own = [fact for fact in facts if fact.predicate in predicates]
            did = {net.things[f.subject].place for f in own if not f.planned} - {""}
            plan = {net.things[f.subject].place for f in own if f.planned} - {""} - did
            if len(did) + len(plan) > 1:
                found.append((iri, did, plan, own))
        found.sort(key=lambda one: (-len(one[1]), -len(one[2]), net.label(one[0]), one[0]))
        cited = self._cited({iri: _one_a_place(net, own) for iri, _, _, own in found[:top]})
        return tuple(
            Shared(
                iri,
                net.label(iri),
                tuple(sorted(map(net.label, did))),
                tuple(sorted(map(net.label, plan))),
                min((year for fact in own if not fact.planned for year in net.years(fact)), default=""),
                cited[iri],
            )
            for iri, did, plan, own in found[:top]
        )

    def cooperating(self, top: int) -> tuple[Cooperating, ...]:
        net = self._net
        partners: dict[str, dict[str, Fact]] = {}
        for fact in net.facts:
            if fact.predicate == "workedWith" and not fact.planned:
                partners.setdefault(fact.subject, {})[fact.object] = fact
                partners.setdefault(fact.object, {})[fact.subject] = fact
        order = sorted(partners, key=lambda iri: (-len(partners[iri]), net.label(iri), iri))
        order = [iri for iri in order if len(partners[iri]) > 1][:top]
        cited = self._cited({iri: list(partners[iri].values()) for iri in order})
        return tuple(
            Cooperating(iri, net.label(iri), tuple(sorted(map(net.label, partners[iri]))), cited[iri])
            for iri in order
        )

    def _facts(self, iri: str) -> list[Fact]:
        net = self._net
        return [fact for fact in (*net.of.get(iri, ()), *net.about.get(iri, ())) if not fact.planned]

    def _cited(self, facts: Mapping[str, list[Fact]]) -> dict[str, tuple[EvidenceView, ...]]:
        few = {iri: sorted(own)[:_BEHIND] for iri, own in facts.items()}
        cited = network.cited(self._store, [fact for own in few.values() for fact in own])
        return {
            iri: tuple(dict.fromkeys(said for fact in own for said in cited[fact.key].evidence[:1]))
            for iri, own in few.items()
        }


def _one_a_place(net: Network, facts: Iterable[Fact]) -> list[Fact]:
    found: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.planned):
        found.setdefault(net.things[fact.subject].place, fact)
    return list(found.values())


def _groups(net: Network, numbers: centrality.Numbers) -> tuple[Group, ...]:
    degree = {at.iri: at.degree for at in numbers.places}
    found = []
    for group in numbers.groups:
        if len(group) > 2:
            members = sorted(group, key=lambda iri: (-degree[iri], iri))[:_MEMBERS]
            places = Counter(net.things[iri].place for iri in group if net.things[iri].place in net.things)
            first = sorted(places, key=lambda iri: (-places[iri], iri))[:3]
            found.append(Group(len(group), tuple(map(net.label, members)), tuple(map(net.label, first))))
    return tuple(found)


def _coverage(
    net: Network, reports: Mapping[str, DocumentView], on: Mapping[str, str]
) -> tuple[tuple[str, str, int], ...]:
    counts = Counter(
        (net.things[on[iri]].level if on.get(iri) in net.things else "", report.year)
        for iri, report in reports.items()
    )
    return tuple((level, year, n) for (level, year), n in sorted(counts.items()))


_OBSERVED = """SELECT ?o ?of ?r (SAMPLE(?m) AS ?measure) (SAMPLE(?a) AS ?about) {
  ?o a gov:Observation ; gov:indicator ?i ; gov:passage/gov:source ?r .
  OPTIONAL { ?o gov:observedFor ?of }
  OPTIONAL { ?i skos:broader ?m }
  OPTIONAL { ?o gov:approximate ?a }
} GROUP BY ?o ?of ?r"""


def _doubts(
    store: pyoxigraph.Store,
    net: Network,
    reports: Mapping[str, DocumentView],
    on: Mapping[str, str],
    summary: Mapping[str, Any],
) -> Doubts:
    rows = [row for row in network.rows(store, _OBSERVED) if row[2] in reports]
    told = [row for row in summary["documents"] if row["report"] in reports]
    return Doubts(
        facts=len(net.facts),
        planned=sum(fact.planned for fact in net.facts),
        numbers=len({row[0] for row in rows}),
        approximate=len({row[0] for row in rows if row[4] == "true"}),
        unmeasured=len({row[0] for row in rows if not row[3]}),
        names_unsure=sum(len(row["unsure"]) for row in told),
        conflicts=sum(len(row["conflicts"]) for row in told),
        undated=sum(not report.year for report in reports.values()),
        unplaced=sum(iri not in on for iri in reports),
    )
