"""The task list for each responsible unit: who gets which record, the index, names that a workbook can hold."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.cli import main
from extractor.export import render
from extractor.types.record import ExtractionFile, Responsible, Role
from tests.export.samples import make_file, make_record


def book_of(*files: ExtractionFile) -> Workbook:
    return load_workbook(io.BytesIO(render("units", files)))


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    titles = [str(cell.value) for cell in sheet[3]]
    return [dict(zip(titles, values, strict=True)) for values in sheet.iter_rows(min_row=4, values_only=True)]


def who(*units: tuple[str, Role]) -> tuple[Responsible, ...]:
    return tuple(Responsible(name=name, role=role) for name, role in units)


def named(*names: str) -> ExtractionFile:
    return make_file(
        tuple(make_record(at, (), "做好工作。", responsible=who((name, "lead"))) for at, name in enumerate(names))
    )


def test_each_unit_has_its_tasks_and_its_role(sample: ExtractionFile) -> None:
    book = book_of(sample)
    assert book.sheetnames == ["目录", "社会救助科", "财务科", "办公室", "未明确责任单位"]
    (lead,) = rows(book["社会救助科"])
    assert lead == {
        "序号": 1, "指标内容": sample.records[0].text, "完成时限": "年底前\n2023-12-31", "角色": "牵头", "责任领导": "王大明", "分值": 5,
        "目标值": "农村低保标准与城市低保标准的占比 ≥75%\n或 排名 ≤3名（市（州）；力争）", "来源": "第1页 表1 2行3列",
        "文件": "云溪市民政局2023年重点工作任务分解表",
    }  # fmt: skip
    assert [row["角色"] for row in rows(book["办公室"])] == ["配合"]
    assert [row["角色"] for row in rows(book["未明确责任单位"])] == [None] * 4
    assert book["财务科"]["A1"].value == "财务科任务清单"


def test_the_index_counts_and_leads_to_the_sheets() -> None:
    both = make_record(0, (), "一", responsible=who(("甲局", "support"), ("甲局", "lead"), ("乙局", "support")))
    more = make_record(1, (), "二", responsible=who(("甲局", "support"), ("张三", "leader")))
    none = make_record(2, (), "三", responsible=who(("李四", "leader")))
    book = book_of(make_file((both, more, none)))
    index = book["目录"]
    assert [list(row.values()) for row in rows(index)] == [
        [1, "甲局", 1, 1, 2], [2, "乙局", 0, 1, 1], [3, "未明确责任单位", None, None, 1],
    ]  # fmt: skip
    places = [index.cell(row, 2).hyperlink.location for row in (4, 5, 6)]
    assert places == ["'甲局'!A1", "'乙局'!A1", "'未明确责任单位'!A1"]
    assert book["甲局"]["A2"].hyperlink.location == "'目录'!A1"
    assert [row["责任领导"] for row in rows(book["未明确责任单位"])] == ["李四"]


def test_several_documents_in_one_book() -> None:
    first = named("甲局")
    second = make_file(first.records, title="考核办法")
    book = book_of(first, second)
    assert [row["文件"] for row in rows(book["甲局"])] == [first.document.title, "考核办法"]
    assert book["目录"]["A2"].value == "2份文件"


def test_no_records_is_an_index_without_rows() -> None:
    assert book_of(make_file(())).sheetnames == ["目录"]
    assert book_of().sheetnames == ["目录"]


@pytest.mark.parametrize(
    "name",
    ["目录", "未明确责任单位", "History", "市[发改]委:*?/\\'", "长" * 40, "𠮷" * 40, "=1+1", "\x07", "x\ud800", "  "],
)
def test_names_of_sheets_are_safe_and_unique(name: str) -> None:
    names = book_of(named(name, name.lower() + "！", name.upper() + "？", "未明确责任单位")).sheetnames
    assert len({each.lower() for each in names}) == len(names) == 4 + (name != "未明确责任单位")
    for each in names:
        assert 0 < len(each.encode("utf-16-le")) // 2 <= 31
        assert not set(each) & set("[]:*?/\\")
        assert each.strip("'") == each
        assert each.lower() != "history"


def test_long_names_that_begin_alike_stay_apart() -> None:
    names = [f"{'云溪市高新技术产业开发区管理委员会' * 2}{at}" for at in range(12)]
    book = book_of(named(*names))
    assert len(book.sheetnames) == 13
    assert [book[each]["A1"].value for each in book.sheetnames[1:]] == [f"{name}任务清单" for name in names]
    links = [book["目录"].cell(row, 2).hyperlink.location for row in range(4, 16)]
    assert links == [f"'{each}'!A1" for each in book.sheetnames[1:]]


def test_words_are_never_formulas() -> None:
    record = make_record(0, (), "=1+1", responsible=who(("=HYPERLINK(1)", "lead")), targets=())
    book = book_of(make_file((record,)))
    cells = [
        cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if str(cell.value)[:1] == "="
    ]
    assert len(cells) == 3
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_command_line_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice = tmp_path / "a.txt"
    notice.write_text("2024年工作要点\n\n一、养老\n新建村级互助点12个。（责任单位：市民政局）\n", encoding="utf-8")
    one, folder = tmp_path / "one.xlsx", tmp_path / "all"
    assert main(["extract", str(notice), "--format", "units", "-o", str(one)]) == 0
    assert main(["extract", str(notice), "--format", "units", "-o", f"{folder}/"]) == 0
    for path in (one, folder / "a.xlsx"):
        assert load_workbook(path).sheetnames == ["目录", "市民政局"]
    with pytest.raises(SystemExit):
        main(["extract", str(notice), "--format", "units", "-o", str(tmp_path / "x.csv")])
    assert "not that of --format units" in capsys.readouterr().err


def test_short_and_whole_names_share_a_sheet() -> None:
    short = Responsible(name="市发改委", role="support", canonical="市发展和改革委员会")
    whole = Responsible(name="市发展和改革委员会", role="lead")
    other = Responsible(name="县发改委", role="lead", canonical="县发展和改革委员会")
    both = make_record(0, (), "一", responsible=(short, whole))
    more = make_record(1, (), "二", responsible=(short, other))
    book = book_of(make_file((both, more)))
    assert book.sheetnames == ["目录", "市发展和改革委员会", "县发展和改革委员会"]
    assert [row["角色"] for row in rows(book["市发展和改革委员会"])] == ["牵头", "配合"]
