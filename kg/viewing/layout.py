"""Decides where everything stands: a disc per document, what several documents share in the middle.

The positions follow from the view alone: no physics, no randomness, so a picture is the same at every opening
and the reader finds a thing where it was. Inside a disc the best connected thing is the hub; the others fill
wedges around it, by the thing they belong to and by kind, the important ones further in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.graph.selection import GraphView
from kg.viewing.grouping import Group, groups
from kg.viewing.spreading import MANY, STRETCH, spread

# Area per thing in canvas units, measured on the seed reports: 12 px names of two lines then overlap little
# when a disc of 150 things fills the window.
_CELL = 7200.0
_SHARED_CELL = 21000.0  # What documents have in common is what a reader compares: it gets room for its names.
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_CARRYING = (
    1 / 3
)  # The share of a disc that hangs on its government, measured on reports: two fifths and more.
_MIN_BRANCH = 4  # A thing with fewer leaves of its own does not get a wedge of its own.


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing stands, how large it is drawn, and its rank among all (0 = named first)."""

    x: int
    y: int
    size: int
    rank: int
    hub: bool


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What may be the hub of a disc: what the document names as its own, and the bodies of its place."""

    named: frozenset[str]
    bodies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Disc:
    """A region with a caption: the things of one document, or ("") what several share."""

    document: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Region:
    """Discs of one part of the country (``place``: its IRI, or ""), their middle, and how high most are."""

    place: str
    documents: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all things by IRI, the discs behind them, and the regions that many discs form."""

    places: dict[str, Place]
    discs: tuple[Disc, ...]
    regions: tuple[Region, ...] = ()


@dataclass(slots=True)
class _Cluster:
    document: str
    members: list[str]
    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    radius: float = 0.0

    @property
    def cell(self) -> float:
        return _CELL if self.document else _SHARED_CELL


