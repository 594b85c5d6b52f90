"""Write ontology/context.jsonld, the names that JSON-LD exports use, from the terms of the ontology.

Run it after every change of the terms: ``python scripts/make_context.py``; ``--check`` only compares.
"""

from __future__ import annotations

import argparse
import json
import sys

from kg.graph.exporting import context
from kg.resources import ontology_folder


def main() -> None:
    """Write the file, or tell whether it is up to date."""
    parser = argparse.ArgumentParser(description="Write ontology/context.jsonld.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if the file is stale"
    )
    given = parser.parse_args()
    path = ontology_folder() / "context.jsonld"
    text = json.dumps({"@context": context.context()}, ensure_ascii=False, indent=1) + "\n"
    if given.check:
        sys.exit(0 if path.is_file() and path.read_text(encoding="utf-8") == text else f"{path}: is stale")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
