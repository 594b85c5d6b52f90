"""The paper of a still picture: its title, legend and sources, and the shapes that things are drawn with.

Everything is drawn with attributes and without style sheets: programs that take pictures in know these best.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from kg.errors import ExportError
from kg.graph.selection import GraphView
from kg.graph.tables import plain
from kg.resources import RULE_DATA
from kg.rules import tables
from kg.viewing import appearance, lettering, network

SVG = "http://www.w3.org/2000/svg"
FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "sans-serif",
)  # fmt: skip
"""What names are written in, the first that a machine has: all of them have Chinese characters."""

BACK, INK, SOFT, MARK = "#ffffff", "#1c2128", "#59636e", "#8a4b00"
DISC, RIM, LINE = "#f3f5f8", "#d9dfe7", "#6e7682"
DASHES = "7 5"
EDGE = 24.0
"""Pixels around everything."""

HEAD = 84.0
"""Pixels that title and counts take."""

_ROW = 24.0  # Pixels of a row of the legend.
_FOOT = 34.0  # Pixels of the sources, and of the air around them.
_LEAST = 120.0  # Pixels of height from which there is a picture.
_INLINE = ("title", "tspan")
_SOURCES = 12  # Documents that are named as sources at most.

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SLOT = re.compile(r"\{(\d)(\|s)?\}")

# Outlines around (0, 0) for a radius of 1: the shapes of the page's legend.
_OUTLINES: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "diamond": ((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)),
    "triangle": ((0, -1.1), (1.1, 0.85), (-1.1, 0.85)),
    "triangleDown": ((0, 1.1), (1.1, -0.85), (-1.1, -0.85)),
    "hexagon": tuple((1.05 * math.cos(k * math.pi / 3), 1.05 * math.sin(k * math.pi / 3)) for k in range(6)),
    "star": tuple(
        (r * math.sin(k * math.pi / 5), -r * math.cos(k * math.pi / 5))
        for k in range(10)
        for r in (1.2 if k % 2 == 0 else 0.5,)
    ),
}


def clean(text: str) -> str:
    r"""Return a text that XML can hold and that obeys no bidirectional control.

    >>> clean("甲\x00\u202e乙\ufffe")
    '甲??乙�'
    """
    return _NO_XML.sub("\ufffd", plain(text))


@cache
def _words() -> dict[str, dict[str, str]]:
    columns = appearance.LANGUAGES
    rows = tables.read(RULE_DATA / "viewing" / "static.tsv", ("key", *columns))
    return {row["key"]: {language: row[language] for language in columns} for row in rows}


Item = tuple[str, str, float]
"""Of the legend: a kind or the sign of a line or disc, its words, how wide both are."""


@dataclass(slots=True)
class Sheet:
    """A white page of so many pixels, on which :mod:`kg.viewing.static` draws."""

    language: str
    width: int
    height: int
    look: appearance.Appearance = field(init=False)
    root: etree._Element = field(init=False)
    _legend: list[list[Item]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.look = appearance.load()
        self.root = etree.Element(
            f"{{{SVG}}}svg",
            {
                "width": str(self.width),
                "height": str(self.height),
                "viewBox": f"0 0 {self.width} {self.height}",
                "{http://www.w3.org/XML/1998/namespace}lang": self.language,
                "role": "img",
                "aria-labelledby": "title desc",
                "font-family": ", ".join(f"'{name}'" if " " in name else name for name in FONTS),
            },
            nsmap={None: SVG},
        )

    def begin(self, title: str, told: str) -> None:
        """Draw what is below everything, and say for those who cannot see what it shows."""
        self.add(self.root, "title", id="title").text = title
        self.add(self.root, "desc", id="desc").text = told
        self.add(self.root, "rect", width=self.width, height=self.height, fill=BACK)
        marker = self.add(
            self.add(self.root, "defs"), "marker", id="arrow", viewBox="0 0 8 8", refX=7, refY=4,
            markerWidth=7, markerHeight=7, markerUnits="userSpaceOnUse", orient="auto-start-reverse",
        )  # fmt: skip
        self.add(marker, "path", d="M0 0.8L8 4L0 7.2Z", fill=LINE)

    def area(self, view: GraphView, *, discs: bool) -> lettering.Box:
        """Return where the picture stands between title and legend.

        Raises:
            ExportError: there is no room for it.

        """
        self._legend = self._rows(view, discs=discs)
        area = lettering.Box(EDGE, HEAD, self.width - EDGE, self._foot - 12)
        if area.bottom - area.top < _LEAST:
            raise ExportError(
                f"--height: {self.height} pixels leave no room between title and legend; take more"
            )
        return area

    @property
    def _foot(self) -> float:
        """Where the legend begins."""
        return self.height - len(self._legend) * _ROW - _FOOT

    def words(self, key: str) -> str:
        """Return words that the interactive page has, too."""
        return self.look.interface[key][self.language]

    def phrase(self, predicate: str) -> str:
        """Return how a relation reads."""
        known = self.look.predicates.get(predicate)
        return known[self.language] if known else clean(predicate)

    def say(self, key: str, *values: object) -> str:
        """Return words of still pictures."""
        return fill(_words()[key][self.language], *values)

    def head(self, title: str, told: str) -> None:
        """Write what stands above the picture."""
        room = self.width - 2 * EDGE
        self.text(EDGE, 40, lettering.shorten(title, 24, room), 24, INK, "700")
        self.text(EDGE, 64, lettering.shorten(told, 14, room), 14, SOFT)

    def shape(
        self, group: etree._Element, shape: str, x: float, y: float, radius: float, colour: str
    ) -> etree._Element:
        """Draw a thing, or its sign in the legend."""
        outline = _OUTLINES.get(shape)
        if outline is None:
            return self.add(group, "circle", cx=x, cy=y, r=radius, fill=colour)
        points = " ".join(f"{number(x + px * radius)},{number(y + py * radius)}" for px, py in outline)
        return self.add(group, "polygon", points=points, fill=colour)

    def _rows(self, view: GraphView, *, discs: bool) -> list[list[Item]]:
        """Return the legend in rows: what is drawn, its words, how wide both are."""
        counts = Counter(self.look.look(node.kind).kind for node in view.nodes)
        interface = {key: texts[self.language] for key, texts in self.look.interface.items()}
        items = [
            (kind, f"{dict(look.labels)[self.language]} {counts[kind]}")
            for kind, look in sorted(self.look.kinds.items(), key=lambda each: each[1].order)
            if counts[kind]
        ]
        if view.edges:
            planned = [edge.planned for edge in view.edges]
            items += [] if all(planned) else [("—", interface["stated_line"])]
            items += [("- -", interface["planned_line"])] if any(planned) else []
            widths = {line.width for line in network.lines(view)}
            items += [("=", interface["wide_line"])] if len(widths) > 1 else []
        if discs:
            items.append(("o", interface["how_discs"]))
        rows: list[list[Item]] = [[]]
        used, room = 0.0, self.width - 2 * EDGE
        for sign, words in items:
            text = lettering.shorten(words, 13, room - 50)
            wide = lettering.width(text, 13) + (22 if sign in self.look.kinds or sign == "o" else 42) + 22
            if rows[-1] and used + wide > room:
                rows.append([])
                used = 0.0
            rows[-1].append((sign, text, wide))
            used += wide
        return rows

    def foot(self, sources: list[str]) -> None:
        """Draw the legend, and tell which documents this is from."""
        top = self._foot
        self.add(self.root, "line", x1=EDGE, x2=self.width - EDGE, y1=top - 6, y2=top - 6, stroke=RIM)
        group = self.add(self.root, "g", id="legend")
        for row, items in enumerate(self._legend):
            x, y = EDGE, top + row * _ROW + 12
            for sign, text, wide in items:
                look = self.look.kinds.get(sign)
                after = 42
                if look:
                    self.shape(group, look.shape, x + 8, y, 7, look.colour)
                    after = 22
                elif sign == "o":
                    self.add(group, "ellipse", cx=x + 8, cy=y, rx=8, ry=6.5, fill=DISC, stroke="#b4becb")
                    after = 22
                else:
                    said = {"stroke": LINE, "stroke-width": 4.0 if sign == "=" else 1.6}
                    said |= {"stroke-dasharray": DASHES} if sign == "- -" else {}
                    said |= {"marker-end": "url(#arrow)"} if sign != "=" else {}
                    self.add(group, "line", x1=x, y1=y, x2=x + 34, y2=y, **said)
                self.text(x + after, y + 4.6, text, 13, INK, parent=group)
                x += wide
        room = self.width - 2 * EDGE
        made = self.say("made_with")
        made_wide = lettering.width(made, 12)
        told = self._sources(sources, room - made_wide - 30)
        self.text(EDGE, self.height - 14, told, 12, SOFT)
        self.text(self.width - EDGE - made_wide, self.height - 14, made, 12, SOFT, wide=made_wide)

    def _sources(self, titles: list[str], room: float) -> str:
        """Name as many documents as there is room for, and how many there are."""
        for count in range(len(titles), 0, -1):
            if count > _SOURCES:
                continue
            listed = " · ".join(titles[:count])
            if count < len(titles):
                listed = self.say("more_sources", listed, len(titles))
            told = self.say("sources", listed)
            if lettering.width(told, 12) <= room or count == 1:
                return lettering.shorten(told, 12, max(room, 0))
        return ""

    def text(  # noqa: PLR0913 - where, what, how
        self, x: float, y: float, words: str, size: float, fill: str, weight: str = "400",
        *, parent: etree._Element | None = None, wide: float = 0.0,
    ) -> None:  # fmt: skip
        """Write a line; with ``wide`` it ends so many pixels right of ``x``."""
        said = {"x": x + wide, "y": y, "font-size": size, "fill": fill, "font-weight": weight}
        if wide:
            said["text-anchor"] = "end"
        self.add(self.root if parent is None else parent, "text", **said).text = words

    def add(self, parent: etree._Element, tag: str, **attributes: object) -> etree._Element:
        """Add an element."""
        found = etree.SubElement(parent, f"{{{SVG}}}{tag}")
        for name, value in attributes.items():
            found.set(name, number(value) if isinstance(value, float) else str(value))
        if tag not in _INLINE:
            found.tail = "\n"  # An element a line: what differs between two pictures can be read.
        return found


def number(value: float) -> str:
    """Return a length in pixels as SVG has it."""
    return f"{value:.1f}".removesuffix(".0")


def fill(text: str, *values: object) -> str:
    """Fill the slots of a text.

    >>> fill("{0} thing{0|s} in {1}", 2, "甲")
    '2 things in 甲'
    """
    return _SLOT.sub(
        lambda slot: ("" if values[int(slot[1])] == 1 else "s") if slot[2] else str(values[int(slot[1])]),
        text,
    )
