"""Makes the pages: templates filled with words of the reader's language, and text that stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kg import terms
from kg.resources import PACKAGE, RULE_DATA
from kg.rules import tables
from kg.serving import negotiating
from kg.viewing import appearance

ASSETS = PACKAGE / "serving" / "assets"
_FOLDER = RULE_DATA / "viewing"
LANGUAGES = appearance.LANGUAGES
COOKIE = "kg-language"
_ABROAD = "en"
"""The language of those who read neither."""


def language(request: Request) -> str:
    """Return the language of a page: by ?lang=, else as chosen before, else by Accept-Language."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    header = request.headers.get("accept-language", "")
    # A range such as zh-Hans-CN accepts zh: the first part is compared, as a media type.
    wishes = re.sub(r"([A-Za-z]+)[\w-]*(?=[,;\s]|$)", r"\1/*", header)
    found = negotiating.best(wishes, [f"{name}/*" for name in LANGUAGES]) if header else f"{LANGUAGES[0]}/*"
    return found.partition("/")[0] if found else _ABROAD


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Fill a template for a request."""
    chosen = language(request)
    other = next(name for name in LANGUAGES if name != chosen)
    switch = request.url.include_query_params(lang=other)
    text = _environment().get_template(template).render(
        language=chosen,
        word=lambda key, *filled: word(key, chosen, *filled),
        column=lambda name: _column(name, chosen),
        names=lambda name: bool(_columns().get(name, {}).get("names")),
        look=appearance.load(),
        switch=f"{switch.path}?{switch.query}",
        path=request.url.path,
        **values,
    )  # fmt: skip
    response = HTMLResponse(text, status)
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, chosen, samesite="lax", httponly=True)
    return response


def link(path: str, **parameters: object) -> str:
    """Return a path with parameters, leaving out those that are empty.

    >>> link("/thing", iri="https://w3id.org/govkg/id/initiative/放管服改革", lang="")
    '/thing?iri=https%3A%2F%2Fw3id.org%2Fgovkg%2Fid%2Finitiative%2F%E6%94%BE%E7%AE%A1%E6%9C%8D%E6%94%B9%E9%9D%A9'
    """
    given = {key: value for key, value in parameters.items() if value not in ("", None)}
    return quote(path) + ("?" + urlencode(given) if given else "")


def word(key: str, language_: str, *filled: object) -> str:
    """Return a text of the pages with {0}, {1} … filled in.

    >>> word("rows", "en", 3)
    '3 rows'
    """
    text = _words()[key][language_]
    return re.sub(r"\{(\d)\}", lambda slot: str(filled[int(slot[1])]), text)


def _column(name: str, language_: str) -> str:
    """Return what a column of an answer is called; what nobody named keeps its variable's name."""
    return _columns().get(name, {}).get(language_, name)


@cache
def _columns() -> Mapping[str, Mapping[str, str]]:
    rows = tables.read(_FOLDER / "columns.tsv", ("column", *LANGUAGES))
    return {row["column"]: row.cells for row in rows}


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return {row["key"]: row.cells for row in tables.read(_FOLDER / "serving.tsv", ("key", *LANGUAGES))}


@cache
def _environment() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE / "serving" / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["link"] = link
    found.globals["prefixes"] = "".join(
        f"PREFIX {name}: <{namespace}>\n" for name, namespace in terms.PREFIXES.items()
    )
    found.filters["number"] = lambda value: f"{value:,}"
    return found
