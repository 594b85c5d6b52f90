"""Takes parts of a graph out of its sorted lines, one at a time; what comes out is sorted too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from kg import terms
from kg.errors import StoreError
from kg.graph import selection
from kg.graph.nquads import RDF, Quad, iri, split

_THINGS = ("jurisdiction/", "institution/", "document/", "initiative/", "honour/", "report/")
_EVIDENCE = ("evidence/", "passage/")
_WHY = frozenset(iri(terms.gov(name)) for name in ("passage", "rule"))

_BLOCK = 64 * 1024  # bytes read at once: what is done with them finds them in the processor's cache

Keep = Callable[[Quad], bool]
"""Tells whether a statement belongs to a part."""


@dataclass(frozen=True, slots=True)
class Part:
    """What to keep: some documents, what is around a thing (all by IRI), and whether evidence goes along."""

    documents: frozenset[str] | None = None
    around: str | None = None
    depth: int = 1
    evidence: bool = True


def read(folder: Path) -> Iterator[str]:
    """Yield the lines of a built graph.

    Raises:
        StoreError: the folder holds no graph.

    """
    for block in read_blocks(folder):
        yield from block.decode().split("\n")[:-1]


def read_blocks(folder: Path) -> Iterator[bytes]:
    """Yield a built graph's lines, each with its end, many at a time.

    Raises:
        StoreError: the folder holds no graph.

    """
    try:
        with (folder / "graph.nq").open("rb") as stream:
            while block := stream.read(_BLOCK) + stream.readline():
                yield block if block.endswith(b"\n") else block + b"\n"
    except FileNotFoundError as error:
        raise StoreError(f"{folder}: holds no graph; build one with kg build -o {folder}") from error


def without_evidence(lines: Iterable[str], base: str) -> Iterator[str]:
    """Leave out why facts and numbers are in the graph; what is only planned goes with it."""
    why = tuple(f"<{base}{kind}" for kind in _EVIDENCE)
    for line in lines:
        if not line.startswith(why) and split(line)[1] not in _WHY:
            yield line


def kept(lines: Iterable[str], keep: Keep) -> Iterator[str]:
    """Yield the lines that belong to a part."""
    return (line for line in lines if keep(split(line)))


def things(store: pyoxigraph.Store, part: Part) -> frozenset[str] | None:
    """Return the things that a part around a thing shows, by IRI; None for other parts."""
    if part.around is None:
        return None
    return frozenset(selection.neighbourhood(store, part.around, part.depth, part.documents))


def keep(store: pyoxigraph.Store, part: Part, shown: frozenset[str] | None, base: str) -> Keep:
    """Return what tells the statements of a part from others, evidence not considered.

    The store answers what belongs to it: memory is needed for the part alone, however large the graph.
    """
    said = _of_documents(store, part.documents, base) if part.documents is not None else _everything
    return said if shown is None else _of_things(_Statements(store, said), shown, base)


def _everything(quad: Quad) -> bool:
    return True


def _of_documents(store: pyoxigraph.Store, documents: frozenset[str], base: str) -> Keep:
    """Keep what some reports say, and the reference data that it uses."""
    graphs = frozenset(map(iri, documents))
    reference = iri(base + "reference")
    named: set[str] = set()
    for document in sorted(documents):
        for subject, predicate, obj, _ in store.quads_for_pattern(
            None, None, None, pyoxigraph.NamedNode(document)
        ):
            named |= {
                str(term) for term in (subject, predicate, obj) if isinstance(term, pyoxigraph.NamedNode)
            }
    used = _closure(_Statements(store, lambda quad: quad[3] == reference), named)

    def belongs(quad: Quad) -> bool:
        return quad[3] in graphs or (quad[3] == reference and quad[0] in used)

    return belongs


def _of_things(statements: _Statements, shown: frozenset[str], base: str) -> Keep:
    """Keep what is said of and between some things, with the evidence, numbers and reports it needs."""
    kept = frozenset(map(iri, shown))
    kinds = tuple(f"<{base}{kind}" for kind in _THINGS)
    concepts = f"<{base}concept/"
    wanted = set(kept)
    for thing in kept:
        wanted |= statements.subjects(_OBSERVED, thing)
        for evidence in statements.subjects(_SUBJECT, thing):
            if kept.issuperset(statements.objects(evidence, _OBJECT)):
                wanted.add(evidence)
    for predicate in (_PASSAGE, _SOURCE, _DATA_SET):
        wanted |= {obj for subject in wanted for obj in statements.objects(subject, predicate)}

    def of_wanted(quad: Quad) -> bool:
        return quad[0] in wanted and (quad[1] == _SOURCE or not quad[2].startswith(kinds) or quad[2] in kept)

    named = {quad[2] for subject in wanted for quad in statements.about(subject) if of_wanted(quad)}
    used = _closure(statements, {term for term in named if term.startswith(concepts)}, concepts)

    def belongs(quad: Quad) -> bool:
        return statements.among(quad) and (of_wanted(quad) or quad[0] in used)

    return belongs


_SUBJECT = iri(RDF + "subject")
_OBJECT = iri(RDF + "object")
_OBSERVED = iri(terms.gov("observedFor"))
_PASSAGE = iri(terms.gov("passage"))
_SOURCE = iri(terms.gov("source"))
_DATA_SET = iri(terms.PREFIXES["qb"] + "dataSet")
_FORMER = iri(terms.PREFIXES["org"] + "originalOrganization")


class _Statements:
    """Looks up those statements of a store that belong to a part, in N-Quads syntax; literals stand for "".

    What belongs is told by subject and graph, never by a literal.
    """

    def __init__(self, store: pyoxigraph.Store, among: Keep) -> None:
        self._store = store
        self.among = among

    def about(self, subject: str) -> Iterator[Quad]:
        return self._find(subject, None, None)

    def objects(self, subject: str, predicate: str) -> list[str]:
        return [quad[2] for quad in self._find(subject, predicate, None)]

    def subjects(self, predicate: str, obj: str) -> set[str]:
        return {quad[0] for quad in self._find(None, predicate, obj)}

    def _find(self, subject: str | None, predicate: str | None, obj: str | None) -> Iterator[Quad]:
        one, way, other = (None if term is None else _node(term) for term in (subject, predicate, obj))
        for found in self._store.quads_for_pattern(one, way, other, None):
            if isinstance(found[3], pyoxigraph.NamedNode):  # the default graph holds everything once more
                value = str(found[2]) if isinstance(found[2], pyoxigraph.NamedNode) else ""
                quad = (str(found[0]), str(found[1]), value, str(found[3]))
                if self.among(quad):
                    yield quad


def _node(term: str) -> pyoxigraph.NamedNode:
    return pyoxigraph.NamedNode(term[1:-1])


def _closure(statements: _Statements, named: set[str], within: str = "<") -> frozenset[str]:
    """Return which terms are described, with what these name in turn; ``within`` begins each of them."""
    used: set[str] = set()
    waiting, seen = sorted(named), set(named)
    while waiting:
        subject = waiting.pop()
        found = {quad[2] for quad in statements.about(subject)}
        if found:
            used.add(subject)
        # What became of a former body points at it, and belongs to it.
        found |= statements.subjects(_FORMER, subject)
        for term in sorted(found - seen):
            if term.startswith(within):
                seen.add(term)
                waiting.append(term)
    return frozenset(used)
