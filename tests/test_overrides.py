"""What a user decides that a name means holds in every build, and a wrong decision is told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from helpers import cases
from helpers.cases import Case

from kg import rules, understanding
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
