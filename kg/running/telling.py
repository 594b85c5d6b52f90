"""What a build tells on a terminal: how far it has come, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from kg.graph.tables import plain, shorten
from kg.running.build import Progress, Result


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Yield a function that shows how far reading has come: a bar on a terminal, else a line now and then."""
    if quiet:
        yield lambda done, total, name: None
        return
    if not sys.stderr.isatty():
        step = 100
        yield (
            lambda done, total, name: (
                click.echo(f"read {done} of {total} files", err=True)
                if done % step == 0 and done < total
                else None
            )
        )
        return
    with click.progressbar(length=1, label="reading", file=sys.stderr, item_show_func=_last) as bar:

        def show(done: int, total: int, name: str) -> None:
            bar.length = total
            bar.update(1, current_item=name)

        yield show


def _last(name: str | None) -> str:
    return shorten(plain(name or ""), 40)


def report(result: Result) -> str:
    """Return what a build tells: what was read and found, and what can be done with it."""
    summary = result.summary
    facts = sum(count for name, count in summary["facts"].items() if name not in ("within", "serves"))
    said = [
        f"{len(summary['documents'])} documents ({result.read} read, {result.reused} unchanged, "
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
    files = result.summary["files"]
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
