"""Rows that somebody added to the workbook: records to add, where the document holds their text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from pydantic import JsonValue

from extractor.export.xlsx_read import SheetRow
from extractor.review import fields as record_fields
from extractor.review.errors import Refused
from extractor.types.record import Evidence, IndicatorRecord
from extractor.workspace.back_change import BackChange, Problem
from extractor.workspace.cell_words import Unreadable, words_of
from extractor.workspace.xlsx_cells import KEYS, Context, Fields, path_of, read_cell

_BAD = {
    "formula": "公式没有保存结果，请改为文字 / a formula without a stored result: make it words",
    "error": "单元格是错误值 / the cell holds an error value",
}
_SPACE = re.compile(r"\s+")
_MOST_PLACES = 1000  # of one text that are looked at


def bad_cell(problem: str) -> str:
    """Words for a cell without a value to read."""
    return _BAD[problem]


class NewRows:
    """``text``: the document's, None where it is not at hand. ``records``: those that stand now."""

    def __init__(self, text: str | None, records: Sequence[IndicatorRecord], context: Context, levels: int) -> None:
        self._context, self._levels = context, levels
        self._text = text
        self._taken = [
            (part.start, part.end)
            for record in records
            if record.status != "rejected"
            for part in (record.evidence.parts or (record.evidence,))
        ]

    @cached_property
    def _squeezed(self) -> tuple[str, Sequence[int]]:
        """The document's text without blanks and line breaks, and where each character stands in it."""
        kept = [at for at, char in enumerate(self._text or "") if not char.isspace()]
        return "".join((self._text or "")[at] for at in kept), kept

    def change(self, row: SheetRow) -> BackChange:
        """The proposal to add a record for the row, or what is in its way."""
        text = ""
        try:
            text = words_of(row.cells.get("text")) or ""
            if not text:
                raise Unreadable("新增的行没有指标内容 / a new row without a text")
            fields = self._fields(row, text)
        except Unreadable as error:
            return self._said(row, text, "unreadable", str(error), None)
        found = self._find(text)
        if isinstance(found, tuple):
            after: JsonValue = {"start": found[0], "end": found[1], "fields": fields}
            return self._said(row, text, None, None, after)
        return self._said(row, text, found, _MESSAGES[found], None)

    def _said(
        self, row: SheetRow, text: str, problem: Problem | None, message: str | None, after: JsonValue
    ) -> BackChange:
        return BackChange(
            "", None, text, "", None, after, problem=problem, message=message, action="add", row=row.number, wanted=text
        )  # fmt: skip

    def _fields(self, row: SheetRow, text: str) -> Fields:
        """What the filled cells say; the others are left to the reading of the text."""
        if row.bad:
            raise Unreadable(bad_cell(next(iter(row.bad.values()))))
        record = IndicatorRecord(record_id="-", text=text, kind="task", evidence=Evidence(start=0, end=0), confidence=1)
        found: Fields = {}
        groups = [words_of(row.cells.get(f"path/{at}")) for at in range(self._levels)]
        if any(groups):
            found |= path_of(groups, self._levels)
        for key in KEYS:
            if key == "text" or row.cells.get(key) is None:
                continue
            read = read_cell(key, row.cells[key], record, self._context)
            record = written(record, read)
            found |= read
        return found

    def _find(self, text: str) -> tuple[int, int] | Problem:
        """Where the document holds the text, blanks and line breaks aside, and no record stands yet."""
        words = _SPACE.sub("", text)
        squeezed, kept = self._squeezed
        places: list[tuple[int, int]] = []
        at = squeezed.find(words) if words else -1
        while at >= 0 and len(places) < _MOST_PLACES:
            places.append((kept[at], kept[at + len(words) - 1] + 1))
            at = squeezed.find(words, at + 1)
        free = [place for place in places if not any(s < place[1] and place[0] < e for s, e in self._taken)]
        if len(free) == 1:
            return free[0]
        return "ambiguous" if free else "exists" if places else "not_found"


_MESSAGES: dict[Problem, str] = {
    "not_found": "原文中没有这句话，不能新增；请照抄原文 / the document does not hold this text: copy its words",
    "ambiguous": "原文中有多处这句话，请在工作台中选定一处新增 / the document holds this text more than once: add it in "
    "the workspace",
    "exists": "原文这一处已有记录 / there is a record of these words already",
}


def written(record: IndicatorRecord, values: Fields) -> IndicatorRecord:
    """The record with these fields. Raises ``Unreadable`` for a value that the contract does not allow."""
    try:
        for field, value in values.items():
            record = record_fields.write(record, field, value)
    except Refused as error:
        raise Unreadable(str(error)) from error
    return record
