"""What a reader can do with the picture: show less or more, follow paths, find by pinyin, save parts."""

from __future__ import annotations

import csv
import io
import itertools
import os
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import pytest
import rdflib
import viewing_sample
from helpers import axe, browsing, builds

from kg.graph import selection, store
from kg.graph.selection import DocumentView, EdgeView, EvidenceView, GraphView, NodeView
from kg.viewing import html, network

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

from selenium.webdriver import ActionChains, Keys  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402

Open = Callable[..., Any]
BASE = viewing_sample.BASE
HUB = BASE + "institution/990100/人民政府"
PLACE = BASE + "jurisdiction/990100"
OTHER_HUB = BASE + "institution/990101/人民政府"
SHARED = BASE + "initiative/shared/2"
GOV = rdflib.Namespace("https://w3id.org/govkg/ontology#")


@pytest.fixture(scope="module")
def view() -> GraphView:
    return viewing_sample.seeds_like()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Write a view's page to a file and open it; in the end nothing may have been complained about."""

    def open_page(view: GraphView, language: str = "zh", fragment: str = "") -> Any:
        path = tmp_path / "graph.html"
        path.write_text(html.render(view, language), encoding="utf-8")
        return browsing.visit(browser, path.as_uri() + fragment)

    yield open_page
    assert browsing.complaints(browser, browsing.NO_CARD) == []


def panel(page: Any) -> str:
    return str(page.find_element(By.ID, "panel").text)


def heading(page: Any) -> str:
    return str(page.find_element(By.CSS_SELECTOR, "#panel h2").text)


def shown(page: Any) -> set[str]:
    return set(page.execute_script("return nodes.get().filter(n => !n.hidden).map(n => n.id)"))


def drawn_strongly(page: Any) -> set[int]:
    """Return the lines that stand out: those drawn wider than the view made them."""
    return set(
        page.execute_script(
            "const built = JSON.parse(document.getElementById('data').textContent).network.edges;"
            "return edges.get().filter(e => !e.hidden && e.width > built[e.id].width + 1).map(e => e.id)"
        )
    )


def act(page: Any, name: str) -> Any:
    return page.find_element(By.CSS_SELECTOR, f"#panel [data-act={name}]")


def at(iri: str) -> str:
    return "#" + quote(iri, safe="")


def address(page: Any) -> str:
    return unquote(page.execute_script("return location.hash"))


def go(page: Any, way: str) -> None:
    """Go back or forward, and wait until the page has followed."""
    page.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "addEventListener('hashchange', () => setTimeout(done, 30), {once: true}); history[arguments[0]]();",
        way,
    )


def beside(view: GraphView, *things: str) -> set[str]:
    near = {
        end
        for edge in view.edges
        for end in (edge.source, edge.target)
        if {edge.source, edge.target} & {*things}
    }
    return near | {*things}


def click_at(page: Any, iri: str, shift: bool = False) -> None:
    """Click on a thing in the picture, brought into the middle first."""
    page.execute_script("network.moveTo({position: network.getPosition(arguments[0]), scale: 1})", iri)
    canvas = page.find_element(By.CSS_SELECTOR, "#network canvas")
    chain = ActionChains(page)
    if shift:
        chain = chain.key_down(Keys.SHIFT)
    chain = chain.move_to_element_with_offset(canvas, 0, 0).click()
    if shift:
        chain = chain.key_up(Keys.SHIFT)
    chain.perform()
    # vis-network waits a moment for a second click before it reports the first.
    page.execute_async_script("setTimeout(arguments[0], 350)")


# ---------------------------------------------------------------- less and more around a thing


