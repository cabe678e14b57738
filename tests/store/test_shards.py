from __future__ import annotations

import os

import pytest

from extractor.errors import StoreError
from extractor.store.shards import ShardWriter, read_kept, trim
from extractor.types.batch import Kept


def test_lines_are_found_where_append_said(tmp_path):
    writer = ShardWriter(tmp_path, "results/v1/run-1")
    lines = ["一".encode(), b"", "𠮷二".encode()]
    places = writer.append(lines)
    writer.settle()
    places += writer.append([b"later"])
    writer.settle()
    assert [read_kept(tmp_path, place) for place in places] == [*lines, b"later"]
    assert (tmp_path / places[0].shard).read_bytes() == b"\n".join([*lines, b"later", b""])


def test_what_was_not_settled_is_taken_back(tmp_path):
    writer = ShardWriter(tmp_path, "a")
    first = writer.append([b"kept"])
    writer.settle()
    writer.append([b"refused", b"by the ledger"])
    writer.forget()
    second = writer.append([b"next"])
    writer.settle()
    assert (tmp_path / first[0].shard).read_bytes() == b"kept\nnext\n"
    assert read_kept(tmp_path, second[0]) == b"next"


def test_a_full_shard_is_followed_by_another(tmp_path):
    writer = ShardWriter(tmp_path, "a", full=10)
    assert writer.append([b"123"]) and writer.settle() is None
    (place,) = writer.append([b"12345678"])
    assert writer.settle() == place.shard
    (after,) = writer.append([b"x"])
    writer.settle()
    assert after == Kept("a-0001.jsonl", 0, 1)
    assert writer.close() == "a-0001.jsonl"
    assert writer.close() is None


def test_two_executions_never_write_one_file(tmp_path):
    ShardWriter(tmp_path, "a").append([b"mine"])
    with pytest.raises(StoreError) as refused:
        ShardWriter(tmp_path, "a").append([b"yours"])
    assert refused.value.code == "unavailable"
    assert (tmp_path / "a-0000.jsonl").read_bytes() == b"mine\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_is_said(tmp_path):
    (tmp_path / "a-0000.jsonl").symlink_to("/dev/full")
    with pytest.raises(StoreError) as refused:
        ShardWriter(tmp_path, "a").append([b"x"])
    assert refused.value.code == "unavailable"


def test_trim_cuts_what_the_ledger_does_not_know(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\ntwo\ntorn")
    assert trim(path, 8)
    assert path.read_bytes() == b"one\ntwo\n"
    assert not trim(path, 8)
    assert trim(path, 0)
    assert not path.exists()
    assert not trim(path, 0)


def test_a_shard_that_is_being_written_is_not_cut(tmp_path):
    writer = ShardWriter(tmp_path, "a")
    (place,) = writer.append([b"one"])
    assert not trim(tmp_path / place.shard, 0)
    writer.settle()
    assert read_kept(tmp_path, place) == b"one"
    writer.close()
    assert trim(tmp_path / place.shard, 2)


@pytest.mark.parametrize("kept", [Kept("gone.jsonl", 0, 1), Kept("a.jsonl", 2, 9)])
def test_a_damaged_shard_is_said(tmp_path, kept):
    (tmp_path / "a.jsonl").write_bytes(b"short\n")
    with pytest.raises(StoreError) as refused:
        read_kept(tmp_path, kept)
    assert refused.value.code == "damaged"
