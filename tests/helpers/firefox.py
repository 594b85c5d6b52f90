"""A Firefox without a window, spoken to by WebDriver BiDi, its own protocol: Debian has no geckodriver."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60  # an answer that takes longer will not come
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
SETTINGS: dict[str, str | int | bool] = {
    # Whatever a page asks for ends nowhere, and Firefox itself asks for nothing.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Right": "\ue014", "Down": "\ue015"}


def ready() -> str:
    """Return the program; skip where it is missing, but not in CI, where that is a failure."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    try:
        import websocket  # noqa: F401, PLC0415
    except ImportError:
        program = None
    if program:
        return program
    advice = "tests in Firefox need firefox-esr and websocket-client: make system, pip install"
    if os.environ.get("CI") == "true":
        pytest.fail(advice)
    pytest.skip(advice)


class Firefox:
    """One window of a Firefox with a profile of its own: what it shows, and what has happened in it."""

    def __init__(self, profile: Path) -> None:
        import websocket  # noqa: PLC0415

        profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in SETTINGS.items())
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        options = ("--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0")
        self.said = (profile / "said.txt").open("wb")
        self.process = subprocess.Popen(
            [ready(), *options, "about:blank"], stdout=subprocess.DEVNULL, stderr=self.said
        )
        while not (found := LISTENING.search((profile / "said.txt").read_text(encoding="utf-8"))):
            assert self.process.poll() is None, (profile / "said.txt").read_text(encoding="utf-8")
            time.sleep(0.05)
        self.socket = websocket.create_connection(
            f"{found[1]}/session", timeout=SECONDS, suppress_origin=True
        )
        self.asked = 0
        self.events: list[dict[str, Any]] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.page = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Send a command and return its result; what happens meanwhile is kept in ``events``."""
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": given}))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("type") == "event":
                self.events.append(told)
            elif told.get("id") == self.asked:
                assert told["type"] == "success", f"{method}: {told.get('message', told)}"
                result: dict[str, Any] = told["result"]
                return result

    def open(self, address: str) -> None:
        """Show an address in a window of 1440×900, and forget what happened before."""
        self.call("browsingContext.setViewport", context=self.page, viewport={"width": 1440, "height": 900})
        self.call("browsingContext.navigate", context=self.page, url="about:blank", wait="complete")
        self.events.clear()
        self.call("browsingContext.navigate", context=self.page, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page, which may be a promise, by way of JSON."""
        wrapped = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
        told = self.call(
            "script.evaluate", expression=wrapped, target={"context": self.page}, awaitPromise=True
        )
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"]["value"])

    def act(self, kind: str, *actions: dict[str, Any]) -> None:
        self.call(
            "input.performActions",
            context=self.page,
            actions=[{"type": kind, "id": kind, "actions": list(actions)}],
        )

    def press(self, *keys: str) -> None:
        """Press keys one after the other, or write characters."""
        values = [KEYS.get(key, key) for key in keys]
        self.act("key", *({"type": way, "value": key} for key in values for way in ("keyDown", "keyUp")))

    def click(self, x: float, y: float) -> None:
        """Press the mouse at a point of the window."""
        self.act(
            "pointer",
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def click_on(self, selector: str) -> None:
        """Press the mouse on the middle of the first element of a CSS selector."""
        box = self.evaluate(
            f"(() => {{ const it = document.querySelector({json.dumps(selector)});"
            "it.scrollIntoView({block: 'nearest'}); const box = it.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        self.click(*box)

    def wait(self, milliseconds: int) -> None:
        """Let the page go on for a while."""
        self.evaluate(f"new Promise((done) => setTimeout(done, {milliseconds}))")

    def printed(self) -> bytes:
        """Return the page on paper as PDF."""
        return base64.b64decode(self.call("browsingContext.print", context=self.page)["data"])

    def complaints(self) -> list[str]:
        """Return what the console was told of errors and warnings since the page was opened."""
        logged = [each["params"] for each in self.events if each["method"] == "log.entryAdded"]
        return [each["text"] for each in logged if each["level"] in {"error", "warn"}]

    def requests(self) -> list[str]:
        """Return what was asked for since the page was opened."""
        sent = [each["params"] for each in self.events if each["method"] == "network.beforeRequestSent"]
        return [each["request"]["url"] for each in sent]

    def stop(self) -> None:
        self.socket.close()
        self.process.kill()
        self.process.wait()
        self.said.close()
