"""From an Analysis to quads and Turtle: what is stated, what it costs, and that no text can break out."""

from __future__ import annotations

import dataclasses
import subprocess
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from helpers import builds, cases, understanding
from hypothesis import given, settings
from hypothesis import strategies as st

import kg.understanding
from kg import ids, rules, terms
from kg.graph import assembling, concepts, nquads, selection, turtle
from kg.model import Analysis, Fact, Span

GOV = rdflib.Namespace(terms.GOV)
CORPUS = Path(__file__).resolve().parents[1] / "corpus"
BASE = rdflib.Namespace(ids.DEFAULT_BASE)
TEXT = builds.FILES["昌江2022.txt"]


def graph_of(analysis: Analysis) -> rdflib.Graph:
    lines = assembling.lines(analysis)
    return rdflib.Graph().parse(data="".join(turtle.write(lines, turtle.PREFIXES, ids.DEFAULT_BASE)))


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return graph_of(understanding.analysis(TEXT, "昌江2022.txt"))


def test_a_report_says_what_its_page_says(graph: rdflib.Graph) -> None:
    report = graph.value(predicate=rdflib.RDF.type, object=GOV.Report)
    assert str(graph.value(report, rdflib.DCTERMS.title)) == "昌江黎族自治县2022年报告"
    assert graph.value(report, GOV.reportingYear) == rdflib.Literal("2022", datatype=rdflib.XSD.gYear)
    assert graph.value(report, GOV.reportsOn) == BASE["jurisdiction/469026"]
    assert graph.value(report, rdflib.DCTERMS.issued).datatype == rdflib.XSD.date
    assert graph.value(report, GOV.published) is None, "a month is no day of publication"
    assert set(graph.objects(report, GOV.mentions)) >= {
        BASE["jurisdiction/469026"],
        BASE["initiative/枫桥经验"],
    }


def test_a_fact_has_one_evidence_with_its_sentence(graph: rdflib.Graph) -> None:
    government, reform = BASE["institution/469026/人民政府"], BASE["initiative/放管服改革"]
    assert (government, GOV.carriedOut, reform) in graph
    evidence = list(graph.subjects(rdflib.RDF.object, reform))
    assert len(evidence) == 1
    assert (evidence[0], GOV.planned, None) not in graph, "what is both done and planned is done"
    passage = graph.value(evidence[0], GOV.passage)
    start, end = int(graph.value(passage, GOV.start)), int(graph.value(passage, GOV.end))
    assert TEXT[start:end] == str(graph.value(passage, GOV.quote)) == "我县开展放管服改革。"


def test_a_planned_fact_is_stated_by_its_evidence_alone() -> None:
    graph = graph_of(understanding.analysis(builds.FILES["昌江2021.txt"]))
    planned = BASE["initiative/枫桥经验"]
    assert (None, GOV.carriedOut, planned) not in graph
    evidence = graph.value(predicate=rdflib.RDF.object, object=planned)
    assert graph.value(evidence, GOV.planned) == rdflib.Literal(True)


def test_a_fact_without_words_is_not_stated() -> None:
    analysis = understanding.analysis(TEXT)
    bare = Fact(understanding.HOME, "received", ids.honour("x"), (), "relation.received")
    assert "received" not in "".join(assembling.lines(dataclasses.replace(analysis, facts=(bare,))))


def test_numbers_are_plain_decimals_with_unit_and_indicator(graph: rdflib.Graph) -> None:
    number = graph.value(predicate=rdflib.RDF.type, object=GOV.Observation)
    assert str(graph.value(number, GOV.value)) == "98.5"
    assert graph.value(number, GOV.unit) == BASE["concept/unit/percent"]
    assert graph.value(graph.value(number, GOV.unit), rdflib.SKOS.prefLabel) == rdflib.Literal("%", lang="zh")
    assert graph.value(number, GOV.observedFor) == BASE["jurisdiction/469026"]


@pytest.mark.parametrize(
    ("value", "shown"), [("1E+6", "1000000"), ("0.10", "0.1"), ("-0.0", "0"), ("1234567890123456789.5", None)]
)
def test_numerals_have_no_exponent_and_no_needless_zero(value: str, shown: str | None) -> None:
    assert assembling.numeral(Decimal(value)) == (shown or value)


def test_divisions_are_described_with_all_they_lie_in(graph: rdflib.Graph) -> None:
    assert graph.value(BASE["jurisdiction/469026"], GOV.within) == BASE["jurisdiction/460000"]
    assert graph.value(BASE["jurisdiction/460000"], GOV.within) == BASE["jurisdiction/100000"]
    assert str(graph.value(BASE["jurisdiction/460000"], rdflib.SKOS.prefLabel)) == "海南省"
    level = graph.value(BASE["jurisdiction/469026"], GOV.level)
    assert rdflib.Literal("县级", lang="zh") in set(graph.objects(level, rdflib.SKOS.prefLabel))


