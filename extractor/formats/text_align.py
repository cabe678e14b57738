"""Pieces of a ragged text table → rows and columns, by the likeliest path through them.

Between two pieces stands a tab (next cell of the row) or a line feed, which may part paragraphs of a cell,
cells, or rows. The path weighs numbering (a new ``1.`` starts a cell), closing punctuation, and how well a
piece fits what else stands in a column: its length, whether it is a number or a value that keeps returning.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.types.geometry import Span

_NUMBER = re.compile(r"\s*[（(]?(\d{1,2})\s*[.．、)）](?!\d)")
_DIGITS = re.compile(r"[\d.]{1,5}")
_ROUNDS = 3
_MISSING = 5.0  # a row that ends a column early
_OUTSIDE = 1.2  # a piece after the table
_BLOCK_ROW = 4.0  # a row that starts with a cell of several paragraphs
_FAR = 1e9


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece without tab or line feed. ``block``: an indented line of its own, a paragraph in a cell."""

    span: Span
    text: str
    tab_after: bool = False
    block: bool = False


@dataclass(slots=True)
class _Column:
    """What stands in a column so far: classes of pieces, and the logarithm of their length."""

    classes: Counter[str]
    mean: float
    spread: float

    def cost(self, kind: str, size: float) -> float:
        total = sum(self.classes.values())
        share = (self.classes[kind] + 0.3) / (total + 0.9)
        return -math.log(share) + 0.5 * min(abs(size - self.mean) / self.spread, 4.0)


def align(atoms: Sequence[Atom], n_cols: int) -> tuple[list[dict[int, Span]], int] | None:
    """Rows as column → span, and the offset at which the table ends; None where there is nothing to align."""
    if not any(atom.tab_after for atom in atoms):
        return None
    kinds = _kinds(atoms)
    sizes = [math.log(len(atom.text) + 1) for atom in atoms]
    columns = _first_guess(atoms, kinds, sizes, n_cols)
    path: list[tuple[int, str]] = []
    for _ in range(_ROUNDS):
        path = _best_path(atoms, kinds, sizes, columns, n_cols)
        columns = _learn([col for col, _ in path], kinds, sizes, n_cols)
    return _rows(atoms, path, n_cols)


def _kinds(atoms: Sequence[Atom]) -> list[str]:
    seen = Counter(atom.text for atom in atoms if 0 < len(atom.text) <= 15)
    return [_kind(atom.text, seen) for atom in atoms]


def _kind(text: str, seen: Counter[str]) -> str:
    if _DIGITS.fullmatch(text):
        return "digits"
    return "value" if seen[text] >= 3 else "words"


def _first_guess(atoms: Sequence[Atom], kinds: Sequence[str], sizes: Sequence[float], n_cols: int) -> list[_Column]:
    """Columns as the lines show them that have all cells."""
    places = [n_cols] * len(atoms)
    start = 0
    for i, atom in enumerate(atoms):
        if atom.tab_after:
            continue
        if i - start + 1 == n_cols:
            places[start : i + 1] = range(n_cols)
        start = i + 1
    return _learn(places, kinds, sizes, n_cols)


def _learn(places: Sequence[int], kinds: Sequence[str], sizes: Sequence[float], n_cols: int) -> list[_Column]:
    columns = []
    for col in range(n_cols):
        members = [i for i, place in enumerate(places) if place == col and sizes[i] > 0]
        lengths = [sizes[i] for i in members]
        mean = sum(lengths) / len(lengths) if lengths else math.log(12)
        spread = math.sqrt(sum((x - mean) ** 2 for x in lengths) / len(lengths)) if lengths else 2.0
        columns.append(_Column(Counter(kinds[i] for i in members), mean, max(spread, 0.4)))
    return columns


