"""Reads what an output folder holds besides its store: the build's summary, the texts and who they name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.errors import StoreError

SUMMARY = "summary.json"
TEXTS = "texts"
MENTIONS = "mentions"

Mention = tuple[int, int, str]
"""Where a report names something: start and end in its stored text, the thing's IRI without the base."""

Reading = Callable[[str], tuple[str, list[Mention]]]
"""Gives the text and the mentions of a report (by IRI)."""

DOCUMENTS = ' "documents": ['
"""The line of a summary after which it tells of the documents, one after the other."""

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


def head(folder: Path) -> dict[str, Any]:
    """Return what the summary of an output folder tells of all documents together, without each of them.

    Raises:
        StoreError: as :func:`summary`.

    """
    lines = []
    try:
        with (folder / SUMMARY).open(encoding="utf-8") as stream:
            for line in stream:
                if line.startswith(DOCUMENTS):
                    break
                lines.append(line)
        found: dict[str, Any] = json.loads("".join(lines).rstrip().removesuffix(",") + "}")
    except (OSError, ValueError):
        return summary(folder)
    if not found.keys() >= _TOLD - {"documents"}:
        return summary(folder)
    return found


def reading(folder: Path) -> Reading:
    """Return what gives the text and the mentions of a report (by IRI) of an output folder."""
    return lambda report: (text(folder, report), mentions(folder, report))


def text(folder: Path, report: str) -> str:
    """Return the stored text of a report (by IRI), which offsets count in, as it was written.

    Raises:
        StoreError: the folder does not hold it.

    """
    return _beside(folder / TEXTS, report, "txt")


def mentions(folder: Path, report: str) -> list[Mention]:
    """Return where a report (by IRI) names what: start and end in its stored text, path of the thing's IRI.

    They are in the order of the text; one may lie within another (a place within the name of a body).

    Raises:
        StoreError: the folder does not hold them.

    """
    try:
        return parsed(_beside(folder / MENTIONS, report, "tsv"))
    except ValueError as error:
        problem = f"what {report} names is damaged"
        raise StoreError(f"{folder / MENTIONS}: {problem}; build the graph again") from error


def parsed(table: str) -> list[Mention]:
    """Return the mentions in a table of start, end and thing, a line each.

    Raises:
        ValueError: a line is none.

    """
    rows = (line.split("\t") for line in table.splitlines())
    return [(int(start), int(end), thing) for start, end, thing in rows]


def _beside(folder: Path, report: str, ending: str) -> str:
    name = report.rpartition("/")[2]
    path = folder / f"{name}.{ending}"
    if not name.isalnum():  # no name of a build's, and perhaps one that leads elsewhere
        raise StoreError(f"{report}: has no text in {folder}; build the graph again")
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or "is no UTF-8"
        raise StoreError(f"{path}: cannot be read, {problem}; build the graph again") from error
