"""``kg build``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from kg.commands.common import CHECK_FAILED

_STDIN = Path("-")


@click.command(short_help="Read documents into a graph.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="The folder to write.",
)
@click.option(
    "--manifest",
    type=click.Path(path_type=Path),
    help="A list of documents, TSV, CSV or JSON lines: path or text, title, url, date, issuer.",
)
@click.option(
    "--name", metavar="NAME", help="What to call the document from standard input.  [default: stdin]"
)
@click.option("--base", default=None, metavar="IRI", help="Where the identities of things begin.")
@click.option(
    "--overrides",
    type=click.Path(path_type=Path),
    help="A table of what names mean, as you decided.  [default: overrides.tsv in the output folder]",
)
@click.option("--workers", type=click.IntRange(0), default=0, help="Processes that read; 0: one per core.")
@click.option("--html/--no-html", default=True, help="Write index.html and graph.html, or do not.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a file was skipped.")
@click.option("-q", "--quiet", is_flag=True, help="Tell only what was skipped.")
def build(  # noqa: PLR0913 - an option each
    *,
    paths: tuple[Path, ...],
    output: Path,
    manifest: Path | None,
    name: str | None,
    base: str | None,
    overrides: Path | None,
    workers: int,
    html: bool,
    strict: bool,
    quiet: bool,
) -> None:
    """Read the documents at PATHS (default: corpus/) into a graph.

    PATHS are files, folders and ZIP archives; - is one document from standard input.

    Files that have not changed since the last build are not read again; files that are gone leave the graph.
    A file that cannot be read is skipped with a line that says why; summary.json lists it.

    \b
    kg build                            corpus/ -> output/
    kg build reports/ extra.html -o kg  folders and files
    kg build reports/ --workers 1 -q    one process, quietly
    kg build --manifest pages.tsv       what a list names, with what it says of each
    cat a.txt | kg build - --name a.txt
    """
    from kg.graph.tables import plain  # noqa: PLC0415
    from kg.running import build as building  # noqa: PLC0415
    from kg.running import inputs, telling  # noqa: PLC0415
    from kg.running.outputs import Settings  # noqa: PLC0415

    files = [path for path in paths if path != _STDIN]
    if name is not None and len(files) == len(paths):
        raise click.UsageError("--name: nothing comes from standard input; add - to the paths")
    given = (
        (inputs.from_stream(sys.stdin.buffer, (name or "").strip() or "stdin"),)
        if len(files) < len(paths)
        else ()
    )
    more = inputs.More(manifest, given)
    if not paths and manifest is None:
        files = [Path("corpus")]
    settings = Settings(html=html, overrides=overrides)
    if base is not None:
        settings = replace(settings, base=_base(base))
    with telling.progress(quiet) as progress:
        result = building.build(files, output, settings, workers, progress, more=more)
    for note in result.notes:
        click.echo(plain(note), err=True)
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
