"""The explorer in Firefox: opened from a file, seen, searched, clicked, turned over, without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import viewing_sample
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers import firefox
from helpers.serving import Server

from kg.cli import main
from kg.viewing import html

pytestmark = pytest.mark.browser

Open = Callable[[Path], Any]
ROOT = Path(__file__).resolve().parents[2]
INITIATIVE = "https://w3id.org/govkg/id/initiative/枫桥经验"
COLOURS = 40  # an empty canvas has one or two
PAINTED = (
    "(() => { const c = document.querySelector('#network canvas');"
    " const image = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
    " return new Set(new Uint32Array(image.data.buffer)).size; })()"
)
TABS = "[...document.querySelectorAll('#tabs button')].map((each) => each.dataset.view)"
HEADING = "document.querySelector('#panel h2').textContent"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firefox.Firefox]:
    firefox.ready()
    running = firefox.Firefox(tmp_path_factory.mktemp("firefox") / "profile")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a build of the sample corpus with its pages."""
    made = tmp_path_factory.mktemp("pages")
    assert CliRunner().invoke(main, ["build", str(ROOT / "corpus"), "-o", str(made), "-q"]).exit_code == 0
    return made


@pytest.fixture
def opened(window: firefox.Firefox) -> Iterator[Callable[[str], firefox.Firefox]]:
    """Open a page; in the end nothing may have been complained of, or asked for."""

    def open_page(address: str) -> firefox.Firefox:
        window.open(address)
        assert window.evaluate("document.documentElement.dataset.ready") == "true"
        return window

    yield open_page
    assert window.complaints() == []
    assert [each for each in window.requests() if not each.startswith(("data:", "file:", "blob:"))] == []


def settled(page: firefox.Firefox) -> None:
    """Wait until the picture no longer changes."""
    for _ in range(50):
        page.wait(100)
        if page.evaluate("!window.picture || picture.settled()"):
            return
    raise AssertionError("the picture does not come to rest")


def place_on_screen(page: firefox.Firefox, iri: str) -> list[float]:
    """Return where in the window a thing of the picture stands."""
    spot: list[float] = page.evaluate(
        "(() => { const iri = "
        + repr(iri)
        + ", box = document.getElementById('network').getBoundingClientRect();"
        " const at = window.vis ? network.canvasToDOM(network.getPosition(iri))"
        "   : picture.toScreen(picture.place(iri));"
        " return [box.x + at.x, box.y + at.y]; })()"
    )
    return spot


def test_the_picture_is_seen_searched_and_clicked(opened: Any, folder: Path) -> None:
    page = opened((folder / "graph.html").as_uri())
    assert page.evaluate(PAINTED) > COLOURS
    page.click_on("#query")
    page.press(*"fqjy", "Enter")
    settled(page)
    assert page.evaluate(HEADING) == "枫桥经验"
    assert page.evaluate("decodeURIComponent(location.hash)") == f"#{INITIATIVE}"
    assert page.evaluate("[...document.querySelectorAll('#panel mark')].length") > 3
    assert page.evaluate(PAINTED) > COLOURS
    page.press("Escape")
    assert page.evaluate(HEADING) == "概览"
    x, y = place_on_screen(page, INITIATIVE)
    page.click(x, y)
    page.wait(500)  # vis-network waits for a second click before it reports the first
    assert page.evaluate(HEADING) == "枫桥经验"
    page.evaluate("history.back()")
    page.wait(300)
    assert page.evaluate(HEADING) == "概览"