def test_only_what_is_around_a_thing_then_more_then_everything(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment=at(PLACE))
    before = page.execute_script("return network.getPositions()")
    act(page, "only").click()
    assert shown(page) == beside(view, PLACE)
    assert f"{len(beside(view, PLACE))} / {len(view.nodes)}" in page.find_element(By.ID, "scope").text
    assert "云溪市 2020" in written(page)
    assert "青岭县 2019" not in written(page), "the document has nothing to do with it"
    page.find_element(By.ID, "query").send_keys("云溪市人民政府", Keys.ENTER)
    assert heading(page) == "云溪市人民政府"
    new = len(beside(view, PLACE, HUB)) - len(beside(view, PLACE))
    assert act(page, "expand").text == f"展开 {new}"
    act(page, "expand").click()
    assert shown(page) == beside(view, PLACE, HUB)
    assert page.find_element(By.ID, "announcement").get_attribute("textContent") == f"新显示 {new} 个实体"
    assert not act(page, "expand").is_enabled()
    page.find_element(By.CSS_SELECTOR, "#scope button").click()
    assert len(shown(page)) == len(view.nodes)
    assert not page.find_element(By.ID, "scope").is_displayed()
    assert page.execute_script("return network.getPositions()") == before


def test_what_hangs_on_one_thing_alone_is_folded_into_it(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment=at(HUB))
    ends = [frozenset((edge.source, edge.target)) for edge in view.edges]
    near = beside(view, HUB) - {HUB}
    leaves = {iri for iri in near if all(HUB in pair for pair in ends if iri in pair)}
    assert 0 < len(leaves) < len(near)
    assert act(page, "collapse").text == f"收起 {len(leaves)}"
    act(page, "collapse").click()
    assert shown(page) == {node.iri for node in view.nodes} - leaves
    assert f"云溪市人民政府 +{len(leaves)}" in written(page)
    assert f"已收起 {len(leaves)} 个实体" in page.find_element(By.ID, "scope").text
    act(page, "expand").click()
    assert len(shown(page)) == len(view.nodes)
    assert f"云溪市人民政府 +{len(leaves)}" not in written(page)


def written(page: Any) -> str:
    """Return all that is written into the picture, its rows joined."""
    return "".join(
        page.execute_async_script(
            "const done = arguments[0], seen = [];"
            "const c = document.querySelector('#network canvas').getContext('2d');"
            "const plain = c.fillText.bind(c);"
            "c.fillText = (text, x, y) => { seen.push(text); plain(text, x, y); };"
            "network.redraw(); setTimeout(() => { c.fillText = plain; done(seen); }, 200);"
        )
    )


def test_what_is_around_a_thing_and_the_filters_both_hold(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment=at(HUB))
    act(page, "only").click()
    page.find_element(By.CSS_SELECTOR, "[data-kind=Initiative] input").click()
    initiatives = {node.iri for node in view.nodes if node.kind == "Initiative"}
    assert shown(page) == beside(view, HUB) - initiatives
    rows = page.find_elements(By.CSS_SELECTOR, "#scope p")
    assert "1 项筛选生效" in rows[1].text
    rows[1].find_element(By.TAG_NAME, "button").click()
    assert shown(page) == beside(view, HUB)


def test_a_thing_outside_can_be_brought_in(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment=at(PLACE))
    act(page, "only").click()
    page.find_element(By.ID, "query").send_keys("青岭县人民政府", Keys.ENTER)
    assert "它不在当前显示的范围内" in panel(page)
    page.find_element(By.CSS_SELECTOR, "#panel h2 ~ p button").click()
    assert shown(page) == beside(view, PLACE, OTHER_HUB)


def test_less_and_more_by_the_keyboard_alone(opened: Open, view: GraphView) -> None:
    page = opened(view)
    page.find_element(By.ID, "query").send_keys("云溪市人民政府")
    ActionChains(page).send_keys(Keys.ARROW_DOWN, Keys.ENTER).perform()
    for _ in range(8):
        ActionChains(page).send_keys(Keys.TAB).perform()
        if page.switch_to.active_element.get_attribute("data-act") == "collapse":
            break
    ActionChains(page).send_keys(Keys.ENTER).perform()
    assert len(shown(page)) < len(view.nodes)
    assert page.switch_to.active_element.get_attribute("id") == "panel", "its button has nothing more to do"


# ---------------------------------------------------------------- filters


def test_filter_by_year(opened: Open, view: GraphView) -> None:
    page = opened(view)
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    page.find_element(By.CSS_SELECTOR, "#year-filter [data-none]").click()
    page.find_element(By.CSS_SELECTOR, "#year-filter [data-key='2020'] input").click()
    ours = {document.iri for document in view.documents if document.year == "2020"}
    assert len(ours) == 2
    left = shown(page)
    assert {node.iri for node in view.nodes if ours & {*node.documents}} <= left
    assert not {node.iri for node in view.nodes if node.documents and not ours & {*node.documents}} & left
    page.find_element(By.CSS_SELECTOR, "#year-filter legend [data-all]").click()
    assert len(shown(page)) == len(view.nodes)


