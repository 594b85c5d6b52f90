"""Lets rdflib work on a store that is open for reading only."""

from __future__ import annotations

from typing import Any, NoReturn

from oxrdflib import OxigraphStore

from kg.errors import StoreError


class ReadOnlyStore(OxigraphStore):
    """An Oxigraph store for rdflib that says what to do where something would be written."""

    def add_graph(self, graph: Any) -> None:
        """Do nothing: rdflib announces every graph it is asked for, also those that are there."""

    def add(self, *args: Any, **options: Any) -> NoReturn:
        """Refuse to write."""
        raise StoreError("store: is built by kg build and only read; copy what you change: Graph() + dataset")

    addN = remove = remove_graph = update = add  # noqa: N815 - rdflib's names
