"""Makes one request, within limits of size and time, to a machine whose address was looked at before.

The address that is checked is the one connected to: the name is resolved once, and TLS is told the name.
"""

from __future__ import annotations

import contextlib
import http.client
import queue
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from kg import __version__
from kg.errors import FetchError
from kg.fetching.addresses import Address, reachable

AGENT = "govkg"
_HEADERS = {
    "User-Agent": f"{AGENT}/{__version__} (+https://w3id.org/govkg)",
    "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Connection": "close",
}
_PIECE = 64 * 1024
_LONGEST_CONNECT = 20.0  # seconds
_FAILURES = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take: bytes, packed and unpacked, and seconds; and who may answer."""

    size: int = 50 * 1024**2
    seconds: float = 60.0
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answers; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(address: Address, limits: Limits) -> Answer:
    """Return what the server answers to a request for ``address``; redirects are not followed.

    Raises:
        FetchError: it does not answer, or more than the limits allow.

    """
    deadline = time.monotonic() + limits.seconds

    def work() -> Answer:
        return _ask(address, limits, deadline)

    return _within(address, limits.seconds + 1.0, work, limits)


def _within(address: Address, seconds: float, work: Callable[[], _Value], limits: Limits) -> _Value:
    """Return what ``work`` does in a thread of its own, which is left alone where it does not end.

    No timeout of a socket ends a server that sends a byte now and then, nor a name that is not resolved.
    """
    answers: queue.SimpleQueue[tuple[_Value | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except BaseException as error:
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        value, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise _slow(address, limits) from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


def _ask(address: Address, limits: Limits, deadline: float) -> Answer:
    hosts = reachable(address, limits.private)
    for left, host in zip(range(len(hosts) - 1, -1, -1), hosts, strict=True):
        connection = _connection(address, host, deadline)
        try:
            try:
                connection.connect()
            except _FAILURES as error:
                if left and not isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError):
                    continue  # the next address of the same machine
                raise
            return _exchange(connection, address, limits, deadline)
        except FetchError:
            raise
        except _FAILURES as error:
            raise _told(address, error, limits) from error
        finally:
            connection.close()
    raise FetchError(address.url, "connection", "no connection", "try again later", again=True)


def _connection(address: Address, host: str, deadline: float) -> HTTPConnection:
    patience = max(0.1, min(_LONGEST_CONNECT, deadline - time.monotonic()))
    if address.scheme == "http":
        return HTTPConnection(host, address.port, timeout=patience)
    return HTTPSConnection(
        host, address.port, timeout=patience, ssl_context=_trust(), server_hostname=address.host
    )


@cache
def _trust() -> ssl.SSLContext:
    """Return the authorities that this system trusts."""
    return ssl.create_default_context()


def _exchange(connection: HTTPConnection, address: Address, limits: Limits, deadline: float) -> Answer:
    place = address.site.partition("://")[2]
    connection.request(
        "GET",
        address.target,
        headers={**_HEADERS, "Host": place},
        preload_content=False,
        decode_content=False,
    )
    with contextlib.closing(connection.getresponse()) as response:
        return _received(response, address, limits, deadline)


def _received(
    response: urllib3.BaseHTTPResponse, address: Address, limits: Limits, deadline: float
) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if not 200 <= response.status < 300:
        return Answer(response.status, headers, b"")
    stated = headers.get("content-length", "")
    if stated.isascii() and stated.isdecimal() and int(stated) > limits.size:
        raise _large(address, limits)

    def pieces() -> Iterator[bytes]:
        read = 0
        while piece := response.read1(_PIECE):
            read += len(piece)
            if read > limits.size:
                raise _large(address, limits)
            if time.monotonic() > deadline:
                raise _slow(address, limits)
            yield piece

    body = _unpacked(pieces(), headers.get("content-encoding", "").strip().lower(), address, limits)
    return Answer(response.status, headers, body)


def _unpacked(pieces: Iterator[bytes], coding: str, address: Address, limits: Limits) -> bytes:
    """Return the bytes of a body, unpacked no further than the limit."""
    if coding in ("", "identity"):
        return b"".join(pieces)
    if coding not in ("gzip", "x-gzip", "deflate"):
        problem = f"it is packed in a way that was not asked for ({coding[:20]!r})"
        raise FetchError(address.url, "encoding", problem, "save the page with a browser")
    packed = b"".join(pieces)
    body = bytearray()
    windows = [-15] if coding == "deflate" and not _has_zlib_header(packed) else [47]
    try:
        while packed:  # a gzip body may have several parts
            opened = zlib.decompressobj(windows[0])
            body += opened.decompress(packed, limits.size + 1 - len(body))
            if len(body) > limits.size or opened.unconsumed_tail:
                raise _large(address, limits)
            if not opened.eof:
                raise zlib.error("it ends too early")
            packed = opened.unused_data.lstrip(b"\x00")
    except zlib.error as error:
        raise _damaged(address, f"it cannot be unpacked ({error})") from error
    return bytes(body)


def _has_zlib_header(data: bytes) -> bool:
    return len(data) > 1 and data[0] & 15 == 8 and (data[0] * 256 + data[1]) % 31 == 0


# --- what went wrong


def _told(address: Address, error: Exception, limits: Limits) -> FetchError:
    if isinstance(error, ConnectionRefusedError | urllib3.exceptions.NewConnectionError):
        problem = f"no connection ({_first(error)})"
        return FetchError(address.url, "connection", problem, "try again later", again=True)
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return _slow(address, limits)
    if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
        problem = f"no secure connection ({_first(error)})"
        return FetchError(address.url, "tls", problem, "check the address and this machine's clock")
    return _damaged(address, f"the answer breaks off or is none ({_first(error)})")


def _first(error: Exception) -> str:
    """Return the part of an error's text that says what happened."""
    cause = error.__cause__ or error
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return " ".join(text.rpartition(": ")[2].split())[:100] or type(error).__name__


def _damaged(address: Address, problem: str) -> FetchError:
    return FetchError(address.url, "damaged", problem, "try again later", again=True)


def _slow(address: Address, limits: Limits) -> FetchError:
    problem = f"no complete answer within {limits.seconds:g} seconds"
    return FetchError(
        address.url, "too-slow", problem, "try again later, or with a larger --timeout", again=True
    )


def _large(address: Address, limits: Limits) -> FetchError:
    problem = f"it is over the limit of {limits.size / 1024**2:g} MB"
    return FetchError(address.url, "too-large", problem, "leave it out, or raise --max-size")
