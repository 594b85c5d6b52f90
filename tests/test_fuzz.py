"""A bounded time of fuzzing at every run, after everything that fuzzing has found before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from helpers import fuzzing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HERE = Path(__file__).resolve().parent
FOUND = sorted(path for path in (HERE / "fuzz" / "found").iterdir() if path.name != "README.md")
SECONDS = 25

PIECES = st.sampled_from(
    [
        "青川县",
        "市",
        "司法局",
        "人民政府",
        "我县",
        "2022年",
        "《",
        "》",
        "“",
        "”",
        "〔2022〕3号",
        "印发",
        "开展",
        "关于",
        "的通知",
        "专项行动",
        "25件",
        "3.5%",
        "12.3万元",
        "，",
        "。",
        "；",
        "：",
        "\n",
        "\n一、",
        "\n（一）",
        "\n1.",
        "下一步，",
        "<p>",
        "</p>",
        "<table><tr><td>",
        "&lt;",
        "**",
        "#",
        "|",
        "\u200b",
        "\u202e",
        "\x01",
        "�",
        "𠮷",
        "=",
        "'",
        '"',
        "\\",
        "./",
        "(",
        "）",
        "\ufeff",
        "縣",
        "１",
    ]
)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name[:20])
def test_what_was_found_before_stays_mended(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    name = fuzzing.NAMES[data[0] % len(fuzzing.NAMES)]
    fuzzing.check_reading(data[1:], name)
    fuzzing.check_build(data[1:], name, tmp_path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=60), st.sampled_from(fuzzing.NAMES[:3]))
def test_any_text_of_the_genre_is_read_into_sound_facts(pieces: list[str], name: str) -> None:
    fuzzing.check_reading("".join(pieces).encode(), name)


@settings(max_examples=15, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(fuzzing.NAMES))
def test_any_file_is_built_or_named(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], name: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    fuzzing.check_build("".join(pieces).encode(), name, folder)


def test_fuzzing_for_a_bounded_time_finds_nothing() -> None:
    script = HERE.parent / "scripts" / "fuzz.py"
    command = [sys.executable, str(script), "--seconds", str(SECONDS)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    assert "number_of_executed_units" in ended.stderr
