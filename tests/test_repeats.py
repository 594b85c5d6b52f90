"""The same report twice, as mirrors and formats make it, is reported; two reports of one place are not."""

from __future__ import annotations

from pathlib import Path

from helpers import builds
from hypothesis import given
from hypothesis import strategies as st

from kg.running import repeats

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
NAME = "景德镇市2022年法治政府建设情况报告.txt"


def test_a_mirror_with_other_surroundings_is_told(tmp_path: Path) -> None:
    text = (CORPUS / NAME).read_text(encoding="utf-8")
    lines = text.strip().split("\n")
    html = (
        "<html><body><p>首页 &gt; 政务公开</p>"
        + "".join(f"<p>{line}</p>" for line in lines)
        + "</body></html>"
    )
    changed = text.replace("深入", "持续深入", 2) + "\n来源：某某转载网\n"
    files: dict[str, str | bytes] = {
        "a.txt": text,
        "b.html": html.encode("gb18030"),
        "c.txt": changed,
        "d.txt": text.encode("utf-16"),
    }
    result = builds.run(builds.fill(tmp_path / "in", files), tmp_path / "out")
    told = {item["source"]: item for item in result.summary["repeats"]}
    assert set(told) == {"b.html", "c.txt", "d.txt"}
    assert {item["of"] for item in told.values()} == {"a.txt"}
    assert all(item["share"] >= 0.8 for item in told.values())
    assert len(result.summary["documents"]) == 4, "nothing is left out"
    assert all("sketch" not in row for row in result.summary["documents"])


def test_the_reports_of_the_corpus_do_not_repeat_each_other(tmp_path: Path) -> None:
    assert builds.run(CORPUS, tmp_path / "out").summary["repeats"] == []


def test_short_documents_are_not_compared(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{n}.txt": f"青川县2022年报告{n}\n我县开展普法。" for n in range(3)}
    assert builds.run(builds.fill(tmp_path / "in", files), tmp_path / "out").summary["repeats"] == []


@given(st.lists(st.sets(st.integers(0, 40), min_size=8, max_size=24), max_size=6))
def test_each_repeats_one_before_it_that_repeats_none(parts: list[set[int]]) -> None:
    rows = [(f"{n}.txt", "".join(sorted(f"{each:012x}" for each in part))) for n, part in enumerate(parts)]
    told = repeats.repeats(lambda: rows)
    assert not {item["of"] for item in told} & {item["source"] for item in told}
    for item in told:
        assert str(item["of"]) < str(item["source"])
        assert repeats.SHARE <= float(str(item["share"])) <= 1
