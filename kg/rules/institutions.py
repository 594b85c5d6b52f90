"""The grammar of names of bodies: which words name one after a place, and how its full name is built."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from kg.ids import slug
from kg.resources import RULE_DATA
from kg.rules.matching import Beginnings, Endings, WordFinder, alternation
from kg.rules.needles import hastened
from kg.rules.tables import Row, read

_SHORTEST_PARENT = 6  # characters: 全面依法治市委员会 before 办公室 counts, 公安局 in 公安局长 would not
_SHORT_NAMED = frozenset({"party-organ", "office", "government", "congress"})  # 中央, 国办: two characters
_UNIT_LENGTH = 2  # characters of 市 or 我市 before a short form
_SHORTEST_BARE = 4  # characters: shorter names of bodies are ordinary words when no place stands before them


@dataclass(frozen=True, slots=True)
class Body:
    """One kind of body: its name without place, and the pattern of its official name and other labels.

    Patterns hold ``{full}`` (the place's name as bodies carry it), ``{name}`` and ``{unit}``.
    """

    key: str
    official: str
    labels: tuple[str, ...]
    type: str
    system: str
    bare: bool
    provincial: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class NamedBody:
    """A particular, nationally known body (国务院)."""

    name: str
    labels: tuple[str, ...]
    type: str
    part_of: str


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of a former body: its successors' names, the year, the levels and units where this holds.

    No levels: a body of the whole country. No units: whatever the place calls itself.
    """

    successors: tuple[str, ...]
    year: str
    levels: frozenset[str]
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenSuffix:
    """A head noun that ends names of bodies that are in no list."""

    suffix: str
    type: str
    where: frozenset[str]


@dataclass(frozen=True, slots=True)
class Heads:
    """The head nouns of open names in one surrounding, indexed for looking them up."""

    kinds: dict[str, str]
    any: re.Pattern[str]
    endings: Endings


@dataclass(frozen=True, slots=True)
class InstitutionRules:
    """All that the recogniser and the resolver know of bodies."""

    bodies: dict[str, Body]
    by_key: dict[str, Body]
    stems: dict[str, Body]
    party: dict[str, Body]
    body_words: Beginnings
    party_words: Beginnings
    named: dict[str, NamedBody]
    named_words: WordFinder
    bare_words: WordFinder
    central: dict[str, NamedBody]
    central_words: WordFinder
    heads: dict[str, Heads]
    all_heads: Heads
    as_written: frozenset[str]
    writes_for: frozenset[str]
    changes: dict[str, tuple[Succession, ...]]
    governments: dict[str, str]
    levels: dict[tuple[str, str, str], str]
    before: tuple[str, ...]
    after: re.Pattern[str]
    inside: re.Pattern[str]
    pairs: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    between_quotes: str
    patterns: dict[str, re.Pattern[str]]

    def is_national(self, name: str) -> bool:
        """Say whether a name begins with a body of the whole country (国务院办公厅关于…).

        >>> load().is_national("国务院办公厅关于印发某方案的通知")
        True
        """
        return any(start == 0 for start, _, _ in self.named_words.find(name[:24]))

    def at_level(self, key: str, level: str, surface: str) -> str:
        """Return the kind of body that a short form means at a level (市法院 of a prefecture: 中级法院)."""
        for (short_for, at, word), becomes in self.levels.items():
            if (
                (short_for, at) == (key, level)
                and surface.endswith(word)
                and len(surface) - len(word) <= _UNIT_LENGTH
            ):
                return becomes
        return key


@cache
def load() -> InstitutionRules:
    """Load and check the tables of ``kg/rules/data/institutions``."""
    folder = RULE_DATA / "institutions"
    bodies: dict[str, Body] = {}
    party: dict[str, Body] = {}
    for row in read(folder / "cores.tsv", ("key", "surface", "official", "type", "system")):
        body = Body(
            row["key"],
            row["official"],
            row.many("labels"),
            row["type"],
            row["system"],
            row["bare"] == "yes",
            row.get("provincial"),
            row.get("parent"),
        )
        for surface in row.many("surface"):
            bodies.setdefault(surface, body)
    templates = {
        row["system"]: (row["official"], *row.many("labels"))
        for row in read(folder / "templates.tsv", ("system", "official"))
    }
    bare: set[str] = {surface for surface, body in bodies.items() if body.bare}
    named: dict[str, NamedBody] = {}
    stems: dict[str, str] = {}
    uniform: dict[str, list[Row]] = {}
    for row in read(folder / "changes.tsv", ("name", "level", "source")):
        uniform.setdefault(row["name"], []).append(row)
    changes: dict[str, tuple[Succession, ...]] = {}
    for row in read(folder / "named_bodies.tsv", ("name",)):
        entry = NamedBody(row["name"], row.many("short"), row.get("type"), row.get("partof"))
        for label in (entry.name, *entry.labels):
            named.setdefault(label, entry)
    for row in read(folder / "departments.tsv", ("name", "system", "type")):
        national = row.many("level") == ("central",)
        if row.get("successor") and row.get("to"):
            usual = Succession(row.many("successor"), row["to"], frozenset())
            became = (usual,) if national else tuple(_at(usual, at) for at in uniform.get(row["name"], ()))
            if became:
                changes |= {slug(name): became for name in _with_units(row["name"], templates["units"])}
        if national:
            entry = NamedBody(row["name"], row.many("short"), row["type"], "")
            for label in (entry.name, *entry.labels):
                named.setdefault(label, entry)
            continue
        _add_department(row, bodies, party, bare, templates)
        if "county" in row.many("level") and not row.get("to"):
            for stem in row.many("stem"):
                stems.setdefault(stem, row["name"])
    central = {
        row["short"]: named[row["name"]] for row in read(folder / "central_short.tsv", ("short", "name"))
    }
    suffixes = [
        OpenSuffix(row["suffix"], row["type"], frozenset(row.many("where")))
        for row in read(folder / "open_suffixes.tsv", ("suffix", "type", "where", "example"))
    ]
    blockers = list(read(folder / "blockers.tsv", ("where", "text")))
    bodies = _with_parents(bodies)
    by_key = {body.key: body for body in bodies.values()}
    return InstitutionRules(
        bodies=bodies,
        by_key=by_key,
        stems={stem: by_key[key] for stem, key in stems.items() if key in by_key},
        party=party,
        body_words=Beginnings(bodies),
        party_words=Beginnings(party),
        named=named,
        named_words=WordFinder(
            word for word, entry in named.items() if len(word) > 2 or entry.type in _SHORT_NAMED
        ),
        bare_words=WordFinder(bare),
        central=central,
        central_words=WordFinder(central),
        heads={where: _heads(suffixes, where) for where in ("place", "trigger")},
        all_heads=_heads(suffixes),
        writes_for=frozenset(row["type"] for row in read(folder / "writes_for.tsv", ("type",))),
        as_written=frozenset(row["type"] for row in read(folder / "as_written.tsv", ("type",))),
        changes=changes,
        governments={row["kind"]: row["key"] for row in read(folder / "governments.tsv", ("kind", "key"))},
        levels={
            (row["key"], row["level"], row["surface"]): row["becomes"]
            for row in read(folder / "levels.tsv", ("key", "level", "surface", "becomes"))
        },
        before=tuple(row["text"] for row in blockers if row["where"] == "before"),
        after=re.compile("|".join(row["text"] for row in blockers if row["where"] == "after")),
        inside=re.compile("|".join(row["text"] for row in blockers if row["where"] == "inside")),
        pairs=tuple(
            (re.compile(row["pattern"]), row.many("keys"))
            for row in read(folder / "pairs.tsv", ("pattern", "keys", "example"))
        ),
        between_quotes="".join(
            row["characters"] for row in read(folder / "between_quotes.tsv", ("characters",))
        ),
        patterns={
            row["name"]: (hastened if row["name"] == "unit_anchor" else re.compile)(row["pattern"])
            for row in read(folder / "patterns.tsv", ("name", "pattern", "example"))
        },
    )


def _heads(suffixes: list[OpenSuffix], where: str = "") -> Heads:
    """Return the head nouns of a surrounding, or all of them; the first row of a word counts."""
    kinds: dict[str, str] = {}
    for item in suffixes:
        if not where or where in item.where:
            kinds.setdefault(item.suffix, item.type)
    return Heads(kinds, alternation(kinds), Endings(kinds))


def _at(usual: Succession, row: Row) -> Succession:
    """Return a succession as it was at the places that a row names."""
    successors = row.many("successor") or usual.successors
    return Succession(successors, usual.year, frozenset(row.many("level")), frozenset(row.many("unit")))


def _add_department(
    row: Row,
    bodies: dict[str, Body],
    party: dict[str, Body],
    bare: set[str],
    templates: dict[str, tuple[str, ...]],
) -> None:
    """Add a department's name and short forms, once for every unit where they hold ``{unit}``."""
    name, shorts, system = row["name"], row.many("short"), row["system"]
    head, *heads = templates[system if system in templates else "government"]
    official = row.get("official") or head + name
    heads = [head, *heads]
    labels = tuple(
        dict.fromkeys(head + form for head in heads for form in (name, *shorts) if head + form != official)
    )
    body = Body(name, official, labels, row["type"], system, False, "", "")
    for form in (name, *shorts):
        for surface in _with_units(form, templates["units"]):
            bodies.setdefault(surface, body)
            if system == "party":
                party.setdefault(surface, body)
            if row.get("bare") == "yes" and len(surface) >= _SHORTEST_BARE:
                bare.add(surface)


def _with_parents(bodies: dict[str, Body]) -> dict[str, Body]:
    """Return the bodies with the one each belongs to: 某委员会办公室 is the office of 某委员会."""
    keys = {body.key for body in bodies.values() if len(body.key) >= _SHORTEST_PARENT}
    found: dict[str, Body] = {}
    for surface, body in bodies.items():
        parents = [body.key[:cut] for cut in range(_SHORTEST_PARENT, len(body.key)) if body.key[:cut] in keys]
        found[surface] = replace(body, parent=parents[-1]) if parents and not body.parent else body
    return found


def _with_units(form: str, units: tuple[str, ...]) -> list[str]:
    return [form.replace("{unit}", unit) for unit in units] if "{unit}" in form else [form]
