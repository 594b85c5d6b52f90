"""Writes what ``neo4j-admin database import full`` of Neo4j 5 takes: nodes, relationships, how to load."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg import terms
from kg.graph.exporting import records
from kg.graph.exporting.networks import edge
from kg.graph.exporting.records import Cell, Row, Source
from kg.graph.exporting.spreadsheets import scalar
from kg.graph.nquads import iri, split

ARRAY = "\x1f"
"""Stands between the items of a list: a control character, which no name holds after :func:`_item`."""

_TYPES = {
    records.TEXT: "",
    records.LIST: ":string[]",
    records.WHOLE: ":int",
    records.NUMBER: ":double",
    records.TRUTH: ":boolean",
    records.DAY: ":date",
}

_FACTS = {
    "planned": ":boolean",
    "evidence": ":int",
    "documents": ":int",
    "year": ":int",
    "quotes": ":string[]",
    "sources": ":string[]",
    "rules": ":string[]",
}
_WORD = re.compile("(?<=[a-z])(?=[A-Z])")


def relationship(predicate: str) -> str:
    """Return the type of relationship that a predicate becomes.

    >>> relationship("carriedOut")
    'CARRIED_OUT'
    """
    return _WORD.sub("_", predicate).upper()


def _entities(source: Source) -> Iterator[Row]:
    def labels(row: dict[str, Cell]) -> tuple[str, ...]:
        kind = str(row["kind"])
        return ("Thing", "PolicyDocument", kind) if kind == "Report" else ("Thing", kind)

    return _nodes(source, "entities", labels)


def _observations(source: Source) -> Iterator[Row]:
    return _nodes(source, "observations", lambda row: ("Observation",))


def _nodes(source: Source, name: str, labels: Callable[[dict[str, Cell]], tuple[str, ...]]) -> Iterator[Row]:
    """Yield the header and the rows of one of the tables as nodes, identified by the column "iri"."""
    columns, rows = records.table(source, name)
    others = [column for column in columns if column != "iri"]
    yield ("iri:ID", ":LABEL", *(f"{column}{_TYPES[columns[column]]}" for column in others))
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        yield (values["iri"], labels(values), *(values[column] for column in others))


def _facts(source: Source) -> Iterator[Row]:
    yield (":START_ID", ":TYPE", ":END_ID", *(f"{name}{kind}" for name, kind in _FACTS.items()))
    for (subject, predicate, obj), said in records.edges(source):
        values = edge(source, predicate, said)
        told = [item for item in said if item.document and item.planned <= bool(values["planned"])]
        values["quotes"] = tuple(source.lookup.passage(item.passage).quote for item in told)
        values["rules"] = tuple(item.rule for item in told)
        values["sources"] = tuple(source.lookup.document(item.document).file for item in told)
        yield (subject, relationship(predicate), obj, *(values[name] for name in _FACTS))


def _numbers(source: Source) -> Iterator[Row]:
    yield (":START_ID", ":TYPE", ":END_ID")
    names = list(records.OBSERVATIONS)
    of, document = names.index("of_iri"), names.index("document_iri")
    for row in records.observations(source):
        for kind, index in (("OBSERVED_FOR", of), ("STATED_IN", document)):
            if source.lookup.shows(str(row[index])):
                yield (row[names.index("iri")], kind, row[index])


def _mentions(source: Source) -> Iterator[Row]:
    yield (":START_ID", ":TYPE", ":END_ID")
    reports, mentions = f"<{source.base}report/", iri(terms.gov("mentions"))
    last = None
    for line in source.lines():
        if line.startswith(reports):
            subject, predicate, obj, _ = split(line)
            ends = (subject[1:-1], obj[1:-1])
            if predicate == mentions and ends != last and all(map(source.lookup.shows, ends)):
                yield (ends[0], "MENTIONS", ends[1])
                last = ends


_NODES: Mapping[str, Callable[[Source], Iterator[Row]]] = {
    "entities.csv": _entities,
    "observations.csv": _observations,
}
_RELATIONSHIPS: Mapping[str, Callable[[Source], Iterator[Row]]] = {
    "facts.csv": _facts,
    "observed.csv": _numbers,
    "mentions.csv": _mentions,
}

IMPORT = f"""\
#!/bin/sh
# Loads the files beside this one into an empty database of Neo4j 5, which must be stopped:
#   sh import.sh [DATABASE]
# Then start it, and create constraints and indexes:
#   cypher-shell -d DATABASE -f constraints.cypher
set -eu
cd "$(dirname "$0")"
exec "${{NEO4J_HOME:+$NEO4J_HOME/bin/}}neo4j-admin" database import full \\
  {chr(10).join(f"  --nodes={name} {chr(92)}" for name in _NODES).strip()}
  {chr(10).join(f"  --relationships={name} {chr(92)}" for name in _RELATIONSHIPS).strip()}
  --array-delimiter="U+{ord(ARRAY):04X}" \\
  --multiline-fields=true \\
  --overwrite-destination=true \\
  "${{1:-neo4j}}"
"""

CONSTRAINTS = """\
CREATE CONSTRAINT thing_iri IF NOT EXISTS FOR (n:Thing) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT observation_iri IF NOT EXISTS FOR (n:Observation) REQUIRE n.iri IS UNIQUE;
CREATE INDEX thing_name IF NOT EXISTS FOR (n:Thing) ON (n.name);
CREATE INDEX thing_code IF NOT EXISTS FOR (n:Jurisdiction) ON (n.code);
CREATE INDEX observation_indicator IF NOT EXISTS FOR (n:Observation) ON (n.indicator);
CREATE FULLTEXT INDEX thing_names IF NOT EXISTS FOR (n:Thing) ON EACH [n.name, n.other_names]
  OPTIONS { indexConfig: { `fulltext.analyzer`: 'cjk' } };
"""


def files(source: Source) -> dict[str, Iterable[str]]:
    """Return the chunks of every file of an import, by name."""
    tables = {name: _lines(made(source)) for name, made in {**_NODES, **_RELATIONSHIPS}.items()}
    return {**tables, "import.sh": [IMPORT], "constraints.cypher": [CONSTRAINTS]}


def _lines(rows: Iterator[Row]) -> Iterator[str]:
    yield ",".join(str(name) for name in next(rows)) + "\n"
    for row in rows:
        yield ",".join(map(_cell, row)) + "\n"


def _cell(cell: Cell) -> str:
    """Return a cell as the importer reads it: text in quotes, which keep white space; nothing for None."""
    if cell is None or cell in ("", ()):
        return ""
    if isinstance(cell, bool | int | float):
        return scalar(cell)
    text = ARRAY.join(map(_item, cell)) if isinstance(cell, tuple) else cell
    return '"' + text.replace('"', '""') + '"'


def _item(text: str) -> str:
    return text.replace(ARRAY, "\ufffd")
