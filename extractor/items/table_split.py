"""Grids that hold several tables: one below the other on a sheet, or two blocks side by side."""

from __future__ import annotations

from dataclasses import replace

from extractor.items.table_grid import NUMBER, CellWords, Grid, Heads, distinct_cells, filled_cells
from extractor.types.geometry import Span
from extractor.types.table import Cell, Table


def split_table(text: str, table: Table, known: Heads) -> tuple[tuple[int, Table], ...]:
    """A grid that holds several tables, one below the other (a sheet), as tables with the row each starts at.

    A new one starts at titles over the whole width with a header row of other words under them.
    """
    if table.n_rows < 6:
        return ((0, table),)
    cells = table.grid()
    words = CellWords(text, table)
    starts = [0]
    for row in range(3, table.n_rows - 1):
        if sum(cell.span.end > cell.span.start for cell in distinct_cells(cells[row - 1])) != 1:
            continue
        title = filled_cells(cells[row - 1], words)
        if len(title) != 1 or title[0].row != row - 1 or title[0].rowspan > 1:
            continue
        if _is_fresh_header(cells, words, row, known):
            start = row - 1
            while (
                start - 1 > starts[-1] + 1
                and len(above := filled_cells(cells[start - 1], words)) == 1
                and above[0].colspan > 1
            ):
                start -= 1
            starts.append(start)
    stops = [*starts[1:], table.n_rows]
    return tuple((start, _rows_of(table, start, stop)) for start, stop in zip(starts, stops, strict=True))


def _is_fresh_header(cells: list[list[Cell]], words: dict[tuple[int, int], str], row: int, known: Heads) -> bool:
    said = [words[cell.row, cell.col] for cell in filled_cells(cells[row], words) if cell.row == row]
    if len(said) < 3 or max(map(len, said)) > 20:
        return False
    hits = sum(bool(known.search(one)) for one in said)
    return hits * 3 >= len(said) * 2 and not any(NUMBER.fullmatch(one) and not one.startswith("20") for one in said)


def _rows_of(table: Table, start: int, stop: int) -> Table:
    if (start, stop) == (0, table.n_rows):
        return table
    cells = tuple(
        replace(cell, row=cell.row - start, rowspan=min(cell.rowspan, stop - cell.row))
        for cell in table.cells
        if start <= cell.row < stop
    )
    span = Span(min(cell.span.start for cell in cells), max(cell.span.end for cell in cells))
    return replace(
        table, span=span, n_rows=stop - start, cells=cells, header_rows=table.header_rows if start == 0 else 0
    )


def split_columns(grid: Grid) -> tuple[tuple[int, Table], ...]:
    """A table printed in two blocks side by side (县区 | 任务数 | 县区 | 任务数), each with the column it starts at."""
    half, odd = divmod(grid.table.n_cols, 2)
    heads = [grid.head(col) for col in range(grid.table.n_cols)]
    if odd or half < 2 or not all(heads) or heads[:half] != heads[half:] or len(set(heads[:half])) < half:
        return ()
    top = grid.header.start
    return tuple((start, _block_of(grid.table, top, start, start + half)) for start in (0, half))


def _block_of(table: Table, top: int, start: int, stop: int) -> Table:
    cells = tuple(
        replace(cell, row=cell.row - top, col=cell.col - start, colspan=min(cell.colspan, stop - cell.col))
        for cell in table.cells
        if cell.row >= top and start <= cell.col < stop
    )
    span = Span(min(cell.span.start for cell in cells), max(cell.span.end for cell in cells))
    rows = table.n_rows - top
    covered = {
        (r, c)
        for one in cells
        for r in range(one.row, one.row + one.rowspan)
        for c in range(one.col, one.col + one.colspan)
    }
    empty = tuple(
        Cell(r, c, Span(span.end, span.end)) for r in range(rows) for c in range(stop - start) if (r, c) not in covered
    )
    cells = tuple(sorted((*cells, *empty), key=lambda cell: (cell.row, cell.col)))
    return replace(table, span=span, n_rows=rows, n_cols=stop - start, cells=cells, header_rows=0)
