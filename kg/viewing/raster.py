"""Turns a still picture into pixels: SVG to PNG, with the fonts of the machine."""

from __future__ import annotations

import re

import resvg_py

from kg.errors import ExportError
from kg.viewing import sheet

MOST_PIXELS = 200_000_000
"""More need more memory than is sensible: four bytes each, and the same again while they are packed."""

# Characters that look different in every font that has them; without one both are nothing, or the same box.
_PROBES = (chr(0x56FD), chr(0x4E49))
_HAN = re.compile(f"[{chr(0x3400)}-{chr(0x9FFF)}]")


def to_png(svg: str, scale: float = 1.0) -> bytes:
    """Return an SVG document of this package as PNG, ``scale`` pixels to each of its own.

    Raises:
        ExportError: it would be too large, or no font of the machine has Chinese characters.

    """
    width, height = (int(value) for value in re.findall(r'\b(?:width|height)="(\d+)"', svg[:2000])[:2])
    pixels = round(width * scale) * round(height * scale)
    if pixels > MOST_PIXELS:
        raise ExportError(
            f"--scale: {pixels:,} pixels are more than {MOST_PIXELS:,}; "
            "take less, or an .svg, which has no pixels"
        )
    if _HAN.search(svg) and not has_chinese():
        raise ExportError(
            "picture: no font of this machine has Chinese characters, so no name could be seen; install one "
            "(Debian, Ubuntu: apt-get install fonts-noto-cjk), or take an .svg or .html and open it elsewhere"
        )
    return _drawn(svg, scale)


def has_chinese(folders: list[str] | None = None) -> bool:
    """Tell whether the machine's fonts (or those in ``folders`` alone) have Chinese characters."""
    families = ", ".join(f"'{name}'" for name in sheet.FONTS)
    drawn = [
        _drawn(
            f'<svg xmlns="{sheet.SVG}" width="32" height="32">'
            f'<text x="2" y="26" font-size="24" font-family="{families}">{probe}</text></svg>',
            1.0,
            folders,
        )
        for probe in _PROBES
    ]
    return drawn[0] != drawn[1]


def _drawn(svg: str, scale: float, folders: list[str] | None = None) -> bytes:
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg, zoom=scale, skip_system_fonts=folders is not None, font_dirs=folders
            )
        )
    except ValueError as error:
        raise ExportError(f"picture: cannot be drawn, {error}; take an .svg") from error
