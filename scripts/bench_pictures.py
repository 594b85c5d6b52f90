"""Measure the picture of 10,000 things and 30,000 facts beside what other libraries make of the same graph.

Every page is one file with everything in it, stands at the same positions, and is opened in headless Chromium
without a graphics card, one after the other in one run: when all of it is drawn, how many frames a second it
makes while the mouse drags it and turns its wheel (sent through the browser), how large the file is.
The other libraries are set to what each recommends for large graphs. They come from npm into build/, which
git leaves out. Nothing is asserted: numbers depend on the machine, their order much less.

    .venv/bin/python scripts/bench_pictures.py [--documents 250] [--tries 2] [--only NAME]
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import math
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import viewing_sample  # noqa: E402
from helpers import chromium  # noqa: E402

from kg.viewing import appearance, html, layout, network  # noqa: E402
from kg.viewing.page import embed  # noqa: E402

PACKAGES = {
    "vis-network": "10.1.5",
    "vis-data": "8.0.6",
    "cytoscape": "3.34.4",
    "sigma": "3.0.3",
    "graphology": "0.26.0",
}
FOLDER = ROOT / "build" / "pictures"
SECONDS = 3.0
PATIENCE = 120

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><style>
html, body, #place { margin: 0; width: 100%; height: 100%; }</style></head><body><div id="place"></div>
<script type="application/json" id="data">{{data}}</script>
{{libraries}}
<script>"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const place = document.getElementById("place");
const drawn = () => requestAnimationFrame(() => { window.drawnAt = performance.now(); });
{{script}}
</script></body></html>"""

VIS = """
const nodes = data.nodes.map(([label, color, shape, x, y, size], id) => (
  { id, label, color, shape, x, y, size }));
const edges = data.edges.map(([from, to, width], id) => ({ id, from, to, width, arrows: "to" }));
const network = new vis.Network(place, { nodes: new vis.DataSet(nodes), edges: new vis.DataSet(edges) }, {
  physics: false, layout: { improvedLayout: false }, edges: { smooth: false },
  interaction: { hideEdgesOnDrag: true, hideEdgesOnZoom: true, dragNodes: false } });
network.once("afterDrawing", drawn);
"""
CYTOSCAPE = """
const elements = data.nodes.map(([label, colour, shape, x, y, size], id) => ({
  data: { id: "n" + id, label, colour, size }, position: { x, y } }));
data.edges.forEach(([from, to, width], id) => elements.push({
  data: { id: "e" + id, source: "n" + from, target: "n" + to, width } }));
const cy = cytoscape({ container: place, elements, layout: { name: "preset" }, autoungrabify: true,
  textureOnViewport: true, hideEdgesOnViewport: true, pixelRatio: 1, style: [
    { selector: "node", style: { label: "data(label)", "background-color": "data(colour)",
      width: "data(size)", height: "data(size)", "min-zoomed-font-size": 8 } },
    { selector: "edge", style: { width: "data(width)", "curve-style": "haystack", "line-color": "#80868f",
      opacity: 0.4 } }] });
cy.once("render", drawn);
"""
SIGMA = """
const graph = new graphology.MultiDirectedGraph();
data.nodes.forEach(([label, color, shape, x, y, size], id) => {
  graph.addNode(id, { label, color, x, y: -y, size: size / 8 });
});
data.edges.forEach(([from, to, width]) => graph.addEdge(from, to, { size: width / 2, color: "#80868f" }));
const renderer = new Sigma(graph, place, { hideEdgesOnMove: true, hideLabelsOnMove: true });
renderer.once("afterRender", drawn);
renderer.refresh();
"""


@dataclass(frozen=True, slots=True)
class Contender:
    """One page: whose it is, how it is set, and its file."""

    name: str
    setting: str
    path: Path
    webgl: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What a page took: seconds until all is drawn, frames a second; the slowest in milliseconds."""

    ready: float
    panning: float
    zooming: float
    slowest: float


def install() -> None:
    """Put the libraries of others below build/, once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text(json.dumps({"private": True}), encoding="utf-8")
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    command = ["npm", "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund", "--ignore-scripts"]
    if subprocess.run([*command, "--loglevel=error", *wanted], check=False).returncode:
        sys.exit("npm cannot install what is compared with; install Node.js, or measure with --only govkg")


