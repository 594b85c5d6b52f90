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
# How many short forms are kept: those of all vocabularies and of the things of many documents.
_KEPT = 20_000

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
        if term[0] == "<":
            return self._short.get(term) or self._iri(term)
        if not term.endswith(">"):
            return term
        cut = term.rindex('"^^') + 3  # a datatype holds no quotation mark
        return term[:cut] + (self._short.get(term[cut:]) or self._iri(term[cut:]))

    def _iri(self, term: str) -> str:
        known = self._short.get(term)
        if known is None:
            if len(self._short) >= _KEPT:
                self._short.clear()
            known = self._short[term] = self._shortened(term)
        return known

    def _shortened(self, term: str) -> str:
        full = term[1:-1]
        if self.base and full.startswith(self.base) and _RELATIVE.fullmatch(full, len(self.base)):
            return f"<{full[len(self.base) :]}>"
        for prefix, namespace in self._by_length:
            if full.startswith(namespace) and _LOCAL.fullmatch(full, len(namespace)):
                return f"{prefix}:{full[len(namespace) :]}"
        return term


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
    short = names.short
    kinds: list[str] = []
    parts: list[str] = []
    last = ""
    for _, predicate, obj in found:
        if predicate == TYPE:
            kinds.append(short(obj))
        elif predicate == last:
            parts[-1] += ", " + short(obj)
        else:
            parts.append(f"{short(predicate)} {short(obj)}")
            last = predicate
    if kinds:
        parts.insert(0, "a " + ", ".join(kinds))
    return f"{short(subject)} " + " ;\n    ".join(parts) + " ."
