"""Workbooks (XLSX, XLSM)."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from extractor.formats.base import ReadOptions, TextBuilder
from extractor.formats.detect import damaged
from extractor.formats.layers import layers_of
from extractor.formats.office_package import check_package, plain_package
from extractor.formats.xlsx_merges import with_cut_merges
from extractor.formats.xlsx_sheet import SheetTable, parts, visible_cells
from extractor.types.document import Document, Source

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_DEFAULT_NAME = re.compile(r"(?:Sheet|工作表)\s*\d*$", re.IGNORECASE)
_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?r=\"([A-Z]+\d+)\"[^>]*>\s*(?:<(?:\w+:)?is>.*?</(?:\w+:)?is>)?\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """Visible sheets in order: titles and notes as paragraphs, the rest as tables with cell addresses.

    Numbers and dates are shown as the cells show them; a formula gives its stored result. Hidden sheets, rows
    and columns are left out and reported, and so are formulas that no program has computed.
    """
    check_package(data)
    book = _open(data)
    builder = TextBuilder(options.max_chars)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    if hidden:
        _info(builder, "hidden_sheet", f"隐藏的工作表未读取：{'、'.join(hidden)} / hidden sheets were not read")
    for sheet in shown:
        _write(builder, sheet, named=len(shown) > 1)
    _report_formulas(builder, data)
    properties = {"title": book.properties.title or "", "author": book.properties.creator or ""}
    return builder.build(source, properties={name: text for name, text in properties.items() if text})


def _open(data: bytes) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(io.BytesIO(with_cut_merges(plain_package(data))), data_only=True, keep_links=False)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
        EOFError,
        OSError,
    ) as error:
        raise damaged() from error


def _info(builder: TextBuilder, code: str, message: str) -> None:
    builder.issue(code, message, severity="info")


def _write(builder: TextBuilder, sheet: Worksheet, *, named: bool) -> None:
    grid = visible_cells(sheet, f"{sheet.title}!" if named else "")
    if grid.hidden_rows or grid.hidden_cols:
        _info(
            builder,
            "hidden_cells",
            f"工作表“{sheet.title}”中隐藏的{grid.hidden_rows}行、{grid.hidden_cols}列未读取 / "
            f"{grid.hidden_rows} hidden rows and {grid.hidden_cols} hidden columns were not read",
        )
    found = list(parts(grid.cells, _repeated_until(sheet)))
    layers = layers_of([part if isinstance(part, str) else "" for part in found])
    title = None if _DEFAULT_NAME.match(sheet.title) else sheet.title
    for part, layer in zip(found, layers, strict=True):
        if isinstance(part, SheetTable):
            builder.table(part.cells, part.n_rows, part.n_cols, header_rows=part.header_rows, title=title)
        else:
            builder.paragraph(part, layer=layer)


def _repeated_until(sheet: Worksheet) -> int:
    """The last of the rows set to be printed on each page; 0 for none."""
    match = re.search(r"(\d+)$", sheet.print_title_rows or "")
    return int(match[1]) if match else 0


def _report_formulas(builder: TextBuilder, data: bytes) -> None:
    """Formulas without a stored result: their cells are empty here, which the user must know."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            content = archive.read(name)
            empty = [match[1].decode() for match in _CELL.finditer(content)] if b"<f" in content else []
            if empty:
                builder.issue(
                    "formula_without_value",
                    f"{len(empty)}个公式没有保存结果（{'、'.join(empty[:5])}…），请用 Excel/WPS 打开并保存后重试 / "
                    f"{len(empty)} formulas have no stored result: open and save the file in a spreadsheet program",
                )