def test_filter_by_level_of_a_place_and_its_bodies(opened: Open, view: GraphView) -> None:
    levels = {PLACE: "地级", BASE + "jurisdiction/990101": "县级", BASE + "jurisdiction/990000": "省级"}
    nodes = tuple(
        replace(node, attributes=(("code", node.iri[-6:]), ("level", levels.get(node.iri, "县级"))))
        if node.kind == "Jurisdiction"
        else node
        for node in view.nodes
    )
    page = opened(replace(view, nodes=nodes), "en")
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    rows = page.find_elements(By.CSS_SELECTOR, "#level-filter label")
    named = [row.text.split("\n")[0] for row in rows]
    assert named == ["province level", "prefecture level", "county level", "No level"]
    page.find_element(By.CSS_SELECTOR, "#level-filter [data-key='地级'] input").click()
    gone = {edge.source for edge in view.edges if edge.predicate == "serves" and edge.target == PLACE}
    assert HUB in gone
    assert shown(page) == {node.iri for node in view.nodes} - gone - {PLACE}


def test_a_long_list_of_documents_can_be_searched(opened: Open) -> None:
    view = viewing_sample.many(40)
    page = opened(view)
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    box = page.find_element(By.CSS_SELECTOR, "#document-filter input[type=search]")
    first = view.documents[0]
    box.send_keys(first.jurisdiction)
    rows = page.find_elements(By.CSS_SELECTOR, "#document-filter label")
    assert 1 <= len(rows) < 40
    assert all(first.jurisdiction in row.text for row in rows)
    page.find_element(By.CSS_SELECTOR, "#document-filter [data-none]").click()
    assert f"{40 - len(rows)}" == str(
        page.execute_script(
            "document.querySelector('#document-filter input[type=search]').value = '';"
            "document.querySelector('#document-filter input[type=search]').dispatchEvent(new Event('input'));"
            "return document.querySelectorAll('#document-filter label input:checked').length"
        )
    )


# ---------------------------------------------------------------- search


def named(*names: tuple[str, tuple[str, ...]]) -> GraphView:
    report = BASE + "report/0"
    nodes = (NodeView(BASE + f"initiative/{at:05}", "Initiative", name, other, (), (report,))
             for at, (name, other) in enumerate(names))  # fmt: skip
    return GraphView(tuple(nodes), (), (), (DocumentView(report, "报告", "报告.txt", "2020", "云溪市"),))


def hits(page: Any, typed: str) -> list[str]:
    box = page.find_element(By.ID, "query")
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(typed)
    return [each.text for each in page.find_elements(By.CSS_SELECTOR, "#hits button > span:not(.soft)")]


def test_names_are_found_by_pinyin_initials_and_parts(opened: Open) -> None:
    page = opened(
        named(
            ("枫桥经验", ()),
            ("“枫桥式”法庭建设经验", ()),
            ("重庆银行行长制度", ()),
            ("最多跑一次改革", ("一次办好",)),
            ("放管服改革", ()),
            ("12345热线", ()),
            ("网格APP", ()),
        )
    )
    for typed in (
        "枫桥经验",
        "fengqiaojingyan",
        "fengqiao jingyan",
        "Feng Qiao Jing",
        "fq jy",
        "fqjy",
        "fqiaojy",
        "枫qiaoj",
    ):
        assert hits(page, typed)[0] == "枫桥经验", typed
    for typed in ("枫经", "桥验"):
        assert hits(page, typed) == ["枫桥经验", "“枫桥式”法庭建设经验"], typed
    assert hits(page, "fengqiao") == ["枫桥经验", "“枫桥式”法庭建设经验"]
    assert hits(page, "jingyan") == ["枫桥经验", "“枫桥式”法庭建设经验"]
    assert hits(page, "chongqing") == hits(page, "yinhang") == hits(page, "hangzhang") == ["重庆银行行长制度"]
    assert hits(page, "12345rx") == ["12345热线"]
    assert hits(page, "wg app") == ["网格APP"]
    assert hits(page, "zzz") == hits(page, "经枫") == []
    [hit] = hits(page, "ycbh")
    assert hit == "最多跑一次改革\n又称 一次办好"
    marked = page.find_elements(By.CSS_SELECTOR, "#hits mark")
    assert "".join(each.text for each in marked) == "一次办好"


