"""The command line: exit codes, data on stdout and talk on stderr, and what a user is told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner, Result
from helpers import builds

from kg.cli import main

COMMANDS = (
    "build", "conflicts", "evaluate", "explain", "export", "query", "render", "unsure", "validate",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    builds.use_stand_in(monkeypatch)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return builds.fill(tmp_path / "corpus", builds.FILES)


@pytest.fixture
def folder(corpus: Path, tmp_path: Path) -> Path:
    builds.run(corpus, tmp_path / "out")
    return tmp_path / "out"


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


def test_help_is_quick_and_lists_every_command() -> None:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = subprocess.run(
            [sys.executable, "-m", "kg", "--help"], capture_output=True, text=True, check=True
        )
        times.append(time.perf_counter() - start)
    assert all(f"  {name} " in found.stdout for name in COMMANDS)
    assert min(times) < 0.5, "something heavy is imported before a command runs"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4


def test_build_tells_what_to_open_and_keeps_stdout_clean(corpus: Path, tmp_path: Path) -> None:
    result = run("build", corpus, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "3 documents (3 read, 0 unchanged, 0 removed, 0 skipped)" in result.stderr
    assert "graph.html" in result.stderr
    assert "graph.ttl" in result.stderr


def test_skipped_files_are_one_clear_line_and_count_under_strict(corpus: Path, tmp_path: Path) -> None:
    builds.fill(corpus, {"空.txt": "", "坏\n.txt": b"\xff\xfe\x00"})
    for _ in range(2):  # also where nothing is read anew
        result = run("build", corpus, "-o", tmp_path / "out", "--no-html", "-q")
        assert result.exit_code == 0
        assert result.stderr.splitlines() == [
            "坏 .txt: is not UTF-8 text; save it as UTF-8",
            "空.txt: holds no text; remove it or put text into it",
        ]
    assert run("build", corpus, "-o", tmp_path / "out", "--no-html", "--strict").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build", "nowhere", "-o", "out"], "no such file"),
        (["build", "corpus", "-o", "out", "--base", "not an iri"], "--base"),
        (["build", "corpus", "-o", "out", "--base", "http://a/> <http://b/"], "--base"),
        (["build", "corpus", "-o", "out", "--workers", "-1"], "--workers"),
        (["query", "ASK {}", "-g", "nowhere"], "kg build"),
        (["explain", "昌江", "-g", "nowhere"], "kg build"),
        (["export", "-g", "nowhere"], "kg build"),
        (["render", "-g", "nowhere"], "kg build"),
        (["validate", "-g", "nowhere"], "kg build"),
        (["unsure", "-g", "nowhere"], "kg build"),
        (["conflicts", "-o", "nowhere"], "kg build"),
        (["build", "corpus", "-o", "out", "--overrides", "nowhere.tsv"], "no such file"),
        (["nonsense"], "No such command"),
    ],
)
def test_what_cannot_run_exits_with_two(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_base_of_ones_own_is_used_everywhere(corpus: Path, tmp_path: Path) -> None:
    assert (
        run(
            "build", corpus, "-o", tmp_path / "out", "--base", "https://example.org/县/", "--no-html"
        ).exit_code
        == 0
    )
    text = (tmp_path / "out" / "graph.ttl").read_text("utf-8")
    assert "@base <https://example.org/县/>" in text
    assert "w3id.org/govkg/id/" not in text
    assert run("explain", "469026", "-g", tmp_path / "out").exit_code == 0


def test_query_takes_an_argument_a_file_stdin_and_a_name(folder: Path, tmp_path: Path) -> None:
    sparql = "SELECT ?l { ?s a gov:Initiative ; skos:prefLabel ?l } ORDER BY ?l"
    (tmp_path / "q.rq").write_text(sparql, "utf-8")
    answers = [
        run("query", sparql, "-g", folder),
        run("query", "-f", tmp_path / "q.rq", "-g", folder),
        run("query", "-f", "-", "-g", folder, stdin=sparql),
        run("query", "-", "-g", folder, stdin=sparql),
    ]
    assert {answer.exit_code for answer in answers} == {0}
    assert len({answer.stdout for answer in answers}) == 1
    assert "放管服改革" in answers[0].stdout
    named = run("query", "--name", "things", "-p", "name=枫桥", "-F", "csv", "-g", folder)
    assert named.stdout.splitlines()[1].split(",")[:3] == ["Initiative", "枫桥经验", "2"]


@pytest.mark.parametrize(
    "arguments",
    [[], ["ASK {}", "-n", "things"], ["ASK {}", "-p", "a=b"], ["-n", "things", "-p", "name"], ["-n", "x"]],
)
def test_query_says_how_it_is_used(folder: Path, arguments: list[str]) -> None:
    result = run("query", *arguments, "-g", folder)
    assert result.exit_code == 2
    assert result.stderr


def test_the_list_of_questions_needs_no_graph(tmp_path: Path) -> None:
    result = run("query", "--list", "-g", tmp_path / "nowhere")
    assert result.exit_code == 0
    assert "-p place=" in result.stdout


def test_explain_tells_facts_both_ways_with_their_sentences(folder: Path) -> None:
    result = run("explain", "枫桥经验", "-g", folder)
    assert result.exit_code == 0
    assert "← carriedOut" in result.stdout
    assert "“我县开展枫桥经验。”" in result.stdout
    assert "昌江2022.txt" in result.stdout
    place = run("explain", "469026", "-g", folder).stdout
    assert "办理应诉率: 98.5 %" in place
    unclear = run("explain", "报告", "-g", folder)
    assert unclear.exit_code == 2
    assert "昌江黎族自治县2021年报告" in unclear.stderr


def test_export_writes_to_stdout_or_a_file(folder: Path, tmp_path: Path) -> None:
    out = run("export", "-f", "turtle", "-g", folder)
    assert out.stdout == (folder / "graph.ttl").read_text("utf-8")
    assert run("export", "-f", "nt", "-o", tmp_path / "new" / "g.nt", "-g", folder).exit_code == 0
    assert len(rdflib.Graph().parse(tmp_path / "new" / "g.nt", format="nt")) > 50
    part = run("export", "-f", "nt", "--around", "枫桥经验", "--document", "昌江2021.txt", "-g", folder)
    assert part.exit_code == 0
    assert "重大行政决策办法" not in part.stdout
    assert run("export", "-f", "csv", "-o", tmp_path / "tables", "-g", folder).exit_code == 0
    assert (tmp_path / "tables" / "facts.csv").is_file()
    assert run("export", "-f", "nt", "-o", folder / "graph.nq" / "x", "-g", folder).exit_code == 2


def test_render_draws_a_part(folder: Path, tmp_path: Path) -> None:
    result = run(
        "render", "--around", "枫桥经验", "--language", "en", "-o", tmp_path / "p.html", "-g", folder
    )
    assert result.exit_code == 0, result.stderr
    html = (tmp_path / "p.html").read_text("utf-8")
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html)[1])
    drawn = {node["label"] for node in data["nodes"]}
    assert "枫桥经验" in drawn
    assert "重大行政决策办法" not in drawn


def test_a_sound_graph_conforms(folder: Path) -> None:
    result = run("validate", "--no-shapes", "-g", folder)
    assert (result.exit_code, result.stdout) == (0, ""), result.stdout
    assert "conforms" in result.stderr


PLANTED = {
    "quote": (r'gov_quote "我县开展枫桥经验。"', 'gov_quote "我县没有开展。"'),
    "evidence": (
        r"^(<[^>]*/institution/469026/人民政府> <[^>]*#)carriedOut(> .*枫桥经验> .*)$",
        r"\1promoted\2",
    ),
    "cycle": (
        r"^(<[^>]*jurisdiction/)460000(> <[^>]*within> <[^>]*jurisdiction/)100000",
        r"\g<1>100000\g<2>100000",
    ),
    "orphan": (r"^<[^>]*/evidence/.*\n", ""),
}


@pytest.mark.parametrize("check", sorted(PLANTED))
def test_planted_errors_are_found(folder: Path, check: str) -> None:
    pattern, replacement = (
        part.replace("gov_", "<https://w3id.org/govkg/ontology#") for part in PLANTED[check]
    )
    pattern, replacement = pattern.replace("quote ", "quote> "), replacement.replace("quote ", "quote> ")
    path = folder / "graph.nq"
    text = path.read_text("utf-8")
    changed = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, "utf-8")
    result = run("validate", "--no-shapes", "-g", folder)
    assert result.exit_code == 1
    assert any(line.startswith(check + "\t") for line in result.stdout.splitlines()), result.stdout


def test_shapes_are_checked_too(folder: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix gov: <https://w3id.org/govkg/ontology#> .\n"
        "[] a sh:NodeShape ; sh:targetClass gov:Report ;\n"
        '  sh:property [ sh:path gov:addressee ; sh:minCount 1 ; sh:message "No addressee."@en ] .\n'
    )
    result = run("validate", "--shapes", shapes, "-g", folder)
    assert result.exit_code == 1
    assert len(re.findall(r"addressee: No addressee\.", result.stdout)) == 3


def gold(**changes: object) -> str:
    value = {
        "document": "昌江2022.txt",
        "report": {"title": "昌江黎族自治县2022年报告", "jurisdiction": "j", "year": 2022, "issuer": "g"},
        "entities": [
            {
                "id": "j",
                "type": "Jurisdiction",
                "name": "昌江黎族自治县",
                "code": "469026",
                "aliases": ["我县"],
            },
            {"id": "g", "type": "Institution", "name": "昌江黎族自治县人民政府"},
            {"id": "r", "type": "Initiative", "name": "放管服", "aliases": ["“放管服”改革"]},
            {"id": "f", "type": "Initiative", "name": "枫桥经验", "optional": True},
            {"id": "d", "type": "PolicyDocument", "name": "《重大行政决策办法》"},
            {"id": "h", "type": "Honour", "name": "平安县"},
        ],
        "relations": [
            {"s": "j", "p": "carriedOut", "o": "r", "quote": "开展放管服改革"},
            {"s": "g", "p": "issued", "o": "d", "quote": "印发"},
            {"s": "j", "p": "received", "o": "h", "quote": "获得"},
        ],
        "observations": [{"of": "j", "indicator": "应诉率", "value": 98.5, "unit": "%"}],
        "decoys": [{"text": "重大行政决策办法", "why": "to be found"}],
        **changes,
    }
    return json.dumps(value, ensure_ascii=False)


def test_evaluate_counts_right_extra_and_missed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text(gold(), "utf-8")
    result = run("evaluate", tmp_path / "gold.json", "--json", "--errors", "-g", folder)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)["documents"][0]
    assert (told["entities"]["right"], told["entities"]["extra"], told["entities"]["missed"]) == (4, 0, 1)
    assert (told["relations"]["right"], told["relations"]["extra"], told["relations"]["missed"]) == (2, 0, 1)
    assert told["observations"]["f1"] == 1.0
    assert told["metadata"] == {"title": True, "year": True, "jurisdiction": True, "issuer": True}
    assert told["decoys taken"] == ["重大行政决策办法"]
    assert [error for error in told["errors"] if "平安县" in error]
    table = run("evaluate", tmp_path, "-g", folder)
    assert "all" in table.stdout


@pytest.mark.parametrize(("content", "told"), [("{", "gold"), (gold(document="x.txt"), "build it first")])
def test_evaluate_names_what_it_cannot_use(folder: Path, tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "gold.json").write_text(content, "utf-8")
    result = run("evaluate", tmp_path / "gold.json", "-g", folder)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_relative_name_is_not_guessed(corpus: Path, tmp_path: Path) -> None:
    builds.fill(
        corpus,
        {
            "昌江2023.txt": "昌江黎族自治县2023年报告\n我县成立昌江黎族自治县司法局。\n"
            "我县成立昌江黎族自治县司法局办事大厅。",
            "乐东2023.txt": "乐东黎族自治县2023年报告\n我县成立乐东黎族自治县司法局。",
        },
    )
    builds.run(corpus, tmp_path / "out")
    result = run("explain", "司法局", "-g", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stdout == ""
    told = [line.split("  ")[1] for line in result.stderr.splitlines()[1:]]
    assert told == ["乐东黎族自治县司法局", "昌江黎族自治县司法局", "昌江黎族自治县司法局办事大厅"]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_teaches_by_example(name: str) -> None:
    shown = run(name, "--help").stdout
    assert re.search(rf"^  kg {name}\b", shown, re.MULTILINE)
    listed = run("--help").stdout
    assert "..." not in listed.partition("Commands:")[2], "no sentence is cut off"


def test_questions_that_cannot_be_answered_say_why(folder: Path) -> None:
    empty = run("query", " ", "-g", folder)
    assert (empty.exit_code, empty.stderr.count("\n")) == (2, 1)
    assert "is empty" in empty.stderr
    misspelt = run("query", "SELECT ?s { ?s gov:isued ?d }", "-g", folder)
    assert misspelt.exit_code == 0
    assert "no term gov:isued" in misspelt.stderr
    assert "gov:issued" not in run("query", "SELECT ?s { ?s gov:issued ?d }", "-g", folder).stderr
