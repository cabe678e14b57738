"""Taking back: the inverse changes of an event, and whether what they would displace still stands."""

from __future__ import annotations

from collections import Counter
from typing import cast

from pydantic import JsonValue

from extractor.review import fields
from extractor.review.errors import Refused
from extractor.review.state import WAIVED, ApprovalState, ReviewState
from extractor.types.record import IndicatorRecord
from extractor.types.review import OF_DOCUMENT, WHOLE, Change, Event


def inverse(event: Event) -> tuple[Change, ...]:
    """The last change first, so that a record made and then filled is emptied and then taken away."""
    return tuple(change.inverse() for change in reversed(event.changes))


def displaced(state: ReviewState, event: Event, changes: tuple[Change, ...]) -> list[Change]:
    """Those of the inverse changes that don't find what the event left: somebody has changed it since."""
    trial = _Trial(state, changes)
    found: list[Change] = []
    for change in changes:
        if change.record == OF_DOCUMENT:
            fits = state.approval.as_json() == change.before
        else:
            fits = trial.fits(change) and not state.reached_since(change.record, change.field, event)
        if not fits:
            found.append(change)
        trial.apply(change)
    return found


def gives_outdated_approval(state: ReviewState, event: Event, change: Change, two_person: bool) -> bool:
    """Whether an inverse change brings back an approval of records that were others, or of too few people.

    An approval stands for the records it was given for: undoing its withdrawal after somebody's edit would approve
    what nobody has looked at.
    """
    if change.record != OF_DOCUMENT or state.approval.state != "open":
        return False
    after = ApprovalState.from_json(change.after)
    if after.state == "open":
        return False
    return state.records_seq > event.seq or (two_person and after.state == "approved" and len(after.by) < 2)


class _Trial:
    """The state as the changes go along, kept for records that an event both makes or takes away and fills."""

    def __init__(self, state: ReviewState, changes: tuple[Change, ...]) -> None:
        self._state = state
        counts = Counter(change.record for change in changes)
        whole = {change.record for change in changes if change.field == WHOLE}
        self._followed = {name for name in whole if counts[name] > 1 and name != OF_DOCUMENT}
        self._records: dict[str, IndicatorRecord | None] = {}

    def _record(self, name: str) -> IndicatorRecord | None:
        if name in self._records:
            return self._records[name]
        entry = self._state.entry(name)
        return entry.record if entry is not None else None

    def fits(self, change: Change) -> bool:
        record = self._record(change.record)
        if change.field == WHOLE:
            if record is None or change.before is None:
                return record is None and change.before is None
            return record.model_dump(mode="json") == cast(dict[str, JsonValue], change.before)["record"]
        if record is None:
            return False
        if change.field.startswith(WAIVED):
            return self._state.value(change) == change.before
        try:
            return fields.read(record, change.field) == change.before
        except Refused:
            return False  # the list has become shorter

    def apply(self, change: Change) -> None:
        if change.record not in self._followed:
            return
        if change.field == WHOLE:
            made = cast("dict[str, JsonValue] | None", change.after)
            self._records[change.record] = IndicatorRecord.model_validate(made["record"]) if made is not None else None
            return
        record = self._record(change.record)
        if record is None or change.field.startswith(WAIVED):
            return
        try:
            self._records[change.record] = fields.write(record, change.field, change.after)
        except Refused:
            return  # it did not fit either
