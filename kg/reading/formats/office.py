"""The vocabulary of WordprocessingML as far as text needs it, in its two namespaces alike."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


def name(node: etree._Element) -> str:
    """Return an element's name without its namespace ("" for what is no element)."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(node: etree._Element | None, wanted: str) -> str:
    """Return an attribute by its name, whatever its namespace."""
    if node is None:
        return ""
    return next((str(text) for key, text in node.attrib.items() if key.rpartition("}")[2] == wanted), "")


def value(node: etree._Element | None) -> str:
    """Return the attribute ``val``, which carries most properties."""
    return attribute(node, "val")


def number(node: etree._Element | None) -> int | None:
    """Return the attribute ``val`` as a number of at most nine digits."""
    text = value(node)
    return int(text) if text.isdecimal() and len(text) < len("1000000000") else None


def is_on(node: etree._Element | None) -> bool:
    """Say whether a property that is on or off is there and on."""
    return node is not None and value(node) not in {"0", "false", "off"}


def children(node: etree._Element | None, wanted: str) -> Iterator[etree._Element]:
    """Yield the children of one name."""
    if node is not None:
        yield from (each for each in node if name(each) == wanted)


def child(node: etree._Element | None, wanted: str) -> etree._Element | None:
    """Return the first child of one name."""
    return next(children(node, wanted), None)
