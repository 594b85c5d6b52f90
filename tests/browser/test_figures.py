"""The pictures of analyses as their reader has them: opened from a file, clicked, on a phone too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from helpers import browsing

from kg.cli import main

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

Open = Callable[..., Any]
COMMANDS = {
    "compare": ("compare", "北碚区", "德清县", "伊金霍洛旗"),
    "trace": ("trace", "枫桥经验"),
    "path": ("path", "北碚区", "德清县"),
    "stats": ("stats",),
}


@pytest.fixture
def opened(browser: Any, corpus_build: Path, tmp_path: Path) -> Iterator[Open]:
    """Write the picture of a command and open it; nothing may go wrong or be asked for."""

    def open_page(name: str, *more: str) -> Any:
        path = tmp_path / f"{name}.html"
        arguments = [*COMMANDS[name], "-g", str(corpus_build), "--html", str(path), *more]
        assert CliRunner().invoke(main, arguments).exit_code == 0
        return browsing.visit(browser, path.as_uri())

    yield open_page
    assert browsing.complaints(browser) == []
    urls = browsing.requests(browser)
    assert all(url.startswith("file:///") for url in urls), urls
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def panel(page: Any) -> str:
    return str(page.execute_script("return document.getElementById('panel').innerText"))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_everything_told_leads_to_a_sentence_of_a_text(opened: Open, corpus_build: Path, name: str) -> None:
    page = opened(name)
    quotes = page.execute_script(
        """const found = [];
        for (const button of document.querySelectorAll("button.told")) {
          button.click();
          const quotes = document.querySelectorAll("#panel blockquote");
          found.push(...[...quotes].map((quote) => quote.textContent));
          if (!quotes.length) found.push("nothing behind " + button.textContent);
        }
        return [...new Set(found)];"""
    )
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (corpus_build / "texts").iterdir())
    assert len(quotes) > 5
    assert [quote for quote in quotes if quote not in texts] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_both_languages_stand_in_one_file(opened: Open, name: str) -> None:
    page = opened(name, "--language", "en")
    english = page.execute_script("return document.getElementById('story').innerText")
    page.execute_script("document.getElementById('language').click()")
    chinese = page.execute_script("return document.getElementById('story').innerText")
    assert english != chinese
    assert page.execute_script("return document.documentElement.lang") == "zh-CN"
    page.execute_script("document.getElementById('language').click()")
    assert page.execute_script("return document.getElementById('story').innerText") == english


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_screen(opened: Open, browser: Any, name: str, width: int) -> None:
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page = opened(name)
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    wide = page.execute_script(
        """return [...document.querySelectorAll("#story *")].filter((one) =>
          !one.closest(".scroll") && one.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert wide == 0


def test_a_phone_shows_the_sentences_over_the_page_and_closes_them(opened: Open, browser: Any) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page = opened("trace")
    shown = "return getComputedStyle(document.getElementById('panel')).display"
    assert page.execute_script(shown) == "none"
    page.execute_script("document.querySelectorAll('.lanes button.told')[0].click()")
    assert page.execute_script(shown) == "block"
    assert "枫桥经验" in panel(page)
    page.execute_script("document.getElementById('close').click()")
    assert page.execute_script(shown) == "none"


def test_the_field_shows_each_place_at_its_level_and_year(opened: Open) -> None:
    page = opened("trace")
    cells = page.execute_script(
        """const table = document.querySelector("table.lanes");
        const years = [...table.tHead.rows[0].cells].map((one) => one.innerText);
        return [...table.tBodies[0].rows].flatMap((row) => [...row.cells].slice(1).flatMap((cell, at) =>
          [...cell.querySelectorAll("button")].map((chip) =>
            [row.cells[0].innerText, years[at + 1], chip.innerText])));"""
    )
    assert ["省级", "2022", "海南省"] in cells
    assert ["县级", "2018", "昌江黎族自治县"] in cells
    assert len(cells) == len({tuple(cell) for cell in cells})


def test_long_tables_unfold_and_fold(opened: Open) -> None:
    page = opened("compare")
    count = "return document.querySelectorAll('table')[0].querySelectorAll('tbody tr:not([hidden])').length"
    before = page.execute_script(count)
    page.execute_script("document.querySelectorAll('.more')[0].click()")
    assert page.execute_script(count) > before
    page.execute_script("document.querySelectorAll('.more')[0].click()")
    assert page.execute_script(count) == before


def test_ways_stand_beside_each_other_and_show_their_words(opened: Open) -> None:
    page = opened("path")
    tops = page.execute_script(
        """return [...document.querySelectorAll(".chains section")]
          .map((one) => one.getBoundingClientRect().top)"""
    )
    assert len(tops) == 3
    assert len(set(tops)) == 1
    assert page.execute_script("return document.querySelectorAll('.link q').length") >= 6
