"""Resolving: see docs/architecture.md."""
