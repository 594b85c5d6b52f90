"""Real triple stores take a graph by the commands of docs/stores.md, and answer every question alike.

``scripts/stores`` starts them: Oxigraph and Virtuoso as servers, Jena by its command line. Each is loaded
once.
``pytest tests/test_store_scripts.py --rewrite`` makes anew what the page quotes.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pyoxigraph
import pytest

from kg.graph import querying, store

pytestmark = pytest.mark.store

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "scripts" / "stores"
PAGE = ROOT / "docs" / "stores.md"
NEEDS = {"oxigraph": ("oxigraph",), "virtuoso": ("virtuoso-t", "isql-vt"), "jena": ("java", "javac")}
SERVERS = {"oxigraph": 7878, "virtuoso": 8890}
"""The ports that they have on the page."""
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
INSTALLS = ("apt-get", "pip install", "measure.py")
"""Blocks of the page with these are for a machine without the stores, or take long."""
CASES = [
    name + example
    for name, query in querying.named_queries().items()
    if not query.against
    for example in ("", ".example")
    if query.example or not example
]
NUMBERS = {"integer", "decimal", "double", "float", "nonNegativeInteger", "int", "long"}

Answer = Counter[tuple[str, ...]]


def need(name: str) -> None:
    """Skip where a store is not installed, but not where tests must be complete."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    missing = [program for program in NEEDS[name] if shutil.which(program, path=path) is None]
    if name == "jena" and not Path("/usr/share/java/jena-tdb2.jar").exists():
        missing.append("libapache-jena-java")
    if not missing:
        return
    said = f"{', '.join(missing)}: not installed; bash scripts/install_system.sh"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


