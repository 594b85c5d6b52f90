"""What tests share: the graph of the sample corpus, built once; the flag that rewrites golden files."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.running import build, outputs

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="write golden files anew; review their difference, then commit"
    )


@pytest.fixture(scope="session")
def corpus_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sample corpus once and return the output folder; tests read it and change nothing."""
    folder = tmp_path_factory.mktemp("corpus") / "output"
    result = build.build([ROOT / "corpus"], folder, outputs.Settings(html=False))
    assert not result.summary["skipped"]
    return folder
