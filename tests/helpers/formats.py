"""Writes lines in other formats, as the programs write them that people use."""

from __future__ import annotations

import base64
import html
import io
import re
import urllib.parse
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from kg.rules import numerals

# How the levels of a report count: 一、 （一） 1.
LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
_NUMBERED = re.compile(
    r"(?P<one>[一二三四五六七八九十]+)、|（(?P<two>[一二三四五六七八九十]+)）|(?P<three>\d{1,2})\.(?!\d)"
)


def level(kind: int, form: str, text: str, more: str = "") -> str:
    """Return the XML of one level of a list."""
    return (
        f'<w:lvl w:ilvl="{kind}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
    )


def add_list(document: Any, levels: str, name: int = 90) -> None:
    """Define a list of a Word document, under a number of its own."""
    root = document.part.numbering_part.element
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}">{levels}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>')
    )


def number(paragraph: Any, depth: int, name: int = 90) -> None:
    """Make a paragraph an item of a list."""
    properties = paragraph._p.get_or_add_pPr()
    numbered = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", depth), ("w:numId", name)):
        node = OxmlElement(tag)
        node.set(qn("w:val"), str(value))
        numbered.append(node)
    properties.append(numbered)


def saved(document: Any) -> bytes:
    """Return a Word document's bytes."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word(lines: Sequence[str]) -> bytes:
    """Return a Word document that counts the headings itself, where that gives the numbers of the lines."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "青川市人民政府公报"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    add_list(document, "".join(level(i, *each) for i, each in enumerate(LEVELS)))
    counts = [0, 0, 0]
    for line in lines:
        match = _NUMBERED.match(line)
        depth = next((i for i, text in enumerate(match.groups()) if text), 0) if match else 0
        shown = match and match[depth + 1] == numerals.write(counts[depth] + 1, LEVELS[depth][0])
        if match and shown and (depth == 0 or counts[depth - 1]):
            counts[depth] += 1
            counts[depth + 1 :] = [0] * (len(counts) - depth - 1)
            number(document.add_paragraph(line[match.end() :]), depth)
        else:
            document.add_paragraph(line)
    return saved(document)


def page(lines: Sequence[str], title: str, style: str = "", main: str = "") -> str:
    """Return a page of a document, its title as a heading."""
    body = "".join(
        f"<{tag}>{html.escape(line)}</{tag}>" for line in lines for tag in ("h1" if line == title else "p",)
    )
    rules = (
        "body{font:16px/1.8 'Noto Serif CJK SC'} p{text-indent:2em;margin:0;text-align:justify} "
        f"h1{{text-align:center;font-size:22px;column-span:all}} {style}"
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><style>{rules}</style></head>'
        f"<body><main style='{main}'>{body}</main></body></html>"
    )


def mhtml(markup: str) -> bytes:
    """Return a page as browsers save it in one file, in quoted-printable GB18030, after a picture."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Subject"] = "=?utf-8?Q?=E9=9D=92?="
    message.set_content(
        markup.replace("utf-8", "gb2312"), subtype="html", charset="gb18030", cte="quoted-printable"
    )
    message.make_related()
    message.add_related(b"\x89PNG\r\n", "image", "png", filename="a.png")
    return message.as_bytes()


def markdown(lines: Sequence[str], title: str) -> str:
    """Return lines as Markdown: a paragraph each, what Markdown would take for a mark escaped."""
    return "\n\n".join(
        f"# {line}"
        if line == title
        else re.sub(r"([\\`*_{}\[\]<>#|~]|^[-+](?=\s)|(?<=^\d)\.(?=\s))", r"\\\1", line)
        for line in lines
    )


def printed(browser: Any, markup: str, folder: Path, **settings: Any) -> bytes:
    """Return what a browser prints of a page: a PDF with a header and a page number on every page."""
    path = folder / "page.html"
    path.write_text(markup, encoding="utf-8")
    browser.get("file://" + urllib.parse.quote(str(path)))
    line = "<div style='font-size:9px;width:100%;text-align:center'>{}</div>"
    asked = {
        "printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69, "displayHeaderFooter": True,
        "headerTemplate": line.format("青川市人民政府公报 2022年第3期"),
        "footerTemplate": line.format("— <span class=pageNumber></span> —"),
        **dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), 1), **settings,
    }  # fmt: skip
    return base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", asked)["data"])


def snapshot(browser: Any, markup: str, folder: Path) -> bytes:
    """Return a page as the browser saves it in one file."""
    path = folder / "page.html"
    path.write_text(markup, encoding="utf-8")
    browser.get("file://" + urllib.parse.quote(str(path)))
    found = browser.execute_cdp_cmd("Page.captureSnapshot", {"format": "mhtml"})["data"]
    return str(found).encode()
