"""Questions: the named ones run and are sound, parameters cannot change a query, errors say where."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from helpers import builds

from kg import ids
from kg.errors import QueryError
from kg.graph import answers, naming, querying, store, tables

NAMES = sorted(querying.named_queries())


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> pyoxigraph.Store:
    with pytest.MonkeyPatch.context() as patch:
        builds.use_stand_in(patch)
        place: Path = tmp_path_factory.mktemp("query")
        builds.run(builds.fill(place / "in", builds.FILES), place / "out")
        return store.open_store(place / "out")


def test_there_are_questions_and_they_say_what_they_ask() -> None:
    queries = querying.named_queries()
    assert len(queries) >= 12
    for name, query in queries.items():
        assert query.name == name
        assert query.zh.endswith("？"), name
        assert query.en.endswith("?"), name
        assert all(parameter.meaning for parameter in query.parameters), name
        assert "ORDER BY" in query.sparql, f"{name}: rows without an order differ between runs"


@pytest.mark.parametrize("name", NAMES)
def test_every_named_question_runs(opened: pyoxigraph.Store, name: str) -> None:
    answer = querying.run(opened, querying.bind(name, {}))
    assert answer.columns
    assert len(set(answer.rows)) == len(answer.rows), "a row comes once"


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("issued", {}, {"重大行政决策办法"}),
        ("diffusion", {}, {"放管服改革", "枫桥经验"}),
        ("activity", {"place": "昌江"}, {"放管服改革", "平安乡镇称号", "矛盾调解中心"}),
        ("indicator", {"indicator": "行政复议"}, {"25", "办理行政复议案件", "昌江黎族自治县"}),
        ("compare", {"measure": "行政复议案件"}, {"25", "办理行政复议案件", "2021"}),
        ("established", {}, {"矛盾调解中心"}),
        ("honours", {}, {"平安乡镇称号"}),
        ("evidence", {"thing": "枫桥经验"}, {"计划开展枫桥经验。", "我县开展枫桥经验。"}),
        ("planned", {}, {"枫桥经验"}),
        ("kept", {}, {"枫桥经验", "2021", "2022"}),
        ("cited", {}, {"重大行政决策办法"}),
        ("documents", {}, {"昌江2021.txt", "下级/七叉镇.txt"}),
        ("things", {"name": "枫桥"}, {"枫桥经验"}),
    ],
)
def test_named_questions_find_what_the_documents_say(
    opened: pyoxigraph.Store, name: str, values: dict[str, str], found: set[str]
) -> None:
    rows = querying.run(opened, querying.bind(name, values)).rows
    assert found <= {term.value for row in rows for term in row if term is not None}


def test_a_parameter_narrows_the_answer(opened: pyoxigraph.Store) -> None:
    assert querying.run(opened, querying.bind("things", {"name": "没有的"})).rows == ()
    assert len(querying.run(opened, querying.bind("things", {"name": "枫桥"})).rows) == 1


@pytest.mark.parametrize("value", [*builds.HOSTILE, '" } ?x ?y ?z . { VALUES ?q { "', "\\1", "\\g<0>"])
def test_a_parameter_is_a_text_and_nothing_else(opened: pyoxigraph.Store, value: str) -> None:
    for name, query in querying.named_queries().items():
        for parameter in query.parameters:
            text = querying.bind(name, {parameter.name: value})
            hints = sum(line.lstrip().startswith("#:") for line in query.sparql.splitlines())
            assert text.count("\n") == query.sparql.count("\n") - hints
            assert querying.run(opened, text).rows == (), (name, parameter.name)


@pytest.mark.parametrize(
    ("name", "values"), [("nothing", {}), ("diffusion", {"x": "1"}), ("issued", {"x": "1"})]
)
def test_unknown_questions_and_parameters_are_named(name: str, values: dict[str, str]) -> None:
    with pytest.raises(QueryError, match=r"no query|no parameter"):
        querying.bind(name, values)


@pytest.mark.parametrize(
    ("sparql", "place", "advice"),
    [
        ("SELECT * {\n ?s ?p }", "line 2, column 9", "--list"),
        ("SELECT ?x { ?s foo:bar ?o }", "line 1", "known are"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", "line 1", "GROUP BY"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "only read", "SELECT"),
        ("", "is empty", "--list"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "no network is used", "your own program"),
    ],
)
def test_a_wrong_query_is_told_where_and_what_to_do(
    opened: pyoxigraph.Store, sparql: str, place: str, advice: str
) -> None:
    with pytest.raises(QueryError) as caught:
        querying.run(opened, sparql)
    assert place in str(caught.value)
    assert advice in str(caught.value)


def test_csv_is_read_back_and_runs_no_formula() -> None:
    cells = ["=1+1", "+1", "-1", "@x", "\tx", "一,二", '他说"好"', "二\n行"]
    literals = [pyoxigraph.Literal(cell) for cell in cells]
    number = pyoxigraph.Literal(
        "-5", datatype=pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    )
    answer = querying.Answer(("x",), tuple((term,) for term in [*literals, number, None]))
    read = [
        row[0] if row else ""
        for row in csv.reader(io.StringIO(answers.write(answer, "csv", ids.DEFAULT_BASE)))
    ]
    assert read[1:6] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx"]
    assert read[6:] == ["一,二", '他说"好"', "二\n行", "-5", ""]


def test_a_list_shows_every_value_whole_on_a_line_of_its_own() -> None:
    long = "一句很长的话，" * 30
    rows = (
        (pyoxigraph.Literal(long), pyoxigraph.Literal("二\n\x1b[31m行")),
        (pyoxigraph.Literal("三"), None),
    )
    written = answers.write(querying.Answer(("sentence", "x"), rows), "list", ids.DEFAULT_BASE)
    assert written == f"sentence  {long}\nx         二 ?[31m行\n\nsentence  三\n"


def test_json_is_the_standard_form(opened: pyoxigraph.Store) -> None:
    answer = querying.run(
        opened, "SELECT ?r ?t ?y { ?r dcterms:title ?t ; gov:reportingYear ?y } ORDER BY ?y ?t"
    )
    told = json.loads(answers.write(answer, "json", ids.DEFAULT_BASE))
    first = told["results"]["bindings"][0]
    assert told["head"]["vars"] == ["r", "t", "y"]
    assert first["r"]["type"] == "uri"
    assert first["t"] == {"type": "literal", "value": "昌江黎族自治县2021年报告", "xml:lang": "zh"}
    assert first["y"]["datatype"].endswith("#gYear")
    yes = json.loads(answers.write(querying.run(opened, "ASK { ?s a gov:Report }"), "json", ids.DEFAULT_BASE))
    assert yes["boolean"] is True


def test_a_graph_is_answered_in_turtle(opened: pyoxigraph.Store) -> None:
    answer = querying.run(opened, "CONSTRUCT { ?s gov:carriedOut ?o } WHERE { ?s gov:carriedOut ?o }")
    graph = rdflib.Graph().parse(data=answers.write(answer, "turtle", ids.DEFAULT_BASE))
    assert len(graph) == 2
    rows = querying.run(opened, "SELECT ?s { ?s a gov:Report }")
    with pytest.raises(QueryError, match="CONSTRUCT"):
        answers.write(rows, "turtle", ids.DEFAULT_BASE)


def test_tables_line_up_chinese_and_show_no_control_character() -> None:
    text = tables.aligned(
        ("名称", "n"), [("昌江黎族自治县", "1"), ("a\x1b[31m\u202e", "22"), ("长" * 50, "3")]
    )
    lines = text.splitlines()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert {tables.width(line[: line.rindex("  ")]) for line in lines[2:4]} <= {
        tables.width(lines[1]) - 4,
        60,
    }
    assert "…" in lines[4]


@pytest.mark.parametrize(
    "name",
    ["昌江黎族自治县", "昌江县", "469026", "jurisdiction/469026", f"{ids.DEFAULT_BASE}jurisdiction/469026"],
)
def test_a_thing_is_found_by_name_other_name_code_and_iri(opened: pyoxigraph.Store, name: str) -> None:
    assert naming.resolve(opened, name, ids.DEFAULT_BASE) == f"{ids.DEFAULT_BASE}jurisdiction/469026"


def test_what_writing_varies_does_not_hide_a_thing(opened: pyoxigraph.Store) -> None:
    found = naming.resolve(opened, "《 重大行政决策办法 》", ids.DEFAULT_BASE)
    assert found.endswith("document/重大行政决策办法")


@pytest.mark.parametrize(
    ("name", "shown"), [("报告", "昌江黎族自治县2021年报告"), ("没有的", "--name things")]
)
def test_a_name_that_is_not_clear_lists_what_could_be_meant(
    opened: pyoxigraph.Store, name: str, shown: str
) -> None:
    with pytest.raises(QueryError, match=shown):
        naming.resolve(opened, name, ids.DEFAULT_BASE)
