"""The wordings that state relations, and the grammar of clauses around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.model import Kind
from kg.resources import RULE_DATA
from kg.rules.tables import read


@dataclass(frozen=True, slots=True)
class Trigger:
    """A wording that states a relation to an object of one kind."""

    id: str
    predicate: str
    object: Kind
    side: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class RelationRules:
    """All wordings of relations."""

    triggers: tuple[Trigger, ...]
    patterns: dict[str, re.Pattern[str]]
    by_id: dict[str, Trigger]
    by_side: dict[tuple[Kind, str], tuple[Trigger, ...]]

    def of(self, kind: Kind, side: str) -> tuple[Trigger, ...]:
        """Return the triggers for objects of ``kind`` on one side."""
        return self.by_side.get((kind, side), ())

    def named(self, rule_id: str) -> Trigger:
        """Return one trigger by its id."""
        return self.by_id[rule_id]


@cache
def load() -> RelationRules:
    """Load and check the tables of ``kg/rules/data/relations``."""
    folder = RULE_DATA / "relations"
    triggers = tuple(
        Trigger(row["id"], row["predicate"], Kind(row["object"]), row["side"], re.compile(row["pattern"]))
        for row in read(folder / "triggers.tsv", ("id", "predicate", "object", "side", "pattern", "example"))
    )
    patterns = {
        row["name"]: re.compile(row["pattern"]) for row in read(folder / "patterns.tsv", ("name", "pattern"))
    }
    by_side: dict[tuple[Kind, str], tuple[Trigger, ...]] = {}
    for trigger in triggers:
        side = (trigger.object, trigger.side)
        by_side[side] = (*by_side.get(side, ()), trigger)
    by_id = {trigger.id: trigger for trigger in reversed(triggers)}  # of one id the first row
    return RelationRules(triggers, patterns, by_id, by_side)
