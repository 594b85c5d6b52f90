"""The Python API: plain objects say what SPARQL says, show their words, and let rdflib work unchanged."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner
from helpers import builds
from pyarrow import parquet

import kg
from kg import terms
from kg.access.graph import GovGraph
from kg.access.rows import Rows
from kg.access.things import Document, Entity, Evidence, Fact, Observation
from kg.access.told import Told
from kg.cli import main
from kg.errors import ExportError, QueryError, StoreError
from kg.graph import exporting, naming, querying, selection
from kg.running import build, outputs

GOV = rdflib.Namespace(terms.GOV)


@pytest.fixture(scope="module")
def graph(corpus_build: Path) -> GovGraph:
    return kg.open_graph(corpus_build)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> GovGraph:
    """Return a graph of small documents whose names and sentences try to be markup or code."""
    with pytest.MonkeyPatch.context() as patch:
        builds.use_stand_in(patch)
        place = tmp_path_factory.mktemp("hostile")
        bad = [text for text in builds.HOSTILE if text.isprintable()]
        files = {
            f"昌江{year}.txt": f"昌江黎族自治县{year}年报告\n我县印发{text}办法。\n我县办理{text}案件25件。"
            for year, text in zip(itertools.count(2001), bad, strict=False)
        }
        builds.run(builds.fill(place / "in", {**files, **builds.FILES}), place / "out")
        return kg.open_graph(place / "out")


def number(graph: GovGraph, sparql: str) -> int:
    return int(next(iter(graph.query(sparql)))[0])


# --- the same as SPARQL says


def test_facts_are_the_triples_and_the_plans_of_the_graph(graph: GovGraph) -> None:
    values = " ".join(f"gov:{name}" for name in sorted(terms.FACT_PREDICATES))
    done = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?p {{ {values} }} ?s ?p ?o }}"
    planned = """SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o {
        ?e gov:planned true ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o } }"""
    assert sum(1 for _ in graph.facts(planned=False)) == number(graph, done) > 0
    assert sum(1 for _ in graph.facts(planned=True)) == number(graph, planned) > 0
    assert len(list(graph.facts())) == number(graph, done) + number(graph, planned)


def test_evidence_is_every_passage_of_every_evidence_node(graph: GovGraph) -> None:
    wanted = number(graph, "SELECT (COUNT(*) AS ?n) { ?e a gov:Evidence ; gov:passage ?x }")
    assert sum(len(fact.evidence) for fact in graph.facts()) == wanted
    bare = {fact.predicate for fact in graph.facts() if not fact.evidence}
    assert bare <= terms.REFERENCE_PREDICATES | {"partOf"}


def test_there_are_as_many_objects_as_instances(graph: GovGraph) -> None:
    def instances(name: str) -> int:
        return number(graph, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a gov:{name} }}")

    for kind in selection.THINGS:
        found = list(graph.entities(kind))
        assert len(found) == len(set(found)) == instances(kind)
        assert {entity.kind for entity in found} <= {kind}
    assert len(list(graph.observations())) == instances("Observation")
    assert len(list(graph.documents())) == instances("Report")


def test_a_fact_stands_in_the_graph_as_it_reads(graph: GovGraph) -> None:
    for fact in graph.facts(planned=False):
        triple = (rdflib.URIRef(fact.subject.iri), GOV[fact.predicate], rdflib.URIRef(fact.object.iri))
        assert triple in graph
        assert terms.joins(fact.predicate, fact.subject.kind, fact.object.kind) or "Report" in {
            fact.subject.kind,
            fact.object.kind,
        }


def test_numbers_have_their_values_of_the_graph(graph: GovGraph) -> None:
    rows = graph.query("SELECT ?n ?v ?u { ?n gov:value ?v OPTIONAL { ?n gov:unit/skos:prefLabel ?u } }")
    wanted: dict[str, Decimal] = {str(row[0]): row[1].toPython() for row in rows}
    units = {str(row[0]): {str(row[2])} for row in rows if row[2]}
    seen = list(graph.observations())
    assert {item.iri: item.value for item in seen} == wanted
    assert all(isinstance(item.value, Decimal) for item in seen)
    assert {item.iri for item in seen if item.unit} == set(units)
    assert all(item.period and item.year for item in seen)
    for item in seen:
        assert item.evidence[0].start <= item.offset < item.evidence[0].end


# --- the words


def test_every_quote_stands_in_its_text(graph: GovGraph) -> None:
    said = [*graph.facts(), *graph.observations()]
    evidence = [item for thing in said for item in thing.evidence]
    assert len({item.document.iri for item in evidence}) > 5
    for item in evidence:
        assert item.document.text[item.start : item.end] == item.quote == item.context(0)
        assert item.quote in item.context(30)
        assert item.context(30) in item.document.text


def test_context_is_cut_at_the_ends_of_the_text_and_refuses_less_than_nothing(graph: GovGraph) -> None:
    item = next(item for fact in graph.facts() for item in fact.evidence)
    assert item.context(10**6) == item.document.text
    assert len(item.context(5)) <= len(item.quote) + 10
    with pytest.raises(ValueError, match="0 or more"):
        item.context(-1)


class Shown(HTMLParser):
    """Collects what a browser would show of a piece of HTML: tags, text, what is marked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.marked: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "mark" in self.open:
            self.marked.append(data)


