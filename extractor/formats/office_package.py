"""Opens the ZIP of a DOCX or XLSX safely, and a DOCX as a package of python-docx."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from extractor.errors import ReadError
from extractor.formats.detect import damaged, suspicious

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_MAX_BYTES = 1_500_000_000  # unpacked, of all parts together
_MAX_RATIO = 250  # unpacked to packed: XML of real documents stays below 60
_SMALL = 20_000_000  # parts up to this size may be packed as tightly as they like
_CHUNK = 4096  # bytes: nearly every root element starts within
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_MAIN = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled(?:Template)?|"
    rb"openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)


def check_package(data: bytes) -> None:
    """Refuses ZIP bombs and XML that declares a document type, and so could name entities.

    Raises ``unsafe``, ``too_large`` or ``damaged``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = 0
            for part in archive.infolist():
                total += part.file_size
                _check_part(part, total)
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    with archive.open(part) as content:
                        declared = _declares_type(content)
                    if declared is None:
                        declared = _names_type(archive.read(part))
                    if declared:
                        raise _entities()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise damaged() from error


def _check_part(part: zipfile.ZipInfo, total: int) -> None:
    ratio = part.file_size / max(part.compress_size, 1)
    if part.file_size > _SMALL and ratio > _MAX_RATIO:
        raise suspicious()
    if total > _MAX_BYTES:
        raise ReadError("too_large", "文件解压后过大，请拆分 / the file unpacks to more than 1.5 GB: split it")


def _entities() -> ReadError:
    return ReadError(
        "unsafe",
        "文件含外部实体声明，已拒绝打开，请用 Word 另存 / the file declares XML entities: save it anew in Word",
    )


def _declares_type(content: IO[bytes]) -> bool | None:
    """Whether a document type stands before the root element, however far down; None if it can't be told."""
    parser = expat.ParserCreate()
    met: list[bool] = []

    def meet_type(*_: object) -> None:
        met.append(True)

    def meet_root(*_: object) -> None:
        met.append(False)

    parser.StartDoctypeDeclHandler = meet_type
    parser.StartElementHandler = meet_root
    size = _CHUNK
    try:
        while not met and (chunk := content.read(size)):
            parser.Parse(chunk)
            size *= 2  # expat may go over a comment anew with each chunk
    except (expat.ExpatError, ValueError, LookupError):  # broken, or in an encoding that expat does not know
        pass
    return met[0] if met else None


def _names_type(content: bytes) -> bool:
    """As ``_declares_type`` for content in an encoding that expat does not know, or none: by the bare bytes."""
    narrow = content.replace(b"\x00", b"").upper()
    return b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow


def open_docx(data: bytes) -> WordDocument:
    """The package of a checked DOCX; templates, macro files and Strict Open XML are opened like plain ones."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        return docx.Document(io.BytesIO(plain_package(data)))
    except (OpcError, KeyError, ValueError, AttributeError, etree.LxmlError, zipfile.BadZipFile, zlib.error) as error:
        raise damaged() from error


def plain_package(data: bytes) -> bytes:
    """The bytes with main part and namespaces renamed to the plain ones, where they are others."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml")
        names = archive.namelist()
        mains = [archive.read(name)[:4096] for name in ("word/document.xml", "xl/workbook.xml") if name in names]
        strict = any(b"purl.oclc.org" in main for main in mains)
        if not strict and not _OTHER_MAIN.search(types):
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as plain:
            for name in dict.fromkeys(names):
                content = archive.read(name)
                if name == "[Content_Types].xml":
                    content = _OTHER_MAIN.sub(_MAIN.encode("ascii"), content)
                if strict and name.endswith((".xml", ".rels")):
                    for old, new in _STRICT:
                        content = content.replace(old, new)
                plain.writestr(name, content)
    return out.getvalue()
