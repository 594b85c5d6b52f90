"""Graph: see docs/architecture.md."""
