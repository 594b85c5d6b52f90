"""``kg fetch``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands.common import CHECK_FAILED


@click.command(short_help="Save pages of the web, to be read by kg build.")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--list",
    "listed",
    type=click.Path(path_type=Path, allow_dash=True),
    help="A file with an address in each line; - is standard input.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("pages"),
    show_default=True,
    help="The folder to save in.",
)
@click.option("--again", is_flag=True, help="Fetch pages that are there, too.")
@click.option(
    "--pause",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    help="Seconds between two requests to one site.",
)
@click.option(
    "--retries",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="How often to try again where a server is busy.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=60.0,
    show_default=True,
    help="Seconds that a page may take.",
)
@click.option(
    "--max-size",
    type=click.FloatRange(0.001, 2000),
    default=50.0,
    show_default=True,
    help="Megabytes that a page may have, unpacked.",
)
@click.option("--allow-private", is_flag=True, help="Fetch from private networks and this machine, too.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a page could not be fetched.")
@click.option("-q", "--quiet", is_flag=True, help="Tell only what could not be fetched.")
def fetch(  # noqa: PLR0913 - an option each
    *,
    urls: tuple[str, ...],
    listed: Path | None,
    output: Path,
    again: bool,
    pause: float,
    retries: int,
    timeout: float,
    max_size: float,
    allow_private: bool,
    strict: bool,
    quiet: bool,
) -> None:
    """Save the pages at URLs as they are, and beside them fetched.tsv: where and when each was found.

    Pages that are there are not fetched again. Sites are asked one page at a time, with pauses, and only for
    what their robots.txt leaves open; nothing is fetched from private networks.

    \b
    kg fetch https://www.gov.cn/page.html -o pages
    kg fetch --list addresses.txt -o pages
    kg build --manifest pages/fetched.tsv      reads them, each with its address
    """
    from kg.fetching import pages  # noqa: PLC0415
    from kg.fetching.client import Limits  # noqa: PLC0415
    from kg.graph.tables import plain  # noqa: PLC0415

    wanted = [*urls, *(_lines(listed) if listed is not None else ())]
    if not wanted:
        raise click.UsageError("no addresses; give some, or a file of them with --list")
    limits = Limits(int(max_size * 1024**2), timeout, allow_private)

    def tell(done: int, total: int, what: str) -> None:
        if not quiet:
            click.echo(f"{done} of {total}: {plain(what)}", err=True)

    result = pages.fetch(wanted, output, pages.Settings(limits, pause, retries, again), tell)
    for error in result.failed:
        click.echo(plain(str(error)), err=True)
    if not quiet:
        saved, kept, failed = len(result.saved), result.kept, len(result.failed)
        click.echo(f"{saved} pages saved, {kept} there already, {failed} not fetched", err=True)
        if saved or kept:
            click.echo(f"read them with kg build --manifest {output / 'fetched.tsv'}", err=True)
    if strict and result.failed:
        sys.exit(CHECK_FAILED)


def _lines(path: Path) -> list[str]:
    """Return the addresses of a list, without empty lines and comments."""
    try:
        data = sys.stdin.buffer.read() if path == Path("-") else path.read_bytes()
    except OSError as error:
        raise click.UsageError(
            f"--list: {path}: {error.strerror or error}; give a file of addresses"
        ) from error
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    lines = data.decode("utf-16" if wide else "utf-8-sig", "replace").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
