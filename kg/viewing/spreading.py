"""Decides where the discs of a picture stand: around what they share, close together, as wide as a window.

Several arrangements are made, on rings and packed, or by angle for many discs, so that what follows another
stands side by side; the one that can be drawn largest is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

STRETCH = 1.18
"""Discs are wider than high: names are written along, and windows are wide."""

# The part of a window of 1440 by 900 pixels that is left to the picture beside panel and legend.
_WINDOW = (960.0, 660.0)
_CAPTION = 34.0  # Pixels that the caption of a disc and the air around it take.
_LEAST_GAP = 90.0  # Between discs, in the picture's units.
_RING_STRETCHES = (STRETCH, 1.35, 1.5)
_FEW = 8  # Discs up to which a ring, which shows that none is special, is always taken.
_ANGLES = 48  # Directions that packing tries.
MANY = 30
"""Discs beyond which they stand in their order around the middle, where one can look for a place."""
_GOLDEN = (math.sqrt(5) - 1) / 2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spread:
    """The centres of discs, in the order given, and the scale at which all fit the window."""

    centres: tuple[Point, ...]
    scale: float


def spread(radii: Sequence[float], middle: float) -> tuple[Point, ...]:
    """Return the centres of discs around the disc of radius ``middle`` (0: none) at the origin.

    More than :data:`MANY` stand by their order, clockwise from the left.

    >>> spread([100.0], 0.0)
    ((0.0, 0.0),)
    >>> [(round(x), round(y)) for x, y in spread([100.0, 100.0], 0.0)]
    [(-171, 0), (171, 0)]
    """
    if not radii or (len(radii) == 1 and not middle):
        return ((0.0, 0.0),) * len(radii)
    if len(radii) > MANY:
        return _best_of(
            (_by_angle(radii, middle, _LEAST_GAP, stretch) for stretch in _RING_STRETCHES), radii, middle
        ).centres
    gap = _LEAST_GAP
    found = _best(radii, middle, gap)
    for _ in range(3):  # captions keep their size on the screen: the more is shown, the wider the gaps
        wanted = max(_LEAST_GAP, _CAPTION / found.scale)
        if wanted <= gap * 1.02:
            break
        gap = wanted
        found = _best(radii, middle, gap)
    return found.centres


def _best(radii: Sequence[float], middle: float, gap: float) -> Spread:
    if len(radii) <= _FEW:
        rings = (_on_ring(radii, middle, gap, stretch) for stretch in _RING_STRETCHES)
        return _best_of(rings, radii, middle)
    return _best_of(_arrangements(radii, middle, gap), radii, middle)


def _best_of(arrangements: Iterable[list[Point]], radii: Sequence[float], middle: float) -> Spread:
    tried = [_measured(centres, radii, middle) for centres in arrangements]
    return max(tried, key=lambda each: round(each.scale, 9))  # the first of equals


def _arrangements(radii: Sequence[float], middle: float, gap: float) -> Iterator[list[Point]]:
    for stretch in _RING_STRETCHES:
        yield _on_ring(radii, middle, gap, stretch)
    for stretch in _RING_STRETCHES:
        yield _packed(radii, middle, gap, stretch)


def _measured(centres: Sequence[Point], radii: Sequence[float], middle: float) -> Spread:
    """Tell how large an arrangement can be drawn, and move it so that its box is centred."""
    discs = [*zip(centres, radii, strict=True), *([((0.0, 0.0), middle)] if middle else [])]
    wide = max(x + r * STRETCH for (x, _), r in discs) - min(x - r * STRETCH for (x, _), r in discs)
    high = max(y + r for (_, y), r in discs) - min(y - r for (_, y), r in discs)
    return Spread(tuple(centres), min(_WINDOW[0] / wide, (_WINDOW[1] - _CAPTION) / high))


def _on_ring(radii: Sequence[float], middle: float, gap: float, stretch: float) -> list[Point]:
    """Place all discs on one ring wide enough for them; the first upper left, where reading starts."""
    radius = max(radii) + (middle + gap if middle else gap / 2)
    while sum(_angle(own, radius, gap) for own in radii) > 2 * math.pi:
        radius *= 1.03
    slack = (2 * math.pi - sum(_angle(own, radius, gap) for own in radii)) / len(radii)
    angle = -math.pi + (math.pi / 6 if len(radii) > 2 else 0.0)
    angle -= (_angle(radii[0], radius, gap) + slack) / 2
    centres = []
    for own in radii:
        half = (_angle(own, radius, gap) + slack) / 2
        angle += half
        centres.append((radius * math.cos(angle) * stretch, radius * math.sin(angle)))
        angle += half
    return centres


def _angle(own: float, radius: float, gap: float) -> float:
    """Return the angle a disc takes on a ring."""
    return 2 * math.asin(min(1.0, (own + gap / 2) / radius))


def _packed(radii: Sequence[float], middle: float, gap: float, stretch: float) -> list[Point]:
    """Place the discs, large ones first, each as near to the middle as those before it allow."""
    placed: list[tuple[Point, float]] = [((0.0, 0.0), middle)] if middle else []
    centres: dict[int, Point] = {}
    for index in sorted(range(len(radii)), key=lambda each: (-radii[each], each)):
        own = radii[index]
        spots = (_nearest(placed, own, gap, stretch, 2 * math.pi * turn / _ANGLES) for turn in range(_ANGLES))
        spot = min(spots, key=lambda point: (round(math.hypot(point[0] / stretch, point[1]), 3), point))
        placed.append((spot, own))
        centres[index] = spot
    return [centres[index] for index in range(len(radii))]


def _by_angle(radii: Sequence[float], middle: float, gap: float, stretch: float) -> list[Point]:
    """Place each disc at the angle that its order gives it, by area, as near to the middle as is free.

    Those placed one after the other are far apart, so that the rings fill evenly from within.
    """
    areas = [(own + gap / 2) ** 2 for own in radii]
    total, before, angles = sum(areas), 0.0, []
    for area in areas:
        angles.append(2 * math.pi * (before + area / 2) / total - math.pi)
        before += area
    placed: list[tuple[Point, float]] = [((0.0, 0.0), middle)] if middle else []
    centres: dict[int, Point] = {}
    for index in sorted(range(len(radii)), key=lambda each: (each * _GOLDEN % 1, each)):
        centres[index] = _nearest(placed, radii[index], gap, stretch, angles[index])
        placed.append((centres[index], radii[index]))
    return [centres[index] for index in range(len(radii))]


def _nearest(
    placed: Sequence[tuple[Point, float]], own: float, gap: float, stretch: float, angle: float
) -> Point:
    """Return the point in one direction where a disc is free of the others and nearest to the middle."""
    across, along = math.cos(angle) * stretch, math.sin(angle)
    # Where the disc would touch each other one, on the ray: between two distances it is in the way.
    blocked = []
    for (x, y), other in placed:
        # Measured with widths divided by STRETCH, discs are circles.
        dx, dy, px, py = across / STRETCH, along, x / STRETCH, y
        reach = own + other + gap
        a, b, c = dx * dx + dy * dy, dx * px + dy * py, px * px + py * py - reach * reach
        root = b * b - a * c
        if root > 0:
            blocked.append(((b - math.sqrt(root)) / a, (b + math.sqrt(root)) / a))
    distance = 0.0
    for begin, end in sorted(blocked):
        if begin < distance + 1e-9 and distance < end:
            distance = end
        elif begin >= distance:
            break
    return (distance * across, distance * along)
