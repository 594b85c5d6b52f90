"""Makes the bad inputs of docs/reliability.md: bytes by file name, the same at every run."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

SENTENCE = "青川县司法局印发《青川县普法责任清单》，开展“法律明白人”培养工程，办理行政复议案件25件。"
TEXT = f"青川县2022年法治政府建设情况报告\n\n2022年，{SENTENCE}\n"
TRADITIONAL = (
    "青川縣2022年法治政府建設情況報告\n\n2022年，青川縣司法局印發《青川縣普法責任清單》，"
    "開展“法律明白人”培養工程，辦理行政復議案件25件。\n"
)


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad input: what kind of trouble it is, its files, and what must come of it.

    ``outcome`` is ``read`` (its facts are in the graph), ``skipped`` (it is named with a reason), or
    ``either``, where both are sound.
    """

    kind: str
    what: str
    files: Callable[[], dict[str, bytes]]
    outcome: str = "skipped"


def one(name: str, data: bytes | str) -> Callable[[], dict[str, bytes]]:
    """Return what makes one file."""
    return lambda: {name: data.encode() if isinstance(data, str) else data}


def page(body: str, head: str = "") -> str:
    """Return a page of HTML."""
    return f"<!DOCTYPE html><html><head><title>青川县</title>{head}</head><body>{body}</body></html>"


def zipped(members: dict[str, bytes], *, compress: bool = True) -> bytes:
    """Return an archive whose members have one fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def document(body: str, extra: dict[str, bytes] | None = None) -> bytes:
    """Return a Word document with a body of XML."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>'
    )
    declared = '<?xml version="1.0" encoding="UTF-8"?>'
    whole = (
        body
        if body.startswith("<?xml")
        else f"{declared}<w:document {space}><w:body>{body}</w:body></w:document>"
    )
    members = {"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": whole}
    return zipped({name: text.encode() for name, text in members.items()} | (extra or {}))


