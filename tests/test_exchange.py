"""Exports are read by those they are for: RDF parsers, networkx, pandas, DuckDB, a strict importer."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import networkx
import owlrl
import pandas
import pyoxigraph
import pytest
import rdflib
from helpers import builds
from pyarrow import parquet
from rdflib import OWL, RDF, RDFS, URIRef

from kg import ids, terms
from kg.graph import exporting, nquads, selection, store
from kg.graph.exporting import Part, entailing, grouping, neo4j, records, sorting
from kg.resources import ontology_folder

ROOT = Path(__file__).parents[1]
OXIGRAPH = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}
NAMED = ("nq", "trig", "jsonld")
"""Formats with a graph per document."""

Statements = frozenset[tuple[str, ...]]


def one_file(folder: Path, form: str, *, entail: bool = False, part: Part | None = None) -> str:
    return b"".join(exporting.export(folder, form, part or Part(), ids.DEFAULT_BASE, entail=entail)).decode()


def statements(text: str, form: str) -> Statements:
    """Return the statements of a file, with their graph where the format has graphs."""
    length = 4 if form in NAMED else 3
    found = pyoxigraph.parse(text.encode(), OXIGRAPH[form])
    return frozenset(tuple(map(str, quad))[:length] for quad in found)


@cache
def wanted(folder: Path, form: str) -> Statements:
    length = 4 if form in NAMED else 3
    found = pyoxigraph.parse(path=folder / "graph.nq")
    return frozenset(tuple(map(str, quad))[:length] for quad in found)


def run(*command: str | Path, **more: str) -> str:
    done = subprocess.run(
        [*map(str, command)], capture_output=True, check=False, timeout=120, env={**os.environ, **more}
    )
    assert done.returncode == 0, done.stderr.decode()[:2000]
    return done.stdout.decode("utf-8")


# ---------------------------------------------------------------- RDF


@pytest.mark.parametrize("entail", [False, True])
@pytest.mark.parametrize("form", sorted(OXIGRAPH))
def test_oxigraph_loads_every_statement(corpus_build: Path, form: str, entail: bool) -> None:
    loaded = pyoxigraph.Store()
    text = one_file(corpus_build, form, entail=entail)
    loaded.bulk_load(text.encode(), OXIGRAPH[form])
    found = statements(text, form)
    assert len(loaded) == len(found)
    assert found >= wanted(corpus_build, form) if entail else found == wanted(corpus_build, form)


@pytest.mark.parametrize(
    ("form", "read", "write"),
    [
        ("turtle", "turtle", "ntriples"),
        ("nt", "ntriples", "ntriples"),
        ("nq", "nquads", "nquads"),
        ("trig", "trig", "nquads"),
        ("rdfxml", "rdfxml", "ntriples"),
    ],
)
def test_rapper_reads_every_statement(
    corpus_build: Path, tmp_path: Path, form: str, read: str, write: str
) -> None:
    path = tmp_path / "graph"
    path.write_text(one_file(corpus_build, form), "utf-8")
    said = run(builds.tool("rapper"), "-q", "-i", read, "-o", write, path, ids.DEFAULT_BASE)
    assert statements(said, "nt" if write == "ntriples" else "nq") == wanted(corpus_build, form)


@pytest.mark.parametrize("form", ["turtle", "nt", "nq", "trig"])
def test_serdi_reads_every_statement(corpus_build: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "graph"
    path.write_text(one_file(corpus_build, form), "utf-8")
    syntax = {"turtle": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig"}[form]
    write = "nquads" if form in NAMED else "ntriples"
    said = run(builds.tool("serdi"), "-i", syntax, "-o", write, path)
    assert statements(said, "nq" if form in NAMED else "nt") == wanted(corpus_build, form)


def javascript(form: str, path: Path) -> str:
    modules = ROOT / ".venv" / "node" / "node_modules"
    if not (modules / "n3").is_dir() or not (modules / "jsonld").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("N3.js and jsonld.js are not installed; run scripts/install_system.sh")
        pytest.skip("N3.js and jsonld.js are not installed; run scripts/install_system.sh")
    script = Path(__file__).parent / "helpers" / "count_rdf.js"
    return run(builds.tool("node"), script, form, path, NODE_PATH=str(modules))


@pytest.mark.parametrize(
    ("form", "name"),
    [("turtle", "Turtle"), ("nt", "N-Triples"), ("nq", "N-Quads"), ("trig", "TriG"), ("jsonld", "jsonld")],
)
def test_javascript_reads_every_statement(corpus_build: Path, tmp_path: Path, form: str, name: str) -> None:
    path = tmp_path / "graph"
    path.write_text(one_file(corpus_build, form), "utf-8")
    found = statements(javascript(name, path), "nq")
    length = 4 if form in NAMED else 3
    assert {quad[:length] for quad in found} == wanted(corpus_build, form)


@pytest.mark.parametrize(("form", "name"), [("jsonld", "json-ld"), ("trig", "trig"), ("rdfxml", "xml")])
def test_rdflib_reads_every_statement(corpus_build: Path, form: str, name: str) -> None:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=one_file(corpus_build, form), format=name)
    # Numbers keep the way they are written: 98.50 does not become 98.5.
    found = {tuple(term.n3() for term in triple) for triple in dataset.triples((None, None, None))}
    values = {triple[2] for triple in found if triple[1] == f"<{terms.gov('value')}>"}
    assert len(found) == len(wanted(corpus_build, "nt"))
    assert len(values) == len({t[2] for t in wanted(corpus_build, "nt") if t[1] == f"<{terms.gov('value')}>"})


# ---------------------------------------------------------------- what follows


@cache
def alignment() -> rdflib.Graph:
    """Return the axioms between named terms that an entailed export applies."""
    found = rdflib.Graph()
    for name in ("govkg.ttl", "cube.ttl"):
        for triple in rdflib.Graph().parse(ontology_folder() / name):
            one, way, other = triple
            if (
                way in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf)
                and isinstance(one, URIRef)
                and isinstance(other, URIRef)
            ):
                found.add(triple)
    return found


def test_what_follows_is_what_a_reasoner_finds(corpus_build: Path) -> None:
    """Compare with the OWL 2 RL rules of owlrl on the graphs of three reports, less what is its own."""
    opened = store.open_store(corpus_build)
    report_type = (pyoxigraph.NamedNode(terms.gov("Report")), pyoxigraph.DefaultGraph())
    quads = opened.quads_for_pattern(None, pyoxigraph.NamedNode(RDF.type), *report_type)
    reports = sorted(quad.subject.value for quad in quads)[:3]
    part = Part(documents=frozenset(reports))
    data = rdflib.Graph().parse(data=one_file(corpus_build, "nt", part=part), format="nt")
    mine = rdflib.Graph().parse(data=one_file(corpus_build, "nt", part=part, entail=True), format="nt")
    assert len(mine) > 1.5 * len(data)

    closed = rdflib.Graph()
    closed += data
    closed += alignment()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(
        closed
    )
    subjects = {term for triple in data for term in (triple[0], triple[2]) if isinstance(term, URIRef)}
    properties = set(data.predicates())
    vocabulary = {term for axiom in alignment() for term in (axiom[0], axiom[2])} | properties
    of_its_own = {OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty, OWL.differentFrom}
    theirs = {
        (one, way, other)
        for one, way, other in closed
        if one in subjects
        and one not in vocabulary
        and way not in of_its_own
        and other not in (OWL.Thing, RDFS.Resource, OWL.NamedIndividual)
    }
    assert {triple for triple in mine if triple[0] not in vocabulary} == theirs


def test_tools_of_the_standard_vocabularies_find_their_terms(corpus_build: Path) -> None:
    graph = rdflib.Graph().parse(data=one_file(corpus_build, "nt", entail=True), format="nt")
    space = {prefix: rdflib.Namespace(iri) for prefix, iri in terms.PREFIXES.items()}
    gov = space["gov"]
    pairs = [
        (space["eli"].based_on, gov.basedOn),
        (space["schema"].containedInPlace, gov.within),
        (space["schema"].mentions, gov.mentions),
        (space["prov"].wasDerivedFrom, gov.passage),
    ]
    for standard, own in pairs:
        assert set(graph.subject_objects(own)) <= set(graph.subject_objects(standard))
        assert set(graph.subject_objects(own))
    issued = set(graph.subject_objects(gov.issued))
    assert {(other, one) for one, other in issued} <= set(graph.subject_objects(space["eli"].passed_by))
    for standard, own in [
        (space["org"].Organization, gov.Institution),
        (space["eli"].LegalResource, gov.Report),
        (space["qb"].Observation, gov.Observation),
        (space["prov"].Entity, gov.Evidence),
    ]:
        assert set(graph.subjects(RDF.type, own)) <= set(graph.subjects(RDF.type, standard))


def test_what_follows_stands_in_the_graph_of_what_it_follows_from(corpus_build: Path) -> None:
    plain, more = (statements(one_file(corpus_build, "nq", entail=entail), "nq") for entail in (False, True))
    things = {(graph, term) for s, _, o, graph in plain for term in (s, o)}
    assert all({(graph, s), (graph, o)} & things for s, _, o, graph in more)
    assert {quad[3] for quad in more} == {quad[3] for quad in plain}
    assert list(entailing.entail(iter(()))) == []


# ---------------------------------------------------------------- tables


@pytest.fixture(scope="module")
def tables(corpus_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("tables")
    for form in ("csv", "parquet"):
        exporting.export_files(corpus_build, form, Part(), ids.DEFAULT_BASE, target)
    return target


def count(folder: Path, pattern: str, what: str = "*") -> float:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())
    rows = store.open_store(folder).query(f"{prefixes} SELECT ({what} AS ?n) {{ {pattern} }}")
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return float(next(iter(rows))["n"].value)


THING = f"VALUES ?k {{ {' '.join(f'gov:{name}' for name in selection.THINGS)} }}"
LINK = f"VALUES ?p {{ {' '.join(f'<{iri}>' for iri in selection.LINKS)} }}"
ROWS = {
    "entities": (f"?s a ?k {THING}", "COUNT(DISTINCT ?s)"),
    "observations": ("?s a gov:Observation", "COUNT(*)"),
    "documents": ("?s a gov:Report", "COUNT(*)"),
}


def test_tables_have_a_row_for_all_that_sparql_counts(corpus_build: Path, tables: Path) -> None:
    for name, (pattern, what) in ROWS.items():
        wanted_rows = count(corpus_build, pattern, what)
        assert wanted_rows
        assert len(pandas.read_csv(tables / f"{name}.csv")) == wanted_rows
        assert len(pandas.read_parquet(tables / f"{name}.parquet")) == wanted_rows
    told = count(corpus_build, "?e a gov:Evidence ; gov:passage ?p", "COUNT(*)")
    bare = count(
        corpus_build,
        f"?s ?p ?o {LINK} FILTER NOT EXISTS "
        "{ ?e rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; gov:passage ?q }",
        "COUNT(*)",
    )
    facts = pandas.read_parquet(tables / "facts.parquet")
    assert told and bare
    assert len(facts) == told + bare
    assert facts["document_iri"].notna().sum() == told
    assert facts["planned"].sum() == count(
        corpus_build, "?e a gov:Evidence ; gov:planned true ; gov:passage ?p", "COUNT(*)"
    )


def test_numbers_add_up_to_what_sparql_says(corpus_build: Path, tables: Path) -> None:
    said = count(corpus_build, "?o a gov:Observation ; gov:value ?v", "SUM(?v)")
    for path in ("observations.csv", "observations.parquet"):
        found = duckdb.sql(f"SELECT sum(value) FROM '{tables / path}'").fetchall()
        assert found == [(pytest.approx(said, rel=1e-12),)]
    read = pandas.read_csv(tables / "observations.csv")["value"]
    assert read.tolist() == pandas.read_parquet(tables / "observations.parquet")["value"].tolist()


@pytest.mark.parametrize("name", sorted(records.TABLES))
def test_parquet_has_proper_types_and_the_cells_of_csv(tables: Path, name: str) -> None:
    typed = parquet.read_table(tables / f"{name}.parquet")
    assert {column.name: str(column.type) for column in typed.schema} == {
        column: {
            "text": "string",
            "list": "list<element: string>",
            "whole": "int32",
            "number": "double",
            "truth": "bool",
            "day": "date32[day]",
        }[kind]
        for column, kind in records.TABLES[name].columns.items()
    }
    text = (tables / f"{name}.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert len(rows) == typed.num_rows

    def shown(cell: object) -> str:
        if isinstance(cell, list):
            return "|".join(cell)
        if isinstance(cell, bool):
            return str(cell).lower()
        return "" if cell is None else str(cell).removesuffix(".0") if isinstance(cell, float) else str(cell)

    for row, cells in zip(rows, typed.to_pylist(), strict=True):
        assert {key: value.removeprefix("'") for key, value in row.items()} == {
            key: shown(value) for key, value in cells.items()
        }


def test_duckdb_takes_both_for_the_same_types(tables: Path) -> None:
    for name in records.TABLES:
        kinds = []
        for form in ("csv", "parquet"):
            rows = duckdb.sql(f"DESCRIBE SELECT * FROM '{tables / name}.{form}'").fetchall()
            kinds.append({row[0]: row[1] for row in rows})
        assert list(kinds[0]) == list(kinds[1])
        for column, kind in records.TABLES[name].columns.items():
            if kind in ("number", "truth", "day") and kinds[0][column] != "VARCHAR":
                assert kinds[0][column] == kinds[1][column]


def test_every_quote_stands_in_its_text(corpus_build: Path, tables: Path) -> None:
    for name in ("facts", "observations"):
        rows = pandas.read_parquet(tables / f"{name}.parquet").dropna(subset=["quote"])
        assert len(rows)
        for row in rows.itertuples():
            text = (
                (corpus_build / "texts" / f"{row.document_iri.rpartition('/')[2]}.txt").read_bytes().decode()
            )
            assert text[int(row.start) : int(row.end)] == row.quote


def test_rows_join_by_their_iris(tables: Path) -> None:
    things = set(pandas.read_parquet(tables / "entities.parquet")["iri"])
    reports = set(pandas.read_parquet(tables / "documents.parquet")["iri"])
    facts = pandas.read_parquet(tables / "facts.parquet")
    numbers = pandas.read_parquet(tables / "observations.parquet")
    assert reports <= things
    assert {*facts["subject_iri"], *facts["object_iri"], *numbers["of_iri"]} <= things
    assert {*facts["document_iri"].dropna(), *numbers["document_iri"]} <= reports


def test_the_page_on_exports_explains_every_column() -> None:
    page = (ROOT / "docs" / "exports.md").read_text("utf-8")
    for name, table in records.TABLES.items():
        section = page[page.index(f"\n**{name}**") :].split("\n\n")[1]
        explained = re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in section.splitlines()))
        assert explained, name
        assert sorted(explained) == sorted(table.columns)
    for form in exporting.FORMATS:
        assert f"`{form}`" in page


# ---------------------------------------------------------------- networks


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networkx_reads_things_as_nodes_and_facts_as_edges(
    corpus_build: Path, tables: Path, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"network.{form}"
    path.write_text(one_file(corpus_build, form), "utf-8")
    graph = networkx.read_graphml(path) if form == "graphml" else networkx.read_gexf(path, version="1.3")
    things = pandas.read_parquet(tables / "entities.parquet").set_index("iri")
    facts = pandas.read_parquet(tables / "facts.parquet")
    assert set(graph.nodes) == set(things.index)
    edges = Counter((one, data["predicate"], other) for one, other, data in graph.edges(data=True))
    assert edges == Counter(
        set(facts[["subject_iri", "predicate", "object_iri"]].itertuples(index=False, name=None))
    )
    for node, data in graph.nodes(data=True):
        assert (data["label"], data["kind"]) == (things.name[node], things.kind[node])
        assert data["documents"] == things.documents[node]
    planned = {
        fact for fact, said in facts.groupby(["subject_iri", "predicate", "object_iri"]) if said.planned.all()
    }
    assert {
        (one, data["predicate"], other) for one, other, data in graph.edges(data=True) if data["planned"]
    } == planned


# ---------------------------------------------------------------- Neo4j


TYPES = {
    "int": int,
    "double": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": pandas.Timestamp,
}
HEADER = re.compile(
    r"(?P<name>\w*)(?::(?P<kind>ID|LABEL|START_ID|END_ID|TYPE|int|double|boolean|date|string)(?P<array>\[\])?)?"
)


def imported(path: Path) -> Iterator[dict[str, object]]:
    """Read a file by the rules of neo4j-admin's manual: typed headers, RFC 4180 quoting, no empty strings."""
    text = path.read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    head, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    fields = [HEADER.fullmatch(name) for name in head]
    assert all(fields), head
    assert len(set(head)) == len(head)
    for row in rows:
        assert len(row) == len(head)
        values: dict[str, object] = {}
        for field, cell in zip(fields, row, strict=True):
            assert field is not None
            if cell:
                read = TYPES.get(field["kind"] or "", str)
                listed = field["array"] or field["kind"] == "LABEL"
                key = (
                    field["kind"]
                    if field["kind"] in ("ID", "LABEL", "START_ID", "END_ID", "TYPE")
                    else field["name"]
                )
                values[key] = [read(item) for item in cell.split(neo4j.ARRAY)] if listed else read(cell)
        yield values


