"""Every rule table says where it comes from; every pattern fits its examples and no counterexample."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from helpers import cases

import kg
from kg.model import Analysis
from kg.resources import RULE_DATA
from kg.rules import tables
from kg.rules.tables import Row

TABLES = sorted(RULE_DATA.rglob("*.tsv"))
EXPECTED_AT_LEAST = 55
SOURCE = re.compile(r"source|licen[cs]e|CC0|general knowledge", re.IGNORECASE)

Fits = Callable[[Row, str], bool]


def name_of(path: Path) -> str:
    return path.relative_to(RULE_DATA).as_posix()


@cache
def rows(path: Path) -> tuple[Row, ...]:
    return tuple(tables.read(path, ()))


def test_all_tables_are_found() -> None:
    assert len(TABLES) >= EXPECTED_AT_LEAST


@pytest.mark.parametrize("path", TABLES, ids=name_of)
def test_a_table_says_what_it_is_and_where_it_comes_from(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    header = list(itertools.takewhile(lambda line: line.startswith("#"), lines))
    assert header, "no comment at the top"
    assert SOURCE.search(" ".join(header)), "no source"
    assert rows(path)


@pytest.mark.parametrize("path", TABLES, ids=name_of)
def test_a_table_is_written_in_one_way(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "\r" not in text and "\ufeff" not in text
    for row in rows(path):
        spaced = [
            name for name, cell in row.cells.items() if cell != cell.strip(" ") and name != "characters"
        ]
        assert not spaced, row.error(f"space around the cell of {spaced}")


PATTERN_COLUMNS = ("pattern", "unless")


@pytest.mark.parametrize("path", TABLES, ids=name_of)
def test_every_pattern_compiles(path: Path) -> None:
    for row in rows(path):
        for column in PATTERN_COLUMNS:
            try:
                re.compile(row.get(column))
            except re.error as error:
                raise row.error(f"{column}: {error}") from error


# ------------------------------------------------------------------ examples


def anywhere(row: Row, text: str) -> bool:
    """Say whether a pattern is found; ``^`` and ``$`` may stand for the place where a name begins or ends."""
    pattern = re.compile(row["pattern"])
    if pattern.search(text):
        return True
    pieces = itertools.product(range(len(text)), range(1, len(text) + 1))
    return any(pattern.search(text[start:], 0, end - start) for start, end in pieces if start < end)


def whole(row: Row, text: str) -> bool:
    return bool(re.fullmatch(row["pattern"], text))


def found(row: Row, text: str) -> bool:
    return bool(re.search(row["pattern"], text))


def beginning(row: Row, text: str) -> bool:
    return bool(re.match(row["pattern"], text))


def by_use(row: Row, text: str) -> bool:
    ways = {"full": whole, "start": beginning, "search": found}
    if row["use"] == "end":
        return bool(re.search(rf"(?:{row['pattern']})\Z", text))
    return ways[row["use"]](row, text)


def last_scope(row: Row, text: str) -> bool:
    """Say whether a wording sets the row's mode: of several the last row of the table decides."""
    modes = [r["mode"] for r in rows(row.path) if r["where"] == row["where"] and found(r, text)]
    return bool(modes) and modes[-1] == row["mode"]


@cache
def understood(text: str) -> Analysis:
    return cases.understood(cases.Case(RULE_DATA, {"home": "371323"}, text + "。", ()))


def states(row: Row, text: str) -> bool:
    """Say whether a sentence states the relation of a trigger."""
    return any(fact.predicate == row["predicate"] for fact in understood(text).facts)


FITS: dict[str, Fits] = {
    "reading/notes.tsv": whole,
    "reading/furniture.tsv": beginning,
    "reading/patterns.tsv": by_use,
    "relations/triggers.tsv": states,
    "structure/numbering.tsv": beginning,
    "structure/scopes.tsv": last_scope,
}
"""How the code applies the patterns of a table, where that is not a search."""

LISTED = {"documents/decoys.tsv"}
"""Tables that separate several examples by ``|``."""

WITH_EXAMPLES = [path for path in TABLES if {"pattern", "example"} <= set(rows(path)[0].cells)]


def examples(path: Path, column: str) -> Iterator[tuple[Row, str]]:
    for row in rows(path):
        cells = row.many(column) if name_of(path) in LISTED else (row.get(column),)
        yield from ((row, text) for text in cells if text)


def test_all_tables_with_examples_are_found() -> None:
    assert len(WITH_EXAMPLES) >= 18
    assert set(FITS) | LISTED <= {name_of(path) for path in WITH_EXAMPLES}


@pytest.mark.parametrize("path", [p for p in TABLES if "pattern" in rows(p)[0].cells], ids=name_of)
def test_every_pattern_has_an_example(path: Path) -> None:
    assert not [f"{row.line}: {row['pattern'][:40]}" for row in rows(path) if not row.get("example")]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name_of)
def test_every_pattern_fits_its_examples(path: Path) -> None:
    fits = FITS.get(name_of(path), anywhere)
    wrong = [f"{row.line}: {text}" for row, text in examples(path, "example") if not fits(row, text)]
    assert not wrong


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name_of)
def test_no_pattern_fits_its_counterexamples(path: Path) -> None:
    fits = FITS.get(name_of(path), found)
    wrong = [f"{row.line}: {text}" for row, text in examples(path, "counterexample") if fits(row, text)]
    assert not wrong


NAMED = [path for path in TABLES if {"name", "pattern"} <= set(rows(path)[0].cells)]
CODE = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(kg.__file__).parent.rglob("*.py")))


@pytest.mark.parametrize("path", NAMED, ids=name_of)
def test_every_named_pattern_is_used(path: Path) -> None:
    assert not [row["name"] for row in rows(path) if not re.search(rf"[\"']{row['name']}[\"']", CODE)]


def test_every_table_is_read() -> None:
    scripts = (Path(__file__).resolve().parent.parent / "scripts").glob("*.py")
    code = CODE + "".join(path.read_text(encoding="utf-8") for path in sorted(scripts))
    assert not [name_of(path) for path in TABLES if f'"{path.name}"' not in code]
