"""Draws what an analysis tells as one HTML file: sentences, bars, fields, trees, chains, with their words."""

from __future__ import annotations

from functools import cache
from typing import Any

from kg.analysing.telling import Bars, Block, Branch, Cell, Chain, Lanes, Story, Table, Tree
from kg.analysing.words import Text
from kg.errors import ExportError
from kg.graph.selection import EvidenceView
from kg.resources import RULE_DATA
from kg.rules import tables
from kg.viewing import appearance, page


def render(story: Story, language: str = "zh") -> str:
    """Return an HTML page that shows a story, with the sentences behind everything it tells.

    The page loads nothing, needs no network, and the same story gives the same bytes. ``language``, ``zh`` or
    ``en``, is the one at first; a button changes it.

    Raises:
        ExportError: the language is not known.

    """
    if language not in appearance.LANGUAGES:
        known = ", ".join(appearance.LANGUAGES)
        raise ExportError(f"picture: no interface in {language!r}; choose one of {known}")
    return page.filled(
        "figures.html",
        data(story, language),
        title=story.title.within(language),
        language=language,
        no_script=interface()["no_script"][language],
        style=page.asset("figures.css"),
        script=page.asset("figures.js") + page.asset("story.js"),
    )


def data(story: Story, language: str) -> dict[str, Any]:
    """Return what the script of a page needs to show a story."""
    return _Data(story).all(language)


@cache
def interface() -> dict[str, dict[str, str]]:
    """Return the words of the pages themselves, by key and language."""
    rows = tables.read(RULE_DATA / "viewing" / "figures.tsv", ("key", *appearance.LANGUAGES))
    return {row["key"]: {language: row[language] for language in appearance.LANGUAGES} for row in rows}


class _Data:
    """What the page's script needs; sentences are told once and meant by their position."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._at = {document.iri: at for at, document in enumerate(story.documents)}
        self._passages: dict[tuple[str, int, int, str, str], int] = {}

    def all(self, language: str) -> dict[str, Any]:
        """Return everything."""
        story = self._story
        look = appearance.load()
        sentences = [self._cell(cell) for cell in story.sentences]
        blocks = [self._block(block) for block in story.blocks]
        return {
            "language": language,
            "title": _text(story.title),
            "names": list(story.names),
            "sentences": sentences,
            "blocks": blocks,
            "notes": [_text(note) for note in story.notes],
            "passages": [
                [quote, section, self._at.get(iri, -1), start, end]
                for iri, start, end, section, quote in self._passages
            ],
            "documents": [[view.title, view.source] for view in story.documents],
            "kinds": {
                kind: {"colour": shown.colour, "shape": shown.shape, **dict(shown.labels)}
                for kind, shown in look.kinds.items()
            },
            "interface": interface(),
        }

    def _cell(self, cell: Cell) -> dict[str, Any]:
        told: dict[str, Any] = {"text": _text(cell.text)}
        if cell.evidence:
            # Two rules may have read one sentence: it is shown once.
            told["said"] = list(dict.fromkeys(map(self._passage, cell.evidence)))
        if cell.mark:
            told["mark"] = cell.mark
        if cell.kind:
            told["kind"] = cell.kind
        if cell.share >= 0:
            told["share"] = round(cell.share, 4)
        if cell.link:
            told["link"] = cell.link
        if cell.words:
            told["words"] = list(cell.words)
        if cell.note.zh or cell.note.en:
            told["note"] = _text(cell.note)
        return told

    def _passage(self, said: EvidenceView) -> int:
        key = (said.document, said.start, said.end, said.section, said.quote)
        return self._passages.setdefault(key, len(self._passages))

    def _block(self, block: Block) -> dict[str, Any]:
        told: dict[str, Any] = {"key": block.key, "title": _text(block.title), "note": _text(block.note)}
        if isinstance(block, Table):
            told |= {
                "form": "table",
                "matrix": block.matrix,
                "columns": [_text(name) for name in block.columns],
            }
            told["rows"] = [[self._cell(cell) for cell in row] for row in block.rows]
        elif isinstance(block, Bars):
            told["form"] = "bars"
            told["rows"] = [
                [self._cell(cell), [[_text(name), n, colour] for name, n, colour in parts]]
                for cell, parts in block.rows
            ]
        elif isinstance(block, Lanes):
            told |= {"form": "lanes", "columns": [_text(name) for name in block.columns]}
            told["rows"] = [
                [_text(name), [[self._cell(cell) for cell in square] for square in squares]]
                for name, squares in block.rows
            ]
        elif isinstance(block, Tree):
            told |= {"form": "tree", "roots": [self._branch(root) for root in block.roots]}
        else:
            told |= self._chain(block)
        return told

    def _branch(self, branch: Branch) -> dict[str, Any]:
        return {
            "cell": self._cell(branch.cell),
            "phrase": _text(branch.phrase),
            "below": [self._branch(one) for one in branch.below],
        }

    def _chain(self, chain: Chain) -> dict[str, Any]:
        links = [
            {"phrase": self._cell(link.phrase), "forward": link.forward, "to": self._cell(link.to)}
            for link in chain.links
        ]
        return {"form": "chain", "first": self._cell(chain.first), "links": links}


def _text(text: Text) -> list[str]:
    """Return a text as one string where both languages write it the same way, else as two."""
    return [text.zh] if text.zh == text.en else [text.zh, text.en]
