"""XLSX: the document on one sheet, paragraphs as rows merged over the table's width."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from corpus.generate.model import Document, Grid
from corpus.generate.package import fixed

THIN = Side(style="thin")


def render(document: Document) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = document.meta.get("sheet", "Sheet1")
    width = max(e.n_cols for e in document.elements if isinstance(e, Grid))
    row = 1
    for element in document.elements:
        if isinstance(element, Grid):
            _table(sheet, element, row)
            row += element.n_rows
        else:
            place = sheet.cell(row, 1, element.number + element.text)
            centred = element.style in {"title", "caption", "docno"}
            place.alignment = Alignment(horizontal="center" if centred else "left", wrap_text=True)
            place.font = Font(bold=centred, size=16 if element.style == "title" else 11)
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
            row += 1
    out = io.BytesIO()
    book.save(out)
    return fixed(out.getvalue())


def _table(sheet: Worksheet, grid: Grid, top: int) -> None:
    for cell in grid.cells:
        row, col = top + cell.row, 1 + cell.col
        place = sheet.cell(row, col, _value("\n".join(cell.lines)))
        place.alignment = Alignment(vertical="center", wrap_text=True)
        place.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
        if cell.row < grid.header_rows:
            place.font = Font(bold=True)
        if cell.rowspan > 1 or cell.colspan > 1:
            sheet.merge_cells(
                start_row=row, start_column=col, end_row=row + cell.rowspan - 1, end_column=col + cell.colspan - 1
            )
    for i, share in enumerate(grid.widths):
        sheet.column_dimensions[get_column_letter(i + 1)].width = round(110 * share / sum(grid.widths), 1)


def _value(text: str) -> str | float | int | None:
    """Numbers as numbers, as a person types them; text such as 11.0 keeps its printed form."""
    if text.isdigit() and (text == "0" or text[0] != "0"):
        return int(text)
    return text or None
