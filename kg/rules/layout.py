"""Loads what the layout of a page says about its lines: labels, furniture, notes and the shapes of lines."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from kg.errors import RuleError
from kg.resources import RULE_DATA
from kg.rules.needles import Openings, Scarce, spaced
from kg.rules.tables import Row, read

_FOLDER = RULE_DATA / "reading"
_SPACE = r"\s*"
# A label stands at the beginning of a line or behind a gap or a mark.
_AFTER_GAP = r"(?:(?<=[\s|\uff5c·•\u3010\[\u3014\uff3b\uff08(])|(?<![^\s]))"
_OPEN, _CLOSE = r"[\u3010\[\u3014\uff3b]", r"[\u3011\]\u3015\uff3d]"
_COLONS, _BARS = r":\uff1a", r"|\uff5c\u4e28"


@dataclass(frozen=True, slots=True)
class Label:
    """A word that announces a piece of metadata; ``field`` is "" for one that is known but not kept."""

    word: str
    field: str
    anywhere: bool


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """The rule data of the reading stage, compiled.

    ``labels`` finds a label with its colon (group ``word``, as spaced in the text); ``bare_labels`` one that
    ends in white space instead; ``close_labels`` one that follows a value without a gap, if it is a word that
    no other label ends in. ``label_signs`` finds a sign that the first and the last have. ``gaps`` are those
    ``breaks`` that hold white space. ``shapes`` are the named shapes of lines, by name.
    """

    words: dict[str, Label]
    labels: re.Pattern[str]
    bare_labels: re.Pattern[str]
    close_labels: re.Pattern[str]
    label_signs: re.Pattern[str]
    furniture: Openings
    furniture_at_edges: Openings
    furniture_below: Openings
    footers: Openings
    notes: tuple[re.Pattern[str], ...]
    spam: tuple[Scarce, ...]
    breaks: tuple[Scarce, ...]
    gaps: tuple[Scarce, ...]
    runs: tuple[re.Pattern[str], ...]
    shapes: dict[str, tuple[re.Pattern[str], ...]]
    digits: dict[str, int]
    templates: dict[str, str]
    meta: dict[str, str]

    def full(self, shape: str, text: str) -> re.Match[str] | None:
        """Return how the whole of ``text`` has the named shape.

        >>> load_layout_rules().full("number", "青府〔2021〕4号")["no"]
        '4'
        """
        for pattern in self.shapes[shape]:
            if found := pattern.fullmatch(text):
                return found
        return None

    def start(self, shape: str, text: str) -> re.Match[str] | None:
        """Return how ``text`` begins with the named shape."""
        for pattern in self.shapes[shape]:
            if found := pattern.match(text):
                return found
        return None

    def end(self, shape: str, text: str) -> re.Match[str] | None:
        """Return how ``text`` ends with the named shape.

        >>> load_layout_rules().end("title_end", "关于2020年普法工作情况的报告(试行)") is not None
        True
        """
        return next((m for p in self.shapes[shape] if (m := p.search(text)) and m.end() == len(text)), None)

    def split(self, shape: str, text: str) -> tuple[str, ...]:
        """Return the parts of ``text`` between the places that have the named shape, without empty ones."""
        return tuple(part for part in self.shapes[shape][0].split(text) if part)

    def search(self, shape: str, text: str) -> re.Match[str] | None:
        """Return the first place where ``text`` has the named shape."""
        for pattern in self.shapes[shape]:
            if found := pattern.search(text):
                return found
        return None


def _compile(row: Row, suffix: str = "") -> re.Pattern[str]:
    try:
        return re.compile(f"(?:{row['pattern']}){suffix}" if suffix else row["pattern"])
    except re.error as error:
        raise row.error(f"{row['pattern']!r} is no regular expression, {error}") from error


def _label_pattern(words: Collection[str], tail: str, before: str = _AFTER_GAP) -> re.Pattern[str]:
    """Compile a search for any of ``words``, letters spaced or not, bare or in brackets (group ``word``)."""
    spaced = [_SPACE.join(map(re.escape, word)) for word in sorted(words, key=lambda w: (-len(w), w))]
    word = rf"(?P<open>{_OPEN}{_SPACE})?[\"']?(?P<word>{'|'.join(spaced)})[\"']?"
    # Few characters can begin one: asking for these first is faster than looking behind at every place.
    first = "".join(map(re.escape, sorted({word[0] for word in words})))
    starts = rf"(?=[{_OPEN[1:-1]}\"'{first}])"
    return re.compile(rf"{starts}{before}{word}(?(open)(?:{_SPACE}{_CLOSE}{_SPACE}[:\uff1a]?|{tail})|{tail})")


def _labels() -> dict[str, Label]:
    words: dict[str, Label] = {}
    for row in read(_FOLDER / "labels.tsv", ("label", "field", "where", "example")):
        if row["label"] in words:
            raise row.error(f"label {row['label']!r} stands twice")
        if row["where"] not in {"head", "any"}:
            raise row.error(f"where is {row['where']!r}, not 'head' or 'any'")
        words[row["label"]] = Label(row["label"], row["field"].strip("-"), row["where"] == "any")
    return words


def _shapes() -> dict[str, tuple[re.Pattern[str], ...]]:
    shapes: dict[str, tuple[re.Pattern[str], ...]] = {}
    for row in read(_FOLDER / "patterns.tsv", ("name", "use", "pattern", "example", "counterexample")):
        pattern = _compile(row, r"\Z" if row["use"] == "end" else "")
        shapes[row["name"]] = (*shapes.get(row["name"], ()), pattern)
    return shapes


def _furniture(where: str) -> Openings:
    rows = read(_FOLDER / "furniture.tsv", ("pattern", "where", "why", "example", "counterexample"))
    return Openings([_compile(row) for row in rows if row["where"] == where])


def _plain(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        _compile(row) for row in read(_FOLDER / name, ("pattern", "why", "example", "counterexample"))
    )


def _digits() -> dict[str, int]:
    digits: dict[str, int] = {}
    for row in read(_FOLDER / "digits.tsv", ("sign", "value")):
        if not row["value"].isdecimal():
            raise row.error(f"{row['value']!r} is no number")
        digits[row["sign"]] = int(row["value"])
    return digits


@cache
def load_layout_rules() -> LayoutRules:
    """Return the reading stage's rule data, read and compiled once.

    Raises:
        RuleError: a table is missing or wrong.

    """
    words = _labels()
    if not words:
        raise RuleError(f"{_FOLDER / 'labels.tsv'}: no labels; reinstall the package")
    breaks = _plain("breaks.tsv")
    return LayoutRules(
        words=words,
        labels=_label_pattern(words, rf"{_SPACE}[{_COLONS}{_BARS}]"),
        close_labels=_label_pattern(
            [word for word, label in words.items() if len(word) > 3 or label.anywhere or not label.field],
            rf"{_SPACE}[{_COLONS}]",
            "",
        ),
        label_signs=re.compile(f"[{_COLONS}{_BARS}]|{_CLOSE}"),
        bare_labels=_label_pattern(words, r"(?:\s+|$)"),
        furniture=_furniture("any"),
        furniture_at_edges=_furniture("edge"),
        furniture_below=_furniture("below"),
        footers=_furniture("footer"),
        notes=_plain("notes.tsv"),
        spam=tuple(map(Scarce, _plain("spam.tsv"))),
        breaks=tuple(Scarce(pattern) for pattern in breaks if not spaced(pattern)),
        gaps=tuple(Scarce(pattern) for pattern in breaks if spaced(pattern)),
        runs=_plain("runs.tsv"),
        shapes=_shapes(),
        digits=_digits(),
        templates={
            row["name"]: row["template"] for row in read(_FOLDER / "templates.tsv", ("name", "template"))
        },
        meta={row["name"].lower(): row["field"] for row in read(_FOLDER / "meta.tsv", ("name", "field"))},
    )
