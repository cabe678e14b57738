"""Checks that need no reviewer's eye: points that do not add up, shares over 100, dates before the document's own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from extractor.types.issue import Issue, Severity
from extractor.types.outline import Official
from extractor.types.record import IndicatorRecord

_SHARE = re.compile(r"(?:率|占比|比例|比重|覆盖|覆盖面|满意度)$")


@dataclass(frozen=True, slots=True)
class _Finding:
    code: str
    severity: Severity
    message: str


def check_records(records: tuple[IndicatorRecord, ...], official: Official) -> tuple[IndicatorRecord, ...]:
    """The records, each with the issues found on it."""
    sums = _row_sums(records)
    return tuple(
        _with_issues(record, [*_own(record, official), *sums.get(at, ())]) for at, record in enumerate(records)
    )


def _with_issues(record: IndicatorRecord, findings: list[_Finding]) -> IndicatorRecord:
    if not findings:
        return record
    issues = tuple(
        Issue(
            code=finding.code, severity=finding.severity, message=finding.message, start=record.evidence.start,
            end=record.evidence.end, page=record.evidence.page,
        )
        for finding in findings
    )  # fmt: skip
    return record.model_copy(update={"issues": (*record.issues, *issues)})


def _own(record: IndicatorRecord, official: Official) -> Iterable[_Finding]:
    for target in record.targets:
        if target.unit == "%" and target.value is not None and target.value > 100 and _SHARE.search(target.metric):
            yield _Finding("share_over_100", "warning", f"{target.metric}：百分比超过100 / a share over 100 %")
        if target.upper is not None and target.value is not None and target.upper < target.value:
            yield _Finding("range_reversed", "warning", f"{target.metric}：区间上限小于下限 / the range is reversed")
        if target.due and official.issued_on and target.due < official.issued_on:
            yield _Finding(
                "due_before_issue", "warning", f"{target.due} 早于成文日期 / due before the document was issued"
            )
    for deadline in record.deadlines:
        if deadline.end and official.issued_on and deadline.end < official.issued_on:
            yield _Finding(
                "deadline_before_issue", "warning", f"{deadline.raw}：早于成文日期 / before the document was issued"
            )


def _row_sums(records: tuple[IndicatorRecord, ...]) -> dict[int, list[_Finding]]:
    """Rows whose items' points differ from the points printed for the row."""
    rows: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        places = record.field_evidence.get("row_points")
        if record.row_points is not None and places:
            rows[(places[0].start, places[0].end, record.tier)].append(at)
    found: dict[int, list[_Finding]] = {}
    for members in rows.values():
        points = [records[at].points for at in members if records[at].kind in ("target", "task")]
        if len(points) < 2 or any(value is None for value in points):
            continue
        total, printed = sum(value for value in points if value is not None), records[members[0]].row_points
        if printed is not None and abs(total - printed) > 1e-6:
            message = f"各项得分合计{total:g}分，与该行{printed:g}分不符 / points add up to {total:g}, not {printed:g}"
            for at in members:
                found[at] = [_Finding("points_do_not_add_up", "warning", message)]
    return found
