"""A store of many triples: the named questions, opening, exports, beside pyoxigraph and rdflib.

Reports are generated and built until there are about as many triples as asked for. Each question runs in a
process of its own, so that one that takes too long can be ended; what pyoxigraph takes for the same SPARQL is
measured in the same process. rdflib writes a small part, and its time is taken to grow linearly.
"""

from __future__ import annotations

import io
import json
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

import generate
import rdflib
from building import weight
from measuring import python, rounded, run
from sections import ROOT, Options, Table, count, size

import kg
from kg import terms
from kg.graph import built, names, nquads, querying, store

PILOT = 40  # reports that are built first, to learn how many triples a report has
LIMIT = 10  # seconds of work after which a question is ended: five times what it may take
GOAL, MOST = 0.05, 2.0
SHORT = 0.02  # seconds below which a clock that ticks tells no ratio
FORMATS = {"nt": "nt", "nq": "nquads", "turtle": "turtle", "trig": "trig", "jsonld": "", "rdfxml": ""}
"""Formats that stream, and what rdflib calls those that it is measured with."""

PART = 100_000  # triples that rdflib writes
MODES = ("example", "one", "all")
"""Asked by its example, by some name that the store holds, or about all."""

PATHS = {
    "place": "jurisdiction/",
    "body": "institution/",
    "document": "document/",
    "initiative": "initiative/",
    "honour": "honour/",
    "thing": "institution/",
    "measure": "concept/measure/",
    "indicator": "concept/indicator/",
    "report": "report/",
}
OTHERS = {"level": "县级", "type": "政府", "year": "2022", "text": "执法"}
"""Where the names of a kind are found from which one is taken, and what is asked of other kinds."""


def measure(options: Options) -> dict[str, Any]:
    """Return what questions, opening and exports take on a store of about ``options.triples`` triples."""
    found = _build(options, PILOT, "pilot")
    reports = max(PILOT, round(PILOT * options.triples / _lines(found)))
    folder = _build(options, reports, "built")
    return {"reports": reports, "size": weight(folder / "store")} | figures(folder)


def figures(folder: Path) -> dict[str, Any]:
    """Return the figures of a folder that was built before."""
    opened = _child("open", str(folder))
    if opened is None:
        raise RuntimeError(f"{folder}: cannot be opened")
    questions = {
        f"{name} ({mode})": _child("ask", str(folder), name, mode)
        for name in opened.pop("names")
        for mode in MODES
    }
    quads = _lines(folder)
    with (folder / "graph.nq").open(encoding="utf-8") as lines:
        part = folder / "part.nq"
        with part.open("w", encoding="utf-8") as kept:
            kept.writelines(line for line, _ in zip(lines, range(PART), strict=False))
    written = {form: _export(folder, form, quads, part, other) for form, other in FORMATS.items()}
    part.unlink()
    return {"quads": quads, "open": opened, "questions": questions, "exports": written}


def _build(options: Options, reports: int, name: str) -> Path:
    place, folder = options.folder / f"{name}-reports", options.folder / name
    generate.write(place, reports, options.length, options.seed, options.corpus)
    run(python("-m", "kg", "build", str(place), "-o", str(folder), "-q"), watch=False, folder=ROOT)
    return folder


def _lines(folder: Path) -> int:
    with (folder / "graph.nq").open("rb") as lines:
        return sum(1 for _ in lines)


def _export(folder: Path, form: str, quads: int, part: Path, other: str) -> dict[str, float]:
    target = folder / f"export.{form}"
    ran = run(
        python("-m", "kg", "export", "--graph", str(folder), "--format", form, "-o", str(target)), folder=ROOT
    )
    told = {"work": rounded(ran.work), "memory": ran.memory, "bytes": target.stat().st_size}
    target.unlink()
    if other:
        rival = _child("rdflib", str(part), other)
        if rival:
            told["ratio"] = rounded(rival["seconds"] / rival["triples"] * quads / ran.work)
    return told


