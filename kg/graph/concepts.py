"""Describes the reference data that a graph uses: divisions with all above them, and concepts."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg import ids, resources, terms
from kg.graph import nquads
from kg.rules import canonical, places, tables
from kg.rules.concepts import Scheme, schemes

_CODE = re.compile(r"(?:jurisdiction|institution)/([0-9]{6}|[0-9]{9}|[0-9]{12})(?:/.*)?")


@dataclass(slots=True)
class Concepts:
    """Collects the concepts that a document uses, and the measures that its indicators are cases of."""

    found: set[tuple[str, str]] = field(default_factory=set)
    measured: set[tuple[str, str]] = field(default_factory=set)

    def use(self, scheme: str, notation: str) -> str:
        """Note a concept and return its identity."""
        self.found.add((scheme, notation))
        return identity(scheme, notation)

    def count(self, indicator: str, unit: str) -> None:
        """Note what an indicator counts, where that is one of the measures that documents share."""
        measure = canonical.load().find(indicator, unit)
        if measure:
            self.measured.add((indicator, measure))


def identity(scheme: str, text: str) -> str:
    """Return the identity of the concept that a notation names; a unit may also be named by its own words.

    Words that the ontology does not list are concepts too; those that a path cannot tell apart are told apart
    by a digest.

    >>> identity("unit", "件"), identity("unit", "%")
    ('concept/unit/件', 'concept/unit/percent')
    >>> identity("indicator", "“三项”制度") == identity("indicator", "三项制度")
    False
    """
    known = _listed(scheme, text)
    if known:
        return ids.concept(scheme, known.notation)
    last = ids.slug(text)
    return ids.concept(scheme, text if last == text else f"{last[:60]}-{ids.digest(text, 8)}")


def codes(identity_: str) -> tuple[str, ...]:
    """Return the division code that an identity is built on, if any.

    >>> codes("institution/469007/司法局"), codes("initiative/放管服改革")
    (('469007',), ())
    """
    hit = _CODE.fullmatch(identity_)
    return (hit[1],) if hit else ()


def reference(used: Concepts, used_codes: Iterable[str], base: str) -> Iterator[str]:
    """Yield the lines that describe used divisions and concepts, in the graph of reference data."""
    graph = nquads.iri(base + "reference")

    def state(subject: str, predicate: str, obj: str) -> str:
        return nquads.line(nquads.iri(base + subject), nquads.iri(predicate), obj, graph)

    found = set(used.found)
    gazetteer = places.load().gazetteer
    for code in {above for used_code in used_codes for above in gazetteer.lineage(used_code)}:
        division = gazetteer.divisions[code]
        subject = ids.jurisdiction(code)
        yield state(subject, nquads.RDF + "type", nquads.iri(terms.gov("Jurisdiction")))
        yield state(subject, nquads.SKOS + "prefLabel", nquads.text(division.name, "zh"))
        for short in division.short:
            if short != division.name:
                yield state(subject, nquads.SKOS + "altLabel", nquads.text(short, "zh"))
        yield state(subject, terms.gov("code"), nquads.text(code))
        found.add(("jurisdiction-level", division.level))
        level = identity("jurisdiction-level", division.level)
        yield state(subject, terms.gov("level"), nquads.iri(base + level))
        if division.parent in gazetteer.divisions:
            yield state(subject, terms.gov("within"), nquads.iri(base + ids.jurisdiction(division.parent)))
    for scheme, notation in found:
        subject = identity(scheme, notation)
        known = _listed(scheme, notation)
        yield state(subject, nquads.RDF + "type", nquads.iri(nquads.SKOS + "Concept"))
        yield state(subject, nquads.SKOS + "inScheme", nquads.iri(f"{base}concept/{scheme}"))
        yield state(subject, nquads.SKOS + "prefLabel", nquads.text(known.zh if known else notation, "zh"))
        if known and known.en:
            yield state(subject, nquads.SKOS + "prefLabel", nquads.text(known.en, "en"))
    for subject, predicate, obj in measures(used.measured, base):
        yield state(subject, predicate, obj)
    used_schemes = {scheme for scheme, _ in found} | ({canonical.SCHEME} if used.measured else set())
    for scheme in sorted(used_schemes):
        known_as = _schemes()[scheme]
        subject = f"concept/{scheme}"
        yield state(subject, nquads.RDF + "type", nquads.iri(nquads.SKOS + "ConceptScheme"))
        yield state(subject, nquads.SKOS + "prefLabel", nquads.text(known_as.zh, "zh"))
        yield state(subject, nquads.SKOS + "prefLabel", nquads.text(known_as.en, "en"))


def measures(measured: Iterable[tuple[str, str]], base: str) -> Iterator[tuple[str, str, str]]:
    """Yield the statements that put indicators under their measures and describe these."""
    known = canonical.load()
    measured = set(measured)
    for indicator, notation in measured:
        yield identity("indicator", indicator), nquads.SKOS + "broader", nquads.iri(base + _measure(notation))
    for notation in {above for _, nearest in measured for above in known.lineage(nearest)}:
        measure, subject = known.measures[notation], _measure(notation)
        yield subject, nquads.RDF + "type", nquads.iri(nquads.SKOS + "Concept")
        yield subject, nquads.SKOS + "inScheme", nquads.iri(f"{base}concept/{canonical.SCHEME}")
        yield subject, nquads.SKOS + "prefLabel", nquads.text(measure.zh, "zh")
        yield subject, nquads.SKOS + "prefLabel", nquads.text(measure.en, "en")
        if measure.broader:
            yield subject, nquads.SKOS + "broader", nquads.iri(base + _measure(measure.broader))


def _measure(notation: str) -> str:
    return ids.concept(canonical.SCHEME, notation)


@dataclass(frozen=True, slots=True)
class Concept:
    """One row of the ontology's concepts."""

    notation: str
    zh: str
    en: str


@functools.cache
def load() -> Mapping[tuple[str, str], Concept]:
    """Return the concepts that the ontology lists, by scheme and notation; units also by their sign.

    Raises:
        RuleError: the table of concepts is missing or wrong.

    """
    table = {}
    for row in tables.read(resources.ontology_folder() / "concepts.tsv", ("scheme", "notation", "zh")):
        # A unit is shown as the text writes it, whatever the reader's language.
        english = "" if row["scheme"] == "unit" else row.get("en")
        concept = Concept(row["notation"], row["zh"], english)
        table[row["scheme"], row["notation"]] = concept
        if row["scheme"] == "unit":
            table[row["scheme"], row["zh"]] = concept
    return table


@functools.cache
def _schemes() -> Mapping[str, Scheme]:
    return {scheme.name: scheme for scheme in schemes()}


def _listed(scheme: str, text: str) -> Concept | None:
    return load().get((scheme, text))
