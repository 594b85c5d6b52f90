"""Checks observations against the integrity constraints of the RDF Data Cube vocabulary (W3C, section 11).

The constraints are queries that find what breaks them, in ``ontology/cube``; the structure is
``ontology/cube.ttl``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph

from kg import ids, resources, terms
from kg.graph.nquads import QB, RDF, SKOS, iri, split

_TITLE = re.compile(r"# IC-(\d+): (.*)")
_INDICATORS = re.compile(rf"^<(\S*)concept/indicator> {re.escape(iri(RDF + 'type'))}", re.MULTILINE)
_WANTED = frozenset(
    map(iri, (QB + "dataSet", QB + "structure", QB + "DataSet", SKOS + "inScheme", SKOS + "ConceptScheme"))
)
_CHILD, _PARENT, _TELLING = "<urn:child>", "<urn:parent>", "<urn:telling>"
_CHILDREN = f"SELECT DISTINCT ?p {{ ?l <{QB}parentChildProperty> ?p FILTER(isIRI(?p)) }}"
_INVERSE = iri(terms.PREFIXES["owl"] + "inverseOf")
_PARENTS = f"SELECT DISTINCT ?p {{ ?l <{QB}parentChildProperty>/{_INVERSE} ?p }}"


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
    kept = "\n".join(_about_numbers(lines))
    store.bulk_load(kept.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    structure = (resources.ontology_folder() / "cube.ttl").read_text(encoding="utf-8")
    hit = _INDICATORS.search(kept)
    if hit:  # a graph with a base of its own has its code lists there
        structure = structure.replace(f"<{ids.DEFAULT_BASE}concept/", f"<{hit[1]}concept/")
    store.bulk_load(structure.encode(), pyoxigraph.RdfFormat.TURTLE)
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
            found = sorted(row["focus"].value for row in _rows(store, sparql))
            yield from ((constraint, focus) for focus in found)


def _closed(sparql: str, store: pyoxigraph.Store) -> Iterator[str]:
    """Yield a constraint's query with the property that it leaves open filled in, once for each there is."""
    if _TELLING in sparql:
        by_structure: dict[object, object] = {}
        for row in _rows(store, (_folder() / "telling.rq").read_text(encoding="utf-8")):
            by_structure.setdefault(row["structure"], row["p"])
        yield from sorted({sparql.replace(_TELLING, str(best)) for best in by_structure.values()})
    elif _CHILD in sparql:
        yield from sorted(sparql.replace(_CHILD, str(row["p"])) for row in _rows(store, _CHILDREN))
    elif _PARENT in sparql:
        yield from sorted(sparql.replace(_PARENT, str(row["p"])) for row in _rows(store, _PARENTS))
    else:
        yield sparql


def _rows(store: pyoxigraph.Store, sparql: str) -> pyoxigraph.QuerySolutions:
    found = store.query(sparql)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return found


def _folder() -> Path:
    return resources.ontology_folder() / "cube"
