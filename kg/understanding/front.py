"""What a document says of itself: title, year, issuer, addressee, who speaks, if it reports or demands."""

from __future__ import annotations

from kg import ids
from kg.model import Document, Kind, ReportFacts, Segment, Span
from kg.reading.addresses import web_address
from kg.relating.clauses import Statement
from kg.relating.speaker import Ledger, Speaker
from kg.understanding.statements import Reader

_COLONS = ":\uff1a"
_LISTS_BODIES = frozenset({"addressee", "copied", "printed"})
_NAMES_BODIES = _LISTS_BODIES | {"issuer", "signature", "source"}


class Front:
    """The front matter of one document, read through the same names as its sentences."""

    def __init__(self, document: Document, reader: Reader) -> None:
        self.document = document
        self.reader = reader
        self.rules = reader.rules
        self.title = self._field("title")
        documents = self.rules.documents
        kind = documents.type_of("".join(self.title.split())) or documents.type_by_formula(self._body())
        self.type = kind
        self.is_norm = bool(kind) and kind not in self.rules.documents.narrative
        named = self._bodies(self.title)
        signed = [body for name in ("signature", "issuer") for body in self._bodies(self._field(name))[:1]]
        self._mentions: list[tuple[str, int, int]] | None = None
        self.issuers = tuple(dict.fromkeys(named)) or tuple(signed[:1])

    def report(self, segments: tuple[Segment, ...]) -> ReportFacts:
        """Return the facts about the document itself."""
        addressees = self._bodies(self._field("addressee").rstrip(_COLONS))
        home = self.reader.home
        return ReportFacts(
            id=ids.report(self.document.sha256),
            title=self.title,
            year=self._year(segments),
            jurisdiction=self.reader.resolver.place("home") if home else "",
            issuer=self.issuers[0] if self.issuers else "",
            addressee=addressees[0] if addressees else "",
            doc_numbers=self._fields("docNumber"),
            issued=self._field("issued", "signatureDate"),
            published=self._field("published", "issued"),
            index_number=self._field("indexNumber"),
            document_type=self.type,
            urls=tuple(dict.fromkeys(filter(None, map(web_address, self._fields("url"))))),
        )

    def speaker(self, report: ReportFacts, statements: tuple[Statement, ...]) -> Speaker:
        """Return who acts where a clause names nobody.

        The people's government where the document names it, else the place itself; in a document of a
        department or of several bodies those who issued it. A document that demands rather than reports has
        no default actor.
        """
        resolver = self.reader.resolver
        government = resolver.government(report.jurisdiction) if report.jurisdiction else ""
        named = {item.entity for statement in statements for item in statement.named}
        named |= {entity for entity, _, _ in self.mentions(report)}
        actor: tuple[str, ...] = (government,) if government in named else (report.jurisdiction,)
        body: tuple[str, ...] = (government,) if government else self.issuers
        if self.issuers and government not in self.issuers and self._speaks_for_itself():
            actor = body = self.issuers
        places = frozenset(
            key for key, entity in resolver.entities.items() if entity.kind == Kind.JURISDICTION
        )
        actors = tuple(a for a in actor if a)
        return Speaker(actors, tuple(b for b in body if b), report.jurisdiction, places, self.is_norm)

    def relate(self, report: ReportFacts, statements: tuple[Statement, ...], ledger: Ledger) -> None:
        """Add what the front matter states: to whom a report was made, and what a covering notice issues."""
        if self.is_norm:
            self._covering(statements, ledger)
            return
        line = next((item for item in self.document.fields if item.name == "addressee"), None)
        if line is None or not report.addressee:
            return
        resolver = self.reader.resolver
        actor = report.issuer or (resolver.government(report.jurisdiction) if report.jurisdiction else "")
        for addressee in self._bodies(line.value.rstrip(_COLONS)):
            span = Span(line.start, line.end)
            ledger.add(actor, "reportedTo", addressee, span, "reported.addressee", planned=False)

    def mentions(self, report: ReportFacts) -> list[tuple[str, int, int]]:
        """Return the mentions that the page's metadata makes of the bodies it names."""
        if self._mentions is not None:
            return self._mentions
        found = []
        for item in self.document.fields:
            if item.name in _NAMES_BODIES:
                read = self._addressed if item.name in _LISTS_BODIES else self._bodies
                value = "".join(item.value.rstrip(_COLONS).split())
                found += [(entity, item.start, item.end) for entity in read(value)]
        title = next((item for item in self.document.fields if item.name == "title"), None)
        if title:
            named = [report.jurisdiction, *self._bodies(self.title)]
            found += [(entity, title.start, title.end) for entity in named if entity]
        self._mentions = found
        return found

    def _speaks_for_itself(self) -> bool:
        """Say whether the issuers are no government of the place and no office that writes for it."""
        entities = self.reader.resolver.entities
        kinds = {dict(entities[body].attributes).get("institutionType", "") for body in self.issuers}
        return not kinds & self.rules.institutions.writes_for

    def _covering(self, statements: tuple[Statement, ...], ledger: Ledger) -> None:
        """Add that the issuers of 关于印发《甲》的通知 issued 甲."""
        covered: list[str] = []
        for statement in statements:
            if statement.segment.kind != "title":
                continue
            passage = Span(statement.segment.start, statement.segment.end)
            for item in statement.named:
                if item.kind == Kind.POLICY_DOCUMENT and self.rules.relations.patterns[
                    "title_forward"
                ].search(self.reader.text[statement.segment.start : item.start + 1]):
                    covered.append(item.entity)
                    for issuer in self.issuers:
                        ledger.add(issuer, "issued", item.entity, passage, "issued.covering", planned=False)
        self._basis(covered, statements, ledger)

    def _basis(self, covered: list[str], statements: tuple[Statement, ...], ledger: Ledger) -> None:
        """Add what the covered document rests on: 根据《甲》制定本办法."""
        for statement in statements:
            segment = statement.segment
            own = self.rules.relations.patterns["own_document"].search(
                self.reader.text, segment.start, segment.end
            )
            for item in statement.named if own else ():
                if item.kind == Kind.POLICY_DOCUMENT and own and item.end <= own.start():
                    passage = Span(segment.start, segment.end)
                    for document in covered:
                        ledger.add(document, "basedOn", item.entity, passage, "based-on.own", planned=False)

    def _year(self, segments: tuple[Segment, ...]) -> str:
        """Return the year reported on: the title's, the one before for a work report; a norm's own year."""
        patterns = self.rules.relations.patterns
        year = patterns["year_title"].search(self.title)
        if self.is_norm or not (self.type or year):
            for value in (
                *self._fields("docNumber"),
                self._field("issued"),
                self._field("signatureDate"),
                self._field("published"),
            ):
                issued = patterns["year_any"].search(value)
                if issued:
                    return issued.group(1)
        if year and patterns["work_report"].search(self.title):
            return str(int(year.group(1)) - 1)
        if year:
            return year.group(1)
        for item in segments:
            found = patterns["year_text"].search(self.reader.text, item.start, item.end)
            if found:
                return found.group(1)
        return ""

    def _body(self) -> str:
        regions = (region for region in self.document.regions if region.role == "body")
        return "".join(self.document.text[region.start : region.end] for region in regions)

    def _addressed(self, value: str) -> list[str]:
        """Return the particular bodies among those addressed; kinds of bodies (各省人民政府) are none."""
        parts = self.rules.institutions.patterns["list_part"].split(value)
        return list(dict.fromkeys(body for part in parts for body in self._bodies(part)))

    def _bodies(self, name: str) -> list[str]:
        return self.reader.bodies_named("".join(name.split())) if name else []

    def _field(self, *names: str) -> str:
        for name in names:
            for item in self.document.fields:
                if item.name == name and item.value:
                    return item.value
        return ""

    def _fields(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.value for item in self.document.fields if item.name == name))
