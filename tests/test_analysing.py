"""What is told of the shape of a graph: networks, comparisons, courses, paths, statistics."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from kg.analysing import network
from kg.graph import selection, store


@cache
def _read(folder: Path) -> network.Network:
    return network.read(store.open_store(folder))


@pytest.fixture
def net(corpus_build: Path) -> network.Network:
    return _read(corpus_build)


def test_networkx_has_the_things_and_facts_of_a_view(corpus_build: Path) -> None:
    view = selection.view(store.open_store(corpus_build))
    graph = network.to_networkx(view)
    assert list(graph.nodes) == [node.iri for node in view.nodes]
    assert Counter(key for _, _, key in graph.edges(keys=True)) == Counter(e.predicate for e in view.edges)
    for edge in view.edges:
        data = graph.edges[edge.source, edge.target, edge.predicate]
        assert (data["predicate"], data["planned"]) == (edge.predicate, edge.planned)
        assert data["evidence"] == edge.evidence
    for node in view.nodes:
        data = graph.nodes[node.iri]
        assert (data["kind"], data["label"], data["documents"]) == (node.kind, node.label, node.documents)
        assert all(value in data[name] for name, value in node.attributes)


def test_the_light_network_says_what_the_view_says(corpus_build: Path, net: network.Network) -> None:
    opened = store.open_store(corpus_build)
    view = selection.view(opened)
    stated = {(e.source, e.predicate, e.target): e for e in view.edges if e.evidence}
    assert {fact.key: fact.planned for fact in net.facts} == {k: e.planned for k, e in stated.items()}
    assert {(n.iri, n.kind, n.label) for n in view.nodes} == {
        (t.iri, t.kind, t.label) for t in net.things.values()
    }
    cited = network.cited(opened, net.facts)
    assert cited == stated
    for fact in net.facts:
        assert set(fact.reports) == {said.document for said in stated[fact.key].evidence}
