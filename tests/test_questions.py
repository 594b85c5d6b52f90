"""The library of questions: each has an answer, the same in every engine; names complete; builds compare."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner
from helpers import builds
from test_stores import Server, started

from kg import cli, ids, terms
from kg.errors import QueryError, StoreError
from kg.graph import changes, completing, querying, questions, store

ROOT = Path(__file__).resolve().parents[1]
QUERIES = querying.named_queries()
OF_ONE = sorted(name for name, query in QUERIES.items() if not query.against)
OF_TWO = sorted(name for name, query in QUERIES.items() if query.against)
CASES = [(name, values) for name in OF_ONE for values in (dict(QUERIES[name].example), {})]
NUMBERS = tuple("http://www.w3.org/2001/XMLSchema#" + name for name in ("integer", "decimal", "double"))
AT_LEAST = 50
FEW = ("三都", "昌江黎族自治县2018", "珠山区")


@pytest.fixture(scope="module")
def opened(corpus_build: Path) -> pyoxigraph.Store:
    return store.open_store(corpus_build)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build four reports: rdflib, in plain Python, needs minutes where the whole corpus is asked."""
    place = tmp_path_factory.mktemp("few")
    (place / "in").mkdir()
    for path in (ROOT / "corpus").iterdir():
        if path.name.startswith(FEW):
            shutil.copy(path, place / "in")
    builds.run(place / "in", place / "out")
    return place / "out"


