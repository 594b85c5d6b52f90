"""Puts rows of terms into the order that SPARQL has for them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyoxigraph

from kg.graph.nquads import RDF, XSD

Row = tuple[Any, ...]

_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "nonNegativeInteger"))
_TEXTS = frozenset((XSD + "string", RDF + "langString"))
_NOTHING, _IRI, _NUMBER, _TEXT = range(4)


def ordered(rows: Sequence[Row], by: Sequence[tuple[int, bool]]) -> list[Row] | None:
    """Return rows sorted by columns, each with whether it falls; None where only a store knows the order.

    What is not bound comes first, then IRIs, then literals: numbers by value, texts by their characters. A
    store is asked where one column holds both, texts of several languages, or anything else.
    """
    found = list(rows)
    for column, falls in reversed(by):
        keys = [_key(row[column]) for row in found]
        kinds = {(kind, language) for kind, language, _ in keys}
        if not _are_alike(kinds):
            return None
        # What is all of one kind is compared by its value alone, which is quicker.
        of: Sequence[Any] = [value for _, _, value in keys] if len(kinds) == 1 else keys
        places = sorted(range(len(found)), key=of.__getitem__, reverse=falls)
        found = [found[place] for place in places]
    return found


def _key(term: Any) -> tuple[int, str, Any]:
    """Return what a term is, in which language, and what it is compared by."""
    if isinstance(term, pyoxigraph.Literal):
        if language := term.language:
            return _TEXT, language, term.value
        datatype = term.datatype.value
        if datatype in _NUMBERS:
            return _NUMBER, "", Decimal(term.value)
        return (_TEXT, "", term.value) if datatype in _TEXTS else (-1, "", "")
    if isinstance(term, pyoxigraph.NamedNode):
        return _IRI, "", term.value
    return (-1, "", "") if term is not None else (_NOTHING, "", "")


def _are_alike(kinds: set[tuple[int, str]]) -> bool:
    literals = [kind for kind in kinds if kind[0] in (_NUMBER, _TEXT)]
    return len(literals) <= 1 and all(kind >= 0 for kind, _ in kinds)
