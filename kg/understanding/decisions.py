"""Applies what a user has decided that names of a document mean."""

from __future__ import annotations

from collections.abc import Mapping

from kg.model import Decided, Kind
from kg.recognising.institutions import BodyHit
from kg.recognising.places import PlaceHit
from kg.recognising.surroundings import Surroundings
from kg.resolving.decided import entity_of
from kg.resolving.entities import Resolver
from kg.rules.matching import leftmost_longest
from kg.rules.meanings import NOTHING, code_of


class Decisions:
    """The decided meanings of one document's names, and where they were applied."""

    def __init__(self, meanings: Mapping[str, str], resolver: Resolver) -> None:
        self.meanings = meanings
        self.resolver = resolver
        self._applied: set[Decided] = set()
        self._used: set[str] = set()

    def __contains__(self, surface: str) -> bool:
        return surface in self.meanings

    def places(
        self, hits: list[PlaceHit], text: str, start: int, end: int, around: Surroundings
    ) -> list[PlaceHit]:
        """Return the places of ``text[start:end]`` as decided, with the names that several places share."""
        if not self.meanings:
            return hits
        made = [self._decided(hit, text) for hit in hits]
        for first, last, word in leftmost_longest(
            around.find(text[start:end], self.resolver.rules.watch.scan(text[start:end]))[1]
        ):
            meaning = self.meanings.get(word, NOTHING)
            code = code_of(meaning)
            # A body behind another kind of meaning (a zone's bureau) stays unsure until it is decided itself.
            hit = PlaceHit(start + first, start + last, f"code:{code}" if code else f"decided:{meaning}")
            if meaning != NOTHING and all(hit.end <= other.start or other.end <= hit.start for other in made):
                made.append(hit)
        return sorted(made, key=lambda hit: (hit.start, -hit.end))

    def _decided(self, hit: PlaceHit, text: str) -> PlaceHit:
        code = code_of(self.meanings.get(text[hit.start : hit.end], ""))
        return hit._replace(reference=f"code:{code}") if code else hit

    def place(self, surface: str) -> str:
        """Return the entity that a decided name of a place means, "" for nothing."""
        meaning = self.meanings[surface]
        return "" if meaning == NOTHING else entity_of(self.resolver, meaning)

    def body(self, hit: BodyHit, surface: str) -> str:
        """Return the entity that a decided name of a body means, "" for nothing.

        A division's code says whose body it is.
        """
        self._used.add(surface)
        meaning = self.meanings[surface]
        if meaning == NOTHING:
            return ""
        code = code_of(meaning)
        if not code:
            return entity_of(self.resolver, meaning, hit.type)
        if hit.reference == "named":
            return self.resolver.division(code)
        return self.resolver.institution(f"code:{code}", hit.body, listed=hit.listed, kind=hit.type)

    def kind(self, entity: str) -> Kind:
        """Return what a decided entity is."""
        return self.resolver.entities[entity].kind

    def note(self, surface: str, start: int, end: int) -> None:
        """Remember that a decision was applied at a place of the document's text."""
        self._applied.add(Decided(surface, start, end, self.meanings[surface]))

    def applied(self, text: str) -> tuple[Decided, ...]:
        """Return all that was applied, in text order; what metadata name counts where it first stands."""
        seen = {item.surface for item in self._applied}
        for surface in self._used - seen:
            start = text.find(surface)
            if start >= 0:
                self.note(surface, start, start + len(surface))
        return tuple(sorted(self._applied, key=lambda item: (item.start, item.end, item.surface)))
