"""Writes the formats that say everything: Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML.

Each is a function from sorted N-Quads lines, and the short names that it may use, to the chunks of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from kg.graph import nquads as quads
from kg.graph import turtle as turtles
from kg.graph.exporting import jsonld as json_ld
from kg.graph.exporting.grouping import by_graph
from kg.graph.exporting.xml import escape, legal

Names = turtles.Names

_NAME = re.compile(r"(.*?)([A-Za-z_][A-Za-z0-9_.-]*)")


def turtle(lines: Iterable[str], names: Names) -> Iterator[str]:
    """Write Turtle: all documents together."""
    return turtles.write(lines, names.prefixes, names.base)


def ntriples(lines: Iterable[str], names: Names | None = None) -> Iterator[str]:
    """Write N-Triples: all documents together."""
    last = ""
    for line in lines:
        # The graph's name comes last and holds no brackets: no need to take the line apart.
        cut = line.rfind(" <")
        if cut < 0 or line[-3:] != "> .":
            quads.split(line)  # tells what is wrong with it
        triple = line[:cut]
        if triple != last:
            yield triple + " .\n"
            last = triple


def nquads(lines: Iterable[str], names: Names | None = None) -> Iterator[str]:
    """Write N-Quads: a graph per document."""
    for line in lines:
        yield f"{line}\n"


def all_ntriples(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Write N-Triples as :func:`ntriples` does, from many whole lines at a time."""
    last = end = b""
    cut = bytes.removesuffix
    for block in blocks:
        once: list[bytes] = []
        for line in block.split(b"\n")[:-1]:
            # Mostly of the same graph as the line before: then one call cuts its end off, and checks it.
            triple = cut(line, end)
            if triple == line:
                at = line.rfind(b" <")
                triple, end = line[:at], line[at:]
                if at < 0 or end[-3:] != b"> .":
                    quads.split(line.decode())  # tells what is wrong with it
                if triple == last:
                    continue
            once.append(triple)
            last = triple
        if once:
            yield b" .\n".join([*once, b""])


def trig(lines: Iterable[str], names: Names) -> Iterator[str]:
    """Write TriG: a graph per document."""
    yield from names.header()
    for graph, found in by_graph(lines):
        yield f"\n{names.short(graph)} {{\n"
        for subject, triples in groupby(found, key=lambda triple: triple[0]):
            yield turtles.block(names, subject, triples) + "\n"
        yield "}\n"


def jsonld(lines: Iterable[str], names: Names) -> Iterator[str]:
    """Write JSON-LD 1.1: a graph per document, one line per thing, with a context that people can read."""
    return json_ld.write(lines, names)


def rdfxml(lines: Iterable[str], names: Names) -> Iterator[str]:
    """Write RDF/XML: all documents together; characters that XML cannot hold become U+FFFD."""
    spaces = "".join(f' xmlns:{prefix}="{escape(space)}"' for prefix, space in names.prefixes.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'
    names = Names(names.prefixes, "")
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
