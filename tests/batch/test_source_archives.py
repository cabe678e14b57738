from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.batch.sources import Found, find
from tests.batch.archived import METHODS, NOISE, TEXT, THREE, inside, opened, spooled
from tests.batch.looking import checked, files, left_out, look, paths, put, remembered, sha
from tests.batch.packing import header, patched, tarred, zipped, zipped_raw


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("streamed", [False, True])
def test_zip(at: Path, method: int, streamed: bool) -> None:
    assert opened(at, zipped(THREE | {"空.txt": b""}, method, streamed=streamed)) == {
        name: sha(data) for name, data in (THREE | {"空.txt": b""}).items()
    }


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar(at: Path, packing: str, format: int) -> None:
    long = {f"{'长' * 30}/{'名' * 25}.txt": b"x", "空.txt": b""}
    members = THREE | long
    assert opened(at, tarred(members, packing, format)) == {name: sha(data) for name, data in members.items()}


def test_large_members(at: Path) -> None:
    data = b"".join(b"%09d" % number for number in range(900_000))
    put(at, {"a.zip": zipped({"大.txt": data}), "t.tar.gz": tarred({"大.txt": data}, "gz")})
    assert checked(look(at, "a.zip", "t.tar.gz")) == inside("a.zip", {"大.txt": data}) | inside(
        "t.tar.gz", {"大.txt": data}
    )
    assert spooled(at) == [sha(data)]


def test_archives_come_in_their_place_among_the_files(at: Path) -> None:
    put(at, {"d/1.txt": b"1", "d/2.doc": zipped({"z.txt": b"z", "y.txt": b"y"}), "d/3.txt": b"3"})
    found = look(at, "d")
    assert paths(found) == ["d/1.txt", "d/2.doc!/z.txt", "d/2.doc!/y.txt", "d/3.txt"]
    member = found[1]
    assert isinstance(member, Found)
    assert member.name == "z.txt" and member.mtime == os.stat("d/2.doc").st_mtime_ns
    assert member.location == str(at.parent / "spool" / sha(b"z")[:2] / sha(b"z")[2:4] / sha(b"z"))


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"},
        {"docProps/app.xml": b"<p/>", "[Content_Types].xml": b"<Types/>"},
        {"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<d/>"},
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<d/>"},
        {"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<d/>"},
    ],
)
def test_documents_that_are_zips_are_documents(at: Path, parts: dict[str, bytes]) -> None:
    whole = zipped(parts)
    cut = whole[: whole.rindex(b"PK\x01\x02")]  # its reader says that it is damaged
    put(at, {"通知.docx": whole, "断.docx": cut, "a.zip": zipped({"内.docx": whole})})
    assert checked(look(at, "通知.docx", "断.docx", "a.zip")) == {
        "通知.docx": sha(whole), "断.docx": sha(cut), "a.zip!/内.docx": sha(whole)
    }  # fmt: skip


def test_zips_that_only_speak_of_documents_are_archives(at: Path) -> None:
    members = {"mimetype": b"text/plain", "a/[Content_Types].xml": b"x", "a/OFD.xml": b"x"}
    assert opened(at, zipped(members)) == {name: sha(data) for name, data in members.items()}


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(TEXT), bz2.compress(TEXT), lzma.compress(TEXT), b"Rar!\x1a\x07\x00" + NOISE, b"7z\xbc\xaf\x27\x1c" + NOISE,
        b"%PDF-1.7\n" + zipped(THREE), b"\x1f\x8b" + NOISE, b"BZh9" + NOISE, b"\xfd7zXZ\0" + NOISE, bytes(10_240), b"PK",
        b"0" * 600, NOISE,
    ],
)  # fmt: skip
def test_what_is_no_archive_to_us_is_a_file(at: Path, data: bytes) -> None:
    put(at, {"a.zip": data})
    assert checked(look(at, "a.zip")) == {"a.zip": sha(data)}


def test_nested(at: Path) -> None:
    tar = tarred({"c.txt": b"c", "d.zip": zipped({"e.txt": b"e"})}, "gz")
    put(at, {"a.zip": zipped({"1.txt": b"1", "b.tar.gz": tar, "2.txt": b"2"})})
    found = look(at, "a.zip")
    assert paths(found) == ["a.zip!/1.txt", "a.zip!/b.tar.gz!/c.txt", "a.zip!/b.tar.gz!/d.zip!/e.txt", "a.zip!/2.txt"]
    assert list(checked(found).values()) == [sha(b"1"), sha(b"c"), sha(b"e"), sha(b"2")]
    assert spooled(at) == sorted(map(sha, (b"1", b"2", b"c", b"e")))


# Names


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("内/通知.docx".encode("gb18030"), "内/通知.docx"),
        ("内/通知.docx".encode(), "内/通知.docx"),
        ("内\\通知".encode("gb18030"), "内/通知"),
        ("绻戝\\乗".encode("gb18030"), "绻戝/乗"),  # characters whose second byte is a backslash
        (b"plain.txt", "plain.txt"),
        (b"\x81\xff\x20.txt", "ü\xa0 .txt"),
        ("㐀𠮷.txt".encode("gb18030"), "㐀𠮷.txt"),
        (b"../../etc/passwd", "etc/passwd"),
        (b"/etc/passwd", "etc/passwd"),
        (b"C:\\Users\\a.txt", "Users/a.txt"),
        (b"a/./b//c.txt", "a/b/c.txt"),
        (b"a\nb\x1b[2J.txt", "a\ufffdb\ufffd[2J.txt"),
        (b"../..", "_"),
    ],
)
def test_names_in_zips(at: Path, raw: bytes, expected: str) -> None:
    put(at, {"a.zip": zipped_raw([(raw, TEXT)])})
    assert checked(look(at, "a.zip")) == {f"a.zip!/{expected}": sha(TEXT)}


def test_the_flag_for_utf8_is_believed_where_the_name_is(at: Path) -> None:
    raw = "溪宁.txt".encode("gb18030")
    assert opened(at, zipped({"溪宁.txt": b"x"})) == {"溪宁.txt": sha(b"x")}
    assert opened(at, patched(zipped_raw([(raw, b"x")]), raw, flags=0x800 >> 8 << 8 & 0xFF)) == {"溪宁.txt": sha(b"x")}


def test_a_name_in_the_field_of_info_zip(at: Path) -> None:
    raw = b"__1.txt"

    def field(crc: int) -> bytes:
        body = b"\x01" + crc.to_bytes(4, "little") + "溪.txt".encode()
        return struct.pack("<2H", 0x7075, len(body)) + body

    assert opened(at, zipped_raw([(raw, b"x")], {raw: field(zlib.crc32(raw))})) == {"溪.txt": sha(b"x")}
    assert opened(at, zipped_raw([(raw, b"x")], {raw: field(0)})) == {"__1.txt": sha(b"x")}  # renamed since


def test_short_names_that_are_utf8_by_chance(at: Path) -> None:
    names = ["一.txt", "二.txt", "通知.txt"]
    assert "一".encode("gb18030").decode() == "һ"
    put(at, {"a.zip": zipped_raw([(name.encode("gb18030"), name.encode()) for name in names])})
    assert paths(look(at, "a.zip")) == [f"a.zip!/{name}" for name in names]
    put(at, {"b.zip": zipped_raw([("é.txt".encode(), b"1"), ("通知é.txt".encode(), b"2")])})
    assert paths(look(at, "b.zip")) == ["b.zip!/é.txt", "b.zip!/通知é.txt"]


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_names_in_tars(at: Path, format: int) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format, encoding="gb18030") as archive:
        for name in ("旧/通知.txt", "../出.txt", "/根.txt"):
            archive.addfile(tarfile.TarInfo(name))
    assert list(opened(at, out.getvalue())) == ["旧/通知.txt", "出.txt", "根.txt"]


def test_two_members_of_one_name_are_two_files(at: Path) -> None:
    assert opened(at, zipped_raw([(b"a.txt", b"1"), (b"a.txt", b"2"), (b"../a.txt", b"3"), (b"a.txt#2", b"4")])) == {
        "a.txt": sha(b"1"), "a.txt#2": sha(b"2"), "a.txt#3": sha(b"3"), "a.txt#2#2": sha(b"4")
    }  # fmt: skip


def test_what_is_no_document_is_left_aside_in_archives_too(at: Path) -> None:
    aside = ["__MACOSX/._a.txt", ".git/config", "内/.DS_Store", "~$通知.docx", "内/Thumbs.db"]
    put(at, {"a.zip": zipped(dict.fromkeys(aside, b"x") | {"内/a.txt": b"a", "夹/": b""})})
    found = look(at, "a.zip")
    assert checked(found) == {"a.zip!/内/a.txt": sha(b"a")}
    assert left_out(found) == [f"a.zip!/{name}" for name in aside]


# What is no file


def test_links_and_devices_in_tars(at: Path) -> None:
    members = {
        "a.txt": b"a", "夹": header("夹", tarfile.DIRTYPE), "硬": header("硬", tarfile.LNKTYPE, "a.txt"),
        "软": header("软", tarfile.SYMTYPE, "a.txt"), "管": header("管", tarfile.FIFOTYPE), "断": header("断", tarfile.LNKTYPE, "没有"),
        "设备": header("设备", tarfile.CHRTYPE), "z.txt": b"z",
    }  # fmt: skip
    assert opened(at, tarred(members)) == {
        "a.txt": sha(b"a"), "硬": sha(b"a"), "管": "not_a_file", "断": "archive_damaged", "设备": "not_a_file", "z.txt": sha(b"z")
    }  # fmt: skip
    assert left_out(look(at, "a")) == ["a!/软"]


def test_another_name_of_an_archive_in_a_tar(at: Path) -> None:
    put(at, {"a": tarred({"b.zip": zipped({"x": b"x"}), "c.zip": header("c.zip", tarfile.LNKTYPE, "b.zip")})})
    found = look(at, "a")
    assert (checked(found), left_out(found)) == ({"a!/b.zip!/x": sha(b"x")}, ["a!/c.zip"])


