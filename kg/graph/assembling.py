"""Turns what one document says into N-Quads lines: pure, sorted, the same for the same Analysis."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from kg import ids, terms
from kg.graph import concepts, nquads
from kg.graph.concepts import Concepts
from kg.model import Analysis, Entity, Fact, Kind, Observation, Span

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
    quads = writer.things()
    own = (writer.evidence(), writer.observations(), writer.passages())
    quads += writer.shared()
    quads += concepts.reference(used, writer.divisions(), writer.named, base)
    quads.sort()
    quads = [quad for quad, _ in groupby(quads)]  # neighbours are faster compared than all lines hashed
    for stretch in own:
        # All its subjects begin alike, as no other does, and it is in order: no line of it is compared again.
        at = bisect_left(quads, stretch[0]) if stretch else 0
        quads[at:at] = stretch
    return quads


class _Names(dict[str, str]):
    """The IRIs of things by identity: each is made when it is first asked for."""

    def __init__(self, base: str) -> None:
        self._base = base

    def __missing__(self, identity: str) -> str:
        made = self[identity] = nquads.iri(self._base + identity)
        return made


class _Writer:
    """Knows the names of one document's things while its lines are made.

    Lines are joined of three parts: a subject, what is said (mostly made once per module), and what ends the
    lines of the document's graph (made once per document).
    """

    def __init__(self, base: str, analysis: Analysis, used: Concepts) -> None:
        self._base = base
        self._start = nquads.iri(base)[:-1]  # of the identities that are digits and plain letters throughout
        self._analysis = analysis
        self._used = used
        self._things = self.named = _Names(base)
        self._graph = self._things[analysis.report.id]
        self._end = nquads.ending(self._graph)
        self._facts = distinct(analysis.facts)
        self._cited: dict[tuple[int, int], str] = {}
        self._counted = False

    def things(self) -> list[str]:
        """Return the lines of the document, its things and facts, in an order of no meaning; some twice."""
        return [*self.report(), *self.entities(), *self.facts()]

    def shared(self) -> list[str]:
        """Return the lines of what its numbers have in common, and of bodies that became others."""
        return [*self.numbers(), *self.changes()]

    def _concept(self, name: str, notation: str) -> str:
        return self._things[self._used.use(terms.CONCEPT_PROPERTIES[name], notation)]

    def report(self) -> Iterator[str]:
        """Describe the document itself."""
        start, end = self._graph, self._end
        for said in self._of_report():
            yield f"{start}{said}{end}"
        mentioned = {identity for identity, _, _ in self._analysis.mentions}
        for entity in self._analysis.entities:
            if entity.id in mentioned:
                yield f"{start}{_MENTIONS}{self._things[entity.id]}{end}"

    def _of_report(self) -> Iterator[str]:
        report, document = self._analysis.report, self._analysis.document
        yield _is(terms.gov("Report"))
        title = nquads.text(report.title or document.source, "zh")
        yield from (nquads.saying(nquads.DCTERMS + "title", title), _LABEL + title)
        yield nquads.saying(terms.gov("sourceFile"), nquads.text(document.source))
        yield nquads.saying(terms.gov("sha256"), nquads.text(document.sha256))
        if _YEAR.fullmatch(report.year):
            yield nquads.saying(terms.gov("reportingYear"), nquads.typed(report.year, "gYear"))
        things = {"reportsOn": report.jurisdiction, "issuer": report.issuer, "addressee": report.addressee}
        for name, identity in things.items():
            if identity:
                yield nquads.saying(terms.gov(name), self._things[identity])
        for number in report.doc_numbers:
            yield nquads.saying(terms.gov("docNumber"), nquads.text(number))
        yield from _issued(report.issued)
        yield from _day(terms.gov("published"), report.published)
        for flag in document.flags:
            yield nquads.saying(terms.gov("flag"), nquads.text(flag))
        for address in report.urls:
            yield nquads.saying(nquads.DCTERMS + "source", nquads.iri(address))
        if report.index_number:
            yield nquads.saying(terms.gov("indexNumber"), nquads.text(report.index_number))
        if report.document_type:
            kind = self._concept("documentType", report.document_type)
            yield nquads.saying(terms.gov("documentType"), kind)

    def entities(self) -> Iterator[str]:
        """Describe the things that the document names."""
        for entity in self._analysis.entities:
            yield from self._entity(entity, self._end)

    def _entity(self, entity: Entity, end: str) -> list[str]:
        said = [_KINDS[entity.kind], _LABEL + nquads.text(entity.name, "zh")]
        said += [
            _ALTERNATIVE + nquads.text(label, "zh")
            for label in entity.labels
            if label and label != entity.name
        ]
        said += self._attributes(entity)
        said += [_SAYING[name] + self._things[target] for name, target in entity.links]
        start = self._things[entity.id]
        return [f"{start}{middle}{end}" for middle in said]

    def changes(self) -> Iterator[str]:
        """State what became of former bodies, with their successors, in the graph of reference data."""
        end = nquads.ending(self._things["reference"])
        for change in self._analysis.changes:
            event, former = self._things[ids.change(change.original)], self._things[change.original]
            yield f"{event}{_is(nquads.ORG + 'ChangeEvent')}{end}"
            yield f"{event}{nquads.saying(nquads.DCTERMS + 'date', date(change.year))}{end}"
            yield f"{event}{nquads.saying(nquads.ORG + 'originalOrganization', former)}{end}"
            for entity in change.resulting:
                successor = self._things[entity.id]
                yield f"{event}{nquads.saying(nquads.ORG + 'resultingOrganization', successor)}{end}"
                yield f"{former}{nquads.saying(terms.gov('succeededBy'), successor)}{end}"
                yield from self._entity(entity, end)

    def _attributes(self, entity: Entity) -> Iterator[str]:
        for name, value in entity.attributes:
            if not value:
                continue
            if name in terms.CONCEPT_PROPERTIES:
                yield _SAYING[name] + self._concept(name, value)
            elif name == "issued":
                yield from _issued(value)
            elif name in terms.ANNOTATION_PROPERTIES:
                yield _SAYING[name] + nquads.text(value, "zh")
            else:
                yield _SAYING[name] + literal(name, value)

    def facts(self) -> Iterator[str]:
        """State the facts themselves, unless they are only planned."""
        end = self._end
        for fact in self._facts:
            if not fact.planned:
                yield f"{self._things[fact.subject]}{_SAYING[fact.predicate]}{self._things[fact.object]}{end}"

    def evidence(self) -> list[str]:
        """Return the one evidence for each fact, sorted."""
        report, end = self._analysis.report.id, self._end
        begun = {
            f"{self._start}{ids.evidence(report, fact.subject, fact.predicate, fact.object)}>": fact
            for fact in self._facts
        }
        found = list[str]()
        for start in sorted(begun):
            fact = begun[start]
            found += (
                f"{start}{_OBJECT}{self._things[fact.object]}{end}",
                f"{start}{_PREDICATE}{_PROPERTIES[fact.predicate]}{end}",
                f"{start}{_SUBJECT}{self._things[fact.subject]}{end}",
                f"{start}{_IS_EVIDENCE}{end}",
                f"{start}{_PASSAGE}{self._cite(fact.passages[0])}{end}",
            )
            if fact.planned:
                found.append(f"{start}{_IS_PLANNED}{end}")
            found.append(f"{start}{_RULE}{_rule(fact.rule)}{end}")
        return found

    def observations(self) -> list[str]:
        """Return the measured numbers, sorted; of several in one place that count the same the first."""
        report = self._analysis.report.id
        begun: dict[str, Observation] = {}
        for item in sorted(
            self._analysis.observations, key=lambda o: (o.number.start, o.number.end, o.indicator, o.rule)
        ):
            identity = ids.observation(report, item.number.start, item.number.end, item.indicator)
            if item.value.is_finite():
                begun.setdefault(f"{self._start}{identity}>", item)
        self._counted = bool(begun)
        found = list[str]()
        numbers = self._things[ids.dataset(report)] if begun else ""
        for start in sorted(begun):
            found += self._observation(start, begun[start], numbers)
        return found

    def numbers(self) -> Iterator[str]:
        """Describe the numbers of the document as a data set, where it has any."""
        if self._counted:
            numbers = self._things[ids.dataset(self._analysis.report.id)]
            for said in (
                _is(nquads.QB + "DataSet"),
                nquads.saying(nquads.QB + "structure", nquads.iri(terms.STRUCTURE)),
                nquads.saying(nquads.DCTERMS + "source", self._graph),
            ):
                yield f"{numbers}{said}{self._end}"

    def _observation(self, start: str, item: Observation, numbers: str) -> list[str]:
        self._used.count(item.indicator, item.unit)
        report, things, end = self._analysis.report, self._things, self._end
        # A number of a document that speaks of no place is, as far as is known, one of that document.
        about = item.of or report.jurisdiction or report.id
        found = [f"{start}{_IN_DATA}{numbers}{end}", f"{start}{_IS_OBSERVATION}{end}"]
        if item.approximate:
            found.append(f"{start}{_IS_APPROXIMATE}{end}")
        if item.bound:
            found.append(f"{start}{_BOUND}{nquads.text(item.bound)}{end}")
        found += (
            f"{start}{_INDICATOR}{self._concept('indicator', item.indicator)}{end}",
            f"{start}{_OBSERVED_FOR}{things[about]}{end}",
            f"{start}{_OFFSET}{nquads.integer(item.number.start)}{end}",
            f"{start}{_PASSAGE}{self._cite(item.passage)}{end}",
            f"{start}{_PERIOD}{date(item.period or report.year or _UNKNOWN_PERIOD)}{end}",
        )
        if item.planned:
            found.append(f"{start}{_IS_PLANNED}{end}")
        found.append(f"{start}{_RULE}{_rule(item.rule)}{end}")
        if item.unit:
            found.append(f"{start}{_UNIT}{self._concept('unit', item.unit)}{end}")
        found.append(f"{start}{_VALUE}{nquads.typed(numeral(item.value), 'decimal')}{end}")
        return found

    def _cite(self, span: Span) -> str:
        place = span.start, span.end
        known = self._cited.get(place)
        if known is None:
            identity = ids.passage(self._analysis.report.id, span.start, span.end)
            known = self._cited[place] = f"{self._start}{identity}>"
        return known

    def passages(self) -> list[str]:
        """Describe the passages that evidence and observations have cited so far, each once, sorted."""
        full, end, found = self._analysis.document.text, self._end, list[str]()
        sections = {item.start: item.section for item in self._analysis.segments}
        source = nquads.saying(terms.gov("source"), self._graph)
        for start, (first, last) in sorted((start, place) for place, start in self._cited.items()):
            section = sections.get(first)
            said = [
                _IS_PASSAGE,
                _LAST + nquads.integer(last),
                _QUOTE + nquads.text(full[first:last]),
                *([_SECTION + nquads.text(section)] if section else ()),
                source,
                _FIRST + nquads.integer(first),
            ]
            found += [f"{start}{middle}{end}" for middle in said]
        return found

    def divisions(self) -> set[str]:
        """Return the codes of the divisions that anything in the document refers to."""
        report = self._analysis.report
        named = {report.jurisdiction, report.issuer, report.addressee}
        for entity in self._analysis.entities:
            named.add(entity.id)
            named.update(target for _, target in entity.links)
        return {code for identity in named for code in concepts.codes(identity)}


def _is(kind: str) -> str:
    return nquads.saying(nquads.RDF + "type", nquads.iri(kind))


def _day(predicate: str, value: str) -> Iterator[str]:
    found = date(value)
    if found.endswith("#date>"):  # a month alone is no day of issue
        yield nquads.saying(predicate, found)


def _issued(value: str) -> Iterator[str]:
    """State the date that a document bears, to readers of Dublin Core and of ELI alike."""
    for predicate in (nquads.DCTERMS + "issued", nquads.ELI + "date_document"):
        yield from _day(predicate, value)


# What most lines say, made once: all that is left to do for a line is to join its parts.
_PROPERTIES = {name: nquads.iri(terms.gov(name)) for name in terms.PROPERTIES}
_SAYING = {name: nquads.saying(terms.gov(name)) for name in terms.PROPERTIES}
_KINDS = {kind: _is(terms.gov(kind.value)) for kind in Kind}
_LABEL = nquads.saying(nquads.SKOS + "prefLabel")
_ALTERNATIVE = nquads.saying(nquads.SKOS + "altLabel")
_SUBJECT = nquads.saying(nquads.RDF + "subject")
_PREDICATE = nquads.saying(nquads.RDF + "predicate")
_OBJECT = nquads.saying(nquads.RDF + "object")
_IN_DATA = nquads.saying(nquads.QB + "dataSet")
_IS_EVIDENCE, _IS_OBSERVATION, _IS_PASSAGE = map(_is, map(terms.gov, ("Evidence", "Observation", "Passage")))
_IS_APPROXIMATE = _SAYING["approximate"] + nquads.typed("true", "boolean")
_IS_PLANNED = _SAYING["planned"] + nquads.typed("true", "boolean")
_MENTIONS, _RULE, _PASSAGE = _SAYING["mentions"], _SAYING["rule"], _SAYING["passage"]
_INDICATOR, _VALUE, _UNIT = _SAYING["indicator"], _SAYING["value"], _SAYING["unit"]
_BOUND, _PERIOD, _OFFSET = _SAYING["bound"], _SAYING["period"], _SAYING["offset"]
_OBSERVED_FOR, _QUOTE, _SECTION = _SAYING["observedFor"], _SAYING["quote"], _SAYING["section"]
_FIRST, _LAST = _SAYING["start"], _SAYING["end"]


def distinct(facts: Iterable[Fact]) -> list[Fact]:
    """Return one fact per triple, in order: the one whose words come first.

    What is both done and planned is done. Later repetitions in the same document add nothing but triples; in
    another document they are evidence of their own.
    """
    found: dict[tuple[str, str, str], Fact] = {}
    for fact in facts:
        if fact.passages:  # a fact without words is no fact
            known = found.setdefault((fact.subject, fact.predicate, fact.object), fact)
            if known is not fact and _order(fact) < _order(known):
                found[fact.subject, fact.predicate, fact.object] = fact
    return [found[key] for key in sorted(found)]


def _order(fact: Fact) -> tuple[bool, Span, str]:
    return fact.planned, min(fact.passages), fact.rule


def literal(name: str, value: str) -> str:
    """Return a value of one of the ontology's properties as the literal that the property asks for.

    >>> literal("trial", "True"), literal("docNumber", "东府〔2021〕4号")
    ('"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', '"东府〔2021〕4号"')
    """
    datatypes = terms.DATATYPES.get(name, ("string",))
    if datatypes == ("boolean",):
        return nquads.typed("true" if value.lower() in ("true", "1") else "false", "boolean")
    return date(value) if "gYear" in datatypes else nquads.text(value)


@lru_cache(maxsize=1024)  # a document has few, which many of its numbers share
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


@lru_cache(maxsize=1024)  # there are fewer rules
def _rule(name: str) -> str:
    return nquads.text(name)


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
