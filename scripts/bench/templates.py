"""Cuts the documents of the sample corpus into sentences with blanks: places, years, bodies, numbers.

What is a place, a body, a coined name is not told here: this program itself reads the samples, and the blanks
stand where it found a name. What may fill them comes from its division table and its lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg import rules
from kg.model import Analysis, Kind, Segment
from kg.reading import read
from kg.resources import RULE_DATA
from kg.rules.initiatives import fold
from kg.rules.places import COUNTRY, Gazetteer
from kg.rules.tables import read as read_table
from kg.segmenting import segment
from kg.understanding import understand

YEAR = re.compile(r"(?<![\d—–-])20\d\d(?![\d—–])")
"""Years; the ends of a period (2021—2025) belong to the name of a national plan and stay."""

NUMBER = re.compile(
    r"(?<![\d.,〔第前近/:-])(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"(?=(?P<rate> ?[%％])|[ 余多万亿]*[\u4e00-\u9fff])(?!年|月|日|号|时|分|[\d,.])"
)
MARK = re.compile(r"[（(]?[一二三四五六七八九十\d]+(?:[）)、.．]|是)|第[一二三四五六七八九十]+")
GOVERNED, OURS, BODIES, OFFICE = "治", "我全本", "委级直", "局"
NOW = "2019"  # since when the bodies of the last reform are in office
LEAST = 4
"""A number below stays what it is: three copies are not two, and parts of a small whole would not add up."""

INDEX = re.compile(r"(?<!\w)11(\d{6})(\w{9})(\w)(?=/)")
DOCUMENT_NUMBER = re.compile(r"(?P<sign>[\u4e00-\u9fff])[\u4e00-\u9fff]{1,4}〔20\d\d〕(?P<number>\d+)(?=号)")
LOCAL = re.compile(r"[“\"](?P<place>[\u4e00-\u9fff]{2})[\u4e00-\u9fff]{3,}[”\"]")
"""A name of five signs or more that a place coined: its first two give way to another place's."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sample: a sentence, or what stands between sentences, with its blanks.

    ``form`` is a template of the ``%`` operator, ``keys`` name what fills it; ``numbers`` are the numbers as
    written, in the order of the ``\\0`` in ``form``, and whether each is a rate.
    """

    form: str
    keys: tuple[str, ...]
    numbers: tuple[tuple[str, bool], ...]
    sentence: bool
    mode: str
    numbered: bool
    filled: dict[int, str] = field(default_factory=dict, compare=False, repr=False)

    def scaled(self, factor: int) -> str:
        """Return the form with numbers times ``factor`` percent, rates moved by half a point at most."""
        known = self.filled.get(factor)
        if known is None:
            first, *rest = self.form.split("\0")
            known = first + "".join(
                scaled(number, rate, factor) + after
                for (number, rate), after in zip(self.numbers, rest, strict=True)
            )
            self.filled[factor] = known
        return known


def scaled(number: str, rate: bool, factor: int) -> str:
    """Return a number as it is written, multiplied.

    >>> scaled("1,874", False, 200), scaled("1.09", False, 50), scaled("91.4", True, 150)
    ('3,748', '0.55', '91.1')
    """
    decimals = len(number.partition(".")[2])
    value = float(number.replace(",", ""))
    if rate:
        moved = value - (factor % 40) / 100 if decimals and value > 1 else value
        moved += 0.2 if moved is not value and moved > 99.5 else 0
        return f"{moved:.{decimals}f}"
    if not decimals and value < LEAST:
        return number
    value = value * factor / 100
    if decimals:
        value = max(value, 10**-decimals)
    return f"{value:{',' if ',' in number else ''}.{decimals}f}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One document of the sample corpus, cut up.

    ``layout`` tells which samples may lend each other sentences: the kind of speaker and its time. ``unit``
    and ``level`` tell which places may stand for its own; ``characters`` is its length.
    """

    name: str
    layout: str
    level: str
    unit: str
    year: int
    pieces: tuple[Piece, ...]
    characters: int


