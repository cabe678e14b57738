"""Files of any format → ``Document``. Readers are named, and imported when first needed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from extractor.errors import ReadError
from extractor.formats.base import Reader, ReadOptions, make_source
from extractor.formats.detect import detect
from extractor.types.document import Document

__all__ = ["BUILTIN", "ReadOptions", "read", "read_document"]

BUILTIN: dict[str, str] = {
    "docx": "extractor.formats.docx:read",
    "html": "extractor.formats.html:read",
    "pdf": "extractor.formats.pdf:read",
    "text": "extractor.formats.text:read",
    "xlsx": "extractor.formats.xlsx:read",
}
_MAX_BYTES = 2_000_000_000


def read_document(
    source: str | Path | bytes, *, name: str | None = None, options: ReadOptions | None = None
) -> Document:
    """Reads a file, or bytes, whose format is told from the content.

    ``name`` is what the source is called in ``Document.source``: the file's own name by default, ``-`` for
    bytes. Raises ``ReadError`` (see its codes) whenever there is nothing to extract from.
    """
    data = source if isinstance(source, bytes) else _load(Path(source))
    if not data:
        raise ReadError("empty", "文件是空的（0字节），请检查原文件 / the file is empty (0 bytes): check the original")
    shown = name or ("-" if isinstance(source, bytes) else Path(source).name)
    format = detect(data)
    document = _reader(format)(data, make_source(data, shown, format), options or ReadOptions())
    if not document.text.strip():
        raise ReadError("empty", "文件中没有文字，请检查原文件 / there is no text in the file: check the original")
    return document


read = read_document


def _load(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ReadError("is_folder", "这是文件夹，请给出文件 / this is a folder: name a file in it")
        if path.stat().st_size > _MAX_BYTES:
            raise ReadError("too_large", "文件超过2GB，请拆分 / the file is larger than 2 GB: split it")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("not_found", "找不到文件，请检查路径 / no such file: check the path") from error
    except (OSError, ValueError) as error:
        raise ReadError("not_found", f"文件打不开，请检查路径和权限 / can't open the file: {error}") from error


def _reader(format: str) -> Reader:
    module, _, function = BUILTIN[format].partition(":")
    return cast(Reader, getattr(import_module(module), function))
