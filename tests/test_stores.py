"""The files of a build load into others' software: a triple store over HTTP, two independent parsers."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from helpers import builds

from kg import terms
from kg.graph import querying

pytestmark = pytest.mark.store

QUERIES = ("issued", "diffusion", "planned", "indicator", "documents")
PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())
STARTS_WITHIN = 20  # seconds
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def oxigraph() -> str:
    """Return the path of the server's program, which comes with the packages for tests."""
    path = Path(sys.executable).parent / "oxigraph"
    found = str(path) if path.is_file() else shutil.which("oxigraph")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("oxigraph is not installed; pip install '.[dev]'")
        pytest.skip("oxigraph is not installed; pip install '.[dev]'")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running triple store."""

    def __init__(self, address: str) -> None:
        self.address = address

    def request(self, path: str, data: bytes | None = None, **headers: str) -> bytes:
        """Send a request (POST where there are data) and return the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data, named)
        with OPENER.open(request, timeout=60) as answer:
            return bytes(answer.read())

    def load(self, path: Path, media_type: str, where: str = "") -> None:
        """Load a file, into the default graph or where its quads say."""
        self.request(f"/store{where}", path.read_bytes(), Content_Type=media_type)

    def select(self, sparql: str) -> list[tuple[str, ...]]:
        """Answer a query, as values in the order of its columns, "" where there is none."""
        found = json.loads(
            self.request(
                "/query",
                (PREFIXES + sparql).encode(),
                Content_Type="application/sparql-query",
                Accept="application/sparql-results+json",
            )
        )
        return [
            tuple(row.get(name, {}).get("value", "") for name in found["head"]["vars"])
            for row in found["results"]["bindings"]
        ]


def started() -> Iterator[Server]:
    port = free_port()
    command = [oxigraph(), "serve", "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            server = Server(f"http://127.0.0.1:{port}")
            waited = time.monotonic() + STARTS_WITHIN
            while True:
                assert process.poll() is None, process.stderr and process.stderr.read()
                try:
                    server.request("/query?query=ASK%7B%7D")
                    break
                except (urllib.error.URLError, ConnectionError):
                    assert time.monotonic() < waited, "the server does not answer"
                    time.sleep(0.05)
            yield server
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def turtle_server(corpus_build: Path) -> Iterator[Server]:
    for server in started():
        server.load(corpus_build / "graph.ttl", "text/turtle", "?default")
        yield server


@pytest.fixture(scope="module")
def quads_server(corpus_build: Path) -> Iterator[Server]:
    for server in started():
        server.load(corpus_build / "graph.nq", "application/n-quads")
        yield server


@pytest.fixture(scope="module")
def graph(corpus_build: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(corpus_build / "graph.ttl", format="turtle")


COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def test_a_triple_store_takes_the_turtle_file_whole(turtle_server: Server, graph: rdflib.Graph) -> None:
    assert turtle_server.select(COUNT) == [(str(len(graph)),)]


@pytest.mark.parametrize("name", QUERIES)
def test_a_triple_store_and_rdflib_answer_alike(
    name: str, turtle_server: Server, graph: rdflib.Graph
) -> None:
    text = querying.named_queries()[name].sparql
    rows = graph.query(text, initNs=dict(terms.PREFIXES))
    wanted = Counter(tuple("" if term is None else str(term) for term in row) for row in rows)  # type: ignore[union-attr]
    assert wanted, "no answer to compare"
    assert Counter(turtle_server.select(text)) == wanted


def test_a_triple_store_tells_the_documents_apart(quads_server: Server, corpus_build: Path) -> None:
    lines = (corpus_build / "graph.nq").read_text(encoding="utf-8").splitlines()
    wanted = Counter(line.removesuffix(" .").rpartition(" ")[2].strip("<>") for line in lines)
    found = quads_server.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert {name: int(count) for name, count in found} == wanted
    reports = quads_server.select("SELECT ?g WHERE { GRAPH ?g { ?g a gov:Report } }")
    assert len(reports) == len(wanted) - 1, "one graph per report, one for reference data"


def test_a_document_can_be_taken_out_whole(quads_server: Server) -> None:
    report = quads_server.select("SELECT ?g WHERE { GRAPH ?g { ?g a gov:Report } } ORDER BY ?g")[0][0]
    before = int(quads_server.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")[0][0])
    own = int(quads_server.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{report}> {{ ?s ?p ?o }} }}")[0][0])
    quads_server.request(
        "/update", f"DROP GRAPH <{report}>".encode(), Content_Type="application/sparql-update"
    )
    after = int(quads_server.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")[0][0])
    assert after == before - own


PARSERS = {
    "rapper": ("-q", "-i", "{form}", "-o", "ntriples"),
    "serdi": ("-i", "{form}", "-o", "ntriples"),
}


def parsed(program: str, form: str, path: Path) -> list[str]:
    """Return the lines an independent parser makes of a file."""
    arguments = [argument.format(form=form) for argument in PARSERS[program]]
    command = [builds.tool(program), *arguments, str(path)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=120
    ).stdout.splitlines()


@pytest.mark.parametrize("program", PARSERS)
def test_independent_parsers_count_the_triples_of_the_turtle_file(
    program: str, corpus_build: Path, graph: rdflib.Graph
) -> None:
    assert len(parsed(program, "turtle", corpus_build / "graph.ttl")) == len(graph)


@pytest.mark.parametrize("program", PARSERS)
def test_independent_parsers_count_the_quads_of_the_quads_file(program: str, corpus_build: Path) -> None:
    path = corpus_build / "graph.nq"
    wanted = len(path.read_text(encoding="utf-8").splitlines())
    assert len(parsed(program, "nquads", path)) == wanted
