"""``kg export`` and ``kg render``: files for other programs, pictures for people."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.common import base_of, chosen, graph_option, out, part_options, to_file


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


@click.command(short_help="Draw the graph as one HTML file.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("graph.html"),
    show_default=True,
    help="The file.",
)
@click.option("--language", type=click.Choice(("zh", "en")), default="zh", show_default=True)
@part_options
@graph_option
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

    part = chosen(folder, around, depth, documents, evidence=True)
    seen = selection.view(store.open_store(folder), part.around, part.depth, part.documents)
    to_file(output, [html.render(seen, language)])
