"""A document as data for the browser: blocks and tables with offsets, the lines of a page, where a page begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from extractor.types.document import Block, Document, Line
from extractor.types.table import Table

View = Literal["pages", "blocks", "grid"]
MOST_BLOCKS = 2000  # of one answer
MOST_CELLS = 20_000


def view_of(format: str | None) -> View:
    """How a document of this format is shown: page images, a workbook's grid, else blocks."""
    return "pages" if format == "pdf" else "grid" if format == "xlsx" else "blocks"


def blocks(document: Document, view: View, first: int, count: int) -> dict[str, Any]:
    """``count`` blocks from ``first`` on (fewer where their tables hold very many cells), and their tables."""
    first = max(first, 0)
    shown: list[dict[str, Any]] = []
    tables: dict[str, dict[str, Any]] = {}
    cells = 0
    for index in range(first, min(first + min(count, MOST_BLOCKS), len(document.blocks))):
        block = document.blocks[index]
        if block.table is not None:
            size = len(document.tables[block.table].cells)
            if shown and cells + size > MOST_CELLS:
                break
            cells += size
            tables[str(block.table)] = _table(document, document.tables[block.table])
        shown.append(_block(document, index, block))
    return {"view": view, "total": len(document.blocks), "blocks": shown, "tables": tables}


def _block(document: Document, index: int, block: Block) -> dict[str, Any]:
    style = block.style
    start, end = block.span
    return {
        "index": index, "start": start, "end": end, "kind": block.kind, "layer": block.layer, "page": block.page,
        "level": style.level if style else None, "centered": bool(style and style.centered),
        "bold": bool(style and style.bold), "framed": block.framed, "table": block.table,
        "text": "" if block.kind == "table" else document.text[start:end],
    }  # fmt: skip


def _table(document: Document, table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "page": table.page,
        "rows": table.n_rows,
        "cols": table.n_cols,
        "header_rows": table.header_rows,
        "cells": [
            {
                "row": cell.row, "col": cell.col, "rowspan": cell.rowspan, "colspan": cell.colspan,
                "start": cell.span.start, "end": cell.span.end, "text": document.text[cell.span.start : cell.span.end],
                "header": cell.header, "address": cell.address,
            }
            for cell in table.cells
        ],
    }  # fmt: skip


def page_lines(document: Document, number: int) -> list[dict[str, Any]]:
    """The printed lines of page ``number`` (from 1), of paragraphs and cells, in the order of the text."""
    text = document.text
    return [
        {
            "start": line.span.start, "end": line.span.end, "text": text[line.span.start : line.span.end],
            "bbox": [round(value, 2) for value in line.bbox], "edges": [round(edge, 2) for edge in line.edges],
        }
        for line in lines_by_page(document).get(number, ())
    ]  # fmt: skip


_lines: dict[int, tuple[Document, dict[int, list[Line]]]] = {}


def lines_by_page(document: Document) -> dict[int, list[Line]]:
    """Page → its lines. Kept for the documents asked for last: each page of a long document asks once."""
    kept = _lines.get(id(document))
    if kept is not None and kept[0] is document:
        return kept[1]
    pages: dict[int, list[Line]] = {}
    for lines in _all_lines(document):
        for line in lines:
            pages.setdefault(line.page, []).append(line)
    for found in pages.values():
        found.sort(key=lambda line: line.span)
    while len(_lines) >= 4:
        _lines.pop(next(iter(_lines)), None)
    _lines[id(document)] = (document, pages)
    return pages


def _all_lines(document: Document) -> list[Sequence[Line]]:
    found: list[Sequence[Line]] = [block.lines for block in document.blocks if block.table is None]
    found.extend(cell.lines for table in document.tables for cell in table.cells)
    return found
