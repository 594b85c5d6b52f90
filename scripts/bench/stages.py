"""Where the time goes: read, understand (by room), assemble, describe, sketch.

The stages that a build calls one after the other are called and timed from here. Inside understanding, where
rooms call each other per sentence, a sampling profiler tells the shares: each millisecond of work it notes
the innermost room on the stack. Nothing in the package is changed for it. A compiled package has no such
stack; the rooms inside understanding are one then.
"""

from __future__ import annotations

import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import core
from measuring import rounded
from sections import Options, Table

import kg
from kg import ids, rules
from kg.graph import assembling
from kg.reading import read
from kg.running import documents, inputs
from kg.understanding import understand

ROOMS = ("segmenting", "recognising", "resolving", "relating", "understanding")
TICK = 0.001
PLACE = str(Path(kg.__file__).parent) + "/"


class Sampler:
    """Counts in which room the program is, a thousand times per second of work."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Note where the program is: the handler of a timer."""
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith(PLACE):
                room = name[len(PLACE) :].partition("/")[0]
                if room in ROOMS:
                    self.seen[room] += 1
                    return
            frame = frame.f_back

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count while the block runs."""
        before = signal.signal(signal.SIGPROF, self)
        signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


@core.as_in_builds()
def measure(options: Options) -> dict[str, Any]:
    """Return for each kind of text the microseconds per character of each stage."""
    other = replace(options, seed=options.seed + 1000)  # texts that no section before has read
    return {kind: _stages(rounds) for kind, rounds in core.material(other).items()}


def _stages(rounds: list[list[core.Text]]) -> dict[str, Any]:
    taken: dict[str, float] = defaultdict(float)
    loaded = rules.load()
    sampler = Sampler()
    characters = 0
    core.whole(rounds[0])
    for texts in rounds[1:]:
        for name, data, text in texts:
            characters += len(text)
            marks = [time.process_time()]
            document = read(data, name)
            marks.append(time.process_time())
            analysis = understand(document, loaded)
            marks.append(time.process_time())
            assembling.lines(analysis)
            marks.append(time.process_time())
            documents.describe(inputs.Source(name, Path(), data=data), ids.DEFAULT_BASE, analysis)
            marks.append(time.process_time())
            for stage, before, after in zip(
                ("read", "understand", "assemble", "describe and sketch"), marks, marks[1:], strict=False
            ):
                taken[stage] += after - before
    with sampler.watching():  # apart from the timing, which it would slow
        for texts in rounds:
            for name, data, _ in texts:
                understand(read(data, name), loaded)
    seen = {room: sampler.seen[room] for room in ROOMS if sampler.seen[room]}
    rows = {"read": taken["read"]}
    rows |= {room: taken["understand"] * part / sum(seen.values()) for room, part in seen.items()}
    if not seen:
        rows["understand"] = taken["understand"]
    rows |= {stage: taken[stage] for stage in ("assemble", "describe and sketch")}
    return {
        "characters": characters,
        "samples": sum(seen.values()),
        "µs/character": {stage: rounded(value / characters * 1e6) for stage, value in rows.items()},
    }


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return one table: a row per stage, two columns per kind of text."""
    kinds = list(figures)
    stages = list(dict.fromkeys(stage for told in figures.values() for stage in told["µs/character"]))
    rows = []
    for stage in stages:
        row = [stage]
        for kind in kinds:
            costs = figures[kind]["µs/character"]
            value = costs.get(stage, 0.0)
            row += [f"{value:.2f}", f"{value / sum(costs.values()):.0%}"]
        rows.append(row)
    totals = [f"{sum(figures[kind]['µs/character'].values()):.2f}" for kind in kinds]
    rows.append(["all", *(cell for total in totals for cell in (total, "100%"))])
    headings = ["stage", *(cell for kind in kinds for cell in (f"{kind}, µs/character", "share"))]
    return [Table("where the time goes", headings, rows)]
