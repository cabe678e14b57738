"""Bad input: one clear line that names the file, the other files done, nothing half-written, no traceback."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as Word
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractor import ReadOptions, extract
from extractor.cli import main
from extractor.errors import ReadError

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # what old Office files and locked new ones begin with
TASK = "全市低保对象认定准确率达到98%以上。"


def pdf(pages: int = 1) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    for number in range(pages):
        canvas.setFont("STSong-Light", 14)
        canvas.drawString(72, 700, f"第{number + 1}页。" + TASK)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked(user: str, owner: str = "owner") -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf())))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scanned() -> bytes:
    out, picture = io.BytesIO(), io.BytesIO()
    Image.new("L", (300, 400), 200).save(picture, "PNG")
    canvas = Canvas(out)
    picture.seek(0)
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.save()
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    document = Word()
    document.add_paragraph(TASK)
    document.save(out)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


def with_entity(data: bytes, secret: Path) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        if name != "word/document.xml":
            return part
        body = part.decode().split("?>", 1)[1].replace(TASK, "&x;" + TASK)
        return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>{body}'.encode()

    return repacked(data, change)


def bomb() -> bytes:
    """A DOCX of some kilobytes whose body would unpack to 300 million characters."""
    return repacked(word(), lambda name, part: b"<w>" + b" " * 300_000_000 if name == "word/document.xml" else part)


def other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return out.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "0 bytes.pdf": (lambda: b"", "empty"),
    "blank.txt": (lambda: b" \r\n\t ", "empty"),
    "truncated.pdf": (lambda: pdf()[:300], "damaged"),
    "no body.pdf": (lambda: b"%PDF-1.7\n", "damaged"),
    "truncated.docx": (lambda: word()[: len(word()) // 2], "damaged"),
    "locked.pdf": (lambda: locked("secret"), "encrypted"),
    "scanned.pdf": (scanned, "scanned"),
    "binary.txt": (lambda: bytes(range(256)) * 40, "binary"),
    "picture.docx": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "unsupported|binary"),
    "archive.docx": (other_zip, "unsupported|damaged"),
    "old.doc": (lambda: OLE + "WordDocument".encode("utf-16-le") + bytes(2000), "unsupported"),
    "locked.docx": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(2000), "encrypted"),
    "bomb.docx": (bomb, "too_large|unsafe|damaged"),
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "好.txt"
    path.write_text(TASK, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", BAD)
def test_the_reason_has_a_code(name: str) -> None:
    make, codes = BAD[name]
    with pytest.raises(ReadError) as caught:
        extract(make())
    assert caught.value.code in codes.split("|")
    assert "\n" not in str(caught.value)
    assert " / " in str(caught.value)


def test_each_is_named_and_the_others_are_done(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = []
    for name, (make, _) in BAD.items():
        path = tmp_path / "bad" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(make())
        bad.append(path)
    out = tmp_path / "out"
    names = [str(path) for path in (*bad, tmp_path, tmp_path / "missing.pdf", good)]
    assert main(["extract", *names, "-o", str(out), "--quiet"]) == 1
    shown = capsys.readouterr()
    assert [line.split(": ")[0] for line in shown.err.splitlines()] == names[:-1]
    assert "Traceback" not in shown.err
    assert "internal error" not in shown.err
    assert [path.name for path in out.iterdir()] == ["好.json"]


def test_a_locked_file_opens_with_its_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(locked("secret"))
    assert main(["extract", str(path)]) == 1
    assert "--password" in capsys.readouterr().err
    assert main(["extract", str(path), "--password", "wrong"]) == 1
    assert main(["extract", str(path), "--password", "secret"]) == 0
    assert "≥98%" in capsys.readouterr().out


def test_a_file_locked_only_against_changes_is_read() -> None:
    assert extract(locked("")).records


@pytest.mark.parametrize(
    ("name", "make"), [("a.docx", pdf), ("a.pdf", word), ("a.xlsx", lambda: TASK.encode("gb18030"))]
)
def test_a_wrong_extension_does_not_matter(name: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(make())
    assert extract(tmp_path / name).records[0].targets[0].value == 98


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容")
    try:
        text = extract(with_entity(word(), secret)).document.text
    except ReadError as error:
        assert error.code in ("unsafe", "damaged")
    else:
        assert "机密" not in text


@pytest.mark.parametrize("make", [pdf, word, lambda: TASK.encode()])
def test_a_text_over_the_limit_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(ReadError) as caught:
        extract(make(), options=ReadOptions(max_chars=5))
    assert caught.value.code == "too_large"
    assert "5" in str(caught.value)


def test_a_table_of_50_000_rows(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("任务")
    sheet.append(["序号", "工作任务"])
    for number in range(50_000):
        sheet.append([number + 1, f"新建养老院不少于{number % 90 + 10}所"])
    path, out = tmp_path / "大表.xlsx", tmp_path / "out.jsonl"
    book.save(path)
    assert main(["extract", str(path), "-o", str(out)]) == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 50_000
    assert json.loads(lines[-1])["targets"][0]["value"] == 49_999 % 90 + 10
