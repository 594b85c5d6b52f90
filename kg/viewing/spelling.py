"""Spells Chinese names in pinyin, so that a page can find them by the keys of any keyboard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any


def spell(names: Iterable[str]) -> dict[str, str]:
    """Return each reading that occurs in ``names``, without tones, and the characters that are read so.

    A character stands by every reading that one of the names gives it: which one a phrase has is told wrongly
    now and then, and whoever searches may think of the other.

    >>> spell(["重庆", "保重"])
    {'bao': '保', 'chong': '重', 'qing': '庆', 'zhong': '重'}
    """
    import pypinyin  # noqa: PLC0415 - its dictionaries take a sixth of a second

    one_by_one: Any = list  # what has no reading is given back as it is, a character at a time
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in set(names):
        for character, reading in zip(name, pypinyin.lazy_pinyin(name, errors=one_by_one), strict=True):
            if reading != character and reading.isascii():
                found[reading].add(character)
    return {reading: "".join(sorted(found[reading])) for reading in sorted(found)}
