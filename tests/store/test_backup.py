from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from extractor.errors import StoreError
from extractor.store import accounts, backup, documents, drafts, events, schema, search, settings
from extractor.store.blobs import Blobs
from extractor.store.database import Database, sqlite_url
from tests.store import samples

PARSED = "0.1.0.json.gz"


def _fill(database: Database, blobs: Blobs, parsed: Path) -> list[str]:
    ids = []
    parsed.mkdir()
    with database.write() as connection:
        for number in range(3):
            data = f"文件{number}".encode() * 50
            sha256 = blobs.put(data)
            documents.insert(connection, sha256=sha256, name=f"{number}.txt", size=len(data), uploaded_by="li")
            ids.append(sha256[:20])
            samples.complete_draft(connection, ids[-1])
            for event in range(3):
                samples.event(connection, ids[-1], event)
            search.index_text(connection, ids[-1], [(0, samples.TEXT)])
            (parsed / f"{sha256}-{PARSED}").write_bytes(gzip.compress(b"{}"))
        settings.put(connection, "two_person", True)
        accounts.add_user(connection, name="li", display="李四", role="admin", password_hash="h")
        accounts.add_session(connection, token_hash="s", user="li", seconds=60)
        accounts.add_token(connection, user="li", name="脚本", token_hash="t")
    return ids


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "files" / "blobs")


@pytest.fixture
def parsed(tmp_path: Path, blobs: Blobs) -> Path:
    blobs.root.mkdir(parents=True)
    return tmp_path / "files" / "parsed"


def _rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    kept = [table for name, table in schema.metadata.tables.items() if name not in ("sessions", "login_failures")]
    with database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in kept
        }


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_a_round_trip_brings_everything_back(
    database: Database, blobs: Blobs, parsed: Path, tmp_path: Path, into: str, request: pytest.FixtureRequest
) -> None:
    ids = _fill(database, blobs, parsed)
    archive = tmp_path / "out" / "backup.tar.gz"
    made = backup.backup(database, blobs, archive, parsed=parsed)
    assert (made.documents, made.missing) == (3, ())
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]

    folder = tmp_path / "restored"
    url = sqlite_url(folder) if into == "sqlite" else request.getfixturevalue("other_postgres_url")
    assert backup.restore(archive, folder, None if into == "sqlite" else url) == made
    restored = Database(url)
    restored.migrate()
    assert _rows(restored) == _rows(database)
    again = Blobs(folder / "blobs")
    with restored.write() as connection:
        for document_id in ids:
            row = documents.get(connection, document_id)
            assert row is not None
            assert hashlib.sha256(again.read(row.sha256)).hexdigest() == row.sha256
            assert (folder / "parsed" / f"{row.sha256}-{PARSED}").is_file()
            assert events.verify(connection, document_id)
        assert len(search.search(connection, "就业")) == 3
        assert accounts.get_session(connection, "s") is None  # who restores logs in again
        assert accounts.get_token(connection, "t") is not None
        # what is added afterwards gets ids of its own
        new = samples.document(connection, 77)
        samples.complete_draft(connection, new.id)
        search.index_text(connection, new.id, [(0, samples.TEXT)])
        samples.event(connection, ids[0], 99)
        accounts.add_token(connection, user="li", name="x", token_hash="t2")
        events.audit(connection, "li", "restore", "x")
        assert events.verify(connection, ids[0])
        assert len(search.search(connection, "就业")) == 4
        documents.delete(connection, new.id)
    restored.close()
    left = {path.name for path in folder.iterdir()}
    assert left == {"blobs", "parsed", "extractor.db"} if into == "sqlite" else {"blobs", "parsed"}


