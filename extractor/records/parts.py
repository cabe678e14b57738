"""What the record stage asks of others: which words name a metric, and how sure one may be. Rules answer by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extractor.records.confidence import confidence_of, field_confidence_of
from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.types.item import Item
from extractor.types.record import IndicatorRecord


class MetricChooser(Protocol):
    """May give drafts other metrics; nothing else of them, and none more or fewer.

    ``near`` is the document's text around the item: what is named there is a term of this document.
    """

    def __call__(self, frame: Frame, drafts: Sequence[Draft], near: str) -> tuple[Draft, ...]: ...


@dataclass(frozen=True, slots=True)
class Sureness:
    """``record``: that all of it is right; ``fields`` by field path (``targets/0/metric``). 0…1."""

    record: float
    fields: dict[str, float]


class Confidence(Protocol):
    """``drafts`` belong to ``record.targets`` one by one (None for the cell of a quota table)."""

    def __call__(self, record: IndicatorRecord, item: Item, drafts: Sequence[Draft | None]) -> Sureness: ...


def rules_metric(frame: Frame, drafts: Sequence[Draft], near: str) -> tuple[Draft, ...]:
    """As the rules composed them."""
    return tuple(drafts)


def rules_confidence(record: IndicatorRecord, item: Item, drafts: Sequence[Draft | None]) -> Sureness:
    """The documented heuristic of ``records.confidence``."""
    return Sureness(confidence_of(record, item), field_confidence_of(record, item))


@dataclass(frozen=True, slots=True)
class RecordParts:
    metric: MetricChooser = rules_metric
    confidence: Confidence = rules_confidence


RULES = RecordParts()
