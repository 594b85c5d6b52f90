"""The views besides the network: each cell, bar and branch says what the graph says, with its sentences."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import viewing_sample
from helpers import axe

from kg.graph import selection, store
from kg.graph.selection import (
    DocumentView,
    EdgeView,
    EvidenceView,
    GraphView,
    NodeView,
    ObservationView,
)
from kg.viewing import appearance, html

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

from selenium.webdriver import ActionChains, Keys  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.select import Select  # noqa: E402

Open = Callable[..., Any]
VIEWS = ("matrix", "numbers", "hierarchy", "timeline", "citations")
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def corpus(corpus_build: Path) -> GraphView:
    return selection.view(store.open_store(corpus_build))


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Write a view's page to a file and open it at an address; in the end nothing may have gone wrong."""

    def open_page(view: GraphView, address: str = "", language: str = "zh") -> Any:
        path = tmp_path / "graph.html"
        path.write_text(html.render(view, language), encoding="utf-8")
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(path.as_uri() + (f"#!{address}" if address else ""))
        assert browser.execute_script("return document.documentElement.dataset.ready") == "true"
        return browser

    yield open_page
    # What the driver of the graphics says of having no card is not the page's doing.
    assert [entry for entry in browser.get_log("browser") if entry["source"] != "rendering"] == []


class Told:
    """What a graph says, worked out anew from the view alone."""

    def __init__(self, view: GraphView) -> None:
        self.view = view
        self.nodes = {node.iri: node for node in view.nodes}
        self.years = {document.iri: document.year for document in view.documents}
        self.serves: dict[str, str] = {}
        self.whole: dict[str, str] = {}
        self.above: dict[str, str] = {}
        for edge in view.edges:
            for predicate, found in (("serves", self.serves), ("partOf", self.whole), ("within", self.above)):
                if edge.predicate == predicate:
                    found.setdefault(edge.source, edge.target)
        self.roles = appearance.load().roles

    def place(self, iri: str) -> str:
        if self.nodes[iri].kind == "Jurisdiction":
            return iri
        while iri not in self.serves and iri in self.whole:
            iri = self.whole[iri]
        return self.serves.get(iri, "")

    def deeds(self, kind: str) -> dict[tuple[str, str], list[EdgeView]]:
        """Return the facts that say so, by what was done and the place that did it."""
        found: dict[tuple[str, str], list[EdgeView]] = defaultdict(list)
        for edge in self.view.edges:
            deed = self.roles.get(edge.predicate, {}).get("deed") == "yes"
            if deed and self.nodes[edge.target].kind == kind and self.place(edge.source):
                found[edge.target, self.place(edge.source)].append(edge)
        return found

    def first_year(self, edges: Sequence[EdgeView]) -> str:
        done = [edge for edge in edges if not edge.planned] or list(edges)
        return min((self.years[said.document] for edge in done for said in edge.evidence), default="")

    def resting(self, iri: str) -> list[EdgeView]:
        """Return the facts of what rests on a document."""
        found = []
        for edge in self.view.edges:
            resting = self.roles.get(edge.predicate, {}).get("resting")
            inner = {"subject": edge.target, "object": edge.source}.get(resting or "")
            if inner == iri and edge.source != edge.target:
                found.append(edge)
        return found


def quotes(edges: Sequence[EdgeView]) -> set[str]:
    return {said.quote for edge in edges for said in edge.evidence}


def shown_quotes(page: Any) -> set[str]:
    found = page.execute_script(
        "return [...document.querySelectorAll('#panel .fact .quote')].map(each => each.textContent)"
    )
    return set(found)


def all_rows(page: Any) -> None:
    """Ask for more until all rows of a view are there."""
    page.execute_script("for (let more; (more = document.querySelector('#view .foot .more'));) more.click();")


