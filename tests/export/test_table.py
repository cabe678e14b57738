from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from extractor.export import render
from extractor.export.base import Layout
from extractor.export.table import clip, columns, wrap
from extractor.types.record import ExtractionFile, Target
from tests.export.samples import make_file, make_record


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


LONG = "纳入省级统筹的县级公立医院中医药服务能力提升工程所涉及的基层医疗卫生机构中医馆建设覆盖比例"


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        pytest.param({"op": "ge", "value": 98.5, "unit": "%"}, "≥98.5%", id="a number"),
        pytest.param({"op": "ge", "value": 98.5, "unit": "%", "scope": LONG}, "≥98.5%", id="with a long aside"),
        pytest.param({"op": "le", "value": 3, "unit": "个工作日"}, "≤3个工作日", id="a long unit"),
        pytest.param({"op": "ge", "raw": "不低于" + LONG}, "不低于" + LONG, id="no number"),
    ],
)
@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("width", [80, 120])
def test_a_value_is_never_cut(fields: dict[str, Any], value: str, count: int, width: int) -> None:
    targets = tuple(Target(metric=f"{at}{LONG}", **fields) for at in range(count))
    text = render("table", [make_file((make_record(0, (), "文", targets=targets),))], Layout(width=width)).decode()
    assert "…" in text
    assert "".join(_target_column(text)).count(value) == count


def _target_column(text: str) -> list[str]:
    """The words of the column 目标, line by line."""
    lines = text.splitlines()
    header = next(line for line in lines if line.startswith("序号"))
    start, end = (columns(header[: header.index(word)]) for word in ("目标", "时限"))
    body = lines[lines.index(header) + 2 :]
    return ["".join(c for at, c in enumerate(line) if start <= columns(line[:at]) < end).strip() for line in body]


def test_uncut_holds_every_word() -> None:
    record = make_record(0, (LONG * 3,), LONG * 5, targets=(Target(metric=LONG * 3, op="ge", value=1),))
    text = render("table", [make_file((record,), title=LONG * 4)], Layout(cut=False)).decode()
    assert "…" not in text
    assert "".join(_target_column(text)).count("覆盖比例") == 3


def test_table_golden(sample: ExtractionFile, golden: Callable[[str, str], None]) -> None:
    golden("records.table.txt", render("table", [sample], Layout(width=110)).decode())
