"""Exports: every format says the same, is the same in every run, and lets no text break out."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import networkx
import pyoxigraph
import pytest
import rdflib
from helpers import builds
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyarrow import parquet

from kg import ids, terms
from kg.errors import ExportError, StoreError
from kg.graph import exporting, naming, nquads, selection, store
from kg.graph.exporting import Part, context, parts, rdf
from kg.resources import ontology_folder

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
    return b"".join(exporting.export(folder, form, part or Part(), ids.DEFAULT_BASE)).decode()


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


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_tables_hold_every_fact_with_its_words(folder: Path, tmp_path: Path) -> None:
    paths = exporting.export_files(folder, "csv", Part(), ids.DEFAULT_BASE, tmp_path / "tables")
    assert {path.name for path in paths} == {
        "entities.csv",
        "facts.csv",
        "observations.csv",
        "documents.csv",
    }
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [path.name for path in paths]
    read = {path.stem: read_csv(path) for path in paths}
    assert {row["value"] for row in read["observations"]} == {"25", "98.5"}
    facts = [row for row in read["facts"] if row["object"] == "枫桥经验"]
    assert {(row["source"], row["year"], row["planned"], row["quote"]) for row in facts} == {
        ("昌江2021.txt", "2021", "true", "计划开展枫桥经验。"),
        ("昌江2022.txt", "2022", "false", "我县开展枫桥经验。"),
    }
    assert {row["predicate"] for row in facts} == {"carriedOut"}
    for rows in read.values():
        for row in rows:
            assert not any(cell.startswith(("=", "+", "@", "-", "\t", "\r")) for cell in row.values())


def test_a_spreadsheet_runs_nothing_and_other_programs_get_the_name_as_it_is(
    folder: Path, tmp_path: Path
) -> None:
    for form in ("csv", "parquet", "neo4j"):
        exporting.export_files(folder, form, Part(), ids.DEFAULT_BASE, tmp_path / form)
    assert "'=HYPERLINK(1)" in {row["name"] for row in read_csv(tmp_path / "csv" / "entities.csv")}
    assert (
        "=HYPERLINK(1)" in parquet.read_table(tmp_path / "parquet" / "entities.parquet")["name"].to_pylist()
    )
    assert "=HYPERLINK(1)" in {row["name"] for row in read_csv(tmp_path / "neo4j" / "entities.csv")}


@pytest.mark.parametrize("form", ["csv", "parquet", "neo4j"])
def test_an_export_that_fails_leaves_what_was_there(folder: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportError, match="choose another folder"):
        exporting.export_files(folder, form, Part(), ids.DEFAULT_BASE, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
    exporting.export_files(folder, form, Part(), ids.DEFAULT_BASE, tmp_path)
    assert (tmp_path / "file").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


def test_without_evidence_the_facts_remain(folder: Path) -> None:
    text = write(folder, "nt", Part(evidence=False))
    assert "/evidence/" not in text
    assert "/passage/" not in text
    assert terms.gov("carriedOut") in text


def test_tables_without_evidence_have_its_facts_and_none_of_its_columns(folder: Path, tmp_path: Path) -> None:
    bare = Part(evidence=False)
    for path in exporting.export_files(folder, "csv", bare, ids.DEFAULT_BASE, tmp_path):
        rows = read_csv(path)
        assert rows
        assert not {"quote", "section", "start", "end", "rule"} & set(rows[0])
        if path.stem == "facts":
            found = {(row["subject_iri"], row["predicate"], row["object_iri"]) for row in rows}
            assert len(found) == len(rows)
    # What is only planned goes with the evidence.
    done = {edge for edge in selection.view(store.open_store(folder)).edges if not edge.planned}
    assert found == {(edge.source, edge.predicate, edge.target) for edge in done}


def test_a_part_in_tables_and_networks_is_what_the_picture_shows_of_it(folder: Path, tmp_path: Path) -> None:
    opened = store.open_store(folder)
    report = naming.resolve(opened, "昌江2022.txt", ids.DEFAULT_BASE, "Report")
    around = ids.DEFAULT_BASE + "initiative/枫桥经验"
    for part in (
        Part(documents=frozenset({report})),
        Part(around=around),
        Part(around=around, documents=frozenset({report})),
    ):
        view = selection.view(opened, part.around, part.depth, part.documents)
        path = tmp_path / "part.graphml"
        path.write_text(write(folder, "graphml", part), "utf-8")
        graph = networkx.read_graphml(path)
        assert set(graph.nodes) == {node.iri for node in view.nodes}
        assert {(one, data["predicate"], other) for one, other, data in graph.edges(data=True)} == {
            (edge.source, edge.predicate, edge.target) for edge in view.edges
        }
        exporting.export_files(folder, "csv", part, ids.DEFAULT_BASE, tmp_path / "tables")
        tables = {path.stem: read_csv(path) for path in (tmp_path / "tables").iterdir()}
        assert {row["iri"] for row in tables["entities"]} == set(graph.nodes)
        assert {row["iri"] for row in tables["observations"]} == {seen.iri for seen in view.observations}


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


def test_json_ld_is_said_in_short_names(folder: Path) -> None:
    made = json.loads(write(folder, "jsonld"))
    nodes = {node["id"]: node for graph in made["@graph"] for node in graph["@graph"]}
    place = nodes["jurisdiction/469026"]
    assert place["type"] == "Jurisdiction"
    assert place["within"] == "jurisdiction/460000"
    assert place["label"] == {"zh": "昌江黎族自治县"}
    known = set(made["@context"]) | {"@value", "@type", "@language", "zh", "en"}

    def names(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for inner in value.values() for name in names(inner)}
        return {name for inner in value for name in names(inner)} if isinstance(value, list) else set()

    assert {name for node in nodes.values() for name in names(node)} <= known
    assert {kind for node in nodes.values() for kind in [node["type"]]} <= known


def test_the_context_that_is_published_is_the_one_that_exports_use(folder: Path) -> None:
    published = json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"))["@context"]
    assert published == context.context(), "run scripts/make_context.py"
    used = json.loads(write(folder, "jsonld"))["@context"]
    assert used == {"@base": ids.DEFAULT_BASE, **published}
    assert {*terms.CLASSES, *terms.PROPERTIES} <= set(published)


@pytest.mark.parametrize(
    "base", [ids.DEFAULT_BASE, "https://w3id.org/govkg/", "urn:kg:", "http://a.example/x#"]
)
def test_json_ld_says_the_same_whatever_the_base(folder: Path, tmp_path: Path, base: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        builds.use_stand_in(patch)
        builds.run(builds.fill(tmp_path / "in", {**builds.FILES, **HARD}), tmp_path / "out", base=base)
    text = b"".join(exporting.export(tmp_path / "out", "jsonld", Part(), base)).decode()
    found = set(map(str, pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.JSON_LD)))
    assert found == set(map(str, pyoxigraph.parse(path=tmp_path / "out" / "graph.nq")))


def test_unknown_formats_and_missing_graphs_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="turtle"):
        write(folder, "word")
    for form in exporting.FOLDERS:
        with pytest.raises(ExportError, match="-o"):
            write(folder, form)
    with pytest.raises(ExportError, match="turtle"):
        b"".join(exporting.export(folder, "graphml", Part(), ids.DEFAULT_BASE, entail=True))
    with pytest.raises(ExportError, match="nt"):
        exporting.export_files(folder, "nt", Part(), ids.DEFAULT_BASE, tmp_path)
    with pytest.raises(StoreError, match="kg build"):
        write(tmp_path, "nt")
    with pytest.raises(StoreError, match="kg build"):
        exporting.export_files(tmp_path, "csv", Part(), ids.DEFAULT_BASE, tmp_path / "tables")


quads = st.lists(
    st.builds(
        lambda subject, text, graph: nquads.line(
            f"<a:{subject}>", "<a:p>", nquads.text(text), f"<a:{graph}>"
        ),
        st.sampled_from("ab"),
        st.text(st.sampled_from('甲 <>."\n\\'), max_size=4),
        st.sampled_from("xyz"),
    )
)


@given(quads, st.integers(1, 200), st.booleans())
def test_whole_graphs_are_written_alike_line_by_line_and_many_at_a_time(
    lines: list[str], block: int, ends: bool
) -> None:
    graph = sorted(set(lines))
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        text = "".join(f"{line}\n" for line in graph)
        (Path(place) / "graph.nq").write_bytes((text if ends else text.rstrip("\n")).encode())
        patch.setattr(parts, "_BLOCK", block)
        for form, one_by_one in (("nt", rdf.ntriples), ("nq", rdf.nquads)):
            assert write(Path(place), form) == "".join(one_by_one(graph))


@pytest.mark.parametrize("form", ["nt", "trig"])
@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("damaged", ['<a:s> <a:p> "乙" <a:g>', '<a:s> <a:p> "乙" .', '<a:s> "乙"', "乙", ""])
def test_a_damaged_line_is_told(tmp_path: Path, form: str, before: int, damaged: str) -> None:
    lines = [f'<a:s> <a:p> "{number}" <a:g> .' for number in range(4)]
    lines.insert(before, damaged)
    (tmp_path / "graph.nq").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    with pytest.raises(StoreError, match=f"not a quad, {damaged!r}"):
        write(tmp_path, form)
