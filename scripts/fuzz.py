"""Feed the readers and the build with bytes that grow towards code not yet reached (atheris, libFuzzer).

    .venv/bin/python scripts/fuzz.py [--seconds 1800] [--target reading|build]

It begins with the sample corpus, the bad inputs of docs/reliability.md and what was found before, in
tests/fuzz/found. What it finds is written there; mend it, and keep the file: the tests try it from then on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / "tests" / "fuzz" / "found"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "scripts" / "reliability")]

with atheris.instrument_imports(include=["kg"]):
    from helpers import fuzzing
from bad_inputs import INPUTS  # noqa: E402

LARGEST = 12_000
"""Bytes of an input: what goes wrong with more is tried by size in docs/reliability.md."""
WORDS = [
    "《",
    "》",
    "“",
    "”",
    "〔2022〕",
    "1号",
    "2022年",
    "1月",
    "日",
    "县",
    "市",
    "区",
    "人民政府",
    "司法局",
    "印发",
    "开展",
    "关于",
    "的通知",
    "第一条",
    "一、",
    "（一）",
    "1.",
    "万元",
    "%",
    "件",
    "同比增长",
    "下一步",
    "附件：",
    "抄送：",
    "来源：",
    "发布时间：",
    "<p>",
    "</p>",
    "<table>",
    "<tr>",
    "<td>",
    "&nbsp;",
    "<meta",
    "[",
    "]",
    "(",
    ")",
    "#",
    "**",
    "|",
    "---",
    "%PDF-",
    "PK",
    "<w:t>",
    "</w:t>",
    "=",
    ":",
    ";",
]


def seeds(folder: Path) -> None:
    """Write what fuzzing begins with: the kind of file in the first byte, then its bytes."""
    kinds = {Path(name).suffix: number for number, name in enumerate(fuzzing.NAMES)}
    files = [(path.suffix, path.read_bytes()[:LARGEST]) for path in sorted((ROOT / "corpus").iterdir())]
    for bad in INPUTS:
        if bad.kind not in {"size", "container"}:
            files += [(Path(name).suffix, data) for name, data in bad.files().items()]
    for number, (suffix, data) in enumerate(files):
        if len(data) <= LARGEST:
            (folder / f"{number}").write_bytes(bytes([kinds.get(suffix, 0)]) + data)
    for path in sorted(FOUND.iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())


def main() -> None:
    """Fuzz for some time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--target", choices=("reading", "build"), default="reading")
    given = parser.parse_args()
    fuzzing.loaded()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        (folder / "seeds").mkdir()
        seeds(folder / "seeds")
        words = "".join('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n' for word in WORDS)
        (folder / "words").write_text(words, encoding="ascii")

        def try_it(data: bytes) -> None:
            if not data:
                return
            name = fuzzing.NAMES[data[0] % len(fuzzing.NAMES)]
            if given.target == "reading":
                fuzzing.check_reading(data[1:], name)
            else:
                fuzzing.check_build(data[1:], name, folder / "build")

        options = [
            f"-max_total_time={given.seconds}",
            f"-max_len={LARGEST}",
            "-timeout=30",
            "-rss_limit_mb=4096",
        ]
        options += [f"-dict={folder / 'words'}", f"-artifact_prefix={FOUND}/", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, str(folder / "seeds")], try_it)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
