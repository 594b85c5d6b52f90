"""What a build on Spark tells on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from kg.graph.tables import plain
from kg.running.spark.building import Result

_MOST = 100
"""Skipped documents that are told one by one."""


def skipped(result: Result) -> Iterator[str]:
    """Yield a line for each document that was skipped, but no more than can be read."""
    found = result.summary["skipped"]
    for item in found[:_MOST]:
        yield plain(f"{item['source']}: {item['problem']}; {item['advice']}")
    if len(found) > _MOST:
        yield f"{len(found) - _MOST} more were skipped: see summary.json and documents/"


def report(result: Result, folder: str) -> str:
    """Return what a build tells: what was read and found, and where it lies."""
    summary = result.summary
    facts = sum(count for name, count in summary["facts"].items() if name not in ("within", "serves"))
    decided = sum(item["applied"] for item in summary["overrides"])
    said = [
        f"{summary['read']} documents in {summary['parts']} parts ({result.read} read, {result.reused} "
        f"unchanged, {len(summary['skipped'])} skipped)",
        f"{facts} facts, {sum(summary['planned'].values())} plans, {summary['observations']} observations, "
        f"{summary['unsure']} names left unsure; {summary['triples']} triples",
        f"{len(summary['repeats'])} documents repeat others: see summary.json" if summary["repeats"] else "",
        f"{summary['conflicts']} contradictions" if summary["conflicts"] else "",
        f"overrides applied {decided} times" if summary["overrides"] else "",
        *summary["limits"],
        f"load what {folder}/manifest.json lists of quads/ and reference/ into a store: docs/spark.md",
    ]
    return "\n".join(line for line in said if line)
