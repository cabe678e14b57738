"""What the parts that look for files share: their limits, their words for what can't be had, and why."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Final, Literal

from extractor.errors import ExtractorError
from extractor.types.batch import Found

CHUNK: Final = 1 << 20  # bytes read, hashed and written at a time

ErrorClass = Literal[
    "missing",
    "permission",
    "archive_damaged",
    "archive_encrypted",
    "archive_bomb",
    "archive_depth",
    "archive_unsupported",
    "not_a_file",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and counts beyond which an archive is not unpacked any further. ``member``: bytes of one member.

    ``total``: bytes of all of an archive on disk and of the archives in it together; ``members``: entries of one
    archive, ``members_in_all`` those of all in it together. What unpacks to more than ``ratio`` times its packed size
    is a bomb once ``ratio_from`` bytes have come out of it. ``depth``: archives within one another, 1 for none within.
    """

    member: int = 2_000_000_000
    total: int = 50_000_000_000
    ratio: int = 200
    ratio_from: int = 100_000_000
    members: int = 200_000
    members_in_all: int = 2_000_000
    depth: int = 4

    def suspicious(self, unpacked: int, packed: int) -> bool:
        return unpacked > self.ratio_from and unpacked > self.ratio * max(packed, 1)


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier run found at a path: size in bytes, mtime in nanoseconds, hash, and where the bytes lie."""

    size: int
    mtime: int
    sha256: str
    location: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """What was left aside on purpose; ``reason`` is for people."""

    path: str
    reason: str


class Trouble(ExtractorError):
    """Why a file, or the rest of an archive, can't be had."""

    def __init__(self, code: ErrorClass, message: str | None = None) -> None:
        super().__init__(message or _MESSAGES[code])
        self.code: ErrorClass = code

    def found(self, path: str, location: str, name: str, size: int = 0, mtime: int = 0) -> Found:
        return Found(path, location, name, size, mtime, None, self.code, str(self))


class Stopped(Exception):
    """``stop`` said so in the middle of a file."""


_MESSAGES: dict[ErrorClass, str] = {
    "missing": "找不到这个文件或文件夹，请检查路径 / no such file or folder: check the path",
    "permission": "没有权限读取，请检查文件权限 / can't be read: check its permissions",
    "archive_damaged": "压缩包中的这个文件已损坏，请重新获取压缩包 / damaged inside its archive: get the archive again",
    "archive_encrypted": "压缩包中的这个文件有密码，请解密后重新打包 / locked with a password inside its archive: "
    "pack it anew without one",
    "archive_bomb": "疑似压缩炸弹，已停止解压，请自行解压核对 / unpacks to a suspicious size and was given up: "
    "unpack it yourself and check",
    "archive_depth": "压缩包嵌套层数过多，请先解压内层 / archives nested too deep: unpack the inner ones first",
    "archive_unsupported": "不支持这种压缩方式，请用普通 ZIP 重新打包 / packed by a method that is not supported: "
    "pack it anew as plain ZIP",
    "not_a_file": "不是普通文件（设备、管道或循环链接），无法读取 / not a regular file (a device, a pipe or a link to itself)",
}

PARTLY_DAMAGED: Final = (
    "压缩包已损坏或不完整，完好的文件已读取，请重新获取 / the archive is damaged or incomplete; "
    "its sound files were read: get it again"
)


def too_many(count: int) -> Trouble:
    """For an archive with more entries than it may have."""
    return Trouble(
        "archive_bomb",
        f"压缩包内文件超过{count}个，其余未读取，请拆分 / more than {count} files in the archive, "
        "the rest was not read: split it",
    )


def too_big(size: int) -> Trouble:
    """For what unpacks to more bytes than it may."""
    return Trouble(
        "archive_bomb",
        f"解压后超过{_gigabytes(size)}，已停止解压，请拆分 / unpacks to more than {_gigabytes(size)} and was given up: "
        "split it",
    )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:g} GB"


def trouble_of(error: OSError | ValueError) -> Trouble:
    """What the system says when a path can't be opened, in our words."""
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):  # ValueError: a NUL in the path
        return Trouble("missing")
    if error.errno == errno.ENAMETOOLONG:
        return Trouble("missing")
    if error.errno == errno.ELOOP:
        return Trouble("not_a_file")
    if isinstance(error, PermissionError):
        return Trouble("permission")
    return Trouble(
        "permission", f"读取失败，请检查磁盘和权限：{error.strerror} / can't be read, check the disk: {error.strerror}"
    )
