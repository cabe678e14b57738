"""Members of archives on disk by their content: ``ab/cd/<sha256>`` below one folder."""

from __future__ import annotations

import hashlib
import io
import os
import time
import uuid
from pathlib import Path
from typing import BinaryIO, cast

from extractor.errors import OutputError

_IN_MEMORY = 4 << 20  # bytes of a member that is not written before its hash is known
_STALE = 86_400  # seconds after which a file that is not whole belongs to no process any more
_NEW = ".new"


class Spool:
    """``root`` is made. Raises ``OutputError`` where nothing can be written there, now or later."""

    def __init__(self, root: Path) -> None:
        self.root = os.path.abspath(root)
        self.new = os.path.join(self.root, _NEW)
        try:
            os.makedirs(self.new, exist_ok=True)
            _clear(self.new)
        except OSError as error:
            raise _unwritable(error) from error

    def incoming(self) -> Incoming:
        return Incoming(self)

    def place(self, sha256: str) -> str:
        return os.path.join(self.root, sha256[:2], sha256[2:4], sha256)


class Incoming:
    """A member on its way: in memory while it is small, else in a file that goes away unless it is kept."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._hash = hashlib.sha256()
        self._path: str | None = None
        self.file: BinaryIO = io.BytesIO()
        self.size = 0

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        if self._path is not None:
            try:
                os.unlink(self._path)
            except OSError:  # it was kept, or is cleared away later
                pass

    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self.size += len(data)
        try:
            if self._path is None and self.size > _IN_MEMORY:
                self._to_disk()
            self.file.write(data)
        except OSError as error:
            raise _unwritable(error) from error

    def keep(self) -> tuple[str, str]:
        """The SHA-256, and where the bytes lie from now on. A file that is there already is left as it is."""
        sha256 = self._hash.hexdigest()
        place = self._spool.place(sha256)
        try:
            if _size(place) != self.size:
                if self._path is None:
                    self._to_disk()
                self.file.close()
                _move(cast(str, self._path), place)
        except OSError as error:
            raise _unwritable(error) from error
        return sha256, place

    def _to_disk(self) -> None:
        before = cast(io.BytesIO, self.file).getvalue()
        self._path = os.path.join(self._spool.new, f"{os.getpid()}-{uuid.uuid4().hex}")
        self.file = open(self._path, "x+b")  # noqa: SIM115 - closed on leaving
        self.file.write(before)


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return None


def _move(path: str, place: str) -> None:
    try:
        os.replace(path, place)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.replace(path, place)


def _clear(folder: str) -> None:
    """Takes away what processes left that were killed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                if time.time() - entry.stat().st_mtime > _STALE:
                    os.unlink(entry.path)
            except FileNotFoundError:
                continue


def _unwritable(error: OSError) -> OutputError:
    return OutputError(
        f"解压目录无法写入，请检查磁盘空间和权限：{error.strerror} / can't write what is unpacked, "
        f"check space and permissions: {error.strerror}"
    )
