"""What the pipeline did with an example: every choice that a component may learn to make, beside the gold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extractor.components import RULES, Components
from extractor.formats import read_document
from extractor.items.columns import Column
from extractor.items.table_grid import Grid
from extractor.pipeline import extract_document
from extractor.records.draft import Draft
from extractor.records.frame import Frame
from extractor.records.parts import Confidence, MetricChooser, Sureness
from extractor.training.examples import Example
from extractor.types.document import Document
from extractor.types.item import Item
from extractor.types.outline import Outline
from extractor.types.record import IndicatorRecord

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of the metric chooser: the drafts as the rules made them, and what it answered."""

    frame: Frame
    drafts: tuple[Draft, ...]
    near: str
    answered: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A record with the item it was made of and the drafts of its targets (None for a quota cell)."""

    record: IndicatorRecord
    item: Item
    drafts: tuple[Draft | None, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """``items`` are all stretches that were looked at, the dropped ones too; ``output`` is the contract's JSON."""

    example: Example
    document: Document
    outline: Outline
    items: tuple[Item, ...]
    grids: tuple[tuple[Grid, tuple[Column, ...]], ...]
    asked: tuple[Asked, ...]
    made: tuple[Made, ...]
    output: dict[str, Any]


class _Recorder:
    """Stands in for the parts it wraps and writes down what they are asked."""

    def __init__(self, parts: Components) -> None:
        self.items: tuple[Item, ...] = ()
        self.grids: list[tuple[Grid, tuple[Column, ...]]] = []
        self.asked: list[Asked] = []
        self.made: list[Made] = []
        self._judge = parts.items.judge
        self._columns = parts.items.columns
        self._metric: MetricChooser = parts.records.metric
        self._confidence: Confidence = parts.records.confidence

    def judge(self, document: Document, outline: Outline, items: Sequence[Item]) -> tuple[Item, ...]:
        self.items = self._judge(document, outline, items)
        return self.items

    def columns(self, grid: Grid) -> tuple[Column, ...]:
        found = self._columns(grid)
        self.grids.append((grid, found))
        return found

    def metric(self, frame: Frame, drafts: Sequence[Draft], near: str) -> tuple[Draft, ...]:
        answered = self._metric(frame, drafts, near)
        self.asked.append(Asked(frame, tuple(drafts), near, answered))
        return answered

    def confidence(self, record: IndicatorRecord, item: Item, drafts: Sequence[Draft | None]) -> Sureness:
        self.made.append(Made(record, item, tuple(drafts)))
        return self._confidence(record, item, drafts)


def trace(example: Example, components: Components = RULES, document: Document | None = None) -> Trace:
    """Runs the pipeline over one example, read anew unless ``document`` is given."""
    document = document or read_document(example.source)
    recorder = _Recorder(components)
    watched = replace(
        components,
        items=replace(components.items, columns=recorder.columns, judge=recorder.judge),
        records=replace(components.records, metric=recorder.metric, confidence=recorder.confidence),
    )
    result = extract_document(document, components=watched)
    # The confidence was asked of records as first made; the result's are checked and in the same order.
    made = tuple(replace(each, record=record) for each, record in zip(recorder.made, result.records, strict=True))
    return Trace(
        example, document, result.outline, recorder.items, tuple(recorder.grids), tuple(recorder.asked), made,
        result.to_contract().model_dump(mode="json"),
    )  # fmt: skip


def trace_all(examples: Iterable[Example], components: Components = RULES, say: Say = lambda _: None) -> list[Trace]:
    """The pipeline over every example, in order; ``say`` hears of each."""
    examples = list(examples)
    done = []
    for at, example in enumerate(examples, 1):
        done.append(trace(example, components))
        say(f"{at}/{len(examples)} {example.name}")
    return done


def retraced(each: Trace, components: Components) -> Trace:
    """The same document, already read, with other components."""
    return trace(each.example, components, each.document)
