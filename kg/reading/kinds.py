"""Says what a line looks like on its own, before its neighbours are known."""

from __future__ import annotations

from collections.abc import Callable

from kg.reading.labels import pairs
from kg.reading.lines import Line, squeeze
from kg.rules.layout import LayoutRules

# What stands before the labels of a byline (site name, date) is no longer than this; sentences are.
BYLINE = 80
# No title, table row or footer is as long as this; the longest paragraphs of reports are shorter too.
_PARAGRAPH = 5000

# A line longer than this with two sentences is text, however it begins, if it is no summary with a label.
_SENTENCES = 60
_BRACKETS = "\uff08([\u3010"


def kind_of(line: Line, text: str, rules: LayoutRules) -> str:
    """Return the kind of a line.

    Kinds are blank, footer, furniture, label (with a value), number (of a document), date, heading,
    colon (as an addressee has it), prose, and short for what is none of these.

    >>> from kg.reading.lines import split_lines
    >>> from kg.rules.layout import load_layout_rules
    >>> page = "首页 > 政务公开\\n青府〔2021〕4号\\n市人大常委会：\\n一、基本情况\\n全市工作平稳。"
    >>> [kind_of(line, page, load_layout_rules()) for line in split_lines(page)]
    ['furniture', 'number', 'colon', 'heading', 'prose']
    """
    if line.blank:
        return "blank"
    if len(line.text) > _PARAGRAPH or (len(line.text) > _SENTENCES and _is_text(line, rules)):
        return "prose"
    for kind, test in _KINDS:
        if test(line, text, rules):
            return kind
    return "short"


def _is_text(line: Line, rules: LayoutRules) -> bool:
    if len(rules.shapes["stop"][0].findall(line.text)) < 2:
        return False
    label = rules.labels.match(line.text)
    return label is None or bool(rules.words[squeeze(label["word"])].field)


def _is_footer(line: Line, _text: str, rules: LayoutRules) -> bool:
    return rules.footers.match(line.text) is not None


def _is_furniture(line: Line, _text: str, rules: LayoutRules) -> bool:
    return rules.furniture.match(line.text) is not None


def _is_label(line: Line, text: str, rules: LayoutRules) -> bool:
    found = rules.labels.search(line.text) if rules.label_signs.search(line.text) else None
    if found is None:
        return len(pairs(line, text, rules)) > 1
    before = line.text[: found.start()]
    return not before.strip(_BRACKETS) or _is_byline(before, rules)


def _is_byline(before: str, rules: LayoutRules) -> bool:
    """Say whether what stands before a line's first label is a site's name, a date or a button."""
    wide = "  " in before.replace("\xa0", " ").replace("\u3000", "  ") or rules.search("byline_mark", before)
    return bool(wide) and len(before) < BYLINE and not rules.search("sentence", before)


def _is_number(line: Line, _text: str, rules: LayoutRules) -> bool:
    return bool(rules.full("number", line.text) or rules.full("order_number", line.text))


def _is_date(line: Line, _text: str, rules: LayoutRules) -> bool:
    return rules.full("date", line.text) is not None


def _is_heading(line: Line, _text: str, rules: LayoutRules) -> bool:
    return rules.start("numbering", line.text) is not None


def _is_colon(line: Line, _text: str, rules: LayoutRules) -> bool:
    match = rules.full("addressee", line.text)
    return match is not None and rules.end("not_addressee", match["who"].rstrip()) is None


def _is_prose(line: Line, _text: str, rules: LayoutRules) -> bool:
    return rules.search("sentence", line.text) is not None


_KINDS: tuple[tuple[str, Callable[[Line, str, LayoutRules], bool]], ...] = (
    ("footer", _is_footer),
    ("furniture", _is_furniture),
    ("label", _is_label),
    ("number", _is_number),
    ("date", _is_date),
    ("heading", _is_heading),
    ("colon", _is_colon),
    ("prose", _is_prose),
)