TAGS = {"div", "b", "span", "mark", "table", "thead", "tbody", "tr", "th", "td"}


def test_a_notebook_shows_the_sentence_marked_in_its_paragraph(graph: GovGraph) -> None:
    for item in itertools.chain.from_iterable(fact.evidence for fact in graph.facts("珠山区")):
        shown = Shown(item._repr_html_())
        assert "".join(shown.marked).replace("\n", " ") == item.quote.replace("\n", " ")
    lone = next(item for fact in graph.facts() for item in fact.evidence if "\n" not in item.quote)
    shown = Shown(lone._repr_html_())
    paragraph = next(line for line in lone.document.text.split("\n") if lone.quote in line)
    assert len("".join(shown.text)) > len(lone.quote)
    assert "".join(shown.text[:-1]).strip("…") in paragraph
    assert lone.document.source in shown.text[-1]
    assert lone.rule in shown.text[-1]


def test_markup_in_names_and_sentences_stays_text(hostile: GovGraph) -> None:
    things = [
        *hostile.entities(),
        *hostile.facts(),
        *hostile.observations(),
        *hostile.documents(),
        *(item for fact in hostile.facts() for item in fact.evidence),
        hostile.ask("issued"),
    ]
    pages = [Shown(thing._repr_html_()) for thing in things]
    assert {tag for page in pages for tag in page.tags} <= TAGS
    text = "".join(itertools.chain.from_iterable(page.text for page in pages))
    assert "<script>alert(1)</script>" in text
    assert "\x1b" not in text + "".join(map(repr, things))
    assert not any(c in "\u202e\u2066" for c in text)


# --- choosing


