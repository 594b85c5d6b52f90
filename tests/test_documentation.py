"""The documentation tells the truth: its commands run, name all there is, and show what they answer.

``pytest tests/test_documentation.py --rewrite`` makes anew what pages quote from the program.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kg.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:\.venv/bin/)?kg ", re.MULTILINE)
SPOKEN = re.compile(r" +# .*|--language \w+")
SERVES = re.compile(r"^(?:\.venv/bin/)?kg serve\b", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "ontology").glob("*.md")])


def blocks(page: Path, *languages: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [code for language, code in found if language in languages]


def commands(group: click.Group, above: str = "kg") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield f"{above} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{above} {name}")


ALL_COMMANDS = list(commands(main))
RUNNABLE = [code for code in blocks(README, "sh") if COMMAND.search(code) and not SERVES.search(code)]
SCRIPTS = blocks(README, "python")


@pytest.mark.parametrize("page", [README, CHINESE], ids=lambda page: page.name)
@pytest.mark.parametrize(("name", "command"), ALL_COMMANDS, ids=[name for name, _ in ALL_COMMANDS])
def test_every_command_and_option_is_in_the_readme(name: str, command: click.Command, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert name in text
    missing = [
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text)
    ]
    assert not missing


@pytest.mark.parametrize(("name", "command"), ALL_COMMANDS, ids=[name for name, _ in ALL_COMMANDS])
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help
    options = [p for p in command.params if isinstance(p, click.Option)]
    silent = [p.opts[-1] for p in options if not p.help and not isinstance(p.type, click.Choice)]
    assert set(silent) <= {"--format"}, name


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (
        [SPOKEN.sub("", code) for code in blocks(page, "sh", "python")] for page in (README, CHINESE)
    )
    assert english == chinese


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that looks like the project but keeps its own output."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("corpus", "kg", "ontology", "tests", "scripts", "README.md"):
        (folder / name).symlink_to(ROOT / name)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("kg", "python"):
        (programs / name).symlink_to(Path(sys.executable).parent / name)
    return folder


def environment(place: Path) -> dict[str, str]:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


def test_the_readme_has_commands_to_run() -> None:
    assert len(RUNNABLE) >= 5
    assert RUNNABLE[0].removeprefix(".venv/bin/").startswith("kg build")


def test_the_commands_of_the_readme_run_in_order(place: Path) -> None:
    for code in RUNNABLE:
        done = subprocess.run(
            ["bash", "-eu", "-c", code],
            cwd=place,
            env=environment(place),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{code}\n{done.stderr}"


def test_the_scripts_of_the_readme_run(place: Path) -> None:
    assert SCRIPTS
    assert (place / "output").is_dir(), "the commands run first"
    for code in SCRIPTS:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=place, env=environment(place), capture_output=True, text=True,
            encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        assert done.stdout


def test_pages_show_what_the_program_answers(request: pytest.FixtureRequest) -> None:
    check = [] if request.config.getoption("--rewrite") else ["--check"]
    command = [sys.executable, str(ROOT / "scripts" / "make_docs.py"), *check]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing
