"""Running: see docs/architecture.md."""
