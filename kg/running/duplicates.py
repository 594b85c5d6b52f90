"""Finds files of the same bytes that were read as different texts: one report cannot have two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.running import cache, documents


def conflicting(alike: Sequence[tuple[str, cache.Row]]) -> Iterator[tuple[str, cache.Row]]:
    """Yield those of the files of the same bytes that were read as another text than the first: as skipped.

    One report cannot have two texts. This takes the same bytes under two file types (``a.html`` and
    ``a.txt``), or one of them in a list that says something of it; that one is kept, else the first name.
    """
    (_, first), *others = sorted(alike, key=_listed_first)
    for key, row in others:
        if _listed(first) != _listed(row):
            problem = f"holds the same bytes as {first['source']}, of which a list says other things"
            advice = "keep one of the two, or correct the list"
        elif first["text sha256"] != row["text sha256"]:
            problem = f"holds the same bytes as {first['source']}, which is read as another type"
            advice = "keep one of the two"
        else:
            continue
        yield key, documents.skipped(row["source"], row["sha256"], "duplicate", problem, advice)


def _listed(row: cache.Row) -> dict[str, str]:
    """Return what a list says of a document; a page may well stand at two addresses."""
    return {name: value for name, value in row.get("listed", {}).items() if name != "url"}


def _listed_first(item: tuple[str, cache.Row]) -> tuple[bool, str]:
    return not _listed(item[1]), str(item[1]["source"])
