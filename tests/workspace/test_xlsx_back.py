"""An edited 任务分解表 on its way back: what is proposed, what is held back, whose row is whose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.errors import ReadError
from extractor.export import render
from extractor.types.record import Deadline
from extractor.workspace.xlsx_back import WorkbookRefused
from tests.conftest import DATA
from tests.export.samples import make_file
from tests.workspace.back_samples import (
    NEWS,
    RECORDS,
    SHA,
    TEXT,
    after,
    at,
    back,
    drop_column,
    edited,
    exported,
    read,
    retyped,
    row_of,
    saved,
    summary,
    with_now,
)

Change = Callable[[Worksheet], None]


def nothing(sheet: Worksheet) -> None:
    pass


def test_an_untouched_workbook_proposes_nothing() -> None:
    assert back(exported()) == []
    assert back(edited(nothing)) == []


def test_nothing_is_proposed_for_what_was_changed_here_alone() -> None:
    assert back(exported(), with_now("a1", points=9, notes=None, text="别的话")) == []


def test_a_workbook_saved_by_libreoffice() -> None:
    """Retyped, a row deleted, one added, a column moved, sorted, the sheet renamed: see edit_in_libreoffice.py."""
    changes = back((DATA / "back" / "libreoffice.xlsx").read_bytes())
    assert [one for one in changes if one.problem] == []
    found = {(one.action, one.record, one.field): one.after for one in changes}
    assert {key[:2] for key in found} == {("add", ""), ("edit", "a1"), ("edit", "b2"), ("reject", "a3")}
    added = found["add", "", ""]
    assert isinstance(added, dict)
    assert TEXT[added["start"] : added["end"]] == "新建村级互助点12个。"  # type: ignore[misc]
    assert found["edit", "a1", "points"] == 6
    assert found["edit", "b2", "kind"] == "veto"
    assert [one["end"] for one in found["edit", "a1", "deadlines"]] == ["2023-11-30"]  # type: ignore[index,call-overload,union-attr]
    assert [one["value"] for one in found["edit", "a1", "targets"]] == [80, 3]  # type: ignore[index,call-overload,union-attr]
    names = [one["name"] for one in found["edit", "a1", "responsible"]]  # type: ignore[index,call-overload,union-attr]
    assert names == ["王大明", "社会救助科", "办公室", "审计科"]


@pytest.mark.parametrize(
    ("record", "title", "value", "field", "result"),
    [
        ("a1", "指标内容", "提高低保标准。", "text", "提高低保标准。"),
        ("a1", "原编号", 3, "number", "3"),
        ("a1", "原编号", None, "number", None),
        ("a3", "等次", "良好", "tier", "良好"),
        ("a3", "等次", "  ", "tier", None),
        ("b2", "类别", "一票否决", "kind", "veto"),
        ("a1", "分值", 5.5, "points", 5.5),
        ("a1", "分值", "６分", "points", 6),
        ("a1", "分值", None, "points", None),
        ("b1", "分值", "每次加6（最多10）", "points", 6),
        ("b1", "分值", "每次加5(最高20分)", "points_cap", 20),
        ("b1", "分值", "加5（最多10）", "per_occurrence", False),
        ("a1", "考核对象", "县（市、区）、开发区", "assessed", ["县（市、区）", "开发区"]),
        ("a1", "评分办法", "完成得5分", "scoring_text", "完成得5分"),
        ("a1", "备注", None, "notes", None),
        ("a1", "二级", "城乡低保", "path", ["社会救助", "城乡低保"]),
        ("b1", "二级", "加分", "path", ["考核", "加分"]),
    ],
)
def test_a_retyped_cell(record: str, title: str, value: object, field: str, result: object) -> None:
    change = after(record, title, value)
    assert (change.record, change.field, change.after, change.problem) == (record, field, result, None)
    before = next(one for one in RECORDS if one.record_id == record).model_dump(mode="json")[field]
    assert change.before == before
    assert change.column == title


def test_names_keep_their_evidence_and_their_order() -> None:
    found = read("a1", "责任（配合）单位", "审计科、财务科；新单位\n王大明")
    assert isinstance(found, list)
    assert [(one["name"], one["role"]) for one in found] == [
        ("王大明", "leader"), ("社会救助科", "lead"), ("财务科", "support"), ("审计科", "support"), ("新单位", "support"),
        ("王大明", "support"),
    ]  # fmt: skip
    assert found[2]["evidence"] == RECORDS[0].responsible[2].evidence.model_dump(mode="json")  # type: ignore[union-attr]


def test_two_columns_of_names_are_one_change() -> None:
    def change(sheet: Worksheet) -> None:
        retyped("a1", "牵头单位", "民政局")(sheet)
        retyped("a1", "责任领导", None)(sheet)

    (one,) = back(edited(change))
    assert one.column == "责任领导、牵头单位"
    assert [each["name"] for each in one.after] == ["财务科", "办公室", "民政局"]  # type: ignore[union-attr,index,call-overload]


def test_a_day_not_said_moves_with_the_deadline() -> None:
    changes = {one.field: one for one in back(edited(retyped("a1", "完成时限", "2023年11月底前")))}
    assert [one["due"] for one in changes["targets"].after] == ["2023-11-30"] * 2  # type: ignore[union-attr,index,call-overload]
    assert changes["deadlines"].after[0]["raw"] == "2023年11月底前"  # type: ignore[index,call-overload]


def test_a_group_renamed_in_its_merged_cell_is_renamed_for_all_its_rows() -> None:
    book = load_workbook(io.BytesIO(exported()))
    book.worksheets[0]["A4"].value = "社会救助工作"
    assert [(one.record, one.after) for one in back(saved(book))] == [
        ("a1", ["社会救助工作", "低保"]), ("a2", ["社会救助工作", "低保"]), ("a3", ["社会救助工作", "临时救助"]),
    ]  # fmt: skip


def test_an_emptied_grouping_cell_is_no_proposal() -> None:
    assert after("a1", "一级", None).problem == "unreadable"


@pytest.mark.parametrize(
    ("record", "title", "value"),
    [
        ("a1", "指标内容", None),
        ("a1", "类别", "目标"),
        ("a1", "类别", None),
        ("a1", "分值", "五"),
        ("a1", "分值", "加5"),
        ("b1", "分值", "每次扣5（最多10）"),
        ("b1", "分值", "每次"),
        ("a1", "分值", True),
        ("a1", "完成时限", "尽快"),
        ("a1", "完成时限", "10月底前\n2023-09-30"),
        ("a1", "完成时限", "2023-02-30"),
        ("a1", "目标值", "占比80"),
        ("a1", "目标值", 0.8),
        ("a1", "备注", "=A1&B1"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_proposed(record: str, title: str, value: object) -> None:
    change = after(record, title, value)
    assert change.problem == "unreadable"
    assert change.message is not None
    assert " / " in change.message
    assert "\n" not in change.message


def test_an_error_value_is_told_from_an_empty_cell() -> None:
    def change(sheet: Worksheet) -> None:
        cell = sheet.cell(row_of(sheet, "a1"), at(sheet, "备注"))
        cell.value, cell.data_type = "#REF!", "e"

    (one,) = back(edited(change))
    assert (one.problem, one.field) == ("unreadable", "notes")


@pytest.mark.parametrize("title", ["来源", "可信度"])
def test_columns_made_by_the_export_are_not_taken_back(title: str) -> None:
    assert after("a1", title, "9").problem == "read_only"


def test_a_change_on_both_sides_shows_both() -> None:
    (one,) = back(edited(retyped("a1", "分值", 8)), with_now("a1", points=6))
    assert (one.problem, one.field, one.before, one.after) == ("conflict", "points", 6, 8)
    assert (one.exported, one.current, one.wanted) == ("5", "6", "8")


def test_the_same_change_on_both_sides_is_none() -> None:
    assert back(edited(retyped("a1", "分值", 8)), with_now("a1", points=8)) == []


def test_a_conflict_holds_back_nothing_else_in_the_row() -> None:
    def change(sheet: Worksheet) -> None:
        retyped("a1", "分值", 8)(sheet)
        retyped("a1", "备注", "新备注")(sheet)

    found = summary(edited(change), with_now("a1", points=6))
    assert found == [("edit", "a1", "points", "conflict"), ("edit", "a1", "notes", None)]


def test_rows_of_records_that_are_no_more() -> None:
    data = edited(retyped("a1", "分值", 8))
    assert summary(data, RECORDS[1:]) == [("note", "a1", "", "gone")]
    assert summary(data, with_now("a1", status="rejected")) == [("note", "a1", "", "rejected")]


def test_a_column_that_was_deleted_empties_nothing() -> None:
    assert summary(edited(drop_column("备注"))) == [("note", "", "", "missing_column")]


def test_a_column_that_was_added_is_named() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(3, sheet.max_column + 1).value = "进度"
        sheet.cell(4, sheet.max_column).value = "50%"

    (one,) = back(edited(change))
    assert (one.problem, one.column) == ("unknown_column", "进度")


def test_a_column_of_ours_that_the_export_left_out_can_be_added() -> None:
    plain = tuple(one.model_copy(update={"notes": None}) for one in RECORDS)

    def change(sheet: Worksheet) -> None:
        sheet.cell(3, sheet.max_column + 1).value = "备注"
        sheet.cell(row_of(sheet, "a2"), sheet.max_column).value = "新"

    (one,) = back(edited(change, exported(plain)), plain)
    assert (one.record, one.field, one.after) == ("a2", "notes", "新")


def test_rows_above_the_header_and_other_sheets_do_no_harm() -> None:
    book = load_workbook(io.BytesIO(edited(retyped("a1", "分值", 7))))
    book.worksheets[0].insert_rows(1, 3)
    book.create_sheet("领导批示", 0)["A1"].value = "请抓紧"
    assert summary(saved(book)) == [("edit", "a1", "points", None)]


def test_a_document_among_several() -> None:
    other = make_file(RECORDS[:1], sha256="6" * 64, title="别的文件")
    book = load_workbook(io.BytesIO(render("xlsx", [other, make_file(RECORDS, sha256=SHA)])))
    sheet = book.worksheets[1]
    sheet.cell(row_of(sheet, "a2"), at(sheet, "原编号")).value = "9."
    assert [(one.record, one.after) for one in back(saved(book))] == [("a2", "9.")]


def foreign() -> bytes:
    book = Workbook()
    book.worksheets[0].append(["序号", "指标内容"])
    return saved(book)


def copied_sheet() -> bytes:
    book = load_workbook(io.BytesIO(exported()))
    book.copy_worksheet(book.worksheets[0])
    return saved(book)


def without(sheet_name: str) -> bytes:
    book = load_workbook(io.BytesIO(exported()))
    book.create_sheet("x")
    del book[sheet_name]
    return saved(book)


def emptied(sheet: Worksheet) -> None:
    sheet.delete_rows(4, 99)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"just text, no workbook", "not_a_workbook"),
        (foreign(), "not_ours"),
        (without("_extractor"), "not_ours"),
        (render("xlsx", [make_file(RECORDS, sha256="6" * 64)]), "other_document"),
        (without("云溪市民政局2023年重点工作任务分解表"), "no_sheet"),
        (copied_sheet(), "two_sheets"),
        (edited(emptied), "no_rows"),
    ],
)
def test_workbooks_that_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(WorkbookRefused) as caught:
        back(data)
    assert caught.value.code == code


def repacked(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(exported())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


SHEET_PART = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b" " * 60_000_000, "unsafe"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>', "unsafe"),
        (b"<worksheet", "damaged"),
    ],
)
def test_hostile_packages_are_not_opened(content: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        back(repacked(SHEET_PART, content))
    assert caught.value.code == code


def test_a_million_merged_places_are_not_walked() -> None:
    with zipfile.ZipFile(io.BytesIO(exported())) as archive:
        sheet = archive.read(SHEET_PART)
    merged = sheet.replace(b"</mergeCells>", b'<mergeCell ref="Z1:XFD1048576"/></mergeCells>')
    assert merged != sheet
    assert back(repacked(SHEET_PART, merged)) == []


@pytest.mark.parametrize(
    "words", ["_x000D_", "\x07嘀", "a_x0041_b", "=1+1", "一\r\n二", "  两端  ", "𠮷" * 40, "'撇", "长" * 33_000]
)
def test_odd_words_come_back_as_they_went(words: str) -> None:
    records = (RECORDS[0].model_copy(update={"notes": words, "path": (words,)}), *RECORDS[1:])
    data = exported(records)
    assert back(data, records) == []
    assert back(edited(nothing, data), records) == []


def test_a_deadline_cell_with_a_date_of_the_program() -> None:
    from datetime import date, datetime

    for value in (date(2023, 6, 30), datetime(2023, 6, 30)):
        assert [one["end"] for one in _deadlines(value)] == ["2023-06-30"]


def _deadlines(value: object) -> list[dict[str, object]]:
    changes = {one.field: one.after for one in back(edited(retyped("a1", "完成时限", value)))}
    return changes["deadlines"]  # type: ignore[return-value]


def test_deadlines_keep_their_evidence_where_their_words_stay() -> None:
    (first, second) = _deadlines("年底前\n2023-11-30\n每月5日前")
    assert first["evidence"] == RECORDS[0].deadlines[0].evidence.model_dump(mode="json")  # type: ignore[union-attr]
    assert (first["end"], second["recurrence"], second["by"]) == ("2023-11-30", "monthly", "05")


def test_all_deadlines_away() -> None:
    changes = {one.field: one.after for one in back(edited(retyped("a1", "完成时限", None)))}
    assert changes == {"deadlines": []}


def test_a_second_deadline_shows_no_change_of_the_targets() -> None:
    records = (RECORDS[0].model_copy(update={"deadlines": (Deadline(raw="年底前", end="2023-12-31"),)}), *RECORDS[1:])
    data = edited(retyped("a1", "完成时限", "年底前\n2023-12-31\n9月底前"), exported(records))
    assert {one.field for one in back(data, records)} == {"deadlines"}


def test_target_of_another_record_is_untouched_by_its_neighbours() -> None:
    assert NEWS.due == "2023-06-30"
    assert summary(edited(retyped("a2", "完成时限", "9月底前"))) == [("edit", "a2", "deadlines", None)]
