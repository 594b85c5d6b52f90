"""Former bodies -> what became of them: the change events that follow from identity and reference data."""

from __future__ import annotations

from kg import ids
from kg.model import Change, Entity, Kind
from kg.resolving.entities import Resolver
from kg.rules.places import COUNTRY


def changes(resolver: Resolver) -> tuple[Change, ...]:
    """Return what became of the former bodies among a document's entities, and of their successors in turn.

    A successor that the document itself does not name is described in the change alone: it is reference data,
    not something that the document says.
    """
    named = dict(resolver.entities)
    found: dict[str, Change] = {}
    waiting = [entity for entity in named.values() if entity.kind is Kind.INSTITUTION]
    while waiting:
        entity = waiting.pop()
        if entity.id in found:
            continue
        change = _change(resolver, entity)
        if change:
            found[entity.id] = change
            waiting += change.resulting
    resolver.entities.clear()
    resolver.entities.update(named)
    return tuple(found[identity] for identity in sorted(found))


def _change(resolver: Resolver, entity: Entity) -> Change | None:
    """Return what became of a body, None where it still is or nothing certain is known."""
    rules = resolver.rules.institutions
    place_id = next((target for link, target in entity.links if link == "serves"), "")
    place = resolver.place_name(place_id)
    if place is None:
        return None
    national = place_id == ids.jurisdiction(COUNTRY)
    for known in rules.changes.get(_key(entity), ()):
        if not known.levels and national:
            named = [name for name in known.successors if name in rules.named]
            found = [resolver.institution("named", name, listed=True, kind="") for name in named]
        elif place.level in known.levels and (not known.units or place.unit in known.units):
            keys = [key for key in known.successors if key in rules.by_key]
            found = [resolver.institution_of(place_id, key) for key in keys]
        else:
            continue
        resulting = tuple(resolver.entities[identity] for identity in found if identity != entity.id)
        return Change(entity.id, resulting, known.year) if resulting else None
    return None


def _key(entity: Entity) -> str:
    """Return the body's name within its place: the last part of its identity."""
    return entity.id.rpartition("/")[2]
