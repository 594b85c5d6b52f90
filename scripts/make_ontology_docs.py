"""Write the ontology's documentation, docs/ontology/index.html, with pyLODE. With --check, only compare.

pyLODE gets a copy for its page: labels and definitions with both languages in one text, its own terms,
what has no place on such a page (related terms, history, characteristics) as notes, and under each term
the statements that ontology/examples.ttl makes with it. The page is one file and loads nothing.

Usage: python scripts/make_ontology_docs.py [--check]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pylode import OntPub
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "ontology" / "index.html"
IRI = URIRef("https://w3id.org/govkg/ontology")
GOV = Namespace(f"{IRI}#")
SCHEMA = Namespace("https://schema.org/")
VANN = Namespace("http://purl.org/vocab/vann/")
TEXTS = (RDFS.label, DCTERMS.title, DCTERMS.description, DCTERMS.abstract, DCTERMS.rights, SKOS.definition)
CHARACTERISTICS = {
    OWL.FunctionalProperty: "Functional: one value at most. 函数属性：至多一个值。",
    OWL.IrreflexiveProperty: "Irreflexive: nothing has it to itself. 非自反属性：不指向自身。",
    OWL.SymmetricProperty: "Symmetric: it holds both ways. 对称属性：双向成立。",
    OWL.TransitiveProperty: "Transitive: step by step is at once. 传递属性：逐级成立即直接成立。",
}
_ANCHOR = re.compile(rf'entity" id="([^"]+)">(?:(?! id=").)*?<code>{GOV}(\w+)</code>', re.DOTALL)
_STYLE = "pre { white-space: pre-wrap; overflow-wrap: anywhere; }\n"
_SHOWN = 12  # lines of a description under a class


def page() -> str:
    """Return the HTML page."""
    made = OntPub(_copy()).make_html()
    made = made.replace("</style>", f"{_STYLE}</style>", 1)
    for anchor, name in _ANCHOR.findall(
        made
    ):  # pyLODE makes anchors of labels; IRIs lead to the term's own name
        if anchor != name:
            made = made.replace(f'id="{anchor}"', f'id="{name}"').replace(
                f'href="#{anchor}"', f'href="#{name}"'
            )
    return "\n".join(line.rstrip() for line in made.splitlines()) + "\n"


def _copy() -> Graph:
    """Return the ontology as the page shows it."""
    source = Graph().parse(ROOT / "ontology" / "govkg.ttl")
    examples = Graph().parse(ROOT / "ontology" / "examples.ttl")
    graph = Graph()
    for prefix, namespace in source.namespaces():
        graph.bind(prefix, namespace)
    for subject in sorted(_own(source)):
        for predicate, obj in source.predicate_objects(subject):
            if not isinstance(obj, BNode) and not isinstance(obj, Literal):
                graph.add((subject, predicate, obj))
        for predicate in set(source.predicates(subject)) - set(TEXTS):
            for obj in source.objects(subject, predicate):
                if isinstance(obj, Literal) and not obj.language:
                    graph.add((subject, predicate, obj))
        for predicate in TEXTS:
            _join(source, graph, subject, predicate)
        if subject == IRI:
            _notes(source, graph, subject, SKOS.historyNote, SKOS.historyNote)
            graph.add((subject, DCTERMS.creator, source.value(subject, SCHEMA.creator)))
            graph.add((subject, DCTERMS.publisher, source.value(subject, SCHEMA.publisher)))
        else:
            _annotate(source, graph, subject)
            shown = _statements(examples, subject)
            if shown:
                graph.add((subject, SKOS.example, Literal(shown)))
    return graph


def _annotate(source: Graph, graph: Graph, subject: URIRef) -> None:
    """Give a term the notes that tell what the page has no row for."""
    _notes(source, graph, subject, SKOS.example, SKOS.example)
    _notes(source, graph, subject, VANN.usageNote, SKOS.note)
    _notes(source, graph, subject, SKOS.historyNote, SKOS.scopeNote)
    for kind, said in CHARACTERISTICS.items():
        if (subject, RDF.type, kind) in graph:
            graph.remove((subject, RDF.type, kind))  # pyLODE would list the property once more for it
            graph.add((subject, SKOS.note, Literal(said)))
    near = sorted(map(source.namespace_manager.normalizeUri, source.objects(subject, RDFS.seeAlso)))
    if near:
        graph.add((subject, SKOS.note, Literal("See also 参见: " + ", ".join(near))))
    graph.remove((subject, RDFS.seeAlso, None))


def _own(source: Graph) -> set[URIRef]:
    named = {term for term in source.subjects(RDF.type, None) if isinstance(term, URIRef)}
    return {term for term in named if term == IRI or term.startswith(GOV)}


def _join(source: Graph, graph: Graph, subject: URIRef, predicate: URIRef) -> None:
    """Put the texts of both languages into one, English first."""
    texts = {
        text.language: str(text) for text in source.objects(subject, predicate) if isinstance(text, Literal)
    }
    apart = " · " if predicate in (RDFS.label, DCTERMS.title, DCTERMS.rights) else "\n\n"
    joined = apart.join(texts[language] for language in ("en", "zh") if language in texts)
    if joined:
        graph.add((subject, predicate, Literal(joined)))


def _notes(source: Graph, graph: Graph, subject: URIRef, predicate: URIRef, shown_as: URIRef) -> None:
    texts = {
        text.language: str(text) for text in source.objects(subject, predicate) if isinstance(text, Literal)
    }
    said = dict.fromkeys(texts[language] for language in ("en", "zh") if language in texts)
    joined = "\n\n".join(said)
    if joined:
        graph.add((subject, shown_as, Literal(joined)))


def _statements(examples: Graph, term: URIRef) -> str:
    """Return, as Turtle, the description of a member of a class, or the statements with a property."""
    found = sorted(examples.subjects(RDF.type, term)) or sorted(examples.subjects(term, None))
    if not found:
        return ""
    subject = found[0]
    if (subject, RDF.type, term) in examples:
        facts = sorted(examples.predicate_objects(subject), key=lambda fact: (fact[0] != RDF.type, fact))
    else:
        facts = [(term, obj) for obj in sorted(examples.objects(subject, term))]
    lines = [f"{_short(examples, predicate)} {_short(examples, obj)}" for predicate, obj in facts]
    more = " ;\n    …" if len(lines) > _SHOWN else ""
    return f"{_short(examples, subject)} " + " ;\n    ".join(lines[:_SHOWN]) + more + " ."


def _short(graph: Graph, node: Node) -> str:
    """Write a node in Turtle, things of the graph below its base."""
    if node == RDF.type:
        return "a"
    if isinstance(node, URIRef) and node.startswith("https://w3id.org/govkg/id/"):
        return f"<{node.removeprefix('https://w3id.org/govkg/id/')}>"
    return node.n3(graph.namespace_manager)


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" in sys.argv:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
            print(f"{PAGE}: not what the ontology says now; run {Path(__file__).name}")
            return 1
        return 0
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