def test_links_and_devices_in_zips(at: Path) -> None:
    data = zipped({"a.txt": b"a", "link": b"a.txt", "null": b""})
    data = patched(patched(data, b"link", mode=stat.S_IFLNK | 0o777), b"null", mode=stat.S_IFCHR | 0o666)
    put(at, {"a": data})
    found = look(at, "a")
    assert (checked(found), left_out(found)) == ({"a!/a.txt": sha(b"a"), "a!/null": "not_a_file"}, ["a!/link"])


def test_a_sparse_member(at: Path) -> None:
    """GNU's old form: 512 bytes of data at 1024 of 2048."""
    info = header("稀.bin", tarfile.GNUTYPE_SPARSE)
    info.size = 512
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT, "utf-8"))
    block[386:410] = b"%011o\0%011o\0" % (1024, 512)
    block[483:495] = b"%011o\0" % 2048
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    data = bytes(block) + b"x" * 512 + bytes(1024)
    assert opened(at, data) == {"稀.bin": sha(bytes(1024) + b"x" * 512 + bytes(512))}


# The spool, and again


def test_what_is_in_the_spool_is_not_written_again(at: Path) -> None:
    put(at, {"a.zip": zipped(THREE), "b.tar": tarred(THREE)})
    first = look(at, "a.zip")
    places = {each.location: os.stat(each.location).st_ino for each in first if isinstance(each, Found)}
    second = look(at, "a.zip", "b.tar")
    assert {each.location for each in second if isinstance(each, Found)} == set(places)
    assert {place: os.stat(place).st_ino for place in places} == places
    assert spooled(at) == sorted(sha(data) for data in THREE.values())


def test_a_file_in_the_spool_that_is_not_whole_is_replaced(at: Path) -> None:
    put(at, {"a.zip": zipped({"a.txt": TEXT})})
    [found] = look(at, "a.zip")
    assert isinstance(found, Found)
    Path(found.location).write_bytes(b"")
    assert checked(look(at, "a.zip")) == {"a.zip!/a.txt": sha(TEXT)}


def test_what_a_killed_process_left_is_cleared_away(at: Path) -> None:
    new = at.parent / "spool/.new"
    put(new, {"1-old": b"x", "2-now": b"x"})
    os.utime(new / "1-old", (1, 1))
    look(at, "没有")
    assert os.listdir(new) == ["2-now"]


@pytest.mark.parametrize("packing", ["zip", "tar", "gz"])
def test_members_of_an_unchanged_archive_are_not_unpacked_again(at: Path, packing: str) -> None:
    data = zipped(THREE) if packing == "zip" else tarred(THREE, packing.removeprefix("tar"))
    put(at, {"a": data})
    before = {each.path: each for each in look(at, "a") if isinstance(each, Found)}
    place = Path(before["a!/内/通知二.txt"].location)
    swapped = bytes(len(TEXT))
    place.write_bytes(swapped)  # were it unpacked again, this would not stand
    again = look(at, "a", known=remembered(before))
    assert files(again) == inside("a", THREE) and place.read_bytes() == swapped
    place.unlink()
    assert checked(look(at, "a", known=remembered(before))) == inside("a", THREE)


def test_members_of_a_changed_archive_are_unpacked(at: Path) -> None:
    put(at, {"a.zip": zipped({"a.txt": b"1"})})
    os.utime(at / "a.zip", ns=(1, 1))
    before = {each.path: each for each in look(at, "a.zip") if isinstance(each, Found)}
    put(at, {"a.zip": zipped({"a.txt": b"2"})})
    assert checked(look(at, "a.zip", known=remembered(before))) == {"a.zip!/a.txt": sha(b"2")}


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=5)
LEAVES = st.dictionaries(NAMES, st.binary(max_size=300), min_size=1, max_size=4)
PACKERS = st.sampled_from(["zip", "stored", "tar", "gz", "xz"])
TREES = st.recursive(
    st.tuples(PACKERS, LEAVES),
    lambda inner: st.tuples(PACKERS, st.dictionaries(NAMES, inner | st.binary(max_size=300), min_size=1, max_size=3)),
    max_leaves=6,
)


def packed(tree: tuple[str, dict], path: str, depth: int = 1) -> tuple[bytes, dict[str, str | None]]:
    """An archive of a tree of archives, and what is to be found in it."""
    packing, members = tree
    data: dict[str, bytes] = {}
    expected: dict[str, str | None] = {}
    for name, content in members.items():
        below = f"{path}!/{name}"
        if isinstance(content, tuple):
            data[name], found = packed(content, below, depth + 1)
            expected |= found if depth < 4 else {below: "archive_depth"}
        else:
            data[name] = content
            expected[below] = sha(content)
    pack = {"zip": zipped, "stored": lambda d: zipped(d, zipfile.ZIP_STORED)}.get(packing)
    return (pack(data) if pack else tarred(data, packing.removeprefix("tar"))), expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES)
def test_every_member_is_found_once_with_its_hash(at: Path, tree: tuple[str, dict]) -> None:
    data, expected = packed(tree, "a")
    put(at, {"a": data})
    found = list(find(["a"], spool=at.parent / "spool"))
    assert checked(found) == expected
    assert paths(found) == list(expected)
