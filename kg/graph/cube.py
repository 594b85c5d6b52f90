"""Checks observations against the integrity constraints of the RDF Data Cube vocabulary (W3C, section 11).

The constraints are queries that find what breaks them, in ``ontology/cube``; the structure is
``ontology/cube.ttl``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph

from kg import resources
from kg.graph.nquads import QB, SKOS, iri, split

_TITLE = re.compile(r"# IC-(\d+): (.*)")
_WANTED = frozenset(
    map(iri, (QB + "dataSet", QB + "structure", QB + "DataSet", SKOS + "inScheme", SKOS + "ConceptScheme"))
)
# What IC-20 and IC-21 leave open: the properties that a hierarchical code list is read by.
_OPEN: Mapping[str, str] = {
    "<urn:child>": f"SELECT DISTINCT ?p {{ ?l <{QB}parentChildProperty> ?p FILTER(isIRI(?p)) }}",
    "<urn:parent>": (
        f"SELECT DISTINCT ?p {{ ?l <{QB}parentChildProperty>/<http://www.w3.org/2002/07/owl#inverseOf> ?p }}"
    ),
}


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint: its number in the note, what it asks for, the query that finds what breaks it."""

    number: int
    title: str
    sparql: str


@functools.cache
def constraints() -> tuple[Constraint, ...]:
    """Return the constraints in the order of their numbers."""
    found = []
    for path in sorted(_folder().glob("ic-*.rq")):
        text = path.read_text(encoding="utf-8")
        hit = _TITLE.match(text)
        if hit:
            found.append(Constraint(int(hit[1]), hit[2], text))
    return tuple(found)


def load(lines: Iterable[str]) -> pyoxigraph.Store:
    """Return a cube in memory: observations, data sets and concepts of N-Quads lines, and the structure."""
    store = pyoxigraph.Store()
    kept = _about_numbers(lines)
    store.bulk_load("\n".join(kept).encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    for name in ("cube.ttl", "schemes.ttl"):
        store.bulk_load(path=resources.ontology_folder() / name, format=pyoxigraph.RdfFormat.TURTLE)
    return store


def _about_numbers(lines: Iterable[str]) -> Iterator[str]:
    """Yield the triples of numbers, sets of them and concepts: most of a graph is none of these."""
    for subject, quads in groupby(map(split, lines), key=lambda quad: quad[0]):
        found = list(quads)
        if any(obj in _WANTED or predicate in _WANTED for _, predicate, obj, _ in found):
            yield from (f"{subject} {predicate} {obj} ." for _, predicate, obj, _ in found)


def violations(store: pyoxigraph.Store) -> Iterator[tuple[Constraint, str]]:
    """Yield what breaks a constraint, with the constraint; the store is brought into normal form first."""
    store.update((_folder() / "normalise.ru").read_text(encoding="utf-8"))
    for constraint in constraints():
        for sparql in _closed(constraint.sparql, store):
            found = store.query(sparql)
            assert isinstance(found, pyoxigraph.QuerySolutions)
            yield from ((constraint, focus) for focus in sorted(row["focus"].value for row in found))


def _closed(sparql: str, store: pyoxigraph.Store) -> Iterator[str]:
    for gap, properties in _OPEN.items():
        if gap in sparql:
            found = store.query(properties)
            assert isinstance(found, pyoxigraph.QuerySolutions)
            yield from sorted(sparql.replace(gap, str(row["p"])) for row in found)
            return
    yield sparql


def _folder() -> Path:
    return resources.ontology_folder() / "cube"
