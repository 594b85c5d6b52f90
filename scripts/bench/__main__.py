"""Measure how fast this program is, how much memory it takes, and how both grow: ``make bench``.

Everything is measured in one run, beside the same yardsticks. Times are work of the processor unless they are
said to be on the clock; times depend on the machine, ratios much less. Nothing is asserted.

    python scripts/bench                                    all sections, small: about five minutes
    python scripts/bench --only core,stages                 some of them
    python scripts/bench --only build --reports 10000       larger ones
    python scripts/bench --write                            and put the tables into docs/performance.md

A line with all figures is added to benchmarks/history.jsonl; ``--show`` prints the last of them again, and
with ``--write`` puts them into the page.
"""

from __future__ import annotations

import argparse
import compileall
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import page
import sections
from machine import circumstances, package
from sections import NAMES, ROOT, Options, UnavailableError

HISTORY = ROOT / "benchmarks" / "history.jsonl"
PAGE = ROOT / "docs" / "performance.md"
LARGE = ("workers", "scale", "store", "spark")
"""Sections that run only where they are asked for: they take long, or need more than this package."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, remember; return 0, or 1 where a section failed."""
    given = _parser().parse_args(arguments)
    if given.show:
        return _show(given.history, given.write)
    run = circumstances() | {"options": {}, "sections": {}}
    failed = False
    work = Path(tempfile.mkdtemp(prefix="bench-", dir=given.place))
    try:
        options = Options(
            folder=work,
            reports=given.reports,
            length=given.length,
            long=given.long,
            rounds=given.rounds,
            characters=given.characters,
            largest=given.largest,
            seed=given.seed,
            triples=given.triples,
        )
        run["options"] = {
            name: value for name, value in asdict(options).items() if name not in ("folder", "corpus")
        }
        print(page.where(run).strip("*"), flush=True)
        # As pip leaves a package; where Python is told to write no bytecode, each start would compile it.
        compileall.compile_dir(ROOT / "kg", quiet=1)
        before = package()
        for name in given.only:
            failed |= not _measure(name, options, run)
        if package() != before:
            run["commit"] += " changed meanwhile"
            print("\nthe package was changed while it was measured: these figures are of no one version")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if run["sections"]:
        given.history.parent.mkdir(parents=True, exist_ok=True)
        with given.history.open("a", encoding="utf-8") as file:
            file.write(json.dumps(run, ensure_ascii=False) + "\n")
    if given.write:
        _write(run)
    return int(failed)


def _measure(name: str, options: Options, run: dict[str, Any]) -> bool:
    """Measure a section and print its tables; a section that fails costs only itself."""
    print(f"\n== {name}", flush=True)
    module = sections.module(name)
    if module is None:
        print("not there yet")
        return True
    try:
        figures = module.measure(options)
    except UnavailableError as reason:
        print(f"left out: {reason}")
        return True
    except Exception as error:  # the figures of the other sections are kept
        print(f"failed: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    run["sections"][name] = figures
    for table in page.shown(name, figures):
        print(f"\n{table.text()}", flush=True)
    return True


def _show(history: Path, write: bool) -> int:
    """Print the figures of the last run again, and put them into the page if that is wanted."""
    lines = history.read_text(encoding="utf-8").splitlines() if history.exists() else []
    if not lines:
        print(f"{history.name}: no run yet; measure first", file=sys.stderr)
        return 1
    run = json.loads(lines[-1])
    print(page.where(run).strip("*"))
    for name, figures in run["sections"].items():
        print(f"\n== {name}")
        for table in page.shown(name, figures):
            print(f"\n{table.text()}")
    if write:
        _write(run)
    return 0


def _write(run: dict[str, Any]) -> None:
    print(f"\nwritten into {PAGE.name}: {', '.join(page.write(PAGE, run)) or 'nothing'}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    small = Options(Path())
    parser.add_argument(
        "--only",
        type=_names,
        default=tuple(name for name in NAMES if name not in LARGE),
        metavar="A,B",
        help=f"sections, of {', '.join(NAMES)}; without it all but {', '.join(LARGE)}",
    )
    parser.add_argument("--reports", type=int, default=small.reports, help="reports of a build")
    parser.add_argument("--length", type=int, default=small.length, help="mean characters of a report")
    parser.add_argument("--long", type=int, default=small.long, help="mean characters of a long report")
    parser.add_argument("--rounds", type=int, default=small.rounds)
    parser.add_argument("--characters", type=int, default=small.characters, help="read in each round")
    parser.add_argument("--largest", type=float, default=small.largest, help="MB of the longest document")
    parser.add_argument("--triples", type=int, default=small.triples, help="triples of the store")
    parser.add_argument("--seed", type=int, default=small.seed, help="of the generated reports")
    parser.add_argument("--place", type=Path, help="where to work, if not in the system's temporary folder")
    parser.add_argument("--history", type=Path, default=HISTORY, help="the file to add the figures to")
    parser.add_argument("--write", action="store_true", help=f"put the tables into docs/{PAGE.name}")
    parser.add_argument("--show", action="store_true", help="print the last figures again, measure nothing")
    return parser


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise argparse.ArgumentTypeError(f"no section {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return names


if __name__ == "__main__":
    raise SystemExit(main())
