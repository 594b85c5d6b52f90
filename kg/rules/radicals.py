"""Radicals that files name where they show the character of the same shape."""

from __future__ import annotations

import unicodedata
from functools import cache

from kg.resources import RULE_DATA
from kg.rules.tables import read

# Blocks whose signs are equivalent to one ideograph: radicals, and ideographs kept twice for old standards.
_DOUBLES = (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))


@cache
def load() -> dict[str, str]:
    """Return the character for each radical and each ideograph that is kept twice.

    >>> load()["\u2f64"], load()["\u2ed3"]
    ('用', '长')

    Raises:
        RuleError: the table is missing or wrong.

    """
    found = {}
    for point in _DOUBLES:
        sign = chr(point)
        plain = unicodedata.normalize("NFKC", sign)
        if plain != sign and len(plain) == 1:
            found[sign] = plain
    for row in read(RULE_DATA / "reading" / "radicals.tsv", ("radical", "character", "name")):
        if len(row["radical"]) != 1 or len(row["character"]) != 1:
            raise row.error("a radical and a character are one sign each")
        found[row["radical"]] = row["character"]
    return found
