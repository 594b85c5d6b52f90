"""Loads the knowledge that lives in files: tables, patterns, vocabularies."""
