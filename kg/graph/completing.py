"""Completes what a user begins to type: names of the things in a graph that can be asked about."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pyoxigraph

from kg import terms
from kg.errors import QueryError
from kg.graph.nquads import DCTERMS, RDF, SKOS

_CLASSES = {
    "place": ("Jurisdiction",),
    "body": ("Institution",),
    "document": ("PolicyDocument",),
    "initiative": ("Initiative",),
    "honour": ("Honour",),
    "thing": ("Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour"),
}
_CONCEPTS = {
    "indicator": ("indicator",),
    "level": ("level",),
    "type": ("institutionType", "documentType", "initiativeType"),
}
_LABEL = pyoxigraph.NamedNode(SKOS + "prefLabel")
_NAMES = (_LABEL, pyoxigraph.NamedNode(SKOS + "altLabel"))
_BROADER = pyoxigraph.NamedNode(SKOS + "broader")
_TYPE = pyoxigraph.NamedNode(RDF + "type")
_TITLE = pyoxigraph.NamedNode(DCTERMS + "title")
_ALIKE = 0.4
"""From this share of common characters on, a name is near: 珠山县 and 珠山区 have two thirds."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that a parameter can take.

    ``value`` is what to give: a name where it is the only thing called so, otherwise a code or an IRI.
    ``label`` is what to show, with the place above where names are shared. ``reports`` is how many reports
    mention it; of an indicator, a measure, a level, a type and a year, how many statements have it.
    """

    value: str
    label: str
    kind: str
    reports: int


@dataclass(frozen=True, slots=True)
class _Known:
    """A thing with all its names; ``key`` tells it from others of the same label."""

    iri: str
    label: str
    names: tuple[str, ...]


def complete(store: pyoxigraph.Store, kind: str, text: str, limit: int = 20) -> list[Suggestion]:
    """Return the values of a kind whose names contain ``text`` (short names, other names and codes, too).

    The most mentioned come first, then by label; an empty ``text`` gives the most mentioned of all. Of kind
    ``text`` there are none.

    Raises:
        QueryError: there is no such kind; the kinds are those of parameters.

    """
    wanted = text.strip().casefold()
    known = list(_known(store, kind))
    found = [item for item in known if _is_meant(kind, wanted, item)]
    return _suggestions(store, kind, known, found, limit)


def _is_meant(kind: str, wanted: str, item: _Known) -> bool:
    """Tell whether a text is part of a name, as questions take it.

    Other names of places often begin with the place above (景德镇市珠山区); only their ends mean the place.
    """
    names = [name.casefold() for name in item.names]
    if kind == "place":
        return wanted in item.label.casefold() or any(name.endswith(wanted) for name in names)
    return any(wanted in name for name in names)


def near(store: pyoxigraph.Store, kind: str, text: str, limit: int = 5) -> list[Suggestion]:
    """Return the values of a kind whose names are most like ``text``, which is none of them.

    Raises:
        QueryError: there is no such kind.

    """
    wanted = text.strip().casefold()
    known = list(_known(store, kind))
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    likeness: dict[str, float] = {}
    for item in known:
        for name in item.names:
            matcher.set_seq1(name.casefold())
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                likeness[item.iri] = max(likeness.get(item.iri, 0), matcher.ratio())
    close = [item for item in known if likeness.get(item.iri, 0) >= _ALIKE]
    close.sort(key=lambda item: (-likeness[item.iri], item.label, item.iri))
    order = {item.iri: place for place, item in enumerate(close[:limit])}
    made = _suggestions(store, kind, known, close[:limit], limit, order)
    return made


def _suggestions(
    store: pyoxigraph.Store,
    kind: str,
    known: list[_Known],
    found: list[_Known],
    limit: int,
    order: dict[str, int] | None = None,
) -> list[Suggestion]:
    counts = _counts(store, kind, found)
    shared = Counter(item.label for item in known)

    def key(item: _Known) -> tuple[int, int, str, str]:
        return (order[item.iri] if order else 0, -counts[item.iri], item.label, item.iri)

    made = []
    for item in sorted(found, key=key)[:limit]:
        value, label = item.label, item.label
        if shared[item.label] > 1 and kind not in ("report", "year"):
            value = _value(store, item.iri, "code") or item.iri
            label = f"{item.label} ({_above(store, item.iri) or item.iri})"
        made.append(Suggestion(value, label, kind, counts[item.iri]))
    return made


def _known(store: pyoxigraph.Store, kind: str) -> Iterator[_Known]:
    """Yield what there is of a kind, each once."""
    if kind in _CLASSES:
        for class_ in _CLASSES[kind]:
            node = pyoxigraph.NamedNode(terms.gov(class_))
            yield from _named(store, (quad.subject for quad in _quads(store, None, _TYPE, node)))
    elif kind in _CONCEPTS:
        yield from _named(store, _used(store, kind))
    elif kind == "measure":
        indicators = _used(store, "indicator")
        yield from _named(store, chain.from_iterable(_objects(store, each, _BROADER) for each in indicators))
    elif kind == "year":
        years = {quad.object.value for quad in _quads(store, None, _gov("reportingYear"), None)}
        yield from (_Known(year, year, (year,)) for year in years)
    elif kind == "report":
        for quad in _quads(store, None, _gov("sourceFile"), None):
            titles = [title.value for title in _objects(store, quad.subject, _TITLE)]
            yield _Known(quad.subject.value, quad.object.value, (quad.object.value, *titles))
    elif kind != "text":
        raise QueryError(
            f"complete: no kind {kind!r}; kinds are {', '.join((*_CLASSES, *_CONCEPTS))} and the like"
        )


def _used(store: pyoxigraph.Store, kind: str) -> Iterator[Any]:
    for name in _CONCEPTS[kind]:
        yield from {quad.object for quad in _quads(store, None, _gov(name), None)}


def _named(store: pyoxigraph.Store, nodes: Iterable[Any]) -> Iterator[_Known]:
    for node in dict.fromkeys(nodes):
        labels = list(_objects(store, node, _LABEL))
        if not labels:
            continue
        label = min(labels, key=lambda each: (each.language != "zh", each.value))
        names = {name.value for predicate in _NAMES for name in _objects(store, node, predicate)}
        code = _value(store, node.value, "code")
        yield _Known(node.value, label.value, (*sorted(names), *([code] if code else [])))


def _counts(store: pyoxigraph.Store, kind: str, found: list[_Known]) -> dict[str, int]:
    """Return how often each is mentioned."""
    if kind == "year":
        years = Counter(quad.object.value for quad in _quads(store, None, _gov("reportingYear"), None))
        return {item.iri: years[item.iri] for item in found}
    counts = {}
    for item in found:
        node = pyoxigraph.NamedNode(item.iri)
        if kind == "measure":
            indicators = [quad.subject for quad in _quads(store, None, _BROADER, node)]
            counts[item.iri] = sum(_having(store, "indicator", indicator) for indicator in indicators)
        else:
            counts[item.iri] = sum(_having(store, name, node) for name in _CONCEPTS.get(kind, ("mentions",)))
    return counts


def _having(store: pyoxigraph.Store, predicate: str, node: Any) -> int:
    return sum(1 for _ in _quads(store, None, _gov(predicate), node))


def _above(store: pyoxigraph.Store, iri: str) -> str:
    """Return the name of the place above a place, or of the place that a body serves."""
    node = pyoxigraph.NamedNode(iri)
    for predicate in ("within", "serves"):
        for place in _objects(store, node, _gov(predicate)):
            return min((label.value for label in _objects(store, place, _LABEL)), default="")
    return ""


def _value(store: pyoxigraph.Store, iri: str, predicate: str) -> str:
    found = _objects(store, pyoxigraph.NamedNode(iri), _gov(predicate))
    return min((each.value for each in found), default="")


def _gov(name: str) -> pyoxigraph.NamedNode:
    return pyoxigraph.NamedNode(terms.gov(name))


def _objects(store: pyoxigraph.Store, subject: Any, predicate: pyoxigraph.NamedNode) -> Iterator[Any]:
    return (quad.object for quad in _quads(store, subject, predicate, None))


def _quads(store: pyoxigraph.Store, subject: Any, predicate: Any, obj: Any) -> Iterator[Any]:
    """Yield what matches in all documents together."""
    return iter(store.quads_for_pattern(subject, predicate, obj, pyoxigraph.DefaultGraph()))
