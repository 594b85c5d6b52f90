"""Segmenting: see docs/architecture.md."""
