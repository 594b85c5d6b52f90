"""Cuts a document's body into headings, sentences and clauses, and says whether each tells of deeds or plans."""

from kg.segmenting.passages import passages
from kg.segmenting.segments import segment

__all__ = ["passages", "segment"]
