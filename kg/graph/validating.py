"""Checks a built graph: its shapes (SHACL), and what shapes cannot say: words, evidence, order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from kg import resources, terms
from kg.errors import StoreError
from kg.graph import built, cube
from kg.graph.exporting import parts
from kg.graph.nquads import RDF, iri, split, value
from kg.graph.tables import plain

_SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: which check found it, where, and what it is."""

    check: str
    place: str
    problem: str


def validate(folder: Path, shapes: Path | None = None, *, shacl: bool = True) -> list[Problem]:
    """Return what is wrong with a built graph, sorted; nothing if it conforms.

    Raises:
        StoreError: the folder holds no graph, or its shapes cannot be read.

    """
    problems = list(_invariants(folder))
    if shacl:
        problems += _cube(folder)
        problems += _shapes(folder, shapes or resources.ontology_folder() / "shapes.ttl")
    return sorted(set(problems))


def _invariants(folder: Path) -> Iterator[Problem]:
    graph = _Graph(folder)
    yield from graph.quotes(folder)
    yield from graph.unsupported()
    yield from graph.orphans()
    for name in ("within", "partOf"):
        yield from graph.cycles(name)


class _Graph:
    """The statements that the checks need, by predicate."""

    def __init__(self, folder: Path) -> None:
        self.stated: dict[str, list[tuple[str, str]]] = {}
        for line in parts.read(folder):
            subject, predicate, obj, _ = split(line)
            self.stated.setdefault(value(predicate), []).append((subject, obj))

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Return subject and object of the statements with one of the ontology's properties."""
        return self.stated.get(terms.gov(name), [])

    def typed(self, name: str) -> set[str]:
        """Return the things of a class."""
        kind = iri(terms.gov(name))
        return {subject for subject, obj in self.stated.get(RDF + "type", []) if obj == kind}

    def evidence(self) -> dict[str, tuple[str, str, str]]:
        """Return what each evidence is for."""
        ends = [dict(self.stated.get(RDF + name, [])) for name in ("subject", "predicate", "object")]
        return {
            item: (ends[0].get(item, ""), ends[1].get(item, ""), ends[2].get(item, "")) for item in ends[0]
        }

    def quotes(self, folder: Path) -> Iterator[Problem]:
        """Find passages that do not stand in the stored text where they say they do."""
        source, start, end = (dict(self.pairs(name)) for name in ("source", "start", "end"))
        stored: dict[str, str | None] = {}
        for passage, quote in self.pairs("quote"):
            report = source.get(passage, "")
            if report not in stored:
                stored[report] = _text(folder, report)
            text = stored[report]
            span = [value(ends[passage]) for ends in (start, end) if passage in ends]
            if text is None:
                yield Problem("quote", value(passage), "the text of its report is not stored")
            elif len(span) < 2 or not all(map(str.isdecimal, span)):
                yield Problem("quote", value(passage), "does not tell where it begins and ends")
            elif text[int(span[0]) : int(span[1])] != value(quote):
                yield Problem("quote", value(passage), "the stored text has other words there")

    def unsupported(self) -> Iterator[Problem]:
        """Find facts without evidence, evidence without a fact, and both without words."""
        evidence = self.evidence()
        passages = self.typed("Passage")
        planned = {subject for subject, _ in self.pairs("planned")}
        said = {fact for item, fact in evidence.items() if item not in planned}
        linked = terms.REFERENCE_PREDICATES | {"partOf"}  # parts of one official name need no sentence
        for name in sorted(terms.FACT_PREDICATES - linked):
            predicate = iri(terms.gov(name))
            for subject, obj in self.pairs(name):
                if (subject, predicate, obj) not in said:
                    yield Problem("evidence", value(subject), f"{name} {value(obj)} has no evidence")
        facts = {(s, iri(p), o) for p, pairs in self.stated.items() for s, o in pairs}
        for item, fact in evidence.items():
            if item not in planned and fact not in facts:
                yield Problem("evidence", value(item), "is for a fact that the graph does not state")
        cited = dict(self.pairs("passage"))
        for item in sorted(set(evidence) | self.typed("Observation")):
            if cited.get(item) not in passages:
                yield Problem("evidence", value(item), "has no passage")

    def orphans(self) -> Iterator[Problem]:
        """Find passages that nothing cites, and things that nothing names."""
        cited = {obj for _, obj in self.pairs("passage")}
        for passage in sorted(self.typed("Passage") - cited):
            yield Problem("orphan", value(passage), "no fact and no number cites it")

    def cycles(self, name: str) -> Iterator[Problem]:
        """Find things that lie within, or are part of, themselves."""
        order: TopologicalSorter[str] = TopologicalSorter()
        for subject, obj in sorted(self.pairs(name)):
            order.add(subject, obj)
        try:
            order.prepare()
        except CycleError as error:
            members = sorted(value(node) for node in set(error.args[1]))
            yield Problem(
                "cycle", members[0], f"{name} leads back to itself by way of {', '.join(members[1:])}"
            )


def _text(folder: Path, report: str) -> str | None:
    try:
        return built.text(folder, value(report))
    except StoreError:
        return None


def _cube(folder: Path) -> Iterator[Problem]:
    """Check the observations against the integrity constraints of the Data Cube vocabulary."""
    for constraint, focus in cube.violations(cube.load(parts.read(folder))):
        yield Problem("cube", focus, f"breaks IC-{constraint.number}: {constraint.title}")


def _shapes(folder: Path, shapes: Path) -> Iterator[Problem]:
    """Check the union of all documents against the shapes."""
    import pyshacl  # noqa: PLC0415 - both cost half a second
    from rdflib import RDF as RDF_NS  # noqa: PLC0415
    from rdflib import Graph, Namespace, URIRef  # noqa: PLC0415

    from kg.graph.exporting import rdf  # noqa: PLC0415

    if not shapes.is_file():
        raise StoreError(f"{shapes}: no such file; give the path of a SHACL file in Turtle")
    sh = Namespace("http://www.w3.org/ns/shacl#")
    data = Graph().parse(data="".join(rdf.ntriples(parts.read(folder))), format="nt")
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=Graph().parse(shapes, format="turtle"))
    except (SyntaxError, ValueError, RuntimeError) as error:  # of Turtle, of UTF-8, of shapes
        raise StoreError(f"{shapes}: is no SHACL in Turtle, {plain(str(error))}; correct the file") from error
    for result in report.subjects(RDF_NS.type, sh.ValidationResult):
        focus, path = report.value(result, sh.focusNode), report.value(result, sh.resultPath)
        messages = sorted(map(str, report.objects(result, sh.resultMessage)))
        found = report.value(result, sh.value)
        shown = f", found {str(found)[:80]!r}" if found is not None else ""
        name = str(path).rpartition("#")[2] if isinstance(path, URIRef) else "thing"
        yield Problem(
            "shape", str(focus), f"{name}: {messages[0] if messages else 'does not conform'}{shown}"
        )
