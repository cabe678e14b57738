from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.export import render
from extractor.types.record import ExtractionFile
from tests.export.samples import make_file, make_record


def open_sheets(*files: ExtractionFile) -> list[Worksheet]:
    book = load_workbook(io.BytesIO(render("xlsx", files)))
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def header(sheet: Worksheet) -> list[object]:
    """The titles that are seen."""
    return [cell.value for cell in sheet[3] if not sheet.column_dimensions[cell.column_letter].hidden]


@pytest.fixture
def sheet(sample: ExtractionFile) -> Worksheet:
    return open_sheets(sample)[0]


def column(sheet: Worksheet, title: str) -> list[object]:
    at = [cell.value for cell in sheet[3]].index(title)
    return [row[at].value for row in sheet.iter_rows(min_row=4)]


def test_header_names_what_a_bureau_expects(sheet: Worksheet) -> None:
    assert header(sheet) == [
        "一级", "二级", "序号", "原编号", "指标内容", "类别", "等次", "目标值", "完成时限", "责任领导", "牵头单位", "责任（配合）单位",
        "分值", "考核对象", "评分办法", "备注", "来源", "可信度",
    ]  # fmt: skip
    assert sheet["A1"].value == "云溪市民政局2023年重点工作任务分解表"
    assert "云民〔2023〕12号" in str(sheet["A2"].value)


def test_columns_that_no_record_fills_are_left_out() -> None:
    one = make_file((make_record(0, (), "做好工作。"),))
    assert header(open_sheets(one)[0]) == ["序号", "指标内容", "类别", "来源", "可信度"]
    assert header(open_sheets(make_file(()))[0]) == ["序号", "指标内容"]


def test_groups_are_merged_and_print_is_set_up(sheet: Worksheet) -> None:
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A4:A6", "B4:B5"} <= merged
    assert not any(area.startswith(("A7", "A8")) for area in merged)
    assert {sheet[place].alignment.vertical for place in ("A4", "B4")} == {"top"}  # seen where a page breaks below
    assert sheet.freeze_panes == "D4"
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )


def test_one_row_a_record_with_numbers_as_numbers(sheet: Worksheet) -> None:
    assert column(sheet, "序号") == [1, 2, 3, 4, 5]
    assert column(sheet, "原编号") == ["1.", "2.", None, None, None]
    assert column(sheet, "分值") == [5, None, None, "每次加5（最多10）", "扣2.5"]
    assert column(sheet, "目标值")[0] == ("农村低保标准与城市低保标准的占比 ≥75%\n或 排名 ≤3名（市（州）；力争）")
    assert column(sheet, "可信度")[4] == 0.55


def test_words_are_never_formulas(sheet: Worksheet) -> None:
    cells = [cell for row in sheet.iter_rows(min_row=4) for cell in row if str(cell.value)[:1] in "=-"]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)] * 2


@pytest.mark.parametrize("words", ["\x01=1+1", "=1+1", "\x1f@SUM(A1)", "#REF!", "\ufffe-1"])
def test_words_stay_words_behind_a_control_character(words: str) -> None:
    sheet = open_sheets(make_file((make_record(0, (words,), words),), title=words))[0]
    for place in ("A1", "A4", "D4"):
        assert sheet[place].data_type == "s"
        assert str(sheet[place].value).startswith(words.lstrip("\x01\x1f\ufffe"))


def test_control_characters_are_dropped(sheet: Worksheet) -> None:
    assert column(sheet, "指标内容")[4] == "发生事故的，扣3分。"


def test_rows_are_high_enough_for_their_words() -> None:
    long = make_record(0, ("组",), "完成老旧小区改造提升工程，" * 20)
    sheet = open_sheets(make_file((long, make_record(1, ("组",), "短"))))[0]
    heights = [sheet.row_dimensions[row].height or 0 for row in (4, 5)]
    assert heights[0] > 6 * heights[1]


def test_a_long_group_name_gets_room() -> None:
    sheet = open_sheets(make_file((make_record(0, ("很长的分组名称" * 10,), "短"),)))[0]
    assert (sheet.row_dimensions[4].height or 0) > 100


def test_a_deep_path_is_joined_into_the_last_level() -> None:
    sheet = open_sheets(make_file((make_record(0, tuple("甲乙丙丁戊己庚"), "x"),)))[0]
    assert [cell.value for cell in sheet[4]][:6] == ["甲", "乙", "丙", "丁", "戊 / 己 / 庚", 1]


def test_a_sheet_for_each_document_with_a_name_of_its_own(sample: ExtractionFile) -> None:
    odd = make_file((), title="关于[试点]的/通知：" + "长" * 40)
    assert [sheet.title for sheet in open_sheets(sample, sample, odd)] == [
        "云溪市民政局2023年重点工作任务分解表",
        "2云溪市民政局2023年重点工作任务分解表",
        "关于试点的通知：" + "长" * 18,
    ]


def test_no_document_is_still_a_workbook() -> None:
    assert [sheet.title for sheet in open_sheets()] == ["空"]


def test_a_cell_that_is_too_full_is_cut() -> None:
    sheet = open_sheets(make_file((make_record(0, (), "长" * 40_000),)))[0]
    assert len(str(column(sheet, "指标内容")[0])) == 32_000
