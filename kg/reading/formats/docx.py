"""Word documents to the text that a reader of them sees: paragraphs with their numbers, tables, notes.

The container and its XML are read here, and not by a library for writing documents: such libraries show
neither automatic numbers nor notes, text boxes and tracked changes, and give up on files that name a missing
picture.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from kg.errors import InputError
from kg.reading.content import Content, own_title
from kg.reading.formats.numbering import Numbering
from kg.reading.formats.office import attribute, child, children, is_on, name
from kg.reading.formats.package import Package
from kg.reading.html import CELL_TEXT, squeeze_spaces
from kg.reading.lines import squeeze

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# What was deleted or moved away, a reading aid above a character, what is shown where the rest is not known.
_GONE = frozenset(
    {"del", "moveFrom", "rt", "Fallback", "instrText", "delText", "pPr", "rPr", "sdtPr", "annotation"}
)
_BREAKS = frozenset({"br", "cr"})
_SOFT_HYPHEN = "\u00ad"
# Characters of symbol fonts stand where Unicode has none.
_PRIVATE = range(0xE000, 0xF900)


def read_docx(data: bytes, source: str) -> Content:
    """Return what a Word document shows, without headers and footers of its pages.

    Raises:
        InputError: it is damaged, protected, larger than a document can be, or another kind of file.

    """
    package = Package(data, source)
    main = package.related("").get("officeDocument", "word/document.xml")
    if main not in package or "workbook" in main or "presentation" in main:
        advice = (
            "unpack it and give the files in it"
            if "ZIP" in package.kind
            else "open it and save its text as .docx or PDF"
        )
        raise InputError(source, "unsupported-format", f"it is {package.kind}", advice)
    root = package.xml(main)
    body = None if root is None else child(root, "body")
    if body is None:
        problem = f"its part {main!r} holds no document"
        raise InputError(source, "damaged", problem, "open it in a word processor and save it again")
    parts = package.related(main)
    reader = _Reader(
        Numbering(package.xml(parts.get("numbering", "")), package.xml(parts.get("styles", ""))),
        {
            kind: {attribute(note, "id"): note for note in _notes(package.xml(parts.get(f"{kind}s", "")))}
            for kind in ("footnote", "endnote")
        },
    )
    text = "\n".join(line for line in reader.lines(body) if line)
    if not squeeze(text):
        problem = "the document shows no text (it may be pictures of pages)"
        raise InputError(source, "no-text", problem, "run OCR first, or find the text version")
    title = _title(package.xml(package.related("").get("core-properties", "")))
    return Content(text, "", MEDIA_TYPE, "", (("dc:title", title),) if title else ())


def _notes(root: etree._Element | None) -> Iterator[etree._Element]:
    """Yield the notes themselves, not the lines that part them from the text."""
    for kind in ("footnote", "endnote"):
        yield from (note for note in children(root, kind) if not attribute(note, "type"))


def _title(properties: etree._Element | None) -> str:
    return next((own_title(node.text or "") for node in children(properties, "title")), "")


class _Reader:
    """Reads the blocks of one document in their order, which the numbers depend on."""

    def __init__(self, numbering: Numbering, notes: dict[str, dict[str, etree._Element]]) -> None:
        self._numbering = numbering
        self._notes = notes
        self._cited: list[etree._Element] = []

    def lines(self, body: etree._Element) -> Iterator[str]:
        """Yield the document's lines: its text, then the notes that it refers to."""
        yield from self._blocks(body)
        # Notes may hold paragraphs with notes: each is read once.
        for note in self._cited:
            yield from self._blocks(note)

    def _blocks(self, container: etree._Element) -> Iterator[str]:
        waiting = ""
        for node in _inside(container, {"p", "tbl"}):
            if name(node) == "tbl":
                yield from waiting.split("\n")
                waiting = ""
                for row in _inside(node, {"tr"}):
                    yield from self._row(row)
                continue
            properties = child(node, "pPr")
            boxes: list[etree._Element] = []
            text = _tidy("".join(self._inline(node, boxes)))
            # An empty paragraph shows no number, and one that is joined to another has the number of that.
            label = self._numbering.label(properties) if text and not waiting else ""
            waiting += label + text
            if not _is_joined(properties):
                yield from waiting.split("\n")
                waiting = ""
            for box in boxes:
                yield from self._blocks(box)
        yield from waiting.split("\n")

    def _row(self, row: etree._Element) -> Iterator[str]:
        """Yield a row as one line, or the lines of its cells where it only places paragraphs on the page."""
        if is_on(child(child(row, "trPr"), "del")):
            return
        nested, cells = False, []
        for cell in _inside(row, {"tc"}):
            nested = nested or next(_inside(cell, {"tbl"}), None) is not None
            cells.append([line for line in self._blocks(cell) if line])
        if nested or len(cells) < 2 or any(len(squeeze("".join(cell))) > CELL_TEXT for cell in cells):
            for cell in cells:
                yield from cell
        else:
            yield " ".join(" ".join(cell) for cell in cells if cell)

    def _inline(self, node: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        for each in node:
            tag = name(each)
            if tag in _GONE or (tag == "r" and is_on(child(child(each, "rPr"), "vanish"))):
                continue
            if tag == "t":
                yield each.text or ""
            elif tag == "tab":
                yield " "
            elif tag in _BREAKS:
                yield "\n"
            elif tag == "noBreakHyphen":
                yield "-"
            elif tag == "sym":
                yield _symbol(attribute(each, "char"))
            elif tag == "txbxContent":
                boxes.append(each)
            elif tag in {"footnoteReference", "endnoteReference"}:
                note = self._notes[tag.removesuffix("Reference")].get(attribute(each, "id"))
                if note is not None and note not in self._cited:
                    self._cited.append(note)
            elif len(each):
                yield from self._inline(each, boxes)


def _inside(container: etree._Element, wanted: set[str]) -> Iterator[etree._Element]:
    """Yield the blocks of a container, those inside wrappers (content controls, insertions) too."""
    for node in container:
        tag = name(node)
        if tag in wanted:
            yield node
        elif tag and tag not in _GONE and tag not in {"p", "tbl", "tr", "tc"}:
            yield from _inside(node, wanted)


def _is_joined(properties: etree._Element | None) -> bool:
    """Say whether the mark at a paragraph's end was deleted, so that the next one continues it."""
    mark = child(properties, "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _symbol(code: str) -> str:
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    return "" if point in _PRIVATE or not 0x20 <= point <= 0xFFFF or 0xD800 <= point < 0xE000 else chr(point)


def _tidy(text: str) -> str:
    text = text.replace(_SOFT_HYPHEN, "")
    return "\n".join(squeeze_spaces(line) for line in text.split("\n")).strip("\n")
