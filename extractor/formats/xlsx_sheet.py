"""A worksheet → its visible filled cells, and these → titles, tables and notes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from extractor.formats.grid import CellText, dense
from extractor.formats.xlsx_number import shown

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_NOTE = re.compile(r"\s*(?:注|备注|说明|※|\*|填表|填报|制表|联系|审核)")
_NEXT = re.compile(r"\s*(?:附件|附表|附录|表)\s*[0-9一二三四五六七八九十]+")
_LABELLED = re.compile(r"[\u4e00-\u9fff（）() ]{2,12}[:：]")
_LONG = 30  # characters: no cell of a column that would be alone in its row is as long


@dataclass(slots=True)
class Grid:
    """Filled cells (rows and columns as in the sheet, from 1), and what was left out because it is hidden."""

    cells: list[CellText]
    hidden_rows: int = 0
    hidden_cols: int = 0


@dataclass(frozen=True, slots=True)
class SheetTable:
    cells: list[CellText]
    n_rows: int
    n_cols: int
    header_rows: int


def visible_cells(sheet: Worksheet, prefix: str) -> Grid:
    """Cells that hold words and can be seen. ``prefix`` goes before each address.

    A merged range shows its words in what is left of it where its first rows or columns are hidden.
    """
    raw = getattr(sheet, "_cells")  # noqa: B009 -- iter_rows would make a cell for each place up to the last one
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    cols = _hidden_columns(sheet)
    spans, covered = _merges(sheet, raw)
    grid = Grid([])
    lost_rows: set[int] = set()
    lost_cols: set[int] = set()
    for row, col in sorted(raw):
        cell = raw[row, col]
        if cell.value is None or (row, col) in covered:
            continue
        text = shown(cell.value, cell.number_format).strip()
        if not text:
            continue
        height, width = spans.get((row, col), (1, 1))
        top = next((at for at in range(row, row + height) if at not in rows), None)
        left = next((at for at in range(col, col + width) if at not in cols), None)
        if top is None or left is None:
            (lost_rows if top is None else lost_cols).add(row if top is None else col)
            continue
        address = f"{prefix}{get_column_letter(col)}{row}"
        grid.cells.append(CellText(top, left, text, row + height - top, col + width - left, address=address))
    grid.cells.sort(key=lambda cell: (cell.row, cell.col))
    grid.hidden_rows, grid.hidden_cols = len(lost_rows), len(lost_cols)
    return grid


def _hidden_columns(sheet: Worksheet) -> set[int]:
    """A column's settings may stand for a run of columns."""
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            hidden.update(range(dimension.min, min(dimension.max, 16_384) + 1))
    return hidden


