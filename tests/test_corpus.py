"""The sample corpus decodes, shows the layouts it promises, and agrees with its annotations."""

from __future__ import annotations

import html
import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
GOLD = Path(__file__).parent / "gold"
DOCUMENTS = sorted(path for path in CORPUS.iterdir() if not path.name.startswith("."))
GOLD_FILES = sorted(GOLD.glob("*.json"))

ACTOR = {"Jurisdiction", "Institution"}
POLICY, INITIATIVE, INSTITUTION = {"PolicyDocument"}, {"Initiative"}, {"Institution"}
SIGNATURES: dict[str, tuple[set[str], set[str]]] = {
    "issued": (ACTOR, POLICY),
    "contributedTo": (ACTOR, POLICY),
    "implemented": (ACTOR, POLICY),
    "promoted": (ACTOR, POLICY),
    "carriedOut": (ACTOR, INITIATIVE),
    "established": (ACTOR, INSTITUTION),
    "basedOn": (POLICY, POLICY),
    "specifies": (POLICY, INITIATIVE),
    "reportedTo": (ACTOR, INSTITUTION),
    "workedWith": (INSTITUTION, INSTITUTION),
    "partOf": (INSTITUTION | INITIATIVE, INSTITUTION | INITIATIVE),
    "received": (ACTOR, {"Honour"}),
    "conferredBy": ({"Honour"}, INSTITUTION),
}
"""Predicates and the types of their subject and object."""

# What the corpus must hold: a pattern of one file's name, and one of what its text shows.
LAYOUTS = {
    "label header, addressed to a prefecture": (r"三都.*2022", r"索引号:.*文号:[\s\S]*\n州人民政府:"),
    "next year of the same place": (r"三都.*2023", r"\n2023年,我县"),
    "district of a province-level city": (r"北碚区", r"\[ 索引号 \][\s\S]*\n市政府："),
    "development zone on a hijacked page": (r"经济技术开发区", r"\A.*app[\s\S]*管委会"),
    "one-line title with a source line": (r"景德镇市2022", r"\A[^\n]*_[^\n]*门户网站\n[\s\S]*来源: "),
    "provincial department": (r"司法厅", r"我厅"),
    "table header, addressed to a standing committee": (r"文昌市", r"索 引 号:[\s\S]*\n市人大常委会\n"),
    "no header": (r"珠山区", r"\A2022年,我区"),
    "homonym of a district": (r"昌江黎族自治县2022", r"法治昌江建设规划"),
    "page as served": (r"\.html$", r"<meta [\s\S]*<table[\s\S]*索 引 号"),
    "banner": (r"伊金霍洛旗", r"旗人大常委会"),
    "report with former bodies": (r"昌江黎族自治县2018", r"县工商局[\s\S]*重新组建的县司法局"),
    "notice that covers a plan": (
        r"景德镇市.*通知",
        r"现印发给你们[\s\S]*\n景德镇市乡镇（街道）赋权工作方案\n",
    ),
    "notice of two bodies": (r"湖州.*通知", r"〔2022〕18号[\s\S]*附件：1"),
}


def _decode(path: Path) -> str:
    """Return a file's text, as UTF-8 where it is that and as GB18030 otherwise."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _words(path: Path) -> str:
    """Return what a reader of the file sees: an HTML page without its tags and scripts."""
    text = _decode(path)
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<(script|style)\b[\s\S]*?</\1>|<[^>]*>", "", text))
    return text


def _squash(text: str) -> str:
    """Return ``text`` without white space and differences of width."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _bare(text: str) -> str:
    """Return ``text`` squashed and without quotation marks and title marks, as names are compared."""
    return re.sub("[“”‘’\"'《》〈〉<>]", "", _squash(text))


