"""Tells what a build read and found, what it left open, and what stands out in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg import terms
from kg.analysing.stories.common import ended
from kg.analysing.surveying import Counted, Ranked, Survey
from kg.analysing.telling import Bars, Block, Cell, Story, Table
from kg.analysing.words import Text, code, joined, kind, listed, phrase, same, say
from kg.graph.built import Reading
from kg.graph.selection import THINGS, DocumentView, EvidenceView

Summary = Mapping[str, Any]
Row = Mapping[str, Any]

DOCUMENTS, SKIPPED, UNSURE, CONFLICTS = 500, 200, 40, 60
"""Rows that the page has at most; where there are more, it says where all are."""
_YEARS = 9
_NAMED = 4
_SAID = 3
_REACH = 120
"""Characters before and behind a name that are quoted at most, where its sentence is longer."""
_COMMA = "\uff0c"
_ENDS = "\n\u3002\uff01\uff1f\uff1b"


def tell(summary: Summary, survey: Survey, read: Reading) -> Story:
    """Return what a build came to, for people who see the graph for the first time."""
    rows = {row["report"]: row for row in reversed(summary["documents"])}
    quotes = _Quotes(rows, read, summary["base"])
    blocks: list[Block] = [_coverage(summary["documents"], survey)]
    blocks += [_shared(name, ranked, quotes) for name, ranked in survey.shared]
    blocks += [_connected(survey.connected), _measures(survey.measures), _kinds(summary), _relations(summary)]
    blocks += [_unsure(summary["documents"], quotes), _conflicts(summary["documents"], quotes)]
    blocks += [_skipped(summary["skipped"]), _repeats(summary["repeats"])]
    blocks += [_documents(summary), _files(summary["files"])]
    told = tuple(block for block in blocks if block.rows)  # type: ignore[union-attr]
    cited = {said.document for block in told for cell in _cells(block) for said in cell.evidence}
    return Story(
        title=say("ovr-title"),
        sentences=(Cell(_lead(summary, survey)),),
        blocks=told,
        columns=(),
        records=(),
        notes=(*(say("ovr-limit", note=note) for note in summary["limits"]), say("ovr-note")),
        documents=tuple(_view(rows[report]) for report in sorted(cited & rows.keys())),
    )


def counts(summary: Summary, survey: Survey) -> tuple[tuple[str, int, Text, str], ...]:
    """Return the numbers at the head of the page: key, number, what it counts, the section that has more."""
    values = (
        ("documents", len(summary["documents"]), "documents"),
        ("places", survey.places, "coverage"),
        ("things", sum(summary["classes"].get(name, 0) for name in _NAMES), "kinds"),
        ("facts", _done(summary), "relations"),
        ("plans", sum(summary["planned"].values()), "relations"),
        ("numbers", summary["observations"], "measures"),
        ("unsure", summary["unsure"], "unsure"),
        ("conflicts", summary["conflicts"], "conflicts"),
        ("skipped", len(summary["skipped"]), "skipped"),
    )
    return tuple((key, n, say(f"ovr-{key}"), section) for key, n, section in values)


_NAMES = tuple(name for name in THINGS if name != "Report")


def _done(summary: Summary) -> int:
    return sum(n for name, n in summary["facts"].items() if name not in terms.REFERENCE_PREDICATES)


def _lead(summary: Summary, survey: Survey) -> Text:
    n = len(summary["documents"])
    regions = Counter(name for _, name in survey.regions.values())
    order = sorted(regions, key=lambda name: (-regions[name], name))
    read = say("ovr-read", n=n)
    if order:
        names = listed(order, most=_NAMED)
        read = say("ovr-read-places", n=n, places=survey.places, names=names)
    years = sorted({row["year"] for row in summary["documents"] if row["year"]})
    told = [read]
    if years:
        told.append(say("ovr-years" if years[1:] else "ovr-year", **_span(years)))
    plans = sum(summary["planned"].values())
    told.append(say("ovr-says", facts=_done(summary), plans=plans, numbers=summary["observations"]))
    return ended(*told)


def _span(years: Sequence[str]) -> dict[str, str]:
    return {"first": years[0], "last": years[-1]} if years[1:] else {"first": years[0]}


class _Quotes:
    """Cuts sentences out of the texts of reports."""

    def __init__(self, rows: Mapping[str, Row], read: Reading, base: str) -> None:
        self._rows = rows
        self._read = read
        self._base = base

    def naming(self, ranked: Ranked) -> tuple[tuple[EvidenceView, ...], tuple[str, ...]]:
        """Return a sentence of each report that a thing has been counted in, and what it is called there."""
        found, words = [], set()
        for report in ranked.reports:
            if report not in self._rows:
                continue
            text, mentions = self._read(report)
            mark = next(
                ((start, end) for start, end, thing in mentions if self._base + thing == ranked.iri), None
            )
            if mark:
                found.append(_sentence(report, text, *mark))
                words.add(text[slice(*mark)])
        return tuple(found), tuple(sorted(words, key=lambda word: (-len(word), word)))

    def at(self, report: str, start: int, end: int) -> tuple[EvidenceView, str]:
        """Return the sentence around a place of a text, and the words at that place."""
        text, _ = self._read(report)
        return _sentence(report, text, start, end), text[start:end]


def _sentence(report: str, text: str, start: int, end: int) -> EvidenceView:
    """Return the sentence around a name, or as much of it as one reads at a glance.

    >>> said = _sentence("r", "一是清理文件。市司法局开展培训12场。三是督察。", 7, 11)
    >>> said.quote, said.start, said.end
    ('市司法局开展培训12场。', 7, 19)
    """
    first = max(start - _REACH, 1 + max(text.rfind(sign, 0, start) for sign in _ENDS), 0)
    stops = [at + 1 for sign in _ENDS if (at := text.find(sign, end)) >= 0]
    last = min(end + _REACH, min(stops, default=len(text)), len(text))
    # What has to be cut is cut at a comma.
    if first == start - _REACH:
        first = max(first, text.find(_COMMA, first, start) + 1)
    if last == end + _REACH:
        last = max(end, text.rfind(_COMMA, end, last) + 1) if _COMMA in text[end:last] else last
    quote = text[first:last]
    first += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    return EvidenceView(report, first, first + len(quote), quote, "", "")


def _shared(name: str, ranked: Sequence[Ranked], quotes: _Quotes) -> Table:
    most = max((one.count for one in ranked), default=1)
    rows = []
    for one in ranked:
        said, words = quotes.naming(one)
        rows.append((_name(one), Cell(same(f"{one.count:,}"), said, share=one.count / most, words=words)))
    return Table(f"shared-{name}", kind(name), (say("item"), say("ovr-in-documents")), tuple(rows))


def _name(one: Ranked) -> Cell:
    return Cell(same(one.label), mark="thing", kind=one.kind, link=one.iri)


def _connected(ranked: Sequence[Ranked]) -> Table:
    most = max((one.count for one in ranked), default=1)
    rows = tuple(
        (_name(one), Cell(same(f"{one.count:,}"), one.evidence, share=one.count / most)) for one in ranked
    )
    columns = (say("item"), say("ovr-fact-count"))
    return Table("connected", say("ovr-connected"), columns, rows, note=say("ovr-connected-note"))


def _measures(counted: Sequence[Counted]) -> Table:
    most = max((one.places for one in counted), default=1)
    rows = tuple(
        (
            Cell(one.label),
            Cell(same(f"{one.places:,}"), one.evidence, share=one.places / most, words=one.words),
            Cell(same(f"{one.numbers:,}")),
        )
        for one in counted
    )
    columns = (say("measure"), say("ovr-place-count"), say("ovr-number-count"))
    return Table("measures", say("ovr-measures"), columns, rows, note=say("ovr-measures-note"))


def _coverage(documents: Sequence[Row], survey: Survey) -> Table:
    """Count documents by province and year; years long ago are put together."""
    years = sorted({row["year"] for row in documents if row["year"]})
    late = years[-_YEARS:]
    early = set(years) - set(late)
    found: Counter[tuple[tuple[str, str], str]] = Counter()
    for row in documents:
        year = "<" if row["year"] in early else row["year"]
        found[survey.regions.get(row["report"], _NOWHERE), year] += 1
    columns = [*(["<"] if early else []), *late]
    columns += [""] if any(year == "" for _, year in found) else []
    heads = [
        say("shp-before", year=late[0]) if year == "<" else same(year) if year else say("trc-undated")
        for year in columns
    ]
    most = max(found.values(), default=1)
    # A region's IRI ends in its code: the usual order of provinces; what lies nowhere comes last.
    regions = sorted({region for region, _ in found}, key=lambda region: (region == _NOWHERE, region))
    rows = tuple(
        (
            Cell(same(region[1]), link=region[0]) if region != _NOWHERE else Cell(say("ovr-no-region")),
            *(_heat(found[region, year], most) for year in columns),
        )
        for region in regions
    )
    title, note = say("ovr-coverage"), say("ovr-coverage-note")
    return Table("coverage", title, (say("ovr-region"), *heads), rows, note=note, matrix=True)


_NOWHERE = ("", "")


def _heat(n: int, most: int) -> Cell:
    return Cell(same(n), mark="heat", share=n / most) if n else Cell(say("mark-none"), mark="none")


def _kinds(summary: Summary) -> Bars:
    found = [(name, summary["classes"].get(name, 0)) for name in THINGS]
    rows = tuple(
        (Cell(kind(name), kind=name), ((say("ovr-count"), n, 2),))
        for name, n in sorted(found, key=lambda item: -item[1])
        if n
    )
    return Bars("kinds", say("ovr-kinds"), rows, note=say("ovr-kinds-note"))


def _relations(summary: Summary) -> Bars:
    done, planned = summary["facts"], summary["planned"]
    names = (done.keys() | planned.keys()) - terms.REFERENCE_PREDICATES
    order = sorted(names, key=lambda name: (-done.get(name, 0) - planned.get(name, 0), name))
    rows = tuple(
        (
            Cell(phrase(name)),
            tuple(
                part
                for part in (
                    (say("done"), done.get(name, 0), 0),
                    (say("planned"), planned.get(name, 0), -1),
                )
                if part[1]
            ),
        )
        for name in order
    )
    return Bars("relations", say("ovr-relations"), rows, note=say("ovr-relations-note"))


def _unsure(documents: Sequence[Row], quotes: _Quotes) -> Table:
    """Put names left unsure for one reason together: a thousand documents share a few of them."""
    times: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    places: dict[tuple[str, str, tuple[str, ...]], list[tuple[str, int, int]]] = {}
    for row in documents:
        seen = set()
        for item in row["unsure"]:
            key = (item["surface"], item["reason"], tuple(item["names"]))
            times[key] += 1
            known = places.setdefault(key, [])
            if len(known) < _SAID and key not in seen:
                known.append((row["report"], item["start"], item["end"]))
            seen.add(key)
    chosen = sorted(times, key=lambda key: (-times[key], key))[:UNSURE]
    most = max((times[key] for key in chosen), default=1)
    rows = tuple(
        (
            Cell(same(surface)),
            Cell(
                same(f"{times[surface, reason, names]:,}"),
                tuple(quotes.at(*place)[0] for place in places[surface, reason, names]),
                share=times[surface, reason, names] / most,
                words=(surface,),
            ),
            Cell(listed(filter(None, names), most=_NAMED) if any(names) else say("mark-none")),
            Cell(code("unsure", reason)),
        )
        for surface, reason, names in chosen
    )
    columns = tuple(map(say, ("item", "ovr-times", "ovr-candidates", "ovr-why")))
    return Table("unsure", say("ovr-unsure-title"), columns, rows, note=say("ovr-unsure-note"))


def _conflicts(documents: Sequence[Row], quotes: _Quotes) -> Table:
    """Tell of each contradiction the document, what differs, and each of the sentences."""
    rows: list[tuple[Cell, ...]] = []
    for row in documents:
        for item in row["conflicts"][: CONFLICTS - len(rows)]:
            said = [quotes.at(row["report"], span["start"], span["end"]) for span in item["passages"]]
            values = Text(" / ".join(item["values"]), item["message"])
            rows.append(
                (
                    Cell(same(_title(row)), link=row["report"]),
                    Cell(code("conflict", item["kind"]), note=values),
                    *(Cell(same(sentence.quote), (sentence,), words=(words,)) for sentence, words in said),
                )
            )
    columns = (say("ovr-file"), say("what"))
    return Table(
        "conflicts", say("ovr-conflicts-title"), columns, tuple(rows), note=say("ovr-conflicts-note")
    )


def _skipped(skipped: Sequence[Row]) -> Table:
    rows = tuple(
        (
            Cell(same(row["source"])),
            Cell(code("skipped", row["reason"]), note=same(row["problem"])),
            Cell(code("advice", row["advice"])),
        )
        for row in skipped[:SKIPPED]
    )
    columns = tuple(map(say, ("ovr-file", "ovr-why", "ovr-advice")))
    note = say("ovr-skipped-note")
    if len(skipped) > SKIPPED:
        note = say("ovr-first", note=note, n=SKIPPED, total=len(skipped))
    return Table("skipped", say("ovr-skipped-title"), columns, rows, note=note)


def _repeats(found: Sequence[Row]) -> Table:
    rows = tuple(
        (Cell(same(row["source"])), Cell(same(row["of"])), Cell(same(f"{row['share']:.0%}")))
        for row in found[:SKIPPED]
    )
    columns = tuple(map(say, ("ovr-file", "ovr-repeats-of", "ovr-share")))
    note = say("ovr-repeats-note")
    if len(found) > SKIPPED:
        note = say("ovr-first", note=note, n=SKIPPED, total=len(found))
    return Table("repeats", say("ovr-repeats-title"), columns, rows, note=note)


def _documents(summary: Summary) -> Table:
    documents = summary["documents"]
    rows = tuple(_document(row) for row in documents[:DOCUMENTS])
    note = say("ovr-documents-note" if "graph.html" in summary["files"] else "ovr-documents-note-plain")
    if len(documents) > DOCUMENTS:
        note = say("ovr-first", note=note, n=DOCUMENTS, total=len(documents))
    said = ("ovr-heading", "place", "year-column", "done", "planned", "ovr-number-count")
    columns = tuple(map(say, (*said, "ovr-open-points", "ovr-file", "ovr-remarks")))
    return Table("documents", say("ovr-documents-title"), columns, rows, note=note)


def _document(row: Row) -> tuple[Cell, ...]:
    remarks = [same(row["encoding"])] if row["encoding"] != "utf-8" else []
    remarks += [code("flag", flag) for flag in row["flags"]]
    open_points = len(row["unsure"]) + len(row["conflicts"])
    return (
        Cell(same(_title(row)), link=row["report"]),
        Cell(same(row["jurisdiction"]) if row["jurisdiction"] else say("mark-none")),
        Cell(same(row["year"]) if row["year"] else say("mark-none")),
        *(Cell(same(f"{n:,}")) for n in (row["facts"], row["planned"], row["observations"])),
        Cell(same(open_points) if open_points else say("mark-none")),
        Cell(same(row["source"])),
        Cell(joined("ovr-pair", remarks)),
    )


def _files(files: Iterable[str]) -> Table:
    rows = tuple((Cell(same(name)), Cell(code("file", name))) for name in files if name != "index.html")
    return Table("files", say("ovr-files"), (say("item"), say("ovr-purpose")), rows)


def _title(row: Row) -> str:
    return str(row["title"] or row["source"])


def _view(row: Row) -> DocumentView:
    return DocumentView(row["report"], _title(row), row["source"], row["year"], row["jurisdiction"])


def _cells(block: Block) -> Iterator[Cell]:
    if isinstance(block, Table):
        yield from (cell for row in block.rows for cell in row)