def test_what_is_marked_in_a_hit_is_what_was_typed(opened: Open) -> None:
    page = opened(named(("㈠“枫桥”经验①", ()), ("𠮷林省", ())))
    for typed, wanted in (("fqjy", "枫桥经验"), ("(一)", "㈠"), ("省", "省"), ("经验1", "经验①")):
        hits(page, typed)
        assert (
            "".join(each.text for each in page.find_elements(By.CSS_SELECTOR, "#hits mark")).replace("”", "")
            == wanted
        )


def test_search_among_ten_thousand_names(opened: Open) -> None:
    kinds = itertools.product(viewing_sample.FIELDS, viewing_sample.FORMS, viewing_sample.PAPERS, range(17))
    names = [(f"第{n}批{field}{paper}{form}", ()) for field, form, paper, n in itertools.islice(kinds, 9999)]
    page = opened(named(*names, ("枫桥经验", ())))
    assert hits(page, "fqjy") == ["枫桥经验"]
    assert hits(page, "枫验") == ["枫桥经验"]
    found = sum("档案" in name for name, _ in names)
    assert len(hits(page, "dangan")) == 50
    assert f"{found} 个结果" in page.find_element(By.ID, "hit-count").text


# ---------------------------------------------------------------- paths


def told_path(page: Any) -> list[str]:
    return [
        each.get_attribute("data-iri") for each in page.find_elements(By.CSS_SELECTOR, "#panel .chain button")
    ]


def test_the_path_between_two_things_is_told_and_drawn(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment=at(HUB))
    act(page, "path").click()
    assert "由“云溪市人民政府”出发" in page.find_element(By.ID, "scope").text
    page.find_element(By.ID, "query").send_keys("青岭县人民政府", Keys.ENTER)
    stops = told_path(page)
    assert stops[0] == HUB
    assert stops[-1] == OTHER_HUB
    assert len(stops) == 3, "over something that both of them did"
    pairs = [frozenset(pair) for pair in itertools.pairwise(stops)]
    said = panel(page)
    for pair in pairs:
        edge = next(e for e in view.edges if frozenset((e.source, e.target)) == pair and not e.planned)
        assert edge.evidence[0].quote in said
    lines = page.execute_script("return edges.get().map(e => [e.id, e.from, e.to])")
    assert drawn_strongly(page) == {
        number for number, one, other in lines if frozenset((one, other)) in pairs
    }
    assert address(page) == f"#!network/path {HUB.removeprefix(BASE)} {OTHER_HUB.removeprefix(BASE)}"
    assert not page.find_element(By.ID, "scope").is_displayed()
    ActionChains(page).send_keys(Keys.ESCAPE).perform()
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    assert drawn_strongly(page) == set()
    assert "概览" in panel(page)


def test_a_path_by_clicks_in_the_picture(opened: Open, view: GraphView) -> None:
    page = opened(view)
    click_at(page, HUB)
    act(page, "path").click()
    click_at(page, SHARED)
    assert told_path(page) == [HUB, SHARED]
    click_at(page, PLACE)
    assert heading(page) == "云溪市"
    click_at(page, OTHER_HUB, shift=True)
    assert told_path(page)[0] == PLACE
    assert told_path(page)[-1] == OTHER_HUB


def test_choosing_the_end_of_a_path_can_be_given_up(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment=at(HUB))
    act(page, "path").click()
    ActionChains(page).send_keys(Keys.ESCAPE).perform()
    assert heading(page) == "云溪市人民政府"
    assert not page.find_element(By.ID, "scope").is_displayed()
    page.find_element(By.ID, "query").send_keys("青岭县人民政府", Keys.ENTER)
    assert heading(page) == "青岭县人民政府"


