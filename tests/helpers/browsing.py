"""Opens pages as their reader does, and tells what was complained of or asked for meanwhile."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from helpers import chromium

NO_CARD = "Automatic fallback to"
"""What the browser says where a page asks for a graphics card and there is none: nothing of the page's."""


def ready() -> None:
    """Skip where Chromium or Selenium is missing, but not in CI, where that is a failure."""
    if advice := chromium.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(advice)
        pytest.skip(advice)


def visit(browser: Any, address: str) -> Any:
    """Open a page anew, forget what was told before, and return the browser when the page is ready."""
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(address)
    assert browser.execute_script("return document.documentElement.dataset.ready") == "true"
    return browser


def complaints(browser: Any, besides: str | None = None) -> list[Any]:
    """Return what the page's console holds besides what has these words."""
    told: list[Any] = browser.get_log("browser")
    return [each for each in told if besides is None or besides not in each["message"]]


def requests(browser: Any) -> list[str]:
    """Return the addresses that were asked for since the visit, but for what a page carries in itself."""
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [
        each["params"]["request"]["url"] for each in asked if each["method"] == "Network.requestWillBeSent"
    ]
    return [url for url in urls if not url.startswith(("data:", "blob:"))]
