"""A documented heuristic: how sure the rules are of a record, 0 to 1. Calibration is for learned parts.

Start from how the item was cut (a numbered item or table cell is plain, a sentence less so) and take off for
each thing that had to be guessed: a metric composed of words that stand apart, very short or very long, a target
without number, numbers of the item that no field took, an item of a few characters.

Each filled field has its own figure by the same way of thinking. It starts where the record starts and loses
0.15 where a metric is composed of words that stand apart, 0.12 where no number is printed for a value, 0.1 where
a metric is very short or long, where a comparator is told by the metric alone, where a number has no unit, where a
name is long or speaks of several (各, 等), 0.07 where a date or name stands outside the item's own words and so was
inherited. The kind loses 0.1 where a number of the item was taken by no field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.types.item import Item
from extractor.types.record import Deadline, Evidence, IndicatorRecord, Responsible, Target

_BASE = {"quota": 0.95, "table": 0.96, "clause": 0.94, "sentence": 0.93}


def confidence_of(record: IndicatorRecord, item: Item) -> float:
    """In 0.05 … 0.99, two places."""
    score = _BASE[item.origin]
    for target in record.targets:
        if target.implicit:
            score -= 0.12
        if target.value is None:
            score -= 0.1
        if item.origin != "quota" and target.metric not in record.text:
            score -= 0.1  # composed of words that do not stand together
        if len(target.metric) < 4 or len(target.metric) > 40:
            score -= 0.1
    numbers = len(re.findall(r"\d+(?:\.\d+)?", record.text))
    if numbers > len(record.targets) + len(record.deadlines) and item.origin != "quota":
        score -= 0.05 * min(numbers - len(record.targets) - len(record.deadlines), 3)
    if len(record.text) < 6:
        score -= 0.1
    return round(min(max(score, 0.05), 0.99), 2)


_BARE = re.compile(r"[\d第前一二三四五六七八九十百千两半零〇０-９]")
_SEVERAL = re.compile(r"[各等]|有关|相关")
_PLAIN = ("number", "tier", "points", "row_points", "points_cap", "scoring_text", "notes", "assessed", "path")


def field_confidence_of(record: IndicatorRecord, item: Item) -> dict[str, float]:
    """By field path (``text``, ``targets/0/metric``, ``deadlines/0/end``), 0.05 … 0.99; empty fields have none."""
    base = _BASE[item.origin]
    found: dict[str, float] = {"text": base - 0.1 * (len(record.text) < 6)}
    numbers = len(re.findall(r"\d+(?:\.\d+)?", record.text)) if item.origin != "quota" else 0
    found["kind"] = base - 0.1 * (numbers > len(record.targets) + len(record.deadlines))
    found.update((name, base) for name in _PLAIN if getattr(record, name) not in (None, ()))
    for at, target in enumerate(record.targets):
        found.update((f"targets/{at}/{name}", value) for name, value in _of_target(target, record, item, base))
    for at, deadline in enumerate(record.deadlines):
        found.update((f"deadlines/{at}/{name}", value) for name, value in _of_deadline(deadline, record, base))
    for at, who in enumerate(record.responsible):
        found.update((f"responsible/{at}/{name}", value) for name, value in _of_who(who, record, base))
    return {name: round(min(max(value, 0.05), 0.99), 2) for name, value in found.items()}


def _of_target(target: Target, record: IndicatorRecord, item: Item, base: float) -> Iterator[tuple[str, float]]:
    apart = item.origin != "quota" and target.metric not in record.text
    odd = len(target.metric) < 4 or len(target.metric) > 40
    yield "metric", base - 0.15 * apart - 0.1 * odd - 0.12 * target.implicit
    told = target.op != "eq" and item.origin != "quota" and _BARE.match(target.raw or "") is not None
    yield "op", base - 0.1 * told
    yield "value", base - 0.12 * (target.implicit or target.value is None)
    if target.value is not None:
        yield "unit", base - 0.1 * (target.unit is None)
    if target.due is not None:
        own = any(
            deadline.end == target.due and not _outside(deadline.evidence, record) for deadline in record.deadlines
        )
        yield "due", base - 0.07 * (not own)


def _of_deadline(deadline: Deadline, record: IndicatorRecord, base: float) -> Iterator[tuple[str, float]]:
    sure = base - 0.07 * _outside(deadline.evidence, record)
    yield "raw", sure
    for name in ("by", "start", "end", "recurrence"):
        if getattr(deadline, name) is not None:
            yield name, sure


def _of_who(who: Responsible, record: IndicatorRecord, base: float) -> Iterator[tuple[str, float]]:
    inherited = 0.07 * _outside(who.evidence, record)
    yield "name", base - inherited - 0.1 * (len(who.name) > 16 or _SEVERAL.search(who.name) is not None)
    yield "role", base - inherited


def _outside(place: Evidence | None, record: IndicatorRecord) -> bool:
    return place is None or place.start < record.evidence.start or place.end > record.evidence.end
