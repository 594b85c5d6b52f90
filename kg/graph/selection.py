"""Reads a part of a graph as plain values: what the explorer draws and ``kg explain`` tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyoxigraph

from kg import terms
from kg.graph.nquads import DCTERMS, RDF, SKOS

THINGS = ("Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour", "Report")
"""Classes of what a picture shows as nodes."""

LINKS = tuple(
    map(terms.gov, ("within", "serves", "partOf", "reportsOn", "issuer", "addressee", "succeededBy"))
)
"""Relations between things that identity, reference data or the page itself state, without evidence."""


@dataclass(frozen=True, slots=True, order=True)
class EvidenceView:
    """One passage that says so: its words, where they stand, and the rule that read them.

    ``document`` is the IRI of the report; ``start`` and ``end`` are character offsets into its stored text.
    ``iri`` is the evidence's own identity (an observation is its own evidence).
    """

    document: str
    start: int
    end: int
    quote: str
    section: str
    rule: str
    iri: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NodeView:
    """A thing: ``kind`` is the local name of its class (``Jurisdiction`` ...), ``documents`` who mention it.

    ``attributes`` are (property local name, readable value) pairs, sorted.
    """

    iri: str
    kind: str
    label: str
    alt_labels: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EdgeView:
    """A fact between two things; ``predicate`` is the local name of the property.

    ``evidence`` is empty only for what follows from identity and reference data (``within``, ``serves``).
    ``planned`` holds where every evidence speaks of the future.
    """

    source: str
    predicate: str
    target: str
    planned: bool
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class ObservationView:
    """A measured number; ``of`` is the IRI of what it is about, ``value`` a plain decimal numeral.

    ``indicator`` is the document's own wording, ``measure`` what it is called everywhere, in Chinese and in
    English, or nothing where the wording is not known to be a case of one. ``concepts`` are the IRIs of
    indicator and unit, "" for none.
    """

    iri: str
    of: str
    indicator: str
    value: str
    unit: str
    approximate: bool
    planned: bool
    bound: str
    period: str
    evidence: tuple[EvidenceView, ...]
    measure: tuple[str, ...] = ()
    concepts: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A report that was read: ``jurisdiction`` is the label of the place it is about, ``source`` its file."""

    iri: str
    title: str
    source: str
    year: str
    jurisdiction: str
    issued: str = ""


@dataclass(frozen=True, slots=True)
class GraphView:
    """A part of the graph, sorted, closed: every edge's and observation's thing is among the nodes.

    ``centre`` is the IRI of the thing that it is around, "" where it is not.
    """

    nodes: tuple[NodeView, ...]
    edges: tuple[EdgeView, ...]
    observations: tuple[ObservationView, ...]
    documents: tuple[DocumentView, ...]
    centre: str = ""


def view(
    store: pyoxigraph.Store,
    around: str | None = None,
    depth: int = 1,
    documents: Collection[str] | None = None,
    only: Collection[str] | None = None,
) -> GraphView:
    """Return the part of a graph that is within ``depth`` facts of the thing ``around``, or all of it.

    What is around a place is what is around the bodies that serve it, too.
    ``around``, ``documents`` and ``only`` are IRIs; with ``documents``, only what these reports say is seen,
    with ``only``, only these things, and what they are around.
    """
    reader = _Reader(store, documents)
    things = set(reader.things()) if around is None else reader.neighbourhood(around, depth)
    if only is not None:
        things &= {*only, around}
    edges = [edge for edge in reader.edges(things) if edge.source in things and edge.target in things]
    observations = sorted(reader.observations(things), key=lambda item: item.iri)
    nodes = [reader.node(iri) for iri in sorted(things)]
    cited = {item.document for edge in edges for item in edge.evidence}
    cited |= {item.document for observed in observations for item in observed.evidence}
    cited |= {report for node in nodes for report in node.documents} | (things & set(reader.reports()))
    return GraphView(
        nodes=tuple(nodes),
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.predicate, edge.target))),
        observations=tuple(observations),
        documents=tuple(reader.document(iri) for iri in sorted(cited)),
        centre=around or "",
    )


def neighbourhood(
    store: pyoxigraph.Store, around: str, depth: int = 1, documents: Collection[str] | None = None
) -> set[str]:
    """Return the IRIs of the things that :func:`view` shows around a thing."""
    return _Reader(store, documents).neighbourhood(around, depth)


def star(store: pyoxigraph.Store, iri: str) -> GraphView:
    """Return a thing with its own facts and numbers, and the things that these lead to."""
    reader = _Reader(store, None)
    edges = sorted(
        reader.edges([iri], inverse=True), key=lambda edge: (edge.source, edge.predicate, edge.target)
    )
    things = {iri} | {edge.source for edge in edges} | {edge.target for edge in edges}
    observations = sorted(reader.observations([iri]), key=lambda item: item.iri)
    nodes = tuple(reader.node(thing) for thing in sorted(things))
    cited = {item.document for edge in edges for item in edge.evidence}
    cited |= {item.document for observed in observations for item in observed.evidence}
    cited |= reader.mentioning(iri)
    documents = tuple(reader.document(report) for report in sorted(cited))
    return GraphView(nodes, tuple(edges), tuple(observations), documents)


