"""The ontology, its shapes and its concept schemes say what the code relies on, without contradiction."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import ids, terms
from kg.errors import RuleError
from kg.resources import RULE_DATA, ontology_folder
from kg.rules import canonical, concepts, tables

GOV = Namespace(terms.GOV)
SCHEMA = Namespace(terms.PREFIXES["schema"])
HERE = Path(__file__).parent
ROOT = HERE.parent


@cache
def parsed(name: str) -> Graph:
    return Graph().parse(ontology_folder() / name, format="turtle")


def named(*kinds: Node) -> set[str]:
    graph = parsed("govkg.ttl")
    found = set(itertools.chain.from_iterable(graph.subjects(RDF.type, kind) for kind in kinds))
    return {str(term).removeprefix(terms.GOV) for term in found if str(term).startswith(terms.GOV)}


def languages(graph: Graph, subject: Node, predicate: Node) -> list[str]:
    texts = graph.objects(subject, predicate)
    return sorted(str(text.language) for text in texts if isinstance(text, Literal))


# ---------------------------------------------------------------- terms


def test_the_code_knows_exactly_the_terms_of_the_ontology() -> None:
    assert named(OWL.Class) == terms.CLASSES
    assert named(OWL.ObjectProperty) == terms.OBJECT_PROPERTIES
    assert named(OWL.DatatypeProperty) == terms.DATATYPE_PROPERTIES
    assert named(OWL.AnnotationProperty) == terms.ANNOTATION_PROPERTIES


def test_no_term_is_a_class_and_a_property_or_two_kinds_of_property() -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    for one, other in itertools.combinations(kinds, 2):
        assert not set(parsed("govkg.ttl").subjects(RDF.type, one)) & set(
            parsed("govkg.ttl").subjects(RDF.type, other)
        )


def test_a_misspelt_term_is_an_error() -> None:
    assert terms.gov("carriedOut") == terms.GOV + "carriedOut"
    with pytest.raises(RuleError, match="carriedOutt"):
        terms.gov("carriedOutt")


def test_terms_are_known_without_loading_rdflib() -> None:
    code = "import sys, kg.terms; sys.exit('rdflib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


@pytest.mark.parametrize("name", sorted(terms.TERMS))
def test_every_term_is_named_defined_and_shown_by_an_example(name: str) -> None:
    graph = parsed("govkg.ttl")
    term = GOV[name]
    for wording in (RDFS.label, SKOS.definition, SKOS.example):
        assert languages(graph, term, wording) == ["en", "zh"], wording
    assert (term, RDFS.isDefinedBy, URIRef(terms.ONTOLOGY)) in graph


def test_labels_are_unique_in_each_language() -> None:
    classes = {GOV[name] for name in terms.CLASSES}
    labels = [
        (label, term in classes)
        for term, label in parsed("govkg.ttl").subject_objects(RDFS.label)
        if str(term).startswith(terms.GOV)
    ]
    assert len(labels) == len(set(labels))


def classes_of(term: URIRef, plain: URIRef, loose: URIRef) -> set[str]:
    graph = parsed("govkg.ttl")
    names = {
        str(found).removeprefix(terms.GOV)
        for found in (*graph.objects(term, plain), *graph.objects(term, loose))
    }
    return names - {"Actor"} | ({"Jurisdiction", "Institution"} if "Actor" in names else set())


@pytest.mark.parametrize("name", sorted(terms.FACT_PREDICATES))
def test_the_classes_a_fact_joins_are_the_domain_and_range_of_its_predicate(name: str) -> None:
    subjects = {subject for subject, _ in terms.SIGNATURES[name]}
    objects = {obj for _, obj in terms.SIGNATURES[name]}
    assert classes_of(GOV[name], RDFS.domain, SCHEMA.domainIncludes) == subjects
    assert classes_of(GOV[name], RDFS.range, SCHEMA.rangeIncludes) == objects


@pytest.mark.parametrize("name", sorted(terms.PROPERTIES))
def test_every_property_says_what_it_is_of(name: str) -> None:
    assert classes_of(GOV[name], RDFS.domain, SCHEMA.domainIncludes) <= terms.CLASSES
    assert classes_of(GOV[name], RDFS.domain, SCHEMA.domainIncludes)


@pytest.mark.parametrize("name", sorted(terms.DATATYPES))
def test_datatypes_of_the_code_are_those_of_the_ontology(name: str) -> None:
    graph = parsed("govkg.ttl")
    given = {*graph.objects(GOV[name], RDFS.range), *graph.objects(GOV[name], SCHEMA.rangeIncludes)}
    stated = {str(kind).removeprefix(str(XSD)) for kind in given if isinstance(kind, URIRef)}
    # A store may hand xsd:nonNegativeInteger back as xsd:integer.
    known = set(terms.DATATYPES[name])
    if "nonNegativeInteger" in known:
        known -= {"integer"}
    assert stated == known


# ---------------------------------------------------------------- alignment

ALIGNMENTS = [
    ("Jurisdiction", "schema", "AdministrativeArea"),
    ("Jurisdiction", "cv", "AdminUnit"),
    ("Jurisdiction", "geo", "Feature"),
    ("Institution", "org", "Organization"),
    ("PublicInstitution", "cv", "PublicOrganisation"),
    ("Actor", "prov", "Agent"),
    ("PolicyDocument", "eli", "LegalResource"),
    ("Report", "gov", "PolicyDocument"),
    ("Observation", "qb", "Observation"),
    ("Evidence", "prov", "Entity"),
    ("basedOn", "eli", "based_on"),
    ("documentType", "eli", "type_document"),
    ("docNumber", "dcterms", "identifier"),
    ("formerName", "skos", "altLabel"),
    ("institutionType", "org", "classification"),
    ("orgCode", "org", "identifier"),
    ("workedWith", "org", "linkedTo"),
    ("within", "schema", "containedInPlace"),
    ("within", "geo", "sfWithin"),
    ("host", "gov", "within"),
    ("mentions", "dcterms", "references"),
    ("issuer", "dcterms", "publisher"),
    ("issuer", "eli", "passed_by"),
    ("issuedBy", "eli", "passed_by"),
    ("issuedBy", "dcterms", "creator"),
    ("source", "prov", "wasQuotedFrom"),
    ("passage", "prov", "wasDerivedFrom"),
]


@pytest.mark.parametrize(("name", "prefix", "wider"), ALIGNMENTS)
def test_terms_are_aligned_with_the_standard_vocabularies(name: str, prefix: str, wider: str) -> None:
    up = RDFS.subClassOf if name in terms.CLASSES else RDFS.subPropertyOf
    assert (GOV[name], up, URIRef(terms.PREFIXES[prefix] + wider)) in parsed("govkg.ttl")


@pytest.mark.parametrize("name", sorted(terms.TERMS))
def test_every_term_is_below_a_standard_one_or_names_what_comes_nearest(name: str) -> None:
    graph = parsed("govkg.ttl")
    above = {
        found
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        for found in graph.transitive_objects(GOV[name], predicate)
    }
    known = {str(found) for found in above | set(graph.objects(GOV[name], RDFS.seeAlso))}
    assert any(found.startswith("http") and not found.startswith(terms.ONTOLOGY) for found in known)


def test_evidence_is_a_statement_of_rdf() -> None:
    """Said beside the ontology: OWL 2 keeps rdf:Statement for itself."""
    assert set(parsed("reification.ttl").objects(GOV.Evidence, RDFS.subClassOf)) == {RDF.Statement}
    assert (GOV.Evidence, RDFS.seeAlso, RDF.Statement) in parsed("govkg.ttl")


def test_wider_terms_are_declared_as_the_same_kind_of_term() -> None:
    graph = parsed("govkg.ttl")
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    for up in (RDFS.subClassOf, RDFS.subPropertyOf):
        for narrow, wide in graph.subject_objects(up):
            if isinstance(narrow, BNode):  # an axiom about what has a type, of OWL itself
                continue
            mine = kinds & set(graph.objects(narrow, RDF.type))
            assert mine == kinds & set(graph.objects(wide, RDF.type)), (narrow, wide)


def test_domains_follow_from_no_wider_property_of_our_own() -> None:
    """What a superproperty of our own infers about an end must hold for the narrower property, too."""
    graph = parsed("govkg.ttl")
    for narrow, wide in graph.subject_objects(RDFS.subPropertyOf):
        if str(wide).startswith(terms.GOV):
            assert set(graph.objects(wide, RDFS.domain)) <= set(graph.objects(narrow, RDFS.domain))


VANN = Namespace("http://purl.org/vocab/vann/")
VOAF = Namespace("http://purl.org/vocommons/voaf#")
HEADER = {
    # What checkers of vocabularies (OOPS!, FOOPS!, Linked Open Vocabularies) look for, and its languages.
    "http://purl.org/dc/terms/title": ["en", "zh"],
    "http://purl.org/dc/terms/description": ["en", "zh"],
    "http://purl.org/dc/terms/abstract": ["en", "zh"],
    "http://purl.org/dc/terms/rights": ["en", "zh"],
    "http://purl.org/dc/terms/license": [],
    "http://purl.org/dc/terms/created": [],
    "http://purl.org/dc/terms/issued": [],
    "http://purl.org/dc/terms/modified": [],
    "http://purl.org/dc/terms/language": [],
    "http://purl.org/ontology/bibo/status": [],
    "https://schema.org/creator": [],
    "https://schema.org/publisher": [],
    str(OWL.versionIRI): [],
    str(OWL.versionInfo): [],
    str(OWL.priorVersion): [],
    str(SKOS.historyNote): ["en", "zh"],
    str(RDFS.label): ["en", "zh"],
    str(VANN.preferredNamespacePrefix): [],
    str(VANN.preferredNamespaceUri): [],
    str(VANN.example): [],
    str(VANN.changes): [],
    str(VOAF.classNumber): [],
    str(VOAF.propertyNumber): [],
    str(VOAF.specializes): [],
    str(VOAF.reliesOn): [],
}


@pytest.mark.parametrize(("predicate", "tags"), HEADER.items())
def test_the_ontology_introduces_itself(predicate: str, tags: list[str]) -> None:
    graph = parsed("govkg.ttl")
    ontology = URIRef(terms.ONTOLOGY)
    assert graph.value(ontology, URIRef(predicate)), predicate
    assert [tag for tag in languages(graph, ontology, URIRef(predicate)) if tag != "None"] == tags


def test_the_ontology_is_versioned() -> None:
    graph = parsed("govkg.ttl")
    ontology = URIRef(terms.ONTOLOGY)
    version = graph.value(ontology, OWL.versionInfo)
    assert graph.value(ontology, OWL.versionIRI) == URIRef(f"{terms.ONTOLOGY}/{version}")
    assert graph.value(ontology, OWL.priorVersion) != graph.value(ontology, OWL.versionIRI)
    for note in graph.objects(ontology, SKOS.historyNote):
        assert str(note).startswith(str(version))
    for name in ("reification.ttl", "cube.ttl", "shapes.ttl"):
        assert parsed(name).value(predicate=OWL.versionInfo, object=version), name


def space(term: Node) -> str:
    """Cut the local name off an IRI."""
    return re.sub(r"[^/#]*$", "", str(term))


def test_the_ontology_counts_its_terms_and_names_the_vocabularies_it_uses() -> None:
    graph = parsed("govkg.ttl")
    ontology = URIRef(terms.ONTOLOGY)
    assert graph.value(ontology, VOAF.classNumber) == Literal(len(terms.CLASSES))
    assert graph.value(ontology, VOAF.propertyNumber) == Literal(len(terms.PROPERTIES))
    wider = {
        space(term)
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        for term in graph.objects(None, predicate)
        if isinstance(term, URIRef)
    } - {terms.GOV}
    assert {str(found) for found in graph.objects(ontology, VOAF.specializes)} == wider
    used = {space(predicate) for predicate in graph.predicates()}
    used |= {space(kind) for kind in graph.objects(None, RDF.type)}
    language = {str(RDF), str(RDFS), str(OWL), str(XSD)}
    assert {str(found) for found in graph.objects(ontology, VOAF.reliesOn)} == (used | wider) - language


def test_the_data_cube_is_made_of_the_properties_of_an_observation() -> None:
    graph = parsed("cube.ttl")
    qb = Namespace(terms.PREFIXES["qb"])
    parts = (qb.dimension, qb.measure, qb.attribute)
    used = {str(found).removeprefix(terms.GOV) for part in parts for found in graph.objects(None, part)}
    of_observation = {
        name
        for name in terms.PROPERTIES
        if "Observation" in classes_of(GOV[name], RDFS.domain, SCHEMA.domainIncludes)
    }
    assert used == of_observation - {"passage", "rule"}
    for part, kind in zip(
        parts, (qb.DimensionProperty, qb.MeasureProperty, qb.AttributeProperty), strict=True
    ):
        assert set(graph.objects(None, part)) == set(graph.subjects(RDF.type, kind))


# ---------------------------------------------------------------- terms of the shapes


def test_shapes_name_only_terms_of_the_ontology() -> None:
    used = {
        str(node) for triple in parsed("shapes.ttl") for node in triple if str(node).startswith(terms.GOV)
    }
    assert {name.removeprefix(terms.GOV) for name in used} <= terms.TERMS


def test_shapes_cover_every_class_that_a_graph_holds() -> None:
    targets = {str(target) for target in parsed("shapes.ttl").objects(None, SH.targetClass)}
    assert {terms.GOV + name for name in terms.CLASSES - {"Actor", "PublicInstitution"}} <= targets


def test_evidence_may_state_every_fact_predicate() -> None:
    graph = parsed("shapes.ttl")
    lists = [
        {str(item).removeprefix(terms.GOV) for item in Collection(graph, head)}
        for shape, head in graph.subject_objects(SH["in"])
        if (shape, SH.path, RDF.predicate) in graph
    ]
    assert max(lists, key=len) == terms.FACT_PREDICATES
    assert set().union(*(found for found in lists if found != terms.FACT_PREDICATES)) == terms.FACT_PREDICATES


# ---------------------------------------------------------------- concept schemes


def test_schemes_are_generated_from_their_table() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "make_schemes.py"), "--check"]
    done = subprocess.run(script, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_concepts_stand_in_one_scheme_with_labels_in_both_languages() -> None:
    graph = parsed("schemes.ttl")
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert len(set(graph.objects(concept, SKOS.inScheme))) == 1
        assert languages(graph, concept, SKOS.prefLabel) == ["en", "zh"], concept
        assert bool(graph.value(concept, SKOS.broader)) != bool(graph.value(concept, SKOS.topConceptOf))


def test_scheme_of_every_concept_property_is_described() -> None:
    graph = parsed("schemes.ttl")
    schemes = {str(scheme) for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme)}
    named = {*terms.CONCEPT_PROPERTIES.values(), canonical.SCHEME}
    assert schemes == {terms.CONCEPTS + name for name in named}


def wider_of(graph: Graph, concept: Node) -> set[Node]:
    return {wider for wider in graph.transitive_objects(concept, SKOS.broader) if wider}


def test_broader_concepts_form_no_circle() -> None:
    graph = parsed("schemes.ttl")
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        above = [wider for near in graph.objects(concept, SKOS.broader) for wider in wider_of(graph, near)]
        assert concept not in above


def test_fifteen_kinds_of_official_documents_are_marked() -> None:
    collection = URIRef(terms.CONCEPTS + "collection/official-document-kinds")
    assert len(set(parsed("schemes.ttl").objects(collection, SKOS.member))) == 15


def test_concepts_named_by_the_ontology_exist() -> None:
    known = set(parsed("schemes.ttl").subjects(RDF.type, SKOS.Concept))
    named_there = {
        node
        for triple in parsed("govkg.ttl")
        for node in triple
        if str(node).startswith(terms.CONCEPTS) and str(node).count("/") == terms.CONCEPTS.count("/") + 1
    }
    assert named_there <= known


def test_concept_identities_are_those_the_code_mints() -> None:
    known = {str(concept) for concept in parsed("schemes.ttl").subjects(RDF.type, SKOS.Concept)}
    assert known == {ids.DEFAULT_BASE + concept.id for concept in concepts.load()}


USES = [
    ("document-type", "documents/types.tsv", "notation"),
    ("document-type", "documents/national.tsv", "kind"),
    ("institution-type", "institutions/cores.tsv", "type"),
    ("institution-type", "institutions/open_suffixes.tsv", "type"),
    ("initiative-type", "initiatives/vocabulary.tsv", "type"),
    ("initiative-type", "initiatives/heads.tsv", "type"),
    ("jurisdiction-level", "places/zone_suffixes.tsv", "kind"),
    ("jurisdiction-level", "places/zones.tsv", "kind"),
    ("unit", "measures/units.tsv", "base"),
]


@pytest.mark.parametrize(("scheme", "table", "column"), USES)
def test_kinds_that_rules_give_are_concepts(scheme: str, table: str, column: str) -> None:
    path = RULE_DATA / table
    there = [concept for concept in concepts.load() if concept.scheme == scheme]
    # A unit is written as text writes it, a kind by its notation.
    known = {word for one in there for word in (one.match if scheme == "unit" else (one.notation,))}
    words = {word for row in tables.read(path, (column,)) for word in row.many(column)}
    assert words - {"none"} - known == set()


def test_relations_that_rules_give_are_fact_predicates() -> None:
    rows = tables.read(RULE_DATA / "relations" / "triggers.tsv", ("predicate",))
    assert {row["predicate"] for row in rows} <= terms.FACT_PREDICATES


# ---------------------------------------------------------------- the table of concepts guards itself

HEADER = "scheme\tnotation\tzh\ten\tbroader\tmatch\n"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("unit\ta\t甲\tone\nunit\ta\t乙\ttwo\n", "'a' already belongs to 'a'"),
        ("unit\ta\t甲\tone\nunit\tb\t甲\ttwo\n", "'甲' already belongs to 'a'"),
        ("unit\ta\t甲\tone\t\t丙\nunit\tb\t乙\ttwo\t\t丙\n", "'丙' already belongs to 'a'"),
        ("unit\ta\t甲\tone\tb\n", "no broader concept 'b'"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, rows: str, problem: str) -> None:
    path = tmp_path / "concepts.tsv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(RuleError, match=r"concepts.tsv:\d+: ") as caught:
        concepts.load(path)
    assert problem in str(caught.value)
