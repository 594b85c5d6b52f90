"""Bytes to text: by format, told by what a file holds; only Markdown, which is text, by its name."""

from __future__ import annotations

from kg.errors import InputError
from kg.reading.content import Content
from kg.reading.decoding import check_size, decode
from kg.reading.formats.markdown import is_markdown, read_markdown
from kg.reading.html import is_html, read_html
from kg.reading.lines import squeeze
from kg.reading.signatures import is_mhtml, is_pdf, is_zip

__all__ = ["open_content"]


def open_content(data: bytes, source: str) -> Content:
    """Return what the file called ``source`` holds.

    Raises:
        InputError: the file is empty, too large, damaged, protected, without text or of an unknown format.

    """
    check_size(data, source)
    content = _read(data, source)
    if not squeeze(content.text):
        raise InputError(source, "no-text", "it holds no text", "check that it is the document you mean")
    return content


def _read(data: bytes, source: str) -> Content:
    # Most documents are text: the readers of the other formats are imported where one is met.
    if is_pdf(data):
        from kg.reading.formats.pdf import read_pdf  # noqa: PLC0415

        return read_pdf(data, source)
    if is_zip(data):
        from kg.reading.formats.docx import read_docx  # noqa: PLC0415

        return read_docx(data, source)
    if is_mhtml(data):
        from kg.reading.formats.mhtml import read_mhtml  # noqa: PLC0415

        return read_mhtml(data, source)
    text, encoding = decode(data, source)
    if is_html(text):
        page = read_html(text, source)
        return Content(page.text, encoding, "text/html", page.title, page.meta)
    if is_markdown(source):
        page = read_markdown(text, source)
        return Content(page.text, encoding, "text/markdown", page.title, page.meta)
    return Content(text, encoding, "text/plain")
