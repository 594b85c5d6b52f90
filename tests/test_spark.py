"""A build on Spark, on executors of its own, says what a build here says, byte for byte, and is done once."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from click.testing import CliRunner
from pyarrow import parquet
from pyspark.sql import SparkSession

from kg.cli import main
from kg.errors import EngineError, StoreError
from kg.running import build, inputs, outputs
from kg.running import parquet as tables
from kg.running.spark import building, parts, places, session
from kg.running.spark.places import Place

ROOT = Path(__file__).resolve().parents[1]
PARTS = 4
DECISION = "surface\tdocument\tmeaning\twho\twhy\n县司法局\tplain.txt\t330521\tA\ttold\n"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Start a cluster of two executors, processes of their own as on other machines."""
    with session.started("local-cluster[2,1,1024]") as started:
        yield started


@pytest.fixture(scope="module")
def inputs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample corpus, some of it twice, with all that a build meets besides good files."""
    folder = tmp_path_factory.mktemp("documents") / "in"
    first = sorted((ROOT / "corpus").glob("*.txt"))
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        for path in first[: 5 if name == "b" else None]:
            shutil.copy(path, folder / name)
    (folder / "empty.txt").write_text("")
    (folder / "binary.bin").write_bytes(bytes(range(256)) * 20)
    page = "第一部分 某县情况\n# 某县推行“河长制”。\n* 某县司法局印发《某办法》。\n"
    (folder / "page.md").write_text(page, encoding="utf-8")
    (folder / "page.txt").write_text(page, encoding="utf-8")
    (folder / "plain.txt").write_text(
        "湖州市2021年法治政府建设情况报告\n县司法局开展人民调解。\n", encoding="utf-8"
    )
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("inside.txt", first[0].read_text(encoding="utf-8").replace("2022", "2021"))
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 not really")
    return folder


@pytest.fixture(scope="module")
def decided(inputs_folder: Path) -> Path:
    path = inputs_folder.parent / "decided.tsv"
    path.write_text(DECISION, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def here(inputs_folder: Path, decided: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build on this machine, without Spark."""
    folder = tmp_path_factory.mktemp("here")
    build.build([inputs_folder], folder, outputs.Settings(html=False, overrides=decided))
    return folder


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return three documents, for what does not need more."""
    folder = tmp_path_factory.mktemp("few") / "in"
    folder.mkdir()
    for path in sorted((ROOT / "corpus").glob("*.txt"), key=lambda path: path.stat().st_size)[:3]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def few_here(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("few-here")
    build.build([few], folder, outputs.Settings(html=False))
    return folder


Run = Callable[..., Path]


@pytest.fixture(scope="module")
def on_spark(spark: SparkSession, inputs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    def run(
        *paths: Path, folder: Path | None = None, more: inputs.More | None = None, **settings: Any
    ) -> Path:
        into = folder or tmp_path_factory.mktemp("spark")
        wanted = building.Settings(partitions=PARTS, **settings)
        building.build([str(path) for path in paths or (inputs_folder,)], str(into), wanted, more)
        return into

    return run


@pytest.fixture(scope="module")
def there(on_spark: Run, decided: Path) -> Path:
    """Build the same on Spark."""
    return on_spark(overrides=decided)


def listed(folder: Path, *kinds: str) -> list[Path]:
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    return [folder / name for name in files if name.startswith(kinds)]


def quads(folder: Path) -> list[bytes]:
    return sorted(
        line for path in listed(folder, "quads/", "reference/") for line in path.read_bytes().splitlines(True)
    )


def local_quads(folder: Path) -> list[bytes]:
    return sorted((folder / "graph.nq").read_bytes().splitlines(True))


def rows(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [row for path in listed(folder, kind) for row in parquet.read_table(path).to_pylist()]


def content(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return found


def test_the_facts_are_those_of_a_build_without_spark(here: Path, there: Path) -> None:
    assert quads(there) == local_quads(here)
    assert len(quads(there)) > 20_000


def test_the_summary_counts_and_skips_the_same(here: Path, there: Path) -> None:
    own, other = summary(here), summary(there)
    same = set(own) - {"files", "documents", "limits"}
    assert {name: other[name] for name in same} == {name: own[name] for name in same}
    assert {item["reason"] for item in own["skipped"]} >= {"empty", "binary", "duplicate", "damaged"}
    assert other["overrides"][0]["applied"], "the decision was not applied"
    assert other["repeats"]
    assert other["read"] == len(own["documents"])


def test_texts_and_rows_are_the_same(here: Path, there: Path) -> None:
    texts = {row["report"].rpartition("/")[2]: row for row in rows(there, "texts/")}
    assert {name: row["text"] for name, row in texts.items()} == {
        path.stem: path.read_bytes().decode() for path in (here / "texts").iterdir()
    }
    assert {name: "".join(f"{line}\n" for line in row["mentions"]) for name, row in texts.items()} == {
        path.stem: path.read_text(encoding="utf-8") for path in (here / "mentions").iterdir()
    }
    told = [json.loads(row["row"]) for row in rows(there, "documents/") if row["reason"] is None]
    assert sorted(told, key=lambda row: row["source"]) == summary(here)["documents"]


def test_the_graph_of_a_document_lies_in_one_file(there: Path) -> None:
    places: dict[bytes, set[str]] = {}
    for path in listed(there, "quads/"):
        for line in path.read_bytes().splitlines():
            places.setdefault(line.rsplit(b" ", 2)[1], set()).add(path.name)
    assert len(places) > PARTS
    assert all(len(files) == 1 for files in places.values())


def test_the_same_documents_give_the_same_files(on_spark: Run, few: Path) -> None:
    folder = on_spark(few)
    before = content(folder)
    assert content(on_spark(few)) == before, "a fresh build"
    times = {path: path.stat().st_mtime_ns for path in listed(folder, "")}
    assert content(on_spark(few, folder=folder)) == before, "the same once more"
    assert {path: path.stat().st_mtime_ns for path in listed(folder, "")} == times, "nothing was made again"


def test_what_is_done_before_an_interruption_is_not_done_again(
    on_spark: Run, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = on_spark(few, folder=tmp_path / "out")
    before = quads(folder)

    def stop(text: str) -> None:
        raise KeyboardInterrupt

    settings = building.Settings(partitions=3 * PARTS)
    monkeypatch.setattr(session, "_POLL", 0.05)
    with pytest.raises(KeyboardInterrupt):
        building.build([str(ROOT / "corpus")], str(folder), settings, tell=stop)
    assert not (folder / "_SUCCESS").exists()
    assert quads(folder) == before, "what the manifest lists is the output before"
    done = len(list((folder / "parts").glob("*.json")))
    assert done

    result = building.build([str(ROOT / "corpus")], str(folder), settings)
    assert result.reused
    assert result.read
    assert (folder / "_SUCCESS").exists()
    building.build([str(ROOT / "corpus")], str(tmp_path / "fresh"), settings)
    assert content(folder) == content(tmp_path / "fresh"), "nothing of the interrupted one is left"


def test_a_changed_document_makes_its_part_again(on_spark: Run, few: Path, tmp_path: Path) -> None:
    given = tmp_path / "in"
    shutil.copytree(few, given)
    folder = on_spark(given, folder=tmp_path / "out")
    before = content(folder)
    path = sorted(given.glob("*.txt"))[0]
    path.write_text(path.read_text(encoding="utf-8") + "某县推行“河长制”。\n", encoding="utf-8")
    on_spark(given, folder=folder)
    kept = {name for name in listed(folder, "quads/") if name.relative_to(folder).as_posix() in before}
    assert 0 < len(kept) < PARTS
    build.build([given], tmp_path / "here", outputs.Settings(html=False))
    assert quads(folder) == local_quads(tmp_path / "here")


def test_a_table_of_documents_is_read_like_a_folder(
    on_spark: Run, here: Path, inputs_folder: Path, decided: Path, tmp_path: Path
) -> None:
    read = [item["source"] for item in summary(here)["documents"]]
    skipped = [item["source"] for item in summary(here)["skipped"] if item["reason"] != "damaged"]
    sources = {item.name: item for item in inputs.find([inputs_folder], tmp_path)}
    names = sorted([*read, *skipped])
    data = [sources[name].read_bytes() for name in names]
    half = len(names) // 2
    for number, (some, bodies) in enumerate(((names[:half], data[:half]), (names[half:], data[half:]))):
        (tmp_path / "pages.parquet").mkdir(exist_ok=True)
        parquet.write_table(
            pyarrow.table({"name": some, "content": bodies}), tmp_path / f"pages.parquet/{number}.parquet"
        )
    folder = on_spark(tmp_path / "pages.parquet", overrides=decided)
    assert quads(folder) == local_quads(here)


def test_a_table_says_what_a_list_can_say(on_spark: Run, tmp_path: Path) -> None:
    text = "关于印发方案的通知\n某县人民政府印发《某方案》。\n"
    pages = {
        "id": ["1", "2", "3"],
        "text": [text, text.replace("某县", "昌江黎族自治县"), None],
        "title": ["题名一", None, None],
        "date": ["2021/1/7", None, "2020-01-01"],
        "url": ["https://example.org/1", "no address", None],
    }
    parquet.write_table(pyarrow.table(pages), tmp_path / "pages.parquet")
    folder = on_spark(tmp_path / "pages.parquet")
    listing = tmp_path / "list.tsv"
    listing.write_text(
        "id\ttext\ttitle\tdate\turl\n"
        f'1\t"{text}"\t题名一\t2021/1/7\thttps://example.org/1\n'
        f'2\t"{pages["text"][1]}"\t\t\t\n',
        encoding="utf-8",
    )
    build.build([], tmp_path / "here", outputs.Settings(html=False), more=inputs.More(listing))
    own = [line.replace(b"list.tsv#", b"") for line in local_quads(tmp_path / "here")]
    assert quads(folder) == sorted(own)
    assert [item["reason"] for item in summary(folder)["skipped"]] == ["row"]


def test_a_list_of_documents_means_the_same(on_spark: Run, tmp_path: Path, spark: SparkSession) -> None:
    (tmp_path / "a.txt").write_text("某县人民政府印发《某方案》。\n", encoding="utf-8")
    listing = tmp_path / "list.tsv"
    listing.write_text(
        "path\ttitle\turl\na.txt\t题名\thttps://example.org/\nmissing.txt\t\t\n", encoding="utf-8"
    )
    settings = building.Settings(partitions=PARTS)
    building.build([], str(tmp_path / "out"), settings, inputs.More(listing))
    build.build([], tmp_path / "here", outputs.Settings(html=False), more=inputs.More(listing))
    assert quads(tmp_path / "out") == local_quads(tmp_path / "here")
    assert summary(tmp_path / "out")["skipped"] == summary(tmp_path / "here")["skipped"]


@pytest.mark.parametrize("form", ["nq.gz", "parquet"])
def test_quads_can_be_packed_or_tables(on_spark: Run, form: str, few: Path, few_here: Path) -> None:
    folder = on_spark(few, form=form)
    found: list[bytes] = []
    for path in listed(folder, "quads/", "reference/"):
        if form == "parquet":
            columns = ("subject", "predicate", "object", "graph")
            table = parquet.read_table(path).to_pylist()
            found += [f"{' '.join(row[name] for name in columns)} .\n".encode() for row in table]
        else:
            found += gzip.decompress(path.read_bytes()).splitlines(True)
    assert sorted(found) == local_quads(few_here)


def test_a_document_that_cannot_be_read_stops_no_executor(on_spark: Run, few: Path, tmp_path: Path) -> None:
    shutil.copytree(few, tmp_path / "in")
    (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nowhere")
    folder = on_spark(tmp_path / "in", folder=tmp_path / "out")
    assert [item["reason"] for item in summary(folder)["skipped"]] == ["unreadable"]
    (tmp_path / "nowhere").write_text("某县人民政府印发《某方案》。\n", encoding="utf-8")
    on_spark(tmp_path / "in", folder=folder)
    assert not summary(folder)["skipped"], "it is tried again"


def test_an_output_folder_that_cannot_be_written_is_told_by_place(
    on_spark: Run, few: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "quads").write_text("in the way")
    with pytest.raises(EngineError, match=r"quads.*choose another folder with -o"):
        on_spark(few, folder=tmp_path / "out")


def test_the_command_builds_and_tells(spark: SparkSession, few: Path, tmp_path: Path) -> None:
    arguments = [
        "build",
        str(few),
        "--engine",
        "spark",
        "--partitions",
        "4",
        "-o",
        str(tmp_path / "o"),
    ]
    result = CliRunner().invoke(main, [*arguments, "--strict"])
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "3 documents in 4 parts (3 read, 0 unchanged, 0 skipped)" in result.stderr
    assert "manifest.json" in result.stderr
    mixed = CliRunner().invoke(main, ["build", str(few), "-o", str(tmp_path / "o")])
    assert mixed.exit_code == 2
    assert "built on Spark" in mixed.stderr


# --- without a cluster


def test_a_graph_built_without_spark_is_not_written_over(here: Path) -> None:
    with pytest.raises(StoreError, match="without Spark"):
        building._check(Place(str(here)), str(here))


def test_missing_java_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    arguments = ["build", str(ROOT / "corpus"), "--engine", "spark", "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Java is not installed; install Java 17" in result.stderr
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match="JAVA_HOME"):
        session.require()


def test_missing_pyspark_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"pip install 'govkg\[spark\]'"):
        session.require()


@pytest.mark.parametrize("option", ["--master=local[1]", "--partitions=2", "--format=nq.gz"])
def test_options_of_spark_need_spark(option: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["build", str(ROOT / "corpus"), option, "-o", str(tmp_path)])
    assert result.exit_code == 2
    assert "--engine spark" in result.stderr


def test_executors_of_another_version_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = building.Settings()
    plan = parts.Plan(str(tmp_path), "nq", settings.base, 1, (), settings.limits, "another")
    with pytest.raises(EngineError, match="another version"):
        parts.check(plan)
    monkeypatch.setattr("kg.resources.RULE_DATA", tmp_path / "package.zip" / "rules")
    with pytest.raises(EngineError, match="zipped"):
        parts.check(plan)


def test_a_table_needs_a_column_of_documents() -> None:
    with pytest.raises(StoreError, match="no column called content, text or path"):
        tables.columns("t.parquet", ["body", "when"])
    found = tables.columns("t.parquet", ["Name", "content", "text", "发布日期", "mood"])
    assert dict(found.fields) == {"Name": "id", "content": "content", "text": "text", "发布日期": "published"}
    assert found.unused == ("mood",)


def test_paths_in_a_table_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    columns = tables.columns("t.parquet", ["path"])
    home = tables.home(str(tmp_path / "t.parquet"))
    assert tables.source({"path": "a.txt"}, columns, home).path == tmp_path.resolve() / "a.txt"
    for path in ("../../etc/passwd", "/etc/passwd"):
        refused = tables.source({"path": path}, columns, home)
        assert refused.refusal is not None
        assert "outside" in refused.refusal[1]
    assert tables.source({"path": "a.txt"}, columns, tables.home("s3://b/t.parquet")).refusal is not None


def test_a_file_is_there_completely_or_not_at_all(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    with pytest.raises(ValueError, match="half"), place.writing("quads/a.nq", "1") as aside:
        aside.stream.write(b"half")
        raise ValueError("half")
    assert place.sizes("quads") == {}
    assert place.sizes("nowhere") == {}
    assert places.is_remote("s3a://bucket/x")
    with pytest.raises(StoreError, match="another folder with -o"):
        Place("nosuch://bucket")
