"""The members of a TAR file, plain or packed as a whole, one by one."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Final, cast

from extractor.batch.archive_member import Member
from extractor.batch.archive_unpack import BROKEN, MOST_MEMORY
from extractor.batch.source_base import CHUNK, PARTLY_DAMAGED, Limits, Stopped, Trouble, too_big
from extractor.batch.source_names import decode_name, escaped_name, is_utf8

PACKED: Final = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")

_BLOCK = tarfile.BLOCKSIZE
_CHECKSUM = re.compile(rb"[ 0-7]{6}[\x00 0-7][\x00 ]")
_MOST_HEADERS = 64 << 20  # bytes between two members: headers may be long, and damage is skipped
_SAMPLE = 65_536
_LABEL = b"V"  # the type of a volume's label, which is no file


def may_be_tar(head: bytes) -> bool:
    """Of the first bytes of a file; cheap, and seldom true of what is none."""
    return head.startswith(PACKED) or (len(head) >= _BLOCK and _CHECKSUM.fullmatch(head[148:156]) is not None)


def open_tar(file: BinaryIO, limits: Limits, stop: Callable[[], bool]) -> Tar | None:
    """None for what is no TAR file. Raises ``Trouble`` for one that takes too much memory to unpack."""
    file.seek(0)
    sample = file.read(_SAMPLE)
    file.seek(0)
    stream = _unpacked(file, sample)
    try:
        head = stream.read(_BLOCK)
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, *BROKEN):
        return None
    file.seek(0)
    return Tar(_Source(file, _unpacked(file, sample), limits, stop), limits)


def _unpacked(file: BinaryIO, sample: bytes) -> BinaryIO:
    if sample.startswith(PACKED[0]):
        return cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb"))
    if sample.startswith(PACKED[1]):
        return cast(BinaryIO, bz2.BZ2File(file))
    if sample.startswith(PACKED[2]):
        _check_memory(sample)
        return cast(BinaryIO, lzma.LZMAFile(file))
    return file


def _check_memory(sample: bytes) -> None:
    try:
        lzma.LZMADecompressor(memlimit=MOST_MEMORY).decompress(sample, 1)
    except lzma.LZMAError as error:
        try:
            lzma.LZMADecompressor().decompress(sample, 1)
        except lzma.LZMAError:
            return  # damaged, which whoever reads it meets
        raise Trouble("archive_unsupported") from error


class _Source:
    """What ``tarfile`` reads: forward only, and never much at once. ``closed_off``: the archive's end mark was met;
    ``damaged``: something else than a header stood where one should.
    """

    def __init__(self, file: BinaryIO, stream: BinaryIO, limits: Limits, stop: Callable[[], bool]) -> None:
        self._file, self._stream, self._limits, self._stop = file, stream, limits, stop
        self._at = 0
        self._last = b""
        self.allowance: int | None = _MOST_HEADERS
        self.closed_off = self.damaged = self._exhausted = False

    def read(self, size: int, /) -> bytes:
        if size < 0:  # a header's own words
            raise ValueError("negative size")
        if self.allowance is not None:
            self.allowance -= size
            if self.allowance < 0:
                raise Trouble("archive_damaged")
        self._last = self._read(size)
        return self._last

    def _read(self, size: int) -> bytes:
        if self._stop():
            raise Stopped
        try:
            data = self._stream.read(size)
        except BROKEN as error:
            self.damaged = self._exhausted = True
            raise Trouble("archive_damaged") from error
        self._at += len(data)
        self._exhausted = len(data) < size
        if self._stream is not self._file and self._limits.suspicious(self._at, self._file.tell()):
            raise Trouble("archive_bomb")
        return data

    def seek(self, offset: int, /) -> int:
        if offset < self._at:
            raise ValueError("a member before its header")
        if self._stream is self._file:
            self._at = self._stream.seek(offset)
        while self._at < offset and self._read(min(CHUNK, offset - self._at)):
            pass
        return self._at

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True

    def write(self, _: bytes, /) -> int:
        raise OSError("only read from")

    def close(self) -> None:
        """Whoever opened the file closes it."""

    def exhausted(self) -> bool:
        return self._exhausted

    def skip_damage(self) -> None:
        """On to where the next header may stand."""
        self.damaged = True
        self.allowance = None
        try:
            self.seek(-(-self._at // _BLOCK) * _BLOCK)
        except Trouble:
            pass  # it is met again where one reads on

    def no_header(self) -> None:
        """What was read last was none."""
        if len(self._last) == _BLOCK and not any(self._last):
            self.closed_off = True
        elif not self.closed_off:
            self.damaged = True


class _Header(tarfile.TarInfo):
    """Tells of what ``TarFile.next`` passes over in silence: a header that is damaged, or an archive that breaks off."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> _Header:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.HeaderError:
            cast(_Source, tarfile_.fileobj).no_header()
            raise


@dataclass(frozen=True, slots=True)
class Tar:
    source: _Source
    limits: Limits

    def members(self) -> Iterator[Member]:
        """Raises ``Trouble`` after the last sound one where the archive is damaged or its end is missing."""
        chinese = False
        for archive, info in self._headers():
            raw = escaped_name(info.name)
            chinese = chinese or not is_utf8(raw)
            if not info.isdir() and info.type != _LABEL:
                yield self._member(archive, info, decode_name(raw, chinese=chinese))
        if self.source.damaged or not self.source.closed_off:
            raise Trouble("archive_damaged", PARTLY_DAMAGED)

    def _headers(self) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
        """With ``ignore_zeros`` damage is skipped up to the next header, and so are the ends of archives joined."""
        archive: tarfile.TarFile | None = None
        while not self.source.exhausted():
            self.source.allowance = _MOST_HEADERS
            try:
                archive = archive or _opened(self.source)
                info = archive.next()
            except (Stopped, Trouble) as error:
                self._judge(error)
                return
            except Exception:  # noqa: BLE001 - tarfile raises anything from OverflowError to RecursionError here
                self.source.skip_damage()
                archive = None
                continue
            if info is None:
                if self.source.exhausted():
                    return
                self.source.skip_damage()
                archive = None
                continue
            self.source.allowance = None
            yield archive, info
            cast(Any, archive).members.clear()  # it would keep them all

    def _judge(self, error: Stopped | Trouble) -> None:
        """What ends the reading is no fault where the archive's end mark was met before and its stream is whole."""
        damage = isinstance(error, Trouble) and error.code == "archive_damaged"
        if not damage:
            raise error
        self.source.damaged = self.source.damaged or not self.source.closed_off

    def _member(self, archive: tarfile.TarFile, info: tarfile.TarInfo, name: str) -> Member:
        trouble = None
        if info.ischr() or info.isblk() or info.isfifo():
            trouble = Trouble("not_a_file")
        elif info.size < 0:
            trouble = Trouble("archive_damaged")
        elif info.size > self.limits.member:
            trouble = too_big(self.limits.member)
        return Member(
            name,
            info.size,
            partial(_content, archive, info),
            key=info.name,
            same_as=info.linkname if info.islnk() else None,
            link=info.issym(),
            trouble=trouble,
        )


def _opened(source: _Source) -> tarfile.TarFile:
    return tarfile.TarFile(
        fileobj=source, tarinfo=_Header, ignore_zeros=True, encoding="utf-8", errors="surrogateescape"
    )


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        content = archive.extractfile(info)
        while content is not None and (data := content.read(CHUNK)):
            yield data
    except tarfile.TarError as error:
        raise Trouble("archive_damaged") from error
