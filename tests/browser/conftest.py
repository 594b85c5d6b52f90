"""Starts one headless Chromium for the browser tests, without a network."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers import browsing, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Yield a driver; skip where Chromium or Selenium is missing, but not in CI, where that is a failure."""
    browsing.ready()
    with chromium.running(chromium.CALM, logs=("browser", "performance")) as driver:
        yield driver
