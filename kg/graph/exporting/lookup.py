"""Looks up what a row says of other things than its own: names, places, passages, reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph

from kg import terms
from kg.graph.nquads import RDF, SKOS
from kg.graph.selection import THINGS

_TYPE = RDF + "type"
_PROVINCE = re.compile(r"(?!100000)[0-9]{2}0000")
_SCOPED = re.compile(r"(.*?)document/([0-9]{6,12})/.+")
# How many answers of a kind are kept: enough for a document's neighbourhood, the same for any size of graph.
_KEPT = 20_000


class Place(NamedTuple):
    """A jurisdiction as columns: its IRI, name, code, level and the province that it is in; "" is unknown."""

    iri: str = ""
    name: str | None = None
    code: str | None = None
    level: str | None = None
    province: str | None = None


class Passage(NamedTuple):
    """Words of a report: ``start`` and ``end`` are character offsets into its stored text."""

    quote: str
    section: str | None
    start: int
    end: int


class Document(NamedTuple):
    """A report's file and reporting year."""

    file: str
    year: int | None


class Lookup:
    """Answers from the store of a whole graph, and tells what of it a part shows.

    ``documents`` and ``things`` (IRIs) are those of the part, None where it has all.
    """

    def __init__(
        self,
        store: pyoxigraph.Store,
        documents: frozenset[str] | None = None,
        things: frozenset[str] | None = None,
    ) -> None:
        self._store = store
        self._documents = documents
        self._things = things
        keep = lru_cache(_KEPT)
        self.label = keep(self._label)
        self.kind = keep(self._kind)
        self.place = keep(self._place)
        self.passage = lru_cache(_KEPT // 10)(self._passage)
        self.document = keep(self._document)
        self.broader = keep(self._broader)
        self.shows = keep(self._shows)

    def _shows(self, thing: str) -> bool:
        """Tell whether something is one of the things of the part."""
        if self._things is not None:
            return thing in self._things
        if self._documents is None:
            return bool(self.kind(thing))
        types = self._store.quads_for_pattern(
            pyoxigraph.NamedNode(thing), pyoxigraph.NamedNode(_TYPE), None, None
        )
        return any(
            graph.value in self._documents and local(kind.value) in THINGS
            for _, _, kind, graph in types
            if isinstance(graph, pyoxigraph.NamedNode)
        )

    def _label(self, thing: str) -> str:
        """Return the Chinese label of a thing or concept, or any, or its IRI; "" for nothing."""
        labels = sorted(
            (label.language != "zh", label.value)
            for label in self._objects(thing, SKOS + "prefLabel")
            if isinstance(label, pyoxigraph.Literal)
        )
        return labels[0][1] if labels else thing

    def _kind(self, thing: str) -> str:
        """Return the class of a thing by its local name, "" for what is no thing."""
        classes = {local(kind.value) for kind in self._objects(thing, _TYPE)}
        return next((kind for kind in THINGS if kind in classes), "")

    def _place(self, thing: str) -> Place:
        """Return where a thing belongs: the place itself, that a body serves, that a report is about.

        A policy document belongs to the place in its identity, else where its issuers do, if that is one
        place; other things have none.
        """
        if not thing:
            return Place()
        if self._first(thing, terms.gov("code")) or self.kind(thing) == "Jurisdiction":
            return self._jurisdiction(thing)
        for predicate in ("serves", "reportsOn"):
            found = self._first(thing, terms.gov(predicate))
            if found:
                return self._jurisdiction(found)
        scoped = _SCOPED.fullmatch(thing)
        if scoped and self.kind(f"{scoped[1]}jurisdiction/{scoped[2]}"):
            return self._jurisdiction(f"{scoped[1]}jurisdiction/{scoped[2]}")
        node = pyoxigraph.NamedNode(thing)
        issuers = self._store.quads_for_pattern(
            None, pyoxigraph.NamedNode(terms.gov("issued")), node, pyoxigraph.DefaultGraph()
        )
        places = {self.place(subject.value) for subject, _, _, _ in issuers} - {Place()}
        return places.pop() if len(places) == 1 else Place()

    def _jurisdiction(self, thing: str) -> Place:
        level = self._first(thing, terms.gov("level"))
        return Place(
            thing,
            self.label(thing),
            self._first(thing, terms.gov("code")) or None,
            self.label(level) if level else None,
            self._province(thing),
        )

    def _province(self, thing: str) -> str | None:
        seen: set[str] = set()
        while thing and thing not in seen:
            seen.add(thing)
            if _PROVINCE.fullmatch(self._first(thing, terms.gov("code"))):
                return self.label(thing)
            thing = self._first(thing, terms.gov("within"))
        return None

    def _passage(self, passage: str) -> Passage:
        start, end = (int(self._first(passage, terms.gov(name)) or 0) for name in ("start", "end"))
        return Passage(
            self._first(passage, terms.gov("quote")),
            self._first(passage, terms.gov("section")) or None,
            start,
            end,
        )

    def _document(self, report: str) -> Document:
        year = self._first(report, terms.gov("reportingYear"))
        return Document(self._first(report, terms.gov("sourceFile")), int(year) if year.isdecimal() else None)

    def _broader(self, concept: str) -> str:
        """Return the concept above one, or ""."""
        return self._first(concept, SKOS + "broader")

    def mentions(self, thing: str) -> int:
        """Return how many documents of the part mention a thing."""
        found = self._store.quads_for_pattern(
            None,
            pyoxigraph.NamedNode(terms.gov("mentions")),
            pyoxigraph.NamedNode(thing),
            pyoxigraph.DefaultGraph(),
        )
        return sum(self._documents is None or subject.value in self._documents for subject, _, _, _ in found)

    def count(self, document: str, name: str) -> int:
        """Return how many instances of a class of the ontology a document's graph has."""
        found = self._store.quads_for_pattern(
            None,
            pyoxigraph.NamedNode(_TYPE),
            pyoxigraph.NamedNode(terms.gov(name)),
            pyoxigraph.NamedNode(document),
        )
        return sum(1 for _ in found)

    def _objects(self, subject: str, predicate: str) -> Iterator[pyoxigraph.NamedNode | pyoxigraph.Literal]:
        if subject:
            found = self._store.quads_for_pattern(
                pyoxigraph.NamedNode(subject),
                pyoxigraph.NamedNode(predicate),
                None,
                pyoxigraph.DefaultGraph(),
            )
            for _, _, obj, _ in found:
                if isinstance(obj, pyoxigraph.NamedNode | pyoxigraph.Literal):
                    yield obj

    def _first(self, subject: str, predicate: str) -> str:
        """Return the first value in order, or ""."""
        return min((term.value for term in self._objects(subject, predicate)), default="")


def local(identity: str) -> str:
    """Return the last part of an IRI.

    >>> local("https://w3id.org/govkg/ontology#issued")
    'issued'
    """
    return identity.replace("#", "/").rpartition("/")[2]