def cells(page: Any) -> dict[tuple[str, str], dict[str, Any]]:
    all_rows(page)
    found = page.execute_script(
        "return [...document.querySelectorAll('#view table.matrix td[data-column]')].map(cell => ({"
        " row: cell.parentElement.dataset.iri, column: cell.dataset.column,"
        " text: cell.firstChild.firstChild.textContent, name: cell.firstChild.getAttribute('aria-label'),"
        " hatched: cell.firstChild.classList.contains('hatched') }))"
    )
    return {(cell["row"], cell["column"]): cell for cell in found}


def press(page: Any, *keys: str) -> None:
    ActionChains(page).send_keys(*keys).perform()


def test_every_view_has_a_tab_an_address_and_words_in_both_languages(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus)
    titles = appearance.load().interface
    for language in LANGUAGES:
        for name in VIEWS:
            tab = page.find_element(By.CSS_SELECTOR, f"#tabs button[data-view={name}]")
            assert tab.text == titles[f"view_{name}"][language]
            tab.click()
            assert page.execute_script("return location.hash") == f"#!{name}"
            text = page.find_element(By.ID, "view").text
            assert len(text) > 200
            # No key of the interface is shown in place of its words.
            assert not re.findall(r"\b[a-z]+_[a-z_]+\b", text)
        page.find_element(By.ID, "language").click()
    page.back()
    assert page.execute_script("return document.body.dataset.view") != "citations"


@pytest.mark.parametrize("kind", ["Initiative", "PolicyDocument", "Honour"])
def test_matrix_cells_are_what_the_graph_says(opened: Open, corpus: GraphView, kind: str) -> None:
    page = opened(corpus, f"matrix/{kind}%2Fplaces")
    told = Told(corpus)
    expected = told.deeds(kind)
    assert len(expected) > 20
    found = cells(page)
    assert set(found) == set(expected)
    for key, edges in expected.items():
        assert found[key]["text"] == told.first_year(edges), key
        assert found[key]["hatched"] == all(edge.planned for edge in edges), key
        said = {(q.document, q.start, q.end) for edge in edges for q in edge.evidence}
        assert f" {len(said)} 句" in found[key]["name"], key
    rows = page.execute_script(
        "return [...document.querySelectorAll('tr[data-iri]')].map(r => r.dataset.iri)"
    )
    places = defaultdict(set)
    for thing, place in expected:
        places[thing].add(place)
    assert [len(places[row]) for row in rows] == sorted((len(each) for each in places.values()), reverse=True)


def test_a_cell_opens_its_sentences_and_escape_leads_back(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus, "matrix/Initiative%2Fplaces")
    expected = Told(corpus).deeds("Initiative")
    wanted = sorted(expected, key=lambda key: (-len(expected[key]), key))[:3]
    all_rows(page)
    for thing, place in wanted:
        cell = page.find_element(By.CSS_SELECTOR, f'tr[data-iri="{thing}"] td[data-column="{place}"] button')
        page.execute_script("arguments[0].scrollIntoView({block: 'center', inline: 'center'})", cell)
        cell.click()
        assert shown_quotes(page) == quotes(expected[thing, place])
        press(page, Keys.ESCAPE)
        assert page.switch_to.active_element == cell
        assert shown_quotes(page) == set()


def test_the_matrix_is_walked_by_keys(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus, "matrix/Initiative%2Fplaces")
    assert (
        page.execute_script("return document.querySelectorAll('table.matrix .cell[tabindex=\"0\"]').length")
        == 1
    )
    page.execute_script("document.querySelector('table.matrix .cell[tabindex=\"0\"]').focus()")
    here = (
        "const at = document.activeElement; return [at.closest('tr').dataset.iri, at.closest('td').cellIndex]"
    )
    first = page.execute_script(here)
    press(page, Keys.ARROW_RIGHT)
    beside = page.execute_script(here)
    assert beside[0] == first[0]
    assert beside[1] > first[1]
    press(page, Keys.ARROW_DOWN)
    below = page.execute_script(here)
    assert below[0] != first[0]
    assert below[1] == beside[1]
    press(page, Keys.ENTER)
    assert shown_quotes(page)


