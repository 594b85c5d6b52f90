"""Describes a built graph as a data set in the terms of VoID, DCAT and PROV-O, for catalogues and clients."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg import __version__, ids, terms
from kg.graph import turtle
from kg.graph.nquads import DCTERMS, RDF, iri, text, typed
from kg.resources import RULE_DATA
from kg.rules import tables

VOID, DCAT, PROV, SCHEMA = (terms.PREFIXES[name] for name in ("void", "dcat", "prov", "schema"))
SPDX = "http://spdx.org/rdf/terms#"
_SOFTWARE = "https://w3id.org/govkg/software/"
_MEDIA = "https://www.iana.org/assignments/media-types/"

MEDIA_TYPES: Mapping[str, str] = {
    "graph.ttl": "text/turtle",
    "graph.nq": "application/n-quads",
    "graph.html": "text/html",
}
"""The files of a build that are the graph, each in its way."""

_PREFIXES = {
    **{
        name: terms.PREFIXES[name]
        for name in ("dcterms", "gov", "prov", "rdf", "schema", "xsd", "void", "dcat")
    },
    "spdx": SPDX,
}
_VOCABULARIES = ("gov", "dcterms", "eli", "org", "qb", "rdf", "skos")


@dataclass(frozen=True, slots=True)
class Extent:
    """What a graph holds: counts of distinct triples and subjects, by class and by property (full IRIs).

    ``years`` are the reporting years and ``places`` the IRIs of the jurisdictions that reports are about.
    """

    triples: int
    subjects: int
    reports: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    years: Sequence[str] = ()
    places: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Statements:
    found: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, subject: str, predicate: str, obj: str) -> None:
        self.found.append((iri(subject), iri(predicate), obj))


def describe(extent: Extent, base: str, files: Mapping[str, Path], checked: int | None = None) -> str:
    """Return the description of a graph, in Turtle.

    ``files`` are the graph's files by the names of :data:`MEDIA_TYPES`; their sizes are told, and the digests
    of those of up to ``checked`` bytes.
    The same graph has the same description: it names no time and no place on the disk.
    """
    said = _Statements()
    dataset = base + "dataset"
    for kind in (VOID + "Dataset", DCAT + "Dataset", PROV + "Entity"):
        said.add(dataset, RDF + "type", iri(kind))
    for key, language, words in _texts():
        predicate = DCAT + key if key == "keyword" else DCTERMS + key
        said.add(dataset, predicate, text(words, language))
    said.add(dataset, DCTERMS + "conformsTo", iri(terms.ONTOLOGY))
    said.add(dataset, DCTERMS + "language", text("zh"))
    said.add(dataset, VOID + "uriSpace", text(base))
    for name in _VOCABULARIES:
        said.add(dataset, VOID + "vocabulary", iri(terms.PREFIXES[name]))
    counts = {
        "triples": extent.triples,
        "distinctSubjects": extent.subjects,
        "documents": extent.reports,
        "classes": len(extent.classes),
        "properties": len(extent.properties),
    }
    for name, number in counts.items():
        said.add(dataset, VOID + name, typed(str(number), "integer"))
    _partitions(said, dataset, "class", "entities", extent.classes)
    _partitions(said, dataset, "property", "triples", extent.properties)
    _coverage(said, dataset, extent)
    _origin(said, dataset)
    for name, path in sorted(files.items()):
        _distribution(said, dataset, name, path, checked)
    return "".join(turtle.write_triples(sorted(set(said.found)), _PREFIXES, base))


def _partitions(said: _Statements, dataset: str, kind: str, counted: str, numbers: Mapping[str, int]) -> None:
    for term, number in numbers.items():
        part = f"{dataset}/{kind}/{_short(term)}"
        said.add(dataset, f"{VOID}{kind}Partition", iri(part))
        said.add(part, RDF + "type", iri(VOID + "Dataset"))
        said.add(part, VOID + kind, iri(term))
        said.add(part, VOID + counted, typed(str(number), "integer"))


def _short(term: str) -> str:
    """Return the name of a term with its vocabulary's prefix: several vocabularies have a ``source``."""
    namespace = term[: len(term) - len(term.replace("#", "/").rpartition("/")[2])]
    prefixes = {known: prefix for prefix, known in terms.PREFIXES.items()}
    return f"{prefixes.get(namespace, ids.digest(namespace, 8))}-{term.removeprefix(namespace)}"


def _coverage(said: _Statements, dataset: str, extent: Extent) -> None:
    for place in extent.places:
        said.add(dataset, DCTERMS + "spatial", iri(place))
    if extent.years:
        period = dataset + "/period"
        said.add(dataset, DCTERMS + "temporal", iri(period))
        said.add(period, RDF + "type", iri(DCTERMS + "PeriodOfTime"))
        said.add(period, DCAT + "startDate", typed(min(extent.years), "gYear"))
        said.add(period, DCAT + "endDate", typed(max(extent.years), "gYear"))


def _origin(said: _Statements, dataset: str) -> None:
    activity, software = dataset + "/build", _SOFTWARE + __version__
    said.add(dataset, PROV + "wasGeneratedBy", iri(activity))
    said.add(activity, RDF + "type", iri(PROV + "Activity"))
    said.add(activity, PROV + "wasAssociatedWith", iri(software))
    said.add(software, RDF + "type", iri(PROV + "SoftwareAgent"))
    said.add(software, SCHEMA + "name", text("govkg"))
    said.add(software, SCHEMA + "softwareVersion", text(__version__))


def _distribution(said: _Statements, dataset: str, name: str, path: Path, checked: int | None) -> None:
    form, checksum = f"{dataset}/{name}", f"{dataset}/{name}/checksum"
    said.add(dataset, DCAT + "distribution", iri(form))
    said.add(form, RDF + "type", iri(DCAT + "Distribution"))
    said.add(form, DCTERMS + "title", text(name))
    said.add(form, DCAT + "mediaType", iri(_MEDIA + MEDIA_TYPES[name]))
    size = path.stat().st_size
    said.add(form, DCAT + "byteSize", typed(str(size), "nonNegativeInteger"))
    if checked is not None and size > checked:
        return
    said.add(form, SPDX + "checksum", iri(checksum))
    said.add(checksum, RDF + "type", iri(SPDX + "Checksum"))
    said.add(checksum, SPDX + "algorithm", iri(SPDX + "checksumAlgorithm_sha256"))
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    said.add(checksum, SPDX + "checksumValue", typed(digest, "hexBinary"))


@functools.cache
def _texts() -> tuple[tuple[str, str, str], ...]:
    rows = list(_rows())
    return tuple((row["key"], language, row[language]) for row in rows for language in ("zh", "en"))


def _rows() -> Iterator[tables.Row]:
    yield from tables.read(RULE_DATA / "description" / "texts.tsv", ("key", "zh", "en"))
