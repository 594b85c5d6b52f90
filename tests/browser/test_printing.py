"""The explorer on paper: what is shown, whole, in the colours of a light page."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import viewing_sample

from kg.graph import built, selection, store
from kg.viewing import html

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

INITIATIVE = "https://w3id.org/govkg/id/initiative/枫桥经验"
LIGHT = 0.75  # how bright a sheet is on the average at least, of 1; a dark page has below 0.2
VIEWS = ("network", "text", "matrix", "numbers", "hierarchy", "timeline", "citations")


@pytest.fixture(scope="module")
def file(corpus_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the sample corpus."""
    if not shutil.which("pdftotext"):
        advice = "reading what is printed needs poppler-utils: make system"
        if os.environ.get("CI") == "true":
            pytest.fail(advice)
        pytest.skip(advice)
    path = tmp_path_factory.mktemp("page") / "graph.html"
    view = selection.view(store.open_store(corpus_build))
    path.write_text(html.render(view, "en", built.reading(corpus_build)), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    """Yield the browser as one sees it in the dark; in the end nothing may have been complained about."""
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": dark})
    browser.get("about:blank")
    browser.get_log("browser")
    yield browser
    assert browser.get_log("browser") == []
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {})


def printed(page: Any, folder: Path) -> tuple[str, list[float]]:
    """Print a page with its backgrounds; return the text on paper and how bright each sheet is."""
    told = page.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    paper = folder / "paper.pdf"
    paper.write_bytes(base64.b64decode(told["data"]))
    text = subprocess.run(
        ["pdftotext", "-raw", str(paper), "-"], capture_output=True, check=True
    ).stdout.decode()
    subprocess.run(["pdftoppm", "-gray", "-r", "30", str(paper), str(folder / "sheet")], check=True)
    pixels = [sheet.read_bytes().split(b"\n255\n", 1)[1] for sheet in sorted(folder.glob("sheet-*.pgm"))]
    return "".join(text.split()), [sum(sheet) / len(sheet) / 255 for sheet in pixels]


@pytest.mark.parametrize("view", VIEWS)
def test_paper_bears_the_whole_in_light_colours(page: Any, file: Path, tmp_path: Path, view: str) -> None:
    told = quote(INITIATIVE, safe="")
    page.get(file.as_uri() + {"network": f"#{told}", "text": "#!text"}.get(view, f"#!{view}&{told}"))
    assert page.execute_script("return document.body.dataset.view") == view
    parts = "#panel blockquote"
    if view == "text":
        page.execute_script("document.querySelector('#view ul button').click()")
        parts = "article.text p"
    # Between sentences stand the numbers of their facts, which are for the screen.
    whole = page.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map((part) => {"
        "  const copy = part.cloneNode(true);"
        "  for (const each of copy.querySelectorAll('button.tells')) each.remove();"
        "  return copy.textContent; })",
        parts,
    )
    background = "return getComputedStyle(document.body).backgroundColor"
    before = page.execute_script(background)
    text, sheets = printed(page, tmp_path)
    assert len(whole) > 5
    assert [each for each in whole if "".join(each.split()) not in text] == []
    assert sheets
    assert min(sheets) > LIGHT
    if view == "network":  # in the picture, too, things are named
        assert text.count("伊金霍洛旗人民政府") > text.count("伊金霍洛旗人民政府开展")
    # Afterwards the window shows what it showed before.
    assert page.execute_script(background) == before != "rgb(255, 255, 255)"
    assert page.execute_script("return document.getElementById('paper')") is None


def test_thousands_of_things_are_painted_light_and_with_their_names(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    path.write_text(html.render(viewing_sample.large(60)), encoding="utf-8")
    page.get(path.as_uri() + "?renderer=canvas")
    assert page.execute_script("return document.documentElement.dataset.ready") == "true"
    page.execute_script("document.querySelector('#panel [data-iri]').click()")
    # What is painted for paper is looked at while the page is about to be printed.
    page.execute_script(
        "addEventListener('beforeprint', () => { const sheet = document.getElementById('paper');"
        "  const image = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height).data;"
        "  let light = 0; for (let at = 0; at < image.length; at += 4) light += image[at] > 200;"
        "  const wide = sheet.width / document.getElementById('network').clientWidth;"
        "  window.found = [wide, 4 * light / image.length,"
        "    new Set(new Uint32Array(image.buffer)).size]; })"
    )
    _, sheets = printed(page, tmp_path)
    assert min(sheets) > LIGHT
    finer, light, colours = page.execute_script("return window.found")
    assert finer == 2
    assert light > LIGHT
    assert colours > 40
