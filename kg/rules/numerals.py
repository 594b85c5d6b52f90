"""Writes numbers as the lists of word processors count: 一、 （二） 第三条 ④."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.resources import RULE_DATA
from kg.rules.tables import read

_SYSTEMS = frozenset({"counting", "digits", "list"})
_TEN_THOUSAND = 10_000
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_MOST_ROMAN = 4000
_LETTERS = 26
_DIGITS = 10
_UNITS = 4


@dataclass(frozen=True, slots=True)
class Numerals:
    """One way of writing numbers."""

    system: str
    signs: tuple[str, ...]
    units: tuple[str, ...]

    def write(self, number: int) -> str:
        """Return ``number`` in this way, in Arabic figures where it has no signs for it."""
        if self.system == "digits":
            return "".join(self.signs[int(digit)] for digit in str(number))
        if self.system == "list":
            return self.signs[number - 1] if 1 <= number <= len(self.signs) else str(number)
        if not 0 < number < _TEN_THOUSAND**2:
            return self.signs[0] if number == 0 else str(number)
        high, low = divmod(number, _TEN_THOUSAND)
        if not high:
            return self._thousands(low)
        gap = self.signs[0] if 0 < low < _TEN_THOUSAND // 10 else ""
        return self._thousands(high) + self.units[3] + gap + (self._thousands(low, bare=False) if low else "")

    def _thousands(self, number: int, *, bare: bool = True) -> str:
        written, digits = "", str(number)
        for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
            if digit != "0":
                written += self.signs[int(digit)] + (self.units[place - 1] if place else "")
            elif not written.endswith(self.signs[0]):
                written += self.signs[0]
        written = written.rstrip(self.signs[0])
        # Ten to nineteen are written without the one.
        return written[1:] if bare and len(digits) == 2 and digits[0] == "1" else written


@cache
def load() -> dict[str, Numerals]:
    """Return the ways of writing numbers that need signs, by the name of their format.

    Raises:
        RuleError: the table is missing or wrong.

    """
    found: dict[str, Numerals] = {}
    for row in read(RULE_DATA / "reading" / "numbering.tsv", ("format", "system", "signs", "example")):
        signs, units = row.many("signs"), row.many("units")
        if row["system"] not in _SYSTEMS:
            raise row.error(f"system is {row['system']!r}, not counting, digits or list")
        if row["system"] != "list" and len(signs) != _DIGITS:
            raise row.error(f"it has {len(signs)} signs, not ten")
        if row["system"] == "counting" and len(units) != _UNITS:
            raise row.error(f"it has {len(units)} units, not four")
        found[row["format"]] = Numerals(row["system"], signs, units)
    return found


def write(number: int, form: str) -> str:
    """Return ``number`` as the numbering format ``form`` writes it; unknown formats give Arabic figures.

    >>> write(12, "chineseCounting"), write(4, "lowerRoman"), write(28, "upperLetter"), write(7, "ordinal")
    ('十二', 'iv', 'BB', '7')
    """
    if form in {"upperRoman", "lowerRoman"} and 0 < number < _MOST_ROMAN:
        return _case(_roman(number), form)
    if form in {"upperLetter", "lowerLetter"} and 0 < number <= _LETTERS * 9:
        # After Z comes AA, then BB.
        return _case(chr(ord("A") + (number - 1) % _LETTERS) * ((number - 1) // _LETTERS + 1), form)
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "none":
        return ""
    numerals = load().get(form)
    return str(number) if numerals is None else numerals.write(number)


def _case(written: str, form: str) -> str:
    return written.lower() if form.startswith("lower") else written


def _roman(number: int, steps: Sequence[tuple[int, str]] = _ROMAN) -> str:
    written = ""
    for value, sign in steps:
        times, number = divmod(number, value)
        written += sign * times
    return written
