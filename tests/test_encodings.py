"""Bytes in every encoding that Chinese documents come in, with right, wrong and missing declarations."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.reading.encodings import text_of

TEXT = "青川县2022年法治政府建设情况报告\n2022年，我县办理行政复议案件25件，依法化解矛盾纠纷。\n"
TRADITIONAL = "青川縣2022年法治政府建設情況報告\n2022年，我縣辦理行政復議案件25件，依法化解矛盾糾紛。\n"


@pytest.mark.parametrize("text", [TEXT, TRADITIONAL])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_encodings_are_told_by_what_they_give(text: str, encoding: str, name: str) -> None:
    found, told = text_of(text.encode(encoding), "a.txt")
    assert (found.lstrip("\ufeff"), told) == (text, name)


def test_gb2312_and_big5_are_read() -> None:
    assert text_of(TEXT.encode("gb2312"), "a.txt") == (TEXT, "gb18030")
    assert text_of(TRADITIONAL.encode("big5"), "a.txt") == (TRADITIONAL, "big5")
    assert text_of(TRADITIONAL.encode("big5hkscs"), "a.txt") == (TRADITIONAL, "big5")


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "big5", "iso-8859-1", "x-unknown", "utf-16"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [(TEXT, "utf-8"), (TEXT, "gb18030"), (TRADITIONAL, "big5"), (TRADITIONAL, "gb18030")],
)
def test_a_wrong_declaration_does_no_harm(text: str, encoding: str, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{text}</p></body></html>'
    found, name = text_of(page.encode(encoding), "a.html")
    assert (found, name) == (page, encoding)


def test_utf_16_whose_mark_lies_is_read_all_the_same() -> None:
    assert text_of(codecs.BOM_UTF16_LE + TEXT.encode("gb18030") + b"\n", "a.txt")[0].endswith("纠纷。\n\n")


def test_lines_in_two_encodings_are_read() -> None:
    first, second = TEXT.splitlines()
    data = first.encode() + b"\r\n" + second.encode("gbk") + b"\r\n"
    assert text_of(data, "a.txt") == (f"{first}\r\n{second}\r\n", "mixed")


@pytest.mark.parametrize(("text", "encoding"), [(TEXT, "utf-8"), (TEXT, "gb18030"), (TRADITIONAL, "big5")])
def test_a_text_cut_off_inside_a_character_is_read(text: str, encoding: str) -> None:
    data = (text.strip()[:-1] * 5).encode(encoding)[:-1]
    found, name = text_of(data, "a.txt")
    assert name == encoding
    assert found == (text.strip()[:-1] * 5)[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\xfd" * 50, bytes(range(128, 256)) * 4, "été à Noël".encode("latin-1")]
)
def test_what_is_no_chinese_in_any_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as told:
        text_of(data, "a.txt")
    assert told.value.reason in ("encoding", "binary")
    assert told.value.advice


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_told(data: bytes) -> None:
    try:
        text, name = text_of(data, "a.txt")
    except InputError as error:
        assert error.reason in ("encoding", "binary")
    else:
        assert isinstance(text, str)
        assert name in ("utf-8", "utf-16", "utf-32", "gb18030", "big5", "mixed")
