"""dataset.ttl tells the truth: its counts are those of the graph, its digests those of the files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, PROV, RDF, VOID, Graph, Literal, Namespace, URIRef

from kg import ids, terms

DATASET = URIRef(ids.DEFAULT_BASE + "dataset")
SPDX = Namespace("http://spdx.org/rdf/terms#")
GOV = Namespace(terms.GOV)


@pytest.fixture(scope="module")
def described(corpus_build: Path) -> Graph:
    return Graph().parse(corpus_build / "dataset.ttl")


@pytest.fixture(scope="module")
def graph(corpus_build: Path) -> Graph:
    return Graph().parse(corpus_build / "graph.ttl")


def number(graph: Graph, subject: URIRef, predicate: URIRef) -> int:
    (found,) = graph.objects(subject, predicate)
    return int(str(found))


def test_it_is_a_data_set_with_names_in_both_languages(described: Graph) -> None:
    assert {VOID.Dataset, DCAT.Dataset, PROV.Entity} == set(described.objects(DATASET, RDF.type))
    for predicate in (DCTERMS.title, DCTERMS.description):
        languages = {
            label.language for label in described.objects(DATASET, predicate) if isinstance(label, Literal)
        }
        assert languages == {"zh", "en"}
    assert (DATASET, DCTERMS.conformsTo, URIRef(terms.ONTOLOGY)) in described


def test_counts_are_those_of_the_graph(described: Graph, graph: Graph) -> None:
    assert number(described, DATASET, VOID.triples) == len(graph)
    assert number(described, DATASET, VOID.distinctSubjects) == len(set(graph.subjects()))
    assert number(described, DATASET, VOID.documents) == len(set(graph.subjects(RDF.type, GOV.Report)))
    assert number(described, DATASET, VOID.properties) == len(set(graph.predicates()))
    assert number(described, DATASET, VOID.classes) == len(set(graph.objects(None, RDF.type)))


def test_partitions_are_complete_and_right(described: Graph, graph: Graph) -> None:
    by_class = {
        described.value(part, VOID["class"]): number(described, URIRef(str(part)), VOID.entities)
        for part in described.objects(DATASET, VOID.classPartition)
    }
    assert by_class == {
        kind: len(set(graph.subjects(RDF.type, kind))) for kind in set(graph.objects(None, RDF.type))
    }
    by_property = {
        described.value(part, VOID.property): number(described, URIRef(str(part)), VOID.triples)
        for part in described.objects(DATASET, VOID.propertyPartition)
    }
    assert by_property == {p: len(list(graph.triples((None, p, None)))) for p in set(graph.predicates())}


def test_files_are_told_with_size_and_digest(described: Graph, corpus_build: Path) -> None:
    found = {}
    for form in described.objects(DATASET, DCAT.distribution):
        name = str(described.value(form, DCTERMS.title))
        checksum = described.value(described.value(form, SPDX.checksum), SPDX.checksumValue)
        found[name] = (number(described, URIRef(str(form)), DCAT.byteSize), str(checksum))
    wanted = {}
    files = [name for name in ("graph.ttl", "graph.nq", "graph.html") if (corpus_build / name).is_file()]
    assert len(files) >= 2
    for name in files:
        data = (corpus_build / name).read_bytes()
        wanted[name] = (len(data), hashlib.sha256(data).hexdigest())
    assert found == wanted


def test_places_and_years_are_those_reported_on(described: Graph, graph: Graph) -> None:
    assert set(described.objects(DATASET, DCTERMS.spatial)) == set(graph.objects(None, GOV.reportsOn))
    years = sorted(str(year) for year in graph.objects(None, GOV.reportingYear))
    period = described.value(DATASET, DCTERMS.temporal)
    assert [str(described.value(period, end)) for end in (DCAT.startDate, DCAT.endDate)] == [
        years[0],
        years[-1],
    ]
