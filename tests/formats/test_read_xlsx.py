from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.errors import ReadError
from extractor.formats import read, xlsx_sheet
from extractor.formats.xlsx_merges import with_cut_merges
from extractor.formats.xlsx_number import Value, shown
from extractor.types.document import Document


def book(fill: Callable[[Worksheet], None], *more: Callable[[Worksheet], None]) -> Document:
    workbook = Workbook()
    fill(workbook.active)
    for number, other in enumerate(more):
        other(workbook.create_sheet(f"表{number}"))
    out = io.BytesIO()
    workbook.save(out)
    return read(out.getvalue(), name="任务.xlsx")


def rows(*values: list[Value], start: int = 1) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for r, row in enumerate(values, start):
            for c, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(r, c, value)

    return fill


def grid(document: Document, index: int = 0) -> list[list[str]]:
    return [[document.text[c.span.start : c.span.end] for c in r] for r in document.tables[index].grid()]


def paragraphs(document: Document) -> list[str]:
    return [document.text[b.span.start : b.span.end] for b in document.blocks if b.kind == "paragraph"]


def test_title_table_and_note() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(["2031年任务分解表"], ["填报单位：民政局", None, "单位：万元"], ["类别", "指标", "目标"])(sheet)
        rows(["养老", "床位", 300], [None, "食堂", 20.0], ["注：按季度调度"], start=4)(sheet)
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A4:A5")

    found = book(fill)
    assert paragraphs(found) == ["2031年任务分解表", "填报单位：民政局", "单位：万元", "注：按季度调度"]
    assert grid(found) == [["类别", "指标", "目标"], ["养老", "床位", "300"], ["养老", "食堂", "20"]]
    assert [c.address for c in found.tables[0].cells][:4] == ["A3", "B3", "C3", "A4"]
    assert found.tables[0].title is None


def test_sheets_are_read_in_order_with_their_names() -> None:
    found = book(
        rows(["指标", "目标"], ["床位", 300]), rows(["任务", "时限"], ["建所", "6月底"]), rows(["一、总则"], ["正文。"])
    )
    assert [t.title for t in found.tables] == [None, "表0"]
    assert found.tables[1].cells[0].address == "表0!A1"
    assert paragraphs(found) == ["一、总则", "正文。"]


def test_hidden_things_are_left_out_and_reported() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(["指标", "草稿", "目标"], ["床位", "x", 300], ["食堂", "y", 20])(sheet)
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True

    def hidden(sheet: Worksheet) -> None:
        sheet["A1"] = "密"
        sheet.sheet_state = "hidden"

    found = book(fill, hidden)
    assert grid(found) == [["指标", "目标"], ["食堂", "20"]]
    assert sorted(issue.code for issue in found.issues) == ["hidden_cells", "hidden_sheet"]
    assert "密" not in found.text


@pytest.mark.parametrize(
    ("below", "sizes"),
    [
        pytest.param(
            [None, ["附表2"], ["任务", "时限"], ["建所", "6月底"]], [(2, 2), (2, 2)], id="empty row and title"
        ),
        pytest.param([None, None, ["食堂", 20]], [(2, 2)], id="two empty rows: a row alone is no table"),
        pytest.param([None, ["食堂", 20]], [(3, 2)], id="one empty row inside the data"),
        pytest.param([["附表2 时限"], ["任务", "时限"], ["建所", "6月底"]], [(2, 2), (2, 2)], id="title right below"),
        pytest.param([["二、设施类"], ["食堂", 20]], [(4, 2)], id="a group's row in the table"),
    ],
)
def test_where_tables_end(below: list[list[Value] | None], sizes: list[tuple[int, int]]) -> None:
    found = book(rows(["指标", "目标"], ["床位", 300], *[row or [] for row in below]))
    assert [(t.n_rows, t.n_cols) for t in found.tables] == sizes


def test_rows_printed_on_each_page_are_the_header() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(["表1"], ["指标", "目标"], ["床位", 300], ["食堂", 20])(sheet)
        sheet.print_title_rows = "1:2"

    assert book(fill).tables[0].header_rows == 1


def test_merged_ranges_over_empty_rows_and_columns() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(["指标", "目标", "备注"], ["床位", 300, "新建"], ["食堂", 20, None])(sheet)
        sheet.merge_cells("C2:C900")

    found = book(fill)
    assert grid(found) == [["指标", "目标", "备注"], ["床位", "300", "新建"], ["食堂", "20", "新建"]]


def test_line_breaks_and_two_header_rows() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(["县区", "任务", None], [None, "床位", "食堂"], ["东湖", "1.新建\n2.改建", 5])(sheet)
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    assert grid(book(fill)) == [["县区", "任务", "任务"], ["县区", "床位", "食堂"], ["东湖", "1.新建\n2.改建", "5"]]


def test_formulas_without_a_result_are_reported() -> None:
    found = book(rows(["指标", "目标"], ["床位", "=SUM(1,2)"], ["食堂", 20]))
    (issue,) = found.issues
    assert issue.code == "formula_without_value"
    assert "B2" in issue.message


