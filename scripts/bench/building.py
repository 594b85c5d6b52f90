"""Whole builds by ``kg build`` in processes of their own: from nothing, nothing changed, ten changed.

What is measured is what a user meets: start-up, reading, merging, the store, the pages. Memory is that of all
processes together, each with its share of what they have in common.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import generate
from measuring import Ran, python, rounded, run
from sections import ROOT, Options, Table, count, size, taken, written

CHANGED = 10
LEAST = 10_000  # bytes of an output that is worth a row
HEADINGS = [
    *("kg build", "on the clock", "work", "reports/s"),
    *("of a full build", "of its work", "memory at most"),
]
COUNTED = ("facts", "planned", "observations", "triples", "quads", "unsure", "conflicts")


def measure(options: Options) -> dict[str, Any]:
    """Return what builds of generated reports take, and how large what they write is."""
    reports = options.folder / "reports"
    characters = generate.write(reports, options.reports, options.length, options.seed, options.corpus)
    one, two = options.folder / "one", options.folder / "two"
    both = told(_build(reports, two, 2))
    graph = _digest(two / "graph.nq")
    shutil.rmtree(two)  # two large outputs at a time may be more than there is room for
    figures: dict[str, Any] = {
        "reports": options.reports,
        "characters": characters,
        "bytes": weight(reports),
        "one worker": told(_build(reports, one, 1)),
        "two workers": both,
    }
    if _digest(one / "graph.nq") != graph:
        raise RuntimeError("one worker and two write different graphs")
    summary = json.loads((one / "summary.json").read_text(encoding="utf-8"))
    figures["counts"] = counts(summary)
    figures["sizes"] = {path.name: weight(path) for path in sorted(one.iterdir()) if weight(path) >= LEAST}
    figures["sizes"]["all"] = weight(one)
    figures["nothing changed"] = told(_build(reports, one, 1))
    changed = generate.change(reports, CHANGED, options.seed + 1)
    figures["changed"] = len(changed)
    figures["some changed"] = told(_build(reports, one, 1))
    shutil.rmtree(one)
    shutil.rmtree(reports)
    return figures


def _build(reports: Path, output: Path, workers: int) -> Ran:
    command = python("-m", "kg", "build", str(reports), "-o", str(output), "--workers", str(workers), "-q")
    return run(command, folder=ROOT)


def counts(summary: dict[str, Any]) -> dict[str, int]:
    """Return how much a build found, from its summary; facts are counted there by predicate.

    >>> counts({"facts": {"issued": 2, "partOf": 3}, "triples": 90, "documents": []})
    {'facts': 5, 'triples': 90}
    """
    found = {name: summary[name] for name in COUNTED if name in summary}
    return {name: sum(value.values()) if isinstance(value, dict) else value for name, value in found.items()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def told(ran: Ran) -> dict[str, float]:
    """Return what a command took as figures."""
    return {"wall": rounded(ran.wall), "work": rounded(ran.work), "memory": ran.memory}


def shares(ran: dict[str, float], full: dict[str, float]) -> tuple[str, str]:
    """Return how much of the time and of the work of a full build a command took.

    >>> shares({"wall": 1, "work": 1}, {"wall": 100, "work": 200})
    ('1.00%', '0.50%')
    """
    time, work = (ran[kind] / full[kind] for kind in ("wall", "work"))
    return f"{time:.2%}", f"{work:.2%}"


def weight(place: Path) -> int:
    """Return the bytes of a file, or of all files of a folder."""
    if place.is_file():
        return place.stat().st_size
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return a table of the builds, and one of what they wrote."""
    reports, full = figures["reports"], figures["one worker"]
    names = {
        "one worker": "from nothing, 1 worker",
        "two workers": "from nothing, 2 workers",
        "nothing changed": "nothing changed",
        "some changed": f"{figures['changed']} changed",
    }
    rows = [
        taken(name, ran, count(reports / ran["wall"]), *shares(ran, full))
        for key, name in names.items()
        for ran in (figures[key],)
    ]
    title = (
        f"builds of {reports:,} reports, {count(figures['characters'])} characters"
        f" ({count(figures['characters'] / reports)} each), {size(figures['bytes'])}"
    )
    counts = figures["counts"]
    made = ", ".join(f"{count(value)} {name}" for name, value in counts.items() if value)
    return [
        Table(title, HEADINGS, rows, f"Made: {made}."),
        written("what a build writes", figures),
    ]
