"""Whole graphs conform: shapes, Data Cube constraints, quotes, evidence, order, and what a fact may cost.

The sample corpus is one of them. ``GOVKG_REPORTS`` may name folders of further documents, separated as in
PATH, that cannot be part of the repository: continuous integration gives it real reports where it has them.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace

from kg.graph import cube, validating
from kg.graph.exporting import parts
from kg.running import build, outputs

GOV = Namespace("https://w3id.org/govkg/ontology#")
CORPUS = Path(__file__).resolve().parents[1] / "corpus"
FURTHER = [Path(name) for name in os.environ.get("GOVKG_REPORTS", "").split(os.pathsep) if name]
MOST = 9


@pytest.fixture(scope="module", params=[CORPUS, *FURTHER], ids=lambda path: path.name)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conformance")
    result = build.build([request.param], folder, outputs.Settings(html=False))
    assert result.summary["documents"], "nothing to check"
    return folder


def test_nothing_is_wrong(built: Path) -> None:
    assert validating.validate(built) == []


def test_the_numbers_are_a_cube(built: Path) -> None:
    assert list(cube.violations(cube.load(parts.read(built)))) == []


def test_a_fact_costs_at_most_nine_triples(built: Path) -> None:
    graph = Graph().parse(built / "graph.ttl")
    supports = Counter(graph.objects(None, GOV.passage))
    facts = list(graph.subjects(RDF.type, GOV.Evidence))
    cost = 0.0
    for evidence in facts:
        cost += len(list(graph.triples((evidence, None, None)))) + (
            (evidence, GOV.planned, None) not in graph
        )
        for passage in graph.objects(evidence, GOV.passage):
            cost += len(list(graph.triples((passage, None, None)))) / supports[passage]
    assert len(facts) > 100
    assert cost / len(facts) <= MOST
