"""Makes reports like those of the sample corpus, as many and as long as wanted: the same for the same seed.

Each takes the layout of one sample and sentences of all samples of that layout. Places are real divisions of
the same level out of the package's table, with what follows from the place (names of bodies, numbers of
documents, codes); years and numbers are others, departments are exchanged for others of the package's list.
The reports are fiction: they serve to measure speed and size.

    python scripts/bench/generate.py FOLDER --reports 2000 --length 1800 --seed 1
    python scripts/bench/generate.py FOLDER --change 10 --seed 2      rewrites ten of them slightly
"""

from __future__ import annotations

import argparse
import html
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from templates import Piece, Sample, department_names, samples

from kg import rules
from kg.rules.places import COUNTRY, Division

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
IN_FOLDER = 1000
FACTORS = range(45, 246)
"""Percent by which the numbers of a paragraph are multiplied, one for all of them: parts go on adding up."""

KEPT = 0.6
"""The share of sentences of the sample whose layout a report takes that stay; the others are exchanged."""

IN_PARAGRAPH = 5  # sentences of a document that is made as long as wanted
VARYING = ("child", "other", "department")
SPREAD = 0.3  # how much longer or shorter than the mean a report may be
YEARS = 3  # earlier or later than the sample
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIGIT = re.compile(
    rb"(?<![\d.,])([2-9]\d?)(?=[\xe4-\xe9])(?!\xe5\xb9\xb4|\xe6\x9c\x88|\xe6\x97\xa5|\xe5\x8f\xb7)"
)


class Blanks(dict[str, str]):
    """What fills the blanks of one report; each is chosen where it is first asked for, and stays."""

    def __init__(self, base: dict[str, str], code: str, chance: random.Random) -> None:
        super().__init__(base)
        self.code, self.chance = code, chance

    def __missing__(self, key: str) -> str:
        sort, *rest = key.split(".")
        if sort in ("child", "other"):
            level, unit, number, _ = rest
            self._place(".".join((sort, level, unit, number)), sort, level, unit)
        elif sort == "department":
            names = department_names()
            moved = int(self.setdefault("department", str(self.chance.randrange(len(names)))))
            self[key] = names[(int(rest[1]) + moved) % len(names)][rest[0]]
        elif sort == "docnumber":
            self[key] = str(self.chance.randint(1, 300))
        elif sort == "index":
            self[key] = _index_number(self.get("own.code", self.code), self.chance)
        return self[key]

    def _place(self, key: str, sort: str, level: str, unit: str) -> None:
        """Choose a place below the home, or beside it, or anywhere if there is none such."""
        gazetteer = rules.load().places.gazetteer
        if sort == "child":
            near = [code for code in _below(self.code, level) if gazetteer.unit(code) == unit]
        else:
            beside = _below(gazetteer.divisions[self.code].parent, level)
            near = [code for code in beside if gazetteer.unit(code) == unit and code != self.code]
        division = gazetteer.divisions[self.chance.choice(near or _of(level, unit))]
        self[f"{key}.name"] = division.name
        self[f"{key}.short"] = division.short[0] if division.short else division.name
        self[f"{key}.full"] = gazetteer.divisions[division.parent].name + division.name


@cache
def _below(code: str, level: str) -> tuple[str, ...]:
    """Return the divisions of a level that lie in another."""
    gazetteer = rules.load().places.gazetteer
    found: list[str] = []
    for child in gazetteer.children.get(code, ()):
        if gazetteer.divisions[child].level == level:
            found.append(child)
        elif level != "prefecture":
            found += _below(child, level)
    return tuple(found)


@cache
def _of(level: str, unit: str) -> tuple[str, ...]:
    """Return the divisions of a level that call themselves so, and whose names mean no other place."""
    places = rules.load().places
    gazetteer = places.gazetteer
    return tuple(
        code
        for code, division in gazetteer.divisions.items()
        if division.level == level and gazetteer.unit(code) == unit
        if level == "township" or _is_plain(division)
    )


def _is_plain(division: Division) -> bool:
    places = rules.load().places
    return (
        bool(division.short)
        and len(division.short[0]) > 1
        and not {division.name, *division.short} & places.ambiguous
        and len(places.gazetteer.named[division.name]) == 1
        and len(places.gazetteer.named[division.short[0]]) == 1
    )


@cache
def _zones(kind: str) -> tuple[tuple[str, str, str], ...]:
    """Return the zones of a kind that a prefecture runs: name, short name, code of the prefecture."""
    places = rules.load().places
    return tuple(
        (name, shorts[0], host)
        for name, shorts, sort, host in places.zones
        if sort == kind and shorts and host in places.gazetteer.divisions
        if places.gazetteer.divisions[host].level == "prefecture"
    )


