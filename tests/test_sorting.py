"""Lines of many documents are dealt out to parts of about the same size, however they are spread."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.running import sorting

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

    def dealt(lines: object, borders: list[bytes], paths: list[Path]) -> None:
        deal(lines, borders, paths)  # type: ignore[arg-type]
        sizes.extend(path.stat().st_size for path in paths)

    monkeypatch.setattr(sorting, "_deal", dealt)
    target = tmp_path / "sorted"
    sorting.sort(lambda every: blobs[::every], many, sum(map(len, blobs)), target)
    assert target.read_bytes() == b"".join(sorted(set(b"".join(blobs).splitlines(keepends=True))))
    one_triple = many * len(shared(0)) // 5 if spread == "both" else 0
    assert max(sizes) < 3 * PART + one_triple
