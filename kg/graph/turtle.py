"""Writes Turtle from sorted N-Quads lines: streaming, readable, the same bytes for the same graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from kg import terms
from kg.graph import nquads

TYPE = nquads.iri(nquads.RDF + "type")
# Local names that every parser accepts unescaped; anything else stays a full IRI.
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# Paths that resolve against a base in one way only: no empty, dotted or colon-bearing segments.
_RELATIVE = re.compile(r"[\w~-][\w.~-]*(?:/[\w~-][\w.~-]*)+")
_DATATYPE = re.compile(r'(".*")\^\^(<[^>]*>)', re.DOTALL)


PREFIXES = {prefix: terms.PREFIXES[prefix] for prefix in ("dcterms", "gov", "rdf", "skos", "xsd")}
"""The vocabularies that a graph of this project uses."""


class Names:
    """Shortens terms: prefixed names for vocabularies, relative IRIs for things."""

    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        self.prefixes = dict(sorted(prefixes.items()))
        # Only below a base that ends in a slash is resolving the same as joining.
        self.base = base if base.startswith(("http://", "https://")) and base.endswith("/") else ""
        self._by_length = sorted(self.prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._short: dict[str, str] = {}

    def header(self) -> Iterator[str]:
        """Yield the directives that the short forms need."""
        if self.base:
            yield f"@base <{self.base}> .\n"
        for prefix, namespace in self.prefixes.items():
            yield f"@prefix {prefix}: <{namespace}> .\n"

    def short(self, term: str) -> str:
        """Return a term in N-Triples syntax as Turtle writes it."""
        if term.startswith("<"):
            return self._iri(term)
        hit = _DATATYPE.fullmatch(term)
        return f"{hit[1]}^^{self._iri(hit[2])}" if hit else term

    def _iri(self, term: str) -> str:
        full = term[1:-1]
        if self.base and full.startswith(self.base) and _RELATIVE.fullmatch(full, len(self.base)):
            return f"<{full[len(self.base) :]}>"
        known = self._short.get(term)
        if known is None:
            known = term
            for prefix, namespace in self._by_length:
                if full.startswith(namespace) and _LOCAL.fullmatch(full, len(namespace)):
                    known = self._short[term] = f"{prefix}:{full[len(namespace) :]}"
                    break
        return known


def write(lines: Iterable[str], prefixes: Mapping[str, str], base: str) -> Iterator[str]:
    """Yield the chunks of a Turtle file for sorted N-Quads lines, one block per subject, its type first."""
    return write_triples(nquads.triples(lines), prefixes, base)


def write_triples(
    triples: Iterable[tuple[str, str, str]], prefixes: Mapping[str, str], base: str
) -> Iterator[str]:
    """Yield the chunks of a Turtle file for sorted distinct triples of terms in N-Triples syntax."""
    names = Names(prefixes, base)
    yield from names.header()
    for subject, found in groupby(triples, key=lambda triple: triple[0]):
        yield "\n" + block(names, subject, found) + "\n"


def block(names: Names, subject: str, found: Iterable[tuple[str, str, str]]) -> str:
    """Return the statements about one subject, whose triples are sorted and distinct."""
    parts = []
    pairs = [(predicate, obj) for _, predicate, obj in found]
    pairs.sort(key=lambda pair: (pair[0] != TYPE, pair))
    for predicate, objects in groupby(pairs, key=lambda pair: pair[0]):
        verb = "a" if predicate == TYPE else names.short(predicate)
        parts.append(f"{verb} " + ", ".join(names.short(obj) for _, obj in objects))
    return f"{names.short(subject)} " + " ;\n    ".join(parts) + " ."
