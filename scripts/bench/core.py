"""Characters per second from bytes to N-Quads, beside what others do with the same text in the same run.

All take turns on the same texts, the order changes from round to round, and what counts are ratios within a
round: what else the machine does meets all alike. Generated texts are new in each round, so that nothing is
answered from a memory, as in the midst of a large build; the documents of the sample are the same each time.
Garbage is collected as in the processes of a build, for all contestants.
"""

from __future__ import annotations

import gc
import importlib.util
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from generate import Generator
from measuring import rounded, spread
from sections import Options, Table, count

from kg import rules
from kg.graph import assembling
from kg.reading import read
from kg.rules import places
from kg.running import documents, workers
from kg.understanding import understand

OWN = "govkg"
WORDS = 50_000
YARDSTICKS = ("jieba.cut", "jieba.posseg")
Text = tuple[str, bytes, str]
"""A document: its name, its bytes, its text."""

Made = dict[str, int]
Runner = Callable[[Sequence[Text]], Made]


def measure(options: Options) -> dict[str, Any]:
    """Return for each kind of text and contestant the characters per second, and ratios to the yardsticks."""
    runners = contestants()
    found: dict[str, Any] = {}
    with as_in_builds():
        for kind, rounds in material(options).items():
            for run in runners.values():
                run(rounds[0])  # what is loaded or made at the first use is there before the clock starts
            found[kind] = _turns(rounds[1:], runners)
    return found


@contextmanager
def as_in_builds() -> Iterator[None]:
    """Have this process be, while the block runs, like one of a build that is about to read."""
    documents.prepare()
    before = gc.get_threshold()
    workers.collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def material(options: Options) -> dict[str, list[list[Text]]]:
    """Return the texts of each round, by kind, before them those of a round to warm up with."""
    sample = []
    for path in sorted(options.corpus.iterdir()):
        data = path.read_bytes()
        sample.append((path.name, data, read(data, path.name).text))
    kinds = {"sample": [sample] * (options.rounds + 1)}
    for name, length in (("reports", options.length), ("long reports", options.long)):
        maker = Generator(options.corpus, length, options.seed)
        number = 0
        rounds: list[list[Text]] = []
        for _ in range(options.rounds + 1):
            texts: list[Text] = []
            while sum(len(text) for _, _, text in texts) < options.characters:
                title, text = maker.report(number)
                data = text.encode()
                texts.append((title, data, read(data, title).text))
                number += 1
            rounds.append(texts)
        kinds[name] = rounds
    return kinds


def _turns(rounds: Sequence[Sequence[Text]], runners: dict[str, Runner]) -> dict[str, Any]:
    """Let all contestants take turns; return their figures."""
    work: dict[str, list[float]] = defaultdict(list)
    wall: dict[str, list[float]] = defaultdict(list)
    made: dict[str, Made] = {}
    sizes = [sum(len(text) for _, _, text in texts) for texts in rounds]
    names = list(runners)
    for turn, texts in enumerate(rounds):
        at = turn % len(names)
        for name in names[at:] + names[:at]:
            begun, used = time.perf_counter(), time.process_time()
            told = runners[name](texts)
            work[name].append(time.process_time() - used)
            wall[name].append(time.perf_counter() - begun)
            made[name] = {key: made.get(name, {}).get(key, 0) + value for key, value in told.items()}
    rows = {}
    for name in names:
        speeds = [size / taken for size, taken in zip(sizes, work[name], strict=True)]
        on_clock = [size / taken for size, taken in zip(sizes, wall[name], strict=True)]
        rows[name] = {
            "characters/s": spread(speeds),
            "characters/s on the clock": spread(on_clock),
            "of": {
                other: spread([b / a for a, b in zip(work[name], work[other], strict=True)])
                for other in YARDSTICKS
                if other in work
            },
            "per second": {key: rounded(value / sum(work[name])) for key, value in made[name].items()},
        }
    documents_told = sum(map(len, rounds))
    return {"documents": documents_told, "characters": sum(sizes), "rounds": len(rounds), "contestants": rows}


def contestants() -> dict[str, Runner]:
    """Return what is measured, by name, as far as it is installed."""
    words = vocabulary()
    found: dict[str, Runner] = {}
    import ahocorasick_rs  # noqa: PLC0415 - beside the other contestants

    one = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    found["ahocorasick_rs"] = lambda texts: {
        "words": sum(len(one.find_matches_as_indexes(t)) for *_, t in texts)
    }
    if importlib.util.find_spec("daachorse"):
        import daachorse  # noqa: PLC0415 - optional

        kind = daachorse.MATCH_KIND_LEFTMOST_LONGEST
        two = daachorse.CharwiseDoubleArrayAhoCorasick(words, kind)
        found["daachorse"] = lambda texts: {"words": sum(len(two.find(t)) for *_, t in texts)}
    if importlib.util.find_spec("rjieba"):
        import rjieba  # noqa: PLC0415 - optional

        found["rjieba.cut"] = lambda texts: {"words": sum(len(rjieba.cut(t)) for *_, t in texts)}
    if importlib.util.find_spec("jieba"):
        import jieba  # noqa: PLC0415 - optional
        import jieba.posseg  # noqa: PLC0415

        jieba.setLogLevel("ERROR")
        own = jieba.Tokenizer()
        own.initialize()
        tagger = jieba.posseg.POSTokenizer(own)
        found["jieba.cut"] = lambda texts: {"words": sum(1 for *_, t in texts for _ in own.cut(t))}
        found["jieba.posseg"] = lambda texts: {"words": sum(1 for *_, t in texts for _ in tagger.cut(t))}
    found[OWN] = whole
    return found


def whole(texts: Sequence[Text]) -> Made:
    """Read bytes, understand them, and write N-Quads lines."""
    facts = quads = 0
    loaded = rules.load()
    for name, data, _ in texts:
        analysis = understand(read(data, name), loaded)
        quads += len(assembling.lines(analysis))
        facts += len(analysis.facts)
    return {"facts": facts, "quads": quads}


def vocabulary() -> list[str]:
    """Return as many words as a list of names of places and things has, from the division table."""
    gazetteer = places.load().gazetteer
    names = {name for item in gazetteer.divisions.values() for name in (item.name, *item.short)}
    return sorted(name for name in names if len(name) > 1)[:WORDS]


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return a table for each kind of text."""
    found = []
    for kind, told in figures.items():
        rows = []
        for name, row in told["contestants"].items():
            speed = row["characters/s"]
            per = row["per second"]
            rows.append(
                [
                    name,
                    count(speed["median"]),
                    f"{count(speed['least'])}–{count(speed['most'])}",
                    count(row["characters/s on the clock"]["median"]),
                    *(_ratio(row["of"].get(other)) for other in YARDSTICKS),
                    ", ".join(f"{count(value)} {key}" for key, value in per.items()),
                ]
            )
        title = (
            f"{kind}: {told['documents']} documents, {count(told['characters'])} characters,"
            f" {told['rounds']} rounds"
        )
        headings = [
            "",
            "characters/s",
            "least–most",
            "on the clock",
            *(f"× {y}" for y in YARDSTICKS),
            "a second",
        ]
        found.append(Table(title, headings, rows))
    return found


def _ratio(told: dict[str, float] | None) -> str:
    return f"{told['median']:.2f} ({told['least']:.2f}–{told['most']:.2f})" if told else ""
