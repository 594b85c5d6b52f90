"""What a user decides that a name means holds in every build, and a wrong decision is told."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from helpers import builds, cases
from helpers.cases import Case

from kg import rules, understanding
from kg.cli import main
from kg.model import Analysis, Decided


def read(text: str, home: str, overrides: Mapping[str, str]) -> Analysis:
    document = cases.document(text, {"home": home})
    return understanding.understand(document, rules.load(), overrides)


def named(analysis: Analysis) -> list[tuple[str, str]]:
    return [(surface, key) for _, surface, _, key in cases.named(analysis)]


OPEN = "县司法局开展人民调解。"  # in a city's report: of which county?


@pytest.mark.parametrize(
    ("meaning", "entity"),
    [
        ("330521", "institution/330521/司法局"),
        ("institution/330521/司法局", "institution/330521/司法局"),
        ("institution/330521/河长制工作专班", "institution/330521/河长制工作专班"),
        ("institution/100000/司法部", "institution/100000/司法部"),
        ("jurisdiction/330521", "institution/330521/司法局"),
        ("jurisdiction/330500/南太湖新区", "jurisdiction/330500/南太湖新区"),
    ],
)
def test_a_body_left_open_means_what_was_decided(meaning: str, entity: str) -> None:
    assert [item.surface for item in read(OPEN, "330500", {}).unsure] == ["县司法局"]
    analysis = read(OPEN, "330500", {"县司法局": meaning})
    assert analysis.unsure == ()
    assert ("县司法局", entity) in named(analysis)
    start = analysis.document.text.index("县司法局")
    assert analysis.decided == (Decided("县司法局", start, start + 4, meaning),)
    known = {item.id for item in analysis.entities}
    assert {fact.subject for fact in analysis.facts} <= known


def test_a_name_that_names_nothing_is_neither_named_nor_unsure() -> None:
    analysis = read(OPEN, "330500", {"县司法局": "-"})
    assert "县司法局" not in dict(named(analysis))
    assert analysis.unsure == ()
    assert len(analysis.decided) == 1


def test_a_place_takes_its_bodies_along() -> None:
    text = "昌江推进普法，昌江区司法局给予指导。"
    found = dict(named(read(text, "360200", {"昌江": "469026", "昌江区": "469026"})))
    assert found["昌江"] == "jurisdiction/469026"
    assert found["昌江区司法局"] == "institution/469026/司法局"
    assert "昌江" not in dict(named(read(text, "360200", {"昌江": "-"})))


def test_a_name_that_places_share_is_settled() -> None:
    text = "店上镇给予支持，店上镇司法所给予指导。"
    assert [item.surface for item in read(text, "140400", {}).unsure] == ["店上镇", "店上镇"]
    settled = read(text, "140400", {"店上镇": "140406100"})
    assert settled.unsure == ()
    assert dict(named(settled)) == {
        "店上镇": "jurisdiction/140406100",
        "店上镇司法所": "institution/140406100/司法所",
    }
    assert len(settled.decided) == 2


def test_decisions_on_other_names_change_nothing() -> None:
    assert read(OPEN, "330500", {"县公安局": "330521"}) == cases.understood(
        Case(cases.FOLDER, {"home": "330500"}, OPEN, ())
    )


# ------------------------------------------------------------------ builds

REPORT = "湖州市2022年法治政府建设情况报告\n市政府：\n2022年，我市推进法治建设。县司法局开展人民调解。\n"
HEADER = "surface\tdocument\tmeaning\twho\twhy\n"
ROW = "县司法局\t{}\t{}\t李明\t上文说的是德清县\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    other = "全年受理行政复议案件200件，审结150件，结案率95%。"
    files = {"甲.txt": REPORT, "下级/乙.txt": REPORT.replace("2022", "2021") + other}
    return builds.fill(tmp_path / "corpus", files)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def build(corpus: Path, out: Path, *options: object) -> Result:
    result = run("build", corpus, "-o", out, "--no-html", "--workers", 1, *options)
    assert result.exit_code == 0, result.output
    return result


def summary(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
    return found


def test_what_is_unsure_is_listed_and_a_decision_settles_it(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(corpus, out)
    listed = run("unsure", "-o", out)
    assert listed.stdout.count("县司法局 ") == 2
    assert "德清县 330521" in listed.stdout
    rows = json.loads(run("unsure", "-g", out, "-F", "json").stdout)
    assert [row["document"] for row in rows] == ["下级/乙.txt", "甲.txt"]
    assert {"id": "jurisdiction/330521", "name": "德清县"} in rows[0]["candidates"]
    assert REPORT[rows[1]["start"] : rows[1]["end"]] == rows[1]["surface"] == "县司法局"
    (out / "overrides.tsv").write_text(HEADER + ROW.format("甲.txt", "330521"), "utf-8")
    told = build(corpus, out)
    assert "(1 read, 1 unchanged, 0 removed, 0 skipped)" in told.stderr
    assert "overrides applied 1 times" in told.stderr
    rows = json.loads(run("unsure", "-g", out, "-F", "json").stdout)
    assert [row["document"] for row in rows] == ["下级/乙.txt"]
    assert summary(out)["overrides"] == [
        {
            "surface": "县司法局",
            "document": "甲.txt",
            "meaning": "330521",
            "who": "李明",
            "why": "上文说的是德清县",
            "applied": 1,
        }
    ]
    assert "institution/330521/司法局" in (out / "graph.nq").read_text("utf-8")
    again = build(corpus, out)
    assert "(0 read, 2 unchanged, 0 removed, 0 skipped)" in again.stderr


def test_a_decision_made_late_ends_in_the_bytes_of_one_made_first(corpus: Path, tmp_path: Path) -> None:
    table = corpus / "overrides.tsv"  # no document, though it lies among them
    table.write_text(HEADER + ROW.format("*", "https://w3id.org/govkg/id/institution/330521/司法局"), "utf-8")
    build(corpus, tmp_path / "a", "--overrides", table)
    assert len(summary(tmp_path / "a")["documents"]) == 2
    away = tmp_path / "away.tsv"
    table.rename(away)
    build(corpus, tmp_path / "b")
    build(corpus, tmp_path / "b", "--overrides", away)
    assert builds.content(tmp_path / "a") == builds.content(tmp_path / "b")
    assert summary(tmp_path / "b")["overrides"][0]["applied"] == 2
    build(corpus, tmp_path / "b")
    build(corpus, tmp_path / "c")
    assert builds.content(tmp_path / "b") == builds.content(tmp_path / "c")


def test_neither_hash_seed_nor_processes_show(corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_text(HEADER + ROW.format("*", "330521") + "市政府\t*\t-\n", "utf-8")
    for name, seed, workers in (("a", "1", "1"), ("b", "4242", "2")):
        command = [sys.executable, "-m", "kg", "build", str(corpus), "-o", str(tmp_path / name), "--no-html"]
        command += ["--overrides", str(table), "--workers", workers, "-q"]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, timeout=120)
    assert builds.content(tmp_path / "a") == builds.content(tmp_path / "b")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (HEADER + ROW.format("*", "999999"), "overrides.tsv:2: no division has the code 999999"),
        (HEADER + "\n" + ROW.format("*", "德清县"), "overrides.tsv:3: 德清县 is neither"),
        (HEADER + ROW.format("*", "institution/330521"), "overrides.tsv:2: institution/330521 is neither"),
        (HEADER + ROW.format("*", "document/某办法"), "overrides.tsv:2: document/某办法 is neither"),
        (HEADER + ROW.format("*", "330521") * 2, "overrides.tsv:3: 县司法局 in * has been decided above"),
        (HEADER + ROW.format("", "330521"), "overrides.tsv:2: empty cell"),
        (HEADER + ROW.format("*", "330521\t1"), "overrides.tsv:2: 6 cells"),
        ("surface\tmeaning\n", "overrides.tsv:1: no column"),
    ],
)
def test_a_wrong_row_stops_the_build_and_says_where(
    corpus: Path, tmp_path: Path, table: str, told: str
) -> None:
    builds.fill(tmp_path / "out", {"overrides.tsv": table})
    result = run("build", corpus, "-o", tmp_path / "out", "--no-html")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_a_table_of_another_encoding_is_told(corpus: Path, tmp_path: Path) -> None:
    builds.fill(tmp_path, {"t.tsv": HEADER.encode() + "县司法局".encode("gb18030")})
    result = run("build", corpus, "-o", tmp_path / "out", "--overrides", tmp_path / "t.tsv")
    assert result.exit_code == 2
    assert "UTF-8" in result.stderr


def test_a_table_saved_by_a_spreadsheet_is_read(corpus: Path, tmp_path: Path) -> None:
    table = ("\ufeff" + HEADER + ROW.format("乙.txt", " 330521 ")).replace("\n", "\r\n")
    builds.fill(tmp_path, {"t.tsv": table})
    build(corpus, tmp_path / "out", "--overrides", tmp_path / "t.tsv")
    assert [item["applied"] for item in summary(tmp_path / "out")["overrides"]] == [1]


def test_a_decision_that_no_document_needs_is_told(corpus: Path, tmp_path: Path) -> None:
    builds.fill(tmp_path / "out", {"overrides.tsv": HEADER + "区公安局\t*\t330502\n"})
    told = build(corpus, tmp_path / "out")
    assert "overrides that no document needs: 区公安局 (*)" in told.stderr


def test_contradictions_are_listed_with_both_passages(corpus: Path, tmp_path: Path) -> None:
    told = build(corpus, tmp_path / "out")
    assert "1 contradictions, listed by kg conflicts" in told.stderr
    assert summary(tmp_path / "out")["conflicts"] == 1
    (row,) = json.loads(run("conflicts", "-o", tmp_path / "out", "-F", "json").stdout)
    assert (row["kind"], row["document"]) == ("rate", "下级/乙.txt")
    assert [span["text"] for span in row["passages"]] == ["200件，审结150件", "95%"]
    assert "150件 of 200件 are 75%" in run("conflicts", "-g", tmp_path / "out").stdout
    header, cells = csv.reader(io.StringIO(run("conflicts", "-o", tmp_path / "out", "-F", "csv").stdout))
    assert dict(zip(header, cells, strict=True))["kind"] == "rate"
