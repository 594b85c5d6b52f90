"""Write ontology/schemes.ttl, the SKOS concept schemes, from ontology/schemes.tsv and ontology/concepts.tsv.

Run it after every change of the table: ``python scripts/make_schemes.py``; ``--check`` only compares.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from kg import ids
from kg.resources import ontology_folder
from kg.rules.concepts import Concept, load, schemes

OFFICIAL_KINDS = "collection/official-document-kinds"

PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def iri(path: str) -> str:
    """Return an identity as an IRI in angle brackets."""
    return f"<{ids.DEFAULT_BASE}{path}>"


def literal(text: str, language: str = "") -> str:
    """Return a Turtle literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"' + (f"@{language}" if language else "")


def block(subject: str, kind: str, statements: list[tuple[str, str]]) -> str:
    """Return one subject with its statements."""
    body = "".join(f" ;\n    {predicate} {value}" for predicate, value in statements)
    return f"{subject} a {kind}{body} .\n"


def describe(concept: Concept, narrower: list[Concept]) -> str:
    """Return one concept in Turtle."""
    scheme = iri(f"concept/{concept.scheme}")
    out = [
        ("skos:inScheme", scheme),
        ("skos:notation", literal(concept.symbol or concept.notation)),
        ("skos:prefLabel", f"{literal(concept.zh, 'zh')}, {literal(concept.en, 'en')}"),
    ]
    if concept.alt:
        out.append(("skos:altLabel", ", ".join(literal(alt, "zh") for alt in concept.alt)))
    if concept.broader:
        out.append(("skos:broader", iri(ids.concept(concept.scheme, concept.broader))))
    else:
        out.append(("skos:topConceptOf", scheme))
    if narrower:
        out.append(("skos:narrower", ", ".join(iri(child.id) for child in narrower)))
    if concept.exact:
        out.append(("skos:exactMatch", ", ".join(f"<{other}>" for other in concept.exact)))
    return block(iri(concept.id), "skos:Concept", out)


def turtle(concepts: tuple[Concept, ...]) -> Iterator[str]:
    """Yield the file in pieces: its head, then each scheme with its concepts in the order of the table."""
    yield "# Generated from schemes.tsv and concepts.tsv by scripts/make_schemes.py: change them, not this.\n"
    yield PREFIXES + "\n"
    for scheme in schemes():
        name = scheme.name
        members = [concept for concept in concepts if concept.scheme == name]
        top = [iri(concept.id) for concept in members if not concept.broader]
        statements = [
            ("dcterms:title", f"{literal(scheme.zh, 'zh')}, {literal(scheme.en, 'en')}"),
            ("skos:prefLabel", f"{literal(scheme.zh, 'zh')}, {literal(scheme.en, 'en')}"),
            (
                "skos:definition",
                f"{literal(scheme.definition_zh, 'zh')}, {literal(scheme.definition_en, 'en')}",
            ),
            ("dcterms:license", "<https://creativecommons.org/licenses/by/4.0/>"),
        ]
        if top:
            statements.append(("skos:hasTopConcept", ",\n        ".join(top)))
        yield block(iri(f"concept/{name}"), "skos:ConceptScheme", statements)
        for concept in members:
            children = [other for other in members if other.broader == concept.notation]
            yield "\n" + describe(concept, children)
        yield "\n"
    official = [iri(concept.id) for concept in concepts if concept.mark == "official"]
    yield block(
        iri(f"concept/{OFFICIAL_KINDS}"),
        "skos:Collection",
        [
            (
                "skos:prefLabel",
                f"{literal('党政机关公文种类', 'zh')}, {literal('Official kinds of documents', 'en')}",
            ),
            ("skos:member", ",\n        ".join(official)),
        ],
    )


def main() -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="only compare; exit 1 where the file is out of date"
    )
    parser.add_argument("--table", type=Path, default=ontology_folder() / "concepts.tsv")
    parser.add_argument("--output", type=Path, default=ontology_folder() / "schemes.ttl")
    options = parser.parse_args()
    text = "".join(turtle(load(options.table)))
    if options.check:
        same = options.output.is_file() and options.output.read_text(encoding="utf-8") == text
        print(f"{options.output}: {'up to date' if same else 'out of date, run scripts/make_schemes.py'}")
        return 0 if same else 1
    options.output.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
