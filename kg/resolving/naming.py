"""Builds the official names of bodies from the place they serve and the kind of body they are."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rules.institutions import Body


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as names of bodies need it."""

    id: str
    name: str
    full: str
    unit: str
    level: str
    host: str = ""
    stem: str = ""


def official_name(body: Body, place: PlaceName) -> str:
    """Return the official name of the body of ``place``.

    >>> from kg.rules import institutions
    >>> rules = institutions.load()
    >>> district = PlaceName("jurisdiction/360202", "昌江区", "景德镇市昌江区", "区", "county")
    >>> official_name(rules.bodies["政府"], district)
    '景德镇市昌江区人民政府'
    """
    pattern = body.official
    if place.level == "province" and body.provincial:
        pattern = body.provincial
    return _fill(pattern, place)


def other_names(body: Body, place: PlaceName) -> tuple[str, ...]:
    """Return the further names under which the body is known anywhere, in order, without the official one."""
    official = official_name(body, place)
    names = [_fill(pattern, place) for pattern in (body.official, *body.labels)]
    return tuple(name for name in dict.fromkeys(names) if name != official)


def unit_key(body: Body, place: PlaceName) -> str:
    """Return the key of the body's identity: its name with the place's own unit (全面依法治市委员会)."""
    return _fill(body.key, place)


def _fill(pattern: str, place: PlaceName) -> str:
    return (
        pattern.replace("{full}", place.full)
        .replace("{name}", place.name)
        .replace("{unit}", place.unit[-1:])  # 自治区 has a 依法治区 commission
        .replace("{host}", place.host)
        .replace("{stem}", place.stem or place.name)
    )
