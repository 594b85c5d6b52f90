"""What every document of the sample corpus says, word for word, as last reviewed.

``pytest tests/test_golden.py --rewrite`` writes the files anew; their difference is what a change does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import rules, understanding
from kg.model import Analysis, Fact, Observation

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).parent / "golden"
DOCUMENTS = sorted(path for path in (ROOT / "corpus").iterdir() if not path.name.startswith("."))
GRAPHS = ("graph.nq", "graph.ttl")


def rows(analysis: Analysis) -> Iterator[tuple[str, ...]]:
    """Yield what a document says: itself, the things it names, facts and numbers, each kind sorted."""
    report = analysis.report
    names = {entity.id: entity.name for entity in analysis.entities}
    for field in ("title", "year", "document_type", "issued", "published", "index_number"):
        yield "report", field, getattr(report, field)
    for field in ("jurisdiction", "issuer", "addressee"):
        yield "report", field, names.get(getattr(report, field), ""), getattr(report, field)
    for number in report.doc_numbers:
        yield "report", "doc_number", number
    for entity in sorted(analysis.entities, key=lambda item: (item.kind, item.id)):
        yield "entity", str(entity.kind), entity.name, entity.id, "|".join(entity.labels)
    yield from sorted(_fact(fact, analysis, names) for fact in analysis.facts)
    yield from sorted(_observation(seen, analysis, names) for seen in analysis.observations)
    for doubt in analysis.unsure:
        yield "unsure", doubt.surface, "|".join(doubt.candidates), doubt.reason


def _fact(fact: Fact, analysis: Analysis, names: dict[str, str]) -> tuple[str, ...]:
    quotes = "|".join(analysis.document.text[span.start : span.end] for span in fact.passages)
    state = "planned" if fact.planned else "done"
    return "fact", names[fact.subject], fact.predicate, names[fact.object], state, fact.rule, _plain(quotes)


def _observation(seen: Observation, analysis: Analysis, names: dict[str, str]) -> tuple[str, ...]:
    marks = [seen.bound, "approximate" * seen.approximate, "planned" * seen.planned]
    quote = analysis.document.text[seen.passage.start : seen.passage.end]
    number = analysis.document.text[seen.number.start : seen.number.end]
    of = names.get(seen.of, "")
    measured = (seen.indicator, f"{seen.value:f}", seen.unit, of, " ".join(filter(None, marks)))
    return "observation", *measured, seen.rule, _plain(number), _plain(quote)


def _plain(text: str) -> str:
    return " ".join(text.split())


def compare(path: Path, found: str, *, rewrite: bool) -> None:
    """Compare a text with a golden file, or write the file."""
    if rewrite:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8", newline="")
        return
    assert path.is_file(), f"{path.name} is missing; run with --rewrite"
    wanted = path.read_text(encoding="utf-8").split("\n")
    got = found.split("\n")
    lost = [f"- {line}" for line in wanted if line not in set(got)]
    gained = [f"+ {line}" for line in got if line not in set(wanted)]
    assert not lost + gained, "\n".join(lost + gained)
    assert got == wanted


def golden_of(path: Path) -> Path:
    return GOLDEN / f"{path.stem}.facts.tsv"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_says_what_it_said(path: Path, request: pytest.FixtureRequest) -> None:
    analysis = understanding.analyse(path, path.name, rules.load())
    found = "".join("\t".join(row).rstrip("\t") + "\n" for row in rows(analysis))
    compare(golden_of(path), found, rewrite=request.config.getoption("--rewrite"))


def test_the_graph_is_the_same_bytes(corpus_build: Path, request: pytest.FixtureRequest) -> None:
    summary = json.loads((corpus_build / "summary.json").read_text(encoding="utf-8"))
    found: dict[str, object] = {
        name: hashlib.sha256((corpus_build / name).read_bytes()).hexdigest() for name in GRAPHS
    }
    found |= {name: summary[name] for name in ("quads", "triples", "observations")}
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    compare(GOLDEN / "build.json", text, rewrite=request.config.getoption("--rewrite"))


def test_there_is_a_golden_file_for_each_document_and_no_other() -> None:
    wanted = {golden_of(path).name for path in DOCUMENTS} | {"build.json"}
    assert {path.name for path in GOLDEN.iterdir()} == wanted
