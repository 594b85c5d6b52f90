"""Writes JSON-LD 1.1: a graph per document, a line per thing, names in place of IRIs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kg import terms
from kg.graph import nquads as quads
from kg.graph import turtle as turtles
from kg.graph.exporting import context as contexts
from kg.graph.exporting.grouping import by_graph

_INTEGER = re.compile("0|-?[1-9][0-9]{0,14}")  # longer ones are no exact numbers in JavaScript
_XSD_INTEGER, _XSD_BOOLEAN = (quads.iri(quads.XSD + name) for name in ("integer", "boolean"))


def write(lines: Iterable[str], names: turtles.Names) -> Iterator[str]:
    """Yield the chunks of a JSON-LD file for N-Quads lines.

    ``names`` tells the base that identities are written relative to, if any, and the prefixes of other terms.
    """
    made = contexts.context()
    vocabulary = _Vocabulary(made, names)
    head = {**({"@base": names.base} if names.base else {}), **made}
    head.update((prefix, space) for prefix, space in names.prefixes.items() if prefix not in head)
    told = ",\n  ".join(f"{_json(name)}: {_json(meaning)}" for name, meaning in head.items())
    yield f'{{"@context": {{\n  {told}\n }},\n "@graph": ['
    for number, (graph, found) in enumerate(by_graph(lines)):
        yield f'{"," if number else ""}\n {{"id": {_json(vocabulary.identity(graph))}, "@graph": ['
        for count, (subject, triples) in enumerate(groupby(found, key=lambda triple: triple[0])):
            yield f"{',' if count else ''}\n  {_json(_node(vocabulary, subject, triples))}"
        yield "]}"
    yield "]}\n"


@dataclass(frozen=True, slots=True)
class _Term:
    """The name of a property in the context, and how its values are written: see :mod:`context`."""

    name: str
    kind: str = ""


class _Vocabulary:
    """Knows the names that the context gives to terms."""

    def __init__(self, made: dict[str, Any], names: turtles.Names) -> None:
        self._names = names
        self._terms: dict[str, _Term] = {}
        for name, meaning in made.items():
            told = meaning if isinstance(meaning, dict) else {"@id": str(meaning)}
            prefix, _, local = told["@id"].partition(":")
            if prefix not in terms.PREFIXES:
                continue  # a prefix or a keyword
            kind = told.get("@container") or told.get("@type", "")
            if kind.startswith("xsd:"):
                kind = quads.iri(quads.XSD + kind.removeprefix("xsd:"))
            self._terms[quads.iri(terms.PREFIXES[prefix] + local)] = _Term(name, kind)

    def property(self, term: str) -> _Term:
        """Return how a property is called."""
        return self._terms.get(term) or _Term(self.plain(term))

    def plain(self, term: str) -> str:
        """Return a class or datatype, or a property without what the context says of its values."""
        return self._names.short(term).strip("<>") if not self._relative(term) else term[1:-1]

    def named(self, term: str) -> str:
        """Return a class, or the property that a statement is about."""
        found = self._terms.get(term)
        return found.name if found else self.plain(term)

    def identity(self, term: str) -> str:
        """Return the IRI of a thing, relative to the base where that means the same."""
        short = self._names.short(term) if self._relative(term) else term
        return short[1:-1] if short.startswith("<") else short

    def _relative(self, term: str) -> bool:
        return bool(self._names.base) and term[1:].startswith(self._names.base)


def _node(vocabulary: _Vocabulary, subject: str, triples: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    languages: dict[str, dict[str, list[str]]] = {}
    for _, predicate, obj in triples:
        if predicate == turtles.TYPE:
            found.setdefault("type", []).append(vocabulary.named(obj))
            continue
        term = vocabulary.property(predicate)
        language = _language(obj)
        if term.kind == "@language" and language:
            languages.setdefault(term.name, {}).setdefault(language, []).append(quads.value(obj))
        elif term.kind == "@language":  # what has no language stands outside of the map
            found.setdefault(vocabulary.plain(predicate), []).append(_value(vocabulary, obj, ""))
        else:
            found.setdefault(term.name, []).append(_value(vocabulary, obj, term.kind))
    node: dict[str, Any] = {"id": vocabulary.identity(subject)}
    if "type" in found:
        node["type"] = _single(found.pop("type"))
    node.update((name, _single(values)) for name, values in found.items())
    for name, by_language in languages.items():
        node[name] = {language: _single(texts) for language, texts in by_language.items()}
    return node


def _value(vocabulary: _Vocabulary, obj: str, kind: str) -> Any:
    if obj.startswith("<"):
        if kind == contexts.VOCABULARY:
            return vocabulary.named(obj)
        return vocabulary.identity(obj) if kind == contexts.ID else {"id": vocabulary.identity(obj)}
    text, language, datatype = quads.value(obj), _language(obj), _datatype(obj)
    if kind:
        return text if datatype == kind else _full(vocabulary, text, language, datatype)
    if datatype == _XSD_INTEGER and _INTEGER.fullmatch(text):
        return int(text)
    if datatype == _XSD_BOOLEAN and text in ("true", "false"):
        return text == "true"
    return _full(vocabulary, text, language, datatype) if language or datatype else text


def _full(vocabulary: _Vocabulary, text: str, language: str, datatype: str) -> dict[str, str]:
    if language:
        return {"@value": text, "@language": language}
    return {"@value": text, "@type": vocabulary.plain(datatype)} if datatype else {"@value": text}


def _language(obj: str) -> str:
    if obj.startswith("<"):
        return ""
    tail = obj[obj.rindex('"') + 1 :]
    return tail[1:] if tail.startswith("@") else ""


def _datatype(obj: str) -> str:
    tail = obj[obj.rindex('"') + 1 :]
    return tail[2:] if tail.startswith("^^") else ""


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
