from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.formats.base import TextBuilder
from extractor.formats.grid import CellText, build_table, dense
from extractor.types.geometry import Span
from extractor.types.table import Cell


def cell(row: int, col: int, rowspan: int = 1, colspan: int = 1, words: int = 1) -> Cell:
    start = row * 100 + col * 10
    return Cell(row, col, Span(start, start + words), rowspan, colspan)


def owners(cells: list[Cell], n_rows: int, n_cols: int) -> list[list[tuple[int, int]]]:
    return [[(c.row, c.col) for c in row] for row in build_table(cells, n_rows, n_cols).grid()]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([cell(0, 0), cell(1, 1)], [[(0, 0), (0, 1)], [(1, 0), (1, 1)]], id="open places are filled"),
        pytest.param([cell(0, 0, 9, 9)], [[(0, 0), (0, 0)], [(0, 0), (0, 0)]], id="a span beyond the grid is cut"),
        pytest.param([cell(0, 0, 0, -3)], [[(0, 0), (0, 1)], [(1, 0), (1, 1)]], id="spans below one count as one"),
        pytest.param(
            [cell(0, 0, 2, 2), cell(1, 1)], [[(0, 0), (0, 0)], [(1, 0), (1, 1)]], id="a span gives way to words"
        ),
        pytest.param(
            [cell(0, 0, 2, 2), cell(1, 1, words=0)], [[(0, 0), (0, 0)], [(0, 0), (0, 0)]], id="but not to an empty cell"
        ),
        pytest.param([cell(0, 0), cell(5, 5), cell(-1, 0)], [[(0, 0), (0, 1)], [(1, 0), (1, 1)]], id="cells outside"),
    ],
)
def test_every_place_has_one_cell(cells: list[Cell], expected: list[list[tuple[int, int]]]) -> None:
    assert owners(cells, 2, 2) == expected


def test_of_two_cells_at_one_place_the_first_with_words_stays() -> None:
    table = build_table([cell(0, 0, words=0), cell(0, 0, words=3), cell(0, 0, words=5)], 1, 1)
    assert [c.span for c in table.cells] == [Span(0, 3)]


def test_filled_cells_stand_at_the_end_of_the_one_before() -> None:
    table = build_table([cell(0, 1, words=4)], 1, 3, span=Span(5, 50))
    assert [c.span for c in table.cells] == [Span(5, 5), Span(10, 14), Span(14, 14)]
    assert table.span == Span(5, 50)


def test_empty_grid() -> None:
    assert build_table([], 0, 0).cells == ()
    assert build_table([], -1, 3).n_rows == 0


spans = st.integers(-1, 6)


@given(st.lists(st.builds(cell, spans, spans, spans, spans, st.integers(0, 2))), st.integers(0, 5), st.integers(0, 5))
def test_never_raises_and_always_covers(cells: list[Cell], n_rows: int, n_cols: int) -> None:
    table = build_table(cells, n_rows, n_cols, header_rows=99)
    assert [len(row) for row in table.grid()] == [n_cols] * n_rows
    assert table.header_rows == n_rows


def test_dense_drops_rows_and_columns_without_a_start() -> None:
    cells, n_rows, n_cols = dense([CellText(2, 1, "甲", 1, 9), CellText(5, 1, "乙"), CellText(5, 4, "丙", 3, 1)])
    assert (n_rows, n_cols) == (2, 2)
    assert [(c.row, c.col, c.rowspan, c.colspan) for c in cells] == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert dense([CellText(1, 0, "甲")], fixed_rows=2)[1] == 2


def test_builder_writes_rows_and_cells() -> None:
    builder = TextBuilder()
    builder.paragraph("标题")
    builder.paragraph("  ")
    block = builder.table([CellText(0, 0, "甲"), CellText(0, 1, "乙"), CellText(1, 0, "丙")], 2, 2)
    assert builder.text() == "标题\n甲\t乙\n丙"
    assert builder.text()[block.span.start : block.span.end] == "甲\t乙\n丙"
    assert len(builder) == len(builder.text())
