"""What the columns of a document's tables hold, as its gold shows: also where no rule knows the header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from extractor.items.columns import Column, label_of
from extractor.items.learned_columns import knows_head
from extractor.items.table_grid import Grid, is_empty
from extractor.training.traces import Trace

_LEAST = 0.6  # of a column's cells that must bear a role out
_FEWEST = 2  # such cells
_BREAKS = re.compile(r"[、，,;；\n\t\u3000]+")
_BLANKS = re.compile(r"\s+")
# What the gold shows a column to be → the roles that say the same; the first where the rules have said none of them.
_SAME: Mapping[str, tuple[str, ...]] = {
    "number": ("number",),
    "item": ("hard", "soft", "place", "tier", "scoring", "group"),
    "path": ("group", "soft", "place", "hard"),
    "when": ("when", "hard"),
    "assessed": ("assessed",),
    "points": ("points",),
    "target": ("target", "hard"),
    "measure": ("plain", "target"),
}

Fields = Mapping[str, Any]
Labels = tuple[str | None, ...]


def true_labels(trace: Trace) -> Iterator[tuple[Grid, tuple[Column, ...], Labels]]:
    """Each table with its columns as read and the role of each; None where neither gold nor header tells."""
    records = [(text, record) for record in trace.example.gold["records"] if len(text := _squeeze(record["text"])) > 1]
    for grid, columns in trace.grids:
        rows = _records_by_row(grid, records)
        yield grid, columns, tuple(_label(grid, column, rows) for column in columns)


def _records_by_row(grid: Grid, records: Sequence[tuple[str, Fields]]) -> dict[int, list[Fields]]:
    """The records whose words stand in a cell of the row."""
    found = {}
    for row in grid.rows:
        said = "\n".join(_squeeze(_print(grid, row.index, col)) for col in range(grid.table.n_cols))
        found[row.index] = [record for text, record in records if text in said]
    return found


def _label(grid: Grid, column: Column, rows: Mapping[int, list[Fields]]) -> str | None:
    own = label_of(column)
    known = own if knows_head(grid, column) else None
    shown: Counter[str] = Counter()
    cells = [cell for cell in grid.body_cells(column.index) if rows[cell.row] and not is_empty(grid.say(cell))]
    for cell in cells:
        shown.update(_evidence(_print(grid, cell.row, cell.col), grid.head(column.index), rows[cell.row]))
    if len(cells) < _FEWEST or not column.head or not shown:
        return known
    best, times = max(shown.items(), key=lambda item: (item[1], item[0]))
    if times < _LEAST * len(cells):
        return known
    if best.startswith("who"):
        return known if column.kind == "who" and known else best
    return own if own in _SAME[best] else _SAME[best][0]


def _evidence(printed: str, head: str, records: Sequence[Fields]) -> set[str]:
    """The roles that what a cell prints fits, by the records of its row."""
    said = _squeeze(printed)
    if any(_squeeze(record["text"]) in said for record in records):
        return {"item"}
    names = {_squeeze(name) for name in _BREAKS.split(printed) if name.strip()}
    found: set[str] = set()
    for record in records:
        roles = {_squeeze(who["name"]): who.get("role") for who in record.get("responsible") or ()}
        if names and names <= roles.keys():
            found |= {f"who_{role}" for name, role in roles.items() if name in names and role}
        if names and names <= {_squeeze(name) for name in record.get("assessed") or ()}:
            found.add("assessed")
        if said in {_squeeze(one.get("raw") or "") for one in record.get("deadlines") or ()} - {""}:
            found.add("when")
        if said.strip(".、()（）") == (record.get("number") or "").strip(".、()（）"):
            found.add("number")
        if _as_number(said) in {record.get("points"), record.get("row_points")} - {None}:
            found.add("points")
        if any(len(path := _squeeze(one)) * 2 > len(said) and path in said for one in record.get("path") or ()):
            found.add("path")
        found |= {
            _value(head, target) for target in record.get("targets") or () if _squeeze(target.get("raw") or "") == said
        }
    return found


def _value(head: str, target: Fields) -> str:
    """Whether a column's header names what is measured (造林面积), or only that it is an aim (2025年目标)."""
    named = re.sub(r"\([^)]*\)|^其中:", "", head.rsplit("/", 1)[-1])
    return "measure" if len(named) > 1 and named in _squeeze(target["metric"]) else "target"


def _as_number(said: str) -> float | None:
    return float(said.rstrip("分")) if re.fullmatch(r"\d+(?:\.\d+)?分?", said) else None


def _print(grid: Grid, row: int, col: int) -> str:
    span = grid.at(row, col).span
    return grid.text[span.start : span.end]


def _squeeze(words: str) -> str:
    return _BLANKS.sub("", words)
