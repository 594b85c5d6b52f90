"""Word documents, PDF, saved pages and Markdown: what is read of them, and what is refused with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pypdfium2
import pytest
from helpers import formats
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from kg.errors import InputError
from kg.model import Document
from kg.reading import read
from kg.resources import RULE_DATA
from kg.rules import numerals, tables

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

CODES = {row["code"] for row in tables.read(RULE_DATA / "analysing" / "codes.tsv", ("code",))}

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def lines(document: Document) -> list[str]:
    return document.text.split("\n")


def package(body: str, parts: dict[str, str] | None = None, space: str = W) -> bytes:
    """Return a Word document of raw XML: its body, and more parts by their kind (numbering, styles …)."""
    stream = io.BytesIO()
    more = parts or {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        first = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{first}</Relationships>')
        named = "".join(
            f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in more
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{named}</Relationships>'
        )
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        for kind, content in more.items():
            archive.writestr(f"word/{kind}.xml", content)
    return stream.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def item(text: str, depth: int = 0, name: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>')


def numbering(levels: str, lists: str = "") -> dict[str, str]:
    lists = lists or '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    abstract = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    return {"numbering": f"<w:numbering {W}>{abstract}{lists}</w:numbering>"}


def refusal(data: bytes, source: str = "folder/a.docx") -> InputError:
    with pytest.raises(InputError) as raised:
        read(data, source)
    assert str(raised.value).startswith(f"{source}: ")
    # The page about a build says both in Chinese as well.
    assert {f"skipped-{raised.value.reason}", f"advice-{raised.value.advice}"} <= CODES
    return raised.value


# Word documents


def test_paragraphs_tables_and_what_word_shows_beside_them() -> None:
    document = docx.Document()
    document.core_properties.title = "青川市2021年普法工作报告"
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    document.add_paragraph("2021年，全市\u00ad扎实普法。").add_run(" 完成案件12件。")
    table = document.add_table(rows=2, cols=3)
    for index, text in enumerate(("指标", "单位", "数", "案件", "件", "12")):
        table.cell(index // 3, index % 3).text = text
    document.add_paragraph("第一行").add_run().add_break()
    document.paragraphs[-1].add_run("第二行")
    found = read(formats.saved(document), "a.docx")
    assert lines(found) == [
        "2021年，全市扎实普法。 完成案件12件。",
        "指标 单位 数",
        "案件 件 12",
        "第一行",
        "第二行",
    ]
    assert [(f.name, f.value) for f in found.fields] == [("title", "青川市2021年普法工作报告")]
    assert found.media_type.endswith("wordprocessingml.document")
    assert found.encoding == ""


def test_tracked_changes_notes_boxes_links_and_hidden_text() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>加</w:t></w:r></w:ins><w:del><w:r><w:delText>减</w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:noBreakHyphen/></w:r>"
        "<w:ruby><w:rt><w:r><w:t>chuān</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>川</w:t></w:r></w:rubyBase></w:ruby>"
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:char="2460"/></w:r>'
        '<w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><mc:AlternateContent xmlns:mc='urn:mc'><mc:Choice><w:txbxContent>"
        + p("框内")
        + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
        + p("重复")
        + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        + p("前半", "<w:rPr><w:del/></w:rPr>")
        + p("后半。")
        + "<w:sdt><w:sdtPr><w:t>占位</w:t></w:sdtPr><w:sdtContent>"
        + p("控件内。")
        + "</w:sdtContent></w:sdt>"
    )
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator">{p("线")}</w:footnote>'
        f'<w:footnote w:id="2">{p("脚注。")}</w:footnote></w:footnotes>'
    )
    found = lines(read(package(body, {"footnotes": notes}), "a.docx"))
    assert found == ["加链接-川①", "框内", "前半后半。", "控件内。", "脚注。"]


def test_layout_tables_are_not_rows() -> None:
    def cell(content: str) -> str:
        return f"<w:tc>{content}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell(p('甲'))}{cell(p('乙'))}</w:tr></w:tbl>"
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + cell(p("删")) + "</w:tr>"
    first = f"<w:tr>{cell(p('一') + inner)}{cell(p('二'))}</w:tr>"
    second = f"<w:tr>{cell(p('长' * 700))}{cell(p('三'))}</w:tr>"
    found = lines(read(package(f"<w:tbl>{first}{second}{gone}</w:tbl>"), "a.docx"))
    assert found == ["一", "甲 乙", "二", "长" * 700, "三"]


def test_strict_documents_are_read() -> None:
    assert read(package(p("普法工作。"), space=STRICT), "a.docx").text == "普法工作。"


@pytest.mark.parametrize(
    "row", list(tables.read(RULE_DATA / "reading" / "numbering.tsv", ())), ids=lambda row: row["format"]
)
def test_numbers_are_written_as_the_examples_say(row: tables.Row) -> None:
    for example in row.many("example"):
        number, written = example.split("=")
        assert numerals.write(int(number), row["format"]) == written


def test_automatic_numbers_count_on_restart_below_and_name_the_levels_above() -> None:
    levels = (
        formats.level(0, "chineseCounting", "%1、")
        + formats.level(1, "chineseCounting", "（%2）")
        + formats.level(2, "decimal", "%3.")
        + formats.level(3, "decimal", "%1.%2.%4", "<w:isLgl/>")
        + formats.level(4, "bullet", "•")
        + formats.level(5, "decimal", "[%6]", '<w:lvlRestart w:val="0"/>')
    )
    depths = (0, 1, 2, 2, 1, 2, 3, 4, 5, 0, 1, 2, 5)
    found = lines(read(package("".join(item("甲", depth) for depth in depths), numbering(levels)), "a.docx"))
    assert [line.removesuffix("甲") for line in found] == [
        "一、", "（一）", "1.", "2.", "（二）", "1.", "1.2.1", "", "[1]", "二、", "（一）", "1.", "[2]",
    ]  # fmt: skip


def test_articles_stand_apart_from_their_number() -> None:
    levels = formats.level(0, "chineseCountingThousand", "第%1条").replace('<w:suff w:val="nothing"/>', "")
    found = lines(read(package(item("甲") * 12, numbering(levels)), "a.docx"))
    assert [found[0], found[9], found[11]] == ["第一条 甲", "第十条 甲", "第十二条 甲"]


def test_lists_may_begin_anew_and_take_their_numbers_from_styles() -> None:
    levels = formats.level(0, "decimal", "%1.").replace('w:start w:val="1"', 'w:start w:val="3"')
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{anew}</w:num>'
    )
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="loop"/></w:style></w:styles>'
    )
    body = (
        item("甲") + item("乙") + item("丙", name=2) + item("丁", name=2) + p("戊", '<w:pStyle w:val="b"/>')
        + item("己", name=0) + p("庚", '<w:pStyle w:val="loop"/>') + item("辛", name=7)
    )  # fmt: skip
    found = lines(read(package(body, {**numbering(levels, lists), "styles": styles}), "a.docx"))
    assert found == ["3.甲", "4.乙", "1.丙", "2.丁", "3.戊", "己", "庚", "辛"]


def bomb(declared: int | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:document>" + b" " * 30_000_000)
    data = stream.getvalue()
    if declared is not None:
        real = (30_000_012).to_bytes(4, "little")
        data = data.replace(real, declared.to_bytes(4, "little"))
    return data


def archive_of(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "普法")
    return stream.getvalue()


def locked() -> bytes:
    data = bytearray(package(p("普法工作。")))
    begin = 0
    while (begin := data.find(b"PK\x01\x02", begin)) >= 0:
        data[begin + 8] |= 1
        begin += 4
    return bytes(data)


ENTITIES = (
    "<!DOCTYPE x ["
    + '<!ENTITY a "普法普法">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1 if i > 1 else str()};" * 10}">' for i in range(1, 10))
)
WHOLE = package(p("普法工作。") * 40)


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (WHOLE[: len(WHOLE) // 2], "damaged", "ZIP container cannot be opened"),
        (WHOLE.replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged", "ZIP container"),
        (package("<w:p>"), "damaged", "no well-formed XML"),
        (package("").replace(b"document.xml", b"dokument.xml"), "unsupported-format", "ZIP archive"),
        (package(f"{ENTITIES}]>&a9;"), "damaged", "XML"),
        (package(""), "no-text", "no text"),
        (locked(), "encrypted", "password"),
        (bomb(), "too-large", "unpacks from"),
        (bomb(1000), "damaged", "cannot be unpacked"),
        (archive_of("xl/workbook.xml"), "unsupported-format", "xlsx"),
        (archive_of("ppt/presentation.xml"), "unsupported-format", "pptx"),
        (archive_of("content.xml", "mimetype"), "unsupported-format", "odt"),
        (archive_of("OFD.xml"), "unsupported-format", "OFD"),
        (archive_of("a.txt"), "unsupported-format", "no Word document"),
        (archive_of(*(f"{i}" for i in range(20_001))), "too-large", "members"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "unsupported-format", "old Office"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
            "password",
        ),
        (b"{\\rtf1 \\u26222?}", "unsupported-format", "Rich Text"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
def test_refused_documents(data: bytes, reason: str, words: str) -> None:
    error = refusal(data)
    assert error.reason == reason
    assert words in str(error)


def test_a_document_type_before_the_root_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        content = f"{ENTITIES}]><w:document {W}><w:body>{p('&a9;')}</w:body></w:document>"
        archive.writestr("word/document.xml", content)
    assert refusal(stream.getvalue()).reason == "damaged"


# PDF

Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, password: str | None = None, owner: str = "", turn: int = 0) -> bytes:
    stream = io.BytesIO()
    lock = None if password is None else StandardEncryption(password, ownerPassword=owner or password)
    canvas = Canvas(stream, pagesize=(595, 842), encrypt=lock, invariant=1)
    for draw in pages:
        canvas.setPageRotation(turn)
        canvas.setFont("STSong-Light", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def write(rows: Sequence[tuple[float, float, str]], size: int = 12) -> Draw:
    """Return what draws texts at places, y from the top."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", size)
        for x, y, text in rows:
            canvas.drawString(x, 842 - y, text)

    return draw