def test_nothing_beyond_the_filled_cells() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(["指标", "目标"], ["床位", 300])(sheet)
        sheet["XFD1048576"] = "  "

    assert grid(book(fill)) == [["指标", "目标"], ["床位", "300"]]


DAY = dt.datetime(2031, 9, 5, 8, 7, 6)


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (None, "General", ""),
        ("文", "@", "文"),
        (True, "General", "TRUE"),
        (5, "General", "5"),
        (5.0, "General", "5"),
        (0.1 + 0.2, "General", "0.3"),
        (1e20, "General", "1e+20"),
        (0.35, "0%", "35%"),
        (0.3555, "0.0%", "35.6%"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (5, "0.00", "5.00"),
        (1.5, "0.##", "1.5"),
        (2, "0.##", "2"),
        (12, "000", "012"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12345678, "0.0,,", "12.3"),
        (30, '0"万元"', "30万元"),
        (30, "0\\户", "30户"),
        (30, '"约"0_ ', "约30"),
        (-3, "0;(0)", "(3)"),
        (0, '0;-0;"—"', "—"),
        (5, "[Red]0.0", "5.0"),
        (5, "# ?/?", "5"),
        (5, "[DBNum1]General", "5"),
        (DAY, 'yyyy"年"m"月"d"日"', "2031年9月5日"),
        (DAY, "mm-dd-yy", "2031/9/5"),
        (DAY, "yyyy-mm-dd hh:mm:ss", "2031-09-05 08:07:06"),
        (DAY, "h:mm", "8:07"),
        (DAY, "yy.m.d dddd", "31.9.5 星期五"),
        (DAY, "General", "2031-09-05 08:07:06"),
        (dt.datetime(2031, 9, 5), "General", "2031-09-05"),
        (dt.date(2031, 9, 5), "m月d日", "9月5日"),
        (dt.time(8, 7), "h时mm分", "8时07分"),
        (dt.timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
    ],
)
def test_values_as_shown(value: Value, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


def merged_by_hand(fill: Callable[[Worksheet], None], *references: str) -> bytes:
    """A workbook with merged ranges as a program writes them that makes no cells for their places."""
    workbook = Workbook()
    fill(workbook.active)
    out, written = io.BytesIO(), io.BytesIO()
    workbook.save(out)
    ranges = "".join(f'<mergeCell ref="{reference}"/>' for reference in references).encode()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>")
            )
    return written.getvalue()


def test_a_merged_whole_column_is_cut_to_the_filled_rows() -> None:
    fill = rows(["指标", "目标", "备注"], ["床位", 300, "新建"], ["食堂", 20, None])
    data = merged_by_hand(fill, "C2:C1048576", "A9:XFD1048576", "D:D")
    assert max(reference for reference in _merged_rows(with_cut_merges(data))) == 9
    assert grid(read(data)) == [["指标", "目标", "备注"], ["床位", "300", "新建"], ["食堂", "20", "新建"]]


def _merged_rows(data: bytes) -> list[int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("xl/worksheets/sheet1.xml").decode()
    return [int(end) for end in re.findall(r'<mergeCell ref="\w+:[A-Z]+(\d+)"', content)]


def test_small_merges_are_left_as_they_are() -> None:
    data = merged_by_hand(rows(["指标", "目标"]), "A2:B900")
    assert with_cut_merges(data) is data


def test_merges_over_too_many_filled_rows_are_refused() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "末"

    with pytest.raises(ReadError) as caught:
        read(merged_by_hand(fill, "A1:XFD1048576"))
    assert caught.value.code == "too_large"


def test_a_merged_range_whose_first_row_or_column_is_hidden_keeps_its_words() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(["类别", "指标", "目标"], ["托育", "托位", 1], ["养老", "床位", 300])(sheet)
        rows([None, "食堂", 20], [None, "驿站", 7], start=4)(sheet)
        sheet.merge_cells("A3:A5")
        sheet.row_dimensions[3].hidden = True

    assert grid(book(fill))[2:] == [["养老", "食堂", "20"], ["养老", "驿站", "7"]]

    def sideways(sheet: Worksheet) -> None:
        rows(["县区", "任务", None, None], [None, "草稿", "床位", "食堂"], ["东湖", 9, 5, 6])(sheet)
        sheet.merge_cells("B1:D1")
        sheet.column_dimensions["B"].hidden = True

    assert grid(book(sideways))[0][1:] == ["任务", "任务"]


def test_many_notes_are_measured_by_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    of = xlsx_sheet._Frame.of
    monkeypatch.setattr(xlsx_sheet._Frame, "of", lambda cells: made.append(1) or of(cells))
    found = book(rows(["指标", "目标"], ["床位", 300], *[[f"注：{i}"] for i in range(50)]))
    assert len(paragraphs(found)) == 50
    assert len(made) == 1