def free_port() -> int:
    """Return a port that is free, as is the next one."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


class Store:
    """A store as its script keeps it, in a folder and at a port of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.port = name, folder / name, free_port()
        self.address = ""

    def run(self, *arguments: object, succeeds: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of the script."""
        options = ["-d", str(self.folder), *(["-p", str(self.port)] if self.name in SERVERS else [])]
        done = subprocess.run(
            [str(SCRIPTS / f"{self.name}.sh"), *options, *map(str, arguments)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
            timeout=300, check=False,
        )  # fmt: skip
        assert not succeeds or done.returncode == 0, done.stderr
        return done

    def start(self) -> None:
        """Start the server, if there is one."""
        if self.name in SERVERS:
            self.address = self.run("start").stdout.strip()

    def change(self, *arguments: object) -> None:
        """Run a command that changes what Oxigraph, unlike the others, keeps closed while its server runs."""
        if self.name == "oxigraph":
            self.run("stop")
        self.run(*arguments)
        if self.name == "oxigraph":
            self.start()

    def counts(self) -> dict[str, int]:
        """Return the statements of each graph."""
        rows = list(csv.DictReader(io.StringIO(self.run("count").stdout)))
        return {row["graph"]: int(row["statements"]) for row in rows}

    def together(self, folder: Path) -> int:
        """Return how many different statements the store holds."""
        question = folder / "together.rq"
        question.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", encoding="utf-8")
        return int(self.run("query", question).stdout.split()[-1])


@pytest.fixture(scope="module", params=NEEDS)
def running(
    request: pytest.FixtureRequest, corpus_build: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    need(request.param)
    kept = Store(request.param, tmp_path_factory.mktemp("stores"))
    try:
        if kept.name == "virtuoso":
            kept.start()
        kept.run("load", corpus_build / "graph.nq")
        if kept.name == "oxigraph":
            kept.start()
        yield kept
    finally:
        if kept.name in SERVERS:
            kept.run("stop")


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the file of each question as the documented command writes it."""
    folder = tmp_path_factory.mktemp("questions")
    subprocess.run([sys.executable, str(SCRIPTS / "question.py"), "--all", str(folder)], check=True)
    return {path.name.removesuffix(".rq"): path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def answers(
    running: Store, questions: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Answer]:
    """Return what a store answers to every question."""
    if running.name == "jena":
        folder = tmp_path_factory.mktemp("answers")
        running.run("questions", folder, *questions.values())
        return {name: answer((folder / f"{name}.json").read_bytes()) for name in questions}
    found = {}
    headers = {"Accept": "application/sparql-results+json"}
    with httpx.Client(trust_env=False, timeout=120, headers=headers) as client:
        for name, path in questions.items():
            said = client.post(running.address, data={"query": path.read_text(encoding="utf-8")})
            assert said.status_code == httpx.codes.OK, f"{name}: {said.text}"
            found[name] = answer(said.content)
    return found


@pytest.fixture(scope="module")
def wanted(questions: dict[str, Path], corpus_build: Path) -> dict[str, Answer]:
    """Return what the store of the build answers; other tests hold rdflib to the same."""
    opened = store.open_store(corpus_build)
    form = pyoxigraph.QueryResultsFormat.JSON
    found = {}
    for name, path in questions.items():
        rows = opened.query(path.read_text(encoding="utf-8"))
        assert isinstance(rows, pyoxigraph.QuerySolutions)
        found[name] = answer(rows.serialize(format=form) or b"")
    return found


def answer(data: bytes) -> Answer:
    """Return the rows of an answer in SPARQL JSON: numbers by their value, "" where nothing is bound."""
    found = json.loads(data)
    names = found["head"]["vars"]
    return Counter(tuple(cell(row.get(name)) for name in names) for row in found["results"]["bindings"])


def cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    kind = term.get("datatype", "").rpartition("#")[2]
    if kind in NUMBERS:
        return format(Decimal(term["value"]).normalize(), "f")
    if kind == "boolean":  # Virtuoso has no other booleans than 1 and 0
        return {"1": "true", "0": "false"}.get(term["value"], term["value"])
    return term["value"]


def named(build: Path) -> dict[str, set[str]]:
    """Return the statements of each graph of a build."""
    found: dict[str, set[str]] = {}
    for line in (build / "graph.nq").read_text(encoding="utf-8").splitlines():
        statement, _, graph = line.removesuffix(" .").rpartition(" ")
        found.setdefault(graph.strip("<>"), set()).add(statement)
    return found


# ---------------------------------------------------------------- answers


def test_the_questions_are_written_with_all_they_need(questions: dict[str, Path]) -> None:
    assert sorted(questions) == sorted(CASES)
    for path in questions.values():
        pyoxigraph.Store().query(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_a_store_answers_as_the_build_does(
    name: str, answers: dict[str, Answer], wanted: dict[str, Answer]
) -> None:
    missing, extra = wanted[name] - answers[name], answers[name] - wanted[name]
    assert not missing and not extra, f"missing {list(missing)[:3]}, extra {list(extra)[:3]}"
    if name.endswith(".example"):
        assert wanted[name], "an example without an answer compares nothing"


# ---------------------------------------------------------------- graphs


def test_each_graph_is_counted_and_all_together_hold_a_statement_once(
    running: Store, corpus_build: Path, tmp_path: Path
) -> None:
    graphs = named(corpus_build)
    assert running.counts() == {graph: len(statements) for graph, statements in graphs.items()}
    assert running.together(tmp_path) == len(set().union(*graphs.values())) < sum(map(len, graphs.values()))


def test_loading_again_changes_nothing_and_a_document_is_taken_out_whole(
    running: Store, corpus_build: Path, tmp_path: Path
) -> None:
    graphs = named(corpus_build)
    counted = {graph: len(statements) for graph, statements in graphs.items()}
    report = min(graph for graph in graphs if "/report/" in graph)
    rest = set().union(*(statements for graph, statements in graphs.items() if graph != report))
    running.change("load", corpus_build / "graph.nq")
    assert running.counts() == counted
    try:
        running.change("drop", report)
        assert running.counts() == {graph: count for graph, count in counted.items() if graph != report}
        assert running.together(tmp_path) == len(rest)
    finally:
        running.change("load", corpus_build / "graph.nq")
    assert running.counts() == counted
    assert running.together(tmp_path) == len(rest | graphs[report])


def test_a_name_that_would_be_sparql_is_refused(running: Store, corpus_build: Path) -> None:
    if running.name == "oxigraph":
        running.run("stop")
    try:
        for name in ("http://a> ; DROP ALL ; DROP GRAPH <http://b", "a b", 'a"b', "a\nb", ""):
            done = running.run("drop", name, succeeds=False)
            assert done.returncode != 0
            assert "is not an IRI" in done.stderr or "which graph?" in done.stderr
    finally:
        if running.name == "oxigraph":
            running.start()
    assert len(running.counts()) == len(named(corpus_build))


# ---------------------------------------------------------------- servers


def test_a_server_is_seen_from_this_machine_only(running: Store) -> None:
    """The kernel's tables tell what listens where: 0100007F is 127.0.0.1."""
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    ports = {f"{running.port:04X}", f"{running.port + 1:04X}"}
    found = [place for place in listening if place.rpartition(":")[2] in ports]
    assert len(found) == {"oxigraph": 1, "virtuoso": 2, "jena": 0}[running.name]
    assert all(place.startswith("0100007F:") for place in found)


CHANGE = "INSERT DATA { GRAPH <http://a/> { <http://a/> <http://a/> <http://a/> } }"
CHANGES = {
    "oxigraph": (
        ("/query", {"query": CHANGE}),
        ("/query", {"update": CHANGE}),
        ("/update", {"update": CHANGE}),
    ),
    "virtuoso": (("/sparql", {"query": CHANGE}), ("/sparql", {"update": CHANGE})),
}
PLACES = {"oxigraph": "/store", "virtuoso": "/sparql-graph-crud"}
"""Where they take whole graphs."""


@pytest.mark.parametrize("running", SERVERS, indirect=True)
def test_whoever_asks_can_only_read(running: Store, corpus_build: Path, tmp_path: Path) -> None:
    with httpx.Client(trust_env=False, timeout=60, base_url=f"http://127.0.0.1:{running.port}") as client:
        for path, data in CHANGES[running.name]:
            client.post(path, data=data)
        put = client.put(
            PLACES[running.name],
            params={"graph": "http://a/"},
            content="<http://a/> <http://a/> <http://a/> .",
            headers={"Content-Type": "text/turtle"},
        )
        assert put.is_client_error
    assert "http://a/" not in running.counts()
    assert running.together(tmp_path) == len(set().union(*named(corpus_build).values()))


def test_what_is_wrong_is_said_on_stderr(running: Store, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.rq"
    wrong.write_text("SELECT ?s WHERE { ?s ?p }", encoding="utf-8")
    for arguments, said in (
        (("query", wrong), ""),
        (("query", tmp_path / "none.rq"), "none.rq: cannot be read"),
        (("load", tmp_path / "none.nq"), "none.nq: cannot be read"),
        (("explode",), f"scripts/stores/{running.name}.sh"),
        (("-x",), "-x is no option"),
    ):
        done = running.run(*arguments, succeeds=False)
        assert done.returncode != 0
        assert done.stderr.strip() and said in done.stderr
        assert not done.stdout


def test_a_server_does_not_start_where_another_listens(running: Store, tmp_path: Path) -> None:
    if running.name == "jena":
        done = running.run("start", succeeds=False)
        assert done.returncode == 2, "it has no server"
        return
    again = running.run("start", succeeds=False)
    assert "its server runs" in again.stderr
    other = Store(running.name, tmp_path)
    other.port = running.port
    if running.name == "oxigraph":
        (tmp_path / "none.nq").write_text("", encoding="utf-8")
        other.run("load", tmp_path / "none.nq")
    assert "something listens there already" in other.run("start", succeeds=False).stderr
    assert not (other.folder / "pid").exists()


# ---------------------------------------------------------------- the page


def test_the_page_shows_what_the_commands_print(
    corpus_build: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for name in NEEDS:
        need(name)
    shutil.copytree(corpus_build, tmp_path / "output")
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    ports = {str(port): str(free_port()) for port in SERVERS.values()}
    before = PAGE.read_text(encoding="utf-8")

    def shown(hit: re.Match[str]) -> str:
        if any(word in hit[1] for word in INSTALLS):
            return hit[0]
        said = printed(hit[1], ports, tmp_path)
        return f"```sh\n{hit[1]}```\n" + (f"\n```text\n{said}```\n" if hit[2] is not None else "")

    try:
        after = BLOCK.sub(shown, before)
    finally:
        for name in SERVERS:
            printed(f"scripts/stores/{name}.sh stop", {}, tmp_path)
    if request.config.getoption("--rewrite"):
        PAGE.write_text(after, encoding="utf-8")
    assert after == PAGE.read_text(encoding="utf-8")


def printed(code: str, ports: dict[str, str], place: Path) -> str:
    """Return what a block of the page prints, run at other ports than the page says."""
    for name, port in SERVERS.items():
        if str(port) in ports:
            code = code.replace(f"{name}.sh start", f"{name}.sh -p {ports[str(port)]} start")
            code = code.replace(str(port), ports[str(port)])
    path = os.pathsep.join((str(place / ".venv" / "bin"), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    said = done.stdout
    for usual, used in ports.items():
        said = said.replace(used, usual)
    return said
