"""Whatever lies in an archive, and in the archives within it, as files on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from extractor.batch.archive_member import Member
from extractor.batch.archive_tar import Tar, may_be_tar, open_tar
from extractor.batch.archive_zip import MARKS, Zip, open_zip
from extractor.batch.source_base import Ignored, Known, Limits, Stopped, Trouble, too_big, too_many
from extractor.batch.source_names import ignorable, member_parts
from extractor.batch.spool import Incoming, Spool
from extractor.types.batch import Found

EMPTY = "空压缩包 / an empty archive"
LINK = "压缩包中的链接 / a link in an archive"
_LOST_LINK = (
    "压缩包中的链接，所指文件未能读取，请重新打包 / a link in the archive to a file that was not read: pack it anew"
)
_UNNAMED = "_"


def may_be_archive(head: bytes) -> bool:
    """Of the first 512 bytes of a file, or more; cheap."""
    return head.startswith(MARKS) or may_be_tar(head)


def open_archive(file: BinaryIO, limits: Limits, stop: Callable[[], bool]) -> Zip | Tar | None:
    """None for what is no archive, or a document that is packed like one. Raises ``Trouble``."""
    file.seek(0)
    head = file.read(512)
    if head.startswith(MARKS):
        return open_zip(file, limits)
    return open_tar(file, limits, stop) if may_be_tar(head) else None


@dataclass(frozen=True, slots=True)
class Outer:
    """The archive on disk. Its ``mtime`` is given to all its members: they change when it does."""

    path: str
    location: str
    name: str
    size: int
    mtime: int


@dataclass(frozen=True, slots=True)
class _Inside:
    """An archive at ``depth``, 1 for the one on disk. ``files``: key of a member → size, hash and location, None where
    it was an archive; for members that are but other names of earlier ones.
    """

    path: str
    name: str
    depth: int
    files: dict[str, tuple[int, str, str] | None] = field(default_factory=dict)


class _Exhausted(Exception):
    """Ends the unpacking of an archive on disk, with all within."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


class Unpacking:
    """Of one archive on disk. Raises ``Stopped``, and ``OutputError`` where the spool can't be written."""

    def __init__(
        self,
        outer: Outer,
        spool: Spool,
        limits: Limits,
        known: Callable[[str], Known | None] | None,
        stop: Callable[[], bool],
    ) -> None:
        self._outer, self._spool, self._limits, self._known, self._stop = outer, spool, limits, known, stop
        self._taken: set[str] = set()
        self._members = 0
        self._unpacked = self._kept = 0  # bytes; what was given up counts only among the former

    def files(self, archive: Zip | Tar) -> Iterator[Found | Ignored]:
        try:
            yield from self._walk(archive, _Inside(self._outer.path, self._outer.name, 1))
        except _Exhausted as error:
            yield self._failed(error.trouble, self._outer.path, self._outer.name)

    def _walk(self, archive: Zip | Tar, inside: _Inside) -> Iterator[Found | Ignored]:
        met = 0
        try:
            for met, member in enumerate(archive.members(), 1):
                self._count(met)
                yield from self._member(member, inside)
        except Trouble as trouble:
            yield self._failed(trouble, inside.path, inside.name)
        else:
            if not met:
                yield Ignored(inside.path, EMPTY)

    def _count(self, met: int) -> None:
        if self._stop():
            raise Stopped
        self._members += 1
        if self._members > self._limits.members_in_all:
            raise _Exhausted(too_many(self._limits.members_in_all))
        if met > self._limits.members:
            raise too_many(self._limits.members)

    def _member(self, member: Member, inside: _Inside) -> Iterator[Found | Ignored]:
        parts = member_parts(member.name) or [_UNNAMED]
        path = self._unique(f"{inside.path}!/{'/'.join(parts)}")
        reason = LINK if member.link else next(filter(None, map(ignorable, parts)), None)
        if reason is not None:
            yield Ignored(path, reason)
            return
        try:
            if member.trouble is not None:
                raise member.trouble
            if member.same_as is not None:
                yield self._again(member.same_as, path, parts[-1], inside)
            elif (known := self._unchanged(path, member)) is not None:
                yield self._found(path, parts[-1], member, inside, (known.size, known.sha256, known.location))
            else:
                yield from self._read(member, path, parts[-1], inside)
        except Trouble as trouble:
            yield self._failed(trouble, path, parts[-1])

    def _unique(self, path: str) -> str:
        """Two members of one name are two files."""
        unique, number = path, 1
        while unique in self._taken:
            number += 1
            unique = f"{path}#{number}"
        self._taken.add(unique)
        return unique

    def _again(self, key: str, path: str, name: str, inside: _Inside) -> Found | Ignored:
        if key not in inside.files:
            raise Trouble("archive_damaged", _LOST_LINK)
        file = inside.files[key]
        if file is None:
            return Ignored(path, LINK)
        size, sha256, location = file
        return Found(path, location, name, size, self._outer.mtime, sha256)

    def _unchanged(self, path: str, member: Member) -> Known | None:
        """What is known of a member of an archive that was not touched since."""
        known = self._known(path) if self._known is not None else None
        if known is None or (known.size, known.mtime) != (member.size, self._outer.mtime):
            return None
        try:
            return known if os.stat(known.location).st_size == known.size else None
        except OSError:
            return None

    def _read(self, member: Member, path: str, name: str, inside: _Inside) -> Iterator[Found | Ignored]:
        with self._spool.incoming() as incoming:
            for data in member.read():
                incoming.write(data)
                self._weigh(incoming, len(data))
            self._kept += incoming.size
            archive = open_archive(incoming.file, self._limits, self._stop)
            if archive is None:
                sha256, location = incoming.keep()
                yield self._found(path, name, member, inside, (incoming.size, sha256, location))
                return
            if member.key is not None:
                inside.files[member.key] = None
            if inside.depth >= self._limits.depth:
                raise Trouble("archive_depth")
            yield from self._walk(archive, _Inside(path, name, inside.depth + 1))

    def _weigh(self, incoming: Incoming, more: int) -> None:
        if self._stop():
            raise Stopped
        self._unpacked += more
        limits, packed = self._limits, self._outer.size
        if incoming.size > limits.member:
            raise too_big(limits.member)
        if limits.suspicious(incoming.size, packed):
            raise Trouble("archive_bomb")
        if limits.suspicious(self._kept + incoming.size, packed):
            raise _Exhausted(Trouble("archive_bomb"))
        if self._unpacked > limits.total:
            raise _Exhausted(too_big(limits.total))

    def _found(self, path: str, name: str, member: Member, inside: _Inside, file: tuple[int, str, str]) -> Found:
        if member.key is not None:
            inside.files[member.key] = file
        size, sha256, location = file
        return Found(path, location, name, size, self._outer.mtime, sha256)

    def _failed(self, trouble: Trouble, path: str, name: str) -> Found:
        return trouble.found(path, self._outer.location, name, mtime=self._outer.mtime)
