"""What a server refuses, with the HTTP status that says so."""

from __future__ import annotations

from http import HTTPStatus

from kg.errors import KgError


class RefusedError(KgError):
    """A request that is not answered.

    Attributes:
        status: the HTTP status. What SPARQL 1.1 Protocol (2.1.6) calls the refusal to execute a query is 500.

    """

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def too_slow(seconds: float) -> RefusedError:
    """Return the refusal of what takes longer than a server lets it."""
    return RefusedError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"query: stopped after {seconds:g} s, the limit of this server; ask for less, or start it with a "
        "larger --timeout",
    )


def too_large(megabytes: float) -> RefusedError:
    """Return the refusal of an answer that is longer than a server lets it be; none of it has been sent."""
    return RefusedError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"query: the answer is larger than {megabytes:g} MB, the limit of this server; add LIMIT, or start "
        "it with a larger --max-size",
    )


def too_hungry(megabytes: int) -> RefusedError:
    """Return the refusal of what needs more memory than a server gives it."""
    return RefusedError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"query: needs more than {megabytes} MB of memory, the limit of this server; sort, group or join "
        "less",
    )


def stopping() -> RefusedError:
    """Return the refusal of what a server that was stopped leaves undone."""
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "server: is stopping; start it again with kg serve")


def busy() -> RefusedError:
    """Return the refusal of what had to wait too long for others."""
    return RefusedError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "query: the server is busy with others that take long; try again in a while",
    )