def _merges(
    sheet: Worksheet, raw: dict[tuple[int, int], object]
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Top left place of each merged range → its height and width; and the other places that hold cells."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    last = max((row for row, _ in raw), default=0)
    for merged in sheet.merged_cells.ranges:
        height = min(merged.max_row, last) - merged.min_row + 1
        width = merged.max_col - merged.min_col + 1
        spans[merged.min_row, merged.min_col] = (max(height, 1), width)
        covered.update(
            (row, col)
            for row in range(merged.min_row, merged.min_row + height)
            for col in range(merged.min_col, merged.max_col + 1)
            if (row, col) in raw and (row, col) != (merged.min_row, merged.min_col)
        )
    return spans, covered


def parts(cells: list[CellText], header_until: int = 0) -> Iterator[str | SheetTable]:
    """Titles and notes as text, tables as grids. ``header_until``: the last row that is printed on each page."""
    for block in _blocks(cells):
        yield from _block(block, header_until)


def _by_row(cells: Iterable[CellText]) -> dict[int, list[CellText]]:
    rows: dict[int, list[CellText]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return rows


def _blocks(cells: list[CellText]) -> Iterator[list[CellText]]:
    """Cells between empty rows. One empty row inside a table does not end it if data goes on below."""
    rows = _by_row(cells)
    block: list[CellText] = []
    bottom, width = 0, 0
    for number in sorted(rows):
        row = rows[number]
        gap = number - bottom - 1
        if block and (gap > 1 or (gap == 1 and not _goes_on(row, width)) or _opens_table(row, width)):
            yield block
            block, width = [], 0
        block.extend(row)
        width = max(width, len(row))
        bottom = max(bottom, *(cell.row + cell.rowspan - 1 for cell in row))
    if block:
        yield block


def _opens_table(row: list[CellText], width: int) -> bool:
    """Whether a row after a table, alone in its line, heads another one (附件2, 表3)."""
    return width > 1 and len(row) == 1 and _NEXT.match(row[0].text) is not None


def _goes_on(row: list[CellText], width: int) -> bool:
    """Whether a row after an empty one is more data: nearly as many cells as before, and no header."""
    is_data = any(len(cell.text) > _LONG or re.search(r"\d", cell.text) for cell in row)
    return len(row) >= max(2, 0.6 * width) and is_data


def _block(cells: list[CellText], header_until: int) -> Iterator[str | SheetTable]:
    rows = _by_row(cells)
    numbers = sorted(rows)
    first, last = 0, len(numbers)
    while first < last and _is_title(rows[numbers[first]], cells):
        first += 1
    frame = _Frame.of(cells)
    while last > first and _is_note(rows[numbers[last - 1]], frame):
        last -= 1
    for number in numbers[:first]:
        yield from _texts(rows[number])
    inner = [cell for number in numbers[first:last] for cell in rows[number]]
    yield from _table(inner, header_until)
    for number in numbers[last:]:
        yield from _texts(rows[number])


def _texts(row: list[CellText]) -> Iterator[str]:
    return (cell.text for cell in row)


def _is_title(row: list[CellText], cells: list[CellText]) -> bool:
    """A row of one cell above the table, or of labelled words (单位：万元)."""
    if any(cell.rowspan > 1 for cell in row) or _starts_inside(row, cells):
        return False
    return len(row) == 1 or (len(row) <= 3 and all(_LABELLED.match(cell.text) for cell in row))


def _starts_inside(row: list[CellText], cells: list[CellText]) -> bool:
    number = row[0].row
    return any(cell.row < number < cell.row + cell.rowspan for cell in cells[:50])


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a block's rows are measured by. ``reach``: where the cells that start above a row end, by row."""

    left: int
    width: int
    reach: dict[int, int]

    @classmethod
    def of(cls, cells: list[CellText]) -> _Frame:
        reach: dict[int, int] = {}
        end = 0
        for number, row in sorted(_by_row(cells).items()):
            reach[number] = end
            end = max(end, *(cell.row + cell.rowspan for cell in row))
        left = min(cell.col for cell in cells)
        return cls(left, max(cell.col for cell in cells) - left + 1, reach)


def _is_note(row: list[CellText], frame: _Frame) -> bool:
    """A row of one cell below the table that is marked as a note, long, or spread over the table."""
    if len(row) != 1 or row[0].rowspan > 1:
        return False
    cell = row[0]
    if cell.row < frame.reach[cell.row]:
        return False
    return bool(_NOTE.match(cell.text)) or (
        cell.col == frame.left and (len(cell.text) > _LONG or cell.colspan >= max(2, frame.width / 2))
    )


def _table(cells: list[CellText], header_until: int) -> Iterator[str | SheetTable]:
    placed, n_rows, n_cols = dense(cells)
    if n_cols <= 1 or n_rows <= 1:
        yield from (cell.text for cell in cells)
        return
    numbers = sorted({cell.row for cell in cells})
    header_rows = bisect_left(numbers, header_until + 1)
    yield SheetTable(_clip(placed, n_rows), n_rows, n_cols, header_rows if header_rows < n_rows else 0)


def _clip(cells: list[CellText], n_rows: int) -> list[CellText]:
    return [replace(cell, rowspan=n_rows - cell.row) if cell.row + cell.rowspan > n_rows else cell for cell in cells]
