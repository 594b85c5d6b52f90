"""Saves the pages at given addresses, one after the other; a page that cannot be had costs only itself."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import FetchError, StoreError
from kg.fetching.addresses import parse
from kg.fetching.client import Limits
from kg.fetching.manners import Visitor
from kg.fetching.record import Entry, Record, path_of
from kg.running import locking

LONGEST_WAIT = 120.0
"""Seconds after which waiting for a server that asks for time is left to whoever calls again."""
_SHORTEST_WAIT = 0.1


@dataclass(frozen=True, slots=True)
class Settings:
    """How pages are fetched: limits of each, the pause between two of one site, how often to try again."""

    limits: Limits = field(default_factory=Limits)
    pause: float = 1.0
    retries: int = 3
    again: bool = False


@dataclass(slots=True)
class Result:
    """What came of it: pages saved, pages that were there, and why others are missing."""

    saved: list[str] = field(default_factory=list)
    kept: int = 0
    failed: list[FetchError] = field(default_factory=list)


Progress = Callable[[int, int, str], None]


def fetch(urls: Sequence[str], folder: Path, settings: Settings, progress: Progress) -> Result:
    """Save the pages at ``urls`` in ``folder``, with a list of where and when each was found.

    Pages that are there already are not fetched again, unless the settings say so. ``progress`` is told how
    many of how many are done, and what became of the last.

    Raises:
        StoreError: the folder cannot be written, or another program is fetching into it.

    """
    result = Result()
    wanted = list(_wanted(urls, result))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locking.held(folder, "kg fetch"):
            record = Record(folder)
            visitor = Visitor(settings.limits, settings.pause)
            for done, url in enumerate(wanted, 1):
                if not settings.again and record.holds(url):
                    result.kept += 1
                    progress(done, len(wanted), f"there already: {url}")
                    continue
                try:
                    entry, body = _page(url, visitor, settings)
                except FetchError as error:
                    result.failed.append(error)
                    progress(done, len(wanted), f"not fetched: {url}")
                    continue
                record.add(entry, body)
                result.saved.append(entry.path)
                progress(done, len(wanted), f"saved {entry.path} ({max(1, len(body) // 1024)} KB)")
    except OSError as error:
        place = error.filename or folder
        problem = error.strerror or str(error)
        raise StoreError(f"{place}: {problem}; make room there or choose another folder with -o") from error
    return result


def _wanted(urls: Sequence[str], result: Result) -> Iterator[str]:
    """Yield each address once, in turn between sites, so that pauses are short; tell those that are none."""
    known: dict[str, str] = {}
    for url in urls:
        try:
            address = parse(url)
        except FetchError as error:
            result.failed.append(error)
        else:
            known.setdefault(address.url, address.host)
    turns: Counter[str] = Counter()
    order: list[tuple[int, int, str]] = []
    for url, host in known.items():
        order.append((turns[host], len(order), url))
        turns[host] += 1
    for _, _, url in sorted(order):
        yield url


def _page(url: str, visitor: Visitor, settings: Settings) -> tuple[Entry, bytes]:
    """Return a page, after as many attempts as are due."""
    for attempt in range(settings.retries + 1):
        try:
            address, answer = visitor.visit(url)
            kind = answer.headers.get("content-type", "").strip()[:200]
            path = path_of(url, kind, answer.body)
            digest = hashlib.sha256(answer.body).hexdigest()
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            return Entry(path, url, address.url, now, digest, kind), answer.body
        except FetchError as error:
            asked = error.wait if error.wait is not None else 0.0
            if not error.again or attempt == settings.retries or asked > LONGEST_WAIT:
                raise
            time.sleep(max(asked, max(settings.pause, _SHORTEST_WAIT) * 2**attempt))
    raise AssertionError("unreachable: the last attempt returns or raises")
