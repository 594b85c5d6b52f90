"""The embedded store: users' own rdflib code and SPARQL run on it unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from helpers import builds

import kg
from kg.errors import StoreError
from kg.graph import store
from kg.terms import GOV

GOV_NS = rdflib.Namespace(GOV)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        builds.use_stand_in(patch)
        place = tmp_path_factory.mktemp("store")
        builds.run(builds.fill(place / "in", builds.FILES), place / "out")
        return place / "out"


def test_all_documents_are_seen_together_each_statement_once(folder: Path) -> None:
    dataset = kg.open_graph(folder)
    turtle = rdflib.Graph().parse(folder / "graph.ttl")
    assert len(dataset) == len(turtle) == sum(1 for _ in dataset.triples((None, None, None)))
    rows = list(dataset.query("SELECT (COUNT(*) AS ?n) { ?s skos:prefLabel ?label }"))
    assert int(rows[0][0]) == len(list(turtle.subject_objects(rdflib.SKOS.prefLabel)))


def test_each_document_is_a_named_graph(folder: Path) -> None:
    dataset = kg.open_graph(folder)
    reports = sorted(dataset.subjects(rdflib.RDF.type, GOV_NS.Report))
    assert len(reports) == 3
    lines = (folder / "graph.nq").read_text("utf-8").splitlines()
    for report in reports:
        graph = dataset.graph(report)
        assert len(graph) == sum(line.endswith(f" <{report}> .") for line in lines)
        assert (report, rdflib.RDF.type, GOV_NS.Report) in graph
    rows = dataset.query("SELECT DISTINCT ?g { GRAPH ?g { ?r a gov:Report } } ORDER BY ?g")
    assert [row[0] for row in rows] == reports


def test_a_built_graph_cannot_be_written_by_accident(folder: Path) -> None:
    dataset = kg.open_graph(folder)
    node = rdflib.URIRef("http://example.org/")
    with pytest.raises(StoreError, match="only read"):
        dataset.add((node, node, node))
    with pytest.raises(StoreError, match="only read"):
        dataset.update("INSERT DATA { <a:b> <a:b> <a:b> }")


def test_many_may_read_at_a_time(folder: Path) -> None:
    several = [store.open_store(folder) for _ in range(3)]
    assert len({len(opened) for opened in several}) == 1


@pytest.mark.parametrize("name", ["nowhere", "store"])
def test_a_folder_without_a_graph_says_how_to_make_one(folder: Path, name: str) -> None:
    with pytest.raises(StoreError, match="kg build"):
        kg.open_graph(folder / name)


def test_a_damaged_store_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "CURRENT").write_text("MANIFEST-000001\n")
    with pytest.raises(StoreError, match="build"):
        kg.open_graph(tmp_path)
