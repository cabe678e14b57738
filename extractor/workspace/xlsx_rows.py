"""Which row of an edited workbook is which record's.

The hidden ids tell it, unless the sheet was sorted without their column, rows were copied with them, or the column
is gone: then a row is the record whose exported text it holds, or nobody's, and that is said.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from extractor.export.columns import Value
from extractor.export.xlsx_read import Exported, Held, ReturnedSheet, SheetRow

# Columns whose cells a person writes; the others come by merging or are made by the export.
OWN = ("number", "text", "kind", "tier", "targets", "deadlines", "leader", "lead", "support", "points", "assessed",
       "scoring_text", "notes")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and whose it is. ``record_id`` None: a new row, or with ``unclear`` one that may be anybody's."""

    row: SheetRow
    record_id: str | None
    unclear: bool = False


def place_rows(sheet: ReturnedSheet, exported: Exported) -> list[Placed]:
    """Every row that holds something of its own; a row that was emptied counts as deleted."""
    rows = [row for row in sheet.rows if row.bad or any(row.cells.get(key) is not None for key in OWN)]
    by_text = _unique_texts(exported.cells)
    if sheet.sha256 is None:
        return _by_text(rows, by_text)
    claims: dict[str, list[SheetRow]] = defaultdict(list)
    placed: dict[int, Placed] = {}
    texts = {(row.record_id, plain(row.cells.get("text"))) for row in rows}
    for row in rows:
        owner, unclear = _owner(row, exported, by_text, texts)
        if owner is None or unclear:
            placed[row.number] = Placed(row, None, unclear)
        else:
            claims[owner].append(row)
    for record_id, claimed in claims.items():
        for row, mine in zip(claimed, _shared_out(record_id, claimed, exported), strict=True):
            placed[row.number] = mine
    return [placed[row.number] for row in rows]


def _owner(
    row: SheetRow, exported: Exported, by_text: Mapping[str, str], texts: Container[tuple[object, object]]
) -> tuple[str | None, bool]:
    """The record by the row's id, unless its text is that of another record whose own row has another text now.

    ``texts``: each row's id with its text.
    """
    if row.record_id is None or row.record_id not in exported.cells:
        return None, False
    text = plain(row.cells.get("text"))
    if "text" not in row.cells or text == plain(exported.cells[row.record_id].get("text")):
        return row.record_id, False
    other = by_text.get(str(text))
    if other is None or other == row.record_id:
        return row.record_id, False
    return (row.record_id, True) if (other, text) in texts else (other, False)


def _shared_out(record_id: str, claimed: Sequence[SheetRow], exported: Exported) -> list[Placed]:
    """Of several rows with one record's id the one that is most like it; a copy is a new row, a stranger unclear."""
    cells = exported.cells[record_id]
    alike = [_likeness(row, cells) for row in claimed]
    best = max(range(len(claimed)), key=lambda at: alike[at])
    found: list[Placed] = []
    for at, row in enumerate(claimed):
        if at == best:
            found.append(Placed(row, record_id))
        else:
            swapped = row.record_id != record_id or (alike[best][0] and claimed[best].record_id != record_id)
            found.append(Placed(row, None, unclear=bool(swapped)))
    return found


def _likeness(row: SheetRow, cells: Mapping[str, Value]) -> tuple[bool, int]:
    alike = sum(same(row.cells.get(key), cells.get(key)) for key in OWN if key in row.cells)
    return same(row.cells.get("text"), cells.get("text")), alike


def _by_text(rows: Sequence[SheetRow], by_text: Mapping[str, str]) -> list[Placed]:
    counts = Counter(str(plain(row.cells.get("text"))) for row in rows)
    found: list[Placed] = []
    for row in rows:
        text = str(plain(row.cells.get("text")))
        record_id = by_text.get(text) if counts[text] == 1 else None
        found.append(Placed(row, record_id, unclear=record_id is None))
    return found


def _unique_texts(cells: Mapping[str, Mapping[str, Value]]) -> dict[str, str]:
    """Record by exported text, of texts that one record alone has."""
    texts = {record_id: str(plain(held.get("text"))) for record_id, held in cells.items()}
    counts = Counter(texts.values())
    return {text: record_id for record_id, text in texts.items() if counts[text] == 1}


def same(one: Held, other: Held) -> bool:
    """Whether two cells hold the same: blanks at the ends of lines aside, a number and its digits alike."""
    a, b = plain(one), plain(other)
    if isinstance(a, str) and isinstance(b, float):
        a, b = b, a
    if isinstance(a, float) and isinstance(b, str):
        try:
            return math.isclose(a, float(b), rel_tol=1e-9)
        except ValueError:
            return False
    return math.isclose(a, b, rel_tol=1e-9) if isinstance(a, float) and isinstance(b, float) else a == b


def plain(value: Held) -> str | float | None:
    """A cell's value for comparing: 5 and 5.0 are one, blanks at the ends of lines are nothing."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).upper()
    if isinstance(value, int | float):
        return float(value)
    words = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in words.split("\n")).strip() or None
