"""Measure how much of a page's article is read, and how much else: against what a browser shows.

The yardstick is independent of this package: Chromium renders each page, without its scripts, and the text of
the element that the site itself marks as the article is taken as it is shown. Read is what the page's layout
calls title, addressee, text or signature. A document's number and notes on its publication are metadata on
both sides.

    python scripts/measure_html.py PAGE.html… [--least 0.98]

Prints precision and recall of the characters per page and in all. Exit code 1 where one in all is too low.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from helpers import chromium

from kg.errors import InputError
from kg.reading import read

NO_SCRIPTS = {"profile.managed_default_content_settings.javascript": 2}

# How sites mark the element that holds the article, the most telling first.
ARTICLE = (
    "#UCAP-CONTENT", ".TRS_UEDITOR", ".TRS_Editor", "[itemprop=articleBody]", "#zoom", "#Zoom",
    ".pages_content", ".article-content", ".article_content", "#article", ".article", "article", "main",
)  # fmt: skip
# Lines of an article that are kept as metadata and not as text: its number, notes on its publication.
NO_BODY = re.compile(r"\w{2,20}〔\d{4}〕\d{1,5}号|（(?:此件|本文|本件)[^）]{2,12}）")
READ = frozenset({"title", "addressee", "body", "signature"})


@dataclass(frozen=True)
class Score:
    """Characters that are in both, that were read, and that the article shows."""

    both: int
    read: int
    shown: int

    @property
    def precision(self) -> float:
        """The share of what was read that stands in the article."""
        return self.both / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        """The share of the article that was read."""
        return self.both / self.shown if self.shown else 0.0


def article(driver: webdriver.Chrome, page: Path) -> list[str]:
    """Return the lines of the article as the browser shows it (none where the page marks no article)."""
    driver.get("file://" + urllib.parse.quote(str(page.resolve())))
    for selector in ARTICLE:
        found = driver.find_elements(By.CSS_SELECTOR, selector)
        if found:
            texts = [str(element.get_property("innerText") or "") for element in found]
            return [line for line in _lines(max(texts, key=len)) if not NO_BODY.fullmatch(line)]
    return []


def text_read(page: Path, shown: list[str]) -> list[str]:
    """Return the lines that are read as parts of the document; its title where the article shows it, too."""
    document = read(page.read_bytes(), page.name)
    lines = []
    for region in document.regions:
        if region.role in READ:
            found = _lines(document.text[region.start : region.end])
            lines += [line for line in found if region.role != "title" or line in "".join(shown)]
    return lines


def _lines(text: str) -> list[str]:
    return [line for line in ("".join(part.split()) for part in text.split("\n")) if line]


def score(shown: list[str], got: list[str]) -> Score:
    """Compare two texts by their longest common parts, without white space."""
    one, other = "\n".join(shown), "\n".join(got)
    blocks = difflib.SequenceMatcher(None, shown, got, autojunk=False).get_opcodes()
    both = 0
    for kind, begin, end, first, last in blocks:
        if kind == "equal":
            both += sum(map(len, shown[begin:end]))
        elif kind == "replace":
            pieces = "".join(shown[begin:end]), "".join(got[first:last])
            matcher = difflib.SequenceMatcher(None, *pieces, False)
            both += sum(block.size for block in matcher.get_matching_blocks())
    return Score(both, len(other.replace("\n", "")), len(one.replace("\n", "")))


def main() -> int:
    """Score the pages that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("pages", nargs="+", type=Path, help="HTML files, or folders of them")
    parser.add_argument("--least", type=float, default=0.98, help="what both have to reach in all")
    parser.add_argument(
        "--show", action="store_true", help="print what was missed (-) and what was too much (+)"
    )
    options = parser.parse_args()
    files = [f for p in options.pages for f in (sorted(p.rglob("*.htm*")) if p.is_dir() else [p])]
    scores = []
    with chromium.running("--disable-dev-shm-usage", preferences=NO_SCRIPTS) as driver:
        for page in files:
            shown = article(driver, page)
            if not shown:
                print(f"   no article marked  {page.name}")
                continue
            try:
                got = text_read(page, shown)
            except InputError as error:
                print(f"   not read  {error}")
                got = []
            scores.append(score(shown, got))
            print(f"{scores[-1].precision:.4f} {scores[-1].recall:.4f}  {page.name}")
            if options.show:
                for line in difflib.unified_diff(shown, got, lineterm="", n=0):
                    if line[0] in "+-" and line[:3] not in {"+++", "---"}:
                        print("      ", line[:100])
    total = Score(*(sum(getattr(s, name) for s in scores) for name in ("both", "read", "shown")))
    print(f"{total.precision:.4f} {total.recall:.4f}  precision and recall of {len(scores)} pages")
    return 0 if scores and min(total.precision, total.recall) >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