def test_words_that_share_a_path_are_different_concepts() -> None:
    names = ["三项制度", "“三项”制度", "三项（制度）", "三项  制度"]
    assert len({concepts.identity("indicator", name) for name in names}) == len(names)


def test_there_are_no_blank_nodes_and_no_doubled_lines() -> None:
    lines = assembling.lines(understanding.analysis(TEXT))
    assert lines == sorted(set(lines))
    assert not any("_:" in line.split('"')[0] for line in lines)


def test_another_base_moves_things_but_not_the_ontology() -> None:
    lines = assembling.lines(understanding.analysis(TEXT), "http://example.org/kg#")
    assert not any(ids.DEFAULT_BASE in line for line in lines)
    assert any(terms.gov("carriedOut") in line for line in lines)
    text = "".join(turtle.write(lines, turtle.PREFIXES, "http://example.org/kg#"))
    assert len(rdflib.Graph().parse(data=text)) == len(set(nquads.triples(lines)))


def hostile(text: str) -> Analysis:
    """Return an analysis with a text in every place where a document's words go."""
    analysis = understanding.analysis(f"昌江黎族自治县2022年报告\n我县开展{text}。", f"{text}.txt")
    first = analysis.entities[0]
    return dataclasses.replace(
        analysis,
        report=dataclasses.replace(
            analysis.report, title=text, doc_numbers=(text,), index_number=text, issued=text, published=text
        ),
        entities=(
            *analysis.entities,
            dataclasses.replace(
                first, id=ids.initiative(text), name=text, labels=(text,), attributes=(), links=()
            ),
        ),
        facts=(
            *analysis.facts,
            Fact(
                first.id, "carriedOut", ids.initiative(text), (Span(0, len(analysis.document.text)),), "a.b"
            ),
        ),
    )


def check_unharmed(text: str) -> None:
    analysis = hostile(text)
    lines = assembling.lines(analysis)
    assert all("\n" not in line and line.splitlines() == [line] for line in lines)
    quads = list(pyoxigraph.parse("\n".join(lines).encode(), pyoxigraph.RdfFormat.N_QUADS))
    assert len(set(quads)) == len(lines)
    iris = {
        t.value
        for quad in quads
        for t in (quad.subject, quad.predicate)
        if isinstance(t, pyoxigraph.NamedNode)
    }
    known = (ids.DEFAULT_BASE, *terms.PREFIXES.values())
    assert all(iri.startswith(known) for iri in iris)
    quotes = [str(q.object.value) for q in quads if q.predicate.value == terms.gov("quote")]
    assert analysis.document.text in quotes
    ttl = "".join(turtle.write(lines, turtle.PREFIXES, ids.DEFAULT_BASE))
    triples = {quad.triple for quad in quads}
    assert {quad.triple for quad in pyoxigraph.parse(ttl.encode(), pyoxigraph.RdfFormat.TURTLE)} == triples


@pytest.mark.parametrize("text", builds.HOSTILE)
def test_no_text_breaks_out_of_a_line(text: str) -> None:
    check_unharmed(text)


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
    )
)
def test_no_text_at_all_breaks_out_of_a_line(text: str) -> None:
    check_unharmed(text)


@pytest.mark.parametrize("text", [*builds.HOSTILE, "", "\ud800"])
def test_terms_come_back_as_they_went_in(text: str) -> None:
    term = nquads.text(text, "zh")
    assert nquads.value(term) == text.replace("\ud800", "\ufffd")
    line = nquads.line(nquads.iri("http://a/" + text), nquads.iri("http://b/"), term, nquads.iri("http://c/"))
    assert nquads.split(line)[2] == term


