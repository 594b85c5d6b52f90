"""Reads cases that are kept as data, and documents made of a few sentences.

A case file has settings (``# home: 469007``), lines of text, ``---``, and the rows expected of them, with
tabs. Other lines that begin with ``#`` say what the case is for.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from kg import rules, understanding
from kg.model import Analysis, Document, Field, Region
from kg.segmenting import segment

FOLDER = Path(__file__).resolve().parent.parent / "cases"
MARKER = "---"
SETTING = re.compile(r"# (home|title|issuer|addressee): (.+)")


@dataclass(frozen=True, slots=True)
class Case:
    """One behaviour: settings, a text, and what comes of it."""

    path: Path
    settings: dict[str, str]
    text: str
    expected: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """Return what the case shows, for the list of tests."""
        return self.path.stem


def find(stage: str) -> list[Case]:
    """Return the cases of one stage, sorted by name."""
    return [load(path) for path in sorted((FOLDER / stage).glob("*.txt"))]


def load(path: Path) -> Case:
    """Return the case of one file."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    settings = dict(found.groups() for line in lines if (found := SETTING.fullmatch(line)))
    lines = [line for line in lines if not line.startswith("#")]
    marker = lines.index(MARKER)
    rows = tuple(tuple(line.split("\t")) for line in lines[marker + 1 :] if line)
    return Case(path, settings, "\n".join(lines[:marker]), rows)


def document(text: str, settings: dict[str, str]) -> Document:
    """Return a document whose title names a home, with ``text`` as its body."""
    title = settings.get("title") or title_of(settings["home"])
    whole, regions, fields = "", [], []
    for role, part in (("title", title), ("addressee", settings.get("addressee", "")), ("body", text)):
        if part:
            start = len(whole)
            whole += part + "\n" * (role != "body")
            regions.append(Region(start, len(whole), role))  # type: ignore[arg-type]
            if role != "body":
                fields.append(Field(role, part, start, start + len(part)))
    if "issuer" in settings:
        start = len(whole)
        whole += "\n" + settings["issuer"]
        regions.append(Region(start, len(whole), "signature"))
        fields.append(Field("signature", settings["issuer"], start + 1, len(whole)))
    sha256 = hashlib.sha256(whole.encode()).hexdigest()
    return Document("case.txt", sha256, whole, "utf-8", "text/plain", tuple(regions), tuple(fields))


def title_of(code: str) -> str:
    """Return the title of a yearly report of the division with a code."""
    return f"{rules.load().places.gazetteer.full_name(code)}2022年法治政府建设情况报告"


def segmented(case: Case) -> list[tuple[str, ...]]:
    """Return section, kind, mode and clauses of each segment of the body."""
    made = document(case.text, {"title": "2022年工作情况报告"})
    return [
        (item.section, item.kind, item.mode, "|".join(made.text[c.start : c.end] for c in item.clauses))
        for item in segment(made, rules.load().structure)
        if item.kind != "title"
    ]


def understood(case: Case) -> Analysis:
    """Return what a case's document says, and make sure that it speaks from the home it shall."""
    analysis = understanding.understand(document(case.text, case.settings), rules.load())
    if "home" in case.settings:
        assert analysis.report.jurisdiction == f"jurisdiction/{case.settings['home']}"
    return analysis


def named(analysis: Analysis) -> list[tuple[str, str, str, str]]:
    """Return class, surface, name and identity of what stands below the title, in text order."""
    entities = {entity.id: entity for entity in analysis.entities}
    text = analysis.document.text
    body = next(region.end for region in analysis.document.regions if region.role == "title")
    return [
        (str(entities[key].kind), text[start:end], entities[key].name, key)
        for key, start, end in analysis.mentions
        if start >= body
    ]


def facts(analysis: Analysis) -> list[tuple[str, ...]]:
    """Return the facts by names: subject, predicate, object, and ``planned`` for what is not done yet."""
    names = {entity.id: entity.name for entity in analysis.entities}
    return sorted(
        (names[fact.subject], fact.predicate, names[fact.object], *(["planned"] if fact.planned else []))
        for fact in analysis.facts
    )
