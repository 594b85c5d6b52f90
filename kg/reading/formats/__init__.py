"""Bytes to content, a file per format of documents that is not plain text."""
