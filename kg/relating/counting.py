"""Decides what one number counts, from the words around it and what its sentence counted before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from kg.relating import indicators
from kg.relating.indicators import Phrase
from kg.relating.numbers import Number
from kg.rules.measures import Measures

_LONG_MODIFIER = 12  # a longer phrase that ends in 的 before a number is left out
_LONG_OBJECT = 20  # an object found earlier in the sentence is at most this long
_LONGEST_GROWTH = 6  # 均同比增长
_SEVERAL = 2
_DEED = 4  # a shorter verb behind 向 or 为 may be part of a noun
_LEANING = frozenset({"growth", "each", "repeated"})  # phrases that later ones cannot lean on

Counted = tuple[Phrase, str]
"""What was counted, and the name of the rule that says so."""


class Slot(NamedTuple):
    """A number in its clause.

    ``raw`` is the text up to it, ``behind`` that up to the next number or the clause's end, ``sentence`` that
    of the sentence up to the clause.
    """

    number: Number
    raw: str
    behind: str
    sentence: str
    first: bool
    followed: bool


class _Words(NamedTuple):
    """The phrase before a number: ``full`` with who acted, ``head`` without, ``linked`` in a list."""

    head: str
    full: str
    linked: bool

    def led_by(self, head: str) -> _Words:
        """Return the same with another head."""
        return _Words(head, self.full, self.linked)


@dataclass(slots=True)
class State:
    """What a sentence has counted so far: ``bases`` are the phrases that later ones can lean on."""

    bases: list[Phrase] = field(default_factory=list)
    clause: list[Phrase] = field(default_factory=list)
    before: list[Phrase] = field(default_factory=list)
    unit: str = ""
    kind: str = ""
    part: bool = False

    def begin(self) -> None:
        """Enter the next clause that holds numbers."""
        self.before, self.clause = self.clause, []

    def remember(self, phrases: list[Phrase], number: Number) -> None:
        """Keep phrases for those that come after."""
        self.bases += phrases
        self.clause += phrases
        self.unit, self.kind = number.unit, number.kind


def distribute(nouns: str, verb: str, run: list[Number], state: State, rules: Measures) -> list[Counted]:
    """Hand the numbers after 分别 out to the things named before it, or to those counted last."""
    nouns = indicators.clean_before(indicators.strip_start(nouns, rules.link), rules)
    verb = indicators.clean_before(verb, rules)
    growth = bool(rules.carried["growth"].fullmatch(verb))
    if nouns:
        names = parts(nouns, rules)
        if len(names) != len(run):
            names = _shares(nouns, len(run), rules) or [nouns] * len(run)
        phrases = [indicators.split_phrase(name, rules) for name in names]
    elif len(state.bases) >= len(run):
        phrases = state.bases[-len(run) :]
    else:
        return []
    if growth:
        return [(Phrase(phrase.text + verb), "distributed") for phrase in phrases]
    state.remember(phrases, run[-1])
    return [(phrase, "distributed") for phrase in phrases]


def count(slot: Slot, state: State, rules: Measures) -> list[Counted]:
    """Say what one number counts; a rate stated for several things counts each."""
    linked = indicators.strip_start(slot.raw, rules.link)
    if not slot.first and linked == slot.raw:
        linked = _after_comma(linked, rules)
    if slot.first and linked.startswith(rules.roles["part"]):
        state.part = True
    if slot.number.kind != "ratio":
        linked = _last_statement(linked, rules)
    full = indicators.trim_before(linked, rules)
    head = indicators.drop_actor(full, rules)
    if slot.number.kind == "ratio" and head:
        several = _several(head, linked, slot, state, rules)
        if several:
            return several
    phrase, rule = _single(_Words(head, full, linked != slot.raw.lstrip()), slot, state, rules)
    if phrase.text and rule not in _LEANING:
        state.remember([phrase], slot.number)
    return [(phrase, rule)]


def _after_comma(text: str, rules: Measures) -> str:
    """Of the text between two numbers, drop what the first counts: all up to a comma outside quotations."""
    for mark in rules.roles["comma"]:
        head, _, rest = text.rpartition(mark)
        if head and not any(sign in rest for sign in rules.roles["closing"]):
            return rest
    return text


def _last_statement(text: str, rules: Measures) -> str:
    """Of two statements that 、 joins, keep the one next to the number: it starts with a sure verb."""
    head, mark, rest = text.rpartition(rules.roles["comma"][0])
    bare = indicators.strip_start(rest, rules.lead)
    if not mark or any(sign in rest for sign in rules.roles["closing"]):
        return text
    if indicators.verb_at(bare, 0, rules.strong) == 0 or indicators.leading_verbs(bare, rules) == len(bare):
        return text
    start = indicators.trim_before(head, rules)
    return text if indicators.leading_verbs(start, rules) == len(start) else rest


def pieces(text: str, rules: Measures) -> list[str]:
    """Split a coordination at 、 and 和."""
    return [piece.strip() for piece in rules.coordination.split(text) if piece.strip()]


def parts(text: str, rules: Measures) -> list[str]:
    """Split a coordination whose short first part borrows the end of the last.

    >>> from kg.rules.measures import load
    >>> parts("城镇、农村居民收入", load())
    ['城镇居民收入', '农村居民收入']
    """
    split = pieces(text, rules)
    for word in rules.roles["enumeration"]:
        last, mark, kind = split[-1].rpartition(word) if len(split) > 1 else ("", "", "")
        if mark and last and kind:
            return [piece + kind for piece in (*split[:-1], last)]
    return [_completed(piece, split[-1], rules) for piece in split]


def _completed(piece: str, final: str, rules: Measures) -> str:
    size = len(piece)
    if (size <= 2 and len(final) - size >= 2) or (
        size > 2 and size < len(final) and final[size - 2 : size] == piece[-2:]
    ):
        return piece + final[size:]
    for word in rules.roles["dimension"]:
        if final.endswith(word) and final != word and not piece.endswith(rules.roles["scalar"]):
            return piece + word
    return piece


def _shares(nouns: str, size: int, rules: Measures) -> list[str]:
    for word, things in rules.shares:
        if word in nouns and len(things) == size:
            return [nouns.replace(word, thing, 1) for thing in things]
    return []


def _several(head: str, linked: str, slot: Slot, state: State, rules: Measures) -> list[Counted]:
    """Return one phrase for each thing that a rate is stated of, or nothing where it is stated of one."""
    names = pieces(head, rules)
    if len(names) > 1 and all(name.endswith(rules.roles["rate"]) for name in names):
        rows = [_carried(_Words(name, name, False), slot, state, rules) for name in names]
        state.remember([phrase for phrase, rule in rows if rule not in _LEANING], slot.number)
        return rows
    every = [word for word in rules.roles["all"] if word in linked]
    growth = rules.carried["growth"].fullmatch(head) and not head.endswith(rules.roles["rate"])
    if growth and every and len(state.before) > 1 and not state.clause:
        return [(Phrase(base.text + head), "each") for base in state.before]
    for word in every:
        things, _, rest = head.partition(word)
        names = parts(things, rules)
        if len(names) > 1 and rules.carried["growth"].fullmatch(rest):
            return [(Phrase(name + rest), "each") for name in names]
    return _shared_growth(pieces(head, rules), rules) if every else []


def _shared_growth(names: list[str], rules: Measures) -> list[Counted]:
    """Give every thing the growth that only the last names (甲、乙、丙增速均达25%)."""
    every, last = rules.roles["all"], names[-1]
    if len(names) < _SEVERAL or last.endswith(rules.roles["rate"]):
        return []
    if any(word in name for name in names[:-1] for word in every):
        return []  # the first is a statement of its own
    for size in range(min(_LONGEST_GROWTH, len(last) - 1), 1, -1):
        word = last[-size:]
        if rules.carried["growth"].fullmatch(word):
            things = [*names[:-1], last.removesuffix(word)]
            word = next((word.removeprefix(each) for each in every if word.startswith(each)), word)
            return [(Phrase(thing + word), "each") for thing in things]
    return []


def _single(words: _Words, slot: Slot, state: State, rules: Measures) -> Counted:
    """Choose between what stands before the number, what follows it, and what was counted before."""
    roles, head = rules.roles, words.head
    alone = not slot.followed
    if not slot.first and slot.raw.endswith(roles["link"]):
        head = ""  # 10个乡镇和196个村居: what stands between belongs to the number before
    streak = head.endswith(roles["streak"])
    tail = indicators.clean_behind(slot.behind, alone and (streak or not head), rules)
    if not tail:
        head = _listed(head, slot, rules)
    if head.endswith(roles["enumeration"]) and not tail:
        head = head[: -len(roles["enumeration"][0])]
    elif head.endswith(roles["enumeration"]) or _dangles(head, rules):
        head = indicators.drop_enumeration(head, rules)
        head = "" if _dangles(head, rules) else head
    if tail:
        if not slot.first and not words.linked and slot.number.kind != "ratio":
            head = _own_verb(head, rules)
        elif any(mark in head for mark in roles["listing"]) and not head.startswith(roles["preposition"]):
            head = head[: indicators.leading_verbs(head, rules)]
    if not head:
        return _behind(words, slot, state, rules)
    if tail:
        return _around(words.led_by(head), tail, slot, state, rules)
    if head.startswith(roles["recipient"]) and slot.number.kind == "count":
        given = _given(slot, rules)
        if given:
            return Phrase(head[1:] + given, "", head[1:] + given), "around"
    return _before(words.led_by(head), slot, state, rules)


def _dangles(head: str, rules: Measures) -> bool:
    """Tell whether a phrase ends in a preposition, which is not the end of a noun (合同, 行为)."""
    return head.endswith(rules.roles["dangling"]) and not head.endswith(rules.roles["whole"])


def _listed(head: str, slot: Slot, rules: Measures) -> str:
    """Say what a list that is named before the number holds (公布重大行政决策事项目录，共8项)."""
    if head and head not in rules.roles["holds"]:
        return head
    hit = rules.listed.search(slot.sentence + slot.raw)
    if hit is None:
        return head
    thing = hit["thing"]
    return thing[indicators.leading_verbs(thing, rules) :] or head


def _behind(words: _Words, slot: Slot, state: State, rules: Measures) -> Counted:
    """Read a number with nothing of its own before it: what follows tells, or what came before."""
    tail = indicators.clean_behind(slot.behind, not slot.followed, rules)
    if not tail:
        return (state.bases[-1] if state.bases else Phrase("")), "repeated"
    verb = state.clause[-1].verb if state.clause and words.linked and not words.full else ""
    if verb and tail == indicators.clean_behind(slot.behind, False, rules):
        return Phrase(verb + tail, verb, tail), "coordinated"  # 办理35件建议、12件提案
    return indicators.split_phrase(tail, rules), "behind"


def _own_verb(head: str, rules: Measures) -> str:
    """Of the text between two numbers, keep what belongs to the second: from its verb on."""
    for place in range(len(head)):
        if indicators.verb_at(head, place, rules.cuts) and indicators.verb_at(head, place, rules.verbs):
            return head[place:]
    return ""


def _given(slot: Slot, rules: Measures) -> str:
    """Return what those counted were given, without the verb that says only that they were."""
    given = indicators.clean_behind(slot.behind, True, rules)
    while given and (size := indicators.verb_at(given, 0, rules.light)):
        given = given[size:]
    return given


def _around(words: _Words, tail: str, slot: Slot, state: State, rules: Measures) -> Counted:
    """Join what stands before the number with the noun behind it."""
    modify, head = rules.roles["modify"], words.head
    verbs = indicators.leading_verbs(head, rules)
    if head.endswith(modify):
        head = head[: -len(modify[0])]
        if verbs < len(head) and len(head) > _LONG_MODIFIER:
            head = head[:verbs]
    elif verbs < len(head) and not head.endswith(rules.roles["streak"]) and slot.number.kind != "count":
        growth = rules.carried["growth"].fullmatch(head)
        if slot.number.kind != "ratio" or growth:
            return _carried(words.led_by(indicators.shorten(head, rules)), slot, state, rules)
    return indicators.split_phrase(indicators.shorten(head, rules) + tail, rules), "around"


def _before(words: _Words, slot: Slot, state: State, rules: Measures) -> Counted:
    """Read a phrase that stands before the number and has nothing behind it."""
    head = indicators.shorten(indicators.drop_enumeration(words.head, rules), rules)
    head = _kind_of_titles(head, slot.sentence, rules)
    verbs = indicators.leading_verbs(head, rules)
    if verbs == len(head) and slot.number.kind == "money":
        purpose = "" if slot.followed else indicators.clean_behind(slot.behind, True, rules)
        if purpose:
            return indicators.split_phrase(head + purpose, rules), "around"
    phrase, rule = _carried(words.led_by(head), slot, state, rules)
    if verbs == len(head) and phrase.text == head:
        thing = _object_before(head, slot.sentence, rules)
        if thing:
            return Phrase(head + thing, head, thing), "ellipsis"
        if words.full != head:
            return Phrase(words.full, head, ""), rule
    return phrase, rule


def _kind_of_titles(head: str, sentence: str, rules: Measures) -> str:
    """Name what kind of documents titles stand for, where the sentence says it (废止《甲规定》1件)."""
    verb, mark, rest = head.partition(rules.roles["title"][0])
    if not verb or not mark or not rest.endswith(rules.roles["title"][1]):
        return head
    if indicators.leading_verbs(verb, rules) != len(verb):
        return head
    named = [(sentence.rfind(kind) + len(kind), kind) for kind in rules.roles["works"] if kind in sentence]
    return verb + max(named)[1] if named else head


def _object_before(verb: str, sentence: str, rules: Measures) -> str:
    """Return what the same verb governs earlier in the sentence (均已配备记录仪，其中甲局配备20台)."""
    place = sentence.rfind(verb)
    if place < 0:
        return ""
    rest = sentence[place + len(verb) :]
    stop = rules.pause.search(rest)
    thing = rest[: stop.start()] if stop else ""
    whole = not any(char.isdigit() or char in rules.roles["closing"] for char in thing)
    return thing if 1 < len(thing) <= _LONG_OBJECT and whole else ""


def _carried(words: _Words, slot: Slot, state: State, rules: Measures) -> Counted:
    """Complete a phrase that names no thing of its own from what the sentence counted before."""
    head, carried = words.head, rules.carried
    if not state.bases:
        return indicators.split_phrase(head, rules), "before"
    earlier = state.bases[-1]
    if carried["growth"].fullmatch(head) or carried["dimension"].fullmatch(head):
        return Phrase(indicators.carry("growth", head, earlier, rules)), "growth"
    if (
        slot.number.kind == "ratio"
        and carried["rate"].fullmatch(head)
        and len(earlier.noun) <= _LONG_MODIFIER
    ):
        return Phrase(indicators.carry("rate", head, _rated(head, state, rules), rules)), "growth"
    if not slot.first and head == earlier.noun:
        return earlier, "repeated"
    return _elliptic(words, slot, state, rules) or (indicators.split_phrase(head, rules), "before")


def _rated(rate: str, state: State, rules: Measures) -> Phrase:
    """Return what a rate is of: what the deed was done to (直接纠错5件，纠错率12%)."""
    deed = next((rate.removesuffix(word) for word in rules.roles["rate"] if rate.endswith(word)), rate)
    return next((base for base in reversed(state.bases) if not base.noun.endswith(deed)), state.bases[-1])


def _without_recipient(head: str, rules: Measures) -> str:
    """Of a phrase that says only to whom and what was done, keep the deed (向市政府报送备案)."""
    if head.startswith(rules.roles["recipient"]):
        for place in range(2, len(head) - _DEED + 1):
            if indicators.leading_verbs(head[place:], rules) == len(head) - place:
                return head[place:]
    return head


def _elliptic(words: _Words, slot: Slot, state: State, rules: Measures) -> Counted | None:
    """Supply the object to a bare verb, the noun to a bare grade, the verb to a bare noun."""
    head, number, carried, earlier = words.head, slot.number, rules.carried, state.bases[-1]
    same = number.unit == state.unit
    if same and carried["modifier"].fullmatch(head):
        return indicators.split_phrase(indicators.carry("modifier", head, earlier, rules), rules), "modifier"
    head = _without_recipient(head, rules)
    verbs = indicators.leading_verbs(head, rules)
    spent = number.kind == "money" and state.kind == "count" and bool(earlier.verb)
    if verbs == len(head) and earlier.noun and (same or spent):
        kind = "intransitive" if carried["intransitive"].fullmatch(head) else "verb"
        return Phrase(indicators.carry(kind, head, earlier, rules), head, earlier.noun), "ellipsis"
    beside = bool(state.clause) and words.linked and number.kind == state.kind
    within = same and (bool(state.clause) or state.part)
    if (
        not verbs
        and number.kind != "ratio"
        and earlier.verb
        and (beside or within)
        and not head.endswith(rules.roles["rate"])
    ):
        return Phrase(earlier.verb + head, earlier.verb, head), "coordinated"
    return None
