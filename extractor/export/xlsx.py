"""任务分解表: the records as a spreadsheet that an office would print, one sheet a document, one row a record.

It can come back edited: a hidden column names the record of each row, a hidden sheet keeps what the cells held.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.export import sheet as paper
from extractor.export.base import Layout
from extractor.export.columns import NUMBER, OPTIONAL, SERIAL, TEXT, Column, group_columns, level, levels_of, used
from extractor.export.xlsx_trace import Trace, record_column
from extractor.types.record import ExtractionFile, IndicatorRecord


def render(files: Sequence[ExtractionFile], layout: Layout) -> bytes:
    """A workbook with a sheet for each document: grouping columns merged, header frozen and repeated in print."""
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = {Trace.SHEET}
    trace = Trace()
    for at, file in enumerate(files, start=1):
        name = paper.sheet_name(file.document.title or file.document.source_name, at, taken)
        _fill(book.create_sheet(name), file)
        trace.add(file, layout.seq)
    if not files:
        book.create_sheet("空")
    trace.write(book.create_sheet(Trace.SHEET))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, file: ExtractionFile) -> None:
    records = file.records
    levels = levels_of(records)
    own = [TEXT, *used(OPTIONAL, records)]
    shown = [*group_columns(levels), SERIAL, record_column(file), *used([NUMBER], records), *own]
    info = file.document
    title = info.title or info.source_name
    title = title if title.endswith("表") else f"{title}任务分解表"
    facts = "    ".join(part for part in (info.document_number, info.issuer, info.issued_on, info.source_name) if part)
    paper.head(sheet, title, facts, shown)
    needs: list[float] = []
    for row, record in enumerate(records, start=paper.HEADER_ROW + 1):
        values = [column.value(record) for column in shown]
        values[levels] = row - paper.HEADER_ROW
        for at, (column, value) in enumerate(zip(shown, values, strict=True), start=1):
            paper.write(sheet, row, at, value, column)
        needs.append(paper.height(shown[levels:], values[levels:]))
    _merge(sheet, records, levels, shown, needs)
    paper.set_heights(sheet, needs)
    paper.print_setup(sheet, len(shown), levels + 1)


def _merge(
    sheet: Worksheet,
    records: Sequence[IndicatorRecord],
    levels: int,
    shown: Sequence[Column],
    needs: list[float],
) -> None:
    """Merges equal neighbours of the grouping columns and makes room for a group's words in its last row."""
    for at in range(levels):
        for first, last in _runs(records, at, levels):
            words = level(records[first], at, levels)
            room = sum(needs[first : last + 1])
            needs[last] += max(paper.lines(words or "", shown[at].width) * paper.LINE_POINTS + 4 - room, 0.0)
            if last > first and words is not None:
                top = paper.HEADER_ROW + 1
                sheet.merge_cells(start_row=top + first, end_row=top + last, start_column=at + 1, end_column=at + 1)


def _runs(records: Sequence[IndicatorRecord], at: int, levels: int) -> Iterator[tuple[int, int]]:
    """First and last index of each run of records that share their path down to level ``at``."""
    end = None if at == levels - 1 else at + 1
    first = 0
    for index in range(1, len(records) + 1):
        if index == len(records) or records[index].path[:end] != records[first].path[:end]:
            yield first, index - 1
            first = index
