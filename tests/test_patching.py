"""A large graph that is changed in places is, byte for byte and count for count, the one made anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.running import copying, counting, patching, sorting

PREDICATES = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "https://w3id.org/govkg/ontology#reportingYear",
    "https://w3id.org/govkg/ontology#issued",
)
SUBJECTS = ("http://a/1", "http://a/10", "http://a/昌江", "http://a/昌江区")
OBJECTS = ('"一"', '"一"@zh', '"a \\" <http://b> ."', "<http://a/1>", f'"{"长" * 1500}"')
GRAPHS = ("http://g/reference", "http://g/report/1", "http://g/report/2")

LINES = st.sets(
    st.builds(
        lambda s, p, o, g: f"<{s}> <{p}> {o} <{g}> .".encode(),
        st.sampled_from(SUBJECTS),
        st.sampled_from(PREDICATES),
        st.sampled_from(OBJECTS),
        st.sampled_from(GRAPHS),
    ),
    min_size=1,
    max_size=40,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(path: Path, lines: set[bytes]) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in sorted(lines)))
    return path


@QUICK
@given(LINES, st.data())
def test_a_patched_file_is_the_one_made_anew(tmp_path: Path, lines: set[bytes], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(lines)))) | set(sorted(data.draw(LINES))[:2])
    new = data.draw(LINES)
    present = written(tmp_path / "present", lines)
    counts = counting.count(sorted(lines))
    with patching.patched(present, tmp_path / "target", gone, new, counts) as (change, _):
        pass
    after = (lines - gone) | new
    assert (tmp_path / "target").read_bytes() == written(tmp_path / "fresh", after).read_bytes()
    assert counts == counting.count(sorted(after))
    assert set(change.gone) == lines - after
    assert set(change.new) == after - lines
    before, now = ({counting.triple_of(line) for line in found} for found in (lines, after))
    assert set(change.triples_gone) == before - now
    assert set(change.triples_new) == now - before


@QUICK
@given(st.lists(LINES, min_size=1, max_size=6), st.integers(1, 2000))
def test_lines_sorted_in_parts_are_those_sorted_at_once(
    tmp_path: Path, documents: list[set[bytes]], part: int
) -> None:
    blobs = [b"".join(line + b"\n" for line in sorted(lines)) for lines in documents]
    target = tmp_path / "target"
    before, sorting.PART = sorting.PART, part
    try:
        counts = sorting.sort(
            sorting.Lines(lambda every: blobs[::every], len(blobs), sum(map(len, blobs))), target
        )
    finally:
        sorting.PART = before
    whole = set().union(*documents)
    assert target.read_bytes() == written(tmp_path / "fresh", whole).read_bytes()
    assert counts == counting.count(sorted(whole))
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


@QUICK
@given(st.lists(st.binary(max_size=9000), max_size=12), st.data())
def test_what_is_written_past_the_cache_is_what_was_given(
    tmp_path: Path, pieces: list[bytes], data: st.DataObject
) -> None:
    """Blocks, what is left of one, bytes of another file: whatever the file system allows."""
    source = tmp_path / "source"
    source.write_bytes(bytes(range(256)) * 100)
    whole, expected = source.read_bytes(), []
    before, copying.BLOCK = copying.BLOCK, 4096
    try:
        with (
            source.open("rb") as held,
            copying.writing(tmp_path / "target", data.draw(st.integers(0, 3)) * 5000) as writer,
        ):
            begin = 0
            for piece in pieces:
                end = data.draw(st.integers(begin, len(whole)))
                writer.copy(held.fileno(), begin, end)
                writer.write(piece)
                expected += [whole[begin:end], piece]
                begin = end
    finally:
        copying.BLOCK = before
    assert (tmp_path / "target").read_bytes() == b"".join(expected)


def test_a_file_that_cannot_be_written_is_told_where_it_is_waited_for(tmp_path: Path) -> None:
    present = written(tmp_path / "present", {b"<http://a/1> <http://a/p> <http://a/2> <http://g/1> ."})
    counts = counting.count(present.read_bytes().splitlines())
    target = tmp_path / "missing" / "target"
    with (
        pytest.raises(FileNotFoundError),
        patching.patched(present, target, [], [], counts) as (_, complete),
    ):
        complete()
