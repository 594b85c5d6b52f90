"""``kg render``: what options choose, what becomes of it, and what a user is told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree
from PIL import Image

from kg.cli import main
from kg.graph import narrowing, querying, selection, store
from kg.viewing.sheet import SVG

CORPUS = Path(__file__).parents[1] / "corpus"
BASED = "SELECT ?a ?b { ?a gov:basedOn ?b }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("graph")
    result = run("build", CORPUS, "-o", out, "--no-html")
    assert result.exit_code == 0, result.stderr
    return out


@pytest.fixture(scope="module")
def everything(folder: Path) -> selection.GraphView:
    return selection.view(store.open_store(folder))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def drawn(folder: Path, path: Path, *arguments: object) -> tuple[set[str], set[tuple[str, ...]], str]:
    """Draw an SVG, and return its things, the pairs that its lines connect, and its words."""
    result = run("render", "-g", folder, "-o", path, *arguments)
    assert result.exit_code == 0, result.stderr
    root = etree.parse(path).getroot()
    things = {each.get("data-iri") for each in root.iter() if each.get("data-iri")}
    lines = {
        tuple(sorted((line.get("data-source"), line.get("data-target"))))
        for line in root.iter(f"{{{SVG}}}line")
        if line.get("data-source")
    }
    return things, lines, "\n".join(root.itertext())


def test_the_ending_says_what_is_made(folder: Path, tmp_path: Path) -> None:
    for name, start in (("a.html", b"<!DOCTYPE html>"), ("a.svg", b"<svg "), ("a.PNG", b"\x89PNG")):
        path = tmp_path / name
        result = run("render", "--around", "枫桥经验", "-g", folder, "-o", path)
        assert result.exit_code == 0, result.stderr
        assert path.read_bytes().lower().startswith(start.lower())
    assert run("render", "-g", folder, "-f", "svg", "-o", tmp_path / "graph.drawing").exit_code == 0
    assert (tmp_path / "graph.drawing").read_bytes().startswith(b"<svg ")
    unclear = run("render", "-g", folder, "-o", tmp_path / "graph.pdf")
    assert unclear.exit_code == 2
    assert ".svg or .png" in unclear.stderr
    assert not (tmp_path / "graph.pdf").exists()


def test_a_png_is_as_large_as_asked_for_and_has_many_colours(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    options = ("--width", 700, "--height", 500, "--scale", 2)
    assert run("render", "--around", "枫桥经验", "-g", folder, "-o", path, *options).exit_code == 0
    image = Image.open(io.BytesIO(path.read_bytes())).convert("RGB")
    assert image.size == (1400, 1000)
    assert len(image.getcolors(1 << 20)) > 100


def test_kinds_choose_things(folder: Path, tmp_path: Path, everything: selection.GraphView) -> None:
    kinds = ("Initiative", "Institution")
    things, lines, _ = drawn(folder, tmp_path / "a.svg", "--kind", kinds[0], "--kind", kinds[1])
    assert things == {node.iri for node in everything.nodes if node.kind in kinds}
    expected = {
        tuple(sorted((edge.source, edge.target)))
        for edge in everything.edges
        if edge.source in things and edge.target in things and edge.source != edge.target
    }
    assert lines == expected
    centre = next(node.iri for node in everything.nodes if node.label == "枫桥经验")
    things, _, text = drawn(folder, tmp_path / "b.svg", "--around", "枫桥经验", "--kind", "Jurisdiction")
    assert {node.kind for node in everything.nodes if node.iri in things - {centre}} == {"Jurisdiction"}
    assert centre in things
    assert "枫桥经验及其周围" in text


def test_relations_choose_facts(folder: Path, tmp_path: Path, everything: selection.GraphView) -> None:
    things, lines, _ = drawn(folder, tmp_path / "a.svg", "--predicate", "basedOn")
    facts = [edge for edge in everything.edges if edge.predicate == "basedOn"]
    assert facts
    assert lines == {tuple(sorted((edge.source, edge.target))) for edge in facts}
    assert things == {iri for pair in lines for iri in pair}


def test_years_choose_what_their_reports_say(
    folder: Path, tmp_path: Path, everything: selection.GraphView
) -> None:
    things, _, _ = drawn(folder, tmp_path / "a.svg", "--year", "2018")
    reports = {report.iri for report in everything.documents if report.year == "2018"}
    assert reports
    assert things == {node.iri for node in selection.view(store.open_store(folder), documents=reports).nodes}
    named = {node.iri for node in everything.nodes if node.kind == "Report"}
    assert things & named == reports
    none = run("render", "-g", folder, "-o", tmp_path / "b.svg", "--year", "1850")
    assert none.exit_code == 2
    assert "2018" in none.stderr


def test_a_question_chooses_the_things_it_finds(folder: Path, tmp_path: Path) -> None:
    opened = store.open_store(folder)
    answer = querying.run(opened, BASED)
    expected = {term.value for row in answer.rows for term in row}
    (tmp_path / "based.rq").write_text(BASED, encoding="utf-8")
    graph = "CONSTRUCT { ?a gov:basedOn ?b } { ?a gov:basedOn ?b }"
    for asked in (BASED, tmp_path / "based.rq", graph):
        things, lines, _ = drawn(folder, tmp_path / "a.svg", "--query", asked)
        assert things == expected
        assert {tuple(sorted(term.value for term in row)) for row in answer.rows} <= lines
    things, _, text = drawn(folder, tmp_path / "b.svg", "--query", "basis")
    assert things >= expected
    assert querying.named("basis").zh in text
    place = drawn(folder, tmp_path / "c.svg", "--query", "activity", "-p", "place=珠山")[2]
    assert "珠山" in place
    narrower, _, _ = drawn(
        folder, tmp_path / "d.svg", "--query", "activity", "-p", "place=珠山", "--kind", "Initiative"
    )
    assert narrower
    assert all("/initiative/" in iri for iri in narrower)


@pytest.mark.parametrize(
    "name", [each.name for each in querying.named_queries().values() if not each.against]
)
def test_every_question_names_the_things_its_answer_is_about(folder: Path, name: str) -> None:
    question = querying.named(name)
    values = dict(question.example)
    opened = store.open_store(folder)
    asked = querying.run(opened, querying.bind(name, values))
    widened = querying.run(opened, narrowing.of_question(name, values))
    assert len(widened.rows) >= len(asked.rows) > 0
    if name not in NO_THINGS:
        assert narrowing.things_among(opened, widened)


NO_THINGS = {"measures", "rules"}
"""What these count are measures and rules, which are no things of a picture."""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--kind", "Bridge"], "known are Jurisdiction, Institution"),
        (["--predicate", "likes"], "basedOn"),
        (["--query", "ASK { ?s gov:basedOn ?o }"], "ASK"),
        (["--query", "SELECT ?n { ?s skos:prefLabel ?n }"], "select things themselves"),
        (["--query", "SELECT ?s { ?s gov:basedOn gov:Nothing }"], "nothing is found"),
        (["--query", "SELECT ?s { ?s gov:basedOn"], "is not SPARQL"),
        (["--query", "basiss"], "did you mean basis"),
        (["--query", "nowhere.rq"], "kg query --list"),
        (["--query", "changed"], "compares two builds"),
        (["--param", "place=珠山"], "give --query NAME"),
        (["--query", "activity", "-p", "place"], "has no ="),
        (["--query", "basis", "-p", "colour=red"], "no parameter 'colour'"),
        (["--kind", "Honour", "--predicate", "basedOn"], "nothing in the graph is all that is asked for"),
        (["--scale", "2"], "only a .png has pixels"),
        (["--height", "300", "--width", "310"], "leave no room"),
    ],
)
def test_what_cannot_be_drawn_is_told(folder: Path, tmp_path: Path, arguments: list[str], told: str) -> None:
    result = run("render", "-g", folder, "-o", tmp_path / "a.svg", *arguments)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert not (tmp_path / "a.svg").exists()


def test_a_page_has_no_size(folder: Path, tmp_path: Path) -> None:
    result = run("render", "-g", folder, "-o", tmp_path / "a.html", "--width", "900")
    assert result.exit_code == 2
    assert "fits its window" in result.stderr
