"""What an operation would change: requests in, changes out. Nothing here changes anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import JsonValue

from extractor.review import fields
from extractor.review.editing import adjusted, edited
from extractor.review.errors import Conflict, Difference, Refused
from extractor.review.state import WAIVED, ApprovalState, Entry, ReviewState
from extractor.review.undo import displaced, gives_outdated_approval, inverse
from extractor.types.record import IndicatorRecord, Status
from extractor.types.review import (
    OF_DOCUMENT,
    WHOLE,
    AcceptMany,
    Add,
    Change,
    Decide,
    Duplicate,
    Edit,
    EventOp,
    FieldEdit,
    Fill,
    Merge,
    Operation,
    Split,
    Step,
    Waive,
)

if TYPE_CHECKING:
    from extractor.review.reader import SpanReader

_DECIDES: dict[str, Status] = {"accept": "approved", "reject": "rejected", "reopen": "draft"}


@dataclass(frozen=True, slots=True)
class Planned:
    """An event's content. ``focus``: the record to look at next, where the operation made one."""

    op: EventOp
    changes: tuple[Change, ...]
    undoes: int | None = None
    note: str | None = None
    focus: str | None = None


def plan(
    state: ReviewState, operation: Operation, actor: str, reader: SpanReader | None, two_person: bool = False
) -> Planned:
    """The event that the operation would make.

    ``reader`` is needed by fill, add, split and merge. Raises ``Conflict`` where what the client saw is no longer
    there, ``Refused`` where the operation makes no sense. With ``two_person`` two different people must approve.
    """
    if isinstance(operation, Step):
        return _step(state, operation, actor, two_person)
    must_be_open(state)
    if isinstance(operation, Decide):
        return _decide(state, operation)
    if isinstance(operation, AcceptMany):
        return _accept_many(state, operation)
    if isinstance(operation, Waive):
        return _waive(state, operation, actor)
    if isinstance(operation, Edit):
        return _edit(state, operation)
    if isinstance(operation, Duplicate):
        return _duplicate(state, operation)
    if reader is None:
        raise Refused("not_ready", "文件尚未读完 / the document has not been read yet")
    if isinstance(operation, Fill):
        return _fill(state, operation, reader)
    if isinstance(operation, Add):
        return _add(state, operation, reader)
    if isinstance(operation, Split):
        return _split(state, operation, reader)
    return _merge(state, operation, reader)


def must_be_open(state: ReviewState) -> None:
    """Raises ``Refused`` where the document is approved, by the first of two people too."""
    if state.approval.state != "open":
        raise Refused("approved", "文件已批准，请先撤回 / the document is approved: withdraw that first")


def plan_import(state: ReviewState, edits: Iterable[tuple[str, Sequence[FieldEdit]]]) -> Planned:
    """Edits of many records as one event (a workbook that comes back). Raises as ``plan`` does, one ``Conflict``
    with all differences.
    """
    must_be_open(state)
    changes: list[Change] = []
    differences: list[Difference] = []
    for name, wanted in edits:
        try:
            changes.extend(_changes(_entry(state, name).record, _edited(state, name, wanted)))
        except Conflict as error:
            differences.extend(error.differences)
    if differences:
        raise Conflict(differences)
    return Planned("import", _some(changes))


# --- one record -------------------------------------------------------------------------------------------


def _entry(state: ReviewState, name: str) -> Entry:
    entry = state.entry(name)
    if entry is None:
        if name in state.known:
            raise Refused("gone", "这条记录已被拆分、合并或撤销 / this record has been split, merged or taken back")
        raise Refused("unknown_record", "没有这条记录 / no such record")
    return entry


def _some(changes: Iterable[Change]) -> tuple[Change, ...]:
    found = tuple(changes)
    if not found:
        raise Refused("unchanged", "没有变化 / nothing would change")
    return found


def _decide(state: ReviewState, operation: Decide) -> Planned:
    record = _entry(state, operation.record).record
    wanted = _DECIDES[operation.op]
    if record.status == wanted:
        raise Refused("unchanged", "没有变化 / nothing would change")
    if record.status != operation.before:
        raise Conflict([_difference(state, operation.record, "status", wanted)])
    return Planned(operation.op, (_status(record, wanted),), focus=operation.record)


def _status(record: IndicatorRecord, wanted: Status) -> Change:
    return Change(record=record.record_id, field="status", before=record.status, after=wanted)


def _accept_many(state: ReviewState, operation: AcceptMany) -> Planned:
    entries = [state.entry(name) for name in dict.fromkeys(operation.records)]
    open_ = [entry.record for entry in entries if entry is not None and entry.record.status == "draft"]
    return Planned("accept_many", _some(_status(record, "approved") for record in open_))


