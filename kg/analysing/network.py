"""Makes networks of a graph: one for networkx, and one light enough to be read whole for each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph

from kg import terms
from kg.graph import nquads, querying, selection
from kg.graph.selection import THINGS, DocumentView, EdgeView, EvidenceView, GraphView

if TYPE_CHECKING:
    import networkx as nx

Key = tuple[str, str, str]
"""Subject, local name of the predicate, object: what a fact is."""

LEVELS = ("country", "province", "prefecture", "county", "township", "village", "zone")
"""Notations of the levels of places, from the centre down; a functional zone can lie at any height."""


def to_networkx(view: GraphView) -> nx.MultiDiGraph[str]:
    """Return a view as a directed multigraph of networkx: things are nodes, facts are edges.

    Nodes are IRIs with ``kind``, ``label``, ``alt_labels`` and ``documents`` (IRIs of the reports that
    mention the thing) and, under its own name, each attribute that the thing has (``level``, ``code``,
    ``docNumber`` ...; several values are joined by " / "). Edges have the predicate as their key and as
    ``predicate``, ``planned``, and ``evidence``, a tuple of :class:`~kg.graph.selection.EvidenceView`.
    Nodes and edges are in order, so that algorithms which depend on it give the same answer each time.
    """
    import networkx as nx  # noqa: PLC0415

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in sorted(view.nodes, key=lambda node: node.iri):
        attributes: dict[str, str] = {}
        for name, value in node.attributes:
            attributes[name] = f"{attributes[name]} / {value}" if name in attributes else value
        own = {
            "kind": node.kind,
            "label": node.label or node.iri,
            "alt_labels": node.alt_labels,
            "documents": node.documents,
        }
        graph.add_node(node.iri, **{**attributes, **own})
    for edge in sorted(view.edges, key=lambda edge: (edge.source, edge.predicate, edge.target)):
        graph.add_edge(
            edge.source,
            edge.target,
            key=edge.predicate,
            predicate=edge.predicate,
            planned=edge.planned,
            evidence=edge.evidence,
        )
    return graph


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing: ``place`` is the IRI of the place that it is or that it serves, "" for none.

    ``level`` is the notation of the place's level (``county`` ...), "" where there is none.
    """

    iri: str
    kind: str
    label: str
    place: str
    level: str


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """What documents state of two things; ``planned`` where all that state it speak of the future.

    ``reports`` are the IRIs of those documents, sorted; of a deed, without those that only plan it.
    """

    subject: str
    predicate: str
    object: str
    planned: bool
    reports: tuple[str, ...]

    @property
    def key(self) -> Key:
        """Return what the fact says, without who says so."""
        return (self.subject, self.predicate, self.object)


@dataclass(frozen=True)
class Network:
    """All things, facts and reports of a graph, without the sentences: those are read when asked for.

    ``within`` leads from a place to the next above it.
    """

    things: Mapping[str, Thing]
    facts: tuple[Fact, ...]
    within: Mapping[str, str]
    reports: Mapping[str, DocumentView]

    @cached_property
    def of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts by subject."""
        return _grouped((fact.subject, fact) for fact in self.facts)

    @cached_property
    def about(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts by object."""
        return _grouped((fact.object, fact) for fact in self.facts)

    @cached_property
    def bodies(self) -> Mapping[str, tuple[str, ...]]:
        """The bodies that serve a place, by place."""
        found: dict[str, list[str]] = {}
        for thing in self.things.values():
            if thing.kind == "Institution" and thing.place:
                found.setdefault(thing.place, []).append(thing.iri)
        return {place: tuple(sorted(bodies)) for place, bodies in found.items()}

    def actors(self, iri: str) -> tuple[str, ...]:
        """Return who acts as this thing: a place acts through the bodies that serve it."""
        return (iri, *self.bodies.get(iri, ())) if self.things[iri].kind == "Jurisdiction" else (iri,)

    def years(self, fact: Fact) -> tuple[str, ...]:
        """Return the years that the reports which state a fact are about, sorted."""
        return tuple(sorted({year for report in fact.reports if (year := self.reports[report].year)}))

    def above(self, place: str) -> tuple[str, ...]:
        """Return a place and those that it lies in, nearest first."""
        found = []
        while place and place not in found:
            found.append(place)
            place = self.within.get(place, "")
        return tuple(found)

    def label(self, iri: str) -> str:
        """Return the Chinese name of a thing."""
        return self.things[iri].label if iri in self.things else iri


def _grouped(pairs: Iterable[tuple[str, Fact]]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, list[Fact]] = {}
    for iri, fact in pairs:
        found.setdefault(iri, []).append(fact)
    return {iri: tuple(facts) for iri, facts in found.items()}


