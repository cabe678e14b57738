from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor.export import render
from extractor.export.base import Layout
from extractor.export.table import clip, columns, wrap
from extractor.types.record import ExtractionFile


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("中文", 4), ("中a", 3), ("％", 2), ("“”", 2), ("e\u0301", 1), ("\u200b", 0), ("", 0)],
)
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("一二三四", 4, ["一二", "三四"], id="by width"),
        pytest.param("占比75.5%以上", 6, ["占比", "75.5%", "以上"], id="numbers stay whole"),
        pytest.param("一二，三", 4, ["一", "二，", "三"], id="no mark opens a line"),
        pytest.param("一（二）", 6, ["一", "（二）"], id="brackets stay with their words"),
        pytest.param("1234567890", 4, ["1234", "5678", "90"], id="a word wider than the line is cut"),
        pytest.param("一\n二", 10, ["一", "二"], id="line breaks hold"),
        pytest.param("一\x1b[31m二\x07", 20, ["一[31m二"], id="control characters never reach the terminal"),
        pytest.param("一二 三", 4, ["一二", "三"], id="no blank opens a line"),
        pytest.param("", 4, [""], id="empty"),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width, 9) == lines


def test_wrap_cuts_what_is_too_long() -> None:
    assert wrap("一二三四五六七八", 4, 2) == ["一二", "三…"]
    assert clip("一二三四", 5) == "一二…"
    assert clip("一\n二", 20) == "一 二"


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int, sample: ExtractionFile) -> None:
    lines = render("table", [sample], Layout(width=width)).decode().splitlines()
    assert max(map(columns, lines)) == width


def test_rows_limits_and_says_so(sample: ExtractionFile) -> None:
    text = render("table", [sample], Layout(rows=2)).decode()
    assert "另有 3 条" in text
    assert "加分项" not in text


def test_table_golden(sample: ExtractionFile, golden: Callable[[str, str], None]) -> None:
    golden("records.table.txt", render("table", [sample], Layout(width=110)).decode())
