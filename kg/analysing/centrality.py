"""Numbers of networks, by networkx: what is in the middle, what belongs together; the same on every machine.

Things stand as whole numbers in the order of their IRIs, so that no set of strings decides an order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

_SEED = 20260101  # any number, but always the same
_EXACT = 1500
"""Up to so many things betweenness looks at all; above, from :data:`_SAMPLED` of them, chosen by the seed."""
_SAMPLED = 200
_DAMPING, _ROUNDS, _CLOSE = 0.85, 100, 1e-10
_DIGITS = 6
"""Digits that are kept: floating sums of another order or machine may differ beyond them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing stands in the network.

    ``degree``: to how many things facts join it. ``betweenness``: the share of all shortest ways between two
    things that pass through it (0 to 1). ``pagerank``: its share of the attention that facts hand on from
    their subjects to their objects (all together 1).
    """

    iri: str
    degree: int
    betweenness: float
    pagerank: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a network.

    ``density``: the share of the pairs of things that are joined. ``components`` are the sizes of the parts
    that nothing joins, the largest first. ``groups`` are the things that are joined to each other more than
    to the rest, the largest first, each sorted; ``modularity`` (below 1) says how much more. ``sampled`` is
    how many things betweenness was estimated from, 0 where it is exact.
    """

    things: int
    pairs: int
    density: float
    components: tuple[int, ...]
    places: tuple[Place, ...]
    groups: tuple[tuple[str, ...], ...]
    modularity: float
    sampled: int


def measure(pairs: Iterable[tuple[str, str]]) -> Numbers:
    """Return the numbers of the network of (subject, object) pairs; what joins a thing to itself is left out.

    >>> found = measure([("甲", "丙"), ("乙", "丙"), ("丁", "戊")])
    >>> found.things, found.pairs, found.density, found.components
    (5, 3, 0.3, (3, 2))
    >>> max(found.places, key=lambda place: place.pagerank).iri
    '丙'
    """
    import networkx as nx  # noqa: PLC0415

    joined = sorted({(one, other) for one, other in pairs if one != other})
    names = sorted({end for pair in joined for end in pair})
    number = {name: at for at, name in enumerate(names)}
    arrows = [(number[one], number[other]) for one, other in joined]
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_edges_from(sorted({(min(pair), max(pair)) for pair in arrows}))
    sampled = _SAMPLED if len(names) > _EXACT else 0
    between = nx.betweenness_centrality(graph, k=sampled or None, seed=_SEED)
    rank = pagerank(len(names), arrows)
    groups = sorted(
        (sorted(group) for group in nx.community.louvain_communities(graph, seed=_SEED)) if names else (),
        key=lambda group: (-len(group), group),
    )
    modularity = nx.community.modularity(graph, map(set, groups)) if joined else 0.0
    return Numbers(
        things=len(names),
        pairs=graph.number_of_edges(),
        density=round(nx.density(graph), _DIGITS) if names else 0.0,
        components=tuple(sorted(map(len, nx.connected_components(graph)), reverse=True)),
        places=tuple(
            Place(name, graph.degree(at), round(between[at], _DIGITS), round(rank[at], _DIGITS))
            for name, at in number.items()
        ),
        groups=tuple(tuple(names[at] for at in group) for group in groups),
        modularity=round(modularity, _DIGITS),
        sampled=sampled,
    )


def pagerank(size: int, arrows: Sequence[tuple[int, int]]) -> Mapping[int, float]:
    """Return the PageRank of ``size`` things by what each hands on to; the sum is 1.

    That of networkx needs scipy, which weighs more than all of this package; this is its power iteration.
    """
    outgoing: dict[int, list[int]] = {}
    for one, other in arrows:
        outgoing.setdefault(one, []).append(other)
    rank = dict.fromkeys(range(size), 1 / size) if size else {}
    for _ in range(_ROUNDS):
        idle = sum(value for at, value in rank.items() if at not in outgoing)
        new = dict.fromkeys(rank, (1 - _DAMPING + _DAMPING * idle) / size if size else 0.0)
        for at, others in outgoing.items():
            share = _DAMPING * rank[at] / len(others)
            for other in others:
                new[other] += share
        moved = sum(abs(new[at] - rank[at]) for at in rank)
        rank = new
        if moved < size * _CLOSE:
            break
    return rank
