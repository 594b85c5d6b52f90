"""No document can stop a build by its time, its memory or a crash, and no kill can spoil one."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers import builds, understanding

import kg
from kg.errors import StoreError
from kg.running import build, outputs
from kg.running.workers import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are the kernel's: Linux only")

BAD = "昌江2021.txt"
TESTS = Path(__file__).resolve().parent


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    builds.use_stand_in(monkeypatch)
    return builds.fill(tmp_path / "in", dict(builds.FILES))


def spin() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(3600)


def native() -> None:
    """Stay inside native code, where no Python signal handler runs."""
    ctypes.CDLL(None).pause()


def hoard() -> None:
    hoarded = []
    while True:
        hoarded.append(bytearray(16 * 1024 * 1024))


def crash() -> None:
    faulthandler.disable()
    os.kill(os.getpid(), signal.SIGSEGV)


def starve() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> None:
    os._exit(3)


CASES = {
    spin: ("too-slow", "longer than 0.5 seconds"),
    sleep: ("too-slow", "longer than 0.5 seconds"),
    native: ("too-slow", "longer than 0.5 seconds"),
    hoard: ("memory", "more than 300 MB"),
    crash: ("crashed", "SIGSEGV"),
    starve: ("crashed", "SIGKILL"),
    leave: ("crashed", "exit code 3"),
}


@pytest.mark.parametrize("harm", CASES, ids=lambda harm: harm.__name__)
def test_a_document_that_does_harm_costs_only_itself(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: object
) -> None:
    workers = 1 if harm in (spin, hoard) else 2

    def read(path: Path, source: str, *others: object) -> object:
        if source == BAD:
            harm()  # type: ignore[operator]
        return understanding.analyse(path, source, *others[:1])  # type: ignore[arg-type]

    monkeypatch.setattr("kg.understanding.analyse", read)
    monkeypatch.setattr("kg.running.workers._WAITING", 2)
    limits = Limits(seconds=0.5, seconds_per_megabyte=0, memory=300)
    settings = outputs.Settings(html=False)
    result = build.build([corpus], tmp_path / "out", settings, workers, limits=limits)
    (skipped,) = result.summary["skipped"]
    reason, words = CASES[harm]  # type: ignore[index]
    assert (skipped["source"], skipped["reason"]) == (BAD, reason)
    assert words in skipped["problem"]
    assert skipped["advice"]
    assert len(result.summary["documents"]) == 2
    builds.use_stand_in(monkeypatch)
    again = build.build([corpus], tmp_path / "out", settings, workers)
    assert (again.read, again.summary["skipped"]) == (1, []), "it is tried again"
    builds.run(corpus, tmp_path / "fresh")
    assert builds.content(tmp_path / "out") == builds.content(tmp_path / "fresh")


def test_a_document_refused_again_changes_and_leaves_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, source: str, *others: object) -> object:
        if source == BAD:
            leave()
        return understanding.analyse(path, source, *others[:1])  # type: ignore[arg-type]

    monkeypatch.setattr("kg.understanding.analyse", read)
    out = tmp_path / "out"
    builds.run(corpus, out)
    before, names = builds.content(out), sorted(path.name for path in out.iterdir())
    again = builds.run(corpus, out)
    assert (again.read, again.changed) == (1, False)
    assert builds.content(out) == before
    assert sorted(path.name for path in out.iterdir()) == names


def test_a_lock_does_not_outlive_its_build(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(TESTS)!r})\n"
        "import os, signal, time\nfrom pathlib import Path\n"
        "import kg.understanding\nfrom kg.running import build, outputs\n"
        "def stay(*given):\n"
        "    os.kill(os.getppid(), signal.SIGKILL)\n"
        "    time.sleep(5)\n"
        "kg.understanding.analyse = stay\n"
        "build.build([Path(sys.argv[1])], Path(sys.argv[2]), outputs.Settings(html=False))\n"
    )
    command = [sys.executable, "-c", code, str(corpus), str(tmp_path / "out")]
    ended = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert ended.returncode == -signal.SIGKILL
    assert len(builds.run(corpus, tmp_path / "out").summary["documents"]) == 3


KILLS = 15
"""A table of 200 kills of a larger build is in docs/reliability.md."""


def test_kills_at_any_moment_lose_nothing(corpus: Path, tmp_path: Path) -> None:
    builds.fill(corpus, {f"{n}.txt": f"昌江黎族自治县20{n}年报告\n我县开展改革{n}。" for n in range(10, 40)})
    out, chance = tmp_path / "out", random.Random(7)
    builds.run(corpus, out)
    before = builds.content(out)
    builds.fill(corpus, {f"{n}.txt": f"昌江黎族自治县20{n}年报告\n我县推进改革{n}。" for n in range(25, 60)})
    code = (
        f"import sys; sys.path.insert(0, {str(TESTS)!r})\n"
        "from helpers import builds, understanding\nfrom pathlib import Path\nimport kg.understanding\n"
        "kg.understanding.analyse = understanding.analyse\n"
        "print('begun', flush=True)\n"
        "builds.run(Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", code, str(corpus), str(out)]
    ended = 0
    for _ in range(KILLS):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(timeout=chance.uniform(0, 0.8))
            ended += 1
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        child.stdout.close()
        now = {name: (out / name).read_bytes() for name in builds.INDEPENDENT_OF_RUN}
        assert len(now) == 3, "every file is there, of the old build or of the new one"
        assert all(len(value) > 100 for value in now.values())
        assert len(kg.open_graph(out)) > 100
    assert ended < KILLS
    builds.run(corpus, out)
    builds.run(corpus, tmp_path / "fresh")
    assert builds.content(out) == builds.content(tmp_path / "fresh") != before


def test_a_full_disk_is_an_error_that_loses_nothing(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    builds.run(corpus, out)
    before = builds.content(out)
    builds.fill(corpus, {"新.txt": "新县2023年报告\n" + "我县开展改革。" * 2000})
    code = (
        f"import sys; sys.path.insert(0, {str(TESTS)!r})\n"
        "import resource, signal\nfrom helpers import builds, understanding\nfrom pathlib import Path\n"
        "import kg.understanding\nfrom kg.errors import StoreError\n"
        "kg.understanding.analyse = understanding.analyse\n"
        # A file that may not grow fails as one on a full disk does.
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)\n"
        "try:\n    builds.run(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except StoreError as error:\n    print(error)\n"
    )
    for size in (0, 100, 3000):
        command = [sys.executable, "-c", code, str(corpus), str(out), str(size)]
        said = subprocess.run(command, check=False, capture_output=True, text=True)
        assert "make room there or choose another folder" in said.stdout, said.stderr
        after = builds.content(out)
        assert {name: after[name] for name in builds.INDEPENDENT_OF_RUN} == {
            name: before[name] for name in builds.INDEPENDENT_OF_RUN
        }
        assert len(kg.open_graph(out)) > 100
    builds.run(corpus, out)
    builds.run(corpus, tmp_path / "fresh")
    assert builds.content(out) == builds.content(tmp_path / "fresh")


def test_a_folder_that_may_not_be_written_is_an_error(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *given: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError, match=r"out: Permission denied; make room there or choose another folder"):
        builds.run(corpus, tmp_path / "out")
