"""Every page for those who do not see it, see it badly, or use no mouse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import viewing_sample
from click.testing import CliRunner
from helpers import axe
from helpers.serving import Server

from kg.cli import main
from kg.viewing import html

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

from selenium.webdriver import ActionChains, Keys  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
INITIATIVE = "https://w3id.org/govkg/id/initiative/枫桥经验"
ANALYSES = {
    "compare": ("compare", "北碚区", "德清县", "伊金霍洛旗"),
    "trace": ("trace", "枫桥经验"),
    "path": ("path", "北碚区", "德清县"),
    "stats": ("stats",),
}
TABS = "return [...document.querySelectorAll('#tabs button')].map(each => each.dataset.view)"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a page is read: in which language and colours, in a window of which size."""

    language: str
    colours: str
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.language}-{self.colours}-{self.width}"


# Any two of language, colours and size meet in one of these.
SETTINGS = (
    Setting("zh", "light", 1440, 900),
    Setting("zh", "dark", 390, 844),
    Setting("en", "light", 390, 844),
    Setting("en", "dark", 1440, 900),
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every page that the program makes of the sample corpus."""
    axe.ready()
    folder = tmp_path_factory.mktemp("pages")
    program = CliRunner()
    assert program.invoke(main, ["build", str(ROOT / "corpus"), "-o", str(folder), "-q"]).exit_code == 0
    for name, command in ANALYSES.items():
        made = program.invoke(main, [*command, "-g", str(folder), "--html", str(folder / f"{name}.html")])
        assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def reader(browser: Any) -> Iterator[Any]:
    browser.get("about:blank")
    yield browser
    for command in ("Emulation.clearDeviceMetricsOverride", "Emulation.setEmulatedMedia"):
        browser.execute_cdp_cmd(command, {})


def adopt(reader: Any, setting: Setting, **more: str) -> None:
    """Read pages as ``setting`` says; ``more`` are further preferences, such as ``forced_colors``."""
    reader.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": setting.width, "height": setting.height, "deviceScaleFactor": 1, "mobile": False},
    )
    wishes = {"prefers-color-scheme": setting.colours, "prefers-reduced-motion": "reduce"}
    wishes |= {name.replace("_", "-"): value for name, value in more.items()}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    reader.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def show(reader: Any, address: str, language: str) -> None:
    """Open a page in a language: all of them have a button or a link for it."""
    reader.get("about:blank")
    reader.get(address)
    assert reader.execute_script("return document.documentElement.dataset.ready") == "true"
    if not reader.execute_script("return document.documentElement.lang").startswith(language):
        reader.execute_script("document.getElementById('language').click()")
    assert reader.execute_script("return document.documentElement.lang").startswith(language)


def go(reader: Any, view: str, thing: str = "") -> None:
    """Show a view of the explorer with a thing selected, by its address."""
    told = quote(thing, safe="")
    address = told if view == "network" else f"!{view}&{told}" if thing else f"!{view}"
    reader.execute_script("location.hash = arguments[0]", address)
    reader.execute_async_script("setTimeout(arguments[0], 60)")
    assert reader.execute_script("return document.body.dataset.view") == view


def heading(reader: Any) -> str:
    return str(reader.execute_script("return document.querySelector('#panel h2').textContent"))


def choose_part(reader: Any) -> bool:
    """Press what is in a view, the last first, and what that leads to, until the panel tells a sentence."""
    return bool(
        reader.execute_script(
            "const view = document.getElementById('view'), all = 'button, [role=button], [role=treeitem]';"
            "const shown = (each) => view.contains(each) && each.getClientRects().length > 0;"
            "for (let round = 0; round < 3; round += 1) {"
            "  for (const each of [...view.querySelectorAll(all)].filter(shown).reverse()) {"
            "    if (!shown(each)) break;"
            "    each.dispatchEvent(new MouseEvent('click', {bubbles: true}));"
            "    if (document.querySelector('#panel blockquote')) return true;"
            "  }"
            "}"
            "return false"
        )
    )


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_nothing_serious_is_wrong_with_any_view_of_the_explorer(
    reader: Any, pages: Path, setting: Setting
) -> None:
    adopt(reader, setting)
    show(reader, (pages / "graph.html").as_uri(), setting.language)
    views = reader.execute_script(TABS)
    assert {"network", "text"} <= set(views)
    wrong = []
    for view in views:
        go(reader, view)
        wrong += axe.serious(reader, f"{view}, nothing selected")
        go(reader, view, INITIATIVE)
        assert heading(reader) == "枫桥经验"
        wrong += axe.serious(reader, f"{view}, a thing selected")
        go(reader, view)
        if view != "network":
            assert choose_part(reader), f"nothing in {view} tells a sentence"
            wrong += axe.serious(reader, f"{view}, a part of it chosen")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_nothing_serious_is_wrong_while_searching_filtering_and_saving(
    reader: Any, pages: Path, setting: Setting
) -> None:
    adopt(reader, setting)
    show(reader, (pages / "graph.html").as_uri(), setting.language)
    reader.find_element("id", "query").send_keys("治")
    assert reader.execute_script("return document.querySelectorAll('#hits button').length") > 5
    wrong = axe.serious(reader, "hits")
    for menu in ("filters", "save"):
        reader.execute_script("document.getElementById(arguments[0]).open = true", menu)
        wrong += axe.serious(reader, menu)
        reader.execute_script("document.getElementById(arguments[0]).open = false", menu)
    assert not wrong, "\n".join(wrong)


def test_nothing_serious_is_wrong_with_a_picture_of_thousands(reader: Any, tmp_path: Path) -> None:
    axe.ready()
    path = tmp_path / "graph.html"
    path.write_text(html.render(viewing_sample.large(60)), encoding="utf-8")
    adopt(reader, SETTINGS[0])
    show(reader, path.as_uri(), "zh")
    assert reader.execute_script("return typeof vis") == "undefined"
    wrong = axe.serious(reader, "nothing selected")
    reader.execute_script("document.querySelector('#panel [data-iri]').click()")
    wrong += axe.serious(reader, "a thing selected")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("name", ["index", *ANALYSES])
def test_nothing_serious_is_wrong_with_overview_and_analyses(
    reader: Any, pages: Path, setting: Setting, name: str
) -> None:
    adopt(reader, setting)
    show(reader, (pages / f"{name}.html").as_uri(), setting.language)
    wrong = axe.serious(reader, name)
    reader.execute_script("document.querySelectorAll('button.told')[1].click()")
    wrong += axe.serious(reader, f"{name}, sentences open")
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def server(corpus_build: Path) -> Iterator[Server]:
    axe.ready()
    running = Server(corpus_build)
    yield running
    running.stop()


SERVED = (
    "/",
    "/questions",
    "/questions/activity?place=昌江黎族自治县",
    "/query",
    "/thing?name=枫桥经验",
    "/explore",
    "/nowhere",
)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_nothing_serious_is_wrong_with_the_pages_of_the_server(
    reader: Any, server: Server, setting: Setting
) -> None:
    adopt(reader, setting)
    wrong = []
    for path in SERVED:
        reader.get(f"{server.address}{path}{'&' if '?' in path else '?'}lang={setting.language}")
        reader.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
        wrong += axe.serious(reader, path)
    reader.delete_all_cookies()
    assert not wrong, "\n".join(wrong)


FOCUSED = """
const it = document.activeElement, label = it.labels && it.labels[0];
const { outlineStyle, outlineWidth } = getComputedStyle(it);
const part = it.closest("#tabs, #filters, #save, #stage, #view, #search, #panel");
return {
  name: (it.getAttribute("aria-label") || it.textContent || (label ? label.textContent : it.title)).trim(),
  body: it === document.body,
  seen: it.matches(":focus-visible") && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
  of: part ? part.id : it.tagName.toLowerCase(),
};
"""


def press(reader: Any, *keys: str) -> None:
    ActionChains(reader).send_keys(*keys).perform()


def walk(reader: Any, at_most: int = 400) -> list[dict[str, Any]]:
    """Press Tab from the top of the page to its end, and return what was focused on the way."""
    reader.execute_script("document.activeElement.blur(); getSelection().removeAllRanges()")
    stops: list[dict[str, Any]] = []
    while len(stops) < at_most:
        press(reader, Keys.TAB)
        stop = reader.execute_script(FOCUSED)
        if stop["body"]:
            return stops
        stops.append(stop)
    raise AssertionError(f"no end after {at_most} stops: {stops[-3:]}")


def tab_to(reader: Any, part: str, name: str = "") -> None:
    """Press Tab until a control of a part of the page is focused, the first or the one of that name."""
    reader.execute_script("document.activeElement.blur()")
    for _ in range(400):
        press(reader, Keys.TAB)
        stop = reader.execute_script(FOCUSED)
        if stop["of"] == part and name in stop["name"]:
            return
    raise AssertionError(f"the keyboard does not reach {name!r} in {part}")


def test_every_view_is_walked_with_the_tabulator(reader: Any, pages: Path) -> None:
    adopt(reader, SETTINGS[0])
    show(reader, (pages / "graph.html").as_uri(), "zh")
    for view in reader.execute_script(TABS):
        go(reader, view, INITIATIVE)
        stops = walk(reader)
        assert [stop for stop in stops if not stop["name"]] == [], view
        assert [stop for stop in stops if not stop["seen"]] == [], view
        parts = list(dict.fromkeys(stop["of"] for stop in stops))
        middle = "stage" if view == "network" else "view"
        expected = ["button", "tabs", "save", "filters", middle, "search", "panel"]
        assert [part for part in parts if part in expected] == expected, view
        assert len([stop for stop in stops if stop["of"] == "view"]) < 200, view


def test_the_explorer_needs_no_mouse(reader: Any, pages: Path) -> None:
    adopt(reader, SETTINGS[0])
    show(reader, (pages / "graph.html").as_uri(), "zh")
    press(reader, Keys.TAB)
    assert reader.execute_script("return document.activeElement.id") == "skip"
    press(reader, Keys.ENTER)
    assert reader.execute_script("return document.activeElement.id") == "panel"
    # From the panel's lists to a thing, to what is beside it, and back.
    tab_to(reader, "panel", "枫桥经验")
    press(reader, Keys.ENTER)
    assert heading(reader) == "枫桥经验"
    tab_to(reader, "panel", "德清县人民政府")
    press(reader, Keys.SPACE)
    assert heading(reader) == "德清县人民政府"
    press(reader, Keys.ESCAPE)
    assert heading(reader) == "概览"
    # The picture is moved and enlarged.
    tab_to(reader, "stage", "")
    before = reader.execute_script("const at = network.getViewPosition(); return [at.x, at.y]")
    ActionChains(reader).key_down(Keys.ARROW_RIGHT).pause(0.3).key_up(Keys.ARROW_RIGHT).perform()
    after = reader.execute_script("const at = network.getViewPosition(); return [at.x, at.y]")
    assert after[0] > before[0]
    assert after[1] == pytest.approx(before[1], abs=1e-6)
    scale = reader.execute_script("return network.getScale()")
    tab_to(reader, "stage", "放大")
    press(reader, Keys.ENTER)
    assert reader.execute_script("return network.getScale()") > scale
    # A search, its hits by arrow keys.
    tab_to(reader, "search", "")
    press(reader, *"枫桥", Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER)
    assert heading(reader) == "全省新时代枫桥经验典型案例"
    press(reader, Keys.ESCAPE)
    # Filters: opened, a box cleared, closed by Esc, which gives the focus back.
    tab_to(reader, "filters", "筛选")
    press(reader, Keys.ENTER)
    tab_to(reader, "filters", "计划")
    press(reader, Keys.SPACE)
    assert not reader.execute_script("return document.getElementById('show-planned').checked")
    press(reader, Keys.ESCAPE)
    assert reader.execute_script("return document.activeElement.parentElement.id") == "filters"
    assert not reader.execute_script("return document.getElementById('filters').open")
    # Another view, a cell of it by arrow keys, and its sentences.
    tab_to(reader, "tabs", "扩散矩阵")
    press(reader, Keys.ENTER)
    assert reader.execute_script("return document.body.dataset.view") == "matrix"
    for _ in range(60):
        press(reader, Keys.TAB)
        if reader.execute_script("return document.activeElement.classList.contains('cell')"):
            break
    press(reader, Keys.ARROW_DOWN, Keys.ENTER)
    assert reader.execute_script("return document.querySelectorAll('#panel blockquote').length") > 0
    assert reader.execute_script("return document.activeElement.id") == "panel"


def test_the_picture_says_what_it_is_to_those_who_do_not_see_it(reader: Any, pages: Path) -> None:
    show(reader, (pages / "graph.html").as_uri(), "en")
    frame = reader.execute_script(
        "const it = document.querySelector('#network [tabindex]');"
        "return [it.getAttribute('role'), it.getAttribute('aria-label')]"
    )
    assert frame[0] == "application"
    assert "Arrow keys" in frame[1]
    assert any(character.isdigit() for character in frame[1])
    reader.execute_script("location.hash = encodeURIComponent(arguments[0])", INITIATIVE)
    reader.execute_async_script("setTimeout(arguments[0], 60)")
    assert (
        reader.execute_script("return document.querySelector('#announcement[role=status]').textContent")
        == "枫桥经验"
    )


# A page at twice its size, a telephone upright and across.
@pytest.mark.parametrize(("width", "height"), [(720, 450), (390, 844), (844, 390), (320, 568), (360, 225)])
def test_little_room_is_enough(reader: Any, pages: Path, width: int, height: int) -> None:
    adopt(reader, Setting("zh", "light", width, height))
    show(reader, (pages / "graph.html").as_uri(), "zh")
    for view in reader.execute_script(TABS):
        go(reader, view, INITIATIVE)
        rooms = reader.execute_script(
            "return [document.documentElement.scrollWidth, ...['stage', 'panel', 'query'].flatMap((id) => {"
            "const box = document.getElementById(id).getBoundingClientRect();"
            "return [box.width, box.height]; })]"
        )
        assert rooms[0] <= width, view
        stage_width, stage_height, panel_width, panel_height, search_width, _ = rooms[1:]
        assert min(stage_width, panel_width, search_width) >= min(width, 560) * 0.4, view
        assert stage_height >= 110 or view != "network", (view, rooms)
        assert panel_height >= 110, (view, rooms)


def test_text_may_be_set_wider(reader: Any, pages: Path) -> None:
    """With the spacing that WCAG 1.4.12 names, no control's words are cut off."""
    adopt(reader, SETTINGS[3])
    show(reader, (pages / "graph.html").as_uri(), "en")
    for view in reader.execute_script(TABS):
        go(reader, view, INITIATIVE)
        cut = reader.execute_script(
            "for (const each of document.querySelectorAll('header *, main *')) {"
            "  each.style.setProperty('line-height', '1.5', 'important');"
            "  each.style.setProperty('letter-spacing', '.12em', 'important');"
            "  each.style.setProperty('word-spacing', '.16em', 'important'); }"
            "const some = '#bar button, #bar summary, #panel button, .controls *';"
            "return [...document.querySelectorAll(some)].filter((each) =>"
            "  getComputedStyle(each).overflow === 'hidden' && each.scrollWidth > each.clientWidth + 1)"
            "  .map((each) => each.textContent)"
        )
        spaced = "return getComputedStyle(document.querySelector('#tabs button')).letterSpacing"
        assert reader.execute_script(spaced) != "normal"
        assert cut == [], view


def test_colours_of_the_system_leave_what_colour_says(reader: Any, pages: Path) -> None:
    adopt(reader, SETTINGS[0], forced_colors="active")
    show(reader, (pages / "graph.html").as_uri() + "#!matrix", "zh")
    told = reader.execute_script(
        "const tab = getComputedStyle(document.querySelector('#tabs [aria-current]'));"
        "const samples = [...document.querySelectorAll('.sample')];"
        "return [matchMedia('(forced-colors: active)').matches, tab.borderTopStyle,"
        "  new Set(samples.map((each) => getComputedStyle(each).backgroundColor)).size]"
    )
    assert told[:2] == [True, "solid"]
    assert told[2] >= 4
    reader.execute_script("location.hash = '!numbers'")
    reader.execute_async_script("setTimeout(arguments[0], 60)")
    bar, ground = reader.execute_script(
        "return ['.bar .fill', 'body'].map((each) =>"
        "  getComputedStyle(document.querySelector(each)).backgroundColor)"
    )
    assert bar != ground
