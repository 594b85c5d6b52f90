"""``kg compare``, ``kg trace``, ``kg path`` and ``kg stats``: what the graph as a whole tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.commands.common import format_option, graph_option, meant, out, to_file

if TYPE_CHECKING:  # what a command needs is imported when it runs, so that kg --help is quick
    from kg.analysing.telling import Story

Command = TypeVar("Command", bound=Callable[..., Any])


def told(command: Command) -> Command:
    """Add the options of a command that tells an analysis."""
    options = (
        click.option("--language", type=click.Choice(("zh", "en")), default="zh", show_default=True),
        click.option(
            "--rows",
            type=click.IntRange(0),
            default=15,
            show_default=True,
            help="The most rows of a table in the terminal; 0: all.",
        ),
        click.option("--quotes", is_flag=True, help="Add a sentence from the documents to what is told."),
        click.option(
            "--html", "picture", type=click.Path(path_type=Path), help="Write a picture with all sentences."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return graph_option(format_option(command))


def tell(story: Story, found: Any, given: dict[str, Any]) -> None:
    """Write a story as the options say."""
    from kg.analysing import writing  # noqa: PLC0415

    if given["picture"] is not None:
        from kg.viewing import figures  # noqa: PLC0415

        to_file(given["picture"], [figures.render(story, given["language"]).encode()])
        return
    if given["form"] == "csv":
        out(writing.to_table(story))
    elif given["form"] == "json":
        out(writing.to_json(story, found))
    else:
        out(writing.to_text(story, given["language"], given["rows"], quotes=given["quotes"]))


@click.command(short_help="Compare places, bodies, initiatives, documents or reports.")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--year", default="", metavar="YEAR", help="Only what reports on this year say.")
@told
def compare(names: tuple[str, ...], year: str, folder: Path, **given: Any) -> None:
    """Compare two to six things of one class: what they share, what only some have, their numbers.

    One place or body alone is compared with itself over the years. What the bodies of a place did counts as
    done by the place.

    \b
    kg compare 北碚区 德清县
    kg compare 北碚区 德清县 伊金霍洛旗 --language en --html compare.html
    kg compare 三都水族自治县                 its years
    kg compare 枫桥经验 综合查一次 -F csv
    """
    from kg.analysing import comparing  # noqa: PLC0415
    from kg.analysing.stories import comparison  # noqa: PLC0415
    from kg.graph import store  # noqa: PLC0415

    opened = store.open_store(folder)
    found = comparing.compare(opened, meant(folder, opened, names), year)
    tell(comparison.tell(found), found, given)


@click.command(short_help="Follow an initiative or a document through years, levels and places.")
@click.argument("name")
@told
def trace(name: str, folder: Path, **given: Any) -> None:
    """Follow an initiative or a document: who specified it, carried it out or planned it, when and where.

    \b
    kg trace 枫桥经验
    kg trace 中华人民共和国行政处罚法 --html course.html
    kg trace 枫桥经验 --quotes --language en
    """
    from kg.analysing import tracing  # noqa: PLC0415
    from kg.analysing.stories import course  # noqa: PLC0415
    from kg.graph import store  # noqa: PLC0415

    opened = store.open_store(folder)
    found = tracing.trace(opened, *meant(folder, opened, [name]))
    tell(course.tell(found), found, given)


@click.command(short_help="Tell how two things hang together, step by step.")
@click.argument("start")
@click.argument("end")
@click.option(
    "--most", type=click.IntRange(1, 20), default=3, show_default=True, help="How many ways to tell."
)
@click.option(
    "--length", type=click.IntRange(1, 12), default=6, show_default=True, help="The most steps of a way."
)
@told
def path(*, start: str, end: str, most: int, length: int, folder: Path, **given: Any) -> None:
    """Tell the shortest ways from START to END over facts, each step with its sentence.

    Ways over what very many share, such as a law that all implement, come after those that tell more.

    \b
    kg path 文昌市 芜湖经济技术开发区
    kg path 枫桥经验 中华人民共和国行政处罚法 --most 1 --length 4
    kg path 北碚区 德清县 --html path.html
    """
    from kg.analysing import paths  # noqa: PLC0415
    from kg.analysing.stories import ways  # noqa: PLC0415
    from kg.graph import store  # noqa: PLC0415

    opened = store.open_store(folder)
    begin, finish = meant(folder, opened, (start, end))
    found = paths.paths(opened, begin, finish, most, length)
    tell(ways.tell(found), found, given)


@click.command(short_help="Tell the shape of the graph, each number with what it means.")
@click.option(
    "--place", default="", metavar="NAME", help="Only what concerns this place and those within it."
)
@click.option(
    "--kind",
    type=click.Choice(("Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour")),
    help="List only things of this class as the most connected.",
)
@told
def stats(*, place: str, kind: str | None, folder: Path, **given: Any) -> None:
    """Tell the shape of the graph: how much, what is shared, what ties it together, what is not certain.

    \b
    kg stats
    kg stats --place 海南省 --language en
    kg stats --kind Institution --html stats.html
    """
    from kg.analysing import shape  # noqa: PLC0415
    from kg.analysing.stories import form  # noqa: PLC0415
    from kg.graph import built, store  # noqa: PLC0415

    opened, summary = store.open_store(folder), built.summary(folder)
    within = meant(folder, opened, [place], "Jurisdiction")[0] if place else ""
    found = shape.shape(opened, summary, within, kind or "")
    tell(form.tell(found), found, given)
