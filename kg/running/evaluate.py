"""Compares a graph with gold files: what a careful reader found in the same documents.

Things match by class and by code or any name that is valid anywhere; facts by both ends and predicate, the
place itself, its government and the issuing body being one actor; numbers by value, unit and a similar
indicator. Gold items marked optional neither count for nor against a graph.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg import resources, terms
from kg.errors import InputError
from kg.graph import selection, store
from kg.graph.selection import GraphView, NodeView
from kg.graph.tables import aligned, plain
from kg.rules import tables

_KINDS = tuple(sorted(terms.ENTITY_CLASSES))
_PREDICATES = terms.FACT_PREDICATES - {"within", "serves", "amends", "repeals"}
_BY_ACTORS = frozenset(
    {"issued", "contributedTo", "implemented", "promoted", "carriedOut", "established", "reportedTo"}
)
_HOME = "home"
_ALIKE = 0.5
"""Share of their characters that two indicators must have in common, for wordings of one thing differ."""

Key = tuple[str, str, str]


@dataclass(slots=True)
class Tally:
    """Right, too much, missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what the graph says that is right."""
        return self.right / (self.right + self.extra) if self.right + self.extra else float(not self.missed)

    @property
    def recall(self) -> float:
        """Share of what there is that the graph says."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.right += other.right
        self.extra += other.extra
        self.missed += other.missed


@dataclass(slots=True)
class Score:
    """How a graph compares with one gold file."""

    document: str
    entities: dict[str, Tally] = field(default_factory=dict)
    relations: dict[str, Tally] = field(default_factory=dict)
    observations: Tally = field(default_factory=Tally)
    metadata: dict[str, bool] = field(default_factory=dict)
    decoys: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def evaluate(folder: Path, gold: Sequence[Path]) -> list[Score]:
    """Return the score of each gold file against a built graph.

    Raises:
        InputError: a gold file cannot be read, or its document is not in the graph.
        StoreError: the folder holds no graph.

    """
    opened = store.open_store(folder)
    reports = selection.documents(opened)
    scores = []
    for path in _files(gold):
        wanted = _load(path)
        stem = _stem(wanted["document"])
        found = next((report for report in reports if _stem(report.source) == stem), None)
        if found is None:
            raise InputError(path.name, "gold", f"{wanted['document']} is not in the graph", "build it first")
        view = selection.view(opened, documents={found.iri})
        scores.append(_Comparison(wanted, view, found.iri).score())
    return scores


