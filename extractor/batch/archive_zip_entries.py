"""The entries of a ZIP file: by its directory, or by the headers before the members where that is missing."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from extractor.batch.archive_unpack import BROKEN, METHODS, Stream
from extractor.batch.source_base import CHUNK, Limits, Trouble

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_IS_LOCAL, _IS_CENTRAL, _IS_END, _IS_LOCATOR, _IS_END64, _IS_DESCRIPTOR = (
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06", b"PK\x07\x08",
)  # fmt: skip
_MAX_COMMENT = 65_535
_ELSEWHERE = 0xFFFF_FFFF  # the number is in the ZIP64 field
_ZIP64, _UNICODE_NAME = 0x0001, 0x7075
_ENCRYPTED, _DESCRIBED = 0x1, 0x8  # the latter: sizes and checksum follow the data
_UNIX = (3, 19)  # systems whose entries have modes, and may have \ in a name
_READ = 65_536


@dataclass(frozen=True, slots=True)
class Entry:
    """``offset``: of the header before the data. ``mode``: Unix's, 0 where unknown. ``broken``: its data breaks off."""

    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    unicode_name: str | None = None
    mode: int = 0
    dos: bool = True
    broken: bool = False


def directory(file: BinaryIO) -> tuple[int, int] | None:
    """Offset and length of the directory; None where there is none, or one of an archive within that is cut off."""
    length = file.seek(0, os.SEEK_END)
    first = max(0, length - _MAX_COMMENT - _END.size)
    tail = _at(file, first, length - first)
    at = tail.rfind(_IS_END)
    while at >= 0:
        if at + _END.size <= len(tail) and (place := _place(file, first + at)) is not None:
            return None if _IS_LOCAL in tail[at:] else place  # another archive follows
        at = tail.rfind(_IS_END, 0, at)
    return None


def _place(file: BinaryIO, end: int) -> tuple[int, int] | None:
    """What the end record tells, if the directory ends where the record starts: its offsets count from the start of this
    very file then, and nothing is missing between.
    """
    *_, count, size, offset, _comment = _END.unpack(_at(file, end, _END.size))
    if _ELSEWHERE in (size, offset) or count == 0xFFFF:
        end, size, offset = _end64(file, end) or (end, size, offset)
    if not size:
        return (0, 0) if end == 0 else None
    return (offset, size) if offset + size == end and _at(file, offset, 4) == _IS_CENTRAL else None


def _end64(file: BinaryIO, end: int) -> tuple[int, int, int] | None:
    """Offset of the ZIP64 record, and the directory's length and offset."""
    place = end - _LOCATOR.size
    if place < 0:
        return None
    mark, _, at, _ = _LOCATOR.unpack(_at(file, place, _LOCATOR.size))
    record = _at(file, at, _END64.size)
    if mark != _IS_LOCATOR or len(record) < _END64.size or not record.startswith(_IS_END64):
        return None
    *_, size, offset = _END64.unpack(record)
    return at, size, offset


def listed(file: BinaryIO, start: int, length: int) -> Iterator[Entry]:
    """The entries of the directory. Raises ``Trouble`` where it is damaged."""
    at, end = start, start + length
    while at < end:
        fixed = _at(file, at, _CENTRAL.size)
        if len(fixed) < _CENTRAL.size or not fixed.startswith(_IS_CENTRAL):
            raise Trouble("archive_damaged")
        (
            _, made, _, flags, method, _, _, crc, packed, size, named, extra, comment, _, _, outer, offset,
        ) = _CENTRAL.unpack(fixed)  # fmt: skip
        rest = file.read(named + extra)
        if len(rest) < named + extra:
            raise Trouble("archive_damaged")
        unix = made >> 8 in _UNIX
        size, packed, offset, name = _extended(rest[named:], rest[:named], size, packed, offset)
        yield Entry(
            rest[:named], flags, method, crc, packed, size, offset,
            unicode_name=name, mode=outer >> 16 if unix else 0, dos=not unix,
        )  # fmt: skip
        at += _CENTRAL.size + named + extra + comment
    if at != end:
        raise Trouble("archive_damaged")


