"""The picture without a browser: what the page contains, and what it must never contain."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
import viewing_sample

from kg.errors import ExportError
from kg.graph.selection import DocumentView, EdgeView, GraphView
from kg.running import outputs
from kg.viewing import appearance, grouping, html, layout, network, page, spreading

LOADING = {"src", "href", "srcset", "data", "action", "poster", "background", "manifest", "formaction"}


class Tags(HTMLParser):
    """Collects the elements of a page and the text of its scripts, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[dict[str, str | None], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style") and data.strip():
            self.texts.append((self.tags[-1][1] | {"tag": self.tags[-1][0]}, data))


def tags_of(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    return tags


def data_of(text: str) -> Any:
    found = [body for attributes, body in tags_of(text).texts if attributes.get("id") == "data"]
    assert len(found) == 1
    return json.loads(found[0])


@pytest.fixture(scope="module")
def view() -> GraphView:
    return viewing_sample.seeds_like()


@pytest.fixture(scope="module")
def text(view: GraphView) -> str:
    return html.render(view)


def test_page_loads_nothing(text: str) -> None:
    tags = tags_of(text)
    loading = [(tag, name) for tag, attributes in tags.tags for name in attributes if name in LOADING]
    assert loading == []
    assert "link" not in {tag for tag, _ in tags.tags}
    styles = "".join(body for attributes, body in tags.texts if attributes["tag"] == "style")
    assert "url(" not in styles
    assert "@import" not in styles
    own = page.assemble({}, title="", language="zh", no_script="", library="")
    assert "http:" not in own.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in own


def test_policy_admits_the_own_scripts_and_style_and_nothing_else(text: str) -> None:
    tags = tags_of(text)
    policy = next(a["content"] or "" for tag, a in tags.tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    hashes = set(re.findall(r"'sha256-([^']+)'", policy))
    running = [body for a, body in tags.texts if a.get("type") != "application/json"]
    assert hashes == {base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in running}
    assert len(running) == 3
    assert "unsafe" not in policy
    assert "http" not in policy


def test_every_thing_fact_and_quote_is_in_the_page(view: GraphView, text: str) -> None:
    data = data_of(text)
    assert [node["iri"] for node in data["nodes"]] == [node.iri for node in view.nodes]
    assert [node["id"] for node in data["network"]["nodes"]] == [node.iri for node in view.nodes]
    assert len(data["facts"]) == len(view.edges)
    assert sorted(fact for line in data["network"]["edges"] for fact in line["facts"]) == list(
        range(len(view.edges))
    )
    quotes = {passage[0] for passage in data["passages"]}
    assert quotes == {e.quote for edge in (*view.edges, *view.observations) for e in edge.evidence}
    assert data["network"]["options"]["physics"] == {"enabled": False}


def test_facts_between_two_things_share_a_line() -> None:
    view = viewing_sample.hostile()
    edge = view.edges[0]
    back = replace(edge, source=edge.target, target=edge.source, predicate="workedWith", planned=True)
    lines = data_of(html.render(replace(view, edges=(edge, back))))["network"]["edges"]
    assert [(line["facts"], line["arrows"], line["dashes"]) for line in lines] == [
        ([0, 1], "to, from", False)
    ]


def test_text_cannot_leave_its_script_element() -> None:
    text = html.render(viewing_sample.hostile())
    assert viewing_sample.HOSTILE not in text
    tags = [tag for tag, _ in tags_of(text).tags]
    assert tags.count("script") == 3
    assert "img" not in tags
    data = data_of(text)
    assert data["nodes"][0]["label"].startswith(viewing_sample.HOSTILE)
    assert data["passages"][0][0] == viewing_sample.HOSTILE


def test_a_template_slot_in_a_text_stays_text() -> None:
    view = viewing_sample.hostile()
    view = replace(view, documents=(replace(view.documents[0], title="{{library}} {{data}}"),))
    text = html.render(view)
    assert "<title>{{library}} {{data}}</title>" in text


def test_a_lone_surrogate_can_be_written_as_utf8() -> None:
    view = viewing_sample.hostile()
    view = replace(view, nodes=(replace(view.nodes[0], label="甲\ud800"), view.nodes[1]))
    assert "甲\\ud800" in html.render(view).encode("utf-8").decode("utf-8")


def test_same_view_gives_the_same_bytes_under_any_hash_seed(text: str) -> None:
    program = (
        "import hashlib, viewing_sample; from kg.viewing.html import render;"
        "print(hashlib.sha256(render(viewing_sample.seeds_like()).encode()).hexdigest())"
    )
    digests = {hashlib.sha256(text.encode()).hexdigest()}
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        digests.add(done.stdout.strip())
    assert len(digests) == 1


def test_an_empty_view_still_gives_a_page() -> None:
    data = data_of(html.render(GraphView((), (), (), ())))
    assert data["nodes"] == []
    assert data["discs"] == []


def test_too_large_a_view_is_refused_with_advice(view: GraphView) -> None:
    nodes = tuple(replace(view.nodes[0], iri=f"x{number}") for number in range(html.MAX_NODES + 1))
    with pytest.raises(ExportError, match="kg render --around"):
        html.render(GraphView(nodes, (), (), ()))


def test_a_build_draws_as_many_things_as_a_picture_shows() -> None:
    assert outputs.Settings().picture_limit == html.MAX_NODES


def test_unknown_language_is_refused(view: GraphView) -> None:
    with pytest.raises(ExportError, match="choose one of zh, en"):
        html.render(view, "fr")


@pytest.mark.parametrize("language", appearance.LANGUAGES)
def test_language_at_opening(view: GraphView, language: str) -> None:
    text = html.render(view, language)
    title = appearance.load().interface["title"][language]
    assert f"<title>{title}</title>" in text
    assert data_of(text)["language"] == language


def test_words_used_by_the_page_are_in_the_table() -> None:
    table = appearance.load().interface
    used: set[str] = set()
    for path in sorted(page.ASSETS.iterdir()):
        code = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'(?<![\w.])words\("(\w+)"', code))
        used |= set(re.findall(r'data-(?:text|label|hint)="(\w+)"', code))
        used |= set(re.findall(r'\b(?:list|ticks)\("(\w+)"', code))
        used |= set(re.findall(r'\btitle: "(view_\w+)"', code))
    used = {key for key in used if not key.endswith("_")}
    assert used <= set(table)
    assert {key for key in table if not key.startswith("bound_")} - used <= {"no_script"}


def test_words_keep_their_slots_in_every_language() -> None:
    for key, texts in appearance.load().interface.items():
        slots = {language: sorted(re.findall(r"\{\d\}", said)) for language, said in texts.items()}
        assert slots["zh"] == slots["en"], key


def test_kinds_differ_in_colour_and_in_shape() -> None:
    kinds = appearance.load().kinds.values()
    assert len({look.colour for look in kinds}) == len({look.shape for look in kinds}) == len(kinds)


def test_no_two_things_stand_on_each_other(view: GraphView) -> None:
    arranged = layout.arrange(view, {})
    places = list(arranged.places.values())
    assert set(arranged.places) == {node.iri for node in view.nodes}
    assert sorted(place.rank for place in places) == list(range(len(places)))
    for one, other in itertools.combinations(places, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) > 30


@pytest.mark.parametrize("documents", [1, 2, 3, 8, 30, 120])
def test_discs_do_not_overlap(documents: int) -> None:
    view = many(documents, things=3000 // (documents + 20))
    discs = layout.arrange(view, {}).discs
    assert len(discs) == documents
    for one, other in itertools.combinations(discs, 2):
        # Widths are stretched alike, so in squeezed coordinates discs are circles.
        squeeze = one.width / one.height
        distance = math.hypot((one.x - other.x) / squeeze, one.y - other.y)
        assert distance > one.height + other.height - 2


def test_what_several_documents_name_stands_between_them(view: GraphView) -> None:
    arranged = layout.arrange(view, {})
    middle = arranged.discs[0]
    assert middle.document == ""
    shared = [node.iri for node in view.nodes if len(node.documents) > 1]
    assert shared
    for iri in shared:
        place = arranged.places[iri]
        assert math.hypot((place.x - middle.x) / middle.width, (place.y - middle.y) / middle.height) < 1.05


def test_many_documents_stand_by_the_part_of_the_country_they_are_about() -> None:
    view = viewing_sample.large(60)
    arranged = layout.arrange(view, {})
    assert [region.documents for region in arranged.regions] == [6] * 10
    assert len({region.place for region in arranged.regions}) == 10
    turns = []
    for group in grouping.groups(view):
        own = [disc for disc in arranged.discs if disc.document in group.documents]
        assert len(own) == 6
        turns.append([math.atan2(disc.y, disc.x / spreading.STRETCH) for disc in own])
    # One after the other around the middle: no part begins before the one before it has ended.
    assert all(max(one) < min(other) for one, other in itertools.pairwise(turns))


def test_parts_of_the_country_begin_where_the_documents_part() -> None:
    def fact(source: str, predicate: str, target: str) -> EdgeView:
        return EdgeView(source, predicate, target, False, ())

    links = (("city", "province"), ("other", "province"), ("town", "city"), ("province", "country"))
    edges = [fact(one, "within", other) for one, other in links]
    about = {"1": "town", "2": "other", "3": "city", "4": ""}
    edges += [fact(report, "reportsOn", place) for report, place in about.items() if place]
    documents = tuple(DocumentView(report, "", "", "2020", place) for report, place in about.items())
    found = grouping.groups(GraphView((), tuple(edges), (), documents))
    assert [(group.place, group.documents) for group in found] == [
        ("city", ("3", "1")),
        ("other", ("2",)),
        ("", ("4",)),
    ]
    alone = grouping.groups(GraphView((), tuple(edges), (), documents[:1]))
    assert [(group.place, group.documents) for group in alone] == [("town", ("1",))]


def test_a_line_is_as_wide_as_documents_speak_for_it(view: GraphView) -> None:
    edge = next(edge for edge in view.edges if edge.evidence)
    said = edge.evidence[0]
    again = replace(edge, predicate="issued", evidence=(replace(said, start=said.start + 1),))
    other = replace(edge, predicate="promoted", evidence=(replace(said, document="other"),))

    def width(*edges: EdgeView) -> float:
        (line,) = network.lines(replace(view, edges=edges))
        return line.width

    assert width(edge) == width(edge, again) < width(edge, other)


def test_thousands_of_things_are_drawn_without_the_library() -> None:
    view = viewing_sample.large(60)
    assert len(view.nodes) > network.MAX_NODES
    text = html.render(view)
    data = data_of(text)
    assert "network" not in data
    assert "@version 9.1.2" not in text
    assert [len(data[name]) for name in ("nodes", "places")] == [len(view.nodes)] * 2
    assert sorted(fact for line in data["lines"] for fact in line[1:]) == list(range(len(view.edges)))


def test_a_town_no_document_mentions_stands_with_its_county() -> None:
    view = many(3, 10)
    county = view.nodes[3]
    town = replace(county, iri="town", documents=())
    village = replace(county, iri="village", documents=())
    chain = ((town.iri, county.iri), (village.iri, town.iri))
    edges = tuple(replace(view.edges[0], source=one, target=other) for one, other in chain)
    view = replace(view, nodes=(*view.nodes, town, village), edges=(*view.edges, *edges))
    arranged = layout.arrange(view, {})
    disc = next(disc for disc in arranged.discs if disc.document == county.documents[0])
    for iri in (town.iri, village.iri):
        place = arranged.places[iri]
        assert math.hypot((place.x - disc.x) / disc.width, (place.y - disc.y) / disc.height) < 1


def test_two_thousand_things_are_drawn_within_seconds() -> None:
    view = many(40, things=50)
    assert len(view.nodes) == network.MAX_NODES
    start = time.perf_counter()
    html.render(view)
    assert time.perf_counter() - start < 10


def test_the_library_is_the_one_pyvis_carries() -> None:
    assert "@version 9.1.2" in network.library()[:400]


def many(documents: int, things: int) -> GraphView:
    """Return stars: one hub and its things per document."""
    sample = viewing_sample.seeds_like()
    nodes, edges, told = [], [], []
    for number in range(documents):
        report = f"report/{number:03}"
        told.append(replace(sample.documents[0], iri=report, jurisdiction=f"第{number}县"))
        for thing in range(things):
            iri = f"thing/{number:03}/{thing:03}"
            nodes.append(replace(sample.nodes[thing % 5], iri=iri, documents=(report,)))
            if thing:
                edges.append(replace(sample.edges[0], source=f"thing/{number:03}/000", target=iri))
    return GraphView(tuple(nodes), tuple(edges), (), tuple(told))


@pytest.mark.parametrize("middle", [0.0, 800.0])
@pytest.mark.parametrize("count", [1, 2, 3, 8, 9, 12, 31])
def test_discs_keep_apart_and_fill_a_window(count: int, middle: float) -> None:
    radii = [200.0 + 37 * number % 410 for number in range(count)]
    discs = [
        *zip(spreading.spread(radii, middle), radii, strict=True),
        *([((0.0, 0.0), middle)] * (middle > 0)),
    ]
    for (one, own), (other, its) in itertools.combinations(discs, 2):
        apart = math.hypot((one[0] - other[0]) / spreading.STRETCH, one[1] - other[1])
        assert apart > own + its + 50, "room for a caption"
    box = [max(point[axis] for point, _ in discs) - min(point[axis] for point, _ in discs) for axis in (0, 1)]
    if count > 8:
        assert 0.9 < (box[0] + 800) / (box[1] + 800) < 2.2, "neither a strip nor a tower"


def test_the_hub_of_a_document_is_what_it_is_of() -> None:
    view = viewing_sample.many(12)
    places = layout.arrange(view, {}).places
    issuers = {edge.target for edge in view.edges if edge.predicate == "issuer"}
    assert {iri for iri, place in places.items() if place.hub} == issuers
    # A court with more to its name than the government is still not the hub.
    report, court = view.documents[0].iri, viewing_sample.BASE + "institution/990000/法院"
    node = next(node for node in view.nodes if node.iri in issuers and report in node.documents)
    busy = tuple(
        replace(edge, source=court) if edge.source == node.iri and edge.predicate == "carriedOut" else edge
        for edge in view.edges
    )
    changed = replace(view, nodes=(*view.nodes, replace(node, iri=court)), edges=busy)
    assert layout.arrange(changed, {}).places[node.iri].hub
    assert not layout.arrange(changed, {}).places[court].hub


def test_a_hub_that_several_documents_share_leaves_the_report_as_hub() -> None:
    view = viewing_sample.many(3)
    reports = tuple(document.iri for document in view.documents)
    own = {edge.target for edge in view.edges if edge.source == reports[0]}
    nodes = tuple(replace(node, documents=reports) if node.iri in own else node for node in view.nodes)
    places = layout.arrange(replace(view, nodes=nodes), {}).places
    assert places[reports[0]].hub


@pytest.mark.parametrize("stage", [("stage_vis.js",), page.LARGE_STAGE])
def test_the_scripts_share_one_scope_and_no_name_twice(stage: tuple[str, ...]) -> None:
    declared: dict[str, str] = {}
    named = re.compile(r"^(?:async )?(?:const|let|var|function\*?|class) (\w+)", re.MULTILINE)
    for script in (each for name in page.SCRIPTS for each in (stage if name == "stage_vis.js" else (name,))):
        for hit in named.finditer(page.asset(script)):
            assert hit[1] not in declared, f"{hit[1]}: in {declared[hit[1]]} and {script}"
            declared[hit[1]] = script
    assert len(declared) > 100
