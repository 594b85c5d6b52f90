"""Reasoners accept the ontology: alone, beside the standards it stands below, and with a graph; and refuse.

HermiT decides consistency in full OWL 2, the OWL API tells the profiles, owlrl runs the rules of OWL 2 RL.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import owlready2
import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg import terms
from kg.resources import ontology_folder

HERE = Path(__file__).parent
JARS = Path("/usr/share/java")
GOV = Namespace(terms.GOV)
ORG = Namespace(terms.PREFIXES["org"])
PROV = terms.PREFIXES["prov"]
ELI = terms.PREFIXES["eli"]
ONTOLOGY = ontology_folder() / "govkg.ttl"
STANDARDS = HERE / "vocabularies" / "standards.ttl"
PREFIXES = f"@prefix gov: <{terms.GOV}> . @prefix rdfs: <{RDFS}> . @prefix owl: <{OWL}> .\n"
RL_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""What owlrl hangs its complaints on."""
DL_DATATYPES = {XSD.string, XSD.boolean, XSD.integer, XSD.decimal, XSD.nonNegativeInteger}

java = pytest.mark.skipif(shutil.which("java") is None, reason="needs java: scripts/install_system.sh")
owlapi = pytest.mark.skipif(
    shutil.which("javac") is None or not (JARS / "owlapi-distribution.jar").exists(),
    reason="needs the OWL API and a JDK: scripts/install_system.sh",
)


def graph_of(*files: Path, more: str = "") -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file)
    return graph.parse(data=PREFIXES + more, format="turtle")


# ---------------------------------------------------------------- consistency, by HermiT


def unsatisfiable(graph: Graph) -> set[str] | None:
    """Return the classes that can have no member, or None if the graph contradicts itself."""
    world = owlready2.World()
    data = io.BytesIO(graph.serialize(format="nt", encoding="utf-8"))
    ontology = world.get_ontology("http://example.org/checked").load(fileobj=data)
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    return {found.iri for found in world.inconsistent_classes()} - {str(OWL.Nothing)}


@java
def test_the_ontology_is_consistent_and_each_class_can_have_members() -> None:
    assert unsatisfiable(graph_of(ONTOLOGY)) == set()


@java
def test_the_ontology_is_consistent_with_the_vocabularies_it_stands_below() -> None:
    assert unsatisfiable(graph_of(ONTOLOGY, STANDARDS)) == set()


CONTRADICTIONS = {
    "a body that is a document": "<urn:x> a gov:Institution, gov:PolicyDocument .",
    "a place that is a body": "<urn:x> a gov:Jurisdiction, gov:Institution .",
    "an initiative that issues": "<urn:x> a gov:Initiative ; gov:issued <urn:y> .",
    "a document based on itself": "<urn:x> gov:basedOn <urn:x> .",
    "two quotes of a passage": '<urn:x> gov:quote "甲", "乙" .',
    "an offset that is text": '<urn:x> gov:offset "十" .',
    "evidence that is a passage": "<urn:x> gov:passage <urn:y> . <urn:y> a gov:Evidence .",
}


