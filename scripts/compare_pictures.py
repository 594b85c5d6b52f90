"""Open what other programs draw of the same graph.ttl beside our page, and measure what can be measured.

    .venv/bin/python scripts/compare_pictures.py GRAPH [--folder build/peers] [--only NAME]

GRAPH is a folder that ``kg build`` wrote. The others come from PyPI into an environment of their own below
the folder, which git leaves out. They are given what speaks for them: the things and facts of our picture
alone, with names as labels, kinds as colours and relations as labels of lines, not the whole file with its
evidence; and each is drawn as its documentation says first. Every page is opened from its file in a fresh
headless Chromium of 1440×900 without a network. Written are a table, in Markdown, and a screenshot of each
page a few seconds after opening and once more when it says that it is done. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from helpers import chromium

PACKAGES = (
    "pyvis==0.3.2",
    "kglab==1.0.1",
    "gravis==0.1.0",
    "ipysigma==0.24.6",
    "neo4j-viz==1.11.0",
    "rdflib>=7.6",
)
GOV = "https://w3id.org/govkg/ontology#"
COLOURS = {
    "Report": "#56b4e9",
    "Jurisdiction": "#d55e00",
    "Institution": "#0072b2",
    "PolicyDocument": "#e69f00",
    "Initiative": "#009e73",
    "Honour": "#cc79a7",
}
SOON, LATER, PATIENCE = 5, 15, 120  # seconds after opening, after it is done, at most until it is
DONE = """return [...document.querySelectorAll("#loadingBar")].every(
  (bar) => getComputedStyle(bar).display === "none")"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What every peer draws: things by their IRIs (name, kind), and what joins them."""

    things: dict[str, tuple[str, str]]
    links: list[tuple[str, str, str]]


def facts(graph: Path) -> Facts:
    """Read the things and facts of our picture from the Turtle that everyone can load."""
    import rdflib  # noqa: PLC0415

    read = rdflib.Graph().parse(graph / "graph.ttl")
    kinds = {
        str(thing): str(kind).removeprefix(GOV)
        for thing, kind in read.subject_objects(rdflib.RDF.type)
        if str(kind).removeprefix(GOV) in COLOURS
    }
    names: dict[str, str] = {}
    for predicate in (rdflib.SKOS.prefLabel, rdflib.DCTERMS.title, rdflib.RDFS.label):
        for thing, name in read.subject_objects(predicate):
            names.setdefault(str(thing), str(name))
    things = {iri: (names.get(iri, iri), kind) for iri, kind in sorted(kinds.items())}
    links = sorted(
        (str(one), str(predicate).rsplit("#", 1)[-1].rsplit("/", 1)[-1], str(other))
        for one, predicate, other in read
        if str(one) in things and str(other) in things
    )
    return Facts(things, links)


def networkx_graph(drawn: Facts) -> Any:
    """Return the facts as networkx has them."""
    import networkx  # noqa: PLC0415

    made = networkx.MultiDiGraph()
    for iri, (name, kind) in drawn.things.items():
        made.add_node(iri, label=name, kind=kind, color=COLOURS[kind])
    for one, predicate, other in drawn.links:
        made.add_edge(one, other, label=predicate)
    return made


def with_pyvis(drawn: Facts, graph: Path, page: Path) -> None:
    """Draw with physics, as pyvis does unless told otherwise."""
    from pyvis.network import Network  # noqa: PLC0415

    made = Network(height="880px", width="100%", directed=True, cdn_resources="in_line")
    for iri, (name, kind) in drawn.things.items():
        made.add_node(iri, label=name, title=kind, color=COLOURS[kind])
    for one, predicate, other in drawn.links:
        made.add_edge(one, other, label=predicate)
    page.write_text(made.generate_html(notebook=False), encoding="utf-8")


def with_kglab(drawn: Facts, graph: Path, page: Path) -> None:
    """Draw as the tutorial does; the labels come from kglab."""
    import kglab  # noqa: PLC0415
    import rdflib  # noqa: PLC0415

    chosen = rdflib.Graph()
    read = rdflib.Graph().parse(graph / "graph.ttl")
    for one, _, other in drawn.links:
        for predicate in read.predicates(rdflib.URIRef(one), rdflib.URIRef(other)):
            chosen.add((rdflib.URIRef(one), predicate, rdflib.URIRef(other)))
    base = next(iter(drawn.things)).split("/id/")[0] + "/id/"
    known = kglab.KnowledgeGraph(name="facts", namespaces={"gov": GOV, "id": base})
    known.load_rdf_text(chosen.serialize(format="turtle"), format="ttl")
    made = kglab.SubgraphTensor(known).build_pyvis_graph(notebook=False)
    made.width, made.height = "100%", "880px"
    page.write_text(made.generate_html(notebook=False), encoding="utf-8")