@pytest.mark.parametrize(("program", "form"), [("rapper", "turtle"), ("serdi", "turtle")])
def test_independent_parsers_count_the_same_triples(tmp_path: Path, program: str, form: str) -> None:
    texts = [text for text in builds.HOSTILE if "\ufeff" not in text]
    lines = sorted({line for text in texts for line in assembling.lines(hostile(text))})
    path = tmp_path / "graph.ttl"
    path.write_text("".join(turtle.write(lines, turtle.PREFIXES, ids.DEFAULT_BASE)), encoding="utf-8")
    arguments = {"rapper": ["-q", "-i", form, "-o", "ntriples"], "serdi": ["-i", form, "-o", "ntriples"]}
    command = [builds.tool(program), *arguments[program], str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    wanted = len(list(nquads.triples(lines)))
    assert len(found.splitlines()) == wanted
    assert len(rdflib.Graph().parse(path)) == wanted


def opened(*texts: str) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    lines = sorted({line for text in texts for line in assembling.lines(understanding.analysis(text))})
    store.load("\n".join(lines).encode(), pyoxigraph.RdfFormat.N_QUADS)
    triples = "".join(f"{' '.join(triple)} .\n" for triple in nquads.triples(lines))
    store.load(triples.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def test_a_view_is_closed_sorted_and_has_evidence() -> None:
    view = selection.view(opened(*builds.FILES.values()))
    names = {node.iri for node in view.nodes}
    assert [node.iri for node in view.nodes] == sorted(names)
    assert all(edge.source in names and edge.target in names for edge in view.edges)
    assert all(seen.of in names and seen.evidence for seen in view.observations)
    links = {"within", "serves", "partOf", "reportsOn", "issuer", "addressee"}
    assert all(edge.evidence for edge in view.edges if edge.predicate not in links)
    reform = next(edge for edge in view.edges if edge.target.endswith("放管服改革"))
    assert len(reform.evidence) == 2, "two reports say so"
    kept = next(edge for edge in view.edges if edge.target.endswith("枫桥经验"))
    assert not kept.planned, "one report plans it, another says it was done"
    assert [item.quote for item in kept.evidence] == ["我县开展枫桥经验。"]


def test_a_view_around_a_thing_holds_what_facts_lead_to() -> None:
    store = opened(*builds.FILES.values())
    near = selection.view(store, around=f"{BASE}initiative/枫桥经验", depth=1)
    assert {node.label for node in near.nodes} == {"枫桥经验", "昌江黎族自治县人民政府"}
    assert len(selection.view(store, around=f"{BASE}initiative/枫桥经验", depth=2).nodes) > len(near.nodes)
    assert selection.view(store, around=f"{BASE}initiative/nothing", depth=2).nodes == ()


def test_a_view_around_a_place_holds_what_its_bodies_did() -> None:
    store = opened(*builds.FILES.values())
    near = selection.view(store, around=f"{BASE}jurisdiction/469026", depth=1)
    labels = {node.label for node in near.nodes}
    assert {"昌江黎族自治县", "昌江黎族自治县人民政府", "海南省", "枫桥经验", "放管服改革"} <= labels
    assert "七叉镇" not in labels, "what lies in it has a picture of its own"
    assert {node.kind for node in near.nodes} >= {"Report"}
    alone = selection.view(store, around=f"{BASE}jurisdiction/469026", depth=0)
    assert [node.label for node in alone.nodes] == ["昌江黎族自治县"]


def test_a_view_of_one_document_shows_nothing_of_the_others() -> None:
    store = opened(*builds.FILES.values())
    report = next(r for r in selection.documents(store) if r.year == "2021")
    view = selection.view(store, documents={report.iri})
    assert [document.iri for document in view.documents] == [report.iri]
    assert "重大行政决策办法" not in {node.label for node in view.nodes}
    assert next(edge for edge in view.edges if edge.target.endswith("枫桥经验")).planned


SINGLE = {
    terms.gov(name)
    for name in (
        "code", "documentType", "initiativeType", "institutionType", "level", "orgCode",
        "periodEnd", "periodStart", "trial", "year",
    )
}  # fmt: skip
WORDINGS = (
    ("469007", "我市开展“清风驿站”活动。建设“云上政务”平台。推进“两清一补”专项行动。"),
    ("469026", "我县建设“清风驿站”平台。建立“云上政务”制度。落实“两清一补”机制。"),
    ("360202", "我区推行“清风驿站”。打造“云上政务”品牌。深化“两清一补”改革。"),
)


def test_what_a_thing_is_does_not_depend_on_who_names_it() -> None:
    corpus = [path for path in sorted(CORPUS.iterdir()) if not path.name.startswith(".")]
    loaded = rules.load()
    said = [
        kg.understanding.understand(cases.document(text, {"home": home}), loaded) for home, text in WORDINGS
    ]
    said += [kg.understanding.analyse(path, path.name, loaded) for path in corpus]
    found: dict[tuple[str, str], set[str]] = {}
    for analysis in said:
        for line in assembling.lines(analysis):
            subject, predicate, obj, _ = nquads.split(line)
            label = nquads.value(predicate) == nquads.SKOS + "prefLabel" and obj.endswith("@zh")
            if label or nquads.value(predicate) in SINGLE:
                found.setdefault((subject, predicate), set()).add(obj)
    assert len(found) > 1000
    assert {key: sorted(values) for key, values in found.items() if len(values) > 1} == {}


def test_offsets_are_the_same_in_every_form_of_a_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds.use_stand_in(monkeypatch)
    builds.run(builds.fill(tmp_path / "in", {"昌江2022.txt": TEXT}), tmp_path / "out")
    turtle_ = rdflib.Graph().parse(tmp_path / "out" / "graph.ttl")
    for name in ("start", "end"):
        written = set(turtle_.subject_objects(GOV[name]))
        stored = set(kg.open_graph(tmp_path / "out").subject_objects(GOV[name]))
        assert written
        assert written == stored
        assert {value.datatype for _, value in written} == {rdflib.XSD.integer}
