"""Names are completed and resolved alike with the file of names, without it, and by looking at all."""

from __future__ import annotations

import difflib
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_names import written

from kg import ids, terms
from kg.graph import completing, names, naming, nquads, querying, store
from kg.graph.nquads import DCTERMS, RDF, SKOS

KINDS = [kind for kind in querying.KINDS if kind != "text"]
TEXTS = (
    "", "珠山", "司法局", "法", "枫桥", "行政复议", "3602", "2022", "县", "局", "市", "council", "REPORT",
    "of", "没有这样的", ".txt",
)  # fmt: skip
MISSPELT = (
    "珠山县",
    "司法菊",
    "枫乔经验",
    "行政复仪法",
    "行政复义案件",
    "360230",
    "2202",
    "县及",
    "policey",
    "x",
)
NAMED = (
    "珠山", "司法局", "《行政复议法》", "枫桥 经验", "枫桥經驗", "行政处罚法", "2019年", "２０１９年", "abc",
    "PPP", "é", "”", "“放管服”改革", "（试行）",
)  # fmt: skip
CLASSES = {
    "place": ("Jurisdiction",),
    "body": ("Institution",),
    "document": ("PolicyDocument",),
    "initiative": ("Initiative",),
    "honour": ("Honour",),
    "thing": ("Jurisdiction", "Institution", "PolicyDocument", "Initiative", "Honour"),
}


@pytest.fixture(scope="module")
def opened(corpus_build: Path) -> pyoxigraph.Store:
    return store.open_store(corpus_build)


@pytest.fixture(scope="module")
def known(corpus_build: Path) -> names.Names:
    found = names.opened(corpus_build, ids.DEFAULT_BASE)
    assert found is not None
    return found


