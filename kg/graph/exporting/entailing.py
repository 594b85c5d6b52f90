"""Adds what follows from the ontology's alignment: the standard terms, for tools without a reasoner."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph

from kg import resources, terms
from kg.errors import RuleError
from kg.graph import nquads
from kg.graph.exporting import sorting

_FILES = ("govkg.ttl", "cube.ttl")
_TYPE = nquads.iri(nquads.RDF + "type")
_RDFS, _OWL = terms.PREFIXES["rdfs"], terms.PREFIXES["owl"]
_BELOW_CLASS, _BELOW_PROPERTY = _RDFS + "subClassOf", _RDFS + "subPropertyOf"
_INVERSE = _OWL + "inverseOf"

Node = TypeVar("Node")
Way = tuple[str, bool]
"""A property, and whether it is meant from object to subject."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What follows from a statement, by its property or, for rdf:type, by its class; terms in N-Quads syntax.

    ``prefixes`` are those of the ontology's file, which know all the vocabularies.
    """

    wider: Mapping[str, tuple[Way, ...]]
    classes: Mapping[str, tuple[str, ...]]
    prefixes: Mapping[str, str]


@functools.cache
def load() -> Alignment:
    """Return what follows by rdfs:subClassOf, rdfs:subPropertyOf and owl:inverseOf of named terms.

    Raises:
        RuleError: a file of the ontology is missing or broken.

    """
    above: dict[str, set[str]] = {}
    steps: dict[Way, set[Way]] = {}
    prefixes: dict[str, str] = {}
    for name in _FILES:
        path = resources.ontology_folder() / name
        try:
            parser = pyoxigraph.parse(path=path)
            found = list(parser)
        except (OSError, SyntaxError) as error:
            raise RuleError(f"{path}: cannot be read, {error}; restore the file") from error
        prefixes |= parser.prefixes
        for subject, predicate, obj, _ in found:
            if not (isinstance(subject, pyoxigraph.NamedNode) and isinstance(obj, pyoxigraph.NamedNode)):
                continue
            one, other = str(subject), str(obj)
            if predicate.value == _BELOW_CLASS:
                above.setdefault(one, set()).add(other)
            elif predicate.value in (_BELOW_PROPERTY, _INVERSE):
                turned = predicate.value == _INVERSE
                for way in (False, True):
                    steps.setdefault((one, way), set()).add((other, way != turned))
                    if turned:
                        steps.setdefault((other, way), set()).add((one, not way))
    ways = {(one, False) for one, _ in steps}
    return Alignment(
        wider={way[0]: tuple(sorted(_reached(steps, way) - {way})) for way in sorted(ways)},
        classes={name: tuple(sorted(_reached(above, name) - {name})) for name in sorted(above)},
        prefixes=dict(sorted({**prefixes, **terms.PREFIXES}.items())),
    )


def entail(lines: Iterable[str]) -> Iterator[str]:
    """Yield sorted lines with the statements that follow from each, in the graph of that statement."""
    return sorting.distinct(_with_consequences(lines, load()))


def _with_consequences(lines: Iterable[str], alignment: Alignment) -> Iterator[str]:
    for line in lines:
        yield line
        subject, predicate, obj, graph = nquads.split(line)
        if predicate == _TYPE:
            for wider in alignment.classes.get(obj, ()):
                yield nquads.line(subject, predicate, wider, graph)
        for wider, turned in alignment.wider.get(predicate, ()):
            if not turned:
                yield nquads.line(subject, wider, obj, graph)
            elif obj.startswith("<"):  # a literal is nothing's subject
                yield nquads.line(obj, wider, subject, graph)


def _reached(steps: Mapping[Node, set[Node]], start: Node) -> set[Node]:
    found: set[Node] = set()
    waiting = [start]
    while waiting:
        for other in steps.get(waiting.pop(), set()) - found:
            found.add(other)
            waiting.append(other)
    return found