def paragraph(text: str) -> str:
    """Return a paragraph of a Word document."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(stream: bytes = b"", pages: int = 1, trailer: bytes = b"") -> bytes:
    """Return a small PDF whose pages show one content stream, in Latin letters."""
    count = " ".join(f"{3 + 2 * at} 0 R" for at in range(pages))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{count}] /Count {pages} >>".encode(),
    ]
    for at in range(pages):
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * at} 0 R /Resources "
            "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>".encode()
        )
        parts.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    data, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    end = b"trailer << /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n"
    return data + head + table + end % (len(parts) + 1, trailer, len(data))


def laughs() -> str:
    """Return a billion laughs: entities of entities."""
    entities = "".join(
        f'<!ENTITY l{at} "{"&l" + str(at - 1) + ";" if at else "ha"}'
        + (f"&l{at - 1};" * 9 if at else "")
        + '">'
        for at in range(10)
    )
    return f'<?xml version="1.0"?><!DOCTYPE a [{entities}]><a>&l9;</a>'


def png() -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
        + chunk(b"IEND", b"")
    )


def noise(size: int, seed: int = 1) -> bytes:
    """Return bytes without sense."""
    return random.Random(seed).randbytes(size)


def mhtml(body: str, encoding: str = "base64") -> str:
    """Return a saved page."""
    inner = base64.encodebytes(page(body).encode()).decode() if encoding == "base64" else body
    return (
        "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
        'boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n{inner}\r\n--b--\r\n"
    )


def everywhere(harm: str) -> Callable[[], dict[str, bytes]]:
    """Return what makes a report whose title, names, numbers and file name all hold something harmful."""
    name = "".join(sign for sign in harm if sign not in "/\0") or "x"
    text = (
        f"青川县{harm}2022年法治政府建设情况报告\n\n青川县司法局印发《{harm}普法办法》，开展“{harm}普法”行动，"
        f"办理{harm}案件25件。{harm}\n"
    )
    return lambda: {f"a{name}.txt": text.encode("utf-8", "surrogatepass")}


def big(text: str, size: int) -> bytes:
    """Return a text repeated up to a size in bytes."""
    data = text.encode()
    return data * (size // len(data) + 1)


MEGABYTE = 1024 * 1024

INPUTS: tuple[Bad, ...] = (
    # Nothing, or nothing of use.
    Bad("empty", "a file of no bytes", one("a.txt", b"")),
    Bad("empty", "white space and line ends", one("a.txt", " \n\t\r\n\u3000\n")),
    Bad("empty", "a byte order mark alone", one("a.txt", b"\xef\xbb\xbf")),
    Bad("empty", "a page without text", one("a.html", page(""))),
    Bad(
        "empty",
        "a page that a script would fill",
        one("a.html", page("<div id=app></div><script>x()</script>")),
    ),
    Bad("empty", "a Word document without text", one("a.docx", document(paragraph("")))),
    Bad("empty", "a Markdown file of marks alone", one("a.md", "# \n\n---\n\n> \n"), "either"),
    # Not a document.
    Bad("no document", "a PNG image", one("a.png", png())),
    Bad("no document", "a PNG image called .txt", one("a.txt", png())),
    Bad("no document", "a program (ELF)", one("a.bin", b"\x7fELF" + noise(400))),
    Bad("no document", "a database (SQLite)", one("a.db", b"SQLite format 3\0" + bytes(200))),
    Bad("no document", "random bytes", one("a.txt", noise(5000))),
    Bad(
        "no document",
        "an old Word file (.doc)",
        one("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(600)),
    ),
    Bad("no document", "Rich Text (.rtf)", one("a.rtf", "{\\rtf1\\ansi \\u38738? }")),
    Bad("no document", "a gzip file", one("a.gz", gzip.compress(TEXT.encode(), mtime=0))),
    Bad(
        "no document",
        "a spreadsheet (.xlsx) called .docx",
        lambda: {"a.docx": zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})},
    ),
    # Encodings.
    Bad("encoding", "UTF-8 with a byte order mark", one("a.txt", TEXT.encode("utf-8-sig")), "read"),
    Bad("encoding", "UTF-16 with a mark", one("a.txt", TEXT.encode("utf-16")), "read"),
    Bad("encoding", "UTF-16 without a mark", one("a.txt", TEXT.encode("utf-16-le")), "read"),
    Bad("encoding", "UTF-32", one("a.txt", TEXT.encode("utf-32")), "read"),
    Bad("encoding", "GB18030", one("a.txt", TEXT.encode("gb18030")), "read"),
    Bad(
        "encoding",
        "GB2312 that declares UTF-8",
        one("a.html", page(f"<p>{TEXT}</p>", '<meta charset="utf-8">').encode("gb2312")),
        "read",
    ),
    Bad(
        "encoding",
        "UTF-8 that declares GB2312",
        one("a.html", page(f"<p>{TEXT}</p>", '<meta charset="gb2312">')),
        "read",
    ),
    Bad("encoding", "Big5 without a declaration", one("a.txt", TRADITIONAL.encode("big5")), "read"),
    Bad(
        "encoding",
        "lines in UTF-8 and in GBK",
        one("a.txt", TEXT.encode() + SENTENCE.encode("gbk") + b"\n"),
        "read",
    ),
    Bad("encoding", "cut off inside a character", one("a.txt", (TEXT * 3).encode()[:-2]), "read"),
    Bad("encoding", "no encoding at all (0xFF)", one("a.txt", b"\xff" * 300)),
    Bad(
        "encoding",
        "Japanese in Shift JIS",
        one("a.txt", "これは日本語の文書です。行政の報告をまとめたものです。".encode("shift_jis")),
        "either",
    ),
    # Damaged text.
    Bad("damage", "traditional characters", one("a.txt", TRADITIONAL), "read"),
    Bad("damage", "a zero-width space behind every character", one("a.txt", "\u200b".join(TEXT)), "read"),
    Bad(
        "damage",
        "a space behind every character",
        one("a.txt", "\n".join(" ".join(line) for line in TEXT.split("\n"))),
        "read",
    ),
    Bad(
        "damage",
        "direction marks (U+202E) in names",
        one("a.txt", TEXT.replace("司法局", "司\u202e法局")),
        "read",
    ),
    Bad("damage", "control characters here and there", one("a.txt", TEXT * 60 + "\x07\x1b"), "read"),
    Bad("damage", "control characters everywhere", one("a.txt", "\x01".join(TEXT))),
    Bad("damage", "NUL bytes in a text", one("a.txt", TEXT.encode() + b"\0\0\0")),
    Bad(
        "damage",
        "a hijacked page",
        one("a.html", page(f"<a href=x>乐鱼体育官网入口</a><p>{TEXT}</p>")),
        "read",
    ),
    # Sizes and shapes.
    Bad("size", "60 MB of text", lambda: {"a.txt": big(TEXT, 60 * MEGABYTE)}),
    Bad(
        "size",
        "a line of 2 MB without a sentence end",
        lambda: {"a.txt": big("青川县司法局", 2 * MEGABYTE)},
        "either",
    ),
    Bad("size", "200 MB in one line", lambda: {"a.txt": big("青川县司法局", 200 * MEGABYTE)}),
    Bad("size", "a million 《", lambda: {"a.txt": ("青川县" + "《" * 1_000_000).encode()}, "either"),
    Bad(
        "size",
        "300,000 pairs of 《》",
        lambda: {"a.txt": ("青川县印发" + "《》" * 300_000 + "。").encode()},
        "either",
    ),
    Bad(
        "size",
        "a million line ends",
        lambda: {"a.txt": (TEXT + "\n" * 1_000_000 + SENTENCE).encode()},
        "read",
    ),
    Bad(
        "size", "100,000 nested <div>", lambda: {"a.html": page("<div>" * 100_000 + TEXT).encode()}, "either"
    ),
    Bad("size", "100,000 brackets (（（（…)", lambda: {"a.txt": (TEXT + "（" * 100_000).encode()}, "either"),
    Bad(
        "size",
        "50,000 digits as one number",
        lambda: {"a.txt": (TEXT + "办理案件" + "9" * 50_000 + "件。").encode()},
        "either",
    ),
    Bad(
        "size",
        "bait for patterns: 20,000 × “的和、”",
        lambda: {"a.txt": (TEXT + "县司法局的和、" * 20_000 + "。").encode()},
        "either",
    ),
    Bad(
        "size",
        "bait for patterns: 200,000 spaces between words",
        lambda: {"a.txt": (TEXT + "县" + " " * 200_000 + "司法局。").encode()},
        "either",
    ),
    Bad(
        "size",
        "bait for patterns: 50,000 × “2022年”",
        lambda: {"a.txt": (TEXT + "2022年" * 50_000).encode()},
        "either",
    ),
    # Containers.
    Bad("container", "a ZIP with a good report", one("a.zip", zipped({"青川.txt": TEXT.encode()})), "read"),
    Bad(
        "container",
        "a ZIP bomb (1 GB of zeros)",
        lambda: {"a.zip": zipped({"a.txt": bytes(1024 * MEGABYTE)})},
    ),
    Bad("container", "a ZIP whose member lies about its size", lambda: {"a.zip": lying()}),
    Bad(
        "container",
        "a ZIP with ../ in a name",
        one("a.zip", zipped({"../../../etc/cron.d/x.txt": TEXT.encode()})),
        "either",
    ),
    Bad(
        "container",
        "a ZIP with an absolute and a backslash name",
        one("a.zip", zipped({"/etc/a.txt": TEXT.encode(), "..\\..\\b.txt": TEXT.encode() + b"\n"})),
        "either",
    ),
    Bad(
        "container",
        "a ZIP in a ZIP in a ZIP",
        one("a.zip", zipped({"b.zip": zipped({"c.zip": zipped({"a.txt": TEXT.encode()})})})),
        "either",
    ),
    Bad("container", "a ZIP cut in half", lambda: {"a.zip": half(zipped({"a.txt": noise(9000)}))}),
    Bad("container", "a ZIP with a password", lambda: {"a.zip": locked()}),
    Bad(
        "container",
        "a ZIP of 30,000 empty files",
        lambda: {"a.zip": zipped({f"{at}.txt": b"" for at in range(30_000)})},
    ),
    # Word, PDF, saved pages, Markdown.
    Bad(
        "format",
        "a Word document that is sound",
        one("a.docx", document(paragraph("青川县2022年法治政府建设情况报告") + paragraph(SENTENCE))),
        "read",
    ),
    Bad("format", "a Word document with a billion laughs", one("a.docx", document(laughs()))),
    Bad(
        "format",
        "a Word document that includes a file of the system",
        one(
            "a.docx",
            document('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
        ),
    ),
    Bad(
        "format",
        "a Word document of 300 MB behind its compression",
        lambda: {"a.docx": document(paragraph("a" * (300 * MEGABYTE)))},
    ),
    Bad(
        "format", "a Word document cut in half", lambda: {"a.docx": half(document(paragraph(SENTENCE * 50)))}
    ),
    Bad(
        "format",
        "a PDF with text in Latin letters",
        one("a.pdf", pdf(b"BT /F1 12 Tf 50 700 Td (Hello) Tj ET")),
        "either",
    ),
    Bad("format", "a PDF without text (a scan)", one("a.pdf", pdf(b"0 0 100 100 re f"))),
    Bad("format", "a PDF cut in half", lambda: {"a.pdf": half(pdf(b"BT /F1 12 Tf (Hello) Tj ET", 9))}),
    Bad("format", "a PDF of noise", one("a.pdf", b"%PDF-1.7\n" + noise(5000))),
    Bad(
        "format",
        "a PDF with a password",
        one("a.pdf", pdf(b"", 1, b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >> ")),
    ),
    Bad(
        "format",
        "a PDF whose pages hold each other",
        one("a.pdf", pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")),
    ),
    Bad("format", "a PDF of 5,000 pages", lambda: {"a.pdf": pdf(b"BT /F1 12 Tf (x) Tj ET", 5000)}),
    Bad("format", "a saved page (MHTML)", one("a.mhtml", mhtml(f"<p>{TEXT}</p>")), "read"),
    Bad(
        "format",
        "a saved page with broken base64",
        one("a.mhtml", mhtml("@@@ not base64 @@@").replace("PCFE", "@@")),
        "either",
    ),
    Bad(
        "format",
        "Markdown with HTML and scripts in it",
        one("a.md", f"# 青川县2022年法治政府建设情况报告\n\n<script>alert(1)</script>\n\n{SENTENCE}\n"),
        "read",
    ),
    # Injection: each stands in the title, in names, beside numbers and in the file's name.
    Bad("injection", "markup (<script>)", everywhere("<script>alert(1)</script>"), "read"),
    Bad(
        "injection",
        "the end of a script element",
        everywhere('</script><img src=x onerror="alert(1)">'),
        "read",
    ),
    Bad(
        "injection",
        "Turtle and N-Quads (quotes, > .)",
        everywhere('"""@zh . <http://a/> <http://b/> <http://c/> .'),
        "read",
    ),
    Bad("injection", "SPARQL", everywhere("} INSERT DATA { <a:b> <a:b> <a:b> } #"), "read"),
    Bad("injection", "a formula of spreadsheets", everywhere('=HYPERLINK("http://x")'), "read"),
    Bad("injection", "a path (../../)", everywhere("..\\..\\..\\etc\\passwd"), "read"),
    Bad("injection", "terminal escapes", everywhere("\x1b]0;x\x07\x1b[31m"), "either"),
    Bad("injection", "direction and other format characters", everywhere("a\u202eb\u2066c\u2028"), "read"),
    Bad("injection", "JSON and JavaScript (\\u2028, quotes)", everywhere('\u2028"};alert(1);//'), "read"),
    Bad("injection", "characters beyond the basic plane", everywhere("\U00020bb7\U0001f600"), "read"),
)


def half(data: bytes) -> bytes:
    """Return the first half of some bytes."""
    return data[: len(data) // 2]


def lying() -> bytes:
    """Return an archive whose directory says that its member is small."""
    data = bytearray(zipped({"a.txt": big(TEXT, 80 * MEGABYTE)}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    data[22:26] = struct.pack("<I", 1000)
    return bytes(data)


def locked() -> bytes:
    """Return an archive that says of its member that it is encrypted."""
    data = bytearray(zipped({"a.txt": TEXT.encode()}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 8] |= 1
    data[6] |= 1
    return bytes(data)


if __name__ == "__main__":
    print(json.dumps({bad.what: {name: len(data) for name, data in bad.files().items()} for bad in INPUTS}))
