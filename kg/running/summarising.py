"""Writes the summary of a build, a document at a time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.graph import built
from kg.running import catalogue, counting, overrides, repeats
from kg.running.overrides import Override


def head(
    entries: catalogue.Catalogue,
    counts: counting.Counts,
    base: str,
    files: list[str],
    notes: list[str],
    decided: Sequence[Override] = (),
) -> dict[str, Any]:
    """Return what the summary tells of all documents together."""
    planned: Counter[str] = Counter()
    unsure = conflicts = documents = 0
    for row in entries.read():
        documents += 1
        planned.update(json.loads(row["planned"]))
        unsure += row["unsure"]
        conflicts += row["conflicts"]
    return {
        "base": base,
        "files": files,
        "limits": notes,
        "quads": counts.quads,
        "triples": counts.triples,
        "classes": dict(sorted(counts.classes.items())),
        "facts": dict(sorted(counts.facts.items())),
        "planned": dict(sorted(planned.items())),
        "observations": counts.classes["Observation"],
        "unsure": unsure,
        "conflicts": conflicts,
        "repeats": repeats.repeats(lambda: ((row["source"], row["sketch"]) for row in entries.read())),
        "overrides": overrides.told(decided, _decisions(entries)) if decided else [],
        "skipped": [{"source": row["source"], **row["skipped"]} for row in entries.skipped()],
        "read": documents,
    }


def _decisions(entries: catalogue.Catalogue) -> Iterator[tuple[str, list[str]]]:
    return ((row["source"], json.loads(row["decided"])) for row in entries.read())


def write(path: Path, told: dict[str, Any], entries: catalogue.Catalogue) -> None:
    """Write a summary: what it tells of all documents, then each of them on a line."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(json.dumps(told, ensure_ascii=False, indent=1).removesuffix("\n}"))
        stream.write(f",\n{built.DOCUMENTS}")
        end = "\n"
        for row in entries.read():
            stream.write(f"{end}  {row['row']}")
            end = ",\n"
        stream.write("\n ]\n}\n")
