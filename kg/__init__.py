"""govkg: reads documents of Chinese governments into an RDF graph in which every fact shows its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # rdflib costs a quarter of a second to import: only those who open a graph pay it
    from kg.access.graph import open_graph

__version__ = "0.1.0"
__all__ = ["__version__", "open_graph"]


def __getattr__(name: str) -> Any:
    """Import what opens graphs on first use."""
    if name == "open_graph":
        from kg.access.graph import open_graph  # noqa: PLC0415 - lazy on purpose

        return open_graph
    raise AttributeError(name)
