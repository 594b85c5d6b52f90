"""Draws a view of the graph as one still picture, SVG, for reports and slides.

It has the places, colours and shapes of the interactive one, and what a reader needs who cannot point at
anything: a title, a legend, sources, names that never overlap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lxml import etree

from kg.errors import ExportError
from kg.graph.selection import GraphView
from kg.viewing import appearance, layout, lettering, network, sheet
from kg.viewing.lettering import Box, Lettering
from kg.viewing.sheet import Sheet, clean, fill

WIDTH, HEIGHT = 1600, 1000
_CAPTION_ROOM = 30.0
_FEW = 60  # Up to so many things names are written whole.
_FEW_LINES = 45  # Up to so many lines what they say is written beside them.
_COVERING = 20  # Names of well connected things that may cover shapes, as in the page.
_SMALLEST, _LARGEST = 2.6, 34.0  # Radius of a thing, in pixels.
_QUOTES, _QUOTE = 3, 160  # Sentences that a line tells when it is pointed at, and their length.
_DISC_FROM = 40.0  # Half height, in pixels, from which a disc has room for more than its caption.
_ARROWS_FROM = 0.3  # Scale: among very many things arrow heads would be all that is seen.
_DENSE = 300  # Lines from which they are drawn faintly, so that they do not hide what they connect.


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the picture's own units are on the paper."""

    left: float
    top: float
    x: float
    y: float

    @property
    def scale(self) -> float:
        return min(self.x, self.y)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x * self.x, self.top + y * self.y


def render(
    view: GraphView, language: str = "zh", title: str = "", width: int = WIDTH, height: int = HEIGHT
) -> str:
    """Return ``view`` as an SVG document; the same view gives the same bytes.

    ``title`` stands above it; without one, what the view is about.

    Raises:
        ExportError: there is nothing to draw, or the language is not known.

    """
    if language not in appearance.LANGUAGES:
        raise ExportError(
            f"picture: no words in {language!r}; choose one of {', '.join(appearance.LANGUAGES)}"
        )
    if not view.nodes:
        raise ExportError("picture: nothing is left to draw; choose less narrowly")
    root = _Picture(view, Sheet(language, width, height), title).draw()
    return str(etree.tostring(root, encoding="unicode")) + "\n"


@dataclass(slots=True)
class _Picture:
    view: GraphView
    sheet: Sheet
    title: str
    places: layout.Layout = field(init=False)
    names: dict[str, str] = field(init=False)
    files: dict[str, str] = field(init=False)
    frame: _Frame = field(init=False)
    words: Lettering = field(init=False)
    points: dict[str, tuple[float, float]] = field(init=False)
    radii: dict[str, float] = field(init=False)
    captioned: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        order = {kind: each.order for kind, each in self.sheet.look.kinds.items()}
        self.places = layout.arrange(self.view, order)
        self.names = {node.iri: clean(node.label or node.iri) or "?" for node in self.view.nodes}
        self.files = {document.iri: clean(document.source) for document in self.view.documents}
        self.title = clean(self.title) or self._subject()

    @property
    def discs(self) -> tuple[layout.Disc, ...]:
        """The discs that are shown: one alone says nothing."""
        many = len(self.view.documents) > 1 and len(self.places.discs) > 1
        return self.places.discs if many else ()

    def draw(self) -> etree._Element:
        area = self.sheet.area(self.view, discs=bool(self.discs))
        self.frame = self._fitted(area)
        self.points = {iri: self.frame.at(each.x, each.y) for iri, each in self.places.places.items()}
        self.radii = {
            iri: min(max(each.size * self.frame.scale, _SMALLEST), _LARGEST)
            for iri, each in self.places.places.items()
        }
        sources = self._sources()
        counts = (len(self.view.nodes), len(self.view.edges), len(sources))
        told = fill(self.sheet.words("summary"), *counts)
        self.sheet.begin(self.title, told)
        self._draw_discs()
        lines = network.lines(self.view)
        self._draw_lines(lines)
        self._draw_things()
        self._write_names(area, lines)
        self._draw_words()
        unnamed = len(self.names.keys() - {label.of for label in self.words.labels} - self.captioned)
        self.sheet.head(
            self.title, told + (f" \u00b7 {self.sheet.say('unnamed', unnamed)}" if unnamed else "")
        )
        self.sheet.foot(sources)
        return self.sheet.root

    # What stands where

    def _fitted(self, area: Box) -> _Frame:
        """Fit discs, or where there are none the things themselves, into the area, with room for names."""
        places = self.places.places.values()
        if self.discs:
            boxes = [(each.x, each.y, each.width, each.height) for each in self.discs]
            room_x, room_y, most = 2.0, _CAPTION_ROOM, 2.0
        else:
            boxes = [(each.x, each.y, each.size, each.size) for each in places]
            room_x, room_y, most = 70.0, 24.0, 2.4
        left, right = min(x - w for x, _, w, _ in boxes), max(x + w for x, _, w, _ in boxes)
        top, bottom = min(y - h for _, y, _, h in boxes), max(y + h for _, y, _, h in boxes)
        below = 4.0 if self.discs else room_y + 20
        x = min((area.right - area.left - 2 * room_x) / (right - left), most)
        y = min((area.bottom - area.top - room_y - below) / (bottom - top), most)
        # Paper may be wider than a window: things move apart that way, but not until discs look like strips.
        x, y = min(x, 1.45 * y), min(y, 1.2 * x)
        middle = (area.top + room_y + area.bottom - below) / 2
        return _Frame(
            (area.left + area.right) / 2 - (left + right) / 2 * x, middle - (top + bottom) / 2 * y, x, y
        )

    def _draw_discs(self) -> None:
        group = self.sheet.add(self.sheet.root, "g", fill=sheet.DISC, stroke=sheet.RIM)
        for disc in self.discs:
            x, y = self.frame.at(disc.x, disc.y)
            self.sheet.add(
                group, "ellipse", cx=x, cy=y, rx=disc.width * self.frame.x, ry=disc.height * self.frame.y
            )

    def _draw_lines(self, lines: list[network.Line]) -> None:
        opacity = "0.5" if len(lines) < _DENSE else "0.3"
        attributes = {"stroke": sheet.LINE, "stroke-opacity": opacity, "fill": "none"}
        group = self.sheet.add(self.sheet.root, "g", id="lines", **attributes)
        for line in lines:
            (x1, y1), (x2, y2) = self.points[line.source], self.points[line.target]
            length = math.hypot(x2 - x1, y2 - y1)
            start, end = self.radii[line.source] + 1.0, self.radii[line.target] + 1.5
            edges = [self.view.edges[index] for index in line.facts]
            if length > start + end + 1:
                ux, uy = (x2 - x1) / length, (y2 - y1) / length
                x1, y1, x2, y2 = x1 + ux * start, y1 + uy * start, x2 - ux * end, y2 - uy * end
            elif length == 0:  # a fact between a thing and itself
                continue
            said = {
                "x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke-width": line.width * 0.85,
                "data-source": clean(line.source), "data-target": clean(line.target),
            }  # fmt: skip
            if all(edge.planned for edge in edges):
                said["stroke-dasharray"] = sheet.DASHES
            if length > start + end + 8 and self.frame.scale > _ARROWS_FROM:
                said["marker-end"] = "url(#arrow)"
                if {edge.source for edge in edges} == {line.source, line.target}:
                    said["marker-start"] = "url(#arrow)"
            drawn = self.sheet.add(group, "line", **said)
            self.sheet.add(drawn, "title").text = self._told(line)

    def _draw_things(self) -> None:
        group = self.sheet.add(self.sheet.root, "g", id="things", stroke=sheet.BACK, **{"stroke-width": "1"})
        rank = {iri: place.rank for iri, place in self.places.places.items()}
        for node in sorted(self.view.nodes, key=lambda node: (-rank[node.iri], node.iri)):
            look = self.sheet.look.look(node.kind)
            (x, y), radius = self.points[node.iri], self.radii[node.iri]
            shape = self.sheet.shape(group, look.shape, x, y, radius, look.colour)
            shape.set("data-iri", clean(node.iri))
            shape.set("data-kind", clean(node.kind))
            label = dict(look.labels)[self.sheet.language]
            known = [clean(name) for name in node.alt_labels]
            title = " · ".join((self.names[node.iri], label, *known[:3]))
            self.sheet.add(shape, "title").text = title

    # Words

    def _write_names(self, area: Box, lines: list[network.Line]) -> None:
        self.words = Lettering(Box(6, area.top - 6, self.sheet.width - 6, area.bottom + 8))
        self._write_captions()
        ranked = sorted(self.places.places, key=lambda iri: self.places.places[iri].rank)
        for iri in ranked:
            (x, y), radius = self.points[iri], self.radii[iri] * 0.9
            self.words.shapes.add(Box(x - radius, y - radius, x + radius, y + radius))
        cramped = self._cramped()
        whole = len(ranked) <= _FEW
        covering = _COVERING
        for iri in ranked:
            place, radius = self.places.places[iri], self.radii[iri]
            if iri in cramped or iri in self.captioned:
                continue
            large = place.hub or place.size >= 22
            covering -= large
            self.words.write(
                iri,
                lettering.rows(self.names[iri], *((13, 6) if whole else (11, 2))),
                self.points[iri],
                radius,
                size=16 if place.hub else 14 if large else 13,
                role="hub" if place.hub else "name",
                may_cover=place.hub or (large and not whole and covering >= 0),
            )
        if len(lines) <= _FEW_LINES:
            self._write_relations(lines)

    def _write_captions(self) -> None:
        """Write of which part of the country, and of which document, a disc is; large ones first."""
        labels = self.names
        for region in self.places.regions:
            if region.place in labels and region.documents > 1:
                self.words.write(
                    "", (labels[region.place],), self.frame.at(region.x, region.y), 0,
                    size=20, role="region", sides=("middle",),
                )  # fmt: skip
        known = {document.iri: document for document in self.view.documents}
        for disc in sorted(self.discs, key=lambda each: (-each.height, each.document)):
            x, y = self.frame.at(disc.x, disc.y)
            high = disc.height * self.frame.y
            if not disc.document:
                self.words.write(
                    "", (self.sheet.words("shared"),), (x, y - high), 8,
                    size=15, role="caption", sides=("below",),
                )  # fmt: skip
                continue
            document = known[disc.document]
            if not document.jurisdiction and high < _DISC_FROM:
                continue  # A year alone says little, and a title has no room.
            named = document.jurisdiction and f"{document.jurisdiction} {document.year}".strip()
            text = clean(named or document.title or document.source)
            written = self.words.write(
                "", (lettering.shorten(text, 15, 400),), (x, y - high), 2,
                size=15 if high > _DISC_FROM else 12, role="caption", sides=("above",),
            )  # fmt: skip
            if written:  # The name of the report would say the same again.
                self.captioned |= {disc.document} & self.names.keys()

    def _cramped(self) -> set[str]:
        """Return the things in discs so small that only the caption has room."""
        small = {disc.document for disc in self.discs if disc.height * self.frame.y < _DISC_FROM} - {""}
        return {
            node.iri
            for node in self.view.nodes
            if small and (node.iri in small or (len(node.documents) == 1 and node.documents[0] in small))
        }

    def _write_relations(self, lines: list[network.Line]) -> None:
        for line in lines:
            (x1, y1), (x2, y2) = self.points[line.source], self.points[line.target]
            said = dict.fromkeys(self.sheet.phrase(self.view.edges[index].predicate) for index in line.facts)
            text = " · ".join(said)
            if math.hypot(x2 - x1, y2 - y1) > 70:
                self.words.write(
                    "", (lettering.shorten(text, 11, 150),), ((x1 + x2) / 2, (y1 + y2) / 2), 0,
                    size=11, role="relation", sides=("middle",),
                )  # fmt: skip

    def _draw_words(self) -> None:
        """Write all words twice: wide and white below, so that lines do not run through them."""
        looks = {
            "name": {"fill": sheet.INK},
            "hub": {"fill": sheet.INK, "font-weight": "700"},
            "caption": {"fill": sheet.SOFT, "font-weight": "700"},
            "region": {"fill": sheet.SOFT, "font-weight": "700"},
            "relation": {"fill": sheet.MARK},
        }
        halo = {
            "stroke": sheet.BACK,
            "stroke-width": "3.5",
            "stroke-linejoin": "round",
            "aria-hidden": "true",
        }
        for outer in ({**halo, "fill": sheet.BACK}, {"id": "names"}):
            group = self.sheet.add(self.sheet.root, "g", **{"text-anchor": "middle", **outer})
            for label in self.words.labels:
                own = dict(looks[label.role])
                if "id" not in outer:
                    own.pop("fill")
                elif label.of:
                    own["data-of"] = clean(label.of)
                text = self.sheet.add(
                    group, "text", **{"font-size": label.size, "data-role": label.role, **own}
                )
                for row, words in enumerate(label.rows):
                    baseline = label.box.top + (row + 0.98) * label.size * lettering.LINE_HEIGHT
                    self.sheet.add(text, "tspan", x=label.x, y=baseline - 0.06 * label.size).text = words

    def _subject(self) -> str:
        centre = self.names.get(self.view.centre)
        if centre:
            return self.sheet.say("around", centre)
        titles = [document.title for document in self.view.documents]
        alone = clean(titles[0]) if len(titles) == 1 else ""
        return alone or self.sheet.words("title")

    def _sources(self) -> list[str]:
        """Return the documents that what is drawn rests on: not those that merely name one of the things."""
        cited = {said.document for edge in self.view.edges for said in edge.evidence}
        known = [each for each in self.view.documents if each.iri in cited or each.iri in self.names]
        return sorted(clean(each.title or each.source) for each in known or self.view.documents)

    def _told(self, line: network.Line) -> str:
        """Return what a line says: its facts, each with the first sentence that says so."""
        told = []
        for index in line.facts[:_QUOTES]:
            edge = self.view.edges[index]
            planned = f" ({self.sheet.words('planned')})" if edge.planned else ""
            ends = self.names[edge.source], self.names[edge.target]
            told.append(f"{ends[0]} – {self.sheet.phrase(edge.predicate)}{planned} – {ends[1]}")
            for said in edge.evidence[:1]:
                quote = clean(said.quote)
                quote = quote[:_QUOTE] + "…" if len(quote) > _QUOTE else quote
                told.append(f"“{quote}” {self.files.get(said.document, '')}")
        if len(line.facts) > _QUOTES:
            told.append(self.sheet.say("more_facts", len(line.facts) - _QUOTES))
        return "\n".join(told)
