"""Whose row is whose in an edited workbook: rows deleted, added, copied, sorted, and without their ids."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from extractor.workspace.xlsx_back import read_back
from tests.workspace.back_samples import (
    RECORDS,
    SHA,
    TEXT,
    at,
    back,
    drop_column,
    edited,
    exported,
    retyped,
    row_of,
    summary,
    with_now,
)

Change = Callable[[Worksheet], None]


def delete(record_id: str) -> Change:
    return lambda sheet: sheet.delete_rows(row_of(sheet, record_id))


def test_a_deleted_row_is_a_rejection() -> None:
    (one,) = back(edited(delete("a2")))
    assert (one.action, one.record, one.field, one.before, one.after) == ("reject", "a2", "status", "draft", "rejected")


def test_an_emptied_row_is_a_deleted_one() -> None:
    def change(sheet: Worksheet) -> None:
        for cell in sheet[row_of(sheet, "a2")]:
            if cell.value != "a2":
                cell.value = None

    assert summary(edited(change)) == [("reject", "a2", "status", None)]


def test_a_row_deleted_there_and_changed_here() -> None:
    assert summary(edited(delete("a2")), with_now("a2", number="3.")) == [("reject", "a2", "status", "conflict")]
    assert summary(edited(delete("a2")), with_now("a2", status="rejected")) == []
    assert summary(edited(delete("a2")), tuple(one for one in RECORDS if one.record_id != "a2")) == []


def test_records_that_were_not_exported_are_left_alone() -> None:
    assert back(exported(RECORDS[:2])) == []


def new_row(**cells: object) -> Change:
    def change(sheet: Worksheet) -> None:
        row = sheet.max_row + 1
        for title, value in cells.items():
            sheet.cell(row, at(sheet, title)).value = value  # type: ignore[assignment]

    return change


def test_a_new_row_is_found_in_the_document() -> None:
    (one,) = back(
        edited(new_row(指标内容="新建村级 互助点12个", 类别="指标", 目标值="村级互助点 ≥12个", 分值=3, 一级="社会救助"))
    )
    assert (one.action, one.record, one.field, one.problem) == ("add", "", "", None)
    assert isinstance(one.after, dict)
    assert TEXT[one.after["start"] : one.after["end"]] == "新建村级互助点12个"  # type: ignore[misc]
    fields = one.after["fields"]
    assert isinstance(fields, dict)
    assert (fields["kind"], fields["points"], fields["path"]) == ("target", 3, ["社会救助"])
    assert fields["targets"][0]["value"] == 12  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("原文没有的话。", "not_found"),
        ("加强督促检查。", "ambiguous"),
        ("完善临时救助制度。", "exists"),
        (None, "unreadable"),
        ("合计", "not_found"),
    ],
)
def test_new_rows_that_can_not_be_added(text: str | None, problem: str) -> None:
    assert summary(edited(new_row(指标内容=text, 备注="x"))) == [("add", "", "", problem)]


def test_a_new_row_with_an_unreadable_cell() -> None:
    assert summary(edited(new_row(指标内容="新建村级互助点12个。", 分值="多"))) == [("add", "", "", "unreadable")]


def test_without_the_document_nothing_is_added() -> None:
    data = edited(new_row(指标内容="新建村级互助点12个。"))
    assert [one.problem for one in read_back(data, RECORDS, SHA)] == ["not_found"]


def test_a_row_that_was_copied_is_the_record_once() -> None:
    def change(sheet: Worksheet) -> None:
        cells = [cell.value for cell in sheet[row_of(sheet, "a2")]]
        sheet.append(cells)
        sheet.cell(sheet.max_row, at(sheet, "指标内容")).value = "新建村级互助点12个。"
        sheet.cell(sheet.max_row, at(sheet, "目标值")).value = "村级互助点 ≥12个"

    assert summary(edited(change)) == [("add", "", "", None)]


def swap(sheet: Worksheet, one: str, other: str, but: str) -> None:
    """Two rows change places, all cells but those under the title: what sorting without the hidden column does."""
    first, second = row_of(sheet, one), row_of(sheet, other)
    for column in range(1, sheet.max_column + 1):
        if not str(sheet.cell(3, column).value).startswith(but):
            a, b = sheet.cell(first, column), sheet.cell(second, column)
            a.value, b.value = b.value, a.value
            for cell in (a, b):
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type


def test_rows_sorted_without_the_hidden_column_are_known_by_their_text() -> None:
    def change(sheet: Worksheet) -> None:
        swap(sheet, "a1", "b2", but="record_id")
        sheet.cell(row_of(sheet, "b2"), at(sheet, "分值")).value = 7  # this is the row of a1 now

    assert [(one.record, one.field, one.after) for one in back(edited(change))] == [("a1", "points", 7)]


def test_a_row_that_could_be_two_records_is_nobodys() -> None:
    """Sorted without the hidden column and its text edited too: neither an edit nor a deletion is proposed."""

    def change(sheet: Worksheet) -> None:
        swap(sheet, "a1", "b2", but="record_id")
        sheet.cell(row_of(sheet, "b2"), at(sheet, "指标内容")).value = "改过的话。"

    found = summary(edited(change))
    assert {problem for *_, problem in found} == {"unclear"}
    assert ("reject", "a1", "status", "unclear") in found


def test_without_the_hidden_column_the_text_tells() -> None:
    def change(sheet: Worksheet) -> None:
        retyped("a1", "分值", 7)(sheet)
        delete("b1")(sheet)
        drop_column("record_id")(sheet)

    assert summary(edited(change)) == [("edit", "a1", "points", None), ("reject", "b1", "status", None)]
