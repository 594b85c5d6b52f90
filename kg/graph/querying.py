"""Asks SPARQL questions: finds the named ones, binds their parameters, runs them, says what is wrong."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph

from kg import resources, terms
from kg.errors import QueryError
from kg.graph import nquads, ordering, planning, tables
from kg.graph.names import Find, nothing
from kg.rules.tables import read as read_table

Value = str | int | float | bool | Decimal | None
"""What a cell of an answer is in Python."""

_FOLDER = resources.RULE_DATA / "queries"
_HEADER = re.compile(r"#\s*(name|topic|zh|en|param|example|against):\s*(.*)")
_TERM = re.compile(r"\bgov:([A-Za-z]\w*)")
_PARAMETER = re.compile(r"(\w+)\s+(\w+)\s+([^|]+?)\s*\|\s*(.+)")
_EXAMPLE = re.compile(r"(\w+)=(.+)")

KINDS = (
    "place", "body", "document", "initiative", "honour", "thing", "measure", "indicator", "level", "type",
    "year", "report", "text",
)  # fmt: skip
"""What a parameter may be about; all but text can be completed (:mod:`kg.graph.completing`)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a named query can be asked about: its name, what it means, its value unless one is given.

    ``kind`` is one of :data:`KINDS`; ``meaning`` is English, ``zh`` Chinese.
    """

    name: str
    meaning: str
    default: str
    kind: str = "text"
    zh: str = ""


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question that comes with the package, in words and in SPARQL.

    ``topic`` is a key of :func:`topics`; ``example`` holds values for parameters that the sample corpus
    answers; ``against`` holds where the question compares two builds (:mod:`kg.graph.changes`).
    """

    name: str
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    sparql: str
    topic: str = ""
    example: tuple[tuple[str, str], ...] = ()
    against: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """What a group of questions is about: its key and its name in Chinese and English."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found: rows of terms under ``columns``; of CONSTRUCT and DESCRIBE, triples."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    graph: bool = False

    @property
    def values(self) -> tuple[tuple[Value, ...], ...]:
        """The rows as plain values: text, int, Decimal, bool; IRIs as text; None where nothing is bound."""
        return tuple(tuple(map(value, row)) for row in self.rows)

    def records(self) -> list[dict[str, Value]]:
        """Return the rows as dicts from column to plain value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.values]


def value(term: Any) -> Value:
    """Return what a store's term stands for as a plain value.

    >>> value(pyoxigraph.Literal(25)), value(pyoxigraph.NamedNode("http://a/昌江")), value(None)
    (25, 'http://a/昌江', None)
    """
    if not isinstance(term, pyoxigraph.Literal):
        return None if term is None else str(getattr(term, "value", term))
    read = _READ.get(term.datatype.value)
    try:
        return read(term.value) if read else term.value
    except (ValueError, ArithmeticError):
        return term.value


_READ: Mapping[str, Callable[[str], Value]] = {
    nquads.XSD + "integer": int,
    nquads.XSD + "nonNegativeInteger": int,
    nquads.XSD + "gYear": int,
    nquads.XSD + "decimal": Decimal,
    nquads.XSD + "double": float,
    nquads.XSD + "boolean": lambda text: text in ("true", "1"),
}


@functools.cache
def topics() -> Mapping[str, Topic]:
    """Return what the questions are about, by key, in the order in which they are listed."""
    rows = read_table(_FOLDER / "topics.tsv", ("topic", "zh", "en"))
    return {row["topic"]: Topic(row["topic"], row["zh"], row["en"]) for row in rows}


@functools.cache
def named_queries() -> Mapping[str, NamedQuery]:
    """Return the questions that come with the package, by name: by topic, in each by name."""
    order = list(topics())
    found = [_named(path) for path in sorted(_FOLDER.glob("*.rq"))]
    return {
        query.name: query for query in sorted(found, key=lambda item: (order.index(item.topic), item.name))
    }


