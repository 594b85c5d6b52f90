"""Finds what a few documents change in a graph: lines that only they stated, and those they state now."""

from __future__ import annotations

from array import array

from kg.running import cache, catalogue

_SHARED = b"/reference> ."


def changed_lines(entries: catalogue.Catalogue) -> tuple[set[bytes], set[bytes]]:
    """Return the lines that no document states any more, and those of the documents that came.

    Lines of reference data leave the graph with the last document that uses them; the lines of a report with
    the last file that holds its bytes.
    """
    new: set[bytes] = set()
    for name in entries.came():
        new |= _lines(entries, name)
    gone: set[bytes] = set()
    for name in entries.went():
        gone |= _lines(entries, name)
        for other in entries.sharing(name):
            gone -= _lines(entries, other)
    gone -= new
    shared = [line for line in gone if line.endswith(_SHARED)]
    return gone - _still_used(entries, shared), new


def _still_used(entries: catalogue.Catalogue, shared: list[bytes]) -> set[bytes]:
    """Return those of lines of reference data that a document of the next output states."""
    by_digest = {array("Q", cache.reference_digest(line))[0]: line for line in shared}
    used: set[bytes] = set()
    for digests in entries.digests():
        if not by_digest:
            break
        for digest in by_digest.keys() & array("Q", digests):
            used.add(by_digest.pop(digest))
    return used


def _lines(entries: catalogue.Catalogue, name: str) -> set[bytes]:
    return set(entries.lines_of(name).split(b"\n")[:-1])