def test_regions_and_years_count_the_places_that_did_it(opened: Open, corpus: GraphView) -> None:
    told = Told(corpus)
    expected = told.deeds("Initiative")
    regions: dict[tuple[str, str], set[str]] = defaultdict(set)
    years: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (thing, place), edges in expected.items():
        done = [edge for edge in edges if not edge.planned]
        region = place
        while not dict(told.nodes[region].attributes).get("code", "").endswith("0000"):
            region = told.above[region]
        if done:
            regions[thing, region].add(place)
        for edge in done:
            for said in edge.evidence:
                years[thing, told.years[said.document]].add(place)
    for by, counts in (("regions", regions), ("years", years)):
        page = opened(corpus, f"matrix/Initiative%2F{by}")
        found = {key: cell["text"] for key, cell in cells(page).items() if not cell["hatched"]}
        assert found == {key: str(len(places)) for key, places in counts.items()}


def test_rows_are_filtered_by_name_and_columns_by_region(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus, "matrix/Initiative%2Fplaces")
    box = page.find_element(By.CSS_SELECTOR, "#view .row-filter")
    box.send_keys("枫桥")
    rows = page.execute_script(
        "return [...document.querySelectorAll('#view tr[data-iri] th')].map(r => r.textContent)"
    )
    assert "枫桥经验" in rows
    assert len(rows) < 5
    box.clear()
    box.send_keys("fengqiao")
    assert "枫桥经验" in page.find_element(By.CSS_SELECTOR, "#view tbody").text
    box.send_keys(Keys.ESCAPE)
    assert len(page.find_elements(By.CSS_SELECTOR, "#view tr[data-iri]")) > len(rows)
    region = Select(page.find_elements(By.CSS_SELECTOR, "#view select")[2])
    region.select_by_visible_text("海南省")
    columns = page.execute_script(
        "return [...document.querySelectorAll('#view thead th.upright')].map(each => each.textContent)"
    )
    assert "海南省" in columns
    assert "德清县" not in columns
    box.send_keys("没有这样的名称")
    assert appearance.load().interface["nothing_fits"]["zh"] in page.find_element(By.ID, "view").text


def test_views_show_what_the_filters_leave(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus, "matrix/Initiative%2Fplaces")
    page.execute_script("document.getElementById('show-planned').click()")
    expected = {
        key: [edge for edge in edges if not edge.planned]
        for key, edges in Told(corpus).deeds("Initiative").items()
        if not all(edge.planned for edge in edges)
    }
    found = cells(page)
    assert set(found) == set(expected)
    assert not any(cell["hatched"] for cell in found.values())


def numbers_of(view: GraphView) -> dict[str, list[ObservationView]]:
    found: dict[str, list[ObservationView]] = defaultdict(list)
    for seen in view.observations:
        found["=" + seen.measure[0] if seen.measure else seen.indicator].append(seen)
    return found


def bars(page: Any) -> dict[str, dict[str, Any]]:
    found = page.execute_script(
        "return [...document.querySelectorAll('#view td.bars')].map(each => ({ iri: each.dataset.number,"
        " amount: each.querySelector('.amount').textContent,"
        " width: parseFloat(each.querySelector('.fill').style.width),"
        " hatched: each.querySelector('.fill').classList.contains('hatched'),"
        " unit: each.closest('table').caption.textContent,"
        " group: each.closest('tbody').querySelector('.parting').textContent }))"
    )
    return {each["iri"]: each for each in found}


