"""Builds the graph of very many documents on Apache Spark: the same facts as a build on one machine.

Documents are dealt into parts by what their bytes are, so that all copies of one lie in one part and a
part can be finished alone (:mod:`kg.running.spark.parts`); what several parts say is then merged
(:mod:`kg.running.spark.merging`). Spark hands out the work and shuffles what has to meet; files are read
and written by Apache Arrow (:mod:`kg.running.spark.places`).
"""

from __future__ import annotations

from pathlib import Path

MANIFEST = "manifest.json"
"""The list of the files that count in an output folder."""


def wrote(folder: Path) -> bool:
    """Tell whether a folder holds a graph that was built on Spark."""
    return (folder / MANIFEST).is_file()
