"""Refresh what the documentation quotes from the program, so that nothing in it goes stale.

A ``sh`` or ``python`` block followed by a ``text`` block is run, and its output replaces the ``text`` block;
what stands between ``<!-- made: NAME -->`` and ``<!-- end -->`` is made again by the function of that name.
Run from the root of the repository:

    .venv/bin/python scripts/make_docs.py            # rewrite README*.md and docs/*.md
    .venv/bin/python scripts/make_docs.py --check    # only say which pages would change

Everything runs in a temporary folder with a fresh graph of the sample corpus in ``output/``.
"""

from __future__ import annotations

import argparse
import difflib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, Literal, Namespace, URIRef
from rdflib.collection import Collection

import kg
from kg import cli, ids, terms
from kg.graph import questions
from kg.graph.tables import shorten

ROOT = Path(__file__).resolve().parent.parent
GOV = Namespace(terms.GOV)
SDO = Namespace("https://schema.org/")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
MADE = re.compile(r"^<!-- made: ([\w-]+) -->\n.*?^<!-- end -->\n", re.DOTALL | re.MULTILINE)
NOT_HERE = (
    "make ", "git clone", "python3 -m venv", "apt-get", "scripts/make_docs.py", "kg serve", "localhost:7878",
    "scripts/stores/",
)  # fmt: skip
"""Blocks with these set things up outside the temporary folder, or ask a server, and are left alone.

tests/test_serving.py runs those that ask a server, tests/test_store_scripts.py those that start a store.
"""


