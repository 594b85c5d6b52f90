"""Reads what a user has decided that names mean: a table that every build applies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import ids
from kg.errors import RuleError

FILE = "overrides.tsv"
"""Where a build looks for decisions if not told: this file of the output folder."""

EVERYWHERE = "*"
_COLUMNS = ("surface", "document", "meaning")


@dataclass(frozen=True, slots=True)
class Override:
    """One decision: what a name as written means in a document, or in all (``*``); who says so, and why."""

    surface: str
    document: str
    meaning: str
    who: str = ""
    why: str = ""

    def concerns(self, source: str) -> bool:
        """Say whether this is a decision on the document of this name, with or without its folders."""
        return self.document in (EVERYWHERE, source, source.rpartition("/")[2])


def load(path: Path, base: str) -> tuple[Override, ...]:
    """Return the decisions of a file, in its order.

    Raises:
        RuleError: the file cannot be read, or a row is wrong; the message names file and line.

    """
    from kg.rules import meanings, places, tables  # noqa: PLC0415 - not needed where nothing was decided

    if not path.is_file():
        raise RuleError(f"{path}: no such file; give the table of your decisions with --overrides")
    found: dict[tuple[str, str], Override] = {}
    try:
        for row in tables.read(path, _COLUMNS):
            cells = {name: cell.strip() for name, cell in row.cells.items()}
            meaning = _identity(cells["meaning"], base)
            problem = meanings.problem(meaning, places.load().gazetteer)
            if problem:
                raise row.error(problem)
            key = (cells["surface"], cells["document"])
            if key in found:
                raise row.error(f"{key[0]} in {key[1]} has been decided above")
            found[key] = Override(*key, meaning, cells.get("who", ""), cells.get("why", ""))
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    return tuple(found.values())


def _identity(meaning: str, base: str) -> str:
    """Return a meaning without the base of its IRI."""
    for start in (base, ids.DEFAULT_BASE):
        meaning = meaning.strip("<>").removeprefix(start)
    return meaning


def of(source: str, overrides: Iterable[Override]) -> dict[str, Override]:
    """Return the decisions on one document by name as written; its own go before those on all.

    >>> every, own = Override("昌江", "*", "469026"), Override("昌江", "a.txt", "360202")
    >>> [of(name, (own, every))["昌江"].meaning for name in ("a.txt", "b.txt")]
    ['360202', '469026']
    """
    rank = {EVERYWHERE: 0, source.rpartition("/")[2]: 1, source: 2}
    concerned = [item for item in overrides if item.concerns(source)]
    return {item.surface: item for item in sorted(concerned, key=lambda item: rank[item.document])}


def told(
    overrides: Iterable[Override], documents: Iterable[tuple[str, Sequence[str]]]
) -> list[dict[str, Any]]:
    """Return the decisions as the summary tells them: with how often each was applied.

    ``documents`` are the names of the documents, each with the names as written that were decided in it.
    """
    overrides = tuple(overrides)
    counts: Counter[Override] = Counter()
    for source, surfaces in documents:
        own = of(source, overrides)
        counts.update(own[surface] for surface in surfaces if surface in own)
    return [
        {
            "surface": item.surface,
            "document": item.document,
            "meaning": item.meaning,
            "who": item.who,
            "why": item.why,
            "applied": counts[item],
        }
        for item in overrides
    ]