def _waive(state: ReviewState, operation: Waive, actor: str) -> Planned:
    entry = _entry(state, operation.record)
    before = entry.waived.get(operation.code)
    after = (before or actor) if operation.waived else None
    failed = {issue.code for issue in state.issues().get(operation.record, ())}
    if after is not None and operation.code not in failed:
        raise Refused("no_such_check", "这条记录没有这个问题 / the record has no such failed check")
    if before == after:
        raise Refused("unchanged", "没有变化 / nothing would change")
    change = Change(record=operation.record, field=WAIVED + operation.code, before=before, after=after)
    return Planned("waive", (change,), focus=operation.record)


def _edit(state: ReviewState, operation: Edit) -> Planned:
    record = _entry(state, operation.record).record
    changes = _changes(record, _edited(state, operation.record, operation.changes))
    return Planned("edit", _some(changes), focus=operation.record)


def _edited(state: ReviewState, name: str, wanted: Sequence[FieldEdit]) -> IndicatorRecord:
    record = _entry(state, name).record
    year = state.info.year if state.info is not None else None
    if year is None and state.info is not None and state.info.issued_on:
        year = int(state.info.issued_on[:4])
    for edit in wanted:
        _still_there(state, name, edit.field, edit.before, edit.after)
    made = edited(record, wanted, year)
    stale = [
        edit.field
        for edit in wanted
        if (now := fields.read(record, edit.field)) != fields.normal(edit.field, edit.before)
        and now != _peek(made, edit.field)
    ]
    if stale:
        yours = {edit.field: edit.after for edit in wanted}
        raise Conflict([_difference(state, name, field, yours[field]) for field in stale])
    return made


def _peek(record: IndicatorRecord, field: str) -> JsonValue:
    try:
        return fields.read(record, field)
    except Refused:
        return None  # the list has become shorter


def _current(state: ReviewState, name: str, field: str) -> JsonValue:
    try:
        return state.value((name, field))
    except Refused:
        return None


def _still_there(state: ReviewState, name: str, field: str, seen: JsonValue, yours: JsonValue) -> None:
    """Raises ``Conflict`` where the client saw an element of a list that somebody has taken away since."""
    if seen is None or field.split("/")[0] not in fields.LISTS:
        return
    try:
        fields.read(_entry(state, name).record, field)
    except Refused:
        raise Conflict([_difference(state, name, field, yours)]) from None


def _difference(state: ReviewState, name: str, field: str, yours: JsonValue) -> Difference:
    by = state.set_by(name, field)
    current = _current(state, name, field)
    return Difference(name, field, yours, current, by.actor if by else None, by.at if by else None)


def _changes(old: IndicatorRecord, new: IndicatorRecord) -> list[Change]:
    name = old.record_id
    return [Change(record=name, field=at, before=a, after=b) for at, a, b in fields.diff(old, new)]


def _fill(state: ReviewState, operation: Fill, reader: SpanReader) -> Planned:
    record = _entry(state, operation.record).record
    if operation.end < operation.start:
        raise Refused("outside", "所选位置有误 / the selection ends before it starts")
    _still_there(state, operation.record, operation.field, operation.before, None)
    filled = reader.value(operation.start, operation.end, operation.field, record)
    made = record
    for field, value in filled.changes:
        made = fields.write(made, field, value)
    made = adjusted(record, made)
    current = fields.read(record, operation.field)
    if current != fields.normal(operation.field, operation.before):
        wanted = fields.read(made, operation.field)
        if wanted != current:
            raise Conflict([_difference(state, operation.record, operation.field, wanted)])
    return Planned("fill", _some(_changes(record, made)), focus=operation.record)


# --- records that come and go -----------------------------------------------------------------------------


def _made(record: IndicatorRecord, position: float) -> Change:
    whole: JsonValue = {"position": position, "record": record.model_dump(mode="json")}
    return Change(record=record.record_id, field=WHOLE, before=None, after=whole)


def _gone(state: ReviewState, name: str) -> Change:
    return Change(record=name, field=WHOLE, before=state.value((name, WHOLE)), after=None)


def _named(state: ReviewState, records: Sequence[IndicatorRecord]) -> list[IndicatorRecord]:
    """As drafts, with ids that no record of this document ever had."""
    taken: set[str] = set()
    found: list[IndicatorRecord] = []
    for record in records:
        name, count = record.record_id, 1
        while name in state.known or name in taken:
            count += 1
            name = hashlib.sha256(f"{record.record_id}\x1f{count}".encode()).hexdigest()[:16]
        taken.add(name)
        found.append(record.model_copy(update={"record_id": name, "status": "draft", "issues": ()}))
    return found


