"""What an export carries unseen, and what of a workbook is read."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook, load_workbook

from extractor.errors import ReadError
from extractor.export import render
from extractor.export.base import Layout
from extractor.export.columns import OPTIONAL, TITLES, cells, levels_of
from extractor.export.xlsx_read import ReturnedSheet, read_workbook
from extractor.types.record import ExtractionFile
from tests.export.samples import make_file, make_record

TITLE_ROW = ["record_id 00", "指标内容", "备注", "分值"]


def read_rows(*rows: list[object]) -> ReturnedSheet:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    (sheet,) = read_workbook(out.getvalue()).sheets
    return sheet


def test_the_hidden_parts_are_hidden(sample: ExtractionFile) -> None:
    book = load_workbook(io.BytesIO(render("xlsx", [sample])))
    assert book["_extractor"].sheet_state == "veryHidden"
    sheet = book.worksheets[0]
    hidden = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    assert [sheet[f"{letter}3"].value for letter in hidden] == [f"record_id {sample.document.sha256}"]
    assert sheet.auto_filter.ref == "A3:S8"  # with the hidden column inside: a filter's sorting takes it along


def test_each_record_is_kept_with_its_cells(sample: ExtractionFile) -> None:
    other = make_file((make_record(9, tuple("甲乙丙丁戊己"), "x"),), sha256="1" * 64)
    found = read_workbook(render("xlsx", [sample, other], Layout(seq=41))).exported
    assert set(found) == {sample.document.sha256, "1" * 64}
    kept = found[sample.document.sha256]
    assert (kept.seq, kept.levels) == (41, 2)
    levels = levels_of(sample.records)
    for record in sample.records:
        held = {key: value for key, value in cells(record, levels).items() if value not in (None, "")}
        assert kept.cells[record.record_id] == held
    assert found["1" * 64].cells["0000000000000009"]["path/4"] == "戊 / 己"


def test_cells_longer_than_a_cell_are_kept_in_pieces() -> None:
    record = make_record(0, (), "长" * 31_000, notes="备" * 31_000, scoring_text='"' * 31_000)
    found = read_workbook(render("xlsx", [make_file((record,))])).exported["0" * 64]
    assert found.cells[record.record_id]["notes"] == "备" * 31_000
    assert found.cells[record.record_id]["scoring_text"] == '"' * 31_000


def test_the_sheet_reads_as_it_was_written(sample: ExtractionFile) -> None:
    book = read_workbook(render("xlsx", [sample]))
    (sheet,) = book.sheets
    assert sheet.sha256 == sample.document.sha256
    assert sheet.unknown == ()
    for row, record in zip(sheet.rows, sample.records, strict=True):
        assert row.record_id == record.record_id
        held = book.exported[sample.document.sha256].cells[record.record_id]
        assert {key: value for key, value in row.cells.items() if value is not None and key != "serial"} == held


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("  话 \r\n二 ", "话 \n二"), ("", None), ("   ", None), (5, 5), (0.5, 0.5), (True, True), (date(2024, 1, 2), date(2024, 1, 2)),
        (datetime(2024, 1, 2, 3), "2024-01-02 03:00:00"), (time(9, 30), time(9, 30)),
    ],
)  # fmt: skip
def test_values(value: object, read: object) -> None:
    sheet = read_rows(TITLE_ROW, ["r1", "x", value])
    assert sheet.rows[0].cells["notes"] == read
    assert sheet.rows[0].bad == {}


def test_a_formula_without_a_result_is_told() -> None:
    assert read_rows(TITLE_ROW, ["r1", "x", "=1+1"]).rows[0].bad == {"notes": "formula"}


def test_titles_are_found_wherever_they_stand() -> None:
    sheet = read_rows(["通知"], [], ["备注", " 指标内容\n", "进度", "备注", "序号"], ["b", "x", "50%", "c", 1])
    assert (sheet.sha256, sheet.columns, sheet.unknown) == (None, ("notes", "text", "serial"), ("进度", "备注"))
    assert sheet.rows[0].cells == {"notes": "b", "text": "x", "serial": 1}


def test_sheets_without_our_columns_are_passed_over() -> None:
    book = Workbook()
    book.worksheets[0].append(["姓名", "电话"])
    out = io.BytesIO()
    book.save(out)
    assert read_workbook(out.getvalue()).sheets == ()


def test_titles_tell_columns_apart() -> None:
    assert len(TITLES) == len(OPTIONAL) + 3 + 5


def test_a_broken_book_is_an_error() -> None:
    with pytest.raises(ReadError) as caught:
        read_workbook(b"PK\x03\x04 no zip")
    assert caught.value.code == "damaged"
