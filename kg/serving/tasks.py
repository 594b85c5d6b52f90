"""What a worker does on the graph: queries, named questions, things, pictures, completion."""

from __future__ import annotations

import dataclasses
import functools
import io
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pyoxigraph

from kg import terms
from kg.errors import QueryError
from kg.graph import answers, built, changes, completing, names, naming, nquads, querying, selection, store
from kg.serving import negotiating
from kg.serving.refusals import RefusedError, too_large

JSON = "application/json"
SHOWN_ROWS = 500
"""Rows of an answer that a page shows; the files beside it have all."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The bytes of an answer and their media type."""

    type: str
    body: bytes


class Graph:
    """A built graph, opened when it is first needed, and how many bytes an answer about it may have."""

    def __init__(self, folder: Path, older: Path | None, size: int) -> None:
        self.folder = folder
        self.older = older
        self.size = size

    @functools.cached_property
    def store(self) -> pyoxigraph.Store:
        """The store of the graph."""
        return store.open_store(self.folder)

    @functools.cached_property
    def changes(self) -> pyoxigraph.Store:
        """What differs between the graph and an older one."""
        if self.older is None:
            raise QueryError("changes: there is no older graph to compare with; start with --against OLD")
        return changes.between(self.folder, self.older)

    @functools.cached_property
    def known(self) -> names.Names | None:
        """The names of the graph's things, None where an older build has not written them together."""
        return names.opened(self.folder, self.base)

    @property
    def find(self) -> names.Find:
        """What looks up the names of the graph's things."""
        return self.known.find if self.known is not None else names.nothing

    @functools.cached_property
    def base(self) -> str:
        """Where the identities of the graph begin."""
        return str(built.head(self.folder)["base"])


class _Limited(io.BytesIO):
    """Keeps what is written, up to a number of bytes."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._size:
            raise too_large(self._size / 1_000_000)
        return super().write(data)


def run(graph: Graph, task: Mapping[str, Any]) -> Reply:
    """Do a task: ``task["task"]`` names it, the other items are its arguments.

    Raises:
        KgError: it cannot be done, or the answer is larger than it may be.

    """
    arguments = {key: value for key, value in task.items() if key != "task"}
    reply = TASKS[task["task"]](graph, **arguments)
    if len(reply.body) > graph.size:
        raise too_large(graph.size / 1_000_000)
    return reply


def query(
    graph: Graph,
    sparql: str,
    accept: str = "",
    form: str = "",
    default: Sequence[str] = (),
    named: Sequence[str] = (),
) -> Reply:
    """Answer a query in the form that ``form`` (a short name, if known) or ``accept`` (a header) asks for.

    ``default`` and ``named`` are the IRIs of the graphs that the request names as its dataset, if it does.
    """
    found = _found(graph.store, sparql, default, named)
    is_graph = isinstance(found, pyoxigraph.QueryTriples)
    forms = negotiating.GRAPHS if is_graph else negotiating.ROWS
    # Clients send names of their own (SPARQLWrapper: rdf+xml) along with the header that says what they mean.
    kind = negotiating.named(form, forms) or negotiating.best(accept, list(forms.values()))
    if kind is None:
        raise RefusedError(
            HTTPStatus.NOT_ACCEPTABLE,
            f"query: this answer has no form {accept!r}; ask for one of {', '.join(forms.values())}",
        )
    return Reply(kind, _written(graph, found, kind))


def _found(
    asked: pyoxigraph.Store, sparql: str, default: Sequence[str] = (), named: Sequence[str] = ()
) -> Any:
    if querying.asks_elsewhere(sparql):
        raise RefusedError(HTTPStatus.FORBIDDEN, querying.ELSEWHERE)
    try:
        if not (default or named):
            return asked.query(sparql, prefixes=dict(terms.PREFIXES))
        return asked.query(  # the request's dataset takes the place of the query's own
            sparql,
            prefixes=dict(terms.PREFIXES),
            default_graph=list(map(_graph, default)),
            named_graphs=list(map(_graph, named)),
        )
    except SyntaxError:
        querying.run(asked, sparql)  # which says what is wrong, and where
        raise
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"query: cannot be answered, {error}; simplify the query") from error


def _graph(iri: str) -> pyoxigraph.NamedNode:
    try:
        return pyoxigraph.NamedNode(iri)
    except ValueError as error:
        problem = f"request: the dataset names {iri!r}, which is no IRI; give the IRI of a report"
        raise RefusedError(HTTPStatus.BAD_REQUEST, problem) from error


def _written(graph: Graph, found: Any, kind: str) -> bytes:
    target = _Limited(graph.size)
    try:
        if isinstance(found, pyoxigraph.QueryTriples):
            form = pyoxigraph.RdfFormat.from_media_type(kind)
            pyoxigraph.serialize(found, target, form, prefixes=dict(terms.PREFIXES))
        else:
            found.serialize(target, pyoxigraph.QueryResultsFormat.from_media_type(kind))
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"query: cannot be answered, {error}; simplify the query") from error
    return target.getvalue()


def table(graph: Graph, sparql: str) -> Reply:
    """Return the first rows of an answer for a page, as JSON: ``columns``, ``rows`` of cells, ``more``.

    A cell is null or [kind, text], kind being iri, number or text.
    """
    return Reply(JSON, json.dumps(_table(graph.store, sparql)).encode())


def _table(asked: pyoxigraph.Store, sparql: str) -> dict[str, Any]:
    found = _found(asked, sparql)
    try:
        if isinstance(found, pyoxigraph.QueryBoolean):
            columns = ["answer"]
            rows: list[tuple[Any, ...]] = [(pyoxigraph.Literal(bool(found)),)]
        elif isinstance(found, pyoxigraph.QueryTriples):
            columns = ["subject", "predicate", "object"]
            rows = [(each.subject, each.predicate, each.object) for each in _first(found)]
        else:
            columns = [variable.value for variable in found.variables]
            rows = [tuple(row) for row in _first(found)]
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"query: cannot be answered, {error}; simplify the query") from error
    told = _told(columns, rows)
    told["graph"] = isinstance(found, pyoxigraph.QueryTriples)
    told["unknown"] = querying.unknown_terms(sparql)
    return told


def _told(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return {
        "columns": columns,
        "rows": [[_cell(term) for term in row] for row in rows[:SHOWN_ROWS]],
        "more": len(rows) > SHOWN_ROWS,
        "graph": False,
        "unknown": (),
    }


def _first(found: Any) -> list[Any]:
    return list(itertools.islice(found, SHOWN_ROWS + 1))


def _cell(term: Any) -> list[str] | None:
    if term is None:
        return None
    if isinstance(term, pyoxigraph.NamedNode):
        return ["iri", term.value]
    if isinstance(term, pyoxigraph.Literal):
        return ["number" if term.datatype.value in answers.NUMBERS else "text", term.value]
    return ["text", str(term)]


def question(graph: Graph, name: str, values: Mapping[str, str], form: str) -> Reply:
    """Answer a named question as ``table`` does, or as a file: csv or json, like ``kg query``.

    A table without rows names what may have been meant (``near``).
    """
    is_compared = querying.named(name).against
    asked, find = (graph.changes, names.nothing) if is_compared else (graph.store, graph.find)
    answer = querying.answer(asked, name, values, find)
    if form == "table":
        told = _told(answer.columns, answer.rows)
        told["near"] = [] if told["rows"] else _near(graph, name, values)
        return Reply(JSON, json.dumps(told).encode())
    kinds = {"csv": "text/csv; charset=utf-8", "json": negotiating.ROWS["json"]}
    text = answers.write(answer, form, graph.base)
    return Reply(kinds[form], text.encode())


def _near(graph: Graph, name: str, values: Mapping[str, str]) -> list[list[str]]:
    """Return, for an answer without rows, names that its values may have meant: parameter, value, label."""
    return [
        [parameter.name, item.value, item.label]
        for parameter in querying.named(name).parameters
        if values.get(parameter.name) and parameter.kind != "text"
        for item in completing.near(graph.store, parameter.kind, values[parameter.name], known=graph.known)
    ]


def thing(graph: Graph, name: str) -> Reply:
    """Tell what the graph says of a thing (a name, code or IRI), as JSON."""
    iri = naming.resolve(graph.store, name, graph.base, known=graph.known)
    told = dataclasses.asdict(selection.star(graph.store, iri))
    return Reply(JSON, json.dumps({"iri": iri, **told}).encode())


_DESCRIPTION = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND({thing} AS ?s) ?s ?p ?o }}
  UNION {{ BIND({thing} AS ?o) ?s ?p ?o }}
  UNION {{ ?s rdf:subject|rdf:object|gov:observedFor {thing} . ?s ?p ?o }}
  UNION {{ ?why rdf:subject|rdf:object|gov:observedFor {thing} . ?why gov:passage ?s . ?s ?p ?o }}
}}
"""


