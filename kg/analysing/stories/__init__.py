"""Tells what analyses found in words: a module for each of them."""
