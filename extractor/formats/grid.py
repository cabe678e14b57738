"""Cells of any format into a table whose every place is covered exactly once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractor.types.document import Line
from extractor.types.geometry import Span
from extractor.types.table import Cell, Table


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell before its words have a place in the text. Spans of ``lines`` count in ``text``."""

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    address: str | None = None
    lines: tuple[Line, ...] = ()


def build_table(
    cells: Iterable[Cell],
    n_rows: int,
    n_cols: int,
    *,
    header_rows: int = 0,
    title: str | None = None,
    page: int | None = None,
    span: Span | None = None,
) -> Table:
    """A table of ``cells`` that may leave places open, overlap, or reach beyond the grid; never raises on them.

    Each cell keeps the place it starts at, the first of several at one place; it then spreads over its span
    as far as no other cell is there (an empty cell under an earlier span gives way). Open places get empty
    cells whose span stands at the end of the cell before them. ``span`` defaults to what the cells cover.
    """
    n_rows, n_cols = max(n_rows, 0), max(n_cols, 0)
    placed = _spread(_origins(cells, n_rows, n_cols), n_rows, n_cols)
    filled = _fill(placed, n_rows, n_cols, span.start if span is not None else None)
    if span is None:
        starts = [cell.span.start for cell in filled]
        span = Span(min(starts, default=0), max((cell.span.end for cell in filled), default=0))
    return Table(
        span=span,
        n_rows=n_rows,
        n_cols=n_cols,
        cells=tuple(filled),
        header_rows=min(max(header_rows, 0), n_rows),
        title=title,
        page=page,
    )


def dense(cells: Sequence[CellText], fixed_rows: int = 0) -> tuple[list[CellText], int, int]:
    """The cells without rows and columns in which no cell starts, and the number of rows and columns.

    Files may say that a cell spans columns that no other row has. The first ``fixed_rows`` rows all stay.
    """
    rows = _starts([cell.row for cell in cells], [cell.row + max(cell.rowspan, 1) for cell in cells], range(fixed_rows))
    cols = _starts([cell.col for cell in cells], [cell.col + max(cell.colspan, 1) for cell in cells], range(0))
    moved = []
    for cell in cells:
        row, col = rows[cell.row], cols[cell.col]
        height = rows[cell.row + max(cell.rowspan, 1)] - row
        width = cols[cell.col + max(cell.colspan, 1)] - col
        moved.append(CellText(row, col, cell.text, height, width, cell.header, cell.address, cell.lines))
    return moved, len({cell.row for cell in moved} | set(range(fixed_rows))), len({cell.col for cell in moved})


def _starts(starts: Sequence[int], ends: Sequence[int], fixed: Iterable[int]) -> dict[int, int]:
    """Each first place, and each place after a last one, → how many places with a start lie before it."""
    kept = sorted({*starts, *fixed})
    return {place: bisect_left(kept, place) for place in {*starts, *ends}}


def _origins(cells: Iterable[Cell], n_rows: int, n_cols: int) -> dict[int, Cell]:
    """Place number (row * n_cols + col) → the cell that starts there; a cell with words beats an empty one."""
    origins: dict[int, Cell] = {}
    for cell in cells:
        if not (0 <= cell.row < n_rows and 0 <= cell.col < n_cols):
            continue
        place = cell.row * n_cols + cell.col
        other = origins.get(place)
        if other is None or (_is_empty(other) and not _is_empty(cell)):
            origins[place] = cell
    return origins


def _is_empty(cell: Cell) -> bool:
    return cell.span.start >= cell.span.end


def _spread(origins: dict[int, Cell], n_rows: int, n_cols: int) -> list[Cell | None]:
    """One entry a place: the cell that covers it, its spans trimmed to what it really covers."""
    owner: list[Cell | None] = [None] * (n_rows * n_cols)
    blocked = {place for place, cell in origins.items() if not _is_empty(cell)}
    for place in sorted(origins):
        cell = origins[place]
        if owner[place] is not None:
            continue  # an empty cell under an earlier span
        width = max(min(cell.colspan, n_cols - cell.col), 1)
        height = max(min(cell.rowspan, n_rows - cell.row), 1)
        if width > 1 or height > 1:
            width, height = _free(owner, blocked, place, width, height, n_cols)
        if (cell.colspan, cell.rowspan) != (width, height):
            cell = replace(cell, colspan=width, rowspan=height)
        for down in range(height):
            first = place + down * n_cols
            owner[first : first + width] = [cell] * width
    return owner


def _free(
    owner: list[Cell | None], blocked: set[int], place: int, width: int, height: int, n_cols: int
) -> tuple[int, int]:
    """How wide, then how high a cell may spread from ``place``."""

    def is_free(at: int) -> bool:
        return at == place or (owner[at] is None and at not in blocked)

    wide = 1
    while wide < width and is_free(place + wide):
        wide += 1
    high = 1
    while high < height and all(is_free(place + high * n_cols + right) for right in range(wide)):
        high += 1
    return wide, high


def _fill(owner: list[Cell | None], n_rows: int, n_cols: int, start: int | None) -> list[Cell]:
    """The cells by row and column, with an empty one at each open place."""
    if start is None:
        start = min((cell.span.start for cell in owner if cell is not None), default=0)
    filled: list[Cell] = []
    end = start
    for place, cell in enumerate(owner):
        row, col = divmod(place, n_cols)
        if cell is None:
            filled.append(Cell(row, col, Span(end, end)))
        elif (cell.row, cell.col) == (row, col):
            filled.append(cell)
            end = cell.span.end
    return filled
