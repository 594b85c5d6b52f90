"""Tells an address of the web from other text, in the form in which it is a valid IRI."""

from __future__ import annotations

import re

_HOST = r"(?!-)[A-Za-z0-9\u00a1-\ud7ff\uf900-\uffef][A-Za-z0-9\u00a1-\ud7ff\uf900-\uffef._-]*"
_ADDRESS = re.compile(
    rf"(?P<scheme>(?i:https?))://(?P<host>{_HOST})(?P<port>:[0-9]{{1,5}})?(?P<rest>[/?#].*)?"
)
# What may stand behind the host as it is; the rest is percent-encoded.
_KEPT = re.compile(r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LONGEST = 2000  # characters, as browsers take


def web_address(text: str) -> str:
    """Return an http(s) address as an IRI that every tool reads, "" for any other text.

    Addresses with a user's name or password are none: they would be published with the graph.

    >>> web_address("HTTP://www.qingchuan.gov.cn/a b/[1]>.html#x#y")
    'http://www.qingchuan.gov.cn/a%20b/%5B1%5D%3E.html#x%23y'
    >>> web_address("javascript:alert(1)"), web_address("http://user:secret@a.cn/"), web_address("a.cn")
    ('', '', '')
    """
    match = _ADDRESS.fullmatch(text.strip())
    if match is None or len(text) > _LONGEST or any(sign.isspace() for sign in match["host"]):
        return ""
    if match["port"] and int(match["port"][1:]) > 65535:
        return ""
    path, mark, fragment = (match["rest"] or "/").partition("#")
    rest = _encoded(path) + mark + _encoded(fragment)
    return f"{match['scheme'].lower()}://{match['host'].lower()}{match['port'] or ''}{rest}"


def _encoded(text: str) -> str:
    kept = "".join(sign if _KEPT.match(sign) else _percent(sign) for sign in text)
    return _STRAY.sub("%25", kept)


def _percent(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "replace"))
