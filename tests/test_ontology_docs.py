"""The documentation is what the ontology says now, shows every term in both languages, and loads nothing."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from lxml import html
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from kg import terms
from kg.resources import ontology_folder

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "ontology" / "index.html"
GOV = Namespace(terms.GOV)
ONTOLOGY = ontology_folder()


@cache
def parsed(name: str) -> Graph:
    return Graph().parse(ONTOLOGY / name)


@cache
def page() -> html.HtmlElement:
    return html.parse(str(PAGE), html.HTMLParser(encoding="utf-8")).getroot()


def test_the_page_is_generated_from_the_ontology() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "make_ontology_docs.py"), "--check"]
    done = subprocess.run(script, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(terms.TERMS))
def test_the_page_shows_each_term_in_both_languages_and_in_use(name: str) -> None:
    found = page().xpath("//*[@id=$name]", name=name)
    assert len(found) == 1
    text = " ".join(found[0].text_content().split())
    graph = parsed("govkg.ttl")
    for predicate in (RDFS.label, SKOS.definition, SKOS.example):
        for value in graph.objects(GOV[name], predicate):
            assert " ".join(str(value).split()) in text, value
    if name not in terms.CLASSES:
        assert f"gov:{name} " in text
    assert " ".join(found[0].xpath("string(.//h3)").split()).startswith(str(label(name, "en")))


def label(name: str, language: str) -> Literal:
    (found,) = [
        text for text in parsed("govkg.ttl").objects(GOV[name], RDFS.label) if text.language == language
    ]
    return found


def test_the_page_loads_nothing() -> None:
    loaded = page().xpath("//@src | //link/@href | //iframe/@src | //object/@data")
    assert [address for address in loaded if not address.startswith("data:")] == []
    assert "@import" not in PAGE.read_text(encoding="utf-8")
    assert all(found.get("type") == "application/ld+json" for found in page().xpath("//script"))


def test_links_within_the_page_lead_somewhere() -> None:
    inner = {link.removeprefix("#") for link in page().xpath("//a/@href") if link.startswith("#")}
    assert inner - set(page().xpath("//@id")) == set()


def test_examples_use_every_term_and_conform() -> None:
    graph = parsed("examples.ttl")
    used = {
        str(term).removeprefix(terms.GOV)
        for fact in graph
        for term in fact
        if str(term).startswith(terms.GOV)
    }
    assert used == terms.TERMS
    conforms, _, text = pyshacl.validate(graph, shacl_graph=parsed("shapes.ttl"))
    assert conforms, text
    (passage,) = graph.subjects(RDF.type, GOV.Passage)
    quote = str(graph.value(passage, GOV.quote))
    start, end = (int(str(graph.value(passage, GOV[side]))) for side in ("start", "end"))
    assert len(quote) == end - start
    assert (URIRef(f"{terms.ONTOLOGY}/examples"), RDF.type, OWL.Ontology) in graph
