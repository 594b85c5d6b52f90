"""Measure how many characters per second become N-Quads, beside word segmentation alone on the same text.

The sample corpus is read again and again in seeded variations (other numbers, sentences in another order), so
that nothing is answered from a cache. jieba and rjieba only cut the text into words; this program reads,
recognises, resolves, relates and writes. They take turns in one run, so that what else the machine does meets
all of them. Nothing is asserted: numbers depend on the machine, ratios much less.

    .venv/bin/python scripts/bench.py [--rounds 5] [--copies 4] [--folder corpus]
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kg import rules
from kg.errors import InputError
from kg.graph import assembling
from kg.reading import read
from kg.understanding import understand

ROOT = Path(__file__).resolve().parents[1]
DIGITS = re.compile(r"(?<![\d〔])\d{1,3}(?=[\u4e00-\u9fff])(?!年|月|日|号)")


def variation(text: str, chance: random.Random) -> str:
    """Return a text like ``text``: other small numbers, the sentences of each paragraph in another order."""
    lines = []
    for line in text.split("\n"):
        sentences = re.findall(r"[^。]+。?", line)
        if len(sentences) > 3:
            middle = sentences[1:-1]
            chance.shuffle(middle)
            sentences = [sentences[0], *middle, sentences[-1]]
        lines.append(DIGITS.sub(lambda _: str(chance.randint(2, 999)), "".join(sentences)))
    return "\n".join(lines)


def texts(folder: Path, copies: int) -> list[str]:
    """Return ``copies`` variations of each readable file of a folder."""
    originals = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            try:
                originals.append(read(path.read_bytes(), path.name).text)
            except InputError as error:
                print(f"left out: {error}", file=sys.stderr)
    chance = random.Random(20220101)
    return [variation(text, chance) for _ in range(copies) for text in originals]


def whole(text: str, number: int) -> int:
    """Read, understand and write one text; return the number of quads."""
    analysis = understand(read(text.encode(), f"{number}.txt"), rules.load())
    return len(assembling.lines(analysis))


def contestants() -> dict[str, Callable[[str, int], int]]:
    """Return what is measured, by name: this program, and the segmenters that are installed."""
    found: dict[str, Callable[[str, int], int]] = {"govkg": whole}
    if importlib.util.find_spec("jieba"):
        import jieba  # noqa: PLC0415 - optional

        jieba.setLogLevel("ERROR")
        own = jieba.Tokenizer()
        found["jieba.cut"] = lambda text, number: sum(1 for _ in own.cut(text))
    if importlib.util.find_spec("rjieba"):
        import rjieba  # noqa: PLC0415 - optional

        found["rjieba.cut"] = lambda text, number: len(rjieba.cut(text))
    return found


def start_up(code: str) -> float:
    """Return the seconds that a new process needs for ``code``, the median of three."""
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--folder", type=Path, default=ROOT / "corpus")
    given = parser.parse_args()
    material = texts(given.folder, given.copies)
    characters = sum(map(len, material))
    print(f"{len(material)} texts, {characters} characters, {given.rounds} rounds")

    speeds: dict[str, list[float]] = {}
    made: dict[str, int] = {}
    runners = contestants()
    for run in runners.values():
        run(material[0], 0)  # dictionaries and rules are loaded before the clock starts
    for _ in range(given.rounds):
        for name, run in runners.items():
            begun = time.perf_counter()
            made[name] = sum(run(text, number) for number, text in enumerate(material))
            speeds.setdefault(name, []).append(characters / (time.perf_counter() - begun))
    own = statistics.median(speeds["govkg"])
    print(f"\n{'':12}{'characters/s':>14}{'slowest':>12}{'fastest':>12}{'govkg is':>10}  makes")
    for name, seen in speeds.items():
        middle = statistics.median(seen)
        unit = "quads" if name == "govkg" else "words"
        row = f"{name:12}{middle:14,.0f}{min(seen):12,.0f}{max(seen):12,.0f}{own / middle:9.2f}x"
        print(f"{row}  {made[name]} {unit}")

    waits = {name: f"{start_up(code):.2f} s" for name, code in STARTS.items()}
    print("\nstart-up:", ", ".join(f"{name} {taken}" for name, taken in waits.items()))
    print(f"peak memory of a build of {given.folder.name}: {peak(given.folder)}")


STARTS = {
    "python": "pass",
    "kg --help": "from kg.cli import main; main(['--help'])",
    "rules": "from kg import rules; rules.load()",
}
BUILD = """
import sys, tempfile
from pathlib import Path
from kg.running import build, outputs
with tempfile.TemporaryDirectory() as place:
    build.build([Path(sys.argv[1])], Path(place), outputs.Settings(), workers=1)
"""


def peak(folder: Path) -> str:
    """Return the memory that a build of a folder needs in a process of its own, where the system tells it."""
    code = f"{BUILD}print(open('/proc/self/status').read())"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    found = re.search(r"VmHWM:\s*(\d+) kB", done.stdout)
    return f"{int(found[1]) / 1024:.0f} MB" if found else "not told by this system"


if __name__ == "__main__":
    main()
