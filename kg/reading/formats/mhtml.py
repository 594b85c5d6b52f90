"""Pages that a browser saved as one file (MHTML): the page itself, without its pictures and scripts."""

from __future__ import annotations

import binascii
import email
import re
from email.message import Message

from kg.errors import InputError
from kg.reading.content import Content
from kg.reading.decoding import decode
from kg.reading.html import read_html

MEDIA_TYPE = "multipart/related"

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET = re.compile(r"[\w.:-]{1,40}")
# More parts than the pictures, styles and frames of one page.
_MAX_PARTS = 10_000


def read_mhtml(data: bytes, source: str) -> Content:
    """Return what the page in an MHTML file shows.

    Raises:
        InputError: no page is in it, or it cannot be decoded.

    """
    try:
        page = _page(email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n")))
        content = page.get_payload(decode=True) if page is not None else None
    except (ValueError, LookupError, RecursionError, binascii.Error) as error:
        problem = "its parts cannot be told apart"
        raise InputError(source, "damaged", problem, "save the page from a browser again") from error
    if page is None or not isinstance(content, bytes) or not content.strip():
        raise InputError(source, "no-text", "no page is in it", "save the page from a browser again")
    text, encoding = _decoded(content, page, source)
    shown = read_html(text, source)
    address = str(page.get("Content-Location", "")).strip()
    said = (*shown.meta, ("url", address)) if address.startswith(("http://", "https://")) else shown.meta
    return Content(shown.text, encoding, MEDIA_TYPE, shown.title, said)


def _page(message: Message) -> Message | None:
    """Return the part that is the page: the one that is named as the start, or the first of its type."""
    parts = [
        part for part, _ in zip(message.walk(), range(_MAX_PARTS), strict=False) if not part.is_multipart()
    ]
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    start = message.get_param("start")
    named = [part for part in pages if start and part.get("Content-ID", "").strip() == str(start).strip()]
    return next(iter(named + pages), None)


def _decoded(content: bytes, page: Message, source: str) -> tuple[str, str]:
    """Decode as the part says, where that is how it is written, and by what it holds otherwise."""
    charset = page.get_content_charset() or ""
    if _CHARSET.fullmatch(charset) and charset not in {"utf-8", "us-ascii"}:
        name = "gb18030" if charset in {"gbk", "gb2312"} else charset
        try:
            return content.decode(name).replace("\r\n", "\n").replace("\r", "\n"), name
        except (LookupError, UnicodeError):
            pass
    return decode(content, source)
