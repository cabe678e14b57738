"""What a 任务分解表 carries unseen, so that it can come back: whose row is whose, and what its cells held."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openpyxl.worksheet.worksheet import Worksheet

from extractor.export import sheet as paper
from extractor.export.columns import MOST_CHARS, Column, Value, cells, levels_of
from extractor.types.record import ExtractionFile

VERSION = 1
SHEET = "_extractor"
MARK = "record_id "  # opens the title of the hidden column; the document's sha256 follows


def record_column(file: ExtractionFile) -> Column:
    """The hidden column. It stands among the others, so that whoever sorts a range of cells sorts it too."""
    return Column("record_id", MARK + file.document.sha256, 4, lambda r: r.record_id, hidden=True)


@dataclass(slots=True)
class Trace:
    """The hidden sheet: a row for the format, then for each document one of its own and one for each record."""

    SHEET = SHEET
    _rows: list[tuple[Value, ...]] = field(default_factory=lambda: [("extractor", VERSION)])

    def add(self, file: ExtractionFile, seq: int | None) -> None:
        levels = levels_of(file.records)
        self._rows.append(("document", file.document.sha256, seq, levels))
        for record in file.records:
            held = {key: value for key, value in cells(record, levels).items() if value not in (None, "")}
            self._rows.append(("record", record.record_id, *_pieces(held)))

    def write(self, sheet: Worksheet) -> None:
        for row, values in enumerate(self._rows, start=1):
            for at, value in enumerate(values, start=1):
                paper.put(paper.cell_at(sheet, row, at), value)
        sheet.sheet_state = "veryHidden"


def _pieces(held: Mapping[str, Value]) -> Iterator[str]:
    """JSON in pieces that fit a cell. ``_x`` is spelt out: spreadsheets read ``_x000D_`` as a character."""
    words = json.dumps(held, ensure_ascii=False, separators=(",", ":")).replace("_x", "\\u005fx")
    for at in range(0, len(words), MOST_CHARS):
        yield words[at : at + MOST_CHARS]