# A paragraph of three lines of thirty characters, indented by two, and one of a line; the last one is short.
PARAGRAPH = "全市扎实推进法治政府建设，" * 6 + "全市扎实推进法治政府建设。"
WORDS = [PARAGRAPH[:28], PARAGRAPH[28:58], PARAGRAPH[58:88], PARAGRAPH[88:]]


def block(top: float, texts: Sequence[str] = WORDS, left: float = 90) -> list[tuple[float, float, str]]:
    return [(left + (24 if i == 0 else 0), top + 20 * i, text) for i, text in enumerate(texts)]


def test_paragraphs_are_whole_again_and_what_repeats_is_left_out() -> None:
    pages = []
    for page in range(1, 5):
        edge = 480.0 if page % 2 else 90.0
        furniture = [(200.0, 40.0, "青川市人民政府公报 2022年第3期"), (edge, 800.0, f"— {page} —")]
        pages.append(write([*furniture, *block(120), *block(220), (114, 320, f"第{page}页的短段。")]))
    wanted = [line for page in range(1, 5) for line in (PARAGRAPH, PARAGRAPH, f"第{page}页的短段。")]
    found = read(pdf(*pages), "a.pdf")
    assert lines(found) == wanted
    assert (found.media_type, found.encoding) == ("application/pdf", "")


