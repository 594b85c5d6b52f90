"""Write questions of the package as SPARQL that any store takes, prefixes and parameters in it.

    .venv/bin/python scripts/stores/question.py issued place=珠山区 >issued.rq
    .venv/bin/python scripts/stores/question.py --all FOLDER

The second writes each question twice: as NAME.rq, about everything, and as NAME.example.rq, with its example.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg.errors import QueryError
from kg.graph import querying


def question(name: str, pairs: list[tuple[str, str]]) -> str:
    """Return a named question with its parameters bound and the prefixes that it uses declared.

    Several values of one parameter cannot be asked at once: the last one counts.

    Raises:
        QueryError: there is no such question, or it has no such parameter.

    """
    return querying.standalone(querying.bind(name, dict(pairs)))


def everything() -> dict[str, str]:
    """Return all questions on one build, by the name of their file without its ending."""
    found = {}
    for name, query in querying.named_queries().items():
        if query.against:  # these are asked about two builds
            continue
        found[name] = question(name, [])
        if query.example:
            found[f"{name}.example"] = question(name, list(query.example))
    return found


def main() -> None:
    """Write what the command line asks for."""
    given = sys.argv[1:]
    if len(given) == 2 and given[0] == "--all":
        folder = Path(given[1])
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in everything().items():
            (folder / f"{name}.rq").write_text(text, encoding="utf-8")
        return
    if not given or not all("=" in each for each in given[1:]):
        sys.exit(__doc__)
    try:
        sys.stdout.write(question(given[0], [tuple(each.split("=", 1)) for each in given[1:]]))  # type: ignore[misc]
    except QueryError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
