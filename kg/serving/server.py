"""Opens a port, says where, and serves until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import webbrowser
from collections.abc import Callable

import uvicorn

from kg.errors import KgError
from kg.graph import store
from kg.serving import app
from kg.serving.pool import Pool

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")


def run(settings: app.Settings, host: str, port: int, *, browse: bool, tell: Callable[[str], None]) -> None:
    """Serve a graph until Ctrl-C or SIGTERM; ``port`` 0 is any that is free.

    ``tell`` is told the address.

    Raises:
        KgError: the port cannot be opened, or a folder holds no graph.

    """
    asyncio.run(_check(settings))
    listening = _listen(host, port)
    address = f"http://{_written(host)}:{listening.getsockname()[1]}/"
    application = app.make(settings)
    config = uvicorn.Config(
        application, log_level="error", access_log=False, server_header=False, lifespan="off"
    )
    tell(address)
    if browse:
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):  # which the server raises again when it has ended cleanly
        _Server(config, application.state.pool).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Ends the workers first when it is stopped, so that no request under way keeps it."""

    def __init__(self, config: uvicorn.Config, pool: Pool) -> None:
        super().__init__(config)
        self._pool = pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._pool.close()
        await super().shutdown(sockets)


def hosts(host: str) -> tuple[str, ...]:
    """Return the names by which browsers may ask for a server that listens on ``host``.

    On this machine only its own: a page of another site whose name leads here (DNS rebinding) is turned away.
    To a network the server cannot know its names.

    >>> hosts("127.0.0.1"), hosts("0.0.0.0")
    (('localhost', '127.0.0.1', '[::1]', '::1'), ('*',))
    """
    return _LOOPBACK if is_loopback(host) else ("*",)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a server that listens on ``host``."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _check(settings: app.Settings) -> None:
    """Ask a first question, so that a folder without a graph is told before anybody comes."""
    if settings.older is not None:
        store.open_store(settings.older)
    pool = Pool(settings.folder, settings.limits, settings.older)
    try:
        await pool.run("query", sparql="ASK { }")
    finally:
        await pool.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)[0]
        family, kind, protocol, _, address = found
        # Named TCP, it is given no delay by asyncio: else each answer waits 40 ms for an acknowledgement.
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        raise KgError(
            f"{_written(host)}:{port}: cannot be listened on, {error.strerror}; "
            "choose another --port (0: any that is free) or --host"
        ) from error
    return listening


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
