"""Files by their content: ``ab/cd/<sha256>`` below one folder."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from extractor.errors import StoreError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """``root``: the folder ``blobs`` of the data directory; made when the first file is put."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """The SHA-256 (hex) of the bytes, which are on disk for good when this returns."""
        sha256 = hashlib.sha256(data).hexdigest()
        place = self.path(sha256)
        if place.exists() and place.stat().st_size == len(data):
            return sha256
        try:
            write(place, data)
        except OSError as error:
            message = f"文件无法保存：{error.strerror} / The file can't be saved: {error.strerror}"
            raise StoreError("unavailable", message) from error
        return sha256

    def path(self, sha256: str) -> Path:
        """Where the file lies or would lie. Raises StoreError ``invalid`` for what is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise StoreError("invalid", "文件标识无效 / Not a file's identifier")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises StoreError ``not_found``, or ``damaged`` where they are no longer those that were put."""
        try:
            data = self.path(sha256).read_bytes()
        except OSError as error:
            raise StoreError("not_found", "原文件已不存在 / The file is no longer there") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError("damaged", "原文件已损坏 / The file is damaged")
        return data

    def delete(self, sha256: str) -> None:
        """Takes the file away; nothing happens where there is none."""
        self.path(sha256).unlink(missing_ok=True)


def write(place: Path, data: bytes) -> None:
    """Writes a whole file or none, and waits until it is on disk."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if os.name == "posix":  # the name too must be on disk, not only the bytes
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
