"""List the facts, numbers and things gained and lost on the sample corpus against a commit.

The working tree and the commit (in a temporary worktree) each read the same files, with their own rules.

    .venv/bin/python scripts/diff_facts.py [--against HEAD] [--folder corpus] [--summary]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

KINDS = {"thing": "things", "fact": "facts", "number": "numbers", "skipped": "files skipped"}

# Runs with the code of one side: prints one JSON list of rows. It uses only what is stable between commits.
READ = """
import json, sys
from pathlib import Path
from kg import rules, understanding
from kg.errors import InputError
rows = []
for path in sorted(p for p in Path(sys.argv[1]).rglob("*") if p.is_file() and not p.name.startswith(".")):
    try:
        seen = understanding.analyse(path, path.name, rules.load())
    except InputError as error:
        rows.append([path.name, "skipped", error.reason])
        continue
    names = {entity.id: entity.name for entity in seen.entities}
    text = seen.document.text
    for entity in seen.entities:
        rows.append([path.name, "thing", str(entity.kind), entity.name, entity.id])
    for fact in seen.facts:
        state = "planned" if fact.planned else "done"
        rows.append([path.name, "fact", names[fact.subject], fact.predicate, names[fact.object], state])
    for found in seen.observations:
        number = text[found.number.start : found.number.end]
        rows.append([path.name, "number", found.indicator, format(found.value, "f"), found.unit, number])
print(json.dumps(rows, ensure_ascii=False))
"""


def rows(tree: Path, folder: Path) -> Counter[tuple[str, ...]]:
    """Return what the code at ``tree`` reads out of a folder."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder)],
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": str(tree),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return Counter(tuple(row) for row in json.loads(done.stdout))


def before(commit: str, folder: Path) -> Counter[tuple[str, ...]]:
    """Return what the code of a commit reads out of a folder."""
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place) / "tree"
        add = ["git", "worktree", "add", "--quiet", "--detach", str(tree), commit]
        subprocess.run(add, cwd=ROOT, check=True)
        try:
            return rows(tree, folder)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--against", default="HEAD", help="a commit")
    parser.add_argument("--folder", type=Path, default=ROOT / "corpus")
    parser.add_argument("--summary", action="store_true", help="counts only")
    given = parser.parse_args()
    folder = given.folder.resolve()
    old, new = before(given.against, folder), rows(ROOT, folder)
    changes = [("-", row) for row in old - new] + [("+", row) for row in new - old]
    changes.sort(key=lambda change: (change[1][0], change[1][1], change[1][2:], change[0]))
    if not given.summary:
        document = ""
        for sign, row in changes:
            if row[0] != document:
                document = row[0]
                print(document)
            print(f"  {sign} {'  '.join(row[1:])}")
    for kind, kinds in KINDS.items():
        gained, lost = (sum(s == sign and row[1] == kind for s, row in changes) for sign in "+-")
        whole = sum(count for row, count in new.items() if row[1] == kind)
        print(f"{kinds}: {whole} now, {gained} gained, {lost} lost against {given.against}", file=sys.stderr)


if __name__ == "__main__":
    main()