def test_a_backup_while_others_write_is_one_state(
    database: Database, blobs: Blobs, parsed: Path, tmp_path: Path
) -> None:
    (document_id, *_) = _fill(database, blobs, parsed)
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            with database.write() as connection:
                samples.event(connection, document_id, number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup.backup(database, blobs, tmp_path / f"{number}.tar.gz", parsed=parsed)
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        folder = tmp_path / f"restored{number}"
        backup.restore(tmp_path / f"{number}.tar.gz", folder)
        restored = Database(sqlite_url(folder))
        with restored.read() as connection:
            assert events.verify(connection, document_id)
        restored.close()


def test_files_that_are_missing_or_altered_stop_the_backup(
    database: Database, blobs: Blobs, parsed: Path, tmp_path: Path
) -> None:
    (first, *_) = _fill(database, blobs, parsed)
    archive = tmp_path / "backup.tar.gz"
    archive.write_bytes(b"the backup of yesterday")
    with database.read() as connection:
        row = documents.get(connection, first)
    assert row is not None
    blobs.path(row.sha256).write_bytes(b"altered")
    for damage in (lambda: None, lambda: blobs.delete(row.sha256)):
        damage()
        with pytest.raises(StoreError) as told:
            backup.backup(database, blobs, archive, parsed=parsed)
        assert told.value.code == "damaged" and first in str(told.value)
        assert archive.read_bytes() == b"the backup of yesterday"
        assert not list(tmp_path.glob(".backup-*"))


def test_a_document_deleted_while_the_backup_ran_is_not_restored(
    database: Database, blobs: Blobs, parsed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = _fill(database, blobs, parsed)
    path = blobs.path

    def delete_first(sha256: str) -> Path:  # when the first file's turn comes, the rows are written already
        monkeypatch.undo()
        with database.write() as connection:
            documents.delete(connection, sha256[:20])
        blobs.delete(sha256)
        return path(sha256)

    monkeypatch.setattr(blobs, "path", delete_first)
    made = backup.backup(database, blobs, tmp_path / "b.tar.gz", parsed=parsed)
    assert len(made.missing) == 1
    backup.restore(tmp_path / "b.tar.gz", tmp_path / "restored")
    restored = Database(sqlite_url(tmp_path / "restored"))
    with restored.read() as connection:
        rows, _ = documents.find(connection, documents.Query())
        assert {row.id for row in rows} == set(ids) - set(made.missing)
        assert {hit.document_id for hit in search.search(connection, "就业")} == set(ids) - set(made.missing)
    restored.close()


# --- archives that are not what they should be; these need no second kind of database


@pytest.fixture
def archive(tmp_path: Path, blobs: Blobs, parsed: Path) -> Path:
    database = Database(sqlite_url(tmp_path))
    database.migrate()
    _fill(database, blobs, parsed)
    backup.backup(database, blobs, tmp_path / "b.tar.gz", parsed=parsed)
    database.close()
    return tmp_path / "b.tar.gz"


Members = list[tuple[tarfile.TarInfo, bytes]]


def _rewritten(archive: Path, change: Callable[[Members], Members]) -> None:
    with tarfile.open(archive) as source:
        members = []
        for member in source:
            file = source.extractfile(member)
            assert file is not None
            members.append((member, file.read()))
    with tarfile.open(archive, "w:gz") as target:
        for member, data in change(members):
            member.size = len(data) if member.isreg() else 0
            target.addfile(member, io.BytesIO(data))


def _refused(archive: Path, tmp_path: Path, code: str = "damaged") -> None:
    folder = tmp_path / "restored"
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(StoreError) as told:
        backup.restore(archive, folder)
    assert told.value.code == code
    assert "\n" not in str(told.value) and " / " in str(told.value)
    folder.rmdir()  # nothing lies in it
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def _member(name: str, **fields: object) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(member, field, value)
    return member


@pytest.mark.parametrize(
    "extra",
    [
        _member("../outside"),
        _member("/tmp/outside"),
        _member("blobs/../../outside"),
        _member("blobs/aa/bb/../../../../outside"),
        _member("tables/../../outside.jsonl"),
        _member("parsed/" + "a" * 64 + "-..json.gz/../../x"),
        _member("tables/documents.jsonl"),
        _member("extractor.db"),
        _member(f"blobs/aa/bb/aabb{'0' * 60}", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        _member(f"blobs/aa/bb/aabb{'0' * 60}", type=tarfile.LNKTYPE, linkname="manifest.json"),
        _member("tables/x.jsonl", type=tarfile.FIFOTYPE),
        _member("tables/x.jsonl", type=tarfile.DIRTYPE),
        _member("tables/not_in_the_manifest.jsonl"),
        _member("tables/evil.jsonl\n"),
    ],
    ids=lambda member: f"{member.name}-{member.type!r}",
)  # fmt: skip
def test_names_that_no_backup_has_are_refused(archive: Path, tmp_path: Path, extra: tarfile.TarInfo) -> None:
    _rewritten(archive, lambda members: [*members[:-1], (extra, b"x"), members[-1]])
    _refused(archive, tmp_path)
    assert not (tmp_path / "outside").exists()
    assert not Path("/tmp/outside").exists()


def _alter(name: str) -> Callable[[Members], Members]:
    return lambda members: [
        (member, data.replace(b"a", b"b", 1) if member.name.startswith(name) else data) for member, data in members
    ]


def _manifest_as(change: Callable[[dict[str, object]], object]) -> Callable[[Members], Members]:
    def altered(members: Members) -> Members:
        content = json.loads(members[-1][1])
        change(content)
        return [*members[:-1], (members[-1][0], json.dumps(content).encode())]

    return altered


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_alter("tables/documents"), "damaged"),
        (lambda members: [(m, d + b"x" if m.name.startswith("blobs/") else d) for m, d in members], "damaged"),
        (lambda members: members[:-1], "damaged"),
        (lambda members: members[1:], "damaged"),
        (lambda members: [(m, d) for m, d in members if not m.name.startswith("blobs/")], "damaged"),
        (lambda members: [*members[:-1], (members[-1][0], b"not json")], "damaged"),
        (lambda members: [*members[:-1], (members[-1][0], b"[]")], "damaged"),
        (_manifest_as(lambda content: content.update(files=[])), "damaged"),
        (_manifest_as(lambda content: content.update(files={"x": None})), "damaged"),
        (_manifest_as(lambda content: content.pop("revision")), "damaged"),
        (_manifest_as(lambda content: content.update(format=2)), "newer"),
        (_manifest_as(lambda content: content.update(revision="9999")), "newer"),
    ],
)
def test_an_archive_that_does_not_agree_with_its_manifest_is_refused(
    archive: Path, tmp_path: Path, change: Callable[[Members], Members], code: str
) -> None:
    _rewritten(archive, change)
    _refused(archive, tmp_path, code)


