"""``kg build``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from kg.commands.common import CHECK_FAILED


@click.command(short_help="Read documents into a graph.")
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
