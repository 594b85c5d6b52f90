"""``kg serve`` answers real clients over HTTP, stops what takes too much, and lets nothing else in or out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph
import pytest
import rdflib
from helpers import builds
from helpers.serving import Server
from SPARQLWrapper import CSV, JSON, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper import POST as BY_POST
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed

from kg.graph import answers, built, naming, querying, store
from kg.running import outputs
from kg.serving import pages, worker

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 2.0
MEGABYTES = 1.0
STARTS_WITHIN = 20.0  # seconds
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
REPORTS = "SELECT ?report ?file { ?report a gov:Report ; gov:sourceFile ?file } ORDER BY ?file"
PREFIX = "PREFIX gov: <https://w3id.org/govkg/ontology#>\n"


def alive(pid: int) -> bool:
    """Tell whether a process runs: one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(holds: Any, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return bool(holds())


@pytest.fixture(scope="module")
def server(corpus_build: Path) -> Iterator[Server]:
    running = Server(corpus_build, "--timeout", str(SECONDS), "--max-size", str(MEGABYTES))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def patient(corpus_build: Path) -> Iterator[Server]:
    """Yield a server with the limits that users have."""
    running = Server(corpus_build)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def opened(corpus_build: Path) -> pyoxigraph.Store:
    return store.open_store(corpus_build)


@pytest.fixture
def older_and_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    builds.use_stand_in(monkeypatch)
    files = dict(builds.FILES)
    builds.run(builds.fill(tmp_path / "a", files), tmp_path / "older")
    del files["昌江2021.txt"]
    builds.run(builds.fill(tmp_path / "b", files), tmp_path / "newer")
    return tmp_path / "older", tmp_path / "newer"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patched:
        builds.use_stand_in(patched)
        files: dict[str, str | bytes] = {
            f"{number}.txt": f"昌江黎族自治县2022年报告\n我县开展{text}专项行动。\n"
            for number, text in enumerate(builds.HOSTILE)
        }
        builds.run(builds.fill(folder / "source", {**builds.FILES, **files}), folder / "graph")
    running = Server(folder / "graph")
    yield running
    running.stop()


# -- clients of others -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_rows_in_every_form(
    server: Server, opened: pyoxigraph.Store, form: str, method: str
) -> None:
    client = SPARQLWrapper(f"{server.address}/sparql", returnFormat=form)
    client.setQuery(PREFIX + REPORTS)
    client.setMethod(method)
    expected = [row[1].value for row in querying.run(opened, REPORTS).rows]
    assert expected
    found = client.query().convert()
    if form == JSON:
        rows = [row["file"]["value"] for row in found["results"]["bindings"]]
    elif form == XML:
        rows = [
            node.firstChild.data
            for node in found.getElementsByTagName("literal")
            if node.parentNode.getAttribute("name") == "file"
        ]
    elif form == CSV:
        rows = [row["file"] for row in csv.DictReader(io.StringIO(found.decode()))]
    else:
        rows = [line.split("\t")[1].strip('"') for line in found.decode().splitlines()[1:]]
    assert rows == expected


def test_sparqlwrapper_asks_yes_or_no(server: Server) -> None:
    client = SPARQLWrapper(f"{server.address}/sparql", returnFormat=JSON)
    for query, answer in ((PREFIX + "ASK { ?s a gov:Report }", True), ("ASK { ?s <a:b> ?o }", False)):
        client.setQuery(query)
        assert client.query().convert()["boolean"] is answer


@pytest.mark.parametrize("form", [TURTLE, RDFXML, "n3"])
def test_sparqlwrapper_gets_graphs(server: Server, opened: pyoxigraph.Store, form: str) -> None:
    query = PREFIX + "CONSTRUCT { ?s gov:carriedOut ?o } WHERE { ?s gov:carriedOut ?o }"
    client = SPARQLWrapper(f"{server.address}/sparql", returnFormat=form)
    client.setQuery(query)
    client.setMethod(BY_POST)
    found = client.query().convert()
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
    assert len(graph) == len(querying.run(opened, query).rows) > 0


def test_sparqlwrapper_is_told_what_is_wrong(server: Server) -> None:
    client = SPARQLWrapper(f"{server.address}/sparql", returnFormat=JSON)
    client.setQuery("SELECT * {\n ?s ?p")
    with pytest.raises(QueryBadFormed, match="line 2, column"):
        client.query()
    client.setQuery(HUGE)
    with pytest.raises(EndPointInternalError, match="larger than 1 MB"):
        client.query()


