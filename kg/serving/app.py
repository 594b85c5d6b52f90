"""The server's map: which address gives what, and what holds for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.errors import KgError
from kg.graph import built
from kg.running import outputs
from kg.serving import negotiating, pages, protocol
from kg.serving.guard import Guard
from kg.serving.pool import Limits, Pool
from kg.serving.refusals import RefusedError
from kg.serving.tasks import Reply
from kg.serving.views import Views


@dataclass(frozen=True, slots=True)
class Settings:
    """What is served (``older``: an earlier build to compare with) and to whom.

    ``hosts`` are the names by which browsers may ask for the server ("*": any); ``cors`` lets pages of other
    sites read it.
    """

    folder: Path
    limits: Limits
    hosts: Sequence[str] = ("localhost", "127.0.0.1", "[::1]", "::1")
    older: Path | None = None
    cors: bool = False


def make(settings: Settings) -> Starlette:
    """Return the application; whoever runs it closes its ``state.pool`` in the end."""
    site = _Site(settings)
    views = Views(settings.folder, site.do, settings.older is not None)
    routes = [
        Route("/", views.start),
        Route("/questions", views.questions),
        Route("/questions/{name}", views.question),
        Route("/query", views.query),
        Route("/thing", views.thing),
        Route("/explore", views.explore),
        # The pages of the folder link to each other by these names.
        Route(f"/{outputs.PICTURE}", views.explore),
        Route(f"/{outputs.OVERVIEW}", views.overview),
        Route("/complete", views.complete),
        Route("/sparql", site.sparql, methods=["GET", "POST"]),
        Route("/update", site.update, methods=["GET", "POST"]),
        Route("/.well-known/void", site.void),
        Mount("/assets", StaticFiles(directory=pages.ASSETS)),
    ]
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)]
    if settings.cors:
        middleware.append(
            Middleware(
                CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"]
            )
        )
    middleware.append(Middleware(Guard, cors=settings.cors))

    made = Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers={KgError: _failed, HTTPException: _not_found},
    )
    made.state.pool = site.pool
    return made


class _Site:
    """Answers the addresses that are for programs."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.folder
        self.pool = Pool(settings.folder, settings.limits, settings.older)

    async def do(self, request: Request, task: str, **arguments: Any) -> Reply:
        """Do a task for a client, and give it up when the client does."""
        return await _unless_gone(request, self.pool.run(task, **arguments))

    async def sparql(self, request: Request) -> Response:
        """SPARQL 1.1 Protocol; without a query, the description of the service, or the page to ask from."""
        asked = await protocol.read(request)
        accept = request.headers.get("accept", "")
        if asked is None:
            offered = [*negotiating.GRAPHS.values(), "text/html"]
            if negotiating.best(accept, offered) == "text/html":
                return RedirectResponse(pages.link("/query"), HTTPStatus.SEE_OTHER)
            return self._described(request, accept)
        reply = await self.do(
            request,
            "query",
            sparql=asked.sparql,
            accept=_without_pages(accept),
            form=asked.form,
            default=asked.default,
            named=asked.named,
        )
        return _file(reply)

    def _described(self, request: Request, accept: str) -> Response:
        endpoint = str(request.url.replace(query=""))
        void = str(request.url.replace(path="/.well-known/void", query=""))
        told = protocol.describe(endpoint, void, int(built.head(self.folder)["triples"]), accept)
        if told is None:
            forms = ", ".join(negotiating.GRAPHS.values())
            raise RefusedError(HTTPStatus.NOT_ACCEPTABLE, f"request: the description has the forms {forms}")
        return Response(told[0], media_type=told[1])

    async def update(self, _: Request) -> Response:
        """Refuse changes."""
        raise protocol.no_update()

    async def void(self, _: Request) -> Response:
        """Give the description of the dataset where clients look for it."""
        path = self.folder / outputs.DESCRIPTION
        if not path.is_file():
            raise RefusedError(
                HTTPStatus.NOT_FOUND,
                f"{outputs.DESCRIPTION}: this graph has no description; build it again with kg build",
            )
        return FileResponse(path, media_type="text/turtle; charset=utf-8")


def _without_pages(accept: str) -> str:
    """Return a header Accept that a browser sends as what it can be given: any data rather than none."""
    return f"{accept}, */*;q=0.01" if "text/html" in accept else accept


def _file(reply: Reply) -> Response:
    return Response(reply.body, media_type=reply.type, headers={"Vary": "Accept"})


async def _unless_gone(request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    doing, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((doing, leaving), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        raise RefusedError(HTTPStatus.BAD_REQUEST, "request: the client has gone")
    finally:
        doing.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _failed(request: Request, error: Exception) -> Response:
    """Tell an error raised on purpose: as a page to readers, as a line of text to programs."""
    status = error.status if isinstance(error, RefusedError) else HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    wants = negotiating.best(request.headers.get("accept", ""), ["text/plain", "text/html"])
    if wants == "text/html" and request.url.path not in ("/sparql", "/update"):
        response: Response = pages.page(request, "error.html", status, message=str(error))
    else:
        response = PlainTextResponse(f"{error}\n", status)
    response.headers.update(headers)
    return response


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = f"{request.url.path}: {error.detail.lower()}; start at /"
    return await _failed(request, RefusedError(HTTPStatus(error.status_code), detail))