def test_a_paragraph_goes_on_over_a_page() -> None:
    first = [*block(100), *block(200), *block(300, WORDS[:2])]
    second = [(90.0 + 0, 100.0, WORDS[2]), (90.0, 120.0, WORDS[3]), *block(160), *block(260)]
    assert lines(read(pdf(write(first), write(second)), "a.pdf")) == [PARAGRAPH] * 5


def test_two_columns_are_read_one_after_the_other() -> None:
    short = [PARAGRAPH[i : i + 16] for i in range(0, 80, 16)]
    left = [(60.0, 160.0 + 20 * i, text) for i, text in enumerate(short)]
    right = [(310.0, 167.0 + 20 * i, text.replace("法", "德")) for i, text in enumerate(short)]
    title = [(190.0, 100.0, "关于法治政府建设情况的报告"), (60.0, 130.0, "各县区：" + "各有关部门、" * 6)]
    found = lines(read(pdf(write([*title, *left, *right])), "a.pdf"))
    assert found[0] == "关于法治政府建设情况的报告"
    assert "".join(found[2:]) == PARAGRAPH[:80] + PARAGRAPH[:80].replace("法", "德")


def table(canvas: Canvas) -> None:
    canvas.grid([90, 190, 390, 500], [842 - y for y in (100, 130, 190, 220)])
    cells = [
        (95, 120, "单位"), (195, 120, "任务"), (395, 120, "时限"),
        (95, 150, "市司法局"), (195, 150, "全面推行行政执法公示、记录和重大"), (195, 170, "决定审核制度"),
        (395, 160, "2022年"),
        (95, 210, "市财政局"), (195, 210, "保障经费"), (395, 210, "全年"),
    ]  # fmt: skip
    canvas.setFont("STSong-Light", 12)
    for x, y, text in cells:
        canvas.drawString(x, 842 - y, text)
    canvas.drawString(90, 842 - 260, "表后文字。")


