"""A Chromium without a window and without a network, driven by Selenium, for tests and scripts."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

FLAGS = (
    "--headless",
    "--no-sandbox",
    # The browser itself asks for nothing.
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # Whatever a page asks for by name or address ends nowhere, but for a server of this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-server=127.0.0.1:9",
)
DRAWN_BY = {False: ("--disable-gpu",), True: ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")}
"""What draws, by whether the processor is to imitate a graphics card."""
CALM = "--force-prefers-reduced-motion"
BARE = "--hide-scrollbars"


def missing() -> str:
    """Return what is to be installed first: nothing where all is there."""
    there = all(map(shutil.which, ("chromium", "chromedriver"))) and importlib.util.find_spec("selenium")
    return "" if there else "needed are chromium, chromium-driver and selenium: make system, pip install"


@contextmanager
def running(
    *flags: str,
    window: tuple[int, int] = (1440, 900),
    card: bool = False,
    logs: tuple[str, ...] = (),
    preferences: Mapping[str, Any] | None = None,
    load: str = "normal",
) -> Iterator[Any]:
    """Yield a driver of a fresh browser, with a profile of its own that is removed with it.

    Args:
        flags: of the command line, besides ``FLAGS``.
        window: its width and height in pixels.
        card: whether the processor imitates a graphics card; else there is none.
        logs: what is kept for ``get_log`` whatever its level: ``browser`` (the console), ``performance``.
        preferences: settings of the profile.
        load: what opening a page waits for: ``normal``, ``eager`` or ``none``.

    Exits with advice where something is missing.

    """
    if advice := missing():
        sys.exit(advice)
    from selenium import webdriver  # noqa: PLC0415
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    options.page_load_strategy = load
    if logs:
        options.set_capability("goog:loggingPrefs", dict.fromkeys(logs, "ALL"))
    if preferences:
        options.add_experimental_option("prefs", dict(preferences))
    # What the browser still writes while it ends must not fail what is done.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        own = (f"--window-size={window[0]},{window[1]}", f"--user-data-dir={profile}")
        for flag in (*FLAGS, *DRAWN_BY[card], *own, *flags):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()
