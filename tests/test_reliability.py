"""The tables of docs/reliability.md are what comes of bad inputs and damaged texts now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("table", ["damaged", "inputs"])
def test_the_tables_are_true(table: str) -> None:
    script = ROOT / "scripts" / "make_reliability.py"
    command = [sys.executable, str(script), "--check", "--only", table]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-3000:]
