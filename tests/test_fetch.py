"""Pages of the web are saved whole, politely and from nowhere private: against a real server."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote
from urllib.robotparser import RobotFileParser

import pytest
from click.testing import CliRunner
from helpers import builds
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import main
from kg.errors import FetchError, InputError, StoreError
from kg.fetching import addresses, client, manners, pages, record
from kg.fetching.client import Limits
from kg.running import inputs, manifests

PAGE = (
    "<html><head><meta charset=utf-8><title>青川市2022年法治政府建设情况报告</title></head><body>"
    "<p>青川市2022年法治政府建设情况报告</p><p>2022年，我市印发《青川市普法办法》。</p></body></html>"
).encode()


class Site(BaseHTTPRequestHandler):
    """A site that misbehaves in every way that is asked for."""

    robots: ClassVar[tuple[int, str]] = (404, "")
    asked: ClassVar[list[tuple[float, str, str]]] = []
    bodies: ClassVar[dict[str, bytes]] = {}
    times: ClassVar[dict[str, int]] = {}

    def log_message(self, *_: object) -> None:
        return

    def answer(self, status: int, body: bytes = b"", kind: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        Site.asked.append((time.monotonic(), self.path, self.headers["User-Agent"]))
        Site.times[path] = Site.times.get(path, 0) + 1
        if path in Site.bodies:
            self.answer(200, Site.bodies[path])
            return
        name = "_".join(path.strip("/").replace(".", "/").split("/")[:1]) or "page"
        try:
            getattr(self, f"on_{name}", self.on_missing)()
        except (BrokenPipeError, ConnectionResetError):
            return

    def on_robots(self) -> None:
        self.answer(Site.robots[0], Site.robots[1].encode(), "text/plain")

    def on_page(self) -> None:
        self.answer(200, PAGE, "text/html; charset=utf-8")

    def on_missing(self) -> None:
        self.answer(404, "没有这个页面".encode())

    def on_gb(self) -> None:
        self.answer(
            200,
            PAGE.decode().replace("<meta charset=utf-8>", "").encode("gb18030"),
            "text/html; charset=utf-8",
        )

    def on_pdf(self) -> None:
        self.answer(200, b"%PDF-1.4 x", "application/octet-stream")

    def on_image(self) -> None:
        self.answer(200, b"\x89PNG", "image/png")

    def on_empty(self) -> None:
        self.answer(200, b"  \n")

    def on_gzip(self) -> None:
        self.answer(200, gzip.compress(PAGE[:90]) + gzip.compress(PAGE[90:]), Content_Encoding="gzip")

    def on_deflate(self) -> None:
        self.answer(200, zlib.compress(PAGE), Content_Encoding="deflate")

    def on_rawdeflate(self) -> None:
        packer = zlib.compressobj(wbits=-15)
        self.answer(200, packer.compress(PAGE) + packer.flush(), Content_Encoding="deflate")

    def on_bomb(self) -> None:
        self.answer(200, gzip.compress(b"0" * 30_000_000), Content_Encoding="gzip")

    def on_brokengzip(self) -> None:
        self.answer(200, gzip.compress(PAGE * 9)[:-20], Content_Encoding="gzip")

    def on_br(self) -> None:
        self.answer(200, b"\x0b\x02\x80", Content_Encoding="br")

    def on_hop(self) -> None:
        left = int(self.path.rpartition("/")[2])
        self.answer(302, Location=f"/hop/{left - 1}" if left else "/page.html")

    def on_loop(self) -> None:
        self.answer(301, Location="/loop2")

    def on_loop2(self) -> None:
        self.answer(301, Location="/loop")

    def on_to(self) -> None:
        self.answer(302, Location=unquote(self.path.partition("?")[2]))

    def on_chinese(self) -> None:
        self.send_response(302)
        self.wfile.write(b"")
        self._headers_buffer.append("Location: /报告.html\r\n".encode())  # type: ignore[attr-defined]
        self.send_header("Content-Length", "0")
        self.end_headers()

    def on_busy(self) -> None:
        if Site.times["/busy"] < 3:
            self.answer(503, Retry_After="0")
        else:
            self.on_page()

    def on_later(self) -> None:
        self.answer(429, Retry_After="9999")

    def on_short(self) -> None:
        self.answer(200, PAGE, Content_Length=str(len(PAGE) + 100))

    def on_large(self) -> None:
        self.answer(200, PAGE, Content_Length=str(10**12))

    def on_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"<p>" * 10_000)

    def on_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def on_dripheaders(self) -> None:
        for sign in b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200:
            self.wfile.write(bytes([sign]))
            time.sleep(0.05)

    def on_hang(self) -> None:
        time.sleep(6)

    def on_nothing(self) -> None:
        self.close_connection = True

    def on_noise(self) -> None:
        self.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")

    def on_chunks(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(PAGE), 50):
            piece = PAGE[start : start + 50]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def on_cutchunks(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc")
        self.close_connection = True


def serving(host: str) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer((host, 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    server = serving("127.0.0.1")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    Site.robots, Site.asked, Site.bodies, Site.times = (404, ""), [], {}, {}
    return f"http://127.0.0.1:{server.server_address[1]}"


def fetched(
    folder: Path, *urls: str, retries: int = 0, again: bool = False, pause: float = 0.0, **limits: object
) -> pages.Result:
    limits = {"size": 1024**2, "seconds": 5.0, "private": True, **limits}
    settings = pages.Settings(Limits(**limits), pause, retries, again)  # type: ignore[arg-type]
    return pages.fetch(urls, folder, settings, lambda done, total, what: None)


def listed(folder: Path) -> list[dict[str, str]]:
    head, *rows = (folder / "fetched.tsv").read_text("utf-8").splitlines()
    return [dict(zip(head.split("\t"), row.split("\t"), strict=True)) for row in rows]


def run(*arguments: object, stdin: str = "") -> tuple[int, list[str]]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    assert "Traceback" not in result.output, result.output
    return result.exit_code, result.stderr.splitlines()


# --- what is saved


def test_a_page_is_saved_as_it_is_with_where_and_when(site: str, tmp_path: Path) -> None:
    result = fetched(tmp_path, f"{site}/page.html#part")
    assert result.failed == []
    (row,) = listed(tmp_path)
    assert (tmp_path / row["path"]).read_bytes() == PAGE
    assert row["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert (row["url"], row["final url"]) == (f"{site}/page.html", f"{site}/page.html")
    assert row["type"] == "text/html; charset=utf-8"
    assert time.strptime(row["fetched"], "%Y-%m-%dT%H:%M:%SZ")
    assert Site.asked[-1][2].startswith("govkg/")


@pytest.mark.parametrize(
    "name", ["gzip", "deflate", "rawdeflate", "chunks", "hop/3", "to?/page.html", "busy"]
)
def test_ways_to_send_a_page(site: str, tmp_path: Path, name: str) -> None:
    result = fetched(tmp_path, f"{site}/{name}", retries=3)
    assert result.failed == []
    assert (tmp_path / result.saved[0]).read_bytes() == PAGE


def test_bytes_in_another_encoding_than_declared_are_kept_and_read(site: str, tmp_path: Path) -> None:
    fetched(tmp_path / "pages", f"{site}/gb")
    code, lines = run(
        "build", "--manifest", tmp_path / "pages" / "fetched.tsv", "-o", tmp_path / "out", "--no-html"
    )
    assert code == 0, lines
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [(row["title"], row["encoding"]) for row in summary["documents"]] == [
        ("青川市2022年法治政府建设情况报告", "gb18030")
    ]
    assert f"/source> <{site}/gb>" in (tmp_path / "out" / "graph.nq").read_text("utf-8")


def test_the_kind_of_a_file_is_told_by_content_then_by_the_server(site: str, tmp_path: Path) -> None:
    result = fetched(tmp_path, f"{site}/pdf", f"{site}/page.aspx?id=1")
    assert sorted(Path(path).suffix for path in result.saved) == [".html", ".pdf"]


def test_what_is_there_is_not_fetched_again(site: str, tmp_path: Path) -> None:
    fetched(tmp_path, f"{site}/page.html")
    before, times = builds.content(tmp_path), dict(Site.times)
    result = fetched(tmp_path, f"{site}/page.html")
    assert (result.kept, Site.times, builds.content(tmp_path)) == (1, times, before)
    (tmp_path / listed(tmp_path)[0]["path"]).write_bytes(b"changed")
    assert len(fetched(tmp_path, f"{site}/page.html").saved) == 1
    assert (tmp_path / listed(tmp_path)[0]["path"]).read_bytes() == PAGE
    assert len(fetched(tmp_path, f"{site}/page.html", again=True).saved) == 1
    assert len(listed(tmp_path)) == 1, "one row for a page"


def test_a_cut_off_list_and_partial_files_do_not_count(site: str, tmp_path: Path) -> None:
    fetched(tmp_path, f"{site}/page.html", f"{site}/gzip")
    path = tmp_path / "fetched.tsv"
    path.write_bytes(path.read_bytes()[:-30])
    (tmp_path / "127.0.0.1").mkdir(exist_ok=True)
    (tmp_path / "127.0.0.1" / ".half.html.part").write_bytes(b"half")
    assert [source.name for source in inputs.find([tmp_path], tmp_path / "out")] == sorted(
        row.relative_to(tmp_path).as_posix() for row in tmp_path.rglob("*.html")
    )
    result = fetched(tmp_path, f"{site}/page.html", f"{site}/gzip")
    assert (result.kept, len(result.saved)) == (1, 1)
    assert len(listed(tmp_path)) == 2
    assert not list(tmp_path.rglob("*.part"))


def test_the_list_is_whole_after_each_page(site: str, tmp_path: Path) -> None:
    rows = []

    def look(done: int, total: int, what: str) -> None:
        rows.append(len(listed(tmp_path)))
        assert all((tmp_path / row["path"]).is_file() for row in listed(tmp_path))

    urls = [f"{site}/page.html?{number}" for number in range(3)]
    pages.fetch(urls, tmp_path, pages.Settings(Limits(private=True), 0.0, 0), look)
    assert rows == [1, 2, 3]


def test_the_list_of_fetched_pages_is_no_document(site: str, tmp_path: Path) -> None:
    fetched(tmp_path, f"{site}/page.html")
    assert manifests.is_fetched(tmp_path / "fetched.tsv")
    found = inputs.gather([tmp_path], tmp_path / "out")
    assert [source.path.suffix for source in found.sources] == [".html"]
    assert len(found.notes) == 1 and "--manifest" in found.notes[0]
    more = inputs.More(tmp_path / "fetched.tsv")
    assert inputs.gather([tmp_path], tmp_path / "out", more).notes == ()
    assert manifests.load(tmp_path / "fetched.tsv").notes == []


# --- what goes wrong


@pytest.mark.parametrize(
    ("name", "reason", "told"),
    [
        ("missing", "not-found", "404"),
        ("image", "unsupported-format", "image/png"),
        ("empty", "empty", "empty"),
        ("bomb", "too-large", "1 MB"),
        ("large", "too-large", "1 MB"),
        ("endless", "too-large", "1 MB"),
        ("brokengzip", "damaged", "unpacked"),
        ("br", "encoding", "br"),
        ("loop", "redirect", "circle"),
        ("hop/30", "redirect", "more than 10"),
        ("to?ftp://a.cn/x", "redirect", "ftp"),
        ("to?file:///etc/passwd", "redirect", "file"),
        ("later", "status", "429"),
        ("short", "damaged", "breaks off"),
        ("cutchunks", "damaged", "breaks off"),
        ("nothing", "damaged", "breaks off"),
        ("noise", "damaged", "breaks off"),
        ("drip", "too-slow", "1 seconds"),
        ("dripheaders", "too-slow", "1 seconds"),
        ("hang", "too-slow", "1 seconds"),
    ],
)
def test_a_bad_page_is_one_clear_line_and_costs_only_itself(
    site: str, tmp_path: Path, name: str, reason: str, told: str
) -> None:
    result = fetched(tmp_path, f"{site}/{name}", f"{site}/page.html", seconds=1.0)
    assert [(error.reason, told in error.problem) for error in result.failed] == [(reason, True)], (
        result.failed
    )
    assert result.failed[0].place == f"{site}/{name}"
    assert result.failed[0].advice and "\n" not in str(result.failed[0])
    assert len(result.saved) == 1
    assert [row["url"] for row in listed(tmp_path)] == [f"{site}/page.html"]


@pytest.mark.parametrize(
    "url",
    ["ftp://a.cn/", "javascript:alert(1)", "page.html", "http://", "http://a b/", "http://[::1", "http://a:99999/",
     "https://user:secret@a.cn/", "http://-a.cn/", ""],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_told(tmp_path: Path, url: str) -> None:
    (error,) = fetched(tmp_path, url).failed
    assert error.reason == "address"
    assert "secret" not in str(error)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (error,) = fetched(tmp_path, f"http://127.0.0.1:{port}/").failed
    assert "refused" in str(error).lower()


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [
        builds.tool("openssl"),
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    url = f"https://localhost:{server.server_address[1]}/page.html"
    Site.robots = (404, "")
    try:
        (error,) = fetched(tmp_path / "a", url).failed
        assert (error.reason, "certificate" in error.problem) == ("tls", True)
        # The name in the certificate is asked for, although the connection goes to a number.
        trusting = {**os.environ, "SSL_CERT_FILE": str(certificate)}
        command = [
            sys.executable,
            "-m",
            "kg",
            "fetch",
            "--allow-private",
            "--pause",
            "0",
            "-o",
            str(tmp_path / "b"),
        ]
        done = subprocess.run(
            [*command, url], env=trusting, capture_output=True, text=True, timeout=60, check=False
        )
        assert "1 pages saved" in done.stderr, done.stderr
        wrong = url.replace("localhost", "127.0.0.1")
        done = subprocess.run(
            [*command, wrong], env=trusting, capture_output=True, text=True, timeout=60, check=False
        )
        assert "0 pages saved" in done.stderr and "certificate" in done.stderr
    finally:
        server.shutdown()
        server.server_close()


# --- manners


def test_robots_txt_is_obeyed(site: str, tmp_path: Path) -> None:
    Site.robots = (200, "User-agent: *\nDisallow: /page\n\nUser-agent: govkg\nDisallow: /gzip\n")
    result = fetched(tmp_path, f"{site}/page.html", f"{site}/gzip", f"{site}/to?/gzip")
    assert [(error.place, error.reason) for error in result.failed] == [
        (f"{site}/gzip", "robots"), (f"{site}/to?/gzip", "robots"),
    ]  # fmt: skip
    assert len(result.saved) == 1
    assert "/gzip" not in Site.times
    assert Site.times["/robots.txt"] == 1


def test_a_site_whose_robots_txt_fails_is_left_alone(site: str, tmp_path: Path) -> None:
    Site.robots = (503, "")
    (error,) = fetched(tmp_path, f"{site}/page.html").failed
    assert (error.reason, "503" in error.problem) == ("robots", True)
    assert set(Site.times) == {"/robots.txt"}


def test_requests_to_a_site_come_with_pauses_and_one_at_a_time(site: str, tmp_path: Path) -> None:
    Site.robots = (200, "User-agent: *\nCrawl-delay: 1\n")
    fetched(tmp_path, f"{site}/page.html?1", f"{site}/page.html?2", pause=0.3)
    first, *rest = [moment for moment, _, _ in Site.asked]
    assert rest[0] - first >= 0.3
    assert rest[1] - rest[0] >= 1.0, "the site asks for more"


def test_busy_servers_are_asked_again_and_not_for_ever(site: str, tmp_path: Path) -> None:
    assert len(fetched(tmp_path, f"{site}/busy", retries=1).failed) == 1
    assert Site.times["/busy"] == 2
    assert len(fetched(tmp_path, f"{site}/missing", retries=5).failed) == 1
    assert Site.times["/missing"] == 1
    assert len(fetched(tmp_path, f"{site}/later", retries=5).failed) == 1
    assert Site.times["/later"] == 1, "whoever calls again may wait for hours"


# --- private addresses


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"],
)
def test_no_name_of_this_machine_is_fetched_from(site: str, tmp_path: Path, host: str) -> None:
    url = f"http://{host}:{site.rpartition(':')[2]}/page.html"
    (error,) = fetched(tmp_path, url, private=False).failed
    assert error.reason in ("private", "dns")  # "dns": a machine without IPv6
    assert "--allow-private" in error.advice or error.reason == "dns"
    assert Site.asked == []


def test_no_redirect_leads_into_a_private_network(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take 127.0.0.2 for a public address, and everything else for what it is."""
    genuine = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda host: host == "127.0.0.2" or genuine(host))
    try:
        other = serving("127.0.0.2")
    except OSError:
        pytest.skip("this system has one loopback address")
    port, start = site.rpartition(":")[2], f"http://127.0.0.2:{other.server_address[1]}"
    try:
        assert len(fetched(tmp_path, f"{start}/page.html", private=False).saved) == 1
        targets = ("localhost", "127.1", "0x7f000001", "[::1]", "10.0.0.1", "169.254.169.254")
        urls = [f"{start}/to?http://{host}:{port}/gzip" for host in targets]
        failed = fetched(tmp_path, *urls, private=False).failed
        assert [error.reason for error in failed] == ["private"] * len(targets)
        assert "/gzip" not in Site.times
    finally:
        other.shutdown()
        other.server_close()


