"""One row a target, for spreadsheets and data tools; a record without targets has one row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from extractor.export.base import Layout
from extractor.export.words import deadline_words, names, place
from extractor.types.record import ExtractionFile, IndicatorRecord, Target

Value = str | float | int | bool | None
_RECORD = ("number", "text", "kind", "tier", "points", "row_points", "per_occurrence", "points_cap")
_TARGET = (
    "metric", "op", "value", "upper", "unit", "per", "baseline", "implicit", "alternative", "due", "scope", "raw",
    "strength",
)  # fmt: skip
_REST = (
    "deadlines", "leader", "lead", "support", "assessed", "scoring_text", "notes", "place", "start", "end",
    "confidence", "status",
)  # fmt: skip
COLUMNS = ("source_name", "record_id", "path", *_RECORD, *_TARGET, *_REST)

_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
)  # full-width ones too: a Chinese Excel takes them for the others
_BLANK = "".join(map(chr, range(33))) + "\x7f\u3000\ufeff\u200b"  # a spreadsheet may drop these before it looks

_CHANGED = re.compile(r"\d+[-/]\d+|\d+[eE]\d+|\d{16,}")  # 3-5 becomes a date, 1234e5678 and long ids other numbers


def render(files: Sequence[ExtractionFile], layout: Layout) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads it as such. Column names are the contract's.

    Lists are joined with 、, path with `` / ``. Words that a spreadsheet would take for a formula, a date
    or a number get an apostrophe before them.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for file in files:
        for record in file.records:
            for target in record.targets or (None,):
                writer.writerow([harmless(value) for value in _row(file.document.source_name, record, target)])
    return out.getvalue().encode("utf-8-sig")


def _row(source: str, record: IndicatorRecord, target: Target | None) -> list[Value]:
    head: list[Value] = [source, record.record_id, " / ".join(record.path)]
    own: list[Value] = [getattr(record, name) for name in _RECORD]
    goal: list[Value] = [getattr(target, name) if target else None for name in _TARGET]
    rest: list[Value] = [
        "、".join(deadline_words(one) for one in record.deadlines),
        *(names(record, role) for role in ("leader", "lead", "support")),
        "、".join(record.assessed),
        record.scoring_text,
        record.notes,
        place(record.evidence),
        record.evidence.start,
        record.evidence.end,
        record.confidence,
        record.status,
    ]
    return head + own + goal + rest


def harmless(value: Value) -> Value:
    """A cell that no spreadsheet takes for a formula or writes otherwise (3-5 as a date, an id of digits alone as a
    rounded number); whole numbers without a point, truth values in small letters.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return value
    formula = value[:1] in ("\t", "\r", "\n") or value.lstrip(_BLANK)[:1] in _FORMULA
    return "'" + value if formula or _CHANGED.fullmatch(value) else value
