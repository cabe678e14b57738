"""Rules of a page → ruled tables as grids whose cells know what they span."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from extractor.formats.pdf_lines import TextLine
from extractor.formats.pdf_page import Rule, Sheet
from extractor.types.geometry import BBox

_SNAP = 3.0  # points: rules nearer than this are one (double and bevelled borders)
_TOUCH = 3.5  # points: rules that end this near to each other meet
_STICK_OUT = 8.0  # points: rules that reach this far beyond the last cross rule have an open end
_COVERED = 0.6  # of a side: where rules draw as much of it, it parts two places
_MAX_RULES = 4000


@dataclass(slots=True)
class GridCell:
    """A cell with the lines in it; ``box`` is its frame on the page where it starts."""

    row: int
    col: int
    rowspan: int
    colspan: int
    box: BBox
    lines: list[TextLine] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A ruled table of one page. ``open_top`` and ``open_bottom``: no rule closes it there."""

    page: int
    xs: list[float]
    ys: list[float]
    cells: list[GridCell]
    open_top: bool = False
    open_bottom: bool = False
    header_rows: int = 0
    _at: dict[tuple[int, int], GridCell] = field(default_factory=dict)

    @property
    def box(self) -> BBox:
        return BBox(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    @property
    def n_rows(self) -> int:
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        return len(self.xs) - 1

    def find(self, x: float, y: float) -> GridCell | None:
        """The cell at a point of the page."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        if not self._at:
            for cell in self.cells:
                for row in range(cell.row, cell.row + cell.rowspan):
                    for col in range(cell.col, cell.col + cell.colspan):
                        self._at[row, col] = cell
        return self._at.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))


def find_grids(sheet: Sheet) -> list[Grid]:
    """Ruled grids of a page from top to bottom, frames of a single cell among them."""
    if min(len(sheet.across), len(sheet.down)) < 1 or max(len(sheet.across), len(sheet.down)) > _MAX_RULES:
        return []
    across, down = _merge(sheet.across), _merge(sheet.down)
    grids = []
    for some_across, some_down in _components(across, down):
        grid = _grid(some_across, some_down, sheet.number)
        if grid is not None:
            grids.append(grid)
    return _outermost(sorted(grids, key=lambda g: (g.ys[0], g.xs[0])), sheet)


def _outermost(grids: list[Grid], sheet: Sheet) -> list[Grid]:
    """Without frames round a page or a table, and without tables inside a cell of another."""
    area = sheet.width * sheet.height
    kept = []
    for grid in grids:
        inner = [g for g in grids if g is not grid and _inside(g.box, grid.box)]
        single = len(grid.cells) == 1
        if single and (inner or _area(grid.box) > 0.7 * area):
            continue
        kept.append(grid)
    return [g for g in kept if not any(o is not g and _inside(g.box, o.box) for o in kept)]


def _inside(box: BBox, outer: BBox) -> bool:
    return (
        box.x0 >= outer.x0 - 1
        and box.x1 <= outer.x1 + 1
        and box.top >= outer.top - 1
        and box.bottom <= outer.bottom + 1
    )


def _area(box: BBox) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _clusters(values: Iterable[float], snap: float = _SNAP) -> list[float]:
    """Means of values that lie within ``snap`` of their neighbours, ascending."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] <= snap:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(marks: list[float], value: float) -> int:
    at = bisect_left(marks, value)
    if at and (at == len(marks) or value - marks[at - 1] <= marks[at] - value):
        at -= 1
    return at


def _merge(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch become one."""
    marks = _clusters(rule.at for rule in rules)
    lanes: dict[int, list[Rule]] = {}
    for rule in rules:
        lanes.setdefault(_nearest(marks, rule.at), []).append(rule)
    merged: list[Rule] = []
    for lane, members in sorted(lanes.items()):
        members.sort(key=lambda r: r.lo)
        lo, hi = members[0].lo, members[0].hi
        for rule in members[1:]:
            if rule.lo <= hi + _TOUCH:
                hi = max(hi, rule.hi)
            else:
                merged.append(Rule(marks[lane], lo, hi))
                lo, hi = rule.lo, rule.hi
        merged.append(Rule(marks[lane], lo, hi))
    return merged


def _components(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Sets of rules that hang together, each with rules both ways."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    xs = [rule.at for rule in down]  # ascending: merged lane by lane
    for i, level in enumerate(across):
        for j in range(bisect_left(xs, level.lo - _TOUCH), bisect_right(xs, level.hi + _TOUCH)):
            if down[j].lo - _TOUCH <= level.at <= down[j].hi + _TOUCH:
                parent[root(i)] = root(len(across) + j)
    sets: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, level in enumerate(across):
        sets.setdefault(root(i), ([], []))[0].append(level)
    for j, plumb in enumerate(down):
        sets.setdefault(root(len(across) + j), ([], []))[1].append(plumb)
    return [pair for pair in sets.values() if pair[0] and pair[1]]


def _grid(across: list[Rule], down: list[Rule], page: int) -> Grid | None:
    xs, ys = _clusters(r.at for r in down), _clusters(r.at for r in across)
    left = _open_end([r.lo for r in across], xs[0], -1)
    right = _open_end([r.hi for r in across], xs[-1], 1)
    top = _open_end([r.lo for r in down], ys[0], -1)
    bottom = _open_end([r.hi for r in down], ys[-1], 1)
    for value, marks in ((left, xs), (right, xs), (top, ys), (bottom, ys)):
        if value is not None:
            marks.append(value)
    xs, ys = sorted(xs), sorted(ys)
    if len(xs) < 2 or len(ys) < 2:
        return None
    cells = _cells(xs, ys, _sides(across, ys), _sides(down, xs))
    return Grid(page, xs, ys, cells, top is not None, bottom is not None)


def _open_end(ends: list[float], last: float, sign: int) -> float | None:
    """Where two rules or more reach beyond the last cross rule, how far they reach (the table's open side)."""
    beyond = sorted(end for end in ends if (end - last) * sign > _STICK_OUT)
    return beyond[len(beyond) // 2] if len(beyond) >= 2 else None


def _sides(rules: list[Rule], marks: list[float]) -> Callable[[int, float, float], bool]:
    """A test whether rules draw the line ``marks[index]`` from ``lo`` to ``hi``."""
    lanes: list[list[Rule]] = [[] for _ in marks]
    for rule in rules:
        lanes[_nearest(marks, rule.at)].append(rule)

    def is_drawn(index: int, lo: float, hi: float) -> bool:
        drawn = sum(max(min(hi, r.hi) - max(lo, r.lo), 0.0) for r in lanes[index])
        return drawn >= _COVERED * (hi - lo)

    return is_drawn


def _cells(
    xs: list[float],
    ys: list[float],
    across: Callable[[int, float, float], bool],
    down: Callable[[int, float, float], bool],
) -> list[GridCell]:
    """Places with no rule between them are one cell."""
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    parent = list(range(n_rows * n_cols))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for row in range(n_rows):
        for col in range(n_cols):
            here = row * n_cols + col
            if col + 1 < n_cols and not down(col + 1, ys[row], ys[row + 1]):
                parent[root(here + 1)] = root(here)
            if row + 1 < n_rows and not across(row + 1, xs[col], xs[col + 1]):
                parent[root(here + n_cols)] = root(here)
    groups: dict[int, set[tuple[int, int]]] = {}
    for place in range(n_rows * n_cols):
        groups.setdefault(root(place), set()).add(divmod(place, n_cols))
    rectangles = [r for group in groups.values() for r in _rectangles(group)]
    return [
        GridCell(row, col, high, wide, BBox(xs[col], ys[row], xs[col + wide], ys[row + high]))
        for row, col, high, wide in sorted(rectangles)
    ]


def _rectangles(places: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Places as (row, col, height, width); an angular set (a rule is missing) falls into several."""
    found: list[tuple[int, int, int, int]] = []
    left = set(places)
    while left:
        row, col = min(left)
        wide = high = 1
        while (row, col + wide) in left:
            wide += 1
        while all((row + high, c) in left for c in range(col, col + wide)):
            high += 1
        left -= {(r, c) for r in range(row, row + high) for c in range(col, col + wide)}
        found.append((row, col, high, wide))
    return found
