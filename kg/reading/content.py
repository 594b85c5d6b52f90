"""What a file of any format gives: its text, and what its format says about it beside the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What word processors write for a title by themselves: the name of the file that was printed.
_FILE_NAME = re.compile(r"^microsoft\s+\w+\s+-|\.(?:docx?|wps|rtf|pdf|x?html?|txt|md|tmp)$", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]{4}")


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


def own_title(title: str) -> str:
    """Return the title that a file's properties give, "" where it is one that a program made up.

    >>> own_title("青川市2021年工作报告"), own_title("Microsoft Word - 报告终稿.doc"), own_title("Document1")
    ('青川市2021年工作报告', '', '')
    """
    title = " ".join(title.split())
    return title if _HAN.search(title) and not _FILE_NAME.search(title) else ""
