from __future__ import annotations

import io
from pathlib import Path

import pytest

from extractor.errors import ReadError
from extractor.formats.pdf_page import FontTable, Sheet, make_font
from extractor.formats.pdf_second import read_glyphs
from extractor.types.document import Document
from tests.formats.pdf_samples import HEIGHT, LEFT, WIDTH, Sheets, full, grid, paragraphs, read

BODY = [full("　　各单位要"), "落实任务。"]
WORDS = full("各单位要", 26) + "落实任务。"


def locked(password: str) -> bytes:
    pypdf = pytest.importorskip("pypdf", reason="pypdf locks the sample; install the dev dependencies")
    writer = pypdf.PdfWriter(io.BytesIO(Sheets().lines(BODY).data()))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_locked_file_asks_for_its_password() -> None:
    data = locked("秘密123")
    for password in (None, "wrong"):
        with pytest.raises(ReadError, match="--password") as caught:
            read(data, password)
        assert caught.value.code == "encrypted"
    assert paragraphs(read(data, "秘密123")) == [WORDS]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="truncated"),
        pytest.param(lambda data: b"%PDF-1.4\n" + b"\x00garbage" * 50 + b"%%EOF", id="garbage"),
        pytest.param(lambda data: b"%PDF-1.4\n%%EOF", id="nothing in it"),
    ],
)
def test_damaged_file_is_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(ReadError) as caught:
        read(spoil(Sheets().lines(BODY).data()))
    assert caught.value.code == "damaged"
    assert "\n" not in str(caught.value)


def test_scan_is_refused_and_says_so() -> None:
    with pytest.raises(ReadError, match="OCR") as caught:
        Sheets().picture().page().picture().line("2", LEFT, 800).read()
    assert caught.value.code == "scanned"


def test_file_without_anything_is_empty() -> None:
    with pytest.raises(ReadError) as caught:
        Sheets().page().read()
    assert caught.value.code == "empty"


def test_scanned_page_among_others_is_an_issue() -> None:
    document = Sheets().lines(BODY).page().picture().read()
    assert [(issue.code, issue.page) for issue in document.issues] == [("page_without_text", 2)]
    assert paragraphs(document) == [WORDS]


def test_text_layer_of_a_scan_is_read_and_named() -> None:
    sheets = Sheets().picture()
    text = sheets.canvas.beginText(LEFT, HEIGHT - 100)
    text.setFont("STSong-Light", 16)
    text.setTextRenderMode(3)
    text.textLine("各单位要落实年度任务和目标要求。")
    sheets.canvas.drawText(text)
    document = sheets.read()
    assert paragraphs(document) == ["各单位要落实年度任务和目标要求。"]
    assert [(issue.code, issue.severity) for issue in document.issues] == [("ocr_layer", "info")]


def test_hidden_words_among_visible_ones_are_set_aside() -> None:
    sheets = Sheets().lines(BODY)
    text = sheets.canvas.beginText(LEFT, HEIGHT - 300)
    text.setFont("STSong-Light", 16)
    text.setTextRenderMode(3)
    text.textLine("暗记")
    sheets.canvas.drawText(text)
    document = sheets.read()
    assert paragraphs(document) == [WORDS]
    assert [item.text for item in document.furniture] == ["暗记"]


def test_words_off_the_sheet_are_set_aside() -> None:
    document = Sheets().lines(BODY).line("页外", WIDTH + 50, 100).line("页下", LEFT, HEIGHT + 90).read()
    assert paragraphs(document) == [WORDS]
    assert sorted(item.text for item in document.furniture) == ["页下", "页外"]


def test_text_over_the_limit_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        Sheets().lines(BODY).read(max_chars=10)
    assert caught.value.code == "too_large"


def test_words_printed_twice_to_look_bold_stand_once() -> None:
    sheets = Sheets().line("重点任务", LEFT, 100).line("重点任务", LEFT + 0.4, 100).line("一一对应", LEFT, 140)
    assert paragraphs(sheets.lines(BODY, top=200).read())[:2] == ["重点任务", "一一对应"]