def test_a_path_leads_over_what_is_shown_only(opened: Open, view: GraphView) -> None:
    page = opened(view, "en", fragment=f"#!network/{quote(f'path {HUB} {OTHER_HUB}')}")
    [first] = told_path(page)[1:-1]
    page.find_element(
        By.CSS_SELECTOR, f"[data-kind={next(n.kind for n in view.nodes if n.iri == first)}] input"
    ).click()
    assert first not in told_path(page)
    page.execute_script(
        "for (const box of document.querySelectorAll('#kinds input')) if (box.checked) box.click()"
    )
    assert "No way leads from one to the other" in panel(page)
    act(page, "unfilter").click()
    assert told_path(page)[1:-1] == [first]


def chain(*edges: tuple[str, str, str, bool, bool]) -> GraphView:
    """Return a view of edges (from, relation, to, whether planned, whether a sentence says so)."""
    report = BASE + "report/0"
    names = sorted({end for edge in edges for end in (edge[0], edge[2])})
    kinds = {name: "Report" if name.startswith("报告") else "Initiative" for name in names}
    nodes = (NodeView(BASE + f"initiative/{name}", kinds[name], name, (), (), (report,)) for name in names)
    said = (EvidenceView(report, 0, 9, "如此这般。", "", "verb.plain", BASE + "evidence/0/0"),)
    made = (
        EdgeView(
            BASE + f"initiative/{one}", relation, BASE + f"initiative/{other}", planned, said[: int(told)]
        )
        for one, relation, other, planned, told in sorted(edges)
    )
    document = DocumentView(report, "报告", "报告.txt", "2020", "云溪市")
    return GraphView(tuple(nodes), tuple(made), (), (document,))


def test_what_is_told_and_done_makes_the_better_path(opened: Open) -> None:
    told, mere, planned = (False, True), (False, False), (True, True)
    page = opened(
        chain(
            ("甲", "within", "省", *mere), ("乙", "within", "省", *mere),
            ("甲", "carriedOut", "计划", *planned), ("乙", "carriedOut", "计划", *planned),
            ("甲", "workedWith", "丙", *told), ("丙", "workedWith", "丁", *told),
            ("丁", "workedWith", "乙", *told),
            ("报告甲", "mentions", "甲", *mere), ("报告甲", "mentions", "乙", *mere),
        ),
        fragment=f"#!network/{quote('path initiative/甲 initiative/乙')}",
    )  # fmt: skip
    assert told_path(page) == [BASE + f"initiative/{name}" for name in "甲丙丁乙"]
    assert "如此这般。" in panel(page)


# ---------------------------------------------------------------- the address


def test_back_and_forward_follow_selection_path_and_what_is_shown(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment=at(PLACE))
    act(page, "only").click()
    scoped = address(page)
    assert scoped == f"#!network/around {PLACE.removeprefix(BASE)}&{PLACE}"
    act(page, "path").click()
    page.find_element(By.ID, "query").send_keys("云溪市人民政府", Keys.ENTER)
    assert told_path(page) == [PLACE, HUB]
    go(page, "back")
    assert address(page) == scoped
    assert heading(page) == "云溪市"
    assert shown(page) == beside(view, PLACE)
    go(page, "back")
    assert len(shown(page)) == len(view.nodes)
    go(page, "forward")
    assert shown(page) == beside(view, PLACE)
    go(page, "forward")
    assert told_path(page) == [PLACE, HUB]
    again = opened(view, fragment=address(page))
    assert told_path(again) == [PLACE, HUB]
    assert shown(again) == beside(view, PLACE)


def test_an_address_of_things_unknown_shows_everything(opened: Open, view: GraphView) -> None:
    page = opened(view, fragment="#!network/around%20nothing%20path%20nowhere%20<b>")
    assert len(shown(page)) == len(view.nodes)
    assert "概览" in panel(page)


# ---------------------------------------------------------------- saving


@pytest.fixture
def saved(browser: Any, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Save from the menu of the open page, and return the file that arrived."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})

    def save(form: str) -> Path:
        for old in folder.iterdir():
            old.unlink()
        browser.find_element(By.CSS_SELECTOR, "#save > summary").click()
        browser.execute_async_script("setTimeout(arguments[0], 50)")
        browser.find_element(By.CSS_SELECTOR, f"#save [data-save={form}]").click()
        for _ in range(200):
            found = [path for path in folder.iterdir() if path.suffix == "." + form]
            if found and found[0].stat().st_size:
                return found[0]
            time.sleep(0.05)
        raise AssertionError([path.name for path in folder.iterdir()])

    yield save
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "default"})


