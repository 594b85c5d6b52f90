"""Still pictures in a real Chromium: Chinese names are seen, where the program thinks they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import viewing_sample

from kg.viewing import static

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

BOXES = """
return [...document.querySelectorAll("#names text")].map((text) => {
  const box = text.getBBox();
  return [text.textContent, box.x, box.y, box.width, box.height, Number(text.getAttribute("font-size"))];
});
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_are_seen_and_none_runs_into_another(browser: Any, tmp_path: Path, language: str) -> None:
    path = tmp_path / "graph.svg"
    path.write_text(static.render(viewing_sample.seeds_like(), language), encoding="utf-8")
    browser.get(path.as_uri())
    boxes = browser.execute_script(BOXES)
    assert len(boxes) > 60
    assert any("云溪市人民政府" in text for text, *_ in boxes)
    for text, left, top, width, height, size in boxes:
        assert width > size, text
        assert left >= 0 and left + width <= 1600, text
        # A line's box has air above and below the letters: what overlaps must be more than that.
        for other, left2, top2, width2, height2, _ in boxes:
            if text < other and left < left2 + width2 and left2 < left + width:
                assert min(top + height, top2 + height2) - max(top, top2) < 0.5 * size, (text, other)
    ink = browser.execute_script(
        "return getComputedStyle(document.querySelector('#names text[data-role=name]')).fill"
    )
    assert ink == "rgb(28, 33, 40)"


def test_texts_of_documents_do_not_run(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "graph.svg"
    path.write_text(static.render(viewing_sample.hostile()), encoding="utf-8")
    browser.get(path.as_uri())
    assert browser.execute_script("return window.hacked === undefined && document.scripts.length === 0")
    assert "<script>" in browser.execute_script("return document.documentElement.textContent")
