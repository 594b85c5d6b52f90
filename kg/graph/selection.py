"""Reads a part of a graph as plain values: what the explorer draws and ``kg explain`` tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class EvidenceView:
    """One passage that says so: its words, where they stand, and the rule that read them.

    ``document`` is the IRI of the report; ``start`` and ``end`` are character offsets into its stored text.
    """

    document: str
    start: int
    end: int
    quote: str
    section: str
    rule: str


@dataclass(frozen=True, slots=True)
class NodeView:
    """A thing: ``kind`` is the local name of its class (``Jurisdiction`` ...), ``documents`` who mention it.

    ``attributes`` are (property local name, readable value) pairs, sorted.
    """

    iri: str
    kind: str
    label: str
    alt_labels: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EdgeView:
    """A fact between two things; ``predicate`` is the local name of the property.

    ``evidence`` is empty only for what follows from identity and reference data (``within``, ``serves``).
    ``planned`` holds where every evidence speaks of the future.
    """

    source: str
    predicate: str
    target: str
    planned: bool
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class ObservationView:
    """A measured number; ``of`` is the IRI of what it is about, ``value`` a plain decimal numeral."""

    iri: str
    of: str
    indicator: str
    value: str
    unit: str
    approximate: bool
    planned: bool
    bound: str
    period: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A report that was read: ``jurisdiction`` is the label of the place it is about, ``source`` its file."""

    iri: str
    title: str
    source: str
    year: str
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class GraphView:
    """A part of the graph, sorted, closed: every edge's and observation's thing is among the nodes."""

    nodes: tuple[NodeView, ...]
    edges: tuple[EdgeView, ...]
    observations: tuple[ObservationView, ...]
    documents: tuple[DocumentView, ...]
