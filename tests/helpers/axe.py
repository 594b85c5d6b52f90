"""Examines the page that a browser shows with axe-core, which the page's own policy would not let in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[2] / ".venv" / "node" / "node_modules" / "axe-core" / "axe.min.js"
EXAMINE = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(
  (result) => done({ rules: result.passes.length, violations: result.violations.map((each) => ({
    rule: each.id, impact: each.impact, help: each.help, where: each.nodes.map((node) => node.target.join(" ")
      + " – " + node.failureSummary.replace(/\\s+/g, " ")) })) }),
  (error) => done({ rules: 0, violations: [{ rule: `${error}`, impact: "critical", help: "", where: [] }] }));
"""


def ready() -> None:
    """Skip where axe-core is missing, but not in CI, where that is a failure."""
    if AXE.is_file():
        return
    advice = "examining pages needs axe-core: make system"
    if os.environ.get("CI") == "true":
        pytest.fail(advice)
    pytest.skip(advice)


def serious(browser: Any, place: str) -> list[str]:
    """Return what is seriously or critically wrong with the page shown, each with ``place`` before it."""
    # Evaluated by the debugger, not by the page: no script of the page's own could be added to it.
    known = browser.execute_cdp_cmd("Runtime.evaluate", {"expression": "typeof axe"})
    if known["result"]["value"] == "undefined":
        browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    told = browser.execute_async_script(EXAMINE)
    assert told["rules"] > 10 or told["violations"], f"{place}: axe-core examined nothing"
    return [
        f"{place}: {each['rule']} ({each['impact']}), {each['help']}: {'; '.join(each['where'][:4])}"
        for each in told["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