def _child(*arguments: str) -> dict[str, Any] | None:
    """Run a function of this module in a process of its own; None where it took too long or failed."""
    ran = subprocess.run(python(__file__, *arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    return None if ran.returncode else json.loads(ran.stdout)


def _open(folder: str) -> dict[str, Any]:
    begun = process_time()
    store.open_store(folder)
    told: dict[str, Any] = {"open_store": rounded(process_time() - begun)}
    begun = process_time()
    kg.open_graph(folder)
    told["open_graph"] = rounded(process_time() - begun)
    told["names"] = [query.name for query in querying.named_queries().values() if not query.against]
    return told


def _ask(folder: str, name: str, mode: str) -> dict[str, Any]:
    opened = store.open_store(folder)
    values = {"example": dict(querying.named(name).example), "one": _one(Path(folder), name)}.get(mode, {})
    find = names.of(folder, str(built.head(Path(folder))["base"]))
    begun = process_time()
    answer = querying.answer(opened, name, values, find)
    own = process_time() - begun
    direct = None
    if own < MOST:
        # Both with the store's pages read before; the better of two.
        begun = process_time()
        asked = querying.plan(name, values, find)
        list(opened.query(asked, prefixes=dict(terms.PREFIXES)))  # type: ignore[call-overload]
        direct = rounded(process_time() - begun)
        begun = process_time()
        querying.answer(opened, name, values, find)
        own = min(own, process_time() - begun)
    return {"seconds": rounded(own), "direct": direct, "rows": len(answer.rows)}


def _one(folder: Path, name: str) -> dict[str, str]:
    """Return the middle one of all names of the kind that a question is asked by first."""
    query = querying.named(name)
    if not query.parameters:
        return {}
    first = query.parameters[0]
    if first.kind not in PATHS:
        return {first.name: OTHERS[first.kind]}
    begin = f"<{built.head(folder)['base']}{PATHS[first.kind]}".encode()
    with (folder / store.STORE / names.FILE).open("rb") as lines:
        known = [line for line in lines if line.startswith(begin)]
    if not known:
        return {}
    return {first.name: nquads.value(known[len(known) // 2].decode().strip().split("\t", 1)[1][1:])}


def _rdflib(path: str, form: str) -> dict[str, Any]:
    data = rdflib.Dataset()
    data.parse(path, format="nquads")
    graph: rdflib.Graph = data
    if form in ("nt", "turtle"):
        graph = rdflib.Graph()
        for subject, predicate, obj, _ in data.quads():
            graph.add((subject, predicate, obj))
    triples = sum(1 for _ in (graph if graph is not data else data.quads()))
    begun = process_time()
    graph.serialize(io.BytesIO(), format=form, encoding="utf-8")
    return {"seconds": rounded(process_time() - begun), "triples": triples}


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return tables of the questions, of the slow ones, and of the exports."""
    asked = figures["questions"]
    seconds = [told["seconds"] if told else LIMIT for told in asked.values()]
    slow = sorted(
        ((told["seconds"] if told else LIMIT, name, told) for name, told in asked.items()),
        key=lambda item: (-item[0], item[1]),
    )
    ratios = [
        told["seconds"] / told["direct"] for told in asked.values() if told and (told["direct"] or 0) > SHORT
    ]
    by_mode = {mode: [value for value, name, _ in slow if name.endswith(f"({mode})")] for mode in MODES}
    summary = [
        [label, *(cell(found) for found in (seconds, *by_mode.values()))]
        for label, cell in (
            ("questions", lambda found: count(len(found))),
            ("median", lambda found: f"{statistics.median(found) * 1000:.0f} ms" if found else ""),
            (f"at most {GOAL * 1000:.0f} ms", lambda found: count(sum(value <= GOAL for value in found))),
            (f"over {MOST:.0f} s", lambda found: count(sum(value > MOST for value in found))),
        )
    ]
    opening = [[name, f"{value * 1000:.0f} ms"] for name, value in figures["open"].items()]
    opening.append(["× pyoxigraph directly, median", f"{statistics.median(ratios):.2f}" if ratios else ""])
    rows = [
        [name, f"{value:.2f} s" if told else f"over {LIMIT} s", count(told["rows"]) if told else ""]
        for value, name, told in slow
        if value > GOAL
    ]
    exports = [
        [
            form,
            f"{told['work']:.1f} s",
            size(told["memory"]),
            size(told["bytes"]),
            f"{told['ratio']:.1f}" if "ratio" in told else "",
        ]
        for form, told in figures["exports"].items()
    ]
    remark = f"rdflib: {PART:,} triples in memory, its time taken to grow linearly."
    return [
        Table(f"a store of {figures['quads']:,} quads", ["", "all ways", *MODES], summary),
        Table("opening, and the same SPARQL asked directly", ["", "work"], opening),
        Table("questions over the median wanted", ["question", "work", "rows"], rows),
        Table("exports", ["format", "work", "memory at most", "written", "× rdflib"], exports, remark),
    ]


def _main(action: str, *arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (2 * LIMIT, 2 * LIMIT))
    print(json.dumps({"open": _open, "ask": _ask, "rdflib": _rdflib}[action](*arguments)))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    _main(*sys.argv[1:])
