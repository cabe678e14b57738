from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from extractor.errors import ReadError
from extractor.formats import read
from extractor.formats.detect import detect
from tests.formats.docx_samples import docx_bytes, paragraph

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DOCX = docx_bytes(paragraph("完成30户。"))


def zipped(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def rezipped(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """With the bit set that says a part is encrypted, in each part's two headers."""
    raw = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = raw.find(mark)
        while start >= 0:
            raw[start + at] |= 1
            start = raw.find(mark, start + 4)
    return bytes(raw)


_ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
)
CASES = {
    "nothing": (b"", "empty"),
    "blanks": (b" \n\t ", "empty"),
    "binary": (bytes(range(256)) * 40, "binary"),
    "old doc": (_OLE + "WordDocument".encode("utf-16-le"), "unsupported"),
    "old xls": (_OLE + "Workbook".encode("utf-16-le"), "unsupported"),
    "other ole": (_OLE, "unsupported"),
    "locked office file": (_OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "rtf": (b"{\\rtf1\\ansi text}", "unsupported"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "unsupported"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(100), "unsupported"),
    "bitmap": (b"BM" + bytes(100), "unsupported"),
    "rar": (b"Rar!\x1a\x07\x00" + bytes(100), "unsupported"),
    "web archive": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nx", "unsupported"),
    "ofd": (zipped(**{"OFD.xml": "<OFD/>"}), "unsupported"),
    "odt": (zipped(mimetype="application/vnd.oasis.opendocument.text"), "unsupported"),
    "pptx": (zipped(**{"[Content_Types].xml": "presentationml"}), "unsupported"),
    "xlsb": (zipped(**{"[Content_Types].xml": "spreadsheetml", "xl__workbook.bin": b"x"}), "unsupported"),
    "zip": (zipped(**{"通知.txt": "文"}), "unsupported"),
    "cut zip": (DOCX[: len(DOCX) // 2], "damaged"),
    "cut inside the first part": (DOCX[:40], "damaged"),
    "broken xml": (rezipped(DOCX, "word/document.xml", b"<w:document"), "damaged"),
    "docx without its main part": (zipped(**{"[Content_Types].xml": "wordprocessingml"}), "damaged"),
    "xlsx without its main part": (zipped(**{"[Content_Types].xml": "spreadsheetml"}), "damaged"),
    "external entity": (rezipped(DOCX, "word/document.xml", _ENTITY.encode()), "unsafe"),
    "external entity in utf-16": (rezipped(DOCX, "word/document.xml", _ENTITY.encode("utf-16")), "unsafe"),
    "external entity after a long comment": (
        rezipped(DOCX, "word/document.xml", _ENTITY.replace("<!D", f"<!--<a>{'-x' * 9000}--><!D").encode()),
        "unsafe",
    ),
    "external entity after a long comment in an encoding of China": (
        rezipped(
            DOCX,
            "word/document.xml",
            _ENTITY.replace('"1.0"', '"1.0" encoding="gb18030"').replace("<!D", f"<!--{'x' * 9000}--><!D").encode(),
        ),
        "unsafe",
    ),
    "list of parts that unpacks to much": (zipped(**{"[Content_Types].xml": b" " * 1_000_001}), "unsafe"),
    "zip bomb": (rezipped(DOCX, "word/document.xml", b" " * 60_000_000), "unsafe"),
    "locked parts": (locked(DOCX), "encrypted"),
}


@pytest.mark.parametrize(("data", "code"), CASES.values(), ids=CASES.keys())
def test_bad_bytes_have_a_clear_message(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data)
    assert caught.value.code == code
    chinese, slash, english = str(caught.value).partition(" / ")
    assert slash and english.isascii()
    assert any("\u4e00" <= char <= "\u9fff" for char in chinese)
    assert "\n" not in str(caught.value)


def test_places_that_are_no_file(tmp_path: Path) -> None:
    codes = []
    for source in (tmp_path, tmp_path / "none.docx", str(tmp_path / "a\0b")):
        with pytest.raises(ReadError) as caught:
            read(source)
        codes.append(caught.value.code)
    assert codes == ["is_folder", "not_found", "not_found"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(DOCX, "docx", id="docx"),
        pytest.param(b"%PDF-1.7\n", "pdf", id="pdf"),
        pytest.param(b"\xef\xbb\xbf\n %PDF-1.7\n", "pdf", id="pdf with a mark and blanks before it"),
        pytest.param(b"\x01\x00junk%PDF-1.4\n", "pdf", id="pdf with bytes before it"),
        pytest.param(b"HTTP/1.1 200 OK\n\n%PDF-1.4\nstartxref\n9\n%%EOF", "pdf", id="pdf with words before it"),
        pytest.param("文件以%PDF-1.4开头。".encode(), "text", id="text that speaks of a pdf's mark"),
        pytest.param(b"<!-- a -->" * 6000 + b"<p>x", "text", id="many comments and no page"),
        pytest.param(b"<!-- a - -- b --><% 5 % 3 %>\n<html>", "html", id="marks inside comments"),
        pytest.param("<!DOCTYPE html><p>文".encode(), "html", id="page"),
        pytest.param(b'<?xml version="1.0"?>\n<!-- c --><html xmlns="x">', "html", id="xhtml"),
        pytest.param(b'<%@ page language="java" %>\n<html>', "html", id="jsp"),
        pytest.param("<table><tr><td>甲</td><td>乙</td></tr></table>".encode(), "html", id="fragment"),
        pytest.param("<html>文</html>".encode("gb18030"), "html", id="page in GB18030"),
        pytest.param("<html><p>文</p></html>".encode("utf-16"), "html", id="page in UTF-16"),
        pytest.param(("合格率<80%的扣1分，" * 9 + "<p>是标记。").encode(), "text", id="text with a tag in it"),
        pytest.param("完成30户。".encode(), "text", id="text"),
        pytest.param("BM指标：基础代谢".encode(), "text", id="text that starts like a bitmap"),
    ],
)
def test_format_by_content(data: bytes, expected: str) -> None:
    assert detect(data) == expected


def test_a_document_type_named_in_a_comment_is_none() -> None:
    named = docx_bytes(paragraph("完成30户。"), prolog="<!-- <!DOCTYPE d> -->")
    assert read(named).text == "完成30户。"


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "任务.pdf"
    path.write_bytes(DOCX)
    found = read(path)
    assert (found.source.name, found.source.format, found.text) == ("任务.pdf", "docx", "完成30户。")


def test_limit_on_each_format() -> None:
    from extractor.formats import ReadOptions

    for data in (DOCX, "<html><body><p>完成30户改造</p></body></html>".encode()):
        with pytest.raises(ReadError) as caught:
            read(data, options=ReadOptions(max_chars=3))
        assert caught.value.code == "too_large"


def test_import_is_light() -> None:
    import subprocess

    code = "import sys, extractor.formats; print([m for m in ('lxml', 'docx', 'openpyxl', 'pdfplumber') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_any_cut_of_a_file_is_read_or_refused() -> None:
    for size in range(0, len(DOCX), 37):
        try:
            assert "完成30户。" in read(DOCX[:size]).text
        except ReadError as error:
            assert error.code in ("damaged", "empty", "binary")