def test_tables_are_read_row_by_row() -> None:
    assert lines(read(pdf(table), "a.pdf")) == [
        "单位 任务 时限",
        "市司法局 全面推行行政执法公示、记录和重大决定审核制度 2022年",
        "市财政局 保障经费 全年",
        "表后文字。",
    ]
    plain = write([(90, 100, "指标"), (300, 100, "数"), (90, 120, "办理案件"), (300, 120, "12件")])
    assert lines(read(pdf(plain), "a.pdf")) == ["指标 数", "办理案件 12件"]


def test_turned_pages_stamps_and_letters_printed_twice() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(90, 700, "普法工作扎实推进。")
        canvas.drawString(90.3, 700, "普法工作扎实推进。")
        canvas.saveState()
        canvas.rotate(45)
        canvas.drawString(300, 100, "水印")
        canvas.restoreState()

    assert read(pdf(draw), "a.pdf").text == "普法工作扎实推进。"

    def turned(canvas: Canvas) -> None:
        canvas.rotate(90)
        for y, text in ((-100, "第一行。"), (-130, "第二行 办理12件。")):
            canvas.drawString(100, y, text)

    assert lines(read(pdf(turned, turn=90), "a.pdf")) == ["第一行。", "第二行 办理12件。"]


def test_an_invisible_layer_of_text_over_a_scan_is_read() -> None:
    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture()), 0, 0, 595, 842)

    def recognised(canvas: Canvas) -> None:
        scan(canvas)
        text = canvas.beginText(90, 700)
        text.setTextRenderMode(3)
        text.textOut("识别出的文字。")
        canvas.drawText(text)

    assert read(pdf(recognised), "a.pdf").text == "识别出的文字。"
    error = refusal(pdf(scan), "a.pdf")
    assert (error.reason, error.problem) == ("no-text", "page images without text (a scan)")
    assert "OCR" in error.advice


def picture() -> io.BytesIO:
    from PIL import Image  # noqa: PLC0415

    stream = io.BytesIO()
    Image.new("L", (60, 80), 200).save(stream, "PNG")
    stream.seek(0)
    return stream


def test_protected_damaged_and_empty_pdfs() -> None:
    draw = write([(90, 100, "普法工作扎实推进。")])
    assert refusal(pdf(draw, password="secret"), "a.pdf").reason == "encrypted"
    assert read(pdf(draw, password="", owner="boss"), "a.pdf").text == "普法工作扎实推进。"
    whole = pdf(draw)
    assert refusal(whole[:60], "a.pdf").reason == "damaged"
    assert read(b"junk of a server\n" + whole, "a.txt").media_type == "application/pdf"
    assert refusal(pdf(lambda canvas: None), "a.pdf").reason == "no-text"


