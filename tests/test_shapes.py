"""The SHACL shapes accept what builds make and refuse errors of every kind, each part of them one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import shifty
from rdflib import RDF, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from kg import terms
from kg.resources import ontology_folder

GOV = Namespace(terms.GOV)
HERE = Path(__file__).parent
GSH = Namespace("https://w3id.org/govkg/shapes#")
EXPECTS = URIRef("urn:expects")
SHAPES = ontology_folder() / "shapes.ttl"
CLASSES = sorted(terms.ENTITY_CLASSES | {"Report"})

Result = tuple[str, str, str]
"""What a report says of an error: its place, the message, and which component of SHACL refused it."""


@cache
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def results(graph: Graph, rules: Graph, *, other: bool = False) -> frozenset[Result]:
    """Return what is wrong with a graph, as pySHACL or the other engine sees it."""
    if other:
        _, report, _ = shifty.validate(graph, shacl_graph=rules)
    else:
        _, report, _ = pyshacl.validate(graph, shacl_graph=rules)
    assert isinstance(report, Graph)
    return frozenset(
        (
            str(report.value(result, SH.focusNode)),
            str(report.value(result, SH.resultMessage)),
            str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH)),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


# ---------------------------------------------------------------- right graphs and wrong ones


def thing(graph: Graph, name: str, kind: str) -> URIRef:
    """Describe a thing of a class so that only what is then said of it can be wrong."""
    node = URIRef(f"urn:{name}")
    graph.add((node, RDF.type, GOV[kind]))
    if kind == "Report":
        graph.add((node, DCTERMS.title, Literal("某报告", lang="zh")))
        graph.add((node, GOV.sourceFile, Literal("a.txt")))
        graph.add((node, GOV.sha256, Literal("0" * 64)))
    else:
        graph.add((node, SKOS.prefLabel, Literal("某名", lang="zh")))
    return node


def plan(graph: Graph, name: str, subject: Node, predicate: str, obj: Node) -> None:
    """State a planned fact, which stands in its evidence alone."""
    node = URIRef(f"urn:{name}")
    passage = URIRef("https://w3id.org/govkg/id/passage/0123456789abcdef/0-12")
    for name_, value in (
        (RDF.type, GOV.Evidence),
        (RDF.subject, subject),
        (RDF.predicate, GOV[predicate]),
        (RDF.object, obj),
        (GOV.planned, Literal(True)),
        (GOV.rule, Literal("a.b")),
        (GOV.passage, passage),
    ):
        graph.add((node, name_, value))


def allowed(predicate: str) -> set[tuple[str, str]]:
    """Return the classes that a fact joins, a report being a document."""
    found = set(terms.SIGNATURES[predicate])
    for subject, obj in list(found):
        for one in {subject, "Report"} if subject == "PolicyDocument" else {subject}:
            for two in {obj, "Report"} if obj == "PolicyDocument" else {obj}:
                found.add((one, two))
    return found


@cache
def good() -> Graph:
    """Return good.ttl and, of every fact, each pair of classes it may join, done and planned."""
    graph = Graph().parse(HERE / "shapes" / "good.ttl")
    things = {kind: thing(graph, f"good:{kind}", kind) for kind in CLASSES}
    others = {kind: thing(graph, f"good:other:{kind}", kind) for kind in CLASSES}
    for predicate in sorted(terms.FACT_PREDICATES):
        for subject, obj in sorted(allowed(predicate)):
            graph.add((things[subject], GOV[predicate], others[obj]))
            plan(graph, f"good:plan:{predicate}:{subject}:{obj}", things[subject], predicate, others[obj])
    return graph


def wrong_pairs() -> Iterator[tuple[str, str, str]]:
    """Give, for each fact, classes it may not join: one end is right, the other any that is wrong."""
    for predicate in sorted(terms.FACT_PREDICATES):
        right = allowed(predicate)
        for subject, obj in sorted(right):
            yield from ((predicate, wrong, obj) for wrong in CLASSES if (wrong, obj) not in right)
            yield from ((predicate, subject, wrong) for wrong in CLASSES if (subject, wrong) not in right)


@cache
def faulty() -> Graph:
    return Graph().parse(HERE / "shapes" / "bad.ttl")


@cache
def bad() -> Graph:
    """Return good.ttl, bad.ttl and every fact between things of classes that it may not join."""
    graph = Graph().parse(HERE / "shapes" / "good.ttl")
    graph += faulty()
    things = {kind: thing(graph, f"good:{kind}", kind) for kind in CLASSES}
    for predicate, subject, obj in sorted(set(wrong_pairs())):
        plan(graph, f"bad:plan:{predicate}:{subject}:{obj}", things[subject], predicate, things[obj])
        one = thing(graph, f"bad:subject:{predicate}:{subject}:{obj}", subject)
        two = thing(graph, f"bad:object:{predicate}:{subject}:{obj}", obj)
        graph.add((one, GOV[predicate], two))
    return graph


def planted() -> list[tuple[str, str]]:
    """Return what is wrong in bad.ttl: the node (empty for one without an IRI) and how the message begins."""
    found = faulty().subject_objects(EXPECTS)
    return sorted(("" if isinstance(node, BNode) else str(node), str(text)) for node, text in found)


def named_in(place: str) -> str:
    """Return the IRI of a result's place, or nothing for a node without one."""
    return place if ":" in place else ""


