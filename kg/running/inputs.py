"""Finds the documents that a build is asked to read: files, folders, archives, lists, and standard input."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from kg.errors import InputError, StoreError
from kg.running import archives, manifests, names, stamps

Said = tuple[tuple[str, str], ...]
Known = Callable[[Iterable[tuple[str, str]]], Iterator[str]]
"""Gives, for paths and stamps of files, the digests that the files had when they bore the stamps, or ""."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document to read, and the name under which the graph knows it: its path below the folder asked for.

    ``part`` is its place in the archive at ``path``; ``data`` its bytes where it is no file; ``said`` what a
    list says of it; ``refusal`` reason, problem and advice where it is known that it is not to be read;
    ``stamp`` what the system says of its file, and ``sha256`` the digest of its bytes, where that is known.
    """

    name: str
    path: Path
    part: int | None = None
    data: bytes | None = field(default=None, repr=False)
    said: Said = ()
    refusal: tuple[str, str, str] | None = None
    length: int | None = None
    stamp: str = ""
    sha256: str = ""

    def read_bytes(self) -> bytes:
        """Return the document's bytes.

        Raises:
            InputError: it is part of an archive and cannot be unpacked, or is refused.
            OSError: the file cannot be read.

        """
        if self.refusal is not None:
            raise InputError(self.name, *self.refusal)
        if self.data is not None:
            return self.data
        return self.path.read_bytes() if self.part is None else archives.read(self.path, self.part, self.name)

    @property
    def is_file(self) -> bool:
        """Tell whether the document is all of the file at ``path``."""
        return self.part is None and self.data is None and self.refusal is None

    def size(self) -> int:
        """Return how many bytes the document has, as far as that is known without reading it."""
        if self.data is not None:
            return len(self.data)
        return self.path.stat().st_size if self.length is None else self.length


def from_stream(stream: IO[bytes], name: str) -> Source:
    """Return the document that a stream holds, under a name."""
    data = stream.read(archives.LARGEST_MEMBER + 1)  # what is larger is refused where it is read
    return Source(names.inside(name), Path(), data=data)


@dataclass(frozen=True, slots=True)
class More:
    """What is to be read besides files and folders: a list of documents, and what came another way."""

    manifest: Path | None = None
    given: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The documents to read, and what whoever asked for them should know."""

    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()


def find(paths: Sequence[Path], leave_out: Path) -> tuple[Source, ...]:
    """Return the documents at ``paths``, folders read through, sorted by name: see :func:`gather`."""
    return gather(paths, leave_out).sources


def gather(
    paths: Sequence[Path], leave_out: Path, more: More | None = None, known: Known | None = None
) -> Found:
    """Return the documents at ``paths`` and in ``more``, folders and archives read through, sorted by name.

    Hidden files and folders are left out, and so is the folder ``leave_out``: what a build writes is not what
    the next one reads. Lists of documents are none themselves. Links to folders are not followed. Folders
    that may not be read, and links that lead nowhere, are returned, so that reading them tells what is wrong.
    Files of one name in several folders are named with as much of these folders as tells them apart.
    ``known`` gives the digests of files that have been read before: those are no archives.

    Raises:
        StoreError: a path does not exist, or is neither a file nor a folder, or a list is no list.

    """
    more = more or More()
    files: dict[str, tuple[Source, str]] = {}
    lists: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            found, fetched = _walk(path, _real(leave_out))
            lists |= {_real(item): item for item in fetched}
            root = _real(path)
            for below, real in found:
                files.setdefault(real, (Source(names.of_file(below), path / below), root))
        elif path.is_file():
            source = Source(names.of_file(path.name), path)
            files.setdefault(_real(path), (source, str(Path(_real(path)).parent)))
        elif path.exists():
            raise StoreError(f"{path}: is neither a file nor a folder; give the path of a document")
        else:
            raise StoreError(
                f"{path}: no such file or folder; give the path of a document or a folder of documents"
            )
    own = _real(more.manifest) if more.manifest is not None else ""
    notes = [
        f"{shown}: says where the pages beside it come from; to have that in the graph add --manifest {shown}"
        for real, shown in sorted((real, names.visible(str(path))) for real, path in lists.items())
        if real != own
    ]
    beside: list[Source] = list(more.given)
    if more.manifest is not None:
        files.pop(own, None)
        listed = manifests.load(more.manifest)
        notes += listed.notes
        beside += _listed(listed, files, [_real(path) for path in paths])
    named = _told_apart(list(files.values()))
    sources = _numbered([*_expanded(named, known or _nothing), *beside])
    return Found(tuple(sorted(sources, key=lambda source: source.name)), tuple(notes))


