"""The members of a ZIP file, one by one.

``zipfile`` is not used: it gives up a whole archive for one odd name or field, holds all entries in memory before the
first can be counted, and can't read what is left of an archive whose end is missing.
"""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final

from extractor.batch.archive_member import Member
from extractor.batch.archive_unpack import BROKEN, METHODS, Stream
from extractor.batch.archive_zip_entries import Entry, directory, listed, packed_data, salvaged
from extractor.batch.source_base import PARTLY_DAMAGED, Limits, Trouble, too_big
from extractor.batch.source_names import decode_name, is_utf8

MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")  # the last of one in several parts

_ENCRYPTED, _PATCHED, _UTF8 = 0x1, 0x20, 0x800
# The last four tell a document whose list of parts is cut off, as detect tells one that lacks it.
_PARTS = frozenset(
    {"[content_types].xml", "ofd.xml", "_rels/.rels", "word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"}
)
_TYPE = "mimetype"  # the first member of ODF and EPUB


@dataclass(frozen=True, slots=True)
class Zip:
    """``place``: offset and length of its directory, None where that is missing or damaged. ``chinese``: names in it are
    GB18030.
    """

    file: BinaryIO
    limits: Limits
    place: tuple[int, int] | None
    chinese: bool

    def members(self) -> Iterator[Member]:
        """Raises ``Trouble`` after the last sound one where the directory is missing or damaged."""
        for entry in self._entries():
            member = self._member(entry)
            if member is not None:
                yield member
        if self.place is None:
            raise Trouble("archive_damaged", PARTLY_DAMAGED)

    def _entries(self) -> Iterator[Entry]:
        return salvaged(self.file, self.limits) if self.place is None else listed(self.file, *self.place)

    def _member(self, entry: Entry) -> Member | None:
        """None for a folder."""
        name = _name(entry, self.chinese)
        kind = stat.S_IFMT(entry.mode)
        if not entry.size and (name.endswith("/") or kind == stat.S_IFDIR):
            return None
        return Member(
            name,
            entry.size,
            partial(_content, self.file, entry, self.limits),
            link=kind == stat.S_IFLNK,
            trouble=_refusal(entry, kind, self.limits),
        )


def open_zip(file: BinaryIO, limits: Limits) -> Zip | None:
    """None for what is no ZIP file, or a document packed as one. What is wrong with it is said by ``members``."""
    place = directory(file)
    if place is not None:
        try:
            survey = _survey(file, listed(file, *place), limits)
            return None if survey.document else Zip(file, limits, place, survey.chinese)
        except Trouble:
            pass  # the directory is damaged: by the members' own headers then
    survey = _survey(file, salvaged(file, limits), limits)
    return None if survey.document or survey.empty else Zip(file, limits, None, survey.chinese)


@dataclass(slots=True)
class _Survey:
    """``document``: an Office, OFD, ODF or EPUB file. ``chinese``: names are GB18030."""

    document: bool = False
    chinese: bool = False
    empty: bool = True


def _survey(file: BinaryIO, entries: Iterator[Entry], limits: Limits) -> _Survey:
    """Raises ``Trouble`` where the entries break off."""
    survey = _Survey()
    for at, entry in enumerate(entries):
        survey.empty = False
        part = entry.raw.replace(b"\\", b"/").lstrip(b"/").decode("latin-1").casefold()
        if part in _PARTS or (at == 0 and part == _TYPE and _is_typed(file, entry, limits)):
            survey.document = True
            break
        survey.chinese = survey.chinese or not (entry.flags & _UTF8 or is_utf8(entry.raw))
        if at >= limits.members:
            break
    return survey


def _is_typed(file: BinaryIO, entry: Entry, limits: Limits) -> bool:
    if _refusal(entry, 0, limits):
        return False
    try:
        return next(_content(file, entry, limits), b"").startswith(b"application/")
    except Trouble:
        return False


def _refusal(entry: Entry, kind: int, limits: Limits) -> Trouble | None:
    if kind not in (0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR):
        return Trouble("not_a_file")
    if entry.flags & _ENCRYPTED:
        return Trouble("archive_encrypted")
    if entry.flags & _PATCHED or entry.method not in METHODS:
        return Trouble(
            "archive_unsupported",
            f"不支持这种压缩方式（{entry.method}），请用普通 ZIP 重新打包 / packed by method {entry.method}, "
            "which is not supported: pack it anew as plain ZIP",
        )
    if entry.broken:
        return Trouble("archive_damaged")
    return too_big(limits.member) if entry.size > limits.member else None


def _content(file: BinaryIO, entry: Entry, limits: Limits) -> Iterator[bytes]:
    """Raises ``Trouble`` where it unpacks to something else than was packed, or to suspiciously much."""
    crc = size = 0
    stream = Stream(entry.method, packed_data(file, entry))
    try:
        for data in stream:
            crc = zlib.crc32(data, crc)
            size += len(data)
            if limits.suspicious(size, stream.taken):
                raise Trouble("archive_bomb")
            if size > entry.size:
                break
            yield data
    except BROKEN as error:
        raise Trouble("archive_damaged") from error
    if size != entry.size or crc != entry.crc:
        raise Trouble("archive_damaged")


def _name(entry: Entry, chinese: bool) -> str:
    """By Info-ZIP's field, the flag for UTF-8, or the bytes themselves. Folders parted by ``/``."""
    if entry.unicode_name is not None:
        name = entry.unicode_name
    elif entry.flags & _UTF8:
        name = decode_name(entry.raw)
    else:
        name = decode_name(entry.raw, chinese=chinese)
    return name.replace("\\", "/") if entry.dos else name
