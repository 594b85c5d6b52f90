"""Turns what a user decided that a name means into the entity."""

from __future__ import annotations

from kg import ids
from kg.model import Entity, Kind
from kg.resolving.entities import Resolver
from kg.resolving.naming import unit_key
from kg.rules import Rules
from kg.rules.places import COUNTRY

NOTHING = "-"
"""The meaning of a name that names nothing."""

_PLACE = "jurisdiction"
_BODY = "institution"
_VILLAGE_HOST = 9  # digits of the code of a township, which villages lie in


def problem(meaning: str, rules: Rules) -> str:
    """Return what is wrong with a decided meaning, "" where it can be used.

    >>> from kg import rules
    >>> [problem(meaning, rules.load()) for meaning in ("-", "469007", "institution/469007/司法局")]
    ['', '', '']
    >>> problem("469999", rules.load())
    'no division has the code 469999'
    """
    if meaning == NOTHING:
        return ""
    kind, code, name = _parts(meaning)
    if kind not in (_PLACE, _BODY) or not code or (kind == _BODY and not name):
        return (
            f"{meaning} is neither a code of a division, nor the identity of a place or body, nor {NOTHING}"
        )
    if code not in rules.places.gazetteer.divisions:
        return f"no division has the code {code}"
    return ""


def code_of(meaning: str) -> str:
    """Return the code of the division that is meant, "" where something else is."""
    kind, code, name = _parts(meaning)
    return code if kind == _PLACE and not name else ""


def entity_of(resolver: Resolver, meaning: str, kind: str = "") -> str:
    """Add the place or body that is meant, and return its id.

    ``kind`` is the type of a body that is in no list.
    """
    root, code, name = _parts(meaning)
    if not name:
        return resolver.division(code)
    if root == _PLACE:
        return _place(resolver, meaning, code, name)
    place_id = resolver.division(code)
    place = resolver.place_name(place_id)
    rules = resolver.rules.institutions
    if code == COUNTRY:
        known = next((word for word, entry in rules.named.items() if ids.slug(entry.name) == name), "")
        if known:
            return resolver.institution("named", known, listed=True, kind="")
    keys = (key for key, body in rules.by_key.items() if place and ids.slug(unit_key(body, place)) == name)
    key = next(keys, "")
    if key:
        resolver.institution(f"code:{code}", key, listed=True, kind="")
    if meaning not in resolver.entities and place is not None:
        resolver.entities[meaning] = Entity(
            meaning,
            Kind.INSTITUTION,
            place.full + name,
            (),
            (("institutionType", kind),) if kind else (),
            (("serves", place_id),),
        )
    return meaning


def _place(resolver: Resolver, meaning: str, code: str, name: str) -> str:
    """Add a zone, or a village of a township."""
    if len(code) == _VILLAGE_HOST:
        return resolver.place(f"village:{code}/{name}")
    if meaning not in resolver.entities:
        within = resolver.division(code)
        resolver.entities[meaning] = Entity(
            meaning, Kind.JURISDICTION, name, (), (("level", "zone"),), (("within", within),)
        )
    return meaning


def _parts(meaning: str) -> tuple[str, str, str]:
    """Return kind, code and name of an identity; a code by itself is that of a division."""
    if meaning.isascii() and meaning.isdigit():
        return _PLACE, meaning, ""
    kind, _, rest = meaning.partition("/")
    code, _, name = rest.partition("/")
    return kind, code, name
