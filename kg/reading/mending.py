"""Reads a damaged text as what it was: without what got into it, in simplified characters, sign for sign.

What is read is a text of its own that knows where each of its characters stands in the text as written:
evidence quotes the latter, word for word.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Sequence

from kg.model import Written
from kg.rules.damage import Damage, DamageRules, load_damage_rules

# So many Han characters of a text, of a hundred, are in no simplified text: it is in traditional characters.
_TRADITIONAL = 8
_HAN = re.compile(f"[{chr(0x4E00)}-{chr(0x9FFF)}]+")
_CODE = re.compile(r"\"\s*:|=\s*\"|^\s*\"|[{}]")
# Lines wrapped by hand are about as long as each other; a text has so many of them at least, in full width.
_WRAPPED = 6
_NARROW, _WIDE = 16, 120
_SLACK = 3


def mend(text: str, ends: Callable[[str], bool], begins: Callable[[str], bool]) -> tuple[str, Written | None]:
    """Return the text to read, and what was written where it differs (None where it does not).

    ``ends`` tells of a line that it ends a sentence, ``begins`` that it begins a paragraph.

    >>> mend("普\\u200b法（２０２２年）", lambda line: False, lambda line: False)
    ('普法（2022年）', Written(text='普\\u200b法（２０２２年）', starts=(0, 2, 3, 4, 5, 6, 7, 8, 9)))
    """
    rules = load_damage_rules()
    # Few of a text's signs are read as others: finding those is faster than translating all.
    read = rules.written.sub(lambda found: found[0].translate(rules.signs), text)
    read = _simplified(_paired(read, rules))
    starts: Sequence[int] = range(len(text))
    for kind in rules.kinds:
        read, starts = _without(_damaged(read, kind), read, starts)
    read, starts = _without(_wrapped(read, ends, begins), read, starts)
    if read == text:
        return text, None
    return read, Written(text, tuple(starts))


def _damaged(text: str, kind: Damage) -> list[tuple[int, int]]:
    """Return the stretches of a text that one kind of damage put there."""
    enough = max(kind.least, kind.share * len(text) / 1000)
    if kind.signs and sum(map(text.count, kind.signs)) < enough:
        return []
    found = [
        (stretch.start() + lost.start(), stretch.start() + lost.end())
        for stretch in kind.stretch.finditer(text)
        for lost in kind.lost.finditer(stretch[0])
    ]
    return found if len(found) >= enough else []


def _without(lost: Sequence[tuple[int, int]], text: str, starts: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Return a text without some of its stretches, and where its characters stand."""
    if not lost:
        return text, starts
    parts: list[str] = []
    kept: list[int] = []
    at = 0
    for begin, end in lost:
        parts.append(text[at:begin])
        kept += starts[at:begin]
        at = end
    return "".join([*parts, text[at:]]), [*kept, *starts[at:]]


def _paired(text: str, rules: DamageRules) -> str:
    """Put the marks of titles and quotations in the place of others, where these stand in pairs."""

    def title(found: re.Match[str]) -> str:
        inside = found["inside"]
        if not inside or not _HAN.search(inside):
            return found[0]
        opening, closing = rules.read_as[found["open"]]
        return f"{opening}{inside}{closing}"

    text = rules.brackets.sub(title, text)
    if rules.quotes.search(text):
        text = "\n".join(_quoted(line, rules) for line in text.split("\n"))
    return text


def _quoted(line: str, rules: DamageRules) -> str:
    marks = list(rules.quotes.finditer(line))
    # In what a program wrote they are its own marks.
    if len(marks) % 2 or not _HAN.search(line) or _CODE.search(line):
        return line
    parts, end = [], 0
    for at, mark in enumerate(marks):
        parts += [line[end : mark.start()], rules.read_as[mark[0]][at % 2]]
        end = mark.end()
    return "".join([*parts, line[end:]])


def _simplified(text: str) -> str:
    """Return a text in traditional characters in simplified ones, each for each; any other as it is."""
    han = "".join(_HAN.findall(text))
    strange = len(han) - len(han.encode("gb2312", "ignore")) // 2
    if strange * 100 < _TRADITIONAL * len(han):
        return text
    return "\n".join(_line_simplified(line) for line in text.split("\n"))


def _line_simplified(line: str) -> str:
    """Words decide between characters; where they change the length, each character is taken by itself."""
    converter = _converter()
    converted = str(converter(line))
    if len(converted) == len(line):
        return converted
    signs = ((sign, str(converter(sign))) for sign in line)
    return "".join(new if len(new) == 1 else sign for sign, new in signs)


@functools.cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415 - few texts need it

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _wrapped(text: str, ends: Callable[[str], bool], begins: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Return the line ends that break a paragraph: those of lines that fill the width of the text."""
    lines = text.split("\n")
    lengths = Counter(len(line.rstrip()) for line in lines if _NARROW <= len(line.rstrip()) <= _WIDE)
    if not lengths:
        return []
    width = max(lengths, key=lambda length: (sum(lengths[length - by] for by in range(_SLACK)), length))
    full = [width - _SLACK < len(line.rstrip()) <= width and not ends(line.strip()) for line in lines]
    longer = sum(len(line.rstrip()) > width for line in lines)
    if sum(full) < _WRAPPED or longer * 4 > sum(full):
        return []
    lost, at = [], 0
    for index, line in enumerate(lines[:-1]):
        at += len(line)
        following = lines[index + 1]
        if full[index] and following.strip() and following[0].strip() and not begins(following):
            lost.append((at - (len(line) - len(line.rstrip())), at + 1))
        at += 1
    return lost
