"""Runs the stages over many documents: incremental builds, evaluation."""
