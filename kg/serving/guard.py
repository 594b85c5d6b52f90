"""What every answer says to browsers, and which requests of theirs are turned away."""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Pages run and load what this server gives and nothing else, so that text that slipped through as markup
could neither run nor call out."""


class Guard:
    """Adds the headers of security; turns away what pages of other sites ask behind a reader's back.

    Such a page cannot read the answers, but could make this machine work. A link that a reader follows is let
    in, and with ``cors`` everything.
    """

    def __init__(self, app: ASGIApp, *, cors: bool) -> None:
        self.app = app
        self.cors = cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer, one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Resource-Policy"] = "cross-origin" if self.cors else "same-origin"
                headers.setdefault("Content-Security-Policy", POLICY)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        asked = Headers(scope=scope)
        foreign = asked.get("sec-fetch-site") in ("cross-site", "same-site")
        followed = asked.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
        if foreign and not followed and not self.cors:
            problem = (
                "request: comes from a page of another site; start the server with --cors to allow that\n"
            )
            await PlainTextResponse(problem, HTTPStatus.FORBIDDEN)(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)
