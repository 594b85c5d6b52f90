"""Bytes to text: finds out the encoding, and refuses what is no text."""

from __future__ import annotations

from kg.errors import InputError
from kg.reading.encodings import text_of
from kg.reading.lines import is_blank
from kg.reading.signatures import refuse_known_formats

MAX_BYTES = 50 * 1024 * 1024


def decode(data: bytes, source: str) -> tuple[str, str]:
    r"""Return the text of ``data`` with line ends as ``\n``, and the name of its encoding.

    UTF-8 comes first and is kept as it is, a byte order mark included, so that offsets are those of the file
    opened as UTF-8 text; another encoding is believed only where it gives Chinese.

    >>> decode("各项任务圆满完成。".encode("gb18030"), "a.txt")
    ('各项任务圆满完成。', 'gb18030')

    Raises:
        InputError: the data is empty, too large, no text, or in no encoding that is known here.

    """
    check_size(data, source)
    refuse_known_formats(data, source)
    text, encoding = text_of(data, source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_blank(text):
        raise InputError(source, "empty", "the file holds only white space", "fill or remove it")
    return text, encoding


def check_size(data: bytes, source: str) -> None:
    """Raise an error for a file that is empty or too large."""
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024 / 1024:.0f} MB"
        raise InputError(source, "too-large", f"{size} is over the limit of 50 MB", "split the file")
    if not data.strip():
        raise InputError(source, "empty", "the file is empty", "fill or remove it")