@pytest.fixture(params=["with few", "with many"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the ways of a large graph in a small one, too."""
    if request.param == "with many":
        monkeypatch.setattr(completing, "_FEW", 3)
        monkeypatch.setattr(completing, "_MANY", 3)
        monkeypatch.setattr(names, "MOST", 40)


class Plain:
    """What there is, read from all triples at once."""

    def __init__(self, opened: pyoxigraph.Store) -> None:
        self.said: dict[str, list[tuple[str, str, str | None]]] = {}
        for quad in opened.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()):
            told = (quad.subject.value, quad.object.value, getattr(quad.object, "language", None))
            self.said.setdefault(quad.predicate.value, []).append(told)
        self.names: dict[str, set[str]] = {}
        for predicate in (SKOS + "prefLabel", SKOS + "altLabel", terms.gov("code")):
            for subject, name, _ in self.said.get(predicate, ()):
                self.names.setdefault(subject, set()).add(name)
        labels: dict[str, list[tuple[bool, str]]] = {}
        for subject, label, language in self.said[SKOS + "prefLabel"]:
            labels.setdefault(subject, []).append((language != "zh", label))
        self.labels = {subject: min(found)[1] for subject, found in labels.items()}

    def having(self, name: str) -> Iterator[str]:
        return (value for _, value, _ in self.said.get(terms.gov(name), ()))

    def all(self, kind: str) -> dict[str, tuple[str, set[str], int]]:
        """Return the label, the names and the number of all things of a kind, by their IRIs."""
        found: Iterable[str]
        if kind in CLASSES:
            classes = {terms.gov(name) for name in CLASSES[kind]}
            found = {subject for subject, class_, _ in self.said[RDF + "type"] if class_ in classes}
            counts = Counter(self.having("mentions"))
        elif kind == "year":
            counts = Counter(self.having("reportingYear"))
            return {year: (year, {year}, count) for year, count in counts.items()}
        elif kind == "report":
            titles = {subject: title for subject, title, _ in self.said[DCTERMS + "title"]}
            files = {subject: file for subject, file, _ in self.said[terms.gov("sourceFile")]}
            return {iri: (file, {file, titles[iri]}, 0) for iri, file in files.items()}
        else:
            stated = {
                "type": ("institutionType", "documentType", "initiativeType"),
                "measure": ("indicator",),
            }
            counts = Counter(value for name in stated.get(kind, (kind,)) for value in self.having(name))
            if kind == "measure":
                by_indicator, counts = counts, Counter()
                for indicator, measure, _ in self.said[SKOS + "broader"]:
                    counts[measure] += by_indicator[indicator]
            found = [iri for iri, count in counts.items() if count]
        return {iri: (self.labels[iri], self.names[iri], counts[iri]) for iri in found if iri in self.labels}


@pytest.fixture(scope="module")
def plain(opened: pyoxigraph.Store) -> Plain:
    return Plain(opened)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("many")
def test_what_is_completed_is_the_most_mentioned_that_has_the_text(
    kind: str, opened: pyoxigraph.Store, known: names.Names, plain: Plain
) -> None:
    everything = plain.all(kind)
    assert everything
    for text in TEXTS:
        for limit in (3, 20, 10_000):
            found = completing.complete(opened, kind, text, limit)
            assert completing.complete(opened, kind, text, limit, known) == found, (text, limit)
        wanted = text.casefold()
        meant = [
            (-count, label)
            for label, called, count in everything.values()
            if any(
                name.casefold().endswith(wanted) if kind == "place" else wanted in name.casefold()
                for name in called
            )
            or (kind == "place" and wanted in label.casefold())
        ]
        told = [(-item.reports, item.label.split(" (")[0]) for item in found]
        assert told == [(count, label.split(" (")[0]) for count, label in sorted(meant)], text
        shared = Counter(label for label, _, _ in everything.values())
        for item in found:
            assert (shared[item.label] == 1) == (item.value == item.label) or kind == "report"


def ratio(name: str, text: str) -> float:
    return difflib.SequenceMatcher(None, name, text, autojunk=False).ratio()


@pytest.mark.parametrize("kind", KINDS)
def test_near_names_are_those_most_alike(
    kind: str, opened: pyoxigraph.Store, known: names.Names, plain: Plain
) -> None:
    everything = plain.all(kind)
    for text in (*MISSPELT, ""):
        likeness = {
            iri: max(ratio(name.casefold(), text) for name in called)
            for iri, (_, called, _) in everything.items()
        }
        alike = sorted((-share, everything[iri][0]) for iri, share in likeness.items() if share >= 0.4)
        for limit in (1, 5, 50):
            found = completing.near(opened, kind, text, limit)
            assert [item.label.split(" (")[0] for item in found] == [
                label.split(" (")[0] for _, label in alike[:limit]
            ], (text, limit)
            assert completing.near(opened, kind, text, limit, known) == found, (text, limit)


@pytest.mark.parametrize("name", NAMED)
def test_a_name_means_the_same_with_and_without_the_file(
    name: str, opened: pyoxigraph.Store, known: names.Names
) -> None:
    found = naming.containing(opened, name)
    assert naming.containing(opened, name, known) == found
    exactly = naming.candidates(opened, name, ids.DEFAULT_BASE)
    assert naming.candidates(opened, name, ids.DEFAULT_BASE, known) == exactly


texts = st.text(
    st.sampled_from('aAéÉßﬁſΣςİK１1①½《》“”「」 \u200b"\\\n\u00adｶ゙がか㈠一法⺠民㍿𝐀\u0345ẚʾ가각'), max_size=4
)
THINGS = [nquads.iri(ids.DEFAULT_BASE + path) for path in ("jurisdiction/1", "institution/1/a", "report/1")]
stated = st.sets(
    st.builds(
        lambda subject, predicate, text: nquads.line(subject, nquads.iri(predicate), text, "<http://a/g>"),
        st.sampled_from(THINGS),
        st.sampled_from([SKOS + "prefLabel", SKOS + "altLabel", DCTERMS + "title"]),
        texts.map(lambda text: nquads.text(text, "zh")),
    ),
    max_size=4,
)


@given(stated, texts.filter(str.strip))
def test_any_writing_of_a_name_is_found(graph: set[str], text: str) -> None:
    classes = ("Jurisdiction", "Institution", "Report")
    typed = (
        nquads.line(thing, nquads.iri(RDF + "type"), nquads.iri(terms.gov(name)), "<http://a/g>")
        for thing, name in zip(THINGS, classes, strict=True)
    )
    made = pyoxigraph.Store()
    for line in (*graph, *typed):
        for quad in pyoxigraph.parse(f"{line}\n".encode(), pyoxigraph.RdfFormat.N_QUADS):
            made.add(quad)
            made.add(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, pyoxigraph.DefaultGraph()))
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), {line.encode() for line in graph})
        known = names.opened(folder, ids.DEFAULT_BASE)
        assert known is not None
        for kind in ("place", "body"):
            assert completing.complete(made, kind, text, 9, known) == completing.complete(made, kind, text, 9)
            assert completing.near(made, kind, text, 9, known) == completing.near(made, kind, text, 9)
        assert naming.containing(made, text, known) == naming.containing(made, text)
        base = ids.DEFAULT_BASE
        assert naming.candidates(made, text, base, known) == naming.candidates(made, text, base)


def test_signs_that_are_looked_for_as_they_are_come_from_no_others() -> None:
    for sign in map(chr, range(sys.maxunicode + 1)):
        folded = sign.casefold()
        if folded != sign:
            assert not any(map(names.is_unchanged, sign + folded)), sign
    assert names.is_unchanged("法")
    assert unicodedata.is_normalized("NFD", "法")
