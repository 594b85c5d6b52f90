"""The working state of one page, and what lines say about their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Role, Span
from kg.reading.labels import Pair
from kg.reading.lines import Line
from kg.rules.layout import LayoutRules
from kg.rules.needles import Scarce


@dataclass(slots=True)
class Page:
    """The working state of one page: kinds are what lines look like, roles what they turn out to be.

    ``spam`` are the patterns of words on hijacked pages that its text has.
    """

    text: str
    lines: tuple[Line, ...]
    rules: LayoutRules
    kinds: list[str]
    roles: list[Role]
    pairs: list[Pair]
    spam: tuple[Scarce, ...] = ()


def span_of(line: Line) -> Span:
    """Return where a line stands, without its outer white space."""
    return Span(line.start, line.end)


def closest_above(page: Page, index: int) -> int:
    """Return the number of the closest line above that is not empty or furniture, -1 if there is none."""
    index -= 1
    while index >= 0 and page.kinds[index] in {"blank", "furniture"}:
        index -= 1
    return index


def at_edge(page: Page, index: int) -> bool:
    """Say whether a line is furniture where it stands before or after the text."""
    words = page.lines[index].text
    return page.rules.furniture_at_edges.match(words) is not None
