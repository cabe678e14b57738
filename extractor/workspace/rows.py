"""Records as the store keeps them and as the search finds them."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.review.state import Entry
from extractor.store.records import RecordRow
from extractor.types.record import IndicatorRecord


def record_row(entry: Entry) -> RecordRow:
    """The row of a record as it stands, its ``data`` the contract's JSON."""
    record = entry.record
    return RecordRow(record.record_id, entry.position, record.status, record.model_dump(mode="json"), entry.version)


def fresh_rows(records: Iterable[IndicatorRecord]) -> list[RecordRow]:
    """Of a draft that nobody has touched."""
    return [record_row(Entry(record, float(at))) for at, record in enumerate(records)]


def index_words(records: Iterable[IndicatorRecord]) -> list[tuple[str, str]]:
    """(record id, what it is found by): its words, and what it was filled with from elsewhere."""
    return [(record.record_id, _words(record)) for record in records]


def _words(record: IndicatorRecord) -> str:
    parts = [
        record.number,
        record.text,
        *record.path,
        *(target.metric for target in record.targets),
        *(deadline.raw for deadline in record.deadlines),
        *(unit.name for unit in record.responsible),
        *record.assessed,
        record.scoring_text,
        record.notes,
    ]
    return "\n".join(dict.fromkeys(part for part in parts if part))
