"""What a user can decide that a name means: a division by its code, a place or body by identity, nothing."""

from __future__ import annotations

from kg.rules.places import Gazetteer

NOTHING = "-"
"""The meaning of a name that names nothing."""

PLACE = "jurisdiction"
BODY = "institution"


def problem(meaning: str, gazetteer: Gazetteer) -> str:
    """Return what is wrong with a decided meaning, "" where it can be used.

    >>> from kg.rules import places
    >>> gazetteer = places.load().gazetteer
    >>> [problem(meaning, gazetteer) for meaning in ("-", "469007", "institution/469007/司法局")]
    ['', '', '']
    >>> problem("469999", gazetteer)
    'no division has the code 469999'
    """
    if meaning == NOTHING:
        return ""
    kind, code, name = parts(meaning)
    if kind not in (PLACE, BODY) or not code or (kind == BODY and not name):
        return f"{meaning} is neither a division's code, nor the identity of a place or body, nor {NOTHING}"
    return "" if code in gazetteer.divisions else f"no division has the code {code}"


def code_of(meaning: str) -> str:
    """Return the code of the division that is meant, "" where something else is."""
    kind, code, name = parts(meaning)
    return code if kind == PLACE and not name else ""


def parts(meaning: str) -> tuple[str, str, str]:
    """Return kind, code and name of an identity; a code by itself is that of a division.

    >>> parts("469007"), parts("institution/469007/司法局")
    (('jurisdiction', '469007', ''), ('institution', '469007', '司法局'))
    """
    if meaning.isascii() and meaning.isdigit():
        return PLACE, meaning, ""
    kind, _, rest = meaning.partition("/")
    code, _, name = rest.partition("/")
    return kind, code, name
