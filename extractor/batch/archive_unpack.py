"""The compression methods of ZIP members behind one interface, that of ``bz2`` and ``lzma``."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from extractor.batch.source_base import CHUNK, Trouble

BROKEN: Final = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
"""What decompressors raise on damaged data."""

MOST_MEMORY: Final = 256 << 20  # bytes that LZMA may use; its strongest usual setting takes 65 MB


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Stored:
    eof = False
    needs_input = True
    unused_data = b""

    def decompress(self, data: bytes, _: int, /) -> bytes:
        return data


class _Deflated:
    def __init__(self) -> None:
        self._inside = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inside.eof

    @property
    def needs_input(self) -> bool:
        return not self._inside.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inside.unused_data

    def decompress(self, data: bytes, most: int, /) -> bytes:
        return self._inside.decompress(self._inside.unconsumed_tail + data, most)


class _Lzma:
    """The stream starts with a version (2 bytes), the length of its properties (2), and these: a byte, a dictionary."""

    _HEAD = 9

    def __init__(self) -> None:
        self._head = b""
        self._inside: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._inside is not None and self._inside.eof

    @property
    def needs_input(self) -> bool:
        return self._inside is None or self._inside.needs_input

    @property
    def unused_data(self) -> bytes:
        return b"" if self._inside is None else self._inside.unused_data

    def decompress(self, data: bytes, most: int, /) -> bytes:
        if self._inside is None:
            self._head += data
            if len(self._head) < self._HEAD:
                return b""
            data, self._inside = self._head[self._HEAD :], _raw_lzma(self._head[4 : self._HEAD])
        return self._inside.decompress(data, most)


def _raw_lzma(properties: bytes) -> lzma.LZMADecompressor:
    dictionary = int.from_bytes(properties[1:], "little")
    if dictionary > MOST_MEMORY:
        raise Trouble("archive_unsupported")
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)


METHODS: Final[dict[int, Callable[[], _Unpacker]]] = {
    0: _Stored,
    8: _Deflated,
    12: bz2.BZ2Decompressor,
    14: _Lzma,
}


class Stream:
    """What packed ``pieces`` unpack to, at most ``CHUNK`` bytes at a time. ``taken``: packed bytes used so far;
    ``ended``: they said themselves that this was all. Raises those of ``BROKEN`` while it is gone through.
    """

    def __init__(self, method: int, pieces: Iterable[bytes]) -> None:
        self._unpacker = METHODS[method]()
        self._pieces = pieces
        self.taken = 0

    @property
    def ended(self) -> bool:
        return self._unpacker.eof

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.taken += len(piece)
            yield from self._unpacked(piece)
            if self.ended:
                self.taken -= len(self._unpacker.unused_data)
                return
        yield from self._unpacked(b"")  # zlib may hold back the end of its last match

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        while data := self._unpacker.decompress(piece, CHUNK):
            yield data
            if self.ended or self._unpacker.needs_input:
                return
            piece = b""
