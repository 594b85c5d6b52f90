"""The picture is measured however many things it has; nothing here asserts a time."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

import pytest
from helpers import browsing, chromium

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "bench_pictures.py"
pytestmark = pytest.mark.browser


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    browsing.ready()
    monkeypatch.setattr(sys, "path", [*sys.path])
    spec = importlib.util.spec_from_file_location("bench_pictures", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "SECONDS", 0.2)
    monkeypatch.setattr(module, "PATIENCE", 20)
    return module


@pytest.mark.parametrize("documents", [2, 60], ids=["drawn by vis-network", "drawn by the page's own stage"])
def test_our_page_tells_when_it_is_drawn(script: ModuleType, tmp_path: Path, documents: int) -> None:
    (page,) = script.pages(documents, tmp_path, "govkg")
    with chromium.running(load="none") as browser:
        script.prepare(browser)
        measured = script.measure(browser, page)
    assert math.isfinite(measured.ready)
    assert measured.panning > 0
    assert measured.zooming > 0
