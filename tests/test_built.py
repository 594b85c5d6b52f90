"""What is said of an output folder that is not whole: wrong summaries, texts, passages and shapes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg.errors import QueryError, StoreError
from kg.graph import built, naming, store, validating
from kg.graph.nquads import iri, split
from kg.terms import gov


@pytest.mark.parametrize("written", ["", "[]", '{"base": "https://example.org/"}', None])
def test_a_summary_that_lacks_something_is_told(
    corpus_build: Path, tmp_path: Path, written: str | None
) -> None:
    if written is not None:
        (tmp_path / built.SUMMARY).write_text(written)
    with pytest.raises(StoreError, match=r"build (one|it again) with kg build -o"):
        built.summary(tmp_path)
    whole = built.summary(corpus_build)
    del whole["documents"]
    (tmp_path / built.SUMMARY).write_text(json.dumps(whole))
    with pytest.raises(StoreError, match="another version"):
        built.summary(tmp_path)


def test_a_text_is_read_as_it_was_written_and_from_its_folder_only(tmp_path: Path) -> None:
    (tmp_path / built.TEXTS).mkdir()
    (tmp_path / built.TEXTS / "a1.txt").write_bytes("一\r\n二\r".encode())
    (tmp_path / "secret.txt").write_text("x")
    assert built.text(tmp_path, "https://example.org/report/a1") == "一\r\n二\r"
    with pytest.raises(StoreError, match="has no text"):
        built.text(tmp_path, "https://example.org/report/..\\secret")


def test_a_name_of_another_class_is_told_as_such(corpus_build: Path) -> None:
    opened, base = store.open_store(corpus_build), str(built.summary(corpus_build)["base"])
    with pytest.raises(QueryError, match=r"枫桥经验: is of the class Initiative; .* Jurisdiction"):
        naming.resolve(opened, "枫桥经验", base, "Jurisdiction")
    with pytest.raises(QueryError, match="'': nothing in the graph"):
        naming.resolve(opened, "", base)


@pytest.mark.parametrize("predicate", ["start", "end"])
def test_a_passage_that_does_not_tell_its_place_is_a_problem(
    corpus_build: Path, tmp_path: Path, predicate: str
) -> None:
    shutil.copytree(corpus_build / built.TEXTS, tmp_path / built.TEXTS)
    lines = (corpus_build / "graph.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    places = [at for at, line in enumerate(lines) if split(line.rstrip("\n"))[1] == iri(gov(predicate))]
    passages = {split(lines[at].rstrip("\n"))[0][1:-1] for at in places[:2]}
    lines[places[0]] = ""
    lines[places[1]] = lines[places[1]].replace('"^^', 'x"^^')
    (tmp_path / "graph.nq").write_text("".join(lines), encoding="utf-8", newline="")
    problems = validating.validate(tmp_path, shacl=False)
    assert {item.place for item in problems if "where it begins" in item.problem} == passages


@pytest.mark.parametrize("written", [b"garbage <", b"\xff\xfe\x00", b"@prefix : <"])
def test_shapes_that_cannot_be_read_are_told(corpus_build: Path, tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_bytes(written)
    with pytest.raises(StoreError, match=r"shapes\.ttl: is no SHACL in Turtle, .*; correct the file"):
        validating.validate(corpus_build, path)
