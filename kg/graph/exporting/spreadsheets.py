"""Writes a graph as tables for spreadsheets and statistics: things, facts, observations, documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.graph.selection import EvidenceView, GraphView
from kg.graph.tables import guard, to_csv

Row = list[str]


def tables(view: GraphView) -> dict[str, str]:
    """Return the tables as CSV, by name."""
    labels = {node.iri: node.label for node in view.nodes}
    sources = {document.iri: document.source for document in view.documents}
    return {
        "things": _csv(("iri", "kind", "label", "alt_labels", "attributes", "documents"), _things(view)),
        "facts": _csv(
            ("subject", "predicate", "object", "planned", *_WHY, "subject_iri", "object_iri"),
            _facts(view, labels, sources),
        ),
        "observations": _csv(
            (
                "of",
                "indicator",
                "value",
                "unit",
                "period",
                "bound",
                "approximate",
                "planned",
                *_WHY,
                "of_iri",
            ),
            _observations(view, labels, sources),
        ),
        "documents": _csv(
            ("iri", "title", "source", "year", "jurisdiction"),
            ([d.iri, guard(d.title), guard(d.source), d.year, guard(d.jurisdiction)] for d in view.documents),
        ),
    }


_WHY = ("quote", "source", "section", "start", "end", "rule")


def _csv(columns: Sequence[str], rows: Iterator[Row]) -> str:
    return to_csv(columns, rows)


def _things(view: GraphView) -> Iterator[Row]:
    for node in view.nodes:
        attributes = "; ".join(f"{name}={value}" for name, value in node.attributes)
        others = "|".join(node.alt_labels)
        yield [
            node.iri,
            node.kind,
            guard(node.label),
            guard(others),
            guard(attributes),
            str(len(node.documents)),
        ]


def _facts(view: GraphView, labels: dict[str, str], sources: dict[str, str]) -> Iterator[Row]:
    """Yield one row per fact and passage; a fact without evidence has one row."""
    for edge in view.edges:
        fact = [guard(labels[edge.source]), edge.predicate, guard(labels[edge.target]), _truth(edge.planned)]
        for why in _why(edge.evidence, sources):
            yield [*fact, *why, edge.source, edge.target]


def _observations(view: GraphView, labels: dict[str, str], sources: dict[str, str]) -> Iterator[Row]:
    for seen in view.observations:
        marks = [seen.period, seen.bound, _truth(seen.approximate), _truth(seen.planned)]
        for why in _why(seen.evidence, sources):
            what = [guard(labels[seen.of]), guard(seen.indicator), seen.value, guard(seen.unit)]
            yield [*what, *marks, *why, seen.of]


def _why(evidence: Sequence[EvidenceView], sources: dict[str, str]) -> Iterator[Row]:
    if not evidence:
        yield [""] * len(_WHY)
    for item in evidence:
        source = guard(sources.get(item.document, ""))
        yield [guard(item.quote), source, guard(item.section), str(item.start), str(item.end), item.rule]


def _truth(holds: bool) -> str:
    return "true" if holds else "false"
