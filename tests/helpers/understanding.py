"""A stand-in for the reading side: understands four plain sentences, so that a build can be tested by itself.

The first line is the title (``昌江黎族自治县2022年报告``); every other line is one sentence:
``<body><verb><thing>。`` with the verbs below, ``计划`` in front for what is planned, or
``<body>办理<indicator><number><unit>。``
"""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from pathlib import Path

from kg import ids
from kg.errors import InputError
from kg.model import (
    Analysis,
    Document,
    Entity,
    Fact,
    Kind,
    Observation,
    Region,
    ReportFacts,
    Segment,
    Span,
    Unsure,
)

HOME = ids.jurisdiction("469026")
GOVERNMENT = ids.institution(HOME, "人民政府")

VERBS = {
    "印发": ("issued", Kind.POLICY_DOCUMENT, ids.policy_document),
    "开展": ("carriedOut", Kind.INITIATIVE, ids.initiative),
    "获得": ("received", Kind.HONOUR, ids.honour),
    "成立": ("established", Kind.INSTITUTION, lambda name: ids.institution(HOME, name)),
}
SENTENCE = re.compile(rf"(计划)?(.*?)({'|'.join(VERBS)})(.+)。")
NUMBER = re.compile(r"(.*?)办理(\D+?)([0-9.]+)(\D*)。")


def analyse(path: Path, source: str, rules: object, overrides: object = None) -> Analysis:
    data = path.read_bytes()
    if not data.strip():
        raise InputError(source, "empty", "holds no text", "remove it or put text into it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(source, "encoding", "is not UTF-8 text", "save it as UTF-8") from error
    return analysis(text, source, hashlib.sha256(data).hexdigest())


def analysis(text: str, source: str = "a.txt", sha256: str = "") -> Analysis:
    sha256 = sha256 or hashlib.sha256(text.encode()).hexdigest()
    entities = {
        HOME: Entity(
            HOME,
            Kind.JURISDICTION,
            "昌江黎族自治县",
            ("昌江",),
            (("code", "469026"), ("level", "county")),
            (("within", ids.jurisdiction("460000")),),
        ),
        GOVERNMENT: Entity(
            GOVERNMENT,
            Kind.INSTITUTION,
            "昌江黎族自治县人民政府",
            (),
            (("institutionType", "government"),),
            (("serves", HOME),),
        ),
    }
    facts, observations, mentions, segments = [], [], [(HOME, 0, 7)], []
    start = 0
    for number, line in enumerate(text.split("\n")):
        span = Span(start, start + len(line))
        start += len(line) + 1
        kind = "title" if number == 0 else "sentence"
        segments.append(
            Segment(span.start, span.end, kind, "一/(二)" if number > 1 else "", (), "done", 0, ())
        )
        if hit := NUMBER.fullmatch(line):
            where = Span(span.start + hit.start(3), span.start + hit.end(4))
            observations.append(
                Observation(
                    "", "办理" + hit[2], Decimal(hit[3]), hit[4], False, False, span, where, "number.plain"
                )
            )
        elif hit := SENTENCE.fullmatch(line):
            predicate, thing_kind, mint = VERBS[hit[3]]
            thing = mint(hit[4])
            entities[thing] = Entity(thing, thing_kind, hit[4])
            mentions += [(thing, span.start + hit.start(4), span.start + hit.end(4)), (GOVERNMENT, 0, 0)]
            facts.append(
                Fact(GOVERNMENT, predicate, thing, (span,), f"relation.{predicate}", planned=bool(hit[1]))
            )
    title = text.split("\n", maxsplit=1)[0]
    year = re.search(r"(\d{4})年", title)
    return Analysis(
        document=Document(
            source, sha256, text, "utf-8", "text/plain", (Region(0, len(text), "body"),), (), ()
        ),
        report=ReportFacts(
            id=ids.report(sha256),
            title=title,
            year=year[1] if year else "",
            jurisdiction=HOME,
            issuer=GOVERNMENT,
            addressee="",
            doc_numbers=("昌府〔2023〕1号",),
            issued="2023-01-15",
            published="2023-01",
        ),
        segments=tuple(segments),
        entities=tuple(entities.values()),
        mentions=tuple(mentions),
        facts=tuple(facts),
        observations=tuple(observations),
        unsure=(Unsure("昌江", 0, 2, (HOME, ids.jurisdiction("360202")), "shared name"),),
    )
