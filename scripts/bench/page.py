"""Shows figures: on the terminal, and in the blocks of docs/performance.md that are measured.

A block stands between two comments, ``<!-- measured: NAME -->`` and ``<!-- end -->``; all else of the page is
written by hand and stays.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import sections

BLOCK = re.compile(r"(?P<begin><!-- measured: (?P<name>\w+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL)


def shown(name: str, figures: dict[str, Any]) -> list[sections.Table]:
    """Return the tables of a section, none where its module shows nothing."""
    module = sections.module(name)
    return module.tables(figures) if module is not None and hasattr(module, "tables") else []


def write(page: Path, run: dict[str, Any]) -> list[str]:
    """Put the tables of a run into a page; return the names of the sections that were written.

    Blocks of sections that the run has no figures of stay as they are.
    """
    written = []

    def block(found: re.Match[str]) -> str:
        name = found["name"]
        figures = run["sections"].get(name)
        if figures is None:
            return found[0]
        written.append(name)
        parts = [table.markdown() for table in shown(name, figures)]
        return "\n\n".join([found["begin"] + where(run), *parts]) + "\n\n" + found["end"]

    page.write_text(BLOCK.sub(block, page.read_text(encoding="utf-8")), encoding="utf-8")
    return written


def where(run: dict[str, Any]) -> str:
    """Return a line that says when and on what figures were taken."""
    machine, versions = run["machine"], run["versions"]
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items() if name not in SPOKEN)
    return (
        f"*{run['date']}, commit {run['commit'] or 'unknown'}, {versions['govkg']}; {machine['processor']},"
        f" {machine['cores']} cores, {machine['memory GB']} GB, {machine['system']}; Python"
        f" {versions['python']}, {libraries}.*"
    )


SPOKEN = ("python", "govkg")
