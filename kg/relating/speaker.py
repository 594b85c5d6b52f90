"""Who acts where a clause names nobody: the speaker, and how facts are collected."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Fact, Span


@dataclass(frozen=True, slots=True)
class Speaker:
    """The default actors of a document: ids, none where unknown.

    ``actors`` are the people's government or the place, or the issuing bodies of a document that is not a
    place's report; ``institutions`` are the same as bodies, for relations between bodies. ``demands`` is true
    for a norm: there only those act who are named, and what they do is planned.
    """

    actors: tuple[str, ...]
    institutions: tuple[str, ...]
    jurisdiction: str
    places: frozenset[str]
    demands: bool = False

    def of(self, subjects: tuple[str, ...]) -> tuple[str, ...]:
        """Return the actors of a clause: its own, the home standing for its government, or the default."""
        found: list[str] = []
        for subject in subjects:
            found += self.actors if subject == self.jurisdiction else (subject,)
        return tuple(dict.fromkeys(found)) or self._default(self.actors)

    def bodies(self, subjects: tuple[str, ...]) -> tuple[str, ...]:
        """Return the actors that are bodies, the government where the clause names none."""
        found: list[str] = []
        for subject in subjects:
            if subject == self.jurisdiction:
                found += self.institutions
            elif subject not in self.places:
                found.append(subject)
        return tuple(dict.fromkeys(found)) or self._default(self.institutions)

    def _default(self, actors: tuple[str, ...]) -> tuple[str, ...]:
        return () if self.demands else actors


@dataclass(slots=True)
class Ledger:
    """The facts of one document: one per subject, predicate and object, with every passage that states it."""

    facts: dict[tuple[str, str, str], Fact] = field(default_factory=dict)

    def add(self, subject: str, predicate: str, obj: str, passage: Span, rule: str, *, planned: bool) -> None:
        """Add a statement; a fact stated as done once is not a plan."""
        if not subject or not obj or subject == obj:
            return
        key = (subject, predicate, obj)
        known = self.facts.get(key)
        if known is None:
            self.facts[key] = Fact(subject, predicate, obj, (passage,), rule, planned)
            return
        if known.planned and not planned:
            self.facts[key] = Fact(subject, predicate, obj, (passage,), rule, planned=False)
        elif known.planned == planned and passage not in known.passages:
            self.facts[key] = Fact(subject, predicate, obj, (*known.passages, passage), known.rule, planned)