def read(store: pyoxigraph.Store) -> Network:
    """Read all things and facts of a store, sentences left out; 7,000 things and 5,000 facts take 0.8 s."""
    labels = _first(store, _LABELS)
    kinds: dict[str, set[str]] = {}
    for iri, kind in rows(store, _KINDS):
        kinds.setdefault(iri, set()).add(kind.removeprefix(terms.GOV))
    within, serves = linked(store, "within"), linked(store, "serves")
    level = {iri: concept.rpartition("/")[2] for iri, concept in linked(store, "level").items()}
    things = {}
    for iri in sorted(kinds):
        kind = next((name for name in THINGS if name in kinds[iri]), "")
        if kind:
            place = iri if kind == "Jurisdiction" else serves.get(iri, "")
            things[iri] = Thing(iri, kind, labels.get(iri) or iri, place, level.get(place, ""))
    reports = {view.iri: view for view in selection.documents(store)}
    return Network(things, _facts(store, things), within, reports)


def _facts(store: pyoxigraph.Store, things: Mapping[str, Thing]) -> tuple[Fact, ...]:
    said: dict[Key, set[tuple[bool, str]]] = {}
    for subject, predicate, obj, report, planned in rows(store, _STATED):
        if subject in things and obj in things:
            key = (subject, predicate.removeprefix(terms.GOV), obj)
            said.setdefault(key, set()).add((planned == "true", report))
    found = []
    for key in sorted(said):
        later = all(planned for planned, _ in said[key])
        reports = tuple(sorted({report for planned, report in said[key] if later or not planned}))
        found.append(Fact(*key, later, reports))
    return tuple(found)


def cited(store: pyoxigraph.Store, facts: Iterable[Fact]) -> dict[Key, EdgeView]:
    """Return facts with the sentences that state them; deeds without those that only plan them."""
    wanted = {fact.key: fact for fact in facts}
    return {
        key: EdgeView(
            *key, wanted[key].planned, tuple(e for later, e in said if later == wanted[key].planned)
        )
        for key, said in sentences(store, wanted).items()
    }


def sentences(
    store: pyoxigraph.Store, keys: Iterable[Key]
) -> dict[Key, tuple[tuple[bool, EvidenceView], ...]]:
    """Return for each fact the sentences that state it, sorted, each with whether it only plans it."""
    found: dict[Key, set[tuple[bool, EvidenceView]]] = {key: set() for key in keys}
    for row in rows(store, _CITED.replace("{values}", _values(found))):
        subject, predicate, obj, report, start, end, quote, section, rule, planned = row
        said = EvidenceView(report, int(start), int(end), quote, section, rule)
        found[(subject, predicate.removeprefix(terms.GOV), obj)].add((planned == "true", said))
    return {key: tuple(sorted(said)) for key, said in found.items()}


def _values(keys: Iterable[Key]) -> str:
    return " ".join(
        f"({nquads.iri(subject)} {nquads.iri(terms.GOV + predicate)} {nquads.iri(obj)})"
        for subject, predicate, obj in keys
    )


def rows(store: pyoxigraph.Store, sparql: str) -> list[tuple[str, ...]]:
    """Return what a query selects, as plain strings, "" for what is unbound."""
    answer = querying.run(store, sparql)
    return [tuple("" if term is None else term.value for term in row) for row in answer.rows]


def linked(store: pyoxigraph.Store, predicate: str) -> dict[str, str]:
    """Return what a property of the ontology gives each thing; of several values, the first in order."""
    return _first(store, f"SELECT ?s ?o {{ ?s gov:{predicate} ?o }}")


def _first(store: pyoxigraph.Store, sparql: str) -> dict[str, str]:
    """Return what a query of two columns selects as a mapping; of several values, the first in order."""
    return {one: other for one, other in sorted(rows(store, sparql), reverse=True)}  # noqa: C416


_CLASSES = " ".join(f"gov:{kind}" for kind in THINGS)
_KINDS = f"SELECT ?s ?k {{ VALUES ?k {{ {_CLASSES} }} ?s a ?k }}"
_LABELS = f"""SELECT ?s (MIN(STR(?l)) AS ?label) {{
  VALUES ?k {{ {_CLASSES} }} ?s a ?k ; skos:prefLabel ?l FILTER(LANG(?l) IN ("zh", ""))
}} GROUP BY ?s"""
_STATED = """SELECT DISTINCT ?s ?p ?o ?r ?planned {
  ?e rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; gov:passage/gov:source ?r .
  OPTIONAL { ?e gov:planned ?planned }
}"""
_CITED = """SELECT DISTINCT ?s ?p ?o ?r ?start ?end ?quote ?section ?rule ?planned {
  VALUES (?s ?p ?o) { {values} }
  ?e rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; gov:rule ?rule ; gov:passage ?x .
  ?x gov:source ?r ; gov:start ?start ; gov:end ?end ; gov:quote ?quote .
  OPTIONAL { ?x gov:section ?section }
  OPTIONAL { ?e gov:planned ?planned }
}"""
