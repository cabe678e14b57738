"""``extractor inspect``: what the parser saw of a document, for whoever wonders at a record."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from extractor.cli.failure import Failed, explain, one_document
from extractor.cli.reading import Reading
from extractor.export.table import clip, columns
from extractor.export.words import place

if TYPE_CHECKING:
    from extractor.pipeline import Result
    from extractor.types.document import Document
    from extractor.types.outline import Heading, Section
    from extractor.types.record import DocumentInfo
    from extractor.types.table import Cell, Table

_LEAST_COLUMNS = 8  # a table of many columns runs off the terminal rather than shrink below this


def run(options: argparse.Namespace) -> int:
    """Prints official elements, outline, tables, unclaimed sentences and issues of each file."""
    reading = Reading(options)
    width = max(shutil.get_terminal_size((120, 24)).columns, 80)
    failed = 0
    for name in options.files:
        try:
            with one_document():
                lines = list(report(reading.result(name), width, options.rows))
        except Failed as error:
            failed += 1
            sys.stderr.write(f"{name}: {explain(error, debug=options.debug)}\n")
            continue
        sys.stdout.writelines(line + "\n" for line in lines)
    return 1 if failed else 0


def report(result: Result, width: int, rows: int) -> Iterator[str]:
    """The lines for one document; of each table at most ``rows`` rows."""
    document = result.document
    parts = [
        ("公文要素 / official elements", _official(result.info)),
        ("结构 / outline", _outline(document, result.outline.sections)),
        ("表格 / tables", _tables(document, width, rows)),
        (
            "未归入记录的义务句 / unclaimed",
            (f"  {place(u.evidence)}  {u.text}  （{u.reason}）" for u in result.unclaimed),
        ),
        ("问题 / issues", (f"  [{i.severity}] {i.code}: {i.message}" for i in result.issues)),
    ]
    source = document.source
    size = (
        f"{len(document.text)} 字 · {len(document.pages)} 页 · {len(document.tables)} 表 · {len(result.records)} 条记录"
    )
    yield clip(f"■ {source.name}  {source.format} · {size}", width)
    for title, lines in parts:
        yield ""
        yield f"── {title}"
        empty = True
        for line in lines:
            empty = False
            yield clip(line, width)
        if empty:
            yield "  （无 / none）"
    yield ""


def _official(info: DocumentInfo) -> Iterator[str]:
    shown = {
        "标题": info.title,
        "发文字号": info.document_number,
        "发文机关": info.issuer,
        "成文日期": info.issued_on,
        "年度": info.year,
        "规划期": "–".join(map(str, info.period)) if info.period else None,
        "文种": info.kind,
        "主送机关": info.addressee,
        "附件": "；".join(info.attachments) or None,
    }
    for name, value in shown.items():
        if value is not None:
            yield f"  {name}: {value}"


def _outline(document: Document, sections: Sequence[Section]) -> Iterator[str]:
    """Each heading once, indented by its depth; a table where it stands."""
    above: tuple[Heading, ...] = ()
    for section in sections:
        same = 0
        while same < min(len(above), len(section.headings)) and above[same].span == section.headings[same].span:
            same += 1
        for depth, heading in enumerate(section.headings[same:], start=same):
            yield f"{'  ' * (depth + 1)}{heading.mark or ''}{heading.title}{'（段首）' if heading.run_in else ''}"
        above = section.headings
        index = document.blocks[section.block].table
        if index is not None:
            table = document.tables[index]
            yield f"{'  ' * (len(above) + 1)}▦ 表{index + 1}（{table.n_rows}行×{table.n_cols}列）"


def _tables(document: Document, width: int, rows: int) -> Iterator[str]:
    for index, table in enumerate(document.tables):
        title = f" {table.title}" if table.title else ""
        page = f" 第{table.page}页" if table.page else ""
        yield f"  表{index + 1}{title}{page}（{table.n_rows}行×{table.n_cols}列，表头{table.header_rows}行）"
        yield from _grid(document, table, width - 6 - 3 * table.n_cols, rows)


def _grid(document: Document, table: Table, room: int, rows: int) -> Iterator[str]:
    """Columns lined up; a place that a merged cell covers shows ← or ↑ towards the cell's words."""
    grid = table.grid()[:rows]
    shown = [[_words(document, cell, r, c) for c, cell in enumerate(row)] for r, row in enumerate(grid)]
    widths = _fit([max(columns(row[c]) for row in shown) for c in range(table.n_cols)] if shown else [], room)
    for row in shown:
        cells = (clip(word, size) for word, size in zip(row, widths, strict=True))
        lined = (word + " " * (size - columns(word)) for word, size in zip(cells, widths, strict=True))
        yield "    | " + " | ".join(lined) + " |"
    if table.n_rows > len(shown):
        yield f"    … 另有 {table.n_rows - len(shown)} 行 / more rows"


def _fit(widths: list[int], room: int) -> list[int]:
    """The widest columns narrowed until all of them fit, though none below ``_LEAST_COLUMNS``."""
    cap = max(widths, default=0)
    while cap > _LEAST_COLUMNS and sum(min(width, cap) for width in widths) > room:
        cap -= 1
    return [min(width, cap) for width in widths]


def _words(document: Document, cell: Cell, row: int, column: int) -> str:
    if cell.row != row:
        return "↑"
    if cell.col != column:
        return "←"
    return "".join(document.text[cell.span.start : cell.span.end].split())
