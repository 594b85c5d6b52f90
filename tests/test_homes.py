"""A report speaks from the place that its title names, whatever that place is called."""

from __future__ import annotations

import pytest
from helpers import cases
from helpers.cases import Case

from kg import rules, understanding

GAZETTEER = rules.load().places.gazetteer
LEVELS = ("province", "prefecture", "county")
# What names of districts, of zones, and of areas that are neither (城区, 山区) end with.
ENDS = ("新区", "矿区", "城区", "山区", "林区", "湾区", "地区", "园区", "库区", "牧区", "开发区", "度假区")
CODES = sorted(code for code, division in GAZETTEER.divisions.items() if division.level in LEVELS)


def speaks_from(title: str) -> str:
    document = cases.document("推进依法行政。", {"title": title})
    return understanding.understand(document, rules.load()).report.jurisdiction


def test_divisions_are_found_by_their_full_names_in_titles() -> None:
    chosen = [
        code for at, code in enumerate(CODES) if at % 20 == 0 or GAZETTEER.divisions[code].name.endswith(ENDS)
    ]
    wrong = [
        cases.title_of(code) for code in chosen if speaks_from(cases.title_of(code)) != f"jurisdiction/{code}"
    ]
    assert len(chosen) > 250
    assert wrong == []


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("上海市浦东新区2022年法治政府建设情况报告", "jurisdiction/310115"),
        ("浦东新区人民政府2022年法治政府建设情况报告", "jurisdiction/310115"),
        ("东城区2022年度法治政府建设年度情况报告", "jurisdiction/110101"),
        ("大兴安岭地区行政公署2022年法治政府建设报告", "jurisdiction/232700"),
        ("湛江经济技术开发区2022年法治政府建设报告", "jurisdiction/440800/湛江经济技术开发区"),
    ],
)
def test_what_ends_like_a_zone_is_told_from_zones(title: str, place: str) -> None:
    assert speaks_from(title) == place


def test_a_built_up_area_is_no_zone() -> None:
    analysis = cases.understood(Case(cases.FOLDER, {"home": "469005"}, "文昌城区和文昌山区开展宣传。", ()))
    assert {row[3] for row in cases.named(analysis)} <= {"jurisdiction/469005"}
