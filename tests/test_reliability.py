"""The table of bad inputs is what comes of them now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_table_of_bad_inputs_is_true() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "make_reliability.py"), "--check"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-3000:]