@pytest.fixture(scope="module")
def import_set(corpus_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("neo4j")
    exporting.export_files(corpus_build, "neo4j", Part(), ids.DEFAULT_BASE, target)
    return target


def test_an_importer_finds_every_node_once_and_both_ends_of_every_relationship(
    corpus_build: Path, tables: Path, import_set: Path
) -> None:
    nodes = [*imported(import_set / "entities.csv"), *imported(import_set / "observations.csv")]
    known = Counter(node["ID"] for node in nodes)
    assert max(known.values()) == 1
    assert len(nodes) == sum(count(corpus_build, *ROWS[name]) for name in ("entities", "observations"))
    for node in nodes:
        labels = node["LABEL"]
        assert isinstance(labels, list)
        assert set(labels) <= {"Thing", "Observation", *terms.ENTITY_CLASSES, "Report"}
    links = {
        name: list(imported(import_set / name)) for name in ("facts.csv", "observed.csv", "mentions.csv")
    }
    for link in itertools.chain.from_iterable(links.values()):
        assert link["START_ID"] in known and link["END_ID"] in known
        assert re.fullmatch("[A-Z]+(_[A-Z]+)*", str(link["TYPE"]))
    facts = pandas.read_parquet(tables / "facts.parquet")
    assert len(links["facts.csv"]) == len(facts.groupby(["subject_iri", "predicate", "object_iri"]))
    assert len(links["mentions.csv"]) == count(corpus_build, "?r gov:mentions ?x", "COUNT(*)")
    assert Counter(link["TYPE"] for link in links["observed.csv"]) == {
        "OBSERVED_FOR": count(corpus_build, "?o gov:observedFor ?x", "COUNT(*)"),
        "STATED_IN": count(corpus_build, "?o a gov:Observation", "COUNT(*)"),
    }


def test_relationships_carry_all_the_words(tables: Path, import_set: Path) -> None:
    facts = pandas.read_parquet(tables / "facts.parquet").dropna(subset=["quote"])
    done = facts[~facts.planned]
    words = {
        (one, neo4j.relationship(way), other): sorted(rows.quote)
        for (one, way, other), rows in done.groupby(["subject_iri", "predicate", "object_iri"])
    }
    found = {
        (link["START_ID"], link["TYPE"], link["END_ID"]): sorted(link["quotes"])  # type: ignore[call-overload]
        for link in imported(import_set / "facts.csv")
        if "quotes" in link and not link["planned"]
    }
    assert found == words


def test_the_script_names_the_files_and_the_options_that_they_need(import_set: Path) -> None:
    script = (import_set / "import.sh").read_text("utf-8")
    run("sh", "-n", import_set / "import.sh")
    named = set(re.findall(r"--(?:nodes|relationships)=(\S+)", script))
    assert named == {path.name for path in import_set.glob("*.csv")}
    assert f'--array-delimiter="U+{ord(neo4j.ARRAY):04X}"' in script
    # What the script would start, with a stand-in for the program, in a folder of any name.
    place = import_set / "with space"
    shutil.copytree(import_set, place, ignore=shutil.ignore_patterns("with space"))
    (place / "bin").mkdir()
    (place / "bin" / "neo4j-admin").write_text('#!/bin/sh\nfor word; do echo "$word"; done\n')
    (place / "bin" / "neo4j-admin").chmod(0o755)
    said = run("sh", place / "import.sh", "policy", NEO4J_HOME=str(place)).splitlines()
    assert said[:3] == ["database", "import", "full"]
    assert said[-1] == "policy"
    assert set(said[3:-1]) >= {f"--nodes={name}" for name in ("entities.csv", "observations.csv")}
    for statement in (import_set / "constraints.cypher").read_text("utf-8").split(";\n")[:-1]:
        assert re.match(
            r"CREATE (CONSTRAINT|INDEX|FULLTEXT INDEX) \w+ IF NOT EXISTS FOR \(n:\w+\) ", statement
        )


def test_text_that_would_do_harm_stays_text_in_every_table(tmp_path: Path) -> None:
    hard = {
        f"难{number}.txt": f"昌江黎族自治县2021年报告\n我县开展{text}。".replace("\ufeff", "")
        for number, text in enumerate(builds.HOSTILE)
    }
    with pytest.MonkeyPatch.context() as patch:
        builds.use_stand_in(patch)
        builds.run(builds.fill(tmp_path / "in", {**builds.FILES, **hard}), tmp_path / "out")
    for form in exporting.FOLDERS:
        exporting.export_files(tmp_path / "out", form, Part(), ids.DEFAULT_BASE, tmp_path / form)
    prefixes = {"gov": terms.GOV, "skos": str(rdflib.SKOS)}
    asked = f"SELECT DISTINCT ?s ?n {{ ?s a ?k ; skos:prefLabel ?n {THING} }}"
    rows = store.open_store(tmp_path / "out").query(asked, prefixes=prefixes)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    names = sorted({row["n"].value for row in rows})
    assert any("\x1b" in name for name in names) and "<script>alert(1)</script>" in names
    typed = parquet.read_table(tmp_path / "parquet" / "entities.parquet")["name"].to_pylist()
    imports = [str(node["name"]) for node in imported(tmp_path / "neo4j" / "entities.csv")]
    text = (tmp_path / "csv" / "entities.csv").read_bytes().decode("utf-8-sig")
    plain = [row["name"].removeprefix("'") for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert sorted(set(typed)) == sorted(set(imports)) == names
    assert set(plain) == {name.removeprefix("'") for name in names}
    links = list(imported(tmp_path / "neo4j" / "facts.csv"))
    known = {node["ID"] for node in imported(tmp_path / "neo4j" / "entities.csv")}
    assert links and {link[end] for link in links for end in ("START_ID", "END_ID")} <= known


# ---------------------------------------------------------------- every run the same, any size


WRITE_ALL = """
import sys
from pathlib import Path
from kg.graph import exporting
folder, target, base = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for form in exporting.FORMATS:
    if form in exporting.FOLDERS:
        exporting.export_files(folder, form, exporting.Part(), base, target / form)
    else:
        for entail in {False, form in exporting.RDF}:
            chunks = exporting.export(folder, form, exporting.Part(), base, entail=entail)
            (target / f"graph.{form}.{entail}").write_bytes(b"".join(chunks))
"""


def test_every_process_writes_the_same_bytes(corpus_build: Path, tmp_path: Path) -> None:
    found = []
    for seed in ("1", "2"):
        target = tmp_path / seed
        target.mkdir()
        run(sys.executable, "-c", WRITE_ALL, corpus_build, target, ids.DEFAULT_BASE, PYTHONHASHSEED=seed)
        found.append(
            {
                path.relative_to(target).as_posix(): path.read_bytes()
                for path in sorted(target.rglob("*"))
                if path.is_file()
            }
        )
    assert len(found[0]) >= len(exporting.FORMATS) + len(exporting.RDF)
    assert found[0] == found[1]


@pytest.mark.parametrize("run_size", [1, 50, 10_000])
def test_sorting_on_disk_is_sorting_in_memory(run_size: int) -> None:
    lines = [f"{number * 7919 % 1000} 区{number % 13}" for number in range(3000)]
    assert list(sorting.distinct(lines, run_size)) == sorted(set(lines))


@pytest.mark.parametrize("run_size", [0, 100, 3000, 1_000_000])
@pytest.mark.parametrize("files", [2, 7, 128])
def test_graphs_grouped_on_disk_are_those_grouped_in_memory(
    monkeypatch: pytest.MonkeyPatch, run_size: int, files: int
) -> None:
    monkeypatch.setattr(grouping, "_OPEN_FILES", files)
    # What many graphs say of a thing, what one says of it, and texts that could be taken for graphs.
    triples = [
        (f"<a:{number % 9}>", "<a:p>", f'"区 <a:{number % 7}> .{number % 40}"{tail}')
        for number in range(200)
        for tail in ("", "@zh", "^^<a:t>")
    ]
    wanted = {
        (f"<a:{name}>", triple) for number, triple in enumerate(triples) for name in (7, number % 5, 10)
    }
    lines = sorted(nquads.line(*triple, graph) for graph, triple in wanted)
    found = [(graph, list(said)) for graph, said in grouping.by_graph(lines, run_size)]
    assert [graph for graph, _ in found] == sorted({graph for graph, _ in wanted})
    assert [(graph, triple) for graph, said in found for triple in said] == sorted(wanted)


def test_a_graph_of_any_size_is_grouped_in_the_same_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping.by_graph, "__defaults__", (200_000,))

    def lines(size: int) -> Iterator[str]:
        for number in range(size):
            subject = f"<https://a.example/thing/{number:08}>"
            yield f'{subject} <https://a.example/p> "{"文" * 50}" <https://a.example/graph/{number % 50}> .'

    def peak(size: int) -> tuple[int, int]:
        tracemalloc.start()
        found = sum(1 for _, triples in grouping.by_graph(lines(size)) for _ in triples)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return found, most

    (few, small), (many, large) = peak(10_000), peak(80_000)
    assert (few, many) == (10_000, 80_000)
    assert large < 1.5 * small