def _named(path: Path) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    header: dict[str, list[str]] = {}
    for hit in filter(None, map(_HEADER.fullmatch, text.split("\n"))):
        header.setdefault(hit[1], []).append(hit[2].strip())
    said = {key: " ".join(lines_) for key, lines_ in header.items()}
    for key in ("name", "topic", "zh", "en"):
        if not said.get(key):
            raise QueryError(f"{path.name}: has no line '# {key}: ...'; add one")
    if said["name"] != path.stem:
        raise QueryError(f"{path.name}: is called {said['name']!r} inside; give file and question one name")
    if said["topic"] not in topics():
        raise QueryError(
            f"{path.name}: topic {said['topic']!r} is not in topics.tsv; use one of {', '.join(topics())}"
        )
    parameters = tuple(_parameter(path, text, line) for line in header.get("param", ()))
    example = tuple(_example(path, parameters, line) for line in header.get("example", ()))
    return NamedQuery(
        said["name"], said["zh"], said["en"], parameters, text, said["topic"], example, "against" in header
    )


def _parameter(path: Path, text: str, line: str) -> Parameter:
    hit = _PARAMETER.fullmatch(line)
    if not hit or hit[2] not in KINDS:
        raise QueryError(
            f"{path.name}: {line!r} is not NAME KIND Chinese | English; kinds are {', '.join(KINDS)}"
        )
    values = {found[2]: found[3] for found in map(_TAKES.fullmatch, text.split("\n")) if found}
    if hit[1] not in values:
        raise QueryError(f"{path.name}: parameter {line!r} has no VALUES line in the query; add one")
    return Parameter(hit[1], hit[4], nquads.value(values[hit[1]]), hit[2], hit[3])


def _example(path: Path, parameters: tuple[Parameter, ...], line: str) -> tuple[str, str]:
    hit = _EXAMPLE.fullmatch(line)
    if not hit or hit[1] not in {parameter.name for parameter in parameters}:
        raise QueryError(
            f"{path.name}: example {line!r} is not PARAMETER=VALUE; name a parameter of the question"
        )
    return hit[1], hit[2]


_TAKES = re.compile(r'(\s*VALUES \?asked_(\w+) \{ )("(?:[^"\\]|\\.)*")( \})')
_ORDER = re.compile(r"\nORDER BY ([^\n]+)(?:\nLIMIT (\d+))?\s*\Z")
_BY = re.compile(r"DESC\(\?(\w+)\)|\?(\w+)")
_INSIDE = re.compile(r"\((?:[^()]*? AS (\?\w+)|[^()]*)\)")  # of parentheses, only what they are called stays
_VARIABLE = re.compile(r"\?(\w+)")


def bind(name: str, values: Mapping[str, str]) -> str:
    """Return the SPARQL of a named query with its parameters bound, for any SPARQL processor.

    A query says ``VALUES ?asked_place { "" }`` where it takes a parameter; the literal there, and nothing
    else, is exchanged, with everything escaped that could end it. A parameter without a value asks about all.

    Raises:
        QueryError: there is no such query, or it has no such parameter.

    """
    asked = _asked(named(name), values)

    def bound(line: str) -> str:
        takes = _TAKES.fullmatch(line)
        return f"{takes[1]}{nquads.text(asked[takes[2]])}{takes[4]}" if takes else line

    return "\n".join(bound(line) for line in named(name).sparql.split("\n") if not planning.is_hint(line))


def plan(name: str, values: Mapping[str, str], find: Find) -> str:
    """Return SPARQL that asks the same as :func:`bind`, and is answered sooner by a store.

    What is asked stands as a constant wherever it is compared. Where ``find`` knows which things it may mean,
    they are said at every ``#: ?j asked_place``: the store begins with them, and has not to look at the names
    of all.

    Raises:
        QueryError: there is no such query, or it has no such parameter.

    """
    query = named(name)
    asked = _asked(query, values)
    found = {item.name: find(item.kind, asked[item.name]) for item in query.parameters if asked[item.name]}
    # What knows names is of a build, which puts what a document says into a graph called by the document.
    return planning.plan(query.sparql, asked, found, by_graph=find is not nothing)


def _asked(query: NamedQuery, values: Mapping[str, str]) -> dict[str, str]:
    """Return a value for each parameter of a query."""
    asked = {parameter.name: parameter.default for parameter in query.parameters}
    for key, text in values.items():
        if key not in asked:
            has = ", ".join(sorted(asked)) or "none"
            raise QueryError(f"--param: {query.name} has no parameter {key!r}; it has {has}")
        asked[key] = text.strip()
    return asked


