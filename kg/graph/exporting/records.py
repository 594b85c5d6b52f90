"""Reads a graph as rows for analysts, one at a time: entities, facts, observations, documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Final

from kg import terms
from kg.graph.exporting import sorting
from kg.graph.exporting.grouping import by_subject
from kg.graph.exporting.lookup import Lookup, local
from kg.graph.nquads import DCTERMS, RDF, SKOS, iri, split, value
from kg.graph.selection import LINKS, THINGS

Cell = str | int | float | bool | tuple[str, ...] | None
"""A value of a row; None where there is none. Days are ISO dates."""

Row = tuple[Cell, ...]

TEXT, LIST, WHOLE, NUMBER, TRUTH, DAY = "text", "list", "whole", "number", "truth", "day"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names and types of its columns, and what reads its rows.

    ``why`` are the columns that only evidence can fill; an export without evidence has none of them.
    """

    columns: Mapping[str, str]
    rows: Callable[[Source], Iterator[Row]]
    why: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: the lines of a part of a graph, as often as wanted, and the whole graph's store.

    ``evidence`` tells whether evidence goes along.
    """

    lines: Callable[[], Iterator[str]]
    lookup: Lookup
    base: str
    evidence: bool = True

    def of(self, *kinds: str) -> Iterator[tuple[str, dict[str, list[str]], str]]:
        """Yield each subject below one of the paths ``kinds``: IRI, terms by predicate, first graph."""
        wanted = tuple(f"<{self.base}{kind}/" for kind in kinds)
        for subject, quads in by_subject(line for line in self.lines() if line.startswith(wanted)):
            found: dict[str, list[str]] = {}
            graph = ""
            for _, predicate, obj, named in quads:
                graph = graph or named
                values = found.setdefault(predicate[1:-1], [])
                if obj not in values[-1:]:  # sorted: the same triple of two documents stands side by side
                    values.append(obj)
            yield subject[1:-1], found, graph[1:-1]


# ---------------------------------------------------------------- entities

ENTITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": TEXT,
        "kind": TEXT,
        "other_names": LIST,
        "type": TEXT,
        "place": TEXT,
        "code": TEXT,
        "level": TEXT,
        "province": TEXT,
        "within": TEXT,
        "year": WHOLE,
        "issued": DAY,
        "doc_numbers": LIST,
        "period_start": TEXT,
        "period_end": TEXT,
        "trial": TRUTH,
        "org_code": TEXT,
        "documents": WHOLE,
        "iri": TEXT,
    }
)

_PATHS = ("jurisdiction", "institution", "document", "initiative", "honour", "report")
_TYPES = tuple(map(terms.gov, ("institutionType", "documentType", "initiativeType")))


def entities(source: Source) -> Iterator[Row]:
    """Yield a row per thing; ``documents`` counts the documents of the part that mention it."""
    lookup = source.lookup
    for subject, about, _ in source.of(*_PATHS):
        kind = kind_of(about)
        if not kind or not lookup.shows(subject):
            continue
        place = lookup.place(subject)
        name = lookup.label(subject)
        yield (
            name,
            kind,
            tuple(sorted({value(term) for term in about.get(SKOS + "altLabel", ())} - {name})),
            next((lookup.label(_iri(about, each)) for each in _TYPES if each in about), None),
            *place[1:5],
            lookup.label(_iri(about, terms.gov("within"))) or None,
            _whole(_text(about, terms.gov("year")) or _text(about, terms.gov("reportingYear"))),
            _day(_text(about, DCTERMS + "issued")),
            tuple(sorted(map(value, about.get(terms.gov("docNumber"), ())))),
            _text(about, terms.gov("periodStart")),
            _text(about, terms.gov("periodEnd")),
            True if _text(about, terms.gov("trial")) == "true" else None,
            _text(about, terms.gov("orgCode")),
            lookup.mentions(subject),
            subject,
        )


def kind_of(about: Mapping[str, list[str]]) -> str:
    """Return the class of a thing by its local name, "" for what is no thing."""
    classes = {local(term[1:-1]) for term in about.get(RDF + "type", ())}
    return next((kind for kind in THINGS if kind in classes), "")


# ---------------------------------------------------------------- facts

_WHY: Final = ("quote", "source", "section", "start", "end", "rule")

FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "subject": TEXT,
        "predicate": TEXT,
        "object": TEXT,
        "subject_kind": TEXT,
        "object_kind": TEXT,
        "place": TEXT,
        "code": TEXT,
        "level": TEXT,
        "province": TEXT,
        "year": WHOLE,
        "planned": TRUTH,
        "quote": TEXT,
        "source": TEXT,
        "section": TEXT,
        "start": WHOLE,
        "end": WHOLE,
        "rule": TEXT,
        "subject_iri": TEXT,
        "object_iri": TEXT,
        "document_iri": TEXT,
    }
)


@dataclass(frozen=True, slots=True)
class Statement:
    """That one passage states a fact, or, without ``document``, that the fact follows from reference data.

    All but ``rule`` and ``predicate`` (a local name) are IRIs.
    """

    subject: str
    predicate: str
    object: str
    document: str
    passage: str
    rule: str
    planned: bool


def statements(source: Source) -> Iterator[Statement]:
    """Yield what is said, sorted by subject, predicate, object, document and passage.

    A fact that evidence tells stands there once for each passage, any other fact once.
    """
    last: tuple[str, ...] = ()
    for line in sorting.distinct(_facts(source)):
        subject, predicate, obj, document, passage, rule, planned = line.split("\t")
        fact = (subject, predicate, obj)
        if document != _NONE:
            yield Statement(*fact, document, passage, rule, planned == "true")
        elif fact != last:
            yield Statement(*fact, "", "", "", planned=False)
        last = fact


_NONE = "~"  # sorts behind the IRI of any document


def _facts(source: Source) -> Iterator[str]:
    """Yield facts as lines that sort: those with evidence before the same fact without."""
    if source.evidence:
        yield from _evidence(source)
    plain = LINKS if source.evidence else (*LINKS, *map(terms.gov, sorted(terms.FACT_PREDICATES)))
    wanted = frozenset(map(iri, plain))
    kinds = tuple(f"<{source.base}{kind}/" for kind in _PATHS)
    for line in source.lines():
        if line.startswith(kinds):
            subject, predicate, obj, _ = split(line)
            if predicate in wanted and source.lookup.shows(subject[1:-1]) and source.lookup.shows(obj[1:-1]):
                yield "\t".join((subject[1:-1], local(predicate[1:-1]), obj[1:-1], _NONE, "", "", ""))


def _evidence(source: Source) -> Iterator[str]:
    for _, about, document in source.of("evidence"):
        ends = [_iri(about, RDF + name) for name in ("subject", "predicate", "object")]
        planned = _text(about, terms.gov("planned")) or "false"
        rule = _text(about, terms.gov("rule")) or ""
        if source.lookup.shows(ends[0]) and source.lookup.shows(ends[2]):
            for passage in about.get(terms.gov("passage"), ()):
                yield "\t".join((ends[0], local(ends[1]), ends[2], document, passage[1:-1], rule, planned))


def facts(source: Source) -> Iterator[Row]:
    """Yield a row per fact and passage that says so; ``planned`` tells what this passage speaks of."""
    lookup = source.lookup
    for said in statements(source):
        yield (
            lookup.label(said.subject),
            said.predicate,
            lookup.label(said.object),
            lookup.kind(said.subject),
            lookup.kind(said.object),
            *lookup.place(said.subject)[1:5],
            lookup.document(said.document).year if said.document else None,
            said.planned,
            *_why(source, said.passage, said.document, said.rule),
            said.subject,
            said.object,
            said.document or None,
        )


def _why(source: Source, passage: str, document: str, rule: str) -> Row:
    """Return the words behind a row: quote, file, section, where it begins and ends, rule."""
    if not passage:
        return (None,) * len(_WHY)
    words = source.lookup.passage(passage)
    return words.quote, source.lookup.document(document).file, words.section, words.start, words.end, rule


# ---------------------------------------------------------------- observations

OBSERVATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "of": TEXT,
        "indicator": TEXT,
        "measure": TEXT,
        "value": NUMBER,
        "unit": TEXT,
        "period": TEXT,
        "year": WHOLE,
        "place": TEXT,
        "code": TEXT,
        "level": TEXT,
        "province": TEXT,
        "bound": TEXT,
        "approximate": TRUTH,
        "planned": TRUTH,
        "quote": TEXT,
        "source": TEXT,
        "section": TEXT,
        "start": WHOLE,
        "end": WHOLE,
        "rule": TEXT,
        "iri": TEXT,
        "of_iri": TEXT,
        "indicator_iri": TEXT,
        "document_iri": TEXT,
    }
)


def observations(source: Source) -> Iterator[Row]:
    """Yield a row per measured number; ``year`` is the reporting year, ``period`` the time it holds for.

    ``measure`` is what documents share: what the indicator, which is in the document's words, is a case of.
    """
    lookup = source.lookup
    for subject, about, document in source.of("observation"):
        of, indicator = _iri(about, terms.gov("observedFor")), _iri(about, terms.gov("indicator"))
        yield (
            lookup.label(of),
            lookup.label(indicator),
            lookup.label(lookup.broader(indicator)) or None,
            float(_text(about, terms.gov("value")) or "nan"),
            lookup.label(_iri(about, terms.gov("unit"))),
            _text(about, terms.gov("period")),
            lookup.document(document).year,
            *lookup.place(of)[1:5],
            _text(about, terms.gov("bound")),
            _text(about, terms.gov("approximate")) == "true",
            _text(about, terms.gov("planned")) == "true",
            *_why(
                source,
                _iri(about, terms.gov("passage")),
                document,
                _text(about, terms.gov("rule")) or "",
            ),
            subject,
            of,
            indicator,
            document,
        )


# ---------------------------------------------------------------- documents

DOCUMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": TEXT,
        "source": TEXT,
        "year": WHOLE,
        "place": TEXT,
        "code": TEXT,
        "level": TEXT,
        "province": TEXT,
        "type": TEXT,
        "issuer": TEXT,
        "addressee": TEXT,
        "doc_numbers": LIST,
        "issued": DAY,
        "published": DAY,
        "flags": LIST,
        "sha256": TEXT,
        "entities": WHOLE,
        "facts": WHOLE,
        "observations": WHOLE,
        "iri": TEXT,
    }
)


def documents(source: Source) -> Iterator[Row]:
    """Yield a row per report that was read, with what it gives: things named, facts stated, numbers."""
    lookup = source.lookup
    for subject, about, _ in source.of("report"):
        if kind_of(about) != "Report":
            continue
        yield (
            _text(about, DCTERMS + "title"),
            _text(about, terms.gov("sourceFile")),
            _whole(_text(about, terms.gov("reportingYear"))),
            *lookup.place(subject)[1:5],
            lookup.label(_iri(about, terms.gov("documentType"))) or None,
            lookup.label(_iri(about, terms.gov("issuer"))) or None,
            lookup.label(_iri(about, terms.gov("addressee"))) or None,
            tuple(sorted(map(value, about.get(terms.gov("docNumber"), ())))),
            _day(_text(about, DCTERMS + "issued")),
            _day(_text(about, terms.gov("published"))),
            tuple(sorted(map(value, about.get(terms.gov("flag"), ())))),
            _text(about, terms.gov("sha256")),
            len(about.get(terms.gov("mentions"), ())),
            lookup.count(subject, "Evidence"),
            lookup.count(subject, "Observation"),
            subject,
        )


TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        "entities": Table(ENTITIES, entities),
        "facts": Table(FACTS, facts, frozenset({*_WHY, "year", "planned", "document_iri"})),
        "observations": Table(OBSERVATIONS, observations, frozenset(_WHY)),
        "documents": Table(DOCUMENTS, documents),
    }
)
"""The tables by name. A row has a cell for each column of its table."""


def table(source: Source, name: str) -> tuple[dict[str, str], Iterator[Row]]:
    """Return the columns that a table has in an export, with their types, and its rows."""
    made = TABLES[name]
    kept = [index for index, column in enumerate(made.columns) if source.evidence or column not in made.why]
    names = list(made.columns.items())
    return dict(names[index] for index in kept), (
        tuple(row[index] for index in kept) for row in made.rows(source)
    )


def edges(source: Source) -> Iterator[tuple[tuple[str, str, str], list[Statement]]]:
    """Yield each fact (subject, predicate, object) with what states it."""
    for fact, said in groupby(
        statements(source), key=lambda item: (item.subject, item.predicate, item.object)
    ):
        yield fact, list(said)


_YEAR = re.compile(r"-?[0-9]{1,6}")


def _whole(text: str | None) -> int | None:
    return int(text) if text and _YEAR.fullmatch(text) else None


def _day(text: str | None) -> str | None:
    """Return an ISO date if there is such a day."""
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        return None


def _text(about: Mapping[str, list[str]], predicate: str) -> str | None:
    """Return the first value in order, or None."""
    return min(map(value, about.get(predicate, ())), default=None)


def _iri(about: Mapping[str, list[str]], predicate: str) -> str:
    """Return the first IRI in order, or ""."""
    return _text(about, predicate) or ""