def documents(store: pyoxigraph.Store) -> tuple[DocumentView, ...]:
    """Return the reports of a graph, sorted by file."""
    reader = _Reader(store, None)
    return tuple(sorted(map(reader.document, reader.reports()), key=lambda item: (item.source, item.iri)))


class _Quad(NamedTuple):
    subject: str
    predicate: str
    object: Any
    graph: str


_Description = dict[str, list[Any]]


def _node(iri: str | None) -> pyoxigraph.NamedNode | None:
    return None if iri is None else pyoxigraph.NamedNode(iri)


class _Reader:
    """Looks statements up in a store, by subject or object, without SPARQL in between."""

    def __init__(self, store: pyoxigraph.Store, documents: Collection[str] | None) -> None:
        self._store = store
        self._passages: dict[str, tuple[str, int, int, str, str]] = {}
        self._measures: dict[str, tuple[str, ...]] = {}
        # The default graph is everything together; of a part, the named graphs that belong to it are read.
        self._graph: pyoxigraph.DefaultGraph | None = pyoxigraph.DefaultGraph()
        self._hidden: frozenset[str] = frozenset()
        if documents is not None:
            self._hidden = frozenset(self.reports()) - frozenset(documents)
            self._graph = None

    def _quads(self, subject: str | None, predicate: str | None, obj: str | None) -> Iterator[_Quad]:
        found = self._store.quads_for_pattern(_node(subject), _node(predicate), _node(obj), self._graph)
        for subject_, predicate_, object_, graph in found:
            name = "" if isinstance(graph, pyoxigraph.DefaultGraph) else graph.value
            if self._graph is not None or (name and name not in self._hidden):
                yield _Quad(subject_.value, predicate_.value, object_, name)

    def _describe(self, subject: str) -> _Description:
        found: _Description = {}
        for quad in self._quads(subject, None, None):
            values = found.setdefault(quad.predicate, [])
            if quad.object not in values:
                values.append(quad.object)
        return found

    def _subjects(self, predicate: str, obj: str) -> set[str]:
        return {quad.subject for quad in self._quads(None, predicate, obj)}

    def reports(self) -> set[str]:
        """Return the reports of the graph."""
        return self._subjects(RDF + "type", terms.gov("Report"))

    def things(self) -> Iterator[str]:
        """Yield what a picture of everything shows; of a part of the documents, what they name themselves."""
        named = None if self._graph is not None else self.reports()
        for kind in THINGS:
            for quad in self._quads(None, RDF + "type", terms.gov(kind)):
                if named is None or quad.graph in named:
                    yield quad.subject

    def neighbourhood(self, start: str, depth: int) -> set[str]:
        """Return the things that at most ``depth`` facts part from a thing.

        A place acts through its bodies: what they did counts as its own, and the reports on it are shown.
        """
        reached, edge = {start}, {start}
        if depth:
            edge |= self._subjects(terms.gov("serves"), start)
            reached |= edge | self._subjects(terms.gov("reportsOn"), start)
        for _ in range(depth):
            edge = {other for thing in edge for other in self._neighbours(thing)} - reached
            reached |= edge
        return {thing for thing in reached if self._kind(self._describe(thing))}

    def _neighbours(self, thing: str) -> Iterator[str]:
        for here, there in (("subject", "object"), ("object", "subject")):
            for evidence in self._subjects(RDF + here, thing):
                yield from (quad.object.value for quad in self._quads(evidence, RDF + there, None))
        # Links without evidence are followed upwards only: a province would bring all its counties along.
        for predicate in (*LINKS, terms.gov("mentions")):
            yield from (quad.object.value for quad in self._quads(thing, predicate, None))

    def mentioning(self, iri: str) -> set[str]:
        """Return the reports that mention a thing."""
        return self._subjects(terms.gov("mentions"), iri)

    def edges(self, things: Iterable[str], *, inverse: bool = False) -> Iterator[EdgeView]:
        """Yield the facts whose subject (with ``inverse``, or object) is among ``things``, with evidence."""
        found: dict[tuple[str, str, str], list[tuple[bool, EvidenceView]]] = {}
        evidence: set[str] = set()
        for thing in things:
            evidence |= self._subjects(RDF + "subject", thing)
            if inverse:
                evidence |= self._subjects(RDF + "object", thing)
            for predicate in LINKS:
                for quad in self._quads(thing, predicate, None):
                    found.setdefault((thing, predicate, quad.object.value), [])
                for subject in self._subjects(predicate, thing) if inverse else ():
                    found.setdefault((subject, predicate, thing), [])
        for item in evidence:
            about = self._describe(item)
            subject, predicate, obj = (
                _first(about, RDF + name) for name in ("subject", "predicate", "object")
            )
            planned = _first(about, terms.gov("planned")) == "true"
            found.setdefault((subject, predicate, obj), []).extend(
                (planned, said) for said in self._cited(item, about)
            )
        for (subject, predicate, obj), said in found.items():
            planned = bool(said) and all(later for later, _ in said)
            # What was done needs no promise to show it.
            shown = sorted(item for later, item in said if planned or not later)
            yield EdgeView(subject, _local(predicate), obj, planned, tuple(shown))

    def observations(self, things: Collection[str]) -> Iterator[ObservationView]:
        """Yield the numbers that are about one of ``things``."""
        for thing in things:
            for iri in self._subjects(terms.gov("observedFor"), thing):
                about = self._describe(iri)
                yield ObservationView(
                    iri=iri,
                    of=thing,
                    indicator=self._label(_first(about, terms.gov("indicator"))),
                    value=_first(about, terms.gov("value")),
                    unit=self._label(_first(about, terms.gov("unit"))),
                    approximate=_first(about, terms.gov("approximate")) == "true",
                    planned=_first(about, terms.gov("planned")) == "true",
                    bound=_first(about, terms.gov("bound")),
                    period=_first(about, terms.gov("period")),
                    evidence=tuple(sorted(self._cited(iri, about))),
                    measure=self._measure(_first(about, terms.gov("indicator"))),
                    concepts=(_first(about, terms.gov("indicator")), _first(about, terms.gov("unit"))),
                )

    def node(self, iri: str) -> NodeView:
        """Describe a thing."""
        about = self._describe(iri)
        attributes = {
            (
                _local(predicate),
                value.value if isinstance(value, pyoxigraph.Literal) else self._label(value.value),
            )
            for predicate, values in about.items()
            for value in values
            if predicate in _ATTRIBUTES
        }
        label = self._label(iri)
        return NodeView(
            iri=iri,
            kind=self._kind(about),
            label=label,
            alt_labels=tuple(sorted({value.value for value in about.get(SKOS + "altLabel", ())} - {label})),
            attributes=tuple(sorted(attributes)),
            documents=tuple(sorted(self.mentioning(iri))),
        )

    def document(self, iri: str) -> DocumentView:
        """Describe a report."""
        about = self._describe(iri)
        return DocumentView(
            iri=iri,
            title=_first(about, DCTERMS + "title"),
            source=_first(about, terms.gov("sourceFile")),
            year=_first(about, terms.gov("reportingYear")),
            jurisdiction=self._label(_first(about, terms.gov("reportsOn"))),
            issued=_first(about, DCTERMS + "issued"),
        )

    def _kind(self, about: _Description) -> str:
        classes = {_local(value.value) for value in about.get(RDF + "type", ())}
        return next((kind for kind in THINGS if kind in classes), "")

    def _label(self, iri: str) -> str:
        """Return the Chinese label of a thing or concept, or any, or the IRI."""
        if not iri:
            return ""
        labels = {quad.object for quad in self._quads(iri, SKOS + "prefLabel", None)}
        ordered = sorted((label.language != "zh", label.value) for label in labels)
        return ordered[0][1] if ordered else iri

    def _measure(self, indicator: str) -> tuple[str, ...]:
        """Return the Chinese and the English label of the measure that a wording is a case of, or nothing."""
        if indicator not in self._measures:
            measure = _first(self._describe(indicator), SKOS + "broader") if indicator else ""
            labels = self._quads(measure, SKOS + "prefLabel", None) if measure else ()
            by_language = {label.object.language: label.object.value for label in labels}
            pair = tuple(by_language.get(language, "") for language in ("zh", "en"))
            self._measures[indicator] = pair if all(pair) else ()
        return self._measures[indicator]

    def _cited(self, iri: str, about: _Description) -> Iterator[EvidenceView]:
        rule = _first(about, terms.gov("rule"))
        for passage in about.get(terms.gov("passage"), ()):
            document, start, end, quote, section = self._passage(passage.value)
            yield EvidenceView(document, start, end, quote, section, rule, iri)

    def _passage(self, iri: str) -> tuple[str, int, int, str, str]:
        if iri not in self._passages:
            about = self._describe(iri)
            start, end = (int(_first(about, terms.gov(name)) or 0) for name in ("start", "end"))
            source, quote, section = (
                _first(about, terms.gov(name)) for name in ("source", "quote", "section")
            )
            self._passages[iri] = (source, start, end, quote, section)
        return self._passages[iri]


_ATTRIBUTES = frozenset(
    {
        *map(terms.gov, ("code", "level", "institutionType", "documentType", "initiativeType", "orgCode")),
        *map(
            terms.gov, ("docNumber", "year", "periodStart", "periodEnd", "trial", "published", "indexNumber")
        ),
        *map(terms.gov, ("sourceFile", "reportingYear")),
        DCTERMS + "issued",
    }
)


def _first(about: _Description, predicate: str) -> str:
    """Return the first value in order, or ""."""
    return min((value.value for value in about.get(predicate, ())), default="")


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