def triples(path: Path) -> set[Any]:
    return set(rdflib.Graph().parse(path, format="turtle"))


def test_all_that_is_shown_is_saved_as_the_triples_of_the_graph(
    opened: Open, saved: Callable[[str], Path], corpus_build: Path
) -> None:
    view = selection.view(store.open_store(corpus_build))
    opened(view)
    found, graph = triples(saved("ttl")), triples(corpus_build / "graph.ttl")
    assert found <= graph
    # Nothing of what is shown is missing: every fact, its evidence and passages, and every number.
    # (The graph has more: what was planned and is done is shown as done.)
    for kind, expected in cited(view).items():
        assert {str(s) for s, p, o in found if o == kind} == expected
        dull = {GOV.offset}  # follows from the identity
        assert {t for t in graph if str(t[0]) in expected and t[1] not in dull} <= found
    done = {(e.source, e.predicate, e.target) for e in view.edges if not e.planned}
    assert {(rdflib.URIRef(one), GOV[name], rdflib.URIRef(other)) for one, name, other in done} <= found


def cited(view: GraphView) -> dict[rdflib.URIRef, set[str]]:
    """Return the identities of evidence, passages and observations by their class."""
    said = [evidence for each in (*view.edges, *view.observations) for evidence in each.evidence]
    base = view.documents[0].iri.rpartition("report/")[0]
    passages = {f"{base}passage/{e.document.rpartition('/')[2]}/{e.start}-{e.end}" for e in said}
    evidence = {e.iri for edge in view.edges for e in edge.evidence}
    return {
        GOV.Evidence: evidence,
        GOV.Passage: passages,
        GOV.Observation: {s.iri for s in view.observations},
    }


def test_names_that_try_to_be_syntax_are_saved_as_they_are(
    opened: Open, saved: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds.use_stand_in(monkeypatch)
    files = {
        f"昌江{year}.txt": f"昌江黎族自治县{year}年报告\n我县印发{text}办法。\n我县办理{text}案件25件。"
        for year, text in zip(itertools.count(2001), builds.HOSTILE, strict=False)
    }
    builds.run(builds.fill(tmp_path / "in", {**files, **builds.FILES}), tmp_path / "out")
    view = selection.view(store.open_store(tmp_path / "out"))
    opened(view)
    found, graph = triples(saved("ttl")), triples(tmp_path / "out" / "graph.ttl")
    assert found <= graph
    assert {str(s) for s, p, o in found if o == GOV.Passage} == cited(view)[GOV.Passage]
    table = list(csv.reader(io.StringIO(saved("csv").read_text(encoding="utf-8-sig"), newline="")))
    assert len({len(row) for row in table}) == 1
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    drawing = ElementTree.parse(saved("svg")).getroot()
    assert {each.tag.rpartition("}")[2] for each in drawing.iter()} <= {
        "svg", "title", "rect", "ellipse", "g", "line", "polygon", "circle", "text"
    }  # fmt: skip


def test_what_is_selected_is_saved_alone(opened: Open, saved: Callable[[str], Path], view: GraphView) -> None:
    page = opened(view, fragment=at(HUB))
    own = [edge for edge in view.edges if HUB in (edge.source, edge.target)]
    path = saved("csv")
    assert path.name == "云溪市人民政府.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    expected = [
        (e.source, e.predicate, e.target, str(e.planned).lower(), said.quote if said else "")
        for e in own
        for said in (e.evidence or (None,))
    ]
    told = [(r["subject_iri"], r["predicate"], r["object_iri"], r["planned"], r["quote"]) for r in rows]
    assert sorted(told) == sorted(expected)
    page.execute_script("location.hash = arguments[0]", f"!network/path {HUB} {SHARED}")
    page.execute_async_script("setTimeout(arguments[0], 100)")
    path = saved("csv")
    label = next(node.label for node in view.nodes if node.iri == SHARED)
    assert path.name == f"云溪市人民政府_{label}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert {(row["subject_iri"], row["object_iri"]) for row in rows} == {(HUB, SHARED)}