def test_filters_agree_with_reading_everything(graph: GovGraph) -> None:
    everything = list(graph.facts())
    for fact in everything[:: len(everything) // 20]:
        same = (fact.subject, fact.predicate, fact.object, fact.planned)
        assert list(graph.facts(fact.subject, fact.predicate, fact.object, planned=fact.planned)) == [fact]
        by_subject = [each for each in everything if each.subject == fact.subject]
        assert list(graph.facts(fact.subject)) == by_subject == list(graph.facts(subject=fact.subject.iri))
        assert list(graph.facts(object=fact.object)) == [e for e in everything if e.object == fact.object]
        assert same in {(e.subject, e.predicate, e.object, e.planned) for e in fact.subject.facts()}
        assert same in {(e.subject, e.predicate, e.object, e.planned) for e in fact.object.facts()}
    some = ["issued", "gov:basedOn", terms.GOV + "promoted"]
    wanted = [fact for fact in everything if fact.predicate in {"issued", "basedOn", "promoted"}]
    assert list(graph.facts(predicate=some)) == wanted


def test_a_thing_tells_each_of_its_facts_once(graph: GovGraph) -> None:
    for entity in graph.entities("Institution"):
        found = list(entity.facts())
        assert len(found) == len(set(found))
        assert all(entity in (fact.subject, fact.object) for fact in found)


def test_facts_and_numbers_of_a_document_are_what_its_named_graph_holds(graph: GovGraph) -> None:
    for document in graph.documents():
        named = graph.graph(rdflib.URIRef(document.iri))
        stated = set(named.subjects(rdflib.RDF.type, GOV.Evidence))
        facts = list(document.facts())
        assert facts == list(graph.facts(document=document.source))
        ends = {
            (str(named.value(e, rdflib.RDF.subject)), str(named.value(e, rdflib.RDF.object))) for e in stated
        }
        assert {(fact.subject.iri, fact.object.iri) for fact in facts} == ends
        assert {item.document for fact in facts for item in fact.evidence} <= {document}
        numbers = {str(node) for node in named.subjects(rdflib.RDF.type, GOV.Observation)}
        assert {seen.iri for seen in document.observations()} == numbers
        mentioned = {str(node) for node in named.objects(rdflib.URIRef(document.iri), GOV.mentions)}
        assert {entity.iri for entity in document.entities()} == mentioned


def test_what_a_place_did_is_what_its_bodies_did(graph: GovGraph) -> None:
    found = list(graph.facts(place="珠山区", predicate="carriedOut", planned=False))
    rows = graph.query("""SELECT DISTINCT ?s ?o {
        { ?s gov:serves <https://w3id.org/govkg/id/jurisdiction/360203> }
        UNION { VALUES ?s { <https://w3id.org/govkg/id/jurisdiction/360203> } }
        ?s gov:carriedOut ?o }""")
    assert {(fact.subject.iri, fact.object.iri) for fact in found} == {(str(s), str(o)) for s, o in rows}
    assert len({fact.subject for fact in found}) > 1
    assert {fact.subject.place for fact in found} == {graph.entity("珠山区")}
    body = graph.entity("景德镇市珠山区司法局")
    assert list(graph.facts(body, place="珠山区")) == list(graph.facts(body))
    assert not list(graph.facts(body, place="德清县"))


def test_numbers_are_chosen_by_measure_place_and_year(graph: GovGraph) -> None:
    everything = list(graph.observations())
    one = next(item for item in everything if item.measure not in ("", item.indicator) and item.of)
    assert one in list(graph.observations(measure=one.measure))
    assert one in list(graph.observations(measure=one.indicator, year=one.year))
    assert list(graph.observations(one.of)) == [item for item in everything if item.of == one.of]
    assert [*graph.observations(year=2022)] == [item for item in everything if item.year == 2022]
    assert [*graph.observations(planned=True)] == [item for item in everything if item.planned]
    place = graph.entity("珠山区", "Jurisdiction")
    here = [item for item in everything if item.of and place in (item.of, item.of.place)]
    assert list(graph.observations(place="珠山区")) == here
    assert here


def test_documents_are_found_by_file_title_place_year_and_what_they_name(graph: GovGraph) -> None:
    for document in graph.documents():
        assert graph.document(document.source) == document == graph.document(rdflib.URIRef(document.iri))
        assert graph.document(document) == document
        assert document in list(graph.documents(place=document.place or "珠山区")) or not document.place
        assert document in list(graph.documents(year=document.year))
    assert list(graph.entity("枫桥经验").documents()) == list(graph.documents(mentioning="枫桥经验"))
    assert [document.source for document in graph.documents()] == sorted(d.source for d in graph.documents())


def test_everything_comes_in_the_same_order_from_another_opening(graph: GovGraph, corpus_build: Path) -> None:
    other = kg.open_graph(corpus_build)
    assert list(map(repr, other.facts())) == list(map(repr, graph.facts()))
    assert list(other.facts()) == list(graph.facts())
    assert list(other.observations()) == list(graph.observations())
    assert list(other.entities(name="司法局")) == list(graph.entities(name="司法局"))


def test_nothing_is_read_before_it_is_asked_for(graph: GovGraph) -> None:
    facts = graph.facts()
    assert iter(facts) is facts
    assert isinstance(next(facts), Fact)
    assert isinstance(next(graph.documents()), Document)
    assert isinstance(next(graph.entities()), Entity)


def test_names_that_mean_several_things_are_not_guessed(graph: GovGraph) -> None:
    with pytest.raises(QueryError, match="may mean"):
        graph.entity("昌江")
    assert {item.name for item in graph.entities("Jurisdiction", "昌江")} >= {"昌江区", "昌江黎族自治县"}
    with pytest.raises(QueryError, match="nothing"):
        graph.entity("没有的地方")
    with pytest.raises(QueryError, match=r"no kind .* choose one of Jurisdiction"):
        graph.entities("Place")
    with pytest.raises(QueryError, match=r"no fact .* choose one of amended"):
        graph.facts(predicate="isued")


def test_objects_read_well(graph: GovGraph) -> None:
    fact = next(graph.facts("景德镇市珠山区人民政府", "issued", "珠山区街道赋权事项清单"))
    assert repr(fact) == "<Fact 景德镇市珠山区人民政府 issued 珠山区街道赋权事项清单, 1 source>"
    assert repr(fact.subject) == "<Entity 景德镇市珠山区人民政府, Institution>"
    assert repr(fact.evidence[0]).startswith("<Evidence “推进执法改革。")
    assert repr(fact.documents[0]) == f"<Document {fact.documents[0].title}>"
    shared = next(each for each in graph.facts(predicate="carriedOut") if len(each.documents) > 1)
    assert f"{len(shared.documents)} sources" in repr(shared)
    assert "reference data" in repr(next(graph.facts("珠山区", "within")))
    assert ", planned," in repr(next(graph.facts(planned=True)))
    assert isinstance(hash(fact), int)
    with pytest.raises(AttributeError):
        fact.predicate = "other"  # type: ignore[misc]


def test_attributes_are_readable(graph: GovGraph) -> None:
    place = graph.entity("360203")
    assert place.get("code") == "360203"
    assert place.place == graph.entity("360200")
    assert place.get("nothing") == ""
    assert graph.entity("景德镇市珠山区人民政府").place == place


# --- questions


def test_every_question_that_is_listed_is_answered(graph: GovGraph) -> None:
    listed = graph.questions()
    assert len(listed) >= 16
    assert {question.name for question in listed} == set(querying.named_queries())
    for question in listed:
        if querying.named_queries()[question.name].against:
            with pytest.raises(QueryError, match="two builds"):
                graph.ask(question.name)
            continue
        answer = graph.ask(question.name)
        assert isinstance(answer, Rows)
        assert all(len(row) == len(answer.columns) for row in answer)
    with pytest.raises(QueryError, match="nothing"):
        graph.ask("nothing")
    with pytest.raises(QueryError, match="has no parameter"):
        graph.ask("activity", nothing="1")


def test_answers_are_named_tuples_of_plain_values(graph: GovGraph) -> None:
    for name in ("diffusion", "compare", "documents"):
        answer = graph.ask(name)
        asked = list(graph.query(querying.bind(name, {})))
        assert len(answer) == len(asked) > 0
        for row, terms_ in zip(answer, asked, strict=True):
            for value, term in zip(row, terms_, strict=True):
                assert str(value) == str(term)
                assert type(value) in (str, int, Decimal, bool, type(None))
    assert all(isinstance(row.places, int) for row in graph.ask("diffusion"))
    assert answer[:2] == Rows(answer.columns, list(answer)[:2])
    assert repr(answer[:2]).count("\n") == 4


def test_parameters_are_names_or_objects(graph: GovGraph) -> None:
    place = graph.entity("珠山区")
    assert graph.ask("activity", place=place) == graph.ask("activity", place="360203")
    assert len(graph.ask("activity", place=place)) > 0
    asked = list(graph.query(querying.bind("things", {"name": "昌江"})))
    assert [list(map(str, row)) for row in graph.ask("things", name="昌江")] == [
        ["None" if term is None else str(term) for term in row] for row in asked
    ]
    near = graph.ask("activity", place="珠山县")
    assert not near
    assert "珠山区" in near.note
    assert near.note in repr(near)


def test_what_changed_since_another_build_can_be_asked(graph: GovGraph, tmp_path: Path) -> None:
    sources = [document.source for document in graph.documents()]
    for source in sources[1:]:
        shutil.copy(Path(__file__).parents[1] / "corpus" / source, tmp_path / source)
    build.build([tmp_path], tmp_path / "old", outputs.Settings(html=False))
    found = graph.ask("changed-documents", against=tmp_path / "old")
    assert {row.source for row in found} == {sources[0]}
    with pytest.raises(StoreError, match="holds no graph"):
        graph.ask("changed", against=tmp_path / "nowhere")


def test_columns_may_be_called_as_they_like() -> None:
    rows = Rows(("from", "_from", "count", "数值", "1st"), [(1, 2, 3, 4, 5)])
    assert rows[0].from_ == 1
    assert rows[0]._fields == ("from_", "from__", "count_", "数值", "c1st")
    assert rows.columns == ("from", "_from", "count", "数值", "1st")


# --- users' own rdflib code


def test_rdflib_code_runs_unchanged(graph: GovGraph, corpus_build: Path) -> None:
    assert isinstance(graph, rdflib.Dataset)
    turtle = rdflib.Graph().parse(corpus_build / "graph.ttl")
    assert len(graph) == len(turtle)
    pattern = (None, GOV.carriedOut, None)
    assert set(graph.triples(pattern)) == set(turtle.triples(pattern)) != set()
    subject = next(turtle.subjects(GOV.carriedOut))
    assert set(graph.predicate_objects(subject)) == set(turtle.predicate_objects(subject))
    assert graph.value(subject, rdflib.SKOS.prefLabel) == turtle.value(subject, rdflib.SKOS.prefLabel)
    names = dict(graph.namespaces())
    assert names["gov"] == rdflib.URIRef(terms.GOV)
    assert graph.qname(GOV.issued) == "gov:issued"
    reports = {rdflib.URIRef(document.iri) for document in graph.documents()}
    assert reports <= {each.identifier for each in graph.graphs()}
    part = graph.graph(next(iter(reports)))
    assert rdflib.Graph().parse(data=part.serialize(format="nt"), format="nt").isomorphic(part)
    query = "SELECT ?i (COUNT(?s) AS ?n) { ?s gov:carriedOut ?i } GROUP BY ?i ORDER BY DESC(?n) ?i"
    asked = [tuple(row) for row in graph.query(query)]
    assert asked == [tuple(row) for row in turtle.query(query, initNs={"gov": GOV})]
    made = graph.query("CONSTRUCT { ?s gov:issued ?d } { ?s gov:issued ?d }").graph
    assert len(made) == len(list(graph.triples((None, GOV.issued, None))))
    assert graph.query("ASK { ?s gov:issued ?d }").askAnswer is True
    assert len(rdflib.Graph() + graph.graph(next(iter(reports)))) == len(part)


def test_nothing_can_be_written(graph: GovGraph) -> None:
    node = rdflib.URIRef("http://example.org/")
    before = len(graph)
    for write in (
        lambda: graph.add((node, node, node)),
        lambda: graph.add((node, node, node, node)),
        lambda: graph.addN([(node, node, node, graph.default_graph)]),
        lambda: graph.remove((None, None, None)),
        lambda: graph.set((node, node, node)),
        lambda: graph.update("DELETE WHERE { ?s ?p ?o }"),
        lambda: graph.parse(data="<a:b> <a:b> <a:b> .", format="nt"),
        lambda: graph.graph(node).add((node, node, node)),
        lambda: graph.remove_graph(node),
    ):
        with pytest.raises(StoreError, match="only read"):
            write()
    assert len(graph) == before


def test_a_graph_made_from_two_is_plain_rdflib(graph: GovGraph) -> None:
    small = rdflib.Dataset()
    node = rdflib.URIRef("http://example.org/")
    small.add((node, node, node))
    joined = type(graph)()
    joined.add((node, node, node))
    assert set(joined.triples((None, None, None))) == {(node, node, node)}
    with pytest.raises(StoreError, match=r"kg\.open_graph"):
        joined.entity("珠山区")


def test_several_may_be_open_at_a_time(corpus_build: Path) -> None:
    several = [kg.open_graph(corpus_build) for _ in range(3)]
    assert len({len(each) for each in several}) == 1
    assert {each.folder for each in several} == {corpus_build}


def test_a_missing_text_is_told(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        builds.use_stand_in(patch)
        builds.run(builds.fill(tmp_path / "in", builds.FILES), tmp_path / "out")
    graph = kg.open_graph(tmp_path / "out")
    document = next(graph.documents())
    path = tmp_path / "out" / "texts" / f"{document.iri.rpartition('/')[2]}.txt"
    path.unlink()
    with pytest.raises(StoreError, match=r"texts.*cannot be read.*build the graph again"):
        _ = document.text
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(StoreError, match="UTF-8"):
        _ = document.text
    (tmp_path / "out" / "summary.json").write_text("[]")
    with pytest.raises(StoreError, match="built by another version"):
        kg.open_graph(tmp_path / "out").entity("昌江黎族自治县")


def test_importing_the_package_is_light() -> None:
    heavy = {"rdflib", "pyarrow", "pandas", "networkx", "pyoxigraph"}
    code = f"import kg, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- tables


def stated(graph: GovGraph) -> list[tuple[object, ...]]:
    return [
        (fact.subject.iri, fact.predicate, fact.object.iri, fact.planned, *words)
        for fact in graph.facts()
        for words in [(e.quote, e.start, e.document.source) for e in fact.evidence] or [(None, None, None)]
    ]


FACT_COLUMNS = ("subject_iri", "predicate", "object_iri", "planned", "quote", "start", "source")


def test_tables_say_what_objects_say(graph: GovGraph) -> None:
    facts = graph.to_arrow("facts")
    rows = list(zip(*(facts[name].to_pylist() for name in FACT_COLUMNS), strict=True))
    found = [row for row in rows if row[1] in terms.FACT_PREDICATES]
    assert sorted(map(str, found)) == sorted(map(str, stated(graph)))
    numbers = graph.to_arrow("observations")
    wanted = {item.iri: [float(item.value), item.unit, item.period] for item in graph.observations()}
    cells = (numbers[name].to_pylist() for name in ("iri", "value", "unit", "period"))
    assert {iri: rest for iri, *rest in zip(*cells, strict=True)} == wanted
    assert set(graph.to_arrow("entities")["iri"].to_pylist()) == {entity.iri for entity in graph.entities()}
    sources = graph.to_arrow("documents")["source"].to_pylist()
    assert sorted(sources) == [document.source for document in graph.documents()]


def test_tables_are_those_of_the_export(graph: GovGraph, corpus_build: Path, tmp_path: Path) -> None:
    base = "https://w3id.org/govkg/id/"
    paths = exporting.export_files(corpus_build, "parquet", exporting.Part(), base, tmp_path)
    assert {path.stem for path in paths} == {"entities", "facts", "observations", "documents"}
    for path in paths:
        assert parquet.read_table(path).equals(graph.to_arrow(path.stem))


def test_some_objects_make_a_table_in_their_order(graph: GovGraph) -> None:
    everything = graph.to_arrow(graph.facts())
    rows = list(zip(*(everything[name].to_pylist() for name in FACT_COLUMNS), strict=True))
    assert rows == stated(graph)
    some = graph.to_pandas(reversed(list(graph.facts(predicate="issued", planned=False))))
    assert list(some.columns) == graph.to_arrow("facts").column_names
    assert set(some["predicate"]) == {"issued"}
    assert list(some["subject_iri"]) == sorted(some["subject_iri"], reverse=True)
    numbers = sorted(graph.observations(year=2022), key=lambda item: item.value)
    assert graph.to_pandas(numbers)["value"].is_monotonic_increasing
    assert graph.to_arrow(graph.entities("Honour"))["kind"].unique().to_pylist() == ["Honour"]
    assert graph.to_arrow(graph.documents(place="珠山区")).num_rows == 1
    assert graph.to_pandas([]).empty


def test_answers_become_data_frames(graph: GovGraph) -> None:
    rows = graph.ask("diffusion")
    frame = graph.to_pandas(rows)
    assert list(frame.columns) == list(rows.columns)
    assert frame["places"].dtype == "int64"
    assert frame["places"].sum() == sum(row.places for row in rows)
    query = """SELECT ?label ?value ?year ?none {
        ?n gov:indicator/skos:prefLabel ?label ; gov:value ?value ; gov:passage/gov:source ?r
        OPTIONAL { ?r gov:reportingYear ?year } } ORDER BY ?n ?label"""
    asked = graph.to_pandas(graph.query(query))
    assert asked["value"].dtype == "float64"
    assert asked["value"].sum() == pytest.approx(
        float(sum(row.value.toPython() for row in graph.query(query)))
    )
    assert asked["none"].isna().all()
    assert graph.to_pandas(graph.query("ASK { ?s a gov:Report }"))["answer"].tolist() == [True]
    triples = graph.to_arrow(graph.query("CONSTRUCT { ?s gov:issued ?o } { ?s gov:issued ?o }"))
    assert triples.column_names == ["subject", "predicate", "object"]
    assert triples.num_rows == len(list(graph.triples((None, GOV.issued, None))))
    nothing = graph.to_pandas(graph.query("SELECT ?s ?p { ?s ?p 'no such thing' }"))
    assert list(nothing.columns) == ["s", "p"]


def test_what_is_no_table_is_told(graph: GovGraph) -> None:
    with pytest.raises(ExportError, match=r"none is called 'things'; choose one of entities"):
        graph.to_arrow("things")
    with pytest.raises(ExportError, match="cannot be made of int objects"):
        graph.to_arrow([1])
    with pytest.raises(ExportError, match="of Document, Entity objects"):
        graph.to_arrow([next(graph.entities()), next(graph.documents())])
    with pytest.raises(ExportError, match="cannot be made of 5"):
        graph.to_pandas(5)


def test_without_pandas_the_way_to_get_it_is_told(corpus_build: Path) -> None:
    code = (
        "import sys, kg\n"
        "class Nowhere:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name.partition('.')[0] == 'pandas': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Nowhere())\n"
        f"graph = kg.open_graph({str(corpus_build)!r})\n"
        "print(graph.to_arrow('facts').num_rows > 0)\n"
        "graph.to_pandas('facts')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True"
    assert done.stderr.strip().endswith("pandas is not installed; pip install 'govkg[notebook]'")


def test_evidence_is_a_plain_value(graph: GovGraph) -> None:
    item = next(item for fact in graph.facts() for item in fact.evidence)
    same = Evidence(item.quote, item.start, item.end, item.section, item.rule, item.document)
    assert same == item
    assert len({same, item}) == 1


def test_names_are_resolved_as_on_the_command_line(graph: GovGraph, corpus_build: Path) -> None:
    from kg.graph import store  # noqa: PLC0415

    opened = store.open_store(corpus_build)
    for name in ("枫桥经验", "360203", "《珠山区街道赋权事项清单》"):
        assert graph.entity(name).iri == naming.resolve(opened, name, "https://w3id.org/govkg/id/")


# --- networks


def test_a_network_has_the_things_and_facts_of_the_graph(graph: GovGraph) -> None:
    network = graph.to_networkx()
    assert set(network) == {entity.iri for entity in graph.entities()}
    facts = list(graph.facts())
    done = {(fact.subject.iri, fact.predicate, fact.object.iri) for fact in facts if not fact.planned}
    planned = {(fact.subject.iri, fact.predicate, fact.object.iri) for fact in facts if fact.planned} - done
    edges = [(s, told["predicate"], o, told) for s, o, told in network.edges(data=True)]
    stated = [each for each in edges if each[1] in terms.FACT_PREDICATES]
    assert {each[:3] for each in stated if not each[3]["planned"]} == done
    assert {each[:3] for each in stated if each[3]["planned"]} == planned
    said = {(*each[:3], item) for each in stated for item in each[3]["evidence"]}
    assert said <= {(f.subject.iri, f.predicate, f.object.iri, i) for f in facts for i in f.evidence}
    assert {network.nodes[node]["label"] for node in network} == {e.name for e in graph.entities()}


def test_a_network_is_cut_around_a_thing_and_can_leave_the_words_out(graph: GovGraph) -> None:
    everything = graph.to_networkx(evidence=False)
    assert not any("evidence" in told for _, _, told in everything.edges(data=True))
    near = graph.to_networkx("枫桥经验")
    far = graph.to_networkx("枫桥经验", depth=2, evidence=False)
    assert {graph.entity("枫桥经验").iri} < set(near) < set(far) < set(everything)
    actors = {fact.subject.iri for fact in graph.entity("枫桥经验").facts("carriedOut", planned=False)}
    assert actors <= set(near)
    assert list(near) == list(graph.to_networkx(graph.entity("枫桥经验")))


# --- analyses


def test_analyses_tell_what_the_commands_tell(graph: GovGraph, corpus_build: Path) -> None:
    for command, told in (
        (["compare", "北碚区", "德清县"], graph.compare("北碚区", graph.entity("德清县"))),
        (["compare", "北碚区", "德清县", "--year", "2022"], graph.compare("北碚区", "德清县", year=2022)),
        (["trace", "枫桥经验"], graph.trace("枫桥经验")),
        (["path", "文昌市", "德清县", "--most", "1"], graph.path("文昌市", "德清县", most=1)),
        (["stats", "--place", "海南省"], graph.stats(place="海南省")),
    ):
        done = CliRunner().invoke(main, [*command, "-g", str(corpus_build), "--language", "en"])
        assert done.exit_code == 0, done.output
        assert done.stdout == told.text() == repr(told)
        csv = CliRunner().invoke(main, [*command, "-g", str(corpus_build), "--format", "csv"])
        assert csv.stdout.splitlines()[0] == ",".join(told.rows.columns)
        assert len(told.rows) == graph.to_arrow(told).num_rows > 0
        assert Shown(told._repr_html_()).tags == ["pre"]
    assert graph.compare("三都水族自治县").found.subjects
    assert "“" in graph.trace("枫桥经验").text("zh", rows=1, quotes=True)
    with pytest.raises(QueryError, match="several classes"):
        graph.compare("北碚区", "枫桥经验")


# --- documentation


def test_the_page_names_all_there_is() -> None:
    page = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
    own = [name for name in vars(GovGraph) if not name.startswith("_")]
    assert [name for name in own if f"graph.{name}" not in page] == ["mentioned", "linked", "text"]
    for kind in (Entity, Fact, Observation, Evidence, Document, Told, Rows):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{kind.__name__}` |"))
        names = [name for name in dir(kind) if not name.startswith("_")]
        assert [name for name in names if not re.search(rf"`{name}\b", row)] == []
