"""Finds how two things hang together: the shortest ways from one to the other over facts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph

from kg.analysing import network
from kg.analysing.network import Fact, Network
from kg.errors import QueryError
from kg.graph.selection import DocumentView, EdgeView, EvidenceView

if TYPE_CHECKING:
    import networkx as nx

_SERVES, _WITHIN = "serves", "within"
_COSTS = {_SERVES: 0.5, _WITHIN: 3.0}
"""What a step costs that is no fact: a body and its place are nearly one; all places lie in one country."""
_FACT, _PLAN = 1.0, 2.5
_HUB = 0.35
"""What passing through a thing costs for each doubling of its facts: what all have explains little."""
_TRIED = 400
"""How many ways are looked at, the cheapest first, for those that are short enough and differ."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A thing on the way; ``joins`` is how many things facts join it to."""

    iri: str
    label: str
    kind: str
    joins: int


@dataclass(frozen=True, slots=True)
class Move:
    """A fact on the way. ``forward`` where it reads in the direction of the way.

    ``evidence`` is empty for what follows from identity and reference data (``serves``, ``within``).
    """

    predicate: str
    forward: bool
    planned: bool
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Things and the moves between them; the lower its cost, the more it explains."""

    stops: tuple[Stop, ...]
    moves: tuple[Move, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways between two things, the cheapest first."""

    start: Stop
    end: Stop
    ways: tuple[Way, ...]
    documents: tuple[DocumentView, ...]


def paths(store: pyoxigraph.Store, start: str, end: str, most: int = 3, length: int = 6) -> Ways:
    """Return at most ``most`` ways of at most ``length`` steps between two things, the most telling first.

    A step is a fact, or joins a body to the place that it serves, or a place to the one it lies in. Ways over
    things that very many facts join cost more, plans more than deeds. To stand in one report is no tie.

    Raises:
        QueryError: both are the same thing, or ``most`` or ``length`` is below 1.

    """
    for name, number in (("most", most), ("length", length)):
        if number < 1:
            raise QueryError(f"path: {name} is {number!r}; give 1 or more")
    net = network.read(store)
    if start == end:
        raise QueryError(f"path: {net.label(start)} twice; name two things")
    graph = _graph(net)
    found = list(_found(net, graph, start, end, most, length)) if {start, end} <= set(graph) else []
    pairs = {frozenset(pair) for way in found for pair in itertools.pairwise(way)}
    cited = network.cited(
        store, {fact for pair in pairs for fact in graph.edges[min(pair), max(pair)]["facts"]}
    )
    ways = tuple(_way(net, graph, way, cited) for way in found)
    documents = {said.document for way in ways for move in way.moves for said in move.evidence}
    return Ways(
        _stop(net, graph, start),
        _stop(net, graph, end),
        ways,
        tuple(net.reports[report] for report in sorted(documents)),
    )


def _graph(net: Network) -> nx.Graph[str]:
    """Return a graph with one edge a pair, which knows its facts and what it costs to take it."""
    import networkx as nx  # noqa: PLC0415

    graph: nx.Graph[str] = nx.Graph()
    for iri in sorted(net.things):
        if net.things[iri].kind != "Report":
            graph.add_node(iri)
    for fact in net.facts:
        if fact.subject in graph and fact.object in graph and fact.subject != fact.object:
            _join(graph, fact.subject, fact.object, _PLAN if fact.planned else _FACT, fact)
    for thing in map(net.things.__getitem__, sorted(net.things)):
        if thing.kind == "Institution" and thing.place in graph:
            _join(
                graph,
                thing.iri,
                thing.place,
                _COSTS[_SERVES],
                Fact(thing.iri, _SERVES, thing.place, False, ()),
            )
        above = net.within.get(thing.iri, "")
        if above in graph:
            _join(graph, thing.iri, above, _COSTS[_WITHIN], Fact(thing.iri, _WITHIN, above, False, ()))
    degree = dict(graph.degree())
    for one, other, data in graph.edges(data=True):
        # Half of what both ends cost: passing through a thing takes one edge in and one out.
        data["cost"] = round(data["step"] + _HUB * (math.log2(degree[one]) + math.log2(degree[other])) / 2, 6)
    return graph


def _join(graph: nx.Graph[str], one: str, other: str, step: float, fact: Fact) -> None:
    if not graph.has_edge(one, other):
        graph.add_edge(one, other, step=step, facts=[])
    data = graph.edges[one, other]
    data["step"] = min(data["step"], step)
    data["facts"].append(fact)


def _found(
    net: Network, graph: nx.Graph[str], start: str, end: str, most: int, length: int
) -> Iterator[list[str]]:
    """Yield ways that are short enough and pass through things that no way before them passed through."""
    import networkx as nx  # noqa: PLC0415

    passed: set[str] = set()
    taken = 0
    ways = nx.shortest_simple_paths(graph, start, end, weight="cost")
    try:
        for way in itertools.islice(ways, _TRIED):
            # Another body of one place makes no other explanation.
            between = {thing for thing in way[1:-1] if net.things[thing].kind != "Institution"}
            if len(way) - 1 <= length and (not taken or between - passed):
                yield way
                passed |= between
                taken += 1
                if taken == most:
                    return
    except nx.NetworkXNoPath:
        return


def _stop(net: Network, graph: nx.Graph[str], iri: str) -> Stop:
    thing = net.things[iri]
    return Stop(iri, thing.label, thing.kind, graph.degree(iri) if iri in graph else 0)


def _way(net: Network, graph: nx.Graph[str], way: list[str], cited: dict[network.Key, EdgeView]) -> Way:
    moves, cost = [], 0.0
    for one, other in itertools.pairwise(way):
        data = graph.edges[one, other]
        fact = min(data["facts"], key=lambda fact: (fact.planned, not fact.reports, fact))
        moves.append(Move(fact.predicate, fact.subject == one, fact.planned, cited[fact.key].evidence))
        cost += data["cost"]
    return Way(tuple(_stop(net, graph, iri) for iri in way), tuple(moves), round(cost, 3))
