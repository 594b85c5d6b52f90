"""The command line: parses, calls, prints, exits. Data go to stdout, talk goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.errors import KgError

if TYPE_CHECKING:  # what a command needs is imported when it runs, so that kg --help is quick
    import pyoxigraph

    from kg.graph.exporting import Part

Command = TypeVar("Command", bound=Callable[..., Any])

CHECK_FAILED = 1
COULD_NOT_RUN = 2


class _Group(click.Group):
    """Shows errors raised on purpose as one line, and exits with 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(COULD_NOT_RUN)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Read policy documents of Chinese governments into a knowledge graph that shows its words.

    \b
    kg build corpus/ -o output/     documents -> graph, store, picture
    kg query --list                 questions that can be asked
    kg explain 枫桥经验             every fact about a thing, with its sentence
    kg render --around 珠山区       a picture of what is around a thing
    kg export -f csv -o tables/     for other programs

    Exit codes: 0 done; 1 a check failed, or inputs were skipped under --strict; 2 could not run.
    """


def _graph_option(command: Command, *names: str) -> Command:
    option = click.option(
        "-g",
        "--graph",
        *names,
        "folder",
        type=click.Path(path_type=Path),
        default=Path("output"),
        show_default=True,
        help="The folder that kg build wrote.",
    )
    return option(command)


def _part_options(command: Command) -> Command:
    options = (
        click.option("--around", metavar="NAME", help="Only what is around this thing: a name, code or IRI."),
        click.option(
            "--depth",
            type=click.IntRange(0, 5),
            default=1,
            show_default=True,
            help="How many facts around it.",
        ),
        click.option(
            "--document", "documents", multiple=True, metavar="NAME", help="Only what this report says."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command(short_help="Read documents into a graph.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="The folder to write.",
)
@click.option("--base", default=None, metavar="IRI", help="Where the identities of things begin.")
@click.option(
    "--overrides",
    type=click.Path(path_type=Path),
    help="A table of what names mean, as you decided.  [default: overrides.tsv in the output folder]",
)
@click.option("--workers", type=click.IntRange(0), default=0, help="Processes that read; 0: one per core.")
@click.option("--html/--no-html", default=True, help="Draw graph.html, or do not.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a file was skipped.")
@click.option("-q", "--quiet", is_flag=True, help="Tell only what was skipped.")
def build(  # noqa: PLR0913 - an option each
    *,
    paths: tuple[Path, ...],
    output: Path,
    base: str | None,
    overrides: Path | None,
    workers: int,
    html: bool,
    strict: bool,
    quiet: bool,
) -> None:
    """Read the documents at PATHS (default: corpus/) into a graph.

    Files that have not changed since the last build are not read again; files that are gone leave the graph.
    A file that cannot be read is skipped with a line that says why; summary.json lists it.

    \b
    kg build                            corpus/ -> output/
    kg build reports/ extra.html -o kg  folders and files
    kg build reports/ --workers 1 -q    one process, quietly
    """
    from kg.graph.tables import plain  # noqa: PLC0415
    from kg.running import build as building  # noqa: PLC0415
    from kg.running import telling  # noqa: PLC0415
    from kg.running.outputs import Settings  # noqa: PLC0415

    settings = Settings(html=html, overrides=overrides)
    if base is not None:
        settings = replace(settings, base=_base(base))
    with telling.progress(quiet) as progress:
        result = building.build(paths or (Path("corpus"),), output, settings, workers, progress)
    for skipped in result.summary["skipped"]:
        click.echo(plain(f"{skipped['source']}: {skipped['problem']}; {skipped['advice']}"), err=True)
    if not quiet:
        click.echo(telling.report(result), err=True)
    if strict and result.summary["skipped"]:
        sys.exit(CHECK_FAILED)


def _base(text: str) -> str:
    from kg.graph import nquads  # noqa: PLC0415

    scheme, colon, rest = text.partition(":")
    if not (colon and scheme.isalnum() and rest) or nquads.iri(text) != f"<{text}>" or text[-1] not in "/#:":
        raise click.UsageError(
            f"--base: {text!r} is no IRI to build on; give one like https://example.org/id/"
        )
    return text


@main.command(short_help="Ask a question, in SPARQL or by name.")
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
@_graph_option
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
    _out(answers.write(answer, form, _base_of(folder)))


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--param: {text!r} has no =; write it as name=value")
    return key.strip(), value


def _list_queries() -> None:
    from kg.graph import querying  # noqa: PLC0415

    for query_ in querying.named_queries().values():
        _out(f"{query_.name}\n    {query_.zh}\n    {query_.en}\n")
        for parameter in query_.parameters:
            _out(f"    --param {parameter.name}={parameter.default or '…'}  {parameter.meaning}\n")


@main.command(short_help="Write the graph for other programs.")
@click.option("-f", "--format", "form", default="turtle", show_default=True, metavar="FORMAT")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file (csv: the folder) to write.")
@click.option("--no-evidence", is_flag=True, help="Leave out passages and evidence.")
@_part_options
@_graph_option
def export(
    *,
    form: str,
    output: Path | None,
    no_evidence: bool,
    around: str | None,
    depth: int,
    documents: tuple[str, ...],
    folder: Path,
) -> None:
    """Write the graph, or a part of it, for other programs.

    FORMAT: turtle, nt, nq, trig, jsonld, rdfxml (everything); graphml, gexf (networks); csv (tables, in -o).

    \b
    kg export -f jsonld -o graph.jsonld
    kg export -f graphml --no-evidence -o network.graphml
    kg export -f csv --around 珠山区 -o tables/
    kg export --document 报告.txt > report.ttl
    """
    from kg.graph import exporting  # noqa: PLC0415

    part = _part(folder, around, depth, documents, evidence=not no_evidence)
    if form == "csv" and output is not None:
        for path in exporting.export_tables(folder, part, output):
            click.echo(f"wrote {path}", err=True)
        return
    chunks = exporting.export(folder, form, part, _base_of(folder))
    if output is None:
        for chunk in chunks:
            _out(chunk)
        return
    _to_file(output, chunks)


def _part(
    folder: Path, around: str | None, depth: int, documents: tuple[str, ...], *, evidence: bool
) -> Part:
    from kg.graph import naming, store  # noqa: PLC0415
    from kg.graph.exporting import Part  # noqa: PLC0415

    if around is None and not documents:
        return Part(evidence=evidence)
    opened, base = store.open_store(folder), _base_of(folder)
    return Part(
        documents=frozenset(naming.resolve(opened, name, base, "Report") for name in documents) or None,
        around=naming.resolve(opened, around, base) if around is not None else None,
        depth=depth,
        evidence=evidence,
    )


@main.command(short_help="Draw the graph as one HTML file.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("graph.html"),
    show_default=True,
    help="The file.",
)
@click.option("--language", type=click.Choice(("zh", "en")), default="zh", show_default=True)
@_part_options
@_graph_option
def render(
    *, output: Path, language: str, around: str | None, depth: int, documents: tuple[str, ...], folder: Path
) -> None:
    """Draw the graph, or a part of it, as one HTML file that needs no network.

    Around a place stands what its bodies did, too.

    \b
    kg render                           everything -> graph.html
    kg render --around 珠山区 -o a.html   a place, its bodies and their deeds
    kg render --document 报告.txt         what one report says
    """
    from kg.graph import selection, store  # noqa: PLC0415
    from kg.viewing import html  # noqa: PLC0415

    part = _part(folder, around, depth, documents, evidence=True)
    seen = selection.view(store.open_store(folder), part.around, part.depth, part.documents)
    _to_file(output, [html.render(seen, language)])


@main.command(short_help="Tell every fact about a thing, with its sentence.")
@click.argument("name")
@_graph_option
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
    _out(explaining.explain(opened, naming.resolve(opened, name, _base_of(folder))))


@main.command(short_help="Check shapes, quotes and evidence.")
@click.option("--shapes", type=click.Path(path_type=Path), help="Other SHACL shapes, in Turtle.")
@click.option("--no-shapes", is_flag=True, help="Check words, evidence and order only; much quicker.")
@_graph_option
def validate(shapes: Path | None, no_shapes: bool, folder: Path) -> None:
    """Check a graph: its shapes, that every quote stands in its text, that every fact has evidence.

    Exits with 1 if something is wrong.

    \b
    kg validate
    kg validate --no-shapes -g output   quick
    """
    from kg.graph import validating  # noqa: PLC0415

    problems = validating.validate(folder, shapes, shacl=not no_shapes)
    for item in problems:
        _out(f"{item.check}\t{item.place}\t{item.problem}\n")
    click.echo(f"{len(problems)} problems" if problems else "conforms", err=True)
    if problems:
        sys.exit(CHECK_FAILED)


@main.command(short_help="Score a graph against annotated documents.")
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--errors", is_flag=True, help="List what was missed and what is too much.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@_graph_option
def evaluate(gold: tuple[Path, ...], errors: bool, as_json: bool, folder: Path) -> None:
    """Compare a graph with GOLD files (or folders of them): precision, recall and F1.

    \b
    kg evaluate tests/gold
    kg evaluate gold/报告.json --errors
    """
    from kg.running import evaluate as evaluating  # noqa: PLC0415

    scores = evaluating.evaluate(folder, gold)
    _out(evaluating.to_json(scores, errors=errors) if as_json else evaluating.to_text(scores, errors=errors))


def _listed(command: Command) -> Command:
    forms = click.Choice(("table", "csv", "json"))
    option = click.option("-F", "--format", "form", type=forms, default="table", show_default=True)
    return _graph_option(option(command), "-o")


@main.command(short_help="List the names that a build left unsure.")
@_listed
def unsure(folder: Path, form: str) -> None:
    """List the names that a build left unsure: where they stand, and what they may mean.

    What one of them means can be decided in a table, which kg build applies: see kg build --overrides.

    \b
    kg unsure                  as a table
    kg unsure -g kg -F json    with all there is to know
    """
    from kg.running import doubts  # noqa: PLC0415

    listing = doubts.unsure(folder)
    _out(doubts.FORMS[form](listing))
    click.echo(f"{len(listing.rows)} names left unsure", err=True)


@main.command(short_help="List what contradicts itself in a document.")
@_listed
def conflicts(folder: Path, form: str) -> None:
    """List statements of one document that cannot both hold; the graph keeps both.

    Kinds: number, title, date (header against document), total (against its parts), rate (against its
    counts), value (two of one thing).

    \b
    kg conflicts                  as a table
    kg conflicts -g kg -F json    with both passages
    """
    from kg.running import doubts  # noqa: PLC0415

    listing = doubts.conflicts(folder)
    _out(doubts.FORMS[form](listing))
    click.echo(f"{len(listing.rows)} contradictions", err=True)


def _base_of(folder: Path) -> str:
    from kg.running import outputs  # noqa: PLC0415

    return str(outputs.summary(folder)["base"])


def _out(text: str) -> None:
    """Write data to stdout, in UTF-8 whatever the terminal's locale."""
    click.echo(text.encode(), nl=False)


def _to_file(path: Path, chunks: Any) -> None:
    from kg.running import outputs  # noqa: PLC0415

    outputs.to_file(path, chunks)
    click.echo(f"wrote {path}", err=True)