def test_bars_are_the_numbers_of_the_graph(opened: Open, corpus: GraphView) -> None:
    numbers = numbers_of(corpus)
    told = Told(corpus)
    page = opened(corpus, "numbers")
    entries = page.execute_script(
        "return [...document.querySelectorAll('.picker [data-choice]')].map(each => each.dataset.choice)"
    )
    assert set(entries) <= set(numbers)
    places = [len({told.place(seen.of) or seen.of for seen in numbers[key]}) for key in entries]
    assert places == sorted(places, reverse=True)
    assert places[0] == max(len({told.place(s.of) or s.of for s in group}) for group in numbers.values())
    mixed = max(numbers, key=lambda key: (len({seen.unit for seen in numbers[key]}), key))
    bounded = next(key for key in numbers if any(seen.bound for seen in numbers[key]))
    for key in (entries[0], mixed, bounded):
        page = opened(corpus, f"numbers/{quote(key, safe='')}")
        found = bars(page)
        assert set(found) == {seen.iri for seen in numbers[key]}
        for seen in numbers[key]:
            bar = found[seen.iri]
            assert re.sub(r"[^\d.]", "", bar["amount"].removesuffix(seen.unit)) == seen.value
            sign = {"min": "≥", "max": "≤"}.get(seen.bound, "≈" if seen.approximate else "")
            assert bar["amount"].startswith(sign or bar["amount"][0])
            assert bar["hatched"] == seen.planned
            assert not seen.unit or bar["unit"].startswith(f"单位：{seen.unit}")
        # Within one unit, longer bars are greater numbers.
        for unit in {seen.unit for seen in numbers[key]}:
            ordered = sorted((s for s in numbers[key] if s.unit == unit), key=lambda s: float(s.value))
            widths = [found[seen.iri]["width"] for seen in ordered]
            assert widths == sorted(widths)


def test_a_bar_opens_its_sentence_and_years_can_be_set_beside_each_other(
    opened: Open, corpus: GraphView
) -> None:
    page = opened(corpus, "numbers")
    numbers = {seen.iri: seen for seen in corpus.observations}
    for iri in list(bars(page))[:3]:
        bar = page.find_element(By.CSS_SELECTOR, f'td[data-number="{iri}"] button')
        bar.click()
        assert shown_quotes(page) == {said.quote for said in numbers[iri].evidence}
    before = set(bars(page))
    Select(page.find_element(By.CSS_SELECTOR, "#view select")).select_by_value("place")
    found = bars(page)
    assert set(found) == before
    told = Told(corpus)
    for iri, bar in found.items():
        assert bar["group"] == told.nodes[told.place(numbers[iri].of) or numbers[iri].of].label
    assert page.execute_script("return document.activeElement.tagName") == "SELECT"


def test_an_unknown_number_or_document_is_told(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus, "numbers/" + quote("没有这个数"))
    assert "没有这个数" in page.find_element(By.CSS_SELECTOR, "#view .empty").text
    page = opened(corpus, "citations/" + quote("https://example.org/none", safe=""))
    assert "https://example.org/none" in page.find_element(By.CSS_SELECTOR, "#view .empty").text


def test_hierarchy_counts_facts_and_bodies_below(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus, "hierarchy")
    told = Told(corpus)
    press_all = page.find_elements(By.CSS_SELECTOR, "#view .controls button")[0]
    press_all.click()
    rows = page.execute_script(
        "return [...document.querySelectorAll('#view .branch')].filter(e => e.querySelector('[data-iri]'))"
        ".map(each => [each.querySelector('[data-iri]').dataset.iri,"
        " Number((each.querySelector('[data-facts]') || {dataset: {facts: 0}}).dataset.facts)])"
    )
    counts = dict(rows)
    places = [node.iri for node in corpus.nodes if node.kind == "Jurisdiction"]
    assert set(places) <= set(counts)

    def below(iri: str) -> set[str]:
        links = [(s, t) for found in (told.above, told.serves, told.whole) for s, t in found.items()]
        reached, edge = {iri}, {iri}
        while edge:
            edge = {source for source, target in links if target in edge} - reached
            reached |= edge
        return reached

    for place in places:
        inside = below(place)
        facts = [e for e in corpus.edges if e.evidence and {e.source, e.target} & inside]
        assert counts[place] == len(facts), told.nodes[place].label


