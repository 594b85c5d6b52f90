"""Where documents come from: folders, archives, lists, standard input; none of them can lead elsewhere."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from helpers import builds
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import main
from kg.errors import InputError, StoreError
from kg.reading.addresses import web_address
from kg.running import archives, build, inputs, manifests, names, outputs

REPORT = (
    "青川市2022年法治政府建设情况报告\n青川市司法局\n2023年1月10日\n"
    "一、主要情况\n我市印发《青川市普法办法》。\n"
)
PLAIN = "一、主要情况\n我市印发《青川市普法办法》，开展法律明白人培养工程。\n"


def packed(path: Path, members: dict[str, str | bytes], **settings: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **settings) as archive:  # type: ignore[arg-type]
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def raw_names(path: Path, members: dict[bytes, bytes], flags: int = 0) -> Path:
    """Write an archive by hand, with names and flags that zipfile would not write."""
    body, directory = b"", b""
    for name, content in members.items():
        head = struct.pack(
            "<HHHHHLLLHH",
            20,
            flags,
            0,
            0,
            33,
            zipfile.crc32(content),
            len(content),
            len(content),
            len(name),
            0,
        )
        entry = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHLL", 0, 0, 0, 0, len(body))
        directory += entry + name
        body += b"PK\x03\x04" + head + name + content
    end = struct.pack("<HHHHLLH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)
    return path


def run(*arguments: object, stdin: bytes = b"") -> tuple[int, list[str]]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    assert "Traceback" not in result.output, result.output
    return result.exit_code, result.stderr.splitlines()


def built(source: Path | list[Path], target: Path, manifest: Path | None = None) -> build.Result:
    paths = source if isinstance(source, list) else [source]
    more = inputs.More(manifest)
    return build.build(paths, target, outputs.Settings(html=False), more=more)


def skipped(result: build.Result) -> dict[str, str]:
    return {item["source"]: item["reason"] for item in result.summary["skipped"]}


def read(result: build.Result) -> list[str]:
    return [item["source"] for item in result.summary["documents"]]


def names_in(*paths: Path) -> list[str]:
    return [source.name for source in inputs.find(list(paths), Path("nowhere"))]


# --- archives


def test_the_members_of_an_archive_are_documents(tmp_path: Path) -> None:
    packed(tmp_path / "in" / "年报.zip", {"内/甲.txt": REPORT, "乙.txt": PLAIN, "空/": ""})
    result = built(tmp_path / "in", tmp_path / "out")
    assert read(result) == ["年报.zip/乙.txt", "年报.zip/内/甲.txt"]
    assert skipped(result) == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"], "nothing is unpacked"


def test_a_member_is_the_document_that_its_file_would_be(tmp_path: Path) -> None:
    builds.fill(tmp_path / "files", {"甲.txt": REPORT})
    packed(tmp_path / "zip" / "a.zip", {"甲.txt": REPORT})
    one, two = built(tmp_path / "files", tmp_path / "one"), built(tmp_path / "zip", tmp_path / "two")
    first, second = (
        {line for line in (place / "graph.nq").read_text("utf-8").splitlines() if "sourceFile" not in line}
        for place in (one.folder, two.folder)
    )
    assert first == second


def test_packing_anew_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "in" / "a.zip"
    packed(path, {"甲.txt": REPORT, "乙.txt": PLAIN})
    built(tmp_path / "in", tmp_path / "out")
    before = builds.content(tmp_path / "out")
    packed(path, {"乙.txt": PLAIN, "甲.txt": REPORT}, compresslevel=1)
    again = built(tmp_path / "in", tmp_path / "out")
    assert (again.read, again.changed) == (0, False)
    assert builds.content(tmp_path / "out") == before
    packed(path, {"乙.txt": PLAIN})
    assert (built(tmp_path / "in", tmp_path / "out").removed, len(before)) == (1, len(before))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("..\\..\\windows\\a.txt", "windows/a.txt"),
        ("C:\\a.txt", "a.txt"),
        ("a\u202etxt.exe", "a\ufffdtxt.exe"),
        ("a\x1b[31m\nb.txt", "a\ufffd[31m\ufffdb.txt"),
        ("<script>alert(1)</script>.txt", "<script>alert(1)<_script>.txt".replace("_", "/")),
        ("..", "-"),
    ],
)
def test_names_of_members_are_shown_and_lead_nowhere(tmp_path: Path, name: str, shown: str) -> None:
    path = raw_names(tmp_path / "a.zip", {name.encode(): REPORT.encode()}, flags=0x800)
    assert names_in(path) == [f"a.zip/{shown}"]
    result = built(path, tmp_path / "out")
    assert read(result) == [f"a.zip/{shown}"]
    assert CliRunner().invoke(main, ["validate", "-g", str(result.folder)]).exit_code == 0


def test_names_of_members_in_other_encodings_are_chinese_where_they_are(tmp_path: Path) -> None:
    members = {"某县报告.txt".encode(coding): b"x" for coding in ("gbk", "utf-8")}
    members |= {"résumé.txt".encode("cp437"): b"x", "汇总\\报表.txt".encode("gbk"): b"x"}
    path = raw_names(tmp_path / "a.zip", members)
    assert names_in(path) == sorted(
        ["a.zip/résumé.txt", "a.zip/某县报告.txt", "a.zip/某县报告.txt#2", "a.zip/汇总/报表.txt"]
    )


def test_what_systems_add_to_archives_is_left_out(tmp_path: Path) -> None:
    members = {"a.txt": PLAIN, "__MACOSX/._a.txt": "x", ".DS_Store": "x", "b/.hidden/c.txt": "x"}
    assert names_in(packed(tmp_path / "a.zip", members)) == ["a.zip/a.txt"]


def test_documents_that_are_containers_are_no_archives(tmp_path: Path) -> None:
    packed(tmp_path / "in" / "a.docx", {"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"})
    packed(tmp_path / "in" / "b.epub", {"mimetype": "application/epub+zip", "c.xhtml": "<a/>"})
    assert names_in(tmp_path / "in") == ["a.docx", "b.epub"]


def test_an_archive_is_told_by_its_content(tmp_path: Path) -> None:
    packed(tmp_path / "in" / "export.bin", {"a.txt": PLAIN})
    builds.fill(tmp_path / "in", {"notes.zip": PLAIN})
    assert names_in(tmp_path / "in") == ["export.bin/a.txt", "notes.zip"]


def test_bad_members_cost_only_themselves(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", PLAIN)
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    path = tmp_path / "in" / "a.zip"
    members = {"good.txt": REPORT, "in.zip": inner.getvalue(), "empty.txt": "", "bomb.txt": b"0" * 20_000_000}
    packed(path, members)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("broken.txt", PLAIN * 50)
    data = bytearray(path.read_bytes())
    at = data.index(b"broken.txt") + len("broken.txt") + 20
    data[at : at + 8] = b"\x00" * 8
    path.write_bytes(data)
    raw_names(tmp_path / "in" / "locked.zip", {b"secret.txt": b"x" * 40}, flags=1)
    result = built(tmp_path / "in", tmp_path / "out")
    assert read(result) == ["a.zip/good.txt"]
    assert skipped(result) == {
        "a.zip/bomb.txt": "bomb",
        "a.zip/broken.txt": "damaged",
        "a.zip/empty.txt": "empty",
        "a.zip/in.zip": "nested-archive",
        "a.zip/link.txt": "link",
        "locked.zip/secret.txt": "encrypted",
    }
    assert all(item["problem"] and item["advice"] for item in result.summary["skipped"])
    again = built(tmp_path / "in", tmp_path / "out")
    assert (again.read, again.changed, skipped(again)) == (0, False, skipped(result))


def test_archives_that_would_fill_a_machine_are_refused_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(tmp_path / "in" / "many.zip", {f"{number}.txt": "x" for number in range(12)})
    packed(tmp_path / "in" / "wide.zip", {f"{number}.txt": "甲" * 40 for number in range(4)})
    builds.fill(
        tmp_path / "in", {"good.txt": REPORT, "cut.zip": (tmp_path / "in" / "many.zip").read_bytes()[:200]}
    )
    monkeypatch.setattr(archives, "MOST_MEMBERS", 10)
    monkeypatch.setattr(archives, "MOST_BYTES", 400)
    result = built(tmp_path / "in", tmp_path / "out")
    assert skipped(result) == {"cut.zip": "damaged", "many.zip": "bomb", "wide.zip": "bomb"}
    assert read(result) == ["good.txt"]


def test_a_list_of_members_larger_than_memory_is_not_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.txt": "x"})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 900 * 1024**2)
    path.write_bytes(data)
    with pytest.raises(InputError, match="list of members has 900 MB"):
        archives.members(path, "a.zip")


def test_a_member_that_says_it_is_smaller_than_it_is_is_damaged(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.txt": b"0" * 3_000_000})
    data = path.read_bytes().replace(struct.pack("<L", 3_000_000), struct.pack("<L", 300_000))
    path.write_bytes(data)
    (source,) = inputs.find([path], tmp_path)
    with pytest.raises(InputError, match="cannot be unpacked"):
        source.read_bytes()


def test_members_are_read_in_several_processes(tmp_path: Path) -> None:
    packed(tmp_path / "in" / "a.zip", {f"{n}.txt": REPORT.replace("2022", str(2000 + n)) for n in range(20)})
    result = build.build([tmp_path / "in"], tmp_path / "out", outputs.Settings(html=False), workers=2)
    assert len(result.summary["documents"]) == 20
    assert len({row["sha256"] for row in result.summary["documents"]}) == 20


@given(st.text(max_size=60))
def test_any_name_becomes_one_that_leads_nowhere(name: str) -> None:
    shown = names.inside(name)
    assert shown and not shown.startswith("/")
    assert not {"", ".", ".."} & set(shown.split("/"))
    assert shown.encode("utf-8")
    assert names.visible(shown) == shown


@given(st.binary(max_size=400), st.binary(max_size=60))
def test_any_bytes_behind_a_signature_are_an_archive_a_document_or_damaged(start: bytes, end: bytes) -> None:
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"kg-any-{os.getpid()}.zip"
    path.write_bytes(b"PK\x03\x04" + start + b"PK\x05\x06" + end)
    try:
        for source in inputs.find([path], path):
            try:
                source.read_bytes()
            except InputError as error:
                assert error.reason and error.advice
    finally:
        path.unlink()


# --- folders


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_file_names_in_other_encodings_are_shown_in_chinese(tmp_path: Path) -> None:
    for name in ("某县报告.txt".encode("gbk"), b"\xff\xfe.txt", b"\xff\xfd.txt"):
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_text(PLAIN + name.hex(), "utf-8")
    assert names_in(tmp_path) == ["某县报告.txt", "\ufffd\ufffd.txt", "\ufffd\ufffd.txt#2"]
    assert len(read(built(tmp_path, tmp_path / "out"))) == 3


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for place in ("2021", "2022"):
        builds.fill(tmp_path / place, {"报告.txt": PLAIN + place, f"{place}.txt": PLAIN})
    both = [tmp_path / "2021", tmp_path / "2022"]
    expected = ["2021.txt", "2021/报告.txt", "2022.txt", "2022/报告.txt"]
    assert names_in(*both) == names_in(*reversed(both)) == expected
    assert names_in(both[0]) == ["2021.txt", "报告.txt"], "alone it keeps its name"
    deep = [tmp_path / "甲" / "x", tmp_path / "乙" / "x"]
    for place in deep:
        builds.fill(place, {"a.txt": str(place)})
    assert names_in(*deep) == ["乙/x/a.txt", "甲/x/a.txt"]


def test_names_that_differ_by_case_are_two(tmp_path: Path) -> None:
    builds.fill(tmp_path, {"A.txt": PLAIN, "a.txt": REPORT})
    if len(list(tmp_path.iterdir())) == 2:
        assert names_in(tmp_path) == ["A.txt", "a.txt"]


def test_very_long_names_are_kept(tmp_path: Path) -> None:
    name = "长" * 80 + ".txt"
    builds.fill(tmp_path / "in" / ("深" * 60), {name: PLAIN})
    assert read(built(tmp_path / "in", tmp_path / "out")) == [f"{'深' * 60}/{name}"]
    long = "long" * 2000 + ".txt"
    (shown,) = names_in(packed(tmp_path / "a.zip", {long: PLAIN}))
    assert len(shown) < 260 and shown.endswith(".txt")


@pytest.mark.skipif(os.name != "posix", reason="links and permissions")
def test_links_in_circles_end_and_outside_folders_are_not_followed(tmp_path: Path) -> None:
    builds.fill(tmp_path / "in", {"a.txt": PLAIN})
    builds.fill(tmp_path / "other", {"b.txt": PLAIN})
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "other").symlink_to(tmp_path / "other", target_is_directory=True)
    assert names_in(tmp_path / "in") == ["a.txt"]


# --- lists


def fields_of(result: build.Result, predicate: str) -> list[str]:
    store = pyoxigraph.Store()
    store.load(path=str(result.folder / "graph.nq"), format=pyoxigraph.RdfFormat.N_QUADS)
    report = "?report a <https://w3id.org/govkg/ontology#Report>"
    found = store.query(f"SELECT ?value {{ GRAPH ?report {{ {report} ; <{predicate}> ?value }} }}")
    return sorted(row["value"].value for row in found)  # type: ignore[union-attr]


DCTERMS = "http://purl.org/dc/terms/"
LISTS = {
    "list.tsv": "文件\t标题\t链接\t成文日期\t发文机关\na.txt\t青川市2022年普法工作报告\thttp://www.qc.gov.cn/a.html\t2023年1月5日\t青川市司法局\n",
    "list.csv": 'path,title,url,issued,issuer\r\na.txt,"青川市2022年普法工作报告",http://www.qc.gov.cn/a.html,2023/1/5,青川市司法局\r\n',
    "list.jsonl": json.dumps(
        {
            "path": "a.txt", "title": "青川市2022年普法工作报告", "url": "http://www.qc.gov.cn/a.html",
            "issued": "20230105", "issuer": "青川市司法局", "more": None,
        },
        ensure_ascii=False,
    ) + "\n",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_what_the_document_does_not(tmp_path: Path, name: str, encoding: str) -> None:
    builds.fill(tmp_path, {"a.txt": PLAIN, name: LISTS[name].encode(encoding)})
    result = built([], tmp_path / "out", tmp_path / name)
    assert read(result) == ["a.txt"]
    assert fields_of(result, DCTERMS + "title") == ["青川市2022年普法工作报告"]
    assert fields_of(result, DCTERMS + "source") == ["http://www.qc.gov.cn/a.html"]
    assert fields_of(result, DCTERMS + "issued") == ["2023-01-05"]
    assert fields_of(result, "https://w3id.org/govkg/ontology#issuer") != []
    assert CliRunner().invoke(main, ["validate", "-g", str(result.folder)]).exit_code == 0


def test_a_document_is_believed_and_the_difference_told(tmp_path: Path) -> None:
    row = "path,title,issued\na.txt,青川市2019年消防工作总结,2020-03-04\n"
    builds.fill(tmp_path, {"a.txt": REPORT, "list.csv": row})
    result = built([], tmp_path / "out", tmp_path / "list.csv")
    assert fields_of(result, DCTERMS + "title") == ["青川市2022年法治政府建设情况报告"]
    (document,) = result.summary["documents"]
    assert [item["values"] for item in document["conflicts"] if item["kind"] == "title"] == [
        ["青川市2022年法治政府建设情况报告", "青川市2019年消防工作总结"]
    ]


def test_texts_of_a_list_are_documents_by_line_or_id(tmp_path: Path) -> None:
    text = REPORT.replace("\n", "\n\n")
    builds.fill(tmp_path, {"list.csv": f'id,全文\n,"{text}"\n甲/7,{PLAIN.strip().splitlines()[1]}\n'})
    result = built([], tmp_path / "out", tmp_path / "list.csv")
    assert read(result) == ["list.csv#2", "list.csv#甲/7"]
    again = (tmp_path / "list.csv").read_text("utf-8").replace("\n甲/7", "\n\n\n甲/7")
    (tmp_path / "list.csv").write_text(again, "utf-8")
    assert built([], tmp_path / "out", tmp_path / "list.csv").read == 0, "an id does not move with its line"


def test_what_a_list_says_is_part_of_what_is_read(tmp_path: Path) -> None:
    builds.fill(tmp_path, {"a.txt": PLAIN, "list.csv": "path,title\na.txt,青川市2021年报告\n"})
    built([], tmp_path / "out", tmp_path / "list.csv")
    assert built([], tmp_path / "out", tmp_path / "list.csv").changed is False
    builds.fill(tmp_path, {"list.csv": "path,title\na.txt,青川市2022年报告\n"})
    changed = built([], tmp_path / "out", tmp_path / "list.csv")
    assert (changed.read, fields_of(changed, DCTERMS + "title")) == (1, ["青川市2022年报告"])


def test_wrong_rows_are_a_line_each_and_the_others_are_read(tmp_path: Path) -> None:
    builds.fill(tmp_path / "other", {"b.txt": PLAIN})
    secret = builds.fill(tmp_path / "secret", {"c.txt": PLAIN}) / "c.txt"
    rows = (
        "path\ttext\tid\turl\tdate\tremark",
        "a.txt\t\t\thttp://a.cn/\t2021-01-01\tx",
        "\t\t\t\t\tnothing",
        "gone.txt",
        "../other/b.txt",
        str(secret),
        "a\x00b",
        ".",
        f"\t{PLAIN.splitlines()[1]}\t一",
        f"\t{PLAIN.splitlines()[1]}二\t一",
        "a.txt\t\t\thttp://b.cn/",
        "\t我市开展普法。\t\tjavascript:alert(1)\tsoon",
        "a.txt\t\t\t\t\t\t\t\tmore",
    )
    home = builds.fill(tmp_path / "home", {"a.txt": REPORT, "list.tsv": "\n".join(rows)})
    (home / "link.txt").symlink_to(secret)
    with (home / "list.tsv").open("a", encoding="utf-8") as stream:
        stream.write("\nlink.txt\n")
    result = built([tmp_path / "other"], tmp_path / "out", home / "list.tsv")
    assert read(result) == ["a.txt", "b.txt", "list.tsv#12", "list.tsv#一"]
    problems = {item["source"]: item["problem"] for item in result.summary["skipped"]}
    assert {source: problem.split("'")[-1].strip() for source, problem in problems.items()} == {
        "list.tsv:3": "the row has neither a path nor a text",
        "list.tsv:4": "does not exist",
        "list.tsv:6": "is outside the folder of the list",
        "list.tsv:7": "does not exist" if "cannot" not in problems["list.tsv:7"] else "cannot be a path",
        "list.tsv:8": "is no file",
        "list.tsv:10": "is the id of line 9, too",
        "list.tsv:11": "line 2 says other things of the same file",
        "list.tsv:13": "9 cells under 6 columns",
        "list.tsv:14": "is outside the folder of the list",
    }
    advice = "correct it: the document is read without"
    assert result.notes == (
        "list.tsv: columns not used: remark",
        f"list.tsv:12: published 'soon' is not a date like 2021-01-07; {advice}",
        f"list.tsv:12: url 'javascript:alert(1)' is not an http or https address; {advice}",
    )


def test_a_list_and_its_folder_together_read_each_file_once(tmp_path: Path) -> None:
    builds.fill(
        tmp_path / "in", {"a.txt": PLAIN, "b.txt": REPORT, "list.csv": "path,url\na.txt,http://a.cn/\n"}
    )
    result = built(tmp_path / "in", tmp_path / "out", tmp_path / "in" / "list.csv")
    assert read(result) == ["a.txt", "b.txt"]
    assert fields_of(result, DCTERMS + "source") == ["http://a.cn/"]


def test_quotation_marks_in_titles_do_not_swallow_rows(tmp_path: Path) -> None:
    rows = 'path\ttitle\na.txt\t"放管服"改革报告\nb.txt\t报告"二\n'
    builds.fill(tmp_path, {"list.tsv": rows})
    found = manifests.load(tmp_path / "list.tsv")
    assert [(row.line, row.path) for row in found.rows] == [(2, "a.txt"), (3, "b.txt")]
    assert dict(found.rows[0].said)["title"] == '"放管服"改革报告'


def test_lines_that_are_no_objects_are_told(tmp_path: Path) -> None:
    lines = ['{"text": "甲"}', "{", "7", '{"text": {"a": 1}}', '{"text": "\\ud800乙", "title": "\\ud800"}']
    builds.fill(tmp_path, {"list.jsonl": "\n".join(lines)})
    found = manifests.load(tmp_path / "list.jsonl")
    assert [row.line for row in found.rows] == [1, 5]
    assert [error.place for error in found.wrong] == ["list.jsonl:2", "list.jsonl:3", "list.jsonl:4"]
    assert read(built([], tmp_path / "out", tmp_path / "list.jsonl")) == ["list.jsonl#1", "list.jsonl#5"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        ("名目,备注\n1,2\n".encode(), "no column called path or text"),
        (b"\x81\xff\xfe\x00,", "neither UTF-8 nor GB18030"),
        (None, "No such file"),
    ],
)
def test_a_list_that_is_none_stops_before_anything_is_read(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "list.csv").write_bytes(content)
    code, lines = run("build", "--manifest", tmp_path / "list.csv", "-o", tmp_path / "out")
    assert code == 2
    assert told in lines[-1]
    assert not (tmp_path / "out").exists()


@given(st.text(max_size=80))
def test_an_address_that_is_accepted_is_a_valid_iri(text: str) -> None:
    for address in (web_address(text), web_address(f"http://a.cn/{text}"), web_address(f"https://{text}")):
        if address:
            assert pyoxigraph.NamedNode(address).value == address
            assert address.startswith(("http://", "https://"))


@given(st.text(alphabet='abc,;\t\n"路径正文甲{}:', max_size=200))
def test_any_text_is_a_list_or_a_clear_error(text: str) -> None:
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"kg-list-{os.getpid()}.csv"
    path.write_text("path,text,title\n" + text, "utf-8")
    try:
        found = manifests.load(path)
    except StoreError as error:
        assert ";" in str(error)
    else:
        assert all(row.line > 1 for row in found.rows)
    finally:
        path.unlink()


# --- standard input


def test_standard_input_is_one_document(tmp_path: Path) -> None:
    code, lines = run("build", "-", "-o", tmp_path / "out", "--no-html", stdin=REPORT.encode())
    assert code == 0, lines
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [item["source"] for item in summary["documents"]] == ["stdin"]


def test_standard_input_has_the_name_given_and_stands_beside_files(tmp_path: Path) -> None:
    builds.fill(tmp_path / "in", {"a.txt": PLAIN})
    command = [
        sys.executable,
        "-m",
        "kg",
        "build",
        "-",
        "in",
        "--name",
        "../报告.txt",
        "-o",
        "out",
        "--no-html",
        "-q",
    ]
    subprocess.run(command, input=REPORT.encode(), cwd=tmp_path, check=True, timeout=120)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [item["source"] for item in summary["documents"]] == ["a.txt", "报告.txt"]


def test_an_empty_standard_input_is_skipped_and_a_name_without_one_refused(tmp_path: Path) -> None:
    code, lines = run("build", "-", "-o", tmp_path / "out", "--no-html", "--strict", stdin=b"")
    assert code == 1
    assert lines[0].startswith("stdin: ")
    code, lines = run("build", tmp_path, "--name", "a", "-o", tmp_path / "out")
    assert (code, "--name" in lines[-1]) == (2, True)