def arrange(view: GraphView, kind_order: Mapping[str, int]) -> Layout:
    """Place the things of ``view``; ``kind_order`` is the order of kinds around a hub."""
    near = _neighbours(view)
    weight = {node.iri: len(near[node.iri]) + 3 * max(0, len(node.documents) - 1) for node in view.nodes}
    kinds = {node.iri: kind_order.get(node.kind, len(kind_order)) for node in view.nodes}
    clusters = [_Cluster("", sorted(near))] if view.centre in near else _clusters(view, near)
    grouped = groups(view) if len(clusters) > MANY else ()
    turn = {iri: at for at, iri in enumerate(iri for group in grouped for iri in group.documents)}
    clusters.sort(key=lambda cluster: turn.get(cluster.document, -1))
    wanted = _wanted(view)
    hubs = set()
    for cluster in clusters:
        hub = _fill(cluster, wanted[cluster.document], near, weight, kinds)
        if hub and (cluster.document or hub == view.centre):
            hubs.add(hub)
    middle = clusters[0].radius if clusters and not clusters[0].document and len(clusters) > 1 else 0.0
    outer = spread([cluster.radius for cluster in clusters[1 if middle else 0 :]], middle)
    centres = [(0.0, 0.0), *outer] if middle else list(outer)
    largest = min(46, round(12 + 1.6 * math.sqrt(len(view.nodes))))
    if middle:
        _lean_to_documents(clusters[0], view, clusters, centres, weight)
    by_weight = sorted(weight, key=lambda iri: (iri not in hubs, -weight[iri], kinds[iri], iri))
    rank = {iri: position for position, iri in enumerate(by_weight)}
    places = {}
    for cluster, (cx, cy) in zip(clusters, centres, strict=True):
        for iri, (x, y) in cluster.points.items():
            size = min(largest * 3 // 4, round(9 + 3.4 * math.sqrt(weight[iri])))
            if iri in hubs:
                size = min(largest, round(0.11 * cluster.radius))
            if middle and not cluster.document:
                size = max(size, 24)
            places[iri] = Place(round(cx + x), round(cy + y), size, rank[iri], iri in hubs)
    discs = tuple(
        Disc(cluster.document, round(cx), round(cy), round(cluster.radius * STRETCH), round(cluster.radius))
        for cluster, (cx, cy) in zip(clusters, centres, strict=True)
        if cluster.members
    )
    return Layout(places, discs, tuple(_regions(grouped, discs)))


def _regions(grouped: Iterable[Group], discs: Iterable[Disc]) -> Iterator[Region]:
    standing = {disc.document: disc for disc in discs}
    for group in grouped:
        own = [standing[iri] for iri in group.documents if iri in standing]
        if own:
            x, y = (
                round(sum(values) / len(own))
                for values in zip(*((each.x, each.y) for each in own), strict=True)
            )
            height = sorted(each.height for each in own)[len(own) // 2]
            yield Region(group.place, len(own), x, y, height)


def _wanted(view: GraphView) -> dict[str, _Wanted]:
    """Return for each document what may be its hub; for a view around a thing, that thing."""
    about: dict[str, set[str]] = {document.iri: set() for document in view.documents}
    bodies: dict[str, set[str]] = {}
    for edge in view.edges:
        if edge.predicate in ("issuer", "reportsOn") and edge.source in about:
            about[edge.source].add(edge.target)
        if edge.predicate == "serves":
            bodies.setdefault(edge.target, set()).add(edge.source)
    found = {
        iri: _Wanted(frozenset(things), frozenset(body for thing in things for body in bodies.get(thing, ())))
        for iri, things in about.items()
    }
    found[""] = _Wanted(frozenset({view.centre} - {""}), frozenset())
    return found


def _neighbours(view: GraphView) -> dict[str, set[str]]:
    near: dict[str, set[str]] = {node.iri: set() for node in view.nodes}
    for edge in view.edges:
        if edge.source != edge.target and edge.source in near and edge.target in near:
            near[edge.source].add(edge.target)
            near[edge.target].add(edge.source)
    return near


def _clusters(view: GraphView, near: Mapping[str, set[str]]) -> list[_Cluster]:
    """Share the things out: the shared ones first, then one cluster per document, in the view's order.

    A thing no document mentions (a town that only lies within) goes where all its neighbours are.
    """
    known = [document.iri for document in view.documents]
    members: dict[str, list[str]] = {iri: [] for iri in ["", *known]}
    home: dict[str, str] = {}
    unmentioned = []
    for node in view.nodes:
        mentioned = [iri for iri in node.documents if iri in members]
        if node.iri in members and node.iri:
            home[node.iri] = node.iri
        elif not mentioned:
            unmentioned.append(node.iri)
            continue
        else:
            home[node.iri] = mentioned[0] if len(mentioned) == 1 else ""
        members[home[node.iri]].append(node.iri)
    while unmentioned:
        homes = {iri: {home[other] for other in near[iri] if other in home} for iri in unmentioned}
        # Those beside things that have a home come first; the next round sees them.
        settled = [iri for iri in unmentioned if homes[iri]] or unmentioned
        for iri in settled:
            home[iri] = homes[iri].pop() if len(homes[iri]) == 1 else ""
            members[home[iri]].append(iri)
        unmentioned = [iri for iri in unmentioned if iri not in home]
    return [_Cluster(document, members[document]) for document in ["", *known] if members[document]]


def _fill(
    cluster: _Cluster,
    wanted: _Wanted,
    near: Mapping[str, set[str]],
    weight: Mapping[str, int],
    kinds: Mapping[str, int],
) -> str:
    """Give every member a point around the hub at (0, 0); return the hub ("" for an empty cluster)."""
    inside = set(cluster.members)
    degree = {iri: len(near[iri] & inside) for iri in cluster.members}
    order = sorted(cluster.members, key=lambda iri: (-degree[iri], -weight[iri], kinds[iri], iri))
    cluster.radius = math.sqrt(len(order) * cluster.cell / math.pi) + 40
    if not order:
        return ""
    hub = _hub(cluster, wanted, order, degree)
    others = [iri for iri in order if iri != hub]
    cluster.points[hub] = (0.0, 0.0)
    wedges = _wedges(hub, others, near, degree, kinds)
    points = sorted(
        _sunflower(len(others), cluster.cell), key=lambda point: (math.atan2(point[1], point[0]), point)
    )
    taken = 0
    for branch, wedge in wedges:
        spots = points[taken : taken + len(wedge)]
        taken += len(wedge)
        _seat(cluster.points, branch, wedge, spots, weight)
    return hub


def _hub(cluster: _Cluster, wanted: _Wanted, order: Sequence[str], degree: Mapping[str, int]) -> str:
    """Return the best connected of what the document is of: a stranger looks for it in the middle.

    A body of the place counts where most of the disc hangs on it, as on a government that is not named as
    the issuer. The report itself is taken where all of these stand elsewhere.
    """
    carrying = len(order) * _CARRYING
    for iri in order:
        if iri in wanted.named or (iri in wanted.bodies and degree[iri] >= carrying):
            return iri
    return cluster.document if cluster.document in degree else order[0]


def _wedges(
    hub: str,
    others: list[str],
    near: Mapping[str, set[str]],
    degree: Mapping[str, int],
    kinds: Mapping[str, int],
) -> list[tuple[str, list[str]]]:
    """Group the things around a hub: by the branch they hang on, else by kind; each with its branch or ""."""
    rank = {iri: place for place, iri in enumerate(others)}
    anchor = {
        iri: min((other for other in near[iri] if other in rank), key=lambda other: rank[other], default="")
        for iri in others
        if hub not in near[iri] and degree[iri] > 0
    }
    leaves: dict[str, list[str]] = {}
    for iri in others:
        if anchor.get(iri) and rank[anchor[iri]] < rank[iri]:
            leaves.setdefault(anchor[iri], []).append(iri)
    branches = {iri for iri, own in leaves.items() if len(own) >= _MIN_BRANCH and iri not in anchor}
    groups: dict[tuple[int, str], list[str]] = {}
    for iri in others:
        branch = iri if iri in branches else anchor.get(iri, "")
        if branch not in branches:
            branch = ""
        groups.setdefault((kinds[branch or iri], branch), []).append(iri)
    return [(branch, groups[kind, branch]) for kind, branch in sorted(groups)]


def _seat(
    points: dict[str, tuple[float, float]],
    branch: str,
    wedge: list[str],
    spots: list[tuple[float, float]],
    weight: Mapping[str, int],
) -> None:
    """Seat a wedge: its branch in the middle of it, the others by weight from the hub outwards."""
    free = list(spots)
    rest = wedge
    if branch:
        middle = (sum(x for x, _ in free) / len(free), sum(y for _, y in free) / len(free))
        seat = min(free, key=lambda spot: (math.dist(spot, middle), spot))
        points[branch] = seat
        free.remove(seat)
        rest = [iri for iri in wedge if iri != branch]
    free.sort(key=lambda spot: (round(math.hypot(*spot), 3), spot))
    for iri, spot in zip(sorted(rest, key=lambda iri: (-weight[iri], iri)), free, strict=True):
        points[iri] = spot


def _sunflower(count: int, cell: float) -> list[tuple[float, float]]:
    """Return ``count`` points, one per area of ``cell``, around (0, 0), which is left free for the hub."""
    points = []
    for index in range(count):
        radius = math.sqrt((index + 1.8) * cell / math.pi)
        angle = index * _GOLDEN_ANGLE
        points.append((radius * math.cos(angle) * STRETCH, radius * math.sin(angle)))
    return points


def _lean_to_documents(
    shared: _Cluster,
    view: GraphView,
    clusters: Iterable[_Cluster],
    centres: Iterable[tuple[float, float]],
    weight: Mapping[str, int],
) -> None:
    """Reseat the shared things: what most documents name inside, the others towards their documents."""
    centre = {cluster.document: point for cluster, point in zip(clusters, centres, strict=True)}
    pulls = {
        node.iri: [centre[iri] for iri in node.documents if iri in centre and iri] for node in view.nodes
    }
    free = [(0.0, 0.0), *_sunflower(len(shared.members) - 1, shared.cell)]
    order = sorted(shared.members, key=lambda iri: (-len(pulls[iri]), -weight[iri], iri))
    for iri in order:
        pull = pulls[iri]
        length = max(1, len(pull))
        x, y = sum(x for x, _ in pull) / length, sum(y for _, y in pull) / length
        distance = math.hypot(x, y) or 1.0
        # Two documents pull to the rim, more of them less far: the reach falls with their number.
        reach = shared.radius * min(1.0, distance / 500) * min(1.0, 2 / length)
        target = (x / distance * reach, y / distance * reach)
        seat = min(free, key=lambda spot: (round(math.dist(spot, target), 3), spot))
        free.remove(seat)
        shared.points[iri] = seat