def test_hierarchy_opens_by_keys_and_finds_by_name(opened: Open, corpus: GraphView) -> None:
    page = opened(corpus, "hierarchy")
    page.find_elements(By.CSS_SELECTOR, "#view .controls button")[1].click()
    assert len(page.find_elements(By.CSS_SELECTOR, "#view .tree li")) == 1
    page.find_element(By.CSS_SELECTOR, "#view .tree button").send_keys(Keys.ARROW_RIGHT)
    opened_rows = page.find_elements(By.CSS_SELECTOR, "#view .tree li")
    assert len(opened_rows) > 5
    press(page, Keys.ARROW_DOWN)
    assert page.execute_script(
        "return document.activeElement.closest('li').parentElement.closest('li') !== null"
    )
    press(page, Keys.ARROW_LEFT)
    press(page, Keys.ARROW_LEFT)
    assert page.find_element(By.CSS_SELECTOR, "#view .tree .toggle").get_attribute("aria-expanded") == "false"
    page.find_element(By.CSS_SELECTOR, "#view .row-filter").send_keys("仙潭村")
    names = page.execute_script(
        "return [...document.querySelectorAll('#view .tree [data-iri]')].map(e => e.textContent)"
    )
    assert names == ["中国", "浙江省", "湖州市", "德清县", "莫干山镇", "仙潭村"]


def test_timeline_marks_stand_under_their_years(opened: Open, corpus: GraphView) -> None:
    interface = appearance.load().interface
    page = opened(corpus, "timeline")
    all_rows(page)
    found = page.execute_script("""
      const heads = [...document.querySelectorAll('#view thead th')].slice(1)
        .map((head) => head.textContent.replace('…', ''));
      return [...document.querySelectorAll('#view tr[data-iri]')].map((row) => {
        let at = -1;
        const marks = [];
        for (const cell of [...row.cells].slice(1)) {
          const first = at + 1;
          at += cell.colSpan;
          const mark = cell.firstChild;
          if (mark) marks.push([mark.className.split(' ').pop(), heads[first], heads[at]]);
        }
        const lane = row.parentElement.rows[0].cells[0].textContent.replace(/ \\(\\d+\\)$/, '');
        return [row.dataset.iri, marks, at + 1 === heads.length, lane];
      });""")
    rows = {iri: marks for iri, marks, whole, _ in found if whole}
    assert len(rows) == len(found)
    read = {document.iri: document for document in corpus.documents}
    dated = 0
    for node in corpus.nodes:
        about = dict(node.attributes)
        if node.kind == "PolicyDocument":
            start, end = about.get("periodStart", ""), about.get("periodEnd", "")
            point = about.get("issued", about.get("year", ""))[:4]
            style = "span"
        elif node.kind == "Report":
            start = end = read[node.iri].year
            point = (about.get("issued") or about.get("published", ""))[:4]
            style = "about"
        else:
            continue
        expected = [[style, start, end]] if start else []
        if point and not (start and start <= point <= end):
            expected.append(["point", point, point])
        assert rows.get(node.iri, []) == sorted(expected, key=lambda mark: mark[1]), node.label
        dated += bool(expected)
    assert dated == len(rows) > 40
    told = Told(corpus)
    issuers = {edge.source: edge.target for edge in corpus.edges if edge.predicate == "issuer"}
    for edge in reversed(corpus.edges):
        if edge.predicate == "issued" and not edge.planned:
            issuers[edge.target] = edge.source
    about_places = {edge.source: edge.target for edge in corpus.edges if edge.predicate == "reportsOn"}
    for iri, _, _, lane in found:
        place = told.place(issuers[iri]) if iri in issuers else about_places.get(iri, "")
        assert lane == (told.nodes[place].label if place else interface["no_issuer"]["zh"]), iri
    undated = page.find_element(By.CSS_SELECTOR, "#view .undated")
    undated.find_element(By.TAG_NAME, "summary").click()
    documents = sum(node.kind in {"PolicyDocument", "Report"} for node in corpus.nodes)
    assert f"（{documents - dated}）" in undated.text
    mark = page.find_element(By.CSS_SELECTOR, "#view .cell.span")
    name = mark.find_element(By.XPATH, "ancestor::tr/th").text
    page.execute_script("arguments[0].click()", mark)
    assert page.find_element(By.CSS_SELECTOR, "#panel h2").text == name


