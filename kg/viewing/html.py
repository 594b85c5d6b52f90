"""Turns a view of the graph into one interactive HTML file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kg.errors import ExportError
from kg.graph import concepts, nquads, turtle
from kg.graph.built import Mention
from kg.graph.selection import EvidenceView, GraphView, ObservationView
from kg.viewing import appearance, layout, network, page, spelling

# Measured without a graphics card, on two cores: opening and moving stay fluent, the file can still be sent.
MAX_NODES = 20_000


Reading = Callable[[str], tuple[str, Sequence[Mention]]]
"""Gives the stored text of a report (by IRI), and where it names what."""


def render(view: GraphView, language: str = "zh", read: Reading | None = None, home: str = "") -> str:
    """Return an HTML page that shows ``view`` as an interactive network, with the evidence of every fact.

    The page is complete in itself: it loads nothing, works from a file and without a network, and the same
    view gives the same bytes. ``language``, ``zh`` or ``en``, is the interface's at first. With ``read`` the
    documents can be read in the page; ``home`` is the address of a page about the build, "" if there is none.

    Raises:
        ExportError: the view has more than :data:`MAX_NODES` things, or the language is not known.

    """
    look = appearance.load()
    if language not in appearance.LANGUAGES:
        raise ExportError(
            f"picture: no interface in {language!r}; choose one of {', '.join(appearance.LANGUAGES)}"
        )
    if len(view.nodes) > MAX_NODES:
        raise ExportError(
            f"picture: {len(view.nodes):,} things are more than the {MAX_NODES:,} that one picture shows; "
            "draw less with 'kg render --around NAME', a smaller --depth or one --document"
        )
    places = layout.arrange(view, {kind: shown.order for kind, shown in look.kinds.items()})
    return page.assemble(
        _data(view, places, look, language) | {"texts": _texts(view, read), "home": home},
        title=_title(view, look, language),
        language=language,
        no_script=look.interface["no_script"][language],
        library=network.library() if _is_readable(view) else "",
    )


def _is_readable(view: GraphView) -> bool:
    """Tell whether vis-network draws the view, rather than the page's own stage for thousands of things."""
    return len(view.nodes) <= network.MAX_NODES


def _drawn(view: GraphView, places: layout.Layout, look: appearance.Appearance) -> dict[str, Any]:
    """Return what the stage draws: the network of pyvis, or places, and what each line stands for."""
    if _is_readable(view):
        drawn = network.build(view, places, look)
        return {"network": {"nodes": drawn.nodes, "edges": drawn.edges, "options": drawn.options}}
    return {
        "places": [
            (place.x, place.y, place.size) for place in (places.places[node.iri] for node in view.nodes)
        ],
        "lines": [(line.width, *line.facts) for line in network.lines(view)],
    }


def _regions(view: GraphView, places: layout.Layout) -> list[list[Any]]:
    """Return the parts of the country that discs form: name, documents, middle, and how high a disc is."""
    names = {node.iri: node.label for node in view.nodes}
    return [
        [names.get(region.place, ""), region.documents, region.x, region.y, region.height]
        for region in places.regions
    ]


def _base(view: GraphView) -> str:
    """Return where the identities of things begin, "" where no document tells."""
    return view.documents[0].iri.rpartition("report/")[0] if view.documents else ""


def _texts(view: GraphView, read: Reading | None) -> list[list[Any]]:
    """Return the text of each document, and what it names: start, end and thing, one after the other."""
    if read is None:
        return []
    node_at = {node.iri: index for index, node in enumerate(view.nodes)}
    base, texts = _base(view), []
    for document in view.documents:
        text, mentions = read(document.iri)
        known = ((start, end, node_at.get(base + thing)) for start, end, thing in mentions)
        texts.append([text, [part for mark in known if mark[2] is not None for part in mark]])
    return texts


def _title(view: GraphView, look: appearance.Appearance, language: str) -> str:
    return _subject(view) or look.interface["title"][language]


def _subject(view: GraphView) -> str:
    """Return the name of the one thing or document that the picture is about, "" if there is none."""
    centre = [node.label or node.iri for node in view.nodes if node.iri == view.centre]
    titles = [document.title for document in view.documents]
    return centre[0] if centre else titles[0] if len(titles) == 1 else ""


