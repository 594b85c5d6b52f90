"""Writes the formats of network programs, line by line: GraphML (yEd, NetworkX, igraph) and GEXF (Gephi)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.graph.exporting import records
from kg.graph.exporting.records import Cell, Source, Statement
from kg.graph.exporting.spreadsheets import SEPARATOR
from kg.graph.exporting.xml import escape, legal

_NODE: Mapping[str, str] = {
    "label": "string",
    **{
        name: "int" if kind == records.WHOLE else "boolean" if kind == records.TRUTH else "string"
        for name, kind in records.ENTITIES.items()
        if name not in ("iri", "name")
    },
}
_EDGE: Mapping[str, str] = {
    "predicate": "string",
    "planned": "boolean",
    "evidence": "int",
    "documents": "int",
    "year": "int",
    "quote": "string",
    "rule": "string",
}


def graphml(source: Source) -> Iterator[str]:
    """Yield GraphML: things as nodes, facts as directed edges with their first sentence."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for target, names in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in names.items():
            yield f'<key id="{target}_{name}" for="{target}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="govkg" edgedefault="directed">\n'
    for iri, values in _nodes(source):
        yield f'<node id="{escape(iri)}">{_data("node", values)}</node>\n'
    for number, ((subject, _, obj), values) in enumerate(_edges(source)):
        ends = f'source="{escape(subject)}" target="{escape(obj)}"'
        yield f'<edge id="e{number}" {ends}>{_data("edge", values)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def gexf(source: Source) -> Iterator[str]:
    """Yield GEXF 1.3: things as nodes, facts as directed edges with their first sentence."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield '<graph mode="static" defaultedgetype="directed">\n'
    for target, names in (("node", _NODE), ("edge", _EDGE)):
        yield f'<attributes class="{target}">\n'
        for name, kind in names.items():
            if name != "label":
                known = {"int": "integer"}.get(kind, kind)
                yield f'<attribute id="{name}" title="{name}" type="{known}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for iri, values in _nodes(source):
        label = escape(legal(str(values["label"])))
        yield f'<node id="{escape(iri)}" label="{label}">{_attributes(values)}</node>\n'
    yield "</nodes>\n<edges>\n"
    for number, ((subject, predicate, obj), values) in enumerate(_edges(source)):
        ends = f'source="{escape(subject)}" target="{escape(obj)}"'
        # Gephi keeps parallel edges apart by their kind.
        kind = f'label="{escape(predicate)}" kind="{escape(predicate)}"'
        yield f'<edge id="e{number}" {ends} {kind}>{_attributes(values)}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _nodes(source: Source) -> Iterator[tuple[str, dict[str, Cell]]]:
    for row in records.entities(source):
        values = dict(zip(records.ENTITIES, row, strict=True))
        yield str(values["iri"]), {"label": values["name"], **values}


def _edges(source: Source) -> Iterator[tuple[tuple[str, str, str], dict[str, Cell]]]:
    for fact, said in records.edges(source):
        yield fact, edge(source, fact[1], said)


def edge(source: Source, predicate: str, said: list[Statement]) -> dict[str, Cell]:
    """Return what a network says of a fact: it is planned where every evidence speaks of the future."""
    told = [item for item in said if item.document]
    planned = bool(told) and all(item.planned for item in told)
    # What was done needs no promise to show it.
    shown = [item for item in told if planned or not item.planned]
    years = [source.lookup.document(item.document).year for item in shown]
    first = shown[0] if shown else None
    return {
        "predicate": predicate,
        "planned": planned,
        "evidence": len(shown),
        "documents": len({item.document for item in shown}),
        "year": min((year for year in years if year is not None), default=None),
        "quote": source.lookup.passage(first.passage).quote if first else None,
        "rule": first.rule if first else None,
    }


def _data(target: str, values: Mapping[str, Cell]) -> str:
    known = _NODE if target == "node" else _EDGE
    return "".join(
        f'<data key="{target}_{name}">{escape(legal(text))}</data>'
        for name, text in _texts(values)
        if name in known
    )


def _attributes(values: Mapping[str, Cell]) -> str:
    items = [
        f'<attvalue for="{name}" value="{escape(legal(text))}"/>'
        for name, text in _texts(values)
        if name != "label" and (name in _NODE or name in _EDGE)
    ]
    return f"<attvalues>{''.join(items)}</attvalues>"


def _texts(values: Mapping[str, Cell]) -> Iterator[tuple[str, str]]:
    for name, cell in values.items():
        if isinstance(cell, bool):
            yield name, "true" if cell else "false"
        elif isinstance(cell, tuple):
            yield name, SEPARATOR.join(cell)
        elif cell is not None:
            yield name, str(cell)