def _gold(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_document_decodes_and_has_text(path: Path) -> None:
    text = _decode(path)
    assert "\ufffd" not in text
    assert len(_squash(_words(path))) > 1000


def test_one_document_is_gb18030_and_the_rest_are_utf8() -> None:
    def is_utf8(path: Path) -> bool:
        try:
            path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    assert [path.name[:5] for path in DOCUMENTS if not is_utf8(path)] == ["伊金霍洛旗"]


@pytest.mark.parametrize(("name", "content"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_the_corpus_shows_the_layout(name: str, content: str) -> None:
    named = [path for path in DOCUMENTS if re.search(name, path.name)]
    assert len(named) == 1
    assert re.search(content, _decode(named[0]))


def test_every_document_is_described() -> None:
    page = (ROOT / "docs" / "corpus.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`([^`]+\.(?:txt|html))`", page))
    assert described == {path.name for path in DOCUMENTS}


def test_enough_documents_are_annotated() -> None:
    assert len(GOLD_FILES) >= 6
    assert {path.stem for path in GOLD_FILES} <= {path.stem for path in DOCUMENTS}


@pytest.mark.parametrize("path", GOLD_FILES, ids=lambda path: path.stem)
def test_gold_entities_stand_in_the_text(path: Path) -> None:
    gold = _gold(path)
    text = _squash(_words(CORPUS / gold["document"]))
    for entity in gold["entities"]:
        assert _squash(entity["quote"]) in text, entity
        names = [entity["name"], *entity["aliases"]]
        assert any(_bare(name) in _bare(entity["quote"]) for name in names), entity
    ids = [entity["id"] for entity in gold["entities"]]
    names = [(entity["type"], _bare(entity["name"])) for entity in gold["entities"]]
    assert len(set(ids)) == len(ids)
    assert len(set(names)) == len(names)
    assert all(gold["report"][role] in {None, *ids} for role in ("jurisdiction", "issuer", "addressee"))


@pytest.mark.parametrize("path", GOLD_FILES, ids=lambda path: path.stem)
def test_gold_relations_join_the_right_types(path: Path) -> None:
    gold = _gold(path)
    text = _squash(_words(CORPUS / gold["document"]))
    types = {entity["id"]: entity["type"] for entity in gold["entities"]}
    for relation in gold["relations"]:
        subjects, objects = SIGNATURES[relation["p"]]
        assert types[relation["s"]] in subjects, relation
        assert types[relation["o"]] in objects, relation
        assert _squash(relation["quote"]) in text, relation
    triples = [(relation["s"], relation["p"], relation["o"]) for relation in gold["relations"]]
    assert len(set(triples)) == len(triples)


@pytest.mark.parametrize("path", GOLD_FILES, ids=lambda path: path.stem)
def test_gold_observations_quote_their_number(path: Path) -> None:
    gold = _gold(path)
    text = _squash(_words(CORPUS / gold["document"]))
    ids = {entity["id"] for entity in gold["entities"]}
    for observation in gold["observations"]:
        quote = _squash(observation["quote"])
        assert quote in text, observation
        assert observation["of"] in ids, observation
        shown = {float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", quote.replace(",", ""))}
        scaled = {round(number * scale, 4) for number in shown for scale in (1, 10_000, 100_000_000)}
        assert round(float(observation["value"]), 4) in scaled, observation


@pytest.mark.parametrize("path", GOLD_FILES, ids=lambda path: path.stem)
def test_gold_decoys_stand_in_the_text_and_options_are_few(path: Path) -> None:
    gold = _gold(path)
    text = _squash(_words(CORPUS / gold["document"]))
    assert all(_squash(decoy["text"]) in text for decoy in gold["decoys"])
    items = [*gold["entities"], *gold["relations"], *gold["observations"]]
    assert sum(item.get("optional", False) for item in items) <= 0.15 * len(items)


if "GOVKG_SEEDS" in os.environ:  # a folder of real reports, which are not part of the project

    def _sentences(text: str) -> set[str]:
        return {part for part in re.split(r"[。；;!?！？\n]", text) if len(_squash(part)) >= 25}

    def test_no_long_sentence_is_taken_from_a_real_report() -> None:
        folder = Path(os.environ["GOVKG_SEEDS"])
        real = "".join(_squash(_decode(path)) for path in sorted(folder.rglob("*.txt")))
        taken = [part for path in DOCUMENTS for part in _sentences(_words(path)) if _squash(part) in real]
        assert taken == []
