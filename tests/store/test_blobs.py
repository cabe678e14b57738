from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor.errors import StoreError
from extractor.store.blobs import Blobs


def test_a_file_is_kept_once_by_its_content(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    data = "通知".encode() * 1000
    sha256 = blobs.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert blobs.path(sha256) == tmp_path / "blobs" / sha256[:2] / sha256[2:4] / sha256
    assert blobs.read(sha256) == data
    written = blobs.path(sha256).stat().st_mtime_ns
    assert blobs.put(data) == sha256
    assert blobs.path(sha256).stat().st_mtime_ns == written
    assert blobs.read(blobs.put(b"")) == b""


def test_a_file_cut_short_is_written_again(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(b"whole")
    blobs.path(sha256).write_bytes(b"who")
    with pytest.raises(StoreError) as told:
        blobs.read(sha256)
    assert told.value.code == "damaged"
    blobs.put(b"whole")
    assert blobs.read(sha256) == b"whole"


def test_the_same_file_put_at_once_leaves_one_file(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        (sha256,) = set(pool.map(blobs.put, [b"x" * 100_000] * 32))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [blobs.path(sha256)]


def test_deletion_and_what_is_not_there(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(b"x")
    blobs.delete(sha256)
    blobs.delete(sha256)
    with pytest.raises(StoreError) as told:
        blobs.read(sha256)
    assert told.value.code == "not_found"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "a/" * 32])
def test_no_other_name_reaches_the_disk(tmp_path: Path, name: str) -> None:
    blobs = Blobs(tmp_path)
    for attempt in (blobs.path, blobs.read, blobs.delete):
        with pytest.raises(StoreError) as told:
            attempt(name)
        assert told.value.code == "invalid"


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(StoreError) as told:
        Blobs(tmp_path / "blobs").put(b"x")
    assert told.value.code == "unavailable"
