"""``kg query`` and ``kg explain``: questions answered as text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.common import base_of, graph_option, out

if TYPE_CHECKING:  # what a command needs is imported when it runs, so that kg --help is quick
    import pyoxigraph


@click.command(short_help="Ask a question, in SPARQL or by name.")
@click.argument("sparql", required=False)
@click.option(
    "-f", "--file", "file", type=click.File(encoding="utf-8"), help="A file with the query; - for stdin."
)
@click.option("-n", "--name", help="A query that comes with the package.")
@click.option("-p", "--param", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter of it.")
@click.option("--list", "listing", is_flag=True, help="List the queries that come with the package.")
@click.option(
    "-F",
    "--format",
    "form",
    type=click.Choice(("table", "csv", "json", "turtle")),
    default=None,
    help="How to write the answer.  [default: table; turtle for a graph]",
)
@graph_option
def query(
    *,
    sparql: str | None,
    file: Any,
    name: str | None,
    parameters: tuple[str, ...],
    listing: bool,
    form: str | None,
    folder: Path,
) -> None:
    """Ask a SPARQL question: as an argument (- for stdin), from a file, or by name.

    All documents are seen together; GRAPH ?report { } tells them apart. The prefixes gov, skos, dcterms, rdf
    and the like are known.

    \b
    kg query --list
    kg query --name activity --param place=珠山区
    kg query 'SELECT ?name { ?s a gov:Initiative ; skos:prefLabel ?name }' -F csv
    kg query -f question.rq -F json
    """
    from kg.graph import answers, querying, store  # noqa: PLC0415
    from kg.graph.tables import plain  # noqa: PLC0415

    if listing:
        _list_queries()
        return
    if sum(source is not None for source in (sparql, file, name)) != 1:
        raise click.UsageError("give one query: SPARQL as an argument, -f FILE, or --name NAME (see --list)")
    if parameters and name is None:
        raise click.UsageError("--param: only named queries have parameters; give --name as well")
    if name is not None:
        text = querying.bind(name, dict(map(_pair, parameters)))
    elif file is not None:
        text = file.read()
    else:
        text = sys.stdin.read() if sparql == "-" else str(sparql)
    for term in querying.unknown_terms(text):
        click.echo(f"kg: query: the ontology has no term gov:{plain(term)}", err=True)
    answer = querying.run(store.open_store(folder), text)
    form = form or ("turtle" if answer.graph else "table")
    out(answers.write(answer, form, base_of(folder)))


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--param: {text!r} has no =; write it as name=value")
    return key.strip(), value


def _list_queries() -> None:
    from kg.graph import querying  # noqa: PLC0415

    for query_ in querying.named_queries().values():
        out(f"{query_.name}\n    {query_.zh}\n    {query_.en}\n")
        for parameter in query_.parameters:
            out(f"    --param {parameter.name}={parameter.default or '…'}  {parameter.meaning}\n")


@click.command(short_help="Tell every fact about a thing, with its sentence.")
@click.argument("name")
@graph_option
def explain(name: str, folder: Path) -> None:
    """Tell every fact about NAME (a name, code or IRI) with the sentence that says so.

    A name that may mean several things is not guessed: the things it may mean are listed.

    \b
    kg explain 枫桥经验
    kg explain 469026                   a place by its code
    kg explain 司法局                   lists the bureaus there are
    """
    from kg.graph import explaining, naming, store  # noqa: PLC0415

    opened: pyoxigraph.Store = store.open_store(folder)
    out(explaining.explain(opened, naming.resolve(opened, name, base_of(folder))))
