"""The same document in every format says the same: facts, numbers and things, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from helpers import formats

from kg import rules
from kg.reading import read
from kg.understanding import understand

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(ROOT.glob("corpus/*.txt"))
EXPECTED_AT_LEAST = 13


@cache
def loaded() -> rules.Rules:
    return rules.load()


def said(data: bytes, source: str) -> Counter[str]:
    """Return what a document says, without its own identity and where in it the words stand."""
    analysis = understand(read(data, source), loaded())
    own = analysis.report.id
    found: Counter[str] = Counter()

    def tell(*parts: object) -> None:
        found[" ".join(str(part).replace(own, "REPORT") for part in parts)] += 1

    for fact in analysis.facts:
        tell(fact.subject, fact.predicate, fact.object, "planned" if fact.planned else "done", fact.rule)
    for seen in analysis.observations:
        period = (seen.period, seen.bound, seen.approximate)
        tell("observed", seen.of, seen.indicator, seen.value, seen.unit, *period)
    for entity in analysis.entities:
        tell(
            entity.id,
            entity.kind,
            entity.name,
            sorted(entity.labels),
            sorted(entity.attributes),
            entity.links,
        )
    report = analysis.report
    tell("REPORT", report.title, report.year, report.jurisdiction, report.issuer, report.addressee)
    tell("REPORT", sorted(report.doc_numbers), report.issued, report.published, report.index_number)
    return found


FORMATS: dict[str, Callable[[list[str], str, Any, Path], bytes]] = {
    "gb18030": lambda lines, title, browser, folder: "\r\n".join(lines).encode("gb18030"),
    "html": lambda lines, title, browser, folder: formats.page(lines, title).encode(),
    "docx": lambda lines, title, browser, folder: formats.word(lines),
    "md": lambda lines, title, browser, folder: formats.markdown(lines, title).encode(),
    "mhtml": lambda lines, title, browser, folder: formats.snapshot(
        browser, formats.page(lines, title), folder
    ),
    "pdf": lambda lines, title, browser, folder: formats.printed(browser, formats.page(lines, title), folder),
    "flush.pdf": lambda lines, title, browser, folder: formats.printed(
        browser, formats.page(lines, title, style="p{text-indent:0;margin:0 0 12px}"), folder
    ),
    "columns.pdf": lambda lines, title, browser, folder: formats.printed(
        browser, formats.page(lines, title, main="columns:2;column-gap:2em"), folder
    ),
}


def test_all_documents_are_found() -> None:
    assert len(DOCUMENTS) >= EXPECTED_AT_LEAST


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_same_facts(path: Path, form: str, browser: Any, tmp_path: Path) -> None:
    document = read(path.read_bytes(), path.name)
    lines = [line for part in document.text.split("\n") if (line := " ".join(part.split()))]
    title = next((f.value for f in document.fields if f.name == "title"), "")
    wanted = said(path.read_bytes(), path.name)
    found = said(FORMATS[form](lines, title, browser, tmp_path), f"report.{form}")
    different = {f"- {one}" for one in wanted - found} | {f"+ {one}" for one in found - wanted}
    # No format loses anything of these documents: a difference that cannot be helped would be named here.
    assert different == set()


def test_a_printed_table_is_read_row_by_row(browser: Any, tmp_path: Path) -> None:
    task = "全面推行行政执法公示制度、执法全过程记录制度、重大执法决定法制审核制度，完善配套制度"
    rows = [
        ("序号", "任务", "牵头单位"),
        ("1", task, "各县（区）人民政府，市直各部门"),
        ("2", "普法", "市司法局"),
    ]
    cells = "".join(
        "<tr>" + "".join(f"<td style='border:1px solid'>{cell}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    for kind in ("collapse", "separate"):
        table = f"<table style='border-collapse:{kind};width:100%'>{cells}</table>"
        markup = formats.page(["工作安排如下。", "TABLE", "请认真贯彻执行。"], "").replace(
            "<p>TABLE</p>", table
        )
        found = read(formats.printed(browser, markup, tmp_path), "a.pdf").text.split("\n")
        assert found[-4:] == [*(" ".join(row) for row in rows), "请认真贯彻执行。"]
