"""PDF → ``Document``: lines joined into paragraphs, ruled tables as grids, page furniture apart."""

from __future__ import annotations

from extractor.errors import ReadError
from extractor.formats.base import ReadOptions, TextBuilder, too_large
from extractor.formats.grid import CellText
from extractor.formats.pdf_cells import cell_text, measure_room
from extractor.formats.pdf_flow import lay_out, reading_order, split_notes
from extractor.formats.pdf_furniture import PageText, strip_furniture
from extractor.formats.pdf_join import compose
from extractor.formats.pdf_lines import TextLine
from extractor.formats.pdf_open import open_pdf, read_sheets
from extractor.formats.pdf_page import FontTable, Sheet
from extractor.formats.pdf_paragraphs import (
    Habits,
    Paragraph,
    Placed,
    join_paragraphs,
    learn_habits,
    set_margins,
)
from extractor.formats.pdf_stitch import Sheaf
from extractor.types.document import Document, Layer, Page, Source, Style

_PROPERTIES = ("Title", "Author", "Subject", "Creator", "Producer", "CreationDate", "ModDate")
_PICTURE = 0.4  # of a page: pictures that cover more and few words beside them make it a scan
_FEW = 12  # characters: a page number, a scanner's stamp


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """Raises ``ReadError``: ``encrypted``, ``damaged``, ``scanned`` (pictures without text), ``empty``, ``too_large``.

    A frame of one column becomes paragraphs; a table that runs over pages becomes one ``Table`` whose
    ``header_rows`` are the rows repeated on its later pages (0 where none are).
    """
    builder = TextBuilder(options.max_chars)
    fonts = FontTable()
    pages: list[PageText] = []
    scans: list[int] = []
    left = options.max_chars
    with open_pdf(data, options.password) as document:
        for sheet in read_sheets(document, data, options.password, fonts):
            left -= len(sheet.glyphs)
            if left < 0:
                raise too_large(options.max_chars)
            _note_problems(sheet, builder, scans)
            pages.append(lay_out(sheet, fonts.fonts))
        properties = {key: value for key, value in document.get_metadata_dict().items() if key in _PROPERTIES and value}
    _refuse_scan(pages, scans)
    strip_furniture(pages)
    _write(pages, builder)
    sizes = tuple(Page(page.number, page.width, page.height) for page in pages)
    return builder.build(source, pages=sizes, properties=properties)


def _note_problems(sheet: Sheet, builder: TextBuilder, scans: list[int]) -> None:
    number = sheet.number
    if len(sheet.glyphs) < _FEW and sheet.images > _PICTURE:
        scans.append(number)
        builder.issue(
            "page_without_text",
            f"第{number}页是图片，没有文字，需要OCR / page {number} is a picture without text: needs OCR",
            page=number,
        )
    if sheet.unmapped:
        builder.issue(
            "unmapped_characters",
            f"第{number}页有{sheet.unmapped}个字的编码无法识别 / page {number}: {sheet.unmapped} glyphs have no character",
            page=number,
        )
    if sheet.hidden * 2 > len(sheet.glyphs) > 0:
        builder.issue(
            "ocr_layer",
            f"第{number}页的文字来自扫描件的识别层 / page {number}: the text is a scan's hidden OCR layer",
            severity="info",
            page=number,
        )


def _refuse_scan(pages: list[PageText], scans: list[int]) -> None:
    """Nothing to read: only pictures, or nothing at all."""
    words = sum(page.number not in scans and bool(page.lines or page.grids) for page in pages)
    if words and (words * 20 > len(pages) or len(scans) < len(pages) - words):
        return
    if scans:
        raise ReadError("scanned", "PDF是扫描件，没有文字，请先做OCR / the PDF is scanned, without text: needs OCR")
    raise ReadError("empty", "PDF里没有文字，请检查原文件 / the PDF holds no text: check the original")


def _write(pages: list[PageText], builder: TextBuilder) -> None:
    split_notes(pages, learn_habits([Placed(line) for page in pages for line in page.lines]).size)
    flow = list(reading_order(pages))
    lines = [item for item in flow if isinstance(item, Placed)]
    set_margins(lines, {page.number: page.width for page in pages}, _table_ends(pages))
    habits = learn_habits(lines)
    for page in pages:
        builder.furniture.extend(page.furniture)
    notes = [Placed(line, line.box.x0, line.box.x1) for page in pages for line in page.notes]
    waiting: list[Placed] = []
    for item in flow:
        if isinstance(item, Placed):
            waiting.append(item)
            continue
        notes = _write_paragraphs(waiting, notes, habits, builder)
        waiting = []
        _write_table(item, builder)
    rest = _write_paragraphs(waiting, notes, habits, builder)
    _write_notes(rest, habits, builder)


def _table_ends(pages: list[PageText]) -> dict[int, tuple[float, float]]:
    """Page → left and right end of its widest table."""
    return {
        page.number: max(((grid.xs[0], grid.xs[-1]) for grid in page.grids), key=lambda ends: ends[1] - ends[0])
        for page in pages
        if page.grids
    }


def _write_paragraphs(lines: list[Placed], notes: list[Placed], habits: Habits, builder: TextBuilder) -> list[Placed]:
    """Writes each page's notes once the text has come to a later page; gives back the notes not yet written."""
    for paragraph in join_paragraphs(lines, habits):
        page = paragraph.lines[0].line.page
        due = [note for note in notes if note.line.page < page]
        if due:
            _write_notes(due, habits, builder)
            notes = notes[len(due) :]
        _write_paragraph(paragraph, builder)
    return notes


def _write_notes(notes: list[Placed], habits: Habits, builder: TextBuilder) -> None:
    right = max((note.right for note in notes), default=0.0)
    for note in notes:
        note.right = right
    for paragraph in join_paragraphs(notes, habits):
        _write_paragraph(paragraph, builder, "note")


def _write_paragraph(paragraph: Paragraph, builder: TextBuilder, layer: Layer = "body") -> None:
    lines = [item.line for item in paragraph.lines]
    composed = compose(lines, [False] * (len(lines) - 1))
    builder.paragraph(
        composed.text, layer=layer, page=lines[0].page, lines=composed.lines, style=_style(lines, paragraph.centered)
    )


def _style(lines: list[TextLine], centered: bool) -> Style:
    first = lines[0]
    return Style(centered=centered, bold=first.bold, size=round(first.size, 1), font=first.font.name or None)


def _write_table(sheaf: Sheaf, builder: TextBuilder) -> None:
    room = measure_room(sheaf.cells)
    cells = []
    for cell in sheaf.cells:
        words = cell_text(cell, room)
        cells.append(CellText(cell.row, cell.col, words.text, cell.rowspan, cell.colspan, lines=words.lines))
    builder.furniture.extend(sheaf.furniture)
    builder.table(cells, sheaf.n_rows, sheaf.n_cols, header_rows=sheaf.header_rows, page=sheaf.page)
