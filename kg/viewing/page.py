"""Puts parts into one self-contained page that loads nothing and may connect nowhere."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parent / "assets"
STYLES = ("explorer.css", "reader.css", "interactions.css", "views.css")
SCRIPTS = (
    "state.js",
    "shown.js",
    "evidence.js",
    "panel.js",
    "names.js",
    "stage_vis.js",
    "moving.js",
    "folding.js",
    "paths.js",
    "searching.js",
    "filters.js",
    "drawing.js",
    "printing.js",
    "saving.js",
    "views.js",
    "reader.js",
    "views_common.js",
    "views_matrix.js",
    "views_numbers.js",
    "views_hierarchy.js",
    "views_timeline.js",
    "views_citations.js",
    "explorer.js",
)
"""The explorer's own scripts, which share one scope; the last one starts it."""
LARGE_STAGE = ("paint_canvas.js", "paint_webgl.js", "stage_large.js")
"""What stands for stage_vis.js where there are more things than the library of that one can draw."""

_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def assemble(data: dict[str, Any], *, title: str, language: str, no_script: str, library: str) -> str:
    """Return the explorer's page: template, style, library, its own script, and ``data`` as JSON.

    ``library`` is vis-network, or "" for a page that draws thousands of things by itself.
    """
    own = LARGE_STAGE if not library else ("stage_vis.js",)
    script = "".join(asset(name) for each in SCRIPTS for name in (own if each == "stage_vis.js" else (each,)))
    return filled(
        "page.html",
        data,
        title=title,
        language=language,
        no_script=no_script,
        style="".join(asset(name) for name in STYLES),
        script=script,
        library=library,
    )


def filled(  # noqa: PLR0913 - one for each part of a page
    template: str,
    data: dict[str, Any],
    *,
    title: str,
    language: str,
    no_script: str,
    style: str,
    script: str,
    library: str = "",
) -> str:
    """Return a template with its parts filled in: ``data`` as JSON, and a policy for its style and scripts.

    The Content-Security-Policy admits these by their hashes and nothing else, so that even text that slipped
    through as markup could neither run nor call out.
    """
    script = f'"use strict";\n(function () {{\n{script}}})();\n'
    admitted = " ".join(digest(code) for code in (library, script) if code)
    policy = (
        f"default-src 'none'; script-src {admitted}; style-src {digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {
        "language": {"zh": "zh-CN"}.get(language, language),
        "title": html.escape(title),
        "no_script": html.escape(no_script),
        "policy": policy,
        "style": style,
        "library": library,
        "script": script,
        "data": embed(data),
    }
    # One pass, so that nothing inside a part is taken for a slot of the template.
    return re.sub(r"\{\{(\w+)\}\}", lambda slot: parts[slot[1]], asset(template))


def embed(value: Any) -> str:
    """Return ``value`` as JSON that cannot end the script element it stands in.

    >>> embed({"名称": "</script><!-- 甲&乙"})
    '{"名称":"\\\\u003c/script\\\\u003e\\\\u003c!-- 甲\\\\u0026乙"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate is no character and cannot be written as UTF-8.
    text = re.sub("[\ud800-\udfff]", lambda lone: f"\\u{ord(lone[0]):04x}", text)
    return text.translate(_ESCAPES)


def asset(name: str) -> str:
    """Return a file of the pages as it was written."""
    return (ASSETS / name).read_text(encoding="utf-8")


def digest(code: str) -> str:
    """Return what a policy of a page calls a script or a style that it admits."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
