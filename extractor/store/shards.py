"""Results as lines of large files: appended, never changed, and only as much of them counts as the ledger knows of."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from extractor.errors import StoreError
from extractor.types.batch import Kept

_FULL = 32_000_000  # bytes after which the next shard begins


class ShardWriter:
    """Of one execution alone: ``prefix`` (a folder and the beginning of a name, below ``root``) must be its own.

    Within one transaction of the ledger: ``append``, write the places down, and ``settle`` once it is committed or
    ``forget`` where it was not. After a kill between the two the tail that nobody knows of is cut by ``trim``.
    """

    def __init__(self, root: Path, prefix: str, *, full: int = _FULL) -> None:
        self._root, self._prefix, self._full = root, prefix, full
        self._number = 0
        self._file = -1
        self._settled = 0
        self._end = 0

    @property
    def shard(self) -> str:
        return f"{self._prefix}-{self._number:04d}.jsonl"

    def append(self, lines: Sequence[bytes]) -> list[Kept]:
        """Where each line stands, on disk for good. Raises StoreError ``unavailable`` where the disk takes no more."""
        if not lines:
            return []
        try:
            if self._file < 0:
                self._open()
            places, at = [], self._end
            for line in lines:
                places.append(Kept(self.shard, at, len(line)))
                at += len(line) + 1
            _write(self._file, b"".join(line + b"\n" for line in lines))
            os.fsync(self._file)
        except OSError as error:
            self.forget()
            message = f"结果写不下去：{error.strerror} / The results can't be written: {error.strerror}"
            raise StoreError("unavailable", message) from error
        self._end = at
        return places

    def settle(self) -> str | None:
        """What was appended counts. The name of the shard where it is full: the next line opens another."""
        self._settled = self._end
        if self._end < self._full:
            return None
        return self.close()

    def forget(self) -> None:
        """What was appended since the last ``settle`` is taken back."""
        if self._file >= 0:
            os.ftruncate(self._file, self._settled)
            os.lseek(self._file, self._settled, os.SEEK_SET)
        self._end = self._settled

    def close(self) -> str | None:
        """Ends the shard that is being written; its name, None where none is open."""
        if self._file < 0:
            return None
        name = self.shard
        os.close(self._file)
        self._file, self._settled, self._end = -1, 0, 0
        self._number += 1
        return name

    def _open(self) -> None:
        path = self._root / self.shard
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        _lock(self._file)
        if os.name == "posix":  # the name too must be on disk before the ledger points there
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def read_kept(root: Path, kept: Kept) -> bytes:
    """The line. Raises StoreError ``damaged`` where the shard is gone or cut short."""
    try:
        with (root / kept.shard).open("rb") as file:
            file.seek(kept.offset)
            line = file.read(kept.length)
    except OSError as error:
        raise StoreError("damaged", f"结果文件缺失：{kept.shard} / A shard is missing: {kept.shard}") from error
    if len(line) != kept.length:
        raise StoreError("damaged", f"结果文件不完整：{kept.shard} / A shard is cut short: {kept.shard}")
    return line


def trim(path: Path, length: int) -> bool:
    """Cuts off what lies beyond ``length``, an empty shard altogether; whether anything was. Never of a shard that is
    being written.
    """
    try:
        if path.stat().st_size <= length:
            return False
        with path.open("r+b") as file:
            if not _lock(file.fileno()):
                return False
            file.truncate(length)
        if length == 0:
            path.unlink()
    except FileNotFoundError:
        return False
    return True


def _lock(file: int) -> bool:
    """Whether nobody else has it; it ends with the file. True where the file system knows no locks."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
