"""Tables as grids whose every place is covered by exactly one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.types.geometry import Span

if TYPE_CHECKING:
    from extractor.types.document import Line


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at (``row``, ``col``), counted from 0, over ``rowspan`` × ``colspan`` places.

    ``span`` is empty (start == end) where nothing is printed. ``address`` is a spreadsheet's own (``B3``,
    with the sheet's name before it where there are several: ``Sheet1!B3``). ``lines`` as in a block.
    """

    row: int
    col: int
    span: Span
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    address: str | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """``span`` covers all cells. Built by ``extractor.formats.grid`` alone, which makes the cover exact.

    ``header_rows``: how many leading rows the source itself marks as header (0 where it does not say).
    """

    span: Span
    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]  # by row, then column
    header_rows: int = 0
    title: str | None = None  # a sheet's name
    page: int | None = None

    def __post_init__(self) -> None:
        covered = sum(cell.rowspan * cell.colspan for cell in self.cells)
        places = {
            (r, c)
            for cell in self.cells
            for r in range(cell.row, cell.row + cell.rowspan)
            for c in range(cell.col, cell.col + cell.colspan)
        }
        if covered != len(places) or covered != self.n_rows * self.n_cols:
            raise ValueError(f"cells cover {len(places)} of {self.n_rows}x{self.n_cols} places, {covered} times")

    @property
    def is_box(self) -> bool:
        """Whether the table is a frame round prose (专栏): one column, or every cell over the whole width."""
        return self.n_cols == 1 or all(cell.colspan == self.n_cols for cell in self.cells)

    def grid(self) -> list[list[Cell]]:
        """``n_rows`` lists of ``n_cols`` cells; a merged cell stands at each place it covers."""
        rows: list[list[Cell | None]] = [[None] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            for r in range(cell.row, cell.row + cell.rowspan):
                for c in range(cell.col, cell.col + cell.colspan):
                    rows[r][c] = cell
        return [[cell for cell in row if cell is not None] for row in rows]
