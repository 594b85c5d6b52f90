"""Writes and takes apart N-Quads lines as plain strings: the cheapest way into RDF; nothing else escapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.errors import StoreError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
ORG = "http://www.w3.org/ns/org#"
ELI = "http://data.europa.eu/eli/ontology#"
QB = "http://purl.org/linked-data/cube#"

# What RFC 3987 lets stand in an IRI. Everything else is percent-encoded, so that no text can close an IRI.
_NOT_IRI = re.compile(
    r"[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%"
    "\u00a0-\u1fff\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INTEGER = f'"^^<{XSD}integer>'

# Escaped besides what the grammar asks for: controls, line separators and direction marks, so that a line
# stays a line for every tool and shows what it says.
_NOT_LITERAL = re.compile(
    '["\\\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]'
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_TERM = r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?'
_QUAD = re.compile(rf"(<[^>]*>) (<[^>]*>) ({_TERM}) (<[^>]*>) \.")
_UNESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_LONG = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

Quad = tuple[str, str, str, str]
"""Subject, predicate, object and graph, each in N-Quads syntax."""


def iri(value: str) -> str:
    """Return an IRI in angle brackets, with what an IRI may not contain percent-encoded.

    >>> iri("https://w3id.org/govkg/id/initiative/放管服改革")
    '<https://w3id.org/govkg/id/initiative/放管服改革>'
    >>> iri('http://a/> <http://b "')
    '<http://a/%3E%20%3Chttp://b%20%22>'
    """
    if _NOT_IRI.search(value) is None and "%" not in value:  # nearly always
        return f"<{value}>"
    escaped = _NOT_IRI.sub(lambda hit: "".join(f"%{byte:02X}" for byte in _bytes(hit[0])), value)
    return f"<{_STRAY_PERCENT.sub('%25', escaped)}>"


def saying(predicate: str, obj: str = "") -> str:
    """Return the middle of lines that say one thing: a predicate's IRI, and an object where that is fixed.

    It goes between a subject and either an object or what ends a line: made once, not for each line.

    >>> saying("http://a/is"), saying("http://a/is", "<http://a/B>")
    (' <http://a/is> ', ' <http://a/is> <http://a/B>')
    """
    return f" {iri(predicate)} {obj}"


def ending(graph: str) -> str:
    """Return what ends the lines of a graph, whose name is already in N-Quads syntax.

    >>> "<http://a/x>" + saying("http://a/is") + "<http://a/y>" + ending("<http://a/g>")
    '<http://a/x> <http://a/is> <http://a/y> <http://a/g> .'
    """
    return f" {graph} ."


def text(value: str, language: str = "") -> str:
    r"""Return a literal, with a language tag if one is given.

    >>> text('称“放管服"\n改革', "zh")
    '"称“放管服\\"\\n改革"@zh'
    """
    # What prints needs no escape but the quotation mark and the backslash: three quick looks save the search.
    plain = value.isprintable() and '"' not in value and "\\" not in value
    quoted = f'"{value}"' if plain else f'"{_NOT_LITERAL.sub(_escape, value)}"'
    return f"{quoted}@{language}" if language else quoted


def typed(value: str, datatype: str) -> str:
    """Return a literal of an XML Schema datatype, named without its namespace.

    >>> typed("2020", "gYear")
    '"2020"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    return f"{text(value)}^^<{XSD}{datatype}>"


def integer(value: int) -> str:
    """Return a whole number as a literal.

    >>> integer(7)
    '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    return f'"{value}{_INTEGER}'


def line(subject: str, predicate: str, obj: str, graph: str) -> str:
    """Return one N-Quads line (without line end) of terms that are already in N-Quads syntax."""
    return f"{subject} {predicate} {obj} {graph} ."


def split(quad: str) -> Quad:
    """Take one line of this project's own N-Quads apart.

    Raises:
        StoreError: the line is not one this module could have written.

    """
    hit = _QUAD.fullmatch(quad.rstrip("\n"))
    if hit is None:
        raise StoreError(f"graph.nq: not a quad, {quad[:80]!r}; build the graph again")
    return hit[1], hit[2], hit[3], hit[4]


def value(term: str) -> str:
    """Return the characters that a term in N-Quads syntax stands for, without language and datatype.

    >>> value(text('a"b', "zh")), value(iri("http://a/昌江"))
    ('a"b', 'http://a/昌江')
    """
    if term.startswith("<"):
        return term[1:-1]
    return _UNESCAPE.sub(_unescape, term[1 : term.rindex('"')])


def triples(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the distinct triples of sorted lines, in order: the same triple in two graphs is one."""
    last = None
    for quad in lines:
        triple = split(quad)[:3]
        if triple != last:
            yield triple
            last = triple


def _bytes(character: str) -> bytes:
    return character.encode("utf-8", "replace")


def _escape(hit: re.Match[str]) -> str:
    character = hit[0]
    if "\ud800" <= character <= "\udfff":  # half a character: no file can hold it
        return "\ufffd"
    return _SHORT.get(character) or f"\\u{ord(character):04X}"


def _unescape(hit: re.Match[str]) -> str:
    code = hit[1] or hit[2]
    return chr(int(code, 16)) if code else _LONG.get(hit[3], hit[3])
