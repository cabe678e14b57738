"""Corrections from an edited 任务分解表: what was changed in it, against what was exported and what stands here now."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from extractor.export.columns import TITLES, Value, cells
from extractor.export.xlsx_read import Exported, Held, ReturnedBook, ReturnedSheet, SheetRow, read_workbook
from extractor.formats.detect import detect
from extractor.formats.office_package import check_package, plain_package
from extractor.formats.xlsx_merges import with_cut_merges
from extractor.review import fields as record_fields
from extractor.types.record import IndicatorRecord
from extractor.workspace.back_change import BackChange, Problem
from extractor.workspace.cell_words import Unreadable, words_of
from extractor.workspace.errors import WorkspaceError
from extractor.workspace.target_words import Units
from extractor.workspace.xlsx_cells import KEYS, Context, Fields, path_of, read_cell
from extractor.workspace.xlsx_new import NewRows, bad_cell, written
from extractor.workspace.xlsx_rows import OWN, Placed, place_rows, same

__all__ = ["BackChange", "WorkbookRefused", "read_back"]

_MOST_BYTES = 50_000_000  # unpacked; thousands of records make a tenth. Read, it takes thirty times that of memory
_COLUMN_TITLES = {key: title for title, key in TITLES.items()}
_MADE = ("place", "confidence")


class WorkbookRefused(WorkspaceError):
    """``not_a_workbook``, ``not_ours``, ``other_document``, ``no_sheet``, ``two_sheets``, ``no_rows``, ``too_large``."""


def read_back(
    data: bytes,
    records: Sequence[IndicatorRecord],
    document_sha256: str,
    *,
    document_text: str | None = None,
    year: int | None = None,
) -> list[BackChange]:
    """What the edited workbook proposes, in the order of its rows; deleted rows last.

    ``records`` are those that stand now, rejected ones too. New rows are looked for in ``document_text``;
    ``year`` completes dates without one. A cell that still holds what was exported proposes nothing, whatever has
    been changed here since. Raises ``WorkbookRefused``, and ``ReadError`` for a file that can't be opened.
    """
    sheet, exported = _sheet_of(_read(data), document_sha256)
    placed = place_rows(sheet, exported)
    if not placed and exported.cells:
        raise WorkbookRefused(
            "no_rows", "表中没有任何行；如要全部驳回，请在工作台中操作 / no rows are left: reject all in the workspace"
        )
    context = Context(year, Units.of(records))
    now = {record.record_id: record for record in records}
    covered = _covered(exported)
    new = NewRows(document_text, records, context, exported.levels)
    changes = list(_columns(sheet, exported))
    for one in placed:
        if one.record_id is not None:
            row = _Row(one.row, exported, covered.get(one.record_id, frozenset()), context)
            changes.extend(_joined(row.changes(one.record_id, now.get(one.record_id))))
        elif one.unclear:
            changes.append(_unclear(one.row))
        else:
            changes.append(new.change(one.row))
    return [*changes, *_deleted(placed, exported, now)]


def _joined(changes: Iterable[BackChange]) -> list[BackChange]:
    """One change for a field that several cells set: the names in three columns are one list."""
    found: list[BackChange] = []
    for change in changes:
        at = next((i for i, one in enumerate(found) if one.field == change.field and not one.problem), None)
        if at is None or change.problem:
            found.append(change)
            continue
        first = found[at]
        found[at] = replace(
            first,
            after=change.after,
            column=f"{first.column}、{change.column}",
            exported=_both(first.exported, change.exported),
            current=_both(first.current, change.current),
            wanted=_both(first.wanted, change.wanted),
        )
    return [one for one in found if one.problem or one.before != one.after]


def _both(one: str | None, other: str | None) -> str | None:
    return "\n".join(words for words in (one, other) if words) or None


def _read(data: bytes) -> ReturnedBook:
    if detect(data) != "xlsx":
        raise WorkbookRefused("not_a_workbook", "请选择导出的 xlsx 文件 / choose an exported xlsx file")
    check_package(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
            raise WorkbookRefused("too_large", "工作簿过大，不是导出的表 / the workbook is too large to be an export")
    return read_workbook(with_cut_merges(plain_package(data)))


def _sheet_of(book: ReturnedBook, sha256: str) -> tuple[ReturnedSheet, Exported]:
    if not book.exported:
        raise WorkbookRefused(
            "not_ours",
            "工作簿不是从这里导出的，或隐藏的 _extractor 表已被删除 / not an exported workbook, or its hidden sheet is gone",
        )
    exported = book.exported.get(sha256)
    if exported is None:
        raise WorkbookRefused("other_document", "工作簿是另一份文件的 / the workbook is of another document")
    sheets = [sheet for sheet in book.sheets if sheet.sha256 == sha256]
    if not sheets and len(book.exported) == 1:  # the hidden column is gone
        sheets = [sheet for sheet in book.sheets if sheet.sha256 is None]
    if not sheets:
        raise WorkbookRefused("no_sheet", "找不到这份文件的表，或表头已被改动 / its sheet or header is gone")
    if len(sheets) > 1:
        names = "、".join(sheet.title for sheet in sheets)[:80]
        raise WorkbookRefused(
            "two_sheets", f"有几张表属于这份文件，请只留一张：{names} / keep one sheet of the document"
        )
    return sheets[0], exported


def _columns(sheet: ReturnedSheet, exported: Exported) -> Iterator[BackChange]:
    """Columns that came without a title of ours, or that are gone: nothing follows from either."""
    for title in sheet.unknown:
        message = f"不认识的列“{title[:30]}”，未读取 / an unknown column was not read"
        yield _note("unknown_column", message, None, column=title)
    held = {key for cells_ in exported.cells.values() for key in cells_}
    for key in KEYS:
        if key in held and key not in sheet.columns:
            title = _COLUMN_TITLES[key]
            message = f"“{title}”列已删除，这一项未作更改 / the column is gone: nothing in it was changed"
            yield _note("missing_column", message, None, column=title)


def _note(problem: Problem, message: str, row: SheetRow | None, column: str | None = None) -> BackChange:
    text = "" if row is None else str(row.cells.get("text") or "")
    number = None if row is None else row.number
    return BackChange("", None, text, "", None, None, problem, message, action="note", row=number, column=column)


def _unclear(row: SheetRow) -> BackChange:
    return _note(
        "unclear",
        f"第{row.number}行对不上任何记录，请在工作台中修改 / row {row.number} can't be told to be any record's",
        row,
    )


def _covered(exported: Exported) -> dict[str, frozenset[str]]:
    """The grouping cells of each record that were merged into the one above, and so held nothing themselves."""
    found: dict[str, frozenset[str]] = {}
    keys = [f"path/{at}" for at in range(exported.levels)]
    above: Mapping[str, Value] | None = None
    for record_id, held in exported.cells.items():
        same: set[str] = set()
        for key in keys:
            if above is None or held.get(key) != above.get(key):
                break
            same.add(key)
        found[record_id], above = frozenset(same), held
    return found


def _deleted(placed: Sequence[Placed], exported: Exported, now: Mapping[str, IndicatorRecord]) -> Iterator[BackChange]:
    """The records whose rows are gone: proposed to be rejected, where it is sure that they are gone."""
    there = {one.record_id for one in placed}
    unclear = any(one.unclear for one in placed)
    for record_id, held in exported.cells.items():
        record = now.get(record_id)
        if record_id in there or record is None or record.status == "rejected":
            continue
        problem: Problem | None = None
        message = None
        current = cells(record, exported.levels)
        if unclear:
            problem, message = "unclear", "行已不在，但有的行对不上，不敢断定是删除 / its row is gone or unclear"
        elif any(not same(current[key], held.get(key)) for key in OWN):
            problem, message = "conflict", "行已删除，但这条记录导出后在此改过 / deleted there, changed here meanwhile"
        yield BackChange(
            record_id, record.number, record.text, "status", record.status, "rejected", problem, message,
            action="reject",
        )  # fmt: skip


class _Row:
    """One row of a record: its cells against what was exported and what stands now."""

    def __init__(self, row: SheetRow, exported: Exported, covered: frozenset[str], context: Context) -> None:
        self._row, self._exported, self._covered, self._context = row, exported, covered, context

    def changes(self, record_id: str, record: IndicatorRecord | None) -> Iterator[BackChange]:
        held = self._exported.cells[record_id]
        touched = [key for key in (*self._paths(), *KEYS, *_MADE) if self._touched(key, held)]
        if not touched:
            return
        if record is None or record.status == "rejected":
            yield self._dead(record_id, record)
            return
        current = cells(record, self._exported.levels)
        working = record
        sure: list[str] = []
        for key in touched:
            problem, message = self._obstacle(key, held, current)
            if problem is not None:
                yield self._change(record, key, held, current, self._read(key, working, held)[0], problem, message)
            elif not same(current.get(key), self._row.cells[key]):
                sure.append(key)
        groups = [key for key in sure if key.startswith("path/")]
        for keys in ([groups] if groups else []) + [[key] for key in sure if key not in groups]:
            values, error = self._read(keys[0], working, held)
            if error is not None:
                yield self._change(record, keys[0], held, current, values, "unreadable", error)
                continue
            yield from self._sure(record, working, keys[0], held, current, values)
            working = written(working, values)

    def _paths(self) -> list[str]:
        return [key for key in self._row.cells if key.startswith("path/")]

    def _touched(self, key: str, held: Mapping[str, Value]) -> bool:
        if key not in self._row.cells:
            return False
        if key in self._row.bad:
            return True
        if self._row.cells[key] is None and key in self._covered:
            return False  # it was merged into the one above
        return not same(self._row.cells[key], held.get(key))

    def _dead(self, record_id: str, record: IndicatorRecord | None) -> BackChange:
        problem: Problem = "gone" if record is None else "rejected"
        message = (
            "表中改过的这条记录已不存在（拆分、合并或撤销）/ the record of this row is no more"
            if record is None
            else "表中改过的这条记录已被驳回，请先恢复 / the record of this row was rejected: reopen it first"
        )
        text = str(self._row.cells.get("text") or "")
        number = record.number if record else None
        return BackChange(
            record_id, number, text, "", None, None, problem, message, action="note", row=self._row.number
        )

    def _obstacle(
        self, key: str, held: Mapping[str, Value], current: Mapping[str, Value]
    ) -> tuple[Problem | None, str | None]:
        if key in self._row.bad:
            return "unreadable", bad_cell(self._row.bad[key])
        if key in _MADE:
            return "read_only", "这一列由系统填写，改动未采用 / this column is made by the system"
        now, wanted = current.get(key), self._row.cells[key]
        if not same(now, held.get(key)) and not same(now, wanted):
            return "conflict", "导出后在此改过，请看两个值再决定 / changed here since the export: compare both"
        if wanted is None and key.startswith("path/"):
            return "unreadable", "分组不能留空 / a grouping cell can't be left empty"
        return None, None

    def _read(self, key: str, record: IndicatorRecord, held: Mapping[str, Value]) -> tuple[Fields, str | None]:
        """The fields that the cell sets, and why it can't be read."""
        if key in _MADE or key in self._row.bad:
            return {}, None
        try:
            if key.startswith("path/"):
                values = path_of(self._groups(held), self._exported.levels)
            else:
                values = read_cell(key, self._row.cells[key], record, self._context)
            written(record, values)
        except Unreadable as error:
            return {}, str(error)
        return values, None

    def _groups(self, held: Mapping[str, Value]) -> list[str | None]:
        keys = sorted({f"path/{at}" for at in range(self._exported.levels)} | set(self._paths()))
        shown: list[Held] = []
        for key in keys:
            own = self._row.cells.get(key)
            shown.append(held.get(key) if own is None and (key in self._covered or key not in self._row.cells) else own)
        return [words_of(value) for value in shown]

    def _sure(
        self,
        record: IndicatorRecord,
        working: IndicatorRecord,
        key: str,
        held: Mapping[str, Value],
        current: Mapping[str, Value],
        values: Fields,
    ) -> Iterator[BackChange]:
        """One change for each field that gets another value, from what the changes before it leave."""
        for field, after in values.items():
            before = record_fields.read(working, field)
            if before != record_fields.normal(field, after):
                yield self._change(record, key, held, current, {field: after}, None, None, before)

    def _change(
        self,
        record: IndicatorRecord,
        key: str,
        held: Mapping[str, Value],
        current: Mapping[str, Value],
        values: Fields,
        problem: Problem | None,
        message: str | None,
        before: JsonValue = None,
    ) -> BackChange:
        wanted = _shown(self._row.cells[key])
        field = next(iter(values), key)
        if problem is not None and key not in _MADE:
            field = next(iter(values), _FIELDS.get(key.partition("/")[0], key))
            before = record_fields.read(record, field)
        return BackChange(
            record.record_id, record.number, record.text, field, before, values.get(field, wanted), problem, message,
            row=self._row.number, column=_COLUMN_TITLES[key], exported=_shown(held.get(key)),
            current=_shown(current.get(key)), wanted=wanted,
        )  # fmt: skip


_FIELDS = {"leader": "responsible", "lead": "responsible", "support": "responsible"}


def _shown(value: Held) -> str | None:
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).upper()
    return words_of(value)
