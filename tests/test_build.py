"""Builds: incremental, the same in any order and process, safe to interrupt, forgiving of bad files."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pyoxigraph
import pytest
from helpers import builds, understanding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.errors import RuleError, StoreError
from kg.graph import assembling, store
from kg.running import build, inputs, outputs, sorting

NAMES = sorted(builds.FILES)


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    builds.use_stand_in(monkeypatch)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return builds.fill(tmp_path / "corpus", builds.FILES)


def test_a_build_writes_what_the_summary_lists(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = build.build([corpus], out)
    assert result.read == 3
    names = ["dataset.ttl", "graph.html", "graph.nq", "graph.ttl", "index.html", "store", "summary.json"]
    assert result.summary["files"] == names
    assert all((out / name).exists() for name in result.summary["files"])
    assert [item["source"] for item in result.summary["documents"]] == NAMES
    assert result.summary["facts"]["carriedOut"] == 2
    assert result.summary["planned"] == {"carriedOut": 1}
    assert result.summary["observations"] == 2
    assert result.summary["unsure"] == 3


def test_the_stored_text_is_the_one_that_passages_point_into(corpus: Path, tmp_path: Path) -> None:
    windows = "昌江黎族自治县2020年报告\r\n我县开展放管服改革。\r\n"
    builds.fill(corpus, {"windows.txt": windows})
    result = builds.run(corpus, tmp_path / "out")
    for row in result.summary["documents"]:
        text = (tmp_path / "out" / "texts" / f"{row['report'].rpartition('/')[2]}.txt").read_bytes()
        assert text == (corpus / row["source"]).read_bytes()


def test_building_again_reads_nothing_and_changes_nothing(corpus: Path, tmp_path: Path) -> None:
    builds.run(corpus, tmp_path / "out")
    before = builds.content(tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.nq")}
    again = builds.run(corpus, tmp_path / "out")
    assert (again.read, again.reused, again.changed) == (0, 3, False)
    assert builds.content(tmp_path / "out") == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_incremental_builds_end_in_the_bytes_of_a_fresh_one(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    (corpus / "昌江2021.txt").unlink()
    builds.fill(
        corpus,
        {
            "昌江2022.txt": builds.FILES["昌江2022.txt"] + "\n我县获得平安县称号。",
            "新.txt": "新县2023年报告\n我县开展改革。",
        },
    )
    result = builds.run(corpus, out)
    assert (result.read, result.reused, result.removed) == (2, 1, 1)
    builds.run(corpus, tmp_path / "fresh")
    assert builds.content(out) == builds.content(tmp_path / "fresh")
    assert len(store.open_store(out)) == len(store.open_store(tmp_path / "fresh"))


@pytest.mark.parametrize("order", list(itertools.permutations(NAMES)))
def test_the_order_of_files_does_not_matter(tmp_path: Path, order: tuple[str, ...]) -> None:
    reference = builds.fill(tmp_path / "reference", builds.FILES)
    builds.run(reference, tmp_path / "a")
    builds.fill(tmp_path / "shuffled", {name: builds.FILES[name] for name in order})
    files = [tmp_path / "shuffled"]
    build.build(files, tmp_path / "b", outputs.Settings(html=False))
    assert builds.content(tmp_path / "a") == builds.content(tmp_path / "b")


def test_hash_seeds_and_numbers_of_processes_do_not_matter(corpus: Path, tmp_path: Path) -> None:
    builds.build_apart(corpus, tmp_path / "one", seed=1)
    builds.build_apart(corpus, tmp_path / "two", seed=4242)
    build.build([corpus], tmp_path / "three", outputs.Settings(html=False), workers=3)
    contents = [builds.content(tmp_path / name) for name in ("one", "two", "three")]
    assert contents[0] == contents[1] == contents[2]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(NAMES), min_size=1))
def test_a_graph_is_the_union_of_its_documents_graphs(tmp_path: Path, names: set[str]) -> None:
    work = tmp_path / "-".join(map(str, map(NAMES.index, sorted(names))))
    shutil.rmtree(work, ignore_errors=True)
    lines: set[str] = set()
    for number, name in enumerate(sorted(names)):
        builds.run(builds.fill(work / f"in{number}", {name: builds.FILES[name]}), work / f"out{number}")
        lines |= set((work / f"out{number}" / "graph.nq").read_text("utf-8").splitlines())
    builds.run(builds.fill(work / "all", {name: builds.FILES[name] for name in names}), work / "out")
    assert (work / "out" / "graph.nq").read_text("utf-8").splitlines() == sorted(lines)


@pytest.mark.parametrize(("part", "most"), [(1000, 900), (1000, 3), (1, 900)])
def test_more_lines_than_are_sorted_at_once_are_sorted_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int, most: int
) -> None:
    builds.run(corpus, tmp_path / "a")
    monkeypatch.setattr(sorting, "PART", part)
    monkeypatch.setattr(sorting, "_MOST", most)
    for workers in (1, 2):
        out = tmp_path / f"b{workers}"
        build.build([corpus], out, outputs.Settings(html=False), workers)
        assert builds.content(tmp_path / "a") == builds.content(out)


def test_bad_files_are_skipped_with_reason_and_advice(corpus: Path, tmp_path: Path) -> None:
    builds.fill(corpus, {"空.txt": "", "binary.txt": b"\xff\xfe\x00\x01", ".hidden": "x", ".git/config": "x"})
    result = builds.run(corpus, tmp_path / "out")
    assert [(item["source"], item["reason"]) for item in result.summary["skipped"]] == [
        ("binary.txt", "encoding"),
        ("空.txt", "empty"),
    ]
    assert all(item["problem"] and item["advice"] for item in result.summary["skipped"])
    assert len(result.summary["documents"]) == 3


def test_a_defect_that_one_document_hits_costs_only_that_document(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, source: str, rules: object, overrides: object = None) -> object:
        if source == "昌江2021.txt":
            raise IndexError("list index out of range")
        return understanding.analyse(path, source, rules)

    monkeypatch.setattr("kg.understanding.analyse", fail)
    result = builds.run(corpus, tmp_path / "out")
    assert [item["reason"] for item in result.summary["skipped"]] == ["internal"]
    builds.use_stand_in(monkeypatch)
    again = builds.run(corpus, tmp_path / "out")
    assert (again.read, again.summary["skipped"]) == (1, []), "a defect is not remembered"


def test_a_wrong_rule_file_stops_the_build_before_the_first_document(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> object:
        raise RuleError("places.tsv:3: wrong")

    monkeypatch.setattr("kg.rules.load", fail)
    with pytest.raises(RuleError, match="places"):
        builds.run(corpus, tmp_path / "out")
    assert builds.kept(tmp_path / "out") == 0


@pytest.mark.parametrize("error", [RuleError("ontology: no term 'x'"), RecursionError(), StoreError("x")])
@pytest.mark.parametrize("where", ["kg.understanding.analyse", "kg.graph.assembling.lines"])
def test_whatever_fails_on_one_document_leaves_it_out_and_says_so(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
) -> None:
    genuine = understanding.analyse if where.endswith("analyse") else assembling.lines

    def fail(first: object, *others: object) -> object:
        document = getattr(first, "document", None)
        if "昌江2021" in (document.source if document else str(first)):
            raise error
        return genuine(first, *others)  # type: ignore[operator]

    monkeypatch.setattr(where, fail)
    result = builds.run(corpus, tmp_path / "out")
    (skipped,) = result.summary["skipped"]
    assert (skipped["source"], skipped["reason"]) == ("昌江2021.txt", "internal")
    assert type(error).__name__ in skipped["problem"]
    assert "please report" in skipped["advice"]
    assert len(result.summary["documents"]) == 2


def test_an_interrupted_build_leaves_the_old_graph_and_goes_on(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    before = builds.content(out)
    builds.fill(
        corpus, {"新.txt": "新县2023年报告\n我县开展改革。", "新2.txt": "新县2024年报告\n我县开展改革。"}
    )

    def stop(path: Path, source: str, rules: object, overrides: object = None) -> object:
        if source == "新2.txt":
            raise KeyboardInterrupt
        return understanding.analyse(path, source, rules)

    monkeypatch.setattr("kg.understanding.analyse", stop)
    with pytest.raises(KeyboardInterrupt):
        builds.run(corpus, out)
    kept = ("graph.nq", "graph.ttl", "summary.json")
    assert all((out / name).read_bytes() == before[name] for name in kept)
    assert len(kg.open_graph(out)) == json.loads(before["summary.json"])["triples"]
    builds.use_stand_in(monkeypatch)
    result = builds.run(corpus, out)
    assert (result.read, result.reused) == (1, 4), "what was read before the interruption is kept"
    builds.run(corpus, tmp_path / "fresh")
    assert builds.content(out) == builds.content(tmp_path / "fresh")


@pytest.mark.parametrize("at", ["loading.Loader.finish", "store.swap_store"])
def test_an_interruption_while_writing_leaves_the_old_graph(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    before = builds.content(out)
    builds.fill(corpus, {"新.txt": "新县2023年报告\n我县开展改革。"})
    with monkeypatch.context() as patch:

        def stop(*args: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(f"kg.graph.{at}", stop)
        with pytest.raises(KeyboardInterrupt):
            builds.run(corpus, out)
    assert (out / "graph.nq").read_bytes() == before["graph.nq"]
    assert len(kg.open_graph(out)) == json.loads(before["summary.json"])["triples"]
    builds.run(corpus, out)
    builds.run(corpus, tmp_path / "fresh")
    assert builds.content(out) == builds.content(tmp_path / "fresh")


def test_half_swapped_stores_are_found_and_put_right(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    (out / "store").rename(out / "store.previous")
    assert len(kg.open_graph(out)) > 0
    store.recover(out)
    assert (out / "store").is_dir()
    assert not (out / "store.previous").exists()


def test_two_builds_cannot_write_one_folder(corpus: Path, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "out"
    builds.run(corpus, out)
    with (out / ".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another build"):
            builds.run(corpus, out)


def test_what_a_build_writes_is_not_what_the_next_reads(corpus: Path) -> None:
    builds.run(corpus, corpus / "output")
    assert builds.run(corpus, corpus / "output").read == 0


def test_names_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    name = "a..%2f..%2f$(rm -rf)`;&\"'\n.txt"
    folder = builds.fill(tmp_path / "in", {name: builds.FILES["昌江2021.txt"]})
    result = builds.run(folder, tmp_path / "work" / "out")
    assert result.summary["documents"][0]["source"] == name
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["out"]
    stems = {path.stem for path in (tmp_path / "work" / "out" / "texts").iterdir()}
    assert all(stem.isalnum() for stem in stems)


def test_a_file_named_twice_is_read_once(corpus: Path, tmp_path: Path) -> None:
    found = inputs.find([corpus, corpus / "昌江2021.txt", corpus], tmp_path / "out")
    assert [source.name for source in found] == NAMES


def test_the_same_bytes_under_two_names_are_one_report(tmp_path: Path) -> None:
    text = builds.FILES["昌江2021.txt"]
    folder = builds.fill(tmp_path / "in", {"a.txt": text, "b.txt": text})
    result = builds.run(folder, tmp_path / "out")
    assert result.summary["classes"]["Report"] == 1
    assert [item["source"] for item in result.summary["documents"]] == ["a.txt", "b.txt"]


def test_the_same_bytes_read_as_two_texts_are_skipped_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_type(path: Path, source: str, rules: object, overrides: object = None) -> object:
        analysis = understanding.analyse(path, source, rules)
        if source.endswith(".html"):
            other = understanding.analysis("另一文本2021年报告", source, analysis.document.sha256)
            return other
        return analysis

    monkeypatch.setattr("kg.understanding.analyse", by_type)
    text = builds.FILES["昌江2021.txt"]
    folder = builds.fill(tmp_path / "in", {"a.html": text, "b.txt": text})
    for _ in range(2):
        result = builds.run(folder, tmp_path / "out")
        assert [(item["source"], item["reason"]) for item in result.summary["skipped"]] == [
            ("b.txt", "duplicate")
        ]
        assert [path.read_text("utf-8") for path in (tmp_path / "out" / "texts").iterdir()] == [
            "另一文本2021年报告"
        ]
    (folder / "a.html").unlink()
    assert builds.run(folder, tmp_path / "out").summary["skipped"] == []
    assert [path.read_text("utf-8") for path in (tmp_path / "out" / "texts").iterdir()] == [text]


def test_graphs_too_large_for_one_file_say_so(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build.build([corpus], out)
    small = outputs.Settings(turtle_limit=10, picture_limit=2)
    result = build.build([corpus], out, small)
    assert not (out / "graph.ttl").exists()
    assert not (out / "graph.html").exists()
    assert len(result.summary["limits"]) == 2
    assert len(list(pyoxigraph.parse(path=out / "graph.nq"))) == result.summary["quads"]


@pytest.mark.parametrize("missing", ["nowhere", "empty"])
def test_nothing_to_read_is_an_error_that_leaves_the_output_alone(
    corpus: Path, tmp_path: Path, missing: str
) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    before = builds.content(out)
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError):
        builds.run(tmp_path / missing, out)
    assert builds.content(out) == before


def test_an_output_that_is_a_file_is_an_error(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(StoreError):
        builds.run(corpus, tmp_path / "out")


@pytest.mark.parametrize(
    "found",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"files": ["graph.nq"], "plan": {"entries": ["昌江2021.txt"]}}',
        '{"files": {"graph.nq": 1}, "plan": {"entries": {}}}',
        '{"files": [], "plan": []}',
        '{"files": [1], "plan": {"entries": {"a": ["b"]}}}',
    ],
)
def test_what_another_version_left_behind_counts_as_absent(corpus: Path, tmp_path: Path, found: str) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    fresh = builds.content(out)
    shutil.rmtree(out / "documents")
    builds.fill(out, {"documents/manifest.json": found, "documents/a.nq": "", "summary.json": found})
    assert builds.run(corpus, out).read == 3
    assert not list((out / "documents").glob("*.json"))
    assert builds.content(out) == fresh


@pytest.mark.parametrize(
    "pattern", ["documents/*.sqlite", "texts/*.txt", "mentions/*", "graph.*", "summary.json"]
)
@pytest.mark.parametrize("content", [b"", b"<half", b"\xff\xfe{}"])
def test_a_damaged_file_is_made_again(corpus: Path, tmp_path: Path, pattern: str, content: bytes) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    fresh = builds.content(out)
    for path in out.glob(pattern):
        path.write_bytes(content)
    builds.fill(corpus, {"新.txt": "新县2023年报告\n我县开展改革。"})
    builds.run(corpus, out)
    (corpus / "新.txt").unlink()
    builds.run(corpus, out)
    assert builds.content(out) == fresh


def test_a_file_that_may_not_be_read_is_skipped_and_not_remembered(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = inputs.digest

    def refuse(path: Path) -> str:
        if path.name == "昌江2021.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return genuine(path)

    monkeypatch.setattr(inputs, "digest", refuse)
    result = builds.run(corpus, tmp_path / "out")
    assert [(item["source"], item["reason"]) for item in result.summary["skipped"]] == [
        ("昌江2021.txt", "unreadable")
    ]
    assert len(result.summary["documents"]) == 2
    monkeypatch.undo()
    builds.use_stand_in(monkeypatch)
    assert builds.run(corpus, tmp_path / "out").summary["skipped"] == []


def test_links_in_circles_and_pipes_do_not_hold_a_build_up(corpus: Path, tmp_path: Path) -> None:
    (corpus / "again").symlink_to(corpus, target_is_directory=True)
    (corpus / "self.txt").symlink_to("self.txt")
    (corpus / "lost.txt").symlink_to("nowhere.txt")
    os.mkfifo(corpus / "pipe.txt")
    result = builds.run(corpus, tmp_path / "out")
    assert [(item["source"], item["reason"]) for item in result.summary["skipped"]] == [
        ("lost.txt", "unreadable"),
        ("self.txt", "unreadable"),
    ]
    assert len(result.summary["documents"]) == 3
    with pytest.raises(StoreError, match="neither a file nor a folder"):
        inputs.find([corpus / "pipe.txt"], tmp_path / "out")


def test_a_folder_that_may_not_be_read_is_told(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = os.scandir

    def refuse(path: object) -> object:
        if str(path).endswith("下级"):
            raise PermissionError(13, "Permission denied", str(path))
        return genuine(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refuse)
    found = [source.name for source in inputs.find([corpus], tmp_path / "out")]
    assert found == ["下级", "昌江2021.txt", "昌江2022.txt"]


LARGE = {"turtle_limit": 10, "picture_limit": 2}


def test_a_large_graph_is_changed_to_the_bytes_of_a_fresh_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many documents, few of which change: what they no longer say goes, what others say as well stays."""
    monkeypatch.setattr(build, "_CHANGED", 2)
    patched: list[int] = []
    genuine = outputs.change

    def change(*given: object) -> outputs.Written:
        patched.append(1)
        return genuine(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(outputs, "change", change)
    files: dict[str, str | bytes] = {
        f"{number}.txt": f"青川县{2000 + number}年报告\n我县开展放管服改革。\n"
        f"我县办理行政复议案件{number}件。"
        for number in range(12)
    }
    corpus = builds.fill(tmp_path / "in", files)
    out = tmp_path / "out"
    builds.run(corpus, out, **LARGE)
    steps: list[dict[str, str | bytes | None]] = [
        {"3.txt": None},
        {"4.txt": "新县2023年报告\n我县开展改革。\n我县获得平安县称号。"},
        {"5.txt": "新县2024年报告\n我县开展枫桥经验。", "6.txt": files["7.txt"], "8.txt": ""},
        {"9.txt": "青川县2009年报告\n计划开展放管服改革。"},
        {"4.txt": None, "6.txt": None},
        {"3.txt": files["3.txt"], "8.txt": files["8.txt"]},
    ]
    for number, step in enumerate(steps, 1):
        for name, content in step.items():
            (corpus / name).unlink(missing_ok=True)
            if content is not None:
                builds.fill(corpus, {name: content})
        builds.run(corpus, out, **LARGE)
        fresh = tmp_path / f"fresh{number}"
        builds.run(corpus, fresh, **LARGE)
        assert len(patched) == number
        assert builds.content(out) == builds.content(fresh)
        assert _quads(out) == _quads(fresh)


def test_a_graph_that_falls_below_a_limit_or_rises_above_it_is_that_of_a_fresh_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one file can hold comes when the graph is small enough, and goes when it is too large."""
    monkeypatch.setattr(build, "_CHANGED", 2)
    files: dict[str, str | bytes] = {
        f"{number}.txt": f"青川县{2000 + number}年报告\n我县开展放管服改革。" for number in range(8)
    }
    corpus, out = builds.fill(tmp_path / "in", files), tmp_path / "out"
    more: dict[str, str | bytes] = {"8.txt": "新县2023年报告\n我县开展改革。\n我县获得平安县称号。"}
    builds.run(corpus, tmp_path / "few")
    least = json.loads((tmp_path / "few" / "summary.json").read_text("utf-8"))["quads"]

    def run(folder: Path) -> dict[str, bytes]:
        build.build([corpus], folder, outputs.Settings(turtle_limit=least))
        return builds.content(folder)

    pages = {"graph.ttl", "index.html"}
    assert pages <= run(out).keys()
    for number, is_more in enumerate((True, False, True)):
        builds.fill(corpus, more) if is_more else (corpus / "8.txt").unlink()
        found = run(out)
        assert found == run(tmp_path / f"fresh{number}")
        assert bool(pages & found.keys()) != is_more


def _quads(folder: Path) -> set[str]:
    return {str(quad) for quad in store.open_store(folder)}


def test_a_graph_without_a_store_is_the_same_graph(corpus: Path, tmp_path: Path) -> None:
    with_store, without = tmp_path / "with", tmp_path / "without"
    builds.run(corpus, with_store)
    result = builds.run(corpus, without, store=False)
    assert "store" not in result.summary["files"]
    assert (with_store / "graph.nq").read_bytes() == (without / "graph.nq").read_bytes()
    with pytest.raises(StoreError, match="holds no graph"):
        store.open_store(without)
    builds.run(corpus, without)
    assert builds.content(with_store) == builds.content(without)
    builds.run(corpus, without, store=False)
    assert not (without / "store").exists()


def test_a_file_that_was_changed_back_in_time_is_read_again(corpus: Path, tmp_path: Path) -> None:
    path, out = corpus / "昌江2021.txt", tmp_path / "out"
    os.utime(path, (1_000_000_000, 1_000_000_000))
    builds.run(corpus, out)
    assert builds.run(corpus, out).read == 0
    text = path.read_text("utf-8")
    path.write_text(text.replace("25", "52"), encoding="utf-8")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert builds.run(corpus, out).read == 1


def test_damage_inside_the_catalogue_costs_reading_again(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    fresh = builds.content(out)
    with contextlib.closing(sqlite3.connect(out / "documents" / "catalogue.sqlite")) as base, base:
        base.execute("UPDATE content SET lines = ?", (b"no lines",))
    (out / "graph.nq").unlink()
    assert builds.run(corpus, out).read == 3
    assert builds.content(out) == fresh
