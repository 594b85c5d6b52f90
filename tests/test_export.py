"""Exports: every format says the same, is the same in every run, and lets no text break out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import networkx
import pyoxigraph
import pytest
import rdflib
from helpers import builds
from lxml import etree

from kg import ids, terms
from kg.errors import ExportError, StoreError
from kg.graph import exporting, naming, selection, store
from kg.graph.exporting import Part

RDF_FORMATS = {
    "turtle": "turtle",
    "nt": "nt",
    "rdfxml": "xml",
    "nq": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
}
HARD = {
    f"难{number}.txt": f"昌江黎族自治县2021年报告\n我县开展{text}。".replace("\ufeff", "")
    for number, text in enumerate(builds.HOSTILE)
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        builds.use_stand_in(patch)
        place = tmp_path_factory.mktemp("export")
        builds.run(builds.fill(place / "in", {**builds.FILES, **HARD}), place / "out")
        return place / "out"


def write(folder: Path, form: str, part: Part | None = None) -> str:
    return "".join(exporting.export(folder, form, part or Part(), ids.DEFAULT_BASE))


def triples(folder: Path) -> set[tuple[str, str, str]]:
    return {tuple(map(str, quad.triple)) for quad in pyoxigraph.parse(path=folder / "graph.nq")}  # type: ignore[misc]


@pytest.mark.parametrize("form", sorted(RDF_FORMATS))
def test_rdf_formats_come_back_as_the_same_triples(folder: Path, form: str) -> None:
    text = write(folder, form)
    types = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "nt": pyoxigraph.RdfFormat.N_TRIPLES,
        "nq": pyoxigraph.RdfFormat.N_QUADS,
        "trig": pyoxigraph.RdfFormat.TRIG,
        "jsonld": pyoxigraph.RdfFormat.JSON_LD,
        "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    }
    found = {tuple(map(str, quad.triple)) for quad in pyoxigraph.parse(text.encode(), types[form])}
    wanted = triples(folder)
    if form == "rdfxml":  # XML 1.0 cannot hold every character
        legal = {
            tuple(part.replace("\x0b", "\ufffd").replace("\x1b", "\ufffd") for part in t) for t in wanted
        }
        wanted = {
            tuple(p.replace("\\u000B", "\ufffd").replace("\\u001B", "\ufffd") for p in t) for t in legal
        }
    assert found == wanted


@pytest.mark.parametrize("form", sorted(RDF_FORMATS))
def test_rdflib_reads_the_same_number(folder: Path, form: str) -> None:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=write(folder, form), format=RDF_FORMATS[form])
    assert len(set(dataset.triples((None, None, None)))) == len(triples(folder))


@pytest.mark.parametrize("form", ["nq", "trig", "jsonld"])
def test_formats_with_graphs_keep_one_per_document(folder: Path, form: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=write(folder, form), format=RDF_FORMATS[form])
    reports = set(dataset.subjects(rdflib.RDF.type, rdflib.URIRef(terms.gov("Report")))) or {
        s for s, _, _, _ in dataset.quads((None, rdflib.RDF.type, rdflib.URIRef(terms.gov("Report")), None))
    }
    named = {graph.identifier for graph in dataset.graphs() if len(graph)}
    assert named - reports == {rdflib.URIRef(ids.DEFAULT_BASE + "reference")}
    assert len(reports) == len(builds.FILES) + len(HARD)


@pytest.mark.parametrize("form", [*RDF_FORMATS, "graphml", "gexf"])
def test_two_exports_are_the_same_bytes(folder: Path, form: str) -> None:
    assert write(folder, form) == write(folder, form)


def test_turtle_is_the_file_that_the_build_wrote(folder: Path) -> None:
    assert write(folder, "turtle") == (folder / "graph.ttl").read_text("utf-8")


def test_networks_open_with_their_things_and_facts(folder: Path, tmp_path: Path) -> None:
    view = selection.view(store.open_store(folder))
    for form in ("graphml", "gexf"):
        path = tmp_path / f"graph.{form}"
        text = write(folder, form)
        path.write_text(text, "utf-8")
        graph = networkx.read_graphml(path) if form == "graphml" else networkx.read_gexf(path, version="1.3")
        assert set(graph.nodes) == {node.iri for node in view.nodes}
        assert graph.number_of_edges() == len(view.edges)
        assert etree.fromstring(text.encode()).getroottree().docinfo.doctype == ""
        labels = {data["label"] for _, data in graph.nodes(data=True)}
        assert "<script>alert(1)</script>" in labels


def test_tables_hold_every_fact_with_its_words(folder: Path, tmp_path: Path) -> None:
    paths = exporting.export_tables(folder, Part(), tmp_path / "tables")
    assert [path.name for path in paths] == ["things.csv", "facts.csv", "observations.csv", "documents.csv"]
    read = {
        path.stem: list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
        for path in paths
    }  # fmt: skip
    assert {row["value"] for row in read["observations"]} == {"25", "98.5"}
    facts = [
        row for row in read["facts"] if row["predicate"] == "carriedOut" and row["object"] == "放管服改革"
    ]
    assert [row["quote"] for row in facts] == ["我县开展放管服改革。"] * 2
    for rows in read.values():
        for row in rows:
            assert not any(cell.startswith(("=", "+", "@", "-", "\t", "\r")) for cell in row.values())


def test_without_evidence_the_facts_remain(folder: Path) -> None:
    text = write(folder, "nt", Part(evidence=False))
    assert "/evidence/" not in text
    assert "/passage/" not in text
    assert terms.gov("carriedOut") in text


def test_one_document_is_what_it_says_and_the_reference_data_it_needs(folder: Path) -> None:
    opened = store.open_store(folder)
    report = naming.resolve(opened, "昌江2022.txt", ids.DEFAULT_BASE, "Report")
    graph = rdflib.Graph().parse(data=write(folder, "nt", Part(documents=frozenset({report}))), format="nt")
    kept = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef(terms.gov("Report"))))
    assert kept == {rdflib.URIRef(report)}
    province = rdflib.URIRef(ids.DEFAULT_BASE + "jurisdiction/460000")
    assert (province, rdflib.SKOS.prefLabel, None) in graph
    assert not any("办理行政复议案件" in str(s) for s in graph.subjects())


def test_what_is_around_a_thing_is_complete_in_itself(folder: Path) -> None:
    around = ids.DEFAULT_BASE + "initiative/枫桥经验"
    graph = rdflib.Graph().parse(data=write(folder, "nt", Part(around=around)), format="nt")
    evidence = set(graph.subjects(rdflib.RDF.object, rdflib.URIRef(around)))
    assert len(evidence) == 2
    for item in evidence:
        passage = graph.value(item, rdflib.URIRef(terms.gov("passage")))
        assert graph.value(passage, rdflib.URIRef(terms.gov("quote"))) is not None
        source = graph.value(passage, rdflib.URIRef(terms.gov("source")))
        assert graph.value(source, rdflib.DCTERMS.title) is not None
    assert "重大行政决策办法" not in write(folder, "nt", Part(around=around))


def test_json_ld_is_json_with_chinese_as_it_is(folder: Path) -> None:
    text = write(folder, "jsonld")
    assert "放管服改革" in text
    assert set(json.loads(text)) == {"@context", "@graph"}


def test_unknown_formats_and_missing_graphs_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="turtle"):
        write(folder, "word")
    with pytest.raises(ExportError, match="-o"):
        write(folder, "csv")
    with pytest.raises(StoreError, match="kg build"):
        write(tmp_path, "nt")
