"""What is told of the shape of a graph: networks, comparisons, courses, paths, statistics."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.analysing import centrality, comparing, network, paths, shape, telling, tracing, words, writing
from kg.analysing.stories import comparison, form, ways
from kg.cli import main
from kg.errors import ExportError, QueryError, RuleError
from kg.graph import built, naming, selection, store
from kg.graph.selection import DocumentView, EvidenceView
from kg.resources import RULE_DATA
from kg.rules import tables
from kg.running import build, outputs
from kg.viewing import figures

ROOT = Path(__file__).resolve().parents[1]


@cache
def _read(folder: Path) -> network.Network:
    return network.read(store.open_store(folder))


@pytest.fixture
def net(corpus_build: Path) -> network.Network:
    return _read(corpus_build)


def test_networkx_has_the_things_and_facts_of_a_view(corpus_build: Path) -> None:
    view = selection.view(store.open_store(corpus_build))
    graph = network.to_networkx(view)
    assert list(graph.nodes) == [node.iri for node in view.nodes]
    assert Counter(key for _, _, key in graph.edges(keys=True)) == Counter(e.predicate for e in view.edges)
    for edge in view.edges:
        data = graph.edges[edge.source, edge.target, edge.predicate]
        assert (data["predicate"], data["planned"]) == (edge.predicate, edge.planned)
        assert data["evidence"] == edge.evidence
    for node in view.nodes:
        data = graph.nodes[node.iri]
        assert (data["kind"], data["label"], data["documents"]) == (node.kind, node.label, node.documents)
        assert all(value in data[name] for name, value in node.attributes)


def test_the_light_network_says_what_the_view_says(corpus_build: Path, net: network.Network) -> None:
    opened = store.open_store(corpus_build)
    view = selection.view(opened)
    stated = {(e.source, e.predicate, e.target): e for e in view.edges if e.evidence}
    assert {fact.key: fact.planned for fact in net.facts} == {k: e.planned for k, e in stated.items()}
    assert {(n.iri, n.kind, n.label) for n in view.nodes} == {
        (t.iri, t.kind, t.label) for t in net.things.values()
    }
    cited = network.cited(opened, net.facts)
    assert cited == stated
    for fact in net.facts:
        assert set(fact.reports) == {said.document for said in stated[fact.key].evidence}


def ask(folder: Path, sparql: str) -> list[tuple[str, ...]]:
    return network.rows(store.open_store(folder), sparql)


def named(folder: Path, name: str) -> str:
    opened = store.open_store(folder)
    return naming.resolve(opened, name, "https://w3id.org/govkg/id/")


def places_doing(folder: Path, initiative: str, *, planned: bool) -> set[str]:
    """Ask for the places whose bodies did (or only planned) something, in SPARQL and nothing else."""
    found = ask(
        folder,
        f"""SELECT DISTINCT ?name (MAX(?done) AS ?any) {{
          ?e rdf:predicate gov:carriedOut ; rdf:object <{initiative}> ; rdf:subject ?a .
          OPTIONAL {{ ?a gov:serves ?j }} BIND(COALESCE(?j, ?a) AS ?place) ?place skos:prefLabel ?name .
          BIND(IF(EXISTS {{ ?e gov:planned true }}, 0, 1) AS ?done)
        }} GROUP BY ?name""",
    )
    return {name for name, done in found if (done == "0") == planned}


# Comparisons


@pytest.fixture(scope="module")
def compared(corpus_build: Path) -> comparing.Comparison:
    opened = store.open_store(corpus_build)
    return comparing.compare(opened, [named(corpus_build, name) for name in ("北碚区", "德清县")])


def aspect(found: comparing.Comparison, key: str) -> comparing.Aspect:
    return next(one for one in found.aspects if one.key == key)


def test_places_share_what_sparql_finds_in_both(corpus_build: Path, compared: comparing.Comparison) -> None:
    did = [
        {
            row[0]
            for row in ask(
                corpus_build,
                f"""SELECT DISTINCT ?i {{ ?a gov:serves? <{subject.iri}> ; gov:carriedOut ?i }}""",
            )
        }
        for subject in compared.subjects
    ]
    found = aspect(compared, "carriedOut")
    assert {item.iri for item in found.held((0, 1))} == did[0] & did[1]
    assert {item.iri for item in found.held((0,))} == did[0] - did[1]
    assert found.total == len(did[0] | did[1])
    assert did[0] & did[1], "the sample shares nothing: the test says nothing"


def test_every_mark_of_a_comparison_has_its_sentence(
    corpus_build: Path, compared: comparing.Comparison
) -> None:
    for one in compared.aspects:
        for item in one.items:
            for mark in filter(None, item.marks):
                assert mark.evidence
                assert mark.years
    for row in compared.measures:
        for cell in row.values:
            for value in cell:
                texts = [
                    (corpus_build / "texts" / f"{e.document.rpartition('/')[2]}.txt", e)
                    for e in value.evidence
                ]
                assert texts
                for path, said in texts:
                    assert path.read_text(encoding="utf-8")[said.start : said.end] == said.quote


def test_what_is_only_planned_is_never_shared(corpus_build: Path, compared: comparing.Comparison) -> None:
    plans = [
        item
        for one in compared.aspects
        for item in one.items
        if any(mark and mark.planned for mark in item.marks)
    ]
    assert plans
    for item in plans:
        assert all(item.marks[at] and not item.marks[at].planned for at in item.done)  # type: ignore[union-attr]


def test_measures_stand_in_one_row_only_with_one_unit_and_period(
    corpus_build: Path, compared: comparing.Comparison
) -> None:
    rows = ask(
        corpus_build,
        """SELECT ?j ?m ?value ?unit ?period {
          ?o gov:observedFor/gov:serves? ?j ; gov:indicator/skos:broader ?m ; gov:value ?value .
          OPTIONAL { ?o gov:unit/skos:prefLabel ?unit } ?o gov:period ?period }""",
    )
    asked = {row for row in rows if row[0] in {subject.iri for subject in compared.subjects}}
    told = {
        (subject.iri, row.measure, value.value, row.unit, row.period)
        for row in compared.measures
        for subject, cell in zip(compared.subjects, row.values, strict=True)
        for value in cell
    }
    assert told == asked
    assert comparing.side_by_side(compared)


def test_one_place_is_compared_over_its_years(corpus_build: Path) -> None:
    found = comparing.compare(store.open_store(corpus_build), [named(corpus_build, "三都水族自治县")])
    assert [subject.year for subject in found.subjects] == ["2022", "2023"]
    by_report = {view.year: view.iri for view in found.documents}
    for item in (item for one in found.aspects for item in one.items):
        for subject, mark in zip(found.subjects, item.marks, strict=True):
            assert mark is None or mark.years == (subject.year,)
            assert mark is None or {said.document for said in mark.evidence} == {by_report[subject.year]}
    pairs = [row for row in comparing.side_by_side(found) if row.period == ""]
    assert pairs, "each year's own numbers stand in one row"


def test_initiatives_are_compared_by_places(corpus_build: Path) -> None:
    names = ("枫桥经验", "综合查一次")
    iris = [named(corpus_build, name) for name in names]
    found = comparing.compare(store.open_store(corpus_build), iris)
    where = aspect(found, "carriedOut-inverse")
    for at, iri in enumerate(iris):
        assert {item.label for item in where.items if at in item.done} == places_doing(
            corpus_build, iri, planned=False
        )


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("北碚区", "枫桥经验"), "several classes"),
        (("北碚区",), "name a second thing"),
        ((), "nothing is named"),
        (("北碚区", "德清县", "文昌市", "珠山区", "景德镇市", "海南省", "伊金霍洛旗"), "7 things"),
    ],
)
def test_what_cannot_be_compared_is_said(corpus_build: Path, names: tuple[str, ...], problem: str) -> None:
    with pytest.raises(QueryError, match=problem):
        comparing.compare(store.open_store(corpus_build), [named(corpus_build, name) for name in names])


def test_a_year_without_reports_is_said(corpus_build: Path, net: network.Network) -> None:
    iris = [named(corpus_build, name) for name in ("北碚区", "三都水族自治县")]
    with pytest.raises(QueryError, match=", ".join(sorted({view.year for view in net.reports.values()}))):
        comparing.compare(store.open_store(corpus_build), iris, "1900")
    found = comparing.compare(store.open_store(corpus_build), iris, "2023")
    assert [subject.reports for subject in found.subjects] == [0, 1]
    notes = "\n".join(note.zh for note in comparison.tell(found).notes)
    assert "（）" not in notes
    assert "年度不尽相同" not in notes


def test_a_difference_of_years_is_not_told_as_one_of_deeds(corpus_build: Path) -> None:
    told = [
        run(corpus_build, "compare", "北碚区", name, "--language", "en")
        for name in ("三都水族自治县", "德清县")
    ]
    assert ["not all about the same years" in text for text in told] == [True, False]


# Courses


def flat(places: Iterable[tracing.Standing]) -> Iterator[tracing.Standing]:
    for one in places:
        yield one
        yield from flat(one.below)


def test_a_course_has_the_places_that_sparql_finds(corpus_build: Path) -> None:
    shared = ask(
        corpus_build,
        "SELECT ?i (COUNT(*) AS ?n) { ?e rdf:predicate gov:carriedOut ; rdf:object ?i } GROUP BY ?i",
    )
    most = sorted(shared, key=lambda row: (-int(row[1]), row[0]))[:12]
    for iri, _ in most:
        found = tracing.trace(store.open_store(corpus_build), iri)
        standing = list(flat(found.places))
        did = places_doing(corpus_build, iri, planned=False)
        assert {one.label for one in standing if one.status == "done"} == did
        plan = places_doing(corpus_build, iri, planned=True) - did
        assert {one.label for one in standing if one.status == "planned"} == plan
        assert all(step.evidence for step in found.steps)
        for year, told, every in found.reports:
            assert (
                0
                < told
                <= every
                == sum(v.year == year for v in selection.documents(store.open_store(corpus_build)))
            )


def test_a_place_stands_below_the_one_it_lies_in(corpus_build: Path, net: network.Network) -> None:
    found = tracing.trace(store.open_store(corpus_build), named(corpus_build, "枫桥经验"))
    nested = [(one, under) for one in flat(found.places) for under in one.below]
    assert nested
    assert all(one.iri in net.above(under.iri)[1:] for one, under in nested)


def test_a_document_leads_to_what_it_rests_on_and_back(corpus_build: Path) -> None:
    rows = ask(corpus_build, "SELECT ?d ?b { ?d gov:basedOn ?b }")
    assert rows
    for document, basis in rows:
        up = tracing.trace(store.open_store(corpus_build), document)
        assert basis in {one.iri for one in up.tied if one.predicate == "basedOn" and not one.inverse}
        down = tracing.trace(store.open_store(corpus_build), basis)
        assert document in {one.iri for one in down.tied if one.predicate == "basedOn" and one.inverse}


def test_only_initiatives_and_documents_have_a_course(corpus_build: Path) -> None:
    with pytest.raises(QueryError, match="Jurisdiction"):
        tracing.trace(store.open_store(corpus_build), named(corpus_build, "北碚区"))


# Paths


def test_a_way_is_made_of_facts_of_the_graph(corpus_build: Path, net: network.Network) -> None:
    ends = [named(corpus_build, name) for name in ("北碚区", "文昌市")]
    found = paths.paths(store.open_store(corpus_build), ends[0], ends[1], most=4, length=5)
    assert 2 <= len(found.ways) <= 4
    stated = {fact.key for fact in net.facts}
    for way in found.ways:
        assert [way.stops[0].iri, way.stops[-1].iri] == ends
        assert len(way.moves) <= 5
        for (one, other), move in zip(pairwise(way.stops), way.moves, strict=True):
            subject, obj = (one.iri, other.iri) if move.forward else (other.iri, one.iri)
            if move.evidence:
                assert (subject, move.predicate, obj) in stated
            else:
                assert move.predicate in ("serves", "within")
    assert [way.cost for way in found.ways] == sorted(way.cost for way in found.ways)
    over = [
        frozenset(s.iri for s in way.stops if s.kind in ("Initiative", "PolicyDocument"))
        for way in found.ways
    ]
    assert len(set(over)) == len(over), "each way explains something else"


def test_the_country_explains_nothing_while_facts_do(corpus_build: Path) -> None:
    country = named(corpus_build, "中国")
    ends = [named(corpus_build, name) for name in ("德清县", "伊金霍洛旗")]
    found = paths.paths(store.open_store(corpus_build), ends[0], ends[1])
    assert found.ways
    assert all(country not in {stop.iri for stop in way.stops} for way in found.ways)


def test_no_way_is_said_and_not_made_up(corpus_build: Path) -> None:
    ends = [named(corpus_build, name) for name in ("德清县", "伊金霍洛旗")]
    found = paths.paths(store.open_store(corpus_build), ends[0], ends[1], length=1)
    assert not found.ways
    assert "--length" in ways.tell(found).sentences[0].text.en
    with pytest.raises(QueryError, match="name two things"):
        paths.paths(store.open_store(corpus_build), ends[0], ends[0])
    with pytest.raises(QueryError, match="most is 0"):
        paths.paths(store.open_store(corpus_build), *ends, most=0)


def test_a_base_that_reads_like_a_class_changes_no_way(corpus_build: Path, tmp_path: Path) -> None:
    base = "https://example.org/institution/"
    build.build([ROOT / "corpus"], tmp_path / "out", outputs.Settings(base=base, html=False))
    told = []
    for folder in (corpus_build, tmp_path / "out"):
        ends = [named(folder, name) for name in ("德清县", "伊金霍洛旗")]
        found = paths.paths(store.open_store(folder), *ends)
        told.append([[stop.label for stop in way.stops] for way in found.ways])
    assert len(told[0]) > 1
    assert told[0] == told[1]


# The shape


@pytest.fixture(scope="module")
def shaped(corpus_build: Path) -> shape.Shape:
    return shape.shape(store.open_store(corpus_build), built.summary(corpus_build))


def test_counts_are_those_of_sparql(corpus_build: Path, shaped: shape.Shape) -> None:
    for kind, n in shaped.kinds:
        assert ask(corpus_build, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a gov:{kind} }}") == [(str(n),)]
    numbers = ask(corpus_build, "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o a gov:Observation }")
    assert numbers == [(str(shaped.doubts.numbers),)]
    assert sum(n for _, _, n in shaped.coverage) == shaped.reports
    summary = built.summary(corpus_build)
    assert shaped.doubts.names_unsure == sum(len(row["unsure"]) for row in summary["documents"])
    assert shaped.doubts.planned == sum(planned for _, _, planned in shaped.predicates)


def test_shared_initiatives_are_those_of_sparql(corpus_build: Path, shaped: shape.Shape) -> None:
    for one in shaped.initiatives:
        assert set(one.places) == places_doing(corpus_build, one.iri, planned=False)
        assert one.evidence
    counts = [len(one.places) for one in shaped.initiatives]
    assert counts == sorted(counts, reverse=True)


def test_numbers_of_networks_are_those_of_networkx() -> None:
    import networkx as nx  # noqa: PLC0415
    from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python  # type: ignore[attr-defined] # noqa: PLC0415

    pairs = [(f"s{a}", f"t{b}") for a in range(12) for b in range(a % 4 + 1)] + [("t0", "s1"), ("x", "y")]
    found = centrality.measure(pairs)
    whole = nx.Graph(pairs)
    between = nx.betweenness_centrality(whole)
    rank = _pagerank_python(nx.DiGraph(pairs), tol=1e-12, max_iter=500)
    assert found.density == pytest.approx(nx.density(whole), abs=1e-6)
    assert found.components == tuple(sorted(map(len, nx.connected_components(whole)), reverse=True))
    for at in found.places:
        assert at.degree == whole.degree(at.iri)
        assert at.betweenness == pytest.approx(between[at.iri], abs=1e-6)
        assert at.pagerank == pytest.approx(rank[at.iri], abs=1e-5)
    assert sorted(iri for group in found.groups for iri in group) == sorted(whole)
    assert centrality.measure(reversed(pairs)) == found


def test_nothing_has_a_shape_too() -> None:
    found = centrality.measure([])
    assert (found.things, found.density, found.components, found.groups) == (0, 0.0, (), ())


def test_a_kind_that_is_none_is_said(corpus_build: Path) -> None:
    with pytest.raises(QueryError, match="no kind is called 'Place'"):
        shape.shape(store.open_store(corpus_build), built.summary(corpus_build), kind="Place")


def test_a_graph_without_years_is_told_without_them(shaped: shape.Shape) -> None:
    said = form.tell(replace(shaped, years=())).sentences[0].text
    assert "（）" not in said.zh
    assert "年度" not in said.zh
    assert "()" not in said.en


def test_a_place_narrows_the_shape_to_itself_and_what_lies_in_it(
    corpus_build: Path, net: network.Network
) -> None:
    place = named(corpus_build, "海南省")
    opened = store.open_store(corpus_build)
    found = shape.shape(opened, built.summary(corpus_build), place, "Institution")
    assert {one.kind for one in found.central} == {"Institution"}
    inside = {t.label for t in net.things.values() if t.place and place in net.above(t.place)}
    assert inside >= {name for one in found.initiatives for name in one.places if name != "中国"}
    assert 0 < found.reports < len(net.reports)


# What is told


SLOT = re.compile(r"\{(\w+)")
STORIES = (
    ("compare", "北碚区", "德清县"),
    ("compare", "北碚区", "德清县", "伊金霍洛旗"),
    ("compare", "三都水族自治县"),
    ("compare", "枫桥经验", "综合查一次"),
    ("compare", "法治政府建设实施纲要（2021—2025年）", "重大行政决策程序暂行条例"),
    ("compare", "珠山区2022年法治政府建设情况.txt", "德清县2022年法治政府建设情况报告.html"),
    ("trace", "枫桥经验"),
    ("trace", "景德镇市乡镇（街道）赋权工作方案"),
    ("path", "北碚区", "德清县"),
    ("stats",),
    ("stats", "--place", "海南省"),
)


def run(folder: Path, *arguments: object) -> str:
    result = CliRunner().invoke(main, [*map(str, arguments), "-g", str(folder)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_templates_have_the_same_slots_in_both_languages() -> None:
    rows = list(tables.read(RULE_DATA / "analysing" / "words.tsv", ("key", "zh", "en")))
    assert len(rows) > 150
    for row in rows:
        zh, en = (set(SLOT.findall(row[language])) for language in ("zh", "en"))
        # "and 3 more" is said in Chinese without a number.
        assert zh == en - ({"n"} if row["key"] == "list-more" else set()), row["key"]


@pytest.mark.parametrize("command", STORIES, ids=" ".join)
def test_a_story_is_told_in_both_languages_and_three_forms(
    corpus_build: Path, command: tuple[str, ...]
) -> None:
    zh, en = (run(corpus_build, *command, "--language", language, "--rows", "0") for language in ("zh", "en"))
    assert zh.splitlines()[0] != en.splitlines()[0]
    assert not re.search(r"\{\w*\}", zh + en), "a slot was left open"
    rows = list(csv.DictReader(io.StringIO(run(corpus_build, *command, "-F", "csv"), newline="")))
    told = [row for row in rows if row["quote"]]
    assert told
    texts = {
        row["source"]: row["report"].rpartition("/")[2] for row in built.summary(corpus_build)["documents"]
    }
    for row in told:
        text = (corpus_build / "texts" / f"{texts[row['source']]}.txt").read_bytes().decode("utf-8")
        assert text[int(row["start"]) : int(row["end"])] == row["quote"].removeprefix("'")
    found = json.loads(run(corpus_build, *command, "-F", "json"))
    assert [sentence["zh"] for sentence in found["sentences"]] == [
        line.removeprefix("• ") for line in zh.splitlines() if line.startswith("• ")
    ]


def test_quotes_stand_below_what_is_told_on_demand(corpus_build: Path) -> None:
    assert "新时代“枫桥经验”" in run(corpus_build, "trace", "枫桥经验", "--quotes")
    assert "新时代“枫桥经验”" not in run(corpus_build, "trace", "枫桥经验")


def test_an_ambiguous_name_is_listed_and_not_guessed(corpus_build: Path) -> None:
    for command in (("compare", "昌江", "北碚区"), ("path", "昌江", "北碚区"), ("stats", "--place", "昌江")):
        result = CliRunner().invoke(main, [*command, "-g", str(corpus_build)])
        assert result.exit_code == 2
        assert "昌江黎族自治县" in result.stderr
        assert "昌江区" in result.stderr


@pytest.mark.parametrize("command", [STORIES[0], STORIES[6], STORIES[8], STORIES[9]], ids=" ".join)
def test_a_story_is_the_same_under_any_hash_seed(
    corpus_build: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    told = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        page = tmp_path / f"{seed}.html"
        both = []
        for more in (["-F", "json"], ["--html", str(page)]):
            arguments = [sys.executable, "-m", "kg", *command, "-g", str(corpus_build), *more]
            both.append(subprocess.run(arguments, env=environment, capture_output=True, check=True).stdout)
        told.add((both[0], page.read_bytes()))
    assert len(told) == 1


# The page


HOSTILE = "</script><img src=x onerror=alert(1)>{{data}}{0}=1+1\x1b[31m"


def hostile() -> telling.Story:
    said = EvidenceView("https://example.org/r", 0, len(HOSTILE), HOSTILE, HOSTILE, "rule")
    text = words.same(HOSTILE)
    cell = telling.Cell(text, (said,), mark="thing", kind=HOSTILE, share=0.5, note=text)
    blocks: tuple[telling.Block, ...] = (
        telling.Table("t", text, (text, text), ((cell, cell),), text, matrix=True),
        telling.Bars("b", text, ((cell, ((text, 3, 0), (text, 2, -1))),), text),
        telling.Lanes("l", text, (text,), ((text, ((cell,),)),), text),
        telling.Tree("r", text, (telling.Branch(cell, text, (telling.Branch(cell),)),), text),
        telling.Chain("c", text, cell, (telling.Link(cell, forward=False, to=cell),)),
    )
    view = DocumentView("https://example.org/r", HOSTILE, HOSTILE, "2022", HOSTILE)
    return telling.Story(
        text, (cell,), blocks, ("a", "b"), ((HOSTILE, HOSTILE),), (text,), (view,), (HOSTILE,)
    )


def test_names_are_text_in_every_form() -> None:
    story = hostile()
    text = figures.render(story)
    assert "<img" not in text
    assert text.count("</script>") == 2
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data
    assert json.loads(data[1])["title"] == [HOSTILE]
    assert "\x1b" not in writing.to_text(story, "en", quotes=True)
    sheet = replace(story, records=(("=1+1", "a"),))
    assert "'=1+1" in writing.to_table(sheet)


def test_a_slot_in_a_name_stays_text() -> None:
    assert words.say("pth-title", start="{end}", end="甲").zh.startswith("{end}")
    with pytest.raises(RuleError, match="no row"):
        words.say("unheard-of")
    with pytest.raises(RuleError, match="cannot be filled"):
        words.say("pth-title", start="甲")
    with pytest.raises(ExportError, match="choose one of"):
        figures.render(hostile(), "fr")
