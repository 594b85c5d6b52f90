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
    everything = list(lines)
    about: dict[str, list[str]] = {}
    for line in everything:
        about.setdefault(split(line)[0], []).append(line)
    wanted = set(kept)
    for subject, found in about.items():
        if subject.startswith(f"<{base}evidence/"):
            ends = [split(line)[2] for line in found if split(line)[1] in _ENDS]
            if all(end in kept for end in ends):
                wanted.add(subject)
        elif subject.startswith(f"<{base}observation/"):
            if any(split(line)[1] == _OBSERVED and split(line)[2] in kept for line in found):
                wanted.add(subject)
    for predicate in (_PASSAGE, _SOURCE):
        wanted |= {
            split(line)[2]
            for subject in sorted(wanted)
            for line in about.get(subject, ())
            if split(line)[1] == predicate
        }
    said = [
        line
        for subject in wanted
        for line in about.get(subject, ())
        if split(line)[1] in _POINTING or not split(line)[2].startswith(kinds) or split(line)[2] in kept
    ]
    concepts = [line for line in everything if line.startswith(f"<{base}concept/")]
    yield from sorted(set(said + _used(concepts, {split(line)[2] for line in said})))


_ENDS = frozenset(iri(RDF + name) for name in ("subject", "object"))
_OBSERVED = iri(terms.gov("observedFor"))
_PASSAGE = iri(terms.gov("passage"))
_SOURCE = iri(terms.gov("source"))
_POINTING = frozenset({_SOURCE})


def _used(known: list[str], named: set[str]) -> list[str]:
    """Return the lines about what is named, and about what these name in turn."""
    about: dict[str, list[str]] = {}
    for line in known:
        about.setdefault(split(line)[0], []).append(line)
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