def _extended(extra: bytes, raw: bytes, size: int, packed: int, offset: int = 0) -> tuple[int, int, int, str | None]:
    """The numbers, those from the ZIP64 field where it has them, and the name of Info-ZIP's field."""
    numbers, name = [size, packed, offset], None
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _ZIP64:
            for at, number in enumerate(numbers):
                if number == _ELSEWHERE and len(field) >= 8:
                    numbers[at], field = int.from_bytes(field[:8], "little"), field[8:]
        elif kind == _UNICODE_NAME and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            try:
                name = field[5:].decode("utf-8")
            except UnicodeDecodeError:
                continue
    return numbers[0], numbers[1], numbers[2], name


def packed_data(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The packed bytes of a member. Raises ``Trouble`` where it is not where it should be, or breaks off."""
    fixed = _at(file, entry.offset, _LOCAL.size)
    if len(fixed) < _LOCAL.size or not fixed.startswith(_IS_LOCAL):
        raise Trouble("archive_damaged")
    named, extra = struct.unpack_from("<2H", fixed, _LOCAL.size - 4)
    return _pieces(file, entry.offset + _LOCAL.size + named + extra, entry.packed)


def _pieces(file: BinaryIO, at: int, length: int) -> Iterator[bytes]:
    end = at + length
    while at < end:
        data = _at(file, at, min(_READ, end - at))
        if not data:
            raise Trouble("archive_damaged")
        at += len(data)
        yield data


def salvaged(file: BinaryIO, limits: Limits) -> Iterator[Entry]:
    """What the headers before the members tell, wherever one is met; as long as no more is unpacked for it than an
    archive may hold.
    """
    length = file.seek(0, os.SEEK_END)
    at = spent = 0
    while (at := _next_header(file, at)) >= 0:
        entry, end = _headed(file, at, length, limits)
        if entry is not None:
            spent += entry.size if entry.flags & _DESCRIBED else 0
            if spent > limits.total:
                return
            yield entry
        at = end


def _next_header(file: BinaryIO, at: int) -> int:
    """Offset of the next header's mark; -1 where none comes."""
    while len(data := _at(file, at, CHUNK)) >= len(_IS_LOCAL):
        found = data.find(_IS_LOCAL)
        if found >= 0:
            return at + found
        at += len(data) - len(_IS_LOCAL) + 1
    return -1


def _headed(file: BinaryIO, at: int, length: int, limits: Limits) -> tuple[Entry | None, int]:
    """The entry, None where the mark stood there by chance or the header breaks off, and where to look further."""
    fixed = _at(file, at, _LOCAL.size)
    if len(fixed) < _LOCAL.size:
        return None, length
    _, need, flags, method, _, _, crc, packed, size, named, extra = _LOCAL.unpack(fixed)
    rest = file.read(named + extra)
    if not named or need & 0xFF > 63 or len(rest) < named + extra:
        return None, at + len(_IS_LOCAL)
    size, packed, _, name = _extended(rest[named:], rest[:named], size, packed)
    entry = Entry(rest[:named], flags, method, crc, packed, size, at, unicode_name=name)
    data = at + _LOCAL.size + named + extra
    if flags & _DESCRIBED and not packed:
        return _measured(file, entry, data, length, limits)
    end = data + packed
    return replace(entry, broken=end > length), min(end, length)


def _measured(file: BinaryIO, entry: Entry, data: int, length: int, limits: Limits) -> tuple[Entry, int]:
    """An entry whose header does not tell how long it is, with its sizes, and where it ends."""
    if entry.flags & _ENCRYPTED or entry.method not in METHODS or not entry.method:
        return replace(entry, broken=True), data
    stream, size = Stream(entry.method, _pieces(file, data, length - data)), 0
    try:
        for piece in stream:
            size += len(piece)
            if size > limits.member or limits.suspicious(size, stream.taken):
                return replace(entry, size=size, packed=stream.taken), data
    except (*BROKEN, Trouble):
        return replace(entry, size=size, broken=True), data
    end = data + stream.taken
    told = _at(file, end, 8)
    crc = told[4:] if told.startswith(_IS_DESCRIPTOR) else told[:4]
    made = replace(entry, size=size, packed=stream.taken, crc=int.from_bytes(crc, "little"), broken=not stream.ended)
    return made, end


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    """As many of the bytes as there are; an offset may be whatever an archive claims."""
    try:
        file.seek(offset)
    except (OSError, OverflowError, ValueError):
        return b""
    return file.read(length)
