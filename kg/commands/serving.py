"""``kg serve``: the graph over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.common import graph_option


@click.command(short_help="Serve the graph on localhost: SPARQL, questions, pictures.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=7878,
    show_default=True,
    help="The port; 0 takes any that is free.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 86_400),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long a request may take.",
)
@click.option(
    "--max-size",
    type=click.FloatRange(0.001, 10_000),
    default=32,
    show_default=True,
    metavar="MB",
    help="How large an answer may be.",
)
@click.option(
    "--against",
    "older",
    type=click.Path(path_type=Path),
    metavar="OLD",
    help="The folder of an older build: answers what changed since.",
)
@click.option(
    "--cors/--no-cors", default=False, help="Let pages of other sites read the graph.  [default: no]"
)
@click.option("--open/--no-open", "browse", default=False, help="Open the page in a browser.  [default: no]")
@graph_option
def serve(  # noqa: PLR0913 - an argument per option
    *,
    host: str,
    port: int,
    timeout: float,
    max_size: float,
    older: Path | None,
    cors: bool,
    browse: bool,
    folder: Path,
) -> None:
    """Serve the graph to browsers and programs until Ctrl-C: a SPARQL 1.1 endpoint, questions, pictures.

    Only this machine is answered unless --host says otherwise. The graph is only read, and nothing is fetched
    from anywhere. A graph that is built again is served anew.

    \b
    kg serve --open
    kg serve --port 0 --timeout 5
    curl -H 'Accept: text/csv' localhost:7878/sparql --data-urlencode query@question.rq
    """
    from kg.serving import app, server  # noqa: PLC0415
    from kg.serving.pool import Limits  # noqa: PLC0415

    settings = app.Settings(
        folder=folder,
        limits=Limits(timeout, int(max_size * 1_000_000)),
        hosts=server.hosts(host),
        older=older,
        cors=cors,
    )

    def tell(address: str) -> None:
        click.echo(f"serving {folder} at {address} until Ctrl-C; SPARQL at {address}sparql", err=True)
        if not server.is_loopback(host):
            click.echo("kg: --host: whoever reaches this machine can read the graph", err=True)

    server.run(settings, host, port, browse=browse, tell=tell)