def with_gravis(form: str) -> Callable[[Facts, Path, Path], None]:
    """Return what draws with one of the three libraries that gravis brings."""

    def draw(drawn: Facts, graph: Path, page: Path) -> None:
        import gravis  # noqa: PLC0415

        settings: dict[str, Any] = {"graph_height": 860, "node_label_data_source": "label"}
        settings |= {"edge_label_data_source": "label", "show_edge_label": True}
        made = getattr(gravis, form)(networkx_graph(drawn), **settings)
        made.export_html(str(page), overwrite=True)

    return draw


def with_ipysigma(drawn: Facts, graph: Path, page: Path) -> None:
    """Draw with sigma.js in a page of its own, outside a notebook."""
    from ipysigma import Sigma  # noqa: PLC0415

    made = networkx_graph(drawn)
    Sigma.write_html(made, str(page), fullscreen=True, node_label="label", node_color="kind", start_layout=10)


def with_neo4j(drawn: Facts, graph: Path, page: Path) -> None:
    """Draw with the library that draws in Neo4j's own tools."""
    from neo4j_viz import Node, Relationship, VisualizationGraph  # noqa: PLC0415

    number = {iri: at for at, iri in enumerate(drawn.things)}
    nodes = [
        Node(
            id=number[iri], caption=name, size=10, color=COLOURS[kind], properties={"iri": iri, "kind": kind}
        )
        for iri, (name, kind) in drawn.things.items()
    ]
    relations = [
        Relationship(source=number[one], target=number[other], caption=predicate)
        for one, predicate, other in drawn.links
    ]
    made = VisualizationGraph(nodes=nodes, relationships=relations).render(height="880px")
    page.write_text(made.data or "", encoding="utf-8")


PEERS: dict[str, Callable[[Facts, Path, Path], None]] = {
    "pyvis": with_pyvis,
    "kglab": with_kglab,
    "gravis-vis": with_gravis("vis"),
    "gravis-d3": with_gravis("d3"),
    "ipysigma": with_ipysigma,
    "neo4j-viz": with_neo4j,
}


def draw(name: str, graph: Path, page: Path) -> None:
    """Draw with one peer; runs in the environment of the peers."""
    drawn = facts(graph)
    print(f"{len(drawn.things)} things, {len(drawn.links)} links", file=sys.stderr)
    begin = time.monotonic()
    PEERS[name](drawn, graph, page)
    print(json.dumps(time.monotonic() - begin))


def open_page(page: Path, shots: Path) -> dict[str, Any]:
    """Open a page in a fresh browser and tell what one notices."""
    with chromium.running(chromium.BARE, logs=("browser", "performance")) as browser:
        browser.set_script_timeout(180)
        window = {"width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", window)
        begin = time.monotonic()
        browser.get(page.as_uri())
        loaded = time.monotonic() - begin
        time.sleep(SOON)
        browser.save_screenshot(str(shots / f"{page.stem}-soon.png"))
        paint = browser.execute_script(
            "return (performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime"
        )
        while not browser.execute_script(DONE) and time.monotonic() - begin < PATIENCE:
            time.sleep(1)
        done = time.monotonic() - begin if "loadingBar" in browser.page_source else loaded
        time.sleep(LATER)
        browser.save_screenshot(str(shots / f"{page.stem}-later.png"))
        sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        asked = {
            each["params"]["request"]["url"] for each in sent if each["method"] == "Network.requestWillBeSent"
        }
        outside = sorted(url for url in asked if url.startswith(("http:", "https:", "ws")))
        errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
        return {
            "paint": paint,
            "done": done,
            "outside": outside,
            "errors": len(errors),
        }


def main() -> None:
    """Draw with everyone, open every page, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("graph", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("build/peers"))
    parser.add_argument("--only", action="append", choices=["govkg", *PEERS])
    parser.add_argument("--draw", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.draw:
        draw(given.draw[0], given.graph, Path(given.draw[1]))
        return
    folder = given.folder.resolve()
    shots = folder / given.graph.resolve().name
    shots.mkdir(parents=True, exist_ok=True)
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    print("| | drawn in s | MB | first paint, s | seen after, s | asked outside | console errors |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in given.only or ("govkg", *PEERS):
        page = shots / f"{name}.html"
        if name == "govkg":
            shutil.copy(given.graph / "graph.html", page)
            seconds = "–"
        else:
            command = [str(python), __file__, str(given.graph), "--draw", name, str(page)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"| {name} | failed: {done.stderr.strip().splitlines()[-1]} |")
                continue
            seconds = f"{json.loads(done.stdout.splitlines()[-1]):.1f}"
        seen = open_page(page, shots)
        paint = f"{seen['paint'] / 1000:.1f}" if seen["paint"] else "–"
        size = page.stat().st_size / 1e6
        print(
            f"| {name} | {seconds} | {size:.1f} | {paint} | {seen['done']:.1f} | {len(seen['outside'])} "
            f"| {seen['errors']} |",
            flush=True,
        )
        for url in seen["outside"]:
            print(f"{name} asks for {url}", file=sys.stderr)


if __name__ == "__main__":
    main()
