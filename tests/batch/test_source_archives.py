from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.batch.sources import Found, Ignored, Limits, find
from tests.batch.looking import checked, files, left_out, look, paths, put, remembered, sha
from tests.batch.packing import header, patched, tarred, zipped, zipped_raw

TEXT = "溪宁市民政局关于做好养老服务工作的通知".encode()
NOISE = b"".join(zlib.crc32(bytes([at % 256, at // 256])).to_bytes(4, "big") for at in range(5000))  # packs badly
THREE = {"通知一.txt": NOISE[:9000], "内/通知二.txt": TEXT, "通知三.txt": NOISE[9000:]}
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the sources count from."""
    folder = tmp_path / "at"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def inside(path: str, members: dict[str, bytes]) -> dict[str, str | None]:
    return {f"{path}!/{name}": sha(data) for name, data in members.items()}


def opened(at: Path, data: bytes, **options: object) -> dict[str, str | None]:
    """What is found in an archive, by the names of its members."""
    put(at, {"a": data})
    return {path.removeprefix("a!/"): what for path, what in checked(look(at, "a", **options)).items()}


def spooled(at: Path) -> list[str]:
    return sorted(path.name for path in (at.parent / "spool").rglob("*") if path.is_file())


# Every kind, told by content


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


# Damage


def test_one_damaged_member_costs_itself_only(at: Path) -> None:
    data = bytearray(zipped(THREE, zipfile.ZIP_STORED))
    data[data.index(NOISE[:9000]) + 5] ^= 1
    assert opened(at, bytes(data)) == {
        name: "archive_damaged" if name == "通知一.txt" else sha(content) for name, content in THREE.items()
    }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_zip_that_breaks_off(at: Path, method: int, streamed: bool) -> None:
    data = zipped(THREE, method, streamed=streamed)
    last = data.rindex(b"PK\x03\x04")
    sound = {name: sha(THREE[name]) for name in ("通知一.txt", "内/通知二.txt")}
    found = opened(at, data[: last + 1000])
    if method == zipfile.ZIP_STORED and streamed:  # nothing tells where they end
        assert set(found.values()) == {"archive_damaged"} and {*THREE, "a"} == set(found)
    else:
        assert found == sound | {"通知三.txt": "archive_damaged", "a": "archive_damaged"}
        assert list(found)[-1] == "a"


@pytest.mark.parametrize("streamed", [False, True])
def test_a_zip_without_its_directory(at: Path, streamed: bool) -> None:
    data = zipped(THREE, streamed=streamed)
    whole = {name: sha(content) for name, content in THREE.items()} | {"a": "archive_damaged"}
    assert opened(at, data[: data.index(b"PK\x01\x02")]) == whole
    start, last = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    for place in (start, last):
        assert opened(at, data[:place] + b"PK\x09\x09" + data[place + 4 :]) == whole
    for length in (28, 30):  # of a name: the entry would reach beyond the directory
        assert opened(at, data[: last + length] + b"\xff\xff" + data[last + length + 2 :]) == whole
    for chance in (b"PK\x03\x04" + bytes(99), b"PK\x03\x04\x14"):
        assert opened(at, data[:start] + chance) == whole


def test_the_directory_of_an_inner_zip_is_not_taken_for_that_of_the_outer(at: Path) -> None:
    inner = zipped({"内.txt": b"x"})
    data = zipped({"1.txt": b"1", "b.zip": inner}, zipfile.ZIP_STORED)
    found = opened(at, data[: data.rindex(inner) + len(inner)])
    assert found == {"1.txt": sha(b"1"), "b.zip!/内.txt": sha(b"x"), "a": "archive_damaged"}


def test_a_damaged_member_of_a_streamed_zip_without_its_directory(at: Path) -> None:
    data = bytearray(zipped(THREE, streamed=True))
    first = data.index(NOISE[100:110]) if NOISE[100:110] in data else 60
    data[first : first + 300] = b"\xff" * 300
    found = opened(at, bytes(data[: data.index(b"PK\x01\x02")]))
    assert found == {name: sha(content) for name, content in THREE.items()} | {
        "通知一.txt": "archive_damaged", "a": "archive_damaged"
    }  # fmt: skip


def test_zips_joined_end_to_end(at: Path) -> None:
    found = opened(at, zipped({"1.txt": b"1"}) + zipped({"2.txt": b"2"}))
    assert found == {"1.txt": sha(b"1"), "2.txt": sha(b"2"), "a": "archive_damaged"}


def test_a_zip_with_a_comment_and_bytes_behind_it(at: Path) -> None:
    out = io.BytesIO(zipped(THREE))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"PK\x05\x06 is how an end starts"
    assert opened(at, out.getvalue() + b"\0\0") == {name: sha(content) for name, content in THREE.items()}


def test_zip64(at: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        with archive.open(zipfile.ZipInfo("大.txt"), "w", force_zip64=True) as file:
            file.write(TEXT)
        for number in range(65_600):
            archive.writestr(zipfile.ZipInfo(f"~${number}"), b"")
    put(at, {"a.zip": out.getvalue()})
    found = look(at, "a.zip")
    assert checked(found) == {"a.zip!/大.txt": sha(TEXT)}
    assert len(left_out(found)) == 65_600


def test_numbers_in_the_field_of_zip64(at: Path) -> None:
    raw = b"01.txt"
    plain = zipped_raw([(b"00.txt", b"0"), (raw, TEXT)])
    sizes = struct.pack("<2L", len(TEXT), len(TEXT))
    field = struct.pack("<2H3Q", 1, 24, len(TEXT), len(TEXT), plain.rindex(b"PK\x03\x04"))
    data = bytearray(zipped_raw([(b"00.txt", b"0"), (raw, TEXT)], {raw: field}))
    entry = data.rindex(b"PK\x01\x02")
    assert data[entry + 20 : entry + 28] == sizes
    data[entry + 20 : entry + 28] = b"\xff" * 8
    data[entry + 42 : entry + 46] = b"\xff" * 4
    assert opened(at, bytes(data)) == {"00.txt": sha(b"0"), "01.txt": sha(TEXT)}


@pytest.mark.parametrize("told", [0, 5, 2**62, 2**64 - 1])
def test_a_directory_that_is_said_to_lie_nowhere(at: Path, told: int) -> None:
    data = zipped(THREE)
    end = data[-22:-10] + b"\xff" * 8 + data[-2:]
    found = opened(at, data[:-22] + struct.pack("<4sLQL", b"PK\x06\x07", 0, told, 1) + end)
    assert found == {name: sha(content) for name, content in THREE.items()} | {"a": "archive_damaged"}


@pytest.mark.parametrize("at_byte", range(0, 22, 3))
def test_a_damaged_end_record_loses_nothing(at: Path, at_byte: int) -> None:
    data = bytearray(zipped(THREE))
    data[len(data) - 22 + at_byte] ^= 0xFF
    found = opened(at, bytes(data))
    assert {name: what for name, what in found.items() if name != "a"} == {n: sha(c) for n, c in THREE.items()}


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_tar_that_breaks_off(at: Path, packing: str, share: float) -> None:
    members = {f"{number}.txt": Random(number).randbytes(400_000) for number in range(5)}
    data = tarred(members, packing)
    found = opened(at, data[: int(len(data) * share)])
    assert found.pop("a") == "archive_damaged"
    sound = {name: what for name, what in found.items() if what != "archive_damaged"}
    assert sound == {name: sha(members[name]) for name in sound}
    assert len(found) - len(sound) <= 1
    assert len(sound) >= (4 if share == 0.9 and packing != "bz2" else 2)  # bz2 packs 900 kB at once


def test_a_tar_without_its_end(at: Path) -> None:
    data = tarred({"a.txt": b"a"})
    assert opened(at, data[:1024]) == {"a.txt": sha(b"a"), "a": "archive_damaged"}


def test_a_tar_with_a_damaged_header(at: Path) -> None:
    data = bytearray(tarred({"1.txt": b"1", "2.txt": b"2", "3.txt": b"3"}))
    data[1024 + 10] ^= 1
    assert opened(at, bytes(data)) == {"1.txt": sha(b"1"), "3.txt": sha(b"3"), "a": "archive_damaged"}


def test_tars_joined_end_to_end(at: Path) -> None:
    assert opened(at, tarred({"1.txt": b"1"}) + tarred({"2.txt": b"2"})) == {"1.txt": sha(b"1"), "2.txt": sha(b"2")}
    packed = tarred({"1.txt": b"1"}, "gz") + tarred({"2.txt": b"2"}, "gz")
    assert opened(at, packed) == {"1.txt": sha(b"1"), "2.txt": sha(b"2")}


@pytest.mark.parametrize("at_end", [8, 4])
def test_a_wrong_checksum_at_the_end_of_the_stream_is_told(at: Path, at_end: int) -> None:
    data = bytearray(tarred(THREE, "gz"))
    data[-at_end] ^= 1
    assert opened(at, bytes(data)) == {name: sha(content) for name, content in THREE.items()} | {"a": "archive_damaged"}


@pytest.mark.parametrize("size", [-1024, -512, -1, 1 << 40])
def test_sizes_that_can_not_be(at: Path, size: int) -> None:
    block = bytearray(tarfile.TarInfo("x").tobuf(tarfile.GNU_FORMAT))
    block[124:136] = (b"\xff" if size < 0 else b"\x80") + (size % (1 << 88)).to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    found = opened(at, bytes(block) + tarred({"1.txt": b"1"}))
    assert found["x"] == ("archive_damaged" if size < 0 else "archive_bomb")
    assert found.get("1.txt") == (sha(b"1") if size < 0 else None)


def test_headers_without_end(at: Path) -> None:
    """Long names of long names of … would take more calls than there may be."""
    block = header("x", tarfile.GNUTYPE_LONGNAME)
    block.size = 0
    data = block.tobuf(tarfile.GNU_FORMAT) * 3000 + tarred({"1.txt": b"1"})
    assert "archive_damaged" in opened(at, tarred({"0.txt": b"0"})[:1024] + data).values()


def test_a_header_that_asks_for_all_memory(at: Path) -> None:
    block = header("x", tarfile.XHDTYPE)
    block.size = 1 << 30
    data = tarred({"0.txt": b"0"})[:1024] + block.tobuf(tarfile.GNU_FORMAT) + bytes(200 << 20)
    put(at, {"a": gzip.compress(data, 1)})
    tracemalloc.start()
    found = checked(look(at, "a", limits=Limits(ratio=10_000)))
    assert tracemalloc.get_traced_memory()[1] < 120 << 20
    tracemalloc.stop()
    assert found == {"a!/0.txt": sha(b"0"), "a": "archive_damaged"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_raises_and_none_is_silent(at: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["zip", "stored", "tar", "gz", "bz2", "xz"]))
    if kind in ("zip", "stored"):
        made = zipped(THREE, zipfile.ZIP_DEFLATED if kind == "zip" else zipfile.ZIP_STORED)
    else:
        made = tarred(THREE, "" if kind == "tar" else kind)
    changed = bytearray(made)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(8, len(made) - 1))] ^= data.draw(st.integers(1, 255))
    changed = changed[: data.draw(st.integers(600, len(made)))]
    put(at, {"a": bytes(changed)})
    found = look(at, "a")
    told = checked(found)
    missing = {sha(content) for content in THREE.values()} - set(told.values())
    errors = [each for each in found if isinstance(each, Ignored) or each.error_class]
    assert told and (not missing or errors or kind == "tar" or told == {"a": sha(bytes(changed))})


# Locked, unknown, too much


def test_locked_and_unsupported_members(at: Path) -> None:
    data = zipped({"锁.txt": b"1", "a.txt": b"a", "新法.txt": b"2", "强.txt": b"3"})
    data = patched(patched(data, "锁.txt".encode(), flags=1), "新法.txt".encode(), method=9)
    assert opened(at, patched(data, "强.txt".encode(), flags=0x20)) == {
        "锁.txt": "archive_encrypted", "a.txt": sha(b"a"), "新法.txt": "archive_unsupported", "强.txt": "archive_unsupported"
    }  # fmt: skip


def test_a_member_that_is_too_big(at: Path) -> None:
    members = {"小.txt": b"x" * 99, "大.txt": b"y" * 200, "后.txt": b"z"}
    expected = {"小.txt": sha(members["小.txt"]), "大.txt": "archive_bomb", "后.txt": sha(b"z")}
    for data in (zipped(members), zipped(members, streamed=True), tarred(members), tarred(members, "gz")):
        assert opened(at, data, limits=Limits(member=100)) == expected


def test_a_header_that_tells_too_small_a_size(at: Path) -> None:
    data = zipped({"大.txt": b"y" * 5000, "后.txt": b"z"})
    lied = data.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    assert opened(at, lied, limits=Limits(member=100)) == {"大.txt": "archive_damaged", "后.txt": sha(b"z")}


@pytest.mark.parametrize("streamed", [False, True])
def test_a_bomb(at: Path, streamed: bool) -> None:
    data = zipped({"炸.txt": bytes(3_000_000), "后.txt": TEXT}, streamed=streamed)
    limits = Limits(ratio_from=1_000_000)
    assert opened(at, data, limits=limits) == {"炸.txt": "archive_bomb", "后.txt": sha(TEXT)}
    assert opened(at, data[: data.index(b"PK\x01\x02")], limits=limits) == {
        "炸.txt": "archive_bomb", "后.txt": sha(TEXT), "a": "archive_damaged"
    }  # fmt: skip
    assert opened(at, data) == {"炸.txt": sha(bytes(3_000_000)), "后.txt": sha(TEXT)}


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
def test_a_bomb_in_a_packed_tar(at: Path, packing: str) -> None:
    data = tarred({"前.txt": TEXT, "炸.txt": bytes(9_000_000), "后.txt": TEXT}, packing)
    found = opened(at, data, limits=Limits(ratio_from=1_000_000))
    assert found["前.txt"] == sha(TEXT) and found["炸.txt"] == "archive_bomb" and found["a"] == "archive_bomb"


def test_many_members_that_share_their_data(at: Path) -> None:
    """One packed block that every entry of the directory points to."""
    data = zipped({"00.txt": bytes(900_000)})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry, tail = data[start:end], bytearray(data[end:])
    tail[12:16] = (len(entry) * 200).to_bytes(4, "little")
    found = opened(at, data[:start] + entry * 200 + bytes(tail), limits=Limits(ratio_from=2_000_000))
    assert found["00.txt"] == sha(bytes(900_000)) and found["a"] == "archive_bomb"
    assert len(found) < 10


def test_an_archive_that_unpacks_to_too_much(at: Path) -> None:
    members = {f"{number}.txt": NOISE[number:] for number in range(9)}
    limits = Limits(total=3 * len(NOISE))
    for data in (zipped(members), tarred(members, "xz"), zipped({"b.zip": zipped(members, zipfile.ZIP_STORED)})):
        found = opened(at, data, limits=limits)
        assert found.pop("a") == "archive_bomb"
        assert len(found) < 4


def test_headers_within_one_another_are_not_measured_for_ever(at: Path) -> None:
    """Each says that its data goes on to the end, and does."""
    data = zipped({"0.txt": bytes(300_000)}, streamed=True)
    head = data[: data.index(b"0.txt") + 5]
    found = opened(at, head * 400 + data[: data.index(b"PK\x01\x02")], limits=Limits(total=1_000_000))
    assert found["a"] == "archive_damaged"
    assert opened(at, data[: data.index(b"PK\x01\x02")] * 9, limits=Limits(total=1_000_000)).keys() == {
        "0.txt", "0.txt#2", "0.txt#3", "a"
    }  # fmt: skip


def test_too_many_members(at: Path) -> None:
    members = {f"{number}.txt": b"%d" % number for number in range(9)}
    for data in (zipped(members), tarred(members)):
        found = opened(at, data, limits=Limits(members=5))
        assert found.pop("a") == "archive_bomb" and len(found) == 5
    nested = zipped({"b.zip": zipped(members), "c.zip": zipped(members), "d.txt": b"d"})
    assert opened(at, nested, limits=Limits(members=5)).keys() >= {"b.zip", "c.zip", "d.txt"}
    found = opened(at, nested, limits=Limits(members_in_all=13))
    assert found.pop("a") == "archive_bomb" and len(found) == 11


def test_archives_within_archives_to_a_depth(at: Path) -> None:
    data = zipped({"底.txt": b"x"})
    for number in range(4):
        data = (zipped if number % 2 else tarred)({"深": data, f"{number}.txt": b"%d" % number})
    found = opened(at, data)
    assert found["深!/深!/深!/深"] == "archive_depth"
    assert {what for what in found.values() if what != "archive_depth"} == {sha(b"%d" % number) for number in range(4)}
    assert "深!/深!/深!/深!/底.txt" in opened(at, data, limits=Limits(depth=5))
    assert opened(at, zipped({"b.zip": data, "1.txt": b"1"}), limits=Limits(depth=1)) == {
        "b.zip": "archive_depth", "1.txt": sha(b"1")
    }  # fmt: skip


def test_a_huge_dictionary_is_refused(at: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 512 << 20}]
    put(at, {"a.tar.xz": lzma.compress(tarred({"x": b"x"}), filters=filters, preset=None)})
    assert checked(look(at, "a.tar.xz")) == {"a.tar.xz": "archive_unsupported"}


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
