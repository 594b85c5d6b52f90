"""Counts what stands out in a whole graph, from the indexes of its store: it is never read into memory."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any

import pyoxigraph

from kg import terms
from kg.analysing import network
from kg.analysing.words import Text
from kg.graph import nquads
from kg.graph.nquads import RDF, SKOS
from kg.graph.selection import THINGS, EvidenceView

SHARED_KINDS = ("Initiative", "PolicyDocument", "Institution", "Jurisdiction")
"""Classes of which it is told what is found in the most documents."""
_SAID = 5
"""Sentences, or documents, that are kept of each thing counted."""
_NUMERAL = re.compile(r"\d[\d.,]*\S?")
_EVERYTHING = pyoxigraph.DefaultGraph()
_DEEDS = tuple(terms.gov(name) for name in sorted(terms.FACT_PREDICATES - terms.REFERENCE_PREDICATES))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thing and how many of something it has: ``reports`` are some that mention it, by IRI."""

    iri: str
    kind: str
    label: str
    count: int
    reports: tuple[str, ...] = ()
    evidence: tuple[EvidenceView, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure: in how many places it is counted, by how many numbers, and sentences with some of them.

    ``words`` are what to look for in these: what the numbers count in the documents' words, and the numbers.
    """

    label: Text
    places: int
    numbers: int
    evidence: tuple[EvidenceView, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a graph holds.

    ``shared`` gives for each of :data:`SHARED_KINDS` the things that the most reports mention (two at least),
    ``connected`` the things with the most facts that were done, ``measures`` those that the most places
    count. ``regions`` tells of each report on a place in which province that lies, as (IRI, name), and
    ``places`` how many places there are reports on.
    """

    shared: tuple[tuple[str, tuple[Ranked, ...]], ...]
    connected: tuple[Ranked, ...]
    measures: tuple[Counted, ...]
    regions: Mapping[str, tuple[str, str]]
    places: int


def survey(store: pyoxigraph.Store, most: int = 12) -> Survey:
    """Return what a graph holds, with at most ``most`` things in each list.

    What grows with the graph is a count for each thing that has a fact, and a region for each report.
    """
    # Of several places of a report, the first in order.
    places = dict(sorted(_pairs(store, None, terms.gov("reportsOn"), None), reverse=True))
    regions = {place: _region(store, place) for place in sorted(set(places.values()))}
    return Survey(
        shared=_shared(store, most),
        connected=_connected(store, most),
        measures=_measures(store, most),
        regions={report: regions[place] for report, place in places.items()},
        places=len(regions),
    )


class _Top:
    """Keeps the largest of many counts; of equal ones, those whose IRI comes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[int, str]] = []
        self.floor = 0

    def add(self, iri: str, count: int) -> None:
        if count >= self.floor:
            self._kept.append((-count, iri))
        if len(self._kept) >= 8 * self._most:
            self._kept = self._first()
            self.floor = -self._kept[-1][0]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return ((iri, -count) for count, iri in self._first())

    def _first(self) -> list[tuple[int, str]]:
        return sorted(self._kept)[: self._most]


def _shared(store: pyoxigraph.Store, most: int) -> tuple[tuple[str, tuple[Ranked, ...]], ...]:
    mentions = terms.gov("mentions")
    tops = {kind: _Top(most) for kind in SHARED_KINDS}
    for iri, count in _tallies(store, mentions):
        if count > 1 and count >= min(top.floor for top in tops.values()):
            top = tops.get(_kind(store, iri))
            if top is not None:
                top.add(iri, count)
    return tuple(
        (
            kind,
            tuple(
                Ranked(iri, kind, label(store, iri), count, _least(_subjects(store, mentions, iri)))
                for iri, count in top
            ),
        )
        for kind, top in tops.items()
    )


def _connected(store: pyoxigraph.Store, most: int) -> tuple[Ranked, ...]:
    counts: Counter[str] = Counter()
    for predicate in _DEEDS:
        for subject, obj in _pairs(store, None, predicate, None):
            counts[subject] += 1
            counts[obj] += 1
    top = _Top(most)
    for iri, count in counts.items():
        top.add(iri, count)
    return tuple(
        Ranked(iri, _kind(store, iri), label(store, iri), count, evidence=_cited(store, _told(store, iri)))
        for iri, count in top
    )


def _told(store: pyoxigraph.Store, iri: str) -> Iterator[str]:
    """Yield evidence for facts that were done which a thing takes part in, the first in order."""
    sides = (_subjects(store, RDF + side, iri) for side in ("subject", "object"))
    done = (
        evidence
        for evidence in sorted(set(chain.from_iterable(sides)))
        if "true" not in _objects(store, evidence, terms.gov("planned"))
    )
    return islice(done, _SAID)


def _cited(store: pyoxigraph.Store, said: Iterable[str]) -> tuple[EvidenceView, ...]:
    """Return the sentences of evidence or numbers, by IRI."""
    cited = network.rows(store, _CITED.replace("{values}", _listed(said)))
    return tuple(sorted({EvidenceView(row[0], int(row[1]), int(row[2]), *row[3:]) for row in cited}))


def _measures(store: pyoxigraph.Store, most: int) -> tuple[Counted, ...]:
    top = _Top(most)
    numbers = {}
    for iri, places, n in network.rows(store, _PLACES):
        top.add(iri, int(places))
        numbers[iri] = int(n)
    found = []
    for iri, count in top:
        names = {quad.language: quad.value for quad in _labels(store, iri)}
        zh = names.get("zh") or min(names.values(), default=iri)
        seen: list[str] = []
        for indicator in _subjects(store, SKOS + "broader", iri):
            seen = heapq.nsmallest(_SAID, [*seen, *_subjects(store, terms.gov("indicator"), indicator)])
        indicators = {each for number in seen for each in _objects(store, number, terms.gov("indicator"))}
        words = {label(store, indicator) for indicator in indicators} | _numerals(store, seen)
        name = Text(zh, names.get("en") or zh)
        longest = tuple(sorted(words, key=lambda word: (-len(word), word)))
        found.append(Counted(name, count, numbers[iri], _cited(store, seen), longest))
    return tuple(found)


def _numerals(store: pyoxigraph.Store, numbers: Iterable[str]) -> set[str]:
    """Return numbers as they are written, each with what stands right behind it: 26宗, 98.5%."""
    found = set()
    for offset, start, quote in network.rows(store, _OFFSETS.replace("{values}", _listed(numbers))):
        hit = _NUMERAL.match(quote, max(0, int(offset) - int(start)))
        if hit:
            found.add(hit[0])
    return found


def _listed(iris: Iterable[str]) -> str:
    return " ".join(map(nquads.iri, iris))


def _region(store: pyoxigraph.Store, place: str) -> tuple[str, str]:
    """Return the province that a place lies in, or the place itself where nothing is known above it."""
    line = [place]
    while above := _least(_objects(store, line[-1], terms.gov("within")), 1):
        if above[0] in line:  # nothing holds itself; a graph that says so must not hang a build
            break
        line.append(above[0])
    found = line[-2] if len(line) > 1 else place
    return found, label(store, found)


def label(store: pyoxigraph.Store, iri: str) -> str:
    """Return the Chinese name of a thing, or any, or its IRI."""
    names = sorted((name.language != "zh", name.value) for name in _labels(store, iri))
    return names[0][1] if names else iri


def _labels(store: pyoxigraph.Store, iri: str) -> Iterator[pyoxigraph.Literal]:
    for quad in store.quads_for_pattern(_node(iri), _node(SKOS + "prefLabel"), None, _EVERYTHING):
        if isinstance(quad.object, pyoxigraph.Literal):
            yield quad.object


def _kind(store: pyoxigraph.Store, iri: str) -> str:
    classes = set(_objects(store, iri, RDF + "type"))
    return next((kind for kind in reversed(THINGS) if terms.gov(kind) in classes), "")


def _node(iri: str | None) -> pyoxigraph.NamedNode | None:
    return None if iri is None else pyoxigraph.NamedNode(iri)


def _pairs(
    store: pyoxigraph.Store, subject: str | None, predicate: str, obj: str | None
) -> Iterator[tuple[str, str]]:
    """Yield subject and object of each statement, all documents together."""
    quad: Any
    for quad in store.quads_for_pattern(_node(subject), _node(predicate), _node(obj), _EVERYTHING):
        yield quad.subject.value, quad.object.value


def _tallies(store: pyoxigraph.Store, predicate: str) -> Iterator[tuple[str, int]]:
    """Yield how often each thing is the object of a property.

    The store's index holds the statements of a property object by object, so that only one is kept at a time.
    """
    for obj, pairs in groupby(_pairs(store, None, predicate, None), key=lambda pair: pair[1]):
        yield obj, sum(1 for _ in pairs)


def _subjects(store: pyoxigraph.Store, predicate: str, obj: str) -> Iterator[str]:
    return (subject for subject, _ in _pairs(store, None, predicate, obj))


def _objects(store: pyoxigraph.Store, subject: str, predicate: str) -> Iterator[str]:
    return (obj for _, obj in _pairs(store, subject, predicate, None))


def _least(iris: Iterable[str], most: int = _SAID) -> tuple[str, ...]:
    return tuple(heapq.nsmallest(most, iris))


_PLACES = """SELECT ?measure (COUNT(DISTINCT ?place) AS ?places) (COUNT(?number) AS ?numbers) {
  ?indicator skos:broader ?measure .
  ?number gov:indicator ?indicator ; gov:observedFor ?of .
  OPTIONAL { ?of gov:serves ?served }
  BIND(COALESCE(?served, ?of) AS ?place)
} GROUP BY ?measure"""
_CITED = """SELECT DISTINCT ?report ?start ?end ?quote ?section ?rule {
  VALUES ?said { {values} }
  ?said gov:passage ?passage ; gov:rule ?rule .
  ?passage gov:source ?report ; gov:start ?start ; gov:end ?end ; gov:quote ?quote .
  OPTIONAL { ?passage gov:section ?section }
}"""
_OFFSETS = """SELECT DISTINCT ?offset ?start ?quote {
  VALUES ?number { {values} }
  ?number gov:offset ?offset ; gov:passage ?passage .
  ?passage gov:start ?start ; gov:quote ?quote .
}"""
