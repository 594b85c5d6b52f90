"""Segment -> Statement: recognises and resolves all that a sentence names, so that overlaps are settled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kg import ids
from kg.model import Home, Kind, Segment, Unsure
from kg.recognising.documents import TitleHit, abbreviations, find_documents
from kg.recognising.honours import find_honours
from kg.recognising.initiatives import InitiativeHit, find_in_title, find_initiatives
from kg.recognising.institutions import BodyHit, find_institutions
from kg.recognising.places import PlaceHit, find_places
from kg.recognising.surroundings import Surroundings
from kg.relating.clauses import Named, Statement, clause_at
from kg.resolving.entities import Resolver
from kg.rules import Rules
from kg.rules.documents import fold
from kg.rules.matching import leftmost_longest, overlaps, within
from kg.rules.watching import Seen
from kg.understanding.decisions import Decisions

_DUTIES = frozenset(
    {
        "initiative.compound",
        "initiative.measure",
        "initiative.channel",
        "initiative.subject",
        "initiative.shared-head",
        "initiative.quoted-list",
    }
)
"""Rules whose finds are mostly duties in a document that demands: names only where they are campaigns."""


_CITED = frozenset({"document.short-title", "document.numbered"})
"""Rules whose finds are cited documents of others, even after a verb of issuing."""


class Reader:
    """What one document's sentences name; it remembers titles and their issuers on the way."""

    def __init__(
        self,
        text: str,
        rules: Rules,
        home: Home | None,
        around: Surroundings,
        seen: Seen,
        overrides: Mapping[str, str] | None = None,
    ) -> None:
        self.text = text
        self.rules = rules
        self.home = home
        self.around = around
        self.resolver = Resolver(rules, home)
        self.decisions = Decisions(overrides or {}, self.resolver)
        self.short_titles = abbreviations(text, rules.documents)
        self.demands = False
        # What one pass over the whole text has seen of the words that recognisers look for, and of places.
        self._seen = seen
        self._places, self._shared = around.find(text, seen)
        self._place_starts = [start for start, _, _ in self._places]
        self._shared_starts = [start for start, _, _ in self._shared]
        # What a name was resolved to: most names come many times, and each means the same in all its places.
        self._resolved: dict[tuple[str, str, bool, str, str], str] = {}
        self._listed: dict[str, list[str]] = {}
        self._set_out: dict[str, tuple[str, ...]] = {}
        self.titles: dict[tuple[int, int], tuple[str, str]] = {}
        self.issuers: dict[str, tuple[str, ...]] = {}
        self.in_titles: set[tuple[str, int, int]] = set()

    def statement(self, item: Segment) -> Statement:
        """Return one segment with the things it names.

        Titles come first, because what stands inside them is no mention of its own; then honours, bodies,
        initiatives, and last the places that belong to none of these.
        """
        if not item.clauses:
            return Statement(item, ())
        seen = self._seen.within(item.start, item.end)
        titles, decoys = find_documents(
            self.text,
            item.start,
            item.end,
            self.rules.documents,
            self.short_titles,
            open_titles=not self.demands,
            seen=seen,
        )
        titles = self._without_names(item, titles)
        named = [self._document(item, hit) for hit in titles]
        taken = [(hit.start, hit.end) for hit in titles] + decoys
        for honour in find_honours(self.text, item.clauses, self.rules.honours, seen):
            entity = self.resolver.honour(honour.name)
            named.append(Named(honour.start, honour.end, Kind.HONOUR, entity, honour.rule, honour.trigger))
            taken.append((honour.start, honour.end))
        names = within(self._places, self._place_starts, item.start, item.end)
        found_places = find_places(
            self.text, item.start, item.end, self.around, self.rules.places, names, seen
        )
        found_places = self.decisions.places(found_places, self.text, item.start, item.end, self.around)
        places = [hit for hit in found_places if _free(hit, taken)]
        bodies = find_institutions(
            self.text,
            item.start,
            item.end,
            places,
            self.rules.institutions,
            self.around,
            seen,
        )
        for body in [hit for hit in bodies if _free(hit, taken)]:
            entity = self.institution(body, self.text)
            surface = self.text[body.start : body.end]
            if surface in self.decisions:
                self.decisions.note(surface, body.start, body.end)
            if entity:
                kind = self.decisions.kind(entity) if surface in self.decisions else Kind.INSTITUTION
                named.append(Named(body.start, body.end, kind, entity, body.rule))
            elif surface not in self.decisions:
                self._unsure(body)
            taken.append((body.start, body.end))
        found_all = find_initiatives(self.text, item.clauses, taken, self.rules.initiatives, seen)
        for found in found_all:
            if self.demands and not self._is_done(item, found):
                continue
            entity = self.resolver.initiative(found.name, found.labels)
            named.append(Named(found.start, found.end, Kind.INITIATIVE, entity, found.rule))
            taken.append((found.start, found.end))
        for place in places:
            surface = self.text[place.start : place.end]
            decided = surface in self.decisions
            if decided:
                self.decisions.note(surface, place.start, place.end)
            if not _free(place, taken):
                continue
            entity = self.decisions.place(surface) if decided else self.resolver.place(place.reference)
            if entity:
                kind = self.decisions.kind(entity) if decided else Kind.JURISDICTION
                named.append(Named(place.start, place.end, kind, entity, "jurisdiction"))
        self._clashes(item)
        named.sort(key=lambda n: (n.start, n.end, n.kind, n.entity))
        return Statement(item, tuple(named))

    def _is_done(self, item: Segment, found: InitiativeHit) -> bool:
        """Say whether a norm names something done: quoted after a verb of doing, or a campaign."""
        patterns = self.rules.initiatives.patterns
        if found.rule in _DUTIES:
            return bool(patterns["campaign"].search(found.name))
        if found.rule != "initiative.quoted-done" or patterns["named_quoted"].search(found.name):
            return True
        before, after = self.text[item.start : found.start], self.text[found.end : item.end]
        return bool(patterns["done_right_before"].search(before)) and not patterns["term_after"].match(after)

    def _unsure(self, hit: BodyHit) -> None:
        """Keep a body whose place is left open (区司法局 in a city's report), with the places it may have."""
        unit = hit.reference.removeprefix("unit:")
        self.resolver.unsure.append(
            Unsure(
                self.text[hit.start : hit.end],
                hit.start,
                hit.end,
                self.resolver.divisions_called(unit),
                "several places of that level" if self.home else "the document's own place is unknown",
            )
        )

    def _clashes(self, item: Segment) -> None:
        """Keep the names that several places near the home share."""
        shared = within(self._shared, self._shared_starts, item.start, item.end)
        for first, last, word in leftmost_longest(shared):
            candidates = tuple(ids.jurisdiction(code) for code in sorted(self.around.clashes[word]))
            if word in self.decisions:
                self.decisions.note(word, first, last)
                continue
            self.resolver.unsure.append(
                Unsure(word, first, last, candidates, "several places have this name")
            )

    def places(self, name: str, seen: Seen | None = None) -> list[PlaceHit]:
        """Return the places named in a text of its own: a title, a field of the page."""
        seen = seen or self.rules.watch.scan(name)
        names, _ = self.around.find(name, seen)
        can_be = seen.within(0, len(name))
        hits = find_places(name, 0, len(name), self.around, self.rules.places, names, can_be)
        return self.decisions.places(hits, name, 0, len(name), self.around)

    def institution(self, hit: BodyHit, text: str) -> str:
        """Return the id of a body as written in ``text``, "" where it is nobody's in particular."""
        surface = text[hit.start : hit.end]
        if surface in self.decisions:
            return self.decisions.body(hit, surface)
        key = (hit.reference, hit.body, hit.listed, hit.type, surface)
        if key not in self._resolved:
            self._resolved[key] = self.resolver.institution(
                hit.reference, hit.body, listed=hit.listed, kind=hit.type, surface=surface
            )
        return self._resolved[key]

    def bodies_named(self, name: str) -> list[str]:
        """Return the bodies that a name by itself (a metadata field, the head of a title) lists, in order."""
        if name not in self._listed:
            self._listed[name] = self._bodies_listed(name)
        return self._listed[name]

    def _bodies_listed(self, name: str) -> list[str]:
        seen = self.rules.watch.scan(name)
        hits = find_institutions(
            name,
            0,
            len(name),
            self.places(name, seen),
            self.rules.institutions,
            self.around,
            seen.within(0, len(name)),
        )
        found, at = [], 0
        for hit in hits:
            if hit.start - at > 1 or (hit.rule == "institution.bare" and at):
                break
            found.append(self.institution(hit, name))
            at = hit.end
        if not found:
            first = self.rules.institutions.patterns["list_part"].split(name)[0]
            if self.rules.institutions.patterns["whole_body"].fullmatch(first):
                found = [self.resolver.institution("named", first, listed=False, kind="enterprise")]
        return list(dict.fromkeys(found)) if all(found) else []

    def national(self) -> frozenset[str]:
        """Return the ids of the documents of the national list that this document names."""
        known = (self.rules.documents.national.get(fold(title)) for title, _ in self.titles.values())
        return frozenset(ids.policy_document(entry.title) for entry in known if entry)

    def _without_names(self, item: Segment, titles: list[TitleHit]) -> list[TitleHit]:
        """Return the titles that are not part of a known initiative's name (宪法 in 宪法宣传周)."""
        bare = [hit for hit in titles if hit.rule == "document.short-title"]
        if not bare:
            return titles
        finder = self.rules.initiatives.bare
        spans = [
            (item.start + a, item.start + b) for a, b, _ in finder.find(self.text[item.start : item.end])
        ]
        inner = [hit for hit in bare if any(a <= hit.start and hit.end <= b for a, b in spans)]
        return [hit for hit in titles if hit not in inner]

    def _document(self, item: Segment, hit: TitleHit) -> Named:
        local = not hit.inside and self._issued_here(item, hit)
        entity = self.resolver.document(hit.title, local=local)
        self.titles[hit.start, hit.end] = (hit.title, hit.rule)
        issuers = self.bodies_named(hit.title)
        if issuers:
            self.issuers[entity] = tuple(issuers)
            self.in_titles.update((issuer, hit.start, hit.end) for issuer in issuers)
        if hit.title not in self._set_out:
            self._set_out[hit.title] = tuple(self._title_initiatives(hit.title))
        self.in_titles.update((entity, hit.start, hit.end) for entity in self._set_out[hit.title])
        return Named(hit.start, hit.end, Kind.POLICY_DOCUMENT, entity, hit.rule)

    def _issued_here(self, item: Segment, hit: TitleHit) -> bool:
        """Say whether a verb of issuing governs a title, so that a title without a place is this place's."""
        if hit.rule != "document.title":
            return hit.rule not in _CITED
        clause = item.clauses[clause_at(item, hit.start)]
        before = self.text[clause.start : hit.start]
        leading = self.rules.relations.of(Kind.POLICY_DOCUMENT, "before")
        patterns = {trigger.predicate: trigger.pattern for trigger in leading}
        issued = _last_end(patterns.pop("issued"), before)
        return issued >= 0 and all(_last_end(pattern, before) <= issued for pattern in patterns.values())

    def _title_initiatives(self, title: str) -> Iterator[str]:
        """Yield the initiatives that a title sets out: known ones, and what a strong head noun ends."""
        if fold(title) in self.rules.documents.national:
            return
        for found in find_in_title(title, self.rules.initiatives):
            place = next((p.end for p in self.places(found.name) if p.start == 0), 0)
            name = found.name[place:]
            if name:
                yield self.resolver.initiative(name, ())


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match of a pattern ends, -1 where there is none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def _free(hit: PlaceHit | BodyHit, spans: Sequence[tuple[int, int]]) -> bool:
    return not overlaps(hit.start, hit.end, spans)
