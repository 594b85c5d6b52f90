"""Completes what a user begins to type: names of the things in a graph that can be asked about."""

from __future__ import annotations

import difflib
import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import Any

import pyoxigraph

from kg import terms
from kg.errors import QueryError
from kg.graph import names
from kg.graph.nquads import DCTERMS, RDF, SKOS

_CLASSES = {
    "place": ("Jurisdiction",),
    "body": ("Institution",),
    "document": ("PolicyDocument",),
    "initiative": ("Initiative",),
    "honour": ("Honour",),
    "thing": ("Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour"),
}
_LABEL = pyoxigraph.NamedNode(SKOS + "prefLabel")
_OTHER_LABEL = pyoxigraph.NamedNode(SKOS + "altLabel")
_BROADER = pyoxigraph.NamedNode(SKOS + "broader")
_TYPE = pyoxigraph.NamedNode(RDF + "type")
_TITLE = pyoxigraph.NamedNode(DCTERMS + "title")
_COUNTED = {
    "indicator": "?s gov:indicator ?x",
    "level": "?s gov:level ?x",
    "type": "?s gov:institutionType|gov:documentType|gov:initiativeType ?x",
    "measure": "{ SELECT ?i (COUNT(*) AS ?k) { ?s gov:indicator ?i } GROUP BY ?i } ?i skos:broader ?x",
    "year": "?s gov:reportingYear ?x",
}
"""Patterns that hold once for each statement that has a value (?x), or ?k times for an indicator of it."""

_LANGUAGES = ("zh", "en", None)
"""In which builds write labels."""

_FEW = 2000
"""Of so many things, the mentions are counted thing by thing; of more, all mentions are gone through."""

_STEPS = (16, 4, 1)
"""Things are looked at from the most mentioned on; those mentioned less only where these are too few."""

_MANY = 20_000
"""Of a class of more things, the mentions of all things are counted sooner than those of the class."""

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


def complete(
    store: pyoxigraph.Store, kind: str, text: str, limit: int = 20, known: names.Names | None = None
) -> list[Suggestion]:
    """Return the values of a kind whose names contain ``text`` (short names, other names and codes, too).

    The most mentioned come first, then by label; an empty ``text`` gives the most mentioned of all. Of kind
    ``text`` there are none. ``known`` are the names of the store (:func:`kg.graph.names.opened`): what is
    suggested is the same without them, and comes later where few things have ``text`` in a name.

    Raises:
        QueryError: there is no such kind; the kinds are those of parameters.

    """
    wanted = text.strip().casefold()
    things = _Things(store, kind, known)
    if kind == "text":
        return []
    found: list[tuple[_Known, int]] = []
    for count, iris in _ranked(things, known.having(kind, wanted) if known else None):
        if len(found) >= limit:
            break
        meant = (item for item in things.ordered(iris) if _is_meant(kind, wanted, item))
        found += [(item, count) for item in islice(meant, limit - len(found))]
    return [_suggestion(things, item, count) for item, count in found]


def _is_meant(kind: str, wanted: str, item: _Known) -> bool:
    """Tell whether a text is part of a name, as questions take it.

    Other names of places often begin with the place above (景德镇市珠山区); only their ends mean the place.
    """
    names = [name.casefold() for name in item.names]
    if kind == "place":
        return wanted in item.label.casefold() or any(name.endswith(wanted) for name in names)
    return any(wanted in name for name in names)


def _order(item: _Known) -> tuple[str, str]:
    return item.label, item.iri


def near(
    store: pyoxigraph.Store, kind: str, text: str, limit: int = 5, known: names.Names | None = None
) -> list[Suggestion]:
    """Return the values of a kind whose names are most like ``text``, which is none of them.

    ``known`` are the names of the store (:func:`kg.graph.names.opened`): what is returned is the same without
    them, and comes later.

    Raises:
        QueryError: there is no such kind.

    """
    wanted = text.strip().casefold()
    things = _Things(store, kind, known)
    if kind == "text":
        return []
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    likeness: dict[str, float] = {}
    least = _ALIKE
    # Every name stands in the heap first by how much it may be alike, then by how much it is.
    heap = [(-most, False, iri, name) for most, iri, name in _bounded(wanted, things)]
    heapq.heapify(heap)
    while heap and -heap[0][0] >= least:
        likely, is_exact, iri, name = heapq.heappop(heap)
        if not is_exact:
            matcher.set_seq1(name)
            heapq.heappush(heap, (-matcher.ratio(), True, iri, name))
        elif iri not in likeness and things.has_name(iri, name):
            likeness[iri] = -likely
            if len(likeness) >= limit:
                least = -likely  # others that are as much alike may come before by their labels
    close = [(-likeness[iri], item) for iri in likeness for item in things.items(iri)]
    close.sort(key=lambda found: (found[0], _order(found[1])))
    return [_suggestion(things, item, things.count(item.iri)) for _, item in close[:limit]]


