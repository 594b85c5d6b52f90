"""Reads a page's metadata off its layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.model import Field, Span
from kg.reading.labels import Pair
from kg.reading.layout import Layout
from kg.reading.lines import trim
from kg.reading.titles import cut_suffix
from kg.reading.values import document_number, iso_date
from kg.rules.layout import LayoutRules

_DATES = frozenset({"issued", "published"})
# What markup says that a page shows as well; the rest is said of its site, or to search engines.
_SHOWN = _DATES | {"title", "source"}


def read_fields(text: str, layout: Layout, extra: Sequence[Field], rules: LayoutRules) -> tuple[Field, ...]:
    """Return the fields of a page, each name and value once, in the order of where they stand.

    ``extra`` are fields that the page's markup gives; they count where the visible text says nothing.
    """
    fields = [field for pair in layout.pairs for field in _labelled(text, pair, rules)]
    fields += [_number(text, span, rules) for span in layout.numbers]
    if layout.site is not None:
        fields.append(
            Field("source", text[layout.site.start : layout.site.end], layout.site.start, layout.site.end)
        )
    if layout.title is not None:
        first = layout.lines[layout.title.lines[0]]
        own = Field("title", layout.title.text, first.start, layout.title.end)
        fields = [own, *(field for field in fields if field.name != "title")]
    if layout.addressee is not None:
        lines = text[layout.addressee.start : layout.addressee.end].split("\n")
        name = "".join(line.strip() for line in lines)
        if not rules.full("salutation", name):
            fields.append(Field("addressee", name, layout.addressee.start, layout.addressee.end))
    fields += [Field("signature", text[s.start : s.end], s.start, s.end) for s in layout.signers]
    if layout.signed is not None:
        fields.append(_date("signatureDate", text, layout.signed, rules))
    fields += _noted(layout, rules)
    names = {field.name for field in fields}
    if "published" not in names:
        fields += _dates_without_label(text, layout, rules)
        names = {field.name for field in fields}
    fields += [field for field in extra if field.name not in names]
    return _once(fields)


def _noted(layout: Layout, rules: LayoutRules) -> Iterator[Field]:
    """Yield what lines below the signature say: to whom a document was copied, which office printed it."""
    for line, role in zip(layout.lines, layout.roles, strict=True):
        notes = rules.notes if role == "furniture" else ()
        for match in filter(None, (pattern.fullmatch(line.text) for pattern in notes)):
            for name, value in match.groupdict().items():
                yield Field(name, value, line.start + match.start(name), line.start + match.end(name))


def markup_fields(
    text: str, title: str, meta: Iterable[tuple[str, str]], rules: LayoutRules
) -> Iterable[Field]:
    """Yield the fields that a page's markup gives; one that the visible text does not show has no extent."""
    stated = [(rules.meta[name], content) for name, content in meta if name in rules.meta]
    if title and "title" not in dict(stated):
        stated.append(("title", cut_suffix(title, rules)))
    for name, content in stated:
        match = rules.search("date_inside", content) if name in _DATES else None
        raw = match[0] if match else content
        value = iso_date(raw.strip(), rules) if name in _DATES else raw
        if value and not rules.full("empty", value):
            start = text.find(raw) if name in _SHOWN else -1
            yield Field(name, value, max(start, 0), start + len(raw) if start >= 0 else 0)


def _labelled(text: str, pair: Pair, rules: LayoutRules) -> Iterable[Field]:
    name = pair.label.field
    value = text[pair.start : pair.end]
    other = rules.search("unknown_label", value)
    if other is not None:
        pair = Pair(pair.label, pair.at, pair.start, pair.start + other.start())
        value = value[: other.start()]
    if not name or not value or rules.full("empty", value):
        return
    if name in _DATES and not any(sign.isdecimal() or sign in rules.digits for sign in value):
        return
    if name in _DATES:
        match = rules.search("date_inside", value) if not rules.full("date", value) else None
        start = pair.start + match.start() if match else pair.start
        end = pair.start + match.end() if match else pair.end
        yield _date(name, text, Span(start, end), rules)
    elif name == "docNumber":
        if any(sign.isdecimal() for sign in value):
            yield _number(text, Span(pair.start, pair.end), rules)
    elif name == "title":
        yield Field(name, cut_suffix(value, rules), pair.start, pair.end)
    else:
        end = pair.end
        # What follows two spaces is another cell of the same line.
        wide = next(
            (i for i in range(pair.start, pair.end - 1) if text[i].isspace() and text[i + 1].isspace()), -1
        )
        if name == "source" and wide >= 0:
            end = wide
        yield Field(name, text[pair.start : end], pair.start, end)


def _dates_without_label(text: str, layout: Layout, rules: LayoutRules) -> list[Field]:
    """Return the date of a byline (site, date, 来源) or of a line of its own in the header, as published."""
    for pair in layout.pairs:
        if pair.label.field not in {"source", ""}:
            continue
        line = next(line for line in layout.lines if line.begin <= pair.at < line.stop)
        for start, end in ((line.start, pair.at), (pair.start, pair.end)):
            match = rules.search("date_inside", text[start:end])
            # A value that is a date itself is what another label says (生效日期：2021-02-01).
            if match is not None and (start == line.start or match.start() > 0):
                span = Span(*trim(text, start + match.start(), start + match.end()))
                return [_date("published", text, span, rules)]
    # A date in brackets below a title is that of the document, one without them the page's.
    return [
        _date("published" if text[span.end - 1].isalnum() else "issued", text, span, rules)
        for span in layout.dates[:1]
    ]


def _number(text: str, span: Span, rules: LayoutRules) -> Field:
    return Field("docNumber", document_number(text[span.start : span.end], rules), span.start, span.end)


def _date(name: str, text: str, span: Span, rules: LayoutRules) -> Field:
    return Field(name, iso_date(text[span.start : span.end], rules), span.start, span.end)


def _once(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return each name and value once: where it stands first."""
    result: dict[tuple[str, str], Field] = {}
    for field in sorted(fields, key=lambda field: (field.start, field.end, field.name)):
        result.setdefault((field.name, field.value), field)
    return tuple(result.values())
