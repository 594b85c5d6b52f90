"""Loads how texts are damaged: what got into them, and what is written in place of other signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.resources import RULE_DATA
from kg.rules.needles import needles
from kg.rules.tables import Row, read

_FOLDER = RULE_DATA / "reading"
_LONGEST_TITLE = 60  # characters between brackets that are read as those of a title


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage: within ``stretch``, ``lost`` does not belong there.

    It counts where a text has it in ``least`` places and ``share`` times in a thousand characters; each place
    has one of ``signs``, where any are known.
    """

    name: str
    stretch: re.Pattern[str]
    lost: re.Pattern[str]
    least: int
    share: float
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DamageRules:
    """All of it; ``signs`` maps code points to the one they are read as, ``written`` finds runs of these.

    ``brackets`` finds a stretch in brackets (group ``inside``) that are read as others, or one in those
    already; ``read_as`` maps an opening mark to the pair that is read. ``quotes`` finds a mark that opens and
    closes.
    """

    kinds: tuple[Damage, ...]
    signs: dict[int, int]
    written: re.Pattern[str]
    brackets: re.Pattern[str]
    quotes: re.Pattern[str]
    read_as: dict[str, tuple[str, str]]


@cache
def load_damage_rules() -> DamageRules:
    """Read the tables.

    Raises:
        RuleError: a table is missing or wrong.

    """
    columns = ("name", "stretch", "lost", "least", "share", "example", "counterexample")
    kinds = tuple(map(_damage, read(_FOLDER / "damage.tsv", columns)))
    signs = _signs()
    written = re.compile(f"[{re.escape(''.join(map(chr, signs)))}]+")
    return DamageRules(kinds, signs, written, *_pairs())


def _pairs() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, str]]]:
    rows = list(read(_FOLDER / "pairs.tsv", ("open", "close", "read_open", "read_close", "why", "example")))
    read_as = {row["open"]: (row["read_open"], row["read_close"]) for row in rows}
    brackets = [row for row in rows if row["open"] != row["close"]]
    marks = {
        name: "".join(dict.fromkeys(re.escape(row[name]) for row in brackets))
        for name in ("open", "close", "read_open", "read_close")
    }
    known = f"[{marks['read_open']}][^{marks['read_open']}{marks['read_close']}]*[{marks['read_close']}]"
    inside = f"(?P<inside>[^{''.join(marks.values())}\n]{{2,{_LONGEST_TITLE}}})"
    wanted = f"(?P<open>[{marks['open']}]){inside}[{marks['close']}]"
    quotes = "".join(re.escape(row["open"]) for row in rows if row["open"] == row["close"])
    return re.compile(f"{known}|{wanted}"), re.compile(f"[{quotes}]"), read_as


def _damage(row: Row) -> Damage:
    try:
        stretch, lost = re.compile(row["stretch"], re.MULTILINE), re.compile(row["lost"])
        least, share = int(row["least"]), float(row["share"])
    except (re.error, ValueError) as error:
        raise row.error(f"is no damage, {error}") from error
    return Damage(row["name"], stretch, lost, least, share, tuple(sorted(needles(lost) or ())))


def _signs() -> dict[int, int]:
    signs: dict[int, int] = {}
    for row in read(_FOLDER / "signs.tsv", ("written", "read", "why")):
        written, meant = (_range(row[name]) for name in ("written", "read"))
        if len(written) != len(meant):
            raise row.error(f"{row['written']!r} and {row['read']!r} are not equally many signs")
        signs.update(zip(written, meant, strict=True))
    return signs


def _range(text: str) -> range:
    first, last = text[0], text[-1]
    return range(ord(first), ord(last) + 1)
