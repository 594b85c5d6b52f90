"""Turns what one document says into N-Quads lines: pure, sorted, the same for the same Analysis."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

from kg import ids, terms
from kg.graph import concepts, nquads
from kg.graph.concepts import Concepts
from kg.model import Analysis, Entity, Fact, Observation, Span

_YEAR = re.compile(r"[0-9]{4}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNKNOWN_PERIOD = "../.."  # ISO 8601-2: open at both ends


def lines(analysis: Analysis, base: str = ids.DEFAULT_BASE) -> list[str]:
    """Return the quads of one document and of the reference data it uses, as sorted distinct N-Quads lines.

    The lines of several documents together are simply the union of the lines of each.
    """
    used = Concepts()
    writer = _Writer(base, analysis, used)
    quads = {*writer.report(), *writer.entities(), *writer.facts(), *writer.observations()}
    quads |= {*writer.passages(), *writer.changes()}
    quads |= set(concepts.reference(used, writer.divisions(), base))
    return sorted(quads)


class _Writer:
    """Knows the names of one document's things while its lines are made."""

    def __init__(self, base: str, analysis: Analysis, used: Concepts) -> None:
        self._base = base
        self._analysis = analysis
        self._used = used
        self._graph = self._thing(analysis.report.id)
        self._cited: set[Span] = set()

    def _thing(self, identity: str) -> str:
        return nquads.iri(self._base + identity)

    def _line(self, subject: str, predicate: str, obj: str) -> str:
        return nquads.line(subject, nquads.iri(predicate), obj, self._graph)

    def _concept(self, name: str, notation: str) -> str:
        return self._thing(self._used.use(terms.CONCEPT_PROPERTIES[name], notation))

    def report(self) -> Iterator[str]:
        """Describe the document itself."""
        report, document = self._analysis.report, self._analysis.document
        yield self._line(self._graph, nquads.RDF + "type", nquads.iri(terms.gov("Report")))
        for predicate in (nquads.DCTERMS + "title", nquads.SKOS + "prefLabel"):
            yield self._line(self._graph, predicate, nquads.text(report.title or document.source, "zh"))
        yield self._line(self._graph, terms.gov("sourceFile"), nquads.text(document.source))
        yield self._line(self._graph, terms.gov("sha256"), nquads.text(document.sha256))
        if _YEAR.fullmatch(report.year):
            yield self._line(self._graph, terms.gov("reportingYear"), nquads.typed(report.year, "gYear"))
        things = {"reportsOn": report.jurisdiction, "issuer": report.issuer, "addressee": report.addressee}
        for name, identity in things.items():
            if identity:
                yield self._line(self._graph, terms.gov(name), self._thing(identity))
        for number in report.doc_numbers:
            yield self._line(self._graph, terms.gov("docNumber"), nquads.text(number))
        yield from self._issued(self._graph, report.issued)
        yield from self._date(self._graph, terms.gov("published"), report.published)
        for flag in document.flags:
            yield self._line(self._graph, terms.gov("flag"), nquads.text(flag))
        for address in report.urls:
            yield self._line(self._graph, nquads.DCTERMS + "source", nquads.iri(address))
        if report.index_number:
            yield self._line(self._graph, terms.gov("indexNumber"), nquads.text(report.index_number))
        if report.document_type:
            kind = self._concept("documentType", report.document_type)
            yield self._line(self._graph, terms.gov("documentType"), kind)
        mentioned = {identity for identity, _, _ in self._analysis.mentions}
        for entity in self._analysis.entities:
            if entity.id in mentioned:
                yield self._line(self._graph, terms.gov("mentions"), self._thing(entity.id))

    def entities(self) -> Iterator[str]:
        """Describe the things that the document names."""
        for entity in self._analysis.entities:
            yield from self._entity(entity)

    def _entity(self, entity: Entity) -> Iterator[str]:
        subject = self._thing(entity.id)
        yield self._line(subject, nquads.RDF + "type", nquads.iri(terms.gov(entity.kind.value)))
        yield self._line(subject, nquads.SKOS + "prefLabel", nquads.text(entity.name, "zh"))
        for label in entity.labels:
            if label and label != entity.name:
                yield self._line(subject, nquads.SKOS + "altLabel", nquads.text(label, "zh"))
        yield from self._attributes(subject, entity)
        for name, target in entity.links:
            yield self._line(subject, terms.gov(name), self._thing(target))

    def changes(self) -> Iterator[str]:
        """State what became of former bodies, with their successors, in the graph of reference data."""
        own, self._graph = self._graph, self._thing("reference")
        for change in self._analysis.changes:
            event, former = self._thing(ids.change(change.original)), self._thing(change.original)
            yield self._line(event, nquads.RDF + "type", nquads.iri(nquads.ORG + "ChangeEvent"))
            yield self._line(event, nquads.DCTERMS + "date", date(change.year))
            yield self._line(event, nquads.ORG + "originalOrganization", former)
            for entity in change.resulting:
                successor = self._thing(entity.id)
                yield self._line(event, nquads.ORG + "resultingOrganization", successor)
                yield self._line(former, terms.gov("succeededBy"), successor)
                yield from self._entity(entity)
        self._graph = own

    def _attributes(self, subject: str, entity: Entity) -> Iterator[str]:
        for name, value in entity.attributes:
            if not value:
                continue
            if name in terms.CONCEPT_PROPERTIES:
                obj = self._concept(name, value)
            elif name == "issued":
                yield from self._issued(subject, value)
                continue
            elif name in terms.ANNOTATION_PROPERTIES:
                obj = nquads.text(value, "zh")
            else:
                obj = literal(name, value)
            yield self._line(subject, terms.gov(name), obj)

    def _date(self, subject: str, predicate: str, value: str) -> Iterator[str]:
        found = date(value)
        if found.endswith("#date>"):  # a month alone is no day of issue
            yield self._line(subject, predicate, found)

    def _issued(self, subject: str, value: str) -> Iterator[str]:
        """State the date that a document bears, to readers of Dublin Core and of ELI alike."""
        for predicate in (nquads.DCTERMS + "issued", nquads.ELI + "date_document"):
            yield from self._date(subject, predicate, value)

    def facts(self) -> Iterator[str]:
        """State the facts: the triple itself unless it is only planned, and the one evidence for it."""
        report = self._analysis.report.id
        for fact in distinct(self._analysis.facts):
            subject, obj = self._thing(fact.subject), self._thing(fact.object)
            predicate = nquads.iri(terms.gov(fact.predicate))
            if not fact.planned:
                yield nquads.line(subject, predicate, obj, self._graph)
            evidence = self._thing(ids.evidence(report, fact.subject, fact.predicate, fact.object))
            yield self._line(evidence, nquads.RDF + "type", nquads.iri(terms.gov("Evidence")))
            yield self._line(evidence, nquads.RDF + "subject", subject)
            yield self._line(evidence, nquads.RDF + "predicate", predicate)
            yield self._line(evidence, nquads.RDF + "object", obj)
            yield self._line(evidence, terms.gov("rule"), nquads.text(fact.rule))
            if fact.planned:
                yield self._line(evidence, terms.gov("planned"), nquads.typed("true", "boolean"))
            yield self._line(evidence, terms.gov("passage"), self._cite(fact.passages[0]))

    def observations(self) -> Iterator[str]:
        """State the measured numbers."""
        seen: set[str] = set()
        for item in sorted(self._analysis.observations, key=lambda o: (o.number, o.indicator, o.rule)):
            identity = ids.observation(
                self._analysis.report.id, item.number.start, item.number.end, item.indicator
            )
            if identity in seen or not item.value.is_finite():
                continue
            seen.add(identity)
            yield from self._observation(self._thing(identity), item)
        if seen:
            numbers = self._thing(ids.dataset(self._analysis.report.id))
            yield self._line(numbers, nquads.RDF + "type", nquads.iri(nquads.QB + "DataSet"))
            yield self._line(numbers, nquads.QB + "structure", nquads.iri(terms.STRUCTURE))
            yield self._line(numbers, nquads.DCTERMS + "source", self._graph)

    def _observation(self, subject: str, item: Observation) -> Iterator[str]:
        numbers = self._thing(ids.dataset(self._analysis.report.id))
        yield self._line(subject, nquads.QB + "dataSet", numbers)
        yield self._line(subject, nquads.RDF + "type", nquads.iri(terms.gov("Observation")))
        yield self._line(subject, terms.gov("indicator"), self._concept("indicator", item.indicator))
        self._used.count(item.indicator, item.unit)
        yield self._line(subject, terms.gov("value"), nquads.typed(numeral(item.value), "decimal"))
        if item.unit:
            yield self._line(subject, terms.gov("unit"), self._concept("unit", item.unit))
        for name, holds in (("approximate", item.approximate), ("planned", item.planned)):
            if holds:
                yield self._line(subject, terms.gov(name), nquads.typed("true", "boolean"))
        if item.bound:
            yield self._line(subject, terms.gov("bound"), nquads.text(item.bound))
        # A number of a document that speaks of no place is, as far as is known, one of that document.
        report = self._analysis.report
        about = item.of or report.jurisdiction or report.id
        yield self._line(subject, terms.gov("observedFor"), self._thing(about))
        yield self._line(subject, terms.gov("period"), date(item.period or report.year or _UNKNOWN_PERIOD))
        yield self._line(subject, terms.gov("offset"), nquads.typed(str(item.number.start), "integer"))
        yield self._line(subject, terms.gov("passage"), self._cite(item.passage))
        yield self._line(subject, terms.gov("rule"), nquads.text(item.rule))

    def _cite(self, span: Span) -> str:
        self._cited.add(span)
        return self._thing(ids.passage(self._analysis.report.id, span.start, span.end))

    def passages(self) -> Iterator[str]:
        """Describe the passages that facts and observations have cited so far, each once."""
        full = self._analysis.document.text
        sections = {item.start: item.section for item in self._analysis.segments}
        for span in sorted(self._cited):
            subject = self._thing(ids.passage(self._analysis.report.id, span.start, span.end))
            yield self._line(subject, nquads.RDF + "type", nquads.iri(terms.gov("Passage")))
            yield self._line(subject, terms.gov("source"), self._graph)
            yield self._line(subject, terms.gov("quote"), nquads.text(full[span.start : span.end]))
            yield self._line(subject, terms.gov("start"), nquads.typed(str(span.start), "integer"))
            yield self._line(subject, terms.gov("end"), nquads.typed(str(span.end), "integer"))
            if sections.get(span.start):
                yield self._line(subject, terms.gov("section"), nquads.text(sections[span.start]))

    def divisions(self) -> set[str]:
        """Return the codes of the divisions that anything in the document refers to."""
        report = self._analysis.report
        named = {report.jurisdiction, report.issuer, report.addressee}
        for entity in self._analysis.entities:
            named |= {entity.id, *(target for _, target in entity.links)}
        return {code for identity in named for code in concepts.codes(identity)}