@cache
def _base(code: str) -> dict[str, str]:
    """Return what fills the blanks that follow from the place alone."""
    gazetteer = rules.load().places.gazetteer
    found: dict[str, str] = {}
    for at in reversed(gazetteer.lineage(code)):
        if at == COUNTRY:
            continue
        division = gazetteer.divisions[at]
        short = division.short[0] if division.short else division.name
        names = {"name": division.name, "short": short, "unit": gazetteer.unit(at)}
        for sort in ("province", "up") if division.level == "province" else ("up",) if at != code else ():
            found |= {f"{sort}.{form}": name for form, name in names.items()}
        if division.level in ("prefecture", "county"):
            sort = "up" if division.level == "prefecture" else "county"
            found |= {f"{sort}.{form}": name for form, name in names.items()}
        if at == code:
            found |= {f"own.{form}": name for form, name in names.items()}
            found |= {"own.full": gazetteer.full_name(code), "own.first": short[0], "own.code": code}
    return found


def _index_number(code: str, chance: random.Random) -> str:
    """Return the unified social credit code of some body of a place, with its check signs right."""
    own = f"{chance.randrange(10**8):08d}"
    rest = (
        11 - sum(int(sign) * weight for sign, weight in zip(own, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    )
    number = f"11{code}{own}{'0123456789X0'[rest % 11]}" if rest != 11 else f"11{code}{own}0"
    total = sum(SIGNS.index(sign) * pow(3, at, 31) for at, sign in enumerate(number))
    return number + SIGNS[-total % 31]


class Generator:
    """Makes reports out of the documents of a folder, by default of the sample corpus."""

    def __init__(self, folder: Path = CORPUS, length: int = 0, seed: int = 1) -> None:
        """Prepare to make reports of ``length`` characters on average, 0 for as long as the samples are."""
        self.samples = samples(folder)
        mean = sum(sample.characters for sample in self.samples) / len(self.samples)
        self.longer = length / mean if length else 1.0
        self.seed = seed
        self.pools: dict[tuple[str, str], list[Piece]] = defaultdict(list)
        for sample in self.samples:
            for piece in sample.pieces:
                if _may_move(piece):
                    self.pools[sample.layout, piece.mode].append(piece)

    def report(self, number: int) -> tuple[str, str]:
        """Return the name of a report and its text: the same for the same number and seed."""
        chance = random.Random(f"{self.seed}/{number}")
        sample = chance.choice(self.samples)
        blanks = self.blanks(sample, chance)
        wanted = sample.characters * self.longer * chance.uniform(1 - SPREAD, 1 + SPREAD)
        text = self.text(sample, blanks, chance, wanted)
        place = blanks["own.short"] + blanks["year.0"]
        if sample.name.endswith(".html"):
            return f"{place}-{number:07d}.html", _page(text)
        return f"{place}-{number:07d}.txt", text

    def long(self, number: int, size: int) -> str:
        """Return a report of about ``size`` bytes: sentences come again, with other names and numbers."""
        chance = random.Random(f"{self.seed}/long/{number}")
        sample = chance.choice([sample for sample in self.samples if sample.level == "county"])
        blanks = self.blanks(sample, chance)
        text = self.text(sample, blanks, chance, sample.characters)
        front, after, end = text.rpartition("\n\n")
        parts, written = [front], len(text.encode())
        pieces = list(self.pools[sample.layout, "done"])
        own = {key: value for key, value in blanks.items() if key.split(".")[0] not in VARYING}
        while written < size:
            others = Blanks(own, blanks.code, chance)
            chance.shuffle(pieces)
            for at in range(0, len(pieces), IN_PARAGRAPH):
                factor = chance.choice(FACTORS)
                filled = [
                    piece.scaled(factor) % _values(piece.keys, others)
                    for piece in pieces[at : at + IN_PARAGRAPH]
                ]
                parts.append("".join(filled))
                written += len(parts[-1].encode()) + 1
                if written >= size:
                    break
        return "\n".join(parts) + after + end

    def blanks(self, sample: Sample, chance: random.Random) -> Blanks:
        """Return what fills the blanks of a report that is like a sample, of another place and year."""
        first, last = (sample.year - YEARS, sample.year + YEARS) if sample.year < 2019 else (2021, 2025)
        if sample.level == "zone":
            name, short, code = chance.choice(_zones(sample.unit))
            base = _base(code) | {"own.name": name, "own.short": short, "own.full": name}
        else:
            code = chance.choice(_of(sample.level, sample.unit))
            base = _base(code)
        year = chance.randint(first, last)
        years = {f"year.{step}": str(year + step) for step in (-1, 0, 1)}
        return Blanks(base | years, code, chance)

    def text(self, sample: Sample, blanks: Blanks, chance: random.Random, wanted: float) -> str:
        """Return the text of a report of about ``wanted`` characters."""
        used = {id(piece) for piece in sample.pieces}
        spare = {
            mode: [piece for piece in self.pools[sample.layout, mode] if id(piece) not in used]
            for mode in ("done", "planned", "problem")
        }
        for pieces in spare.values():
            chance.shuffle(pieces)
        paragraphs = sum(not piece.sentence for piece in sample.pieces)
        more = max(0.0, wanted - sample.characters) / max(1, paragraphs - 2)
        moving = sum(len(piece.form) for piece in sample.pieces if _may_move(piece))
        kept = 1 - max(0.0, sample.characters - wanted) / max(1, moving)
        out: list[str] = []
        factor, written, due = 100, 0, 0.0
        for own in sample.pieces:
            piece = own
            if not own.sentence:
                # At the end of a paragraph: what is to be longer gets sentences of the other samples.
                if written:
                    due += more
                    while due > 0 and (extra := self._extra(sample, spare["done"], used, chance)):
                        filled = extra.scaled(factor) % _values(extra.keys, blanks)
                        out.append(filled)
                        due -= len(filled)
                factor = chance.choice(FACTORS)
            elif _may_move(own):
                if chance.random() > kept:
                    continue
                if spare.get(own.mode) and chance.random() > KEPT:
                    piece = spare[own.mode].pop()
            out.append(piece.scaled(factor) % _values(piece.keys, blanks))
            written += piece.sentence
        return "".join(out)

    def _extra(
        self, sample: Sample, spare: list[Piece], used: set[int], chance: random.Random
    ) -> Piece | None:
        """Return a sentence that the report does not have yet; of other layouts where its own has no more."""
        if not spare:
            for (_, mode), pieces in self.pools.items():
                if mode == "done":
                    spare += [piece for piece in pieces if id(piece) not in used]
            chance.shuffle(spare)
        while spare:
            piece = spare.pop()
            if id(piece) not in used:
                used.add(id(piece))
                return piece
        return None


def _may_move(piece: Piece) -> bool:
    """Tell whether a sentence may stand elsewhere: not the first of a list, not the first of all."""
    return piece.sentence and not piece.numbered and len(piece.form) > 20


@cache
def _getter(keys: tuple[str, ...]) -> itemgetter[object]:
    return itemgetter(*keys)


def _values(keys: tuple[str, ...], blanks: Blanks) -> object:
    return _getter(keys)(blanks) if keys else ()


def _page(text: str) -> str:
    """Return a text as a plain page."""
    lines = "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n") if line.strip())
    return f'<html><head><meta charset="utf-8"></head><body>\n{lines}\n</body></html>\n'