def _best_path(
    atoms: Sequence[Atom], kinds: Sequence[str], sizes: Sequence[float], columns: Sequence[_Column], n_cols: int
) -> list[tuple[int, str]]:
    """For each atom its column and how it joins the one before (``same`` cell, next ``cell``, new ``row``).

    Column ``n_cols`` stands for what follows the table.
    """
    last_tab = max(i for i, atom in enumerate(atoms) if atom.tab_after)
    costs = [0.3 * col for col in range(n_cols)] + [_FAR]
    back: list[list[tuple[int, str]]] = []
    for i, atom in enumerate(atoms):
        if i:
            costs, came = _step(costs, atoms[i - 1], atom, n_cols, may_leave=i > last_tab)
        else:
            came = [(col, "row") for col in range(n_cols + 1)]
        back.append(came)
        costs = [
            cost + (_emit(columns[col], kinds[i], sizes[i]) if col < n_cols else _OUTSIDE)
            for col, cost in enumerate(costs)
        ]
    ends = [cost + (_MISSING * (n_cols - 1 - col) if col < n_cols else 0.0) for col, cost in enumerate(costs)]
    col = min(range(n_cols + 1), key=ends.__getitem__)
    path: list[tuple[int, str]] = []
    for came in reversed(back):
        before, how = came[col]
        path.append((col, how))
        col = before
    return path[::-1]


def _emit(column: _Column, kind: str, size: float) -> float:
    return column.cost(kind, size) if size else 0.5


def _step(
    costs: list[float], before: Atom, atom: Atom, n_cols: int, *, may_leave: bool
) -> tuple[list[float], list[tuple[int, str]]]:
    """The cheapest way into each column, and from where."""
    new = [_FAR] * (n_cols + 1)
    came = [(0, "row")] * (n_cols + 1)

    def offer(col: int, cost: float, source: int, how: str) -> None:
        if cost < new[col]:
            new[col], came[col] = cost, (source, how)

    if before.tab_after:
        for col in range(n_cols - 1):
            offer(col + 1, costs[col], col, "cell")
        if atom.block is False:  # a tab at a line's end may also leave the last cell empty
            source = n_cols - 2
            for col in range(n_cols):
                offer(col, costs[source] + 3.0 + _start(col), source, "row")
        return new, came
    same, cell = _join(before, atom)
    for col in range(n_cols):
        offer(col, costs[col] + same, col, "same")
        if col:
            offer(col, costs[col - 1] + cell, col - 1, "cell")
    source = min(range(n_cols), key=lambda c: costs[c] + _MISSING * (n_cols - 1 - c))
    ended = costs[source] + _MISSING * (n_cols - 1 - source) + (_BLOCK_ROW if atom.block else 0.0)
    for col in range(n_cols):
        offer(col, ended + _start(col), source, "row")
    if may_leave:
        offer(n_cols, ended + 0.5, source, "row")
        offer(n_cols, costs[n_cols], n_cols, "same")
    return new, came


def _start(col: int) -> float:
    """A row whose leading columns are merged from above."""
    return 0.3 * col


def _join(before: Atom, atom: Atom) -> tuple[float, float]:
    """What it costs that two lines are one cell, and that they are two cells of a row."""
    one, two = (0.3, 0.5) if before.block and atom.block else (2.0, 0.5 if before.block else 3.0)
    now, then = _NUMBER.match(atom.text), _NUMBER.match(before.text)
    if now and int(now[1]) == 1:
        one += 5.0
    elif now and then:
        follows = int(now[1]) == int(then[1]) + 1
        one, two = (one, two + 5.0) if follows else (one + 2.0, two)
    elif now:
        two += 3.0
    if before.text.endswith(("；", ";", "，", "、", "：", ":")):
        two += 3.0
    elif before.text.endswith("。"):
        one += 0.5
    return one, two


def _rows(atoms: Sequence[Atom], path: Sequence[tuple[int, str]], n_cols: int) -> tuple[list[dict[int, Span]], int]:
    rows: list[dict[int, Span]] = []
    ends: list[int] = []
    for atom, (col, how) in zip(atoms, path, strict=True):
        if col == n_cols:
            break
        if how == "row":
            rows.append({})
            ends.append(atom.span.end)
        start = rows[-1][col].start if how == "same" and col in rows[-1] else atom.span.start
        rows[-1][col] = Span(start, atom.span.end)
        ends[-1] = atom.span.end
    while rows and _is_note(rows[-1], n_cols):
        note = rows.pop()[n_cols - 1]
        ends[-1:] = []
        return rows, ends[-1] if ends else note.start
    return rows, ends[-1]


def _is_note(row: dict[int, Span], n_cols: int) -> bool:
    """A row of blanks whose last cell runs on below the table: notes, no row."""
    filled = [col for col, span in row.items() if span.start < span.end]
    return filled == [n_cols - 1] and len(row) == n_cols and n_cols > 1
