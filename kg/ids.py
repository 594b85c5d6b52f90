"""The only place that mints an identity.

An identity is a path below the base IRI of things. It is a pure function of what the thing is, the same in
every document, run and machine: no counters, clocks or random parts.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

ONTOLOGY = "https://w3id.org/govkg/ontology#"
DEFAULT_BASE = "https://w3id.org/govkg/id/"

# What may stand in an IRI path segment unescaped: word characters (Chinese included) and a few marks.
_UNSAFE = re.compile(r"[^\w.~-]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\uff0d~\uff5e]+")
_MAX_SLUG = 120
_KEPT = 4096  # names that documents have in common, most of them short: under 1 MB


@lru_cache(maxsize=_KEPT)
def slug(name: str) -> str:
    """Return ``name`` as one readable IRI path segment.

    Width and brackets are folded first, so that variants of one name share a segment; a name too long for a
    path ends in a digest of the whole.

    >>> slug("法治政府建设实施纲要（2021—2025年）")
    '法治政府建设实施纲要_2021-2025年'
    >>> slug("../<script>")
    'script'
    """
    if name.isalnum() and len(name) <= _MAX_SLUG and unicodedata.is_normalized("NFKC", name):
        return name  # most names: nothing below would change them
    folded = _DASHES.sub("-", unicodedata.normalize("NFKC", name))
    text = _UNSAFE.sub("_", folded).strip("_.~-") or "x" + digest(name, 12)
    if len(text) > _MAX_SLUG:
        text = f"{text[: _MAX_SLUG - 17]}_{digest(folded, 16)}"
    return text


def digest(text: str, length: int) -> str:
    """Return the first ``length`` hex digits of the SHA-256 of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def jurisdiction(code: str) -> str:
    """Identity of a division with an official code (6 digits, 9 for townships)."""
    return f"jurisdiction/{code}"


def place(host_code: str, name: str) -> str:
    """Identity of a zone, village or community without an official code, in the division it lies in."""
    return f"jurisdiction/{host_code or 'unlocated'}/{slug(name)}"


def institution(jurisdiction_id: str, body: str) -> str:
    """Identity of a body: the territory it serves (``jurisdiction/469007``), its name there (``司法局``)."""
    return f"institution/{jurisdiction_id.removeprefix('jurisdiction/') or 'unlocated'}/{slug(body)}"


def change(institution_id: str) -> str:
    """Identity of the event in which a body became another (``change/469026/法制办公室``)."""
    return f"change/{institution_id.removeprefix('institution/')}"


def policy_document(title: str, scope: str = "") -> str:
    """Identity of a document: its normalised title, with the issuing place where that is not unique."""
    return f"document/{slug(scope)}/{slug(title)}" if scope else f"document/{slug(title)}"


def initiative(name: str) -> str:
    """Identity of an initiative: its canonical name."""
    return f"initiative/{slug(name)}"


def honour(name: str) -> str:
    """Identity of an honour: its name."""
    return f"honour/{slug(name)}"


def report(sha256: str) -> str:
    """Identity of a document that was read, and the name of its graph: the digest of its bytes."""
    return f"report/{sha256[:16]}"


def passage(report_id: str, start: int, end: int) -> str:
    """Identity of a passage: where it stands in its report."""
    return f"passage/{report_id.removeprefix('report/')}/{start}-{end}"


def evidence(report_id: str, subject: str, predicate: str, obj: str) -> str:
    """Identity of the evidence that one report gives for one fact."""
    return (
        f"evidence/{report_id.removeprefix('report/')}/{digest(chr(10).join((subject, predicate, obj)), 16)}"
    )


def observation(report_id: str, start: int, end: int, indicator: str) -> str:
    """Identity of a measured number: where it stands in its report, and what it counts."""
    return f"observation/{report_id.removeprefix('report/')}/{start}-{end}-{digest(indicator, 6)}"


def dataset(report_id: str) -> str:
    """Identity of the numbers of one report as a data set."""
    return f"dataset/{report_id.removeprefix('report/')}"


def concept(scheme: str, notation: str) -> str:
    """Identity of a concept of one of the project's schemes (``concept/unit/件``)."""
    return f"concept/{slug(scheme)}/{slug(notation)}"