def test_the_address_that_is_checked_is_the_one_connected_to(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Have a name mean another machine each time that it is looked up."""
    genuine, answers = socket.getaddrinfo, []

    def rebind(host: str, *rest: object, **more: object) -> object:
        if host != "rebind.example":
            return genuine(host, *rest, **more)  # type: ignore[arg-type]
        answers.append("8.8.8.8" if not answers else "127.0.0.1")
        return genuine(answers[-1], *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    address = addresses.parse(f"http://rebind.example:{site.rpartition(':')[2]}/page.html")
    assert addresses.reachable(address, private=False) == ["8.8.8.8"]
    with pytest.raises(FetchError) as told:
        client.get(address, Limits(seconds=2.0))
    assert told.value.reason == "private"
    answers[:] = ["8.8.8.8"]
    assert client.get(address, Limits(seconds=5.0, private=True)).body == PAGE
    assert answers == ["8.8.8.8", "127.0.0.1"], "looked up once for a request"


@pytest.mark.parametrize(
    "host",
    ["10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255",
     "0.0.0.0", "240.0.0.1", "192.0.2.1", "fe80::1%eth0", "fc00::1", "ff02::1", "::", "::1",
     "::ffff:192.168.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "2001:db8::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(host: str) -> None:
    assert not addresses.is_public(host)


# --- names


@given(
    st.text(max_size=60),
    st.sampled_from(["{}", "http://{}", "http://a.cn/{}", "http://{}/", "http://a.cn?{}"]),
)
def test_any_text_is_an_address_or_is_told_to_be_none(text: str, form: str) -> None:
    try:
        address = addresses.parse(form.format(text))
    except FetchError as error:
        assert error.problem and error.advice
        return
    assert addresses.parse(address.url) == address, "there is one way of writing it"
    assert address.url.isascii() and not any(sign.isspace() for sign in address.url)
    assert address.target.startswith("/")


@given(
    st.lists(st.text(max_size=40), max_size=6),
    st.sampled_from(["Disallow", "Allow", "Crawl-delay", "Request-rate"]),
)
def test_any_robots_txt_can_be_read(values: list[str], name: str) -> None:
    lines = "\n".join(["User-agent: *", *(f"{name}: {value}" for value in values)]).splitlines()
    rules = RobotFileParser()
    rules.parse([line for line in lines if manners._is_rule(line)])
    assert rules.can_fetch("govkg", "http://a.cn/x") in (True, False)
    assert float(rules.crawl_delay("govkg") or 0) >= 0


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60))
def test_any_redirect_leads_to_an_address_or_is_told(location: str) -> None:
    address = addresses.parse("http://a.cn/b/c")
    with contextlib.suppress(FetchError):
        assert manners._next(address.url, address, client.Answer(302, {"location": location}, b"")).url
    assert (manners._retry_after(location) or 0) >= 0


@given(st.text(max_size=80), st.text(max_size=30), st.binary(max_size=20))
def test_any_address_gives_a_safe_name_and_another_for_each(path: str, kind: str, body: bytes) -> None:
    try:
        url = addresses.parse(f"http://www.qc.gov.cn/{path}").url
        name = record.path_of(url, kind, body)
    except InputError:
        return
    site, file = name.split("/")
    assert site == "www.qc.gov.cn"
    assert not file.startswith(".") and len(file.encode()) < 255
    assert all(
        sign.isalnum() or sign in "._-" or sign.isidentifier() or f"a{sign}".isidentifier() for sign in file
    )
    assert record.path_of(url, kind, body) == name
    other = addresses.parse(f"http://www.qc.gov.cn/{path}x").url
    assert (Path(record.path_of(other, kind, body)).stem == Path(name).stem) == (other == url)


def test_redirects_to_chinese_names_are_followed(site: str, tmp_path: Path) -> None:
    Site.bodies = {"/%E6%8A%A5%E5%91%8A.html": PAGE}
    result = fetched(tmp_path, f"{site}/chinese")
    assert result.failed == []
    assert listed(tmp_path)[0]["final url"] == f"{site}/%E6%8A%A5%E5%91%8A.html"
    assert "报告-" in fetched(tmp_path, f"{site}/报告.html").saved[0]


# --- the command


def test_the_command_reads_lists_and_says_what_to_do_next(site: str, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"\ufeff# 通知\n{site}/page.html\n\n  {site}/missing \n{site}/page.html\n", "utf-8")
    arguments = (
        "fetch",
        "--list",
        path,
        "-o",
        tmp_path / "pages",
        "--allow-private",
        "--pause",
        "0",
        "--retries",
        "0",
    )
    code, lines = run(*arguments)
    assert code == 0
    assert f"{site}/missing: the server answers 404, no such page; check the address" in lines
    assert lines[-2] == "1 pages saved, 0 there already, 1 not fetched"
    assert "kg build --manifest" in lines[-1]
    code, lines = run(*arguments, "--strict", "-q")
    assert (code, len(lines)) == (1, 1)
    assert run(
        "fetch", f"{site}/page.html", "-o", tmp_path / "pages", "--allow-private", "--strict", "-q"
    ) == (0, [])
    code, lines = run(
        "fetch", "--list", "-", "-o", tmp_path / "other", "--allow-private", "-q", stdin=f"{site}/page.html"
    )
    assert (code, lines, len(listed(tmp_path / "other"))) == (0, [], 1)


def test_what_cannot_run_exits_with_two(site: str, tmp_path: Path) -> None:
    assert run("fetch", "-o", tmp_path / "a")[0] == 2
    assert run("fetch", "--list", tmp_path / "none.txt")[0] == 2
    (tmp_path / "file").write_text("x")
    assert run("fetch", f"{site}/page.html", "-o", tmp_path / "file")[0] == 2
    builds.fill(tmp_path / "mine", {"fetched.tsv": "my own\tlist\n"})
    code, lines = run("fetch", f"{site}/page.html", "-o", tmp_path / "mine", "--allow-private")
    assert (code, "not the list that kg fetch writes" in lines[-1]) == (2, True)
    assert (tmp_path / "mine" / "fetched.tsv").read_text("utf-8") == "my own\tlist\n"


@pytest.mark.skipif(os.name != "posix", reason="kill")
def test_a_kill_at_any_moment_costs_nothing_that_was_saved(site: str, tmp_path: Path) -> None:
    urls = [f"{site}/page.html?{number}" for number in range(12)]
    command = [
        sys.executable,
        "-m",
        "kg",
        "fetch",
        "--allow-private",
        "--pause",
        "0.02",
        "-o",
        str(tmp_path / "in"),
        *urls,
    ]
    counts = []
    for moment in (1, 4, 9):  # pages asked for in each run
        Site.asked.clear()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
            while len(Site.asked) <= moment and program.poll() is None:
                time.sleep(0.001)
            program.kill()
        path = tmp_path / "in" / "fetched.tsv"
        counts.append(path.read_bytes().count(b"\n") if path.exists() else 0)
    assert counts == sorted(counts)
    result = fetched(tmp_path / "in", *urls)
    assert result.kept >= counts[-1] - 1 and result.failed == []
    rows = listed(tmp_path / "in")
    assert sorted(row["url"] for row in rows) == sorted(urls)
    assert sorted((tmp_path / "in").rglob("*.html")) == sorted(tmp_path / "in" / row["path"] for row in rows)
    assert all((tmp_path / "in" / row["path"]).read_bytes() == PAGE for row in rows)


def test_two_programs_do_not_fetch_into_one_folder(site: str, tmp_path: Path) -> None:
    def again(done: int, total: int, what: str) -> None:
        with pytest.raises(StoreError, match="another kg fetch"):
            fetched(tmp_path, f"{site}/gzip")

    settings = pages.Settings(Limits(private=True), 0.0, 0)
    assert len(pages.fetch([f"{site}/page.html"], tmp_path, settings, again).saved) == 1