# ---------------------------------------------------------------- they accept and refuse


def test_shapes_accept_a_good_graph() -> None:
    assert results(good(), shapes()) == frozenset()


def test_shapes_accept_the_sample_corpus(corpus_build: Path) -> None:
    graph = Graph().parse(corpus_build / "graph.ttl")
    assert results(graph, shapes()) == frozenset()
    assert results(graph, shapes(), other=True) == frozenset()


@cache
def found_in_bad() -> frozenset[Result]:
    return results(bad(), shapes())


@pytest.mark.parametrize(("node", "message"), planted())
def test_shapes_refuse_a_planted_error(node: str, message: str) -> None:
    assert any(named_in(place) == node and text.startswith(message) for place, text, _ in found_in_bad())


def test_shapes_refuse_nothing_but_the_planted_errors() -> None:
    expected = planted()
    surprises = {
        place
        for place, text, _ in found_in_bad()
        if not any(place == node and text.startswith(message) for node, message in expected)
    }
    # Nodes without an IRI lack other things too; facts between wrong classes are computed, and judged below.
    told = ("urn:bad:plan:", "urn:bad:subject:", "urn:bad:object:")
    literals = {"河源市"}  # mentioned instead of a thing
    assert {place for place in surprises if named_in(place) and not place.startswith(told)} <= {
        "urn:bad:empty-evidence",  # states no fact at all
        "urn:bad:alien-predicate",
        "urn:bad:mentioned-nothing",
    }
    assert {place for place in surprises if not place.isascii()} == literals


@pytest.mark.parametrize("predicate", sorted(terms.FACT_PREDICATES))
def test_shapes_refuse_a_fact_between_things_of_wrong_classes(predicate: str) -> None:
    places = {place for place, _, _ in found_in_bad()}
    pairs = [(subject, obj) for name, subject, obj in wrong_pairs() if name == predicate]
    assert pairs
    for subject, obj in pairs:
        assert f"urn:bad:plan:{predicate}:{subject}:{obj}" in places
        ends = {f"urn:bad:{end}:{predicate}:{subject}:{obj}" for end in ("subject", "object")}
        assert ends & places, (subject, obj)


def test_two_engines_see_the_same_errors() -> None:
    assert results(bad(), shapes(), other=True) == found_in_bad()
    assert results(good(), shapes(), other=True) == frozenset()


# ---------------------------------------------------------------- no part without its failing example

PARAMETERS = {
    SH["class"]: "ClassConstraintComponent",
    SH.datatype: "DatatypeConstraintComponent",
    SH["in"]: "InConstraintComponent",
    SH.lessThan: "LessThanConstraintComponent",
    SH.maxCount: "MaxCountConstraintComponent",
    SH.minCount: "MinCountConstraintComponent",
    SH.minInclusive: "MinInclusiveConstraintComponent",
    SH.minLength: "MinLengthConstraintComponent",
    SH.nodeKind: "NodeKindConstraintComponent",
    SH["not"]: "NotConstraintComponent",
    SH["or"]: "OrConstraintComponent",
    SH.pattern: "PatternConstraintComponent",
    SH.uniqueLang: "UniqueLangConstraintComponent",
}
OTHERS = {SH.message, SH.path, SH.property, SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf}


def test_every_parameter_of_the_shapes_is_one_the_tests_know() -> None:
    used = {predicate for predicate in shapes().predicates() if str(predicate).startswith(str(SH))}
    assert used - OTHERS - {SH.alternativePath} == set(PARAMETERS)


