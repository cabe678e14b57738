"""Sheets of a workbook that an office would print: title, facts, bordered rows, page set-up, names that hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from extractor.export.columns import Align, Column, Value, fit
from extractor.export.table import columns as text_width

HEADER_ROW = 3
LINE_POINTS = 14.0  # height of a line of 10-point type
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\t\n\r]")
_NAME_UNITS = 31  # UTF-16 code units in the name of a sheet
_RESERVED = "history"  # the one name that Excel keeps for itself
_THIN = Border(*(Side(style="thin", color="808080"),) * 4)
_ALIGNMENTS: dict[Align, Alignment] = {
    "centre": Alignment(horizontal="center", vertical="center", wrap_text=True),
    "top": Alignment(horizontal="center", vertical="top", wrap_text=True),  # seen on the first page of a long group
    "left": Alignment(horizontal="left", vertical="center", wrap_text=True),
}
_BODY, _HEAD, _TITLE = Font(name="宋体", size=10), Font(name="黑体", size=10, bold=True), Font(name="黑体", size=16)
_LINK = Font(name="宋体", size=10, color="0563C1", underline="single")
_SHADE = PatternFill("solid", fgColor="E8EEF4")


def cell_at(sheet: Worksheet, row: int, at: int) -> Cell:
    """The cell in row and column, both from 1, before anything is merged."""
    cell = sheet.cell(row, at)
    assert not isinstance(cell, MergedCell)
    return cell


def put(cell: Cell, value: Value) -> None:
    """Sets the value alone. The source's words are never a formula, an error or a date."""
    if isinstance(value, str):
        words = fit(value)
        cell.value = words or None
        if words:
            cell.data_type = "s"
            cell.quotePrefix = words[0] in "=+-@"
    else:
        cell.value = value


def write(sheet: Worksheet, row: int, at: int, value: Value, column: Column) -> Cell:
    """A body cell, bordered and aligned as its column says."""
    cell = cell_at(sheet, row, at)
    above = cell_at(sheet, row - 1, at) if row > HEADER_ROW + 1 else None
    if (
        above is not None and above.has_style and not (above.hyperlink or above.quotePrefix)
    ):  # copied: setting it anew takes far longer
        cell._style = copy(above._style)  # type: ignore[attr-defined]
    else:
        cell.font, cell.alignment, cell.border = _BODY, _ALIGNMENTS[column.align], _THIN
        if column.number_format:
            cell.number_format = column.number_format
    put(cell, value)
    return cell


def link(cell: Cell, sheet_name: str) -> None:
    """Makes the cell lead to the top of another sheet of the workbook."""
    quoted = sheet_name.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1")
    cell.font = _LINK


def head(sheet: Worksheet, title: str, facts: str, shown: Sequence[Column]) -> None:
    """Title row, facts row, column titles."""
    centre, left = _ALIGNMENTS["centre"], _ALIGNMENTS["left"]
    for row, words, font, alignment in ((1, title, _TITLE, centre), (2, facts, _BODY, left)):
        cell = cell_at(sheet, row, 1)
        put(cell, words)
        cell.font, cell.alignment = font, alignment
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(shown))
    wide = sum(column.width for column in shown if not column.hidden)
    sheet.row_dimensions[1].height = 26.0 * (1 + text_width(title) * 16 // int(wide * 10))
    for at, column in enumerate(shown, start=1):
        cell = cell_at(sheet, HEADER_ROW, at)
        put(cell, column.title)
        cell.font, cell.alignment, cell.border, cell.fill = _HEAD, centre, _THIN, _SHADE
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width, dimension.hidden = column.width, column.hidden
    sheet.row_dimensions[HEADER_ROW].height = 2 * LINE_POINTS + 2


def height(shown: Sequence[Column], values: Sequence[Value]) -> float:
    """Points that the fullest cell of a row needs."""
    pairs = zip(shown, values, strict=True)
    found = max((lines(str(value or ""), column.width) for column, value in pairs if not column.hidden), default=1)
    return max(found, 1) * LINE_POINTS + 4


def lines(text: str, width: float) -> int:
    """How many lines the text takes in a column so many characters wide."""
    room = max(width - 1.5, 2)  # the margins of a cell
    return sum(max(1, -int(-text_width(line) // room)) for line in text.split("\n"))


def set_heights(sheet: Worksheet, needs: Sequence[float]) -> None:
    """Heights of the rows below the header, in points."""
    for row, need in enumerate(needs, start=HEADER_ROW + 1):
        sheet.row_dimensions[row].height = min(need, 409.0)  # the most that the format allows


def print_setup(sheet: Worksheet, n_columns: int, frozen: int) -> None:
    """A4 landscape, the header on each page; the first ``frozen`` columns stay in sight on a screen."""
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{HEADER_ROW + 1}"
    sheet.print_title_rows = f"1:{HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.7, 0.3
    sheet.print_options.horizontalCentered = True
    footer = _HeaderFooterPart(text="第 &P 页，共 &N 页")
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=footer)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(n_columns)}{max(sheet.max_row, HEADER_ROW)}"


def sheet_name(words: str, at: int, taken: set[str]) -> str:
    """``words`` as far as a sheet's name may hold them; numbered ``at`` where another sheet has that name.

    ``taken`` holds the names given so far, in lower case, and gets this one.
    """
    plain = _cut(_NOT_IN_NAMES.sub("", fit(words)).strip(), _NAME_UNITS - 5) or "文件"
    name = plain
    while name.lower() in taken or name.lower() == _RESERVED:
        name = _cut(f"{at}{plain}", _NAME_UNITS)
        at += 1
    taken.add(name.lower())
    return name


def _cut(words: str, units: int) -> str:
    """At most so many UTF-16 code units, no character halved."""
    return words.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").strip()
