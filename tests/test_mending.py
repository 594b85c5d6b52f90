"""A damaged text is read as what it was, and quoted as it is written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from helpers.harms import HARMS
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Analysis
from kg.reading import read
from kg.reading.mending import mend
from kg.resources import RULE_DATA
from kg.rules import load as load_rules
from kg.rules import tables
from kg.rules.damage import load_damage_rules
from kg.understanding import understand

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
DOCUMENTS = ("三都水族自治县2022年法治政府建设报告.txt", "景德镇市2022年法治政府建设情况报告.txt")


@cache
def original(name: str) -> str:
    return (CORPUS / name).read_text(encoding="utf-8")


@cache
def understood(text: str) -> Analysis:
    return understand(read(text.encode(), "报告.txt"), load_rules())


def facts(analysis: Analysis) -> set[tuple[str, str, str, bool]]:
    own = analysis.report.id
    return {
        (fact.subject.replace(own, ""), fact.predicate, fact.object.replace(own, ""), fact.planned)
        for fact in analysis.facts
    }


def numbers(analysis: Analysis) -> set[tuple[str, str, str, str]]:
    own = analysis.report.id
    return {
        (seen.of.replace(own, ""), seen.indicator, str(seen.value), seen.unit)
        for seen in analysis.observations
    }


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_damaged_text_says_the_same(name: str, harm: str) -> None:
    text = original(name)
    damaged = HARMS[harm](text)
    assert damaged != text
    before, after = understood(text), understood(damaged)
    for told in (facts, numbers):
        lost, made_up = told(before) - told(after), told(after) - told(before)  # type: ignore[operator]
        assert len(lost) + len(made_up) <= 0.02 * len(told(before)), (lost, made_up)  # type: ignore[arg-type]
    assert (after.report.year, after.report.jurisdiction) == (before.report.year, before.report.jurisdiction)


@pytest.mark.parametrize("harm", HARMS)
def test_quotes_are_what_is_written(harm: str) -> None:
    damaged = HARMS[harm](original(DOCUMENTS[0]))
    analysis = understood(damaged)
    text = analysis.document.text
    assert text == damaged.replace("\r\n", "\n")
    assert analysis.document.written is None
    spans = [span for fact in analysis.facts for span in fact.passages]
    spans += [seen.passage for seen in analysis.observations]
    assert len(spans) > 40
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start].strip()
    for seen in analysis.observations:
        assert seen.passage.start <= seen.number.start < seen.number.end <= seen.passage.end
        assert text[seen.number.start].strip()
    assert [region.start for region in analysis.document.regions[1:]] == [
        region.end for region in analysis.document.regions[:-1]
    ]
    assert analysis.document.regions[-1].end == len(text)
    for thing, start, end in analysis.mentions:
        assert 0 <= start <= end <= len(text), thing


def test_an_undamaged_text_is_left_alone() -> None:
    for path in sorted(CORPUS.glob("*.txt")):
        document = read(path.read_bytes(), path.name)
        if document.encoding == "utf-8":
            assert document.written is None or document.text != document.written.text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("首页 > 政务公开 > 《普法规定》", "首页 > 政务公开 > 《普法规定》"),
        ("<普法规定>和<div>", "《普法规定》和<div>"),
        ("《关于<普法>的通知》", "《关于<普法>的通知》"),
        ("〈普法规定〉", "《普法规定》"),
        ('开展"普法"和"宣讲"', "开展“普法”和“宣讲”"),
        ('12"管道', '12"管道'),
        ("县司法局 县公安局 县民政局 县财政局", "县司法局 县公安局 县民政局 县财政局"),
        ("张三 李四 王五", "张三 李四 王五"),
        ("普法（pufa）平台", "普法（pufa）平台"),
        ("２０２２年增长１２．５％", "2022年增长12．5%"),
    ],
)
def test_what_is_read(text: str, meant: str) -> None:
    assert mend(text, lambda line: False, lambda line: False)[0] == meant


ROWS = list(tables.read(RULE_DATA / "reading" / "damage.tsv", ()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["name"]))
def test_damage_fits_its_example_and_not_its_counterexample(row: tables.Row) -> None:
    kind = next(kind for kind in load_damage_rules().kinds if kind.name == row["name"])

    def lost(text: str) -> list[str]:
        return [part for found in kind.stretch.finditer(text) for part in kind.lost.findall(found[0])]

    assert lost(row["example"])
    assert not lost(row["counterexample"])


PAIRS = list(tables.read(RULE_DATA / "reading" / "pairs.tsv", ()))


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: str(row["why"]))
def test_marks_in_pairs_are_read_as_the_others(row: tables.Row) -> None:
    example, opening, closing = row["example"], row["read_open"], row["read_close"]
    assert row["open"] in example
    meant = mend(example, lambda line: False, lambda line: False)[0]
    assert (meant.count(opening), meant.count(closing)) == (1, 1)
    assert row["open"] not in meant
    assert row["close"] not in meant


@given(st.text(st.sampled_from('法治政府縣建設 \u200b\n(fǎ)“”"<>〈〉《》１a，。'), max_size=80))
def test_offsets_lead_back_whatever_the_text(text: str) -> None:
    meant, written = mend(text, lambda line: line.endswith("。"), lambda line: False)
    if written is None:
        assert meant == text
        return
    assert written.text == text
    assert len(written.starts) == len(meant)
    assert list(written.starts) == sorted(set(written.starts))
    for at in range(len(meant)):
        start, end = written.span(at, at + 1)
        assert end == start + 1
        assert 0 <= start < end <= len(text)
