"""Loads what the picture says and looks like: colours and shapes of kinds, readable relations, words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kg.errors import RuleError
from kg.resources import RULE_DATA
from kg.rules import tables

LANGUAGES = ("zh", "en")
_FOLDER = RULE_DATA / "viewing"
_FALLBACK = "*"


@dataclass(frozen=True, slots=True)
class KindLook:
    """How one class of things is drawn; ``order`` is its place in the legend and around a hub."""

    kind: str
    colour: str
    shape: str
    order: int
    labels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Appearance:
    """All of it. Labels are (language, text) pairs, in the order of :data:`LANGUAGES`."""

    kinds: dict[str, KindLook]
    predicates: dict[str, dict[str, str]]
    attributes: dict[str, dict[str, str]]
    interface: dict[str, dict[str, str]]
    roles: dict[str, dict[str, str]]
    """What a relation means in the pictures besides the network, in the order of the table."""

    def look(self, kind: str) -> KindLook:
        """Return how ``kind`` is drawn; an unknown kind is drawn as "other".

        >>> load().look("Honour").shape
        'star'
        >>> load().look("Unheard").kind
        '*'
        """
        return self.kinds.get(kind) or self.kinds[_FALLBACK]


@cache
def load() -> Appearance:
    """Read the tables of ``kg/rules/data/viewing``.

    Raises:
        RuleError: a table is missing or wrong, or has no row for kinds it does not name.

    """
    kinds = {}
    for order, row in enumerate(tables.read(_FOLDER / "kinds.tsv", ("kind", "colour", "shape", *LANGUAGES))):
        labels = tuple((language, row[language]) for language in LANGUAGES)
        kinds[row["kind"]] = KindLook(row["kind"], row["colour"], row["shape"], order, labels)
    if _FALLBACK not in kinds:
        raise RuleError(f"kinds.tsv: no row {_FALLBACK!r} for kinds without a row; add it and start again")
    inverse = tuple(f"{language}_inverse" for language in LANGUAGES)
    return Appearance(
        kinds=kinds,
        predicates=_texts("predicates.tsv", "predicate", (*LANGUAGES, *inverse)),
        attributes=_texts("attributes.tsv", "attribute", LANGUAGES),
        interface=_texts("interface.tsv", "key", LANGUAGES),
        roles=_roles(),
    )


def _roles() -> dict[str, dict[str, str]]:
    roles = {}
    for row in tables.read(_FOLDER / "roles.tsv", ("predicate",)):
        role = {"deed": row.get("deed"), "resting": row.get("resting")}
        if role["deed"] not in ("", "yes") or role["resting"] not in ("", "subject", "object"):
            raise row.error(f"no such role {role!r}")
        roles[row["predicate"]] = role
    return roles


def _texts(name: str, key: str, columns: tuple[str, ...]) -> dict[str, dict[str, str]]:
    rows = tables.read(_FOLDER / name, (key, *columns))
    return {row[key]: {column: row[column] for column in columns} for row in rows}
