"""Damage texts, try every bad input, and tell in docs/reliability.md what came of it.

    .venv/bin/python scripts/make_reliability.py [--only damaged] [--check]

Each bad input is built beside two good documents of the sample corpus, whose facts must come out as without
it. With --check nothing is written: the tables have to be those in the page.
"""

from __future__ import annotations

import argparse
import collections
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "reliability"))

import damaged
from bad_inputs import INPUTS, Bad
from click.testing import CliRunner

from kg.cli import main as main_command

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
GOOD = ("三都水族自治县2022年法治政府建设报告.txt", "德清县2022年法治政府建设情况报告.html")


class Trial:
    """A place to try things in: the good documents, and what they say when nothing bad is near."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.build = 0
        self.alone = self._facts(*self._run({})[:2])

    def of(self, bad: Bad) -> tuple[str, str]:
        """Return what came of a bad input: ``read`` or ``skipped``, and the words for it.

        Raises:
            SystemExit: it cost more than itself.

        """
        out, summary, said = self._run(bad.files(), html=bad.kind == "injection")
        mine = [item for item in summary["skipped"] if not self._is_good(item["source"])]
        reports = [item for item in summary["documents"] if not self._is_good(item["source"])]
        if self._facts(out, summary) != self.alone:
            sys.exit(f"{bad.what}: the facts of the good documents are not the same")
        if any(item["reason"] == "internal" for item in mine):
            sys.exit(f"{bad.what}: the program failed on it: {mine}")
        if not mine and not reports:
            sys.exit(f"{bad.what}: is neither read nor named")
        if "\x1b" in said or "\u202e" in said:
            sys.exit(f"{bad.what}: reaches the terminal")
        outcome = "read" if reports else "skipped"
        if bad.outcome not in (outcome, "either"):
            sys.exit(f"{bad.what}: is {outcome}, which should not be: {mine or reports}")
        return outcome, "; ".join([*self._reports(reports), *self._refusals(mine)])

    @staticmethod
    def _is_good(source: str) -> bool:
        return source in GOOD

    @staticmethod
    def _reports(reports: list[dict[str, object]]) -> list[str]:
        told = collections.Counter(
            f"{item['facts']} facts, {item['observations']} numbers"
            + "".join(f", flagged {flag}" for flag in item["flags"])  # type: ignore[attr-defined]
            for item in reports
        )
        return [f"{text} (in each of {count})" if count > 1 else text for text, count in told.items()]

    @staticmethod
    def _refusals(rows: list[dict[str, str]]) -> list[str]:
        told = collections.Counter(f"{row['problem']}; {row['advice']}" for row in rows)
        return [f"{text} ({count:,} of them)" if count > 1 else text for text, count in told.items()]

    def _run(
        self, files: dict[str, bytes], *, html: bool = False
    ) -> tuple[Path, dict[str, list[dict[str, str]]], str]:
        self.build += 1
        work = self._folder / str(self.build)
        source, out = work / "in", work / "out"
        source.mkdir(parents=True)
        for name in GOOD:
            shutil.copyfile(ROOT / "corpus" / name, source / name)
        for name, data in files.items():
            (source / name).write_bytes(data)
        pages = "--html" if html else "--no-html"
        command = ["build", str(source), "-o", str(out), pages]
        ended = CliRunner().invoke(main_command, command)
        if ended.exit_code:
            sys.exit(f"{list(files)}: the build ended with {ended.exit_code}: {ended.output[-2000:]}")
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        return out, summary, ended.output

    def _facts(self, out: Path, summary: dict[str, list[dict[str, str]]]) -> set[str]:
        own = tuple(f"<{row['report']}> .\n" for row in summary["documents"] if self._is_good(row["source"]))
        with (out / "graph.nq").open(encoding="utf-8", newline="\n") as stream:
            lines = {line for line in stream if line.endswith(own)}
        shutil.rmtree(out.parent)
        return lines


def inputs() -> str:
    """Return what came of every bad input, as a table in Markdown."""
    rows = ["| | tried | outcome | what is told |", "| --- | --- | --- | --- |"]
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        for bad in INPUTS:
            outcome, told = trial.of(bad)
            rows.append(f"| {bad.kind} | {escaped(bad.what)} | {outcome} | {escaped(told)} |")
            print(rows[-1], file=sys.stderr)
    return "\n".join(rows)


def escaped(text: str) -> str:
    """Return a text as one cell of a table."""
    shown = "".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in text)
    return shown.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


TABLES = {"damaged": damaged.table, "inputs": inputs}
"""What makes each table of the page, by its name there."""


def main() -> None:
    """Make the tables, or check them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with the page instead of writing it")
    parser.add_argument("--only", choices=TABLES, help="one of the tables")
    given = parser.parse_args()
    before = after = PAGE.read_text(encoding="utf-8")
    for name in [given.only] if given.only else TABLES:
        begin, end = f"<!-- table: {name} -->", f"<!-- end of table: {name} -->"
        head, _, rest = after.partition(begin)
        after = f"{head}{begin}\n{TABLES[name]()}\n{end}{rest.partition(end)[2]}"
    if given.check and after != before:
        sys.exit(f"{PAGE}: is not what comes of it now; run scripts/make_reliability.py")
    if not given.check:
        PAGE.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
