"""What does not hold in the current records: the pipeline's own checks run anew, and those that only a person's
corrections can break.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from extractor.records.checks import check_records
from extractor.review import fields
from extractor.types.issue import Issue, Severity
from extractor.types.outline import Official
from extractor.types.record import DocumentInfo, Evidence, IndicatorRecord

if TYPE_CHECKING:
    from extractor.review.state import Entry

BLOCKING = frozenset({
    "points_do_not_add_up", "share_over_100", "range_reversed", "due_before_issue", "deadline_before_issue",
    "target_incomplete", "kind_mismatch", "text_not_at_evidence", "duplicate_record",
})  # fmt: skip
_LOOKED_AT = {
    "points_do_not_add_up": re.compile(r"points"),
    "share_over_100": re.compile(r"targets/\d+/value"),
    "range_reversed": re.compile(r"targets/\d+/(?:value|upper)"),
    "due_before_issue": re.compile(r"targets/\d+/due"),
    "deadline_before_issue": re.compile(r"deadlines/\d+/(?:raw|end)"),
}
Known = dict[str, tuple[IndicatorRecord, tuple[Issue, ...]]]
_INVISIBLE = str.maketrans("", "", "\ufeff\u200b")


def check(
    entries: Iterable[Entry], info: DocumentInfo | None, text: str | None = None, known: Known | None = None
) -> dict[str, tuple[Issue, ...]]:
    """The failed checks of each record that has any, by record id. Rejected records count nowhere.

    ``text`` is the document's; without it no record's words are compared with the source. ``known`` keeps what was
    found on single records from one call to the next over the same document, so that only changed ones are looked at.
    """
    known = {} if known is None else known
    records = tuple(_bare(entry.record) for entry in entries if entry.record.status != "rejected")
    official = Official(issued_on=info.issued_on if info is not None else None)
    found: dict[str, list[Issue]] = defaultdict(list)
    for record in check_records(records, official):
        if record.issues:
            found[record.record_id].extend(record.issues)
    for record in records:
        before = known.get(record.record_id)
        if before is None or before[0] is not record:
            before = known[record.record_id] = (record, tuple(_own(record, text)))
        if before[1]:
            found[record.record_id].extend(before[1])
    for record, issue in (*_duplicates(records), *_without_names(records)):
        found[record.record_id].append(issue)
    return {name: tuple(issues) for name, issues in found.items()}


def fields_of(record: IndicatorRecord, code: str) -> list[str]:
    """The paths of the fields that a failed check speaks of; none where it speaks of the whole record."""
    known = _LOOKED_AT.get(code)
    return [] if known is None else [path for path in fields.leaves(record) if known.fullmatch(path)]


def words_at(text: str, evidence: Evidence) -> str:
    """The words of the source that a place covers, part by part."""
    parts = evidence.parts or (evidence,)
    return "".join(text[part.start : part.end] for part in parts)


def _bare(record: IndicatorRecord) -> IndicatorRecord:
    """What the pipeline found wrong when it read the document may have been corrected since."""
    return record.model_copy(update={"issues": ()}) if record.issues else record


def _issue(record: IndicatorRecord, code: str, message: str, severity: Severity = "warning") -> Issue:
    at = record.evidence
    return Issue(code=code, severity=severity, message=message, start=at.start, end=at.end, page=at.page)


def _own(record: IndicatorRecord, text: str | None) -> Iterator[Issue]:
    for target in record.targets:
        if not target.metric.strip():
            yield _issue(record, "target_incomplete", "目标没有写明量的是什么 / a target without a metric")
        if target.value is None and not target.baseline:
            message = f"{target.metric}：没有目标值 / a target without a value"
            yield _issue(record, "target_incomplete", message)
    if bool(record.targets) != (record.kind == "target"):
        message = (
            "有目标值，类别却不是目标 / it has targets but is of another kind"
            if record.targets
            else "类别为目标，却没有目标值 / called a target but has none"
        )
        yield _issue(record, "kind_mismatch", message)
    if text is not None and not _stands(record, text):
        message = "文字与原文所在之处不符 / the words are not those at their place in the document"
        yield _issue(record, "text_not_at_evidence", message)


def _stands(record: IndicatorRecord, text: str) -> bool:
    at = record.evidence
    whole = text[at.start : at.end]
    if record.text == whole:
        return True
    said = _squeeze(record.text)
    return said == _squeeze(whole) or said == _squeeze(words_at(text, at))


def _squeeze(words: str) -> str:
    return "".join(words.split()).translate(_INVISIBLE)


def _duplicates(records: Sequence[IndicatorRecord]) -> Iterator[tuple[IndicatorRecord, Issue]]:
    """Records made of the very same words for the same grade."""
    same: dict[tuple[object, ...], list[IndicatorRecord]] = defaultdict(list)
    for record in records:
        same[record.evidence.start, record.evidence.end, record.tier, record.text].append(record)
    for twins in same.values():
        if len(twins) > 1:
            for record in twins:
                yield record, _issue(record, "duplicate_record", "与另一条重复 / the same words as another record")


def _without_names(records: Sequence[IndicatorRecord]) -> Iterator[tuple[IndicatorRecord, Issue]]:
    """Rows that name nobody in a table whose other rows do."""
    tables: dict[int, list[IndicatorRecord]] = defaultdict(list)
    for record in records:
        if record.evidence.cell is not None:
            tables[record.evidence.cell[0]].append(record)
    for rows in tables.values():
        empty = [record for record in rows if not record.responsible]
        if len(empty) < len(rows):
            for record in empty:
                message = "同表其他行有责任单位，本条没有 / other rows of the table name who is responsible"
                yield record, _issue(record, "responsible_empty", message)
