"""An entry as the interface shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from extractor.review import fields
from extractor.review.checks import BLOCKING, fields_of
from extractor.review.risk import Risk, field_risks
from extractor.review.state import Entry
from extractor.types.issue import Issue
from extractor.types.record import Evidence, IndicatorRecord


def as_json(entry: Entry, issues: Sequence[Issue], risk: Risk) -> dict[str, JsonValue]:
    """``record`` (its ``issues`` are the current ones), ``position``, ``origin``, ``set_by`` by field path,
    ``inherited`` (fields whose words stand outside the record's own text and row), ``checks``, ``risk``, ``version``.
    """
    record = entry.record.model_copy(update={"issues": tuple(issues)})
    return {
        "record": record.model_dump(mode="json"),
        "position": entry.position,
        "origin": entry.origin,
        "set_by": _set_by(entry),
        "inherited": list(_inherited(entry.record)),
        "checks": [
            {
                "code": issue.code,
                "severity": issue.severity,
                "message": issue.message,
                "blocking": issue.code in BLOCKING and issue.code not in entry.waived,
                "waived": issue.code in entry.waived,
                "fields": list[JsonValue](fields_of(record, issue.code)),
            }
            for issue in issues
        ],
        "risk": _risk(entry, issues, risk),
        "version": entry.version,
    }


def _risk(entry: Entry, issues: Sequence[Issue], risk: Risk) -> dict[str, JsonValue]:
    of_fields: dict[str, JsonValue] = {
        path: round(value, 4) for path, value in field_risks(entry, issues, risk.stake).items()
    }
    return {"stake": round(risk.stake, 4), "record": round(risk.value, 4), "band": risk.band, "fields": of_fields}


def _set_by(entry: Entry) -> dict[str, JsonValue]:
    """With the fields of an element that a person set as a whole."""
    found: dict[str, JsonValue] = {}
    for key, by in entry.set_by.items():
        said: JsonValue = {"actor": by.actor, "at": by.at, "seq": by.seq}
        found[key] = said
        root, _, index = key.partition("/")
        if root in fields.LISTS and index.isdecimal() and int(index) < len(getattr(entry.record, root)):
            element = getattr(entry.record, root)[int(index)]
            for leaf in type(element).model_fields:
                found.setdefault(f"{key}/{leaf}", said)
    return found


def _inherited(record: IndicatorRecord) -> Iterator[str]:
    for name, places in record.field_evidence.items():
        if places and not all(_own(place, record) for place in places):
            yield name
    for root in fields.LISTS:
        for at, element in enumerate(getattr(record, root)):
            if element.evidence is not None and not _own(element.evidence, record):
                yield f"{root}/{at}"
                yield from (f"{root}/{at}/{leaf}" for leaf in type(element).model_fields if leaf != "evidence")
    dues = {deadline.end for deadline in record.deadlines if deadline.evidence and not _own(deadline.evidence, record)}
    for at, target in enumerate(record.targets):
        if target.due is not None and target.due in dues:
            yield f"targets/{at}/due"


def _own(place: Evidence, record: IndicatorRecord) -> bool:
    """Whether a place lies in the record's own words or its row of a table."""
    own = record.evidence
    if own.start <= place.start and place.end <= own.end:
        return True
    return place.cell is not None and own.cell is not None and place.cell[:2] == own.cell[:2]
