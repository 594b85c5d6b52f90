"""What several commands share: options, exit codes, output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:  # what a command needs is imported when it runs, so that kg --help is quick
    import pyoxigraph

    from kg.graph.exporting import Part

Command = TypeVar("Command", bound=Callable[..., Any])

CHECK_FAILED = 1
COULD_NOT_RUN = 2


def graph_option(command: Command, *names: str) -> Command:
    """Add the option that names the folder of a built graph."""
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


def part_options(command: Command) -> Command:
    """Add the options that choose a part of a graph."""
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


def format_option(command: Command) -> Command:
    """Add the option that says how tables are written."""
    forms = click.Choice(("table", "csv", "json"))
    return click.option("-F", "--format", "form", type=forms, default="table", show_default=True)(command)


def listed(command: Command) -> Command:
    """Add the options of a command that lists."""
    return graph_option(format_option(command), "-o")


def chosen(
    folder: Path, around: str | None, depth: int, documents: tuple[str, ...], *, evidence: bool
) -> Part:
    """Return the part of a graph that options choose."""
    from kg.graph import store  # noqa: PLC0415
    from kg.graph.exporting import Part  # noqa: PLC0415

    if around is None and not documents:
        return Part(evidence=evidence)
    opened = store.open_store(folder)
    return Part(
        documents=frozenset(meant(folder, opened, documents, "Report")) or None,
        around=meant(folder, opened, [around])[0] if around is not None else None,
        depth=depth,
        evidence=evidence,
    )


def pair(text: str) -> tuple[str, str]:
    """Read a parameter of a question, NAME=VALUE."""
    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--param: {text!r} has no =; write it as name=value")
    return key.strip(), value


def meant(folder: Path, opened: pyoxigraph.Store, named: Iterable[str], kind: str = "") -> list[str]:
    """Return the IRIs of the things (of a class, if given) that names, codes or IRIs mean, one for each."""
    from kg.graph import names, naming  # noqa: PLC0415

    base = base_of(folder)
    known = names.opened(folder, base)
    return [naming.resolve(opened, name, base, kind, known) for name in named]


def base_of(folder: Path) -> str:
    """Return where the identities of a built graph begin."""
    from kg.graph import built  # noqa: PLC0415

    return str(built.head(folder)["base"])


def out(data: str | bytes) -> None:
    """Write data to stdout, in UTF-8 whatever the terminal's locale."""
    click.echo(data.encode() if isinstance(data, str) else data, nl=False)


def to_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that a user asked for, and tell so."""
    from kg.running import outputs  # noqa: PLC0415

    outputs.to_file(path, chunks)
    click.echo(f"wrote {path}", err=True)