@java
@pytest.mark.parametrize("planted", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_the_reasoner_refuses_a_planted_contradiction(planted: str) -> None:
    assert unsatisfiable(graph_of(ONTOLOGY, more=planted)) is None


@java
def test_the_reasoner_names_a_planted_class_without_members() -> None:
    planted = "<urn:X> a owl:Class ; rdfs:subClassOf gov:Honour, gov:PolicyDocument ."
    assert unsatisfiable(graph_of(ONTOLOGY, more=planted)) == {"urn:X"}


@java
def test_the_reasoner_names_classes_that_a_planted_wrong_alignment_empties() -> None:
    """PROV holds activities and entities apart, and a document is an entity."""
    planted = "gov:PolicyDocument rdfs:subClassOf <http://www.w3.org/ns/prov#Activity> ."
    found = unsatisfiable(graph_of(ONTOLOGY, STANDARDS, more=planted))
    assert found == {terms.GOV + "PolicyDocument", terms.GOV + "Report"}


def stated(build: Path) -> Graph:
    """Return what a build says in terms OWL 2 DL has: dates and the parts of RDF statements left out."""
    graph = Graph().parse(build / "graph.ttl")
    for fact in list(graph):
        _, predicate, obj = fact
        reified = predicate in (RDF.subject, RDF.predicate, RDF.object)
        if reified or (isinstance(obj, Literal) and obj.datatype and obj.datatype not in DL_DATATYPES):
            graph.remove(fact)
    return graph


@java
def test_a_graph_is_consistent_with_the_ontology_and_the_standards(corpus_build: Path) -> None:
    graph = stated(corpus_build) + graph_of(ONTOLOGY, STANDARDS)
    assert unsatisfiable(graph) == set()


@java
def test_a_contradiction_in_a_graph_is_refused(corpus_build: Path) -> None:
    graph = stated(corpus_build) + graph_of(ONTOLOGY)
    document = next(graph.subjects(RDF.type, GOV.PolicyDocument))
    graph.add((document, RDF.type, GOV.Institution))
    assert unsatisfiable(graph) is None


# ---------------------------------------------------------------- profiles, by the OWL API


def violations(*files: Path) -> list[str]:
    """Return what keeps ontologies out of OWL 2 DL and RL, each a line that begins with the profile."""
    command = ["java", "-cp", f"{JARS}/*", str(HERE / "helpers" / "ProfileCheck.java"), *map(str, files)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert sum(line.startswith("read ") for line in lines) == len(files)
    return [line for line in lines if not line.startswith("read ")]


@owlapi
def test_the_ontology_is_in_owl_2_dl_and_in_its_profile_rl() -> None:
    assert violations(ONTOLOGY) == []


OUTSIDE = {
    "OWL2_RL Use of non-equivalent class": "gov:Honour owl:equivalentClass "
    "[ a owl:Restriction ; owl:onProperty gov:conferredBy ; owl:someValuesFrom gov:Institution ] .",
    "OWL2_RL Use of non-superclass": "gov:Honour rdfs:subClassOf "
    "[ a owl:Restriction ; owl:onProperty gov:conferredBy ; owl:someValuesFrom gov:Institution ] .",
    "OWL2_DL Use of reserved vocabulary": "gov:Evidence rdfs:subClassOf "
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement> .",
    "OWL2_DL Use of undeclared": "gov:Honour rdfs:subClassOf <urn:undeclared> .",
}


@owlapi
@pytest.mark.parametrize(("complaint", "planted"), OUTSIDE.items(), ids=OUTSIDE)
def test_a_planted_violation_of_a_profile_is_reported(complaint: str, planted: str, tmp_path: Path) -> None:
    path = tmp_path / "planted.ttl"
    graph_of(ONTOLOGY, more=planted).serialize(path, format="turtle")
    found = violations(path)
    assert any(line.startswith(complaint) for line in found), found


# ---------------------------------------------------------------- rules of OWL 2 RL, by owlrl


def closure(graph: Graph) -> Graph:
    """Add what the rules of OWL 2 RL infer."""
    rules = owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
    )
    rules.expand(graph)
    return graph


def complaints(graph: Graph) -> set[str]:
    return {str(found) for found in graph.objects(None, RL_ERROR)}


def sample() -> Graph:
    """Return one thing of each class, and every property stated between things of each of its classes."""
    graph = Graph()
    things = {name: URIRef(f"urn:thing:{name}") for name in terms.CLASSES - {"Actor", "PublicInstitution"}}
    others = {name: URIRef(f"urn:other:{name}") for name in things}
    for name, thing in things.items():
        graph.add((thing, RDF.type, GOV[name]))
        graph.add((others[name], RDF.type, GOV[name]))
    for predicate, pairs in terms.SIGNATURES.items():
        for subject, obj in pairs:
            graph.add((things[subject], GOV[predicate], others[obj]))
    report, body, place = things["Report"], things["Institution"], things["Jurisdiction"]
    links = {
        "mentions": [(report, others[name]) for name in sorted(terms.ENTITY_CLASSES)],
        "observedFor": [(things["Observation"], others[name]) for name in ("Jurisdiction", "Report")],
        "passage": [(things[name], things["Passage"]) for name in ("Evidence", "Observation")],
        "addressee": [(report, body)],
        "issuer": [(report, body), (report, place)],
        "reportsOn": [(report, place)],
        "source": [(things["Passage"], report)],
        "host": [(place, others["Jurisdiction"])],
        "succeededBy": [(body, others["Institution"])],
        "issuedBy": [(things["PolicyDocument"], body)],
    }
    assert set(links) == terms.OBJECT_PROPERTIES - terms.FACT_PREDICATES - set(terms.CONCEPT_PROPERTIES)
    for predicate, pairs in links.items():
        for subject, obj in pairs:
            graph.add((subject, GOV[predicate], obj))
    event = URIRef("urn:event:ChangeEvent")
    graph.add((event, RDF.type, ORG.ChangeEvent))
    graph.add((event, ORG.originalOrganization, body))
    graph.add((event, ORG.resultingOrganization, others["Institution"]))
    return graph


def types(graph: Graph) -> dict[str, set[str]]:
    """Return the named classes of the sample's things, by thing."""
    found: dict[str, set[str]] = {}
    for thing, kind in graph.subject_objects(RDF.type):
        if str(thing).startswith("urn:") and isinstance(kind, URIRef) and kind != OWL.Thing:
            found.setdefault(str(thing), set()).add(str(kind))
    return found


LEARNT = {
    # Whoever issues is one that ELI calls an agent, though we do not say so of all actors.
    ("Institution", ELI + "Agent"),
    ("Jurisdiction", ELI + "Agent"),
    # What a change of bodies used or generated is an entity, to PROV; an agent may be one.
    ("Institution", PROV + "Entity"),
}
"""What standard vocabularies tell of a thing from the properties it has, beyond its class."""


def test_wider_properties_put_no_thing_into_a_wrong_class() -> None:
    """What ORG, PROV, ELI and the others infer from a property must follow from the classes it joins."""
    bare = Graph()
    for fact in sample().triples((None, RDF.type, None)):
        bare.add(fact)
    alone = types(closure(bare + graph_of(ONTOLOGY, STANDARDS)))
    joined = closure(sample() + graph_of(ONTOLOGY, STANDARDS))
    assert complaints(joined) == set()
    learnt = {
        (thing.rsplit(":", 1)[1], kind)
        for thing, kinds in types(joined).items()
        for kind in kinds - alone.get(thing, set())
    }
    assert learnt == LEARNT


def test_a_property_below_a_wrong_one_is_found() -> None:
    planted = "gov:issued rdfs:subPropertyOf <http://www.w3.org/ns/org#linkedTo> ."
    joined = closure(sample() + graph_of(ONTOLOGY, STANDARDS, more=planted))
    assert "http://www.w3.org/ns/org#Organization" in types(joined)["urn:thing:Jurisdiction"]


def inferred(more: str) -> Graph:
    return closure(graph_of(ONTOLOGY, more=more))


INFERENCES: list[tuple[str, tuple[Node, Node, Node]]] = [
    (
        "<urn:b> gov:issued <urn:d> .",
        (URIRef("urn:d"), URIRef(ELI + "passed_by"), URIRef("urn:b")),
    ),
    (
        "<urn:b> gov:issued <urn:d> .",
        (URIRef("urn:d"), URIRef("http://purl.org/dc/terms/creator"), URIRef("urn:b")),
    ),
    (
        f"<urn:b> gov:institutionType <{terms.CONCEPTS}institution-type/court> .",
        (URIRef("urn:b"), RDF.type, GOV.PublicInstitution),
    ),
    (
        "<urn:town> gov:within <urn:county> . <urn:county> gov:within <urn:city> .",
        (URIRef("urn:town"), GOV.within, URIRef("urn:city")),
    ),
    ("<urn:a> gov:workedWith <urn:b> .", (URIRef("urn:b"), GOV.workedWith, URIRef("urn:a"))),
    (
        "<urn:zone> gov:host <urn:city> .",
        (URIRef("urn:zone"), URIRef("http://www.opengis.net/ont/geosparql#sfWithin"), URIRef("urn:city")),
    ),
]


@pytest.mark.parametrize(("stated_facts", "follows"), INFERENCES)
def test_rules_of_owl_rl_infer_what_generic_tools_ask_for(
    stated_facts: str, follows: tuple[Node, Node, Node]
) -> None:
    assert follows not in graph_of(ONTOLOGY, more=stated_facts)
    assert follows in inferred(stated_facts)


def test_a_law_firm_is_no_public_institution() -> None:
    told = inferred(f"<urn:b> gov:institutionType <{terms.CONCEPTS}institution-type/law-firm> .")
    assert (URIRef("urn:b"), RDF.type, GOV.PublicInstitution) not in told
    assert (URIRef("urn:b"), RDF.type, GOV.Institution) in told


def test_a_graph_gives_the_rules_of_owl_rl_nothing_to_complain_of(corpus_build: Path) -> None:
    """Dates and all, and with reification.ttl; three reports, for the rules are slow. HermiT sees all."""
    quads = Dataset(default_union=True)
    quads.parse(corpus_build / "graph.nq", format="nquads")
    reports = sorted(str(graph.identifier) for graph in quads.graphs() if "/report/" in str(graph.identifier))
    graph = graph_of(ONTOLOGY, ontology_folder() / "reification.ttl")
    for name in (*reports[:3], terms.CONCEPTS.removesuffix("concept/") + "reference"):
        graph += quads.graph(URIRef(name))
    told = closure(graph)
    assert complaints(told) == set()
    assert not list(told.subjects(RDF.type, OWL.Nothing))
    passed_by = URIRef(ELI + "passed_by")
    issued = set(graph.subject_objects(GOV.issued))
    assert issued
    assert {(body, document) for document, body in told.subject_objects(passed_by)} >= issued


def test_the_rules_of_owl_rl_complain_of_a_planted_contradiction() -> None:
    assert complaints(inferred("<urn:x> a gov:Institution, gov:PolicyDocument ."))
