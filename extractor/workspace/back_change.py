"""One correction that an edited workbook proposes, or why a place in it proposes none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

Action = Literal["edit", "reject", "add", "note"]
Problem = Literal[
    "conflict",  # changed here too since the export
    "unreadable",  # the cell can't be read in one way alone
    "read_only",  # a column that the export makes
    "gone",  # the record is no more (split, merged, taken back)
    "rejected",  # the record was rejected here
    "unclear",  # whose row it is can't be told
    "not_found",  # a new row whose text the document does not hold
    "ambiguous",  # … or holds more than once
    "exists",  # … or holds where a record stands already
    "unknown_column",
    "missing_column",
]


@dataclass(frozen=True, slots=True)
class BackChange:
    """``action`` edit: ``field`` of ``record`` from ``before`` (its value now) to ``after``, JSON as in the contract.

    reject: the row was deleted; ``field`` is ``status``. add: a row was added; ``record`` and ``field`` are empty,
    ``after`` is ``{"start", "end", "fields": {field: value}}``, the place of its text in the document and what its
    cells say. note: nothing can follow from it, see ``message``.

    With a ``problem`` (``message`` says it in words) the change must not be made; where a cell was not readable
    ``after`` is its words. ``exported``, ``current`` and ``wanted`` are the cell's words as exported, as they would
    be exported now, and as they came back. ``row`` counts as the spreadsheet program does; None for a deleted row.
    """

    record: str
    number: str | None
    text: str
    field: str
    before: JsonValue
    after: JsonValue
    problem: Problem | None = None
    message: str | None = None
    action: Action = "edit"
    row: int | None = None
    column: str | None = None
    exported: str | None = None
    current: str | None = None
    wanted: str | None = None
