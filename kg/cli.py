"""The command line: the map of all commands, and what becomes of errors."""

from __future__ import annotations

from typing import Any

import click

from kg import __version__
from kg.commands import analysing, asking, building, checking, fetching, serving, writing
from kg.commands.common import COULD_NOT_RUN
from kg.errors import KgError


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
    kg fetch --list urls.txt -o in  pages of the web, to be read
    kg build corpus/ -o output/     documents -> graph, store, picture
    kg query --list                 questions that can be asked
    kg explain 枫桥经验             every fact about a thing, with its sentence
    kg render --around 珠山区       a picture of what is around a thing
    kg export -f csv -o tables/     for other programs

    Exit codes: 0 done; 1 a check failed, or inputs were skipped under --strict; 2 could not run.
    """


for command in (
    fetching.fetch,
    building.build,
    asking.query,
    asking.explain,
    writing.export,
    writing.render,
    serving.serve,
    checking.validate,
    checking.evaluate,
    checking.unsure,
    checking.conflicts,
    analysing.compare,
    analysing.trace,
    analysing.path,
    analysing.stats,
):
    main.add_command(command)
