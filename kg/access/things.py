"""The plain objects that a graph is read as: entities, facts, numbers, documents, and the words behind them.

All are frozen; two are equal where they say the same. What costs a look into the graph or a text is a method
or is read when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from kg.access import notebook
from kg.graph.tables import plain, shorten

_QUOTED = 40
"""How many columns of a sentence a representation shows."""

_AROUND = 400
"""How many characters a notebook shows of a paragraph before and behind a sentence, at most."""


class Source(Protocol):
    """Where objects look up what they lead to: the graph that they were read from."""

    def facts(
        self,
        subject: Entity | str | None = None,
        predicate: str | tuple[str, ...] | None = None,
        object: Entity | str | None = None,  # noqa: A002 - as in RDF
        *,
        planned: bool | None = None,
        document: Document | str | None = None,
    ) -> Iterator[Fact]:
        """Yield facts."""

    def observations(
        self, of: Entity | str | None = None, *, document: Document | str | None = None
    ) -> Iterator[Observation]:
        """Yield numbers."""

    def documents(self, *, mentioning: Entity | str | None = None) -> Iterator[Document]:
        """Yield reports."""

    def mentioned(self, document: Document) -> Iterator[Entity]:
        """Yield what a report names."""

    def linked(self, thing: Entity, predicate: str) -> Entity | None:
        """Return what a thing is linked to."""

    def text(self, document: Document) -> str:
        """Return the stored text of a report."""


@dataclass(frozen=True, slots=True, repr=False)
class Entity:
    """A thing that documents name: a place, body, document, initiative, honour or report.

    ``kind`` is the local name of its class (``Jurisdiction``, ``Institution`` ...), ``attributes`` are
    (property, readable value) pairs, sorted.
    """

    iri: str
    kind: str
    name: str
    other_names: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    _graph: Source = field(compare=False)

    def get(self, attribute: str) -> str:
        """Return an attribute such as ``code`` or ``level``; several values with ; between, none as ""."""
        return "; ".join(value for name, value in self.attributes if name == attribute)

    @property
    def place(self) -> Entity | None:
        """The place that a body serves, or that a place lies in; None where the graph names none."""
        predicate = {"Jurisdiction": "within", "Institution": "serves", "Report": "reportsOn"}.get(self.kind)
        return self._graph.linked(self, predicate) if predicate else None

    def facts(
        self, predicate: str | tuple[str, ...] | None = None, *, planned: bool | None = None
    ) -> Iterator[Fact]:
        """Yield the facts in which this thing is the subject, then those in which it is the object."""
        yield from self._graph.facts(self, predicate, planned=planned)
        for fact in self._graph.facts(None, predicate, self, planned=planned):
            if fact.subject != self:
                yield fact

    def observations(self) -> Iterator[Observation]:
        """Yield the numbers that are about this thing itself."""
        return self._graph.observations(self)

    def documents(self) -> Iterator[Document]:
        """Yield the reports that name this thing."""
        return self._graph.documents(mentioning=self)

    def __repr__(self) -> str:
        return f"<Entity {plain(self.name)}, {self.kind}>"

    def _repr_html_(self) -> str:
        rows = [("kind", self.kind), *((name, value) for name, value in self.attributes)]
        if self.other_names:
            rows.append(("also", ", ".join(self.other_names)))
        return notebook.card(self.name, [*rows, ("IRI", self.iri)])


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A report that was read.

    ``source`` is its file, ``year`` the year it reports on, ``number`` its document number, ``issued`` the
    day of issue (ISO 8601); what the document does not say is None or "".
    """

    iri: str
    title: str
    source: str
    year: int | None
    number: str
    issued: str
    place: Entity | None
    issuer: Entity | None
    _graph: Source = field(compare=False)

    @property
    def text(self) -> str:
        """The text as the build stored it, which the offsets of evidence count in (characters).

        Raises:
            StoreError: the folder of the graph does not hold it.

        """
        return self._graph.text(self)

    def entities(self) -> Iterator[Entity]:
        """Yield the things that the document names."""
        return self._graph.mentioned(self)

    def facts(
        self, predicate: str | tuple[str, ...] | None = None, *, planned: bool | None = None
    ) -> Iterator[Fact]:
        """Yield the facts that the document states, with its own words alone as evidence."""
        return self._graph.facts(None, predicate, planned=planned, document=self)

    def observations(self) -> Iterator[Observation]:
        """Yield the numbers that the document gives."""
        return self._graph.observations(document=self)

    def __repr__(self) -> str:
        return f"<Document {plain(self.title or self.source)}>"

    def _repr_html_(self) -> str:
        rows = [
            ("source", self.source),
            ("year", str(self.year or "")),
            ("place", self.place.name if self.place else ""),
            ("issuer", self.issuer.name if self.issuer else ""),
            ("issued", self.issued),
            ("number", self.number),
            ("IRI", self.iri),
        ]
        return notebook.card(self.title, [(name, value) for name, value in rows if value])


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """A sentence that says so: ``document.text[start:end] == quote``, in characters.

    ``section`` is where it stands (一/四/2), ``rule`` the id of the rule that read it.
    """

    quote: str
    start: int
    end: int
    section: str
    rule: str
    document: Document

    def context(self, characters: int = 100) -> str:
        """Return the sentence with so many characters of the text on both sides.

        Raises:
            ValueError: ``characters`` is negative.
            StoreError: the folder of the graph does not hold the text.

        """
        if characters < 0:
            raise ValueError(f"context: {characters} characters are not to be had; give 0 or more")
        return self.document.text[max(0, self.start - characters) : self.end + characters]

    def __repr__(self) -> str:
        quote = shorten(plain(self.quote), _QUOTED)
        return f"<Evidence “{quote}” {plain(self.document.source)} [{self.start}:{self.end}]>"

    def _where(self) -> tuple[str, ...]:
        place = f"[{self.start}:{self.end}]"
        return self.document.title, self.document.source, self.section, place, self.rule

    def _repr_html_(self) -> str:
        text = self.document.text
        first, last = _paragraph(text, self.start, self.end)
        before, behind = max(first, self.start - _AROUND), min(last, self.end + _AROUND)
        return notebook.sentence(
            ("…" if before > first else "") + text[before : self.start],
            text[self.start : self.end],
            text[self.end : behind] + ("…" if behind < last else ""),
            " · ".join(filter(None, dict.fromkeys(self._where()))),
        )


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the lines that a passage stands in begin and end."""
    return text.rfind("\n", 0, start) + 1, text.find("\n", end) if "\n" in text[end:] else len(text)


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """What documents state of two things; ``predicate`` is the local name of the property.

    What was done and what was only planned are two facts, each with its own evidence. Facts that follow from
    names and reference tables (``within``, ``serves``, some ``partOf``) have no evidence.
    """

    subject: Entity
    predicate: str
    object: Entity
    planned: bool
    evidence: tuple[Evidence, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The reports that state it, in the order of its evidence."""
        return tuple(dict.fromkeys(item.document for item in self.evidence))

    def __repr__(self) -> str:
        planned = ", planned" if self.planned else ""
        return f"<Fact {self._told()}{planned}, {_sources(len(self.documents))}>"

    def _told(self) -> str:
        return f"{plain(self.subject.name)} {self.predicate} {plain(self.object.name)}"

    def _repr_html_(self) -> str:
        marks = ["planned"] if self.planned else []
        words = [item._repr_html_() for item in self.evidence]
        told = (self.subject.name, self.predicate, self.object.name)
        return notebook.statement(told, [*marks, _sources(len(self.documents))], words)


