"""What policy documents are called: national titles, nouns that end a title, and what only looks like one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.resources import RULE_DATA
from kg.rules.matching import Endings, WordFinder
from kg.rules.needles import hastened
from kg.rules.tables import read

_OPENING = 900  # characters of a body in which its formula stands, if not in the last _CLOSE
_CLOSE = 300
_REMEMBERED = (
    1 << 14
)  # names: a few megabytes, and a report names some hundreds, many of them again and again
_UNLIKE = re.compile("[\u2010-\u2015\u2212~\u2500]+")
_ASIDE = re.compile(r"[\s\u201c\u201d\u2018\u2019\"'\u300a\u300b\u3008\u3009<>\u3001,]")


@dataclass(frozen=True, slots=True)
class NationalDocument:
    """A law, regulation or national plan under its official title."""

    title: str
    labels: tuple[str, ...]
    kind: str
    issuers: tuple[str, ...]
    year: str
    doc_number: str


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """All that is known of policy documents."""

    national: dict[str, NationalDocument]
    bare: WordFinder
    endings: str
    types: dict[str, str]
    type_words: Endings
    decoys: tuple[re.Pattern[str], ...]
    narrative: frozenset[str]
    formulas: tuple[tuple[re.Pattern[str], str], ...]
    patterns: dict[str, re.Pattern[str]]

    def type_of(self, title: str) -> str:
        """Return the document type that a title's last noun says, "" if none does."""
        stripped = self.patterns["tail_brackets"].sub("", title)
        return self.types.get(self.type_words.longest(stripped), "")

    def ends_national(self, title: str) -> bool:
        """Say whether the title of a document of the national list ends with ``title``."""
        return fold(title) + "\n" in self.endings

    def type_by_formula(self, body: str) -> str:
        """Return the type that a set phrase of the body says (现通知如下), "" if none does.

        Titles and quotations are left out, and only the opening and the close are asked.
        """
        plain = self.patterns["named_or_quoted"].sub("", body)
        stretches = (plain[:_OPENING], plain[-_CLOSE:])
        return next(
            (kind for stretch in stretches for pattern, kind in self.formulas if pattern.search(stretch)), ""
        )

    def is_decoy(self, title: str) -> bool:
        """Say whether a title names a newspaper, film, course … rather than a policy document."""
        stripped = self.patterns["tail_brackets"].sub("", title)
        return any(pattern.search(stripped) for pattern in self.decoys)


@lru_cache(maxsize=_REMEMBERED)
def fold(title: str) -> str:
    """Return the form under which titles are compared: widths, dashes, spaces and inner brackets folded.

    >>> fold("法治政府建设实施纲要（2021—2025年）") == fold("法治政府建设实施纲要(2021-2025年)")
    True
    """
    text = unicodedata.normalize("NFKC", title)
    # Most names are letters alone, which have none of what is folded.
    return text if text.isalnum() else _ASIDE.sub("", _UNLIKE.sub("-", text))


@lru_cache(maxsize=_REMEMBERED)
def display(title: str) -> str:
    """Return the one spelling under which variants of a title are kept: folded, with full-width brackets.

    >>> display("法治政府建设 实施纲要(2021–2025年)")
    '法治政府建设实施纲要（2021—2025年）'
    """
    text = unicodedata.normalize("NFKC", title)
    if text.isalnum():
        return text
    text = re.sub("[\u2010-\u2015\u2212~\u2500-]+", "-", text)
    text = re.sub("[\\s\u201c\u201d\u2018\u2019\"']", "", text)
    text = re.sub(r"(?<=\d)(?<!\d-)([^\W\d_a-zA-Z]?)-(?=\d{4})", "\\1\u2014", text)
    text = re.sub("[<\u3008]", "\u300a", text)
    text = re.sub("[>\u3009]", "\u300b", text)
    return text.replace("(", "\uff08").replace(")", "\uff09").replace(",", "\uff0c")


@cache
def load() -> DocumentRules:
    """Load and check the tables of ``kg/rules/data/documents``."""
    folder = RULE_DATA / "documents"
    national: dict[str, NationalDocument] = {}
    bare: set[str] = set()
    for row in read(folder / "national.tsv", ("title", "kind")):
        entry = NationalDocument(
            row["title"],
            row.many("short"),
            row["kind"],
            row.many("issuer"),
            row.get("year"),
            row.get("doc_number"),
        )
        for label in (entry.title, *entry.labels):
            national.setdefault(fold(label), entry)
        if row["kind"] in ("law", "administrative-regulation", "constitution", "party-regulation"):
            bare.update(label for label in (entry.title, *entry.labels) if len(label) > 1)
    types: dict[str, str] = {}
    for row in read(folder / "types.tsv", ("word", "notation")):
        types.setdefault(row["word"], row["notation"])
    words = tuple(types)
    bare = {label for label in bare if label.endswith(words)}
    decoys = tuple(re.compile(row["pattern"]) for row in read(folder / "decoys.tsv", ("pattern", "why")))
    formulas = tuple(
        (re.compile(row["pattern"]), row["notation"])
        for row in read(folder / "formulas.tsv", ("pattern", "notation", "example"))
    )
    narrative = frozenset(row["notation"] for row in read(folder / "narrative.tsv", ("notation",)))
    patterns = {
        row["name"]: (hastened if row["name"] == "issue_verb" else re.compile)(row["pattern"])
        for row in read(folder / "patterns.tsv", ("name", "pattern", "example"))
    }
    return DocumentRules(
        national,
        WordFinder(bare),
        "".join(f"{title}\n" for title in national),
        types,
        Endings(words),
        decoys,
        narrative,
        formulas,
        patterns,
    )