def _files(paths: Iterable[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]


def _load(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not all(key in found for key in ("document", "report", "entities", "relations", "observations")):
            raise ValueError("a part is missing")
    except (OSError, ValueError) as error:
        raise InputError(str(path), "gold", f"no gold file ({error})", "see docs on its form") from error
    return found


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rsplit(".", 1)[0]


_DASHES = re.compile(r"[\u2010-\u2015\u2212~\uff5e-]+")


def fold(name: str) -> str:
    """Return a name as gold and graph are compared: without what writing varies.

    >>> fold("《法治政府建设实施纲要（2021—2025年）》")
    '法治政府建设实施纲要(2021-2025年)'
    """
    folded = unicodedata.normalize("NFKC", name).lower()
    return _DASHES.sub("-", wording()["dropped"].sub("", folded))


class _Comparison:
    """One gold file beside one report."""

    def __init__(self, gold: dict[str, Any], view: GraphView, report: str) -> None:
        self.gold = gold
        self.view = view
        self.report = next((node for node in view.nodes if node.iri == report), None)
        self.by_id = {entity["id"]: entity for entity in gold["entities"]}
        self.matched: dict[str, str] = {}
        self.result = Score(gold["document"])
        self.labels = {node.iri: node.label for node in view.nodes}

    def score(self) -> Score:
        """Compare everything."""
        self._entities()
        self._relations()
        self._observations()
        self._metadata()
        return self.result

    def _miss(self, what: str) -> None:
        self.result.errors.append(f"missed  {what}")

    def _extra(self, what: str) -> None:
        self.result.errors.append(f"extra   {what}")

    def _entities(self) -> None:
        index: dict[tuple[str, str], list[str]] = {}
        for entity in self.gold["entities"]:
            for name in _gold_names(entity):
                index.setdefault((entity["type"], name), []).append(entity["id"])
        tallies = {kind: Tally() for kind in _KINDS}
        taken: set[str] = set()
        for node in self.view.nodes:
            if node.kind not in tallies or not self._mentioned(node):
                continue
            hit = self._match(node, index)
            optional = hit is not None and bool(self.by_id[hit].get("optional"))
            if hit is not None:
                self.matched[node.iri] = hit
            if hit is None or (hit in taken and not optional):
                tallies[node.kind].extra += 1
                self._extra(f"{node.kind} {node.label}" + (f" (is {hit} again)" if hit else ""))
            elif hit not in taken and not optional:
                tallies[node.kind].right += 1
            if hit is not None:
                taken.add(hit)
        for entity in self.gold["entities"]:
            if entity["id"] not in taken and not entity.get("optional"):
                tallies[entity["type"]].missed += 1
                self._miss(f"{entity['type']} {entity['name']}")
        self.result.entities = tallies
        named = {
            fold(name) for node in self.view.nodes if node.kind == "PolicyDocument" for name in _names(node)
        }
        self.result.decoys = sorted(
            d["text"] for d in self.gold.get("decoys", ()) if fold(d["text"]) in named
        )

    def _mentioned(self, node: NodeView) -> bool:
        return self.report is not None and self.report.iri in node.documents

    def _match(self, node: NodeView, index: dict[tuple[str, str], list[str]]) -> str | None:
        """Return the gold entity that a thing is: by code first, then by its label, then by other names."""
        code = dict(node.attributes).get("code", "")
        ways = [["code:" + code] if code else [], [fold(node.label)], sorted(map(fold, node.alt_labels))]
        for way in ways:
            for name in way:
                for hit in index.get((node.kind, name), ()):
                    other = self.by_id[hit].get("code")
                    if not (node.kind == "Jurisdiction" and code and other and other != code):
                        return hit
        return None

    def _home(self) -> set[str]:
        """Return the gold ids of actors that a document does not tell apart: place, government, issuer."""
        report = self.gold["report"]
        home = {report.get("jurisdiction"), report.get("issuer")} - {None}
        name = self.by_id.get(report.get("jurisdiction"), {}).get("name")
        return home | {
            entity["id"]
            for entity in self.gold["entities"]
            if entity["type"] == "Institution" and name
            if name in entity["name"]
            and wording()["government"].fullmatch(entity["name"].rpartition(name)[2])
        }

    def _relations(self) -> None:
        home = self._home()

        def key(subject: str, predicate: str, obj: str) -> Key:
            if predicate in _BY_ACTORS and subject in home:
                subject = _HOME
            if predicate == "workedWith":
                subject, obj = sorted(_HOME if end in home else end for end in (subject, obj))
            return predicate, subject, obj

        must: dict[Key, dict[str, Any]] = {}
        may: set[Key] = set()
        for relation in self.gold["relations"]:
            ends = (self.by_id[relation["s"]], self.by_id[relation["o"]])
            optional = relation.get("optional") or any(end.get("optional") for end in ends)
            found = key(relation["s"], relation["p"], relation["o"])
            if optional:
                may.add(found)
            else:
                must[found] = relation
        got = {
            key(self._gold_id(edge.source), edge.predicate, self._gold_id(edge.target)): edge
            for edge in self.view.edges
            if edge.predicate in _PREDICATES and edge.evidence
        }
        tallies = {predicate: Tally() for predicate in sorted(_PREDICATES)}
        for found, edge in got.items():
            if found in must:
                tallies[found[0]].right += 1
            elif found not in may and not any(self.by_id.get(end, {}).get("optional") for end in found[1:]):
                tallies[found[0]].extra += 1
                self._extra(f"{self.labels[edge.source]} {edge.predicate} {self.labels[edge.target]}")
        for found, relation in must.items():
            if found not in got:
                tallies[found[0]].missed += 1
                ends = (self.by_id[relation["s"]]["name"], self.by_id[relation["o"]]["name"])
                self._miss(f"{ends[0]} {relation['p']} {ends[1]}  | {relation.get('quote', '')}")
        self.result.relations = tallies

    def _gold_id(self, iri: str) -> str:
        return self.matched.get(iri, iri)

    def _observations(self) -> None:
        gold = self.gold["observations"]
        pairs = sorted(
            (-alike, at, position)
            for at, wanted in enumerate(gold)
            for position, seen in enumerate(self.view.observations)
            if _same_number(float(seen.value), wanted["value"])
            and fold(seen.unit) == fold(wanted.get("unit") or "")
            if (alike := _alike(fold(seen.indicator), fold(wanted["indicator"]))) >= _ALIKE
        )
        met: dict[int, int] = {}
        for _, at, position in pairs:
            if at not in met and position not in met.values():
                met[at] = position
        for at, wanted in enumerate(gold):
            if at not in met and not wanted.get("optional"):
                self.result.observations.missed += 1
                self._miss(f"{wanted['indicator']} {wanted['value']}{wanted.get('unit') or ''}")
            elif at in met and not wanted.get("optional"):
                self.result.observations.right += 1
        for position, seen in enumerate(self.view.observations):
            if position not in met.values():
                self.result.observations.extra += 1
                self._extra(f"{seen.indicator} {seen.value}{seen.unit}")

    def _metadata(self) -> None:
        wanted, node = self.gold["report"], self.report
        if node is None:
            return
        values: dict[str, set[str]] = {}
        for name, value in node.attributes:
            values.setdefault(name, set()).add(value)
        linked = {edge.predicate: edge.target for edge in self.view.edges if edge.source == node.iri}
        numbers = wanted.get("docNumber") or []
        numbers = [numbers] if isinstance(numbers, str) else numbers
        found = {
            "title": fold(wanted.get("title") or "") == fold(node.label),
            "year": str(wanted.get("year")) in values.get("reportingYear", ()),
            "docNumber": bool(set(map(fold, numbers)) & set(map(fold, values.get("docNumber", ())))),
            "published": wanted.get("published")
            in values.get("issued", set()) | values.get("published", set()),
        }
        for name, predicate in (
            ("jurisdiction", "reportsOn"),
            ("issuer", "issuer"),
            ("addressee", "addressee"),
        ):
            found[name] = self.matched.get(linked.get(predicate, "")) == wanted.get(name)
        self.result.metadata = {name: right for name, right in found.items() if wanted.get(name) is not None}


def _gold_names(entity: dict[str, Any]) -> list[str]:
    """Return what a gold entity may be called; relative forms (市委) mean another body in every document."""
    names = list(entity.get("aliases", ()))
    if entity["type"] in ("Jurisdiction", "Institution"):
        names = [name for name in names if not wording()["relative"].match(fold(name))]
    found = [fold(name) for name in (entity["name"], *names)]
    return [*found, "code:" + entity["code"]] if entity.get("code") else found


def _names(node: NodeView) -> tuple[str, ...]:
    return (node.label, *node.alt_labels)


def _same_number(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6 * max(1.0, abs(one))


def _alike(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one in other or other in one:
        return 1.0
    return 2 * sum((Counter(one) & Counter(other)).values()) / (len(one) + len(other))


@functools.cache
def wording() -> dict[str, re.Pattern[str]]:
    """Return the patterns that tell relative names and the governments of a place."""
    path = resources.RULE_DATA / "evaluation" / "patterns.tsv"
    return {row["name"]: re.compile(row["pattern"]) for row in tables.read(path, ("name", "pattern"))}


def total(scores: Sequence[Score]) -> dict[str, Tally]:
    """Return the tallies of all scores together: things, relations, observations."""
    whole = {"entities": Tally(), "relations": Tally(), "observations": Tally()}
    for score in scores:
        for tally in score.entities.values():
            whole["entities"].add(tally)
        for tally in score.relations.values():
            whole["relations"].add(tally)
        whole["observations"].add(score.observations)
    return whole


def to_json(scores: Sequence[Score], *, errors: bool = False) -> str:
    """Return scores as JSON."""
    told = {
        "total": {name: _numbers(tally) for name, tally in total(scores).items()},
        "documents": [
            {
                "document": score.document,
                **{name: _numbers(tally) for name, tally in total([score]).items()},
                "by class": {kind: _numbers(tally) for kind, tally in score.entities.items()},
                "by predicate": {name: _numbers(tally) for name, tally in score.relations.items()},
                "metadata": score.metadata,
                "decoys taken": score.decoys,
                **({"errors": score.errors} if errors else {}),
            }
            for score in scores
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _numbers(tally: Tally) -> dict[str, float]:
    shares = {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
    counts = {"right": tally.right, "extra": tally.extra, "missed": tally.missed}
    return {**{name: round(share, 4) for name, share in shares.items()}, **counts}


def to_text(scores: Sequence[Score], *, errors: bool = False) -> str:
    """Return scores as a table."""
    rows = [row for score in scores for row in _rows(score.document, score)]
    whole = [_row("all", name, tally) for name, tally in total(scores).items()]
    columns = ("document", "what", "precision", "recall", "f1", "right", "extra", "missed")
    text = aligned(columns, rows + whole)
    for score in scores:
        wrong = [name for name, right in score.metadata.items() if not right]
        notes = [f"metadata wrong: {', '.join(wrong)}"] if wrong else []
        notes += [f"decoys taken: {', '.join(score.decoys)}"] if score.decoys else []
        notes += score.errors if errors else []
        text += "".join(f"{plain(score.document)}: {plain(note)}\n" for note in notes)
    return text


def _rows(document: str, score: Score) -> list[list[str]]:
    parts = [*total([score]).items(), *score.entities.items(), *score.relations.items()]
    return [_row(document, name, tally) for name, tally in parts if tally.right + tally.extra + tally.missed]


def _row(document: str, name: str, tally: Tally) -> list[str]:
    shares = [f"{share:.3f}" for share in (tally.precision, tally.recall, tally.f1)]
    return [document, name, *shares, *map(str, (tally.right, tally.extra, tally.missed))]
