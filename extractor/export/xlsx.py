"""任务分解表: the records as a spreadsheet that an office would print, one sheet a document, one row a record."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from extractor.export.base import Layout
from extractor.export.table import columns as text_width
from extractor.export.words import KINDS, deadline_lines, names, place, points_words, target_lines
from extractor.types.record import DocumentInfo, ExtractionFile, IndicatorRecord

Value = str | float | int | None
_HEADER_ROW = 3
_MOST_LEVELS = 5  # a deeper path is joined into the last grouping column
_MOST_CHARS = 32_000  # a cell of a spreadsheet holds 32 767
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML can't hold
_LEVELS = "一二三四五"
_LINE_POINTS = 14.0  # height of a line of 10-point type
_THIN = Border(*(Side(style="thin", color="808080"),) * 4)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TOP = Alignment(horizontal="center", vertical="top", wrap_text=True)  # seen on the first page of a long group
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_BODY, _HEAD, _TITLE = Font(name="宋体", size=10), Font(name="黑体", size=10, bold=True), Font(name="黑体", size=16)
_SHADE = PatternFill("solid", fgColor="E8EEF4")


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters of the body type. ``alignment`` is that of the cells below the title."""

    title: str
    width: float
    value: Callable[[IndicatorRecord], Value]
    alignment: Alignment = _LEFT
    number_format: str | None = None


_TEXT = Column("指标内容", 40, lambda r: r.text)
_OPTIONAL = (  # left out where no record fills it
    Column("类别", 7, lambda r: KINDS[r.kind], alignment=_CENTRE),
    Column("等次", 8, lambda r: r.tier, alignment=_CENTRE),
    Column("目标值", 30, lambda r: "\n".join(target_lines(r))),
    Column("完成时限", 15, deadline_lines, alignment=_CENTRE),
    Column("责任领导", 10, lambda r: names(r, "leader"), alignment=_CENTRE),
    Column("牵头单位", 14, lambda r: names(r, "lead"), alignment=_CENTRE),
    Column("责任（配合）单位", 18, lambda r: names(r, "support")),
    Column("分值", 7, lambda r: _points(r), alignment=_CENTRE),
    Column("考核对象", 12, lambda r: "、".join(r.assessed), alignment=_CENTRE),
    Column("评分办法", 22, lambda r: r.scoring_text),
    Column("备注", 14, lambda r: r.notes),
    Column("来源", 12, lambda r: place(r.evidence), alignment=_CENTRE),
    Column("可信度", 7, lambda r: r.confidence, alignment=_CENTRE, number_format="0.00"),
)


def render(files: Sequence[ExtractionFile], layout: Layout) -> bytes:
    """A workbook with a sheet for each document: grouping columns merged, header frozen and repeated in print."""
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for at, file in enumerate(files, start=1):
        _fill(book.create_sheet(_sheet_name(file.document, at, taken)), file)
    if not files:
        book.create_sheet("空")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, file: ExtractionFile) -> None:
    records = file.records
    levels = min(max((len(record.path) for record in records), default=0), _MOST_LEVELS)
    group = [
        Column(f"{_LEVELS[i]}级", 13, lambda r, i=i: _level(r, i, levels), _TOP)  # type: ignore[misc]
        for i in range(levels)
    ]
    serial = Column("序号", 6, lambda _: None, _CENTRE)  # a running number, set below
    own = _used([Column("原编号", 8, lambda r: r.number, _CENTRE)], records)
    shown = [*group, serial, *own, _TEXT, *_used(_OPTIONAL, records)]
    _head(sheet, file, shown)
    needs: list[float] = []
    for row, record in enumerate(records, start=_HEADER_ROW + 1):
        values = [column.value(record) for column in shown]
        values[levels] = row - _HEADER_ROW
        for at, (column, value) in enumerate(zip(shown, values, strict=True), start=1):
            _write(sheet, row, at, value, column)
        needs.append(_height(shown[levels:], values[levels:]))
    _merge(sheet, records, levels, shown, needs)
    for row, height in enumerate(needs, start=_HEADER_ROW + 1):
        sheet.row_dimensions[row].height = min(height, 409.0)  # the most that the format allows
    _print_setup(sheet, len(shown), levels)


def _used(columns: Sequence[Column], records: Sequence[IndicatorRecord]) -> list[Column]:
    """Those that some record has words or a number for."""
    return [column for column in columns if any(column.value(record) not in (None, "") for record in records)]


