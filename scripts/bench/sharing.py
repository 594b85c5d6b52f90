"""What a second worker is worth: the same build by one and by two, in turns, without the store.

The store is left out because filling it keeps a second core busy whatever the number of workers: beside it,
one worker is hardly slower than two. How builds with it compare is told by the section on builds. Memory is
looked at in the first round only: looking takes some of a processor that one worker leaves free and two do
not, so that the ratios of the other rounds are nearer the truth.
"""

from __future__ import annotations

import shutil
from typing import Any

import building
import generate
from measuring import python, run
from sections import ROOT, Options, Table, count, taken

ROUNDS = 3


def measure(options: Options) -> dict[str, Any]:
    """Return what builds by one and by two workers take, in each round."""
    reports = options.folder / "reports"
    characters = generate.write(reports, options.reports, options.length, options.seed, options.corpus)
    figures: dict[str, Any] = {"reports": options.reports, "characters": characters, "1": [], "2": []}
    for round_ in range(ROUNDS):
        for workers in ("1", "2") if round_ % 2 == 0 else ("2", "1"):
            output = options.folder / "output"
            command = ("-m", "kg", "build", str(reports), "-o", str(output), "--workers", workers)
            ran = run(python(*command, "--no-store", "-q"), watch=round_ == 0, folder=ROOT)
            figures[workers].append(building.told(ran))
            shutil.rmtree(output)
    shutil.rmtree(reports)
    return figures


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return a table of the builds: a row for each number of workers and round."""
    rows = []
    for round_, (one, two) in enumerate(zip(figures["1"], figures["2"], strict=True), 1):
        for name, ran in ((f"1 worker, round {round_}", one), (f"2 workers, round {round_}", two)):
            rate = count(figures["reports"] / ran["wall"])
            rows.append(taken(name, ran, rate, f"{one['wall'] / ran['wall']:.2f}"))
    title = f"builds of {figures['reports']:,} reports, {count(figures['characters'])} characters, no store"
    headings = ["kg build", "on the clock", "work", "reports/s", "× one worker", "memory at most"]
    return [Table(title, headings, rows)]
