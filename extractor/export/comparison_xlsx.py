"""A comparison as a workbook to print: 对比 with a row each, 概况 with the two documents and the counts."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.export import comparison_words as say
from extractor.export import sheet as paper
from extractor.export.columns import PATH_JOINT, SERIAL, Align, Column, Value
from extractor.types.comparison import Comparison, Party, Row

ROWS, OVERVIEW = "对比", "概况"
_FROZEN = 4  # columns up to the metric


def render(comparison: Comparison) -> bytes:
    """A workbook with both sheets; rows in the order of the newer document."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _rows(book.create_sheet(ROWS), comparison)
    _overview(book.create_sheet(OVERVIEW), comparison)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(sheet: Worksheet, comparison: Comparison) -> None:
    shown = _columns(*say.labels(comparison))
    titles = f"{say.title_of(comparison.old)}  →  {say.title_of(comparison.new)}"
    paper.head(sheet, "文件对比表", titles, shown)
    body = [_values(at, row) for at, row in enumerate(comparison.rows, start=1)]
    _fill(sheet, shown, body, _FROZEN)


def _overview(sheet: Worksheet, comparison: Comparison) -> None:
    old, new = say.labels(comparison)
    shown = [_column("item", "项目", 16, "centre"), _column("old", old, 44), _column("new", new, 44)]
    paper.head(sheet, "文件对比概况", "条数按目标计，没有目标的任务按条计", shown)
    body: list[list[Value]] = [
        [name, _fact(comparison.old, field), _fact(comparison.new, field)] for field, name in _FACTS.items()
    ]
    silent = ["、".join(say.silent_names(party)) for party in (comparison.old, comparison.new)]
    if any(silent):
        body.append(["没有写，不作比较", *silent])
    body.append(["变化", "条数", "其中"])
    for category, (name, _) in say.CATEGORIES.items():
        rows = [row for row in comparison.rows if row.category == category]
        body.append([name, f"{len(rows)}条", _leaning(rows)])
    _fill(sheet, shown, body, 1)


def _fill(sheet: Worksheet, shown: Sequence[Column], body: Sequence[Sequence[Value]], frozen: int) -> None:
    for row, values in enumerate(body, start=paper.HEADER_ROW + 1):
        for at, (column, value) in enumerate(zip(shown, values, strict=True), start=1):
            paper.write(sheet, row, at, value, column)
    paper.set_heights(sheet, [paper.height(shown, values) for values in body])
    paper.print_setup(sheet, len(shown), frozen)


def _columns(old: str, new: str) -> list[Column]:
    return [
        SERIAL,
        _column("category", "变化", 10, "centre"),
        _column("path", "分组", 16),
        _column("metric", "指标或任务", 24),
        _column("old_value", f"目标值（{old}）", 14, "centre"),
        _column("new_value", f"目标值（{new}）", 14, "centre"),
        _column("change", "增减", 12, "centre"),
        _column("stricter", "要求", 9, "centre"),
        _column("differences", "其他不同", 26),
        _column("old_text", f"文字（{old}）", 36),
        _column("new_text", f"文字（{new}）", 36),
        _column("old_place", f"出处（{old}）", 10, "centre"),
        _column("new_place", f"出处（{new}）", 10, "centre"),
    ]


def _column(key: str, title: str, width: float, align: Align = "left") -> Column:
    return Column(key, title, width, lambda _: None, align)


def _values(at: int, row: Row) -> list[Value]:
    return [
        at,
        say.CATEGORIES[row.category][0],
        PATH_JOINT.join(say.path_of(row)),
        say.metric_of(row),
        say.value_of(row.old),
        say.value_of(row.new),
        say.change_words(row),
        say.stricter_words(row),
        "\n".join(say.difference_lines(row, values=False)),
        row.old.record.text if row.old else "",
        row.new.record.text if row.new else "",
        say.place_of_side(row.old),
        say.place_of_side(row.new),
    ]


_FACTS = {
    "title": "标题", "document_number": "文号", "issuer": "发文机关", "issued_on": "成文日期", "year": "年度",
    "source_name": "文件", "records": "记录数", "targets": "目标数",
}  # fmt: skip


def _fact(party: Party, field: str) -> Value:
    found = getattr(party if field in ("records", "targets") else party.info, field)
    return "" if found is None else str(found)


def _leaning(rows: Sequence[Row]) -> str:
    counts = ((words, sum(row.stricter is way for row in rows)) for way, (words, _) in say.STRICTER.items())
    return "，".join(f"{words}{count}条" for words, count in counts if count)