# --- files


def _walk(folder: Path, leave_out: str) -> tuple[list[tuple[str, str]], list[Path]]:
    """Return the files to read in a folder, by their paths below it and real ones, and the lists of pages."""
    files: list[tuple[str, str]] = []
    lists: list[Path] = []
    waiting = [("", _real(folder))]
    while waiting:
        below, here = waiting.pop()
        place = folder / below if below else folder
        try:
            with os.scandir(place) as found:
                entries = list(found)
        except OSError:
            files.append((below.rstrip("/") or ".", here))
            continue
        for entry in entries:
            name = entry.name
            # Asking the system for every real path would take longer than all the rest.
            real = _real(Path(entry.path)) if entry.is_symlink() else f"{here.rstrip(os.sep)}{os.sep}{name}"
            if entry.is_dir(follow_symlinks=False):
                if not name.startswith(".") and real != leave_out:
                    waiting.append((f"{below}{name}/", real))
            elif name == manifests.FETCHED and manifests.is_fetched(place / name):
                lists.append(place / name)
            elif not name.startswith(".") and _is_file(entry):
                files.append((below + name, real))
    return files, lists


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell a file, or a link that leads nowhere, from a pipe or device, which would never end."""
    if not entry.is_symlink():
        return entry.is_file()
    path = Path(entry.path)
    return path.is_file() or not os.path.exists(path)  # noqa: PTH110 - Path.exists fails on links in a circle


def _real(path: Path) -> str:
    return os.path.realpath(path)  # Path.resolve fails on links in a circle


def _nothing(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    return itertools.repeat("")


def _expanded(files: Sequence[Source], known: Known) -> Iterator[Source]:
    """Yield files, in the place of an archive the documents in it."""
    paths = [os.fspath(source.path) for source in files]
    stamped = [_stamp(path) for path in paths]
    for source, stamp, sha256 in zip(files, stamped, known(zip(paths, stamped, strict=True)), strict=False):
        if not stamp:
            yield source
        elif sha256 or not archives.may_be_archive(source.path):
            yield Source(source.name, source.path, said=source.said, stamp=stamp, sha256=sha256)
        else:
            yield from _inside(source)


def _stamp(path: str) -> str:
    try:
        return stamps.stamp(path)
    except OSError:  # told where it is read
        return ""


def _inside(source: Source) -> Iterator[Source]:
    """Yield the documents in what may be an archive, or the file itself where it is none."""
    try:
        members = archives.members(source.path, source.name)
    except InputError as error:
        yield replace(source, refusal=(error.reason, error.problem, error.advice))
        return
    if members is None:
        yield source
        return
    if not members:
        refusal = ("empty", "the archive holds no documents", "fill or remove it")
        yield replace(source, refusal=refusal)
    # A title is that of one document.
    said = source.said if len(members) == 1 else tuple(item for item in source.said if item[0] != "title")
    for member in members:
        name = f"{source.name}/{member.name}"
        yield replace(
            source, name=name, part=member.index, said=said, refusal=member.refusal, length=member.size
        )


# --- lists


def _listed(
    listed: manifests.Manifest, files: dict[str, tuple[Source, str]], roots: Sequence[str]
) -> Iterator[Source]:
    """Yield the texts of a list and its wrong rows; add its files to ``files``, with what it says."""
    path, shown = listed.path, names.of_file(listed.path.name)
    for error in listed.wrong:
        yield Source(error.place, path, refusal=(error.reason, error.problem, error.advice))
    home = str(Path(_real(path)).parent)
    lines: dict[str, int] = {}
    told: dict[str, tuple[int, Said]] = {}
    for row in listed.rows:
        place = f"{shown}:{row.line}"
        if row.text is not None:
            name = names.inside(row.id) if row.id else str(row.line)
            if lines.setdefault(name, row.line) != row.line:
                refusal = (
                    "row",
                    f"{name!r} is the id of line {lines[name]}, too",
                    "give each row an id of its own",
                )
                yield Source(place, path, refusal=refusal)
                continue
            yield Source(f"{shown}#{name}", path, data=row.text.encode("utf-8", "replace"), said=row.said)
            continue
        real, wrong = located(row.path, home, roots)
        before = told.setdefault(real, (row.line, row.said)) if wrong is None else (row.line, row.said)
        if before[1] != row.said:
            wrong = (
                "row",
                f"line {before[0]} says other things of the same file",
                "keep one of the two rows",
            )
        if wrong is not None:
            yield Source(place, path, refusal=wrong)
            continue
        source, root = files.get(real) or (_file(row.path, real, home), home)
        files[real] = (replace(source, said=row.said), root)


def located(
    path: str, home: str, roots: Sequence[str]
) -> tuple[str, None] | tuple[str, tuple[str, str, str]]:
    """Return the file that a row means, and what is wrong with it, if so.

    It lies in the folder of the list, or in what was named on the command line: a list that came from
    elsewhere must not read what its user did not show it.
    """
    shown = names.shortened(names.visible(path))
    try:
        real = _real(Path(home, path))
        is_file, exists = Path(real).is_file(), os.path.lexists(real)
    except (OSError, ValueError):
        return "", ("row", f"{shown!r} cannot be a path", "correct it")
    if not any(_within(real, root) for root in (home, *roots)):
        advice = "copy the file there, or name its folder on the command line, too"
        return real, ("row", f"{shown!r} is outside the folder of the list", advice)
    if not is_file:
        problem = "is no file" if exists else "does not exist"
        return real, ("row", f"{shown!r} {problem}", "correct the path; it begins at the folder of the list")
    return real, None


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _file(path: str, real: str, home: str) -> Source:
    """Return a file that only a list names: as the list has it where that lies below its folder."""
    below = os.path.relpath(os.path.normpath(Path(home, path)), home)
    name = below if not below.startswith(os.pardir) else Path(real).name
    return Source(names.of_file(Path(name).as_posix()), Path(real))


# --- names


def _told_apart(files: list[tuple[Source, str]]) -> list[Source]:
    """Return files, those of one name with as many folders above them in it as tells them apart."""
    groups: dict[str, list[tuple[Source, str]]] = {}
    for item in files:
        groups.setdefault(item[0].name, []).append(item)
    result = []
    for name, group in groups.items():
        if len(group) == 1:
            result.append(group[0][0])
            continue
        longest = max(len(Path(root).parts) for _, root in group)
        tails = [tuple(part.strip("/\\") for part in Path(root).parts) for _, root in group]
        depths = range(longest + 1)
        depth = next((d for d in depths if len({_last(tail, d) for tail in tails}) == len(group)), 0)
        for (source, _), tail in zip(group, tails, strict=True):
            above = [names.of_file(part) for part in _last(tail, depth) if part]
            result.append(replace(source, name="/".join([*above, name])))
    return result


def _last(parts: tuple[str, ...], count: int) -> tuple[str, ...]:
    return parts[max(0, len(parts) - count) :]


def _numbered(sources: Sequence[Source]) -> list[Source]:
    """Return documents whose names are all different: what still shares one is numbered."""
    taken: set[str] = set()
    result = []
    for source in sorted(sources, key=lambda item: (item.name, os.fsencode(item.path), item.part or 0)):
        name, number = source.name, 1
        while name in taken:
            number += 1
            name = f"{source.name}#{number}"
        taken.add(name)
        result.append(replace(source, name=name) if number > 1 else source)
    return result


# --- digests


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of(source: Source) -> str:
    """Return the SHA-256 of a document's bytes, in hex.

    Raises:
        InputError: the document is refused, or cannot be unpacked.
        OSError: its file cannot be read.

    """
    if source.is_file:
        return digest(source.path)
    return hashlib.sha256(source.read_bytes()).hexdigest()
