"""What harm comes to texts on their way, as functions that do it to a whole text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from opencc import OpenCC

HAN = "[一-鿿]"
Harm = Callable[[str], str]


def between(sign: str, often: float = 1.0) -> Harm:
    """Return what puts a sign between Han characters, so often."""

    def harm(text: str) -> str:
        chance = random.Random(3)
        return re.sub(
            f"({HAN})(?={HAN})", lambda found: found[1] + (sign if chance.random() < often else ""), text
        )

    return harm


def widened(text: str) -> str:
    """Return a text with full-width digits and letters."""
    return text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789%ABC"})


def wrapped(text: str) -> str:
    """Return a text with lines of one width."""
    rows = [[line[at : at + 38] for at in range(0, max(len(line), 1), 38)] for line in text.split("\n")]
    return "\n".join("\n".join(row) for row in rows)


def masked(what: str, mask: str, often: float) -> Harm:
    """Return what puts a mask in the place of what a pattern finds, so often."""

    def harm(text: str) -> str:
        chance = random.Random(3)
        return re.sub(what, lambda found: mask if chance.random() < often else found[0], text)

    return harm


HARMS: dict[str, Harm] = {
    "zero-width spaces": between("\u200b", 0.2),
    "soft hyphens": between("\u00ad", 0.2),
    "direction marks": between("\u200e", 0.05),
    "a space behind every character": between(" "),
    "pinyin behind every character": lambda text: re.sub(f"({HAN})", r"\1(fǎ)", text),
    "full-width digits and letters": widened,
    "straight quotation marks": lambda text: text.replace("“", '"').replace("”", '"'),
    "angle brackets": lambda text: text.replace("《", "<").replace("》", ">"),
    "single title marks": lambda text: text.replace("《", "〈").replace("》", "〉"),
    "lines wrapped by hand": wrapped,
    "traditional characters": lambda text: str(OpenCC("s2t").convert(text)),
    "corner brackets": lambda text: text.replace("“", "「").replace("”", "」"),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
}
"""Harms that leave little doubt what the text was."""

DOUBTFUL: dict[str, Harm] = {
    "a space behind one character in twenty": between(" ", 0.05),
    "quotation marks lost": lambda text: re.sub("[“”]", "", text),
    "one number in ten masked (`***`)": masked(r"[0-9]+(?:\.[0-9]+)?", "***", 0.1),
    "one digit in twenty masked (`*`)": masked("[0-9]", "*", 0.05),
}
"""Harms that leave doubt what the text was, or take away what nobody can know again."""
