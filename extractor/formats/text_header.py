"""What words of a text's table make a header, and a header of two rows put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.types.table import Cell

SENTENCE = re.compile(r"[。；;！？]")
SHORT = 16  # characters of a header cell
DATUM = re.compile(r"[-+—–/\d.,%≥≤<>=]*")  # a number or a dash, no name


def merge_header(cells: list[Cell], text: str) -> list[Cell]:
    """A header of two rows saved without its merges: a name over several columns leaves empty places to its right
    with the parts' names below; other names leave an empty place below. Left alone where it is not just so.
    """
    top = {cell.col: cell for cell in cells if cell.row == 0}
    sub = {cell.col: cell for cell in cells if cell.row == 1}
    names = {col: text[cell.span.start : cell.span.end] for col, cell in sub.items()}
    open_top = [col for col, cell in top.items() if cell.span.start == cell.span.end]
    parts = [col for col, name in names.items() if name]
    if not open_top or names.get(0) or top[0].span.start == top[0].span.end or set(open_top) - set(parts):
        return cells
    if any(len(names[col]) > 2 * SHORT or SENTENCE.search(names[col]) or DATUM.fullmatch(names[col]) for col in parts):
        return cells
    wide = {col: _reach(col, open_top) for col, cell in top.items() if col not in open_top}
    if any((col in parts) != (width > 1) for col, width in wide.items()):
        return cells
    merged = [
        replace(cell, colspan=wide[cell.col], rowspan=1 if cell.col in parts else 2)
        for cell in top.values()
        if cell.col in wide
    ]
    return merged + [cell for cell in cells if cell.row > 1 or (cell.row == 1 and cell.col in parts)]


def _reach(col: int, open_top: Sequence[int]) -> int:
    width = 1
    while col + width in open_top:
        width += 1
    return width