def pages() -> list[Path]:
    """Return the pages that quote the program."""
    return [
        ROOT / "README.md",
        ROOT / "README.zh-CN.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


def refresh(text: str, place: Path) -> str:
    """Return a page with its outputs and tables made again."""

    def run(hit: re.Match[str]) -> str:
        language, code, shown = hit[1], hit[2], hit[3]
        if any(word in code for word in NOT_HERE):
            return hit[0]
        said = output(language, code, place)
        if shown is None:
            return hit[0]
        return f"```{language}\n{code}```\n\n```text\n{said}```\n"

    text = BLOCK.sub(run, text)
    return MADE.sub(lambda hit: f"<!-- made: {hit[1]} -->\n{TABLES[hit[1]](place)}\n<!-- end -->\n", text)


def output(language: str, code: str, place: Path) -> str:
    """Run a block and return what it writes."""
    command = ["bash", "-c", code] if language == "sh" else [str(place / ".venv/bin/python"), "-c", code]
    done = subprocess.run(
        command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode or "Traceback (most recent call last)" in done.stdout:
        sys.exit(f"this fails, so no page was changed by it:\n{code}{done.stdout}")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "".join(f"{line}\n" for line in lines)


def workplace(folder: Path) -> Path:
    """Return a folder that looks like the repository and holds a fresh graph of the sample corpus."""
    for name in (".venv", "corpus", "kg", "ontology", "tests", "scripts"):
        (folder / name).symlink_to(ROOT / name)
    subprocess.run(
        [".venv/bin/kg", "build", "corpus", "-o", "output", "--quiet", "--strict"], cwd=folder, check=True
    )
    before(folder)
    return folder


def before(folder: Path) -> None:
    """Build an earlier graph into ``before``, for what compares two: a report and a clause less."""
    corpus = folder / "earlier"
    shutil.copytree(ROOT / "corpus", corpus)
    (corpus / LATER).unlink()
    told = corpus / TOLD_LATER[0]
    text = told.read_text(encoding="utf-8")
    assert TOLD_LATER[1] in text, f"{told.name} no longer says {TOLD_LATER[1]}"
    told.write_text(text.replace(TOLD_LATER[1], ""), encoding="utf-8")
    command = [".venv/bin/kg", "build", "earlier", "-o", "before", "--quiet", "--strict", "--no-html"]
    subprocess.run(command, cwd=folder, check=True)


LATER = "三都水族自治县2023年法治政府建设报告.txt"
TOLD_LATER = ("珠山区2022年法治政府建设情况.txt", "区司法局在陶溪川设立“陶瓷法律服务驿站”,")
"""A report that the earlier graph lacks, and words that another one lacks in it."""


# --- tables


def cell(text: str) -> str:
    """Return text that a cell of a table can hold."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in lines)


def ontology() -> rdflib.Graph:
    """Return the ontology, with the prefixes of the project."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in terms.PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph.parse(ROOT / "ontology" / "govkg.ttl")


def names(graph: rdflib.Graph, values: Iterator[Any]) -> str:
    """Return terms by their prefixed names."""
    return ", ".join(sorted(f"`{graph.qname(value)}`" for value in values if isinstance(value, URIRef)))


def label(graph: rdflib.Graph, term: URIRef, language: str, kind: URIRef = RDFS.label) -> str:
    """Return the label of a term in a language."""
    found = [each for each in graph.objects(term, kind) if isinstance(each, Literal)]
    return next((str(each) for each in found if each.language == language), "")


def defined(graph: rdflib.Graph, kind: URIRef) -> list[URIRef]:
    """Return the project's terms of a kind, in the order of their names."""
    found = {each for each in graph.subjects(RDF.type, kind) if str(each).startswith(terms.GOV)}
    return sorted(each for each in found if isinstance(each, URIRef))


def classes(place: Path) -> str:
    """Return the classes of the ontology with their alignments."""
    graph = ontology()
    return table(
        ("class", "中文", "what it is", "below"),
        (
            (f"`gov:{each[len(GOV) :]}`", label(graph, each, "zh"), label(graph, each, "en", SKOS.definition),
             names(graph, graph.objects(each, RDFS.subClassOf)))
            for each in defined(graph, OWL.Class)
        ),
    )  # fmt: skip


def ends(graph: rdflib.Graph, term: URIRef, own: URIRef, included: URIRef) -> str:
    """Return the domain or the range of a property."""
    found: set[Any] = set()
    for each in [*graph.objects(term, own), *graph.objects(term, included)]:
        union = graph.value(each, OWL.unionOf)
        found |= set(Collection(graph, union)) if union is not None else {each}
    return names(graph, iter(found))


def properties(place: Path) -> str:
    """Return the properties of the ontology with their alignments and an example from the sample graph."""
    graph, dataset = ontology(), kg.open_graph(place / "output")
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    found = sorted({each for kind in kinds for each in defined(graph, kind)})

    def example(term: URIRef) -> str:
        values = sorted({str(value) for value in dataset.objects(None, term)}, key=lambda v: (len(v) > 60, v))
        return f"`{values[0].removeprefix(ids.DEFAULT_BASE)}`" if values else ""

    def row(term: URIRef) -> tuple[str, ...]:
        return (
            f"`gov:{term[len(GOV) :]}`",
            label(graph, term, "zh"),
            ends(graph, term, RDFS.domain, SDO.domainIncludes),
            ends(graph, term, RDFS.range, SDO.rangeIncludes),
            names(graph, graph.objects(term, RDFS.subPropertyOf)),
            example(term),
        )

    return table(("property", "中文", "of", "value", "below", "example in the sample graph"), map(row, found))


def questions_table(place: Path) -> str:
    """Return every named question by topic, with what it can be asked about."""
    parts = []
    for topic, found in questions.by_topic():
        rows = (
            (
                f"[`{query.name}`](#{query.name})",
                query.zh,
                query.en,
                ", ".join(f"`{each.name}`" for each in query.parameters),
            )
            for query in found
        )
        parts.append(
            f"**{topic.zh} · {topic.en}**\n\n{table(('name', '问题', 'question', 'parameters'), rows)}"
        )
    return "\n\n".join(parts)


def quoted(value: str) -> str:
    """Return a value as a shell takes it; letters and digits of any script need no quotes."""
    return value if value.isalnum() else shlex.quote(value)


def queries(place: Path) -> str:
    """Return every named question with its parameters and the first rows of its answer to the example."""
    parts = []
    for topic, found in questions.by_topic():
        parts.append(f"## {topic.zh} · {topic.en}")
        for query in found:
            given = "".join(f" -p {name}={quoted(value)}" for name, value in query.example)
            against = " --against before" if query.against else ""
            command = f".venv/bin/kg query --name {query.name}{given}{against}"
            said = "\n".join(shorten(line, 110) for line in output("sh", command, place).split("\n")[:6])
            meanings = "".join(f"- `{each.name}`: {each.zh} · {each.meaning}\n" for each in query.parameters)
            parts.append(f"### {query.name}\n\n{query.zh}<br>\n{query.en}\n\n{meanings}".rstrip())
            parts.append(f"```sh\n{command}\n```\n\nbegins\n\n```\n{said.rstrip()}\n```")
    return "\n\n".join(parts)


def commands(place: Path) -> str:
    """Return every command with all its arguments and options."""
    context = click.Context(cli.main)
    rows = []
    for name in cli.main.list_commands(context):
        command = cli.main.get_command(context, name)
        assert command is not None
        rows.append((f"**`kg {name}`**", (command.help or "").split("\n\n")[0].replace("\b", "")))
        for parameter in command.params:
            with click.Context(command) as inner:
                record = parameter.get_help_record(inner)
            if record is not None:
                rows.append((f"`{record[0]}`", record[1]))
            else:
                rows.append((f"`{parameter.make_metavar(click.Context(command))}`", "argument"))
    return table(("command or option", "does"), iter(rows))


def score(place: Path) -> str:
    """Return the totals of kg evaluate as a table."""
    said = output("sh", ".venv/bin/kg evaluate tests/gold | grep -E '^all '", place)
    rows = (tuple(line.split())[1:] for line in said.splitlines())
    return table(("what", "precision", "recall", "F1", "right", "extra", "missed"), rows)


TABLES: dict[str, Callable[[Path], str]] = {
    "classes": classes,
    "commands": commands,
    "properties": properties,
    "queries": queries,
    "questions": questions_table,
    "score": score,
}


def main() -> None:
    """Refresh all pages, or check that they are fresh."""
    parser = argparse.ArgumentParser(description="Refresh what the documentation quotes from the program.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a page is stale")
    parser.add_argument("pages", nargs="*", type=Path, help="only these pages")
    given = parser.parse_args()
    stale = False
    with tempfile.TemporaryDirectory() as folder:
        place = workplace(Path(folder))
        for page in given.pages or pages():
            before = page.read_text(encoding="utf-8")
            after = refresh(before, place)
            if after == before:
                continue
            stale = True
            print(f"{page}: {'is stale' if given.check else 'refreshed'}")
            if given.check:
                sys.stdout.writelines(
                    difflib.unified_diff(before.splitlines(True), after.splitlines(True), n=0)
                )
            else:
                page.write_text(after, encoding="utf-8")
    if given.check and stale:
        sys.exit(1)


if __name__ == "__main__":
    main()
