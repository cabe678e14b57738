"""Tables that run over pages become one table: repeated header rows go, split rows and cells are joined."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractor.formats.pdf_cells import Room, is_break, measure_room
from extractor.formats.pdf_grid import Grid, GridCell
from extractor.formats.pdf_join import ends_sentence, item_number
from extractor.types.document import Furniture

_SHIFT = 60.0  # points: how far margins of two pages may lie apart
_PLAY = 5.0  # points: how far rules of one column may lie apart
_MOST_HEADER = 4


@dataclass(slots=True)
class Sheaf:
    """A table with its parts from one or more pages; rows count through.

    ``last`` is the grid of the last page, whose left and right ends the next page's part must match.
    """

    xs: list[float]
    cells: list[GridCell]
    n_rows: int
    page: int
    last: Grid
    header_rows: int = 0
    furniture: list[Furniture] = field(default_factory=list)

    @property
    def n_cols(self) -> int:
        return len(self.xs) - 1


def start_sheaf(grid: Grid) -> Sheaf:
    """A table of one page, open for more."""
    return Sheaf(grid.xs, grid.cells, grid.n_rows, grid.page, grid)


def continue_sheaf(sheaf: Sheaf, grid: Grid) -> bool:
    """Adds the next page's grid to the table; False, with nothing changed, where it is another table."""
    columns = _match(sheaf, grid)
    if columns is None:
        return False
    xs, old, new = columns
    above = [_recolumn(cell, old) for cell in sheaf.cells]
    below = [_recolumn(cell, new) for cell in grid.cells]
    if _is_torn_head(above, sheaf.n_rows, below):
        sheaf.furniture.extend(_as_furniture(above))
        sheaf.xs, sheaf.cells, sheaf.n_rows, sheaf.last = xs, below, grid.n_rows, grid
        return True
    header = _repeated_header(above, sheaf.n_rows, below, grid.n_rows)
    if header == grid.n_rows:
        return False
    sheaf.furniture.extend(_as_furniture([cell for cell in below if cell.row < header]))
    sheaf.xs, sheaf.header_rows, sheaf.last = xs, max(sheaf.header_rows, header), grid
    body = [_moved(cell, -header) for cell in below if cell.row >= header]
    room = measure_room([*above, *body])
    sheaf.cells, sheaf.n_rows = _attach(above, sheaf.n_rows, body, grid.n_rows - header, room, grid.open_top)
    return True


def _as_furniture(cells: list[GridCell]) -> list[Furniture]:
    return [Furniture(line.page, line.text, line.box) for cell in cells for line in cell.lines]


def _is_torn_head(above: list[GridCell], n_above: int, below: list[GridCell]) -> bool:
    """All that the first page had room for are the first words of a header that the next page gives whole."""
    if n_above > 2:
        return False
    whole = {(cell.row, cell.col, cell.colspan): _words(cell) for cell in below}
    pairs = [(_words(cell), whole.get((cell.row, cell.col, cell.colspan), "")) for cell in above if cell.lines]
    return (
        len(pairs) > 1
        and all(full.startswith(part) for part, full in pairs)
        and any(len(full) > len(part) for part, full in pairs)
    )


def _match(sheaf: Sheaf, grid: Grid) -> tuple[list[float], list[int], list[int]] | None:
    """The columns of both parts together, and where each part's column borders lie among them."""
    last, xs = sheaf.last.xs, grid.xs
    shift = xs[0] - last[0]
    if abs(shift) > _SHIFT or abs((xs[-1] - xs[0]) - (last[-1] - last[0])) > 2 * _PLAY:
        return None
    offset = sheaf.xs[0] - xs[0]
    moved = [x + offset for x in xs]
    shared = sum(any(abs(x - y) <= _PLAY for y in sheaf.xs) for x in moved)
    if shared < min(len(xs), len(sheaf.xs)):
        return None
    merged = sorted([*sheaf.xs, *(x for x in moved if all(abs(x - y) > _PLAY for y in sheaf.xs))])
    return merged, [_index(merged, x) for x in sheaf.xs], [_index(merged, x) for x in moved]


def _index(xs: list[float], value: float) -> int:
    return min(range(len(xs)), key=lambda i: abs(xs[i] - value))


def _recolumn(cell: GridCell, places: list[int]) -> GridCell:
    col, end = places[cell.col], places[cell.col + cell.colspan]
    return GridCell(cell.row, col, cell.rowspan, max(end - col, 1), cell.box, cell.lines)


def _moved(cell: GridCell, by: int) -> GridCell:
    return GridCell(cell.row + by, cell.col, cell.rowspan, cell.colspan, cell.box, cell.lines)


def _words(cell: GridCell) -> str:
    return re.sub(r"\s+", "", "".join(line.text for line in cell.lines))


