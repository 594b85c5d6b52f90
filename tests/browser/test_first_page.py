"""The page about a build as its reader has it: opened from a folder, clicked, read on a phone, printed."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from helpers import browsing

from kg.graph import built
from kg.running import build

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sample corpus, and files that cannot be read beside it."""
    more = tmp_path_factory.mktemp("more")
    (more / "空.txt").write_bytes(b"")
    (more / "<img src=x onerror=alert(1)>.txt").write_bytes(b"\xff\x81\x00")
    result = build.build([ROOT / "corpus", more], tmp_path_factory.mktemp("out") / "graph")
    return result.folder


@pytest.fixture
def opened(browser: Any, folder: Path) -> Iterator[Open]:
    """Open the page; nothing may go wrong or be asked for over a network."""

    def open_page(fragment: str = "", width: int = 1440) -> Any:
        size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        return browsing.visit(browser, (folder / "index.html").as_uri() + fragment)

    yield open_page
    assert browsing.complaints(browser) == []
    urls = browsing.requests(browser)
    assert all(url.startswith("file:///") for url in urls), urls
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def said(page: Any, selector: str) -> str:
    return str(page.execute_script("return document.querySelector(arguments[0]).innerText", selector))


def test_a_stranger_sees_at_once_what_was_read(opened: Open) -> None:
    page = opened()
    lead = page.find_element("css selector", ".lead")
    assert "14 份政府文件" in lead.text
    assert lead.rect["y"] < 120
    tiles = page.find_elements("css selector", ".counts li")
    assert [tile.text.splitlines()[0] for tile in tiles][:2] == ["14", "11"]
    assert tiles[-1].text.startswith("2"), "two files were skipped"
    assert all(tile.rect["y"] + tile.rect["height"] < 300 for tile in tiles)
    assert page.find_element("css selector", ".ways a.primary").rect["y"] < 350
    assert "法律明白人" in said(page, "#panel"), "the panel shows what it is for"


@pytest.mark.parametrize("width", [1440, 820, 390])
def test_nothing_is_wider_than_the_screen(opened: Open, width: int) -> None:
    page = opened(width=width)
    for _ in range(2):
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
        wide = page.execute_script(
            """return [...document.querySelectorAll("#story *")].filter((one) => !one.closest(".scroll")
              && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML)"""
        )
        assert wide == []
        page.execute_script("document.getElementById('language').click()")


def test_everything_counted_leads_to_a_sentence_of_a_text(opened: Open, folder: Path) -> None:
    page = opened()
    quotes = page.execute_script(
        """const found = [];
        for (const button of document.querySelectorAll("button.told")) {
          button.click();
          const quotes = [...document.querySelectorAll("#panel blockquote")].map((one) => one.textContent);
          found.push(...(quotes.length ? quotes : ["nothing behind " + button.textContent]));
        }
        for (const quote of document.querySelectorAll("#conflicts blockquote")) found.push(quote.textContent);
        return [...new Set(found)];"""
    )
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (folder / "texts").iterdir())
    assert len(quotes) > 100
    assert [quote for quote in quotes if quote not in texts] == []
    marks = page.execute_script(
        "return [...document.querySelectorAll('#conflicts .against')].map((one) => "
        "[...one.querySelectorAll('mark')].map((mark) => mark.textContent))"
    )
    conflicts = [item for row in built.summary(folder)["documents"] for item in row["conflicts"]]
    assert len(marks) == len(conflicts) == 4
    assert ["三府〔2023〕6号", "三府呈〔2023〕6号"] in marks


def test_a_name_leads_to_the_thing_in_the_picture(opened: Open) -> None:
    page = opened()
    link = page.find_element("css selector", "#shared-Initiative tbody a")
    name = link.text
    assert name == "法律明白人培养工程"
    iri = unquote(link.get_attribute("href").rpartition("#")[2])
    link.click()
    assert page.current_url.partition("#")[0].endswith("/graph.html")
    assert name in said(page, "#panel")
    assert unquote(page.execute_script("return location.hash")) == f"#{iri}"


def test_a_sentence_leads_to_its_place_in_the_document(opened: Open, folder: Path) -> None:
    page = opened()
    quote = page.find_element("css selector", "#panel blockquote").text
    page.find_element("css selector", "#panel .where a").click()
    assert page.current_url.partition("#")[0].endswith("/graph.html")
    shown = said(page, "#view article.text")
    assert "".join(quote.split()) in "".join(shown.split())
    cited = page.execute_script(
        "return [...document.querySelectorAll('#view .cited')].map((one) => one.textContent).join('')"
    )
    assert cited == quote