def test_small_marks_stay_in_their_line() -> None:
    sheets = Sheets().line("削减CO", LEFT, 100).line("2", LEFT + 48, 103, 8).line("排放量①", LEFT + 53, 100)
    assert paragraphs(sheets.read()) == ["削减CO2排放量①"]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turned_pages_read_alike(degrees: int) -> None:
    sheets = Sheets()
    sheets.canvas.setPageRotation(degrees)
    sheets.canvas.translate(*{0: (0, 0), 90: (HEIGHT, 0), 180: (WIDTH, HEIGHT), 270: (0, WIDTH)}[degrees])
    sheets.canvas.rotate(degrees)
    document = sheets.lines(BODY).read()
    assert paragraphs(document) == [WORDS]
    assert (round(document.pages[0].width), round(document.pages[0].height)) == (595, 842)
    assert document.blocks[0].lines[1].bbox.x0 == pytest.approx(LEFT, abs=0.5)


def test_table_set_across_the_page_is_turned_upright() -> None:
    sheets = Sheets()
    sheets.canvas.translate(WIDTH, 0)
    sheets.canvas.rotate(90)
    sheets.size = (HEIGHT, WIDTH)
    document = sheets.cell(["指标"], 100, 100, 200, 130).cell(["数值"], 200, 100, 300, 130).read()
    assert grid(document) == [["指标", "数值"]]
    assert document.pages[0].width > document.pages[0].height


def test_wide_gaps_between_words_read_as_blanks() -> None:
    document = Sheets().line("云溪市人民政府办公室", LEFT, 100).line("2031年3月1日印发", LEFT + 280, 100).read()
    assert paragraphs(document) == ["云溪市人民政府办公室 2031年3月1日印发"]


def test_reading_twice_gives_the_same() -> None:
    data = Sheets().lines(BODY).cell(["甲"], LEFT, 300, 200, 330).cell(["乙"], 200, 300, 300, 330).data()
    assert read(data) == read(data)


@pytest.mark.parametrize(
    ("name", "weight", "bold"),
    [
        ("ABCDEF+SimHei", 400, True),
        ("FZXBSJW--GB1-0", 0, True),
        ("方正小标宋简体", 0, True),
        ("FangSong_GB2312", 400, False),
        ("MicrosoftYaHei", 400, False),
        ("MicrosoftYaHei-Bold", 400, True),
        ("SimSun", 700, True),
    ],
)
def test_bold_is_told_by_name_or_weight(name: str, weight: int, bold: bool) -> None:
    font = make_font(name, weight)
    assert font.bold is bold
    assert "+" not in font.name


def test_second_reader_reads_the_same_characters() -> None:
    data = Sheets().lines(BODY).data()
    glyphs, unmapped = read_glyphs(data, None, 1, FontTable())
    assert "".join(glyph.char for glyph in glyphs) == WORDS
    assert unmapped == 0
    assert glyphs[0].x0 == pytest.approx(LEFT + 32, abs=0.5)


def test_second_reader_that_fails_gives_nothing() -> None:
    assert read_glyphs(b"%PDF-1.4\n%%EOF", None, 1, FontTable()) == ([], 0)


def check(document: Document) -> None:
    """What holds for every PDF: spans, edges, and words that stand in one place only."""
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        end = block.span.end
        lines = [(line, block.span) for line in block.lines]
        if block.table is not None:
            table = document.tables[block.table]
            assert block.span.contains(table.span)
            lines = [(line, cell.span) for cell in table.cells for line in cell.lines]
        for line, span in lines:
            assert span.contains(line.span)
            assert len(line.edges) in (0, line.span.end - line.span.start + 1)
            assert line.page <= len(document.pages)
    assert not any(char in document.text for char in "\x00\x02\r\x0c")


@pytest.mark.parametrize("folder", ["real", "rendered/pdf_word", "rendered/pdf_css"])
def test_real_documents_hold_together(shared: Path, folder: str) -> None:
    for path in sorted((shared / "corpus" / folder).glob("*.pdf")):
        if not path.name.startswith("13_"):
            check(read(path.read_bytes()))


def test_fonts_are_counted_once() -> None:
    fonts = FontTable()
    assert fonts.add(make_font("A+B")) == fonts.add(make_font("A+B")) == 0
    assert Sheet(1, 10, 10).glyphs == []
