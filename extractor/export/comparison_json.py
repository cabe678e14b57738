"""A comparison as plain values for programs; the shape is in docs/exports.md."""

from __future__ import annotations

import json
from typing import Any

from extractor.export.comparison_words import evidence_of
from extractor.types.comparison import Comparison, Party, Row, Side

VERSION = "1.0"
_INFO = ("source_name", "sha256", "title", "document_number", "issuer", "issued_on", "year")
_RECORD = ("record_id", "path", "number", "kind", "tier", "text", "points")
_TARGET = (
    "metric", "op", "value", "upper", "unit", "per", "baseline", "implicit", "scope", "strength", "raw", "due",
)  # fmt: skip


def render(comparison: Comparison) -> bytes:
    """UTF-8, indented, a line feed at the end."""
    return json.dumps(as_json(comparison), ensure_ascii=False, indent=1).encode() + b"\n"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The whole comparison; ``rows`` as ``row_as_json`` has them."""
    return {
        "comparison_version": VERSION,
        "old": _party(comparison.old),
        "new": _party(comparison.new),
        "counts": dict(comparison.counts),
        "rows": [row_as_json(row) for row in comparison.rows],
    }


def row_as_json(row: Row) -> dict[str, Any]:
    """Both sides whole, each None where it is not there; ``mark`` counts in the side's ``text``."""
    return {
        "category": row.category,
        "stricter": row.stricter,
        "change": row.change,
        "change_unit": row.unit,
        "similarity": None if row.similarity is None else round(row.similarity, 4),
        "differences": [{"aspect": each.aspect, "old": each.old, "new": each.new} for each in row.differences],
        "notes": list(row.notes),
        "old": _side(row.old),
        "new": _side(row.new),
    }


def _party(party: Party) -> dict[str, Any]:
    info = {name: getattr(party.info, name) for name in _INFO}
    return {**info, "records": party.records, "targets": party.targets, "silent": list(party.silent)}


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    record, target = side.record, side.target
    at = evidence_of(side)
    return {
        **{name: getattr(record, name) for name in _RECORD},
        "target": side.at,
        **{name: None if target is None else getattr(target, name) for name in _TARGET},
        "deadlines": [one.model_dump(mode="json", include={"raw", "end", "recurrence"}) for one in record.deadlines],
        "responsible": [{"name": one.name, "role": one.role} for one in record.responsible],
        "mark": side.mark,
        "evidence": {"start": at.start, "end": at.end, "page": at.page, "cell": at.cell, "address": at.address},
    }
