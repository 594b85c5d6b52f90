"""``kg build``."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.common import CHECK_FAILED
from kg.errors import StoreError

if TYPE_CHECKING:
    from kg.running.inputs import More
    from kg.running.outputs import Settings

_STDIN = "-"


@click.command(short_help="Read documents into a graph.")
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    default="output",
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
@click.option("--store/--no-store", default=True, help="Make the embedded store, or do not.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a file was skipped.")
@click.option(
    "--engine",
    type=click.Choice(("local", "spark")),
    default="local",
    show_default=True,
    help="What does the work: this machine's processes, or Apache Spark (docs/spark.md).",
)
@click.option("--master", metavar="URL", help="Where Spark runs.  [default: as Spark is set up, else here]")
@click.option("--partitions", type=click.IntRange(1), help="Parts that Spark makes.  [default: by size]")
@click.option(
    "--format",
    "form",
    type=click.Choice(("nq", "nq.gz", "parquet")),
    help="How Spark writes quads.  [default: nq]",
)
@click.option("-q", "--quiet", is_flag=True, help="Tell only what was skipped.")
def build(  # noqa: PLR0913 - an option each
    *,
    paths: tuple[str, ...],
    output: str,
    manifest: Path | None,
    name: str | None,
    base: str | None,
    overrides: Path | None,
    workers: int,
    html: bool,
    store: bool,
    strict: bool,
    engine: str,
    master: str | None,
    partitions: int | None,
    form: str | None,
    quiet: bool,
) -> None:
    """Read the documents at PATHS (default: corpus/) into a graph.

    PATHS are files, folders and ZIP archives, for Spark Parquet tables, too; - is one document from standard
    input.

    Files that have not changed since the last build are not read again; files that are gone leave the graph.
    A file that cannot be read is skipped with a line that says why; summary.json lists it.

    \b
    kg build                            corpus/ -> output/
    kg build reports/ extra.html -o kg  folders and files
    kg build reports/ --workers 1 -q    one process, quietly
    kg build --manifest pages.tsv       what a list names, with what it says of each
    cat a.txt | kg build - --name a.txt
    kg build pages.parquet --engine spark -o s3://graphs/2024
    """
    from kg.graph.tables import plain  # noqa: PLC0415
    from kg.running import build as building  # noqa: PLC0415
    from kg.running import inputs, spark, telling  # noqa: PLC0415
    from kg.running.outputs import Settings  # noqa: PLC0415

    files = [path for path in paths if path != _STDIN] if paths or manifest is not None else ["corpus"]
    if name is not None and _STDIN not in paths:
        raise click.UsageError("--name: nothing comes from standard input; add - to the paths")
    given = (
        (inputs.from_stream(sys.stdin.buffer, (name or "").strip() or "stdin"),) if _STDIN in paths else ()
    )
    more = inputs.More(manifest, given)
    settings = Settings(html=html, store=store, overrides=overrides)
    if base is not None:
        settings = replace(settings, base=_base(base))
    if engine == "spark":
        master = master or (f"local[{workers}]" if workers else None)
        asked = (master, partitions or 0, form or "nq")
        _on_spark(files, output, settings, more, asked, quiet=quiet, strict=strict)
        return
    if master or partitions or form:
        raise click.UsageError("--master, --partitions and --format are for --engine spark; add that")
    folder = Path(output)
    if spark.wrote(folder):
        raise StoreError(f"{folder}: holds a graph that was built on Spark; choose another -o")
    with telling.progress(quiet) as progress:
        result = building.build(
            [Path(path) for path in files], folder, settings, workers, progress, more=more
        )
    for note in result.notes:
        click.echo(plain(note), err=True)
    for skipped in result.head["skipped"]:
        click.echo(plain(f"{skipped['source']}: {skipped['problem']}; {skipped['advice']}"), err=True)
    if not quiet:
        click.echo(telling.report(result), err=True)
    if strict and result.head["skipped"]:
        sys.exit(CHECK_FAILED)


def _on_spark(
    files: Sequence[str],
    output: str,
    settings: Settings,
    more: More,
    asked: tuple[str | None, int, str],
    *,
    quiet: bool,
    strict: bool,
) -> None:
    """Build on Spark: ``asked`` are the master, the number of parts, and the format of quads."""
    from kg.graph.tables import plain  # noqa: PLC0415
    from kg.running.spark import building, telling  # noqa: PLC0415

    master, parts, form = asked
    wanted = building.Settings(
        base=settings.base, form=form, overrides=settings.overrides, master=master, partitions=parts
    )
    tell = None if quiet else functools.partial(click.echo, err=True)
    result = building.build(files, output, wanted, more, tell)
    for note in result.notes:
        click.echo(plain(note), err=True)
    for line in telling.skipped(result):
        click.echo(line, err=True)
    if not quiet:
        click.echo(telling.report(result, output), err=True)
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
