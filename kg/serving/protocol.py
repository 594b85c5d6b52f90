"""SPARQL 1.1 Protocol: what a request asks, and the description of the endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph
from starlette.requests import Request

from kg import terms
from kg.graph.nquads import RDF
from kg.serving import negotiating
from kg.serving.refusals import RefusedError

LONGEST_REQUEST = 1_000_000
"""Bytes of a query that are read."""

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_SERVICE = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the graphs that the request names as its dataset, and the form wanted ("": by Accept)."""

    sparql: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    form: str


async def read(request: Request) -> Asked | None:
    """Return what a request asks by any of the three ways of the protocol, None where it asks nothing.

    Raises:
        RefusedError: it is an update, has another type, several queries, no UTF-8, or is too long.

    """
    pairs = _pairs(request.url.query)
    sparql: list[str] = []
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await _body(request)
        if kind == _FORM or not (kind or body):
            pairs += _pairs(body)
        elif kind == _QUERY:
            sparql.append(body)
        elif kind == _UPDATE:
            raise no_update()
        else:
            raise RefusedError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"request: has Content-Type {kind!r}; send {_FORM} or {_QUERY}",
            )
    sparql += [value for key, value in pairs if key == "query"]
    if any(key == "update" for key, _ in pairs):
        raise no_update()
    if len(sparql) > 1:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"request: has {len(sparql)} queries; send one at a time")
    if not sparql and request.method == "GET":
        return None
    if not sparql:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "request: has no query; give the parameter query")

    def graphs(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in pairs if key == name)

    form = next((value for key, value in pairs if key == "format"), "")
    return Asked(sparql[0], graphs("default-graph-uri"), graphs("named-graph-uri"), form)


def no_update() -> RefusedError:
    """Return the refusal of changes."""
    return RefusedError(
        HTTPStatus.FORBIDDEN,
        "update: this endpoint only reads; change the documents or rules and build again with kg build",
    )


async def _body(request: Request) -> str:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LONGEST_REQUEST:
            raise RefusedError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"request: is longer than {LONGEST_REQUEST} bytes; ask in parts",
            )
        parts.append(part)
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"request: {error}; send UTF-8") from error


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, f"request: {error}; send UTF-8, percent-encoded"
        ) from error


def describe(endpoint: str, dataset: str, triples: int, accept: str) -> tuple[bytes, str] | None:
    """Return a SPARQL 1.1 Service Description and its media type, None where no form of it is accepted.

    ``dataset`` is the IRI of the description of what is in the graph, ``triples`` how many it holds.
    """
    kind = negotiating.best(accept, list(negotiating.GRAPHS.values()))
    if kind is None:
        return None
    node = pyoxigraph.NamedNode
    service, whole, default = (node(endpoint + part) for part in ("#service", "#dataset", "#default"))

    def sd(name: str) -> pyoxigraph.NamedNode:
        return node(_SERVICE + name)

    formats = [node(_FORMATS + _FORMAT_NAMES[name]) for name in (*negotiating.ROWS, *negotiating.GRAPHS)]
    said: list[tuple[pyoxigraph.NamedNode, pyoxigraph.NamedNode, Any]] = [
        (service, node(RDF + "type"), sd("Service")),
        (service, sd("endpoint"), node(endpoint)),
        (service, sd("supportedLanguage"), sd("SPARQL11Query")),
        (service, sd("defaultDataset"), whole),
        *((service, sd("resultFormat"), form) for form in formats),
        (whole, node(RDF + "type"), sd("Dataset")),
        (whole, sd("defaultGraph"), default),
        (whole, node(terms.PREFIXES["rdfs"] + "seeAlso"), node(dataset)),
        (default, node(RDF + "type"), sd("Graph")),
        (default, node(terms.PREFIXES["void"] + "triples"), pyoxigraph.Literal(triples)),
    ]
    prefixes = {**terms.PREFIXES, "sd": _SERVICE, "formats": _FORMATS}
    written = pyoxigraph.serialize(
        (pyoxigraph.Triple(*each) for each in said),
        format=pyoxigraph.RdfFormat.from_media_type(kind),
        prefixes=prefixes,
    )
    return written or b"", kind
