"""What a file of any format gives: its text, and what its format says about it beside the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file, its own title, and its metadata as (lower-case name, value).

    ``encoding`` is "" where the format and not the file decides how characters are written.
    """

    text: str
    encoding: str
    media_type: str
    title: str = ""
    meta: tuple[tuple[str, str], ...] = ()
