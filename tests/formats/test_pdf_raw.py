"""PDFs written by hand, for what no generator writes on purpose."""

from __future__ import annotations

import pytest

from extractor.errors import ReadError
from extractor.formats import pdf_second
from extractor.formats.pdf_open import _second_opinion
from extractor.formats.pdf_page import UNKNOWN, FontTable, Glyph, Sheet
from tests.formats.pdf_samples import LEFT, Sheets, full, grid, paragraphs, read

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TWO_FOR_ONE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfchar <41> <20142014> endbfchar
endcmap end end"""


def stream(body: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(body), body)


def raw_pdf(content: bytes, font: bytes = HELVETICA, *more: bytes, count: int = 1) -> bytes:
    """One page with ``content``, the font as /F, further objects from number 6 on."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(content),
        font,
        *more,
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(out),
    )  # fmt: skip


def test_a_page_that_cannot_be_loaded_is_damage() -> None:
    with pytest.raises(ReadError, match="第2页") as caught:
        read(raw_pdf(b"BT /F 16 Tf 80 700 Td (Plan 2031) Tj ET", count=2))
    assert caught.value.code == "damaged"


def test_a_file_without_pages_is_damage() -> None:
    data = raw_pdf(b"").replace(b"/Kids[3 0 R]/Count 1", b"/Kids[     ]/Count 0")
    with pytest.raises(ReadError) as caught:
        read(data)
    assert caught.value.code == "damaged"


def test_glyphs_without_a_character_are_kept_as_unknown_and_named() -> None:
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 700/StemV 80>>>>]>>"
    )
    document = read(raw_pdf(b"BT /F 16 Tf 80 700 Td <00A100A200A3> Tj ET", font))
    assert document.text == UNKNOWN * 3
    assert [(issue.code, issue.page) for issue in document.issues] == [("unmapped_characters", 1)]


def test_one_glyph_for_two_characters_is_no_overprint() -> None:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    document = read(raw_pdf(b"BT /F 16 Tf 80 700 Td (A) Tj ET", font, stream(TWO_FOR_ONE)))
    assert document.text == "——"
    left, middle, right = document.blocks[0].lines[0].edges
    assert middle - left == pytest.approx(right - middle, abs=0.01)


def test_hyphen_at_a_lines_end_stays_a_hyphen() -> None:
    document = read(raw_pdf(b"BT /F 16 Tf 80 700 Td (carbon-) Tj 0 -24 Td (neutral) Tj ET"))
    assert "carbon-" in document.text


def test_second_reader_is_taken_where_it_knows_more() -> None:
    data = Sheets().lines([full("　　各单位要")]).data()
    unread = Sheet(1, 595, 842, glyphs=[Glyph(UNKNOWN, 0, 1, 1, 1, 0)], unmapped=1)
    sheet = _second_opinion(unread, data, None, FontTable())
    assert "".join(glyph.char for glyph in sheet.glyphs) == full("各单位要", 26)
    assert sheet.unmapped == 0


def test_second_reader_is_left_where_it_fails() -> None:
    unread = Sheet(1, 595, 842, glyphs=[Glyph(UNKNOWN, 0, 1, 1, 1, 0)], unmapped=1)
    assert _second_opinion(unread, b"%PDF-1.4\n%%EOF", None, FontTable()).unmapped == 1


def words(sheets: Sheets) -> Sheets:
    for text, x, y in (("甲", 0, 14), ("乙", 100, 14), ("丙", 0, 34), ("丁", 100, 34)):
        sheets.line(text, LEFT + x + 5, 100 + y, 10)
    return sheets


def thin_boxes(sheets: Sheets) -> None:
    for y in (100, 120, 140):
        sheets.canvas.rect(LEFT, sheets.size[1] - y, 200, 0.7, stroke=0, fill=1)
    for x in (0, 100, 200):
        sheets.canvas.rect(LEFT + x, sheets.size[1] - 140, 0.7, 40, stroke=0, fill=1)


def one_path(sheets: Sheets) -> None:
    for left, top in ((0, 100), (100, 100), (0, 120), (100, 120)):
        path = sheets.canvas.beginPath()
        bottom = sheets.size[1] - top - 20
        path.moveTo(LEFT + left, bottom)
        path.lineTo(LEFT + left + 100, bottom)
        path.lineTo(LEFT + left + 100, bottom + 20)
        path.lineTo(LEFT + left, bottom + 20)
        path.close()
        sheets.canvas.drawPath(path)


def in_a_form(sheets: Sheets) -> None:
    canvas = sheets.canvas
    canvas.beginForm("lines")
    for y in (0, 10, 20):
        canvas.line(0, y, 100, y)
    for x in (0, 50, 100):
        canvas.line(x, 0, x, 20)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(LEFT, sheets.size[1] - 140)
    canvas.scale(2, 2)
    canvas.doForm("lines")
    canvas.restoreState()


def thin_pictures(sheets: Sheets) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    dot = ImageReader(Image.new("L", (2, 2), 0))
    for y in (100, 120, 140):
        sheets.canvas.drawImage(dot, LEFT, sheets.size[1] - y, 200, 0.7)
    for x in (0, 100, 200):
        sheets.canvas.drawImage(dot, LEFT + x, sheets.size[1] - 140, 0.7, 40)


@pytest.mark.parametrize("draw", [thin_boxes, one_path, in_a_form, thin_pictures])
def test_rules_may_be_drawn_in_any_way(draw: object) -> None:
    sheets = Sheets()
    assert callable(draw)
    draw(sheets)
    assert grid(words(sheets).read()) == [["甲", "乙"], ["丙", "丁"]]


def test_drawings_are_no_rules() -> None:
    sheets = Sheets().lines([full("　　各单位要"), "落实。"])
    for k in range(5):
        sheets.canvas.circle(200 + 40 * k, 300, 15)
        sheets.canvas.line(200 + 40 * k, 200, 230 + 40 * k, 260)
    document = sheets.read()
    assert document.tables == ()
    assert len(paragraphs(document)) == 1


def test_a_rule_missing_in_a_grid_leaves_a_table_that_holds_together() -> None:
    """An angular cell falls into rectangles; no place is lost."""
    sheets = Sheets().box(LEFT, 100, LEFT + 200, 140).rule(LEFT + 100, 100, LEFT + 100, 120)
    sheets.rule(LEFT, 120, LEFT + 100, 120)
    sheets.line("甲", LEFT + 5, 114, 10).line("乙", LEFT + 105, 114, 10)
    table = sheets.read().tables[0]
    assert (table.n_rows, table.n_cols) == (2, 2)


def test_second_reader_may_fail_in_any_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(pdf_second.pdfplumber, "open", fail)
    assert pdf_second.read_glyphs(b"%PDF-1.4", None, 1, FontTable()) == ([], 0)
