"""Writes the answer to a query: table, list, CSV, JSON or Turtle."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pyoxigraph

from kg import terms
from kg.errors import QueryError
from kg.graph import nquads, tables, turtle
from kg.graph.querying import Answer, lines

_NUMERAL = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")
NUMBERS = frozenset(
    nquads.XSD + name for name in ("decimal", "integer", "double", "float", "nonNegativeInteger")
)
"""Datatypes of what an answer shows as a number."""


def write(answer: Answer, form: str, base: str) -> str:
    """Return an answer in one of :data:`FORMS`.

    Raises:
        QueryError: rows cannot be written as Turtle.

    """
    return FORMS[form](answer, base)


def _table(answer: Answer, base: str) -> str:
    names = turtle.Names(terms.PREFIXES, base)
    rows = [[_shown(term, names) for term in row] for row in answer.rows]
    return tables.aligned(answer.columns, rows)


def _list(answer: Answer, base: str) -> str:
    """Write each row as lines of its own, a value a line, whole: for sentences that no column can hold."""
    names = turtle.Names(terms.PREFIXES, base)
    wide = max(map(tables.width, answer.columns), default=0)
    blocks = []
    for row in answer.rows:
        cells = zip(answer.columns, row, strict=True)
        shown = [(name, tables.plain(_shown(term, names))) for name, term in cells if term is not None]
        blocks.append("".join(f"{name}{' ' * (wide - tables.width(name))}  {text}\n" for name, text in shown))
    return "\n".join(blocks)


def _shown(term: Any, names: turtle.Names) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return names.short(nquads.iri(term.value)).strip("<>")
    return _value(term)


def _value(term: Any) -> str:
    return "" if term is None else getattr(term, "value", str(term))


def _csv(answer: Answer, base: str) -> str:
    rows = [[_cell(term) for term in row] for row in answer.rows]
    return tables.to_csv(answer.columns, rows)


def _cell(term: Any) -> str:
    text = _value(term)
    number = isinstance(term, pyoxigraph.Literal) and term.datatype.value in NUMBERS
    return text if number and _NUMERAL.fullmatch(text) else tables.guard(text)


def _json(answer: Answer, base: str) -> str:
    """Write SPARQL 1.1 Query Results JSON."""
    if answer.columns == ("answer",) and not answer.graph:
        return json.dumps({"head": {}, "boolean": _value(answer.rows[0][0]) == "true"}) + "\n"
    found = [
        {
            name: _json_term(term)
            for name, term in zip(answer.columns, row, strict=True)
            if term is not None
        }
        for row in answer.rows
    ]  # fmt: skip
    result = {"head": {"vars": list(answer.columns)}, "results": {"bindings": found}}
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Any) -> dict[str, str]:
    if isinstance(term, pyoxigraph.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, pyoxigraph.Literal):
        told = {"type": "literal", "value": term.value}
        if term.language:
            told["xml:lang"] = term.language
        elif term.datatype.value != nquads.XSD + "string":
            told["datatype"] = term.datatype.value
        return told
    return {"type": "bnode", "value": _value(term)}


def _turtle(answer: Answer, base: str) -> str:
    if not answer.graph:
        raise QueryError(
            "--format turtle: the answer is rows, not a graph; ask with CONSTRUCT or take csv or json"
        )
    return "".join(turtle.write_triples(lines(answer), turtle.PREFIXES, base))


FORMS: Mapping[str, Callable[[Answer, str], str]] = {
    "table": _table,
    "list": _list,
    "csv": _csv,
    "json": _json,
    "turtle": _turtle,
}
