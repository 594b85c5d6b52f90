"""The picture as its reader has it: opened from a file in Chromium, clicked, searched, filtered."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import viewing_sample
from helpers import browsing

from kg.graph.selection import EdgeView, GraphView
from kg.viewing import html

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

from selenium.webdriver import ActionChains, Keys  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402

Open = Callable[..., Any]
HUB = viewing_sample.BASE + "institution/990100/人民政府"
PLACE = viewing_sample.BASE + "jurisdiction/990100"


@pytest.fixture(scope="module")
def view() -> GraphView:
    return viewing_sample.seeds_like()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Open:
    """Write a view's page to a file and open it; in the end nothing may have gone wrong or been asked for."""

    def open_page(view: GraphView, language: str = "zh", fragment: str = "") -> Any:
        path = tmp_path / "graph.html"
        path.write_text(html.render(view, language), encoding="utf-8")
        return browsing.visit(browser, path.as_uri() + fragment)

    yield open_page
    assert browsing.complaints(browser) == []
    urls = browsing.requests(browser)
    assert all(url.startswith("file:///") for url in urls), urls
    assert len(urls) <= 1


def panel(page: Any) -> str:
    return str(page.find_element(By.ID, "panel").text)


def click_at(page: Any, point: dict[str, float]) -> None:
    """Click on a point of the picture, given in the picture's own coordinates."""
    spot = page.execute_script("const p = network.canvasToDOM(arguments[0]); return [p.x, p.y];", point)
    canvas = page.find_element(By.CSS_SELECTOR, "#network canvas")
    size = canvas.size
    offset = (round(spot[0] - size["width"] / 2), round(spot[1] - size["height"] / 2))
    ActionChains(page).move_to_element_with_offset(canvas, *offset).click().perform()
    # vis-network waits a moment for a second click before it reports the first.
    page.execute_async_script("setTimeout(arguments[0], 350)")


def look_at(page: Any, point: dict[str, float], scale: float) -> None:
    page.execute_script("network.moveTo({position: arguments[0], scale: arguments[1]})", point, scale)


def places(page: Any) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = page.execute_script("return network.getPositions()")
    return found


def shown(page: Any) -> set[str]:
    return set(page.execute_script("return nodes.get().filter(n => !n.hidden).map(n => n.id)"))


def test_everything_is_drawn_where_the_build_put_it(opened: Open, view: GraphView) -> None:
    page = opened(view)
    first = places(page)
    assert set(first) == {node.iri for node in view.nodes} == shown(page)
    told = page.execute_script("return edges.get().flatMap(e => e.facts)")
    assert sorted(told) == list(range(len(view.edges)))
    page.execute_async_script("setTimeout(arguments[0], 500)")
    assert places(page) == first
    built = page.execute_script("return Object.fromEntries(nodes.get().map(n => [n.id, {x: n.x, y: n.y}]))")
    assert built == first
    pixels = page.execute_script(
        "const c = document.querySelector('#network canvas');"
        "const image = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
        "return new Set(new Uint32Array(image.data.buffer)).size"
    )
    assert pixels > 20
    assert f"{len(view.nodes)} 个实体" in page.find_element(By.ID, "summary").text


@pytest.mark.parametrize(
    "small", ["display: none", "inset: auto; width: 0; height: 0", "bottom: auto; height: 9px"]
)
def test_a_picture_without_room_is_fitted_when_it_has_room_again(
    opened: Open, view: GraphView, small: str
) -> None:
    page = opened(view)
    look = "const p = network.getViewPosition(); return [p.x, p.y, network.getScale()]"
    fitted = page.execute_script(look)
    look_at(page, {"x": 0, "y": 0}, 1.1)
    page.execute_script(
        "document.getElementById('network').style = arguments[0];"
        "window.dispatchEvent(new Event('resize')); document.getElementById('fit').click();",
        small,
    )
    page.execute_async_script("setTimeout(arguments[0], 100)")
    assert page.execute_script("return network.getScale()") > 0
    page.execute_script("document.getElementById('network').style = ''")
    page.execute_async_script("setTimeout(arguments[0], 300)")
    assert page.execute_script(look) == pytest.approx(fitted)


def lone_edge(view: GraphView) -> EdgeView:
    """Return a planned fact that is its own line."""
    return next(edge for edge in view.edges if edge.planned and edge.evidence)


