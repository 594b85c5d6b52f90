"""The reading stage: encodings, layout, fields and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Document
from kg.reading import read
from kg.resources import RULE_DATA
from kg.rules.layout import load_layout_rules
from kg.rules.tables import read as read_table

CASES = sorted((Path(__file__).parent / "cases" / "reading").glob("*.txt"))
PAGES = sorted((Path(__file__).parent / "cases" / "reading" / "pages").glob("*.html"))
TABLES = RULE_DATA / "reading"


def test_all_cases_are_found() -> None:
    assert len(CASES) == 62
    assert len(PAGES) == 9


def _case(path: Path) -> tuple[str, list[str], list[tuple[str, str]], tuple[str, ...]]:
    lines, roles, fields, flags = [], [], [], []
    for row in path.read_text(encoding="utf-8").split("\n"):
        if row.startswith("= "):
            name, value = row[2:].split(": ", 1)
            fields.append((name, value))
        elif row.startswith("! "):
            flags.append(row[2:])
        elif row and not row.startswith("#"):
            role, text = row.split("|", 1)
            roles.append(role.strip())
            lines.append(text.removeprefix(" "))
    return "\n".join(lines), roles, fields, tuple(flags)


def _roles(document: Document) -> list[str]:
    """Return the roles of each line, "" for an empty one, joined with + where a line has several."""
    result, begin = [], 0
    for line in document.text.split("\n"):
        end = begin + len(line)
        inside = [
            r.role for r in document.regions if document.text[max(r.start, begin) : min(r.end, end)].strip()
        ]
        result.append("+".join(inside))
        begin = end + 1
    return result


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_layout(path: Path) -> None:
    text, roles, fields, flags = _case(path)
    document = read(text.encode(), path.name)
    assert list(zip(_roles(document), text.split("\n"), strict=True)) == list(
        zip(roles, text.split("\n"), strict=True)
    )
    assert [(field.name, field.value) for field in document.fields] == fields
    assert document.flags == flags


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_layout_of_pages(path: Path) -> None:
    text, roles, fields, flags = _case(path.with_suffix(".txt"))
    document = read(path.read_bytes(), path.name)
    assert document.text == text
    assert list(zip(_roles(document), text.split("\n"), strict=True)) == list(
        zip(roles, text.split("\n"), strict=True)
    )
    assert [(field.name, field.value) for field in document.fields] == fields
    assert document.flags == flags


@pytest.mark.parametrize(
    ("written", "declared"), [("gb18030", "utf-8"), ("utf-8", "gb2312"), ("utf-8", "gbk")]
)
def test_wrong_charset_is_corrected(written: str, declared: str) -> None:
    path = next(path for path in PAGES if path.stem == "meta-tags-and-a-letter-per-span")
    markup = path.read_text(encoding="utf-8").replace("charset=utf-8", f"charset={declared}")
    assert read(markup.encode(written), path.name).fields == read(path.read_bytes(), path.name).fields


PAGE = (CASES[0].parent / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gbk", "gb18030")])
def test_html_page(charset: str, encoding: str) -> None:
    document = read(PAGE.replace("utf-8", charset).encode(charset), "page.html")
    assert (document.media_type, document.encoding) == ("text/html", encoding)
    assert document.text.split("\n")[:3] == [
        "索 引 号： 0001/2021 发文机关： 青川市司法局",
        "标　　题： 青川市司法局关于做好普法的通知",
        "青川市司法局",
    ]
    assert not re.search("脚本|隐藏|注释|color", document.text)
    assert {field.name: field.value for field in document.fields} == {
        "indexNumber": "0001/2021",
        "issuer": "青川市司法局",
        "title": "青川市司法局关于做好普法的通知",
        "addressee": "各县（区）司法局",
        "signature": "青川市司法局",
        "signatureDate": "2021-03-05",
        "published": "2021-03-05",
        "source": "青川市司法局",
    }
    body = "".join(document.text[r.start : r.end] for r in document.regions if r.role == "body")
    assert body.split("\n")[:2] == ["为做好普法工作，现通知如下：", "一、加强领导。"]


def test_html_byline_of_elements_without_gaps() -> None:
    markup = "<html><body><h1>普法工作年度报告</h1><span>发布时间：2022-01-21 09:11</span>"
    document = read(
        (
            markup
            + "<span>来源：市司法局</span><span>浏览：3次</span><p>全市开展普法活动。</p></body></html>"
        ).encode(),
        "a.html",
    )
    assert [(f.name, f.value) for f in document.fields] == [
        ("title", "普法工作年度报告"),
        ("published", "2022-01-21"),
        ("source", "市司法局"),
    ]


def test_html_is_known_by_its_content() -> None:
    assert read("<p>普法</p><p>工作。</p>".encode(), "a.txt").media_type == "text/html"
    assert read("按照<办法>的要求，做好普法工作。".encode(), "a.html").media_type == "text/plain"


def test_deep_html_is_read() -> None:
    markup = "<html><body>" + "<div>" * 250 + "普法工作。" + "</div>" * 250
    assert read(markup.encode(), "deep.html").text == "普法工作。"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (" \n　\r\n".encode(), "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "binary"),
        ("工作".encode() + b"\x00" + "平稳".encode(), "binary"),
        (bytes(range(1, 32)) * 3, "binary"),
        (b"\xff" * 200, "encoding"),
        ("全市工作平稳。".encode() + b"\xff\xff\xfe\xff" * 30, "encoding"),
        ("Überprüfung und Änderung der Größe".encode("latin-1"), "encoding"),
        (b"%PDF-1.7 ...", "damaged"),
        (b"PK\x03\x04word/document.xml", "damaged"),
        (b"{\\rtf1 text}", "unsupported-format"),
        (b"<!DOCTYPE html><html><head><script>load()</script></head><body></body></html>", "no-text"),
        (b"a" * (50 * 1024 * 1024 + 1), "too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError) as raised:
        read(data, "folder/a.txt")
    assert raised.value.reason == reason
    assert str(raised.value).startswith("folder/a.txt: ")
    assert raised.value.advice


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "gbk", "utf-8"])
def test_encodings(encoding: str) -> None:
    text = "青川市人民政府关于普法工作情况的报告\n2020年，我市扎实推进普法工作。"
    assert read(text.encode(encoding), "a.txt").text == text


def test_offsets_are_those_of_the_file_opened_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeff标题：报告\r\n\r\u2028正文。\x0c\n".encode())
    assert _written(read(path.read_bytes(), "a.txt")) == path.read_text(encoding="utf-8")


def _written(document: Document) -> str:
    """Return the text as its file has it."""
    return document.text if document.written is None else document.written.text


def _check(document: Document) -> None:
    position = 0
    for region in document.regions:
        assert region.start == position
        assert region.end > region.start
        position = region.end
    assert position == len(document.text)
    for field in document.fields:
        assert 0 <= field.start <= field.end <= len(document.text)
        assert field.value


@given(st.binary(max_size=300))
def test_any_bytes_give_a_document_or_an_input_error(data: bytes) -> None:
    try:
        document = read(data, "a")
    except InputError:
        return
    _check(document)


_PIECES = st.sampled_from(
    (
        *(
            "\n",
            "\n\n",
            "  ",
            "　",
            "标题：",
            "来源：",
            "文  号: ",
            "发布日期:",
            "青政〔2021〕3号",
            "2021年1月7日",
        ),
        *(
            "二〇二一年十三月",
            "202116",
            "青川市人民政府",
            "关于",
            "工作情况的报告",
            "市政府:",
            "市人大常委会",
            "（一）",
        ),
        *(
            "各位代表：",
            "一、基本情况",
            "全市工作平稳。",
            "附件：",
            "首页 > 公开",
            "打印",
            "网站地图",
            "第3号",
            "令",
        ),
        *("（此件公开发布）", "凯发app平台", "<p>", "</td>", "２０２１年１月７日", "【", "】", "_网站"),
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, min_size=1, max_size=30))
def test_regions_cover_any_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        document = read(text.encode(), "a")
    except InputError as error:
        assert error.reason in {"empty", "no-text"}
        return
    _check(document)
    if document.media_type == "text/plain":
        assert _written(document) == text


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200))
def test_text_is_kept_as_it_is(text: str) -> None:
    try:
        document = read(text.encode(), "a")
    except InputError as error:
        assert error.reason in {"empty", "unsupported-format", "no-text", "binary", "damaged"}
        return
    if document.media_type == "text/plain":
        assert _written(document) == text


@pytest.mark.parametrize(
    ("table", "method"),
    [
        ("furniture.tsv", "match"),
        ("notes.tsv", "fullmatch"),
        ("spam.tsv", "search"),
        ("breaks.tsv", "search"),
        ("runs.tsv", "search"),
    ],
)
def test_patterns_match_their_examples_only(table: str, method: str) -> None:
    for row in read_table(TABLES / table, ("pattern", "example", "counterexample")):
        test = getattr(re.compile(row["pattern"]), method)
        assert test(row["example"]), row.error("the example does not match")
        assert not test(row["counterexample"]), row.error("the counterexample matches")


def test_shapes_match_their_examples_only() -> None:
    methods = {"full": "fullmatch", "start": "match", "end": "search", "search": "search"}
    for row in read_table(TABLES / "patterns.tsv", ("name", "use", "pattern", "example", "counterexample")):
        pattern = f"(?:{row['pattern']})" + (r"\Z" if row["use"] == "end" else "")
        test = getattr(re.compile(pattern), methods[row["use"]])
        assert test(row["example"]), row.error("the example does not match")
        assert not test(row["counterexample"]), row.error("the counterexample matches")


def test_labels_are_found_in_their_examples() -> None:
    rules = load_layout_rules()
    for row in read_table(TABLES / "labels.tsv", ("label", "field", "where", "example")):
        match = rules.labels.match(row["example"])
        assert match is not None and match["word"] == row["label"], row.error("the example does not match")


def test_a_page_of_several_documents_is_flagged() -> None:
    head = "青川县司法局关于普法工作的通知\n青司〔2022〕3号\n各乡镇：\n"
    one = f"{head}　　请做好普法工作。\n青川县司法局\n2022年3月1日\n"
    assert read(one.encode(), "a.txt").flags == ()
    assert read((one + "附：青司〔2022〕4号文件\n" + one).encode(), "a.txt").flags == ()
    assert read((one + one.replace("3号", "5号")).encode(), "a.txt").flags == ("several-documents",)