def reports(
    count: int, length: int = 0, seed: int = 1, first: int = 0, corpus: Path = CORPUS
) -> Iterator[tuple[str, str]]:
    """Yield ``count`` reports as (name, text), of ``length`` characters on average, 0 as the samples."""
    maker = Generator(corpus, length, seed)
    return (maker.report(number) for number in range(first, first + count))


def write(folder: Path, count: int, length: int = 0, seed: int = 1, corpus: Path = CORPUS) -> int:
    """Write reports into a folder, a thousand to a sub-folder; return how many characters they have."""
    characters = 0
    for number, (name, text) in enumerate(reports(count, length, seed, corpus=corpus)):
        place = folder / f"{number // IN_FOLDER:04d}"
        if number % IN_FOLDER == 0:
            place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(text.encode())
        characters += len(text)
    return characters


def change(folder: Path, count: int, seed: int) -> Sequence[Path]:
    """Rewrite ``count`` of the reports in a folder, with other numbers; return which."""
    chance = random.Random(seed)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    chosen = sorted(chance.sample(files, min(count, len(files))))
    for path in chosen:
        data = path.read_bytes()
        changed = DIGIT.sub(lambda found: b"%d" % (int(found[1]) + 1 + seed), data, count=5)
        path.write_bytes(changed if changed != data else data + b"\n")
    return chosen


def main() -> None:
    """Make or change the reports of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=1000, help="how many to make")
    parser.add_argument("--length", type=int, default=0, help="mean number of characters; 0: as the samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--change", type=int, default=0, help="rewrite so many of those that are there")
    given = parser.parse_args()
    if given.change:
        print(f"{len(change(given.folder, given.change, given.seed))} reports changed")
        return
    characters = write(given.folder, given.reports, given.length, given.seed)
    print(f"{given.reports} reports, {characters} characters, in {given.folder}")


if __name__ == "__main__":
    main()
