"""The pages: what the graph holds, questions, queries, things, pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from kg.graph import built, nquads, querying
from kg.running import outputs
from kg.serving import negotiating, pages
from kg.serving.pages import page
from kg.serving.refusals import RefusedError
from kg.serving.tasks import Reply

Do = Callable[..., Awaitable[Reply]]

_SHOWN_DOCUMENTS = 40
_SHOWN_FACTS = 100  # of one relation; the files beside a page have all
_SHOWN_SENTENCES = 5  # of one fact
_FILES = ("csv", "json")
_PICTURE_POLICY = "frame-ancestors 'none'"  # besides the page's own, which admits its scripts by their hashes
_DEPTHS = range(6)
_IRI = re.compile("[a-z]+:")
_PLACE = re.compile(r"line (\d+), column (\d+)")
_FIRST = querying.standalone(
    """SELECT ?initiative (COUNT(DISTINCT ?report) AS ?reports) WHERE {
  ?report gov:mentions ?thing .
  ?thing a gov:Initiative ; skos:prefLabel ?initiative .
}
GROUP BY ?initiative
ORDER BY DESC(?reports) ?initiative
LIMIT 20"""
)
"""What stands on the query page before a reader writes."""


class Views:
    """Makes the pages of a folder; ``do`` does tasks for a request."""

    def __init__(self, folder: Path, do: Do, compares: bool) -> None:
        self.folder = folder
        self.do = do
        self.compares = compares

    async def start(self, request: Request) -> Response:
        """What the graph holds, and the ways in."""
        told = built.summary(self.folder)
        return page(
            request,
            "start.html",
            summary=told,
            documents=told["documents"][:_SHOWN_DOCUMENTS],
            has_picture=(self.folder / outputs.PICTURE).is_file(),
            overview=outputs.OVERVIEW if (self.folder / outputs.OVERVIEW).is_file() else "",
            endpoint=str(request.url.replace(path="/sparql", query="")),
            site=str(request.url.replace(path="", query="")),
        )

    async def questions(self, request: Request) -> Response:
        """The questions that come with the package, by topic."""
        language = pages.language(request)
        topics = {
            topic.name: (topic.zh if language == "zh" else topic.en, [])
            for topic in querying.topics().values()
        }  # type: dict[str, tuple[str, list[querying.NamedQuery]]]
        for query in querying.named_queries().values():
            topics[query.topic][1].append(query)
        return page(request, "questions.html", topics=list(topics.values()))

    async def question(self, request: Request) -> Response:
        """A question: its form, and the answer as a table, or as a file (NAME.csv, NAME.json)."""
        name, _, form = request.path_params["name"].partition(".")
        query = querying.named_queries().get(name)
        if query is None or (form and form not in _FILES):
            raise RefusedError(HTTPStatus.NOT_FOUND, f"{request.url.path}: is no question; see /questions")
        wanted = dict(request.query_params)
        wanted.pop("lang", None)
        asks = bool(wanted) or not query.example
        if query.against and not self.compares:
            asks = False
        values = {each.name: wanted.get(each.name, each.default).strip() for each in query.parameters}
        if form:
            return _download(
                await self.do(request, "question", name=name, values=values, form=form), name, form
            )
        found, error = None, ""
        if asks:
            found, error = await self._table(request, "question", name=name, values=values, form="table")
        return page(
            request,
            "question.html",
            HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
            query=query,
            values=values,
            example=dict(query.example),
            sparql=querying.standalone(querying.bind(name, values)).strip(),
            found=found,
            error=error,
            lacks_older=query.against and not self.compares,
            files={form: pages.link(f"/questions/{name}.{form}", **values) for form in _FILES},
        )

    async def query(self, request: Request) -> Response:
        """A page to ask SPARQL from."""
        sparql = request.query_params.get("query", "")
        found, error = None, ""
        if sparql.strip():
            found, error = await self._table(request, "table", sparql=sparql)
        forms = negotiating.GRAPHS if found and found["graph"] else negotiating.ROWS
        place = _PLACE.search(error)
        return page(
            request,
            "query.html",
            HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
            sparql=sparql or _FIRST,
            place=place.groups() if place else None,
            found=found,
            error=error,
            files={form: pages.link("/sparql", query=sparql, format=form) for form in forms},
        )

    async def _table(self, request: Request, task: str, **arguments: Any) -> tuple[Any, str]:
        """Return an answer for a page, or what is wrong with the question."""
        try:
            return json.loads((await self.do(request, task, **arguments)).body), ""
        except RefusedError as error:
            return None, str(error)

    async def thing(self, request: Request) -> Response:
        """What ``kg explain`` tells of a thing: as a page, or as RDF to those who ask for it."""
        name = request.query_params.get("iri") or request.query_params.get("name") or ""
        if not name.strip():
            return page(request, "search.html", target="/thing", name="", candidates=[], searched=False)
        form = request.query_params.get("format", "")
        accept = request.headers.get("accept", "")
        # Programs that do not mind are browsers that ask for anything, or curl: text/html comes first.
        if form or negotiating.best(accept, ["text/html", *negotiating.GRAPHS.values()]) != "text/html":
            reply = await self.do(request, "description", name=name, accept=accept, form=form)
            return Response(reply.body, media_type=reply.type, headers={"Vary": "Accept"})
        try:
            told = json.loads((await self.do(request, "thing", name=name)).body)
        except RefusedError as error:
            return await self._meant(request, "/thing", name, error)
        return page(
            request,
            "thing.html",
            forms=list(negotiating.GRAPHS),
            most=_SHOWN_FACTS,
            shown=_SHOWN_SENTENCES,
            **_told(told),
        )

    async def overview(self, _: Request) -> Response:
        """The page about the build that the build wrote."""
        path = self.folder / outputs.OVERVIEW
        if not path.is_file():
            problem = f"{outputs.OVERVIEW}: this graph was built without it; build it again with kg build"
            raise RefusedError(HTTPStatus.NOT_FOUND, problem)
        return FileResponse(
            path, media_type="text/html", headers={"Content-Security-Policy": _PICTURE_POLICY}
        )

    async def explore(self, request: Request) -> Response:
        """The picture of everything that the build drew, or one of what is around a thing."""
        around = request.query_params.get("around", "").strip()
        documents = request.query_params.getlist("document")
        if not around and not documents:
            if (self.folder / outputs.PICTURE).is_file():
                headers = {"Content-Security-Policy": _PICTURE_POLICY}
                return FileResponse(self.folder / outputs.PICTURE, media_type="text/html", headers=headers)
            return page(request, "search.html", target="/explore", name="", candidates=[], searched=False)
        depth = request.query_params.get("depth", "1")
        if depth not in map(str, _DEPTHS):
            problem = f"depth: {depth!r} is none; give a number from {_DEPTHS[0]} to {_DEPTHS[-1]}"
            raise RefusedError(HTTPStatus.BAD_REQUEST, problem)
        try:
            reply = await self.do(
                request,
                "picture",
                around=around,
                depth=int(depth),
                documents=documents,
                language=pages.language(request),
            )
        except RefusedError as error:
            return await self._meant(request, "/explore", around, error)
        return Response(
            reply.body, media_type=reply.type, headers={"Content-Security-Policy": _PICTURE_POLICY}
        )

    async def _meant(self, request: Request, target: str, name: str, error: RefusedError) -> Response:
        """Show what a name may mean, where that is the problem."""
        if error.status != HTTPStatus.BAD_REQUEST or not name:
            raise error
        found = json.loads((await self.do(request, "candidates", name=name)).body)
        if not found and _IRI.match(name):  # evidence, a passage, a concept, a term: its statements
            sparql = f"SELECT ?predicate ?object WHERE {{ {nquads.iri(name)} ?predicate ?object }}"
            return RedirectResponse(pages.link("/query", query=sparql), HTTPStatus.SEE_OTHER)
        if any(item["iri"] == name for item in found):
            raise error
        return page(
            request,
            "search.html",
            HTTPStatus.MULTIPLE_CHOICES if found else HTTPStatus.NOT_FOUND,
            target=target,
            name=name,
            candidates=found,
            searched=True,
        )

    async def complete(self, request: Request) -> Response:
        """Things whose names contain a text, for forms; as JSON."""
        given = request.query_params
        reply = await self.do(
            request, "complete", kind=given.get("kind", "thing"), text=given.get("text", "").strip()
        )
        return Response(reply.body, media_type=reply.type)


def _download(reply: Reply, name: str, form: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(reply.body, media_type=reply.type, headers=headers)


def _told(told: Mapping[str, Any]) -> dict[str, Any]:
    """Group what is told of a thing for its page: facts by predicate, those of the thing itself first."""
    iri = told["iri"]
    nodes = {node["iri"]: node for node in told["nodes"]}
    groups: dict[tuple[bool, str], list[Any]] = {}
    for edge in told["edges"]:
        inverse = edge["source"] != iri
        other = nodes[edge["source"] if inverse else edge["target"]]
        groups.setdefault((inverse, edge["predicate"]), []).append({**edge, "other": other})
    return {
        "about": nodes[iri],
        "groups": [(inverse, predicate, groups[inverse, predicate]) for inverse, predicate in sorted(groups)],
        "observations": told["observations"],
        "documents": {document["iri"]: document for document in told["documents"]},
    }
