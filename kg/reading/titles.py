"""Finds a document's own title among the short lines above its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.reading.lines import Line, squeeze
from kg.rules.layout import LayoutRules

# A title of an official document stays within three lines; one that seventeen ministries issued took seven.
_MAX_LINES = 12
_MAX_LENGTH = 300
# Shorter lines above a text are names of columns and buttons, unless they end as titles do.
_MIN_LENGTH = 10
# A title that stands in the quotation marks of titles is given without them.
_QUOTED = "\u300a\u300b"
_OPENERS = {"\u300a": "\u300b", "“": "”", "\u3008": "\u3009", "(": ")", "\uff08": "\uff09", "<": ">"}


@dataclass(frozen=True, slots=True)
class Title:
    """A title and the numbers of the lines it is broken over; the last one may be used up to ``end`` only."""

    text: str
    lines: tuple[int, ...]
    end: int


def find_title(
    lines: Sequence[Line],
    groups: Sequence[Sequence[int]],
    known: Sequence[str],
    framed: bool,
    rules: LayoutRules,
) -> Title | None:
    """Return the title that stands closest to the text.

    Args:
        lines: the page's lines.
        groups: numbers of short lines above the text; a group is interrupted by nothing but empty lines.
        known: titles that the page's metadata gives.
        framed: whether the page has a header, so that some line of it must be the title.
        rules: the shapes of titles.

    """
    wanted = {squeeze(title) for title in known if title}
    heading: Title | None = None
    for group in reversed(groups):
        title = _equal(lines, group, wanted) or _shaped(lines, group, rules)
        if title is not None and rules.full("title_weak", squeeze(title.text)) is None:
            return title
        heading = heading or title
    if heading is not None:
        return heading
    for group in reversed(groups):
        for index in reversed(group):
            cut = cut_suffix(lines[index].text, rules)
            if squeeze(cut) in wanted or (cut != lines[index].text and rules.end("title_end", cut)):
                return Title(cut, (index,), lines[index].start + len(cut))
    return _unshaped(lines, groups, rules) if framed else None


def _unshaped(lines: Sequence[Line], groups: Sequence[Sequence[int]], rules: LayoutRules) -> Title | None:
    """Take the last line above the text for its title where no line has the shape of one."""
    for group in reversed(groups):
        text = lines[group[-1]].text
        if rules.full("no_title", text):
            continue
        if _MIN_LENGTH <= len(squeeze(text)) <= _MAX_LENGTH and not _names_bodies(text, rules):
            return _join(lines, group[-1:])
    return None


def cut_suffix(title: str, rules: LayoutRules) -> str:
    """Return a page's title without the names of column and site.

    >>> from kg.rules.layout import load_layout_rules
    >>> cut_suffix("青川市2018年普法工作报告_工作报告_青川市人民政府门户网站", load_layout_rules())
    '青川市2018年普法工作报告'
    """
    while (match := rules.end("site_suffix", title)) and match.start() > 0:
        title = title[: match.start()].rstrip()
    return title


def _join(lines: Sequence[Line], indexes: Sequence[int]) -> Title:
    text = "".join(_unspaced(lines[index].text) for index in indexes)
    if text[0] + text[-1] == _QUOTED and text.count(_QUOTED[0]) == 1:
        text = text[1:-1]
    return Title(text, tuple(indexes), lines[indexes[-1]].end)


def _unspaced(text: str) -> str:
    """Close up a line whose letters are spaced out; leave the spaces between names as they are."""
    words = text.split()
    single = sum(1 for word in words if len(word) == 1)
    return squeeze(text) if len(words) > 3 and single * 2 > len(words) else text


def _equal(lines: Sequence[Line], group: Sequence[int], wanted: set[str]) -> Title | None:
    for last in range(len(group) - 1, -1, -1):
        for first in range(last, max(-1, last - _MAX_LINES), -1):
            title = _join(lines, group[first : last + 1])
            if len(title.text) > _MAX_LENGTH:
                break
            if squeeze(title.text) in wanted:
                return title
    return None


def _shaped(lines: Sequence[Line], group: Sequence[int], rules: LayoutRules) -> Title | None:
    """Find the last line that ends as titles do, and go up from it to where the title begins."""
    for last in range(len(group) - 1, -1, -1):
        ending = squeeze(lines[group[last]].text)
        if not rules.end("title_end", ending) and not (
            last > 0
            and rules.start("title_more", ending)
            and rules.end("title_end", lines[group[last - 1]].text)
        ):
            continue
        first = last - 1 if last > 0 and not rules.end("title_end", ending) else last
        if rules.start("title_more", lines[group[first]].text) and first > 0:
            first -= 1
        while first > 0 and last - first < _MAX_LINES and _continues(lines, group, first, last, rules):
            first -= 1
        title = _join(lines, group[first : last + 1])
        if len(squeeze(title.text)) >= 5 and len(title.text) <= _MAX_LENGTH:
            return title
    return None


def _continues(
    lines: Sequence[Line], group: Sequence[int], first: int, last: int, rules: LayoutRules
) -> bool:
    """Say whether the line above ``first`` is the beginning of the same title."""
    above, here = squeeze(lines[group[first - 1]].text), squeeze(lines[group[first]].text)
    joined = squeeze("".join(lines[index].text for index in group[first : last + 1]))
    if rules.end("title_open", above) or _unbalanced(joined):
        return True
    if rules.end("title_end", above):
        return False
    about = rules.search("about", joined)
    bodies = _names_bodies(lines[group[first - 1]].text, rules)
    named = bodies or rules.full("place", above) is not None
    if rules.start("title_about", here) or (named and rules.start("title_bare", here)):
        return named
    if bodies and about and _names_bodies(joined[: about.start()], rules):
        return True
    if rules.search("transmits", above):
        return True
    # A title without 关于 that some line just above has: the break fell inside a word or a phrase.
    return any(
        (about is None and rules.search("about", squeeze(lines[index].text)))
        or rules.search("transmits", squeeze(lines[index].text))
        for index in group[max(0, first - 3) : first]
    )


def _names_bodies(text: str, rules: LayoutRules) -> bool:
    parts = rules.split("body_split", _unspaced(text))
    return rules.full("body_name", squeeze(text)) is not None or all(
        rules.full("body_name", p) for p in parts
    )


def _unbalanced(text: str) -> bool:
    return any(text.count(close) > text.count(opening) for opening, close in _OPENERS.items())
