"""Keeps the pages of a folder and the list of where they come from: a page counts whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kg.errors import FetchError, StoreError
from kg.running import names
from kg.running.manifests import FETCHED, FETCHED_COLUMNS

_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "multipart/related": ".mhtml",
    "message/rfc822": ".mhtml",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_ENDINGS = frozenset((*_TYPES.values(), ".htm", ".mht", ".wps", ".ofd", ".xls", ".xlsx"))
_NO_DOCUMENTS = re.compile(r"(?:image|audio|video|font)/|text/css|.*javascript")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_LONGEST_STEM = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that was saved, as its row in the list tells."""

    path: str
    url: str
    final_url: str
    fetched: str
    sha256: str
    type: str


class Record:
    """The list of a folder, and the pages in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FETCHED
        self._entries = {entry.url: entry for entry in self._load()}

    def holds(self, url: str) -> bool:
        """Tell whether a page is there as it was saved."""
        entry = self._entries.get(url)
        if entry is None or names.inside(entry.path) != entry.path:
            return False
        try:
            with (self.folder / entry.path).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == entry.sha256
        except OSError:
            return False

    def add(self, entry: Entry, body: bytes) -> None:
        """Save a page: its file first, whole, then the row that makes it count."""
        target = self.folder / entry.path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, body)
        before = self._entries.get(entry.url)
        self._entries[entry.url] = entry
        if before is not None:
            self._rewrite()
            if before.path not in {other.path for other in self._entries.values()}:
                with contextlib.suppress(OSError):
                    (self.folder / names.inside(before.path)).unlink()
            return
        row = _row(entry)
        if not self.path.exists():
            row = _row(FETCHED_COLUMNS) + row
        with self.path.open("ab") as stream:
            stream.write(row)
            stream.flush()
            os.fsync(stream.fileno())

    def _load(self) -> Iterator[Entry]:
        """Yield the rows of the list; one that was cut off by the end of a program is removed."""
        self._clean()
        if not self.path.exists():
            return
        data = self.path.read_bytes()
        head = _row(FETCHED_COLUMNS)
        if not data.startswith(head):
            if not head.startswith(data):
                raise StoreError(
                    f"{self.path}: it is not the list that kg fetch writes; move it, or choose another -o"
                )
            self.path.unlink()  # nothing but a part of the header
            return
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            _write(self.path, whole)
        for line in whole[len(head) :].decode("utf-8", "replace").split("\n"):
            cells = line.split("\t")
            if len(cells) == len(FETCHED_COLUMNS):
                yield Entry(*cells)

    def _clean(self) -> None:
        for path in self.folder.rglob(".*.part"):
            path.unlink()

    def _rewrite(self) -> None:
        rows = (_row(entry) for entry in self._entries.values())
        _write(self.path, _row(FETCHED_COLUMNS) + b"".join(rows))


def _row(cells: Entry | tuple[str, ...]) -> bytes:
    texts = astuple(cells) if isinstance(cells, Entry) else cells
    return ("\t".join(" ".join(names.visible(str(text)).split("\t")) for text in texts) + "\n").encode(
        "utf-8", "replace"
    )


def _write(path: Path, data: bytes) -> None:
    waiting = path.with_name(f".{path.name}.part")
    with waiting.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    waiting.replace(path)


def path_of(url: str, kind: str, body: bytes) -> str:
    """Return where a page is kept below the folder: by its site and name, and by a digest of its address.

    >>> path_of("http://www.qc.gov.cn/xxgk/../报告.aspx?id=1", "text/html; charset=gbk", b"<html>")
    'www.qc.gov.cn/报告-6360a486e6041904.html'

    Raises:
        FetchError: what came is no document.

    """
    named = kind.partition(";")[0].strip().lower()
    if _NO_DOCUMENTS.fullmatch(named) or _NO_DOCUMENTS.match(named):
        problem = f"it is no document ({named[:40]})"
        raise FetchError(url, "unsupported-format", problem, "leave it out")
    parts = urlsplit(url)
    site = _NOT_IN_NAMES.sub("_", parts.netloc).strip("._") or "_"
    last = unicodedata.normalize("NFC", unquote(parts.path.rstrip("/").rpartition("/")[2]))
    stem, dot, ending = last.rpartition(".")
    stem, ending = (stem, f".{ending.lower()}") if dot and stem else (last, "")
    shown = _NOT_IN_NAMES.sub("_", stem)[:_LONGEST_STEM].strip("._-") or "index"
    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    return f"{site}/{shown}-{digest}{_ending(named, ending, body)}"


def _ending(kind: str, ending: str, body: bytes) -> str:
    """Return the ending that says what a page is: by its content, the server's word, or its address."""
    if body.startswith(b"%PDF"):
        return ".pdf"
    if kind in _TYPES and not (kind == "application/zip" and ending in _ENDINGS):
        return _TYPES[kind]
    if ending in _ENDINGS:
        return ending
    return ".html" if body.lstrip()[:1] == b"<" else ".bin"
