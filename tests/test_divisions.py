"""The tables of divisions: complete, consistent, quick to load."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kg.resources import RULE_DATA, ontology_folder
from kg.rules import places, tables

DIVISIONS = ontology_folder() / "divisions.tsv"
FORMER = ontology_folder() / "former_divisions.tsv"

KINDS = {
    "country": {"country"},
    "province": {"province", "autonomous-region", "municipality", "sar"},
    "prefecture": {"prefecture-city", "autonomous-prefecture", "league", "prefecture"},
    "county": {
        "district",
        "county-city",
        "county",
        "autonomous-county",
        "banner",
        "autonomous-banner",
        "forestry-area",
        "special-district",
    },
    "township": {
        "town",
        "township",
        "ethnic-township",
        "subdistrict",
        "sumu",
        "ethnic-sumu",
        "district-office",
    },
}


def rows(path: Path) -> list[list[str]]:
    """Read a table the quick way, without its header."""
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    return [line.split("\t") for line in lines[1:]]


@pytest.fixture(scope="module")
def divisions() -> dict[str, list[str]]:
    return {row[0]: row for row in rows(DIVISIONS)}


def test_every_level_is_complete(divisions: dict[str, list[str]]) -> None:
    levels = Counter(row[2] for row in divisions.values())
    assert levels == {"country": 1, "province": 34, "prefecture": 333, "county": 2845, "township": 38723}


def test_codes_are_unique_and_formed_as_their_level_demands(divisions: dict[str, list[str]]) -> None:
    assert len(rows(DIVISIONS)) == len(divisions)
    shapes = {"country": r"100000", "province": r"\d\d0000", "prefecture": r"\d{4}00", "township": r"\d{9}"}
    for code, row in divisions.items():
        assert len(row) == 6
        assert re.fullmatch(shapes.get(row[2], r"\d{4}(?!00)\d\d"), code), row


def test_every_parent_exists_and_is_higher(divisions: dict[str, list[str]]) -> None:
    order = list(KINDS)
    for code, _, level, kind, parent, _ in divisions.values():
        assert kind in KINDS[level], code
        if level == "country":
            assert parent == ""
            continue
        assert order.index(divisions[parent][2]) < order.index(level), code


KNOWN = """
100000 中国 country country - 中华人民共和国
469007 东方市 county county-city 460000 东方
370323 沂源县 county county 370300 沂源
360202 昌江区 county district 360200 昌江
469026 昌江黎族自治县 county autonomous-county 460000 昌江
441900 东莞市 prefecture prefecture-city 440000 东莞
440800 湛江市 prefecture prefecture-city 440000 湛江
460400 儋州市 prefecture prefecture-city 460000 儋州
513400 凉山彝族自治州 prefecture autonomous-prefecture 510000 凉山州
152500 锡林郭勒盟 prefecture league 150000 锡盟
150000 内蒙古自治区 province autonomous-region 100000 内蒙古
450000 广西壮族自治区 province autonomous-region 100000 广西
429021 神农架林区 county forestry-area 420000 神农架
710000 台湾省 province province 100000 台湾
810000 香港特别行政区 province sar 100000 香港
310115 浦东新区 county district 310000 浦东
211324 喀喇沁左翼蒙古族自治县 county autonomous-county 211300 喀左
"""


@pytest.mark.parametrize("line", KNOWN.split("\n")[1:-1])
def test_known_divisions(divisions: dict[str, list[str]], line: str) -> None:
    *expected, short = line.replace(" - ", "  ").split(" ")
    row = divisions[expected[0]]
    assert row[:5] == expected
    assert short in row[5].split("|")


@pytest.mark.parametrize("code", ["441900", "442000", "460400", "620200"])
def test_towns_hang_under_cities_without_counties(divisions: dict[str, list[str]], code: str) -> None:
    children = {row[2] for row in divisions.values() if row[4] == code}
    assert children == {"township"}


def test_short_names_are_names(divisions: dict[str, list[str]]) -> None:
    for code, name, level, _, _, short in divisions.values():
        for item in short.split("|") if short else []:
            assert len(item) >= 2, code
            assert item != name
            assert item not in {"市中", "开发区", "新区", "第一", "街道"}, code
        if level != "country" and not name.endswith("区公所"):
            assert len(short.split("|")) == len(set(short.split("|")))
    two = [row for row in divisions.values() if len(row[1]) == 2 and row[2] != "country"]
    assert two and not any(row[5] for row in two)


def test_the_prefecture_owns_the_name_it_shares_with_its_county(divisions: dict[str, list[str]]) -> None:
    assert "恩施" in divisions["422800"][5].split("|")
    assert divisions["422801"][5] == ""


def test_the_table_is_whole() -> None:
    assert len(rows(DIVISIONS)) > 41_000


def test_former_divisions_are_not_current(divisions: dict[str, list[str]]) -> None:
    former = rows(FORMER)
    assert len(former) > 4_000
    current = {(row[1], code) for code, row in divisions.items()}
    known = set(divisions) | {row[1] for row in former}
    for name, code, level, first, last, successors, parent in former:
        assert (name, code) not in current
        assert level in KINDS
        assert 1980 <= int(first) <= int(last) <= 2024
        assert all(successor in divisions for successor in successors.split("|") if successor)
        assert parent in known


@pytest.mark.parametrize(
    ("name", "code", "successors"),
    [
        ("崇文区", "110103", "110101"),
        ("襄樊市", "420600", "420600"),
        ("巢湖市", "341400", "340100|340200|340500"),
        ("莱芜市", "371200", "370100"),
        ("儋州市", "469003", "460400"),
        ("芳村区", "440107", "440103"),
        ("东方黎族自治县", "460032", "469007"),
        ("浈江区", "440203", "440204"),
        ("江北区", "500105", "500157"),
    ],
)
def test_known_successions(name: str, code: str, successors: str) -> None:
    assert [row[5] for row in rows(FORMER) if row[:2] == [name, code]] == [successors]


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("places/successions.tsv", ("name", "code", "successors", "year")),
        ("places/short_names.tsv", ("code", "name", "short", "drop")),
    ],
)
def test_tables_kept_by_hand_read_well(file: str, columns: tuple[str, ...]) -> None:
    read = list(tables.read(RULE_DATA / file, columns))
    keys = [(row["name"], row["code"]) for row in read]
    assert len(keys) == len(set(keys))


def test_zones_have_hosts_and_names_of_their_own(divisions: dict[str, list[str]]) -> None:
    zones = list(tables.read(RULE_DATA / "places" / "zones.tsv", ("name", "kind")))
    names = [name for zone in zones for name in (zone["name"], *zone.many("short"))]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [zone["name"] for zone in zones if zone["host_code"] and zone["host_code"] not in divisions] == []
    kinds = Counter(zone["kind"] for zone in zones)
    assert kinds["national-new-area"] == 19
    assert kinds["free-trade-port"] == 1
    zhanjiang = next(zone for zone in zones if zone["name"] == "湛江经济技术开发区")
    assert zhanjiang["host_code"] == "440800"
    assert {"湛江经开区", "湛江开发区"} <= set(zhanjiang.many("short"))


def test_zone_suffixes_are_shown_by_their_examples() -> None:
    for row in tables.read(RULE_DATA / "places" / "zone_suffixes.tsv", ("suffix", "kind")):
        example = row.get("example")
        assert not example or row["suffix"] in example, row["suffix"]


def test_townships_that_were_dropped_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_KEPT", 3)
    rows = {f"{code:09}": f"name {code}" for code in range(8)} | {"110000": "a province"}
    divisions = places.Divisions(
        lambda row: places.Division(next(c for c, r in rows.items() if r == row), row, "", "", "", ())
    )
    for code, row in rows.items():
        divisions.add(code, row)
    first = divisions["110000"]
    for _ in range(2):
        assert [divisions[code].name for code in rows] == list(rows.values())
    assert divisions["110000"] is first, "larger divisions are kept"
    assert len(divisions._made) == 4
