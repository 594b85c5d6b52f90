"""Finds out in which encoding bytes are text: what reads as Chinese is believed, not what is declared."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from kg.errors import InputError

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
# Control characters that text never has; tab, line feed, form feed and carriage return it has.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Each name stands for the encoding that holds all of what pages declare by it.
_WIDER = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
_NAMES = {"big5hkscs": "big5"}
_MOST_BROKEN = 500
"""One character that no encoding explains, in so many: a file cut off or copied badly, and still a text."""
_COMMON = 0.9


def text_of(data: bytes, source: str) -> tuple[str, str]:
    r"""Return the text of ``data``, and the name of its encoding.

    UTF-8 comes first, then GB18030 and Big5, each only where it gives ordinary Chinese; UTF-16 without a mark
    likewise. Where lines are in several encodings, that is ``mixed``; of a text with few bytes that nothing
    explains, these are U+FFFD.

    >>> text_of("各項任務圓滿完成。".encode("big5"), "a.txt")
    ('各項任務圓滿完成。', 'big5')
    >>> text_of("各项任务\n".encode() + "圆满完成。".encode("gbk"), "a.txt")
    ('各项任务\n圆满完成。', 'mixed')

    Raises:
        InputError: the data is no text, or in no encoding that is known here.

    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            text = _try(data, name)
            if text is not None and (_reads_as_chinese(text) or _is_plain(text)):
                return _checked(text, source), name
            data = data[len(mark) :]
            break
    if b"\x00" in data:
        return _without_mark(data, source)
    try:
        return _checked(data.decode("utf-8"), source), "utf-8"
    except UnicodeDecodeError as error:
        position = error.start
    for name, text in _candidates(data):
        if text is not None and _reads_as_chinese(text):
            return _checked(text, source), _NAMES.get(name, name)
    problem = f"it is neither UTF-8 (byte {position} is {data[position]:#04x})"
    problem += " nor readable GB18030, Big5 or UTF-16"
    raise InputError(source, "encoding", problem, "save it again as UTF-8")


def _candidates(data: bytes) -> Iterator[tuple[str, str | None]]:
    declared = _META_CHARSET.search(data[:4096])
    name = declared[1].decode("ascii", "replace").lower() if declared else ""
    for each in dict.fromkeys((_WIDER.get(name, "gb18030"), "gb18030", "big5hkscs")):
        yield each, _try(data, each)
    yield "mixed", _by_lines(data)
    for each in ("utf-8", "gb18030", "big5hkscs"):
        text = data.decode(each, "replace")
        if text.count("\ufffd") <= max(1, len(text) // _MOST_BROKEN):
            yield each, text


def _without_mark(data: bytes, source: str) -> tuple[str, str]:
    for name in ("utf-16-le", "utf-16-be"):
        text = _try(data, name)
        if text is not None and "\x00" not in text and _reads_as_chinese(text):
            return _checked(text, source), "utf-16"
    raise InputError(source, "binary", "it has NUL bytes, so it is no text", "remove it from the input")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _by_lines(data: bytes) -> str | None:
    """Return the text of lines that are each UTF-8 or GB18030, None where one is neither."""
    lines = []
    for line in data.split(b"\n"):
        text = _try(line, "utf-8")
        if text is None:
            text = _try(line, "gb18030")
            if text is None or not _reads_as_chinese(text):
                return None
        lines.append(text)
    return "\n".join(lines)


def _checked(text: str, source: str) -> str:
    controls = len(_CONTROL.findall(text))
    # One stray control character in a thousand happens in copied pages; more is no text.
    if controls * 1000 > len(text) and controls > 2:
        raise InputError(
            source, "binary", f"it has {controls} control characters", "remove it from the input"
        )
    return text


def _reads_as_chinese(text: str) -> bool:
    """Say whether text decoded by a guess is plausible: its Han characters are nearly all common ones.

    Common is what GB 2312 holds (6,763 characters, over 99.5 % of running official text) or, of traditional
    text, the first level of Big5 (5,401); bytes of another encoding give rare ones throughout.
    """
    han = [sign for sign in text if "\u3400" <= sign <= "\u9fff"]
    strange = sum(1 for sign in text if "\ue000" <= sign <= "\uf8ff" or sign > "\uffff")
    if not han or strange > len(text) // 50:
        return False
    least = _COMMON * len(han)
    return sum(map(_in_gb2312, han)) >= least or sum(map(_in_big5_level_one, han)) >= least


def _is_plain(text: str) -> bool:
    """Say whether most of a text is ASCII, which no wrong guess gives."""
    return len(text.encode("ascii", "ignore")) * 2 > len(text)


def _in_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _in_big5_level_one(sign: str) -> bool:
    try:
        return 0xA4 <= sign.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False
