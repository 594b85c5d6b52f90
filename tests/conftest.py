"""What tests share: the graph of the sample corpus, built once; the flag that rewrites golden files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.running import build, outputs

# They hold no doctests, and pytest cannot import two modules of one name to look for them.
collect_ignore_glob = ["conftest.py", "*/conftest.py"]

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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of continuous integration that left tests out: else a missing tool goes unseen."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") == "true" and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        for report in skipped:
            reporter.write_line(f"not run, though CI=true: {report.nodeid}", red=True)
