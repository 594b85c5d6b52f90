"""Opens the ZIP container of an office document, as far as it is safe to, and reads the XML parts in it."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from kg.errors import InputError

# A part of this size is a document of thousands of pages; its tree takes about ten times as much memory.
_MAX_PART = 64 * 1024 * 1024
# XML of office documents shrinks to a tenth, highly regular tables to a fiftieth.
_MAX_RATIO = 200
_SMALL = 4 * 1024 * 1024
_MAX_MEMBERS = 20_000
_DAMAGED = "open it in a word processor and save it again"

# What a ZIP container is, by the name of a member that begins so.
_KINDS = (
    ("xl/", "a spreadsheet (xlsx)"),
    ("ppt/", "a presentation (pptx)"),
    ("visio/", "a drawing (vsdx)"),
    ("OFD.xml", "an OFD document"),
    ("META-INF/container.xml", "an e-book (epub)"),
    ("content.xml", "an OpenDocument file (odt, ods, odp)"),
)


class Package:
    """The parts of one office document, read when they are asked for."""

    def __init__(self, data: bytes, source: str) -> None:
        self._source = source
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self._damaged("its ZIP container cannot be opened") from error
        members = self._zip.infolist()
        if len(members) > _MAX_MEMBERS:
            problem = f"its ZIP container has {len(members)} members, over the limit of {_MAX_MEMBERS}"
            raise InputError(source, "too-large", problem, "remove it from the input")
        # The first of two members of one name counts, in every part alike.
        self._members = {info.filename.lstrip("/"): info for info in reversed(members)}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def kind(self) -> str:
        """Say what the container is, in words for a message."""
        for begin, words in _KINDS:
            if any(name.startswith(begin) for name in self._members):
                return words
        return "a ZIP archive that holds no Word document"

    def xml(self, name: str) -> etree._Element | None:
        """Return the tree of an XML part, or None where there is no such part.

        Raises:
            InputError: the part is damaged, protected, or larger than a document can be.

        """
        info = self._members.get(name)
        if info is None:
            return None
        content = self._content(info)
        # Neither entities nor anything from outside: a document of this format declares none.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.LxmlError, ValueError) as error:
            raise self._damaged(f"its part {name!r} is no well-formed XML") from error
        if root.getroottree().docinfo.doctype:
            raise self._damaged(f"its part {name!r} declares a document type, as no word processor writes it")
        return root

    def related(self, name: str) -> dict[str, str]:
        """Return the parts that a part names (the container itself for ""), by the name of the relation."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, str] = {}
        for node in root.iter() if root is not None else ():
            kind, target = node.get("Type", ""), node.get("Target", "")
            if kind and target and node.get("TargetMode") != "External":
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found.setdefault(kind.rpartition("/")[2], posixpath.normpath(path))
        return found

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        if info.flag_bits & 1:
            advice = "remove the password, or save it again without one"
            raise InputError(
                self._source, "encrypted", "its ZIP container is protected by a password", advice
            )
        small = info.file_size <= max(_SMALL, info.compress_size * _MAX_RATIO)
        if info.file_size > _MAX_PART or not small:
            problem = (
                f"its part {info.filename!r} unpacks from {info.compress_size:,} to {info.file_size:,} bytes"
            )
            raise InputError(self._source, "too-large", problem, "remove it from the input")
        try:
            # No more than the declared size is ever unpacked: a member that holds more fails its checksum.
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise self._damaged(f"its part {info.filename!r} cannot be unpacked") from error

    def _damaged(self, problem: str) -> InputError:
        return InputError(self._source, "damaged", problem, _DAMAGED)
