"""What contradicts itself in a document is found, and what only looks so is left alone."""

from __future__ import annotations

import pytest
from helpers import cases
from helpers.cases import Case

from kg.model import Conflict, Document, Field, Region
from kg.relating.conflicts import find_conflicts


def found(text: str) -> list[tuple[str, tuple[str, ...]]]:
    analysis = cases.understood(Case(cases.FOLDER, {"home": "371323"}, text, ()))
    for conflict in analysis.conflicts:
        for span in conflict.passages:
            assert 0 <= span.start < span.end <= len(analysis.document.text)
    return [(conflict.kind, conflict.values) for conflict in analysis.conflicts]


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        (
            "全年受理行政复议案件200件，审结150件，结案率95%。",
            "rate",
            ("200件", "150件", "95%"),
        ),
        (
            "全年排查矛盾纠纷500件，成功化解400件，化解率98%。",
            "rate",
            ("500件", "400件", "98%"),
        ),
        (
            "全年办理行政执法案件93件，其中行政处罚案件60件、行政强制案件50件。",
            "total",
            ("93件", "60件", "50件"),
        ),
        (
            "全年收到三类建议40件，分别为教育类建议10件、交通类建议20件、医疗类建议5件。",
            "total",
            ("40件", "10件", "20件", "5件"),
        ),
        (
            "全年共举办法治专题讲座12场。\n加强普法。\n全年共举办法治专题讲座15场。",
            "value",
            ("12场", "15场"),
        ),
    ],
)
def test_a_contradiction_is_found_with_both_values(text: str, kind: str, values: tuple[str, ...]) -> None:
    assert found(text) == [(kind, values)]


@pytest.mark.parametrize(
    "text",
    [
        "全年受理行政复议案件200件，审结150件，结案率75%。",
        "全年受理行政复议案件300件，审结200件，结案率66.7%。",
        "全年受理行政复议案件200件，审结150件，按时结案率100%。",
        "全年受理行政复议案件约200件，审结150件，结案率95%。",
        "全年受理行政复议案件200件。去年审结150件，结案率95%。",
        "全年办理行政执法案件93件，其中行政处罚案件60件、行政强制案件20件。",
        "全年办理行政执法案件93件，其中受理60件、办结50件。",
        "全年收到三类建议35件，分别为教育类建议10件、交通类建议20件、医疗类建议5件。",
        "全年共举办法治专题讲座12场。\n加强普法。\n上半年共举办法治专题讲座5场。",
        "全年共举办法治专题讲座12场。\n加强普法。\n全年共举办法治专题讲座15场，较上年增长5场。",
        "全年共举办法治专题讲座12场。\n加强普法。\n全年共举办法治专题讲座12场。",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_both_values_stay_in_the_graph() -> None:
    text = "全年受理行政复议案件200件，审结150件，结案率95%。"
    analysis = cases.understood(Case(cases.FOLDER, {"home": "371323"}, text, ()))
    assert [str(item.value) for item in analysis.observations] == ["200", "150", "95"]


def page(header: str, title: str, number: str, signed: str) -> tuple[Conflict, ...]:
    """Return the contradictions of a page whose parts are given."""
    text = f"{header}\n{title}\n{number}\n正文。\n{signed}\n"
    fields = [Field("title", title, len(header) + 1, len(header) + 1 + len(title))]
    for name, label in (("docNumber", "文号："), ("issued", "成文日期：")):
        start = header.index(label) + len(label)
        value = header[start:].split(" ", maxsplit=1)[0]
        fields.append(Field(name, value, start, start + len(value)))
    for name, value in (("docNumber", number), ("signatureDate", signed)):
        start = text.rindex(value)
        fields.append(Field(name, value, start, start + len(value)))
    regions = (Region(0, len(header) + 1, "metadata"), Region(len(header) + 1, len(text), "body"))
    made = Document("a.txt", "", text, "utf-8", "text/plain", regions, tuple(fields))
    return find_conflicts(made, ())


TITLE = "青川市2020年度法治政府建设情况报告"
HEADER = f"名称：{TITLE} 文号：青府〔2021〕4号 成文日期：2021-01-07 "


@pytest.mark.parametrize(
    ("title", "number", "signed", "kinds"),
    [
        (TITLE, "青府〔2021〕4号", "2021-01-07", []),
        (TITLE, "青府（2021）4号", "2021-01", []),
        ("青川市人民政府关于" + TITLE, "青府〔2021〕4号", "2021-01-07", []),
        (TITLE, "青府字〔2021〕4号", "2021-01-07", ["number"]),
        ("青川市2021年度法治政府建设情况报告", "青府〔2021〕4号", "2021-01-07", ["title"]),
        (TITLE, "青府〔2021〕4号", "2021-01-17", ["date"]),
    ],
)
def test_the_header_is_held_against_the_document(
    title: str, number: str, signed: str, kinds: list[str]
) -> None:
    conflicts = page(HEADER, title, number, signed)
    assert [conflict.kind for conflict in conflicts] == kinds
    assert all(value in conflict.message for conflict in conflicts for value in conflict.values)
