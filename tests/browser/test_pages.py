"""The pages of ``kg serve`` in a real browser: questions with completion, tables, queries, pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.serving import Server

from kg.serving import pages

pytestmark = pytest.mark.browser
SECONDS = 10


@pytest.fixture(scope="module")
def server(corpus_build: Path) -> Iterator[Server]:
    running = Server(corpus_build)
    yield running
    running.stop()


@pytest.fixture
def reader(browser: Any, server: Server) -> Iterator[Any]:
    """Yield the browser; nothing may go wrong in its console, and nothing be asked from elsewhere."""
    for log in ("browser", "performance"):
        browser.get_log(log)  # reading a log empties it
    yield browser
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        each["params"]["request"]["url"] for each in sent if each["method"] == "Network.requestWillBeSent"
    ]
    assert asked
    own = urlsplit(server.address).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {own}


def element(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def until(browser: Any, condition: Any) -> Any:
    from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415

    return WebDriverWait(browser, SECONDS).until(condition)


def test_a_question_is_asked_with_completion(reader: Any, server: Server) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    reader.get(f"{server.address}/questions?lang=zh")
    reader.find_element("css selector", 'a[href="/questions/activity"]').click()
    field = element(reader, 'input[name="place"]')
    field.send_keys("昌江")
    items = until(reader, lambda each: each.find_elements("css selector", ".suggestions li"))
    assert {"昌江区", "昌江黎族自治县"} <= {item.get_attribute("data-value") for item in items}
    assert field.get_attribute("aria-expanded") == "true"
    field.send_keys(Keys.ARROW_DOWN)
    first = field.get_attribute("aria-activedescendant")
    assert element(reader, f"#{first}").get_attribute("aria-selected") == "true"
    field.send_keys(Keys.ESCAPE)
    assert not reader.find_elements("css selector", ".suggestions li")
    field.clear()
    field.send_keys("昌江黎")
    until(reader, lambda each: each.find_elements("css selector", ".suggestions li"))
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert field.get_attribute("value") == "昌江黎族自治县"
    field.send_keys(Keys.ENTER)
    rows = until(reader, lambda each: each.find_elements("css selector", "tbody tr"))
    assert (
        len(rows) == len(server.get("/questions/activity.csv", place="昌江黎族自治县").text.split("\r\n")) - 2
    )
    assert element(reader, "th").text == "地方"
    assert pages.word("show_sparql", "zh") in element(reader, "summary").text
    cell = rows[0].find_element("css selector", "td a")
    name = cell.text
    cell.click()
    assert name in until(reader, lambda each: element(each, "h1")).text


def test_a_query_is_written_corrected_and_answered(reader: Any, server: Server) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    reader.get(f"{server.address}/query?lang=en")
    editor = element(reader, "#sparql")
    assert "PREFIX gov:" in editor.get_attribute("value")
    editor.send_keys(Keys.CONTROL, Keys.ENTER)
    assert until(reader, lambda each: each.find_elements("css selector", "tbody tr"))
    editor = element(reader, "#sparql")
    editor.clear()
    editor.send_keys("SELECT ?place {\n ?place a gov:Jurisdiction ; }} ")
    element(reader, "form.sparql button").click()
    until(reader, lambda each: each.find_elements("css selector", "pre.error"))
    assert "line 2, column" in element(reader, "pre.error").text
    assert reader.execute_script("return document.activeElement.selectionStart") > 16
    refused = [entry for entry in reader.get_log("browser") if "400" not in entry["message"]]
    assert refused == []  # the answer to a wrong query has the status 400, which the browser notes
    editor = element(reader, "#sparql")
    editor.clear()
    editor.send_keys("SELECT ?place { ?place a gov:Jurisdiction } ORDER BY ?place LIMIT 3")
    element(reader, "form.sparql button").click()
    links = until(reader, lambda each: each.find_elements("css selector", "td.iri a"))
    assert len(links) == 3
    iri = links[0].text
    links[0].click()
    until(reader, lambda each: each.find_elements("css selector", ".facts, dl"))
    assert iri in element(reader, "main").text


def test_a_thing_leads_to_its_picture(reader: Any, server: Server) -> None:
    reader.get(f"{server.address}/thing?name=枫桥经验&lang=en")
    assert element(reader, "blockquote p").text
    element(reader, 'main a[href^="/explore"]').click()
    until(reader, lambda each: each.find_elements("css selector", "#network canvas"))
    assert "枫桥经验" in element(reader, "#heading").text


@pytest.mark.parametrize("path", ["/", "/questions", "/thing", "/explore", "/questions/diffusion"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_pages_fit_the_window(reader: Any, server: Server, path: str, size: tuple[int, int]) -> None:
    reader.set_window_size(*size)
    reader.get(server.address + path)
    wide = reader.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
    reader.set_window_size(1440, 900)
