"""Writes a story for a terminal, a spreadsheet or another program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from kg.analysing.telling import Bars, Block, Branch, Cell, Chain, Lanes, Story, Table, Tree
from kg.analysing.words import say
from kg.graph.selection import DocumentView, EvidenceView
from kg.graph.tables import aligned, guard, plain, to_csv

WIDEST = 100
"""Columns of a terminal that a cell takes at most: what a number means needs more than a name."""
_MARKS = {"done": "●", "planned": "○"}


def to_text(story: Story, language: str, rows: int = 15, *, quotes: bool = False) -> str:
    """Return a story as text: sentences, then tables of at most ``rows`` rows, then notes.

    With ``quotes`` each thing told is followed by a sentence that says so.
    """
    parts = [f"{plain(story.title.within(language))}\n\n"]
    said = _Said(story, language) if quotes else None
    for sentence in story.sentences:
        parts.append(f"• {plain(sentence.text.within(language))}\n")
        parts += said.quotes(sentence, "    ", 2) if said else []
    for block in story.blocks:
        parts += _block(block, language, rows, _Said(story, language), quotes=quotes)
    if story.notes:
        parts.append("\n")
        parts += [f"{plain(say('note', note=note).within(language))}\n" for note in story.notes]
    return "".join(parts)


class _Said:
    """Tells the sentences behind a cell and where they stand."""

    def __init__(self, story: Story, language: str) -> None:
        self._documents: Mapping[str, DocumentView] = {d.iri: d for d in story.documents}
        self._language = language

    def quotes(self, cell: Cell, indent: str, most: int = 1) -> list[str]:
        """Return lines with at most so many sentences of a cell."""
        return [self._quote(said, indent) for said in cell.evidence[:most]]

    def _quote(self, said: EvidenceView, indent: str) -> str:
        document = self._documents.get(said.document)
        source = document.source if document else said.document
        return f"{indent}“{plain(said.quote)}”\n{indent}  {plain(source)} [{said.start}:{said.end}]\n"


def _block(block: Block, language: str, rows: int, said: _Said, *, quotes: bool) -> Iterator[str]:
    if isinstance(block, Bars | Lanes):
        return  # pictures: what they show stands in sentences and tables
    yield f"\n{plain(block.title.within(language))}\n"
    if isinstance(block, Table):
        yield from _table(block, language, rows, said, quotes=quotes)
    elif isinstance(block, Tree):
        for at, root in enumerate(block.roots):
            yield from _branch(root, language, "", "", last=at == len(block.roots) - 1)
    else:
        yield from _chain(block, language, said)


def _table(table: Table, language: str, rows: int, said: _Said, *, quotes: bool) -> Iterator[str]:
    shown = table.rows[:rows] if rows else table.rows
    header = [plain(column.within(language)) for column in table.columns]
    yield aligned(header, [[_worded(cell, language) for cell in row] for row in shown], WIDEST)
    if len(shown) < len(table.rows):
        yield f"{say('more-rows', n=len(table.rows) - len(shown)).within(language)}\n"
    if quotes:
        for row in shown:
            yield f"  {plain(_worded(row[0], language))}\n"
            for cell in row:
                yield from said.quotes(cell, "      ")


def _worded(cell: Cell, language: str) -> str:
    note = cell.note.within(language)
    return cell.text.within(language) + (f" ({note})" if note else "")


def _branch(branch: Branch, language: str, lead: str, here: str, *, last: bool) -> Iterator[str]:
    phrase = branch.phrase.within(language)
    words = " ".join(filter(None, (phrase, _MARKS.get(branch.cell.mark, ""), _worded(branch.cell, language))))
    yield f"{lead}{here}{plain(words)}\n"
    below = lead + ("" if not here else "   " if last else "│  ")
    for at, next_ in enumerate(branch.below):
        end = at == len(branch.below) - 1
        yield from _branch(next_, language, below, "└─ " if end else "├─ ", last=end)


def _chain(chain: Chain, language: str, said: _Said) -> Iterator[str]:
    yield f"  {plain(_worded(chain.first, language))}\n"
    for link in chain.links:
        arrow = "──▶" if link.forward else "◀──"
        yield f"    {arrow} {plain(_worded(link.phrase, language))}\n"
        yield from said.quotes(link.phrase, "          ")
        yield f"  {plain(_worded(link.to, language))}\n"


def to_table(story: Story) -> str:
    """Return the flat rows of a story as CSV; nothing in them is taken for a formula."""
    return to_csv(story.columns, [[guard(cell) for cell in row] for row in story.records])


def to_json(story: Story, found: Any) -> str:
    """Return what an analysis found, field by field, with its sentences in both languages."""
    told = [{"zh": said.text.zh, "en": said.text.en} for said in story.sentences]
    notes = [{"zh": note.zh, "en": note.en} for note in story.notes]
    value = {"title": asdict(story.title), "sentences": told, "notes": notes, "found": asdict(found)}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
