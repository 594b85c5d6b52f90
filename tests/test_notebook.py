"""The example notebooks run from the top, on a fresh graph, and show what is committed.

``pytest tests/test_notebook.py --rewrite`` writes their outputs anew; review the difference, then commit.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")


def execute(path: Path, place: Path, graph: Path) -> nbformat.NotebookNode:
    """Run a notebook by this interpreter, in a folder beside which ``output`` is the graph."""
    here = place / "notebooks"
    kernel = place / "jupyter" / "kernels" / "python3"
    for folder in (here, kernel):
        folder.mkdir(parents=True)
    (place / "output").symlink_to(graph)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "", "language": "python"})
    )
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, record_timing=False, resources={"metadata": {"path": str(here)}}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(place / "jupyter"))
        patch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        patch.setenv("IPYTHONDIR", str(place / "ipython"))  # neither settings nor history of whoever runs it
        patch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))))
        asyncio.run(client.async_execute())
    return plain(notebook)


def plain(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave out what differs between machines and runs and says nothing."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        for output in cell.get("outputs", ()):
            for text in filter(None, (output.get("text"), *output.get("data", {}).values())):
                assert isinstance(text, str)
            if "text" in output:
                output.text = ADDRESS.sub("0x0", output.text)
            for kind, text in output.get("data", {}).items():
                output.data[kind] = ADDRESS.sub("0x0", text)
    return notebook


def shown(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, Any]]:
    """Yield the source of each cell with what it shows."""
    for cell in notebook.cells:
        yield cell.source, [dict(output) for output in cell.get("outputs", ())]


@pytest.mark.filterwarnings("default::RuntimeWarning")  # zmq, on event loops without add_reader
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_showed(
    path: Path, tmp_path: Path, corpus_build: Path, request: pytest.FixtureRequest
) -> None:
    found = execute(path, tmp_path, corpus_build)
    assert not [
        output for cell in found.cells for output in cell.get("outputs", ()) if output.get("name") == "stderr"
    ]
    if request.config.getoption("--rewrite"):
        nbformat.write(found, path)
        return
    for (source, got), (_, wanted) in zip(
        shown(found), shown(nbformat.read(path, as_version=4)), strict=True
    ):
        assert got == wanted, f"run with --rewrite if this is meant:\n{source}"


def test_there_are_notebooks_and_they_are_committed_as_they_ran() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["analysis"]
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
        assert sum(bool(cell.outputs) for cell in cells) > len(cells) / 2
        text = path.read_text(encoding="utf-8")
        assert "Traceback" not in text
        assert "https://" not in re.sub(r"https://(w3id\.org|schema\.org)", "", text), "loads nothing"
