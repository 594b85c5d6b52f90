"""Analyses as a notebook shows them: told in words, with what was found and flat rows behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.access import notebook
from kg.access.rows import Rows
from kg.analysing import writing
from kg.analysing.telling import Story


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """What an analysis tells; printed, it is the words of ``kg compare`` and the like.

    ``found`` is all that it rests on, as plain values with their sentences (see ``kg.analysing``).
    """

    found: Any
    story: Story = field(compare=False)

    @property
    def rows(self) -> Rows:
        """The same as flat rows, as ``--format csv`` writes them."""
        return Rows(self.story.columns, self.story.records)

    def text(self, language: str = "en", *, rows: int = 15, quotes: bool = False) -> str:
        """Return it in words.

        Args:
            language: ``en`` or ``zh``.
            rows: the most rows of a table; 0 for all.
            quotes: whether sentences of the documents stand below what they say.

        """
        return writing.to_text(self.story, language, rows, quotes=quotes)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return notebook.words(self.text())
