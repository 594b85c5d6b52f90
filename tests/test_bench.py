"""The benchmark runs, and reports made to measure with are like the sample's: nothing here asserts a time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg import rules
from kg.reading import read
from kg.understanding import understand

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "scripts" / "bench"
LONG = 7000
MODULES = ("generate", "templates", "measuring", "page", "sections", "core", "linear", "building")


@pytest.fixture(scope="module")
def bench() -> Iterator[dict[str, ModuleType]]:
    """Return the modules of the benchmark, which stand beside each other and in no package."""
    known = set(sys.modules)
    sys.path.insert(0, str(SCRIPTS))
    try:
        yield {name: __import__(name) for name in MODULES}
    finally:
        sys.path.remove(str(SCRIPTS))
        for name in set(sys.modules) - known:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(SCRIPTS)):
                del sys.modules[name]


def made(bench: dict[str, ModuleType], count: int, **wanted: int) -> list[tuple[str, str]]:
    return list(bench["generate"].reports(count, **wanted))


def test_the_same_seed_makes_the_same_bytes(bench: dict[str, ModuleType], tmp_path: Path) -> None:
    script = SCRIPTS / "generate.py"
    for folder, seed in (("a", "0"), ("b", "1")):
        subprocess.run(
            [sys.executable, script, tmp_path / folder, "--reports", "30", "--seed", "5"],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
        )
    files = [sorted((tmp_path / folder).rglob("*.*")) for folder in ("a", "b")]
    assert len(files[0]) == 30
    assert [file.name for file in files[0]] == [file.name for file in files[1]]
    assert [file.read_bytes() for file in files[0]] == [file.read_bytes() for file in files[1]]
    own = dict(made(bench, 30, seed=5))
    assert {file.name: file.read_text(encoding="utf-8") for file in files[0]} == own


def test_a_report_does_not_depend_on_how_many_are_made(bench: dict[str, ModuleType]) -> None:
    assert made(bench, 5, seed=3)[4] == made(bench, 1, seed=3, first=4)[0]
    assert made(bench, 5, seed=3) != made(bench, 5, seed=4)


def test_no_two_reports_are_equal_and_places_differ(bench: dict[str, ModuleType]) -> None:
    reports = made(bench, 300)
    assert len({text for _, text in reports}) == len({name for name, _ in reports}) == 300
    assert len({name.rpartition("-")[0] for name, _ in reports}) > 200


def test_reports_are_of_the_place_they_are_made_for(bench: dict[str, ModuleType]) -> None:
    maker = bench["generate"].Generator(length=0, seed=11)
    places: list[str] = []
    chosen = maker.blanks

    def noting(sample: Any, chance: Any) -> Any:
        blanks = chosen(sample, chance)
        zone = f"/{blanks['own.name']}" if sample.level == "zone" else ""
        places.append(f"jurisdiction/{blanks.code}{zone}")
        return blanks

    maker.blanks = noting
    found = []
    for number in range(30):
        name, text = maker.report(number)
        found.append(understand(read(text.encode(), name), rules.load()).report.jurisdiction)
    assert found == places


def test_graphs_of_reports_are_like_those_of_the_sample(bench: dict[str, ModuleType]) -> None:
    def rates(documents: list[tuple[str, bytes]]) -> dict[str, float]:
        told = [understand(read(data, name), rules.load()) for name, data in documents]
        characters = sum(len(analysis.document.text) for analysis in told)
        return {
            name: sum(len(getattr(analysis, name)) for analysis in told) / characters
            for name in ("entities", "facts", "observations", "mentions")
        }

    sample = rates([(path.name, path.read_bytes()) for path in sorted((ROOT / "corpus").iterdir())])
    own = rates([(name, text.encode()) for name, text in made(bench, 60)])
    assert own == pytest.approx(sample, rel=0.15)


def test_long_reports_say_nothing_twice(bench: dict[str, ModuleType]) -> None:
    reports = made(bench, 40, length=LONG)
    assert sum(len(text) for _, text in reports) / 40 == pytest.approx(LONG, rel=0.2)
    for _, text in reports:
        body = re.sub(r"<[^>]+>", "\n", text)
        sentences = [found for found in re.findall(r"[^。\n]+。", body) if len(found) > 25]
        assert len(set(sentences)) == len(sentences)


def test_numbers_are_scaled_as_they_are_written(bench: dict[str, ModuleType]) -> None:
    scaled = bench["templates"].scaled
    assert scaled("1,874", False, 200) == "3,748"
    assert scaled("1.09", False, 50) == "0.55"
    assert scaled("3", False, 200) == "3"
    assert scaled("100", True, 70) == "100"
    assert abs(float(scaled("91.4", True, 130)) - 91.4) <= 0.5


def test_some_reports_are_changed(bench: dict[str, ModuleType], tmp_path: Path) -> None:
    bench["generate"].write(tmp_path, 20)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    changed = bench["generate"].change(tmp_path, 4, seed=2)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert [path for path in sorted(before) if before[path] != after[path]] == changed
    assert len(changed) == 4


def test_a_document_is_as_long_as_wanted_and_of_one_place(bench: dict[str, ModuleType]) -> None:
    text = bench["generate"].Generator().long(0, 60_000)
    assert len(text.encode()) == pytest.approx(60_000, rel=0.1)
    assert understand(read(text.encode(), "long.txt"), rules.load()).report.jurisdiction


def test_the_benchmark_runs_and_remembers(bench: dict[str, ModuleType], tmp_path: Path) -> None:
    history = tmp_path / "deep" / "history.jsonl"
    small = ["--reports", "4", "--rounds", "1", "--characters", "2000", "--largest", "0.01"]
    done = subprocess.run(
        [sys.executable, SCRIPTS, *small, "--place", tmp_path, "--history", history],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (line,) = history.read_text(encoding="utf-8").splitlines()
    run = json.loads(line)
    assert set(run) == {"date", "commit", "machine", "versions", "options", "sections"}
    assert set(run["sections"]) == {"core", "stages", "startup", "linear", "build"}
    assert set(run["sections"]["core"]["reports"]["contestants"]) >= {"govkg", "jieba.cut", "jieba.posseg"}
    assert run["sections"]["build"]["counts"]
    assert str(ROOT) not in line
    assert str(tmp_path) not in line
    assert list(tmp_path.iterdir()) == [history.parent]  # nothing is left behind
    for name, figures in run["sections"].items():
        for table in bench["page"].shown(name, figures):
            assert table.title in done.stdout
            assert all(len(row) == len(table.headings) for row in table.rows)


def test_only_measured_blocks_of_the_page_are_written(bench: dict[str, ModuleType], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "By hand.\n\n<!-- measured: startup -->\nold\n<!-- end -->\n\nMore.\n\n"
        "<!-- measured: linear -->\nkept\n<!-- end -->\n",
        encoding="utf-8",
    )
    run = {
        "date": "2024-01-01",
        "commit": "abc",
        "machine": {"processor": "P", "cores": 2, "memory GB": 4, "system": "S"},
        "versions": {"python": "3.11", "govkg": "pure Python", "jieba": "0.42"},
        "sections": {"startup": {"python alone": {"wall": 0.1, "work": 0.1, "memory": 9_000_000}}},
    }
    assert bench["page"].write(page, run) == ["startup"]
    text = page.read_text(encoding="utf-8")
    assert text.startswith("By hand.\n\n<!-- measured: startup -->\n*2024-01-01, commit abc")
    assert "| python alone | 0.10 s | 0.10 s | 9.0 MB |" in text
    assert "old" not in text
    assert "\n\nMore.\n\n<!-- measured: linear -->\nkept\n<!-- end -->\n" in text
    assert bench["page"].write(page, run) == ["startup"]
    assert page.read_text(encoding="utf-8") == text


def test_every_block_of_the_page_is_a_section() -> None:
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    names = re.findall(r"<!-- measured: (\w+) -->", text)
    sections = (SCRIPTS / "sections.py").read_text(encoding="utf-8")
    assert names
    assert len(set(names)) == len(names)
    assert all(f'"{name}"' in sections for name in names)


BUSY = "import time\nwhile time.process_time() < 1: pass"
CARELESS = f"""
import os, subprocess, sys
busy = subprocess.Popen([sys.executable, "-c", {BUSY!r}], stdout=subprocess.PIPE)
busy.stdout.read()
os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there is each process looked at")
def test_work_of_processes_that_nobody_waited_for_counts(bench: dict[str, ModuleType]) -> None:
    ran = bench["measuring"].run([sys.executable, "-c", CARELESS])
    assert ran.work > 0.5, "the work of the process below, which ended after a second of it"
    assert ran.memory
