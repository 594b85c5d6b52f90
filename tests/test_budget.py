"""Evidence stays affordable: a fact, its evidence and its share of the passages cost at most nine triples."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rdflib import RDF, Graph, Namespace

GOV = Namespace("https://w3id.org/govkg/ontology#")
MOST = 9


def test_a_fact_costs_at_most_nine_triples(corpus_build: Path) -> None:
    graph = Graph().parse(corpus_build / "graph.ttl")
    supports = Counter(graph.objects(None, GOV.passage))
    cost = 0.0
    facts = list(graph.subjects(RDF.type, GOV.Evidence))
    for evidence in facts:
        planned = (evidence, GOV.planned, None) in graph
        cost += len(list(graph.triples((evidence, None, None)))) + (not planned)
        for passage in graph.objects(evidence, GOV.passage):
            cost += len(list(graph.triples((passage, None, None)))) / supports[passage]
    assert len(facts) > 300
    assert cost / len(facts) <= MOST