def distinct(facts: Iterable[Fact]) -> list[Fact]:
    """Return one fact per triple, in order: the one whose words come first.

    What is both done and planned is done. Later repetitions in the same document add nothing but triples; in
    another document they are evidence of their own.
    """
    found: dict[tuple[str, str, str], Fact] = {}
    stated = [fact for fact in facts if fact.passages]  # a fact without words is no fact
    for fact in sorted(stated, key=lambda fact: (fact.planned, min(fact.passages), fact.rule)):
        found.setdefault((fact.subject, fact.predicate, fact.object), fact)
    return [found[key] for key in sorted(found)]


def literal(name: str, value: str) -> str:
    """Return a value of one of the ontology's properties as the literal that the property asks for.

    >>> literal("trial", "True"), literal("docNumber", "东府〔2021〕4号")
    ('"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', '"东府〔2021〕4号"')
    """
    datatypes = terms.DATATYPES.get(name, ("string",))
    if datatypes == ("boolean",):
        return nquads.typed("true" if value.lower() in ("true", "1") else "false", "boolean")
    return date(value) if "gYear" in datatypes else nquads.text(value)


def date(value: str) -> str:
    """Return a date, month or year as a typed literal; anything else stays plain text.

    >>> date("2021-01-07"), date("2021-02-30")
    ('"2021-01-07"^^<http://www.w3.org/2001/XMLSchema#date>', '"2021-02-30"')
    """
    if _YEAR.fullmatch(value):
        return nquads.typed(value, "gYear")
    if _MONTH.fullmatch(value):
        return nquads.typed(value, "gYearMonth")
    if _DAY.fullmatch(value):
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            return nquads.text(value)
        return nquads.typed(value, "date")
    return nquads.text(value)


def numeral(value: object) -> str:
    """Return a decimal in plain notation without needless zeros.

    >>> from decimal import Decimal
    >>> numeral(Decimal("2.5E+4")), numeral(Decimal("98.870")), numeral(Decimal("-0"))
    ('25000', '98.87', '0')
    """
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain
