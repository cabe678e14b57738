from __future__ import annotations

import io
import os
import socket
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from extractor.batch.sources import Ignored, find
from extractor.errors import OutputError
from extractor.types.batch import Found
from tests.batch.looking import checked, files, left_out, look, paths, put, remembered, sha
from tests.batch.packing import tarred, zipped

TEXT = "溪宁市民政局关于做好养老服务工作的通知".encode()
LINE = b"%07d\n"


# Folders, files, patterns


def test_a_folder_is_gone_through_in_the_order_of_its_names(at: Path) -> None:
    put(at, {"档案/2021/b.txt": b"b", "档案/2021/a.txt": b"a", "档案/2020.txt": b"0", "档案/2022/内/c.txt": b"c"})
    found = look(at, "档案")
    assert paths(found) == ["档案/2020.txt", "档案/2021/a.txt", "档案/2021/b.txt", "档案/2022/内/c.txt"]
    assert [each.name for each in found if isinstance(each, Found)] == ["2020.txt", "a.txt", "b.txt", "c.txt"]
    assert checked(found)["档案/2021/a.txt"] == sha(b"a")
    first = found[0]
    assert isinstance(first, Found)
    assert first.location == str(at / "档案/2020.txt") and first.mtime == os.stat(first.location).st_mtime_ns


def test_files_are_told_before_all_are_known(at: Path) -> None:
    put(at, {f"{number:03d}.txt": LINE % number for number in range(50)})
    told = find(["."], spool=at.parent / "spool")
    assert len(list(islice(told, 3))) == 3
    (at / "049.txt").unlink()
    assert files(list(told))["./049.txt"] == "missing"


def test_memory_does_not_grow_with_the_number_of_files(at: Path) -> None:
    def peak(folder: Path) -> int:
        tracemalloc.start()
        assert sum(1 for _ in find([str(folder)], spool=at.parent / "spool")) == 100 * len(os.listdir(folder))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    for folders in (2, 60):
        for number in range(folders):
            put(at / str(folders) / str(number), {f"{each}.txt": LINE % each for each in range(100)})
    peak(at / "2")
    assert peak(at / "60") < peak(at / "2") + 200_000


def test_a_file_and_an_empty_file(at: Path) -> None:
    put(at, {"通知.txt": TEXT, "空.txt": b""})
    assert checked(look(at, "./通知.txt", str(at / "空.txt"))) == {
        "./通知.txt": sha(TEXT),
        str(at / "空.txt"): sha(b""),
    }


def test_a_large_file_is_hashed_whole(at: Path) -> None:
    data = b"".join(LINE % number for number in range(400_000))
    put(at, {"大.txt": data})
    assert checked(look(at, "大.txt")) == {"大.txt": sha(data)}


@pytest.mark.parametrize(
    "source", ["没有.txt", "没有/", "", "a\0b", "没有*.txt", "没有/**/*.txt", "@没有.lst", "x" * 300]
)
def test_a_source_that_is_not_there_is_told(at: Path, source: str) -> None:
    [found] = look(at, source)
    assert isinstance(found, Found)
    assert (found.sha256, found.error_class) == (None, "missing")
    assert found.error is not None and " / " in found.error
    assert "\0" not in found.path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["0.txt"]),
        ("./*.txt", ["./0.txt"]),
        ("d/*", ["d/1.txt", "d/2.md", "d/e/3.txt", "d/e/f/4.txt"]),  # folders whole, as from a shell
        ("d/**", ["d/1.txt", "d/2.md", "d/e/3.txt", "d/e/f/4.txt"]),
        ("**/*.txt", ["0.txt", "d/1.txt", "d/e/3.txt", "d/e/f/4.txt", "g/5.txt"]),
        ("d/**/*.txt", ["d/1.txt", "d/e/3.txt", "d/e/f/4.txt"]),
        ("**/f/*", ["d/e/f/4.txt"]),
        ("**/e/**/*.txt", ["d/e/3.txt", "d/e/f/4.txt"]),
        ("?/[1-3].txt", ["d/1.txt"]),
        ("[!d]/?.txt", ["g/5.txt"]),
        ("*/e", ["d/e/3.txt", "d/e/f/4.txt"]),
        ("*/.h/*", ["g/.h/6.txt"]),
    ],
)
def test_patterns(at: Path, pattern: str, expected: list[str]) -> None:
    put(at, dict.fromkeys(("0.txt", "d/1.txt", "d/2.md", "d/e/3.txt", "d/e/f/4.txt", "g/5.txt", "g/.h/6.txt"), b"x"))
    assert paths(look(at, pattern)) == expected
    absolute = paths(look(at, f"{at}/{pattern}"))
    assert absolute == [f"{at}/{path}" for path in (["./0.txt"] if pattern.startswith("./") else expected)]


def test_a_file_whose_name_looks_like_a_pattern(at: Path) -> None:
    put(at, {"通知[1].txt": b"1", "[1]/*.txt": b"2"})
    assert checked(look(at, "通知[1].txt", "[1]")) == {"通知[1].txt": sha(b"1"), "[1]/*.txt": sha(b"2")}
    assert paths(look(at, "[1]/?.txt")) == ["[1]/*.txt"]


def test_what_is_no_document_is_left_aside_but_not_silently(at: Path) -> None:
    aside = [".git/x", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/a", "~$通知.docx", "内/.x"]
    put(at, {f"d/{name}": b"x" for name in [*aside, "内/通知.txt"]})
    (at / "d/空").mkdir()
    found = look(at, "d")
    assert paths(found) == ["d/内/通知.txt"]
    assert sorted(left_out(found)) == sorted(
        ["d/.git", "d/.DS_Store", "d/Thumbs.db", "d/desktop.ini", "d/__MACOSX", "d/~$通知.docx", "d/内/.x"]
    )
    assert all(" / " in each.reason for each in found if isinstance(each, Ignored))
    assert left_out(look(at, "d/*")) == ["d/Thumbs.db", "d/__MACOSX", "d/desktop.ini", "d/~$通知.docx", "d/内/.x"]


def test_what_is_named_is_never_left_aside(at: Path) -> None:
    put(at, {"d/~$通知.docx": b"1", "d/.隐藏/内.txt": b"2", "d/.x": b"3"})
    found = look(at, "d", "d/~$通知.docx", "d/.x", "d/.隐藏")
    assert checked(found) == {"d/~$通知.docx": sha(b"1"), "d/.x": sha(b"3"), "d/.隐藏/内.txt": sha(b"2")}


def test_an_empty_source_says_so(at: Path) -> None:
    (at / "空").mkdir()
    put(at, {"空.lst": b"\n# \n", "空.zip": zipped({})})
    assert [type(each) for each in look(at, "空", "@空.lst", "空.zip")] == [Ignored] * 3


@pytest.mark.parametrize(
    "sources",
    [
        ("d", "d"), ("d", "./d/a.txt", "d/e/../a.txt"), ("d/a.txt", "d"), ("d/a.txt", "d/*.txt", "d/e/*"), ("d/**", "d/*.txt"),
        ("d/*.txt", "d/a*", "d"), ("d/e", "d"), ("d", "d/e"), ("d/a.txt", "d/a.txt", "d/e/b.txt"), ("d/*/b.txt", "d"),
    ],
)  # fmt: skip
def test_sources_that_overlap_tell_a_file_once(at: Path, sources: tuple[str, ...]) -> None:
    put(at, {"d/a.txt": b"a", "d/e/b.txt": b"b"})
    found = look(at, *sources)
    assert sorted(filter(None, checked(found).values())) == sorted([sha(b"a"), sha(b"b")])


# Lists


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_lists(at: Path, encoding: str) -> None:
    put(at, {"清单/内/通知一.txt": b"1", "清单/二.txt": b"2", "夹/三.txt": b"3", " 空格 .txt": b"4", "#.txt": b"5"})
    lines = [
        "内/通知一.txt",
        "",
        "  # 注释",
        "  二.txt ",
        '"二.txt"',
        str(at / "夹"),
        "../ 空格 .txt",
        "没有.txt",
        "../#.txt",
    ]
    put(at, {"清单/l.txt": "\r\n".join(lines).encode(encoding)})
    assert checked(look(at, "@清单/l.txt")) == {
        "清单/内/通知一.txt": sha(b"1"), "清单/二.txt": sha(b"2"), f"{at}/夹/三.txt": sha(b"3"),
        "清单/../ 空格 .txt": sha(b"4"), "清单/没有.txt": "missing", "清单/../#.txt": sha(b"5"),
    }  # fmt: skip


def test_a_list_holds_patterns_and_archives(at: Path) -> None:
    put(at, {"a.zip": zipped({"x.txt": b"x"}), "1.txt": b"1", "清单": b"*.zip\n?.txt\n"})
    assert checked(look(at, "@清单")) == {"a.zip!/x.txt": sha(b"x"), "1.txt": sha(b"1")}


def test_a_list_from_standard_input(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(at, {"一.txt": b"1", "二.txt": b"2"})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("二.txt\n一.txt".encode("gb18030"))))
    assert checked(look(at, "@-")) == {"二.txt": sha(b"2"), "一.txt": sha(b"1")}


def test_what_is_no_list_says_so_once(at: Path) -> None:
    put(at, {"a.docx": zipped({"x": b"\0" * 99})})
    assert files(look(at, "@a.docx")) == {"@a.docx": "not_a_file"}


def test_a_file_called_at(at: Path) -> None:
    put(at, {"@通知.txt": TEXT})
    assert checked(look(at, "@通知.txt")) == {"@通知.txt": sha(TEXT)}


def test_a_list_in_the_encoding_of_names_on_disk(at: Path) -> None:
    raw = "旧通知.txt".encode("gb18030")
    Path(os.fsdecode(os.fsencode(at) + b"/" + raw)).write_bytes(TEXT)
    put(at, {"l.txt": raw})
    assert checked(look(at, "@l.txt")) == {"旧通知.txt": sha(TEXT)}


# Names on disk


def test_names_that_are_not_utf8_are_shown_clean_and_can_be_opened(at: Path) -> None:
    for raw in ("旧通知.txt".encode("gb18030"), b"\xff1.txt", b"\xfe1.txt", b"a\nb.txt"):
        Path(os.fsdecode(os.fsencode(at) + b"/" + raw)).write_bytes(raw)
    found = look(at, ".")
    told = checked(found)
    assert told["./旧通知.txt"] == sha("旧通知.txt".encode("gb18030"))
    assert set(told) == {"./旧通知.txt", "./\ufffd1.txt", "./\ufffd1.txt#2", "./a\ufffdb.txt"}
    for path in told:
        path.encode("utf-8")


def test_a_folder_named_like_the_members_of_an_archive(at: Path) -> None:
    put(at, {"a.zip": zipped({"x.txt": b"1"}), "a.zip!/x.txt": b"2", "b!/x.txt": b"3"})
    assert sorted(filter(None, checked(look(at, ".")).values())) == sorted(map(sha, (b"1", b"2", b"3")))
    assert "./b!/x.txt" in paths(look(at, "."))


# What can't be had


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_links_pipes_and_loops(at: Path) -> None:
    put(at, {"d/a.txt": b"a", "外/b.txt": b"b", "z/c.txt": b"c"})
    (at / "d/b.txt").symlink_to(at / "外/b.txt")
    (at / "d/k").symlink_to("k")
    (at / "d/夹").symlink_to(at / "z")
    (at / "d/夹2").symlink_to(at / "z")
    (at / "d/回").symlink_to(at / "d")
    (at / "d/断").symlink_to("没有")
    os.mkfifo(at / "d/p")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("d/s")
    found = look(at, "d", "/dev/null")
    listener.close()
    assert checked(found) == {
        "d/a.txt": sha(b"a"), "d/b.txt": sha(b"b"), "d/夹/c.txt": sha(b"c"), "d/k": "not_a_file", "d/断": "missing",
        "d/p": "not_a_file", "d/s": "not_a_file", "/dev/null": "not_a_file",
    }  # fmt: skip
    assert left_out(found) == ["d/回", "d/夹2"]
    assert checked(look(at, "d/p", "d/k")) == {"d/p": "not_a_file", "d/k": "not_a_file"}


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_pattern_ends_where_links_go_round(at: Path) -> None:
    put(at, {"d/e/a.txt": b"a"})
    (at / "d/e/回").symlink_to(at / "d")
    assert paths(look(at, "d/**/*.txt")) == ["d/e/a.txt"]
    assert paths(look(at, "*/*/*/*/a.txt")) == ["d/e/回/e/a.txt"]


