"""Finds the files that ship with the package: rule data inside it, the ontology beside it or inside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
RULE_DATA = PACKAGE / "rules" / "data"


def ontology_folder() -> Path:
    """Return the folder of ontology files: inside an installed wheel, beside the package in a checkout."""
    inside = PACKAGE / "ontology"
    return inside if inside.is_dir() else PACKAGE.parent / "ontology"
