"""Measure the stores beside each other: load a build, then ask each question of the package once.

    .venv/bin/python scripts/stores/measure.py output > measured.md

Each store starts from nothing, in a temporary folder, one after the other. A question's time is that of the
whole request over HTTP, or inside the Java machine for Jena. An answer must have the rows of Oxigraph's, or
the program says so and ends with 1. Needs what ``scripts/install_system.sh`` installs.
"""

from __future__ import annotations

import csv
import io
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from question import everything

HERE = Path(__file__).resolve().parent
JSON = "application/sparql-results+json"
SECONDS = 600  # for one question

Measured = tuple[float, dict[str, tuple[float, int]]]
"""The seconds of loading; for each question those of its answer, and its rows."""


def run(store: str, folder: Path, *arguments: str) -> str:
    """Run a command of a store's script and return what it prints."""
    command = [str(HERE / f"{store}.sh"), "-d", str(folder / store), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def seconds(store: str, folder: Path, *arguments: str) -> float:
    """Return how long a command of a store's script takes."""
    begun = time.perf_counter()
    run(store, folder, *arguments)
    return time.perf_counter() - begun


def free_port() -> str:
    """Return a port of which it and the next are free."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return str(port)


def asked(address: str, questions: dict[str, str]) -> dict[str, tuple[float, int]]:
    """Return for each question the seconds and the rows of its answer over HTTP."""
    found = {}
    with httpx.Client(trust_env=False, timeout=SECONDS) as client:
        for name, sparql in questions.items():
            begun = time.perf_counter()
            answer = client.post(address, data={"query": sparql}, headers={"Accept": JSON})
            took = time.perf_counter() - begun
            answer.raise_for_status()
            found[name] = (took, len(answer.json()["results"]["bindings"]))
    return found


def server(store: str, build: Path, folder: Path, questions: dict[str, str]) -> Measured:
    """Return the seconds that loading into a server takes, without its start, and what it answers."""
    if store == "oxigraph":
        loading = seconds(store, folder, "load", str(build / "graph.nq"))
    address = run(store, folder, "-p", free_port(), "start").strip()
    try:
        if store == "virtuoso":
            loading = seconds(store, folder, "load", str(build / "graph.nq"))
        return loading, asked(address, questions)
    finally:
        run(store, folder, "stop")


def jena(build: Path, folder: Path, questions: dict[str, str]) -> Measured:
    """Return the seconds that loading into TDB2 takes, and what it answers."""
    loading = seconds("jena", folder, "load", str(build / "graph.nq"))
    texts = folder / "questions"
    texts.mkdir()
    for name, sparql in questions.items():
        (texts / f"{name}.rq").write_text(sparql, encoding="utf-8")
    said = run("jena", folder, "questions", str(folder / "answers"), *map(str, sorted(texts.iterdir())))
    took = {row["question"]: float(row["seconds"]) for row in csv.DictReader(io.StringIO(said))}
    return loading, {name: (took[name], rows(folder / "answers" / f"{name}.json")) for name in questions}


def rows(path: Path) -> int:
    """Return how many rows an answer has."""
    return len(json.loads(path.read_text(encoding="utf-8"))["results"]["bindings"])


def main() -> None:
    """Print a table of the stores for a build's folder."""
    build = Path(sys.argv[1])
    questions = everything()
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found["Oxigraph"] = server("oxigraph", build, folder, questions)
        found["Virtuoso"] = server("virtuoso", build, folder, questions)
        found["Jena"] = jena(build, folder, questions)
    head = (
        "store",
        "load, s",
        "ratio",
        f"{len(questions)} questions, s",
        "ratio",
        "median, ms",
        "slowest, s",
    )
    print("| " + " | ".join(head) + " |\n| --- " + "| ---: " * 5 + "| --- |")
    loading, first = found["Oxigraph"]
    total = sum(took for took, _ in first.values())
    for store, (load, answers) in found.items():
        took = [seconds for seconds, _ in answers.values()]
        slowest = max(answers, key=lambda question: answers[question][0])
        cells = (
            store, f"{load:.1f}", f"{load / loading:.1f}", f"{sum(took):.1f}", f"{sum(took) / total:.1f}",
            f"{statistics.median(took) * 1000:.0f}", f"{max(took):.1f} ({slowest})",
        )  # fmt: skip
        print("| " + " | ".join(cells) + " |")
    wrong = [
        f"{store}: {question} has {rows} rows, {first[question][1]} in Oxigraph"
        for store, (_, answers) in found.items()
        for question, (_, rows) in answers.items()
        if rows != first[question][1]
    ]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
