"""What must hold of any bytes at all: they are read into sound facts, or refused with a reason."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pyoxigraph

from kg import rules
from kg.errors import InputError
from kg.graph import assembling, store
from kg.model import Analysis
from kg.reading import read
from kg.running import build
from kg.running.outputs import Settings
from kg.understanding import understand

NAMES = ("a.txt", "a.html", "a.md", "a.docx", "a.pdf", "a.mhtml")
GOOD = (
    "青川县2022年法治政府建设情况报告\n\n"
    "2022年，青川县司法局印发《青川县普法责任清单》，办理行政复议案件25件。\n"
)
_QUOTE, _START, _END = (f"https://w3id.org/govkg/ontology#{name}" for name in ("quote", "start", "end"))


@functools.cache
def loaded() -> rules.Rules:
    """Return the rule data."""
    return rules.load()


def check_reading(data: bytes, name: str) -> None:
    """Read ``data`` as a file called ``name``: whatever it is, what comes out is sound."""
    try:
        analysis = understand(read(data, name), loaded())
        lines = list(assembling.lines(analysis))
    except InputError as error:
        assert error.reason
        assert error.problem
        assert error.advice
        return
    check_spans(analysis)
    text = analysis.document.text
    quads = pyoxigraph.parse("".join(f"{line}\n" for line in lines).encode(), pyoxigraph.RdfFormat.N_QUADS)
    passages: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.predicate.value in (_QUOTE, _START, _END):
            passages.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    for iri, said in passages.items():
        assert text[int(said[_START]) : int(said[_END])] == said[_QUOTE], iri
    assert lines == sorted(set(lines))


def check_spans(analysis: Analysis) -> None:
    """Every offset lies in the text, and the regions cover it."""
    document = analysis.document
    length = len(document.text)
    assert document.written is None
    assert document.regions[0].start == 0
    assert document.regions[-1].end == length
    for before, after in zip(document.regions[:-1], document.regions[1:], strict=True):
        assert before.end == after.start
    spans: list[tuple[int, int]] = [(field.start, field.end) for field in document.fields]
    spans += [(start, end) for _, start, end in analysis.mentions]
    spans += [(span.start, span.end) for fact in analysis.facts for span in fact.passages]
    spans += [(seen.number.start, seen.number.end) for seen in analysis.observations]
    spans += [(item.start, item.end) for item in analysis.unsure]
    for start, end in spans:
        assert 0 <= start <= end <= length


def check_build(data: bytes, name: str, folder: Path) -> None:
    """Build ``data`` beside a good document, whose facts must be those it has alone."""
    source, out = folder / "in", folder / "out"
    for place in (source, out):
        shutil.rmtree(place, ignore_errors=True)
    source.mkdir(parents=True)
    (source / "good.txt").write_text(GOOD, encoding="utf-8")
    (source / name).write_bytes(data)
    summary = build.build([source], out, Settings(), 1).summary
    told = {str(row["source"]).partition("/")[0] for row in [*summary["documents"], *summary["skipped"]]}
    assert told == {"good.txt", name}
    assert not [row for row in summary["skipped"] if row["reason"] in ("internal", "crashed")], summary[
        "skipped"
    ]
    good = next(row for row in summary["documents"] if row["source"] == "good.txt")
    assert _own(out, good["report"]) == _alone(folder)
    quads = sum(1 for _ in pyoxigraph.parse(path=out / "graph.nq"))
    assert quads == summary["quads"]
    assert sum(1 for _ in pyoxigraph.parse(path=out / "graph.ttl")) == summary["triples"]
    assert len(store.open_store(out)) > 0
    for page in ("graph.html", "index.html"):
        check_page((out / page).read_text(encoding="utf-8"))


def check_page(text: str) -> None:
    """A page's data ends where it should, and nothing in it runs but its own scripts."""
    data: Any = json.loads(
        re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[0]
    )
    assert data
    policy = re.search(r"script-src ([^;]*);", text)
    assert policy
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    digests = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in scripts]
    assert policy[1].split() == [f"'sha256-{digest}'" for digest in digests]


def _own(out: Path, report: str) -> list[str]:
    with (out / "graph.nq").open(encoding="utf-8", newline="\n") as stream:
        return [line for line in stream if line.endswith(f"<{report}> .\n")]


@functools.cache
def _alone(folder: Path) -> list[str]:
    source, out = folder / "good", folder / "good-out"
    source.mkdir(parents=True, exist_ok=True)
    (source / "good.txt").write_text(GOOD, encoding="utf-8")
    summary = build.build([source], out, Settings(html=False), 1).summary
    return _own(out, summary["documents"][0]["report"])
