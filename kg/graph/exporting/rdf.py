"""Writes the formats that say everything: Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from kg.graph import nquads as quads
from kg.graph import turtle as turtles
from kg.graph.exporting.xml import escape, legal

_NAME = re.compile(r"(.*?)([A-Za-z_][A-Za-z0-9_.-]*)")


def turtle(lines: Iterable[str], base: str) -> Iterator[str]:
    """Write Turtle: all documents together."""
    return turtles.write(lines, turtles.PREFIXES, base)


def ntriples(lines: Iterable[str], base: str) -> Iterator[str]:
    """Write N-Triples: all documents together."""
    for triple in quads.triples(lines):
        yield f"{' '.join(triple)} .\n"


def nquads(lines: Iterable[str], base: str) -> Iterator[str]:
    """Write N-Quads: a graph per document."""
    for line in lines:
        yield f"{line}\n"


def trig(lines: Iterable[str], base: str) -> Iterator[str]:
    """Write TriG: a graph per document."""
    names = turtles.Names(turtles.PREFIXES, base)
    yield from names.header()
    for graph, found in _graphs(lines):
        yield f"\n{names.short(graph)} {{\n"
        for subject, triples in groupby(found, key=lambda triple: triple[0]):
            yield turtles.block(names, subject, triples) + "\n"
        yield "}\n"


def jsonld(lines: Iterable[str], base: str) -> Iterator[str]:
    """Write JSON-LD 1.1: a graph per document, one line per thing."""
    names = turtles.Names(turtles.PREFIXES, "")
    context = json.dumps({"@version": 1.1, **names.prefixes}, ensure_ascii=False)
    yield f'{{"@context": {context},\n "@graph": ['
    for number, (graph, found) in enumerate(_graphs(lines)):
        yield f'{"," if number else ""}\n {{"@id": {_json(quads.value(graph))}, "@graph": ['
        for count, (subject, triples) in enumerate(groupby(found, key=lambda triple: triple[0])):
            yield f"{',' if count else ''}\n  {_json(_node(names, subject, triples))}"
        yield "]}"
    yield "]}\n"


def _node(names: turtles.Names, subject: str, triples: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": quads.value(subject)}
    for _, predicate, obj in triples:
        if predicate == turtles.TYPE:
            node.setdefault("@type", []).append(names.short(obj).strip("<>"))
        else:
            node.setdefault(names.short(predicate).strip("<>"), []).append(_json_value(names, obj))
    return node


def _json_value(names: turtles.Names, term: str) -> dict[str, str]:
    if term.startswith("<"):
        return {"@id": quads.value(term)}
    tail = term[term.rindex('"') + 1 :]
    told = {"@value": quads.value(term)}
    if tail.startswith("@"):
        told["@language"] = tail[1:]
    elif tail.startswith("^^"):
        told["@type"] = names.short(tail[2:]).strip("<>")
    return told


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def rdfxml(lines: Iterable[str], base: str) -> Iterator[str]:
    """Write RDF/XML: all documents together; characters that XML cannot hold become U+FFFD."""
    spaces = "".join(f' xmlns:{prefix}="{escape(space)}"' for prefix, space in turtles.PREFIXES.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'
    names = turtles.Names(turtles.PREFIXES, "")
    for subject, triples in groupby(quads.triples(lines), key=lambda triple: triple[0]):
        yield f'<rdf:Description rdf:about="{escape(quads.value(subject))}">\n'
        for _, predicate, obj in triples:
            yield f"  {_element(names.short(predicate), obj)}\n"
        yield "</rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _element(name: str, obj: str) -> str:
    space = ""
    if name.startswith("<"):  # a property outside the usual vocabularies brings its own namespace along
        hit = _NAME.fullmatch(name[1:-1])
        namespace, name = (hit[1], "p:" + hit[2]) if hit else (name[1:-1], "p:_")
        space = f' xmlns:p="{escape(namespace)}"'
    if obj.startswith("<"):
        return f'<{name}{space} rdf:resource="{escape(quads.value(obj))}"/>'
    tail = obj[obj.rindex('"') + 1 :]
    kind = ""
    if tail.startswith("@"):
        kind = f' xml:lang="{tail[1:]}"'
    elif tail.startswith("^^"):
        kind = f' rdf:datatype="{escape(tail[3:-1])}"'
    return f"<{name}{space}{kind}>{escape(legal(quads.value(obj)))}</{name}>"


def _graphs(lines: Iterable[str]) -> Iterator[tuple[str, Iterator[tuple[str, str, str]]]]:
    """Yield each graph with its triples, sorted."""
    by_graph = sorted((quad[3], *quad[:3]) for quad in map(quads.split, lines))
    for graph, found in groupby(by_graph, key=lambda quad: quad[0]):
        yield graph, ((subject, predicate, obj) for _, subject, predicate, obj in found)
