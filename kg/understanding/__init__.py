"""Bytes -> Analysis: the one room that knows the order of the stages."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from kg.errors import InputError
from kg.model import Analysis, Document, Fact, Kind, Observation, Span
from kg.reading import read
from kg.recognising.surroundings import surroundings
from kg.relating.clauses import Statement, clause_at, subjects
from kg.relating.conflicts import find_conflicts
from kg.relating.observations import observe
from kg.relating.relations import relate
from kg.relating.titles import read_offices, read_parts, read_titles
from kg.resolving.home import locate
from kg.resolving.succession import changes
from kg.rules import Rules
from kg.segmenting import passages, segment
from kg.understanding import said
from kg.understanding.front import Front
from kg.understanding.restoring import restored
from kg.understanding.statements import Reader


class File(Protocol):
    """What has bytes: a path, or a part of something at one."""

    def read_bytes(self) -> bytes:
        """Return all of its bytes."""


def analyse(
    path: File,
    source: str,
    rules: Rules,
    overrides: Mapping[str, str] | None = None,
    listed: Mapping[str, str] | None = None,
) -> Analysis:
    """Read one file and understand it.

    Args:
        path: the file.
        source: its name for the graph, relative to the input folder.
        rules: the rule data.
        overrides: what names mean in this document, as the user decided: by the name as written.
        listed: what a list of documents says of it, by the names of fields.

    Raises:
        InputError: the file cannot be read; the message says what to do.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            source, "unreadable", f"cannot be opened, {error.strerror}", "check the file and its permissions"
        ) from error
    document = read(data, source)
    if not listed:
        return understand(document, rules, overrides)
    found = understand(said.add(document, listed), rules, overrides)
    return replace(found, conflicts=(*said.contradictions(found.document, listed), *found.conflicts))


def understand(document: Document, rules: Rules, overrides: Mapping[str, str] | None = None) -> Analysis:
    """Return everything ``document`` says: entities, facts, observations, with the words that say so.

    ``overrides`` maps names as written to what the user decided that they mean.
    """
    segments = segment(document, rules.structure)
    seen = rules.watch.scan(document.text)
    home = locate(document, rules.places, rules.institutions.is_national, seen)
    reader = Reader(document.text, rules, home, surroundings(home), seen, overrides)
    front = Front(document, reader)
    reader.demands = front.is_norm
    report = front.report(segments)
    statements = tuple(reader.statement(item) for item in segments)
    speaker = front.speaker(report, statements)
    ledger = relate(document.text, statements, speaker, rules.relations, reader.issuers, reader.national())
    sentences = tuple(s for s in statements if s.segment.kind != "title" or front.is_norm)
    read_titles(sentences, reader.titles, reader.issuers, reader.resolver.entities, ledger, rules.relations)
    read_parts(sentences, rules.initiatives.parents, ledger)
    read_offices(sentences, reader.resolver.wholes, ledger)
    front.relate(report, statements, ledger)
    numbered = [item for item in segments if item.kind != "title"]
    actor_at = _actors(document.text, statements, rules)
    quoted = passages(segments)
    observations = observe(
        document.text, numbered, actor_at, norm=front.is_norm, year=report.year, passages=quoted
    )
    inside_name = _in_names(statements)
    observations = tuple(item for item in observations if not inside_name(item))
    counted = [item.passage for item in observations]
    facts = _citing(ledger.facts.values(), quoted, counted)
    mentions = {(item.entity, item.start, item.end) for s in statements for item in s.named}
    mentions |= {*front.mentions(report), *reader.in_titles}
    return restored(
        Analysis(
            document,
            report,
            segments,
            tuple(sorted(reader.resolver.entities.values(), key=lambda entity: entity.id)),
            tuple(sorted(mentions, key=lambda mention: (mention[1], mention[2], mention[0]))),
            tuple(sorted(facts, key=lambda fact: (fact.subject, fact.predicate, fact.object))),
            observations,
            tuple(reader.resolver.unsure),
            find_conflicts(document, observations),
            reader.decisions.applied(document.text),
            changes(reader.resolver),
        )
    )


def _quotes(spans: tuple[Span, ...], quoted: Mapping[Span, Span]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(quoted.get(span, span) for span in spans))


def _citing(facts: Collection[Fact], quoted: Mapping[Span, Span], counted: Sequence[Span]) -> list[Fact]:
    """Return the facts with the passage first that most facts and numbers share, so that few are needed."""
    quotes = [_quotes(fact.passages, quoted) for fact in facts]
    shared = Counter(span for spans in quotes for span in spans)
    shared.update(counted)
    found: list[Fact] = []
    for fact, spans in zip(facts, quotes, strict=True):
        cited = tuple(sorted(spans, key=lambda span: (-shared[span], span))) if len(spans) > 1 else spans
        if cited != fact.passages:
            fact = Fact(fact.subject, fact.predicate, fact.object, cited, fact.rule, fact.planned)  # noqa: PLW2901
        found.append(fact)
    return found


def _in_names(statements: tuple[Statement, ...]) -> Callable[[Observation], bool]:
    """Return a function that says whether a number is part of a name (惠企30条) and measures nothing."""
    named = {
        position
        for statement in statements
        for item in statement.named
        if item.kind in (Kind.POLICY_DOCUMENT, Kind.HONOUR)
        for position in range(item.start, item.end)
    }
    return lambda item: item.number.start in named and item.number.end - 1 in named


def _actors(text: str, statements: tuple[Statement, ...], rules: Rules) -> Callable[[int], str]:
    """Return a function that gives the one actor of the clause at an offset, "" for none or several."""
    told = [s for s in statements if s.segment.clauses]
    starts = [s.segment.start for s in told]
    known: dict[int, list[tuple[str, ...]]] = {}  # by the statement's index

    def actor_at(offset: int) -> str:
        index = bisect_right(starts, offset) - 1
        if index < 0 or offset >= told[index].segment.end:
            return ""
        statement = told[index]
        if index not in known:
            known[index] = subjects(text, statement, rules.relations)
        own = known[index][clause_at(statement.segment, offset)]
        return own[0] if len(own) == 1 else ""

    return actor_at
