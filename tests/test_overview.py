"""The page about a build: what it counts, what it quotes, and that it stays small, safe and the same."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from click.testing import CliRunner
from helpers import builds
from helpers.serving import Server

from kg import terms
from kg.analysing import surveying
from kg.analysing.stories import overview as story
from kg.analysing.surveying import Survey
from kg.analysing.telling import Table
from kg.cli import main
from kg.graph import built, nquads, store
from kg.resources import PACKAGE, RULE_DATA
from kg.rules import tables
from kg.running import build, outputs
from kg.viewing import overview

ROOT = Path(__file__).resolve().parents[1]
BASE = "https://w3id.org/govkg/id/"
SKIPPED = {"空.txt": b"", "图.txt": b"\x89PNG\r\n\x1a\n\x00\x00", "乱码.txt": b"\xff\x81\x00"}


class Page(HTMLParser):
    """Collects the elements of a page, its policy, and the data of its script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.inside: list[tuple[dict[str, str | None], str]] = []
        self.last: tuple[str, dict[str, str | None]] = ("", {})
        self.feed(text)
        self.data: Any = json.loads(next(body for about, body in self.inside if about.get("id") == "data"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        self.last = (tag, dict(attrs))

    def handle_data(self, data: str) -> None:
        if self.last[0] in ("script", "style") and data.strip():
            self.inside.append((self.last[1], data))

    def block(self, key: str) -> Any:
        return next((block for block in self.data["blocks"] if block["key"] == key), None)

    def column(self, key: str, number: int) -> list[str]:
        return [row[number]["text"][0] for row in self.block(key)["rows"]]


def render(folder: Path) -> str:
    """Return the page of a folder that was built without pages."""
    return overview.render(store.open_store(folder), built.summary(folder), built.reading(folder))


@pytest.fixture(scope="module")
def text(corpus_build: Path) -> str:
    return render(corpus_build)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    builds.use_stand_in(monkeypatch)
    return builds.fill(tmp_path / "corpus", builds.FILES)


def triples(folder: Path) -> set[tuple[str, str, str]]:
    lines = (folder / "graph.nq").read_text(encoding="utf-8").splitlines()
    quads = (nquads.split(line)[:3] for line in lines)
    return {(nquads.value(one), nquads.value(two), nquads.value(three)) for one, two, three in quads}


def test_the_page_loads_nothing_and_admits_only_its_own_script_and_style(text: str, page: Page) -> None:
    assert page.tags["script"] == 2
    assert not {name for name, _ in page.attributes} & {"src", "href", "action", "srcset"}
    policy = next(value for _, value in page.attributes if value and value.startswith("default-src 'none'; "))
    running = [body for about, body in page.inside if about.get("type") != "application/json"]
    hashes = {base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in running}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
    style = running[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "innerHTML" not in text


def test_the_numbers_at_the_head_are_those_of_the_build(corpus_build: Path, page: Page) -> None:
    summary = built.summary(corpus_build)
    found = {key: n for key, n, _, _ in page.data["counts"]}
    stated = triples(corpus_build)
    facts = {terms.gov(name) for name in terms.FACT_PREDICATES - terms.REFERENCE_PREDICATES}
    assert found["documents"] == len(summary["documents"]) == 14
    assert found["facts"] == sum(1 for _, predicate, _ in stated if predicate in facts)
    assert found["numbers"] == summary["observations"]
    assert found["plans"] == sum(summary["planned"].values())
    assert found["unsure"] == sum(len(row["unsure"]) for row in summary["documents"]) > 0
    assert found["conflicts"] == sum(len(row["conflicts"]) for row in summary["documents"]) > 0
    assert found["skipped"] == 0
    assert found["places"] == len({o for _, p, o in stated if p == terms.gov("reportsOn")})
    lead = page.data["sentences"][0]["text"]
    assert "14 份政府文件" in lead[0]
    assert "2018–2023" in lead[1]
    assert {to for _, n, _, to in page.data["counts"] if n} <= {block["key"] for block in page.data["blocks"]}


def test_the_lists_are_those_of_a_count_by_hand(corpus_build: Path, page: Page) -> None:
    stated = triples(corpus_build)
    names = {s: o for s, p, o in sorted(stated) if p == nquads.SKOS + "prefLabel"}
    mentioned = Counter(o for _, p, o in stated if p == terms.gov("mentions"))
    initiatives = {s for s, p, o in stated if p == nquads.RDF + "type" and o == terms.gov("Initiative")}
    order = sorted(initiatives, key=lambda iri: (-mentioned[iri], iri))
    wanted = [(names[iri], str(mentioned[iri])) for iri in order[:12] if mentioned[iri] > 1]
    shared = page.block("shared-Initiative")["rows"]
    assert [(name["text"][0], n["text"][0]) for name, n in shared] == wanted
    deeds = {terms.gov(name) for name in terms.FACT_PREDICATES - terms.REFERENCE_PREDICATES}
    degree: Counter[str] = Counter()
    for subject, predicate, obj in stated:
        if predicate in deeds:
            degree.update((subject, obj))
    top = sorted(degree, key=lambda iri: (-degree[iri], iri))[:12]
    assert [row[0]["link"] for row in page.block("connected")["rows"]] == top
    assert page.column("connected", 1) == [str(degree[iri]) for iri in top]


def test_measures_count_places_and_not_bodies(corpus_build: Path, page: Page) -> None:
    stated = triples(corpus_build)
    of = {s: o for s, p, o in stated if p == terms.gov("observedFor")}
    serves = {s: o for s, p, o in stated if p == terms.gov("serves")}
    broader = {(s, o) for s, p, o in stated if p == nquads.SKOS + "broader"}
    places: dict[str, set[str]] = {}
    for number, predicate, indicator in stated:
        if predicate == terms.gov("indicator"):
            for measure in (upper for lower, upper in broader if lower == indicator):
                places.setdefault(measure, set()).add(serves.get(of[number], of[number]))
    wanted = sorted((len(found) for found in places.values()), reverse=True)[:12]
    assert [int(n) for n in page.column("measures", 1)] == wanted


def test_provinces_and_years_add_up_to_the_documents(page: Page) -> None:
    rows = page.block("coverage")["rows"]
    numbers = [int(cell["text"][0]) for row in rows for cell in row[1:] if cell["mark"] == "heat"]
    assert sum(numbers) == 14
    assert {"海南省", "重庆市", "浙江省"} <= {row[0]["text"][0] for row in rows}
    assert [name[0] for name in page.block("coverage")["columns"]][1:] == ["2018", "2021", "2022", "2023"]


def test_every_quote_is_in_its_text_where_it_says(corpus_build: Path, page: Page) -> None:
    texts = [built.text(corpus_build, f"{BASE}report/{name}") for name in page.data["reports"]]
    assert len(page.data["passages"]) > 100
    for quote, _, at, start, end in page.data["passages"]:
        assert texts[at][start:end] == quote
        assert quote == quote.strip() != ""


@pytest.mark.parametrize(
    "key", ["shared-Initiative", "shared-PolicyDocument", "connected", "measures", "unsure"]
)
def test_every_count_shows_sentences_with_the_words_in_them(page: Page, key: str) -> None:
    for row in page.block(key)["rows"]:
        said = row[1]["said"]
        assert said, row
        if "words" in row[1]:
            quotes = [page.data["passages"][at][0] for at in said]
            assert any(word in quote for word in row[1]["words"] for quote in quotes), row


def test_contradictions_stand_side_by_side(corpus_build: Path, page: Page) -> None:
    rows = page.block("conflicts")["rows"]
    stated = [item for row in built.summary(corpus_build)["documents"] for item in row["conflicts"]]
    assert len(rows) == len(stated) == 4
    for row, item in zip(rows, stated, strict=True):
        assert len(row) == 2 + len(item["passages"])
        for side, span in zip(row[2:], item["passages"], strict=True):
            quote, _, _, start, end = page.data["passages"][side["said"][0]]
            assert start <= span["start"] < span["end"] <= end
            assert side["words"][0] in quote


def test_names_lead_into_the_picture_only_where_there_is_one(corpus: Path, tmp_path: Path) -> None:
    build.build([corpus], tmp_path / "drawn")
    build.build([corpus], tmp_path / "large", outputs.Settings(picture_limit=1))
    drawn, large = (
        Page((tmp_path / name / "index.html").read_text(encoding="utf-8")) for name in ("drawn", "large")
    )
    assert drawn.data["picture"] == "graph.html"
    assert large.data["picture"] == ""
    assert "kg explain" in large.data["hint"][1]
    assert any("too many for one graph.html" in note[0] for note in large.data["notes"])
    assert "graph.html" not in large.data["files"]


def test_a_build_writes_the_page_and_names_it_first(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = CliRunner().invoke(main, ["build", str(corpus), "-o", str(out)]).stderr
    assert re.findall(r"\S+\.html", said)[0] == str(out / "index.html")
    assert "index.html" in built.summary(out)["files"]
    said = CliRunner().invoke(main, ["build", str(corpus), "-o", str(out), "--no-html"]).stderr
    assert ".html" not in said
    assert not (out / "index.html").exists()
    assert "index.html" not in built.summary(out)["files"]


def test_a_page_that_is_missing_is_written_again(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build.build([corpus], out)
    before = (out / "index.html").read_bytes()
    (out / "index.html").unlink()
    assert build.build([corpus], out).changed
    assert (out / "index.html").read_bytes() == before


def test_an_interruption_leaves_the_old_page(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build.build([corpus], out)
    before = (out / "index.html").read_bytes()
    builds.fill(corpus, {"新.txt": "新县2023年报告\n我县开展改革。"})

    def stop(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(overview, "render", stop)
        with pytest.raises(KeyboardInterrupt):
            build.build([corpus], out)
    assert (out / "index.html").read_bytes() == before
    build.build([corpus], out)
    build.build([corpus], tmp_path / "fresh")
    assert (out / "index.html").read_bytes() == (tmp_path / "fresh" / "index.html").read_bytes() != before


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    """Build with other hash seeds, orders of reading and numbers of processes."""
    files = sorted((ROOT / "corpus").glob("*县*"))
    found = set()
    for seed, workers in ((1, 1), (2, 2)):
        out = tmp_path / str(seed)
        paths = [str(path) for path in (files if seed == 1 else files[::-1])]
        command = [
            sys.executable,
            "-m",
            "kg",
            "build",
            *paths,
            "-o",
            str(out),
            "--workers",
            str(workers),
            "-q",
        ]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        subprocess.run(command, env=environment, cwd=ROOT, check=True, timeout=120)
        found.add((out / "index.html").read_bytes())
    assert len(found) == 1


def test_skipped_files_stand_there_with_reason_and_advice_in_both_languages(tmp_path: Path) -> None:
    folder = builds.fill(tmp_path / "in", {**SKIPPED, "好.txt": "昌江黎族自治县2022年法治政府建设情况报告\n"})
    build.build([folder], tmp_path / "out", outputs.Settings(html=False))
    page = Page(render(tmp_path / "out"))
    rows = {row[0]["text"][0]: row for row in page.block("skipped")["rows"]}
    assert rows.keys() == SKIPPED.keys()
    assert [len(row[1]["text"]) for row in rows.values()] == [2, 2, 2], "a reason is not translated"
    assert rows["空.txt"][2]["text"] == ["写入内容，或移走", "fill or remove it"]
    assert rows["乱码.txt"][1]["note"] == ["it has NUL bytes, so it is no text"]


@pytest.mark.parametrize("hostile", builds.HOSTILE)
def test_hostile_names_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: str) -> None:
    builds.use_stand_in(monkeypatch)
    line = "".join(hostile.splitlines())
    content = f"{line}2022年报告\n我县开展{line}。\n"
    files = {
        "甲.txt": content,
        "乙.txt": f"{content}我县印发办法。\n",
        "<img src=x onerror=alert(1)>.txt": content,
    }
    build.build([builds.fill(tmp_path / "in", files)], tmp_path / "out", outputs.Settings(html=False))
    text = render(tmp_path / "out")
    page = Page(text)
    assert page.tags["script"] == 2
    assert not page.tags["img"]
    assert text.count("</script>") == 2
    assert page.data["blocks"], "the data was cut short"


def test_long_lists_are_cut_and_say_where_the_rest_is() -> None:
    """Tell of a build of very many documents, which no test could make."""
    text = "县司法局开展培训。"
    unsure = [
        {"surface": f"局{at}", "start": 0, "end": 4, "candidates": [], "names": [], "reason": "unheard-of"}
        for at in range(3)
    ]
    span = {"start": 0, "end": 4}
    conflict = {"kind": "value", "message": "m", "values": ["1", "2"], "passages": [span, span]}
    row = {
        "title": "", "year": "", "jurisdiction": "", "encoding": "gb18030", "flags": ["hijacked-page"],
        "facts": 1, "planned": 0, "observations": 2, "unsure": unsure, "conflicts": [conflict],
    }  # fmt: skip
    many = 3 * story.DOCUMENTS
    documents = [{**row, "source": f"{at}.txt", "report": f"{BASE}report/{at}"} for at in range(many)]
    for at, each in enumerate(documents):
        each["unsure"] = [{**item, "surface": f"{item['surface']}-{at % 70}"} for item in unsure]
    skipped = [{"source": "a", "reason": "empty", "problem": "p", "advice": "a"}] * many
    summary = {
        "base": BASE, "documents": documents, "skipped": skipped, "files": [], "limits": [], "classes": {},
        "facts": {}, "planned": {}, "observations": 0, "unsure": 3 * many, "conflicts": many,
        "repeats": [{"source": "b", "of": "a", "share": 0.9}],
    }  # fmt: skip
    read = []

    def reading(report: str) -> tuple[str, list[built.Mention]]:
        read.append(report)
        return text, []

    told = story.tell(summary, Survey((), (), (), {}, 0), reading)
    tables_ = {block.key: block for block in told.blocks if isinstance(block, Table)}
    assert {key: len(block.rows) for key, block in tables_.items()} == {
        "repeats": 1,
        "coverage": 1, "unsure": story.UNSURE, "conflicts": story.CONFLICTS,
        "skipped": story.SKIPPED, "documents": story.DOCUMENTS,
    }  # fmt: skip
    assert "first 500 of 1,500" in tables_["documents"].note.en
    assert "first 200 of 1,500" in tables_["skipped"].note.en
    assert len(read) <= 3 * story.UNSURE + 2 * story.CONFLICTS, "texts are read that nobody sees"
    assert len(told.documents) <= len(set(read))
    first = tables_["unsure"].rows[0]
    assert (first[1].text.zh, len(first[1].evidence)) == ("22", 3)
    assert tables_["documents"].rows[0][0].text.zh == "0.txt", (
        "a document without a title is told by its file"
    )


def test_an_empty_graph_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builds.use_stand_in(monkeypatch)
    build.build(
        [builds.fill(tmp_path / "in", {"空.txt": b""})], tmp_path / "out", outputs.Settings(html=False)
    )
    page = Page(render(tmp_path / "out"))
    assert page.column("skipped", 0) == ["空.txt"]
    assert "0 份政府文件" in page.data["sentences"][0]["text"][0]


def test_a_place_that_lies_in_itself_does_not_hang_a_build() -> None:
    """Take a graph that another program wrote."""
    within, reports = (pyoxigraph.NamedNode(terms.gov(name)) for name in ("within", "reportsOn"))
    one, other, report = (pyoxigraph.NamedNode(f"{BASE}{name}") for name in ("a", "b", "report/1"))
    graph = pyoxigraph.Store()
    for triple in ((one, within, other), (other, within, one), (report, reports, one)):
        graph.add(pyoxigraph.Quad(*triple))
    assert surveying.survey(graph).regions == {report.value: (one.value, one.value)}


def test_the_page_is_served_with_its_links(tmp_path: Path, corpus: Path) -> None:
    build.build([corpus], tmp_path / "out")
    server = Server(tmp_path / "out")
    try:
        assert '<a href="/index.html">' in server.client.get("/").text
        page = server.client.get("/index.html")
        assert page.content == (tmp_path / "out" / "index.html").read_bytes()
        picture = Page(page.text).data["picture"]
        assert server.client.get(f"/{picture}").content == (tmp_path / "out" / picture).read_bytes()
        (tmp_path / "out" / "index.html").unlink()
        answer = server.client.get("/index.html")
        assert answer.status_code == 404
        assert "kg build" in answer.text
        assert "/index.html" not in server.client.get("/").text
    finally:
        server.stop()


def test_every_word_of_the_page_is_used() -> None:
    files = [path for path in sorted(PACKAGE.rglob("overview.*")) if path.suffix != ".pyc"]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    rows = list(tables.read(RULE_DATA / "analysing" / "words.tsv", ("key",)))
    keys = {row["key"] for row in rows if row["key"].startswith("ovr-")}
    counted = set(re.findall(r'^        \("([a-z]+)", ', code, re.MULTILINE))
    assert keys == {f"ovr-{key}" for key in counted} | {key for key in keys if f'"{key}"' in code}
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    for row in tables.read(RULE_DATA / "analysing" / "codes.tsv", ("code", "zh", "en")):
        family, _, name = row["code"].partition("-")
        assert f'"{family}"' in sources
        assert f'"{name}"' in sources, f"nothing is called {name!r}"
