"""What a character costs in documents of very different length: it should be the same."""

from __future__ import annotations

import time
from typing import Any

from core import Text, as_in_builds, whole
from generate import Generator
from measuring import rounded
from sections import Options, Table, count

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
"""Bytes of a document."""

LEAST = 300_000
"""Bytes that are read of each size, in several documents where one has fewer."""

WARM = 20  # reports that are read before, so that nothing is made for the first time


@as_in_builds()
def measure(options: Options) -> dict[str, Any]:
    """Return for each size the microseconds of work for a character."""
    maker = Generator(options.corpus, seed=options.seed)
    found: dict[str, Any] = {}
    for wanted in SIZES:
        if wanted > options.largest * 1_000_000:
            break
        texts: list[Text] = []
        least = max(min(LEAST, options.largest * 1e6), wanted) * 0.9
        while sum(len(data) for _, data, _ in texts) < least:
            text = maker.long(len(texts), wanted)
            texts.append((f"{len(texts)}.txt", text.encode(), text))
        if wanted == SIZES[0]:
            whole([(name, text.encode(), text) for name, text in map(maker.report, range(WARM))])
        used = time.process_time()
        made = whole(texts)
        taken = time.process_time() - used
        characters = sum(len(text) for *_, text in texts)
        found[str(wanted)] = {
            "documents": len(texts),
            "characters": characters,
            "µs/character": rounded(taken / characters * 1e6),
            "quads/character": rounded(made["quads"] / characters),
        }
    return found


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return one table."""
    first = next(iter(figures.values()), None)
    rows = [
        [
            f"{int(name) // 1000:,} KB",
            str(row["documents"]),
            count(row["characters"]),
            f"{row['µs/character']:.1f}",
            f"{row['µs/character'] / first['µs/character']:.2f}" if first else "",
            f"{row['quads/character']:.2f}",
        ]
        for name, row in figures.items()
    ]
    headings = [
        "length",
        "documents",
        "characters",
        "µs for a character",
        "× the first",
        "quads for a character",
    ]
    return [Table("documents of any length", headings, rows)]
