"""What is measured, in which unit, and what the number counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Observation, Segment
from kg.relating.numbers import find_numbers
from kg.relating.observations import observe
from kg.rules import tables
from kg.rules.measures import FOLDER, load

CASES = Path(__file__).parent / "cases" / "observations"
FEWEST_CASES = 40


def segment(text: str, planned: bool = False, kind: str = "sentence") -> Segment:
    return Segment(0, len(text), kind, "", (), "planned" if planned else "done", 0, ())  # type: ignore[arg-type]


def read(text: str, planned: bool = False) -> tuple[Observation, ...]:
    return observe(text, [segment(text, planned)], lambda offset: "")


def flags(seen: Observation) -> str:
    return " ".join(
        word
        for word, on in (
            ("approx", seen.approximate),
            (seen.bound, bool(seen.bound)),
            ("planned", seen.planned),
        )
        if on
    )


def cases() -> Iterator[tuple[str, list[tuple[str, str, str, str]]]]:
    for path in sorted(CASES.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for block in re.split(r"\n\s*\n", "\n".join(line for line in lines if not line.startswith("#"))):
            rows = block.strip("\n").split("\n")
            if rows[0].strip():
                cells = [(row + "\t\t\t").split("\t")[:4] for row in rows[1:]]
                yield rows[0].strip(), [(a, b, c, d.strip()) for a, b, c, d in cells]


ALL = list(cases())


def test_enough_cases_are_found() -> None:
    assert len(ALL) >= FEWEST_CASES


@pytest.mark.parametrize(("sentence", "rows"), ALL, ids=[sentence[:24] for sentence, _ in ALL])
def test_a_sentence_gives_the_observations_of_its_case(
    sentence: str, rows: list[tuple[str, str, str, str]]
) -> None:
    found = read(sentence.lstrip("!"), sentence.startswith("!"))
    assert [(f"{seen.value:f}", seen.unit, seen.indicator, flags(seen)) for seen in found] == rows


def rows_of(table: str) -> list[tables.Row]:
    return list(tables.read(FOLDER / table, ("example",)))


@pytest.mark.parametrize("row", rows_of("units.tsv"), ids=lambda row: row["unit"])
def test_every_unit_is_read_in_its_example(row: tables.Row) -> None:
    text = row["example"]
    assert row["base"] in [number.unit for number in find_numbers(text, 0, len(text), load())]


@pytest.mark.parametrize("row", rows_of("hedges.tsv"), ids=lambda row: row["word"])
def test_every_hedge_makes_the_number_of_its_example_approximate(row: tables.Row) -> None:
    (number,) = find_numbers(row["example"], 0, len(row["example"]), load())
    assert (number.approximate, number.bound) == (True, row["bound"])


@pytest.mark.parametrize("row", rows_of("scales.tsv"), ids=lambda row: row["pattern"])
def test_every_scale_multiplies_the_number_of_its_example(row: tables.Row) -> None:
    (number,) = find_numbers(row["example"], 0, len(row["example"]), load())
    assert number.value % Decimal(row["factor"]) < Decimal(row["factor"])
    assert number.value >= Decimal(row["factor"])


@pytest.mark.parametrize(
    "row",
    [row for row in rows_of("contexts.tsv") if row["side"] not in ("duration", "reported")],
    ids=lambda row: row["pattern"],
)
def test_no_context_that_measures_nothing_gives_an_observation(row: tables.Row) -> None:
    found = read(row["example"])
    assert len(found) <= (1 if row["reason"] == "capacity in the name of a project" else 0), found


def test_a_norm_measures_only_what_it_tells_has_happened() -> None:
    text = "截至2020年底，全国已建成基站35万个。到2025年，覆盖率达到90%。单户担保金额不超过500万元。"
    ends = [place + 1 for place, char in enumerate(text) if char == "。"]
    sentences = [
        Segment(a, b, "sentence", "", (), "done", 0, ()) for a, b in zip([0, *ends], ends, strict=False)
    ]
    assert [seen.indicator for seen in observe(text, sentences, lambda offset: "", norm=True)] == ["建成基站"]


def test_the_actor_is_asked_for_where_the_number_stands() -> None:
    text = "市公安局配备记录仪20台，市城管局配备8台。"
    found = observe(text, [segment(text)], lambda offset: "a" if offset < 14 else "b")
    assert [seen.of for seen in found] == ["a", "b"]


def test_a_number_points_at_itself_and_its_sentence() -> None:
    text = "前言。全年开展培训12场，惠及群众300余人次。"
    found = observe(text, [Segment(3, len(text), "sentence", "", (), "done", 0, ())], lambda offset: "")
    assert [text[seen.number.start : seen.number.end] for seen in found] == ["12场", "300余人次"]
    assert {text[seen.passage.start : seen.passage.end] for seen in found} == {text[3:]}


def test_rules_have_stable_names() -> None:
    assert {seen.rule for seen in read("受理案件9件，结案7件。")} == {
        "observation.before",
        "observation.ellipsis",
    }


MARKS = "年.,，、。；（）“”《》万亿余件个%元人次达共近和等的率由从每第-—至级对为\n"
WORDS = "2021 12 分别 增长 以上 其中 办理 建议 提高到 全市 公里 项目 城乡 连续"
PIECES = st.sampled_from([*MARKS, *WORDS.split()])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=60)))
def test_any_text_is_read_without_error_and_in_bounds(text: str) -> None:
    for seen in read(text):
        assert 0 <= seen.number.start < seen.number.end <= len(text)
        assert any(
            char.isdigit() or char in load().digits for char in text[seen.number.start : seen.number.end]
        )
        assert seen.value.is_finite()
        assert len(seen.indicator) > 1
    assert read(text) == read(text)


def periods(text: str, year: str = "2022") -> list[str]:
    return [seen.period for seen in observe(text, [segment(text)], lambda offset: "", year=year)]


@pytest.mark.parametrize(
    "row",
    list(tables.read(FOLDER / "periods.tsv", ("kind", "pattern", "example"))),
    ids=lambda row: row["example"],
)
def test_every_time_is_the_period_of_its_example(row: tables.Row) -> None:
    assert periods(row["example"])[0] == row["period"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年办理提案99件，办结98件。", ["", ""]),
        ("2021年，全县办理提案99件，办结98件。", ["2021", "2021"]),
        ("3月召开听证会2场，办理提案99件。", ["2022-03", "2022-03"]),
        ("办理提案99件，3月召开听证会2场，办结建议98件。", ["", "2022-03", ""]),
        ("办理提案99件，截至10月底，办结98件。", ["", "../2022-10"]),
        ("印发《2021年工作要点》，分解任务20项。", [""]),
        ("受理案件35件，比2021年增加12件。", ["", ""]),
        ("面积从2020年的11万亩增加到31万亩。", [""]),
        ("自2019年6月起，调解纠纷1200件。", ["2019-06/.."]),
        ("13月投入12万元，2月30日投入12万元。", ["", ""]),
        ("近三年调解纠纷1200件，今年调解300件。", ["2020/2022", ""]),
        ("去年转接案件7件。", [""]),
    ],
)
def test_a_time_holds_as_far_as_the_sentence_says(text: str, expected: list[str]) -> None:
    assert periods(text) == expected


def test_without_a_reporting_year_only_full_times_are_periods() -> None:
    assert periods("2021年办理提案99件，3月办结98件。", "") == ["2021", "2021-03"]
    assert periods("上半年办理提案99件，近三年办结98件。", "") == ["", ""]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"0123年月日至-以来截近上半，。件“”", "2021年", "受理案件9件", "12月"]), max_size=25
    )
)
def test_every_period_has_the_form_that_the_shapes_ask_for(pieces: list[str]) -> None:
    day = r"\d{4}(-\d{2}){0,2}"
    assert all(
        re.fullmatch(rf"|{day}|({day}|\.\.)/({day}|\.\.)", found) for found in periods("".join(pieces))
    )