@contextmanager
def nobody() -> Iterator[Path]:
    """A folder to work in as a user who is not the administrator, whom nothing is forbidden."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o777)
        (Path(made) / "at").mkdir(mode=0o777)
        before = os.geteuid()
        if before == 0:
            os.chmod(Path(made) / "at", 0o777)
            os.seteuid(65534)
        try:
            yield Path(made) / "at"
        finally:
            os.seteuid(before)


@pytest.mark.skipif(os.name != "posix", reason="users of POSIX")
def test_what_may_not_be_read_is_told() -> None:
    with nobody() as at:
        put(at, {"d/锁/a.txt": b"a", "d/b.txt": b"b", "d/c.txt": b"c", "d/e.zip": zipped({"x": b"x"}), "l.txt": b"x"})
        for path, mode in (("d/锁", 0), ("d/b.txt", 0), ("d/e.zip", 0), ("l.txt", 0)):
            os.chmod(at / path, mode)
        told = checked(look(at, f"{at}/d", f"@{at}/l.txt", f"{at}/d/锁/a.txt"))
        os.chmod(at / "d/锁", 0o700)
    assert told == {
        f"{at}/d/b.txt": "permission", f"{at}/d/c.txt": sha(b"c"), f"{at}/d/e.zip": "permission",
        f"{at}/d/锁": "permission", f"@{at}/l.txt": "permission", f"{at}/d/锁/a.txt": "permission",
    }  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="users of POSIX")
def test_a_spool_that_can_not_be_written_ends_the_search() -> None:
    with nobody() as at:
        put(at, {"a.zip": zipped({"x": b"x"})})
        spool = at.parent / "spool"
        told = find([f"{at}/a.zip"], spool=spool)
        spool.mkdir()
        (spool / ".new").mkdir()
        spool.chmod(0o500)
        with pytest.raises(OutputError, match=" / "):
            list(told)
        spool.chmod(0o700)


def test_folders_of_our_own_are_not_searched(at: Path) -> None:
    put(at, {"out/spool/ab/cd/abcd": b"x", "out/run/1.jsonl": b"{}", "a.txt": b"a"})
    found = list(find(["."], spool=at / "out/spool", skip=[at / "out/run", at / "没有"]))
    assert checked(found) == {"./a.txt": sha(b"a")}
    assert sorted(left_out(found)) == ["./out/run", "./out/spool"]
    named = list(find(["."], spool=at / "out/spool", skip=[at]))
    assert checked(named) == {"./a.txt": sha(b"a"), "./out/run/1.jsonl": sha(b"{}")}


def test_very_deep_folders(at: Path) -> None:
    deep = at
    for _ in range(300):
        deep = deep / "深"
    deep.mkdir(parents=True)
    put(deep, {"a.txt": b"a"})
    assert list(checked(look(at, "深")).values()) == [sha(b"a")]


# Again, and stopped


def test_what_is_known_and_unchanged_is_not_read_again(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(at, {"d/a.txt": b"a", "d/b.txt": b"b", "d/c.txt": b"c"})
    before = {each.path: each for each in look(at, "d") if isinstance(each, Found)}
    (at / "d/b.txt").write_bytes(b"B")
    os.utime(at / "d/c.txt", ns=(1, 1))
    opened = []

    def counting(path: str, *rest: object) -> object:
        opened.append(os.path.basename(path))
        return open(path, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr("extractor.batch.sources.open", counting, raising=False)
    told = checked(look(at, "d", known=remembered(before)))
    assert told == {"d/a.txt": sha(b"a"), "d/b.txt": sha(b"B"), "d/c.txt": sha(b"c")}
    assert opened == ["b.txt", "c.txt"]


def test_another_file_of_the_same_shown_path_is_read(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(at, {"1/a.txt": b"1", "2/a.txt": b"2"})
    os.utime(at / "1/a.txt", ns=(5, 5))
    os.utime(at / "2/a.txt", ns=(5, 5))
    monkeypatch.chdir(at / "1")
    before = {each.path: each for each in look(at, "a.txt") if isinstance(each, Found)}
    monkeypatch.chdir(at / "2")
    assert files(look(at, "a.txt", known=remembered(before))) == {"a.txt": sha(b"2")}


@pytest.mark.parametrize("sources", [("d",), ("a.zip",), ("t.tar.gz",), ("大.txt",)])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_it_stops_wherever_it_is(at: Path, sources: tuple[str, ...], after: int) -> None:
    members = {f"{number}.txt": bytes(3_000_000) + LINE % number for number in range(9)}
    put(at, {"a.zip": zipped(members), "t.tar.gz": tarred(members, "gz"), "大.txt": bytes(9_000_000)})
    put(at, {f"d/{name}": b"x" for name in members})
    asked = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) > after

    assert len(look(at, *sources, stop=stop)) < len(look(at, *sources))
    assert len(asked) == after + 1, "it went on after it was told to stop"
    assert os.listdir(at.parent / "spool/.new") == []
