"""Sample documents read by the pipeline, and a log in memory that takes operations as the store does."""

from __future__ import annotations

import hashlib
import itertools
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from extractor.pipeline import Result, extract
from extractor.review.operations import Planned, plan
from extractor.review.reader import SpanReader
from extractor.review.state import ReviewState
from extractor.types.record import IndicatorRecord
from extractor.types.review import Event, Operation

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = ("txt/03_emergency-target-notice.txt", "docx/01_civil-task-table.docx", "xlsx/07_water-quota.xlsx",
         "html/06_city-scoring-scheme.html", "txt/08_business-bracket-tasks.txt")  # fmt: skip
_OPERATION: TypeAdapter[Operation] = TypeAdapter(Operation)
_ids = itertools.count()


@cache
def result_of(name: str) -> Result:
    return extract(CORPUS / name)


@cache
def reader_of(name: str) -> SpanReader:
    return SpanReader(result_of(name).document)


def request(op: str, **given: Any) -> Operation:
    return _OPERATION.validate_python({"client_op_id": f"client-{next(_ids):06}", "op": op, **given})


class Log:
    """The events of one document, with what they make of its draft."""

    def __init__(self, result: Result, *, two_person: bool = False) -> None:
        self.result = result
        self.reader = SpanReader(result.document)
        self.two_person = two_person
        self.events: list[Event] = []
        self.state = self.fresh()

    def fresh(self, *, events: bool = False) -> ReviewState:
        text = self.result.document.text
        return ReviewState(self.result.records, self.result.info, self.events if events else (), text=text)

    def plan(self, op: str, actor: str = "li", **given: Any) -> Planned:
        return plan(self.state, request(op, **given), actor, self.reader, self.two_person)

    def do(self, op: str, actor: str = "li", **given: Any) -> Planned:
        """Plans and applies, through the JSON that the store would keep."""
        planned = self.plan(op, actor, **given)
        self.append(planned, actor)
        return planned

    def append(self, planned: Planned, actor: str) -> Event:
        previous = self.events[-1].hash if self.events else "0" * 64
        event = Event(
            document_id="d" * 20, seq=len(self.events) + 1, at=f"2026-11-22T08:00:{len(self.events) % 60:02}Z", actor=actor,
            op=planned.op, changes=planned.changes, client_op_id=f"client-{next(_ids):06}", undoes=planned.undoes,
            note=planned.note, previous=previous, hash=hashlib.sha256(f"{previous}{len(self.events)}".encode()).hexdigest(),
        )  # fmt: skip
        event = Event.model_validate_json(event.model_dump_json())
        self.events.append(event)
        self.state.apply(event)
        return event

    @property
    def records(self) -> list[IndicatorRecord]:
        return [entry.record for entry in self.state.entries]

    def find(self, words: str) -> IndicatorRecord:
        """The first record whose text holds the words."""
        return next(record for record in self.records if words in record.text)

    def record(self, name: str) -> IndicatorRecord:
        entry = self.state.entry(name)
        assert entry is not None
        return entry.record

    def offset(self, words: str, start: int = 0) -> int:
        return self.result.document.text.index(words, start)


def picture(state: ReviewState) -> list[Any]:
    """Everything that a state says of its records but the numbers of the events."""
    entries = [
        (entry.record.model_dump(mode="json"), entry.position, entry.origin, dict(entry.waived),
         {field: by.actor for field, by in entry.set_by.items()})
        for entry in state.entries
    ]  # fmt: skip
    return [*entries, state.approval, state.counts()]
