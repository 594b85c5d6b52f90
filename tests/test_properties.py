"""What holds for every text and every folder: exact evidence, and identities that depend on nothing else."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from helpers import builds, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import rules, terms, understanding
from kg.graph import assembling, store
from kg.model import Analysis
from kg.running import build, outputs

ROOT = Path(__file__).resolve().parents[1]
CORPUS = sorted(path for path in (ROOT / "corpus").iterdir() if not path.name.startswith("."))
IN_UTF8 = [path for path in CORPUS if path.read_bytes().decode(errors="ignore").encode() == path.read_bytes()]
SHORTEST = sorted(IN_UTF8, key=lambda path: (path.stat().st_size, path.name))[:5]

# ------------------------------------------------------------------ any text

DIVISION = re.compile(r"jurisdiction/\d{6,9}")
HOMES = ("469007", "469026", "360202", "500109", "522732", "150627")
WORDS = """
我市|我县|全区|市委|县政府|区司法局|市政府办公室|昌江|怀化市|省委依法治省办|司法部|党中央、国务院|各部门|沂水县
印发|根据|落实|学习宣传|成立|会同|向|报告工作|荣获|推进|开展|废止|下一步|不到位|授予|制定|参与起草|联合
《民法典》|《行政处罚法》|《某市行政执法办法（试行）》|《关于印发〈工作规则〉的通知》|《法治日报》|《|》
“送法下乡”活动|放管服改革|“三项制度”|枫桥经验|“全国法治政府建设示范市”称号|行政复议委员会|《行政复议办法》
案件12件|98.5%|2.5万余人次|1,807元|3期|2022年|近5亿元|同比增长3%|，|。|；|、|：|（|）|“|”|一、|（一）|1.|一是|二是
"""
MARKS = ("\n", " ", "\u3000", "\u2028", "\x00", "\U00020000", "a", "é", "《》", "“”", "<b>", "\t")
PIECES = st.sampled_from((*(word for line in WORDS.split() for word in line.split("|")), *MARKS))
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))


def understood(text: str, home: str) -> Analysis:
    return understanding.understand(cases.document(text, {"home": home}), rules.load())


def check(analysis: Analysis) -> None:
    """Check what holds for everything that is read out of a text."""
    text, known = analysis.document.text, {entity.id for entity in analysis.entities}
    assert [entity.id for entity in analysis.entities] == sorted(known), "each once, in order"
    for entity in analysis.entities:
        assert entity.name.strip()
        described = {target for _, target in entity.links if not DIVISION.fullmatch(target)}
        assert described <= known, "only divisions are described by reference data"
    for segment in analysis.segments:
        assert 0 <= segment.start < segment.end <= len(text)
        ends = [segment.start, *itertools.chain(*((c.start, c.end) for c in segment.clauses)), segment.end]
        assert ends == sorted(ends)
    for entity, start, end in analysis.mentions:
        assert entity in known
        assert 0 <= start < end <= len(text)
    for fact in analysis.facts:
        assert {fact.subject, fact.object} <= known
        assert fact.subject != fact.object
        assert fact.predicate in terms.FACT_PREDICATES
        assert fact.passages
        for span in fact.passages:
            assert 0 <= span.start < span.end <= len(text)
    for seen in analysis.observations:
        assert 0 <= seen.passage.start <= seen.number.start < seen.number.end <= seen.passage.end <= len(text)
        assert not seen.of or seen.of in known
    for doubt in analysis.unsure:
        assert text[doubt.start : doubt.end] == doubt.surface
        assert len(doubt.candidates) != 1, "one candidate is no doubt"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TEXTS, st.sampled_from(HOMES))
def test_whatever_the_text_all_that_is_read_stands_in_it(text: str, home: str) -> None:
    analysis = understood(text, home)
    check(analysis)
    assert understood(text, home) == analysis
    list(pyoxigraph.parse("\n".join(assembling.lines(analysis)).encode(), pyoxigraph.RdfFormat.N_QUADS))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=15).map("".join), st.lists(PIECES, max_size=15).map("".join))
def test_what_another_document_says_changes_no_identity(text: str, other: str) -> None:
    first = understood(text, HOMES[0])
    understood(other, HOMES[1])
    assert understood(text, HOMES[0]) == first


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_all_that_is_read_of_a_sample_stands_in_it(path: Path) -> None:
    check(understanding.analyse(path, path.name, rules.load()))


def test_every_quote_of_the_graph_stands_in_the_stored_text(corpus_build: Path) -> None:
    query = (
        "SELECT ?report ?quote ?start ?end WHERE "
        "{ ?p a gov:Passage ; gov:source ?report ; gov:quote ?quote ; gov:start ?start ; gov:end ?end }"
    )
    prefixes = {"gov": terms.GOV}
    answer = store.open_store(corpus_build).query(query, prefixes=prefixes)
    texts = {path.stem: path.read_bytes().decode() for path in (corpus_build / "texts").iterdir()}
    count = 0
    for report, quote, start, end in answer:  # type: ignore[union-attr]
        text = texts[report.value.rpartition("/")[2]]
        assert text[int(start.value) : int(end.value)] == quote.value
        count += 1
    assert count > 200


# ------------------------------------------------------------------ any folder


def run(paths: list[Path], target: Path, workers: int = 1) -> Path:
    build.build(paths, target, outputs.Settings(html=False), workers)
    return target


def quads(folder: Path) -> set[str]:
    return set((folder / "graph.nq").read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, set[str]]:
    """Build each of the shortest samples by itself."""
    folder = tmp_path_factory.mktemp("alone")
    return {path: quads(run([path], folder / str(at))) for at, path in enumerate(SHORTEST)}


@settings(max_examples=8, deadline=None, derandomize=True)
@given(chosen=st.permutations(SHORTEST).flatmap(lambda p: st.integers(2, len(p)).map(lambda n: p[:n])))
def test_a_graph_is_the_union_of_its_documents_in_any_order(
    chosen: list[Path], alone: dict[Path, set[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    together = run(chosen, tmp_path_factory.mktemp("union") / "out")
    assert quads(together) == set().union(*(alone[path] for path in chosen))
    text = (together / "graph.nq").read_text(encoding="utf-8")
    assert text.splitlines() == sorted(text.splitlines())


def test_order_and_workers_change_no_byte(tmp_path: Path) -> None:
    one = builds.content(run(SHORTEST, tmp_path / "one"))
    assert builds.content(run(SHORTEST[::-1], tmp_path / "reversed")) == one
    assert builds.content(run(SHORTEST, tmp_path / "two", workers=2)) == one


def test_hash_seeds_change_no_byte(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for path in SHORTEST[:3]:
        shutil.copy(path, source)
    found = []
    for seed in ("0", "4711"):
        target = tmp_path / seed
        code = "from kg.cli import main; main()"
        command = [sys.executable, "-c", code, "build", str(source), "-o", str(target), "-q"]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, timeout=120)
        found.append(builds.content(target))
    assert found[0] == found[1]
    assert "graph.html" in found[0]


@cache
def content_of(path: Path, changed: bool) -> bytes:
    """Return a sample's bytes, or those of a later version of it that says one thing more."""
    data = path.read_bytes()
    if not changed:
        return data
    if path.suffix == ".html":
        return data.replace(b"</body>", "<p>我县印发《年度普法方案》。</p></body>".encode(), 1)
    return data + "\n我县印发《年度普法方案》。\n".encode()


STATES = st.lists(
    st.tuples(*(st.sampled_from(("absent", "present", "changed")) for _ in SHORTEST[:3])).filter(
        lambda state: any(item != "absent" for item in state)
    ),
    min_size=2,
    max_size=3,
)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(states=STATES)
def test_an_incremental_build_ends_in_the_bytes_of_a_fresh_one(
    states: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("incremental")
    source = folder / "in"
    source.mkdir()
    for state in states:
        for path, what in zip(SHORTEST[:3], state, strict=True):
            if what == "absent":
                (source / path.name).unlink(missing_ok=True)
            else:
                (source / path.name).write_bytes(content_of(path, what == "changed"))
        run([source], folder / "out")
    assert builds.content(folder / "out") == builds.content(run([source], folder / "fresh"))
