"""Takes parts of a graph out of its sorted lines; what comes out is sorted too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from kg import terms
from kg.errors import StoreError
from kg.graph.nquads import RDF, iri, split

_THINGS = ("jurisdiction/", "institution/", "document/", "initiative/", "honour/", "report/")
_EVIDENCE = ("evidence/", "passage/")
_WHY = frozenset(iri(terms.gov(name)) for name in ("passage", "rule"))


def read(folder: Path) -> Iterator[str]:
    """Yield the lines of a built graph.

    Raises:
        StoreError: the folder holds no graph.

    """
    try:
        with (folder / "graph.nq").open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield line.rstrip("\n")
    except FileNotFoundError as error:
        raise StoreError(f"{folder}: holds no graph; build one with kg build -o {folder}") from error


def without_evidence(lines: Iterable[str], base: str) -> Iterator[str]:
    """Leave out why facts and numbers are in the graph; what is only planned goes with it."""
    why = tuple(f"<{base}{kind}" for kind in _EVIDENCE)
    for line in lines:
        if not line.startswith(why) and split(line)[1] not in _WHY:
            yield line


def of_documents(lines: Iterable[str], documents: Collection[str], base: str) -> Iterator[str]:
    """Keep what some reports say, and the reference data that it uses."""
    graphs = {iri(document) for document in documents}
    reference = iri(base + "reference")
    said: list[str] = []
    known: list[str] = []
    for line in lines:
        graph = split(line)[3]
        if graph in graphs:
            said.append(line)
        elif graph == reference:
            known.append(line)
    named = {term for line in said for term in split(line)[:3]}
    yield from sorted(said + _used(known, named))


def of_things(lines: Iterable[str], things: Collection[str], base: str) -> Iterator[str]:
    """Keep what is said of and between some things, with the evidence, numbers and reports it needs."""
    kept = {iri(thing) for thing in things}
    kinds = tuple(f"<{base}{kind}" for kind in _THINGS)
    about = _by_subject(lines)

    def objects(subject: str, predicates: Collection[str]) -> list[str]:
        found = map(split, about.get(subject, ()))
        return [obj for _, predicate, obj, _ in found if predicate in predicates]

    wanted = set(kept)
    for subject in about:
        ends = objects(subject, _ENDS) if subject.startswith(f"<{base}evidence/") else []
        of = objects(subject, {_OBSERVED}) if subject.startswith(f"<{base}observation/") else []
        if (len(ends) > 1 and kept.issuperset(ends)) or not kept.isdisjoint(of):
            wanted.add(subject)
    for predicate in (_PASSAGE, _SOURCE):
        wanted |= {obj for subject in wanted for obj in objects(subject, {predicate})}
    said = [
        line
        for subject in wanted
        for line in about.get(subject, ())
        if split(line)[1] == _SOURCE or not split(line)[2].startswith(kinds) or split(line)[2] in kept
    ]
    concepts = [line for found in about.values() for line in found if line.startswith(f"<{base}concept/")]
    yield from sorted({*said, *_used(concepts, {split(line)[2] for line in said})})


_ENDS = frozenset(iri(RDF + name) for name in ("subject", "object"))
_OBSERVED = iri(terms.gov("observedFor"))
_PASSAGE = iri(terms.gov("passage"))
_SOURCE = iri(terms.gov("source"))


def _by_subject(lines: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(split(line)[0], []).append(line)
    return found


def _used(known: list[str], named: set[str]) -> list[str]:
    """Return the lines about what is named, and about what these name in turn."""
    about = _by_subject(known)
    used: list[str] = []
    waiting = sorted(named & set(about))
    seen = set(waiting)
    while waiting:
        for line in about[waiting.pop()]:
            used.append(line)
            term = split(line)[2]
            if term in about and term not in seen:
                seen.add(term)
                waiting.append(term)
    return used
