"""Tells every fact about a thing with the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph

from kg.graph import selection
from kg.graph.selection import EdgeView, EvidenceView, GraphView, NodeView, ObservationView
from kg.graph.tables import plain


def explain(store: pyoxigraph.Store, iri: str) -> str:
    """Return what the graph says of a thing, as text: its names, facts both ways, numbers and words."""
    found = selection.star(store, iri)
    nodes = {node.iri: node for node in found.nodes}
    about = nodes[iri]
    parts = [_head(about)]
    titles = {document.iri: document.source or document.title for document in found.documents}
    for heading, group in _groups(found.edges, iri):
        parts.append(f"\n{heading}\n")
        parts += [_fact(edge, iri, nodes, titles) for edge in group]
    if found.observations:
        parts.append("\nobservations\n")
        parts += [_number(observed, titles) for observed in found.observations]
    parts.append(_foot(about, found))
    return "".join(parts)


def _head(node: NodeView) -> str:
    lines = [f"{plain(node.label)}  ({node.kind})", f"  {node.iri}"]
    if node.alt_labels:
        lines.append(f"  also: {', '.join(map(plain, node.alt_labels))}")
    lines += [f"  {name}: {plain(value)}" for name, value in node.attributes]
    return "\n".join(lines) + "\n"


def _groups(facts: Sequence[EdgeView], iri: str) -> Iterator[tuple[str, list[EdgeView]]]:
    keys = sorted({(edge.source != iri, edge.predicate) for edge in facts})
    for inverse, predicate in keys:
        group = [edge for edge in facts if (edge.source != iri, edge.predicate) == (inverse, predicate)]
        yield (f"← {predicate}" if inverse else f"{predicate} →"), group


def _fact(edge: EdgeView, iri: str, nodes: dict[str, NodeView], titles: dict[str, str]) -> str:
    other = nodes[edge.target if edge.source == iri else edge.source]
    planned = "  [planned]" if edge.planned else ""
    lines = [f"  {plain(other.label)}{planned}  <{other.iri}>"]
    lines += [_said(item, titles) for item in edge.evidence]
    return "\n".join(lines) + "\n"


def _number(observed: ObservationView, titles: dict[str, str]) -> str:
    marks = [
        observed.bound,
        "approximate" if observed.approximate else "",
        "planned" if observed.planned else "",
    ]
    shown = f"  [{', '.join(filter(None, marks))}]" if any(marks) else ""
    period = f"  ({observed.period})" if observed.period else ""
    lines = [f"  {plain(observed.indicator)}: {observed.value} {plain(observed.unit)}{period}{shown}"]
    lines += [_said(item, titles) for item in observed.evidence]
    return "\n".join(lines) + "\n"


def _said(item: EvidenceView, titles: dict[str, str]) -> str:
    section = f" {item.section}" if item.section else ""
    place = f"{titles.get(item.document, item.document)}{section} [{item.start}:{item.end}]"
    return f"      “{plain(item.quote)}”\n        {plain(place)}  rule {item.rule}"


def _foot(node: NodeView, found: GraphView) -> str:
    titles = [document.title for document in found.documents if document.iri in node.documents]
    if not titles:
        return ""
    return "\nmentioned in\n" + "".join(f"  {plain(title)}\n" for title in titles)
