"""Builds the pyvis network of a view: one node per thing, one line per pair of things that facts connect."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvis
from pyvis.network import Network

from kg.errors import ExportError
from kg.graph.selection import GraphView
from kg.viewing.appearance import Appearance
from kg.viewing.layout import Layout

_LIBRARY = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
_LINE_COLOUR = "rgba(128,134,144,0.38)"

# Up to so many things vis-network opens within a second and moves fluently without a graphics card.
MAX_NODES = 2000

_OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"borderWidth": 1, "borderWidthSelected": 3, "chosen": False},
    "edges": {
        "smooth": False,
        "selectionWidth": 2,
        "hoverWidth": 1,
        "arrows": {"to": {"scaleFactor": 0.45}, "from": {"scaleFactor": 0.45}},
        "color": {"color": _LINE_COLOUR, "inherit": False},
    },
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "multiselect": False,
        "tooltipDelay": 1000000,
        "keyboard": {"enabled": True, "bindToWindow": False},
        "zoomSpeed": 0.7,
    },
}


@dataclass(frozen=True, slots=True)
class Line:
    """All facts between two things, by their position; it is the wider the more documents say so."""

    source: str
    target: str
    facts: tuple[int, ...]
    width: float


def build(view: GraphView, layout: Layout, appearance: Appearance) -> Network:
    """Return the pyvis network of ``view``, with every position given and physics off.

    Each line carries ``facts``: the positions in ``view.edges`` of what it stands for.
    """
    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(json.dumps(_OPTIONS))
    for node in view.nodes:
        place, look = layout.places[node.iri], appearance.look(node.kind)
        network.add_node(
            node.iri,
            label=node.label or node.iri,
            shape=look.shape,
            color=look.colour,
            x=place.x,
            y=place.y,
            size=place.size,
        )
    for line in lines(view):
        edges = [view.edges[index] for index in line.facts]
        both = {edge.source for edge in edges} == {line.source, line.target} and line.source != line.target
        network.add_edge(
            line.source,
            line.target,
            arrows="to, from" if both else "to",
            dashes=all(edge.planned for edge in edges),
            width=line.width,
            facts=list(line.facts),
        )
    return network


def lines(view: GraphView) -> list[Line]:
    """Group the edges by the pair they connect, in the direction of the pair's first edge, in their order."""
    pairs: dict[tuple[str, str], list[int]] = {}
    for index, edge in enumerate(view.edges):
        there, back = (edge.source, edge.target), (edge.target, edge.source)
        pairs.setdefault(back if back in pairs else there, []).append(index)
    found = []
    for (source, target), facts in sorted(pairs.items()):
        saying = {said.document for index in facts for said in view.edges[index].evidence}
        found.append(Line(source, target, tuple(facts), _width(len(saying))))
    return found


def _width(documents: int) -> float:
    """Return how wide a line is that so many documents speak for; beyond nine, more would cover the rest."""
    return round(min(4.0, 0.9 + 0.35 * max(1, documents)), 2)


def library() -> str:
    """Return vis-network as pyvis carries it, ready to stand inside a script element.

    A browser reads every line end in a page as a line feed; so do we, or the policy's hash would not fit.

    Raises:
        ExportError: the installed pyvis carries no vis-network where 0.3.2 does.

    """
    try:
        code = _LIBRARY.read_bytes().decode("utf-8")
    except OSError as error:
        raise ExportError(
            f"{_LIBRARY}: cannot be read, {error.strerror}; reinstall with 'pip install pyvis==0.3.2'"
        ) from error
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    if re.search(r"</script|<!--", code, re.IGNORECASE):
        raise ExportError(f"{_LIBRARY}: would end its script element; install pyvis==0.3.2")
    return code