def test_every_view_opens_and_tells_its_sentences(opened: Any, folder: Path) -> None:
    page = opened((folder / "graph.html").as_uri())
    tabs = page.evaluate(TABS)
    assert {"network", "text", "matrix", "numbers", "hierarchy", "timeline", "citations"} <= set(tabs)
    for view in tabs[1:]:
        page.click_on(f"#tabs [data-view={view}]")
        assert page.evaluate("document.body.dataset.view") == view
        assert page.evaluate("document.getElementById('view').innerText.length") > 40
        assert page.evaluate(
            "(() => { const view = document.getElementById('view');"
            " const box = view.getBoundingClientRect();"
            " return box.width > 300 && box.height > 300"
            "   && view.contains(document.elementFromPoint(box.x + 200, box.y + 60)); })()"
        )
    page.click_on("#tabs [data-view=matrix]")
    page.click_on("#view button.cell")
    assert page.evaluate("document.querySelectorAll('#panel blockquote').length") > 0
    page.click_on("#panel button.read")
    assert page.evaluate("document.body.dataset.view") == "text"
    assert page.evaluate("document.querySelectorAll('article.text .cited').length") > 0


def test_the_language_is_switched(opened: Any, folder: Path) -> None:
    page = opened((folder / "graph.html").as_uri() + "#" + quote(INITIATIVE, safe=""))
    page.click_on("#language")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "Network" in page.evaluate("document.getElementById('tabs').innerText")
    assert "Facts" in page.evaluate("document.getElementById('panel').innerText")


def test_paper_bears_all_sentences(opened: Any, folder: Path, tmp_path: Path) -> None:
    page = opened((folder / "graph.html").as_uri() + "#" + quote(INITIATIVE, safe=""))
    quotes = page.evaluate("[...document.querySelectorAll('#panel blockquote')].map((it) => it.textContent)")
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(page.printed())
    text = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, check=True).stdout.decode()
    # Firefox writes paper in which few Chinese characters can be searched for, but all digits can.
    numbers = {number for quoted in quotes for number in re.findall(r"\d{3,}", quoted)}
    assert len(numbers) > 10
    assert {number for number in numbers if number not in text} == set()
    assert page.evaluate("document.getElementById('paper')") is None


def test_thousands_of_things_are_drawn_and_clicked(opened: Any, tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    view = viewing_sample.large(60)
    assert len(view.nodes) > 2000  # beyond what vis-network draws
    path.write_text(html.render(view), encoding="utf-8")
    page = opened(path.as_uri() + "?renderer=canvas")  # whether or not there is a graphics card
    assert page.evaluate("typeof vis") == "undefined"
    settled(page)
    assert page.evaluate(PAINTED) > COLOURS
    thing = viewing_sample.BASE + "institution/6/0"  # the first of two of one name
    label = next(node.label for node in view.nodes if node.iri == thing)
    page.click_on("#query")
    page.press(*label, "Enter")
    settled(page)
    assert page.evaluate(HEADING) == label
    page.press("Escape")
    page.press("Escape")
    settled(page)
    assert page.evaluate(HEADING) == "概览"
    page.click(*place_on_screen(page, thing))
    settled(page)
    assert page.evaluate(HEADING) == label


@pytest.mark.parametrize("name", ["index", "trace"])
def test_the_other_pages_tell_their_sentences(opened: Any, folder: Path, name: str) -> None:
    path = folder / f"{name}.html"
    if not path.exists():
        command = [name, "枫桥经验", "-g", str(folder), "--html", str(path)]
        assert CliRunner().invoke(main, command).exit_code == 0
    page = opened(path.as_uri())
    page.click_on("button.told")
    assert page.evaluate("document.querySelectorAll('#panel blockquote').length") > 0
    page.click_on("#language")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_served_page_asks_its_server_alone(window: firefox.Firefox, corpus_build: Path) -> None:
    server = Server(corpus_build)
    try:
        window.open(f"{server.address}/questions/activity?place=昌江黎族自治县&lang=zh")
        assert window.evaluate("document.querySelectorAll('tbody tr').length") > 0
        asked = [each for each in window.requests() if not each.startswith("data:")]
        assert {urlsplit(each).netloc for each in asked} == {urlsplit(server.address).netloc}
        assert window.complaints() == []
    finally:
        server.stop()