def description(graph: Graph, name: str, accept: str, form: str = "") -> Reply:
    """Describe a thing in RDF: what is said of it both ways, the evidence, numbers and passages."""
    iri = naming.resolve(graph.store, name, graph.base, known=graph.known)
    return query(graph, _DESCRIPTION.format(thing=nquads.iri(iri)), accept, form)


def candidates(graph: Graph, name: str) -> Reply:
    """List the things that a name may mean, as JSON: those called so, else those whose names contain it."""
    found = naming.candidates(graph.store, name, graph.base, graph.known)
    found = found or naming.containing(graph.store, name, graph.known)
    return Reply(JSON, json.dumps([dataclasses.asdict(item) for item in found[:SHOWN_ROWS]]).encode())


def picture(graph: Graph, around: str, depth: int, documents: Sequence[str], language: str) -> Reply:
    """Draw what is around a thing, or what some reports say, as a page that needs nothing else."""
    from kg.viewing import html  # noqa: PLC0415 - few workers draw

    iri = naming.resolve(graph.store, around, graph.base, known=graph.known) if around else None
    reports = [naming.resolve(graph.store, name, graph.base, "Report", graph.known) for name in documents]
    seen = selection.view(graph.store, iri, depth, frozenset(reports) or None)
    drawn = html.render(seen, language, built.reading(graph.folder))
    return Reply("text/html; charset=utf-8", drawn.encode())


def complete(graph: Graph, kind: str, text: str) -> Reply:
    """Suggest values for a parameter of a kind whose names contain a text, the most used first, as JSON.

    Each has ``value``, ``label`` and ``note``: how many reports mention it.
    """
    found = completing.complete(graph.store, kind, text, known=graph.known)
    told = [
        {"value": item.value, "label": item.label, "note": str(item.reports) if item.reports else ""}
        for item in found
    ]
    return Reply(JSON, json.dumps(told).encode())


TASKS: Mapping[str, Callable[..., Reply]] = {
    "query": query,
    "table": table,
    "question": question,
    "thing": thing,
    "description": description,
    "candidates": candidates,
    "picture": picture,
    "complete": complete,
}
