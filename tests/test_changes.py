"""What became of former bodies is stated as change events, from reference data, where that is certain."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from helpers import builds
from rdflib import DCTERMS, ORG, RDF, SKOS, Literal, Namespace, URIRef
from rdflib.namespace import XSD

from kg import ids
from kg.resources import RULE_DATA
from kg.rules import institutions, tables

GOV = Namespace("https://w3id.org/govkg/ontology#")
FORMER = URIRef(ids.DEFAULT_BASE + "institution/469026/法制办公室")
REFERENCE = URIRef(ids.DEFAULT_BASE + "reference")


@pytest.fixture(scope="module")
def graph(corpus_build: Path) -> rdflib.Dataset:
    dataset = rdflib.Dataset()
    dataset.parse(corpus_build / "graph.nq", format="nquads")
    return dataset


def test_a_former_body_leads_to_its_successor(graph: rdflib.Dataset) -> None:
    reference = graph.graph(REFERENCE)
    (event,) = reference.subjects(ORG.originalOrganization, FORMER)
    assert (event, RDF.type, ORG.ChangeEvent) in reference
    assert set(reference.objects(event, DCTERMS.date)) == {Literal("2019", datatype=XSD.gYear)}
    (successor,) = reference.objects(event, ORG.resultingOrganization)
    assert successor == URIRef(ids.DEFAULT_BASE + "institution/469026/司法局")
    assert (FORMER, GOV.succeededBy, successor) in reference
    assert str(reference.value(successor, SKOS.prefLabel)) == "昌江黎族自治县司法局"
    assert reference.value(successor, GOV.serves) == URIRef(ids.DEFAULT_BASE + ids.jurisdiction("469026"))


def test_bodies_merged_into_one_keep_an_event_each(graph: rdflib.Dataset) -> None:
    market = URIRef(ids.DEFAULT_BASE + "institution/469026/市场监督管理局")
    events = set(graph.graph(REFERENCE).subjects(ORG.resultingOrganization, market))
    assert len(events) >= 2


def test_a_body_that_became_different_things_at_different_places_has_no_event(graph: rdflib.Dataset) -> None:
    """Keep apart what a table knows as usual (国土资源局) from what holds everywhere."""
    usual = URIRef(ids.DEFAULT_BASE + "institution/469026/国土资源局")
    assert list(graph.quads((usual, RDF.type, GOV.Institution, None)))
    assert not list(graph.graph(REFERENCE).subjects(ORG.originalOrganization, usual))


def test_both_ends_of_every_event_are_described_bodies(graph: rdflib.Dataset) -> None:
    everything = rdflib.Graph()
    for subject, predicate, obj, _ in graph.quads((None, None, None, None)):
        everything.add((subject, predicate, obj))
    events = set(everything.subjects(RDF.type, ORG.ChangeEvent))
    assert len(events) >= 4
    for event in events:
        for end in (ORG.originalOrganization, ORG.resultingOrganization):
            for body in everything.objects(event, end):
                assert (body, RDF.type, GOV.Institution) in everything
                assert everything.value(body, SKOS.prefLabel)


@pytest.mark.parametrize(
    ("place", "former", "successor"),
    [("海南省", "460000/法制办公室", "460000/司法厅"), ("北京市", "110000/法制办公室", "110000/司法局")],
)
def test_provinces_have_other_successors_than_cities_of_their_level(
    place: str, former: str, successor: str, tmp_path: Path
) -> None:
    text = f"{place}2018年法治政府建设情况报告\n{place}法制办公室印发《{place}规范性文件备案办法》。\n"
    builds.run(builds.fill(tmp_path / "in", {"a.txt": text}), tmp_path / "out")
    found = rdflib.Graph().parse(tmp_path / "out" / "graph.ttl")
    body = URIRef(f"{ids.DEFAULT_BASE}institution/{former}")
    assert set(found.objects(body, GOV.succeededBy)) == {URIRef(f"{ids.DEFAULT_BASE}institution/{successor}")}


def test_successions_are_known_bodies() -> None:
    rules = institutions.load()
    rows = list(tables.read(RULE_DATA / "institutions" / "changes.tsv", ("name", "level", "source")))
    departments = tables.read(RULE_DATA / "institutions" / "departments.tsv", ("name",))
    former = {row["name"] for row in departments if row.get("successor") and row.get("to")}
    assert {row["name"] for row in rows} <= former
    keys = [(row["name"], row["level"], row.get("unit")) for row in rows]
    assert len(keys) == len(set(keys))
    for key, changes in rules.changes.items():
        for change in changes:
            known = rules.by_key if change.levels else rules.named
            assert set(change.successors) & set(known), key
