"""Mentions -> Entities: decides which thing each name means here, and collects what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg import ids
from kg.model import Entity, Home, Kind, Unsure
from kg.resolving.home import deepest, expand_zone
from kg.resolving.naming import PlaceName, official_name, other_names, unit_key
from kg.rules import Rules
from kg.rules.documents import display, fold
from kg.rules.institutions import Body
from kg.rules.places import COUNTRY

_PLAIN = "programme"  # the type of an initiative whose name has no head noun
_OPEN_TITLE_SCAN = 16  # characters: a place that makes a title unique stands near its beginning


@dataclass(slots=True)
class Resolver:
    """The entities of one document, growing as its mentions are resolved.

    One per document: it holds no state that another document could see.
    """

    rules: Rules
    home: Home | None
    entities: dict[str, Entity] = field(default_factory=dict)
    unsure: list[Unsure] = field(default_factory=list)
    wholes: dict[str, str] = field(default_factory=dict)

    # --- places

    def place(self, reference: str) -> str:
        """Return the id of the place a reference means here, "" where it means none in particular."""
        kind, _, rest = reference.partition(":")
        if reference == "home" or reference.startswith("jurisdiction/"):
            return self._home_place()
        meant = {
            "code": self.division,
            "unit": self._unit,
            "zone": self._zone,
            "village": self._village,
            "parent": self._above,
        }.get(kind)
        return meant(rest) if meant else ""

    def _above(self, _: str) -> str:
        """Return the division right above the home (上一级)."""
        if self.home is None:
            return ""
        above = [code for code in self.home.lineage if code != self.home.code]
        return self.division(above[0]) if above else ""

    def division(self, code: str) -> str:
        """Add a division of the official table and return its id."""
        gazetteer = self.rules.places.gazetteer
        division = gazetteer.divisions[code]
        entity_id = ids.jurisdiction(code)
        if entity_id not in self.entities:
            links = (("within", ids.jurisdiction(division.parent)),) if division.parent else ()
            labels = tuple(dict.fromkeys((*division.short, gazetteer.full_name(code))))
            self.entities[entity_id] = Entity(
                entity_id,
                Kind.JURISDICTION,
                division.name,
                tuple(label for label in labels if label != division.name),
                (("code", code), ("level", division.level)),
                links,
            )
        return entity_id

    def _home_place(self) -> str:
        if self.home is None:
            return ""
        if self.home.code:
            return self.division(self.home.code)
        if self.home.id not in self.entities:
            host = self.home.lineage[:1]
            shorts = tuple(
                self.home.name.removesuffix(full) + suffix
                for suffix, _, full in self.rules.places.zone_suffixes
                if full
                and expand_zone(self.home.name.removesuffix(full) + suffix, self.rules.places)
                == self.home.name
            )
            self.entities[self.home.id] = Entity(
                self.home.id,
                Kind.JURISDICTION,
                self.home.name,
                shorts,
                (("level", "zone"),),
                tuple(("within", self.division(code)) for code in host),
            )
        return self.home.id

    def _unit(self, unit: str) -> str:
        """Return the place that 市, 县, 区 … means here: the own one, or the ancestor of that kind."""
        if self.home is None:
            return ""
        gazetteer = self.rules.places.gazetteer
        above = [code for code in self.home.lineage if code != self.home.code]
        for exact in (True, False):  # 区 is the district that speaks before it is the 自治区 above it
            if _same_unit(unit, self.home.unit, exact=exact):
                return self._home_place()
            for code in above:
                if _same_unit(unit, gazetteer.unit(code), exact=exact):
                    return self.division(code)
        return ""

    def divisions_called(self, unit: str) -> tuple[str, ...]:
        """Return the divisions right below the home that call themselves ``unit``: whose 区司法局 may be."""
        if self.home is None:
            return ()
        gazetteer = self.rules.places.gazetteer
        children = (code for host in self.home.lineage[:1] for code in gazetteer.children.get(host, ()))
        return tuple(ids.jurisdiction(code) for code in children if gazetteer.unit(code) == unit)

    def _zone(self, name: str) -> str:
        """Return the id of a zone named in full, with the division it lies in as host."""
        full = expand_zone(name, self.rules.places)
        host = ""
        called, zones = self.rules.places.zones_called, self.rules.places.zones
        rows = [called[name]] if name in called else []
        if full in called and zones[called[full]][0] == full:
            rows.append(called[full])
        if rows:
            full, _, _, host = zones[min(rows)]
        if not host:
            found = [code for code, _ in deepest(name, self.rules.places, short=True)]
            near = [code for code in found if self.home and set(self.home.lineage) & {code}]
            host = (near or sorted(found) or [""])[0]
        if self.home and not self.home.code and full == self.home.name:
            return self._home_place()
        entity_id = ids.place(host, full)
        if entity_id not in self.entities:
            self.entities[entity_id] = Entity(
                entity_id,
                Kind.JURISDICTION,
                full,
                () if name == full else (name,),
                (("level", "zone"),),
                (("within", self.division(host)),) if host else (),
            )
        return entity_id

    def _village(self, reference: str) -> str:
        code, _, name = reference.partition("/")
        entity_id = ids.place(code, name)
        township = self.rules.places.gazetteer.divisions[code].name
        if entity_id not in self.entities:
            self.entities[entity_id] = Entity(
                entity_id,
                Kind.JURISDICTION,
                name,
                (township + name,),
                (("level", "village"),),
                (("within", self.division(code)),),
            )
        return entity_id

    def place_name(self, entity_id: str) -> PlaceName | None:
        """Return a known place as names of bodies need it."""
        entity = self.entities.get(entity_id)
        if entity is None:
            return None
        attributes = dict(entity.attributes)
        code = attributes.get("code", "")
        gazetteer = self.rules.places.gazetteer
        if code:
            division = gazetteer.divisions[code]
            parent = gazetteer.divisions.get(division.parent)
            return PlaceName(
                entity_id,
                entity.name,
                gazetteer.full_name(code),
                gazetteer.unit(code),
                attributes["level"],
                parent.name if parent else "",
                division.short[0] if division.short else "",
            )
        unit = self.home.unit if self.home and entity_id == self.home.id else gazetteer.units["zone"]
        hosts = [target for link, target in entity.links if link == "within"]
        host = self.entities[hosts[0]] if hosts and hosts[0] in self.entities else None
        stem = entity.name
        for label in (host.name, *host.labels) if host else ():
            stem = stem.removeprefix(label) or stem
        return PlaceName(
            entity_id, entity.name, entity.name, unit, attributes["level"], host.name if host else "", stem
        )

    # --- bodies

    def institution(self, reference: str, body: str, *, listed: bool, kind: str, surface: str = "") -> str:
        """Return the id of a body, "" where the text does not say whose it is.

        Args:
            reference: a place reference, ``home`` or ``named``.
            body: the key of a listed kind of body, or an open name without its place.
            listed: whether ``body`` is a key of the national lists.
            kind: the institution type, for an open name.
            surface: the name as written: some short forms mean another body at another level (市法院).

        """
        rules = self.rules.institutions
        if reference == "named":
            return self._named(body) if listed else self._organ(body, kind)
        place_id = self.place(reference)
        place = self.place_name(place_id) if place_id else None
        if place is None:
            return ""
        if not listed:
            return self._open_body(place, body, kind, surface if reference.startswith("code:") else "")
        entry = rules.by_key[rules.at_level(rules.by_key[body].key, place.level, surface)]
        entity_id = self._listed(place, entry)
        if entry.parent:
            self.wholes[entity_id] = self._listed(place, rules.by_key[entry.parent])
        return entity_id

    def _listed(self, place: PlaceName, entry: Body) -> str:
        names = other_names(entry, place)
        return self._body(place, unit_key(entry, place), official_name(entry, place), names, entry.type)

    def _open_body(self, place: PlaceName, body: str, kind: str, surface: str) -> str:
        """Return a body of no list; a name that begins with its place (东莞仲裁委员会) is that place's."""
        written = body
        body = self._without_home(body)
        found = deepest(body, self.rules.places, short=True)
        for code, length in found:
            if ids.jurisdiction(code) == place.id or (self.home and code in self.home.lineage):
                place = self.place_name(self.division(code)) or place
                body = body[length:]
                break
        labels = tuple(
            label
            for label in dict.fromkeys((place.name + body, written, surface))
            if label != place.full + body and label != body
        )
        name = place.full + body
        if kind in self.rules.institutions.as_written and surface.endswith(body) and surface != body:
            # firms, schools and media are registered under the name they use, short place name and all
            name, labels = surface, (name, *labels)
        return self._body(place, body, name, labels, kind)

    def _without_home(self, body: str) -> str:
        """Return an open name without the speaker's own short name before it (经开区综合执法大队)."""
        if self.home and not self.home.code:
            for suffix, _, full in self.rules.places.zone_suffixes:
                if self.home.name.endswith(full or suffix) and body.startswith(suffix):
                    return body.removeprefix(suffix)
        return body

    def government(self, place_id: str) -> str:
        """Return the people's government of a place, its management committee where it is a zone."""
        place = self.place_name(place_id)
        if place is None:
            return ""
        kind = "zone" if place.level == "zone" else "division"
        return self.institution_of(place_id, self.rules.institutions.governments[kind])

    def institution_of(self, place_id: str, key: str) -> str:
        """Return the listed body ``key`` of a place already known."""
        place = self.place_name(place_id)
        if place is None:
            return ""
        return self._listed(place, self.rules.institutions.by_key[key])

    def _body(self, place: PlaceName, key: str, name: str, labels: tuple[str, ...], kind: str) -> str:
        entity_id = ids.institution(place.id, key)
        if entity_id not in self.entities:
            self.entities[entity_id] = Entity(
                entity_id,
                Kind.INSTITUTION,
                name,
                labels,
                (("institutionType", kind),) if kind else (),
                (("serves", place.id),),
            )
        return entity_id

    def _named(self, name: str) -> str:
        entry = self.rules.institutions.named[name]
        entity_id = ids.institution(ids.jurisdiction(COUNTRY), entry.name)
        if entity_id not in self.entities:
            self.entities[entity_id] = Entity(
                entity_id,
                Kind.INSTITUTION,
                entry.name,
                entry.labels,
                (("institutionType", entry.type),) if entry.type else (),
                (("serves", self.division(COUNTRY)),),
            )
            if entry.part_of and entry.part_of in self.rules.institutions.named:
                self.wholes[entity_id] = self._named(entry.part_of)
        return entity_id

    def _organ(self, name: str, kind: str) -> str:
        """Return an organ of a national body (工业和信息化部办公厅)."""
        place = self.place_name(self.division(COUNTRY))
        return self._body(place, name, name, (), kind) if place else ""

    # --- documents, initiatives, honours

    def document(self, title: str, *, local: bool) -> str:
        """Return the id of a policy document.

        A national one has its official title. Another is known by its title alone where the title names a
        place, or where the text only cites it; a title without a place that was issued here (``local``) is
        scoped by this place.
        """
        rules = self.rules.documents
        known = rules.national.get(fold(title))
        if known:
            entity_id = ids.policy_document(known.title)
            attributes = [("documentType", rules.type_of(known.title) or known.kind)]
            if known.year:
                attributes.append(("year", known.year))
            if known.doc_number:
                attributes.append(("docNumber", known.doc_number))
            self._add(entity_id, Kind.POLICY_DOCUMENT, known.title, known.labels, tuple(attributes))
            return entity_id
        scope = ""
        if local and self.home and not self._names_a_place(title):
            scope = self.home.id.removeprefix("jurisdiction/")
        name = display(title)
        entity_id = ids.policy_document(name, scope)
        variants = (title,) if title != name else ()
        self._add(entity_id, Kind.POLICY_DOCUMENT, name, variants, tuple(self._title_attributes(title)))
        return entity_id

    def _names_a_place(self, title: str) -> bool:
        head = title[:_OPEN_TITLE_SCAN]
        return any(len(head[start:end]) > 2 for start, end, _ in self.rules.places.names.find(head)) or bool(
            self.home and (self.home.name in title or self.home.name[:-1] in head)
        )

    def _title_attributes(self, title: str) -> list[tuple[str, str]]:
        rules = self.rules.documents
        found: list[tuple[str, str]] = []
        kind = rules.type_of(title)
        if kind:
            found.append(("documentType", kind))
        period = rules.patterns["period"].search(title)
        if period and period.group(1) < period.group(2):
            found += [("periodStart", period.group(1)), ("periodEnd", period.group(2))]
        else:
            year = rules.patterns["year"].search(title)
            if year:
                found.append(("year", year.group(1)))
        if rules.patterns["trial"].search(title):
            found.append(("trial", "true"))
        return found

    def initiative(self, name: str, labels: tuple[str, ...]) -> str:
        """Return the id of an initiative: the known one that a wording means, or one of that name."""
        rules = self.rules.initiatives
        known = rules.known.get(fold(name)) or next(
            (rules.known[fold(label)] for label in labels if fold(label) in rules.known), None
        )
        if known:
            entity_id = ids.initiative(known.name)
            self._add(entity_id, Kind.INITIATIVE, known.name, known.labels, (("initiativeType", known.type),))
            return entity_id
        name = display(name)
        entity_id = ids.initiative(name)
        head = rules.head_of(name)  # of the name alone: its type may not depend on who names it
        self._add(
            entity_id, Kind.INITIATIVE, name, labels, (("initiativeType", head[1] if head else _PLAIN),)
        )
        return entity_id

    def honour(self, name: str) -> str:
        """Return the id of an honour; its batch belongs to it (第九批…), the name without it is a label."""
        rules = self.rules.honours
        display_name = display(name)
        known = rules.known.get(fold(name))
        if known:
            entity_id = ids.honour(known.name)
            self._add(entity_id, Kind.HONOUR, known.name, known.labels, ())
            return entity_id
        plain = rules.patterns["batch"].sub("", display_name)
        entity_id = ids.honour(display_name)
        self._add(entity_id, Kind.HONOUR, display_name, (plain,) if plain != display_name else (), ())
        return entity_id

    def _add(
        self,
        entity_id: str,
        kind: Kind,
        name: str,
        labels: tuple[str, ...],
        attributes: tuple[tuple[str, str], ...],
    ) -> None:
        """Add an entity, or its further labels to the one already there."""
        known = self.entities.get(entity_id)
        if known is None:
            own = tuple(label for label in dict.fromkeys(labels) if label and label != name)
            self.entities[entity_id] = Entity(entity_id, kind, name, own, attributes)
            return
        further = tuple(
            label for label in labels if label and label != known.name and label not in known.labels
        )
        if further:
            self.entities[entity_id] = Entity(
                known.id, known.kind, known.name, known.labels + further, known.attributes, known.links
            )


def _same_unit(unit: str, own: str, *, exact: bool) -> bool:
    return unit == own or (not exact and bool(own) and unit[-1] == own[-1])