def test_what_hidden_documents_say_is_neither_told_nor_saved(
    opened: Open, saved: Callable[[str], Path]
) -> None:
    hub = BASE + "institution/1/局"
    view = star(2)
    first, second = view.edges
    both = replace(first, evidence=(*first.evidence, *second.evidence))
    page = opened(replace(view, edges=(both, second)), fragment=at(hub))
    assert page.find_element(By.CSS_SELECTOR, "#panel summary").text == "开展 (2) · 见于 2 份文件"
    page.find_element(By.CSS_SELECTOR, "#filters > summary").click()
    page.find_element(By.CSS_SELECTOR, "#document-filter [data-key='1'] input").click()
    assert page.find_element(By.CSS_SELECTOR, "#panel summary").text == "开展 (1) · 见于 1 份文件"
    assert page.find_element(By.ID, "summary").text == "2 个实体 · 1 条事实 · 2 份文件"
    assert [each.text for each in page.find_elements(By.CSS_SELECTOR, "#panel .quote")] == ["开展行动0。"]
    rows = list(csv.DictReader(io.StringIO(saved("csv").read_text(encoding="utf-8-sig"), newline="")))
    assert [row["quote"] for row in rows] == ["开展行动0。"]


def test_the_numbers_of_a_place_are_saved_too(
    opened: Open, saved: Callable[[str], Path], view: GraphView
) -> None:
    opened(view, fragment=at(PLACE))
    rows = list(csv.DictReader(io.StringIO(saved("csv").read_text(encoding="utf-8-sig"), newline="")))
    numbers = {(row["predicate"], row["value"], row["unit"], row["period"]) for row in rows if row["value"]}
    assert numbers == {(s.indicator, s.value, s.unit, s.period) for s in view.observations if s.of == PLACE}


