"""Made-up tables whose columns are known: headers of ``headers.toml`` over cells of ``cells.toml``."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from extractor.items.columns import KNOWN
from extractor.items.table_grid import Grid, make_grid
from extractor.types.geometry import Span
from extractor.types.table import Cell, Table

_SLOT = re.compile(r"\{(\?)?([^{}]+)\}")
_RANGE = re.compile(r"(\d+)-(\d+)")
_MERGED = frozenset({"group", "soft", "place", "who_leader", "who_lead", "who_duty", "when", "points", "notes"})
_SWAPPED, _DRESSED = 0.25, 0.1  # how many headers get another ending, or one of these around them
_AROUND = ("{}：", "★{}", "{}★", "{}（市级）", "{}（县级）", "{}（{}）", "{}*", "{}（2024年）", "{}（名称）", "本{}")


@dataclass(frozen=True, slots=True)
class Wording:
    """``levels``: the header's cells from the top; ``cells``: the reader of ``cells.toml`` that fills the column."""

    role: str
    cells: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeTable:
    """``wordings`` of the columns of ``grid``, one by one, as printed."""

    grid: Grid
    wordings: tuple[Wording, ...]


@cache
def _stored(name: str) -> dict[str, Any]:
    return tomllib.loads(files("extractor.training").joinpath(name).read_text(encoding="utf-8"))


@cache
def read_headers() -> tuple[Wording, ...]:
    """Every wording of ``headers.toml``, in its order."""
    return tuple(
        Wording(role, cells, tuple(words.split(">")))
        for role, kinds in _stored("headers.toml").items()
        for cells, lines in kinds.items()
        for words in dict.fromkeys(lines.split())
    )


def made_tables(count: int, wordings: Sequence[Wording], seed: int) -> Iterator[MadeTable]:
    """``count`` tables; the same for the same arguments. Each wording comes up about as often as the others of its role."""
    lots = random.Random(seed)
    by_role: dict[str, list[Wording]] = {}
    for wording in wordings:
        by_role.setdefault(wording.role, []).append(wording)
        by_role.setdefault(f"{wording.role}.{wording.cells}", []).append(wording)
    layouts: list[str] = _stored("cells.toml")["layouts"]
    made = 0
    while made < count:
        columns = _draw_columns(lots, lots.choice(layouts), by_role)
        grid = _draw_grid(lots, columns)
        if len(columns) > 1 and len(grid.header) == max(len(wording.levels) for wording in columns):
            made += 1
            yield MadeTable(grid, columns)


def _draw_columns(lots: random.Random, layout: str, by_role: Mapping[str, list[Wording]]) -> tuple[Wording, ...]:
    drawn: list[Wording] = []
    for token in layout.split():
        if token.endswith("?") and lots.random() < 0.5:
            continue
        choices = by_role.get(token.rstrip("?"), [])
        fresh = [one for one in choices if all(one.levels != other.levels for other in drawn)]
        if fresh:
            drawn.append(lots.choice(fresh))
    if len(drawn) > 3 and lots.random() < 0.15:
        at = lots.randrange(1, len(drawn) - 1)
        drawn[at], drawn[at + 1] = drawn[at + 1], drawn[at]
    return tuple(_as_printed(lots, wording) for wording in drawn)


def _as_printed(lots: random.Random, wording: Wording) -> Wording:
    """Now and then with another ending of the same meaning, or with something around it."""
    *above, last = wording.levels
    group = next((group for group in _stored("cells.toml")["swaps"] if last.endswith(tuple(group))), None)
    if group is not None and lots.random() < _SWAPPED:
        ending = next(one for one in group if last.endswith(one))
        if last != ending:
            last = last.removesuffix(ending) + lots.choice(group)
    if not above and len(last) <= 12 and lots.random() < _DRESSED:
        last = lots.choice(_AROUND).format(last, last[:2])
    return replace(wording, levels=(*above, last))


def _draw_grid(lots: random.Random, columns: Sequence[Wording]) -> Grid:
    high = max((len(wording.levels) for wording in columns), default=1)
    rows = lots.choice((1, 2, 3, 4, 5, 6, 8, 10))
    words: dict[tuple[int, int], tuple[str, int]] = {}
    for col, wording in enumerate(columns):
        for row, said in enumerate(wording.levels):
            words[row, col] = said, (high - row if row == len(wording.levels) - 1 else 1)
        words |= {(high + row, col): cell for row, cell in _draw_cells(lots, wording, rows).items()}
    return _as_grid(words, high + rows, len(columns), high)


def _draw_cells(lots: random.Random, wording: Wording, rows: int) -> dict[int, tuple[str, int]]:
    """Row to words and row span of the cells that start there."""
    readers: Mapping[str, list[str]] = _stored("cells.toml")["readers"]
    templates = readers[wording.cells]
    few = lots.sample(templates, min(len(templates), lots.choice((1, 2, 3, 4, 6))))
    spread = lots.choice((2, 3)) if wording.role in _MERGED and lots.random() < 0.4 else 1
    found: dict[int, tuple[str, int]] = {}
    at = 0
    while at < rows:
        span = min(lots.randint(1, spread), rows - at)
        empty = wording.role not in ("number", "group", "hard", "soft", "place") and lots.random() < 0.05
        found[at] = "" if empty else _expand(lots, str(at + 1) if few == ["{#}"] else lots.choice(few), at + 1), span
        at += span
    return found


def _expand(lots: random.Random, template: str, row: int) -> str:
    phrases: Mapping[str, list[str]] = _stored("cells.toml")["phrases"]

    def fill(slot: re.Match[str]) -> str:
        name = slot[2]
        if slot[1] and lots.random() < 0.5:
            return ""
        if name == "#":
            return str(row)
        limits = _RANGE.fullmatch(name)
        return str(lots.randint(int(limits[1]), int(limits[2]))) if limits else lots.choice(phrases[name])

    while _SLOT.search(template):
        template = _SLOT.sub(fill, template)
    return template.replace("\\n", "\n")


def _as_grid(words: Mapping[tuple[int, int], tuple[str, int]], n_rows: int, n_cols: int, header_rows: int) -> Grid:
    text, cells = "", []
    for (row, col), (said, span) in sorted(words.items()):
        cells.append(Cell(row, col, Span(len(text), len(text) + len(said)), span, 1))
        text += said + "\t"
    table = Table(Span(0, len(text)), n_rows, n_cols, tuple(cells), header_rows=header_rows)
    return make_grid(text, table, KNOWN)
