"""Bytes to text: finds out the encoding, and refuses what is no text."""

from __future__ import annotations

import codecs
import re

from kg.errors import InputError
from kg.reading.lines import squeeze

MAX_BYTES = 50 * 1024 * 1024

# File signatures of what people put into a folder of documents, with the word for the message.
_MAGIC = (
    (b"%PDF", "pdf", "a PDF"),
    (b"PK\x03\x04", "zip", "a ZIP container (docx, xlsx, wps, zip)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc", "an old Office document (doc, xls, wps)"),
    (b"{\\rtf", "rtf", "a Rich Text document"),
    (b"\x1f\x8b", "gzip", "a gzip archive"),
    (b"Rar!", "rar", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "a 7z archive"),
    (b"\x89PNG", "image", "a PNG image"),
    (b"\xff\xd8\xff", "image", "a JPEG image"),
    (b"GIF8", "image", "a GIF image"),
    (b"BM", "image", "a BMP image"),
    (b"II*\x00", "image", "a TIFF image"),
    (b"MM\x00*", "image", "a TIFF image"),
    (b"SQLite format 3\x00", "database", "an SQLite database"),
    (b"\x7fELF", "program", "a program"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
# Control characters that text never has; tab, line feed, form feed and carriage return it has.
_CONTROL = frozenset(map(chr, range(32))) - frozenset("\t\n\f\v\r\x1a\x1b")


def decode(data: bytes, source: str) -> tuple[str, str]:
    r"""Return the text of ``data`` with line ends as ``\n``, and the name of its encoding.

    UTF-8 comes first and is kept as it is, a byte order mark included, so that offsets are those of the file
    opened as UTF-8 text. UTF-16 needs a byte order mark; GB18030 is believed only where it gives Chinese.

    >>> decode("各项任务圆满完成。".encode("gb18030"), "a.txt")
    ('各项任务圆满完成。', 'gb18030')

    Raises:
        InputError: the data is empty, too large, no text, or in no encoding that is known here.

    """
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024 / 1024:.0f} MB"
        raise InputError(source, "too-large", f"{size} is over the limit of 50 MB", "split the file")
    if not data.strip():
        raise InputError(source, "empty", "the file is empty", "fill or remove it")
    _refuse_known_formats(data, source)
    text, encoding = _decode(data, source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not squeeze(text):
        raise InputError(source, "empty", "the file holds only white space", "fill or remove it")
    return text, encoding


def _refuse_known_formats(data: bytes, source: str) -> None:
    for magic, name, words in _MAGIC:
        if not data.startswith(magic) or (magic == b"BM" and b"\x00" not in data[:64]):
            continue
        reason = "binary" if name in {"image", "database", "program"} else "unsupported-format"
        advice = (
            "save its text as a .txt or .html file"
            if reason == "unsupported-format"
            else "remove it from the input"
        )
        raise InputError(source, reason, f"it is {words}, not text", advice)


def _decode(data: bytes, source: str) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return _checked(data.decode("utf-16"), source), "utf-16"
        except UnicodeDecodeError:
            pass
    if b"\x00" in data:
        raise InputError(source, "binary", "it has NUL bytes, so it is no text", "remove it from the input")
    try:
        return _checked(data.decode("utf-8"), source), "utf-8"
    except UnicodeDecodeError as error:
        position = error.start
    declared = _META_CHARSET.search(data[:4096])
    names = ["gb18030"] if declared is None else [declared[1].decode("ascii", "replace").lower(), "gb18030"]
    for name in names:
        text = _try(data, {"gbk": "gb18030", "gb2312": "gb18030"}.get(name, name))
        if text is not None and _reads_as_chinese(text):
            return _checked(text, source), "gb18030" if name.startswith("gb") else name
    raise InputError(
        source,
        "encoding",
        f"it is neither UTF-8 (byte {position} is {data[position]:#04x}) nor readable GB18030 or UTF-16",
        "save it again as UTF-8",
    )


def _try(data: bytes, encoding: str) -> str | None:
    if encoding not in {"gb18030", "big5", "utf-16"}:
        return None
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _checked(text: str, source: str) -> str:
    controls = sum(1 for sign in text if sign in _CONTROL)
    # One stray control character in a thousand happens in copied pages; more is no text.
    if controls * 1000 > len(text) and controls > 2:
        raise InputError(
            source, "binary", f"it has {controls} control characters", "remove it from the input"
        )
    return text


def _reads_as_chinese(text: str) -> bool:
    """Say whether text decoded from GB18030 is plausible: its Han characters are nearly all common ones.

    Common is what GB 2312 holds (6,763 characters, over 99.5 % of running official text); bytes of another
    encoding read as GB18030 give rare ones throughout.
    """
    han = [sign for sign in text if "\u3400" <= sign <= "\u9fff"]
    strange = sum(1 for sign in text if "\ue000" <= sign <= "\uf8ff" or sign > "\uffff" or sign == "\ufffd")
    if not han or strange > len(text) // 50:
        return False
    common = sum(1 for sign in han if _in_gb2312(sign))
    return common >= 0.9 * len(han)


def _in_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
