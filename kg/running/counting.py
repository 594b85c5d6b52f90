"""Counts what a graph holds, from its sorted lines: of a whole file, or of parts that share no triple."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kg import terms
from kg.graph import nquads

_TYPE = nquads.iri(nquads.RDF + "type").encode()
_YEAR, _PLACE = (nquads.iri(terms.gov(name)).encode() for name in ("reportingYear", "reportsOn"))
_COUNTERS = ("kinds", "properties", "years", "places")


@dataclass(slots=True)
class Counts:
    """How many quads, distinct triples and subjects there are, and how many triples of each kind.

    ``kinds`` are counted by class, ``properties`` by property (terms in N-Quads syntax), ``years`` and
    ``places`` by the year or place that reports are about.
    """

    quads: int = 0
    triples: int = 0
    subjects: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Add the counts of another part of the graph, which shares no triple with this one."""
        self.quads += other.quads
        self.triples += other.triples
        self.subjects += other.subjects
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def change(self, triple: bytes, by: int) -> None:
        """Count a triple (without graph and full stop) once more, or once less with ``by`` -1."""
        _, predicate, obj = triple.split(b" ", 2)
        self.triples += by
        _change(self.properties, predicate, by)
        counted = self._by_object(predicate)
        if counted is not None:
            _change(counted, obj, by)

    def _by_object(self, predicate: bytes) -> Counter[str] | None:
        if predicate == _TYPE:
            return self.kinds
        return self.years if predicate == _YEAR else self.places if predicate == _PLACE else None

    @property
    def classes(self) -> Counter[str]:
        """Return the number of things by the local name of their class."""
        found: Counter[str] = Counter()
        for term, number in self.kinds.items():
            found[term[1:-1].rpartition("#")[2]] += number
        return found

    @property
    def facts(self) -> dict[str, int]:
        """Return the number of facts by the name of their predicate, those that occur."""
        named = {name: self.properties[nquads.iri(terms.gov(name))] for name in terms.FACT_PREDICATES}
        return {name: number for name, number in named.items() if number}

    def told(self) -> dict[str, Any]:
        """Return the counts in JSON types."""
        numbers = {name: getattr(self, name) for name in ("quads", "triples", "subjects")}
        return numbers | {name: dict(getattr(self, name)) for name in _COUNTERS}

    @classmethod
    def from_told(cls, told: dict[str, Any]) -> Counts:
        """Return what :meth:`told` told."""
        found = cls(told["quads"], told["triples"], told["subjects"])
        for name in _COUNTERS:
            getattr(found, name).update(told[name])
        return found


def triple_of(line: bytes) -> bytes:
    """Return a line of N-Quads without its graph and full stop."""
    return line[: line.rfind(b" <")]


def count(lines: Iterable[bytes]) -> Counts:
    """Return the counts of sorted, distinct lines without line ends."""
    found = Counts()
    properties: Counter[bytes] = Counter()
    objects: dict[bytes, Counter[bytes]] = {_TYPE: Counter(), _YEAR: Counter(), _PLACE: Counter()}
    last_triple = last_subject = b""
    for line in lines:
        found.quads += 1
        triple = line[: line.rfind(b" <")]
        if triple == last_triple:
            continue
        last_triple = triple
        subject, predicate, obj = triple.split(b" ", 2)
        found.triples += 1
        if subject != last_subject:
            found.subjects += 1
            last_subject = subject
        properties[predicate] += 1
        if predicate in objects:
            objects[predicate][obj] += 1
    found.properties = _decoded(properties)
    found.kinds, found.years, found.places = (_decoded(counter) for counter in objects.values())
    return found


def _decoded(counter: Counter[bytes]) -> Counter[str]:
    return Counter({term.decode(): number for term, number in counter.items()})


def _change(counter: Counter[str], term: bytes, by: int) -> None:
    name = term.decode()
    counter[name] += by
    if not counter[name]:
        del counter[name]