def _bounded(wanted: str, things: _Things) -> Iterator[tuple[float, str, str]]:
    """Yield things and their names that may be near, with the share of common characters they have at most.

    Some things may be of another kind.
    """
    weights = Counter(wanted)
    characters = frozenset(wanted)
    for iri, name in things.names(characters):
        common = sum(map(weights.__getitem__, characters.intersection(name)))
        most = 2 * common / max(1, len(wanted) + len(name))
        if most >= _ALIKE:
            yield most, iri, name


def _suggestion(things: _Things, item: _Known, count: int) -> Suggestion:
    value, label = item.label, item.label
    if things.is_shared(item.label):
        value = _value(things.store, item.iri, "code") or item.iri
        label = f"{item.label} ({_above(things.store, item.iri) or item.iri})"
    return Suggestion(value, label, things.kind, count)


class _Things:
    """What there is of a kind in a store.

    Raises:
        QueryError: there is no such kind.

    """

    def __init__(self, store: pyoxigraph.Store, kind: str, known: names.Names | None) -> None:
        if kind not in (*_CLASSES, *_COUNTED, "report", "text"):
            kinds = ", ".join((*_CLASSES, *_COUNTED))
            raise QueryError(f"complete: no kind {kind!r}; kinds are {kinds} and the like")
        self.store = store
        self.kind = kind
        self.known = known
        self._classes = frozenset(pyoxigraph.NamedNode(terms.gov(name)) for name in _CLASSES.get(kind, ()))
        self.items: Callable[[str], tuple[_Known, ...]] = cache(self._items)

    def all(self) -> Iterator[str]:
        """Yield the IRIs of all, and the numbers of years, each once."""
        if self.kind in _COUNTED:
            yield from self.counts(1, None)
        elif self.kind == "report":
            yield from self._files
        else:
            yield from dict.fromkeys(
                quad.subject.value
                for class_ in _CLASSES.get(self.kind, ())
                for quad in _quads(self.store, None, _TYPE, pyoxigraph.NamedNode(terms.gov(class_)))
            )

    def ordered(self, iris: Collection[str]) -> Iterator[_Known]:
        """Yield those of some things that are of the kind, by label; titles of reports are looked up late."""
        if self.kind == "report":
            files = sorted((file, iri) for iri in iris for file in self._files.get(iri, ()))
            for file, report in files:
                yield from (item for item in self.items(report) if item.label == file)
            return
        yield from sorted((item for iri in iris for item in self.items(iri)), key=_order)

    def names(self, characters: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Yield all with each of their names, case folded; at least those that have one of some characters.

        Things of other kinds may be among them.
        """
        named = self.known.each(self.kind, characters) if self.known else None
        if named is not None:
            yield from named
            return
        for iri in self.all():
            for item in self.items(iri):
                yield from ((iri, name.casefold()) for name in item.names)

    def has_name(self, iri: str, name: str) -> bool:
        """Tell whether something is of the kind, and has a name, case folded."""
        return any(name == each.casefold() for item in self.items(iri) for each in item.names)

    @cached_property
    def _files(self) -> dict[str, list[str]]:
        """The files of each report."""
        quads = _quads(self.store, None, _gov("sourceFile"), None)
        stated = ((quad.subject.value, quad.object.value) for quad in quads)
        found: dict[str, list[str]] = {}
        for iri, file in self.known.files() if self.known else stated:
            found.setdefault(iri, []).append(file)
        return found

    @cached_property
    def _is_of_many(self) -> bool:
        classes = _CLASSES.get(self.kind, ())
        if len(classes) != 1:
            return True
        (row,) = _rows(self.store, f"SELECT (COUNT(*) AS ?n) {{ ?x a gov:{classes[0]} }}")
        return int(row[0].value) > _MANY

    def _items(self, iri: str) -> tuple[_Known, ...]:
        """Return a thing with its names; nothing if it is not of the kind, a report once for each file."""
        if self.kind == "year":
            return (_Known(iri, iri, (iri,)),)
        node = pyoxigraph.NamedNode(iri)
        if self.kind == "report":
            files = _values(self.store, node, _gov("sourceFile"))
            titles = _values(self.store, node, _TITLE)
            return tuple(_Known(iri, file, (file, *titles)) for file in files)
        labels = list(_objects(self.store, node, _LABEL)) if self._is_one(node) else []
        if not labels:
            return ()
        label = min(labels, key=lambda each: (each.language != "zh", each.value))
        names = {name.value for name in (*labels, *_objects(self.store, node, _OTHER_LABEL))}
        code = _value(self.store, iri, "code")
        return (_Known(iri, label.value, (*sorted(names), *([code] if code else []))),)

    def _is_one(self, node: pyoxigraph.NamedNode) -> bool:
        if self._classes:
            return not self._classes.isdisjoint(_objects(self.store, node, _TYPE))
        return self.count(node.value) > 0

    def is_shared(self, label: str) -> bool:
        """Tell whether several things of the kind are called so."""
        if self.kind in ("report", "year"):
            return False
        found: set[_Known] = set()
        for language in _LANGUAGES:
            literal = pyoxigraph.Literal(label, language=language)
            for quad in _quads(self.store, None, _LABEL, literal):
                found.update(item for item in self.items(quad.subject.value) if item.label == label)
                if len(found) > 1:
                    return True
        return False

    def count(self, iri: str) -> int:
        """Return how often a thing is mentioned, or how many statements have a concept or year."""
        if self.kind == "year":
            return self.counts(1, None)[iri]
        node = pyoxigraph.NamedNode(iri)
        if self.kind == "measure":
            indicators = [quad.subject for quad in _quads(self.store, None, _BROADER, node)]
            return sum(self._having("indicator", indicator) for indicator in indicators)
        return sum(self._having(name, node) for name in _STATED.get(self.kind, ("mentions",)))

    def _having(self, predicate: str, node: pyoxigraph.NamedNode) -> int:
        if next(_quads(self.store, None, _gov(predicate), node), None) is None:
            return 0
        (row,) = _rows(self.store, f"SELECT (COUNT(*) AS ?n) {{ ?s gov:{predicate} {node} }}")
        return int(row[0].value)

    def counts(self, low: int, high: int | None) -> Counter[str]:
        """Count as :meth:`count` does, for all that come to ``low`` or more, and less than ``high``.

        Things of other kinds may be among them.
        """
        counted = "SUM(?k)" if self.kind == "measure" else "COUNT(*)"
        said = _COUNTED.get(self.kind)
        if said is None:
            said = "?s gov:mentions ?x"
            if self.kind == "report":
                said = f"{{ SELECT DISTINCT ?x {{ ?x gov:sourceFile ?f }} }} {said}"
            elif len(_CLASSES.get(self.kind, ())) == 1 and (low == 1 or not self._is_of_many):
                said += f" . ?x a gov:{_CLASSES[self.kind][0]}"
        within = f"{counted} >= {low}" + ("" if high is None else f" && {counted} < {high}")
        asked = f"SELECT ?x ({counted} AS ?n) {{ {said} }} GROUP BY ?x HAVING ({within})"
        found: Counter[str] = Counter()
        for node, number in _rows(self.store, asked):
            found[node.value] += int(number.value)  # a year may be written in several ways
        return found


_STATED = {
    "indicator": ("indicator",),
    "level": ("level",),
    "type": ("institutionType", "documentType", "initiativeType"),
}


def _ranked(things: _Things, among: Collection[str] | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the IRIs of things by how often they are mentioned, from the most on; all of one number at once.

    Where it is known ``among`` which are those that are asked for, others are left out. Some may be of other
    kinds.
    """
    if among is not None and len(among) <= _FEW:
        yield from _groups({iri: things.count(iri) for iri in among})
        return
    if things.kind in _COUNTED:
        yield from _groups(things.counts(1, None))
        return
    seen: set[str] = set()
    above = None
    for low in _STEPS if things.kind != "report" else (1,):  # which hardly anything mentions
        counts = things.counts(low, above)
        seen.update(counts)
        if among is None and low == _STEPS[-1] and things.kind != "report":
            for iri in things.all():  # in the order of the store, where looking up nearly all costs least
                things.items(iri)
        yield from _groups(counts if among is None else {iri: counts[iri] for iri in counts if iri in among})
        above = low
    yield 0, [iri for iri in (things.all() if among is None else among) if iri not in seen]


def _values(store: pyoxigraph.Store, subject: Any, predicate: pyoxigraph.NamedNode) -> list[str]:
    return [each.value for each in _objects(store, subject, predicate)]


def _groups(counts: dict[str, int]) -> Iterator[tuple[int, list[str]]]:
    groups: dict[int, list[str]] = {}
    for iri, count in counts.items():
        groups.setdefault(count, []).append(iri)
    yield from sorted(groups.items(), reverse=True)


def _rows(store: pyoxigraph.Store, sparql: str) -> Iterator[Any]:
    yield from store.query(sparql, prefixes=dict(terms.PREFIXES))  # type: ignore[misc]


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
