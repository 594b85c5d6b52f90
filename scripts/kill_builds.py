"""Kill a build at random moments, and see that nothing is lost.

    .venv/bin/python scripts/kill_builds.py [--kills 200] [--documents 200]

The documents begin as those of the sample corpus do, with other years and numbers, and half of them are new
since the build that stands. After each kill the output is read: graph, summary and store have to be whole, of
the old build or of the new one. In the end a build left alone has to give the bytes of one from nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pyoxigraph

import kg

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = str(Path(sys.executable).with_name("kg"))
WHOLE = ("graph.nq", "graph.ttl", "summary.json", "graph.html", "index.html", "dataset.ttl")
MODELS = ("三都水族自治县2022年法治政府建设报告.txt", "景德镇市2022年法治政府建设情况报告.txt")
LENGTH = (
    500  # characters: short documents, so that more of the time is spent on writing what they say together
)
APART = ("store", ".lock", "documents")


def write(folder: Path, numbers: range) -> None:
    """Write a document for each number: one of the corpus in another year, with other numbers."""
    models = [(ROOT / "corpus" / name).read_text(encoding="utf-8")[:LENGTH] for name in MODELS]
    for number in numbers:
        chance = random.Random(number)
        text = models[number % len(models)].replace("2022", str(2000 + number % 24))
        text = re.sub(r"(?<=\d)\d(?=[件人场次])", lambda _: str(chance.randrange(10)), text)  # noqa: B023
        (folder / f"{number:04}.txt").write_text(text, encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file of an output folder but the store's, whose files hold times."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in APART
    }


def entries(folder: Path) -> list[tuple[object, ...]]:
    """Return what a catalogue holds of the documents in the output, whatever the order on the disk."""
    with contextlib.closing(sqlite3.connect(folder / "documents" / "catalogue.sqlite")) as base:
        if base.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            sys.exit(f"{folder}: the catalogue is damaged")
        return base.execute(
            "SELECT entry.*, content.* FROM entry JOIN content USING (key)"
            " WHERE key IN (SELECT key FROM published) ORDER BY key"
        ).fetchall()


def build(source: Path, out: Path) -> None:
    """Build and wait."""
    subprocess.run([PROGRAM, "build", str(source), "-o", str(out), "-q"], check=True)


def check(out: Path, counts: set[int]) -> None:
    """See that an output is whole."""
    for name in WHOLE:
        if not (out / name).stat().st_size:
            sys.exit(f"{name}: is empty")
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    quads = sum(1 for _ in pyoxigraph.parse(path=out / "graph.nq"))
    if len(summary["documents"]) not in counts or not quads or not len(kg.open_graph(out)):
        sys.exit(f"{out}: holds neither the old build nor the new one")


def main() -> None:
    """Kill, look, and build to the end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=200)
    given = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as work:
        source, out = Path(work) / "in", Path(work) / "out"
        source.mkdir()
        write(source, range(given.documents // 2))
        build(source, out)
        write(source, range(given.documents))
        killed = finished = 0
        longest = 4.0
        while killed < given.kills:
            # A file more or less, so that there is always something to do.
            extra = source / "extra.txt"
            if extra.exists():
                extra.unlink()
            else:
                extra.write_text(f"青川县2022年报告{killed}\n我县开展普法。\n", encoding="utf-8")
            child = subprocess.Popen([PROGRAM, "build", str(source), "-o", str(out), "-q"])
            try:
                child.wait(timeout=chance.uniform(0.05, longest))
                finished += 1
                longest = max(1.0, longest * 0.9)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                killed += 1
                longest = min(20.0, longest * 1.1)
            check(out, {given.documents // 2, given.documents, given.documents + 1})
        for path in source.glob("extra.txt"):
            path.unlink()
        build(source, out)
        fresh = Path(work) / "fresh"
        build(source, fresh)
        here, there = digests(out), digests(fresh)
        other = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
        if other:
            sys.exit(f"the last build does not give the bytes of one from nothing: {', '.join(other[:9])}")
        if entries(out) != entries(fresh):
            sys.exit("the last build keeps other things of documents than one from nothing")
        print(f"{killed} kills and {finished} builds that were done before; nothing lost, the same bytes")


if __name__ == "__main__":
    main()
