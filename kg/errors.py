"""Every error the package raises on purpose: one base, one subclass per audience.

A message reads "place: problem, value, next step", so that it can be shown to a user as it is.
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors of this package."""


class InputError(KgError):
    """A source document cannot be read; the run goes on without it.

    Attributes:
        reason: a stable, machine-readable word for ``summary.json`` (``empty``, ``binary`` ...).

    """

    def __init__(self, place: str, reason: str, problem: str, advice: str) -> None:
        super().__init__(f"{place}: {problem}; {advice}")
        self.place = place
        self.reason = reason
        self.problem = problem
        self.advice = advice


class FetchError(InputError):
    """A page of the web cannot be fetched; the run goes on without it.

    Attributes:
        again: whether another attempt may succeed.
        wait: the seconds that the server asks to wait, None where it does not say.

    """

    def __init__(
        self,
        place: str,
        reason: str,
        problem: str,
        advice: str,
        *,
        again: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(place, reason, problem, advice)
        self.again = again
        self.wait = wait


class RuleError(KgError):
    """A rule file is wrong: it stops the program before the first document."""


class StoreError(KgError):
    """An output folder cannot be opened, read or written."""


class QueryError(KgError):
    """A query cannot be parsed, found or answered."""


class ExportError(KgError):
    """A graph cannot be written in the format asked for."""


class EngineError(KgError):
    """What a build was asked to run on is missing, or failed."""