@dataclass(frozen=True, slots=True, repr=False)
class Observation:
    """A number that a document gives.

    ``of`` is what it is about, ``indicator`` the document's own wording, ``measure`` the name under which it
    compares with others ("" where it has none), ``period`` its time (the year of the report where
    the text does not say), ``bound`` ``min`` or ``max`` where the number is a limit, ``offset`` where it
    begins in the text of the document (characters).
    """

    iri: str
    of: Entity | None
    measure: str
    indicator: str
    value: Decimal
    unit: str
    period: str
    bound: str
    offset: int
    approximate: bool
    planned: bool
    evidence: tuple[Evidence, ...]

    @property
    def year(self) -> int | None:
        """The first year that the period names (2022 of 2022-12, and of ../2022-12); None without one."""
        found = re.search(r"(?<!\d)\d{4}(?!\d)", self.period)
        return int(found[0]) if found else None

    @property
    def documents(self) -> tuple[Document, ...]:
        """The reports that give the number."""
        return tuple(dict.fromkeys(item.document for item in self.evidence))

    def __repr__(self) -> str:
        return f"<Observation {' '.join([*map(plain, self._told()), *self._marks()])}>"

    def _told(self) -> list[str]:
        of = f"{self.of.name}:" if self.of else ""
        period = f"({self.period})" if self.period else ""
        return list(filter(None, (of, self.indicator, f"{self.value:f}", self.unit, period)))

    def _marks(self) -> list[str]:
        marks = (self.bound, "approximate" * self.approximate, "planned" * self.planned)
        return list(filter(None, marks))

    def _repr_html_(self) -> str:
        words = [item._repr_html_() for item in self.evidence]
        told = (self.of.name if self.of else "", self.indicator, f"{self.value:f} {self.unit}")
        return notebook.statement(told, [*filter(None, [self.period]), *self._marks()], words)


def _sources(count: int) -> str:
    if not count:
        return "reference data"
    return f"{count} source{'s' * (count > 1)}"
