"""Bytes -> Analysis: the one file that knows the order of the stages."""

from __future__ import annotations

from pathlib import Path

from kg import ids
from kg.errors import InputError
from kg.model import Analysis, Document, Home, Kind, ReportFacts, Segment
from kg.reading import read
from kg.recognising.documents import TitleHit, find_documents
from kg.recognising.honours import find_honours
from kg.recognising.initiatives import find_in_title, find_initiatives
from kg.recognising.institutions import BodyHit, find_institutions, parse_name
from kg.recognising.places import PlaceHit, find_places
from kg.recognising.surroundings import Surroundings, surroundings
from kg.relating.clauses import Named, Statement, clause_at, subjects
from kg.relating.observations import observe
from kg.relating.relations import relate
from kg.relating.speaker import Ledger, Speaker
from kg.relating.titles import read_offices, read_parts, read_titles
from kg.resolving.entities import Resolver
from kg.resolving.home import locate
from kg.rules import Rules
from kg.rules.documents import fold
from kg.segmenting import segment


def analyse(path: Path, source: str, rules: Rules) -> Analysis:
    """Read one file and understand it.

    Args:
        path: the file.
        source: its name for the graph, relative to the input folder.
        rules: the rule data.

    Raises:
        InputError: the file cannot be read; the message says what to do.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            source, "unreadable", f"cannot be opened, {error.strerror}", "check the file and its permissions"
        ) from error
    return understand(read(data, source), rules)


def understand(document: Document, rules: Rules) -> Analysis:
    """Return everything ``document`` says: entities, facts, observations, with the words that say so."""
    segments = segment(document, rules.structure)
    home = locate(document, rules.places)
    reader = _Reader(document, rules, home, surroundings(home))
    return reader.read(segments)


class _Reader:
    """One document on its way from segments to an analysis."""

    def __init__(self, document: Document, rules: Rules, home: Home | None, around: Surroundings) -> None:
        self.document = document
        self.text = document.text
        self.rules = rules
        self.home = home
        self.around = around
        self.resolver = Resolver(rules, home)
        self.titles: dict[tuple[int, int], tuple[str, str]] = {}
        self.issuers: dict[str, tuple[str, ...]] = {}
        self.in_titles: set[tuple[str, int, int]] = set()

    def read(self, segments: tuple[Segment, ...]) -> Analysis:
        """Recognise, resolve and relate."""
        report = self._report(segments)
        statements = tuple(self._statement(item) for item in segments)
        speaker = self._speaker(report, statements)
        entities = self.resolver.entities
        relations = self.rules.relations
        ledger = relate(self.text, statements, speaker, relations, self.issuers, self._national())
        sentences = tuple(s for s in statements if s.segment.kind != "title")
        read_titles(sentences, self.titles, self.issuers, entities, ledger, relations)
        read_parts(sentences, self._parents(), ledger)
        read_offices(sentences, self.resolver.wholes, ledger)
        self._addressed(report, statements, ledger)
        observations = self._observations(segments, statements, speaker)
        mentions = [(item.entity, item.start, item.end) for s in statements for item in s.named]
        mentions += [*self._field_mentions(report), *self.in_titles]
        return Analysis(
            self.document,
            report,
            segments,
            tuple(entities[key] for key in sorted(entities)),
            tuple(sorted(set(mentions), key=lambda m: (m[1], m[2], m[0]))),
            tuple(sorted(ledger.facts.values(), key=lambda f: (f.subject, f.predicate, f.object))),
            observations,
            tuple(self.resolver.unsure),
        )

    # --- names in sentences

    def _statement(self, item: Segment) -> Statement:
        """Recognise and resolve all that one segment names."""
        named: list[Named] = []
        if not item.clauses:
            return Statement(item, ())
        text, rules = self.text, self.rules
        titles, decoys = find_documents(text, item.start, item.end, rules.documents)
        taken = [(hit.start, hit.end) for hit in titles] + decoys
        honours = find_honours(text, item.clauses, rules.honours)
        taken += [(hit.start, hit.end) for hit in honours]
        outer = [hit for hit in titles if not hit.inside]
        local = {
            (hit.start, hit.end): self._issued_here(item, hit.start, hit.rule) for hit in outer
        }
        for hit in titles:
            entity = self.resolver.document(hit.title, local=local.get((hit.start, hit.end), False))
            self.titles[hit.start, hit.end] = (hit.title, hit.rule)
            self._title_issuers(entity, hit.title)
            self._title_initiatives(hit)
            named.append(Named(hit.start, hit.end, Kind.POLICY_DOCUMENT, entity, hit.rule))
        for honour in honours:
            entity = self.resolver.honour(honour.name)
            named.append(Named(honour.start, honour.end, Kind.HONOUR, entity, honour.rule, honour.trigger))
        places = [hit for hit in self._places(text, item.start, item.end) if not _covered(hit, taken)]
        bodies = [
            hit
            for hit in find_institutions(
                text, item.start, item.end, places, rules.institutions, self.around.codes
            )
            if not _covered(hit, taken)
        ]
        for body in bodies:
            entity = self._institution(body)
            if entity:
                named.append(Named(body.start, body.end, Kind.INSTITUTION, entity, body.rule))
        taken += [(body.start, body.end) for body in bodies]
        initiatives = find_initiatives(text, item.clauses, taken, rules.initiatives)
        for found in initiatives:
            entity = self.resolver.initiative(found.name, found.labels, found.type)
            named.append(Named(found.start, found.end, Kind.INITIATIVE, entity, found.rule))
        taken += [(found.start, found.end) for found in initiatives]
        for place in places:
            if not _covered(place, taken):
                entity = self.resolver.place(place.reference)
                if entity:
                    named.append(Named(place.start, place.end, Kind.JURISDICTION, entity, "jurisdiction"))
        named.sort(key=lambda n: (n.start, n.end, n.kind, n.entity))
        return Statement(item, tuple(named))

    def _places(self, text: str, start: int, end: int) -> list[PlaceHit]:
        return find_places(text, start, end, self.around, self.rules.places)

    def _institution(self, hit: BodyHit) -> str:
        return self.resolver.institution(
            hit.reference, hit.body, listed=hit.listed, kind=hit.type, surface=self.text[hit.start : hit.end]
        )

    def _issued_here(self, item: Segment, at: int, rule: str) -> bool:
        """Say whether a verb of issuing governs a title, so that a title without a place is this place's."""
        if rule != "document.title":
            return rule != "document.short-title"
        clause = item.clauses[clause_at(item, at)]
        before = self.text[clause.start : at]
        ends = {
            t.predicate: max((m.end() for m in t.pattern.finditer(before)), default=-1)
            for t in self.rules.relations.of(Kind.POLICY_DOCUMENT, "before")
        }
        issued = ends.pop("issued", -1)
        return issued >= 0 and issued >= max(ends.values(), default=-1)

    def _title_issuers(self, document: str, title: str) -> None:
        """Keep the bodies that a title begins with: they issued the document."""
        places = self._places(title, 0, len(title))
        hits = find_institutions(title, 0, len(title), places, self.rules.institutions)
        at = 0
        found = []
        for hit in hits:
            if hit.start - at > 1 or hit.rule == "institution.bare":
                break
            found.append(self._institution(hit))
            at = hit.end
        if found and all(found):
            self.issuers[document] = tuple(dict.fromkeys(found))

    def _title_initiatives(self, hit: TitleHit) -> None:
        """Add the initiatives that a title sets out: known ones, and what a strong head noun ends (…攻坚战)."""
        title = hit.title
        if fold(title) in self.rules.documents.national:
            return
        for found in find_in_title(title, self.rules.initiatives):
            place = next((hit.end for hit in self._places(found.name, 0, len(found.name)) if hit.start == 0), 0)
            name = found.name[place:]
            if name:
                self.in_titles.add((self.resolver.initiative(name, (), found.type), hit.start, hit.end))

    # --- the document itself

    def _field(self, *names: str) -> str:
        for name in names:
            for item in self.document.fields:
                if item.name == name and item.value:
                    return item.value
        return ""

    def _fields(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.value for item in self.document.fields if item.name == name))

    def _body_named(self, name: str) -> str:
        """Return the body that a field's value names, "" if it names none."""
        name = "".join(name.split())
        hit = parse_name(name, self._places(name, 0, len(name)), self.rules.institutions)
        if hit is None:
            return ""
        saved, self.text = self.text, name
        try:
            return self._institution(hit)
        finally:
            self.text = saved

    def _report(self, segments: tuple[Segment, ...]) -> ReportFacts:
        title = self._field("title")
        patterns = self.rules.relations.patterns
        year = patterns["year_title"].search(title)
        value = year.group(1) if year else ""
        if value and patterns["work_report"].search(title):
            value = str(int(value) - 1)
        if not value:
            for item in segments:
                found = patterns["year_text"].search(self.text, item.start, item.end)
                if found:
                    value = found.group(1)
                    break
        place = self.resolver.place("home") if self.home else ""
        self._title_issuers("report", "".join(title.split()))
        issuer = (self.issuers.pop("report", ("",)))[0]
        for name in ("signature", "issuer"):
            issuer = issuer or self._body_named(self._field(name))
        return ReportFacts(
            id=ids.report(self.document.sha256),
            title=title,
            year=value,
            jurisdiction=place,
            issuer=issuer,
            addressee=self._body_named(self._field("addressee").rstrip(":：")),
            doc_numbers=self._fields("docNumber"),
            issued=self._field("issued", "signatureDate"),
            published=self._field("published", "issued"),
            index_number=self._field("indexNumber"),
            document_type=self.rules.documents.type_of(title),
        )

    def _speaker(self, report: ReportFacts, statements: tuple[Statement, ...]) -> Speaker:
        """Return who acts by default: the government where the document names it, else the place itself."""
        body = self.resolver.government(report.jurisdiction) if report.jurisdiction else ""
        named = {item.entity for statement in statements for item in statement.named}
        named |= {entity for entity, _, _ in self._field_mentions(report)}
        actor = body if body in named else report.jurisdiction
        body = body or report.issuer
        places = frozenset(
            key for key, entity in self.resolver.entities.items() if entity.kind == Kind.JURISDICTION
        )
        return Speaker(actor or report.issuer, body, report.jurisdiction, places)

    def _national(self) -> frozenset[str]:
        """Return the ids of the documents of the national list that this document names."""
        titles = {title for title, _ in self.titles.values()}
        known = (self.rules.documents.national.get(fold(title)) for title in titles)
        return frozenset(ids.policy_document(entry.title) for entry in known if entry)

    def _parents(self) -> dict[str, str]:
        """Return the parts of numbered programmes (三项制度), the ones a report enumerates, by their parent."""
        rules = self.rules.initiatives
        return {
            ids.initiative(entry.name): ids.initiative(entry.parent)
            for entry in rules.known.values()
            if entry.parent and rules.patterns["numbered"].search(entry.parent)
        }

    def _addressed(self, report: ReportFacts, statements: tuple[Statement, ...], ledger: Ledger) -> None:
        """Add that a report was made to its addressee; the passage is the line that addresses it."""
        if not report.addressee:
            return
        from kg.model import Span  # noqa: PLC0415

        line = next(item for item in self.document.fields if item.name == "addressee")
        actor = report.issuer or (self.resolver.government(report.jurisdiction) if report.jurisdiction else "")
        ledger.add(actor, "reportedTo", report.addressee, Span(line.start, line.end), "reported.addressee", planned=False)

    def _field_mentions(self, report: ReportFacts) -> list[tuple[str, int, int]]:
        """Return the mentions that the page's metadata makes of the bodies it names."""
        found = []
        for item in self.document.fields:
            if item.name in ("issuer", "signature", "addressee", "source"):
                entity = self._body_named(item.value.rstrip(":：")) if item.value else ""
                if entity:
                    found.append((entity, item.start, item.end))
        title = next((item for item in self.document.fields if item.name == "title"), None)
        if title and report.jurisdiction:
            found.append((report.jurisdiction, title.start, title.end))
        if title and report.issuer:
            found.append((report.issuer, title.start, title.end))
        return found

    def _observations(self, segments: tuple[Segment, ...], statements: tuple[Statement, ...], speaker: Speaker):  # type: ignore[no-untyped-def]
        starts = [(s.segment.start, s.segment.end, s) for s in statements]

        def of(offset: int) -> str:
            for start, end, statement in starts:
                if start <= offset < end and statement.segment.clauses:
                    actors = subjects(self.text, statement, self.rules.relations)
                    own = actors[clause_at(statement.segment, offset)]
                    return own[0] if len(own) == 1 else ""
            return ""

        return observe(self.text, [s for s in segments if s.kind != "title"], of)


def _covered(hit: PlaceHit | BodyHit, spans: list[tuple[int, int]]) -> bool:
    return any(start < hit.end and hit.start < end for start, end in spans)
