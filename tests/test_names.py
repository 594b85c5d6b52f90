"""Names are found by a part of them, and questions that look them up answer what they answer without."""

from __future__ import annotations

import shutil
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from helpers import builds
from hypothesis import given
from hypothesis import strategies as st

from kg import ids, terms
from kg.graph import completing, names, nquads, ordering, planning, querying, store
from kg.graph.nquads import SKOS

ROOT = Path(__file__).parents[1]
FEW = ("三都", "昌江", "景德镇")
PLACE, BODY = (nquads.iri(ids.DEFAULT_BASE + path) for path in ("jurisdiction/1", "institution/1/a"))
NAMING = [
    *(nquads.iri(SKOS + name) for name in ("prefLabel", "altLabel", "note")),
    nquads.iri(terms.gov("code")),
]

lines = st.builds(
    lambda subject, predicate, text, language, report: nquads.line(
        subject, predicate, nquads.text(text, language), f"<{ids.DEFAULT_BASE}report/{report}>"
    ).encode(),
    st.sampled_from([PLACE, BODY, nquads.iri(ids.DEFAULT_BASE + "institution/1")]),
    st.sampled_from(NAMING),
    st.text(st.characters(codec="utf-8"), max_size=4) | st.text(st.sampled_from("aAB12三\\\nu"), max_size=3),
    st.sampled_from(["zh", "en", ""]),
    st.sampled_from("ab"),
)


def triples(graph: set[bytes]) -> set[bytes]:
    return {line[: line.rfind(b" <")] for line in graph}


def written(place: Path, graph: set[bytes]) -> Path:
    """Write the file of names of a graph where a store has it, and return the output folder."""
    (place / store.STORE).mkdir(parents=True)
    entries = names.entries(sorted(graph))
    (place / store.STORE / names.FILE).write_bytes(b"".join(entry + b"\n" for entry in entries))
    return place


@given(st.sets(lines), st.sets(lines))
def test_a_changed_file_is_that_of_the_changed_graph(before: set[bytes], after: set[bytes]) -> None:
    with tempfile.TemporaryDirectory() as place:
        present = written(Path(place) / "before", before) / store.STORE / names.FILE
        expected = written(Path(place) / "after", after) / store.STORE / names.FILE
        changed = Path(place) / "changed"
        names.change(present, changed, triples(before) - triples(after), triples(after) - triples(before))
        assert changed.read_bytes() == expected.read_bytes()


@given(st.sets(lines), st.sampled_from(["body", "thing"]), st.text(min_size=1, max_size=2))
def test_whatever_has_a_text_in_its_name_is_found(graph: set[bytes], kind: str, text: str) -> None:
    said = [nquads.split(line.decode()) for line in graph]
    called = {
        subject[1:-1]
        for subject, predicate, obj, _ in said
        if predicate in NAMING[:2] and text.lower() in nquads.value(obj).lower()
    }
    of_kind = {"body": "institution/", "thing": ""}[kind]
    with tempfile.TemporaryDirectory() as place:
        found = names.of(written(Path(place), graph), ids.DEFAULT_BASE)(kind, text)
    if found is not None:
        exact = {iri for iri in called if iri.startswith(ids.DEFAULT_BASE + of_kind)}
        assert exact <= set(found.iris)
        assert not found.exact or set(found.iris) == exact


@given(st.sets(lines), st.text(st.sampled_from("aAB12三\\\nu"), min_size=1, max_size=2))
def test_places_are_found_by_what_questions_compare(graph: set[bytes], text: str) -> None:
    meant = set()
    for subject, predicate, obj, _ in (nquads.split(line.decode()) for line in graph):
        called, at = nquads.value(obj), NAMING.index(predicate)
        if subject == PLACE and (text in called, called.endswith(text), False, called == text)[at]:
            meant.add(subject[1:-1])
    with tempfile.TemporaryDirectory() as place:
        found = names.of(written(Path(place), graph), ids.DEFAULT_BASE)("place", text)
    assert found is not None
    assert found.exact
    assert set(found.iris) == meant


@pytest.mark.parametrize(("text", "exact"), [("执法", True), ("法a", False)])
def test_a_text_without_escapes_is_found_in_quotes_exactly(tmp_path: Path, text: str, exact: bool) -> None:
    passages = [nquads.iri(f"{ids.DEFAULT_BASE}passage/1/{number}") for number in range(3)]
    quotes = ("行政执法", "执\n法", "执法A规范")
    graph = {
        nquads.line(passage, nquads.iri(terms.gov("quote")), nquads.text(quote), passage).encode()
        for passage, quote in zip(passages, quotes, strict=True)
    }
    found = names.of(written(tmp_path, graph), ids.DEFAULT_BASE)("text", text)
    assert found is not None
    assert found.exact == exact
    assert found.iris == [
        passage[1:-1] for passage, quote in zip(passages, quotes, strict=True) if text in quote.lower()
    ]


