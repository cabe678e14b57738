"""The spec language: what each kind of line makes of records and print, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont

from corpus.generate.model import Document, Grid, Para, SpecError
from corpus.generate.notes import deadline, responsible, target
from corpus.generate.spec import read
from corpus.generate.wrap import wrap


def spec(tmp_path: Path, lines: str) -> Document:
    path = tmp_path / "sample.spec"
    path.write_text("% title 样例\n% year 2024\n% kind other\n" + lines, encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("覆盖率 | >=75 % | 不低于75%", ("ge", 75, None, "%", False)),
        ("漏损率 | <=9 %", ("le", 9, None, "%", False)),
        ("示范点 | 3..5 个 | 3—5个", ("between", 3, 5, "个", False)),
        ("增速 | >=? | 不低于全市平均 | base=全市平均", ("ge", None, None, None, False)),
        ("对象救助 | full | 应救尽救", ("ge", 100, None, "%", True)),
        ("事故 | zero", ("eq", 0, None, None, True)),
        ("名单 | ==1.5", ("eq", 1.5, None, None, False)),
    ],
)
def test_target_line(line: str, wanted: tuple[object, ...]) -> None:
    made = target(line)
    assert (made.op, made.value, made.upper, made.unit, made.implicit) == wanted


@pytest.mark.parametrize("line", ["覆盖率", "覆盖率 | 不低于75%", "覆盖率 | >= %"])
def test_target_line_without_quantity_is_refused(line: str) -> None:
    with pytest.raises(SpecError):
        target(line)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("9月底前 | 2024-09-30", (None, "2024-09-30", None)),
        ("“十四五”期间 | 2021-01-01..2025-12-31", ("2021-01-01", "2025-12-31", None)),
        ("4月份开始 | 2024-04-01..", ("2024-04-01", None, None)),
        ("每月 | monthly", (None, None, "monthly")),
    ],
)
def test_deadline_line(line: str, wanted: tuple[object, ...]) -> None:
    made = deadline(line)
    assert (made.start, made.end, made.recurrence) == wanted


def test_responsible_line() -> None:
    assert responsible("lead:甲局、乙局 support:丙局") == [("lead", "甲局"), ("lead", "乙局"), ("support", "丙局")]
    assert responsible("support:各县（市、区）政府、丁局") == [("support", "各县（市、区）政府"), ("support", "丁局")]
    with pytest.raises(SpecError):
        responsible("chief:甲局")


def test_paragraph_with_run_in_heading_and_closing_bracket(tmp_path: Path) -> None:
    made = spec(
        tmp_path,
        "# 一、|总体\nP 1.|抓好覆盖|。\n- 完善机制；\n- 年底前覆盖率达到90%。\n@ 年底前 | 2024-12-31\n"
        "> 覆盖率 | >=90 % | 达到90%\n^ （责任单位：甲局）\nR lead:甲局\n",
    )
    assert [e.number + e.text for e in made.elements if isinstance(e, Para)] == [
        "一、总体",
        "1.抓好覆盖。完善机制；年底前覆盖率达到90%。（责任单位：甲局）",
    ]
    first, second = made.gold()["records"]
    assert first["path"] == second["path"] == ["总体", "抓好覆盖"]
    assert first["responsible"] == second["responsible"] == [{"name": "甲局", "role": "lead"}]
    assert (first["kind"], second["kind"]) == ("task", "target")
    assert second["targets"][0]["due"] == "2024-12-31"


def test_label_lines_hold_for_the_section(tmp_path: Path) -> None:
    made = spec(
        tmp_path,
        "# 一、|甲\nP\n- 做好一事。\n- 做好二事。\nL 牵头单位：甲局\nR lead:甲局\n# 二、|乙\nP\n- 做好三事。\n",
    )
    assert [len(r.get("responsible", [])) for r in made.gold()["records"]] == [1, 1, 0]


def test_table_rows_inherit_from_merged_cells(tmp_path: Path) -> None:
    made = spec(
        tmp_path,
        "T\nTC path|text|points|resp\nTW 1|1|1|1\nTH 项目|内容|分值|单位\n"
        "TR\nc 一、|养老（8分）\nc:\n- 建成敬老院1所\n> 敬老院 | >=1 所 | 1所\nc 5\nc 甲局\nR lead:甲局\n"
        "TR\nc ^\nc:\n- 1.|开展培训|(1分)；\n! points=1\n- 2.|开展宣传|(2分)。\n! points=2\nc 3\nc ^\nT-\n",
    )
    records = made.gold()["records"]
    assert [r["path"] for r in records] == [["养老"]] * 3
    assert [r["points"] for r in records] == [5, 1, 2]
    assert all(r["responsible"] == [{"name": "甲局", "role": "lead"}] for r in records)
    grid = made.elements[0]
    assert isinstance(grid, Grid)
    assert next(c for c in grid.cells if (c.row, c.col) == (1, 0)).rowspan == 2
    assert next(c for c in grid.cells if (c.row, c.col) == (2, 1)).lines == ("1.开展培训(1分)；", "2.开展宣传(2分)。")


def test_quota_table_by_place(tmp_path: Path) -> None:
    made = spec(
        tmp_path,
        "T\nTC head|val|val\nTM |新建公里|改造座\nTU |公里|座\nTD |2024-12-31|2024-12-31\nTW 1|1|1\nTH 地区|新建|改造\n"
        "TV 甲县|12.5|—\nTV 乙县|3|4\nT-\n",
    )
    first, second = made.gold()["records"]
    assert [(t["value"], t["scope"]) for t in first["targets"]] == [(12.5, "甲县")]
    assert [(t["metric"], t["value"]) for t in second["targets"]] == [("新建公里", 3), ("改造座", 4)]


def test_two_deadlines_need_a_stated_due(tmp_path: Path) -> None:
    made = spec(
        tmp_path,
        "P\n- 3月底前开工，年底前完成80%。\n@ 3月底前 | 2024-03-31\n@ 年底前 | 2024-12-31\n> 完成 | >=80 % | 80%\n",
    )
    with pytest.raises(SpecError):
        made.gold()


@pytest.mark.parametrize("lines", ["? 不明\n", "T\nTC path|text\nTW 1|1\nTH 甲|乙\nTV 一\nT-\n", "> 覆盖率 | 多\n"])
def test_unreadable_line_is_named(tmp_path: Path, lines: str) -> None:
    with pytest.raises(SpecError, match=r"sample\.spec:\d+"):
        spec(tmp_path, lines)


def test_lines_break_as_chinese_is_set() -> None:
    registerFont(UnicodeCIDFont("STSong-Light"))
    text = "覆盖率达到100%，其中（一）类地区达到98.5%以上。"
    for width in range(60, 160, 7):
        lines = wrap(text, width, "STSong-Light", 10)
        assert "".join(lines) == text
        assert not any(line[0] in "，。）%" for line in lines)
        assert any("98.5%" in line for line in lines)
