"""Still pictures: complete, the same at every run, every text only text, and no name on another."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import viewing_sample
from lxml import etree
from PIL import Image

from kg.errors import ExportError
from kg.graph.selection import GraphView
from kg.viewing import appearance, lettering, raster, static
from kg.viewing.sheet import SVG

DRAWN = {
    "svg", "title", "desc", "defs", "marker", "path", "g", "rect", "ellipse", "line", "polygon", "circle",
    "text", "tspan",
}  # fmt: skip
NAMESPACE = {"s": SVG}
CONTROLS = "甲\x00\x1b[31m\ud800\u202e\ufffe</text><script>alert(1)</script>]]>&\"'"


@pytest.fixture(scope="module")
def view() -> GraphView:
    return viewing_sample.seeds_like()


def parsed(text: str) -> etree._Element:
    return etree.fromstring(text.encode("utf-8"))


def found(root: etree._Element, path: str) -> list[etree._Element]:
    return root.xpath(path, namespaces=NAMESPACE)


def name_boxes(root: etree._Element) -> list[lettering.Box]:
    """Return where all names stand, from the picture as it is written."""
    boxes = []
    for text in found(root, "//s:g[@id='names']/s:text"):
        size = float(text.get("font-size"))
        for row in text:
            half = lettering.width(row.text, size) / 2
            x, y = float(row.get("x")), float(row.get("y"))
            boxes.append(lettering.Box(x - half, y - 0.85 * size, x + half, y + 0.15 * size))
    return boxes


@pytest.mark.parametrize("size", [(1600, 1000), (800, 600), (1000, 1400)])
@pytest.mark.parametrize("sample", ["seeds_like", "many", "untitled", "hostile"])
def test_every_thing_is_drawn_once_and_no_name_stands_on_another(sample: str, size: tuple[int, int]) -> None:
    make = getattr(viewing_sample, sample)
    view = make(30) if sample == "many" else make()
    root = parsed(static.render(view, width=size[0], height=size[1]))
    things = [each.get("data-iri") for each in found(root, "//s:g[@id='things']/*")]
    assert sorted(things) == sorted(node.iri for node in view.nodes)
    boxes = name_boxes(root)
    assert boxes
    for one, other in itertools.combinations(boxes, 2):
        assert not one.meets(other), (one, other)
    for box in boxes:
        assert box.left >= 0 and box.right <= size[0] and box.top >= 0 and box.bottom <= size[1]
    pairs = {frozenset((edge.source, edge.target)) for edge in view.edges}
    lines = found(root, "//s:g[@id='lines']/s:line")
    assert {frozenset((line.get("data-source"), line.get("data-target"))) for line in lines} == pairs
    assert len(lines) == len(pairs)


def test_the_picture_says_what_it_shows(view: GraphView) -> None:
    root = parsed(static.render(view, "zh"))
    text = "\n".join(found(root, "//s:text//text()"))
    for said in (
        "336 个实体",
        "472 条事实",
        "5 份文件",
        "机构 60",
        "计划中",
        "已做",
        "云溪市 2020",
        "多份文件共有",
    ):
        assert said in text, said
    named = {each.get("data-of") for each in found(root, "//s:g[@id='names']/s:text")} - {None}
    captioned = {document.iri for document in view.documents}
    unnamed = len({node.iri for node in view.nodes} - named - captioned)
    assert f"{unnamed} 个名称因空间不足未写出" in text
    planned = found(root, "//s:g[@id='lines']/s:line[@stroke-dasharray]")
    assert len(planned) == sum(edge.planned for edge in view.edges)
    assert "336 things" in "".join(found(parsed(static.render(view, "en")), "//s:text//text()"))


def test_lines_tell_the_sentence_and_shapes_have_their_colours(view: GraphView) -> None:
    root = parsed(static.render(view))
    edge = next(edge for edge in view.edges if edge.evidence)
    line = found(root, f"//s:line[@data-source='{edge.source}'][@data-target='{edge.target}']/s:title")[0]
    assert edge.evidence[0].quote in line.text
    for node in view.nodes[::25]:
        shape = found(root, f"//s:g[@id='things']/*[@data-iri='{node.iri}']")[0]
        assert shape.get("fill") == appearance.load().look(node.kind).colour
        assert shape[0].text.startswith(node.label)


def test_names_of_a_small_view_are_whole_with_what_lines_say() -> None:
    root = parsed(static.render(viewing_sample.untitled(), title="两局"))
    text = found(root, "//s:text//text()")
    assert {"甲局", "乙局", "两局", "协同"} <= set(text)


def test_text_of_documents_stays_text_and_the_xml_valid(view: GraphView) -> None:
    nodes = tuple(replace(node, label=CONTROLS + str(at)) for at, node in enumerate(view.nodes))
    documents = tuple(replace(each, title=CONTROLS, jurisdiction=CONTROLS) for each in view.documents)
    for each in (replace(view, nodes=nodes, documents=documents), viewing_sample.hostile()):
        text = static.render(each, title=CONTROLS)
        root = parsed(text)
        tags = {etree.QName(element).localname for element in root.iter(etree.Element)}
        assert tags <= DRAWN
        assert not re.search("[\x00\x1b\u202e\ufffe\ud800]", text)
        assert not any(
            name.startswith("on") for element in root.iter(etree.Element) for name in element.attrib
        )
    assert "<script>" in "".join(found(root, "//s:title/text()"))


def test_the_same_view_gives_the_same_bytes_in_every_process(view: GraphView) -> None:
    code = (
        "import hashlib, viewing_sample; from kg.viewing.static import render;"
        "print(hashlib.sha256(render(viewing_sample.seeds_like()).encode()).hexdigest())"
    )
    here = hashlib.sha256(static.render(view).encode()).hexdigest()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == here


def test_thousands_of_things_are_drawn_with_fewer_names() -> None:
    view = viewing_sample.many(120)
    assert len(view.nodes) > 4000
    root = parsed(static.render(view))
    assert len(found(root, "//s:g[@id='things']/*")) == len(view.nodes)
    assert 0 < len(found(root, "//s:g[@id='names']/s:text")) < 1000


def test_a_png_has_the_size_asked_for_and_is_no_blank_page(view: GraphView) -> None:
    svg = static.render(view, width=900, height=700)
    for scale, size in ((1.0, (900, 700)), (2.0, (1800, 1400))):
        png = raster.to_png(svg, scale)
        assert png == raster.to_png(svg, scale)
        image = Image.open(io.BytesIO(png)).convert("RGB")
        assert image.size == size
        colours = {colour for _, colour in image.getcolors(1 << 24)}
        assert len(colours) > 500
        looks = appearance.load().kinds
        for kind in {node.kind for node in view.nodes} - {"Honour"}:  # stars are smaller than their outline
            assert tuple(bytes.fromhex(looks[kind].colour[1:])) in colours, kind


def test_a_png_without_a_chinese_font_is_refused_with_advice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, view: GraphView
) -> None:
    assert raster.has_chinese(), "install fonts-noto-cjk"
    assert not raster.has_chinese([str(tmp_path)])
    bare = raster.has_chinese
    monkeypatch.setattr(raster, "has_chinese", lambda: bare([str(tmp_path)]))
    with pytest.raises(ExportError, match="fonts-noto-cjk"):
        raster.to_png(static.render(view))


def test_what_cannot_be_drawn_says_why(view: GraphView) -> None:
    with pytest.raises(ExportError, match="nothing is left to draw"):
        static.render(GraphView((), (), (), ()))
    with pytest.raises(ExportError, match="choose one of zh, en"):
        static.render(view, "fr")
    with pytest.raises(ExportError, match="--height"):
        static.render(view, height=220)
    with pytest.raises(ExportError, match="--scale"):
        raster.to_png(static.render(view), 20)