def named(name: str) -> NamedQuery:
    """Return a question by its name.

    Raises:
        QueryError: there is none; the message names near ones.

    """
    queries = named_queries()
    if name not in queries:
        near = difflib.get_close_matches(name, queries, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; see kg query --list"
        raise QueryError(f"--name: no query is called {name!r}{hint}")
    return queries[name]


def standalone(sparql: str) -> str:
    """Return a query with the declarations of the project's prefixes that it uses, for any SPARQL processor.

    >>> print(standalone("ASK { ?s gov:issued ?o }"))
    PREFIX gov: <https://w3id.org/govkg/ontology#>
    ASK { ?s gov:issued ?o }
    """
    used = [prefix for prefix in terms.PREFIXES if re.search(rf"(?<![\w:]){prefix}:\w", sparql)]
    return "".join(f"PREFIX {prefix}: <{terms.PREFIXES[prefix]}>\n" for prefix in used) + sparql


# In the text as it stands, so that no quotation or comment can hide it from this and not from the engine:
# the keyword, the endpoint (anything without spaces), an opening brace. A variable or name may end so.
_GAP = r"(?:\s|#[^\r\n]*[\r\n])*"
_SERVICE = re.compile(rf"(?<![?$:])service{_GAP}(?:silent{_GAP})?[^\s{{}}]+{_GAP}\{{", re.IGNORECASE)
ELSEWHERE = (
    "query: SERVICE would ask another server, and no network is used; query that server from "
    "your own program and join the answers there"
)


def asks_elsewhere(sparql: str) -> bool:
    """Tell whether a query would ask another server.

    >>> asks_elsewhere("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }"), asks_elsewhere("SELECT ?service {}")
    (True, False)
    """
    return _SERVICE.search(sparql) is not None


def run(store: pyoxigraph.Store, sparql: str) -> Answer:
    """Answer a SPARQL query over all documents of a store together; the project's prefixes are known.

    Raises:
        QueryError: the query cannot be parsed or answered, or asks for the network.

    """
    if asks_elsewhere(sparql):
        raise QueryError(ELSEWHERE)
    try:
        found = store.query(sparql, prefixes=dict(terms.PREFIXES))
        return _answer(found)
    except SyntaxError as error:
        raise QueryError(_explain(sparql, str(error))) from error
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"query: cannot be answered, {error}; simplify the query") from error


def answer(store: pyoxigraph.Store, name: str, values: Mapping[str, str], find: Find) -> Answer:
    """Answer a named query as :func:`run` would answer what :func:`bind` gives, sooner.

    Raises:
        QueryError: there is no such query, or it has no such parameter.

    """
    text = plan(name, values, find)
    hit = _ORDER.search(text)
    if hit is None:
        return run(store, text)
    order = [(by[1] or by[2], by[1] is not None) for by in _BY.finditer(hit[1])]
    asked = _with_columns(text[: hit.start()], [column for column, _ in order])
    if asked is None:
        return run(store, text)
    # A store compares rows by looking up their names again each time; here, each is looked up once.
    unordered, shown = asked
    found = run(store, unordered)
    rows = ordering.ordered(found.rows, [(found.columns.index(column), down) for column, down in order])
    if rows is None:
        return run(store, text)
    most = int(hit[2]) if hit[2] else None
    return Answer(found.columns[:shown], tuple(row[:shown] for row in rows[:most]))


def _with_columns(sparql: str, wanted: Iterable[str]) -> tuple[str, int] | None:
    """Return a question that also shows the variables by which its rows are ordered, and how many it showed.

    None where that would be another question.

    >>> _with_columns("SELECT ?a (COUNT(?b) AS ?c) WHERE { ?a ?d ?b }\\nGROUP BY ?a ?d", ["c", "d"])
    ('SELECT ?a (COUNT(?b) AS ?c) ?d WHERE { ?a ?d ?b }\\nGROUP BY ?a ?d', 2)
    """
    head, where, rest = sparql.partition(" WHERE {")
    bare, inside = head, 1
    while inside:
        bare, inside = _INSIDE.subn(r"\1", bare)
    columns = _VARIABLE.findall(bare)
    more = [f" ?{column}" for column in wanted if column not in columns]
    if more and " DISTINCT " in bare:
        return None
    return head + "".join(more) + where + rest, len(columns)


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
