"""``kg export`` and ``kg render``: files for other programs, pictures for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.common import base_of, chosen, graph_option, out, pair, part_options, to_file
from kg.errors import QueryError

if TYPE_CHECKING:  # what a command needs is imported when it runs, so that kg --help is quick
    from kg.graph.exporting import Part
    from kg.graph.selection import GraphView

FORMS = ("html", "svg", "png")


@click.command(short_help="Write the graph for other programs.")
@click.option("-f", "--format", "form", default="turtle", show_default=True, metavar="FORMAT")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file (csv, parquet, neo4j: the folder) to write.",
)
@click.option("--no-evidence", is_flag=True, help="Leave out passages and evidence.")
@click.option("--entail", is_flag=True, help="Add what follows in the terms of ORG, ELI, PROV, schema.org.")
@part_options
@graph_option
def export(  # noqa: PLR0913 - one for each option
    *,
    form: str,
    output: Path | None,
    no_evidence: bool,
    entail: bool,
    around: str | None,
    depth: int,
    documents: tuple[str, ...],
    folder: Path,
) -> None:
    """Write the graph, or a part of it, for other programs.

    FORMAT: turtle, nt, nq, trig, jsonld, rdfxml (everything); graphml, gexf (networks);
    csv, parquet (tables); neo4j (a set of files for neo4j-admin import).

    \b
    kg export -f jsonld -o graph.jsonld
    kg export -f parquet -o tables/
    kg export -f graphml --around 枫桥经验 -o network.graphml
    kg export --entail --no-evidence -f nt -o standard-terms.nt
    kg export --document 报告.txt > report.ttl
    """
    from kg.graph import exporting  # noqa: PLC0415

    part, base = chosen(folder, around, depth, documents, evidence=not no_evidence), base_of(folder)
    if form in exporting.FOLDERS and output is not None and not entail:
        for path in exporting.export_files(folder, form, part, base, output):
            click.echo(f"wrote {path}", err=True)
        return
    chunks = exporting.export(folder, form, part, base, entail=entail)
    if output is None:
        for chunk in chunks:
            out(chunk)
        return
    to_file(output, chunks)


@click.command(short_help="Draw the graph: a page, or a picture for a report.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file; its ending says what is made: .html, .svg, .png.  [default: graph.html]",
)
@click.option("-f", "--format", "form", type=click.Choice(FORMS), help="Whatever the ending of the file.")
@click.option("--language", type=click.Choice(("zh", "en")), default="zh", show_default=True)
@click.option("--kind", "kinds", multiple=True, metavar="CLASS", help="Only things of this class.")
@click.option(
    "--predicate",
    "predicates",
    multiple=True,
    metavar="NAME",
    help="Only facts of this relation.",
)
@click.option("--year", "years", multiple=True, metavar="YEAR", help="Only what reports of this year say.")
@click.option("--query", "asked", metavar="NAME|FILE|SPARQL", help="Only things that this question finds.")
@click.option(
    "-p",
    "--param",
    "parameters",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter of the question.",
)
@click.option("--title", default="", help="What stands above an .svg or .png.  [default: what it is about]")
@click.option(
    "--width", type=click.IntRange(300, 20_000), help="Of an .svg or .png, in pixels.  [default: 1600]"
)
@click.option("--height", type=click.IntRange(300, 20_000), help="Likewise.  [default: 1000]")
@click.option(
    "--scale", type=click.FloatRange(0.1, 20), help="How many times as fine a .png is drawn.  [default: 1]"
)
@part_options
@graph_option
def render(  # noqa: PLR0913 - one for each option
    *,
    output: Path | None,
    form: str | None,
    language: str,
    kinds: tuple[str, ...],
    predicates: tuple[str, ...],
    years: tuple[str, ...],
    asked: str | None,
    parameters: tuple[str, ...],
    title: str,
    width: int | None,
    height: int | None,
    scale: float | None,
    around: str | None,
    depth: int,
    documents: tuple[str, ...],
    folder: Path,
) -> None:
    """Draw the graph, or a part of it: a page to explore (.html), a picture for a report (.svg, .png).

    Around a place stands what its bodies did, too. All that choose a part can be given together. A question
    is one of kg query --list, a file with SPARQL, or SPARQL itself: the things in its answer are drawn, with
    the facts among them.

    \b
    kg render                           everything -> graph.html
    kg render --around 珠山区 -o a.html   a place, its bodies and their deeds
    kg render --document 报告.txt         what one report says
    kg render --kind Initiative --kind Institution -o deeds.svg
    kg render --query basis -o basis.png --scale 2
    """
    path, form = _target(output, form)
    given = {"--width": width, "--height": height, "--title": title or None}
    if form == "html":
        _refuse(given, "a page fits its window; take it for an .svg or .png")
    if form != "png":
        _refuse({"--scale": scale}, "only a .png has pixels; take it for one, or --width")
    seen, found = _chosen_view(
        folder,
        chosen(folder, around, depth, documents, evidence=True),
        kinds,
        predicates,
        years,
        asked,
        parameters,
    )
    if form == "html":
        from kg.graph import built  # noqa: PLC0415
        from kg.viewing import html  # noqa: PLC0415

        to_file(path, [html.render(seen, language, built.reading(folder)).encode()])
        return
    from kg.viewing import static  # noqa: PLC0415

    above = title or found.get(language, "")
    drawn = static.render(seen, language, above, width or static.WIDTH, height or static.HEIGHT)
    if form == "svg":
        to_file(path, [drawn.encode()])
        return
    from kg.viewing import raster  # noqa: PLC0415

    to_file(path, [raster.to_png(drawn, scale or 1.0)])


def _target(output: Path | None, form: str | None) -> tuple[Path, str]:
    """Return where a picture goes, and its form."""
    if output is None:
        return Path(f"graph.{form or 'html'}"), form or "html"
    ending = output.suffix.lower().removeprefix(".")
    form = form or {"htm": "html"}.get(ending, ending)
    if form not in FORMS:
        raise click.UsageError(
            f"--output: {output.name!r} does not tell what to draw; "
            "end it in .html, .svg or .png, or give --format"
        )
    return output, form


def _refuse(given: dict[str, Any], reason: str) -> None:
    for option, value in given.items():
        if value is not None:
            raise click.UsageError(f"{option}: {reason}")


def _chosen_view(
    folder: Path,
    part: Part,
    kinds: tuple[str, ...],
    predicates: tuple[str, ...],
    years: tuple[str, ...],
    asked: str | None,
    parameters: tuple[str, ...],
) -> tuple[GraphView, dict[str, str]]:
    """Return the part of the graph that all options together choose, and what a named question asks."""
    from kg.graph import narrowing, querying, selection, store  # noqa: PLC0415
    from kg.graph.tables import plain  # noqa: PLC0415

    narrowing.check(kinds, predicates)
    opened = store.open_store(folder)
    documents = narrowing.of_years(opened, years, part.documents) if years else part.documents
    only, found = None, {}
    if parameters and asked not in querying.named_queries():
        raise click.UsageError("--param: only questions by name have parameters; give --query NAME as well")
    if asked is not None:
        values = dict(map(pair, parameters))
        if asked in querying.named_queries():
            question = querying.named(asked)
            told = f" ({', '.join(values.values())})" if values else ""
            found = {"zh": question.zh + told, "en": question.en + told}
        sparql = narrowing.sparql_of(asked, values)
        for term in querying.unknown_terms(sparql):
            click.echo(f"kg: render: the ontology has no term gov:{plain(term)}", err=True)
        only = narrowing.things_among(opened, querying.run(opened, sparql))
    seen = selection.view(opened, part.around, part.depth, documents, only)
    seen = narrowing.narrow(seen, kinds, predicates)
    if not seen.nodes:
        raise QueryError("render: nothing in the graph is all that is asked for; choose less narrowly")
    return seen, found