def test_rdflib_asks_it_as_a_remote_graph(server: Server, opened: pyoxigraph.Store) -> None:
    graph = rdflib.Graph("SPARQLStore")
    graph.open(f"{server.address}/sparql")
    rows = [str(row[1]) for row in graph.query(PREFIX + REPORTS)]
    assert rows == [row[1].value for row in querying.run(opened, REPORTS).rows]


def test_comunica_asks_it(server: Server, opened: pyoxigraph.Store) -> None:
    program = ROOT / ".venv" / "node" / "node_modules" / ".bin" / "comunica-sparql"
    if not program.is_file() or not shutil.which("node"):
        pytest.skip("comunica is not installed; run scripts/install_system.sh")
    form = "application/sparql-results+json"
    done = subprocess.run(
        [str(program), f"sparql@{server.address}/sparql", PREFIX + REPORTS, "-t", form],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [row["file"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]]
    assert rows == [row[1].value for row in querying.run(opened, REPORTS).rows]


def test_curl_asks_it_in_three_ways(server: Server) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed; apt-get install curl")
    address = f"{server.address}/sparql"
    ways = (
        ["-G", address, "--data-urlencode", f"query={REPORTS}"],
        [address, "--data-urlencode", f"query={REPORTS}"],
        [address, "-H", "Content-Type: application/sparql-query", "--data-binary", REPORTS],
    )
    found = {
        subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "-H", "Accept: text/csv", *way], capture_output=True, check=True
        ).stdout
        for way in ways
    }
    assert len(found) == 1
    assert found.pop().startswith(b"report,file\r\nhttps://")


# -- the protocol ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml;q=0.9, text/csv;q=0.2", "application/sparql-results+xml"),
        ("text/html, text/tab-separated-values;q=0.5", "text/tab-separated-values; charset=utf-8"),
        ("application/pdf, text/*;q=0.1", "text/csv; charset=utf-8"),
    ],
)
def test_the_form_is_what_the_client_likes_most(server: Server, accept: str, given: str) -> None:
    assert server.sparql("SELECT ?s { ?s ?p ?o } LIMIT 1", accept).headers["content-type"] == given


@pytest.mark.parametrize(
    ("form", "given"),
    [
        ("turtle", "text/turtle"),
        ("nt", "application/n-triples"),
        ("xml", "application/rdf+xml"),
        ("json-ld", "application/ld+json"),
    ],
)
def test_graphs_come_in_every_form(server: Server, form: str, given: str) -> None:
    answer = server.sparql("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 5", given)
    assert answer.headers["content-type"].startswith(given)
    assert len(rdflib.Graph().parse(data=answer.text, format=form)) == 5


def test_a_form_that_there_is_not_is_refused_with_those_that_there_are(server: Server) -> None:
    answer = server.sparql("ASK { ?s ?p ?o }", "image/png")
    assert answer.status_code == 406
    assert "text/csv" in answer.text


def test_the_request_names_the_dataset(server: Server, opened: pyoxigraph.Store) -> None:
    size = Counter(quad.graph_name.value for quad in opened if quad.graph_name != pyoxigraph.DefaultGraph())
    one, other = sorted(size)[:2]

    def count(pattern: str, **graphs: str | list[str]) -> int:
        query = f"SELECT (COUNT(*) AS ?n) FROM <a:ignored> WHERE {{ {pattern} }}"
        answer = server.client.get("/sparql", params={"query": query, "format": "csv", **graphs})
        return int(answer.text.split()[1])

    names = {"default-graph-uri": one}
    assert count("?s ?p ?o", **names) == size[one] > 0
    assert count("GRAPH ?g { ?s ?p ?o }", **{"named-graph-uri": [one, other]}) == size[one] + size[other]
    assert count("GRAPH ?g { ?s ?p ?o }", **names) == 0
    assert count("?s ?p ?o", **{"named-graph-uri": one}) == 0


