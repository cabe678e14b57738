"""An edited 任务分解表 as data: its rows by column, and what the export had kept of itself."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from extractor.errors import ReadError
from extractor.export.columns import TITLES, Value

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Held = str | int | float | bool | date | time | None
_HEADER_WITHIN = 30  # rows from the top in which the column titles are looked for
_NEEDED = frozenset({"text"})  # a header row has these at least
_MOST_PLACES = 2_000_000  # rows times columns of a sheet


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``number`` counts from 1 as the spreadsheet program does. ``cells`` by column key; a place inside a merged
    range has the range's value. ``bad`` names the cells without a value to read: ``formula``, ``error``.
    """

    number: int
    record_id: str | None
    cells: Mapping[str, Held]
    bad: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReturnedSheet:
    """``sha256`` is the document's that the hidden column names; None where that column is gone.

    ``columns`` are the keys of the titles found, ``unknown`` the titles that none of ours has.
    """

    title: str
    sha256: str | None
    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported of one document: each record's cells by column key, those that were empty left out."""

    sha256: str
    seq: int | None
    levels: int
    cells: Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class ReturnedBook:
    sheets: tuple[ReturnedSheet, ...]
    exported: Mapping[str, Exported]


def read_workbook(data: bytes) -> ReturnedBook:
    """Reads a workbook whose package was checked before (no bomb, no entities, merged ranges cut).

    Hidden rows and columns are read like the others; sheets without our columns are passed over. Raises
    ``ReadError``: ``damaged``, ``too_large``.
    """
    from extractor.export.xlsx_trace import SHEET

    book = _open(data, values=True)
    formulas = _open(data, values=False) if _has_formulas(data) else None
    sheets: list[ReturnedSheet] = []
    exported: dict[str, Exported] = {}
    for sheet in book.worksheets:
        if sheet.title == SHEET or sheet["A1"].value == "extractor":
            exported.update(_exported(sheet))
        elif (found := _returned(sheet, formulas[sheet.title] if formulas else None)) is not None:
            sheets.append(found)
    return ReturnedBook(tuple(sheets), exported)


def _open(data: bytes, *, values: bool) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(io.BytesIO(data), data_only=values, keep_links=False)
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError,
        IndexError, SyntaxError, EOFError, OSError,
    ) as error:  # fmt: skip
        raise ReadError("damaged", "工作簿已损坏，请重新保存 / the workbook is damaged: save it anew") from error


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(b"<f" in archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))


def _exported(sheet: Worksheet) -> dict[str, Exported]:
    """The hidden sheet; what is broken in it is as if it were not there, so that no row is taken for another's."""
    found: dict[str, Exported] = {}
    cells: dict[str, Mapping[str, Value]] = {}
    for first, *rest in sheet.iter_rows(values_only=True):
        words = [part for part in rest if part is not None]
        if first == "document" and len(rest) > 2 and isinstance(rest[0], str) and isinstance(rest[2], int):
            cells = {}
            found[rest[0]] = Exported(rest[0], rest[1] if isinstance(rest[1], int) else None, rest[2], cells)
        elif first == "record" and len(words) > 1:
            held = _json("".join(str(part) for part in words[1:]))
            if held is not None:
                cells[str(words[0])] = held
    return found


def _json(words: str) -> dict[str, Value] | None:
    try:
        held = json.loads(words)
    except ValueError:
        return None
    return held if isinstance(held, dict) else None


def _returned(sheet: Worksheet, formulas: Worksheet | None) -> ReturnedSheet | None:
    if sheet.max_row * sheet.max_column > _MOST_PLACES:
        raise ReadError(
            "too_large", f"工作表“{sheet.title}”过大，请删去空行空列 / the sheet is too large: delete empty rows"
        )
    header = _header(sheet)
    if header is None:
        return None
    top, keys, identity, sha256, unknown = header
    merged = _merged(sheet)
    rows: list[SheetRow] = []
    for number in range(top + 1, sheet.max_row + 1):
        cells: dict[str, Held] = {}
        bad: dict[str, str] = {}
        for key, at in keys.items():
            place = merged.get((number, at), (number, at))
            value, problem = _value(sheet.cell(*place), formulas.cell(*place) if formulas else None)
            if problem:
                bad[key] = problem
            cells[key] = value
        own = sheet.cell(number, identity).value if identity else None
        if own is not None or bad or any(value is not None for value in cells.values()):
            rows.append(SheetRow(number, str(own).strip() if own is not None else None, cells, bad))
    return ReturnedSheet(sheet.title, sha256, tuple(keys), unknown, tuple(rows))


def _header(sheet: Worksheet) -> tuple[int, dict[str, int], int | None, str | None, tuple[str, ...]] | None:
    """Row of the column titles, places of the columns by key, place of the hidden column, its document, other titles."""
    from extractor.export.xlsx_trace import MARK

    for row in sheet.iter_rows(max_row=min(_HEADER_WITHIN, sheet.max_row)):
        titles = _titles(row)
        keys: dict[str, int] = {}
        unknown: list[str] = []
        identity, sha256 = None, None
        for at, title in titles:
            if title.startswith(MARK):
                identity, sha256 = at, title.removeprefix(MARK).strip()
            elif title in TITLES and TITLES[title] not in keys:
                keys[TITLES[title]] = at
            else:
                unknown.append(title)
        if identity is not None or (keys.keys() >= _NEEDED and len(keys) > len(unknown)):
            return row[0].row or 0, keys, identity, sha256, tuple(unknown)
    return None


def _titles(row: Sequence[Cell | MergedCell]) -> list[tuple[int, str]]:
    filled = [(cell.column, str(cell.value).strip()) for cell in row if cell.value is not None]
    return [(int(at), " ".join(words.split())) for at, words in filled if at and words]


def _merged(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place inside a merged range the range's first place."""
    return {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def _value(cell: Cell | MergedCell, formula: Cell | MergedCell | None) -> tuple[Held, str | None]:
    """The cell's value, and why there is none to read."""
    value = cell.value
    if getattr(cell, "data_type", "") == "e":
        return None, "error"
    if value is None and formula is not None and getattr(formula, "data_type", "") == "f":
        return None, "formula"
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else str(value), None
    if isinstance(value, timedelta):
        return str(value), None
    if isinstance(value, str):
        words = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        return words or None, None
    if value is None or isinstance(value, int | float | date | time):
        return value, None
    return None, "formula"
