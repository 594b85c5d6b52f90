"""Rewrites a question so that a store begins with the things that it may mean, and answers sooner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from kg.graph import nquads
from kg.graph.names import Found

Things = Mapping[str, Found | None]
"""What each parameter may mean, by its name; None where that is not known, or too much to say."""

FEW = 200
"""So many things can be compared with each row; more cost more than looking at names."""

MUCH = 0.1
"""Where more than this share of all things is meant, all are read: sooner than one after the other."""

_Known = tuple[re.Match[str], Found]  # a line that says where things come in, and the things
_Meant = tuple[str, str]  # a variable, and the parameter that tells what it may be
_TAKES = re.compile(r'\s*VALUES \?asked_\w+ \{ "(?:[^"\\]|\\.)*" \}')
_BEGINS = re.compile(r"(\s*)#: (\?\w+) asked_(\w+)(?: (.+))?")
_ASKED = re.compile(r"\?asked_(\w+)")
_APART = re.compile(r"\s*#: apart")
_IN = re.compile(r"(\s*)#: in (\?\w+) (.+)")
_MAY_BE = re.compile(r"OPTIONAL \{ (.+?)( FILTER\(.*\))? \}")
_IS_NOT = re.compile(r"FILTER NOT EXISTS \{ (.+) \}")
_VARIABLE = re.compile(r"\?\w+")
_COMPARED = re.compile(r'(\s*)FILTER\(\?asked_(\w+) = "" \|\| (?:.*?STR\((\?\w+)\) = \?asked_\2 .*)?.*')
_ENDS = ("OPTIONAL", "BIND", "MINUS")


@dataclass(frozen=True, slots=True)
class _Begun:
    """The lines of a question with the things in their places.

    ``settled`` need not be compared any more, as all things that were found are what is asked. With
    ``joined`` rows are joined instead of being compared.
    """

    lines: list[str]
    settled: set[_Meant]
    joined: dict[_Meant, Found]
    is_narrowed: bool


def plan(sparql: str, asked: Mapping[str, str], found: Things, by_graph: bool = False) -> str:
    """Return SPARQL that asks the same as a question with its parameters bound.

    What is asked stands as a constant wherever it is compared; a comparison that every row would pass is left
    out, as a store would make it for each. Where a group of the question says by which
    pattern one comes from a thing to what it asks for (``#: ?j asked_place ?r gov:reportsOn ?j .``), the
    things that were found stand there, and what follows, up to what may be missing, is asked for each in turn
    (LATERAL, which is not SPARQL 1.1). Left to itself, a store may look at all there is for each of them.

    Where nothing, or not much, narrows a group down, each pattern of a line behind ``#: apart`` is read as a
    whole, and what was read is joined, with the things that are meant, too: much sooner than looking it up
    for each row, where most of it is needed anyway.

    ``by_graph`` tells that each document has a graph that bears its name, as in every store that a build
    makes. A line behind ``#: in ?r PATTERN`` is then exchanged for the pattern in the graph ``?r``: nothing
    else has to be looked up to know the document.
    """
    begun = _begun(list(_in_graphs(sparql.split("\n"), by_graph)), found)
    planned = _compared(begun, asked)
    return "\n".join(_row_by_row(list(planned)) if begun.is_narrowed else planned)


def is_hint(line: str) -> bool:
    """Tell whether a line of a question says where things come in, which other programs are not shown."""
    return any(hint.fullmatch(line) for hint in (_BEGINS, _APART, _IN))


def _in_graphs(lines: Sequence[str], by_graph: bool) -> Iterator[str]:
    """Exchange lines for what the graph of a document says instead, or leave them as they are."""
    instead = None
    for line in lines:
        said, instead = instead, _IN.fullmatch(line)
        if instead is None:
            yield f"{said[1]}GRAPH {said[2]} {{ {said[3]} }}" if said and by_graph else line


def _begun(lines: Sequence[str], found: Things) -> _Begun:
    """Return the lines with the things in their places."""
    planned: list[str] = []
    settled: set[_Meant] = set()
    joined: dict[_Meant, Found] = {}
    whole = False
    narrowed: str | None = None  # how far the lines of a group stand in that things narrow down
    at = 0
    while at < len(lines):
        if narrowed and not lines[at].startswith(narrowed):
            narrowed = None
        hooks = list(takewhile(lambda hit: hit is not None, map(_BEGINS.fullmatch, lines[at:])))
        if not hooks:
            if _APART.fullmatch(lines[at]):
                at += 1
                planned.append(lines[at] if narrowed else _apart(lines[at]))
            elif not lines[at].startswith("#") and not _TAKES.fullmatch(lines[at]):
                planned.append(lines[at])
            at += 1
            continue
        at += len(hooks)
        known = [(hit, things) for hit in hooks if hit and (things := found.get(hit[3])) is not None]
        if not known:
            continue
        used = []
        if lines[at].strip() == "{":  # questions inside, which say themselves where things come in
            used = [(hit, things) for hit, things in known if len(things.iris) <= FEW]
            planned += [f"{hit[1]}VALUES {hit[2]} {{ {_iris(things)} }}" for hit, things in used]
        else:
            block = _block(lines[at:], known[0][0][1])
            if any(map(_APART.fullmatch, block)) and all(things.share > MUCH for _, things in known):
                whole = True
                joined.update(((hit[2], hit[3]), things) for hit, things in known if things.exact)
                continue
            at += len(block)
            planned += _each(block, known, used)
            narrowed = known[0][0][1] if used else None
        settled.update((hit[2], hit[3]) for hit, things in used if things.exact)
    return _Begun(planned, settled, joined, any(found.values()) and not whole)


def _each(block: Sequence[str], known: Sequence[_Known], used: list[_Known]) -> Iterator[str]:
    """Yield a block asked for each of the fewest things that are known; ``used`` tells which come in.

    Things that it does not name itself only narrow it where there are no others.
    """
    block = [line for line in block if not is_hint(line) and not _TAKES.fullmatch(line)]
    text = "\n".join(block)
    names = set(_VARIABLE.findall(text))
    known = [(hit, things) for hit, things in known if f"AS {hit[2]})" not in text]
    first = min(known, key=lambda item: (item[0][2] not in names, len(item[1].iris)), default=None)
    if first is None:
        yield from block
        return
    hit, things = first
    used.append(first)
    indent = hit[1]
    yield f"{indent}VALUES {hit[2]} {{ {_iris(things)} }}"
    if hit[4]:
        yield f"{indent}LATERAL {{ {hit[4]} }}"
    yield f"{indent}LATERAL {{"
    yield from block
    for other, others in known:
        if other is not hit and len(others.iris) <= FEW and other[2] in names:
            used.append((other, others))
            yield f"{indent}FILTER({other[2]} IN ({_iris(others, ', ')}))"
    yield f"{indent}}}"


def _block(lines: Sequence[str], indent: str) -> list[str]:
    """Return the lines of a group that say what must hold: up to its end, or to what may be missing."""
    return list(
        takewhile(
            lambda line: line.startswith(indent) and not line.removeprefix(indent).startswith(_ENDS), lines
        )
    )


def _apart(line: str) -> str:
    """Have a store read what a line says as a whole, pattern by pattern where they are about one thing."""
    body = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if hit := _IS_NOT.fullmatch(body):
        return f"{indent}MINUS {{ {hit[1]} }}"
    if hit := _MAY_BE.fullmatch(body):
        return f"{indent}OPTIONAL {{ {_read(hit[1])}{hit[2] or ''} }}"
    if " . " in body or " ; " not in body:
        return indent + _read(body)
    subject, rest = body.removesuffix(" .").split(" ", 1)
    return indent + " ".join(_read(f"{subject} {said} .") for said in rest.split(" ; "))


def _read(patterns: str) -> str:
    return f"{{ SELECT * {{ {patterns} }} }}"


def _compared(begun: _Begun, asked: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines with what is asked in them, without comparisons that every row would pass."""
    ends: str | None = None  # the line with which a comparison ends that is left out
    for line in begun.lines:
        if ends is not None:
            ends = None if line == ends else ends
            continue
        hit = _COMPARED.fullmatch(line)
        meant = (hit[3], hit[2]) if hit else ("", "")
        things = begun.joined.get(meant)
        if hit and (things or meant in begun.settled or not asked.get(hit[2])):
            if things:
                yield f"{hit[1]}{_read(f'VALUES {meant[0]} {{ {_iris(things)} }}')}"
            ends = f"{hit[1]}}})" if line.endswith("{") else None
        else:
            yield _constant(line, asked)


def _row_by_row(lines: Sequence[str]) -> Iterator[str]:
    """Have what may be missing looked up for each row: a store may otherwise read it for all things first.

    Not where a question inside the question is optional: that is answered once, for all rows.
    """
    opened: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        body = line.lstrip()
        indent = line[: len(line) - len(body)]
        if body == "OPTIONAL {" and "SELECT" not in following:
            opened.append(indent)
            yield f"{indent}LATERAL {{ {body}"
        elif body == "}" and opened and opened[-1] == indent:
            opened.pop()
            yield f"{line} }}"
        elif body.startswith("OPTIONAL {") and body.endswith("}"):
            yield f"{indent}LATERAL {{ {body} }}"
        else:
            yield line


def _iris(things: Found, between: str = " ") -> str:
    return between.join(map(nquads.iri, things.iris))


def _constant(line: str, asked: Mapping[str, str]) -> str:
    """Return a line with the values that were asked for in it; what is always so, an engine leaves out."""
    return _ASKED.sub(lambda use: nquads.text(asked.get(use[1], "")), line)