def test_the_tree_of_a_document_is_what_rests_on_it(opened: Open, corpus: GraphView) -> None:
    told = Told(corpus)
    counts = {
        node.iri: len({e.source if e.target == node.iri else e.target for e in told.resting(node.iri)})
        for node in corpus.nodes
        if node.kind == "PolicyDocument"
    }
    page = opened(corpus, "citations")
    listed = page.execute_script(
        "return [...document.querySelectorAll('.picker [data-choice]')].map(e => e.dataset.choice)"
    )
    assert [counts[iri] for iri in listed] == sorted((counts[iri] for iri in listed), reverse=True)
    top = max(counts.values())
    assert counts[listed[0]] == top > 3
    chosen = [
        listed[0],
        next(iri for iri in listed if any(e.predicate == "basedOn" for e in told.resting(iri))),
    ]
    for iri in chosen:
        page = opened(corpus, "citations/" + quote(iri, safe=""))
        rows = "#view .resting > .tree > li > ul > li > .branch"
        found = page.execute_script(
            "return [...document.querySelectorAll(arguments[0] + ' [data-iri]')].map(e => e.dataset.iri)",
            rows,
        )
        expected = told.resting(iri)
        assert sorted(found) == sorted(e.source if e.target == iri else e.target for e in expected)
        page.find_element(By.CSS_SELECTOR, rows + " .tell").click()
        first = next(e for e in expected if found[0] in (e.source, e.target))
        assert shown_quotes(page) == quotes([first])
        # Behind a document or initiative the tree goes on.
        for at, other in enumerate(found):
            row = page.find_elements(By.CSS_SELECTOR, rows)[at]
            toggles = row.find_elements(By.CSS_SELECTOR, "button.toggle")
            goes_on = told.nodes[other].kind in {"PolicyDocument", "Initiative"} and bool(told.resting(other))
            assert bool(toggles) == goes_on
            if toggles:
                toggles[0].click()
                inner = row.find_elements(By.XPATH, "../ul//*[contains(@class, 'branch')]//button[@data-iri]")
                assert len(inner) == len(told.resting(other))
                break


def hostile() -> GraphView:
    """Return a small view with something in each picture, in which every text tries to become markup."""
    bad = viewing_sample.HOSTILE
    base = viewing_sample.BASE
    report = base + 'report/0"><b>'
    said = EvidenceView(report, 0, 9, bad, bad, bad)

    def node(path: str, kind: str, **attributes: str) -> NodeView:
        pairs = tuple(sorted(attributes.items()))
        return NodeView(base + path + '"><i>', kind, bad + path, (bad,), pairs, (report,))

    above = node("jurisdiction/1", "Jurisdiction", code=bad, level=bad)
    below = node("jurisdiction/2", "Jurisdiction", level=bad)
    body = node("institution/1", "Institution", institutionType=bad)
    part = node("institution/2", "Institution")
    loose = node("institution/3", "Institution")
    law = node("document/1", "PolicyDocument", issued=f"2020{bad}", documentType=bad, docNumber=bad)
    plan = node("document/2", "PolicyDocument", periodStart="2021", periodEnd=f"2025{bad}")
    done = node("initiative/1", "Initiative", initiativeType=bad)
    honour = node("honour/1", "Honour")
    nodes = (above, below, body, part, loose, law, plan, done, honour)
    links = (
        (below, "within", above), (above, "within", below), (body, "serves", below), (part, "partOf", body),
        (body, "partOf", part),
    )  # fmt: skip
    stated = (
        (body, "carriedOut", done), (part, "issued", law), (loose, "carriedOut", done),
        (below, "received", honour),
        (plan, "basedOn", law), (law, "basedOn", plan), (law, "specifies", done), (body, "implemented", law),
    )  # fmt: skip
    edges = [EdgeView(s.iri, p, t.iri, False, ()) for s, p, t in links]
    edges += [EdgeView(s.iri, p, t.iri, False, (said,)) for s, p, t in stated]
    seen = tuple(
        ObservationView(
            f"{base}o{at}", below.iri, bad, value, unit, False, False, "", period, (said,), measure
        )
        for at, (value, unit, period, measure) in enumerate(
            [("1", bad, bad, ()), ("-3.50", "", "../2022", ()), ("2", "件", "2021/..", (bad + "甲", bad))]
        )
    )
    about = (DocumentView(report, bad, bad, bad, bad),)
    key = lambda edge: (edge.source, edge.predicate, edge.target)  # noqa: E731
    return GraphView(tuple(sorted(nodes, key=lambda n: n.iri)), tuple(sorted(edges, key=key)), seen, about)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_no_text_becomes_markup(opened: Open, name: str, language: str) -> None:
    page = opened(hostile(), name, language)
    assert viewing_sample.HOSTILE in page.find_element(By.ID, "view").get_attribute("textContent")
    for button in page.execute_script(
        "return [...document.querySelectorAll('#view button.cell, #view button.tell')]"
    ):
        page.execute_script("arguments[0].click()", button)
    page.execute_script("for (const each of document.querySelectorAll('#view button.toggle')) each.click()")
    strays = "#view img, #view script, #view i, #view :is(td, th, li, p, h2) > b:not(.relation b)"
    assert page.find_elements(By.CSS_SELECTOR, strays) == []
    assert page.execute_script("return window.hacked") is None