def test_the_picture_is_saved_as_pixels_and_as_shapes(
    opened: Open, saved: Callable[[str], Path], view: GraphView
) -> None:
    page = opened(view)
    size = page.execute_script(
        "const c = document.querySelector('#network canvas'); return [c.width, c.height]"
    )
    pixels = saved("png").read_bytes()
    assert pixels[:8] == b"\x89PNG\r\n\x1a\n"
    assert list(struct.unpack(">II", pixels[16:24])) == size
    drawing = ElementTree.parse(saved("svg")).getroot()
    parts = [each.tag.rpartition("}")[2] for each in drawing.iter()]
    titles = {each.text for each in drawing.iter("{http://www.w3.org/2000/svg}title")}
    assert {node.label for node in view.nodes} <= titles
    assert parts.count("line") == page.execute_script("return edges.length")
    assert parts.count("ellipse") == len(view.documents) + 1
    texts = {each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert {f"{place}人民政府" for place, _ in viewing_sample.PLACES} <= texts


def test_names_that_try_to_be_markup_are_drawn_as_text(opened: Open, saved: Callable[[str], Path]) -> None:
    opened(viewing_sample.hostile())
    drawing = ElementTree.parse(saved("svg")).getroot()
    assert viewing_sample.HOSTILE + "甲" in {each.text for each in drawing.iter()}
    assert not [each for each in drawing.iter() if each.tag.rpartition("}")[2] in {"script", "img", "image"}]
    graph = rdflib.Graph().parse(saved("ttl"), format="turtle")
    labels = {str(label) for label in graph.objects(None, rdflib.SKOS.prefLabel)}
    assert labels == {viewing_sample.HOSTILE + "甲", viewing_sample.HOSTILE + "乙"}


# ---------------------------------------------------------------- the panel


def star(facts: int) -> GraphView:
    """Return a body that did very many things, told by three reports."""
    reports = [BASE + f"report/{at}" for at in range(3)]
    hub = NodeView(BASE + "institution/1/局", "Institution", "局", (), (), tuple(reports))
    nodes, edges = [hub], []
    for at in range(facts):
        deed = NodeView(BASE + f"initiative/{at:05}", "Initiative", f"行动{at}", (), (), (reports[at % 3],))
        said = EvidenceView(reports[at % 3], at, at + 5, f"开展行动{at}。", "", "verb.plain")
        nodes.append(deed)
        edges.append(EdgeView(hub.iri, "carriedOut", deed.iri, False, (said,)))
    about = tuple(DocumentView(iri, iri, iri, "2020", "云溪市") for iri in reports)
    return GraphView(tuple(sorted(nodes, key=lambda n: n.iri)), tuple(edges), (), about)


def test_a_thousand_facts_come_a_hundred_at_a_time(opened: Open) -> None:
    page = opened(star(1000), fragment=at(BASE + "institution/1/局"))
    [group] = page.find_elements(By.CSS_SELECTOR, "#panel details")
    assert group.text == "开展 (1,000) · 见于 3 份文件"
    assert page.find_elements(By.CSS_SELECTOR, "#panel .fact") == []
    group.find_element(By.TAG_NAME, "summary").click()
    page.execute_async_script("setTimeout(arguments[0], 200)")  # groups are filled a moment after they open
    assert len(page.find_elements(By.CSS_SELECTOR, "#panel .fact")) == 100
    more = page.find_element(By.CSS_SELECTOR, "#panel button.more")
    assert more.text == "再显示 100 条（还有 900 条）"
    more.click()
    assert len(page.find_elements(By.CSS_SELECTOR, "#panel .fact")) == 200
    assert page.execute_script("return document.activeElement.closest('.fact') !== null")


# ---------------------------------------------------------------- the stage for thousands of things


def test_the_same_on_the_stage_for_thousands(
    opened: Open, saved: Callable[[str], Path], view: GraphView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MAX_NODES", 0)
    page = opened(view, fragment=at(HUB))
    settle(page)
    at_end = page.execute_script("return picture.toScreen(picture.place(arguments[0]))", SHARED)
    canvas = page.find_element(By.CSS_SELECTOR, "#network canvas")
    middle = [canvas.size[side] / 2 for side in ("width", "height")]
    spot = (round(at_end["x"] - middle[0]), round(at_end["y"] - middle[1]))
    chain = ActionChains(page).key_down(Keys.SHIFT).move_to_element_with_offset(canvas, *spot).click()
    chain.key_up(Keys.SHIFT).perform()
    assert told_path(page) == [HUB, SHARED]
    before = counts(saved("svg"))
    page.execute_script("location.hash = arguments[0]", f"!network/around {PLACE}&{PLACE}")
    page.execute_async_script("setTimeout(arguments[0], 100)")
    settle(page)
    assert f"{len(beside(view, PLACE))} / {len(view.nodes)}" in page.find_element(By.ID, "scope").text
    drawing = saved("svg")
    assert len(beside(view, PLACE)) == counts(drawing)["things"] < before["things"]
    assert saved("png").stat().st_size > 5000, "not blank"


def settle(page: Any) -> None:
    page.execute_async_script(
        "const done = arguments[0], wait = () => picture.settled() ? done() : setTimeout(wait, 30); wait();"
    )


def counts(path: Path) -> dict[str, int]:
    """Count the shapes and the lines of a drawing."""
    drawing = ElementTree.parse(path).getroot()
    svg = "{http://www.w3.org/2000/svg}"
    return {
        "things": len(list(drawing.iter(svg + "title"))) - 1,
        "lines": len(list(drawing.iter(svg + "line"))),
    }


# ---------------------------------------------------------------- for everyone


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_seriously_wrong_in_any_of_these_states(opened: Open, view: GraphView, colours: str) -> None:
    axe.ready()
    page = opened(view, "en", fragment=at(HUB))
    scheme = [{"name": "prefers-color-scheme", "value": colours}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    found = axe.serious(page, "a thing")
    act(page, "collapse").click()
    act(page, "path").click()
    found += axe.serious(page, "choosing the end of a path")
    page.find_element(By.ID, "query").send_keys("qlx")
    found += axe.serious(page, "hits")
    page.find_element(By.CSS_SELECTOR, "#hits button").click()
    found += axe.serious(page, "a path")
    for menu in ("save", "filters"):
        page.find_element(By.CSS_SELECTOR, f"#{menu} > summary").click()
        page.execute_async_script("setTimeout(arguments[0], 50)")
        found += axe.serious(page, menu)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert found == []