def _add(state: ReviewState, operation: Add, reader: SpanReader) -> Planned:
    (made,) = _named(state, [reader.record(operation.start, operation.end)])
    (position,) = state.slots(state.before(made.evidence.start), 1)
    return Planned("add", (_made(made, position),), focus=made.record_id)


def _duplicate(state: ReviewState, operation: Duplicate) -> Planned:
    (made,) = _named(state, [_entry(state, operation.record).record])
    (position,) = state.slots(operation.record, 1)
    return Planned("duplicate", (_made(made, position),), focus=made.record_id)


def _split(state: ReviewState, operation: Split, reader: SpanReader) -> Planned:
    entry = _entry(state, operation.record)
    at = operation.at if operation.at is not None else reader.split_points(entry.record)
    parts = _named(state, reader.split(entry.record, at))
    positions = [entry.position, *state.slots(operation.record, len(parts) - 1)]
    changes = [_gone(state, operation.record)]
    changes.extend(_made(part, place) for part, place in zip(parts, positions, strict=True))
    return Planned("split", tuple(changes), focus=parts[0].record_id)


def _merge(state: ReviewState, operation: Merge, reader: SpanReader) -> Planned:
    names = list(dict.fromkeys(operation.records))
    entries = [_entry(state, name) for name in names]
    if len(entries) < 2:
        raise Refused("too_few", "至少选择两条 / choose at least two records")
    merged = reader.merge([entry.record for entry in entries])
    parts = merged.evidence.parts or (merged.evidence,)
    taken = [entry.record.evidence for entry in entries]
    for entry in state.entries:
        at = entry.record.evidence
        if entry.record.record_id in names or entry.record.status == "rejected":
            continue
        covered = any(part.start < at.end and at.start < part.end for part in parts)
        if covered and not any(own.start < at.end and at.start < own.end for own in taken):
            raise Refused("not_adjacent", "两条之间还有别的记录 / other records stand between these")
    (made,) = _named(state, [merged])
    position = min(entry.position for entry in entries)
    changes = [*(_gone(state, name) for name in names), _made(made, position)]
    return Planned("merge", tuple(changes), focus=made.record_id)


# --- undo, redo, approval ---------------------------------------------------------------------------------


def _step(state: ReviewState, operation: Step, actor: str, two_person: bool) -> Planned:
    if operation.op == "approve":
        return _approve(state, actor, two_person)
    if operation.op == "withdraw":
        if state.approval.state == "open":
            raise Refused("unchanged", "文件没有批准 / the document is not approved")
        return Planned("withdraw", (_approval(state, ApprovalState()),))
    event = state.undoable(actor) if operation.op == "undo" else state.redoable(actor)
    if event is None:
        said = "没有可撤销的操作 / nothing to undo" if operation.op == "undo" else "没有可重做的操作 / nothing to redo"
        raise Refused("nothing_left", said)
    changes = inverse(event)
    if state.approval.state != "open" and any(change.record != OF_DOCUMENT for change in changes):
        raise Refused("approved", "文件已批准，请先撤回 / the document is approved: withdraw that first")
    stale = displaced(state, event, changes)
    differences = [_difference(state, change.record, change.field, change.after) for change in stale]
    if differences:
        raise Conflict(differences)
    if any(gives_outdated_approval(state, event, change, two_person) for change in changes):
        said = (
            "撤回批准后记录或设置有变化，请重新批准 / records or settings have changed since: approve the document anew"
        )
        raise Refused("changed_since", said)
    touched = [change.record for change in changes if change.record != OF_DOCUMENT and change.after is not None]
    return Planned(operation.op, changes, undoes=event.seq, focus=touched[0] if touched else None)


def _approval(state: ReviewState, after: ApprovalState) -> Change:
    before = state.approval.as_json()
    return Change(record=OF_DOCUMENT, field="approval", before=before, after=after.as_json())


def _approve(state: ReviewState, actor: str, two_person: bool) -> Planned:
    if state.approval.state == "approved":
        raise Refused("unchanged", "文件已批准 / the document is approved already")
    if actor in state.approval.by and two_person:
        raise Refused("same_person", "须由另一人复审 / a second person has to approve")
    if state.info is None:
        raise Refused("not_ready", "文件尚未读完 / the document has not been read yet")
    undecided = sum(entry.record.status == "draft" for entry in state.entries)
    if undecided:
        raise Refused("undecided", f"还有{undecided}条没有审核 / {undecided} records are undecided")
    blocking = state.counts()["blocking"]
    if blocking:
        raise Refused("blocking", f"还有{blocking}条有未解决的问题 / {blocking} records have open problems")
    by = (*(each for each in state.approval.by if each != actor), actor)
    done = not two_person or state.approval.state == "first"
    return Planned("approve", (_approval(state, ApprovalState("approved" if done else "first", by)),))
