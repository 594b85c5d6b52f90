"""What the sections of the benchmark share: what is asked for, what a table is, and which sections there are.

A section is a module of this folder, named in ``NAMES``, with two functions::

    def measure(options: Options) -> dict[str, Any]: ...    # figures, plain JSON: numbers, texts, lists
    def tables(figures: dict[str, Any]) -> list[Table]: ... # how to show them, from the figures alone

``tables`` sees nothing but the figures, so that a page can be made again from the history. A section that
cannot run here raises :class:`UnavailableError` with the reason.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("core", "stages", "startup", "linear", "build", "workers", "scale", "store", "spark")
MODULES = {"build": "building", "workers": "sharing"}
"""Sections whose module is called otherwise than they are."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for; ``folder`` is an empty place to work in, which is removed afterwards."""

    folder: Path
    reports: int = 500
    length: int = 1800
    long: int = 7000
    rounds: int = 5
    characters: int = 40_000
    largest: float = 10.0
    seed: int = 1
    triples: int = 1_000_000
    corpus: Path = field(default=ROOT / "corpus")


@dataclass(frozen=True, slots=True)
class Table:
    """Figures to show: what they are, the headings, the rows, and a remark below."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    remark: str = ""

    def text(self) -> str:
        """Return the table for a terminal: numbers to the right."""
        widths = [
            max(len(row[at]) for row in (self.headings, *self.rows)) for at in range(len(self.headings))
        ]
        lines = [self.title]
        for row in (self.headings, *self.rows):
            cells = [row[0].ljust(widths[0])]
            cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
            lines.append("  ".join(cells).rstrip())
        return "\n".join([*lines, *([self.remark] if self.remark else [])])

    def markdown(self) -> str:
        """Return the table for a page."""
        rows = [self.headings, ["---", *["---:"] * (len(self.headings) - 1)], *self.rows]
        lines = [f"**{self.title}**", "", *(f"| {' | '.join(row)} |" for row in rows)]
        return "\n".join([*lines, *(["", self.remark] if self.remark else [])])


class UnavailableError(Exception):
    """A section that cannot run here; the message says why."""


def module(name: str) -> ModuleType | None:
    """Return the module of a section, None where there is none yet."""
    wanted = MODULES.get(name, name)
    if not (Path(__file__).parent / f"{wanted}.py").exists():
        return None
    return importlib.import_module(wanted)


def count(value: float) -> str:
    """Return a number with separators, or with three figures where it is small.

    >>> count(1234567.8), count(12.34), count(0.1234)
    ('1,234,568', '12.3', '0.123')
    """
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def size(value: float) -> str:
    """Return a number of bytes in megabytes.

    >>> size(1_234_567), size(123_456_789)
    ('1.2 MB', '123 MB')
    """
    megabytes = value / 1e6
    return f"{megabytes:.0f} MB" if megabytes >= 100 else f"{megabytes:.1f} MB"


def taken(name: str, ran: dict[str, Any], *more: str) -> list[str]:
    """Return the row of a command: its name, the time on the clock, its work, what else there is, the memory.

    >>> taken("kg build", {"wall": 12.34, "work": 20.0, "memory": 0}, "1.00")
    ['kg build', '12.3 s', '20.0 s', '1.00', '']
    """
    memory = size(ran["memory"]) if ran["memory"] else ""
    return [name, f"{ran['wall']:,.1f} s", f"{ran['work']:,.1f} s", *more, memory]


def written(title: str, figures: dict[str, Any]) -> Table:
    """Return the table of what a build wrote: ``sizes`` in bytes, beside the ``bytes`` of its ``reports``."""
    rows = [
        [name, size(value), count(value / figures["reports"]), f"{value / figures['bytes']:.1f}"]
        for name, value in figures["sizes"].items()
    ]
    return Table(title, ["", "size", "bytes a report", "× the input"], rows)
