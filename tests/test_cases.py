"""Each stage does what its cases show: one file per behaviour, input and expected rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers import cases
from helpers.cases import Case

Rows = list[tuple[str, ...]]


def recognised(case: Case) -> Rows:
    return [row[:2] for row in cases.named(cases.understood(case))]


def resolved(case: Case) -> Rows:
    return [row[1:] for row in cases.named(cases.understood(case))]


def related(case: Case) -> Rows:
    return sorted(cases.facts(cases.understood(case)))


STAGES: dict[str, Callable[[Case], Rows]] = {
    "segmenting": cases.segmented,
    "recognising": recognised,
    "resolving": resolved,
    "relating": related,
}
FOUND = {"segmenting": 10, "recognising": 17, "resolving": 18, "relating": 33}
ALL = [(stage, case) for stage in STAGES for case in cases.find(stage)]


def test_all_cases_are_found() -> None:
    assert {stage: len(cases.find(stage)) for stage in STAGES} == FOUND


@pytest.mark.parametrize(("stage", "case"), ALL, ids=[f"{stage}/{case.name}" for stage, case in ALL])
def test_a_stage_does_what_its_case_shows(stage: str, case: Case) -> None:
    assert STAGES[stage](case) == list(case.expected)


def test_the_same_sentence_means_each_place_that_speaks() -> None:
    """Hold namesakes apart: the words are the same, what they mean is not."""
    text = "昌江推进普法，市司法局给予指导。"
    meant = []
    for home in ("469026", "360202"):
        analysis = cases.understood(Case(cases.FOLDER, {"home": home}, text, ()))
        meant.append({row[3] for row in cases.named(analysis)})
    assert not meant[0] & meant[1]
