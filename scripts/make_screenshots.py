"""Take the pictures of the documentation: the explorer of the sample corpus, in a real headless Chromium.

Run from the root of the repository, after ``make run`` and ``make test`` (which installs what this needs):

    .venv/bin/python scripts/make_screenshots.py [GRAPH] [FOLDER]

GRAPH is the folder that ``kg build`` wrote (``output``), FOLDER where the pictures go (``docs/images``). The
picture itself is laid out at build time, so that the same graph gives the same image on the same browser.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from helpers import chromium

ID = "https://w3id.org/govkg/id/"
LARGEST = 450_000  # bytes of a picture in the documentation


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: what is drawn, what is selected in it, and in which window.

    With ``command`` it is that of an analysis (``kg compare`` ...), after a click on one thing told in it.
    With ``page`` it is a page of the build itself, at an ``address``, after a click on the first ``press``.
    """

    name: str
    language: str
    around: str = ""
    depth: int = 1
    selected: str = ""
    width: int = 1360
    height: int = 720
    command: tuple[str, ...] = ()
    clicked: int = 0
    page: str = ""
    address: str = ""
    press: str = ""


READ = "!text/bd3e9233faab030d"  # the report of 珠山区
INITIATIVE = "initiative/枫桥经验"
SHOTS = (
    Shot("graph", "en"),
    Shot("graph.zh", "zh"),
    Shot("evidence", "en", around=INITIATIVE, selected=INITIATIVE),
    Shot("evidence.zh", "zh", around=INITIATIVE, selected=INITIATIVE),
    *(
        shot
        for language, suffix in (("en", ""), ("zh", ".zh"))
        for shot in (
            Shot(f"overview{suffix}", language, page="index.html", height=760),
            Shot(f"matrix{suffix}", language, page="graph.html", address="!matrix", press="td button"),
            Shot(f"reader{suffix}", language, page="graph.html", address=READ, press="button.tells"),
            Shot(f"numbers{suffix}", language, page="graph.html", address="!numbers", press="td.bars button"),
            Shot(f"hierarchy{suffix}", language, page="graph.html", address="!hierarchy"),
            Shot(f"timeline{suffix}", language, page="graph.html", address="!timeline"),
            Shot(f"citations{suffix}", language, page="graph.html", address="!citations"),
        )
    ),
    Shot("compare", "en", height=620, command=("compare", "北碚区", "德清县"), clicked=-1),
    Shot("trace", "en", height=620, command=("trace", "枫桥经验"), clicked=3),
    Shot("path", "en", height=640, command=("path", "北碚区", "德清县"), clicked=2),
)


@contextmanager
def exactly(width: int, height: int) -> Iterator[Any]:
    """Yield a Chromium whose pictures have this size, in pixels, whatever the screen."""
    flags = (chromium.BARE, chromium.CALM, "--force-device-scale-factor=1")
    with chromium.running(*flags, window=(width, height)) as browser:
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        yield browser


def render(shot: Shot, graph: Path, page: Path) -> None:
    """Draw the page of a shot with the command that users have."""
    program, to = str(Path(sys.executable).with_name("kg")), "--html" if shot.command else "-o"
    command = [program, *(shot.command or ("render",)), "-g", str(graph), to, str(page)]
    command += ["--language", shot.language]
    if shot.around:
        command += ["--around", shot.around, "--depth", str(shot.depth)]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"{shot.name}: cannot be drawn; build the sample corpus first: make run")


def take(shot: Shot, graph: Path, target: Path) -> None:
    """Write one picture."""
    with tempfile.TemporaryDirectory() as folder, exactly(shot.width, shot.height) as browser:
        page = graph.resolve() / shot.page if shot.page else Path(folder) / "graph.html"
        if not shot.page:
            render(shot, graph, page)
        fragment = f"#{quote(ID + shot.selected, safe='')}" if shot.selected else f"#{shot.address}"
        browser.get(page.as_uri() + fragment)
        if browser.execute_script("return document.documentElement.dataset.ready") != "true":
            sys.exit(f"{shot.name}: the page did not get ready")
        if shot.command and shot.clicked >= 0:
            click = "document.querySelectorAll('button.told')[arguments[0]].click()"
            browser.execute_script(click, shot.clicked)
        if (
            shot.page
            and browser.execute_script("return document.documentElement.lang[0]") != shot.language[0]
        ):
            browser.execute_script("document.getElementById('language').click()")
        if shot.press:
            find = (
                "const b = document.querySelector('#view ' + arguments[0]); b && b.click(); return Boolean(b)"
            )
            if not browser.execute_script(find, shot.press):
                sys.exit(f"{shot.name}: has nothing like {shot.press}")
        browser.execute_async_script("setTimeout(arguments[0], 800)")
        shown = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
        shown.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    print(f"{target}: {size // 1000} kB")
    if size > LARGEST:
        sys.exit(f"{target}: is over {LARGEST // 1000} kB; make the window smaller")


def main() -> None:
    """Take all pictures, or the ones named with --only."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("graph", nargs="?", type=Path, default=Path("output"))
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/images"))
    parser.add_argument("--only", action="append", help="the name of a picture")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        if not given.only or shot.name in given.only:
            take(shot, given.graph, given.folder / f"{shot.name}.png")


if __name__ == "__main__":
    main()
