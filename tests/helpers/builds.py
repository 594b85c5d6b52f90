"""Makes folders of small documents and builds them with the stand-in for the reading side."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import understanding

from kg.graph import names
from kg.running import build, outputs

TESTS = Path(__file__).resolve().parent.parent

FILES = {
    "昌江2021.txt": "昌江黎族自治县2021年报告\n我县开展放管服改革。\n"
    "我县办理行政复议案件25件。\n计划开展枫桥经验。",
    "昌江2022.txt": "昌江黎族自治县2022年报告\n我县开展放管服改革。\n"
    "计划开展放管服改革。\n我县开展枫桥经验。\n"
    "我县印发重大行政决策办法。\n我县办理应诉率98.50%。",
    "下级/七叉镇.txt": "七叉镇2022年报告\n我镇获得平安乡镇称号。\n我镇成立矛盾调解中心。",
}

# Text that would do harm in one of the formats if it were not escaped.
HOSTILE = (
    '"""',
    '"@zh . <http://a/> <http://b/> <http://c/> .',
    "> <http://evil/> <http://evil/",
    "<script>alert(1)</script>",
    "]]>&amp;<!--",
    "\\",
    "\\u0022",
    "a\u202eb\u2066c",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "一\u2028二\u0085三\x0b四",
    "'); DROP ALL; #",
    "\U00020000\U0001f600",
    "\x1b[31m",
    "\ufeff",
    "} INSERT DATA { <a:b> <a:b> <a:b> }",
)

INDEPENDENT_OF_RUN = ("graph.nq", "graph.ttl", "summary.json")


def use_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have builds read documents with the stand-in."""
    monkeypatch.setattr("kg.understanding.analyse", understanding.analyse)


def fill(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files into a folder, in the order given."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def run(source: Path, target: Path, **settings: object) -> build.Result:
    """Build without a picture."""
    return build.build([source], target, outputs.Settings(html=False, **settings))  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of an output folder but those of two databases, which hold times and sizes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and (path.relative_to(folder).parts[0] not in ("store", "documents") or path.name == names.FILE)
    }


def kept(folder: Path) -> int:
    """Return how many documents an output folder's catalogue keeps."""
    with contextlib.closing(sqlite3.connect(folder / "documents" / "catalogue.sqlite")) as base:
        return int(base.execute("SELECT count(*) FROM entry").fetchone()[0])


def build_apart(source: Path, target: Path, seed: int) -> None:
    """Build in another process with another hash seed."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from helpers import builds, understanding\n"
        "import kg.understanding\n"
        "kg.understanding.analyse = understanding.analyse\n"
        "builds.run(Path(sys.argv[2]), Path(sys.argv[3]))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    arguments = [sys.executable, "-c", code, str(TESTS), str(source), str(target)]
    subprocess.run(arguments, env=environment, check=True, timeout=120)


def tool(name: str) -> str:
    """Return the path of a program of the system; without it, skip, but not where tests must be complete."""
    path = shutil.which(name)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed; apt-get install raptor2-utils serdi")
        pytest.skip(f"{name} is not installed")
    return path
