"""Says things in Chinese and English: the sentences are templates of a data file, the code fills in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce

from kg.errors import RuleError
from kg.resources import RULE_DATA
from kg.rules import tables

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """The same said in Chinese and in English."""

    zh: str
    en: str

    def within(self, language: str) -> str:
        """Return the words in a language, ``zh`` or ``en``.

        >>> Text("县级", "county level").within("en")
        'county level'
        """
        return self.en if language == "en" else self.zh


NOTHING = Text("", "")


def same(text: object) -> Text:
    """Return what is written the same way in both languages: names, numbers."""
    return Text(str(text), str(text))


class _Count(int):
    """A number that chooses a word: ``{n:place|places}``; large ones are grouped by thousands."""

    def __format__(self, spec: str) -> str:
        if "|" not in spec:
            return format(int(self), spec or ",")
        one, many = spec.split("|")
        return f"{int(self):,} {one if self == 1 else many}"


def say(key: str, **values: Text | str | float) -> Text:
    """Return the words of a row of ``words.tsv`` with its slots filled in.

    Values are put in as they are: nothing in a name is taken for a slot.

    >>> say("places", n=1), say("places", n=12).en
    (Text(zh='1 个地方', en='1 place'), '12 places')

    Raises:
        RuleError: there is no such row, or it has a slot that is not given.

    """
    row = _load().get(key)
    if row is None:
        raise RuleError(f"words.tsv: no row {key!r}; add it and start again")
    try:
        return Text(*(getattr(row, name).format(**_given(values, name)) for name in LANGUAGES))
    except (KeyError, IndexError, ValueError) as error:
        raise RuleError(f"words.tsv: {key}: slot {error} cannot be filled; correct the row") from error


def _given(values: Mapping[str, Text | str | float], language: str) -> dict[str, object]:
    return {name: _value(value, language) for name, value in values.items()}


def _value(value: Text | str | float, language: str) -> object:
    if isinstance(value, Text):
        return value.within(language)
    return _Count(value) if isinstance(value, int) else value


def listed(items: Iterable[Text | str], most: int = 0) -> Text:
    """Return items as a list in words; beyond ``most`` of them (0: any number) how many more there are.

    >>> listed(["甲", "乙", "丙"]), listed(["甲", "乙", "丙"], most=2).en
    (Text(zh='甲、乙和丙', en='甲, 乙 and 丙'), '甲, 乙 and 1 more')
    """
    texts = [item if isinstance(item, Text) else same(item) for item in items]
    shown = texts[:most] if most and len(texts) > most else texts
    more = len(texts) - len(shown)
    if more:
        return say("list-more", items=_joined(shown), n=more)
    if len(texts) < 2:
        return texts[0] if texts else NOTHING
    return say("list-and", items=_joined(texts[:-1]), last=texts[-1])


def _joined(texts: Iterable[Text]) -> Text:
    return joined("list-comma", texts)


def joined(key: str, texts: Iterable[Text]) -> Text:
    """Return texts joined two by two by a row with the slots ``one`` and ``next``; NOTHING for none."""
    found = [text for text in texts if text != NOTHING]
    return reduce(lambda one, next_: say(key, one=one, next=next_), found) if found else NOTHING


def phrase(predicate: str) -> Text:
    """Return how a fact reads between its subject and its object.

    >>> phrase("carriedOut")
    Text(zh='开展', en='carried out')
    """
    return _phrases().get(predicate, same(predicate))


def plan(predicate: str) -> Text:
    """Return how a fact that is only planned reads between its subject and its object.

    >>> plan("carriedOut")
    Text(zh='计划开展', en='plans to carry out')
    """
    return say(f"plan-{predicate}")


def level(notation: str) -> Text:
    """Return the name of a level of places, of "" that it is not known.

    >>> level("county").en
    'county level'
    """
    return say(f"level-{notation or 'none'}")


def kind(name: str) -> Text:
    """Return the name of a class of things."""
    return _kinds().get(name, same(name))


def code(family: str, name: str) -> Text:
    """Return what a word of a build's summary means, or the word itself where no row of ``codes.tsv`` says.

    >>> code("skipped", "empty").en, code("skipped", "unheard-of").en
    ('empty', 'unheard-of')
    """
    return _codes().get(f"{family}-{name}", same(name))


@cache
def _codes() -> dict[str, Text]:
    path = RULE_DATA / "analysing" / "codes.tsv"
    return {row["code"]: Text(row["zh"], row["en"]) for row in tables.read(path, ("code", *LANGUAGES))}


@cache
def _load() -> dict[str, Text]:
    found: dict[str, Text] = {}
    for row in tables.read(RULE_DATA / "analysing" / "words.tsv", ("key", *LANGUAGES)):
        if row["key"] in found:
            raise row.error(f"the key {row['key']!r} is taken")
        found[row["key"]] = Text(row["zh"], row["en"])
    return found


@cache
def _phrases() -> dict[str, Text]:
    path = RULE_DATA / "viewing" / "predicates.tsv"
    return {row["predicate"]: Text(row["zh"], row["en"]) for row in tables.read(path, ("predicate",))}


@cache
def _kinds() -> dict[str, Text]:
    path = RULE_DATA / "viewing" / "kinds.tsv"
    return {row["kind"]: Text(row["zh"], row["en"]) for row in tables.read(path, ("kind",))}