@pytest.fixture(scope="module")
def graph(few: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(few / "graph.ttl", format="turtle")


@pytest.fixture(scope="module")
def server(corpus_build: Path) -> Iterator[Server]:
    for running in started():
        running.load(corpus_build / "graph.ttl", "text/turtle", "?default")
        yield running


@pytest.fixture(scope="module")
def pair(corpus_build: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two builds: the later one lacks a report, has a changed one and a new one."""
    place = tmp_path_factory.mktemp("pair")
    source = shutil.copytree(ROOT / "corpus", place / "in")
    changed = source / "珠山区2022年法治政府建设情况.txt"
    text = changed.read_text(encoding="utf-8")
    assert "吹哨报到" in text
    said = text.replace("1460 余起。", "1461 余起。区司法局开展放管服改革。")
    changed.write_text(said, encoding="utf-8")
    (source / "北碚区2022年法治政府建设年度报告.txt").unlink()
    added = "昌江黎族自治县2023年法治政府建设情况报告\n县司法局开展放管服改革。办理行政复议案件25件。\n"
    (source / "昌江2023.txt").write_text(added, encoding="utf-8")
    builds.run(source, place / "out")
    return place / "out", corpus_build


def cell(text: str, datatype: str | None, language: str | None = None) -> tuple[str, str]:
    """Return a term so that equal ones are equal whatever engine wrote them: 12.0 is 12."""
    if datatype in NUMBERS:
        return "number", format(Decimal(text).normalize(), "f")
    return language or "", text


def of_oxigraph(answer: querying.Answer) -> Counter[tuple[Any, ...]]:
    def one(term: Any) -> Any:
        if term is None:
            return None
        datatype = term.datatype.value if isinstance(term, pyoxigraph.Literal) else None
        return cell(term.value, datatype, getattr(term, "language", None))

    return Counter(tuple(map(one, row)) for row in answer.rows)


def of_rdflib(graph: rdflib.Graph, sparql: str) -> Counter[tuple[Any, ...]]:
    def one(term: Any) -> Any:
        if term is None:
            return None
        datatype = str(term.datatype) if isinstance(term, rdflib.Literal) and term.datatype else None
        return cell(str(term), datatype, getattr(term, "language", None))

    rows: Any = graph.query(sparql)
    return Counter(tuple(map(one, row)) for row in rows)


def of_server(server: Server, sparql: str) -> Counter[tuple[Any, ...]]:
    said = server.request(
        "/query",
        sparql.encode(),
        Content_Type="application/sparql-query",
        Accept="application/sparql-results+json",
    )
    found = json.loads(said)

    def one(term: Any) -> Any:
        return None if term is None else cell(term["value"], term.get("datatype"), term.get("xml:lang"))

    columns = found["head"]["vars"]
    return Counter(tuple(one(row.get(name)) for name in columns) for row in found["results"]["bindings"])


# --- each question


def test_there_are_many_questions_and_each_is_told_in_full() -> None:
    assert len(QUERIES) >= AT_LEAST
    assert {query.topic for query in QUERIES.values()} == set(querying.topics())
    for name, query in QUERIES.items():
        assert query.zh.endswith("？"), name
        assert query.en.endswith("?"), name
        assert query.en[0].isupper(), name
        for parameter in query.parameters:
            assert parameter.kind in querying.KINDS
            assert parameter.zh != parameter.meaning
            assert parameter.default == "", f"{name}: empty is all"
            assert f"?asked_{parameter.name}" in query.sparql.split("WHERE", 1)[1]


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_statements_come_with_their_sentence_and_source(name: str, opened: pyoxigraph.Store) -> None:
    columns = querying.run(opened, querying.bind(name, {})).columns
    assert ("sentence" in columns) <= ("source" in columns), name
    if "rdf:predicate" in QUERIES[name].sparql and "COUNT(" not in QUERIES[name].sparql:
        assert "sentence" in columns, f"{name}: rows are statements, but without their words"


@pytest.mark.parametrize("name", OF_ONE)
def test_every_example_is_answered(name: str, opened: pyoxigraph.Store) -> None:
    query = QUERIES[name]
    assert query.example or not query.parameters, "no example"
    answer = questions.ask(opened, name, **dict(query.example))
    every = questions.ask(opened, name)
    assert answer.rows
    assert len(answer.rows) <= len(every.rows)
    assert len(set(every.rows)) == len(every.rows), "a row comes once"


@pytest.mark.parametrize("name", OF_ONE)
def test_rows_have_one_order(name: str, opened: pyoxigraph.Store) -> None:
    """Rows must be told apart by what they are ordered by: else their order is an engine's own."""
    sparql = querying.bind(name, {})
    keys = (
        sparql.rpartition("ORDER BY ")[2].partition("LIMIT")[0].replace("DESC(", "").replace(")", "").split()
    )
    asked = sparql.replace("SELECT DISTINCT", "SELECT", 1)
    head, _, rest = asked.partition("WHERE {")
    extra = [key for key in keys if key not in re.findall(r"\?\w+", head)]
    answer = querying.run(opened, f"{head.replace('SELECT', 'SELECT ' + ' '.join(extra), 1)}WHERE {{{rest}")
    places = [answer.columns.index(key.lstrip("?")) for key in keys]
    shown = [at for at, column in enumerate(answer.columns) if f"?{column}" not in extra]
    rows = {}
    for row in answer.rows:
        key = tuple(str(row[at]) for at in places)
        rows.setdefault(key, set()).add(tuple(str(row[at]) for at in shown))
    assert all(len(found) == 1 for found in rows.values())


@pytest.mark.store
@pytest.mark.parametrize(
    ("name", "values"), CASES, ids=[f"{n}-{'example' if v else 'all'}" for n, v in CASES]
)
def test_a_server_over_http_gives_the_same_answer(
    name: str, values: dict[str, str], opened: pyoxigraph.Store, server: Server
) -> None:
    sparql = querying.standalone(querying.bind(name, values))
    assert of_server(server, sparql) == of_oxigraph(querying.run(opened, sparql))


@pytest.mark.parametrize(
    ("name", "values"), CASES, ids=[f"{n}-{'example' if v else 'all'}" for n, v in CASES]
)
def test_rdflib_gives_the_same_answer(
    name: str, values: dict[str, str], few: Path, graph: rdflib.Graph
) -> None:
    sparql = querying.standalone(querying.bind(name, values))
    found = of_oxigraph(querying.run(store.open_store(few), sparql))
    if "LIMIT" not in sparql or found.total() < int(sparql.rpartition("LIMIT")[2]):
        assert of_rdflib(graph, sparql) == found
    else:
        assert of_rdflib(graph, sparql).total() == found.total()


def test_most_questions_have_answers_to_compare(few: Path) -> None:
    opened = store.open_store(few)
    answered = [name for name in OF_ONE if querying.run(opened, querying.bind(name, {})).rows]
    assert len(answered) >= len(OF_ONE) * 9 // 10


@pytest.mark.store
@pytest.mark.parametrize("name", OF_TWO)
def test_questions_about_two_builds_are_answered_alike(name: str, pair: tuple[Path, Path]) -> None:
    compared = changes.between(*pair)
    sparql = querying.standalone(querying.bind(name, {}))
    found = of_oxigraph(querying.run(compared, sparql))
    assert found
    quads = compared.dump(format=pyoxigraph.RdfFormat.N_QUADS)
    assert quads is not None
    assert of_rdflib(rdflib.Dataset().parse(data=quads, format="nquads"), sparql) == found
    for running in started():
        running.request("/store", quads, Content_Type="application/n-quads")
        assert of_server(running, sparql) == found


# --- what they mean


def test_deeds_of_a_place_are_those_of_its_bodies_and_of_no_other_place(opened: pyoxigraph.Store) -> None:
    rows = questions.ask(opened, "activity", place="景德镇市").records()
    assert {row["place"] for row in rows} == {"景德镇市"}
    assert {row["actor"] for row in rows} > {"景德镇市人民政府"}
    by_code = questions.ask(opened, "activity", place="360200").records()
    by_iri = questions.ask(opened, "activity", place=f"{ids.DEFAULT_BASE}jurisdiction/360200").records()
    assert by_code == by_iri == rows


def test_places_of_one_short_name_stay_apart(opened: pyoxigraph.Store) -> None:
    rows = questions.ask(opened, "places", place="昌江").records()
    assert {(row["place"], row["above"]) for row in rows} >= {
        ("昌江区", "景德镇市"),
        ("昌江黎族自治县", "海南省"),
    }


def test_homonyms_are_not_merged() -> None:
    """Two districts of one name under two cities, and what each did, are rows of their own everywhere."""
    lines = []
    for code, city in (("320106", "320100"), ("350102", "350100")):
        place, body = f"<b:jurisdiction/{code}>", f"<b:institution/{code}/政府>"
        lines += [
            f'{place} a gov:Jurisdiction ; skos:prefLabel "鼓楼区"@zh ; gov:code "{code}" .',
            f"{place} gov:within <b:{city}> ; gov:level <b:county> .",
            f'<b:{city}> a gov:Jurisdiction ; skos:prefLabel "{city}"@zh .',
            f'{body} a gov:Institution ; skos:prefLabel "鼓楼区人民政府"@zh ; gov:serves {place} ; '
            "gov:carriedOut <b:x> .",
            f'<b:r{code}> a gov:Report ; gov:sourceFile "{code}.txt" ; gov:reportingYear "2022"^^xsd:gYear ; '
            f"gov:reportsOn {place} ; gov:mentions {place} .",
            f'<b:p{code}> a gov:Passage ; gov:source <b:r{code}> ; gov:quote "开展某项改革。" .',
            f"<b:p{code}> gov:start 1 ; gov:end 8 .",
            f"<b:e{code}> a gov:Evidence ; rdf:subject {body} ; rdf:predicate gov:carriedOut .",
            f'<b:e{code}> rdf:object <b:x> ; gov:rule "r" ; gov:passage <b:p{code}> .',
        ]
    lines += [
        '<b:x> a gov:Initiative ; skos:prefLabel "某项改革"@zh .',
        '<b:county> skos:prefLabel "县级"@zh .',
    ]
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in terms.PREFIXES.items())
    made = pyoxigraph.Store()
    made.load((prefixes + "\n".join(lines)).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    for name in ("since", "spread", "activity", "active", "adopters"):
        rows = questions.ask(made, name).records()
        assert {(row["place"], row["above"]) for row in rows} == {
            ("鼓楼区", "320100"),
            ("鼓楼区", "350100"),
        }, name
    assert questions.ask(made, "diffusion").records()[0]["places"] == 2
    assert [row["other"] for row in questions.ask(made, "shared", place="320106").records()] == ["鼓楼区"]
    found = completing.complete(made, "place", "鼓楼")
    assert [(item.value, item.label) for item in found] == [
        ("320106", "鼓楼区 (320100)"),
        ("350102", "鼓楼区 (350100)"),
    ]


def test_plans_are_either_kept_or_unkept(opened: pyoxigraph.Store) -> None:
    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return row["place"], row["relation"], row["thing"], row["planned_in"]

    kept = set(map(key, questions.ask(opened, "kept").records()))
    unkept = set(map(key, questions.ask(opened, "unkept").records()))
    assert kept
    assert unkept
    assert not kept & unkept
    stated = """SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?j ?p ?o ?y {
        ?e gov:planned true ; rdf:predicate ?p ; rdf:object ?o ; gov:passage/gov:source ?r .
        ?r gov:reportsOn ?j ; gov:reportingYear ?y } }"""
    assert len(kept | unkept) == querying.run(opened, stated).values[0][0]


def test_a_change_is_what_the_two_numbers_differ_by(opened: pyoxigraph.Store) -> None:
    rows = questions.ask(opened, "trend").records()
    assert rows
    for row in rows:
        assert row["year"] == row["before"] + 1
        assert row["change"] == row["value"] - row["value_before"]
        if row["value_before"]:
            assert row["percent"] == pytest.approx(
                100 * row["change"] / row["value_before"], abs=Decimal("0.0501")
            )


def test_what_two_places_share_and_where_they_differ_are_all_they_do(opened: pyoxigraph.Store) -> None:
    asked = {"place": "珠山区", "other": "北碚区"}
    shared = {(r["relation"], r["thing"]) for r in questions.ask(opened, "shared", **asked).records()}
    own = {(r["relation"], r["thing"]) for r in questions.ask(opened, "differ", **asked).records()}
    done = {
        (row["relation"], row["thing"])
        for row in questions.ask(opened, "activity", place="珠山区").records()
        if row["planned"] == "false" and row["relation"] in ("carriedOut", "implemented")
    }
    assert shared
    assert own
    assert not shared & own
    assert shared | own == done


def test_values_are_plain(opened: pyoxigraph.Store) -> None:
    row = questions.ask(opened, "compare", measure="行政应诉案件", place="珠山区").records()[0]
    assert (row["year"], row["value"], row["unit"]) == (2022, 33, "件")
    assert isinstance(row["value"], Decimal)
    assert isinstance(row["sentence"], str)
    assert row["source"] == "珠山区2022年法治政府建设情况.txt"


# --- completion and advice


@pytest.mark.parametrize("kind", [kind for kind in querying.KINDS if kind != "text"])
def test_every_kind_completes_to_what_is_there(kind: str, opened: pyoxigraph.Store) -> None:
    found = completing.complete(opened, kind, "")
    assert found
    assert [item.reports for item in found] == sorted((item.reports for item in found), reverse=True)
    assert len({item.value for item in found}) == len(found) <= 20
    assert completing.complete(opened, kind, "没有这样的") == []
    for item in found[:5]:
        again = completing.complete(opened, kind, item.value, limit=1000)
        assert item.value in [each.value for each in again]


def test_every_completed_value_finds_something_somewhere(opened: pyoxigraph.Store) -> None:
    for name, key, kind in (("activity", "place", "place"), ("spread", "initiative", "initiative"),
                            ("compare", "measure", "measure"), ("bodies", "body", "body")):  # fmt: skip
        item = completing.complete(opened, kind, "", limit=3)[-1]
        assert questions.ask(opened, name, **{key: item.value}).rows, (name, item)


def test_texts_have_no_completion_and_kinds_are_checked(opened: pyoxigraph.Store) -> None:
    assert completing.complete(opened, "text", "法") == []
    with pytest.raises(QueryError, match="kinds are"):
        completing.complete(opened, "person", "")


def test_other_names_and_codes_complete_to_the_official_name(opened: pyoxigraph.Store) -> None:
    assert "珠山区" in [item.value for item in completing.complete(opened, "place", "360203")]
    assert "昌江黎族自治县" in [item.value for item in completing.complete(opened, "place", "昌江县")]


def run(*arguments: object, **environment: str) -> Any:
    return CliRunner().invoke(cli.main, list(map(str, arguments)), env=environment, prog_name="kg")


def test_no_answer_tells_near_names(corpus_build: Path) -> None:
    told = run("query", "--name", "activity", "-p", "place=珠山县", "-g", corpus_build)
    assert told.exit_code == 0
    assert "no place in the graph is called so" in told.stderr
    assert "珠山区" in told.stderr
    known = run("query", "--name", "alone", "-p", "place=昌江黎族", "-p", "level=省级", "-g", corpus_build)
    assert "is known" in known.stderr
    assert "昌江黎族自治县" in known.stderr


def test_a_misspelt_question_is_told_its_neighbours() -> None:
    with pytest.raises(QueryError, match="diffusion"):
        querying.bind("difusion", {})


def test_questions_are_listed_by_topic_in_both_languages(tmp_path: Path) -> None:
    told = run("query", "--list").stdout
    places = [told.index(f"{topic.zh} · {topic.en}") for topic in querying.topics().values()]
    assert places == sorted(places)
    for query in QUERIES.values():
        assert query.zh in told
        assert query.en in told


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("kg query --name diff", {"diffusion", "differ"}),
        ("kg query --name activity -g {} -p ", {"place=", "year="}),
        ("kg query --name activity -g {} -p place=珠", {"place=珠山区"}),
        ("kg query --name nothing -p place=珠", set()),
        ("kg query --name activity -g nowhere -p place=珠", set()),
    ],
)
def test_the_shell_completes_questions_and_parameters(
    words: str, offered: set[str], corpus_build: Path
) -> None:
    text = words.format(corpus_build)
    last = text.rpartition(" ")[2]
    told = run(_KG_COMPLETE="fish_complete", COMP_WORDS=text.rpartition(" ")[0] + " ", COMP_CWORD=last)
    found = {
        line.split(",", 1)[1].split("\t")[0] for line in told.stdout.splitlines() if line.startswith("plain")
    }
    assert found == offered


