"""Lists of paths in text files, one a line."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO

from extractor.batch.source_base import CHUNK, Trouble

STDIN = "-"
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NO_LIST = "不是路径清单，请给出每行一个路径的文本文件 / not a list: name a text file with one path a line"


def listed_paths(path: str, base: str) -> Iterator[str]:
    """The paths of a list, each as it is found on disk: lines may be quoted, and names on disk GB18030 like the list.

    Relative ones count from the folder ``base``. Blank lines and those that start with # are passed over. Raises
    ``OSError``, and ``Trouble`` for what is no list.
    """
    with _opened(path) as file:
        encoding = _encoding(file)
        file.seek(0)
        for line in TextIOWrapper(file, encoding, "surrogateescape"):
            if line.strip() and not line.lstrip().startswith("#"):
                yield _on_disk(line.rstrip("\r\n"), base, encoding)


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    """The list as a file that can be read twice, which a pipe can't."""
    with tempfile.TemporaryFile() as copy:
        if path == STDIN:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        else:
            with open(path, "rb") as file:
                shutil.copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 or GB18030, whichever the whole of it is; UTF-16 by its mark."""
    head = file.read(1024)
    if (wide := _BOMS.get(head[:2])) is not None:
        return wide
    if b"\0" in head:
        raise Trouble("not_a_file", _NO_LIST)
    return next((name for name in ("utf-8-sig", "gb18030") if _decodes(file, name)), "utf-8-sig")


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while data := file.read(CHUNK):
            decoder.decode(data)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _on_disk(line: str, base: str, encoding: str) -> str:
    """What there is of the line's possible meanings; without its blanks where there is none of them."""
    bare = line.strip()
    meanings = [line, bare]
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        meanings.append(bare[1:-1])
    if encoding == "gb18030":
        meanings += [os.fsdecode(meaning.encode(encoding)) for meaning in meanings]
    return next((meaning for meaning in meanings if _exists(os.path.join(base, meaning))), bare)


def _exists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL
        return False
