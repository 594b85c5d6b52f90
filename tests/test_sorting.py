"""Lines of many documents are dealt out to parts of about the same size, however they are spread."""

from __future__ import annotations

import os
import signal
import zlib
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from kg.running import counting, sorting, workers

PART = 20_000


def own(number: int) -> bytes:
    """Return lines of which no other document has any: they follow each other in the sorted file."""
    return b"".join(
        f'<a:{number:05d}/{line:02d}> <a:p> "what document {number} says" <a:{number:05d}> .\n'.encode()
        for line in range(40)
    )


def shared(number: int) -> bytes:
    """Return lines whose triples all documents have."""
    return b"".join(f"<a:law/{line}> <a:p> <a:o> <a:{number:05d}> .\n".encode() for line in range(5))


@pytest.mark.parametrize("many", [50, 3000])
@pytest.mark.parametrize("spread", ["own", "both"])
def test_no_part_is_much_larger_than_wanted(
    many: int, spread: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = [own(number) + (shared(number) if spread == "both" else b"") for number in range(many)]
    monkeypatch.setattr(sorting, "PART", PART)
    sizes: list[int] = []
    deal = sorting._deal

    def dealt(borders: list[bytes], paths: list[Path], *others: Any) -> None:
        deal(borders, paths, *others)
        sizes.extend(path.with_suffix(".0").stat().st_size for path in paths)

    monkeypatch.setattr(sorting, "_deal", dealt)
    target = tmp_path / "sorted"
    sorting.sort(sorting.Lines(lambda every: blobs[::every], many, sum(map(len, blobs))), target)
    assert target.read_bytes() == b"".join(sorted(set(b"".join(blobs).splitlines(keepends=True))))
    one_triple = many * len(shared(0)) // 5 if spread == "both" else 0
    assert max(sizes) < 3 * PART + one_triple


def test_any_number_of_processes_write_and_count_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "PART", PART)
    blobs = [own(number) + shared(number) for number in range(200)]
    packed = [zlib.compress(blob) for blob in blobs]
    lines = sorting.Lines(lambda every: packed[::every], len(blobs), sum(map(len, blobs)), zlib.decompress)
    made: list[tuple[bytes, bytes, counting.Counts]] = []
    for processes in (1, 2, 3):
        target, named = tmp_path / f"{processes}", tmp_path / f"{processes}.names"
        counts = sorting.sort(lines, target, processes, named)
        made.append((target.read_bytes(), named.read_bytes(), counts))
    assert made[0][0] == b"".join(sorted(set(b"".join(blobs).splitlines(keepends=True))))
    assert made[0] == made[1] == made[2]
    assert len(list(tmp_path.iterdir())) == 2 * len(made)


def test_what_a_process_cannot_do_is_raised_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "PART", PART)
    blobs = [zlib.compress(own(number)) for number in range(400)]
    damaged = [*blobs[:150], b"damaged", *blobs[150:]]
    lines = sorting.Lines(
        # Where parts end is told by some documents, and the damaged one is none of them.
        lambda every: damaged if every == 1 else blobs[::every],
        len(damaged),
        400 * len(own(0)),
        zlib.decompress,
    )
    monkeypatch.setattr(sorting, "_SAMPLED", 1)
    monkeypatch.setattr(sorting, "_DOCUMENTS", 1)
    with pytest.raises(zlib.error, match="incorrect header"):
        sorting.sort(lines, tmp_path / "sorted", 2)
    assert not list(tmp_path.iterdir())


def _give_up(number: int, pieces: Iterator[bytes]) -> None:
    next(pieces)
    os.kill(os.getpid(), signal.SIGKILL)


def _fail(number: int, pieces: Iterator[bytes]) -> None:
    if number:
        raise ValueError(next(pieces))
    for _ in pieces:
        pass


def test_a_process_that_dies_among_others_is_told() -> None:
    with pytest.raises(BrokenProcessPool, match="died"):
        workers.share(_give_up, [b"piece" * 100_000] * 40, 2)
    with pytest.raises(ValueError, match="one"):
        workers.share(_fail, [b"none", b"one", *[b"more" * 100_000] * 40], 2)


def test_what_fails_here_ends_the_processes() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        workers.share(_fail, pieces(), 2)
