"""Tells a file's format by its first bytes, and refuses those that are not read."""

from __future__ import annotations

import re

from kg.errors import InputError

# Some programs and servers write bytes before the signature of a PDF, which is looked for so far.
_PDF_HEAD = 1024
_PDF = re.compile(rb"%PDF-[12]\.\d\s")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The name of the stream that holds an Office document protected by a password, as OLE files write names.
_PROTECTED = "EncryptedPackage".encode("utf-16-le")

# The lines at the head of a saved page.
_MIME_HEAD = 8192
_MIME_VERSION = re.compile(rb"^mime-version[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MIME_TYPE = re.compile(
    rb"^content-type[ \t]*:[ \t]*(?:multipart/(?:related|mixed|alternative)|text/html)",
    re.IGNORECASE | re.MULTILINE,
)
_MIME_FIRST = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*[A-Za-z][A-Za-z-]{1,40}[ \t]*:")

_SAVE = "open it in a word processor and save it as .docx or PDF"
_UNPACK = "unpack it and give the files in it"
_REMOVE = "remove it from the input"

# File signatures of what people put into a folder of documents: reason, words for the message, what to do.
_MAGIC = (
    (_OLE, "unsupported-format", "an old Office document (doc, xls, wps)", _SAVE),
    (b"{\\rtf", "unsupported-format", "a Rich Text document", _SAVE),
    (b"\x1f\x8b", "unsupported-format", "a gzip archive", _UNPACK),
    (b"Rar!", "unsupported-format", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "unsupported-format", "a 7z archive", _UNPACK),
    (b"\x89PNG", "binary", "a PNG image", _REMOVE),
    (b"\xff\xd8\xff", "binary", "a JPEG image", _REMOVE),
    (b"GIF8", "binary", "a GIF image", _REMOVE),
    (b"BM", "binary", "a BMP image", _REMOVE),
    (b"II*\x00", "binary", "a TIFF image", _REMOVE),
    (b"MM\x00*", "binary", "a TIFF image", _REMOVE),
    (b"SQLite format 3\x00", "binary", "an SQLite database", _REMOVE),
    (b"\x7fELF", "binary", "a program", _REMOVE),
)


def is_pdf(data: bytes) -> bool:
    """Say whether the data is a PDF."""
    return data.startswith(b"%PDF") or _PDF.search(data[:_PDF_HEAD]) is not None


def is_zip(data: bytes) -> bool:
    """Say whether the data is a ZIP container, as documents of word processors are."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_mhtml(data: bytes) -> bool:
    r"""Say whether the data is a page saved as one file, by the lines at its head.

    >>> is_mhtml(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n")
    True
    """
    head = data[:_MIME_HEAD]
    return bool(_MIME_FIRST.match(head) and _MIME_VERSION.search(head) and _MIME_TYPE.search(head))


def refuse_known_formats(data: bytes, source: str) -> None:
    """Raise an error for a file that is known not to be text."""
    for magic, reason, words, advice in _MAGIC:
        if not data.startswith(magic) or (magic == b"BM" and b"\x00" not in data[:64]):
            continue
        if magic == _OLE and _PROTECTED in data:
            raise InputError(
                source,
                "encrypted",
                "it is an Office document protected by a password",
                "remove the password, or save it again without one",
            )
        raise InputError(source, reason, f"it is {words}, not text", advice)
