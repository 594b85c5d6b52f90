"""Describes the reference data that a graph uses: divisions with all above them, and concepts."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from kg import ids, resources, terms
from kg.graph import nquads
from kg.rules import canonical, places, tables
from kg.rules.concepts import Scheme, schemes

_CODE = re.compile(r"(?:jurisdiction|institution)/([0-9]{6}|[0-9]{9}|[0-9]{12})(?:/.*)?")
_LEVEL = "jurisdiction-level"
_KEPT = 1024  # divisions, listed concepts, measures or schemes whose lines are kept

_IS_CONCEPT = nquads.saying(nquads.RDF + "type", nquads.iri(nquads.SKOS + "Concept"))
_IS_JURISDICTION = nquads.saying(nquads.RDF + "type", nquads.iri(terms.gov("Jurisdiction")))
_IN_SCHEME = nquads.saying(nquads.SKOS + "inScheme")
_LABEL = nquads.saying(nquads.SKOS + "prefLabel")
_ALTERNATIVE = nquads.saying(nquads.SKOS + "altLabel")
_BROADER = nquads.saying(nquads.SKOS + "broader")


@dataclass(slots=True)
class Concepts:
    """Collects the concepts that a document uses, and the measures that its indicators are cases of.

    ``found`` has the identity of each concept by its scheme and notation, ``measured`` indicators with the
    notation of their measure.
    """

    found: dict[tuple[str, str], str] = field(default_factory=dict)
    measured: set[tuple[str, str]] = field(default_factory=set)

    def use(self, scheme: str, notation: str) -> str:
        """Note a concept and return its identity."""
        known = self.found.get((scheme, notation))
        if known is None:
            known = self.found[scheme, notation] = identity(scheme, notation)
        return known

    def count(self, indicator: str, unit: str) -> None:
        """Note what an indicator counts, where that is one of the measures that documents share."""
        measure = _measure_of(indicator, unit)
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


def reference(
    used: Concepts, used_codes: Iterable[str], named: Mapping[str, str], base: str
) -> Iterator[str]:
    """Yield the lines that describe used divisions and concepts, in the graph of reference data.

    ``named`` has the IRI of each identity, for N-Quads. A line may come more than once.
    """
    gazetteer = places.load().gazetteer
    for code in {above for used_code in used_codes for above in gazetteer.lineage(used_code)}:
        used.use(_LEVEL, gazetteer.divisions[code].level)
        yield from _division(code, base)
    end, listed = _end(base), load()
    # Lines that come in order are cheaper to sort.
    for (scheme, notation), subject in sorted(used.found.items(), key=itemgetter(1)):
        if (scheme, notation) in listed:
            yield from _known(scheme, notation, base)
        else:
            start = named[subject]
            label = nquads.text(notation, "zh")
            yield f"{start}{_IS_CONCEPT}{end}"
            yield f"{start}{_IN_SCHEME}{named[f'concept/{scheme}']}{end}"
            yield f"{start}{_LABEL}{label}{end}"
    known = canonical.load()
    for indicator, notation in used.measured:
        start = named[used.use("indicator", indicator)]
        yield f"{start}{_BROADER}{nquads.iri(base + _measure(notation))}{end}"
    for notation in {above for _, nearest in used.measured for above in known.lineage(nearest)}:
        yield from _known_measure(notation, base)
    for scheme in {scheme for scheme, _ in used.found} | ({canonical.SCHEME} if used.measured else set()):
        yield from _known_scheme(scheme, base)


# What follows is the same in every document that uses it, so that a process makes it once. How much of it is
# kept has a bound, so that no number of documents and of bases fills the memory: a thousand divisions with
# some eight lines each are about 4 MB, and there are fewer listed concepts and measures than that.


@functools.lru_cache(maxsize=4 * _KEPT)
def _measure_of(indicator: str, unit: str) -> str:
    """Return the measure of an indicator, for which many patterns are tried: under 1 MB is kept."""
    return canonical.load().find(indicator, unit)


def _end(base: str) -> str:
    return nquads.ending(nquads.iri(base + "reference"))


@functools.lru_cache(maxsize=_KEPT)
def _division(code: str, base: str) -> tuple[str, ...]:
    gazetteer = places.load().gazetteer
    division = gazetteer.divisions[code]
    said = [
        _IS_JURISDICTION,
        _LABEL + nquads.text(division.name, "zh"),
        *(_ALTERNATIVE + nquads.text(short, "zh") for short in division.short if short != division.name),
        nquads.saying(terms.gov("code"), nquads.text(code)),
        nquads.saying(terms.gov("level"), nquads.iri(base + identity(_LEVEL, division.level))),
    ]
    if division.parent in gazetteer.divisions:
        said.append(nquads.saying(terms.gov("within"), nquads.iri(base + ids.jurisdiction(division.parent))))
    return _lines(ids.jurisdiction(code), said, base)


@functools.lru_cache(maxsize=_KEPT)
def _known(scheme: str, notation: str, base: str) -> tuple[str, ...]:
    """Return what is said of a concept that the ontology lists."""
    concept = load()[scheme, notation]
    said = [_IS_CONCEPT, _IN_SCHEME + nquads.iri(f"{base}concept/{scheme}")]
    return _lines(identity(scheme, notation), [*said, *_labels(concept.zh, concept.en)], base)


@functools.lru_cache(maxsize=_KEPT)
def _known_measure(notation: str, base: str) -> tuple[str, ...]:
    measure = canonical.load().measures[notation]
    said = [_IS_CONCEPT, _IN_SCHEME + nquads.iri(f"{base}concept/{canonical.SCHEME}")]
    said += _labels(measure.zh, measure.en)
    if measure.broader:
        said.append(_BROADER + nquads.iri(base + _measure(measure.broader)))
    return _lines(_measure(notation), said, base)


@functools.lru_cache(maxsize=_KEPT)
def _known_scheme(scheme: str, base: str) -> tuple[str, ...]:
    known_as = _schemes()[scheme]
    is_scheme = nquads.saying(nquads.RDF + "type", nquads.iri(nquads.SKOS + "ConceptScheme"))
    return _lines(f"concept/{scheme}", [is_scheme, *_labels(known_as.zh, known_as.en)], base)


def _labels(chinese: str, english: str) -> list[str]:
    """Return the names that are said, the English one only where there is one."""
    said = [_LABEL + nquads.text(chinese, "zh")]
    return [*said, _LABEL + nquads.text(english, "en")] if english else said


def _lines(subject: str, said: Iterable[str], base: str) -> tuple[str, ...]:
    start, end = nquads.iri(base + subject), _end(base)
    return tuple(f"{start}{middle}{end}" for middle in said)


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