def test_click_on_a_line_shows_the_sentence_that_says_so(opened: Open, view: GraphView) -> None:
    page = opened(view)
    edge = lone_edge(view)
    where = places(page)
    one, other = where[edge.source], where[edge.target]
    # Nearer the leaf, where lines are far apart.
    spot = {axis: one[axis] * 0.25 + other[axis] * 0.75 for axis in ("x", "y")}
    look_at(page, spot, 1.6)
    click_at(page, spot)
    said = panel(page)
    evidence = edge.evidence[0]
    labels = {node.iri: node.label for node in view.nodes}
    documents = {document.iri: document for document in view.documents}
    for wanted in (
        evidence.quote,
        labels[edge.source],
        labels[edge.target],
        "计划",
        "二 › (三) › 1",
        documents[evidence.document].title,
        documents[evidence.document].source,
    ):
        assert wanted in said
    marked = [each.text for each in page.find_elements(By.CSS_SELECTOR, "#panel blockquote mark")]
    assert marked == [labels[edge.target]] or marked == []
    assert (labels[edge.target] in evidence.quote) == bool(marked)


def test_click_on_a_thing_shows_its_facts_and_numbers(opened: Open, view: GraphView) -> None:
    page = opened(view)
    spot = places(page)[PLACE]
    look_at(page, spot, 1.0)
    click_at(page, spot)
    said = panel(page)
    expected = (
        "云溪市",
        "行政区域",
        "990100",
        "获得",
        "全省法治建设示范市（2020年）",
        "我市获评“全省法治建设示范市”。",
        "办理行政复议案件 93 件",
        "约 12,500,000.5 元",
        "一审行政案件败诉率 4.7%",
        "一审行政案件败诉率4.7%。",
    )
    for wanted in expected:
        assert wanted in said
    assert page.execute_script("return decodeURIComponent(location.hash)") == "#" + PLACE
    ActionChains(page).send_keys(Keys.ESCAPE).perform()
    assert "概览" in panel(page)
    assert page.execute_script("return location.hash") == ""


def test_click_on_nothing_clears(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment="#" + quote(HUB, safe=""))
    assert "云溪市人民政府" in panel(page)
    look_at(page, {"x": -9000, "y": -9000}, 1.0)
    click_at(page, {"x": -9000, "y": -9000})
    assert "概览" in panel(page)


def test_address_names_the_selected_thing(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment="#" + quote(HUB, safe=""))
    assert page.find_element(By.CSS_SELECTOR, "#panel h2").text == "云溪市人民政府"
    page.execute_script("location.hash = '#' + encodeURIComponent(arguments[0])", PLACE)
    page.execute_async_script("setTimeout(arguments[0], 50)")
    assert page.find_element(By.CSS_SELECTOR, "#panel h2").text == "云溪市"
    page.back()
    page.execute_async_script("setTimeout(arguments[0], 50)")
    assert page.find_element(By.CSS_SELECTOR, "#panel h2").text == "云溪市人民政府"


def test_an_address_of_nothing_known_is_ignored(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment="#%E0%A4%A")
    assert "概览" in panel(page)


def test_search_finds_names_and_other_names(opened: Open, view: GraphView) -> None:
    page = opened(view)
    box = page.find_element(By.ID, "query")
    box.send_keys("云溪市政府")
    hits = page.find_elements(By.CSS_SELECTOR, "#hits button")
    assert [hit.get_attribute("data-iri") for hit in hits] == [HUB]
    box.send_keys(Keys.ENTER)
    assert page.find_element(By.CSS_SELECTOR, "#panel h2").text == "云溪市人民政府"
    spot = page.execute_script("return network.canvasToDOM(network.getPosition(arguments[0]))", HUB)
    canvas = page.find_element(By.CSS_SELECTOR, "#network canvas").size
    assert 0 < spot["x"] < canvas["width"]
    assert 0 < spot["y"] < canvas["height"]
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys("没有的")
    assert "没有找到“没有的”" in page.find_element(By.ID, "hit-count").text


def test_search_by_keyboard_alone(opened: Open, view: GraphView) -> None:
    page = opened(view)
    page.find_element(By.ID, "query").send_keys("司法局")
    ActionChains(page).send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER).perform()
    assert "司法局" in page.find_element(By.CSS_SELECTOR, "#panel h2").text
    assert page.execute_script("return document.activeElement.id") == "panel"
    ActionChains(page).send_keys(Keys.TAB, Keys.TAB).perform()
    assert page.execute_script("return document.getElementById('panel').contains(document.activeElement)")


