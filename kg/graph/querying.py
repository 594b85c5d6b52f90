"""Asks SPARQL questions: finds the named ones, binds their parameters, runs them, says what is wrong."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph

from kg import resources, terms
from kg.errors import QueryError
from kg.graph import nquads, tables

_HEADER = re.compile(r"#\s*(name|zh|en|param):\s*(.*)")
_TERM = re.compile(r"\bgov:([A-Za-z]\w*)")
_PARAMETER = re.compile(r"(\w+)(?:\s+(.*))?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a named query can be asked about: its name, what it means, its value unless one is given."""

    name: str
    meaning: str
    default: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question that comes with the package, in words and in SPARQL."""

    name: str
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    sparql: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found: rows of terms under ``columns``; of CONSTRUCT and DESCRIBE, triples."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    graph: bool = False


@functools.cache
def named_queries() -> Mapping[str, NamedQuery]:
    """Return the questions that come with the package, by name, in order."""
    found = [_named(path) for path in sorted((resources.RULE_DATA / "queries").glob("*.rq"))]
    return {query.name: query for query in found}


def _named(path: Path) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    header: dict[str, list[str]] = {"name": [path.stem], "zh": [""], "en": [""], "param": []}
    for hit in filter(None, map(_HEADER.fullmatch, text.split("\n"))):
        if hit[1] == "param":
            header["param"].append(hit[2])
        else:
            header[hit[1]] = [hit[2].strip()]
    parameters = tuple(_parameter(path, text, line) for line in header["param"])
    return NamedQuery(header["name"][0], header["zh"][0], header["en"][0], parameters, text)


def _parameter(path: Path, text: str, line: str) -> Parameter:
    hit = _PARAMETER.fullmatch(line.strip())
    values = hit and _values(hit[1]).search(text)
    if not hit or not values:
        raise QueryError(f"{path.name}: parameter {line!r} has no VALUES line in the query; add one")
    return Parameter(hit[1], hit[2] or "", nquads.value(values[2]))


def _values(name: str) -> re.Pattern[str]:
    return re.compile(rf'(VALUES \?{re.escape(name)} \{{ )("(?:[^"\\]|\\.)*")( \}})')


def bind(name: str, values: Mapping[str, str]) -> str:
    """Return the SPARQL of a named query with its parameters bound.

    A query says ``VALUES ?place { "" }`` where it takes a parameter; the literal there, and nothing else, is
    exchanged, with everything escaped that could end it.

    Raises:
        QueryError: there is no such query, or it has no such parameter.

    """
    queries = named_queries()
    if name not in queries:
        raise QueryError(f"--name: no query is called {name!r}; see kg query --list")
    query = queries[name]
    known = {parameter.name for parameter in query.parameters}
    text = query.sparql
    for key, value in values.items():
        if key not in known:
            has = ", ".join(sorted(known)) or "none"
            raise QueryError(f"--param: {name} has no parameter {key!r}; it has {has}")
        term = nquads.text(value)
        text = _values(key).sub(lambda hit, term=term: hit[1] + term + hit[3], text)  # type: ignore[misc]
    return text


def run(store: pyoxigraph.Store, sparql: str) -> Answer:
    """Answer a SPARQL query over all documents of a store together; the project's prefixes are known.

    Raises:
        QueryError: the query cannot be parsed or answered.

    """
    try:
        found = store.query(sparql, prefixes=dict(terms.PREFIXES))
        return _answer(found)
    except SyntaxError as error:
        raise QueryError(_explain(sparql, str(error))) from error
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"query: cannot be answered, {error}; simplify the query") from error


def unknown_terms(sparql: str) -> tuple[str, ...]:
    """Return the names under ``gov:`` that the ontology does not have: a misspelt term finds nothing.

    >>> unknown_terms("SELECT ?s { ?s gov:issued ?d ; gov:isued ?e }")
    ('isued',)
    """
    return tuple(name for name in dict.fromkeys(_TERM.findall(sparql)) if name not in terms.TERMS)


def _answer(found: Any) -> Answer:
    if isinstance(found, pyoxigraph.QuerySolutions):
        columns = tuple(variable.value for variable in found.variables)
        return Answer(columns, tuple(tuple(row) for row in found))
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Answer(("answer",), ((pyoxigraph.Literal(bool(found)),),))
    triples = {(triple.subject, triple.predicate, triple.object) for triple in found}
    return Answer(("subject", "predicate", "object"), tuple(sorted(triples, key=str)), graph=True)


_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_ASKS = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_CHANGES = re.compile(r"\b(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b", re.IGNORECASE)


def _explain(sparql: str, message: str) -> str:
    """Tell where a query is wrong, with the line itself."""
    if not sparql.strip():
        return "query: is empty; give SPARQL, or kg query --list for questions that are ready"
    if _CHANGES.search(sparql) and not _ASKS.search(sparql):
        return (
            "query: asks for a change, but a built graph is only read; use SELECT, ASK, CONSTRUCT or DESCRIBE"
        )
    hit = _PLACE.match(message)
    if hit is None:
        return f"query: {message}; kg query --list shows queries that work"
    line, column, problem = int(hit[1]), int(hit[2]), "is not SPARQL from here on"
    advice = "kg query --list shows queries that work"
    if "Prefix not found" in problem + hit[3]:
        problem, advice = "has a prefix that is not known", f"known are {', '.join(sorted(terms.PREFIXES))}"
    elif "unbound" in hit[3]:
        problem, advice = "selects a variable that is not bound", "bind it, or name it under GROUP BY"
    lines_ = sparql.split("\n")
    shown = lines_[line - 1] if line <= len(lines_) else ""
    caret = " " * tables.width(shown[: column - 1]) + "^"
    return f"query, line {line}, column {column}: {problem}; {advice}\n  {shown}\n  {caret}"


def lines(answer: Answer) -> Iterator[tuple[str, str, str]]:
    """Yield the triples of a graph as terms in N-Triples syntax, sorted."""
    yield from sorted(tuple(map(syntax, row)) for row in answer.rows)  # type: ignore[misc]


def syntax(term: Any) -> str:
    """Return a store's term in N-Quads syntax."""
    if isinstance(term, pyoxigraph.NamedNode):
        return nquads.iri(term.value)
    if isinstance(term, pyoxigraph.Literal):
        if term.language:
            return nquads.text(term.value, term.language)
        datatype = term.datatype.value
        plain = nquads.text(term.value)
        return plain if datatype == nquads.XSD + "string" else f"{plain}^^{nquads.iri(datatype)}"
    return str(term)
