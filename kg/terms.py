"""The terms of the ontology as code may use them: a closed list, so that a misspelt term is an error at once.

``ontology/govkg.ttl`` defines them; a test keeps this module equal to it. Nothing is parsed on import.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.errors import RuleError

GOV: Final = "https://w3id.org/govkg/ontology#"
ONTOLOGY: Final = "https://w3id.org/govkg/ontology"
CONCEPTS: Final = "https://w3id.org/govkg/id/concept/"
STRUCTURE: Final = "https://w3id.org/govkg/ontology/cube#structure"
"""The Data Cube structure of all observations: ``ontology/cube.ttl``."""

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gov": GOV,
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "org": "http://www.w3.org/ns/org#",
        "eli": "http://data.europa.eu/eli/ontology#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "schema": "https://schema.org/",
        "time": "http://www.w3.org/2006/time#",
        "cv": "http://data.europa.eu/m8g/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "void": "http://rdfs.org/ns/void#",
        "sh": "http://www.w3.org/ns/shacl#",
    }
)
"""Prefixes of the vocabularies in a graph and in the queries on it."""

ENTITY_CLASSES: Final = frozenset({"Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour"})
"""Classes of the things that documents name (``kg.model.Kind``)."""

CLASSES: Final = ENTITY_CLASSES | frozenset(
    {"Actor", "PublicInstitution", "Report", "Observation", "Evidence", "Passage"}
)

SIGNATURES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "amended": (("Jurisdiction", "PolicyDocument"), ("Institution", "PolicyDocument")),
        "amends": (("PolicyDocument", "PolicyDocument"),),
        "basedOn": (("PolicyDocument", "PolicyDocument"),),
        "carriedOut": (("Jurisdiction", "Initiative"), ("Institution", "Initiative")),
        "conferredBy": (("Honour", "Institution"),),
        "contributedTo": (("Jurisdiction", "PolicyDocument"), ("Institution", "PolicyDocument")),
        "established": (("Jurisdiction", "Institution"), ("Institution", "Institution")),
        "implemented": (("Jurisdiction", "PolicyDocument"), ("Institution", "PolicyDocument")),
        "issued": (("Jurisdiction", "PolicyDocument"), ("Institution", "PolicyDocument")),
        "partOf": (("Institution", "Institution"), ("Initiative", "Initiative")),
        "promoted": (("Jurisdiction", "PolicyDocument"), ("Institution", "PolicyDocument")),
        "received": (("Jurisdiction", "Honour"), ("Institution", "Honour")),
        "repealed": (("Jurisdiction", "PolicyDocument"), ("Institution", "PolicyDocument")),
        "repeals": (("PolicyDocument", "PolicyDocument"),),
        "reportedTo": (("Jurisdiction", "Institution"), ("Institution", "Institution")),
        "serves": (("Institution", "Jurisdiction"),),
        "specifies": (("PolicyDocument", "Initiative"),),
        "within": (("Jurisdiction", "Jurisdiction"),),
        "workedWith": (("Institution", "Institution"),),
    }
)
"""For each fact predicate, the pairs of classes that it may join (subject, object)."""

FACT_PREDICATES: Final = frozenset(SIGNATURES)
"""Predicates of facts, also those that come from reference data."""

REFERENCE_PREDICATES: Final = frozenset({"within", "serves"})
"""Predicates that follow from identity and reference data and need no evidence."""

DATATYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "approximate": ("boolean",),
        "bound": ("string",),
        "code": ("string",),
        "docNumber": ("string",),
        "end": ("nonNegativeInteger", "integer"),
        "flag": ("string",),
        "indexNumber": ("string",),
        "offset": ("integer",),
        "orgCode": ("string",),
        "period": ("gYear", "gYearMonth", "date", "string"),
        "periodEnd": ("gYear", "gYearMonth", "date"),
        "periodStart": ("gYear", "gYearMonth", "date"),
        "planned": ("boolean",),
        "published": ("date",),
        "quote": ("string",),
        "reportingYear": ("gYear",),
        "rule": ("string",),
        "section": ("string",),
        "sha256": ("string",),
        "sourceFile": ("string",),
        "start": ("nonNegativeInteger", "integer"),
        "trial": ("boolean",),
        "validFrom": ("date", "gYear"),
        "validTo": ("date", "gYear"),
        "value": ("decimal",),
        "year": ("gYear",),
    }
)
"""For each property with literal values, the XSD datatypes it may have, the usual one first."""

DATATYPE_PROPERTIES: Final = frozenset(DATATYPES)
ANNOTATION_PROPERTIES: Final = frozenset({"formerName"})
"""Properties with plain names as values, a former name being a kind of skos:altLabel."""

CONCEPT_PROPERTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "documentType": "document-type",
        "indicator": "indicator",
        "initiativeType": "initiative-type",
        "institutionType": "institution-type",
        "level": "jurisdiction-level",
        "unit": "unit",
    }
)
"""For each property whose values are concepts, the name of the concepts' scheme."""

OBJECT_PROPERTIES: Final = (
    FACT_PREDICATES
    | frozenset(CONCEPT_PROPERTIES)
    | frozenset(
        {
            "addressee",
            "host",
            "issuedBy",
            "issuer",
            "mentions",
            "observedFor",
            "passage",
            "reportsOn",
            "source",
            "succeededBy",
        }
    )
)

PROPERTIES: Final = OBJECT_PROPERTIES | DATATYPE_PROPERTIES | ANNOTATION_PROPERTIES

TERMS: Final = CLASSES | PROPERTIES


def gov(name: str) -> str:
    """Return the IRI of a term of the ontology.

    >>> gov("issued")
    'https://w3id.org/govkg/ontology#issued'

    Raises:
        RuleError: the ontology has no such term.

    """
    if name not in TERMS:
        raise RuleError(f"ontology: no term {name!r}; correct the name or define it in ontology/govkg.ttl")
    return GOV + name


def joins(predicate: str, subject: str, obj: str) -> bool:
    """Tell whether a fact predicate may join a subject and an object of these classes.

    >>> joins("issued", "Institution", "PolicyDocument"), joins("issued", "Institution", "Honour")
    (True, False)
    """
    return (subject, obj) in SIGNATURES.get(predicate, ())