def test_filter_by_kind(opened: Open, view: GraphView) -> None:
    page = opened(view)
    page.find_element(By.CSS_SELECTOR, "[data-kind=Initiative] input").click()
    assert shown(page) == {node.iri for node in view.nodes if node.kind != "Initiative"}
    left = sum(edge.predicate != "carriedOut" and bool(edge.evidence) for edge in view.edges)
    assert f"{left} 条事实" in page.find_element(By.ID, "summary").text
    page.find_element(By.CSS_SELECTOR, "[data-kind=Initiative] input").click()
    assert len(shown(page)) == len(view.nodes)


def test_filter_by_document(opened: Open, view: GraphView) -> None:
    page = opened(view)
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    page.find_element(By.CSS_SELECTOR, "#document-filter legend button:last-child").click()
    page.find_element(By.CSS_SELECTOR, "#document-filter [data-key='0'] input").click()
    first = view.documents[0].iri
    expected = {node.iri for node in view.nodes if first in node.documents or not node.documents}
    assert shown(page) == expected | {node.iri for node in view.nodes if node.iri == first}


def test_filter_by_relation_and_hide_what_is_left_alone(opened: Open, view: GraphView) -> None:
    page = opened(view)
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    page.find_element(By.CSS_SELECTOR, "#predicate-filter legend button:last-child").click()
    page.find_element(By.CSS_SELECTOR, "#predicate-filter [data-key=issued] input").click()
    assert len(shown(page)) == len(view.nodes)
    page.find_element(By.ID, "hide-lonely").click()
    issued = {iri for edge in view.edges if edge.predicate == "issued" for iri in (edge.source, edge.target)}
    assert shown(page) == issued


def test_planned_facts_are_dashed_and_can_be_hidden(opened: Open, view: GraphView) -> None:
    page = opened(view)
    planned = [index for index, edge in enumerate(view.edges) if edge.planned]
    assert planned
    dashed = page.execute_script("return edges.get().filter(e => e.dashes).flatMap(e => e.facts)")
    assert sorted(dashed) == planned
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    page.find_element(By.ID, "show-planned").click()
    hidden = page.execute_script("return edges.get().filter(e => e.hidden).flatMap(e => e.facts)")
    assert sorted(hidden) == planned


def test_hidden_thing_says_so_and_can_be_brought_back(opened: Open, view: GraphView) -> None:
    page = opened(view)
    page.find_element(By.CSS_SELECTOR, "[data-kind=Institution] input").click()
    box = page.find_element(By.ID, "query")
    box.send_keys("云溪市人民政府", Keys.ENTER)
    assert "它被筛选隐藏了" in panel(page)
    page.find_element(By.CSS_SELECTOR, "#panel h2 ~ p button").click()
    assert len(shown(page)) == len(view.nodes)


def test_hostile_text_stays_text(opened: Open) -> None:
    view = viewing_sample.hostile()
    page = opened(view, fragment="#" + quote(view.nodes[0].iri, safe=""))
    assert page.execute_script("return window.hacked === undefined")
    said = panel(page)
    assert said.count(viewing_sample.HOSTILE) >= 8
    assert (
        page.execute_script("return document.querySelectorAll('img, #panel script, iframe, object').length")
        == 0
    )
    assert page.title == viewing_sample.HOSTILE
    page.find_element(By.ID, "query").send_keys("onerror")
    assert viewing_sample.HOSTILE in page.find_element(By.ID, "hits").text
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    assert viewing_sample.HOSTILE in page.find_element(By.ID, "predicate-filter").text
    assert page.execute_script("return window.hacked === undefined")


def test_policy_stops_what_would_run_or_call_out(opened: Open, view: GraphView, browser: Any) -> None:
    page = opened(view)
    tried = page.execute_async_script(
        "const done = arguments[0], seen = [];"
        "document.addEventListener('securitypolicyviolation', e => seen.push(e.effectiveDirective));"
        "const script = document.createElement('script');"
        "script.textContent = 'window.hacked = 1';"
        "document.body.append(script);"
        "fetch('https://example.org/').catch(() => 0);"
        "new Image().src = 'https://example.org/a.png';"
        "setTimeout(() => done([window.hacked === undefined, seen.sort()]), 200);"
    )
    assert tried == [True, ["connect-src", "img-src", "script-src-elem"]]
    # These refusals were asked for.
    browser.get_log("browser")
    browser.get_log("performance")


def test_language_switch(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment="#" + quote(HUB, safe=""))
    page.find_element(By.ID, "language").click()
    assert page.execute_script("return document.documentElement.lang") == "en"
    assert page.title == "Knowledge graph of government documents"
    said = panel(page)
    assert "Back to the overview" in said
    assert "carried out (" in said
    assert "概览" not in page.find_element(By.TAG_NAME, "body").text
    page.find_element(By.ID, "language").click()
    assert "开展 (" in panel(page)


