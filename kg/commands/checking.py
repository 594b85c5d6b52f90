"""``kg validate``, ``kg evaluate``, ``kg unsure``, ``kg conflicts``: how good a graph is."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands.common import CHECK_FAILED, graph_option, listed, out


@click.command(short_help="Check shapes, quotes and evidence.")
@click.option("--shapes", type=click.Path(path_type=Path), help="Other SHACL shapes, in Turtle.")
@click.option("--no-shapes", is_flag=True, help="Check words, evidence and order only; much quicker.")
@graph_option
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
        out(f"{item.check}\t{item.place}\t{item.problem}\n")
    click.echo(f"{len(problems)} problems" if problems else "conforms", err=True)
    if problems:
        sys.exit(CHECK_FAILED)


@click.command(short_help="Score a graph against annotated documents.")
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--errors", is_flag=True, help="List what was missed and what is too much.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@graph_option
def evaluate(gold: tuple[Path, ...], errors: bool, as_json: bool, folder: Path) -> None:
    """Compare a graph with GOLD files (or folders of them): precision, recall and F1.

    \b
    kg evaluate tests/gold
    kg evaluate gold/报告.json --errors
    """
    from kg.running import evaluate as evaluating  # noqa: PLC0415

    scores = evaluating.evaluate(folder, gold)
    out(evaluating.to_json(scores, errors=errors) if as_json else evaluating.to_text(scores, errors=errors))


@click.command(short_help="List the names that a build left unsure.")
@listed
def unsure(folder: Path, form: str) -> None:
    """List the names that a build left unsure: where they stand, and what they may mean.

    What one of them means can be decided in a table, which kg build applies: see kg build --overrides.

    \b
    kg unsure                  as a table
    kg unsure -g kg -F json    with all there is to know
    """
    from kg.running import doubts  # noqa: PLC0415

    listing = doubts.unsure(folder)
    out(doubts.FORMS[form](listing))
    click.echo(f"{len(listing.rows)} names left unsure", err=True)


@click.command(short_help="List what contradicts itself in a document.")
@listed
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
    out(doubts.FORMS[form](listing))
    click.echo(f"{len(listing.rows)} contradictions", err=True)
