"""Follows an initiative or a document through years, levels and places: who specified, did, planned it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph

from kg.analysing import network
from kg.analysing.network import Fact, Network
from kg.errors import QueryError
from kg.graph.selection import DocumentView, EvidenceView

TRACED = ("Initiative", "PolicyDocument")
"""Classes whose course can be followed."""
DEEDS: Mapping[str, tuple[str, ...]] = {
    "Initiative": ("carriedOut",),
    "PolicyDocument": ("implemented", "promoted", "issued", "contributedTo", "amended", "repealed"),
}
"""For each class, what actors do with it."""
_TIES = ("specifies", "basedOn", "amends", "repeals", "partOf")
_DEEPEST = 6  # documents on documents on documents; longer chains have not been seen


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """That an actor did something with what is traced, as reports on one year tell.

    ``year`` is "" where the reports have none. ``place`` is the IRI of the actor's place and ``level`` the
    notation of its level.
    """

    year: str
    level: str
    place: str
    place_label: str
    predicate: str
    planned: bool
    actor: str
    actor_label: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Tied:
    """A document or initiative that a fact ties to the one above it.

    ``inverse`` holds where this is the fact's subject. ``year`` is that of a document, ``issuers`` are the
    names of those who issued it.
    """

    iri: str
    label: str
    kind: str
    predicate: str
    inverse: bool
    planned: bool
    year: str
    issuers: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    further: tuple[Tied, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in the tree of places: what is told of it (``done``, ``planned`` or ``none``) and since when.

    ``none`` stands for places that only hold others together. ``province`` is the name of the province that
    the place lies in, "" for provinces and the country.
    """

    iri: str
    label: str
    level: str
    province: str
    status: str
    years: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    below: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The course of an initiative or a document.

    ``deed`` is the predicate that ``places`` and ``kept`` are about. ``reports`` says for each year how many
    reports tell of it, of how many. ``kept`` are the places that planned it in one year and did it in a later
    one: (name, year of the plan, year of the deed).
    """

    iri: str
    label: str
    kind: str
    steps: tuple[Step, ...]
    tied: tuple[Tied, ...]
    deed: str
    places: tuple[Standing, ...]
    reports: tuple[tuple[str, int, int], ...]
    kept: tuple[tuple[str, str, str], ...]
    documents: tuple[DocumentView, ...]


def trace(store: pyoxigraph.Store, iri: str) -> Course:
    """Follow an initiative or a document through years, levels and places.

    The year of a step is that of the reports which tell of it. What a body did counts for its place.

    Raises:
        QueryError: the thing is neither an initiative nor a document.

    """
    net = network.read(store)
    thing = net.things[iri]
    if thing.kind not in TRACED:
        raise QueryError(
            f"trace: {thing.label} is a {thing.kind}; name an initiative or a document, "
            "or see kg compare and kg explain"
        )
    deeds = [fact for fact in net.about.get(iri, ()) if fact.predicate in DEEDS[thing.kind]]
    said = network.sentences(store, [fact.key for fact in deeds])
    steps = _steps(net, deeds, said)
    tied = _tied(store, net, iri)
    telling = {evidence.document for step in steps for evidence in step.evidence}
    cited = telling | {e.document for one in _flat(tied) for e in one.evidence}
    main = _main(thing.kind, steps)
    return Course(
        iri=iri,
        label=thing.label,
        kind=thing.kind,
        steps=steps,
        tied=tied,
        deed=main[0].predicate if main else DEEDS[thing.kind][0],
        places=_places(net, main),
        reports=_reports(net, telling),
        kept=_kept(main),
        documents=tuple(net.reports[report] for report in sorted(cited)),
    )


def _main(kind: str, steps: Sequence[Step]) -> list[Step]:
    """Return the steps of the first kind of deed that there are steps of: implementing, else promoting ..."""
    for predicate in DEEDS[kind]:
        found = [step for step in steps if step.predicate == predicate]
        if found:
            return found
    return []


def _steps(
    net: Network,
    facts: Sequence[Fact],
    said: Mapping[network.Key, Sequence[tuple[bool, EvidenceView]]],
) -> tuple[Step, ...]:
    grouped: dict[tuple[str, str, str, bool], list[EvidenceView]] = {}
    for fact in facts:
        for planned, evidence in said[fact.key]:
            year = net.reports[evidence.document].year
            grouped.setdefault((year, fact.predicate, fact.subject, planned), []).append(evidence)
    steps = []
    for (year, predicate, actor, planned), evidence_of in grouped.items():
        thing = net.things[actor]
        place = net.things.get(thing.place)
        named = place.label if place else thing.label
        steps.append(
            Step(
                year,
                thing.level,
                thing.place,
                named,
                predicate,
                planned,
                actor,
                thing.label,
                tuple(sorted(evidence_of)),
            )
        )
    order = {level: at for at, level in enumerate(network.LEVELS)}
    return tuple(
        sorted(steps, key=lambda step: (not step.year, step.year, order.get(step.level, len(order)), step))
    )


def _tied(store: pyoxigraph.Store, net: Network, iri: str) -> tuple[Tied, ...]:
    """Return the documents and initiatives around a thing, and what those rest on in turn."""
    reached, edge, facts = {iri}, [iri], []
    for depth in range(_DEEPEST):
        found = []
        for thing in edge:
            # From a document found on the way only what it rests on is of interest, not what else it governs.
            around = [fact for fact in net.of.get(thing, ()) if fact.predicate in _TIES]
            if depth == 0:
                around += [fact for fact in net.about.get(thing, ()) if fact.predicate in _TIES]
            else:
                around = [fact for fact in around if fact.predicate == "basedOn"]
            found += around
        facts += found
        edge = sorted({end for fact in found for end in (fact.subject, fact.object)} - reached)
        reached |= set(edge)
    cited, years = network.cited(store, facts), network.linked(store, "year")
    ends: dict[str, list[Fact]] = {}
    for fact in sorted(set(facts)):
        for end in sorted({fact.subject, fact.object}):
            ends.setdefault(end, []).append(fact)

    def grow(thing: str, above: tuple[str, ...]) -> tuple[Tied, ...]:
        grown = []
        for fact in ends.get(thing, ()):
            inverse = fact.object == thing
            other = fact.subject if inverse else fact.object
            if other in above or (above and (inverse or fact.predicate != "basedOn")):
                continue
            node = net.things[other]
            grown.append(
                Tied(
                    node.iri,
                    node.label,
                    node.kind,
                    fact.predicate,
                    inverse,
                    fact.planned,
                    years.get(other, ""),
                    _issuers(net, other),
                    cited[fact.key].evidence,
                    grow(other, (*above, thing)),
                )
            )
        return tuple(
            sorted(grown, key=lambda one: (_TIES.index(one.predicate), not one.inverse, one.year, one.label))
        )

    return grow(iri, ())


def _issuers(net: Network, document: str) -> tuple[str, ...]:
    return tuple(
        sorted({net.label(f.subject) for f in net.about.get(document, ()) if f.predicate == "issued"})
    )


def _flat(tied: Iterable[Tied]) -> list[Tied]:
    return [found for one in tied for found in (one, *_flat(one.further))]


def _places(net: Network, steps: Sequence[Step]) -> tuple[Standing, ...]:
    """Return the places of steps as a tree, each below the next above it that has something to tell."""
    told: dict[str, list[Step]] = {}
    for step in steps:
        if step.place:
            told.setdefault(step.place, []).append(step)
    below: dict[str, set[str]] = {}
    for place in told:
        line = net.above(place)
        for under, over in pairwise(line):
            below.setdefault(over, set()).add(under)
    roots = {*told, *below} - {under for unders in below.values() for under in unders}

    def grow(place: str) -> tuple[Standing, ...]:
        under = [found for one in sorted(below.get(place, ()), key=net.label) for found in grow(one)]
        own = told.get(place, [])
        if not own and len(under) == 1:
            return tuple(under)  # a place that holds one other together says nothing
        done = [step for step in own if not step.planned]
        shown = done or own
        thing = net.things[place]
        return (
            Standing(
                place,
                thing.label,
                thing.level,
                _province(net, place),
                "done" if done else "planned" if own else "none",
                tuple(sorted({step.year for step in shown} - {""})),
                tuple(sorted({said for step in shown for said in step.evidence})),
                tuple(under),
            ),
        )

    return tuple(found for root in sorted(roots, key=net.label) for found in grow(root))


def _province(net: Network, place: str) -> str:
    above = [iri for iri in net.above(place)[1:] if net.things[iri].level == "province"]
    return net.label(above[0]) if above else ""


def _reports(net: Network, telling: set[str]) -> tuple[tuple[str, int, int], ...]:
    counts: dict[str, list[int]] = {}
    for report in net.reports.values():
        count = counts.setdefault(report.year, [0, 0])
        count[0] += report.iri in telling
        count[1] += 1
    return tuple((year, told, every) for year, (told, every) in sorted(counts.items()) if year and told)


def _kept(steps: Sequence[Step]) -> tuple[tuple[str, str, str], ...]:
    """Return the places that planned first and did later, with both years."""
    found = []
    for place in sorted({(step.place_label, step.place) for step in steps if step.place}):
        own = [step for step in steps if step.place == place[1] and step.year]
        done = min((step.year for step in own if not step.planned), default="")
        plan = min((step.year for step in own if step.planned), default="")
        if plan and done and plan < done:
            found.append((place[0], plan, done))
    return tuple(found)
