"""Draws the first page of an output folder: what was read and found, what is open, what stands out."""

from __future__ import annotations

import pyoxigraph

from kg.analysing import surveying
from kg.analysing.stories import overview
from kg.analysing.stories.overview import Summary
from kg.analysing.words import Text, say
from kg.graph.built import Reading
from kg.viewing import figures, page

PICTURE = "graph.html"
_FILES = ("graph.ttl", "graph.nq", "dataset.ttl", "summary.json", PICTURE)
"""Files of an output folder that a browser can open or save."""
_WORDS = ("ovr-jump", "ovr-shared", "ovr-shared-note", "ovr-filter", "ovr-open")


def render(store: pyoxigraph.Store, summary: Summary, read: Reading, language: str = "zh") -> str:
    """Return an HTML page about a build: ``summary`` is what it tells of itself, ``read`` gives its texts.

    The page loads nothing, needs no network, and the same build gives the same bytes. Names lead into the
    picture of the graph beside it, if the build has one.
    """
    survey = surveying.survey(store)
    story = overview.tell(summary, survey, read)
    files = summary["files"]
    pictured = PICTURE in files
    more = {
        "picture": PICTURE if pictured else "",
        "counts": [[key, n, _both(text), to] for key, n, text, to in overview.counts(summary, survey)],
        "hint": _both(say("ovr-open-hint" if pictured else "ovr-closed-hint")),
        "reports": [document.iri.rpartition("/")[2] for document in story.documents],
        "files": [name for name in _FILES if name in files],
        "words": {key: _both(say(key)) for key in _WORDS},
    }
    return page.filled(
        "overview.html",
        figures.data(story, language) | more,
        title=story.title.within(language),
        language=language,
        no_script=figures.interface()["no_script"][language],
        style=page.asset("figures.css") + page.asset("overview.css"),
        script=page.asset("figures.js") + page.asset("overview.js"),
    )


def _both(text: Text) -> list[str]:
    return [text.zh, text.en]
