"""PDF → ``Document``: lines joined into paragraphs, ruled tables as grids, page furniture apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from extractor.errors import ReadError
from extractor.formats.base import ReadOptions, TextBuilder, too_large
from extractor.formats.grid import CellText
from extractor.formats.layers import layers_of
from extractor.formats.pdf_cells import cell_text, measure_room
from extractor.formats.pdf_flow import lay_out, reading_order, split_notes
from extractor.formats.pdf_furniture import PageText, strip_furniture
from extractor.formats.pdf_join import Composed, compose
from extractor.formats.pdf_lines import TextLine
from extractor.formats.pdf_open import open_pdf, read_sheets
from extractor.formats.pdf_page import FontTable, Sheet
from extractor.formats.pdf_paragraphs import (
    Habits,
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
            if options.progress is not None:
                options.progress(sheet.number, len(document))
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
    parts = _with_notes(list(_parts(flow, learn_habits(lines))), pages)
    layers = layers_of(
        ["" if isinstance(part, Sheaf) else part.words.text for part in parts], [_fixed_layer(part) for part in parts]
    )
    for page in pages:
        builder.furniture.extend(page.furniture)
    for part, layer in zip(parts, layers, strict=True):
        if isinstance(part, Sheaf):
            _write_table(part, builder)
        else:
            style = _style(part.lines, part.centered)
            builder.paragraph(
                part.words.text, layer=layer, page=part.page, lines=part.words.lines, style=style, framed=part.framed
            )


def _table_ends(pages: list[PageText]) -> dict[int, tuple[float, float]]:
    """Page → left and right end of its widest table."""
    return {
        page.number: max(((grid.xs[0], grid.xs[-1]) for grid in page.grids), key=lambda ends: ends[1] - ends[0])
        for page in pages
        if page.grids
    }


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph or footnote, composed."""

    words: Composed
    lines: list[TextLine]
    centered: bool = False
    layer: Layer | None = None
    framed: bool = False

    @property
    def page(self) -> int:
        return self.lines[0].page


def _parts(flow: Iterable[Placed | Sheaf], habits: Habits) -> Iterator[_Part | Sheaf]:
    """Tables, and the lines between them as paragraphs."""
    for is_line, run in groupby(flow, key=lambda item: isinstance(item, Placed)):
        if is_line:
            for paragraph in join_paragraphs((item for item in run if isinstance(item, Placed)), habits):
                part = _compose([item.line for item in paragraph.lines], paragraph.centered)
                yield replace(part, framed=paragraph.lines[0].frame is not None)
        else:
            yield from (item for item in run if isinstance(item, Sheaf))


def _compose(lines: list[TextLine], centered: bool = False, layer: Layer | None = None) -> _Part:
    return _Part(compose(lines, [False] * (len(lines) - 1)), lines, centered, layer)


def _with_notes(parts: list[_Part | Sheaf], pages: list[PageText]) -> list[_Part | Sheaf]:
    """Puts each page's footnotes before the first part that starts on a later page."""
    notes = [_compose(lines, layer="note") for page in pages for lines in page.notes]
    merged: list[_Part | Sheaf] = []
    for part in parts:
        while notes and notes[0].page < part.page:
            merged.append(notes.pop(0))
        merged.append(part)
    return [*merged, *notes]


def _fixed_layer(part: _Part | Sheaf) -> Layer | None:
    """None where the words must tell whether a paragraph is text or a web page's frame."""
    return "body" if isinstance(part, Sheaf) else part.layer


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