def constraints() -> set[tuple[str, str]]:
    """Return the message and component of all that reports can name: what is not inside sh:or or sh:not."""
    graph = shapes()
    inner: set[Node] = set()
    for predicate in (SH["or"], SH["not"]):
        for node in graph.objects(None, predicate):
            for member in Collection(graph, node) if predicate == SH["or"] else [node]:
                inner |= {member, *graph.objects(member, SH.property)}
                for part in list(inner):
                    for head in graph.objects(part, SH["or"]):
                        inner |= set(Collection(graph, head))
    return {
        (str(graph.value(shape, SH.message)), component)
        for parameter, component in PARAMETERS.items()
        for shape in graph.subjects(parameter, None)
        if shape not in inner
    }


def test_messages_tell_shapes_apart() -> None:
    texts = [str(text) for text in shapes().objects(None, SH.message)]
    assert len(texts) == len(set(texts))
    assert "None" not in {message for message, _ in constraints()}


@pytest.mark.parametrize(("message", "component"), sorted(constraints()))
def test_every_constraint_of_every_shape_has_a_failing_example(message: str, component: str) -> None:
    assert any((text, kind) == (message, component) for _, text, kind in found_in_bad())


def tops(node: Node) -> set[str]:
    """Return the names of the shapes with targets that a part of the shapes belongs to."""
    graph = shapes()
    found, todo, seen = set(), [node], {node}
    while todo:
        part = todo.pop()
        if any(graph.value(part, target) for target in TARGETS):
            found.add(str(part))
        for above in graph.subjects(None, part):
            if above not in seen:
                seen.add(above)
                todo.append(above)
    return found


TARGETS = (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf)
Change = tuple[str, set[str], Graph]


def mutants() -> Iterator[Change]:
    """Give the shapes without one of their parts, for each: a constraint, a target, a member of a list."""
    graph = shapes()
    for subject, predicate, obj in sorted(graph):
        name = f"{tail(predicate)} of {named(subject)}"
        if predicate in {*PARAMETERS, *TARGETS, SH.property}:
            graph.remove((subject, predicate, obj))
            yield f"{name}: {named(obj)}", tops(subject), graph
            graph.add((subject, predicate, obj))
        if predicate in (SH["or"], SH["in"], SH.alternativePath):
            members = list(Collection(graph, obj))
            for member in members[: len(members) if len(members) > 1 else 0]:
                head = BNode()
                Collection(graph, head, [other for other in members if other != member])
                graph.remove((subject, predicate, obj))
                graph.add((subject, predicate, head))
                yield f"{name} without {named(member)}", tops(subject), graph
                graph.remove((subject, predicate, head))
                graph.add((subject, predicate, obj))


def tail(node: Node) -> str:
    return str(node).rsplit("#", 1)[-1]


def named(node: Node) -> str:
    """Name a part of the shapes for whoever reads that its removal went unnoticed."""
    graph = shapes()
    known = (graph.value(node, name) for name in (SH.message, SH.path, SH["class"], SH.datatype))
    return tail(next((found for found in known if found), node))


def errors_for(rules: Graph, names: set[str], data: bytes) -> int:
    """Return how many errors some of the shapes find; quicker where a shape can only say yes or no."""
    engine = shifty.PreparedValidator(rules.serialize(format="nt"))
    if names == {f"{GSH}PlannedEvidence"}:
        return len(engine.validate_algebra(data, shape_names=sorted(names), infer=False).violations)
    _, report, _ = engine.validate(data, shape_names=sorted(names), infer=False, sort_results=False)
    return len(list(report.subjects(RDF.type, SH.ValidationResult)))


def test_no_part_of_the_shapes_can_go_unnoticed() -> None:
    """Without any one part, an error goes through, or a good graph no longer does."""
    right, wrong = (graph.serialize(format="nt").encode() for graph in (good(), bad()))
    before: dict[frozenset[str], int] = {}
    survivors = []
    count = 0
    for name, names, mutant in mutants():
        count += 1
        key = frozenset(names)
        if key not in before:
            before[key] = errors_for(Graph().parse(SHAPES), names, wrong)
        if errors_for(mutant, names, wrong) == before[key] and not errors_for(mutant, names, right):
            survivors.append(name)
    assert count > 300
    assert survivors == []