def library(path: str) -> str:
    """Return a script of an installed package as an element."""
    code = (FOLDER / "node_modules" / path).read_text(encoding="utf-8")
    return f"<script>{code.replace('</script', '<' + chr(92) + '/script')}</script>"


def drawing(documents: int) -> tuple[Any, dict[str, Any]]:
    """Return the view, and what of it the other libraries draw."""
    view, look = viewing_sample.large(documents), appearance.load()
    places = layout.arrange(view, {kind: shown.order for kind, shown in look.kinds.items()}).places
    at = {node.iri: index for index, node in enumerate(view.nodes)}
    nodes = []
    for node in view.nodes:
        place, shown = places[node.iri], look.look(node.kind)
        nodes.append([node.label, shown.colour, shown.shape, place.x, place.y, place.size])
    edges = [[at[line.source], at[line.target], line.width] for line in network.lines(view)]
    return view, {"nodes": nodes, "edges": edges}


def pyvis_page(data: dict[str, Any]) -> str:
    """Return what pyvis makes of it."""
    from pyvis.network import Network  # noqa: PLC0415 - slow, and needed here alone

    made = Network(directed=True, cdn_resources="in_line", height="900px")
    made.set_options('{"physics": {"enabled": false}, "interaction": {"dragNodes": false}}')
    for index, (label, colour, shape, x, y, size) in enumerate(data["nodes"]):
        made.add_node(index, label=label, color=colour, shape=shape, x=x, y=y, size=size)
    for source, target, width in data["edges"]:
        made.add_edge(source, target, width=width)
    told = "requestAnimationFrame(() => { window.drawnAt = performance.now(); })"
    hook = f'network.once("afterDrawing", () => {told});'
    marker = "network = new vis.Network(container, data, options);"
    text = str(made.generate_html())
    if marker not in text:
        sys.exit("pyvis: writes another page than 0.3.2 did; tell when its network is drawn")
    return text.replace(marker, marker + hook)


def pages(documents: int, folder: Path, only: str | None) -> list[Contender]:
    """Write a page for each contender."""
    view, data = drawing(documents)
    ours = html.render(view)

    def page(script: str, *libraries: str) -> Callable[[], str]:
        parts = {"data": embed(data), "script": script}
        return lambda: re.sub(
            r"\{\{(\w+)\}\}",
            lambda slot: parts.get(slot[1]) or "".join(map(library, libraries)),
            PAGE,
        )

    made: list[tuple[str, str, Callable[[], str]]] = [
        ("govkg", "with search, filters and every sentence", lambda: ours),
        (
            f"vis-network {PACKAGES['vis-network']}",
            "preset positions, hideEdgesOnDrag, hideEdgesOnZoom",
            page(VIS, "vis-network/standalone/umd/vis-network.min.js"),
        ),
        (
            f"cytoscape.js {PACKAGES['cytoscape']}",
            "preset positions, textureOnViewport, hideEdgesOnViewport",
            page(CYTOSCAPE, "cytoscape/dist/cytoscape.min.js"),
        ),
        (
            f"sigma {PACKAGES['sigma']}",
            "preset positions, hideEdgesOnMove, WebGL in software",
            page(SIGMA, "graphology/dist/graphology.umd.min.js", "sigma/dist/sigma.min.js"),
        ),
        ("pyvis 0.3.2", "preset positions, physics off", lambda: pyvis_page(data)),
    ]
    found = []
    for number, (name, setting, text) in enumerate(made):
        if only is None or name.startswith(only):
            path = folder / f"{number}.html"
            path.write_text(text(), encoding="utf-8")
            found.append(Contender(name, setting, path, "WebGL" in setting))
    return found


TELLS = """
(function look() {
  const made = document.documentElement && document.documentElement.dataset.ready;
  const drawn = () => { window.drawnAt = performance.now(); };
  if (made && window.picture && window.picture.settled()) drawn();
  else if (made && !window.picture) { network.once("afterDrawing", drawn); network.redraw(); }
  else if (!window.drawnAt) setTimeout(look, 5);
})();
"""
"""Tells when our page is drawn: many things by settled(), few by an event. The others tell themselves."""


def prepare(browser: Any) -> None:
    """Have every page tell when it is drawn."""
    browser.set_script_timeout(PATIENCE)
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TELLS})


