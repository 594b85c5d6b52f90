"""The graph that notebooks and scripts open: an ``rdflib.Dataset`` that can also be read as plain objects."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import Dataset, URIRef

from kg import terms
from kg.access.frames import Frames
from kg.access.reading import Limits, Reader
from kg.access.rows import Rows
from kg.access.things import Document, Entity, Fact, Observation
from kg.access.told import Told
from kg.analysing import comparing, network, paths, shape, tracing
from kg.analysing.stories import comparison, course, form, ways
from kg.errors import QueryError, StoreError
from kg.graph import changes, names, naming, querying, questions, selection, store
from kg.graph.rdflib_store import ReadOnlyStore

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import pyarrow as pa

Thing = Entity | Document | str
"""What a method takes for a thing: the object, or a name, code or IRI."""


class GovGraph(Dataset):
    """A built graph, for reading: all that ``rdflib.Dataset`` does, and plain objects besides.

    Plain SPARQL and ``triples()`` see all documents together, each statement once; each document is a named
    graph of its own besides. Open one with :func:`open_graph`.

    Wherever a method takes a thing, it takes the object, or a name, code or IRI; a name that several things
    share is not guessed: the error lists what could be meant.
    """

    _reader: Reader | None = None

    @property
    def _read(self) -> Reader:
        if self._reader is None:  # rdflib makes such a one for graph + graph
            raise StoreError("graph: is not a built one; open a folder with kg.open_graph")
        return self._reader

    @functools.cached_property
    def _frames(self) -> Frames:
        return Frames(self._read)

    @property
    def folder(self) -> Path:
        """The output folder that the graph was opened from."""
        return self._read.folder

    def __repr__(self) -> str:
        if self._reader is None:
            return "<GovGraph>"
        return f"<GovGraph {self.folder.name}: {len(self._reader.reports())} documents>"

    def entities(self, kind: str | None = None, name: str | None = None) -> Iterator[Entity]:
        """Yield things, sorted by kind and IRI; with ``name``, those called so in part, the most alike first.

        Args:
            kind: ``Jurisdiction``, ``Institution``, ``PolicyDocument``, ``Initiative``, ``Honour`` or
                ``Report``.
            name: a part of a name; title marks, spaces and the width of characters do not count.

        Raises:
            QueryError: there is no such kind.

        """
        if kind is not None and kind not in selection.THINGS:
            known = ", ".join(selection.THINGS)
            raise QueryError(f"entities: no kind is called {kind!r}; choose one of {known}")
        reader = self._read
        if name is None:
            iris = reader.things(selection.THINGS if kind is None else (kind,))
        else:
            found = naming.containing(reader.store, name, reader.known)
            iris = [item.iri for item in found if kind in (None, item.kind)]
        return map(reader.entity, iris)

    def entity(self, thing: Thing, kind: str = "") -> Entity:
        """Return the one thing (of a kind, if given) that a name, code or IRI means.

        Raises:
            QueryError: nothing, or more than one thing, is called so; the message lists what could be meant.

        """
        return self._read.entity(self._iri(thing, kind))

    def facts(
        self,
        subject: Thing | None = None,
        predicate: str | Iterable[str] | None = None,
        object: Thing | None = None,  # noqa: A002 - as in RDF
        *,
        planned: bool | None = None,
        document: Thing | None = None,
        place: Thing | None = None,
    ) -> Iterator[Fact]:
        """Yield facts, sorted by the IRIs of subject, predicate and object.

        Args:
            subject: who or what the fact is about.
            predicate: a property such as ``carriedOut``, or several.
            object: what the subject is joined to.
            planned: True for plans alone, False for what was done alone.
            document: only what this report says, with its own words as evidence.
            place: only facts whose subject is this place or a body that serves it: what a place did, its
                bodies did.

        Raises:
            QueryError: a name means nothing or several things, or there is no such predicate.

        """
        reader, limits = self._read, self._limits(s=subject, o=object, place=place, actor="s")
        if predicate is not None:
            limits["p"] = _predicates(predicate)
        report = self._iri(document, "Report") if document is not None else ""
        found = reader.facts(limits, document=report)
        return (reader.fact(stated, said) for stated, said in found if planned in (None, stated[3]))

    def observations(
        self,
        of: Thing | None = None,
        measure: str | None = None,
        *,
        year: int | None = None,
        planned: bool | None = None,
        document: Thing | None = None,
        place: Thing | None = None,
    ) -> Iterator[Observation]:
        """Yield numbers, sorted by what they are about, measure, wording, period and place in the text.

        Args:
            of: what the number is about.
            measure: a part of the name under which it compares, or of the document's own wording.
            year: only periods of which this is the (first) year.
            planned: True for targets alone, False for what was reached alone.
            document: only what this report says.
            place: only numbers about this place or a body that serves it.

        Raises:
            QueryError: a name means nothing or several things.

        """
        reader, limits = self._read, self._limits(of=of, place=place, actor="of")
        report = self._iri(document, "Report") if document is not None else ""
        for seen in reader.observations(limits, document=report):
            if (
                (measure is None or measure in seen.measure or measure in seen.indicator)
                and year in (None, seen.year)
                and planned in (None, seen.planned)
            ):
                yield seen

    def documents(
        self, *, place: Thing | None = None, year: int | None = None, mentioning: Thing | None = None
    ) -> Iterator[Document]:
        """Yield the reports that were read, sorted by file.

        Args:
            place: only reports on this place.
            year: only reports on this year.
            mentioning: only reports that name this thing.

        Raises:
            QueryError: a name means nothing or several things.

        """
        reader = self._read
        found = map(reader.document, reader.reports())
        if mentioning is not None:
            pairs = reader.pairs(terms.gov("mentions"), self._iri(mentioning))
            found = map(reader.document, (report for report, _ in pairs))
        about = self._iri(place, "Jurisdiction") if place is not None else None
        for document in sorted(found, key=lambda item: (item.source, item.iri)):
            if about is not None and (document.place is None or document.place.iri != about):
                continue
            if year in (None, document.year):
                yield document

    def document(self, thing: Thing) -> Document:
        """Return the one report that a file, title or IRI means.

        Raises:
            QueryError: nothing, or more than one report, is called so.

        """
        return self._read.document(self._iri(thing, "Report"))

    # --- what objects ask for

    def mentioned(self, document: Document) -> Iterator[Entity]:
        """Yield the things that a report names, sorted by IRI."""
        reader = self._read
        return (reader.entity(iri) for _, iri in reader.pairs(terms.gov("mentions"), None, document.iri))

    def linked(self, thing: Entity, predicate: str) -> Entity | None:
        """Return the first thing, by IRI, that a property leads to; None where there is none."""
        found = self._read.pairs(terms.gov(predicate), None, thing.iri)
        return self._read.entity(found[0][1]) if found else None

    def text(self, document: Document) -> str:
        """Return the stored text of a report.

        Raises:
            StoreError: the folder does not hold it.

        """
        return self._read.text(document)

    # --- questions

    def questions(self) -> Rows:
        """Return the questions that :meth:`ask` answers: topic, name, both wordings, parameters."""
        columns = ("topic", "name", "zh", "en", "parameters")
        found = (
            (topic.en, asked.name, asked.zh, asked.en, ", ".join(item.name for item in asked.parameters))
            for topic, group in questions.by_topic()
            for asked in group
        )
        return Rows(columns, found)

    def ask(
        self, name: str, /, *, against: str | os.PathLike[str] | None = None, **parameters: object
    ) -> Rows:
        """Return the answer to a named question as rows of plain values.

        Args:
            name: what :meth:`questions` calls it.
            against: the folder of another build, for questions about what changed since.
            parameters: a part of a name is enough; what is not given is not asked for.

        Raises:
            QueryError: there is no such question, or it has no such parameter.
            StoreError: ``against`` holds no graph.

        """
        given = {key: _asked(value) for key, value in parameters.items()}
        questions.check(name, against=against is not None)
        opened = self._read.store if against is None else changes.between(self.folder, against)
        answer = querying.answer(opened, name, given, self._read.find if against is None else names.nothing)
        note = "" if answer.rows else questions.advice(self._read.store, name, given, self._read.known)
        return Rows(answer.columns, answer.values, note)

    # --- analyses

    def compare(self, *things: Thing, year: int | None = None) -> Told:
        """Compare two to six things of one class, or the years of one place or body, as ``kg compare`` does.

        Args:
            things: what to compare; of a place the deeds of its bodies count.
            year: only what reports on this year say.

        Raises:
            QueryError: a name means nothing or several things, or the things cannot be compared.

        """
        found = comparing.compare(self._read.store, list(map(self._iri, things)), str(year or ""))
        return Told(found, comparison.tell(found))

    def trace(self, thing: Thing) -> Told:
        """Follow an initiative or a document through years, levels and places, as ``kg trace`` does.

        Raises:
            QueryError: the name means nothing or several things, or neither an initiative nor a document.

        """
        found = tracing.trace(self._read.store, self._iri(thing))
        return Told(found, course.tell(found))

    def path(self, start: Thing, end: Thing, *, most: int = 3, length: int = 6) -> Told:
        """Tell at most ``most`` ways of at most ``length`` steps between two things, as ``kg path`` does.

        Raises:
            QueryError: a name means nothing or several things, or both are the same.

        """
        found = paths.paths(self._read.store, self._iri(start), self._iri(end), most, length)
        return Told(found, ways.tell(found))

    def stats(self, *, place: Thing | None = None, kind: str = "") -> Told:
        """Tell the shape of the graph, as ``kg stats`` does.

        Args:
            place: only what concerns this place and those within it.
            kind: list only things of this class as the most connected.

        Raises:
            QueryError: the name means nothing or several things.

        """
        within = self._iri(place, "Jurisdiction") if place is not None else ""
        found = shape.shape(self._read.store, self._read.summary, within, kind)
        return Told(found, form.tell(found))

    # --- other forms

    def to_arrow(self, what: Any) -> pa.Table:
        """Return a table as ``pyarrow.Table``.

        Args:
            what: ``"entities"``, ``"facts"``, ``"observations"`` or ``"documents"``, with the columns of
                ``kg export --format parquet``; or objects of one of these, such as what :meth:`facts` gives;
                or the answer of :meth:`ask` or :meth:`query`.

        Raises:
            ExportError: there is no such table.

        """
        return self._frames.arrow(what)

    def to_pandas(self, what: Any) -> pd.DataFrame:
        """Return a table, as of :meth:`to_arrow`, as ``pandas.DataFrame``.

        Raises:
            ExportError: there is no such table, or pandas is not installed.

        """
        return self._frames.pandas(what)

    def to_networkx(
        self, around: Thing | None = None, depth: int = 1, *, evidence: bool = True
    ) -> nx.MultiDiGraph[str]:
        """Return things and facts, or those around a thing, as ``networkx.MultiDiGraph``.

        Nodes are IRIs with ``kind``, ``label``, ``alt_labels``, ``documents`` and their attributes; edges
        have the predicate as key and as ``predicate``, ``planned`` (no report says it was done), and
        ``evidence``.

        Args:
            around: only what is within ``depth`` facts of this thing; a place acts through its bodies.
            depth: how many facts around it.
            evidence: whether edges carry the sentences, as tuples of :class:`~kg.access.things.Evidence`.

        Raises:
            QueryError: a name means nothing or several things.

        """
        centre = self._iri(around) if around is not None else None
        made = network.to_networkx(selection.view(self._read.store, centre, depth))
        for _, _, told in made.edges(data=True):
            said = told.pop("evidence")
            if evidence:
                told["evidence"] = tuple(map(self._read.seen, said))
        return made

    def _iri(self, thing: Thing, kind: str = "") -> str:
        if isinstance(thing, Entity | Document):
            return thing.iri
        read = self._read
        return naming.resolve(read.store, str(thing), read.base, kind, read.known)

    def _limits(self, *, place: Thing | None, actor: str, **things: Thing | None) -> Limits:
        """Return the IRIs that things may be; given a place, the actor is it or a body that serves it."""
        limits: Limits = {name: [self._iri(thing)] for name, thing in things.items() if thing is not None}
        if place is not None:
            about = self._iri(place, "Jurisdiction")
            bodies = [body for body, _ in self._read.pairs(terms.gov("serves"), about)]
            given = limits.get(actor)
            limits[actor] = [iri for iri in (about, *bodies) if given is None or iri in given]
        return limits


def _asked(value: object) -> str:
    """Return what a parameter is given as: of a place its code, which is its alone."""
    if isinstance(value, Entity):
        return value.get("code") or value.name
    return value.source if isinstance(value, Document) else str(value)


def _predicates(predicate: str | Iterable[str]) -> list[str]:
    given = [predicate] if isinstance(predicate, str) else list(predicate)
    found = []
    for name in given:
        local = str(name).removeprefix(terms.GOV).removeprefix("gov:")
        if local not in terms.FACT_PREDICATES:
            known = ", ".join(sorted(terms.FACT_PREDICATES))
            raise QueryError(f"facts: no fact is called {str(name)!r}; choose one of {known}")
        found.append(terms.gov(local))
    return found


def open_graph(folder: str | os.PathLike[str] = "output") -> GovGraph:
    """Open a built graph for reading; any number of processes may do so at a time.

    Args:
        folder: what ``kg build -o`` wrote.

    Returns:
        An ``rdflib.Dataset`` over the embedded store with the project's prefixes bound, that can also be read
        as plain objects.

    Raises:
        StoreError: the folder holds no store, or one that cannot be read.

    """
    opened = store.open_store(folder)
    graph = GovGraph(store=ReadOnlyStore(store=opened))
    for prefix, namespace in terms.PREFIXES.items():
        graph.bind(prefix, URIRef(namespace))
    graph._reader = Reader(Path(folder), opened, graph)
    return graph
