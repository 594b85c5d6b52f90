"""Names of documents as the graph and messages show them: safe to print, never a path to follow."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata

_LONGEST = 240  # characters; file systems end at 255 bytes, archives and manifests at nothing
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_HIDES = frozenset(("Cc", "Cs", "Zl", "Zp"))
_DRIVE = re.compile(r"[A-Za-z]:")
_SHOWN_AS = "\ufffd"


def decoded(data: bytes) -> str:
    r"""Return the name that bytes spell: in UTF-8, else in GB18030 where that gives Chinese.

    >>> decoded("某县报告.txt".encode("gbk")), decoded(b"r\x82sum\x82.txt")
    ('某县报告.txt', 'r�sum�.txt')
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return chinese(data) or data.decode("utf-8", "replace")


def chinese(data: bytes) -> str:
    """Return the Chinese name that bytes spell in GB18030, "" where they do not.

    Half of its characters beyond ASCII at least are of GB 2312; names in other encodings give rare ones.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    beyond = [sign for sign in text if not sign.isascii()]
    common = sum(1 for sign in beyond if _in_gb2312(sign))
    return text if 2 * common >= len(beyond) > 0 else ""


def _in_gb2312(sign: str) -> bool:
    try:
        return len(sign.encode("gb2312")) > 1
    except UnicodeEncodeError:
        return False


def of_file(path: str) -> str:
    """Return the name of a file by its path below the folder asked for."""
    name = decoded(os.fsencode(path))
    return f"./{name}" if name.startswith("\\") else name


def inside(name: str) -> str:
    r"""Return a name that an archive or a table gives: parts with slashes, none that leads elsewhere.

    >>> inside("..\\..\\etc/passwd"), inside("C:/a//b.txt"), inside("a\u202etxt.exe"), inside("../")
    ('etc/passwd', 'a/b.txt', 'a�txt.exe', '-')
    """
    parts = [part.strip() for part in name.replace("\\", "/").split("/")]
    if parts and _DRIVE.fullmatch(parts[0]):
        del parts[0]
    kept = [visible(part) for part in parts if part not in ("", ".", "..")]
    return shortened("/".join(kept)) or "-"


def visible(text: str) -> str:
    """Return a text with a mark for each character that moves a cursor, hides or turns text around."""
    return "".join(
        _SHOWN_AS if sign in _DIRECTIONS or unicodedata.category(sign) in _HIDES else sign for sign in text
    )


def shortened(name: str) -> str:
    """Return a name cut to what can be shown, with a digest of all of it where it was cut."""
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name[: _LONGEST - 60]}…{digest}…{name[-40:]}"