def _head(sheet: Worksheet, file: ExtractionFile, shown: Sequence[Column]) -> None:
    """Title row, facts row, column titles."""
    info = file.document
    title = info.title or info.source_name
    title = title if title.endswith("表") else f"{title}任务分解表"
    _write(sheet, 1, 1, title, Column("", 0, lambda _: None, _CENTRE), font=_TITLE, border=None)
    facts = "    ".join(part for part in (info.document_number, info.issuer, info.issued_on, info.source_name) if part)
    _write(sheet, 2, 1, facts, Column("", 0, lambda _: None), border=None)
    for row in (1, 2):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(shown))
    wide = sum(column.width for column in shown)
    sheet.row_dimensions[1].height = 26.0 * (1 + text_width(title) * 16 // int(wide * 10))
    for at, column in enumerate(shown, start=1):
        _write(sheet, _HEADER_ROW, at, column.title, Column("", 0, lambda _: None, _CENTRE), font=_HEAD)
        sheet.cell(_HEADER_ROW, at).fill = _SHADE
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.row_dimensions[_HEADER_ROW].height = 2 * _LINE_POINTS + 2


def _write(
    sheet: Worksheet,
    row: int,
    at: int,
    value: Value,
    column: Column,
    *,
    font: Font = _BODY,
    border: Border | None = _THIN,
) -> None:
    cell = sheet.cell(row, at)
    if isinstance(value, str):
        words = _UNFIT.sub("", value)[:_MOST_CHARS]
        cell.value = words or None
        if words:  # the source's words are never a formula, an error or a date
            cell.data_type = "s"
            cell.quotePrefix = words[0] in "=+-@"
    else:
        cell.value = value
    cell.font = font
    cell.alignment = column.alignment
    if border is not None:
        cell.border = border
    if column.number_format:
        cell.number_format = column.number_format


def _points(record: IndicatorRecord) -> Value:
    plain = record.kind in ("target", "task") and not record.per_occurrence and record.points_cap is None
    return record.points if plain else points_words(record)


def _level(record: IndicatorRecord, at: int, levels: int) -> str | None:
    if at >= len(record.path):
        return None
    return " / ".join(record.path[at:]) if at == levels - 1 else record.path[at]


def _height(shown: Sequence[Column], values: Sequence[Value]) -> float:
    """Points that the fullest cell of a row needs."""
    lines = max(
        (_lines(str(value or ""), column.width) for column, value in zip(shown, values, strict=True)), default=1
    )
    return max(lines, 1) * _LINE_POINTS + 4


def _lines(text: str, width: float) -> int:
    room = max(width - 1.5, 2)  # the margins of a cell
    return sum(max(1, -int(-text_width(line) // room)) for line in text.split("\n"))


def _merge(
    sheet: Worksheet,
    records: Sequence[IndicatorRecord],
    levels: int,
    shown: Sequence[Column],
    needs: list[float],
) -> None:
    """Merges equal neighbours of the grouping columns and makes room for a group's words in its last row."""
    for level in range(levels):
        for first, last in _runs(records, level, levels):
            words = _level(records[first], level, levels)
            short = _lines(words or "", shown[level].width) * _LINE_POINTS + 4 - sum(needs[first : last + 1])
            needs[last] += max(short, 0.0)
            if last > first and words is not None:
                top = _HEADER_ROW + 1
                sheet.merge_cells(
                    start_row=top + first, end_row=top + last, start_column=level + 1, end_column=level + 1
                )


def _runs(records: Sequence[IndicatorRecord], level: int, levels: int) -> Iterator[tuple[int, int]]:
    """First and last index of each run of records that share their path down to ``level``."""
    end = None if level == levels - 1 else level + 1
    first = 0
    for at in range(1, len(records) + 1):
        if at == len(records) or records[at].path[:end] != records[first].path[:end]:
            yield first, at - 1
            first = at


def _print_setup(sheet: Worksheet, n_columns: int, levels: int) -> None:
    sheet.freeze_panes = f"{get_column_letter(levels + 2)}{_HEADER_ROW + 1}"
    sheet.print_title_rows = f"1:{_HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.7, 0.3
    sheet.print_options.horizontalCentered = True
    footer = _HeaderFooterPart(text="第 &P 页，共 &N 页")
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=footer)
    sheet.auto_filter.ref = f"A{_HEADER_ROW}:{get_column_letter(n_columns)}{max(sheet.max_row, _HEADER_ROW)}"


def _sheet_name(info: DocumentInfo, at: int, taken: set[str]) -> str:
    """The title, as far as a sheet's name may hold it (31 characters, some of them forbidden), each once."""
    plain = re.sub(r"[\[\]:*?/\\'\t\n\r]", "", _UNFIT.sub("", info.title or info.source_name)).strip()[:26] or "文件"
    name = f"{at}{plain}" if plain.lower() in taken else plain
    taken.add(plain.lower())
    return name
