"""What it takes until the program can begin, each time in a new process."""

from __future__ import annotations

import re
import statistics
from typing import Any

from measuring import python, rounded, run
from sections import Options, Table, size

PREPARED = "from kg.running import documents; documents.prepare()"
MEMORY = "; print(open('/proc/self/status').read())"
STARTS = {
    "python alone": ("-c", "pass" + MEMORY),
    "kg --help": ("-m", "kg", "--help"),
    "the package and all rules": ("-c", PREPARED + MEMORY),
}


def measure(options: Options) -> dict[str, Any]:
    """Return seconds and memory of each start, the median of several."""
    found: dict[str, Any] = {}
    for name, command in STARTS.items():
        done = [run(python(*command), watch=False) for _ in range(options.rounds)]
        told = re.search(r"VmHWM:\s*(\d+) kB", done[-1].output)
        found[name] = {
            "wall": rounded(statistics.median(one.wall for one in done)),
            "work": rounded(statistics.median(one.work for one in done)),
            "memory": int(told[1]) * 1024 if told else 0,
        }
    return found


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return one table."""
    rows = [
        [name, f"{row['work']:.2f} s", f"{row['wall']:.2f} s", size(row["memory"]) if row["memory"] else ""]
        for name, row in figures.items()
    ]
    return [Table("start-up", ["", "work", "on the clock", "memory"], rows)]
