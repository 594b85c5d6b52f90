"""Saves pages of the web as files, with where and when they were found: the one part that tells the time."""