def _repeated_header(above: list[GridCell], n_above: int, below: list[GridCell], n_below: int) -> int:
    """How many leading rows of the lower part stand just so at the head of the table."""

    def head(cells: list[GridCell], rows: int) -> list[tuple[int, int, int, int, str]]:
        return [(c.row, c.col, c.rowspan, c.colspan, _words(c)) for c in cells if c.row < rows]

    for rows in range(min(_MOST_HEADER, n_above, n_below), 0, -1):
        upper, lower = head(above, rows), head(below, rows)
        if upper == lower and any(words for *_, words in lower) and _ends_at(below, rows):
            return rows
    return 0


def _ends_at(cells: list[GridCell], row: int) -> bool:
    return all(cell.row >= row or cell.row + cell.rowspan <= row for cell in cells)


def _attach(
    above: list[GridCell], n_above: int, below: list[GridCell], n_below: int, room: Room, is_open: bool
) -> tuple[list[GridCell], int]:
    """Both parts' cells with rows counted through, cells that the page break split joined."""
    feet = [cell for cell in above if cell.row + cell.rowspan == n_above]
    heads = {(cell.col, cell.colspan): cell for cell in below if cell.row == 0}
    pairs = [(foot, heads[foot.col, foot.colspan]) for foot in feet if (foot.col, foot.colspan) in heads]
    columns = _learn_columns(above, n_above, below)
    split = len(pairs) == len(feet) == len(heads) and _is_split(pairs, columns, room, is_open)
    joined: set[int] = set()
    for foot, head in pairs:
        if split or _runs_on(foot, head, columns, pairs):
            foot.rowspan += head.rowspan - (1 if split else 0)
            foot.lines = [*foot.lines, *head.lines]
            joined.add(id(head))
    shift = n_above - (1 if split else 0)
    rest = [_moved(cell, shift) for cell in below if id(cell) not in joined]
    return [*above, *rest], n_above + n_below - (1 if split else 0)


@dataclass(frozen=True, slots=True)
class _Columns:
    """What a table's columns are like: ``filled`` leave no cell empty, ``single`` have no cell of several rows."""

    filled: frozenset[int]
    single: frozenset[int]


def _learn_columns(above: list[GridCell], n_above: int, below: list[GridCell]) -> _Columns:
    """From the cells that don't touch the page break."""
    known = [c for c in above if c.row + c.rowspan < n_above] + [c for c in below if c.row > 0]
    columns = {cell.col for cell in known}
    empty = {cell.col for cell in known if not cell.lines}
    merged = {cell.col for cell in known if cell.rowspan > 1}
    return _Columns(frozenset(columns - empty), frozenset(columns - merged))


def _runs_on(foot: GridCell, head: GridCell, columns: _Columns, pairs: list[tuple[GridCell, GridCell]]) -> bool:
    """An empty cell under a page break is the rest of the cell above it, where such cells are never empty."""
    if head.lines or not foot.lines:
        return not head.lines and not foot.lines and foot.rowspan > 1 and head.rowspan > 1
    leading = all(not other.lines for _, other in pairs if other.col < head.col)
    return foot.col in columns.filled or (leading and (head.rowspan > 1 or foot.rowspan > 1))


def _is_split(pairs: list[tuple[GridCell, GridCell]], columns: _Columns, room: Room, is_open: bool) -> bool:
    """Whether the row at the page's head goes on with the row at the foot of the page before."""
    if not any(foot.lines for foot, _ in pairs) or not any(head.lines for _, head in pairs):
        return False
    score = 2.0 if is_open else 0.0
    return score + sum(_continues(foot, head, columns, room) for foot, head in pairs) > 0


def _continues(foot: GridCell, head: GridCell, columns: _Columns, room: Room) -> float:
    """How much a pair of cells over and under a page break speaks for one row (above 0) or two (below)."""
    needed = foot.col in columns.filled
    if not head.lines:
        if not foot.lines or not needed:
            return 0.0
        return 2.0 if foot.col in columns.single else 0.5
    if not foot.lines:
        return 2.0 if needed else -2.0
    last, first = foot.lines[-1], head.lines[0]
    mark = item_number(first.text)
    if mark is not None:
        return _counts_on([n for n in map(item_number, (line.text for line in foot.lines)) if n is not None], mark)
    if is_break(last, first, room.of(foot)):
        return -1.0 if len(foot.lines) > 2 else -2.0
    return 0.5 if ends_sentence(last.text) else 3.0


def _counts_on(numbers: list[tuple[str, int]], mark: tuple[str, int]) -> float:
    """The lower cell opens with a number: does it go on with the upper cell's list, or count rows?"""
    alike = [number for shape, number in numbers if shape == mark[0]]
    if not alike:
        return -2.0 if mark[1] == 1 else 0.5
    if alike[-1] + 1 != mark[1]:
        return -3.0
    if len(alike) > 1:
        return 2.0
    return 0.5 if alike[0] == 1 else -3.0
