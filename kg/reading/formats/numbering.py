"""The numbers that a word processor shows before paragraphs, and that stand nowhere in their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from kg.reading.formats.office import attribute, child, children, is_on, number, value
from kg.rules import numerals

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
# A name of a style that is based on itself must not be followed for ever.
_MOST_BASES = 30


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and what it writes."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    gap: bool = True
    legal: bool = False
    restart: int = -1
    style: str = ""


@dataclass(slots=True)
class _List:
    """One numbering of the document: the abstract one it counts for, and its own levels."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of one document, in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._styles = {attribute(node, "styleId"): node for node in children(styles, "style")}
        self._default = next(
            (
                name
                for name, node in self._styles.items()
                if attribute(node, "type") == "paragraph"
                and attribute(node, "default") in {"1", "true", "on"}
            ),
            "",
        )
        self._abstract = {attribute(n, "abstractNumId"): n for n in children(numbering, "abstractNum")}
        self._lists = {attribute(node, "numId"): self._list(node) for node in children(numbering, "num")}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, properties: etree._Element | None) -> str:
        """Count a paragraph, by its properties, and return what is shown before its text ("" for nothing)."""
        name, depth = self._place(properties)
        numbered = self._lists.get(name)
        level = None if numbered is None else numbered.levels.get(depth)
        if numbered is None or level is None:
            return ""
        counts = self._counts.setdefault(numbered.abstract, {})
        self._count(name, numbered, depth, counts)
        if level.form == "bullet":
            return ""

        def write(match: re.Match[str]) -> str:
            shown = int(match[1]) - 1
            other = numbered.levels.get(shown, Level())
            form = "decimal" if level.legal and other.form != "none" else other.form
            return numerals.write(counts.get(shown, other.start), form)

        text = _PLACE.sub(write, level.text)
        # Words stand apart from the text, as in a rule's 第一条; signs such as 、 do so by themselves.
        return text + " " if level.gap and text and text[-1].isalnum() else text

    def _count(self, name: str, numbered: _List, depth: int, counts: dict[int, int]) -> None:
        start = numbered.levels[depth].start
        if depth in numbered.starts and (name, depth) not in self._begun:
            # A list that begins anew although another one of the same kind stands above it.
            counts[depth] = numbered.starts[depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else start
        self._begun.add((name, depth))
        for below in [one for one in counts if one > depth]:
            restart = numbered.levels.get(below, Level()).restart
            # By default a level begins anew after any level above it.
            if restart < 0 or depth < restart:
                del counts[below]

    def _place(self, properties: etree._Element | None) -> tuple[str, int]:
        """Return the list and the level of a paragraph: its own, or those of its style."""
        own = child(properties, "numPr")
        name, depth = value(child(own, "numId")), number(child(own, "ilvl"))
        if name and depth is not None:
            return name, depth
        style: str = value(child(properties, "pStyle")) or self._default
        for _ in range(_MOST_BASES):
            node = self._styles.get(style)
            if node is None:
                break
            said = child(child(node, "pPr"), "numPr")
            if said is not None:
                name = name or value(child(said, "numId"))
                depth = number(child(said, "ilvl")) if depth is None else depth
                if name:
                    return name, self._level_of(name, style) if depth is None else depth
            style = value(child(node, "basedOn"))
        return name, depth or 0

    def _level_of(self, name: str, style: str) -> int:
        levels = self._lists[name].levels if name in self._lists else {}
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def _list(self, node: etree._Element) -> _List:
        abstract = value(child(node, "abstractNumId"))
        levels = {depth: _level(each) for depth, each in self._levels(abstract)}
        starts = {}
        for override in children(node, "lvlOverride"):
            depth = _depth(override)
            own, begin = child(override, "lvl"), number(child(override, "startOverride"))
            if own is not None:
                levels[depth] = _level(own)
            if begin is not None:
                starts[depth] = begin
                levels[depth] = replace(levels.get(depth, Level()), start=begin)
        return _List(abstract, levels, starts)

    def _levels(self, abstract: str) -> Iterator[tuple[int, etree._Element]]:
        node = self._abstract.get(abstract)
        linked = value(child(node, "numStyleLink"))
        if linked:
            # The levels stand where the style of the list is defined.
            node = next((n for n in self._abstract.values() if value(child(n, "styleLink")) == linked), node)
        for level in children(node, "lvl"):
            yield _depth(level), level


def _depth(node: etree._Element) -> int:
    written = attribute(node, "ilvl")
    return min(int(written), _LEVELS - 1) if written.isdecimal() else 0


def _level(node: etree._Element) -> Level:
    start, restart = number(child(node, "start")), number(child(node, "lvlRestart"))
    return Level(
        start=0 if start is None else start,
        form=value(child(node, "numFmt")) or "decimal",
        text=value(child(node, "lvlText")),
        gap=value(child(node, "suff")) != "nothing",
        legal=is_on(child(node, "isLgl")),
        restart=-1 if restart is None else restart,
        style=value(child(node, "pStyle")),
    )
