"""Answers the questions that come with the package; tells near names where a name is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph

from kg.errors import QueryError
from kg.graph import completing, names, querying
from kg.graph.names import Find
from kg.graph.querying import Answer, NamedQuery, Topic

_SHOWN = 5


def ask(store: pyoxigraph.Store, name: str, find: Find = names.nothing, /, **parameters: str) -> Answer:
    """Answer a question by its name; a parameter that is not given asks about all.

    ``find`` looks names up (:func:`kg.graph.names.of`): the answer is the same without it, and comes later.

    ``answer.columns`` names the columns, ``answer.values`` holds the rows as plain values and
    ``answer.records()`` as dicts; ``answer.rows`` holds the terms of the store.

    A question about two builds needs the store that :func:`kg.graph.changes.between` makes.

    Raises:
        QueryError: there is no such question, or it has no such parameter.

    """
    return querying.answer(store, name, parameters, find)


def by_topic() -> Iterator[tuple[Topic, list[NamedQuery]]]:
    """Yield the topics in order, each with its questions."""
    queries = querying.named_queries().values()
    for topic in querying.topics().values():
        yield topic, [query for query in queries if query.topic == topic.name]


def advice(
    store: pyoxigraph.Store, name: str, parameters: Mapping[str, str], known: names.Names | None = None
) -> str:
    """Return what may be wrong where a question has no answer: names that are unknown, and near ones.

    ``known`` are the names of the store (:func:`kg.graph.names.opened`): the advice is the same without them,
    and comes later.

    Raises:
        QueryError: there is no such question.

    """
    lines = []
    for parameter in querying.named(name).parameters:
        text = parameters.get(parameter.name, "").strip()
        if not text or parameter.kind == "text":
            continue
        found = completing.complete(store, parameter.kind, text, _SHOWN, known)
        if found:
            labels = ", ".join(suggestion.label for suggestion in found)
            lines.append(f"{parameter.name}={text}: is known ({labels}), but no document says this of it")
            continue
        near = completing.near(store, parameter.kind, text, _SHOWN, known)
        labels = ", ".join(
            f"{item.value} ({item.label})" if item.value != item.label else item.label for item in near
        )
        hint = f"near names: {labels}" if near else f"kg query --name {name} without it shows what there is"
        lines.append(f"{parameter.name}={text}: no {parameter.kind} in the graph is called so; {hint}")
    return "\n".join(lines)


def check(name: str, *, against: bool) -> None:
    """Refuse a question about two builds where only one is given.

    Raises:
        QueryError: it compares two builds, and no other build is given.

    """
    if querying.named(name).against and not against:
        raise QueryError(
            f"--name: {name} compares two builds; give the folder of the other one with --against"
        )