def test_what_the_picture_does_not_have_has_no_tab_or_says_why(opened: Open, corpus: GraphView) -> None:
    bare = replace(
        corpus, edges=(), observations=(), nodes=tuple(n for n in corpus.nodes if n.kind == "Honour")
    )
    page = opened(bare)
    tabs = page.execute_script(
        "return [...document.querySelectorAll('#tabs button')].map(e => e.dataset.view)"
    )
    assert not set(tabs) & set(VIEWS)
    page = opened(corpus, "matrix")
    page.execute_script("document.querySelector('#kinds [data-kind=Jurisdiction] input').click()")
    page.execute_script("document.querySelector('#kinds [data-kind=Institution] input').click()")
    empty = page.find_element(By.CSS_SELECTOR, "#view .empty")
    empty.find_element(By.TAG_NAME, "button").click()
    assert page.find_elements(By.CSS_SELECTOR, "#view table.matrix")


def test_thousands_of_things_come_some_at_a_time(opened: Open) -> None:
    view = viewing_sample.large()
    page = opened(view)
    for name in VIEWS:
        tabs = page.find_elements(By.CSS_SELECTOR, f"#tabs button[data-view={name}]")
        if not tabs:
            assert name == "numbers"
            continue
        tabs[0].click()
        assert 50 < page.execute_script("return document.querySelectorAll('#view *').length") < 6000
    page = opened(view, "matrix/Initiative%2Fyears")
    rows = "return document.querySelectorAll('#view tr[data-iri]').length"
    before = page.execute_script(rows)
    page.find_element(By.CSS_SELECTOR, "#view .more").click()
    assert page.execute_script(rows) == 2 * before


@pytest.mark.parametrize("name", VIEWS)
def test_a_phone_scrolls_inside_and_paper_shows_all(opened: Open, corpus: GraphView, name: str) -> None:
    page = opened(corpus, name)
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page.execute_script("window.dispatchEvent(new Event('resize'))")
        assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
        assert page.execute_script(
            "const v = document.getElementById('view'); return v.scrollWidth <= v.clientWidth"
        )
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        clipped = page.execute_script(
            "return [...document.querySelectorAll('#view, #view .scroller')]"
            ".filter(e => getComputedStyle(e).overflowY !== 'visible').length"
        )
        assert clipped == 0
        assert (
            page.execute_script("return getComputedStyle(document.getElementById('stage')).display") == "none"
        )
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_serious_is_wrong_for_those_who_do_not_see_it(
    opened: Open, corpus: GraphView, name: str
) -> None:
    axe.ready()
    page = opened(corpus, name)
    cell = page.execute_script("return document.querySelector('#view button.cell, #view button.tell')")
    page.execute_script("arguments[0].click()", cell)
    assert axe.serious(page, name) == []
