"""Writes the formats of network programs: GraphML (yEd, NetworkX, igraph) and GEXF (Gephi)."""

from __future__ import annotations

from collections.abc import Iterator

from kg.graph.exporting.xml import escape, legal
from kg.graph.selection import EdgeView, GraphView, NodeView

_NODE = ("label", "kind", "alt_labels", "attributes", "documents")
_EDGE = ("predicate", "planned", "evidence", "quote")
_TYPES = {"documents": "int", "planned": "boolean", "evidence": "int"}


def graphml(view: GraphView) -> str:
    """Return GraphML: things as nodes, facts as directed edges with their first sentence."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(_key("node", name) for name in _NODE),
        *(_key("edge", name) for name in _EDGE),
        '<graph id="govkg" edgedefault="directed">',
    ]
    for node in view.nodes:
        lines.append(f'<node id="{escape(node.iri)}">{"".join(_data("node", _node_values(node)))}</node>')
    for number, edge in enumerate(view.edges):
        data = "".join(_data("edge", _edge_values(edge)))
        ends = f'source="{escape(edge.source)}" target="{escape(edge.target)}"'
        lines.append(f'<edge id="e{number}" {ends}>{data}</edge>')
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def gexf(view: GraphView) -> str:
    """Return GEXF 1.3: things as nodes, facts as directed edges with their first sentence."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
        '<graph mode="static" defaultedgetype="directed">',
        '<attributes class="node">',
        *(_attribute(name) for name in _NODE[1:]),
        "</attributes>",
        '<attributes class="edge">',
        *(_attribute(name) for name in _EDGE),
        "</attributes>",
        "<nodes>",
    ]
    for node in view.nodes:
        label = escape(legal(node.label))
        lines.append(f'<node id="{escape(node.iri)}" label="{label}">{_values(_node_values(node))}</node>')
    lines += ["</nodes>", "<edges>"]
    for number, edge in enumerate(view.edges):
        ends = f'source="{escape(edge.source)}" target="{escape(edge.target)}"'
        # Gephi keeps parallel edges apart by their kind.
        kind = f'label="{escape(edge.predicate)}" kind="{escape(edge.predicate)}"'
        lines.append(f'<edge id="e{number}" {ends} {kind}>{_values(_edge_values(edge))}</edge>')
    return "\n".join([*lines, "</edges>", "</graph>", "</gexf>", ""])


def _node_values(node: NodeView) -> dict[str, str]:
    return {
        "label": node.label,
        "kind": node.kind,
        "alt_labels": "|".join(node.alt_labels),
        "attributes": "; ".join(f"{name}={value}" for name, value in node.attributes),
        "documents": str(len(node.documents)),
    }


def _edge_values(edge: EdgeView) -> dict[str, str]:
    return {
        "predicate": edge.predicate,
        "planned": "true" if edge.planned else "false",
        "evidence": str(len(edge.evidence)),
        "quote": edge.evidence[0].quote if edge.evidence else "",
    }


def _key(target: str, name: str) -> str:
    kind = _TYPES.get(name, "string")
    return f'<key id="{target}_{name}" for="{target}" attr.name="{name}" attr.type="{kind}"/>'


def _data(target: str, values: dict[str, str]) -> Iterator[str]:
    for name, value in values.items():
        yield f'<data key="{target}_{name}">{escape(legal(value))}</data>'


def _attribute(name: str) -> str:
    kind = {"int": "integer"}.get(_TYPES.get(name, "string"), _TYPES.get(name, "string"))
    return f'<attribute id="{name}" title="{name}" type="{kind}"/>'


def _values(values: dict[str, str]) -> str:
    items = [
        f'<attvalue for="{name}" value="{escape(legal(value))}"/>'
        for name, value in values.items()
        if name != "label"
    ]
    return f"<attvalues>{''.join(items)}</attvalues>"
