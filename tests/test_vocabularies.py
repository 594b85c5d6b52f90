"""The vocabularies of documents, initiatives and honours: complete rows, no clashes, examples that hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.resources import RULE_DATA, ontology_folder
from kg.rules import tables
from kg.rules.documents import fold

TABLES = {
    "documents/national.tsv": ("title", "kind", "source"),
    "documents/types.tsv": ("word", "notation", "example", "counterexample"),
    "documents/decoys.tsv": ("pattern", "why", "example", "counterexample", "source"),
    "initiatives/vocabulary.tsv": ("name", "type", "definition_zh", "bare", "source"),
    "initiatives/heads.tsv": ("word", "type", "strength", "example", "counterexample"),
    "initiatives/not_initiatives.tsv": ("text", "why"),
    "honours/honours.tsv": ("word", "class", "example", "counterexample"),
    "honours/named.tsv": ("name", "source"),
    "honours/triggers.tsv": ("word", "use", "example", "counterexample"),
}
MINIMUM = {
    "documents/national.tsv": 1000,
    "documents/types.tsv": 80,
    "documents/decoys.tsv": 25,
    "initiatives/vocabulary.tsv": 500,
    "initiatives/heads.tsv": 90,
    "initiatives/not_initiatives.tsv": 300,
    "honours/honours.tsv": 100,
    "honours/named.tsv": 120,
    "honours/triggers.tsv": 40,
}
KINDS = {
    "law",
    "administrative-regulation",
    "departmental-rule",
    "party-regulation",
    "constitution",
    "judicial-interpretation",
    "outline",
    "plan",
    "opinion",
    "notice",
    "other",
}
INITIATIVE_TYPES = {
    "reform",
    "campaign",
    "programme",
    "project",
    "system",
    "platform",
    "pilot",
    "service",
    "hotline",
    "model",
    "media",
    "account",
    "enforcement-action",
    "standard",
}
HONOUR_CLASSES = {"award", "title", "ranking", "person", "case", "list"}
TRIGGER_USES = {"received", "conferred", "position"}
LONGEST_DEFINITION = 40


def rows(table: str) -> list[tables.Row]:
    """Return the rows of one of the tables."""
    return list(tables.read(RULE_DATA / table, TABLES[table]))


def bare_title(title: str) -> str:
    """Return a title without the bracketed remarks at its end."""
    return re.sub(r"(?:（[^（）]*）|\([^()]*\))+$", "", title)


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_complete_and_free_of_stray_spaces(table: str) -> None:
    found = rows(table)
    assert len(found) >= MINIMUM[table]
    for row in found:
        for column, cell in row.cells.items():
            assert cell == cell.strip(), f"{row.path.name}:{row.line}: spaces around {column!r}"
            assert "||" not in cell, f"{row.path.name}:{row.line}: empty item in {column!r}"


@pytest.mark.parametrize("table", [name for name in TABLES if name != "documents/decoys.tsv"])
def test_first_column_names_each_row_once(table: str) -> None:
    found = rows(table)
    column = TABLES[table][0]
    first: dict[str, int] = {}
    for row in found:
        line = first.setdefault(fold(row[column]), row.line)
        assert line == row.line, f"{row.path.name}:{row.line}: {row[column]!r} again, see line {line}"


@pytest.mark.parametrize(
    ("table", "name", "others"),
    [
        ("documents/national.tsv", "title", ("short",)),
        ("initiatives/vocabulary.tsv", "name", ("alias", "quoted")),
        ("honours/named.tsv", "name", ("alias",)),
    ],
)
def test_no_wording_means_two_things(table: str, name: str, others: tuple[str, ...]) -> None:
    owner: dict[str, str] = {}
    clashes = []
    for row in rows(table):
        for wording in (row[name], *(item for column in others for item in row.many(column))):
            if owner.setdefault(fold(wording), row[name]) != row[name]:
                clashes.append(f"{row.path.name}:{row.line}: {wording!r} also means {owner[fold(wording)]!r}")
    assert not clashes, "\n".join(clashes)


def test_national_documents_have_known_kinds_and_successors() -> None:
    found = rows("documents/national.tsv")
    titles = {row["title"] for row in found}
    for row in found:
        where = f"national.tsv:{row.line}"
        assert row["kind"] in KINDS, where
        assert row["status"] in {"", "in-force", "amended", "repealed"}, where
        assert re.fullmatch(r"(?:\d{4})?", row["year"]), where
        assert not row["successor"] or row["successor"] in titles, (
            f"{where}: {row['successor']!r} is no title"
        )
        assert not re.search("[()]", row["title"]), f"{where}: brackets are full-width"
        assert row["title"].count("《") == row["title"].count("》"), where
        assert all(len(short) >= 2 for short in row.many("short")), where


@pytest.mark.parametrize(
    ("short", "title"),
    [
        ("民法典", "中华人民共和国民法典"),
        ("行政处罚法", "中华人民共和国行政处罚法"),
        ("政府信息公开条例", "中华人民共和国政府信息公开条例"),
        ("政法工作条例", "中国共产党政法工作条例"),
        ("宪法", "中华人民共和国宪法"),
        ("中央八项规定", "十八届中央政治局关于改进工作作风、密切联系群众的八项规定"),
        ("关于加强和改进行政应诉工作的意见", "国务院办公厅关于加强和改进行政应诉工作的意见"),
    ],
)
def test_short_titles_lead_to_the_official_title(short: str, title: str) -> None:
    by_short = {item: row["title"] for row in rows("documents/national.tsv") for item in row.many("short")}
    assert by_short[short] == title


def type_of(title: str) -> str:
    """Return the longest ending of a title that is a document type, or nothing."""
    title = bare_title(title)
    words = (row["word"] for row in rows("documents/types.tsv") if title.endswith(row["word"]))
    return max(words, key=len, default="")


def decoys() -> Iterator[re.Pattern[str]]:
    """Yield the compiled decoy patterns."""
    for row in rows("documents/decoys.tsv"):
        yield re.compile(row["pattern"])


def test_document_types_decide_their_examples_and_not_their_counterexamples() -> None:
    patterns = list(decoys())
    for row in rows("documents/types.tsv"):
        where = f"types.tsv:{row.line}: {row['word']!r}"
        assert type_of(row["example"]) == row["word"], where
        refused = type_of(row["counterexample"]) != row["word"]
        assert refused or any(pattern.search(bare_title(row["counterexample"])) for pattern in patterns), (
            where
        )
        assert not any(pattern.search(bare_title(row["example"])) for pattern in patterns), (
            f"{where} is a decoy too"
        )


def test_document_types_are_concepts_of_the_ontology() -> None:
    concepts = tables.read(ontology_folder() / "concepts.tsv", ("scheme", "notation"))
    known = {row["notation"] for row in concepts if row["scheme"] == "document-type"}
    for row in rows("documents/types.tsv"):
        assert row["notation"] in known, f"types.tsv:{row.line}: no concept {row['notation']!r}"


def test_document_types_agree_with_the_words_of_the_concepts() -> None:
    concepts = tables.read(ontology_folder() / "concepts.tsv", ("scheme", "notation"))
    types = [row for row in concepts if row["scheme"] == "document-type"]
    known = {word: row["notation"] for row in types for word in row.many("match")}
    for row in rows("documents/types.tsv"):
        assert known.get(row["word"], row["notation"]) == row["notation"], (
            f"types.tsv:{row.line}: {row['word']!r}"
        )


def test_decoys_match_their_examples_alone() -> None:
    for row in rows("documents/decoys.tsv"):
        pattern = re.compile(row["pattern"])
        for example in row.many("example"):
            assert pattern.search(bare_title(example)), f"decoys.tsv:{row.line}: misses {example!r}"
        for counterexample in row.many("counterexample"):
            assert not pattern.search(bare_title(counterexample)), (
                f"decoys.tsv:{row.line}: takes {counterexample!r}"
            )


def test_no_national_document_is_a_decoy() -> None:
    patterns = list(decoys())
    for row in rows("documents/national.tsv"):
        for title in (row["title"], *row.many("short")):
            taken = [pattern.pattern for pattern in patterns if pattern.search(bare_title(title))]
            assert not taken, f"national.tsv:{row.line}: {title!r} is taken by {taken}"


def test_initiatives_are_typed_described_and_have_known_parents_and_documents() -> None:
    found = rows("initiatives/vocabulary.tsv")
    names = {row["name"]: row["parent"] for row in found}
    documents = {
        fold(item) for row in rows("documents/national.tsv") for item in (row["title"], *row.many("short"))
    }
    for row in found:
        where = f"vocabulary.tsv:{row.line}: {row['name']!r}"
        assert row["type"] in INITIATIVE_TYPES, where
        assert row["bare"] in {"yes", "no"}, where
        assert len(row["definition_zh"]) <= LONGEST_DEFINITION, where
        assert re.fullmatch(r"(?:\d{4})?", row["year"]), where
        assert not row["parent"] or row["parent"] in names, f"{where}: no initiative {row['parent']!r}"
        assert not row["document"] or fold(row["document"]) in documents, f"{where}: {row['document']!r}"
        seen = {row["name"]}
        parent = row["parent"]
        while parent:
            assert parent not in seen, f"{where}: part of itself"
            seen.add(parent)
            parent = names[parent]


def test_what_is_no_initiative_is_in_no_vocabulary() -> None:
    not_initiatives = {fold(row["text"]): row.line for row in rows("initiatives/not_initiatives.tsv")}
    for row in rows("initiatives/vocabulary.tsv"):
        for wording in (row["name"], *row.many("alias"), *row.many("quoted")):
            assert fold(wording) not in not_initiatives, f"vocabulary.tsv:{row.line}: {wording!r} is none"


def test_initiative_heads_end_their_examples() -> None:
    for row in rows("initiatives/heads.tsv"):
        where = f"heads.tsv:{row.line}: {row['word']!r}"
        assert row["type"] in INITIATIVE_TYPES, where
        assert row["strength"] in {"strong", "weak"}, where
        assert row["example"].endswith(row["word"]) and row["example"] != row["word"], where


def test_honours_end_their_examples() -> None:
    named = {fold(item) for row in rows("honours/named.tsv") for item in (row["name"], *row.many("alias"))}
    for row in rows("honours/honours.tsv"):
        where = f"honours.tsv:{row.line}: {row['word']!r}"
        assert row["class"] in HONOUR_CLASSES, where
        assert row["example"].endswith(row["word"]), where
        assert fold(row["counterexample"]) not in named, f"{where}: {row['counterexample']!r} is an honour"


def test_honour_triggers_stand_in_their_examples_before_an_honour() -> None:
    heads = [row["word"] for row in rows("honours/honours.tsv")]
    for row in rows("honours/triggers.tsv"):
        where = f"triggers.tsv:{row.line}: {row['word']!r}"
        assert row["use"] in TRIGGER_USES, where
        assert row["word"] in row["example"], where
        assert row["use"] != "received" or any(head in row["example"] for head in heads), where


def test_vocabulary_paths_are_all_covered() -> None:
    folders = {name.split("/")[0] for name in TABLES}
    found = {
        f"{path.parent.name}/{path.name}"
        for folder in folders
        for path in Path(RULE_DATA / folder).glob("*.tsv")
    }
    assert set(TABLES) <= found
