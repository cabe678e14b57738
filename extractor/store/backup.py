"""One archive of everything, alike for both databases, so that it restores into either.

A ``.tar.gz``: ``tables/<table>.jsonl`` (the rows of one snapshot, taken while the server runs), ``blobs/…`` the files as
uploaded, ``parsed/…`` what readers made of them, the vocabulary and the components trained here, last ``manifest.json`` with size and SHA-256 of each. Sessions and
failed log-ins are left out.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import time
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Integer, MetaData, Table, Text, select, text, type_coerce
from sqlalchemy.exc import SQLAlchemyError

from extractor.errors import StoreError
from extractor.store import documents as document_rows
from extractor.store import search
from extractor.store.blobs import Blobs
from extractor.store.columns import ExactText
from extractor.store.database import Database, sqlite_url
from extractor.store.migrations import current, knows, upgrade
from extractor.store.schema import documents, metadata
from extractor.store.values import now

FORMAT = 1
_MANIFEST = "manifest.json"
_LEFT_OUT = frozenset({"sessions", "login_failures"})
_MEMBER = re.compile(
    r"tables/[a-z_]+\.jsonl"
    r"|blobs/([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{60}"
    r"|parsed/[0-9a-f]{64}-[0-9A-Za-z.+_-]+\.json\.gz"
    r"|vocabulary\.(?:toml|json)|models/manifest\.json|models/[a-z_]+/[a-zA-Z0-9_]+\.(?:json|npz|crfsuite|md)"
)
_CHUNK = 1 << 20
_ROWS = 500

_Files = dict[str, dict[str, object]]  # name: size in bytes and SHA-256


@dataclass(frozen=True, slots=True)
class Manifest:
    """``missing``: documents deleted while the backup ran, whose file was gone already: they are not restored."""

    revision: str
    created_at: str
    documents: int
    files: int
    missing: tuple[str, ...] = ()


def backup(
    database: Database, blobs: Blobs, file: Path, *, parsed: Path | None = None, own: Path | None = None
) -> Manifest:
    """Writes the archive; nothing stands under its name before it is whole. Only its owner can read it.

    ``own``: the folder whose vocabulary and trained components go along.

    Raises StoreError ``damaged`` where an uploaded file is missing or altered, ``unavailable`` where the archive can't
    be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:  # mode 0700
            whole = Path(folder) / "archive.tar.gz"
            manifest = _write(database, blobs, parsed, own, Path(folder), whole)
            whole.chmod(0o600)
            os.replace(whole, file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError("unavailable", f"无法写入备份：{reason} / Can't write the backup: {reason}") from error
    return manifest


def restore(file: Path, folder: Path, database_url: str | None = None) -> Manifest:
    """Unpacks an archive into an empty (or new) data directory, and an empty database: its own, or that of the URL.

    Every hash is checked before anything is put in place. Raises StoreError: ``damaged``, ``newer``, ``not_empty``,
    ``not_found`` (no such archive).
    """
    if not file.is_file():
        raise StoreError("not_found", f"没有这个备份文件：{file.name} / No such archive: {file.name}")
    try:
        if folder.exists() and any(folder.iterdir()):
            message = "目标文件夹不是空的，请换一个 / The folder to restore into is not empty: choose another"
            raise StoreError("not_empty", message)
        folder.mkdir(parents=True, exist_ok=True)
        return _restore(file, folder, database_url)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError("unavailable", f"无法恢复：{reason} / Can't restore: {reason}") from error


def _restore(file: Path, folder: Path, database_url: str | None) -> Manifest:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as name:
        unpacked = Path(name)
        manifest = _unpack(file, unpacked)
        database = Database(database_url or sqlite_url(unpacked))
        try:
            _fill(database, manifest, unpacked / "tables")
        finally:
            database.close()
        for part in (
            "blobs",
            "parsed",
            "vocabulary.toml",
            "vocabulary.json",
            "models",
            "extractor.db",
        ):  # closed: no -wal stands beside it any more
            if (unpacked / part).exists():
                os.replace(unpacked / part, folder / part)
    return manifest


def _write(
    database: Database, blobs: Blobs, parsed: Path | None, own: Path | None, folder: Path, whole: Path
) -> Manifest:
    files: _Files = {}
    missing: list[str] = []
    part = folder / "part"
    with tarfile.open(whole, "w:gz", compresslevel=6) as archive:
        with database.read() as connection:
            revision = current(connection)
            for table in _tables():
                _dump(connection, table, part)
                _add(archive, part, f"tables/{table.name}.jsonl", files)
            stored = connection.execute(select(documents.c.id, documents.c.sha256)).all()
        for document_id, sha256 in stored:
            name = f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"
            if not _add(archive, blobs.path(sha256), name, files):
                missing.append(document_id)
            elif files[name]["sha256"] != sha256:
                message = (
                    f"原文件已损坏，未能备份：{document_id} / An uploaded file is damaged, no backup: {document_id}"
                )
                raise StoreError("damaged", message)
        for path in sorted(parsed.iterdir()) if parsed is not None and parsed.is_dir() else ():
            if _MEMBER.fullmatch(f"parsed/{path.name}"):
                _add(archive, path, f"parsed/{path.name}", files)
        for name, path in _learned(own):
            _add(archive, path, name, files)
        _deleted_meanwhile(database, missing)
        content: dict[str, Any] = {
            "format": FORMAT,
            "revision": revision,
            "created_at": now(),
            "documents": len(stored),
        }
        content |= {"missing": missing, "files": files}
        part.write_text(json.dumps(content, indent=1), encoding="utf-8")
        _add(archive, part, _MANIFEST, {})
    with whole.open("rb+") as written:
        os.fsync(written.fileno())
    return _manifest(content)


def _learned(own: Path | None) -> list[tuple[str, Path]]:
    """What the workspace has learned, by the name in the archive."""
    found = (
        [] if own is None else [*own.glob("vocabulary.*"), *(own / "models").glob("*"), *(own / "models").glob("*/*")]
    )
    named = [(path.relative_to(own).as_posix(), path) for path in sorted(found) if own is not None and path.is_file()]
    return [(name, path) for name, path in named if _MEMBER.fullmatch(name)]


def _tables() -> list[Table[Any]]:
    """In the order in which rows can be put back."""
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def _dump(connection: Connection, table: Table[Any], place: Path) -> None:
    as_stored = [type_coerce(column, Text()) if isinstance(column.type, ExactText) else column for column in table.c]
    chosen = select(*as_stored).order_by(*table.primary_key)
    rows = connection.execute(chosen, execution_options={"yield_per": _ROWS})
    with place.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows.mappings():
            file.write(json.dumps(dict(row), ensure_ascii=False, separators=(",", ":")) + "\n")


def _add(archive: tarfile.TarFile, path: Path, name: str, files: _Files) -> bool:
    """Adds one file and notes its size and hash; False where it is gone."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return False
    with source:
        hashed = _Hashed(source)
        member = tarfile.TarInfo(name)
        member.size = os.fstat(source.fileno()).st_size
        member.mtime = int(time.time())
        member.mode = 0o600
        archive.addfile(member, hashed)
    files[name] = {"size": member.size, "sha256": hashed.digest.hexdigest()}
    return True


class _Hashed:
    """A file that hashes what is read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def _deleted_meanwhile(database: Database, missing: list[str]) -> None:
    """A file may be gone because its document was deleted since the snapshot; else the backup would lack it."""
    with database.read() as connection:
        for document_id in missing:
            if document_rows.get(connection, document_id) is not None:
                message = (
                    f"原文件已丢失，未能备份：{document_id} / An uploaded file is missing, no backup: {document_id}"
                )
                raise StoreError("damaged", message)


def _unpack(file: Path, folder: Path) -> Manifest:
    files: _Files = {}
    try:
        with tarfile.open(file, "r|gz") as archive:
            for member in archive:
                # Only names that a backup has: no link, no device, no way out of the folder, nothing twice.
                fits = member.name == _MANIFEST or _MEMBER.fullmatch(member.name)
                if not fits or not member.isreg() or member.name in files:
                    raise _damaged(f"{member.name[:80]!r}")
                files[member.name] = _extract(archive, member, folder / member.name)
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        manifest = _manifest(content)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(str(error)) from error
    except (FileNotFoundError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(_MANIFEST) from error
    del files[_MANIFEST]
    if content["format"] != FORMAT or not knows(manifest.revision):
        raise StoreError("newer", "备份来自更新版本的程序 / A newer version of this program has made the backup")
    if files != content["files"]:
        wrong = sorted(
            name for name in files.keys() | content["files"] if files.get(name) != content["files"].get(name)
        )
        raise _damaged(wrong[0])
    return manifest


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> dict[str, object]:
    source = archive.extractfile(member)
    if source is None:
        raise _damaged(member.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    hashed = _Hashed(source)
    with place.open("wb") as target:
        shutil.copyfileobj(hashed, target, _CHUNK)
    return {"size": place.stat().st_size, "sha256": hashed.digest.hexdigest()}


def _damaged(what: str) -> StoreError:
    return StoreError("damaged", f"备份文件已损坏或不完整：{what} / The archive is damaged or incomplete: {what}")


def _manifest(content: dict[str, Any]) -> Manifest:
    if not isinstance(content["files"], dict):
        raise TypeError(_MANIFEST)
    return Manifest(
        revision=str(content["revision"]),
        created_at=str(content["created_at"]),
        documents=int(content["documents"]),
        files=len(content["files"]),
        missing=tuple(content["missing"]),
    )


def _fill(database: Database, manifest: Manifest, rows: Path) -> None:
    """One transaction: the tables as they were when the backup was made, their rows, then the later migrations."""
    with database.write() as connection:
        if current(connection) is not None:
            message = "目标数据库不是空的，请换一个 / The database to restore into is not empty: choose another"
            raise StoreError("not_empty", message)
        upgrade(connection, manifest.revision)
        names = {path.stem for path in rows.glob("*.jsonl")}
        then = MetaData()
        then.reflect(connection, only=lambda name, _: name in names)
        try:
            for table in then.sorted_tables:
                _insert(connection, table, rows / f"{table.name}.jsonl")
        except (ValueError, SQLAlchemyError) as error:
            raise _damaged("tables") from error
        upgrade(connection)
        search.rebuild(connection)
        for document_id in manifest.missing:
            document_rows.delete(connection, document_id)


def _insert(connection: Connection, table: Table[Any], place: Path) -> None:
    with place.open(encoding="utf-8") as file:
        while batch := [json.loads(line) for line in islice(file, _ROWS)]:
            connection.execute(table.insert(), batch)
    if connection.dialect.name == "postgresql" and "id" in table.c and isinstance(table.c.id.type, Integer):
        last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), COALESCE(MAX(id), 0) + 1, false)"
        connection.execute(text(f"{last} FROM {table.name}"))
