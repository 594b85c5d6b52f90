"""Names in pinyin: whatever a name holds, each of its characters has its readings and nothing else has."""

from __future__ import annotations

import itertools

from helpers import builds
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.viewing import spelling

NAMES = st.text(st.characters() | st.sampled_from("重庆行长调解枫桥经验〇𠮷绿"), max_size=12)


def test_characters_stand_by_every_reading_that_a_phrase_gives_them() -> None:
    found = spelling.spell(["枫桥经验", "重庆银行行长", "保重", "行政", "法律（绿色）", "12345热线ABC"])
    assert {reading: found[reading] for reading in ("feng", "qiao", "jing", "yan")} == {
        "feng": "枫", "qiao": "桥", "jing": "经", "yan": "验"
    }  # fmt: skip
    assert "重" in found["chong"]
    assert "重" in found["zhong"]
    assert "行" in found["hang"]
    assert "行" in found["xing"]
    assert set(found["lv"]) == set("律绿")
    assert not set("12345ABC（）") & set(itertools.chain(*found.values()))


@given(st.lists(NAMES, max_size=4))
@example(list(builds.HOSTILE))
@example(["\ud800枫\udfff", "葛\U000e0100", "㐀龥", "枫️桥"])
@settings(deadline=None)
def test_any_text_can_be_a_name(names: list[str]) -> None:
    found = spelling.spell(names)
    assert found == spelling.spell(reversed(names))
    assert list(found) == sorted(found)
    assert all(reading.isascii() and reading.isalpha() for reading in found), found
    assert set(itertools.chain(*found.values())) <= set(itertools.chain(*names))