def test_a_file_leads_to_its_text(opened: Open, folder: Path) -> None:
    page = opened()
    link = page.find_element("css selector", "#documents tbody tr td:nth-last-child(2) a")
    row = next(row for row in built.summary(folder)["documents"] if row["source"] == link.text)
    link.click()
    begins = "".join(built.text(folder, row["report"]).split())[:100]
    assert "".join(said(page, "#view article.text").split()).startswith(begins)


def test_both_languages_stand_in_one_file(opened: Open) -> None:
    page = opened()
    chinese = said(page, "#story")
    page.execute_script("document.getElementById('language').click()")
    english = said(page, "#story")
    assert page.execute_script("return document.documentElement.lang") == "en"
    assert page.title == "Knowledge graph of government documents: overview"
    assert "14 government documents" in english
    assert "Names left unsure" in english
    assert "fill or remove it" in english
    page.execute_script("document.getElementById('language').click()")
    assert said(page, "#story") == chinese
    assert "写入内容，或移走" in chinese


def test_numbers_at_the_head_lead_to_their_sections(opened: Open) -> None:
    page = opened()
    for tile in page.find_elements("css selector", ".counts a"):
        target = tile.get_attribute("href").rpartition("#")[2]
        tile.click()
        top = page.execute_script(
            "return document.getElementById(arguments[0]).getBoundingClientRect().top", target
        )
        assert -5 <= top <= 844, target
        page.execute_script("document.getElementById('story').scrollTop = 0")
    page = opened("#conflicts")
    assert (
        page.execute_script("return document.getElementById('conflicts').getBoundingClientRect().top") < 400
    )


def test_documents_are_found_by_a_part_of_what_stands_in_their_row(opened: Open) -> None:
    page = opened()
    shown = "return document.querySelectorAll('#documents tbody tr:not([hidden])').length"
    assert page.execute_script(shown) == 12
    field = page.find_element("css selector", "#documents .filter")
    field.send_keys("2022 海南")
    assert page.execute_script(shown) == 1
    assert "1 / 14" in said(page, "#documents")
    field.send_keys("没有")
    assert page.execute_script(shown) == 0
    field.clear()
    field.send_keys(" ")
    assert page.execute_script(shown) == 12
    page.find_element("css selector", "#documents .more").click()
    assert page.execute_script(shown) == 14


def test_the_files_of_the_folder_can_be_opened(opened: Open, folder: Path) -> None:
    page = opened()
    links = page.find_elements("css selector", "#files a")
    names = {link.text for link in links}
    assert {"graph.ttl", "graph.nq", "dataset.ttl", "summary.json", "graph.html"} == names
    assert all((folder / name).is_file() for name in names)
    assert "store" in said(page, "#files")


def test_names_of_files_stay_text(opened: Open) -> None:
    page = opened()
    assert "<img src=x onerror=alert(1)>.txt" in said(page, "#skipped")
    assert page.find_elements("css selector", "img") == []


def test_a_keyboard_is_enough(opened: Open) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    page = opened()
    button = page.find_element("css selector", "#connected button.told")
    page.execute_script("arguments[0].focus()", button)
    button.send_keys(Keys.ENTER)
    assert page.execute_script("return document.activeElement.id") == "panel"
    assert said(page, "#panel h2").startswith("三都水族自治县人民政府")
    reached = page.execute_script(
        """const all = [...document.querySelectorAll("a[href], button, input")];
        const able = all.filter((one) => one.offsetParent);
        return able.every((one) => one.tabIndex >= 0 && (one.textContent || one.ariaLabel))"""
    )
    assert reached


def test_a_phone_shows_the_sentences_over_the_page_and_closes_them(opened: Open) -> None:
    page = opened(width=390)
    shown = "return getComputedStyle(document.getElementById('panel')).display"
    assert page.execute_script(shown) == "none"
    page.execute_script("document.querySelector('#measures button.told').click()")
    assert page.execute_script(shown) == "block"
    page.execute_script("document.getElementById('close').click()")
    assert page.execute_script(shown) == "none"


def test_it_prints(opened: Open) -> None:
    page = opened()
    pdf = base64.b64decode(page.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") > 2
