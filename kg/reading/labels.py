"""Reads the labelled values of a line: ``索引号: … 文号: …``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.reading.lines import Line, squeeze, trim
from kg.rules.layout import Label, LayoutRules

# What stands between a value and the next label, or closes a bracket around both.
_TAIL = "|\uff5c·•\u3010\u3011[]\u3014\u3015\uff3b\uff3d\uff08\uff09();\uff1b,\uff0c"
# What may stand between a label and its value.
_BARS = "|\uff5c\u4e28"
# What may enclose a value.
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and where its value stands in the document's text; ``at`` is where the label begins."""

    label: Label
    at: int
    start: int
    end: int


def pairs(line: Line, text: str, rules: LayoutRules, bare: int = 2) -> tuple[Pair, ...]:
    """Return the labelled values of a line, in order.

    Labels without colons are believed where a line begins with one and has at least ``bare`` of them.

    >>> from kg.reading.lines import split_lines
    >>> from kg.rules.layout import load_layout_rules
    >>> row = "文  号: 青府〔2021〕4号 发文日期: 2021年1月7日"
    >>> [(p.label.field, row[p.start:p.end]) for p in pairs(split_lines(row)[0], row, load_layout_rules())]
    [('docNumber', '青府〔2021〕4号'), ('issued', '2021年1月7日')]
    """
    signs = rules.label_signs.search(line.text)
    found = list(rules.labels.finditer(line.text)) if signs else []
    found = found or _bare(line, rules, bare)
    if signs and found and found[0].start() == 0:
        found = _with_close(found, line, rules)
    result = []
    for index, match in enumerate(found):
        limit = found[index + 1].start() if index + 1 < len(found) else len(line.text)
        start, end = trim(text, line.start + match.end(), line.start + limit)
        while start < end and text[start] in _BARS:
            start, end = trim(text, start + 1, end)
        while end > start and text[end - 1] in _TAIL and not _closes(text, start, end):
            start, end = trim(text, start, end - 1)
        if end - start > 1 and text[start] in _QUOTES and text[end - 1] == text[start]:
            start, end = start + 1, end - 1
        result.append(Pair(rules.words[squeeze(match["word"])], line.start + match.start(), start, end))
    return tuple(result)


def _with_close(found: list[re.Match[str]], line: Line, rules: LayoutRules) -> list[re.Match[str]]:
    """Add labels that follow a value without a gap, as inline elements of a page do."""
    if len(rules.label_signs.findall(line.text)) <= len(found):
        return found  # each label has a sign of its own
    close = [
        match
        for match in rules.close_labels.finditer(line.text)
        if not any(other.start() < match.end() and match.start() < other.end() for other in found)
    ]
    return sorted([*found, *close], key=lambda match: match.start())


def _bare(line: Line, rules: LayoutRules, least: int) -> list[re.Match[str]]:
    if rules.bare_labels.match(line.text) is None:
        return []
    found = list(rules.bare_labels.finditer(line.text))
    return found if len(found) >= least else []


def _closes(text: str, start: int, end: int) -> bool:
    """Say whether the last character closes a bracket that the value itself opened."""
    opening = {
        "\u3011": "\u3010",
        "]": "[",
        "\u3015": "\u3014",
        "\uff3d": "\uff3b",
        "\uff09": "\uff08",
        ")": "(",
    }.get(text[end - 1])
    return opening is not None and opening in text[start : end - 1]
