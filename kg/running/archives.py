"""Reads ZIP archives of documents in place: nothing of them is ever written to disk.

What an archive says of itself is checked before it is believed: how many members it has, how large they
become, and how much they were squeezed.
"""

from __future__ import annotations

import functools
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError
from kg.running import names

MOST_MEMBERS = 20_000
MOST_BYTES = 2 * 1024**3
"""Of all members together, unpacked."""
LARGEST_MEMBER = 50 * 1024**2
"""What a document may have, wherever it comes from."""
HIGHEST_RATIO = 200
"""Pages squeeze to a twentieth, empty ones to a fiftieth; bombs to a thousandth."""
_SMALL = 1024**2  # bytes that no ratio makes dangerous
_LARGEST_DIRECTORY = 16 * 1024**2

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# Members by which a ZIP file is a document (or program) of its own, which the readers of formats know.
_DOCUMENTS = frozenset(
    ("[Content_Types].xml", "mimetype", "OFD.xml", "META-INF/container.xml", "META-INF/manifest.xml",
     "META-INF/MANIFEST.MF", "AndroidManifest.xml", "Index/Document.iwa")
)  # fmt: skip
_FAILURES = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error, MemoryError,
    IndexError, OverflowError,
)  # fmt: skip
_UTF8, _ENCRYPTED = 0x800, 0x1
_DAMAGED = "make the archive again, or give the files themselves"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name as shown, its place in the archive, and why it is not read, if so."""

    name: str
    index: int
    size: int
    refusal: tuple[str, str, str] | None = None


def may_be_archive(path: Path) -> bool:
    """Tell whether a file begins as ZIP files do."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _SIGNATURES
    except OSError:
        return False


def members(path: Path, name: str) -> tuple[Member, ...] | None:
    """Return the documents in the archive at ``path``, or None where it is a document itself (docx, epub).

    Folders, hidden files and what a Mac adds are left out.

    Raises:
        InputError: the archive cannot be read, or is one that would fill a machine.

    """
    try:
        _check_directory(path, name)
        infos = _opened(path).infolist()
    except InputError:
        raise
    except _FAILURES as error:
        if path.suffix.lower() != ".zip":  # a damaged docx is for those who read docx
            return None
        raise InputError(name, "damaged", f"the archive is damaged ({_told(error)})", _DAMAGED) from error
    if any(info.orig_filename in _DOCUMENTS for info in infos):
        return None
    if len(infos) > MOST_MEMBERS:
        raise _too_much(name, f"{len(infos)} members are over the limit of {MOST_MEMBERS}")
    if (size := sum(info.file_size for info in infos)) > MOST_BYTES:
        raise _too_much(name, f"it unpacks to {_megabytes(size)}, over the limit of {_megabytes(MOST_BYTES)}")
    return tuple(sorted(_listed(infos), key=lambda member: (member.name, member.index)))


def _listed(infos: list[zipfile.ZipInfo]) -> Iterator[Member]:
    for index, info in enumerate(infos):
        raw = _name(info)
        parts = raw.replace("\\", "/").split("/")
        if parts[-1] and not any(map(_is_hidden, parts)):
            yield Member(names.inside(raw), index, info.file_size, _refusal(info))


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name: in UTF-8 where the archive says so, else in what Chinese systems write."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    data = info.orig_filename.encode("cp437", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return names.chinese(data) or info.orig_filename


def _refusal(info: zipfile.ZipInfo) -> tuple[str, str, str] | None:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted", "it is protected by a password", "unpack it with the password and give the files"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "link", "it is a link to another file", "give the file itself"
    if info.file_size > LARGEST_MEMBER:
        return "too-large", f"{_megabytes(info.file_size)} is over the limit of 50 MB", "split the file"
    if info.file_size > _SMALL and info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
        squeezed = f"{info.compress_size / 1024:.0f} KB would unpack to {_megabytes(info.file_size)}"
        return "bomb", f"{squeezed}, as no document does", "look what it is before you unpack it"
    return None


def read(path: Path, index: int, name: str) -> bytes:
    """Return the bytes of a member.

    Raises:
        InputError: they cannot be had, or are more than the archive says.

    """
    try:
        archive = _opened(path)
        with archive.open(archive.infolist()[index]) as stream:
            data = stream.read(LARGEST_MEMBER + 1)
    except NotImplementedError as error:
        advice = "unpack it and give the files, or make the archive again as ordinary ZIP"
        raise InputError(
            name, "unsupported-format", f"it is packed in an unknown way ({error})", advice
        ) from error
    except _FAILURES as error:
        problem = f"it cannot be unpacked ({_told(error)})"
        raise InputError(name, "damaged", problem, _DAMAGED) from error
    if len(data) > LARGEST_MEMBER:
        raise InputError(name, "too-large", "it is over the limit of 50 MB", "split the file")
    if data.startswith(_SIGNATURES) and _is_archive(data):
        raise InputError(name, "nested-archive", "it is an archive inside an archive", "unpack the outer one")
    return data


def _is_archive(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as inner:
            return _DOCUMENTS.isdisjoint(info.orig_filename for info in inner.infolist())
    except _FAILURES:
        return False


def _opened(path: Path) -> zipfile.ZipFile:
    found = path.stat()
    return _open(os.fspath(path), os.getpid(), found.st_mtime_ns, found.st_size)


@functools.lru_cache(maxsize=1)
def _open(path: str, process: int, changed: int, size: int) -> zipfile.ZipFile:
    """Keep the archive open whose members are read one after the other, in each process its own."""
    return zipfile.ZipFile(path)


def _check_directory(path: Path, name: str) -> None:
    """Refuse a list of members that would take more memory than reading them."""
    with path.open("rb") as stream:
        length = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, length - 66_000))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    sizes = [struct.unpack_from("<L", tail, at + 12)[0]] if 0 <= at <= len(tail) - 22 else []
    wide = tail.rfind(b"PK\x06\x06")
    sizes += [struct.unpack_from("<Q", tail, wide + 40)[0]] if 0 <= wide <= len(tail) - 56 else []
    known = [size for size in sizes if size != 0xFFFFFFFF]
    if max(known, default=0) > _LARGEST_DIRECTORY:
        raise _too_much(name, f"its list of members has {_megabytes(max(known))}")


def _too_much(name: str, problem: str) -> InputError:
    return InputError(name, "bomb", problem, "give the files themselves, or several smaller archives")


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.0f} MB"


def _told(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return names.visible(text)[:120] or type(error).__name__
