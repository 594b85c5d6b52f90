"""Write ontology/schemes.ttl, the SKOS concept schemes, from ontology/concepts.tsv.

Run it after every change of the table: ``python scripts/make_schemes.py``; ``--check`` only compares.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from kg import ids
from kg.resources import ontology_folder
from kg.rules.concepts import Concept, load

SCHEMES: dict[str, tuple[str, str, str, str]] = {
    "institution-type": (
        "机构类型",
        "Types of institutions",
        "机构按其性质与职能的分类。",
        "What an institution is by its nature and function.",
    ),
    "document-type": (
        "文件类型",
        "Types of policy documents",
        "政策文件按其效力与文种的分类；其中十五种为党政机关公文的法定文种。",
        "What a policy document is by its force and kind; fifteen are the official kinds of documents.",
    ),
    "initiative-type": (
        "举措类型",
        "Types of initiatives",
        "具名举措的分类：改革、活动、工程、制度、平台、试点等。",
        "What a named initiative is: reform, campaign, programme, system, platform, pilot and so on.",
    ),
    "jurisdiction-level": (
        "辖区级别与种类",
        "Levels and kinds of jurisdictions",
        "行政区划的级别（顶层概念）及其种类（下位概念），以及各类功能区。",
        "Levels of administrative divisions (top concepts) and their kinds, and functional zones.",
    ),
    "unit": (
        "计量单位",
        "Units of measured numbers",
        "观测值的单位，以原文所用的量词或计量单位为准。",
        "Units of observations, in the document's own classifier or unit of measure.",
    ),
    "indicator": (
        "指标",
        "Indicators",
        "观测所计之事；概念由各文件的用语产生，不在本文件中列举。",
        "What observations count; its concepts come from the words of the documents and are not listed here.",
    ),
    "measure": (
        "可比指标",
        "Measures",
        "各文件以不同用语所计的同一事项，是各指标概念的上位概念，不在本文件中列举。",
        "What many documents count in different words: the broader concepts of indicators, not listed here.",
    ),
}
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
    yield "# Generated from concepts.tsv by scripts/make_schemes.py: change the table, not this file.\n"
    yield PREFIXES + "\n"
    for name, (zh, en, definition_zh, definition_en) in SCHEMES.items():
        members = [concept for concept in concepts if concept.scheme == name]
        top = [iri(concept.id) for concept in members if not concept.broader]
        statements = [
            ("dcterms:title", f"{literal(zh, 'zh')}, {literal(en, 'en')}"),
            ("skos:prefLabel", f"{literal(zh, 'zh')}, {literal(en, 'en')}"),
            ("skos:definition", f"{literal(definition_zh, 'zh')}, {literal(definition_en, 'en')}"),
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
