"""What a build tells on a terminal: how far it has come, and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from kg.graph.tables import plain
from kg.running.build import READING, Progress, Result

_STEP = 10.0  # seconds between two lines, where there is no terminal


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Yield a function that shows how far a build has come, how quick it is and how long it will still take.

    On a terminal it is a line that changes, elsewhere a line now and then.
    """
    if quiet:
        yield lambda stage, done, total: None
        return
    on_terminal = sys.stderr.isatty()
    begun: dict[str, float] = {}
    told = time.monotonic()

    def show(stage: str, done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        start = begun.setdefault(stage, now)
        if now - told < (_BLINK if on_terminal else _STEP) and done < total:
            return
        told = now
        if on_terminal:
            click.echo(f"\r{_state(stage, done, total, now - start)}\x1b[K", err=True, nl=False)
        elif done < total:
            click.echo(_state(stage, done, total, now - start), err=True)

    yield show
    if on_terminal and begun:
        click.echo("\r\x1b[K", err=True, nl=False)


_BLINK = 0.1


def _state(stage: str, done: int, total: int, seconds: float) -> str:
    """Return what is being done, how far it is, how quick, and how long it will still take.

    >>> _state("reading", 500, 2000, 10.0), _state("writing", 0, 3, 0.0)
    ('reading: 500 of 2,000 files, 50 a second, 30 s left', 'writing: 0 of 3 parts')
    """
    unit = "files" if stage == READING else "parts"
    said = f"{stage}: {done:,} of {total:,} {unit}"
    if not done or seconds <= 0:
        return said
    rate = done / seconds
    left = (total - done) / rate
    quick = f"{rate:,.0f} a second" if rate >= 1 else f"{1 / rate:,.0f} s each"
    return f"{said}, {quick}, {_time(left)} left"


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{minutes // 60} h {minutes % 60} min"
        if minutes >= 60
        else f"{minutes} min"
    )


def report(result: Result) -> str:
    """Return what a build tells: what was read and found, and what can be done with it."""
    summary = result.head
    facts = sum(count for name, count in summary["facts"].items() if name not in ("within", "serves"))
    said = [
        f"{summary['read']} documents ({result.read} read, {result.reused} unchanged, "
        f"{result.removed} removed, {len(summary['skipped'])} skipped)",
        f"{facts} facts, {sum(summary['planned'].values())} plans, {summary['observations']} observations, "
        f"{summary['unsure']} names left unsure; {summary['triples']} triples",
        _repeats(summary),
        _doubts(summary),
        _pages(result),
        *summary["limits"],
        f"load {result.folder / 'graph.ttl'} anywhere; ask kg query --list -g {result.folder}"
        if "graph.ttl" in summary["files"]
        else f"ask kg query --list -g {result.folder}",
    ]
    return "\n".join(line for line in said if line)


def _repeats(summary: dict[str, Any]) -> str:
    """Return a line on documents that say what others say, "" where there are none."""
    found = summary["repeats"]
    if not found:
        return ""
    first = f"{found[0]['source']} repeats {found[0]['of']}"
    return plain(
        first if len(found) == 1 else f"{first}, and {len(found) - 1} more repeat others: see summary.json"
    )


def _pages(result: Result) -> str:
    """Return a line on what to open in a browser, the page about the build first."""
    files = result.head["files"]
    pages = [str(result.folder / name) for name in ("index.html", "graph.html") if name in files]
    if not pages:
        return ""
    picture = f"; the picture is {pages[1]}" if pages[1:] else ""
    return f"open {pages[0]} in a browser{picture}"


def _doubts(summary: dict[str, Any]) -> str:
    """Return a line on contradictions and decisions, "" where there are none."""
    told = [f"{summary['conflicts']} contradictions, listed by kg conflicts"] if summary["conflicts"] else []
    decisions = summary["overrides"]
    if decisions:
        told.append(f"overrides applied {sum(item['applied'] for item in decisions)} times")
        idle = [f"{item['surface']} ({item['document']})" for item in decisions if not item["applied"]]
        told += [f"overrides that no document needs: {plain(', '.join(idle))}"] if idle else []
    return "; ".join(told)
