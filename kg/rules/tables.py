"""Reads the rule tables: tab-separated text with a header, ``#`` comments, ``|`` inside a cell for lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import RuleError


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, which knows where it stands."""

    path: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str, default: str = "") -> str:
        """Return a cell, or ``default`` where the table has no such column."""
        return self.cells.get(column, default)

    def many(self, column: str) -> tuple[str, ...]:
        """Return the items of a list cell, in order, without empty ones."""
        return tuple(item.strip() for item in self.cells.get(column, "").split("|") if item.strip())

    def error(self, problem: str) -> RuleError:
        """Return an error that names this row."""
        return RuleError(f"{self.path.name}:{self.line}: {problem}; correct the row and start again")


def read(path: Path, required: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of the table at ``path``.

    Raises:
        RuleError: the file is missing, a required column is missing, or a row has another number of cells
            than the header.

    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise RuleError(f"{path}: cannot be read, {error.strerror}; reinstall the package") from error
    header: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            header = cells
            missing = [column for column in required if column not in header]
            if missing:
                raise RuleError(f"{path.name}:{number}: no column {missing!r}; add it to the header")
            continue
        if len(cells) > len(header):
            raise RuleError(
                f"{path.name}:{number}: {len(cells)} cells under {len(header)} columns, {line!r}; use one tab"
            )
        cells += [""] * (len(header) - len(cells))
        row = Row(path, number, dict(zip(header, cells, strict=True)))
        empty = [column for column in required if not row[column]]
        if empty:
            raise row.error(f"empty cell in {empty!r}")
        yield row
