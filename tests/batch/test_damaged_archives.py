"""Archives that are damaged, locked, or made to do harm: sound members come, and each reason is told."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.batch.sources import Ignored, Limits
from tests.batch.archived import METHODS, NOISE, TEXT, THREE, opened
from tests.batch.looking import checked, left_out, look, put, sha
from tests.batch.packing import header, patched, tarred, zipped, zipped_raw

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
