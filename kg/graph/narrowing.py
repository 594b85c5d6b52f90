"""Narrows a view of the graph: to kinds of things, to relations, to what a query finds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph

from kg import terms
from kg.errors import QueryError
from kg.graph import querying, questions, selection
from kg.graph.nquads import RDF
from kg.graph.querying import Answer
from kg.graph.selection import LINKS, THINGS, GraphView

PREDICATES = tuple(sorted({*terms.FACT_PREDICATES, *(iri.rpartition("#")[2] for iri in LINKS)}))
"""Relations of which a view has facts, by local name."""


_CLASSES = frozenset(map(terms.gov, THINGS))


def check(kinds: Collection[str], predicates: Collection[str]) -> None:
    """Tell what kinds and relations there are where one is not known.

    Raises:
        QueryError: there is no such kind or relation.

    """
    for option, given, known in (("--kind", kinds, THINGS), ("--predicate", predicates, PREDICATES)):
        for name in given:
            if name not in known:
                raise QueryError(f"{option}: there is no {name!r}; known are {', '.join(known)}")


def narrow(view: GraphView, kinds: Collection[str] = (), predicates: Collection[str] = ()) -> GraphView:
    """Return what a view has of these kinds and relations (none given: of all); its centre stays.

    With relations, only things that such a fact connects are left.
    """
    kept = {node.iri for node in view.nodes if not kinds or node.kind in kinds or node.iri == view.centre}
    edges = [
        edge
        for edge in view.edges
        if edge.source in kept and edge.target in kept and (not predicates or edge.predicate in predicates)
    ]
    if predicates:
        kept &= {iri for edge in edges for iri in (edge.source, edge.target)} | {view.centre}
    nodes = tuple(node for node in view.nodes if node.iri in kept)
    seen = tuple(seen for seen in view.observations if seen.of in kept and not predicates)
    cited = {said.document for edge in edges for said in edge.evidence} | kept
    cited |= {said.document for observed in seen for said in observed.evidence}
    cited |= {report for node in nodes for report in node.documents}
    documents = tuple(document for document in view.documents if document.iri in cited)
    return replace(view, nodes=nodes, edges=tuple(edges), observations=seen, documents=documents)


def of_years(
    store: pyoxigraph.Store, years: Collection[str], documents: Collection[str] | None
) -> frozenset[str]:
    """Return the IRIs of the reports (of these ``documents``, if given) on one of the years.

    Raises:
        QueryError: there is none.

    """
    reports = selection.documents(store)
    known = sorted({report.year for report in reports if report.year})
    found = {report.iri for report in reports if report.year in years}
    if not found:
        raise QueryError(
            f"--year: no report is on {', '.join(years)}; there are {', '.join(known) or 'no years'}"
        )
    if documents is not None:
        found &= set(documents)
        if not found:
            raise QueryError("--year: none of the documents is on this year; leave out --year or --document")
    return frozenset(found)


# The packaged questions select names for readers. What the names belong to is in the variables that are left
# out; where rows are counted, in those that they are grouped by.
_SELECTS = re.compile(r"^SELECT\b.*?(?=\bWHERE\b)", re.MULTILINE | re.DOTALL)
_GROUPS = re.compile(r"^GROUP BY ((?:\?\w+[ \t]*)+)$", re.MULTILINE)


def of_question(name: str, values: Mapping[str, str]) -> str:
    """Return the SPARQL of a question that comes with the package, which selects things, not their names.

    Raises:
        QueryError: there is no such question, or it has no such parameter.

    """
    questions.check(name, against=False)
    text = querying.bind(name, values)
    grouped = _GROUPS.search(text)
    if grouped is None:
        return _SELECTS.sub("SELECT DISTINCT * ", text, count=1)
    selected = re.findall(r"\?\w+", _SELECTS.findall(text)[0])
    more = [name for name in grouped[1].split() if name not in selected]
    return _SELECTS.sub(lambda hit: f"{hit[0]}{' '.join(more)} ", text, count=1)


def sparql_of(asked: str, values: Mapping[str, str]) -> str:
    """Return the SPARQL that a user means: by a question's name, by a file, or as it stands.

    Raises:
        QueryError: it is none of these.

    """
    if asked in querying.named_queries():
        return of_question(asked, values)
    if "{" in asked:
        return asked
    try:
        return Path(asked).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        near = difflib.get_close_matches(asked, querying.named_queries(), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "kg query --list names the questions"
        raise QueryError(
            f"--query: {asked!r} is no question by name, no file that can be read, and no SPARQL; {hint}"
        ) from error


def things_among(store: pyoxigraph.Store, answer: Answer) -> frozenset[str]:
    """Return the IRIs of the things that an answer names.

    Raises:
        QueryError: it names none.

    """
    if answer.columns == ("answer",) and not answer.graph and len(answer.rows) == 1:
        raise QueryError(
            "--query: ASK is answered by yes or no, which cannot be drawn; select things (SELECT ?thing …)"
        )
    if not answer.rows:
        raise QueryError("--query: nothing is found, so there is nothing to draw; kg query shows the answer")
    named = {term.value for row in answer.rows for term in row if isinstance(term, pyoxigraph.NamedNode)}
    found = {iri for iri in named if _is_thing(store, iri)}
    if not found:
        shown = ", ".join(f"?{column}" for column in answer.columns)
        raise QueryError(
            f"--query: no thing of the graph is in the answer ({shown}); select things themselves, not their "
            "names: SELECT ?thing { ?thing a gov:Initiative }"
        )
    return frozenset(found)


def _is_thing(store: pyoxigraph.Store, iri: str) -> bool:
    thing, type_ = pyoxigraph.NamedNode(iri), pyoxigraph.NamedNode(RDF + "type")
    return any(
        str(quad.object).strip("<>") in _CLASSES for quad in store.quads_for_pattern(thing, type_, None)
    )
