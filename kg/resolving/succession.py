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
        successors = _successors(resolver, entity)
        if successors:
            year = resolver.rules.institutions.changes[_key(entity)].year
            found[entity.id] = Change(entity.id, successors, year)
            waiting += successors
    resolver.entities.clear()
    resolver.entities.update(named)
    return tuple(found[identity] for identity in sorted(found))


def _successors(resolver: Resolver, entity: Entity) -> tuple[Entity, ...]:
    rules = resolver.rules.institutions
    change = rules.changes.get(_key(entity))
    place_id = next((target for link, target in entity.links if link == "serves"), "")
    place = resolver.place_name(place_id)
    if change is None or place is None:
        return ()
    if not change.levels:  # a body of the whole country
        national = place_id == ids.jurisdiction(COUNTRY)
        known = [name for name in change.successors if name in rules.named] if national else []
        found = [resolver.institution("named", name, listed=True, kind="") for name in known]
    elif place.level in change.levels:
        found = [resolver.institution_of(place_id, key) for key in change.successors if key in rules.by_key]
    else:
        found = []
    return tuple(resolver.entities[identity] for identity in found if identity != entity.id)


def _key(entity: Entity) -> str:
    """Return the body's name within its place: the last part of its identity."""
    return entity.id.rpartition("/")[2]
