"""``kg query`` and ``kg explain``: questions answered as text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from kg.commands.common import base_of, graph_option, meant, out, pair
from kg.errors import KgError

if TYPE_CHECKING:  # what a command needs is imported when it runs, so that kg --help is quick
    import pyoxigraph


def _names(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a question."""
    from kg.graph import querying  # noqa: PLC0415

    found = querying.named_queries().values()
    return [CompletionItem(item.name, help=item.zh) for item in found if item.name.startswith(incomplete)]


def _values(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a parameter of the question given so far: first its name, behind = what the graph knows."""
    from kg.graph import completing, names, querying, store  # noqa: PLC0415

    chosen = querying.named_queries().get(context.params.get("name") or "")
    if chosen is None:
        return []
    key, equals, text = incomplete.partition("=")
    if not equals:
        found = [item for item in chosen.parameters if item.name.startswith(key)]
        return [CompletionItem(f"{item.name}=", help=item.zh) for item in found]
    kind = next((item.kind for item in chosen.parameters if item.name == key), "text")
    folder = context.params.get("folder") or Path("output")
    try:
        opened = store.open_store(folder)
        known = names.opened(folder, base_of(folder))
    except KgError:
        return []
    values = completing.complete(opened, kind, text, known=known)
    return [CompletionItem(f"{key}={item.value}", help=item.label) for item in values]


@click.command(short_help="Ask a question, in SPARQL or by name.")
@click.argument("sparql", required=False)
@click.option(
    "-f", "--file", "file", type=click.File(encoding="utf-8"), help="A file with the query; - for stdin."
)
@click.option("-n", "--name", shell_complete=_names, help="A question that comes with the package.")
@click.option(
    "-p",
    "--param",
    "parameters",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=_values,
    help="A parameter of it: part of a name is enough.",
)
@click.option("--list", "listing", is_flag=True, help="List the questions that come with the package.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Ask about what differs from the graph in this folder.",
)
@click.option(
    "-F",
    "--format",
    "form",
    type=click.Choice(("table", "list", "csv", "json", "turtle")),
    default=None,
    help="How to write the answer.  [default: table; turtle for a graph]",
)
@graph_option
def query(  # noqa: PLR0913 - one for each option
    *,
    sparql: str | None,
    file: Any,
    name: str | None,
    parameters: tuple[str, ...],
    listing: bool,
    against: Path | None,
    form: str | None,
    folder: Path,
) -> None:
    """Ask a SPARQL question: as an argument (- for stdin), from a file, or by name.

    All documents are seen together; GRAPH ?report { } tells them apart. The prefixes gov, skos, dcterms, rdf
    and the like are known. With --against, what differs from an earlier graph is asked: the statements of the
    one that the other does not have are the named graphs changes/added and changes/removed.

    \b
    kg query --list
    kg query --name activity --param place=珠山区
    kg query --name kept -F list              sentences whole, a value a line
    kg query --name changed --against yesterday
    kg query 'SELECT ?name { ?s a gov:Initiative ; skos:prefLabel ?name }' -F csv
    kg query -f question.rq -F json
    """
    from kg.graph import answers, changes, names, querying, questions, store  # noqa: PLC0415
    from kg.graph.tables import plain  # noqa: PLC0415

    if listing:
        _list_queries()
        return
    if sum(source is not None for source in (sparql, file, name)) != 1:
        raise click.UsageError("give one query: SPARQL as an argument, -f FILE, or --name NAME (see --list)")
    if parameters and name is None:
        raise click.UsageError("--param: only named queries have parameters; give --name as well")
    values = dict(map(pair, parameters))
    if name is not None:
        questions.check(name, against=against is not None)
        text = ""
    elif file is not None:
        text = file.read()
    else:
        text = sys.stdin.read() if sparql == "-" else str(sparql)
    for term in querying.unknown_terms(text):
        click.echo(f"kg: query: the ontology has no term gov:{plain(term)}", err=True)
    opened = changes.between(folder, against) if against is not None else store.open_store(folder)
    if name is None:
        answer = querying.run(opened, text)
    else:
        find = names.nothing if against is not None else names.of(folder, base_of(folder))
        answer = querying.answer(opened, name, values, find)
    form = form or ("turtle" if answer.graph else "table")
    out(answers.write(answer, form, base_of(folder)))
    if name is not None and not answer.rows:
        known = names.opened(folder, base_of(folder))
        for line in questions.advice(store.open_store(folder), name, values, known).splitlines():
            click.echo(f"kg: query: {plain(line)}", err=True)


def _list_queries() -> None:
    from kg.graph import questions  # noqa: PLC0415
    from kg.graph.tables import width  # noqa: PLC0415

    for topic, found in questions.by_topic():
        heading = f"{topic.zh} · {topic.en}"
        out(f"{heading}\n{'=' * width(heading)}\n")
        for item in found:
            out(f"{item.name}\n    {item.zh}\n    {item.en}\n")
            example = dict(item.example)
            for parameter in item.parameters:
                shown = example.get(parameter.name, "")
                given = f"-p {parameter.name}={shown}"
                out(f"      {given}{' ' * max(1, 26 - width(given))}{parameter.zh} | {parameter.meaning}\n")
        out("\n")


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
    from kg.graph import explaining, store  # noqa: PLC0415

    opened: pyoxigraph.Store = store.open_store(folder)
    out(explaining.explain(opened, *meant(folder, opened, [name])))
