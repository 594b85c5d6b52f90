"""Who acts where a clause names nobody: the speaker, and how facts are collected."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Fact, Span


@dataclass(frozen=True, slots=True)
class Speaker:
    """The default actors of a document: ids, "" where unknown.

    ``actor`` is the people's government (or the issuing body of a document that is not a place's report);
    ``body`` the same as an institution, for relations between bodies.
    """

    actor: str
    body: str
    jurisdiction: str
    places: frozenset[str]

    def of(self, subjects: tuple[str, ...]) -> tuple[str, ...]:
        """Return the actors of a clause: its own, with the home place standing for its government, or the default."""
        found = tuple(
            dict.fromkeys(self.actor if subject == self.jurisdiction else subject for subject in subjects)
        )
        return found or ((self.actor,) if self.actor else ())

    def bodies(self, subjects: tuple[str, ...]) -> tuple[str, ...]:
        """Return the actors that are bodies, the government where the clause names none."""
        found = tuple(
            dict.fromkeys(
                self.body if subject == self.jurisdiction else subject
                for subject in subjects
                if subject == self.jurisdiction or subject not in self.places
            )
        )
        return found or ((self.body,) if self.body else ())


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
