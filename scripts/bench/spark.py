"""``kg build --engine spark`` beside ``kg build``: time, work and memory for the same reports, and sizes.

Spark runs here, with as many workers as the build beside it, and all its processes count: Java, the Python
that reads, and the one that waits. The quads of both are compared, sorted, byte for byte.
"""

from __future__ import annotations

import ctypes
import gzip
import importlib.util
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import generate
from building import told, weight
from measuring import Ran, children, python, run
from sections import ROOT, Options, Table, UnavailableError, count, taken, written

WORKERS = 2
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux: whoever starts Java does not wait for it
_FOLDERS = ("quads", "reference", "texts", "documents", "parts")


def measure(options: Options) -> dict[str, Any]:
    """Return what a build on Spark takes and writes, and what the same build takes without."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        raise UnavailableError("PySpark or Java is missing: pip install 'govkg[spark]'")
    reports = options.folder / "reports"
    characters = generate.write(reports, options.reports, options.length, options.seed, options.corpus)
    here, there = options.folder / "here", options.folder / "there"
    figures: dict[str, Any] = {
        "reports": options.reports,
        "characters": characters,
        "bytes": weight(reports),
        "local": told(_run(reports, here, "--no-html", "--workers", str(WORKERS))),
        "spark": told(_run(reports, there, "--engine", "spark", "--master", f"local[{WORKERS}]")),
        "again": told(_run(reports, there, "--engine", "spark", "--master", f"local[{WORKERS}]")),
    }
    quads = _quads(there)
    if quads != sorted((here / "graph.nq").read_bytes().splitlines(keepends=True)):
        raise RuntimeError("Spark says other things than the build without it")
    figures["same"] = len(quads)
    figures["sizes"] = {name: weight(there / name) for name in _FOLDERS}
    figures["sizes"]["quads, gzip"] = sum(
        len(gzip.compress(path.read_bytes(), 6)) for path in (there / "quads").iterdir()
    )
    found = json.loads((there / "summary.json").read_text(encoding="utf-8"))
    figures["counts"] = {name: found[name] for name in ("parts", "quads", "triples", "observations")}
    notes = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((there / "parts").glob("*.json"))
    ]
    figures["counts"]["shared"] = sum(note["counts"]["shared"] for note in notes)
    for place in (here, there, reports):
        shutil.rmtree(place)
    return figures


def _quads(folder: Path) -> list[bytes]:
    lines: list[bytes] = []
    for name in ("quads", "reference"):
        for path in (folder / name).iterdir():
            lines += path.read_bytes().splitlines(keepends=True)
    return sorted(lines)


def _run(reports: Path, output: Path, *options: str) -> Ran:
    """Run a build, and wait for what it leaves behind, so that its work counts, too."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    before = children()
    ran = run(python("-m", "kg", "build", str(reports), "-o", str(output), "-q", *options), folder=ROOT)
    begun = time.perf_counter()
    while time.perf_counter() - begun < 30:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    return Ran(ran.wall, max(ran.work, children() - before), ran.memory, ran.output)


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return a table of the builds, and one of what Spark wrote."""
    reports, local = figures["reports"], figures["local"]
    names = {"local": "kg build", "spark": "on Spark", "again": "on Spark, nothing changed"}
    rows = [
        taken(name, ran, f"{ran['work'] / reports * 1000:.1f} ms", f"{ran['work'] / local['work']:.2f}")
        for key, name in names.items()
        for ran in (figures[key],)
    ]
    title = (
        f"{reports:,} reports, {count(figures['characters'])} characters, {WORKERS} workers; the same "
        f"{figures['same']:,} quads"
    )
    headings = ["", "on the clock", "work", "work a report", "× kg build", "memory at most"]
    made = ", ".join(f"{count(value)} {name}" for name, value in figures["counts"].items())
    return [
        Table(title, headings, rows, f"Made: {made}. kg build makes its store and graph.ttl as well."),
        written("what a build on Spark writes", figures),
    ]
