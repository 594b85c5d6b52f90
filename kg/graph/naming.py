"""Finds the thing that a user means by a name, a code or an IRI."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pyoxigraph

from kg import terms
from kg.errors import QueryError
from kg.graph import names, nquads
from kg.graph.nquads import DCTERMS, RDF, SKOS
from kg.graph.selection import THINGS
from kg.graph.tables import plain

_NAMES = (SKOS + "prefLabel", DCTERMS + "title", SKOS + "altLabel")
_CODES = tuple(map(terms.gov, ("code", "orgCode", "docNumber", "sourceFile")))
_SHOWN = 12


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A thing that a name may mean."""

    label: str
    kind: str
    iri: str


def resolve(
    store: pyoxigraph.Store, name: str, base: str, kind: str = "", known: names.Names | None = None
) -> str:
    """Return the IRI of the one thing (of a class, if given) that an IRI, code, label or other name means.

    ``known`` are the names of the store (:func:`kg.graph.names.opened`): the answer is the same without them,
    and comes later where the graph is large.

    Raises:
        QueryError: nothing, or more than one thing, is called so; the message lists what could be meant.

    """
    called = candidates(store, name, base, known)
    found = [item for item in called if kind in ("", item.kind)]
    if len(found) == 1:
        return found[0].iri
    place = plain(name).strip() or repr(name)
    if found:
        raise QueryError(
            f"{place}: may mean {len(found)} things; give one of these names or IRIs\n{_list(found)}"
        )
    near = [item for item in containing(store, name, known) if kind in ("", item.kind)]
    if near:
        raise QueryError(
            f"{place}: nothing is called exactly so; give one of these names or IRIs\n{_list(near)}"
        )
    if called:
        raise QueryError(
            f"{place}: is of the class {called[0].kind}; give the name of one of the class {kind}"
        )
    raise QueryError(
        f"{place}: nothing in the graph is called so; kg query --name things lists what there is"
    )


def candidates(
    store: pyoxigraph.Store, name: str, base: str, known: names.Names | None = None
) -> list[Candidate]:
    """Return the things that ``name`` names exactly: as IRI, by code, by label, else by another name.

    ``known`` is as for :func:`resolve`.
    """
    for iri in (name.strip("<>"), base + name):
        found = _described(store, {iri}) if ":" in iri and nquads.iri(iri) == f"<{iri}>" else []
        if found:
            return found
    ways: list[set[str]] = [
        {iri for predicate in _CODES for iri in _having(store, predicate, pyoxigraph.Literal(name))}
    ]
    for predicate in _NAMES:
        ways.append(_having(store, predicate, pyoxigraph.Literal(name, language="zh")))
    for found_so in ways:
        found = _described(store, found_so)
        if found:
            return found
    wanted = _folded(name)
    return _described(
        store, {iri for iri, label in _labels(store, wanted, known) if _folded(label) == wanted}
    )


def containing(store: pyoxigraph.Store, name: str, known: names.Names | None = None) -> list[Candidate]:
    """Return the things one of whose names contains ``name``, those that it is most of first.

    ``known`` is as for :func:`resolve`.
    """
    wanted = _folded(name)
    if not wanted:
        return []
    likeness: dict[str, tuple[bool, int]] = {}
    for iri, label in _labels(store, wanted, known):
        folded = _folded(label)
        if wanted in folded:
            # A relative name stands at the end of the whole one: that of any place's bureau of justice.
            found = (not folded.endswith(wanted), len(folded))
            likeness[iri] = min(found, likeness.get(iri, found))
    return sorted(_described(store, set(likeness)), key=lambda item: (likeness[item.iri], item))


def _having(store: pyoxigraph.Store, predicate: str, value: pyoxigraph.Literal) -> set[str]:
    quads = store.quads_for_pattern(None, pyoxigraph.NamedNode(predicate), value, None)
    return {str(quad.subject).strip("<>") for quad in quads}


def _labels(store: pyoxigraph.Store, wanted: str, known: names.Names | None) -> Iterator[tuple[str, str]]:
    """Yield things with their labels and titles: at least those in which something is, folded."""
    if known is not None and wanted:
        telling = [(known.frequency(sign), sign) for sign in set(wanted) if _is_kept(sign)]
        yield from known.labels(_written(min(telling)[1]) if telling else ())
        return
    for predicate in _NAMES:
        for subject, _, label, _ in store.quads_for_pattern(
            None, pyoxigraph.NamedNode(predicate), None, None
        ):
            yield subject.value, label.value


def _is_kept(sign: str) -> bool:
    """Tell whether a sign of a folded name stands in the name itself, or in what one of its signs stands for.

    Others may be made of several, or of one in another case.
    """
    return names.is_unchanged(sign) and unicodedata.is_normalized("NFD", sign)


def _written(folded: str) -> tuple[str, ...]:
    """Return a sign of a folded name, and all those that stand for it, alone or with others."""
    return (folded, *_variants().get(folded, ()))


@cache
def _variants() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for sign in map(chr, range(sys.maxunicode + 1)):
        if not unicodedata.is_normalized("NFKD", sign):
            for part in set(unicodedata.normalize("NFKD", sign)):
                found.setdefault(part, []).append(sign)
    return found


def _described(store: pyoxigraph.Store, iris: set[str]) -> list[Candidate]:
    found = []
    for iri in iris:
        node = pyoxigraph.NamedNode(iri)
        types = store.quads_for_pattern(node, pyoxigraph.NamedNode(RDF + "type"), None, None)
        kinds = {quad[2].value.rpartition("#")[2] for quad in types}
        kind = next((kind for kind in THINGS if kind in kinds), "")
        if kind:
            labels = store.quads_for_pattern(node, pyoxigraph.NamedNode(SKOS + "prefLabel"), None, None)
            found.append(Candidate(min((quad[2].value for quad in labels), default=""), kind, iri))
    return sorted(found)


def _folded(name: str) -> str:
    """Return a name without what writing varies: width, case, spaces, quotation and title marks."""
    return unicodedata.normalize("NFKC", name).casefold().translate(_DROPPED)


class _Dropped(dict[int, int | None]):
    """What a sign becomes: itself, or nothing; told when it is first asked for."""

    def __missing__(self, sign: int) -> int | None:
        is_dropped = unicodedata.category(chr(sign)) in ("Pi", "Pf", "Zs", "Cf") or chr(sign) in _MARKS
        self[sign] = None if is_dropped else sign
        return self[sign]


# Title marks are brackets to Unicode, as the round ones that do belong to names.
_MARKS = frozenset("\"'\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f")
_DROPPED = _Dropped()


def _list(found: list[Candidate]) -> str:
    shown = [f"  {plain(item.label)}  {item.kind}  {item.iri}" for item in found[:_SHOWN]]
    return "\n".join(shown + ([f"  and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []))
