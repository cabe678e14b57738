"""Tables without upright rules: columns told by white space that runs through their rows.

Only strong evidence counts, since a table made of running text is worse than text made of a table: either
rules above and below (a three-line table), or three rows and more of three columns and more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from extractor.formats.pdf_grid import Grid, GridCell
from extractor.formats.pdf_join import ends_sentence
from extractor.formats.pdf_lines import TextLine, segments
from extractor.formats.pdf_page import Rule, Sheet
from extractor.types.geometry import BBox

_GAP = 1.1  # of the size: white space that parts columns
_MOST_PITCH = 3.2  # of the size: rows further apart than this belong to no one table
_LEAST_FILL = 0.6  # of the places: filled in a table without rules
_NUMBER = re.compile(r"[<>≥≤≧≦＜＞±+\-—–]?\s*[\d,，.．]+\s*[%％‰]?|[—–\-/]")


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed line cut at its wide gaps."""

    line: TextLine
    parts: list[TextLine]


def take_aligned(lines: list[TextLine], grids: list[Grid], sheet: Sheet) -> tuple[list[TextLine], list[Grid]]:
    """The lines left over, and the tables that the others make up."""
    rows = [_Row(line, segments(line, _GAP)) for line in lines]
    if sum(len(row.parts) > 1 for row in rows) < 2:
        return lines, []
    found: list[Grid] = []
    taken: set[int] = set()
    for first, last in [*_between_rules(rows, sheet, grids), *_runs(rows)]:
        if taken.isdisjoint(range(first, last)):
            grid = _grid(rows[first:last], sheet.number)
            if grid is not None:
                found.append(grid)
                taken.update(range(first, last))
    return [line for index, line in enumerate(lines) if index not in taken], found


def _between_rules(rows: list[_Row], sheet: Sheet, grids: list[Grid]) -> list[tuple[int, int]]:
    """Stretches of lines between two or three rules of one width, no grid's own."""
    wide = [r for r in sheet.across if r.hi - r.lo > 0.3 * sheet.width and not any(_touches(g, r) for g in grids)]
    found: list[tuple[int, int]] = []
    for top, bottom in _rule_pairs(sorted(wide)):
        inside = [i for i, row in enumerate(rows) if top.at < row.line.base <= bottom.at + 1]
        if len(inside) < 2:
            continue
        first, last = inside[0], inside[-1] + 1
        table = rows[first:last]
        if all(_within(row, top) for row in table) and _is_tabular(table, least=2):
            found.append((first, last))
    return found


def _touches(grid: Grid, rule: Rule) -> bool:
    return grid.ys[0] - 4 < rule.at < grid.ys[-1] + 4 and rule.lo < grid.xs[-1] and rule.hi > grid.xs[0]


def _rule_pairs(rules: list[Rule]) -> list[tuple[Rule, Rule]]:
    """First and last of the rules that start and end alike; a row of nearer pairs where three stand together."""
    sets: list[list[Rule]] = []
    for rule in rules:
        for some in sets:
            if abs(some[0].lo - rule.lo) < 6 and abs(some[0].hi - rule.hi) < 6:
                some.append(rule)
                break
        else:
            sets.append([rule])
    return [(some[0], some[-1]) for some in sets if len(some) > 1]


def _within(row: _Row, rule: Rule) -> bool:
    return rule.lo - 6 < row.line.box.x0 and row.line.box.x1 < rule.hi + 6


def _is_tabular(rows: list[_Row], least: int) -> bool:
    """Enough rows are parted, and the lines are no sentences."""
    parted = [row for row in rows if len(row.parts) > 1]
    prose = sum(ends_sentence(part.text) for row in rows for part in row.parts)
    return len(parted) >= least and len(parted) * 2 >= len(rows) and prose * 4 <= sum(len(row.parts) for row in rows)


def _runs(rows: list[_Row]) -> list[tuple[int, int]]:
    """Stretches of three lines and more that are all parted alike."""
    found: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(rows) + 1):
        if index < len(rows) and _follow(rows[index - 1], rows[index]):
            continue
        if index - start >= 3 and _is_strong(rows[start:index]):
            found.append((start, index))
        start = index
    return found


def _follow(before: _Row, row: _Row) -> bool:
    near = 0 < row.line.base - before.line.base < _MOST_PITCH * row.line.size
    return near and len(before.parts) > 1 and len(row.parts) > 1 and abs(before.line.size - row.line.size) < 1


def _is_strong(rows: list[_Row]) -> bool:
    columns = _columns(rows)
    if len(columns) < 2 or any("：" in part.text or ":" in part.text for row in rows for part in row.parts[:1]):
        return False
    filled = sum(len(row.parts) for row in rows)
    if filled < _LEAST_FILL * len(rows) * len(columns) or not _is_tabular(rows, least=3):
        return False
    if any(_column(part, columns) != 0 for row in rows for part in row.parts[:1]):
        return False
    numbers = sum(_NUMBER.fullmatch(row.parts[-1].text.strip()) is not None for row in rows[1:])
    return numbers * 2 >= len(rows) - 1 or (len(columns) > 2 and len(rows) > 3)


def _columns(rows: list[_Row]) -> list[tuple[float, float]]:
    """Stretches of x that parts cover, parted by white space through all rows."""
    spans = sorted((part.box.x0, part.box.x1) for row in rows for part in row.parts if len(row.parts) > 1)
    columns: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if columns and x0 < columns[-1][1] + 1:
            columns[-1] = columns[-1][0], max(columns[-1][1], x1)
        else:
            columns.append((x0, x1))
    return columns


def _column(part: TextLine, columns: list[tuple[float, float]]) -> int:
    return max(range(len(columns)), key=lambda i: min(part.box.x1, columns[i][1]) - max(part.box.x0, columns[i][0]))


def _grid(rows: list[_Row], page: int) -> Grid | None:
    """Cells at the crossings; a line without words in the first column goes on with the row above it."""
    columns = _columns(rows)
    if len(columns) < 2:
        return None
    grouped: list[list[_Row]] = []
    for row in rows:
        if grouped and (_column(row.parts[0], columns) != 0 or len(row.parts) == 1):
            grouped[-1].append(row)
        else:
            grouped.append([row])
    edges = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    xs = [columns[0][0] - 5, *edges, columns[-1][1] + 5]
    ys = [group[0].line.box.top - 1 for group in grouped] + [rows[-1].line.box.bottom + 1]
    cells = []
    for index, group in enumerate(grouped):
        for col in range(len(columns)):
            box = BBox(xs[col], ys[index], xs[col + 1], ys[index + 1])
            lines = [part for row in group for part in row.parts if _column(part, columns) == col]
            cells.append(GridCell(index, col, 1, 1, box, lines))
    return Grid(page, xs, ys, cells)
