"""What different words count is one measure where it is the same, and never two."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, Namespace, URIRef

from kg import ids, terms
from kg.errors import RuleError
from kg.graph import querying, store
from kg.rules import canonical, concepts, measures, tables

GOV = Namespace(terms.GOV)
TABLE = measures.FOLDER / "concepts.tsv"
UNITS = ("件", "%", "元", "平方米", "天", "")
SCHEME = URIRef(terms.CONCEPTS + canonical.SCHEME)


def rows() -> list[tables.Row]:
    return [row for row in tables.read(TABLE, ("notation", "zh", "en")) if row["phrase"]]


def found(counted: str) -> str:
    phrase, _, unit = counted.rpartition(" ")
    return canonical.load().find(phrase, unit)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['notation']}-{row.line}")
def test_every_measure_is_found_in_its_examples_and_not_in_its_counterexamples(row: tables.Row) -> None:
    wanted = row["notation"].strip("-") and row["notation"]
    assert row.many("examples")
    assert row.many("counterexamples")
    assert row["source"]
    assert {found(example) for example in row.many("examples")} == {wanted}
    assert wanted not in {found(example) for example in row.many("counterexamples")}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['notation']}-{row.line}")
def test_no_phrase_is_two_measures_by_its_unit(row: tables.Row) -> None:
    for example in (*row.many("examples"), *row.many("counterexamples")):
        phrase = example.rpartition(" ")[0]
        assert len({canonical.load().find(phrase, unit) for unit in UNITS} - {""}) <= 1, phrase


@given(st.sampled_from(rows()), st.sampled_from(["“{}”", "《{}》", "{} "]))
def test_marks_around_words_do_not_change_the_measure(row: tables.Row, marks: str) -> None:
    for example in row.many("examples"):
        phrase, _, unit = example.rpartition(" ")
        assert canonical.load().find(marks.format(phrase), unit) == found(example)


def test_a_unit_is_one_concept_however_it_is_spelled() -> None:
    listed = [concept for concept in concepts.load() if concept.scheme == "unit"]
    spelled = {word: concept.zh for concept in listed for word in concept.match}
    for word, unit in measures.load().units.items():
        assert unit.base in {concept.zh for concept in listed}, word
        assert unit.base == spelled.get(word, unit.base), word


def test_measures_have_names_in_both_languages_that_differ() -> None:
    known = canonical.load().measures
    assert len(known) >= 100
    for name in ("zh", "en"):
        names = [getattr(measure, name) for measure in known.values()]
        assert len(set(names)) == len(names)
    assert all(measure.broader == "" or measure.broader in known for measure in known.values())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a\t甲\tA\tnone\tcount\t甲\t", "no measure 'none'"),
        ("a\t甲\tA\t\tnumber\t甲\t", "number"),
        ("a\t甲\tA\t\t\t甲\t", "missing"),
        ("a\t甲\tA\t\tcount\t(\t", "pattern"),
        ("a\t甲\tA\t\tcount\t甲\t\na\t乙\tB\t\tcount\t乙\t", "taken"),
    ],
)
def test_a_wrong_row_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, problem: str
) -> None:
    measures.load()
    header = "notation\tzh\ten\tbroader\tkinds\tphrase\tunless\n"
    (tmp_path / "concepts.tsv").write_text(header + line + "\n", encoding="utf-8")
    monkeypatch.setattr(measures, "FOLDER", tmp_path)
    with pytest.raises(RuleError, match=problem):
        canonical.load.__wrapped__()


def test_indicators_of_the_samples_stand_under_measures_that_are_described(corpus_build: Path) -> None:
    graph = Graph().parse(corpus_build / "graph.ttl")
    indicators = set(graph.objects(None, GOV.indicator))
    under = {indicator for indicator in indicators if (indicator, SKOS.broader, None) in graph}
    assert len(under) > 200
    for indicator in under:
        (near,) = graph.objects(indicator, SKOS.broader)
        for measure in graph.transitive_objects(near, SKOS.broader):
            assert (measure, RDF.type, SKOS.Concept) in graph
            assert (measure, SKOS.inScheme, SCHEME) in graph
            assert {label.language for label in graph.objects(measure, SKOS.prefLabel)} == {"zh", "en"}


def test_one_measure_is_compared_over_places_and_words(corpus_build: Path) -> None:
    opened = store.open_store(corpus_build)
    for name in ("行政应诉案件", "administrative suits against government"):
        answer = querying.run(opened, querying.bind("compare", {"measure": name}))
        cells = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        assert {cell["measure"].value for cell in cells} == {"行政应诉案件"}
        assert len({cell["place"].value for cell in cells}) >= 5
        assert len({cell["wording"].value for cell in cells}) >= 3
        assert all(cell["period"].value for cell in cells)


def test_identities_of_measures_and_indicators_are_apart() -> None:
    for scheme, other in product([canonical.SCHEME], terms.CONCEPT_PROPERTIES.values()):
        assert ids.concept(scheme, "a") != ids.concept(other, "a")