def measure(browser: Any, contender: Contender) -> Measured:
    """Open a page, drag it and turn the wheel."""
    browser.get("about:blank")
    time.sleep(0.5)
    browser.get(contender.path.as_uri())
    end = time.monotonic() + PATIENCE
    ready = None
    while not ready and time.monotonic() < end:
        time.sleep(0.2)
        ready = browser.execute_script("return location.protocol === 'file:' && window.drawnAt || null")
    if not ready:
        print(f"{contender.name}: was not drawn within {PATIENCE} seconds", file=sys.stderr)
        return Measured(math.inf, 0, 0, math.inf)
    time.sleep(1)
    panning, slow = frames(browser, drag)
    zooming, slower = frames(browser, turn)
    return Measured(ready / 1000, panning, zooming, max(slow, slower))


def frames(browser: Any, act: Callable[[Callable[..., None], int], None]) -> tuple[float, float]:
    """Return the frames a second, and the longest in milliseconds, while the mouse does something."""
    # A drag begins near a corner, where nothing is that could be taken for what is dragged.
    x, y = browser.execute_script(
        "const c = document.querySelector('canvas').getBoundingClientRect();"
        "return [c.left + Math.min(c.width, innerWidth) * arguments[0],"
        " c.top + Math.min(c.height, innerHeight) * arguments[0]]",
        0.06 if act is drag else 0.5,
    )

    def send(kind: str, dx: float = 0, dy: float = 0, **more: Any) -> None:
        event = {"type": kind, "x": x + dx, "y": y + dy, **more}
        browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    browser.execute_script(
        "const seen = window.seenFrames = []; (function tick(now) { seen.push(now);"
        " if (window.seenFrames === seen) requestAnimationFrame(tick); })(performance.now())"
    )
    begin, step = time.monotonic(), 0
    while time.monotonic() - begin < SECONDS:
        act(send, step)
        step += 1
    seen = browser.execute_script("const seen = window.seenFrames; window.seenFrames = null; return seen")
    send("mouseReleased", button="left", clickCount=1)
    gaps = [after - before for before, after in itertools.pairwise(seen)]
    return (len(gaps) * 1000 / sum(gaps), max(gaps)) if gaps else (1 / SECONDS, SECONDS * 1000)


def drag(send: Callable[..., None], step: int) -> None:
    """Hold the button and move in a loop."""
    if step == 0:
        send("mousePressed", button="left", buttons=1, clickCount=1)
    across, along = 200 * (1 - math.cos(step / 12)), 140 * (1 - math.cos(step / 17))
    send("mouseMoved", across, along, button="left", buttons=1)


def turn(send: Callable[..., None], step: int) -> None:
    """Turn the wheel to and fro."""
    send("mouseWheel", deltaX=0, deltaY=-40 if step // 20 % 2 == 0 else 40)


def main() -> None:
    """Measure all pages and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=250, help="40 things and 120 facts each")
    parser.add_argument("--tries", type=int, default=2, help="the best of so many is told")
    parser.add_argument("--only", help="the beginning of a contender's name")
    given = parser.parse_args()
    if given.only != "govkg":
        install()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for contender in pages(given.documents, Path(folder), given.only):
            # The processor draws WebGL: the worst case of a library that is made for graphics cards.
            with chromium.running(card=contender.webgl, load="none") as browser:
                prepare(browser)
                version = browser.capabilities["browserVersion"]
                tried = [measure(browser, contender) for _ in range(given.tries)]
            rows.append(
                f"| {contender.name} | {contender.setting} | {contender.path.stat().st_size / 1e6:.1f} "
                f"| {min(each.ready for each in tried):.1f} | {max(each.panning for each in tried):.0f} "
                f"| {max(each.zooming for each in tried):.0f} | {min(each.slowest for each in tried):.0f} |"
            )
            print(rows[-1], file=sys.stderr)
    view = viewing_sample.large(given.documents)
    print(
        f"{len(view.nodes):,} things, {len(view.edges):,} facts; Chromium {version}, headless, "
        f"software rendering; {datetime.date.today().isoformat()}\n"
    )
    print("| page | set to | MB | drawn after s | frames/s panning | zooming | slowest frame ms |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
