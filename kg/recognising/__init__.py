"""Recognising: see docs/architecture.md."""
