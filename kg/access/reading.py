"""Reads a store as plain objects; each entity, document and passage is read once and kept."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph

from kg import terms
from kg.access.things import Document, Entity, Evidence, Fact, Observation, Source
from kg.graph import built, names, nquads
from kg.graph.nquads import DCTERMS, RDF, SKOS
from kg.graph.selection import THINGS, EvidenceView

_TEXTS_KEPT = 64
"""How many texts stay in memory (about 20 KB each)."""

_FACTS = """SELECT ?s ?p ?o ?planned ?rule ?x WHERE {
  %s
  ?e rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; gov:rule ?rule ; gov:passage ?x .
  OPTIONAL { ?e gov:planned ?planned }
}"""

_STATED = """SELECT ?s ?p ?o WHERE {
  %s
  ?s ?p ?o .
}"""

_OBSERVATIONS = """SELECT ?n ?of ?i ?value ?unit ?period ?bound ?offset ?approximate ?planned ?rule ?x WHERE {
  %s
  ?n a gov:Observation ; gov:indicator ?i ; gov:value ?value ; gov:offset ?offset .
  ?n gov:rule ?rule ; gov:passage ?x .
  OPTIONAL { ?n gov:observedFor ?of }
  OPTIONAL { ?n gov:unit ?unit }
  OPTIONAL { ?n gov:period ?period }
  OPTIONAL { ?n gov:bound ?bound }
  OPTIONAL { ?n gov:approximate ?approximate }
  OPTIONAL { ?n gov:planned ?planned }
}"""

Limits = dict[str, Sequence[str]]
"""For variables of a query, the IRIs that they may be."""

_Stated = tuple[str, str, str, bool]
"""Subject, predicate, object, and whether it is only planned."""


class Reader:
    """Makes objects from the statements of one store.

    Args:
        folder: the output folder of the build, which holds the texts.
        opened: its store.
        graph: what the objects shall ask for what they lead to.

    """

    def __init__(self, folder: Path, opened: pyoxigraph.Store, graph: Source) -> None:
        self.folder = folder
        self.store = opened
        self._graph = graph
        self._entities: dict[str, Entity] = {}
        self._documents: dict[str, Document] = {}
        self._passages: dict[str, tuple[str, int, int, str, Document]] = {}
        self._labels: dict[str, str] = {}
        self.text = functools.lru_cache(_TEXTS_KEPT)(self._text)

    @functools.cached_property
    def known(self) -> names.Names | None:
        """The names of the folder's things, None where an older build has not written them together."""
        return names.opened(self.folder, self.base)

    @property
    def find(self) -> names.Find:
        """What looks up the names of the folder's things."""
        return self.known.find if self.known is not None else names.nothing

    @functools.cached_property
    def summary(self) -> dict[str, Any]:
        """What the build says of itself.

        Raises:
            StoreError: the folder does not hold it.

        """
        return built.summary(self.folder)

    @property
    def base(self) -> str:
        """Where the identities of the graph begin."""
        return str(self.summary["base"])

    def entity(self, iri: str) -> Entity:
        """Return a thing by its IRI."""
        if iri not in self._entities:
            about = self._describe(iri)
            kinds = {value.value.rpartition("#")[2] for value in about.get(RDF + "type", ())}
            name = self.label(iri)
            others = {value.value for value in about.get(SKOS + "altLabel", ())} - {name}
            self._entities[iri] = Entity(
                iri=iri,
                kind=next((kind for kind in THINGS if kind in kinds), ""),
                name=name,
                other_names=tuple(sorted(others)),
                attributes=tuple(sorted(self._attributes(about))),
                _graph=self._graph,
            )
        return self._entities[iri]

    def _attributes(self, about: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
        for predicate, values in about.items():
            if not predicate.startswith((terms.GOV, DCTERMS)):
                continue  # labels, and alignments that say the same once more
            name = predicate.replace("#", "/").rpartition("/")[2]
            for value in values:
                if isinstance(value, pyoxigraph.Literal):
                    if predicate != DCTERMS + "title":
                        yield name, value.value
                elif name in terms.CONCEPT_PROPERTIES:
                    yield name, self.label(value.value)

    def document(self, iri: str) -> Document:
        """Return a report by its IRI."""
        if iri not in self._documents:
            about = self._describe(iri)
            year = _first(about, terms.gov("reportingYear"))
            place, issuer = (_first(about, terms.gov(name)) for name in ("reportsOn", "issuer"))
            self._documents[iri] = Document(
                iri=iri,
                title=_first(about, DCTERMS + "title"),
                source=_first(about, terms.gov("sourceFile")),
                year=int(year) if year.isdigit() else None,
                number=_first(about, terms.gov("docNumber")),
                issued=_first(about, DCTERMS + "issued"),
                place=self.entity(place) if place else None,
                issuer=self.entity(issuer) if issuer else None,
                _graph=self._graph,
            )
        return self._documents[iri]

    def _text(self, document: Document) -> str:
        return built.text(self.folder, document.iri)

    def reports(self) -> list[str]:
        """Return the IRIs of all reports."""
        return [subject for subject, _ in self.pairs(RDF + "type", terms.gov("Report"))]

    def things(self, kinds: Iterable[str]) -> list[str]:
        """Return the IRIs of all things of some classes."""
        return [subject for kind in kinds for subject, _ in self.pairs(RDF + "type", terms.gov(kind))]

    def facts(self, limits: Limits, *, document: str = "") -> list[tuple[_Stated, list[tuple[str, str]]]]:
        """Return what is stated within ``limits`` of ?s, ?p and ?o, sorted, with (passage, rule) pairs.

        With ``document``, only what this report says; else also what names and reference tables say.
        """
        found: dict[_Stated, list[tuple[str, str]]] = {}
        within = {**limits, **({"r": [document]} if document else {})}
        source = " ?x gov:source ?r ." if document else ""
        for row in self._rows(_FACTS % (_values(within) + source)):
            subject, predicate, obj, planned, rule, passage = map(_text_of, row)
            key = (subject, predicate.removeprefix(terms.GOV), obj, planned == "true")
            found.setdefault(key, []).append((passage, rule))
        if not document:
            for row in self._rows(_STATED % _values({"p": _PREDICATES, **limits})):
                subject, predicate, obj = map(_text_of, row)
                found.setdefault((subject, predicate.removeprefix(terms.GOV), obj, False), [])
        return sorted(found.items())

    def fact(self, stated: _Stated, said: Iterable[tuple[str, str]]) -> Fact:
        """Return a fact from what :meth:`facts` found."""
        subject, predicate, obj, planned = stated
        return Fact(self.entity(subject), predicate, self.entity(obj), planned, self._evidence(said))

    def observations(self, limits: Limits, *, document: str = "") -> Iterator[Observation]:
        """Yield the numbers within ``limits`` of ?of, sorted; with ``document``, only what it gives."""
        within = {**limits, **({"r": [document]} if document else {})}
        source = " ?x gov:source ?r ." if document else ""
        # Asked for by itself: VALUES before an OPTIONAL would let numbers about nothing in.
        asked = " ?n gov:observedFor ?of ." if "of" in limits else ""
        found: dict[str, tuple[Any, list[tuple[str, str]]]] = {}
        for row in self._rows(_OBSERVATIONS % (_values(within) + source + asked)):
            values = tuple(map(_text_of, row))
            found.setdefault(values[0], (values, []))[1].append((values[-1], values[-2]))
        made = [self._observation(values, said) for values, said in found.values()]
        yield from sorted(made, key=_order)

    def _observation(self, values: Sequence[str], said: Iterable[tuple[str, str]]) -> Observation:
        iri, of, indicator, value, unit, period, bound, offset, approximate, planned = values[:10]
        evidence = self._evidence(said)
        year = evidence[0].document.year
        return Observation(
            iri=iri,
            of=self.entity(of) if of else None,
            measure=self.measure(indicator),
            indicator=self.label(indicator),
            value=Decimal(value),
            unit=self.label(unit) if unit else "",
            period=period or str(year or ""),
            bound=bound,
            offset=int(offset),
            approximate=approximate == "true",
            planned=planned == "true",
            evidence=evidence,
        )

    def measure(self, indicator: str) -> str:
        """Return the name under which an indicator compares with others, "" if it has none."""
        broader = min((obj for _, obj in self.pairs(SKOS + "broader", None, indicator)), default="")
        return self.label(broader) if broader else ""

    def seen(self, item: EvidenceView) -> Evidence:
        """Return the words that a part of the graph was selected with."""
        document = self.document(item.document)
        return Evidence(item.quote, item.start, item.end, item.section, item.rule, document)

    def _evidence(self, said: Iterable[tuple[str, str]]) -> tuple[Evidence, ...]:
        found = []
        for passage, rule in set(said):
            quote, start, end, section, document = self._passage(passage)
            found.append(Evidence(quote, start, end, section, rule, document))
        return tuple(sorted(found, key=lambda item: (item.document.iri, item.start, item.end, item.rule)))

    def _passage(self, iri: str) -> tuple[str, int, int, str, Document]:
        if iri not in self._passages:
            about = self._describe(iri)
            quote, start, end, section, source = (
                _first(about, terms.gov(name)) for name in ("quote", "start", "end", "section", "source")
            )
            self._passages[iri] = (quote, int(start), int(end), section, self.document(source))
        return self._passages[iri]

    def label(self, iri: str) -> str:
        """Return the Chinese label of a thing or concept, or any, or the IRI."""
        if iri not in self._labels:
            labels = self._describe(iri, SKOS + "prefLabel").get(SKOS + "prefLabel", ())
            ordered = sorted((label.language != "zh", label.value) for label in labels)
            self._labels[iri] = ordered[0][1] if ordered else iri
        return self._labels[iri]

    def pairs(
        self, predicate: str, obj: str | None = None, subject: str | None = None
    ) -> list[tuple[str, str]]:
        """Return the (subject, object) pairs of IRIs that a property joins, sorted."""
        first = None if subject is None else pyoxigraph.NamedNode(subject)
        last = None if obj is None else pyoxigraph.NamedNode(obj)
        about = pyoxigraph.NamedNode(predicate)
        found = self.store.quads_for_pattern(first, about, last, pyoxigraph.DefaultGraph())
        return sorted((_text_of(quad.subject), _text_of(quad.object)) for quad in found)

    def _describe(self, iri: str, predicate: str | None = None) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        about = None if predicate is None else pyoxigraph.NamedNode(predicate)
        for quad in self.store.quads_for_pattern(
            pyoxigraph.NamedNode(iri), about, None, pyoxigraph.DefaultGraph()
        ):
            found.setdefault(quad.predicate.value, []).append(quad.object)
        return found

    def _rows(self, sparql: str) -> Iterator[Any]:
        yield from self.store.query(sparql, prefixes=dict(terms.PREFIXES))  # type: ignore[misc]


_PREDICATES = tuple(sorted(map(terms.gov, terms.FACT_PREDICATES)))


def _values(limits: Limits) -> str:
    """Return VALUES clauses; IRIs are escaped, so that none can end its clause."""
    clauses = (f"VALUES ?{name} {{ {' '.join(map(nquads.iri, iris))} }}" for name, iris in limits.items())
    return " ".join(clauses)


def _order(seen: Observation) -> tuple[str, ...]:
    return seen.of.iri if seen.of else "", seen.measure, seen.indicator, seen.period, seen.iri


def _text_of(term: Any) -> str:
    return "" if term is None else str(term.value)


def _first(about: dict[str, list[Any]], predicate: str) -> str:
    """Return the first value in order, or ""."""
    return min((value.value for value in about.get(predicate, ())), default="")
