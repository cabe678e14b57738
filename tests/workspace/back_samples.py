"""A document, its records, and its 任务分解表 as exported, for the tests of the way back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.export import render
from extractor.export.base import Layout
from extractor.types.record import Deadline, Evidence, IndicatorRecord, Responsible, Target
from extractor.workspace.xlsx_back import BackChange, read_back
from tests.export.samples import make_file

SHA = "5" * 64
TEXT = """云溪市2023年民政重点工作
一、社会救助
提高农村低保标准，与城市低保标准的占比不低于75%，
或排名进入前3名。
每月报送信息3条以上。
完善临时救助制度。
新建村级互助点12个。
二、考核
被表彰的，每次加5分，最高加10分。
发生事故的，扣2.5分。
加强督促检查。
加强督促检查。
"""


def _place(words: str) -> Evidence:
    squeezed = TEXT.replace("\n", "")
    at = squeezed.index(words)
    kept = [i for i, char in enumerate(TEXT) if char != "\n"]
    return Evidence(start=kept[at], end=kept[at + len(words) - 1] + 1)


def _record(name: str, path: tuple[str, ...], text: str, **fields: Any) -> IndicatorRecord:
    defaults: dict[str, Any] = {"kind": "task", "confidence": 0.9}
    return IndicatorRecord(record_id=name, path=path, text=text, evidence=_place(text), **defaults | fields)


SPOT = Evidence(start=20, end=24)
SHARE = Target(
    metric="农村低保标准与城市低保标准的占比",
    op="ge",
    value=75,
    unit="%",
    due="2023-12-31",
    raw="不低于75%",
    evidence=SPOT,
)
RANK = Target(
    metric="排名", op="le", value=3, unit="名", scope="市（州）", alternative=1, strength="strive", due="2023-12-31"
)
NEWS = Target(metric="报送信息", op="ge", value=3, unit="条", per="月", due="2023-06-30")
RECORDS = (
    _record(
        "a1", ("社会救助", "低保"), "提高农村低保标准，与城市低保标准的占比不低于75%，或排名进入前3名。", kind="target", number="1.",
        points=5, targets=(SHARE, RANK), deadlines=(Deadline(raw="年底前", end="2023-12-31", evidence=SPOT),),
        responsible=(
            Responsible(name="王大明", role="leader"), Responsible(name="社会救助科", role="lead", evidence=SPOT),
            Responsible(name="财务科", role="support", evidence=SPOT), Responsible(name="办公室", role="support"),
        ),
        assessed=("县（市、区）",), scoring_text="≥75%得5分", notes='=HYPERLINK("x")',
    ),
    _record("a2", ("社会救助", "低保"), "每月报送信息3条以上。", kind="target", number="2.", targets=(NEWS,)),
    _record("a3", ("社会救助", "临时救助"), "完善临时救助制度。", tier="优秀"),
    _record("b1", ("考核",), "被表彰的，每次加5分，最高加10分。", kind="bonus", points=5, points_cap=10, per_occurrence=True),
    _record("b2", ("考核",), "发生事故的，扣2.5分。", kind="penalty", points=2.5, confidence=0.55),
)  # fmt: skip


def exported(records: tuple[IndicatorRecord, ...] = RECORDS, seq: int | None = 7) -> bytes:
    return render("xlsx", [make_file(records, sha256=SHA)], Layout(seq=seq))


def edited(change: Callable[[Worksheet], None], data: bytes | None = None) -> bytes:
    """The export after ``change`` on its sheet, all merged cells parted (openpyxl does not move them along)."""
    book = load_workbook(io.BytesIO(data or exported()))
    sheet = book.worksheets[0]
    for area in [str(area) for area in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(area)
    change(sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def at(sheet: Worksheet, title: str) -> int:
    """The column under a title, from 1."""
    return [cell.value for cell in sheet[3]].index(title) + 1


def row_of(sheet: Worksheet, record_id: str) -> int:
    return next(cell.row for column in sheet.columns for cell in column if cell.value == record_id)


def retyped(record_id: str, title: str, value: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet.cell(row_of(sheet, record_id), at(sheet, title)).value = value  # type: ignore[assignment]

    return change


def back(data: bytes, records: tuple[IndicatorRecord, ...] = RECORDS) -> list[BackChange]:
    return read_back(data, records, SHA, document_text=TEXT, year=2023)


def after(record_id: str, title: str, value: object) -> BackChange:
    """The one change that a retyped cell proposes."""
    (change,) = back(edited(retyped(record_id, title, value)))
    return change


def read(record_id: str, title: str, value: object) -> object:
    """What the retyped cell makes of its field, where it can be read."""
    change = after(record_id, title, value)
    assert change.problem is None, change.message
    return change.after


def summary(data: bytes, records: tuple[IndicatorRecord, ...] = RECORDS) -> list[tuple[str, str, str, str | None]]:
    return [(one.action, one.record, one.field, one.problem) for one in back(data, records)]


def with_now(record_id: str, **fields: object) -> tuple[IndicatorRecord, ...]:
    """The records as they stand after somebody changed one of them here."""
    return tuple(one.model_copy(update=fields) if one.record_id == record_id else one for one in RECORDS)


def drop_column(title: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        column = next(cell.column for cell in sheet[3] if str(cell.value).startswith(title))
        sheet.delete_cols(int(column))

    return change