# --- two builds


def test_a_build_compared_with_itself_has_not_changed(corpus_build: Path) -> None:
    compared = changes.between(corpus_build, corpus_build)
    assert len(compared) == 0
    for name in OF_TWO:
        assert questions.ask(compared, name).rows == ()


def test_a_comparison_holds_exactly_the_lines_that_differ(pair: tuple[Path, Path]) -> None:
    compared = changes.between(*pair)
    new, old = (set((folder / "graph.nq").read_bytes().splitlines()) for folder in pair)
    for name, lines in ((changes.ADDED, new - old), (changes.REMOVED, old - new)):
        graph = pyoxigraph.NamedNode(ids.DEFAULT_BASE + name)
        wanted = {line.rsplit(b" ", 2)[0] for line in lines}
        found = {
            f"{q.subject} {q.predicate} {q.object}"
            for q in compared.quads_for_pattern(None, None, None, graph)
        }
        assert len(found) == len(wanted) > 0


def test_what_changed_is_told_with_its_words(pair: tuple[Path, Path]) -> None:
    compared = changes.between(*pair)
    reports = {(r["change"], r["source"]) for r in questions.ask(compared, "changed-documents").records()}
    assert reports == {
        ("added", "昌江2023.txt"),
        ("removed", "北碚区2022年法治政府建设年度报告.txt"),
        ("replaced", "珠山区2022年法治政府建设情况.txt"),
    }
    facts = questions.ask(compared, "changed").records()
    added = [row for row in facts if row["change"] == "added" and row["source"].startswith("珠山")]
    assert [(row["subject"], row["relation"], row["object"]) for row in added] == [
        ("景德镇市珠山区司法局", "carriedOut", "放管服改革")
    ]
    assert added[0]["sentence"].endswith("区司法局开展放管服改革。")
    assert not [row for row in facts if row["change"] == "removed" and row["source"].startswith("珠山")]
    assert {row["source"] for row in facts if row["change"] == "removed"} == {
        "北碚区2022年法治政府建设年度报告.txt"
    }
    numbers = questions.ask(compared, "changed-numbers", place="珠山区").records()
    assert {(row["change"], row["value"]) for row in numbers} == {("added", 1461), ("removed", 1460)}


def test_two_builds_are_compared_on_the_command_line(pair: tuple[Path, Path]) -> None:
    new, old = pair
    named = run("query", "--name", "changed-documents", "-g", new, "--against", old, "-F", "csv")
    assert "added,昌江2023.txt" in named.stdout
    asked = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRENDS(STR(?g), 'changes/added')) }"
    own = run("query", asked, "-g", new, "--against", old, "-F", "csv")
    assert int(own.stdout.split()[1]) > 10
    alone = run("query", "--name", "changed", "-g", new)
    assert alone.exit_code == 2
    assert "--against" in alone.stderr


def test_what_cannot_be_compared_is_told(corpus_build: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg build"):
        changes.between(corpus_build, tmp_path / "nowhere")
    small = builds.fill(tmp_path / "in", {"昌江2021.txt": builds.FILES["昌江2021.txt"]})
    builds.run(small, tmp_path / "out", base="https://example.org/id/")
    with pytest.raises(QueryError, match="base"):
        changes.between(corpus_build, tmp_path / "out")
