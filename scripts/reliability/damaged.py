"""Measures what damaged texts still tell: facts and numbers of the sample corpus, after each kind of harm."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from helpers.harms import DOUBTFUL, HARMS  # noqa: E402

from kg import reading, rules  # noqa: E402
from kg.understanding import understand  # noqa: E402

Told = tuple[set[tuple[object, ...]], set[tuple[object, ...]]]
"""The facts and the numbers of all documents."""


def table() -> str:
    """Return, for each harm, how much of what the sound texts tell is told then, as a table in Markdown."""
    rows = [
        "| harm | facts: unmended | mended | numbers: unmended | mended | told besides: unmended | mended |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    files = sorted((ROOT / "corpus").iterdir())
    texts = [reading.read(path.read_bytes(), path.name).text for path in files]
    sound = told(texts)
    for name, harm in (HARMS | DOUBTFUL).items():
        damaged = list(map(harm, texts))
        with unmended():
            before = told(damaged)
        after = told(damaged)
        rows.append(f"| {name} | {' | '.join(shares(sound, before, after))} |")
        print(rows[-1], file=sys.stderr)
    facts, numbers = map(len, sound)
    return "\n".join([*rows, "", f"{len(texts)} documents with {facts:,} facts and {numbers:,} numbers."])


@contextmanager
def unmended() -> Iterator[None]:
    """Have texts read as they are written, while the block runs."""
    with mock.patch.object(reading, "mend", lambda text, ends, begins: (text, None)):
        yield


def told(texts: Sequence[str]) -> Told:
    """Return what texts tell: facts and numbers, without where they stand."""
    facts: set[tuple[object, ...]] = set()
    numbers: set[tuple[object, ...]] = set()
    for at, text in enumerate(texts):
        said = understand(reading.read(text.encode(), "报告.txt"), rules.load())
        own = said.report.id  # follows from the bytes
        for fact in said.facts:
            things = fact.subject.replace(own, ""), fact.object.replace(own, "")
            facts.add((at, *things, fact.predicate, fact.planned))
        for seen in said.observations:
            numbers.add((at, seen.of.replace(own, ""), seen.indicator, seen.value, seen.unit))
    return facts, numbers


def shares(sound: Told, *found: Told) -> Iterator[str]:
    """Yield how many of the facts were found, how many of the numbers, and how much that is not so."""
    for which in (0, 1):
        for each in found:
            yield share(len(sound[which] & each[which]), len(sound[which]))
    for each in found:
        yield share(sum(len(each[which] - sound[which]) for which in (0, 1)), sum(map(len, sound)))


def share(part: int, whole: int) -> str:
    """Return a share in per cent; nothing but all is 100, and nothing but nothing 0."""
    if part in (0, whole):
        return f"{100 * part // whole} %"
    percent = max(100 * part / whole, 0.1)
    return f"{min(percent, 99.9) if part < whole else percent:.1f} %"
