"""The documents as one reads them in the explorer: whole, with names and sentences linked both ways."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import viewing_sample
from helpers import browsing

from kg.graph import built, selection, store
from kg.graph.selection import GraphView
from kg.viewing import html

pytestmark = pytest.mark.browser
if os.environ.get("CI") != "true":
    pytest.importorskip("selenium")

from selenium.webdriver.common.by import By  # noqa: E402

PLAIN = (
    "const copy = document.querySelector('article.text').cloneNode(true);"
    "copy.querySelectorAll('button.tells').forEach(each => each.remove());"
    "return [...copy.children].map(each => each.textContent)"
)


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Yield the browser; in the end nothing may have been complained about."""
    yield browser
    assert browsing.complaints(browser) == []


@pytest.fixture(scope="module")
def view(corpus_build: Path) -> GraphView:
    return selection.view(store.open_store(corpus_build))


@pytest.fixture(scope="module")
def folder(view: GraphView, corpus_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page of the sample corpus."""
    made = tmp_path_factory.mktemp("page")
    (made / "graph.html").write_text(html.render(view, read=built.reading(corpus_build)), encoding="utf-8")
    return made


def opened(page: Any, folder: Path, fragment: str) -> Any:
    return browsing.visit(page, (folder / "graph.html").as_uri() + fragment)


def test_every_document_is_there_whole(page: Any, folder: Path, corpus_build: Path, view: GraphView) -> None:
    for document in view.documents:
        opened(page, folder, f"#!text/{document.iri.rpartition('/')[2]}")
        text = built.text(corpus_build, document.iri)
        assert page.execute_script(PLAIN) == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def test_a_name_leads_to_its_thing_and_the_thing_to_its_names(
    page: Any, folder: Path, corpus_build: Path, view: GraphView
) -> None:
    document = view.documents[0]
    known = {node.iri: node.label for node in view.nodes}
    base = document.iri.rpartition("report/")[0]
    marks = built.mentions(corpus_build, document.iri)
    opened(page, folder, f"#!text/{document.iri.rpartition('/')[2]}")
    names = page.find_elements(By.CSS_SELECTOR, "button.name")
    assert len(names) > 10
    label = names[5].get_attribute("title").rpartition(" · ")[0]
    text, surface = built.text(corpus_build, document.iri), names[5].text
    assert label in {known[base + thing] for start, end, thing in marks if text[start:end] == surface}
    names[5].click()
    assert page.find_element(By.CSS_SELECTOR, "#panel h2").text == label
    assert page.find_element(By.ID, "view").is_displayed()
    chosen = page.find_elements(By.CSS_SELECTOR, "button.name.chosen")
    assert names[5] in chosen
    assert f"“{label}”在此文件中出现 {len(chosen)} 次" in page.find_element(By.ID, "steps").text
    page.find_element(By.CSS_SELECTOR, "[data-step=on]").click()
    assert page.switch_to.active_element == chosen[0]
    page.find_element(By.CSS_SELECTOR, "[data-step=back]").click()
    assert page.switch_to.active_element == chosen[-1]


def test_a_sentence_tells_exactly_what_rests_on_it(
    page: Any, folder: Path, corpus_build: Path, view: GraphView
) -> None:
    document = view.documents[1]
    expected: dict[tuple[int, int], int] = {}
    for said in (*view.edges, *view.observations):
        for place in {(e.start, e.end) for e in said.evidence if e.document == document.iri}:
            expected[place] = expected.get(place, 0) + 1
    opened(page, folder, f"#!text/{document.iri.rpartition('/')[2]}")
    by_end: dict[int, int] = {}
    for (_, end), count in expected.items():
        by_end[end] = by_end.get(end, 0) + count
    told = [int(each.text) for each in page.find_elements(By.CSS_SELECTOR, "button.tells")]
    assert len(told) == len(by_end)
    assert sum(told) <= sum(by_end.values())
    button = page.find_elements(By.CSS_SELECTOR, "button.tells")[0]
    count = int(button.text)
    button.click()
    assert len(page.find_elements(By.CSS_SELECTOR, "#panel .fact")) == count


def test_a_fact_leads_to_its_sentence_in_the_document(
    page: Any, folder: Path, corpus_build: Path, view: GraphView
) -> None:
    edge = next(edge for edge in view.edges if len(edge.evidence) == 1 and len(edge.evidence[0].quote) > 20)
    said = edge.evidence[0]
    opened(page, folder, "#" + quote(edge.source, safe=""))
    for group in page.find_elements(By.CSS_SELECTOR, "#panel details:not([open]) > summary"):
        group.click()
    page.execute_async_script("setTimeout(arguments[0], 200)")  # groups are filled a moment after they open
    blocks = page.find_elements(By.CSS_SELECTOR, "#panel .evidence")
    own = next(each for each in blocks if each.find_element(By.CSS_SELECTOR, ".quote").text == said.quote)
    text = built.text(corpus_build, said.document)
    shown = own.find_element(By.TAG_NAME, "blockquote").text.strip("…")
    assert shown in text.replace("\n", ""), "the sentence stands in its paragraph"
    own.find_element(By.CSS_SELECTOR, "button.read").click()
    cited = page.find_elements(By.CSS_SELECTOR, "article.text .cited")
    assert "".join(page.execute_script("return arguments[0].textContent", each) for each in cited) == (
        said.quote.replace("\n", "")
    )
    frame = page.find_element(By.ID, "view").rect
    assert frame["y"] <= cited[0].rect["y"] <= frame["y"] + frame["height"]
    assert page.execute_script("return location.hash").startswith("#!text/")
    page.back()
    page.execute_async_script("setTimeout(arguments[0], 100)")
    assert not page.find_element(By.ID, "view").is_displayed()


def test_documents_can_be_chosen(page: Any, folder: Path, corpus_build: Path, view: GraphView) -> None:
    opened(page, folder, "")
    page.find_element(By.CSS_SELECTOR, "[data-view=text]").click()
    options = page.find_elements(By.CSS_SELECTOR, "#document-choice option")
    assert len(options) == len(view.documents) + 1
    options[3].click()
    hash_ = page.execute_script("return document.getElementById('document-choice').value")
    title = next(d.title for d in view.documents if d.iri.endswith(hash_))
    assert page.find_element(By.CSS_SELECTOR, "#view h2").text in (title, " ".join(title.split()))


def test_offsets_count_characters_and_hostile_text_stays_text(page: Any, tmp_path: Path) -> None:
    view = viewing_sample.hostile()
    iri = view.documents[0].iri
    name = view.nodes[0].iri.removeprefix(iri.rpartition("report/")[0])
    text = "𠮷祥市\r\n一𠀋<img src=x onerror='window.hacked=1'>名\r三"
    start = text.index("名")
    (tmp_path / "graph.html").write_text(
        html.render(view, read=lambda report: (text, [(start, start + 1, name)] if report == iri else [])),
        encoding="utf-8",
    )
    opened(page, tmp_path, f"#!text/{iri.rpartition('/')[2]}")
    assert page.execute_script(PLAIN) == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [each.text for each in page.find_elements(By.CSS_SELECTOR, "button.name")] == ["名"]
    assert page.execute_script("return window.hacked === undefined && !document.querySelector('#view img')")


def test_a_page_without_texts_has_no_reader(page: Any, tmp_path: Path) -> None:
    (tmp_path / "graph.html").write_text(html.render(viewing_sample.seeds_like()), encoding="utf-8")
    opened(page, tmp_path, "#!text/00")
    assert page.find_elements(By.CSS_SELECTOR, "[data-view=text]") == []
    assert not page.find_element(By.ID, "view").is_displayed()
