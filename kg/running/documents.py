"""Reads one document for a build: from its bytes to an entry of the cache."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.running import cache, inputs, repeats

if TYPE_CHECKING:  # the stages and the rules are heavy, and not needed where nothing is to be read
    from kg.model import Analysis


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read for an entry of the cache."""

    source: inputs.Source
    sha256: str
    key: str
    base: str
    overrides: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a job: the entry, whether it is to be kept, and the reason if the document was skipped."""

    entry: cache.Packed
    lasting: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one document: its row of the summary, its N-Quads lines, its text, and who it names."""

    row: cache.Row
    lines: tuple[str, ...] = ()
    text: str | None = None
    mentions: tuple[str, ...] = ()
    lasting: bool = True
    """Whether the same bytes give the same again; permissions and memory may change while bytes do not."""


def read(job: Job) -> Reply:
    """Read a file, and return what it says as the cache keeps it."""
    found = examine(job.source, job.sha256, job.base, job.overrides)
    entry = cache.packed(job.key, found.row, found.lines, found.text, found.mentions)
    return Reply(entry, found.lasting, found.row.get("skipped", {}).get("reason", ""))


def failed(job: Job, reason: str, problem: str, advice: str) -> Reply:
    """Return what came of a job that could not be done this time."""
    row = skipped(job.source.name, job.sha256, reason, problem, advice)
    return Reply(cache.packed(job.key, row), lasting=False, reason=reason)


def examine(
    source: inputs.Source, sha256: str, base: str, overrides: Sequence[tuple[str, str]] = ()
) -> Entry:
    """Return what one document says: from its bytes and the rules alone, with nothing written.

    Args:
        source: the document.
        sha256: the digest of its bytes, in hex.
        base: where the identities of things begin.
        overrides: what names mean in it, as the user decided: by the name as written.

    """
    from kg import rules, understanding  # noqa: PLC0415
    from kg.graph import assembling  # noqa: PLC0415

    said = [dict(source.said)] if source.said else []
    file = source.path if source.is_file else source
    try:
        analysis = understanding.analyse(file, source.name, rules.load(), dict(overrides), *said)
        lines = assembling.lines(analysis, base)
    except InputError as error:
        row = skipped(source.name, sha256, error.reason, error.problem, error.advice)
        return Entry(row, lasting=error.reason != "unreadable")
    except OSError as error:
        return Entry(unreadable(source.name, sha256, error), lasting=False)
    except MemoryError:  # told by who set the limit
        raise
    except Exception as error:  # a defect that one document hits must not cost the other thousands
        problem = f"the program failed on it ({type(error).__name__}: {error})"
        advice = "please report this, with the file if you may"
        return Entry(skipped(source.name, sha256, "internal", problem, advice), lasting=False)
    marks = tuple(f"{start}\t{end}\t{thing}" for thing, start, end in analysis.mentions)
    row = describe(source, base, analysis)
    return Entry(row, tuple(lines), analysis.document.text, marks)


def prepare() -> None:
    """Load everything that reading needs: a wrong rule stops the build here, before the first document.

    Processes started afterwards find it loaded.
    """
    from kg import rules, understanding  # noqa: F401, PLC0415
    from kg.graph import assembling, concepts  # noqa: F401, PLC0415
    from kg.rules import canonical, conflicts, layout, measures, periods  # noqa: PLC0415

    rules.load()
    conflicts.load()
    layout.load_layout_rules()
    measures.load()
    canonical.load()
    periods.load()
    concepts.load()


def skipped(source: str, sha256: str, reason: str, problem: str, advice: str) -> cache.Row:
    """Return the row of a file that could not be read."""
    return {
        "source": source,
        "sha256": sha256,
        "skipped": {"reason": reason, "problem": problem, "advice": advice},
    }


def refused(source: str, error: InputError) -> cache.Row:
    """Return the row of a document that is known not to be read before its bytes are."""
    return skipped(source, "", error.reason, error.problem, error.advice)


def unreadable(source: str, sha256: str, error: OSError) -> cache.Row:
    """Return the row of a file that the system does not let read; it is not remembered."""
    problem = f"cannot be opened ({error.strerror or error})"
    return skipped(source, sha256, "unreadable", problem, "check the file and its permissions")


def describe(source: inputs.Source, base: str, analysis: Analysis) -> cache.Row:
    """Return what the summary tells of a document that was read."""
    report = analysis.report
    names = {entity.id: entity.name for entity in analysis.entities}
    done = {(f.subject, f.predicate, f.object) for f in analysis.facts if not f.planned}
    planned = {(f.subject, f.predicate, f.object) for f in analysis.facts if f.planned} - done
    return {
        "source": source.name,
        "sha256": analysis.document.sha256,
        **({"listed": dict(source.said)} if source.said else {}),
        "hash": report.id.rpartition("/")[2],
        "text sha256": hashlib.sha256(analysis.document.text.encode()).hexdigest(),
        "report": base + report.id,
        "title": report.title,
        "year": report.year,
        "jurisdiction": names.get(report.jurisdiction, ""),
        "characters": len(analysis.document.text),
        "encoding": analysis.document.encoding,
        "flags": list(analysis.document.flags),
        "sketch": repeats.sketch(analysis),
        "entities": len(analysis.entities),
        "facts": len(done),
        "planned": len(planned),
        "planned by predicate": dict(sorted(Counter(predicate for _, predicate, _ in planned).items())),
        "observations": len(analysis.observations),
        "unsure": [
            {
                "surface": item.surface,
                "start": item.start,
                "end": item.end,
                "candidates": list(item.candidates),
                "names": [_place_name(place) or names.get(place, "") for place in item.candidates],
                "reason": item.reason,
            }
            for item in analysis.unsure
        ],
        "conflicts": [
            {
                "kind": item.kind,
                "message": item.message,
                "values": list(item.values),
                "passages": [{"start": span.start, "end": span.end} for span in item.passages],
            }
            for item in analysis.conflicts
        ],
        "overrides": [
            {"surface": item.surface, "start": item.start, "end": item.end, "meaning": item.meaning}
            for item in analysis.decided
        ],
    }


def _place_name(entity: str) -> str:
    """Return the name of a place that a document only may have named."""
    from kg.rules import places  # noqa: PLC0415

    gazetteer = places.load().gazetteer
    code = entity.rpartition("/")[2]
    return gazetteer.full_name(code) if code in gazetteer.divisions else ""
