"""A documented heuristic: how sure the rules are of a record, 0 to 1. Calibration is for learned parts.

Start from how the item was cut (a numbered item or table cell is plain, a sentence less so) and take off for
each thing that had to be guessed: a metric composed of words that stand apart, very short or very long, a target
without number, numbers of the item that no field took, an item of a few characters.
"""

from __future__ import annotations

import re

from extractor.types.item import Item
from extractor.types.record import IndicatorRecord

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