def test_without_a_query_the_service_describes_itself(server: Server) -> None:
    answer = server.client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    service = graph.value(None, rdflib.RDF.type, sd.Service)
    assert graph.value(service, sd.endpoint) == rdflib.URIRef(f"{server.address}/sparql")
    assert graph.value(service, sd.supportedLanguage) == sd.SPARQL11Query
    default = graph.value(graph.value(service, sd.defaultDataset), sd.defaultGraph)
    triples = graph.value(default, rdflib.URIRef("http://rdfs.org/ns/void#triples"))
    assert int(str(triples)) == built.summary(server.folder)["triples"]
    page = server.client.get("/sparql", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/query")


def test_the_dataset_is_described_where_clients_look(server: Server) -> None:
    answer = server.get("/.well-known/void")
    assert answer.headers["content-type"].startswith("text/turtle")
    assert answer.content == (server.folder / outputs.DESCRIPTION).read_bytes()
    assert len(rdflib.Graph().parse(data=answer.text, format="turtle")) > 0


@pytest.mark.parametrize(
    ("path", "request_"),
    [
        ("/sparql", {"data": {"update": "CLEAR ALL"}}),
        ("/sparql?update=CLEAR+ALL", {"data": {}}),
        ("/sparql", {"content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}}),
        ("/update", {"data": {"update": "CLEAR ALL"}}),
        ("/update", {"content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}}),
    ],
)
def test_updates_are_refused(server: Server, path: str, request_: dict[str, Any]) -> None:
    answer = server.client.post(path, **request_)
    assert answer.status_code == 403
    assert "only reads" in answer.text
    assert "kg build" in answer.text


@pytest.mark.parametrize("update", ["CLEAR ALL", "INSERT DATA { <a:b> <a:b> <a:b> }", "DROP GRAPH <a:b>"])
def test_an_update_sent_as_a_query_changes_nothing(server: Server, update: str) -> None:
    before = server.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text
    answer = server.sparql(update)
    assert answer.status_code == 400
    assert "only read" in answer.text
    assert server.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text == before


@pytest.mark.parametrize(
    ("request_", "status", "said"),
    [
        ({"data": {"query": ["ASK { }", "ASK { }"]}}, 400, "2 queries"),
        ({"data": {}}, 400, "no query"),
        ({"content": "ASK { }", "headers": {"Content-Type": "text/plain"}}, 415, "application/sparql-query"),
        ({"content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}}, 400, "UTF-8"),
        (
            {"content": b"#" * 1_100_000, "headers": {"Content-Type": "application/sparql-query"}},
            413,
            "longer",
        ),
        ({"data": {"query": "ASK { }", "default-graph-uri": "no iri"}}, 400, "'no iri', which is no IRI"),
    ],
)
def test_wrong_requests_are_told_what_is_wrong(
    server: Server, request_: dict[str, Any], status: int, said: str
) -> None:
    answer = server.client.post("/sparql", **request_)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


# -- limits ------------------------------------------------------------------------------------------------


def test_an_endless_query_is_stopped_and_the_server_goes_on(server: Server) -> None:
    begin = time.monotonic()
    answer = server.sparql(ENDLESS)
    taken = time.monotonic() - begin
    assert answer.status_code == 500
    assert "stopped after 2 s" in answer.text
    assert SECONDS * 0.9 < taken < SECONDS + 2
    assert server.sparql("ASK { ?s ?p ?o }").json()["boolean"] is True


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_an_answer_that_is_too_large_is_an_error_and_not_a_part(server: Server, accept: str) -> None:
    answer = server.sparql(HUGE, accept)
    assert answer.status_code == 500
    assert answer.text == (
        "query: the answer is larger than 1 MB, the limit of this server; add LIMIT, or start it "
        "with a larger --max-size\n"
    )
    graph = server.sparql("CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", "text/turtle")
    assert (graph.status_code, "larger than" in graph.text) == (500, True)


def test_a_query_that_would_fill_the_memory_is_stopped(corpus_build: Path) -> None:
    running = Server(corpus_build, "--timeout", "120")
    try:
        answer = running.sparql("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i")
        assert answer.status_code == 500
        assert f"more than {worker.MEMORY} MB" in answer.text
        assert running.sparql("ASK { ?s ?p ?o }").json()["boolean"] is True
    finally:
        running.stop()


def test_long_queries_of_some_leave_the_pages_to_others(server: Server) -> None:
    with ThreadPoolExecutor(8) as clients:
        slow = [clients.submit(server.sparql, ENDLESS) for _ in range(5)]
        time.sleep(0.5)
        begin = time.monotonic()
        names = ["place=珠山", "place=昌江"]
        answers_ = list(clients.map(server.get, [f"/questions/activity.csv?{name}" for name in names]))
        assert time.monotonic() - begin < SECONDS
        assert [answer.status_code for answer in answers_] == [200, 200]
        codes = Counter(each.result().status_code for each in slow)
    assert set(codes) <= {500, 503}
    assert codes[500] >= 3


def test_many_clients_at_once_get_their_own_answers(server: Server) -> None:
    def ask(number: int) -> str:
        return str(
            server.sparql(f"SELECT ({number} AS ?n) {{ }}").json()["results"]["bindings"][0]["n"]["value"]
        )

    with ThreadPoolExecutor(16) as clients:
        assert list(clients.map(ask, range(100))) == [str(number) for number in range(100)]


def test_a_client_that_leaves_takes_its_query_along(server: Server) -> None:
    idle = server.workers()
    with pytest.raises(httpx.ReadTimeout):
        server.client.get("/sparql", params={"query": ENDLESS}, timeout=0.4)
    begin = time.monotonic()
    assert eventually(lambda: len(server.workers()) < max(2, len(idle) + 1), SECONDS / 2)
    assert server.sparql("ASK { }").status_code == 200
    assert time.monotonic() - begin < SECONDS


class Listening:
    """A server that counts who comes."""

    def __enter__(self) -> Listening:
        listening = self
        self.visits = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listening.visits += 1
                self.send_response(200)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the name that http.server asks for

            def log_message(self, *_: object) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/sparql"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { service silent <URL> { ?s ?p ?o } }",
        "SELECT*{SERVICE<URL>{?s ?p ?o}}",
        "PREFIX e: <URL> SELECT * { SERVICE e: { ?s ?p ?o } }",
        "PREFIX : <URL> SELECT * { ?s ?p trueSERVICE: { ?s ?p ?o } }",
        "SELECT * { SERVICE # a comment { }\n # another\n <URL> { ?s ?p ?o } }",
        "SELECT * { SERVICE\n#x\rSILENT #y\r\n<URL>#z\n{ ?s ?p ?o } }",
        "SELECT * { VALUES ?e { <URL> } SERVICE ?e { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(?o<'b>' ) SERVICE SILENT <URL> { } FILTER(?o = '') } LIMIT 1",
        "SELECT * { { SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } } } }",
    ],
)
def test_no_query_reaches_the_network(server: Server, query: str) -> None:
    with Listening() as other:
        answer = server.sparql(query.replace("URL", other.address))
        assert other.visits == 0
    assert answer.status_code in (400, 403)
    if answer.status_code == 403:
        assert "SERVICE" in answer.text


def test_words_that_look_like_service_are_no_service(server: Server) -> None:
    query = "SELECT ?service { ?service a gov:Report . ?service gov:sourceFile ?file } LIMIT 1 # SERVICE"
    assert server.sparql(query).status_code == 200


# -- the server as a process -------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed by Linux alone")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_server(corpus_build: Path, how: signal.Signals) -> None:
    running = Server(corpus_build)
    try:
        with ThreadPoolExecutor(2) as clients:
            busy = clients.submit(running.sparql, ENDLESS)
            assert running.get("/questions/diffusion.csv").status_code == 200
            assert eventually(lambda: len(running.workers()) >= 2)
            workers = running.workers()
            running.process.send_signal(how)
            code = running.process.wait(timeout=10)
            error = busy.exception(timeout=10)
            if error is None:
                assert busy.result().status_code == 503
            assert eventually(lambda: not any(map(alive, workers)))
        assert code == {signal.SIGINT: 0}.get(how, -how)
        assert running.process.stderr
        assert "Traceback" not in running.process.stderr.read()
    finally:
        running.stop()


def test_a_port_in_use_is_told(server: Server) -> None:
    port = server.address.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", "-g", str(server.folder), "--port", port, "--no-open"],
        capture_output=True, text=True, cwd=ROOT, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: 127.0.0.1:{port}: cannot be listened on, ")
    assert "--port" in done.stderr


@pytest.mark.parametrize("option", ["-g", "--against"])
def test_a_folder_without_a_graph_is_told(tmp_path: Path, corpus_build: Path, option: str) -> None:
    folders = {"-g": corpus_build, option: tmp_path}
    given = [str(word) for pair in folders.items() for word in pair]
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", *given, "--port", "0", "--no-open"],
        capture_output=True, text=True, cwd=ROOT, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "holds no graph; build one" in done.stderr


def test_a_graph_that_is_built_again_is_served_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builds.use_stand_in(monkeypatch)
    source = builds.fill(tmp_path / "source", dict(list(builds.FILES.items())[:1]))
    builds.run(source, tmp_path / "graph")
    running = Server(tmp_path / "graph")
    try:
        assert len(running.sparql(REPORTS).json()["results"]["bindings"]) == 1
        builds.run(builds.fill(source, dict(builds.FILES)), tmp_path / "graph")
        assert len(running.sparql(REPORTS).json()["results"]["bindings"]) == len(builds.FILES)
        shutil.rmtree(tmp_path / "graph")
        gone = running.sparql(REPORTS)
        assert (gone.status_code, "holds no graph" in gone.text) == (503, True)
        builds.run(source, tmp_path / "graph")
        assert running.sparql(REPORTS).status_code == 200
    finally:
        running.stop()


def test_only_this_machine_is_answered(server: Server) -> None:
    own = [item[4][0] for item in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    port = int(server.address.rpartition(":")[2])
    for address in {item for item in own if not item.startswith("127.")}:
        with pytest.raises(OSError), socket.create_connection((str(address), port), timeout=2):
            pass
    assert server.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""])
def test_other_names_for_this_machine_are_turned_away(server: Server, host: str) -> None:
    assert server.client.get("/sparql?query=ASK{}", headers={"Host": host}).status_code == 400
    good = server.client.get("/sparql?query=ASK{}", headers={"Host": "localhost:1"})
    assert good.status_code == 200


def test_other_sites_can_neither_read_nor_ask(server: Server, corpus_build: Path) -> None:
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    answer = server.client.get("/sparql?query=ASK{}", headers=foreign)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert server.client.get("/questions", headers=followed).status_code == 200
    assert server.client.post("/sparql", data={"query": "ASK{}"}, headers=followed).status_code == 403
    open_ = Server(corpus_build, "--cors")
    try:
        answer = open_.client.get("/sparql?query=ASK{}", headers=foreign)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    finally:
        open_.stop()


PAGES = (
    "/",
    "/questions",
    "/questions/activity?place=珠山",
    "/query",
    "/thing?name=469026",
    "/thing",
    "/nowhere",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_allow_nothing_but_their_own(server: Server, path: str) -> None:
    answer = server.client.get(path, headers={"Accept": "text/html"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', answer.text)
    assert loaded
    assert all(address.startswith("/assets/") for address in loaded)
    assert "style=" not in answer.text
    assert not re.search(r"<script(?! src=)", answer.text)


# -- questions ---------------------------------------------------------------------------------------------


NAMED = [query for query in querying.named_queries().values() if not query.against]


@pytest.mark.parametrize("query", NAMED, ids=[query.name for query in NAMED])
def test_a_question_has_the_rows_that_kg_query_has(
    patient: Server, opened: pyoxigraph.Store, query: querying.NamedQuery
) -> None:
    values = dict(query.example)
    base = str(built.summary(patient.folder)["base"])
    expected = querying.run(opened, querying.bind(query.name, values))
    assert expected.rows
    for form in ("csv", "json"):
        answer = patient.get(f"/questions/{query.name}.{form}", **values)
        assert answer.status_code == 200, answer.text
        assert answer.text == answers.write(expected, form, base)
    over_http = patient.sparql(querying.standalone(querying.bind(query.name, values)), "text/csv")
    assert len(list(csv.reader(io.StringIO(over_http.text)))) == len(expected.rows) + 1
    page = patient.get(f"/questions/{query.name}", **values, lang="zh")
    assert page.text.count("<tr>") == min(len(expected.rows), 500) + 1
    assert query.zh in page.text


def test_columns_of_questions_have_names_in_both_languages(patient: Server) -> None:
    columns: set[str] = set()
    for query in NAMED:
        text = patient.get(f"/questions/{query.name}.csv", **dict(query.example)).text
        columns |= set(text.partition("\r\n")[0].split(","))
    rows = (ROOT / "kg/rules/data/viewing/columns.tsv").read_text(encoding="utf-8").splitlines()
    assert columns <= {row.partition("\t")[0] for row in rows}


def test_all_questions_are_listed_in_both_languages(patient: Server) -> None:
    for language in pages.LANGUAGES:
        text = Text.of(patient.get("/questions", lang=language).text)
        for query in querying.named_queries().values():
            assert getattr(query, language) in text


def test_what_changed_is_answered_against_an_older_build(older_and_newer: tuple[Path, Path]) -> None:
    older, newer = older_and_newer
    name = next(query.name for query in querying.named_queries().values() if query.against)
    alone = Server(newer)
    try:
        assert "--against" in alone.get(f"/questions/{name}.csv").text
        assert "--against" in alone.get(f"/questions/{name}", lang="en").text
    finally:
        alone.stop()
    both = Server(newer, "--against", str(older))
    try:
        assert "昌江2021.txt" in both.get(f"/questions/{name}.csv").text
        # With an example to start from, the page waits to be asked.
        parameters = {each.name: "" for each in querying.named(name).parameters}
        assert "昌江2021.txt" in both.get(f"/questions/{name}", **parameters).text
    finally:
        both.stop()


def test_an_answer_without_rows_names_what_may_have_been_meant(patient: Server) -> None:
    text = Text.of(patient.get("/questions/activity", place="珠山县", lang="zh").text)
    assert pages.word("no_rows", "zh") in text
    assert "珠山区" in text


def test_names_are_completed(patient: Server) -> None:
    found = patient.get("/complete", kind="place", text="昌江").json()
    assert {"昌江区", "昌江黎族自治县"} <= {item["value"] for item in found}
    assert [item["value"] for item in patient.get("/complete", kind="place", text="").json()][:1]
    assert patient.get("/complete", kind="nothing", text="x").status_code == 400


@pytest.mark.parametrize(
    "path", ["/questions/nothing", "/questions/activity.docx", "/questions/..%2Fx", "/x"]
)
def test_addresses_that_are_none_are_told(patient: Server, path: str) -> None:
    answer = patient.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert "/" in answer.text


# -- things and pictures -----------------------------------------------------------------------------------


class Text(HTMLParser):
    """What a page says, without its markup."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.elements: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return "".join(parser.parts)


def test_a_thing_is_told_with_its_sentences(server: Server, opened: pyoxigraph.Store) -> None:
    name = "枫桥经验"
    text = Text.of(server.get("/thing", name=name, lang="zh").text)
    rows = querying.run(opened, querying.bind("evidence", dict(querying.named_queries()["evidence"].example)))
    assert rows.rows
    iri = naming.resolve(opened, name, built.summary(server.folder)["base"])
    said = querying.run(
        opened, f"SELECT DISTINCT ?q {{ ?e rdf:object <{iri}> ; gov:passage/gov:quote ?q }}"
    ).rows
    assert said
    shown = [row[0].value for row in said if row[0].value in text]
    assert len(shown) >= len(said) / 2  # of a fact that many sentences state, some are shown
    assert name in text
    assert iri in text


@pytest.mark.parametrize(
    ("accept", "form"),
    [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")],
)
def test_a_thing_is_data_to_programs(
    server: Server, opened: pyoxigraph.Store, accept: str, form: str
) -> None:
    iri = naming.resolve(opened, "枫桥经验", built.summary(server.folder)["base"])
    answer = server.client.get("/thing", params={"iri": iri}, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(accept)
    graph = rdflib.Graph().parse(data=answer.text, format=form)
    node, gov = rdflib.URIRef(iri), rdflib.Namespace("https://w3id.org/govkg/ontology#")
    own = list(opened.quads_for_pattern(pyoxigraph.NamedNode(iri), None, None, pyoxigraph.DefaultGraph()))
    assert len(list(graph.predicate_objects(node))) == len(own) > 0
    evidence = set(graph.subjects(rdflib.RDF.object, node))
    assert evidence
    assert all(graph.value(graph.value(item, gov.passage), gov.quote) for item in evidence)


def test_a_name_that_several_things_share_is_asked_back(server: Server) -> None:
    answer = server.client.get("/thing", params={"name": "昌江"}, headers={"Accept": "text/html"})
    assert answer.status_code == 300
    assert {"昌江区", "昌江黎族自治县"} <= set(re.findall(r">([^<]+)</a>", answer.text))
    nothing = server.client.get("/thing", params={"name": "没有的东西"}, headers={"Accept": "text/html"})
    assert nothing.status_code == 404


def test_evidence_and_terms_lead_to_their_statements(server: Server) -> None:
    iri = "https://w3id.org/govkg/ontology#issued"
    answer = server.client.get("/thing", params={"iri": iri}, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert server.get(answer.headers["location"]).status_code == 200


def test_pictures_are_drawn_on_demand(server: Server) -> None:
    page = server.client.get("/explore", params={"around": "枫桥经验", "lang": "en"})
    assert page.status_code == 200
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.text)[1])  # type: ignore[index]
    assert data["subject"] == "枫桥经验"
    assert data["language"] == "en"
    assert server.get("/explore", around="枫桥经验", depth="9").status_code == 400
    everything = server.client.get("/explore", headers={"Accept": "text/html"})
    drawn = (server.folder / outputs.PICTURE).is_file()
    assert ('id="network"' in everything.text) is drawn


def test_the_language_is_the_readers(server: Server) -> None:
    def title(header: str, **parameters: str) -> str:
        answer = httpx.get(
            f"{server.address}/questions",
            params=parameters,
            headers={"Accept-Language": header},
            trust_env=False,
        )
        return re.search(r"<h1>(.*?)</h1>", answer.text)[1]  # type: ignore[index]

    chinese, english = (pages.word("questions", language) for language in ("zh", "en"))
    assert title("zh-CN,zh;q=0.9,en;q=0.8") == title("zh-Hans-CN") == title("", lang="zh") == chinese
    assert title("en-GB,en;q=0.9,zh;q=0.1") == title("de-DE,de;q=0.9") == title("zh", lang="en") == english


# -- the page about it -------------------------------------------------------------------------------------


PAGE = ROOT / "docs" / "serving.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)


def test_the_page_shows_what_the_server_answers(server: Server, request: pytest.FixtureRequest) -> None:
    def run(hit: re.Match[str]) -> str:
        language, code, shown = hit.groups()
        if shown is None:
            return hit[0]
        command = ["bash", "-eu", "-c"] if language == "sh" else [sys.executable, "-c"]
        done = subprocess.run(
            [*command, code.replace("http://localhost:7878", server.address)],
            capture_output=True, text=True, encoding="utf-8", timeout=60, check=True,
            env={**os.environ, "no_proxy": "*"},
        )  # fmt: skip
        said = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
        assert said
        return f"```{language}\n{code}```\n\n```text\n{said}```\n"

    text = PAGE.read_text(encoding="utf-8")
    assert len([shown for *_, shown in BLOCK.findall(text) if shown]) >= 5 or request.config.getoption(
        "--rewrite"
    )
    made = BLOCK.sub(run, text)
    if request.config.getoption("--rewrite"):
        PAGE.write_text(made, encoding="utf-8")
    assert made == PAGE.read_text(encoding="utf-8")


# -- hostile text ------------------------------------------------------------------------------------------


def hostile_addresses(server: Server) -> Iterator[tuple[str, dict[str, str]]]:
    for text in builds.HOSTILE:
        yield "/thing", {"name": text}
        yield "/query", {"query": text}
        yield "/query", {"query": f"SELECT * {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), {json.dumps(text)})) }}"}
        yield "/questions/things", {"name": text}
        yield "/explore", {"around": text}
        yield "/questions/activity", {"place": text}
    yield "/", {}
    yield "/questions/things", {"name": ""}
    yield "/query", {"query": "SELECT ?s ?o { ?s skos:prefLabel ?o }"}
    for row in server.sparql("SELECT ?i { ?i a gov:Initiative }").json()["results"]["bindings"]:
        yield "/thing", {"iri": row["i"]["value"]}


def test_hostile_text_stays_text(hostile: Server) -> None:
    seen = ""
    for path, parameters in hostile_addresses(hostile):
        answer = hostile.client.get(
            path, params=parameters, headers={"Accept": "text/html"}, follow_redirects=True
        )
        assert answer.status_code < 500, (path, parameters, answer.text)
        if not answer.headers["content-type"].startswith("text/html") or 'id="network"' in answer.text:
            continue
        parser = Text()
        parser.feed(answer.text)
        assert parser.elements["script"] == 1, (path, parameters)
        assert "<script>alert" not in answer.text
        seen += "".join(parser.parts)
    assert "<script>alert(1)</script>" in seen
    assert "]]>&amp;<!--" in seen
