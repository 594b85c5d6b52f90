"""Cuts a document's body into headings, sentences and clauses, and tells deeds from plans."""

from kg.segmenting.passages import passages
from kg.segmenting.segments import segment

__all__ = ["passages", "segment"]
