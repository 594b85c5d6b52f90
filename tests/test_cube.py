"""Observations are a Data Cube: the note's integrity constraints hold, and each finds what breaks it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

from kg.graph import cube
from kg.graph.exporting import parts
from kg.running import build, outputs

CODE_LIST = pyoxigraph.NamedNode("http://purl.org/linked-data/cube#codeList")
SPECIFIED = 21  # constraints of the note

GOOD = """
@prefix qb: <http://purl.org/linked-data/cube#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <urn:x:> .
:structure a qb:DataStructureDefinition ; qb:component
    [ qb:dimension :place ], [ qb:dimension :year ], [ qb:measure :value ],
    [ qb:attribute :unit ; qb:componentRequired true ], [ qb:attribute :note ; qb:componentRequired false ] ;
    qb:sliceKey :key .
:key a qb:SliceKey ; qb:componentProperty :place .
:place rdfs:range skos:Concept ; qb:codeList :places . :year rdfs:range :Year .
:places a skos:ConceptScheme . :a a skos:Concept ; skos:inScheme :places .
:set a qb:DataSet ; qb:structure :structure ; qb:slice :slice .
:slice a qb:Slice ; qb:sliceStructure :key ; :place :a ; qb:observation :one .
:one qb:dataSet :set ; :place :a ; :year 2021 ; :value 1 ; :unit "x" .
:two qb:dataSet :set ; :place :a ; :year 2022 ; :value 1 ; :unit "x" .

:typed a qb:DataStructureDefinition ; qb:component
    [ qb:dimension :year ], [ qb:dimension qb:measureType ], [ qb:measure :value ], [ qb:measure :share ] .
qb:measureType rdfs:range :Property .
:both a qb:DataSet ; qb:structure :typed .
:v qb:dataSet :both ; :year 2021 ; qb:measureType :value ; :value 1 .
:s qb:dataSet :both ; :year 2021 ; qb:measureType :share ; :share 1 .

:tree a qb:HierarchicalCodeList ; qb:hierarchyRoot :root ; qb:parentChildProperty :over .
:root :over :middle . :middle :over :leaf .
:up a qb:HierarchicalCodeList ; qb:hierarchyRoot :root ; qb:parentChildProperty [ owl:inverseOf :under ] .
:leaf :under :middle . :middle :under :root .
:where rdfs:range :Place ; qb:codeList :tree . :whence rdfs:range :Place ; qb:codeList :up .
:hierarchical a qb:DataStructureDefinition ; qb:component
    [ qb:dimension :where ], [ qb:dimension :whence ], [ qb:measure :value ] .
:deep a qb:DataSet ; qb:structure :hierarchical .
:d qb:dataSet :deep ; :where :leaf ; :whence :leaf ; :value 1 .
""".replace("@prefix : ", "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : ")

# For each constraint, what breaks it: statements to add, statements to take away, and who breaks it.
BAD = {
    1: ("", ":one qb:dataSet :set", "one"),
    2: (":set qb:structure :typed .", "", "set"),
    3: (":empty a qb:DataStructureDefinition ; qb:component [ qb:dimension :year ] .", "", "empty"),
    4: ("", ":year rdfs:range :Year", "year"),
    5: ("", ":place qb:codeList :places", "place"),
    6: (":structure qb:component [ qb:dimension :year ; qb:componentRequired false ] .", "", "year"),
    7: (":stray a qb:SliceKey .", "", "stray"),
    8: (":key qb:componentProperty :alien .", "", "key"),
    9: ("", ":slice qb:sliceStructure :key", "slice"),
    10: ("", ":slice :place :a", "slice"),
    11: ("", ":two :year 2022", "two"),
    12: (":two :year 2021 .", ":two :year 2022", "one"),
    13: ("", ":two :unit 'x'", "two"),
    14: ("", ":two :value 1", "two"),
    15: ("", ":s :share 1", "s"),
    16: (":s :value 2 .", "", "s"),
    17: ("", ":s ?p ?o", "v"),
    18: (":set qb:slice [ a qb:Slice ; qb:sliceStructure :key ; :place :a ; qb:observation :d ] .", "", "d"),
    19: (":one :place :elsewhere .", "", "one"),
    20: ("", ":middle :over :leaf", "d"),
    21: ("", ":leaf :under :middle", "d"),
}
PREFIXES = "".join(
    f"PREFIX {line.split()[1]} {line.split()[2]}\n"
    for line in GOOD.replace(" . @", "\n@").split("\n")
    if "@prefix" in line
)


def sample() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(GOOD.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return store


def broken(store: pyoxigraph.Store) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for constraint, focus in cube.violations(store):
        found.setdefault(constraint.number, set()).add(focus.removeprefix("urn:x:"))
    return found


def test_all_constraints_of_the_note_are_there() -> None:
    assert [constraint.number for constraint in cube.constraints()] == list(range(1, SPECIFIED + 1))
    assert set(BAD) == set(range(1, SPECIFIED + 1))


def test_a_good_cube_breaks_nothing() -> None:
    assert broken(sample()) == {}


@pytest.mark.parametrize("number", BAD)
def test_a_constraint_finds_what_breaks_it(number: int) -> None:
    add, remove, who = BAD[number]
    store = sample()
    before = len(store)
    if remove:
        store.update(f"{PREFIXES} DELETE WHERE {{ {remove} }}")
    if add:
        store.update(f"{PREFIXES} INSERT {{ {add} }} WHERE {{}}")
    assert len(store) != before or (add and remove)
    assert who in broken(store).get(number, set())


def test_every_build_is_a_well_formed_cube(corpus_build: Path) -> None:
    store = cube.load(parts.read(corpus_build))
    query = "SELECT (COUNT(*) AS ?n) { ?o <http://purl.org/linked-data/cube#dataSet> ?set }"
    (row,) = store.query(query)  # type: ignore[misc]
    assert int(row["n"].value) > 500, "no observations to check"
    assert broken(store) == {}


def test_a_build_with_a_base_of_its_own_is_one_too(tmp_path: Path) -> None:
    base = "https://example.org/我们的/"
    pages = sorted((Path(__file__).parents[1] / "corpus").glob("*.html"))
    build.build(pages, tmp_path / "out", outputs.Settings(base=base, html=False))
    store = cube.load(parts.read(tmp_path / "out"))
    lists = {str(quad.object.value) for quad in store.quads_for_pattern(None, CODE_LIST, None)}
    assert base + "concept/indicator" in lists
    assert broken(store) == {}
