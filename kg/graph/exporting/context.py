"""Names the terms of a graph for JSON-LD, in words that people read: the context of every export."""

from __future__ import annotations

from typing import Any

from kg import terms

ID, VOCABULARY = "@id", "@vocab"

_FROM_OTHERS: tuple[tuple[str, str, str], ...] = (
    ("subject", "rdf:subject", ID),
    ("predicate", "rdf:predicate", VOCABULARY),
    ("object", "rdf:object", ID),
    ("label", "skos:prefLabel", "@language"),
    ("otherLabel", "skos:altLabel", "@language"),
    ("broader", "skos:broader", ID),
    ("inScheme", "skos:inScheme", ID),
    ("title", "dcterms:title", "@language"),
    ("issueDate", "dcterms:issued", "xsd:date"),
    ("documentDate", "eli:date_document", "xsd:date"),
    ("date", "dcterms:date", ""),
    ("dataSet", "qb:dataSet", ID),
    ("takenFrom", "dcterms:source", ID),
    ("structure", "qb:structure", ID),
    ("originalOrganization", "org:originalOrganization", ID),
    ("resultingOrganization", "org:resultingOrganization", ID),
)
"""Properties of other vocabularies: the name in JSON, the term, and how its values are written."""

_CLASSES = ("skos:Concept", "skos:ConceptScheme", "qb:DataSet", "org:ChangeEvent")

# Native to JSON: a number without a fraction is an xsd:integer there, true and false are xsd:boolean.
_NATIVE = frozenset({"string", "boolean", "integer"})


def context() -> dict[str, Any]:
    """Return the context: prefixes, then classes, then properties with how their values are to be read.

    >>> made = context()
    >>> made["within"], made["label"]["@container"], made["value"]["@type"]
    ({'@id': 'gov:within', '@type': '@id'}, '@language', 'xsd:decimal')
    """
    made: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    made.update(sorted(terms.PREFIXES.items()))
    classes = {name: f"gov:{name}" for name in terms.CLASSES}
    classes |= {term.partition(":")[2]: term for term in _CLASSES}
    made.update(sorted(classes.items()))
    properties = {name: _term(f"gov:{name}", _kind(name)) for name in terms.PROPERTIES}
    properties |= {name: _term(term, kind) for name, term, kind in _FROM_OTHERS}
    made.update(sorted(properties.items()))
    return made


def _kind(name: str) -> str:
    """Return how values of a property of the ontology are written: as IRIs, of a datatype, by language."""
    if name in terms.OBJECT_PROPERTIES:
        return ID
    if name in terms.ANNOTATION_PROPERTIES:
        return "@language"
    datatypes = terms.DATATYPES[name]
    # Where several are possible, each value tells its own.
    return f"xsd:{datatypes[0]}" if len(datatypes) == 1 and datatypes[0] not in _NATIVE else ""


def _term(identity: str, kind: str) -> dict[str, str] | str:
    if kind == "@language":
        return {"@id": identity, "@container": kind}
    return {"@id": identity, "@type": kind} if kind else identity
