"""The values that flow from bytes to triples: they cannot be changed, and have no behaviour of their own.

Offsets are string indexes (Unicode code points) into ``Document.text``, half open: ``text[start:end]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

Role = Literal["metadata", "title", "addressee", "body", "signature", "furniture"]
"""What a line of a page is for; only ``body`` (and ``title``) lines are read for facts."""

Mode = Literal["done", "planned", "problem"]
"""Whether a sentence reports what was done, says what will be done, or names what goes wrong."""


class Kind(StrEnum):
    """The classes of things a document names; the value is the local name of the ontology's class."""

    JURISDICTION = "Jurisdiction"
    INSTITUTION = "Institution"
    POLICY_DOCUMENT = "PolicyDocument"
    INITIATIVE = "Initiative"
    HONOUR = "Honour"


class Span(NamedTuple):
    """A half-open stretch of a document's text; a tuple, because many are made, compared and looked up."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Region:
    """Consecutive lines of a page that play the same role. Regions cover the text without gaps, in order."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Field:
    """One piece of metadata that the page states about its document.

    ``name`` is one of: title, docNumber, issuer, addressee, issued (成文/发文日期), published (发布日期),
    indexNumber, source (来源), signature, signatureDate, copied (抄送), printed (印发机关), subject,
    validity; and what markup says of a page: url, site, siteDomain, siteCode, column, keywords, author,
    description.
    ``value`` is the text as read, trimmed; dates are normalised to ISO ``YYYY-MM-DD`` where complete.
    """

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A text as its file has it, where it is read as another: without damage, in simplified characters.

    ``starts`` holds where each character of the text that is read stands in ``text``.
    """

    text: str
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the text that is read stands in the text as written.

        >>> Written("普 法。", (0, 2, 3)).span(0, 2)
        (0, 3)
        """
        begin = self.starts[start] if start < len(self.starts) else len(self.text)
        return (begin, self.starts[end - 1] + 1) if end > start else (begin, begin)


@dataclass(frozen=True, slots=True)
class Document:
    """A source file after reading: its text as kept, and what its layout says.

    ``source`` is the path as the user will recognise it, relative to the input folder, with ``/``. Where the
    text is read otherwise than it is written, ``text`` and all offsets are those that are read, until the
    document is understood; ``written`` leads back.
    """

    source: str
    sha256: str
    text: str
    encoding: str
    media_type: str
    regions: tuple[Region, ...]
    fields: tuple[Field, ...]
    flags: tuple[str, ...] = ()
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A heading or a sentence of the body, the unit that evidence points at.

    ``clauses`` are the comma-separated parts of the sentence, in order, without the separators.
    ``section`` is the path of numbers above it: ``一/(二)/3/一是`` ("" before the first heading).
    ``topics`` are the headings' texts above it, outermost first.
    """

    start: int
    end: int
    kind: Literal["heading", "sentence", "title"]
    section: str
    topics: tuple[str, ...]
    mode: Mode
    paragraph: int
    clauses: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing with an identity, as one document shows it.

    ``id`` is the identity's path below the base (``jurisdiction/469007``): see :mod:`kg.ids`.
    ``labels`` are alternative names that are valid anywhere, never 我市 or 市委.
    ``attributes`` are (property local name, value) pairs with literal values: code, level, docNumber,
    documentType, institutionType, initiativeType, year, orgCode, periodStart, periodEnd, trial, issued.
    ``links`` are (property local name, entity id) pairs that follow from identity or reference data and need
    no evidence: within, serves, and partOf between parts of one official name.
    """

    id: str
    kind: Kind
    name: str
    labels: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a former body, as reference data knows it: its id, its successors, the year."""

    original: str
    resulting: tuple[Entity, ...]
    year: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation that the text states: entity id, predicate local name, entity id, and where it says so."""

    subject: str
    predicate: str
    object: str
    passages: tuple[Span, ...]
    rule: str
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """A measured number.

    ``indicator`` is the phrase that says what was counted, without number and unit; ``value`` is scaled
    (2.5万 → 25000); ``unit`` is the text's own classifier or "%" ("" if none); ``number`` is the span of the
    number with its unit, ``passage`` that of the sentence; ``of`` an entity id ("" = the report's place).
    ``bound`` is "" for exact or approximate values, "min" for 以上/超过, "max" for 不到/以内. ``period`` is
    "" for the reporting year, else 2021, 2022-06, 2022-01/2022-06, ../2022-10-28 (截至) or 2019/.. (以来).
    """

    of: str
    indicator: str
    value: Decimal
    unit: str
    approximate: bool
    planned: bool
    passage: Span
    number: Span
    rule: str
    period: str = ""
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A name that more than one thing could be meant by; kept and reported, never guessed."""

    surface: str
    start: int
    end: int
    candidates: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A name whose meaning the user has decided: an entity id, a division's code, or ``-`` for nothing."""

    surface: str
    start: int
    end: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements of one document that cannot both hold; both are kept.

    ``kind`` is one of: number, title, date (of issue), total, rate, value. ``values`` are what the text
    gives, in the order of ``passages``.
    """

    kind: str
    passages: tuple[Span, Span]
    values: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is known of the document itself, as entity ids and literals ("" = not stated)."""

    id: str
    title: str
    year: str
    jurisdiction: str
    issuer: str
    addressee: str
    doc_numbers: tuple[str, ...]
    issued: str
    published: str
    index_number: str = ""
    document_type: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything one document says: the whole input of the graph layer."""

    document: Document
    report: ReportFacts
    segments: tuple[Segment, ...]
    entities: tuple[Entity, ...]
    mentions: tuple[tuple[str, int, int], ...]
    facts: tuple[Fact, ...]
    observations: tuple[Observation, ...]
    unsure: tuple[Unsure, ...] = field(default=())
    conflicts: tuple[Conflict, ...] = field(default=())
    decided: tuple[Decided, ...] = field(default=())
    changes: tuple[Change, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Home:
    """The place a document speaks from: what 我市, 区政府 and 市司法局 are relative to.

    ``code`` is "" for a functional zone; ``lineage`` holds the codes of the divisions it lies in, nearest
    first, the own code included where there is one. ``unit`` is how the place calls itself (市, 县, 区 …).
    ``full_name`` has the prefecture in front where names of districts usually do (景德镇市昌江区).
    """

    id: str
    name: str
    full_name: str
    code: str
    unit: str
    lineage: tuple[str, ...]
    reason: str
