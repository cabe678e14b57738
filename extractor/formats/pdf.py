"""PDF → ``Document``: lines joined into paragraphs, ruled tables as grids, page furniture apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium

from extractor.errors import ReadError
from extractor.formats.base import CellText, ReadOptions, TextBuilder
from extractor.formats.pdf_cells import cell_text, measure_room
from extractor.formats.pdf_furniture import PageText, strip_furniture
from extractor.formats.pdf_grid import Grid, find_grids
from extractor.formats.pdf_join import compose
from extractor.formats.pdf_lines import TextLine, make_lines
from extractor.formats.pdf_page import FontTable, Glyph, Sheet, read_sheet
from extractor.formats.pdf_paragraphs import (
    Habits,
    Paragraph,
    Placed,
    join_paragraphs,
    learn_habits,
    set_margins,
)
from extractor.formats.pdf_stitch import Sheaf, continue_sheaf, start_sheaf
from extractor.types.document import Document, Furniture, Page, Source, Style

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_TAIL = 65_536
_PROPERTIES = ("Title", "Author", "Subject", "Creator", "Producer", "CreationDate", "ModDate")


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """Raises ``ReadError``: ``encrypted``, ``damaged``, ``scanned`` (pictures without text) or ``too_large``."""
    document = _open(data, options.password)
    builder = TextBuilder(options.max_chars)
    try:
        fonts = FontTable()
        pages = [_page_text(sheet, fonts, builder) for sheet in _sheets(document, fonts, builder)]
        properties = {k: v for k, v in document.get_metadata_dict().items() if k in _PROPERTIES and v}
    finally:
        document.close()
    if not any(page.lines or page.grids for page in pages):
        raise ReadError("scanned", "PDF中没有文字，像是扫描件，请先做OCR / no text in the PDF: scanned, needs OCR")
    strip_furniture(pages)
    _write(pages, builder)
    sizes = tuple(Page(page.number, page.width, page.height) for page in pages)
    return builder.build(source, pages=sizes, properties=properties)


def _open(data: bytes, password: str | None) -> Any:
    if b"%%EOF" not in data[-_TAIL:]:
        raise ReadError("damaged", "PDF不完整（缺少结尾），请重新获取 / the PDF is truncated: get it again")
    try:
        document = pdfium.PdfDocument(data, password=password)
        len(document)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            hint = "密码不对" if password else "文件已加密"
            raise ReadError(
                "encrypted", f"{hint}，请用--password给出密码 / the PDF is encrypted: give its password with --password"
            ) from error
        raise ReadError("damaged", f"PDF已损坏，无法打开，请重新获取 / the PDF is damaged: {error}") from error
    return document


def _sheets(document: Any, fonts: FontTable, builder: TextBuilder) -> Iterator[Sheet]:
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise ReadError(
                "damaged", f"PDF第{index + 1}页已损坏，请重新获取 / page {index + 1} of the PDF is damaged: {error}"
            ) from error
        try:
            sheet = read_sheet(page, index + 1, fonts)
        finally:
            page.close()
        yield sheet


def _page_text(sheet: Sheet, fonts: FontTable, builder: TextBuilder) -> PageText:
    grids = find_grids(sheet)
    outside: list[Glyph] = []
    inside: dict[int, list[Glyph]] = {}
    cells = {}
    for glyph in sheet.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, glyph.base - 0.38 * glyph.size
        cell = next((c for g in grids if (c := g.find(x, y)) is not None), None)
        if cell is None:
            outside.append(glyph)
        else:
            cells[id(cell)] = cell
            inside.setdefault(id(cell), []).append(glyph)
    for key, glyphs in inside.items():
        cells[key].lines = make_lines(glyphs, fonts.fonts, sheet.number)
    furniture = [Furniture(sheet.number, text, box) for text, box in sheet.turned if text.strip()]
    lines = make_lines(outside, fonts.fonts, sheet.number)
    full = [grid for grid in grids if any(cell.lines for cell in grid.cells)]
    return PageText(sheet.number, sheet.width, sheet.height, lines, full, furniture)


def _write(pages: list[PageText], builder: TextBuilder) -> None:
    flow = list(_flow(pages))
    lines = [item for item in flow if isinstance(item, Placed)]
    tables = {p.number: max(((g.xs[0], g.xs[-1]) for g in p.grids), key=lambda e: e[1] - e[0]) for p in pages if p.grids}
    set_margins(lines, {page.number: page.width for page in pages}, tables)
    habits = learn_habits(lines)
    for page in pages:
        builder.furniture.extend(page.furniture)
    waiting: list[Placed] = []
    for item in flow:
        if isinstance(item, Placed):
            waiting.append(item)
            continue
        _write_paragraphs(waiting, habits, builder)
        waiting = []
        _write_table(item, builder)
    _write_paragraphs(waiting, habits, builder)


def _flow(pages: list[PageText]) -> Iterator[Placed | Sheaf]:
    """Lines and tables in reading order; a table that runs over pages comes where it starts."""
    sheaf: Sheaf | None = None
    for page in pages:
        for item in _ordered(page):
            if isinstance(item, TextLine):
                if sheaf is not None:
                    yield sheaf
                    sheaf = None
                yield Placed(item)
            elif item.n_cols == 1:
                if sheaf is not None:
                    yield sheaf
                    sheaf = None
                yield from _framed(item)
            elif sheaf is None or item.page == sheaf.last.page or not continue_sheaf(sheaf, item):
                if sheaf is not None:
                    yield sheaf
                sheaf = start_sheaf(item)
    if sheaf is not None:
        yield sheaf


def _ordered(page: PageText) -> list[TextLine | Grid]:
    items: list[TextLine | Grid] = [*page.lines, *page.grids]
    return sorted(items, key=lambda i: i.ys[0] if isinstance(i, Grid) else (i.box.top + i.box.bottom) / 2)


def _framed(grid: Grid) -> Iterator[Placed]:
    """A box of one column holds running text."""
    for cell in grid.cells:
        for line in cell.lines:
            left, right = min(o.box.x0 for o in cell.lines), max(o.box.x1 for o in cell.lines)
            yield Placed(line, left, right, (grid.page, round(grid.ys[0]), cell.row))


def _write_paragraphs(lines: list[Placed], habits: Habits, builder: TextBuilder) -> None:
    for paragraph in join_paragraphs(lines, habits):
        _write_paragraph(paragraph, builder)


def _write_paragraph(paragraph: Paragraph, builder: TextBuilder) -> None:
    lines = [item.line for item in paragraph.lines]
    composed = compose(lines, [False] * (len(lines) - 1))
    first = lines[0]
    style = Style(centered=paragraph.centered, bold=first.bold, size=round(first.size, 1), font=first.font.name or None)
    builder.paragraph(composed.text, page=first.page, lines=composed.lines, style=style)


def _write_table(sheaf: Sheaf, builder: TextBuilder) -> None:
    room = measure_room(sheaf.cells)
    cells = []
    for cell in sheaf.cells:
        composed = cell_text(cell, room)
        cells.append(
            CellText(cell.row, cell.col, composed.text, cell.rowspan, cell.colspan, lines=composed.lines)
        )
    builder.furniture.extend(sheaf.furniture)
    builder.table(cells, sheaf.n_rows, sheaf.n_cols, header_rows=sheaf.header_rows, page=sheaf.page)
