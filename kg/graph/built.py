"""Reads what an output folder holds besides its store: the summary of the build, the texts of the reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.errors import StoreError

SUMMARY = "summary.json"
TEXTS = "texts"

_TOLD = frozenset({"base", "classes", "documents", "facts", "limits", "observations", "triples"})
"""What others read of a summary."""


def summary(folder: Path) -> dict[str, Any]:
    """Return the summary of an output folder.

    Raises:
        StoreError: the folder holds no graph, or one of another version.

    """
    try:
        found: dict[str, Any] = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder}: holds no graph; build one with kg build -o {folder}") from error
    if not isinstance(found, dict) or not found.keys() >= _TOLD:
        raise StoreError(f"{folder}: was built by another version; build it again with kg build -o {folder}")
    return found


def text(folder: Path, report: str) -> str:
    """Return the stored text of a report (by IRI), which offsets count in, as it was written.

    Raises:
        StoreError: the folder does not hold it.

    """
    name = report.rpartition("/")[2]
    path = folder / TEXTS / f"{name}.txt"
    if not name.isalnum():  # no name of a build's, and perhaps one that leads elsewhere
        raise StoreError(f"{report}: has no text in {folder / TEXTS}; build the graph again")
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or "is no UTF-8"
        raise StoreError(f"{path}: cannot be read, {problem}; build the graph again") from error