def test_every_control_has_a_name(opened: Open, view: GraphView) -> None:
    page = opened(view)
    nameless = page.execute_script(
        "return [...document.querySelectorAll('button, input, summary, [role=application]')].filter(e =>"
        " !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length)))"
        ".map(e => e.outerHTML)"
    )
    assert nameless == []


Drawn = list[tuple[str, float, float, float, float]]


def names_drawn(page: Any) -> Drawn:
    """Return every name of the picture as it stands, with its box: left, top, right, bottom."""
    drawn: Drawn = page.execute_async_script(
        "const done = arguments[0], seen = [];"
        "const c = document.querySelector('#network canvas').getContext('2d'), plain = c.fillText.bind(c);"
        "c.fillText = (text, x, y) => {"
        "  const half = c.measureText(text).width / 2, size = parseFloat(c.font.match(/([\\d.]+)px/)[1]);"
        "  seen.push([text, x - half, y, x + half, y + size]);"
        "  plain(text, x, y);"
        "};"
        "network.redraw(); setTimeout(() => { c.fillText = plain; done(seen); }, 200);"
    )
    return drawn


def check_names(page: Any) -> set[str]:
    """Return the names drawn; none may cover another, lie under the legend or be cut off."""
    drawn = names_drawn(page)
    size = page.execute_script(
        "const s = document.getElementById('network'); return [s.clientWidth, s.clientHeight]"
    )
    legend = page.execute_script(
        "const l = document.getElementById('legend').getBoundingClientRect(),"
        " s = document.getElementById('network').getBoundingClientRect();"
        "return ['legend', l.left - s.left, l.top - s.top, l.right - s.left, l.bottom - s.top]"
    )
    for name in drawn:
        assert min(name[1:3]) >= 0, name
        assert name[3] <= size[0], name
        assert name[4] <= size[1], name
    boxes = [*drawn, legend]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
            assert apart, (one, other)
    return {name[0] for name in drawn}


def test_names_are_whole_and_do_not_cover_each_other(opened: Open, view: GraphView) -> None:
    texts = check_names(opened(view))
    assert {f"{place}人民政府" for place, _ in viewing_sample.PLACES} <= texts
    assert {f"{place} {year}" for place, year in viewing_sample.PLACES} <= texts
    assert "多份文件共有" in texts


def test_names_are_whole_beside_a_selected_thing_too(opened: Open, view: GraphView) -> None:
    for iri in (HUB, PLACE, viewing_sample.BASE + "initiative/shared/1"):
        check_names(opened(view, fragment="#" + quote(iri, safe="")))


@pytest.mark.parametrize("count", [2, 7, 12, 20])
def test_every_disc_has_its_caption_however_many_there_are(opened: Open, count: int) -> None:
    view = viewing_sample.many(count)
    texts = check_names(opened(view))
    assert {f"{document.jurisdiction} {document.year}" for document in view.documents} <= texts


def test_a_report_without_a_title_shows_its_file_once(opened: Open) -> None:
    view = viewing_sample.untitled()
    page = opened(view, "en", fragment="#" + quote(view.nodes[0].iri, safe=""))
    assert page.find_element(By.CSS_SELECTOR, ".where").text.count("报告.txt") == 1
    found = page.find_elements(By.CSS_SELECTOR, "#panel ul.plain li")
    assert [each.text for each in found] == ["报告.txt"]
    ActionChains(page).send_keys(Keys.ESCAPE).perform()
    assert "2 things · 1 fact" in panel(page)
    assert "1 line\n" in panel(page) + "\n"
    assert page.find_element(By.ID, "summary").text == "2 things · 1 fact · 1 document"


def test_what_is_drawn_around_a_thing_is_named_for_it(opened: Open, view: GraphView) -> None:
    near = {HUB} | {edge.target for edge in view.edges if edge.source == HUB}
    around = replace(
        view,
        nodes=tuple(node for node in view.nodes if node.iri in near),
        edges=tuple(edge for edge in view.edges if edge.source == HUB),
        observations=(),
        centre=HUB,
    )
    page = opened(around)
    assert page.title == page.find_element(By.ID, "heading").text == "云溪市人民政府"
    assert places(page)[HUB] == {"x": 0, "y": 0}
    assert "1 份文件" in page.find_element(By.ID, "summary").text, "only those that say something of it"
    check_names(page)


def test_empty_view_opens(opened: Open) -> None:
    page = opened(GraphView((), (), (), ()))
    assert shown(page) == set()
    assert "0 个实体" in page.find_element(By.ID, "summary").text
