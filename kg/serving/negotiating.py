"""Chooses the form of an answer: by the header Accept of HTTP, or by the short name of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ROWS: Mapping[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Forms of the answers to SELECT and ASK; the first one is given where a client does not mind."""

GRAPHS: Mapping[str, str] = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
"""Forms of the answers to CONSTRUCT and DESCRIBE, and of descriptions."""

_OTHER_NAMES = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    "application/x-turtle": "text/turtle",
    "text/plain": "application/n-triples",
}
"""What clients ask for when they mean a form above."""


def best(accept: str, offered: Sequence[str]) -> str | None:
    """Return the media type among ``offered`` that a header Accept likes most, None where it likes none.

    Of equals the one offered first is taken. An empty header accepts everything.

    >>> best("text/html;q=0.5, application/json", list(ROWS.values()))
    'application/sparql-results+json'
    >>> best("text/*;q=0.1, */*;q=0", ["application/n-triples", "text/csv"])
    'text/csv'
    >>> best("image/png", ["text/csv"])
    """
    wishes = [_wish(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    liked = {offer: _liking(offer, wishes) for offer in offered}
    found = max(offered, key=lambda offer: liked[offer], default=None)  # the first of equals
    return found if found is not None and liked[found] > 0 else None


def named(form: str, forms: Mapping[str, str]) -> str | None:
    """Return the media type of a form by its short name or itself.

    >>> named("turtle", GRAPHS), named("text/csv", ROWS), named("docx", ROWS)
    ('text/turtle', 'text/csv', None)
    """
    return forms.get(form) or (form if form in forms.values() else None)


def _wish(part: str) -> tuple[str, float]:
    media, *settings = (piece.strip() for piece in part.lower().split(";"))
    weight = next((setting[2:] for setting in settings if setting.startswith("q=")), "1")
    try:
        return media, min(1.0, max(0.0, float(weight)))
    except ValueError:
        return media, 0.0


def _liking(offer: str, wishes: Sequence[tuple[str, float]]) -> float:
    """Return the weight of the most exact wish that an offer fits."""
    exact = {"*/*": 0, offer.partition("/")[0] + "/*": 1, offer: 3}
    exact |= dict.fromkeys((name for name, meant in _OTHER_NAMES.items() if meant == offer), 2)
    fitting = [(exact[media], weight) for media, weight in wishes if media in exact]
    return max(fitting, default=(0, 0.0))[1]
