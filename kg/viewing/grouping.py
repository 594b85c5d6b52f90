"""Says which documents belong together, so that neighbours on the map are neighbours in a picture of many."""

from __future__ import annotations

from dataclasses import dataclass

from kg.graph.selection import GraphView


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one part of the country: ``place`` is its IRI, "" for documents that name no place."""

    place: str
    documents: tuple[str, ...]


def groups(view: GraphView) -> tuple[Group, ...]:
    """Return the documents by the largest part of the country in which not all of them are.

    Groups and their documents come in the order of the places' identities (those of the division codes: from
    north to south), the years of a place one after the other, what is about no place at the end.
    """
    about = {edge.source: edge.target for edge in view.edges if edge.predicate == "reportsOn"}
    above = {edge.source: edge.target for edge in view.edges if edge.predicate == "within"}
    paths = {document.iri: _path(about.get(document.iri, ""), above) for document in view.documents}
    common, longest = 0, max(map(len, paths.values()), default=0)
    while common < longest and len({path[: common + 1] for path in paths.values() if path}) == 1:
        common += 1
    found: dict[str, list[str]] = {}
    for document in sorted(
        view.documents, key=lambda each: (not paths[each.iri], paths[each.iri], each.year, each.iri)
    ):
        path = paths[document.iri]
        # What is about all of it, as a report of the whole province, is a group of its own.
        own = "" if not path else path[min(common, len(path) - 1)]
        found.setdefault(own, []).append(document.iri)
    return tuple(Group(place, tuple(documents)) for place, documents in found.items())


def _path(place: str, above: dict[str, str]) -> tuple[str, ...]:
    """Return the places that a place lies in, the largest first, and itself."""
    path: list[str] = []
    while place and place not in path:
        path.append(place)
        place = above.get(place, "")
    return tuple(reversed(path))