def _concepts(view: GraphView) -> dict[str, str]:
    """Return the English for values of attributes that are concepts of the ontology."""
    values = {value for node in view.nodes for _, value in node.attributes}
    english = {concept.zh: concept.en for concept in concepts.load().values() if concept.en}
    return {value: english[value] for value in sorted(values & english.keys())}


def _unlike(seen: ObservationView, base: str) -> dict[str, Any]:
    """Return the ends of the concepts' identities where they are not what the number calls them."""
    said = {"indicator": (seen.concepts[0], seen.indicator), "unit": (seen.concepts[1], seen.unit)}
    ends = {name: (iri.removeprefix(f"{base}concept/{name}/"), label) for name, (iri, label) in said.items()}
    unlike = {name: end for name, (end, label) in ends.items() if end not in {label, ""}}
    return {"concepts": unlike} if unlike else {}


def _data(
    view: GraphView, places: layout.Layout, look: appearance.Appearance, language: str
) -> dict[str, Any]:
    """Return everything the page's script needs; things and passages are told by their position."""
    node_at = {node.iri: index for index, node in enumerate(view.nodes)}
    document_at = {document.iri: index for index, document in enumerate(view.documents)}
    passages: dict[tuple[str, int, int, str, str], int] = {}
    rules: dict[str, int] = {}

    def passage(evidence: EvidenceView) -> list[Any]:
        key = (evidence.document, evidence.start, evidence.end, evidence.section, evidence.quote)
        at = passages.setdefault(key, len(passages))
        return [at, rules.setdefault(evidence.rule, len(rules)), evidence.iri.rpartition("/")[2]]

    facts = [
        [node_at[edge.source], edge.predicate, node_at[edge.target], int(edge.planned),
         [passage(evidence) for evidence in edge.evidence]]
        for edge in view.edges
    ]  # fmt: skip
    observations = [
        {
            "of": node_at[seen.of],
            "iri": seen.iri,
            "indicator": seen.indicator,
            "value": seen.value,
            "unit": seen.unit,
            "approximate": seen.approximate,
            "planned": seen.planned,
            "bound": seen.bound,
            "period": seen.period,
            "measure": list(seen.measure),
            **_unlike(seen, _base(view)),
            "evidence": [passage(evidence) for evidence in seen.evidence],
        }
        for seen in view.observations
    ]
    return {
        "language": language,
        "subject": _subject(view),
        "centre": view.centre,
        "base": _base(view),
        **_drawn(view, places, look),
        "nodes": [
            {
                "iri": node.iri,
                "kind": node.kind,
                "label": node.label or node.iri,
                "alt": list(node.alt_labels),
                "attributes": [list(pair) for pair in node.attributes],
                "documents": [document_at[iri] for iri in node.documents if iri in document_at],
                "rank": places.places[node.iri].rank,
                "hub": places.places[node.iri].hub,
            }
            for node in view.nodes
        ],
        "facts": facts,
        "observations": observations,
        "rules": list(rules),
        "passages": [
            [quote, section, document_at.get(iri, -1), start, end]
            for iri, start, end, section, quote in passages
        ],
        "documents": [
            {
                "iri": document.iri,
                "title": document.title,
                "source": document.source,
                "year": document.year,
                "jurisdiction": document.jurisdiction,
                "issued": document.issued,
            }
            for document in view.documents
        ],
        "regions": _regions(view, places),
        "discs": [
            [document_at.get(disc.document, -1), disc.x, disc.y, disc.width, disc.height]
            for disc in places.discs
        ],
        "kinds": {
            kind: {"colour": shown.colour, "shape": shown.shape, "order": shown.order, **dict(shown.labels)}
            for kind, shown in look.kinds.items()
        },
        "predicates": look.predicates,
        "attributes": look.attributes,
        "concepts": _concepts(view),
        "prefixes": {**turtle.PREFIXES, "qb": nquads.QB},
        "readings": spelling.spell(name for node in view.nodes for name in (node.label, *node.alt_labels)),
        "roles": look.roles,
        "interface": look.interface,
    }