def test_a_folder_without_names_is_asked_without_them(tmp_path: Path) -> None:
    assert names.of(tmp_path, ids.DEFAULT_BASE)("place", "三都") is None


def test_more_than_can_be_said_one_by_one_are_not_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = {nquads.line(subject, NAMING[0], '"县"', "<http://a/g>").encode() for subject in (PLACE, BODY)}
    find = names.of(written(tmp_path, graph), ids.DEFAULT_BASE)
    assert find("thing", "县") == names.Found([BODY[1:-1], PLACE[1:-1]][::-1], True, 1.0)
    assert find("thing", "省") == names.Found([], True, 0.0)
    monkeypatch.setattr(names, "MOST", 1)
    assert find("thing", "县") is None


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("few")
    (place / "in").mkdir()
    for path in (ROOT / "corpus").iterdir():
        if path.name.startswith(FEW):
            shutil.copy(path, place / "in")
    builds.run(place / "in", place / "out")
    return place / "out"


def asked(opened: pyoxigraph.Store, query: querying.NamedQuery) -> list[dict[str, str]]:
    """Return what to ask: the example, nothing, names used often and seldom, and two parameters at once."""
    values = [dict(query.example), {}]
    often: dict[str, str] = {}
    for parameter in query.parameters:
        if parameter.kind == "text":
            values.append({parameter.name: "复议"})
            continue
        known = completing.complete(opened, parameter.kind, "", 200)
        chosen = {item.value for item in (*known[:1], *known[len(known) // 2 :][:1], *known[-1:])}
        values += [{parameter.name: value} for value in sorted(chosen)]
        if known:
            often[parameter.name] = known[0].value
    return [*values, *({name: often[name] for name in pair} for pair in combinations(often, 2))]


@pytest.mark.parametrize(
    "name", [query.name for query in querying.named_queries().values() if not query.against]
)
def test_answers_are_those_of_the_question_as_it_is_shown(
    name: str, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = store.open_store(few)
    find = names.of(few, ids.DEFAULT_BASE)
    for values in asked(opened, querying.named(name)):
        plain = querying.run(opened, querying.bind(name, values))
        assert querying.answer(opened, name, values, find) == plain, values
        assert querying.answer(opened, name, values, names.nothing) == plain, values
        if values:
            with monkeypatch.context() as patched:
                patched.setattr(planning, "FEW", 0)
                assert querying.answer(opened, name, values, find) == plain, values


class Counting:
    """A store that counts how often it is asked."""

    def __init__(self, asked: pyoxigraph.Store) -> None:
        self.asked, self.times = asked, 0

    def query(self, *given: Any, **named: Any) -> Any:
        self.times += 1
        return self.asked.query(*given, **named)


def test_a_store_is_asked_each_question_once(few: Path) -> None:
    find = names.of(few, ids.DEFAULT_BASE)
    for query in querying.named_queries().values():
        for values in ({}, dict(query.example)) if not query.against else ():
            counting: Any = Counting(store.open_store(few))
            querying.answer(counting, query.name, values, find)
            assert counting.times == 1, (query.name, values)


any_term = st.one_of(
    st.none(),
    st.integers(-9, 9).map(pyoxigraph.Literal),
    st.text("ab乙", max_size=2).map(pyoxigraph.Literal),
    st.sampled_from("ab").map(lambda text: pyoxigraph.Literal(text, language="zh")),
    st.sampled_from("ab").map(lambda name: pyoxigraph.NamedNode(f"http://a/{name}")),
)


@given(st.lists(st.tuples(any_term, any_term), max_size=6), st.booleans())
def test_rows_are_ordered_as_a_store_orders_them(rows: list[tuple[Any, ...]], falls: bool) -> None:
    found = ordering.ordered(rows, [(0, falls), (1, False)])
    if found is None:
        return
    cells = ("UNDEF" if term is None else str(term) for row in rows for term in row)
    values = " ".join(f"({first} {second})" for first, second in zip(cells, cells, strict=False))
    by = "DESC(?x) ?y" if falls else "?x ?y"
    answer = querying.run(
        pyoxigraph.Store(), f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }} ORDER BY {by}"
    )
    assert found == list(answer.rows)
