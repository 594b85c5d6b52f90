"""Loads what the columns of a list of documents are called."""

from __future__ import annotations

from functools import cache

from kg.resources import RULE_DATA
from kg.rules.tables import read

FIELDS = frozenset(
    ("path", "text", "id", "title", "url", "published", "issued", "issuer", "docNumber", "indexNumber",
     "source", "-")
)  # fmt: skip
"""What a column can hold: ``-`` is one that is known and not used."""


@cache
def load() -> dict[str, str]:
    """Return what each name of a column, folded, stands for.

    Raises:
        RuleError: the table is missing or wrong.

    """
    found: dict[str, str] = {}
    for row in read(RULE_DATA / "sources" / "columns.tsv", ("name", "field")):
        if row["field"] not in FIELDS:
            raise row.error(f"field is {row['field']!r}, which a list of documents does not have")
        if found.setdefault(folded(row["name"]), row["field"]) != row["field"]:
            raise row.error(f"{row['name']!r} stands for two things")
    return found


def folded(name: str) -> str:
    r"""Return the name of a column as it is compared: without case, spaces, underscores and byte order mark.

    >>> folded(" Final_URL "), folded("\ufeff发文 机关")
    ('finalurl', '发文机关')
    """
    return "".join(name.replace("_", " ").replace("\ufeff", "").split()).casefold()