def test_rows_that_do_not_fit_are_refused_though_the_hashes_agree(archive: Path, tmp_path: Path) -> None:
    def change(members: Members) -> Members:
        content = json.loads(members[-1][1])
        altered = []
        for member, data in members[:-1]:
            if member.name == "tables/drafts.jsonl":
                data = data.replace(b'"document_id"', b'"no_such_column"')
                content["files"][member.name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            altered.append((member, data))
        return [*altered, (members[-1][0], json.dumps(content).encode())]

    _rewritten(archive, change)
    _refused(archive, tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.97])
def test_an_archive_cut_short_is_refused(archive: Path, tmp_path: Path, share: float) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)])
    _refused(archive, tmp_path)


def test_an_archive_with_a_flipped_bit_is_refused(archive: Path, tmp_path: Path) -> None:
    data = bytearray(archive.read_bytes())
    for place in range(20, len(data) - 4096, max(1, len(data) // 12)):
        flipped = bytearray(data)
        flipped[place] ^= 0x10
        archive.write_bytes(flipped)
        _refused(archive, tmp_path)


def test_nothing_is_restored_over_something(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "restored"
    folder.mkdir()
    (folder / "mine.txt").write_text("x")
    with pytest.raises(StoreError) as told:
        backup.restore(archive, folder)
    assert told.value.code == "not_empty"
    assert os.listdir(folder) == ["mine.txt"]
    with pytest.raises(StoreError) as told:
        backup.restore(tmp_path / "no.tar.gz", tmp_path / "new")
    assert told.value.code == "not_found"


def test_a_place_that_cannot_be_written_is_told(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    database = Database(sqlite_url(tmp_path))
    with pytest.raises(StoreError) as told:
        backup.backup(database, Blobs(tmp_path / "files" / "blobs"), tmp_path / "file" / "b.tar.gz")
    assert told.value.code == "unavailable"
    database.close()
    with pytest.raises(StoreError) as told:
        backup.restore(archive, tmp_path / "file" / "new")
    assert told.value.code == "unavailable"


def test_a_database_in_use_is_not_restored_into(archive: Path, tmp_path: Path, database: Database, url: str) -> None:
    with database.write() as connection:
        row = samples.document(connection, 5)
    with pytest.raises(StoreError) as told:
        backup.restore(archive, tmp_path / "restored", url)
    assert told.value.code == "not_empty"
    with database.read() as connection:
        assert documents.find(connection, documents.Query()) == ([row], 1)
        assert drafts.load(connection, row.id) is None
        assert connection.scalar(text("SELECT count(*) FROM settings")) == 0
