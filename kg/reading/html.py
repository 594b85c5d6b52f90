"""HTML to the text that a reader of the page sees, and what its head says about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from kg.errors import InputError
from kg.reading.lines import squeeze

_DROPPED = frozenset(
    {
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "select",
        "button",
        "iframe",
        "object",
        "embed",
        "svg",
    }
    | {"canvas", "audio", "video", "map", "math", "textarea", "input", "nav"}
)
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
    }
    | {
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
    }
    | {
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
    }
    | {"thead", "tr", "ul"}
)
_CELLS = frozenset({"td", "th"})
_TAG = re.compile(
    r"</?(?:html|head|body|div|table|tr|td|p|span|meta|script|title|br|a|li|ul|h[1-6])\b[^<>]*>", re.I
)
_BEGIN = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
# Hidden stretches are buttons and messages; a longer one is a text that a script unfolds, and is kept.
_HIDDEN_TEXT = 200
# A cell longer than this holds a page's article in a table made for layout, not a value.
CELL_TEXT = 600


@dataclass(frozen=True, slots=True)
class Page:
    """The visible text of a page, its <title>, and its <meta> tags as (lower-case name, content)."""

    text: str
    title: str
    meta: tuple[tuple[str, str], ...]


def is_html(text: str) -> bool:
    """Say whether ``text`` is HTML, by what it holds and not by its file's name.

    >>> is_html("<!DOCTYPE html><p>普法工作</p>"), is_html("按照<办法>的要求，a<b。")
    (True, False)
    """
    if _BEGIN.match(text):
        return True
    found = len(_TAG.findall(text[:200_000]))
    return found >= 20 or (found >= 2 and text.lstrip("\ufeff \t\r\n").startswith("<"))


def read_html(markup: str, source: str) -> Page:
    """Return what a page shows.

    Block elements begin lines, ``br`` ends one, and a table's row is a line with a space between cells.

    >>> read_html("<div><p>一、总体<b>情况</b></p><p>良好。</p></div>", "a.html").text
    '一、总体情况\\n良好。'

    Raises:
        InputError: the page shows no text.

    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(markup.lstrip("\ufeff").encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    text = "" if root is None else _visible(root)
    if root is None or not squeeze(text):
        problem = "the page shows no text (a script may load it)"
        raise InputError(source, "no-text", problem, "save the page from a browser, or its text as .txt")
    title = next((squeeze_spaces("".join(node.itertext())) for node in root.iter("title")), "")
    meta = tuple(
        (
            (node.get("name") or node.get("property", "")).strip().lower(),
            squeeze_spaces(node.get("content", "")),
        )
        for node in root.iter("meta")
        if (node.get("name") or node.get("property")) and node.get("content")
    )
    return Page(text, title, meta)


def squeeze_spaces(text: str) -> str:
    """Return ``text`` with single spaces for runs of white space, trimmed."""
    return _SPACE.sub(" ", text).strip()


def _visible(root: etree._Element) -> str:
    """Walk the tree without recursion, as deep as it may be, and collect the text piece by piece."""
    out = _Lines()
    in_row = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        tag = node.tag if isinstance(node.tag, str) else "script"
        if event == "start":
            if tag in _DROPPED or _is_hidden(node):
                walker.skip_subtree()
                continue
            in_row += tag == "tr" and _is_data_row(node)
            out.open(tag, in_row > 0)
            out.add(node.text, tag == "pre")
        else:
            dropped = tag in _DROPPED or _is_hidden(node)
            if not dropped and tag != "br":
                in_row -= tag == "tr" and _is_data_row(node)
                out.open(tag, in_row > 0)
            if node is not root:
                out.add(node.tail, False)
    return out.text()


class _Lines:
    """Collects text into lines as a browser would."""

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]

    def open(self, tag: str, in_row: bool) -> None:
        """Begin or end an element."""
        if tag == "br" or tag in _BLOCKS:
            if in_row and tag != "tr":
                self._lines[-1].append(" ")
            elif tag == "br" or any(part.strip(" \t\n\r\f\v") for part in self._lines[-1]):
                self._lines.append([])
            else:
                self._lines[-1].clear()
        elif tag in _CELLS:
            self._lines[-1].append(" ")

    def add(self, text: str | None, keep_breaks: bool) -> None:
        """Add a text node."""
        if not text:
            return
        if keep_breaks:
            first, *more = text.split("\n")
            self._lines[-1].append(first)
            self._lines += [[line] for line in more]
        else:
            self._lines[-1].append(text)

    def text(self) -> str:
        """Return the lines, without outer white space and with at most one empty line between two."""
        result: list[str] = []
        for parts in self._lines:
            line = _SPACE.sub(" ", "".join(parts)).strip(" ")
            if line or (result and result[-1]):
                result.append(line)
        return "\n".join(result).strip("\n")


def _is_hidden(node: etree._Element) -> bool:
    style = node.get("style")
    if node.get("hidden") is None and not (style and _HIDDEN.search(style)):
        return False
    return len(squeeze("".join(node.itertext()))) <= _HIDDEN_TEXT


def _is_data_row(row: etree._Element) -> bool:
    """Say whether a table's row holds values, and not a part of a page laid out with a table."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    if len(cells) < 2 or next(row.iter("table"), None) is not None:
        return False
    return all(len(squeeze("".join(cell.itertext()))) <= CELL_TEXT for cell in cells)
