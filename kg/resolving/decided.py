"""Turns what a user decided that a name means into the entity."""

from __future__ import annotations

from kg import ids
from kg.model import Entity, Kind
from kg.resolving.entities import Resolver
from kg.resolving.naming import unit_key
from kg.rules.meanings import PLACE, parts
from kg.rules.places import COUNTRY

_VILLAGE_HOST = 9  # digits of the code of a township, which villages lie in


def entity_of(resolver: Resolver, meaning: str, kind: str = "") -> str:
    """Add the place or body that is meant, and return its id.

    ``kind`` is the type of a body that is in no list.
    """
    root, code, name = parts(meaning)
    if not name:
        return resolver.division(code)
    if root == PLACE:
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
