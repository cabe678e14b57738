"""What is looked at first: how much may be wrong, times what hangs on it.

**Stake**, in points: those a record carries; else its even share of those printed for its row; else 1, and 0.5 for a
task. A veto weighs as much as the weightiest other record. Rejected records have none.

**Doubt**: 1 − confidence; at least 0.5 where a check has failed, 1 where it blocks approval, for then somebody must
look in any case.

**Risk** of a record: doubt × stake. Of a field: its own doubt × stake × the field's weight (``WEIGHTS``). Of a
document: the risk of its undecided records over the stakes of all, the share of its points that may be wrong.

A record's figures are in points, not shares: within a document the order is the same, and what a page has been told
of one record stays true when the points of another are corrected.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from extractor.review import fields
from extractor.review.checks import BLOCKING, fields_of
from extractor.types.issue import Issue
from extractor.types.record import IndicatorRecord

if TYPE_CHECKING:
    from extractor.review.state import Entry

Band = Literal[0, 1, 2]
Issues = Mapping[str, Sequence[Issue]]  # by record id

# What a wrong value costs: 1, the score is worked out from it; 0.6, what it is about, whom and when it binds;
# 0.3, how; 0.1, a label that people read.
WEIGHTS: Mapping[str, float] = {
    **dict.fromkeys(("kind", "points"), 1.0),
    **{f"targets/{name}": 1.0 for name in ("metric", "op", "value", "upper", "unit")},
    **dict.fromkeys(("text", "row_points", "points_cap", "per_occurrence", "tier"), 0.6),
    **{f"targets/{name}": 0.6 for name in ("per", "baseline", "scope", "due")},
    **dict.fromkeys(("deadlines/end", "responsible/name"), 0.6),
    **dict.fromkeys(("assessed", "scoring_text", "responsible/role"), 0.3),
    **{f"targets/{name}": 0.3 for name in ("implicit", "alternative", "strength", "raw")},
    **{f"deadlines/{name}": 0.3 for name in ("raw", "by", "start", "recurrence")},
    **dict.fromkeys(("path", "number", "notes"), 0.1),
}
_FAILED = 0.5
_PLAIN = {"task": 0.5}
_APART = ("bonus", "penalty", "veto")  # kinds that have no part in their row's points
_EDGES = (0.25, 0.1)  # the confidences 0.75 and 0.9, in a record of average stake
_INDEX = re.compile(r"/\d+")


@dataclass(frozen=True, slots=True)
class Risk:
    """``stake`` and ``value`` (the risk) in points. ``band``: 0 is looked at first."""

    stake: float
    value: float
    band: Band


def risks(entries: Sequence[Entry], issues: Issues) -> dict[str, Risk]:
    """By record id, whatever its status. ``issues``: the failed checks, waived ones too."""
    weighed = stakes(entry.record for entry in entries)
    live = [weighed[entry.record.record_id] for entry in entries if entry.record.status != "rejected"]
    mean = sum(live) / len(live) if live else 1.0
    found: dict[str, Risk] = {}
    for entry in entries:
        name = entry.record.record_id
        value = _doubt(entry.record.confidence, issues.get(name, ()), entry) * weighed[name]
        found[name] = Risk(weighed[name], value, _band(value / mean))
    return found


def share(entries: Iterable[Entry], found: Mapping[str, Risk]) -> float:
    """The document's risk, 0 to 1; 0 where all is decided."""
    undecided = sum(found[entry.record.record_id].value for entry in entries if entry.record.status == "draft")
    total = sum(risk.stake for risk in found.values())
    return undecided / total if total else 0.0


def field_risks(entry: Entry, issues: Sequence[Issue], stake: float) -> dict[str, float]:
    """By path, in points, of the fields that no person has set: those that have a confidence or a failed check; in a
    record that says nothing of its fields all that are filled.
    """
    record = entry.record
    failed: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        for path in fields_of(record, issue.code):
            failed[path].append(issue)
    known = record.field_confidence or dict.fromkeys(_filled(record))
    found: dict[str, float] = {}
    for path in {**known, **failed}:
        weight = _weight(path)
        if weight is not None and not _verified(entry, path):
            found[path] = _doubt(_sure(record, path), failed.get(path, ()), entry) * stake * weight
    return found


def stakes(records: Iterable[IndicatorRecord]) -> dict[str, float]:
    """By record id, in points."""
    records = tuple(records)
    shares = _row_shares(records)
    found: dict[str, float] = {}
    for record in records:
        if record.status == "rejected":
            found[record.record_id] = 0.0
        elif record.kind != "veto":
            own = abs(record.points or 0) or shares.get(record.record_id, 0.0)
            found[record.record_id] = float(own or _PLAIN.get(record.kind, 1.0))
    highest = max(found.values(), default=0.0) or 1.0
    return {record.record_id: found.get(record.record_id, highest) for record in records}


def _row_shares(records: Sequence[IndicatorRecord]) -> dict[str, float]:
    """Of what is printed for a row, in even parts. A row is told by the place where its points are printed."""
    rows: dict[tuple[object, ...], list[IndicatorRecord]] = defaultdict(list)
    for record in records:
        if record.row_points and record.status != "rejected" and record.kind not in _APART:
            places = record.field_evidence.get("row_points")
            at = (places[0].start, places[0].end, record.tier) if places else (record.record_id,)
            rows[at].append(record)
    return {
        record.record_id: abs(record.row_points or 0) / len(members) for members in rows.values() for record in members
    }


def _doubt(confidence: float, issues: Sequence[Issue], entry: Entry) -> float:
    doubt = 1 - confidence
    for issue in issues:
        if issue.code in entry.waived:
            continue
        if issue.code in BLOCKING:
            return 1.0
        if issue.severity != "info":
            doubt = max(doubt, _FAILED)
    return doubt


def _band(relative: float) -> Band:
    return 0 if relative > _EDGES[0] else 1 if relative > _EDGES[1] else 2


def _filled(record: IndicatorRecord) -> Iterator[str]:
    for path in fields.leaves(record):
        value = fields.read(record, path) if _weight(path) is not None else None
        if value is not None and value is not False and value not in ("", []):  # 0 is a value
            yield path


@lru_cache(maxsize=4096)
def _weight(path: str) -> float | None:
    return WEIGHTS.get(_INDEX.sub("", path))


def _sure(record: IndicatorRecord, path: str) -> float:
    """The confidence of the field or of what it lies in."""
    at = path
    while at:
        if (known := record.field_confidence.get(at)) is not None:
            return known
        at = at.rpartition("/")[0]
    return record.confidence


def _verified(entry: Entry, path: str) -> bool:
    """Whether a person set the field, or the element that it lies in."""
    if not entry.set_by:
        return False
    element = path.rpartition("/")[0]
    return path in entry.set_by or (bool(element) and element in entry.set_by)
