"""Relating: see docs/architecture.md."""
