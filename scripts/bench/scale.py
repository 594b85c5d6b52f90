"""A build of very many reports, as where there is no room for a store: two workers, ``--no-store``.

The graph is to be loaded elsewhere. Nothing is compared: one such build takes most of an hour.
"""

from __future__ import annotations

import json
import shutil
from typing import Any

import building
import generate
from measuring import python, run
from sections import ROOT, Options, Table, count, size, taken


def measure(options: Options) -> dict[str, Any]:
    """Return what a large build takes, from nothing, with nothing changed and with ten reports changed."""
    reports, output = options.folder / "reports", options.folder / "output"
    characters = generate.write(reports, options.reports, options.length, options.seed, options.corpus)
    figures: dict[str, Any] = {"reports": options.reports, "characters": characters}
    figures["bytes"] = building.weight(reports)

    def build() -> dict[str, float]:
        command = ("-m", "kg", "build", str(reports), "-o", str(output), "--workers", "2", "--no-store", "-q")
        return building.told(run(python(*command), folder=ROOT))

    figures["from nothing"] = build()
    figures["nothing changed"] = build()
    generate.change(reports, building.CHANGED, options.seed + 1)
    figures["ten changed"] = build()
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    figures["counts"] = building.counts(summary)
    names = sorted(path.name for path in output.iterdir())
    figures["sizes"] = {name: building.weight(output / name) for name in names}
    shutil.rmtree(output)
    shutil.rmtree(reports)
    return figures


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return a table of the builds."""
    full = figures["from nothing"]
    rows = [
        taken(name, ran, count(figures["reports"] / ran["wall"]), *building.shares(ran, full))
        for name in ("from nothing", "nothing changed", "ten changed")
        for ran in (figures[name],)
    ]
    made = ", ".join(f"{count(value)} {name}" for name, value in figures["counts"].items() if value)
    sizes = {name: value for name, value in figures["sizes"].items() if value > building.LEAST}
    large = ", ".join(f"{name} {size(value)}" for name, value in sizes.items())
    many = f"{figures['reports']:,} reports, {count(figures['characters'])} characters"
    return [
        Table(f"{many}, two workers, no store", building.HEADINGS, rows, f"Made: {made}. Written: {large}.")
    ]
