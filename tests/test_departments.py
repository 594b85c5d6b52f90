"""The tables of public bodies: no two rows claim one name, and all speak of types that exist."""

from __future__ import annotations

from collections import Counter

import pytest

from kg.resources import RULE_DATA, ontology_folder
from kg.rules import tables
from kg.rules.tables import Row

FOLDER = RULE_DATA / "institutions"
LEVELS = {"central", "province", "prefecture", "county", "township"}
SYSTEMS = {
    "party",
    "government",
    "congress",
    "cppcc",
    "court",
    "procuratorate",
    "supervision",
    "mass",
    "enterprise",
    "military",
    "public",
}


@pytest.fixture(scope="module")
def departments() -> list[Row]:
    return list(tables.read(FOLDER / "departments.tsv", ("name", "system", "level", "type", "source")))


@pytest.fixture(scope="module")
def named() -> list[Row]:
    return list(tables.read(FOLDER / "named_bodies.tsv", ("name", "type", "source")))


@pytest.fixture(scope="module")
def types() -> set[str]:
    concepts = tables.read(ontology_folder() / "concepts.tsv", ("scheme", "notation"))
    return {row["notation"] for row in concepts if row["scheme"] == "institution-type"}


def forms(rows: list[Row]) -> Counter[str]:
    return Counter(form for row in rows for form in (row["name"], *row.many("short")))


def test_cells_hold_known_words(departments: list[Row], named: list[Row], types: set[str]) -> None:
    for row in departments:
        assert row["system"] in SYSTEMS, row["name"]
        assert row["type"] in types, row["name"]
        assert set(row.many("level")) <= LEVELS, row["name"]
        for year in (row["from"], row["to"]):
            assert not year or (len(year) == 4 and year.isdigit()), row["name"]
        assert not (row["from"] and row["to"]) or row["from"] < row["to"], row["name"]
    assert {row["type"] for row in named} <= types


def test_a_form_belongs_to_one_body(departments: list[Row], named: list[Row]) -> None:
    central = [row for row in departments if row.many("level") == ("central",)]
    local = [row for row in departments if "central" not in row.many("level")]
    assert len(central) + len(local) == len(departments)
    for group in ([*central, *named], local):
        assert [form for form, count in forms(group).items() if count > 1] == []


def test_stems_belong_to_one_body(departments: list[Row]) -> None:
    stems = Counter(stem for row in departments for stem in row.many("stem"))
    assert [stem for stem, count in stems.items() if count > 1] == []


def test_successors_and_wholes_are_in_the_tables(departments: list[Row], named: list[Row]) -> None:
    names = {row["name"] for row in [*departments, *named]}
    assert {name for row in departments for name in row.many("successor")} <= names
    assert {row["partof"] for row in named if row["partof"]} <= names


def test_only_units_are_left_open(departments: list[Row]) -> None:
    for form in forms(departments):
        assert (
            form.replace("{unit}", "").isidentifier() or set(form) & set("“”（）、") or form[0].isdigit()
        ), form


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("人社局", "人力资源和社会保障局"),
        ("资规局", "自然资源和规划局"),
        ("城综局", "城市管理和综合执法局"),
        ("卫健委", "卫生健康委员会"),
        ("编办", "机构编制委员会办公室"),
        ("依法治{unit}办", "全面依法治{unit}委员会办公室"),
        ("扫黑办", "扫黑除恶专项斗争领导小组办公室"),
        ("信访联席办", "信访工作联席会议办公室"),
        ("疾控中心", "疾病预防控制中心"),
        ("中央依法治国办", "中央全面依法治国委员会办公室"),
        ("国家发改委", "国家发展和改革委员会"),
        ("银保监会", "中国银行保险监督管理委员会"),
        ("党中央", "中国共产党中央委员会"),
        ("国务院", "中华人民共和国国务院"),
    ],
)
def test_known_short_forms(departments: list[Row], named: list[Row], form: str, name: str) -> None:
    owners = [row["name"] for row in [*departments, *named] if form in row.many("short")]
    assert owners == [name]
