"""Which format bytes are in. Names and suffixes are not looked at: they are often wrong."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from extractor.errors import ReadError
from extractor.formats.encoding import decode_start
from extractor.types.document import Format

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|tbody|tr|td|th|div|p|br|h[1-6]|span|meta|ul|ol|article|section)\b"
    r"[^<>]*>",
    re.IGNORECASE,
)
# Matched one after the other: possessive groups within one another, which would do it in one pattern, matched by
# chance in CPython 3.11 (seen in a long test run; cf. gh-101955).
_PROLOGUE = re.compile(r"\s+|<\?xml[^>]*>|<!--.*?-->|<%.*?%>", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_TYPES = 1_000_000  # bytes of a package's list of parts: thousands of parts make less
_SAMPLE = 65_536


def detect(data: bytes) -> Format:
    """The format by magic bytes, ZIP parts, or markup. Raises ``ReadError`` for what no reader takes."""
    head = data[:1024]
    if _is_pdf(data, head):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _in_zip(data)
    if head.startswith(_OLE):
        raise _in_ole(data)
    _refuse(head)
    sample = decode_start(data[:_SAMPLE])
    if sample is None:
        raise ReadError(
            "binary", "这是二进制文件，不是文档，请换成 docx、pdf、xlsx、html 或文本 / a binary file, not a document"
        )
    return "html" if _is_html(sample) else "text"


def _is_pdf(data: bytes, head: bytes) -> bool:
    """By its mark at the start. Bytes before it must be no text, which may speak of the mark, or a PDF's end follows."""
    if head.lstrip(b"\x00\t\n\r\x0c \xef\xbb\xbf").startswith(b"%PDF-"):
        return True
    before, mark, _ = head.partition(b"%PDF-1.")
    return bool(mark) and (_CONTROL.search(before) is not None or b"startxref" in data[-2048:])


def _is_html(sample: str) -> bool:
    at = 0
    while (passed := _PROLOGUE.match(sample, at)) is not None:
        at = passed.end()
    if _ROOT.match(sample, at):
        return True
    tags = len(_HTML.findall(sample))
    return tags >= 3 and (tags >= 20 or tags * 400 >= len(sample))


def _in_zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(part.flag_bits & 0x1 for part in archive.infolist()):
                raise encrypted()
            types = _types(archive) if "[Content_Types].xml" in names else b""
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        zlib.error,
    ) as error:
        raise damaged() from error
    if "wordprocessingml" in types.decode("utf-8", "replace") or "word/document.xml" in names:
        return "docx"
    if "xl/workbook.bin" in names:
        raise _unsupported("xlsb 工作簿", "a binary workbook", "xlsx")
    if b"spreadsheetml" in types or "xl/workbook.xml" in names:
        return "xlsx"
    raise _other_zip(names, types)


def _types(archive: zipfile.ZipFile) -> bytes:
    if archive.getinfo("[Content_Types].xml").file_size > _MAX_TYPES:
        raise suspicious()
    return archive.read("[Content_Types].xml")


def suspicious() -> ReadError:
    """The error for what unpacks to far more than it should."""
    return ReadError(
        "unsafe", "文件疑似压缩炸弹，已拒绝打开 / the file unpacks to a suspicious size and was not opened"
    )


def damaged() -> ReadError:
    """The error for a container that breaks off or can't be unpacked."""
    return ReadError(
        "damaged", "文件已损坏或不完整，请重新下载或另存 / the file is damaged or incomplete: get it again"
    )


def encrypted() -> ReadError:
    """The error for a file, or parts of one, that need a password."""
    return ReadError(
        "encrypted",
        "文件有打开密码，请先在 Word/Excel/WPS 中去掉密码另存 / the file is locked with a password: save it without one",
    )


def _other_zip(names: set[str], types: bytes) -> ReadError:
    if "OFD.xml" in names:
        return _unsupported("OFD 版式文件", "an OFD file", "PDF 或 docx")
    if b"presentationml" in types:
        return _unsupported("PPT 演示文稿", "a presentation", "PDF 或 docx")
    if "mimetype" in names or "content.xml" in names:
        return _unsupported("ODF 文件", "an OpenDocument file", "docx 或 xlsx")
    return ReadError("unsupported", "这是压缩包，请先解压 / a ZIP archive: unpack it first")


def _unsupported(chinese: str, english: str, target: str) -> ReadError:
    return ReadError(
        "unsupported",
        f"不支持 {chinese}，请另存为 {target} / {english} is not supported: save it as {_english(target)}",
    )


def _english(target: str) -> str:
    return target.replace("或", "or").replace("文字版 ", "text ")


def _in_ole(data: bytes) -> ReadError:
    """An OLE2 file: a locked docx or xlsx, or the old binary formats. Names in its directory are UTF-16."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        return encrypted()
    if has("WordDocument"):
        return _unsupported("旧版 .doc/.wps 文档", "an old .doc/.wps file", "docx")
    if has("Workbook") or has("Book"):
        return _unsupported("旧版 .xls/.et 表格", "an old .xls/.et file", "xlsx")
    return _unsupported("旧版 Office/WPS 文件", "an old Office/WPS file", "docx 或 xlsx")


def _refuse(head: bytes) -> None:
    if head.startswith(b"{\\rtf"):
        raise _unsupported("RTF 文档", "an RTF file", "docx")
    if head.startswith(_IMAGES) and (not head.startswith(b"BM") or b"\x00" in head[:32]):
        raise _unsupported("图片", "an image", "文字版 PDF 或 docx")
    if head.startswith(_ARCHIVES):
        raise ReadError("unsupported", "这是压缩包，请先解压 / an archive: unpack it first")
    if re.match(rb"(?:From |Return-Path|MIME-Version)[^\n]*\n", head) or b"multipart/related" in head:
        raise _unsupported("mht 网页存档或邮件", "a web archive or mail", "html 或 docx")