def test_pages_are_limited() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(2001):
        document.new_page(100, 100)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    error = refusal(stream.getvalue(), "a.pdf")
    assert error.reason == "too-large" and "2,001 pages" in error.problem


# Saved pages, Markdown, pages


def test_saved_pages_give_the_page_and_its_address() -> None:
    markup = formats.page(
        ["关于普法工作情况的报告", "市人大常委会：", "2021年，全市扎实普法。"], "关于普法工作情况的报告"
    )
    data = formats.mhtml(markup)
    assert b"charset" in data and "普法".encode() not in data
    found = read(
        data.replace(b"MIME-Version", b"Content-Location: http://a.gov.cn/1.html\nMIME-Version", 1), "a.mht"
    )
    assert lines(found) == ["关于普法工作情况的报告", "市人大常委会：", "2021年，全市扎实普法。"]
    assert (found.media_type, found.encoding) == ("multipart/related", "gb18030")
    empty = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
    empty += b"--x\nContent-Type: text/css\n\na{}\n--x--\n"
    assert refusal(empty, "a.mhtml").reason == "no-text"


def test_markdown_has_no_marks_left() -> None:
    text = (
        "---\ntitle: 青川市2021年普法工作报告\ndate: 2022-01-07\n---\n# 一、总体**情况**\n\n"
        "    2021年，我市*扎实*普法[制度](a.html)。\n第二行。\n\n1. 加强领导\n2. 完善制度\n\n   - 甲\n\n"
        "| 指标 | 数 |\n| --- | --- |\n| 案件 | 12件 |\n\n> 引文 `代码` \\*星\\*\n"
    )
    found = read(text.encode(), "a.md")
    assert lines(found) == [
        "一、总体情况", "2021年，我市扎实普法制度。", "第二行。", "1. 加强领导", "2. 完善制度", "甲",
        "指标 数", "案件 12件", "引文 代码 *星*",
    ]  # fmt: skip
    assert found.media_type == "text/markdown"
    assert {(f.name, f.value) for f in found.fields} >= {("published", "2022-01-07")}
    assert read(text.encode(), "a.txt").media_type == "text/plain"


def test_pages_name_the_site_the_column_and_their_address() -> None:
    tags = {
        "ArticleTitle": "青川市2021年普法工作报告", "PubDate": "2022-01-07 10:11",
        "ContentSource": "市司法局", "SiteName": "青川市人民政府门户网站", "SiteDomain": "www.a.gov.cn",
        "ColumnName": "法治政府建设年度报告", "Keywords": "法治",
        "Author": "张三", "Description": "说明", "Url": "http://www.a.gov.cn/1.html",
    }  # fmt: skip
    meta = "".join(f'<meta name="{name}" content="{value}"/>' for name, value in tags.items())
    markup = (
        '<?xml version="1.0" encoding="gb2312"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{meta}</head><body><p>全市扎实普法。</p></body></html>'
    )
    found = read(markup.encode("gb18030"), "a.xhtml")
    assert found.text == "全市扎实普法。"
    assert {f.name: f.value for f in found.fields} == {
        "title": "青川市2021年普法工作报告", "published": "2022-01-07", "source": "市司法局",
        "site": "青川市人民政府门户网站", "siteDomain": "www.a.gov.cn", "column": "法治政府建设年度报告",
        "keywords": "法治", "author": "张三", "description": "说明", "url": "http://www.a.gov.cn/1.html",
    }  # fmt: skip


SAMPLES = {
    "a.docx": WHOLE,
    "a.pdf": pdf(write(block(100)), table),
    "a.mht": formats.mhtml(formats.page(["报告", "全市扎实普法。"], "报告")),
    "a.md": "# 报告\n\n1. 全市*扎实*普法。\n".encode(),
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    whole = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        found = read(bytes(whole), name)
    except InputError as error:
        assert error.reason and error.advice
    else:
        assert found.text and found.regions[-1].end == len(found.text)


def test_an_unread_format_costs_no_time_at_the_start() -> None:
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = (
        "import sys, kg.reading; print([m for m in ('pypdfium2', 'markdown_it', 'docx') if m in sys.modules])"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
