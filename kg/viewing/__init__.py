"""Viewing: see docs/architecture.md."""