def samples(folder: Path) -> list[Sample]:
    """Return the documents of a folder that this program can read and place, cut up."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            analysis = understand(read(path.read_bytes(), path.name), rules.load())
            if analysis.report.jurisdiction and analysis.report.year:
                found.append(_cut(path.name, analysis))
    return found


def _cut(name: str, analysis: Analysis) -> Sample:
    """Return a document as pieces with blanks."""
    gazetteer = rules.load().places.gazetteer
    home = analysis.report.jurisdiction.partition("/")[2]
    code, zone = home.partition("/")[::2]
    division = gazetteer.divisions[code]
    year = int(analysis.report.year)
    text = analysis.document.text
    blanks = _Blanks(text, analysis, gazetteer, code, zone, year)
    spans = blanks.find()
    pieces: list[Piece] = []
    at = 0
    for part in segment(analysis.document, rules.load().structure):
        if part.kind != "sentence" or part.start < at:
            continue
        if part.start > at:
            pieces.append(_piece(text, at, part.start, spans, None))
        pieces.append(_piece(text, part.start, part.end, spans, part))
        at = part.end
    pieces.append(_piece(text, at, len(text), spans, None))
    kind = "zone" if zone else division.level if division.level != "prefecture" else "county"
    body = sum(piece.sentence for piece in pieces)
    own = "notice" if len(analysis.observations) < body / 4 else kind
    level = "zone" if zone else division.level
    sort = next((row[2] for row in rules.load().places.zones if row[0] == zone), "")
    layout = own if own != "notice" else f"notice of {name}"
    return Sample(
        name,
        f"{layout} {year // 3}",
        level,
        sort if zone else gazetteer.unit(code),
        year,
        tuple(pieces),
        len(text),
    )


def _piece(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int, str]], part: Segment | None
) -> Piece:
    """Return a stretch of a text as a template."""
    form: list[str] = []
    keys: list[str] = []
    at = start
    for begin, stop, key in spans:
        if begin < start or stop > end:
            continue
        if key.startswith("="):
            continue
        form += [text[at:begin].replace("%", "%%"), "\0" if key.startswith("#") else "%s"]
        keys.append(key)
        at = stop
    form.append(text[at:end].replace("%", "%%"))
    numbers = tuple((key[2:], key[1] == "%") for key in keys if key.startswith("#"))
    others = tuple(key for key in keys if not key.startswith("#"))
    numbered = part is not None and bool(MARK.match(text[start:end]))
    mode = part.mode if part else ""
    return Piece("".join(form), others, numbers, part is not None, mode, numbered)


class _Blanks:
    """Finds the blanks of one document."""

    def __init__(
        self, text: str, analysis: Analysis, gazetteer: Gazetteer, code: str, zone: str, year: int
    ) -> None:
        self.text, self.analysis, self.gazetteer = text, analysis, gazetteer
        self.code, self.zone, self.year = code, zone, year
        self.lineage = gazetteer.lineage(code)

    def find(self) -> list[tuple[int, int, str]]:
        """Return the blanks as (start, end, key), in order, none inside another."""
        taken = bytearray(len(self.text))
        found = []
        for start, end, key in self._candidates():
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append((start, end, key))
        return sorted(found)

    def _candidates(self) -> Iterator[tuple[int, int, str]]:
        """Yield what may be a blank, the surest first."""
        for match in INDEX.finditer(self.text):
            yield (*match.span(), "index")
        yield from self._others()
        yield from self._own_names()
        yield from self._departments()
        yield from self._units()
        for match in DOCUMENT_NUMBER.finditer(self.text):
            if self._short().startswith(match["sign"]):
                yield (*match.span("sign"), "own.first")
                yield (*match.span("number"), "docnumber")
        yield from self._coined()
        for match in YEAR.finditer(self.text):
            if abs(int(match[0]) - self.year) <= 1:
                yield (*match.span(), f"year.{int(match[0]) - self.year}")
        for thing, start, end in self.analysis.mentions:  # 12345 is the name of a hotline, no number
            if thing.startswith(("initiative/", "document/", "honour/")):
                for match in NUMBER.finditer(self.text, start, end):
                    yield (*match.span("number"), "=" + match["number"])
        for match in NUMBER.finditer(self.text):
            yield (*match.span("number"), ("#%" if match["rate"] else "# ") + match["number"])

    def _short(self) -> str:
        division = self.gazetteer.divisions[self.code]
        return division.short[0] if division.short else division.name

    def _everywhere(self, word: str, key: str) -> Iterator[tuple[int, int, str]]:
        for match in re.finditer(re.escape(word), self.text) if len(word) > 1 else ():
            yield (*match.span(), key)

    def _others(self) -> Iterator[tuple[int, int, str]]:
        """Yield the names of places neither the home nor above it: each stays one place throughout."""
        known: dict[str, str] = {}
        for thing, start, end in self.analysis.mentions:
            code = thing.split("/")[1] if thing.startswith(("jurisdiction/", "institution/")) else ""
            division = self.gazetteer.divisions.get(code)
            if division is None or code in self.lineage or code == COUNTRY:
                continue
            sort = "child" if self.code in self.gazetteer.lineage(code) else "other"
            if division.level == "township" and sort == "other":
                continue
            unit = self.gazetteer.unit(code)
            key = known.setdefault(code, f"{sort}.{division.level}.{unit}.{len(known)}")
            parent = self.gazetteer.divisions[division.parent]
            surface = self.text[start:end]
            names = [(division.name, "name"), *((short, "short") for short in division.short[:1])]
            if parent.code not in self.lineage:
                names.insert(0, (parent.name + division.name, "full"))
                above = self.gazetteer.divisions.get(parent.parent)
                if above is not None:
                    names.insert(0, (above.name + division.name, "full"))
            for word, form in names:
                if (at := surface.find(word)) >= 0 and word:
                    yield (start + at, start + at + len(word), f"{key}.{form}")
                    break

    def _own_names(self) -> Iterator[tuple[int, int, str]]:
        """Yield the names of the home and of what lies above it, and the home's code."""
        if self.zone:
            rows = [row for row in rules.load().places.zones if row[0] == self.zone]
            yield from self._everywhere(self.zone, "own.name")
            for short in rows[0][1][:1] if rows else ():
                yield from self._everywhere(short, "own.short")
        else:
            full, name = self.gazetteer.full_name(self.code), self.gazetteer.divisions[self.code].name
            if full != name:
                yield from self._everywhere(full, "own.full")
            yield from self._everywhere(name, "own.name")
        for code in self.lineage[not self.zone :]:
            division = self.gazetteer.divisions[code]
            sort = "up" if division.level == "prefecture" else division.level
            if sort != "country":
                yield from self._everywhere(division.name, f"{sort}.name")
                for short in division.short[:1]:
                    yield from self._everywhere(short, f"{sort}.short")
        if not self.zone:
            yield from self._everywhere(self._short(), "own.short")
            yield from self._everywhere(self.code, "own.code")

    def _units(self) -> Iterator[tuple[int, int, str]]:
        """Yield the words 市 or 县 where they mean the home or what lies above it."""
        for code in self.lineage[bool(self.zone) :]:
            division = self.gazetteer.divisions[code]
            if division.level == "country":
                continue
            unit = self.gazetteer.unit(code)
            sort = "own" if code == self.code else "up" if division.level == "prefecture" else division.level
            for thing, start, end in self.analysis.mentions:
                if thing.split("/")[1] == code and self.text.startswith(unit, start):
                    yield (start, start + len(unit), f"{sort}.unit")
                    for match in re.finditer(f"(?<={GOVERNED}){unit}", self.text[start:end]):
                        yield (start + match.start(), start + match.end(), f"{sort}.unit")
            if sort == "own":
                for match in re.finditer(f"(?<=[{OURS}]){unit}|{unit}(?=[{BODIES}])", self.text):
                    yield (*match.span(), "own.unit")

    def _departments(self) -> Iterator[tuple[int, int, str]]:
        """Yield the names of departments behind their place or its unit."""
        for thing, start, end in self.analysis.mentions:
            if thing.startswith("institution/"):
                surface = self.text[start:end]
                for length in range(len(surface) - 1, 2, -1):
                    key = departments().get(surface[-length:])
                    if key is not None:
                        yield (end - length, end, key)
                        break

    def _coined(self) -> Iterator[tuple[int, int, str]]:
        """Yield the first signs of names that are local: not those of the vocabulary."""
        known = rules.load().initiatives.known
        names = {
            entity.id: entity.name for entity in self.analysis.entities if entity.kind is Kind.INITIATIVE
        }
        for thing, start, end in self.analysis.mentions:
            if thing in names and fold(names[thing]) not in known:
                match = LOCAL.match(self.text, start, end)
                if match:
                    yield (*match.span("place"), "own.short")


@cache
def departments() -> dict[str, str]:
    """Return the key of each name of a department that any county may have: ``department.short.3``."""
    return {
        name: f"department.{form}.{number}"
        for number, row in enumerate(department_names())
        for form, name in row.items()
    }


@cache
def department_names() -> tuple[dict[str, str], ...]:
    """Return the departments that may stand for each other, each with its name and its short name."""
    table = read_table(RULE_DATA / "institutions" / "departments.tsv", ("name", "level", "type"))
    return tuple(
        {"name": row["name"], "short": row.many("short")[0]}
        for row in table
        if row["type"] == "department" and row.get("system") == "government" and not row.get("to")
        if "county" in row.many("level") and row.many("short") and "{" not in row["name"]
        if row.get("from") <= NOW and row["name"][-1] == row.many("short")[0][-1] == OFFICE
    )
