"""Reads names of bodies that are in no list: they end in a head noun (…领导小组, …协会)."""

from __future__ import annotations

from kg.rules.institutions import Heads, InstitutionRules

_LONGEST_OPEN = 24  # characters of the longest open name read without quotation marks


def open_name(text: str, at: int, end: int, rules: InstitutionRules, where: str) -> tuple[int, str] | None:
    """Return (end, type) of an open name that starts at ``at``: the shortest run that ends in a head noun."""
    run = rules.patterns["name_run"].match(text, at, min(end, at + _LONGEST_OPEN))
    if not run:
        return None
    stretch = run.group()
    cut = rules.inside.search(stretch)
    if cut:
        stretch = stretch[: cut.start()]
    head = _first_head(stretch, rules.heads[where])
    if head is None:
        return None
    # 领导小组 + 办公室: a head noun right after the first one belongs to the name
    last, kind = head
    group = rules.patterns["group_tail"].match(stretch, last) if kind in rules.as_written else None
    if group:
        return (at + group.end(), kind) if _balanced(stretch[: group.end()]) else None
    counted = rules.patterns["counted"].match(text, at + last)
    if counted or rules.patterns["kind_name"].match(stretch):
        return None  # 省级研究中心5家: a kind of body
    further = rules.all_heads.any.match(stretch, last)
    if further:
        last, kind = further.end(), rules.all_heads.kinds[further.group()]
    if rules.after.match(text, at + last) or not _balanced(stretch[:last]):
        return None
    return at + last, kind


def _first_head(stretch: str, heads: Heads) -> tuple[int, str] | None:
    """Return (end, type) of the first head noun behind the first character, the longest there."""
    if not heads.any.match(stretch):
        match = heads.any.search(stretch, 1)
        return (match.end(), heads.kinds[match.group()]) if match else None
    # What begins with a head noun is a name only with another one behind it.
    found = [(at, -len(word), word) for word in heads.kinds if (at := stretch.find(word)) > 0]
    if not found:
        return None
    at, _, word = min(found)
    return at + len(word), heads.kinds[word]


def _balanced(name: str) -> bool:
    return sum(map(name.count, "(\uff08\u201c")) == sum(map(name.count, ")\uff09\u201d"))


def kind_of(name: str, rules: InstitutionRules, where: str) -> str:
    """Return the type that the head noun of a name says, "" if it ends in none."""
    heads = rules.heads[where]
    return heads.kinds.get(heads.endings.longest(name[1:]), "")  # a head noun alone is no name
