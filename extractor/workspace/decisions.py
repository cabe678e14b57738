"""What is done to a document's records: each operation one transaction, one event; and what stands after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from extractor.review import fields
from extractor.review.errors import Refused
from extractor.review.operations import Planned, plan
from extractor.store import documents, drafts, events, records, search
from extractor.store.documents import DocumentRow
from extractor.store.values import now
from extractor.types.record import IndicatorRecord
from extractor.types.review import OF_DOCUMENT, WHOLE, Event, Operation
from extractor.workspace import settings
from extractor.workspace.cache import Held, Logged, ReviewCache
from extractor.workspace.core import Core, existing, not_ready
from extractor.workspace.errors import no_document
from extractor.workspace.rows import index_words, record_row

Plan = Callable[[Held, bool], Planned]


class Decisions:
    """All methods may be called from any thread."""

    def __init__(self, core: Core, cache: ReviewCache, approval_changed: Callable[[], None] = lambda: None) -> None:
        """``approval_changed`` is called after an approval was given or withdrawn, whichever way."""
        self._core = core
        self._cache = cache
        self._approval_changed = approval_changed

    # --- reading ----------------------------------------------------------------------------------------

    def records(self, document_id: str, actor: str, since: int | None = None) -> dict[str, Any]:
        """All records, or those that look different from what they were at event ``since``."""
        with self._cache.slot(document_id) as slot, self._core.database.read() as connection:
            held = self._cache.current(connection, existing(connection, document_id), slot)
            state = held.state
            whole = since is None or since < held.base or not held.complete or since > state.seq
            entries = [
                entry
                for entry in state.entries
                if whole or max(entry.version, held.checks_at.get(entry.record.record_id, 0)) > (since or 0)
            ]
            return {
                "seq": state.seq,
                "complete": held.complete,
                "info": None if state.info is None else state.info.model_dump(mode="json"),
                "records": [held.shown(entry) for entry in entries],
                "removed": [name for name, at in held.removed.items() if since is not None and (whole or at > since)],
                **_around(held, actor),
                "unclaimed": _unclaimed(held),
            }

    def shown(self, document_id: str, names: Sequence[str]) -> list[dict[str, Any]]:
        """Single records as they stand, for a conflict's answer; unknown ones are left out."""
        with self._cache.slot(document_id) as slot, self._core.database.read() as connection:
            held = self._cache.current(connection, existing(connection, document_id), slot)
            return _shown(held, frozenset(names))

    def current(self, document_id: str) -> tuple[DocumentRow, list[IndicatorRecord], Held]:
        """The row, the records by position, and what else is known. Raises ``NotReady`` before extraction ends."""
        with self._cache.slot(document_id) as slot, self._core.database.read() as connection:
            row = existing(connection, document_id)
            held = self._cache.current(connection, row, slot)
            if not held.complete:
                raise not_ready(row)
            return row, [entry.record for entry in held.state.entries], held.fork()

    def bulk(self, document_id: str, section: Sequence[str], confidence: float) -> dict[str, Any]:
        """Undecided records below ``section`` (a path's first steps), sure enough and with no failed check."""
        with self._cache.slot(document_id) as slot, self._core.database.read() as connection:
            held = self._cache.current(connection, existing(connection, document_id), slot)
            found, skipped = [], 0
            for entry in held.state.entries:
                record = entry.record
                if record.status != "draft" or record.path[: len(section)] != tuple(section):
                    continue
                failed = [each for each in held.issues(record.record_id) if each.code not in entry.waived]
                if record.confidence >= confidence and not failed:
                    found.append(record.record_id)
                else:
                    skipped += 1
            return {"records": found, "skipped": skipped}

    def diff(self, document_id: str) -> dict[str, Any]:
        """The current records against the draft, field by field; who set what differs."""
        with self._cache.slot(document_id) as slot, self._core.database.read() as connection:
            row = existing(connection, document_id)
            held = self._cache.current(connection, row, slot)
            draft = drafts.load(connection, document_id) if held.complete else None
            if draft is None:
                raise not_ready(row)
            state, old = held.state, {record.record_id: record for record in draft.records}
            changes = []
            for entry in state.entries:
                before = old.get(entry.record.record_id)
                if before is None:
                    continue
                for at, was, now_ in fields.diff(before, entry.record):
                    by = state.set_by(before.record_id, at)
                    changes.append({
                        "record": before.record_id, "field": at, "draft": was, "final": now_,
                        "actor": by.actor if by else None, "at": by.at if by else None,
                    })  # fmt: skip
            kept = {entry.record.record_id for entry in state.entries}
            return {
                "changes": changes,
                "added": _shown(held, frozenset(kept - old.keys())),
                "removed": [record.model_dump(mode="json") for name, record in old.items() if name not in kept],
            }

    def step(self, document_id: str, actor: str, op: str) -> str | None:
        """What the actor's undo or redo would be about: the operation's name; None where there is nothing."""
        with self._cache.slot(document_id) as slot, self._core.database.read() as connection:
            held = self._cache.current(connection, existing(connection, document_id), slot)
            found = held.origin(held.state.undoable(actor) if op == "undo" else held.state.redoable(actor))
            return None if found is None else found.op

    # --- writing ----------------------------------------------------------------------------------------

    def perform(self, document_id: str, operation: Operation, actor: str) -> dict[str, Any]:
        """Raises ``NotFound``, ``Conflict`` and ``Refused``; what it answers is on disk."""
        return self._perform(
            document_id,
            operation.client_op_id,
            actor,
            lambda held, two: plan(held.state, operation, actor, held.reader, two),
        )

    def perform_made(
        self, document_id: str, client_op_id: str, actor: str, make: Callable[[Held], Planned]
    ) -> dict[str, Any]:
        """An operation that is planned elsewhere (a workbook that comes back)."""
        return self._perform(document_id, client_op_id, actor, lambda held, _: make(held))

    def preview(self, document_id: str, operation: Operation, actor: str) -> dict[str, Any]:
        """What ``perform`` would answer, with ``changes``; nothing is written. Raises as it does."""
        with self._cache.slot(document_id) as slot, self._core.database.read() as connection:
            row = existing(connection, document_id)
            held = self._cache.current(connection, row, slot)
            _refuse_unready(row, held)
            two = settings.load(connection).two_person_approval
            trial = held.fork()
        planned = plan(trial.state, operation, actor, trial.reader, two)
        event = Event(
            document_id=document_id, seq=trial.state.seq + 1, at=now(), actor=actor, op=planned.op, changes=planned.changes,
            client_op_id=operation.client_op_id, undoes=planned.undoes, note=planned.note, previous="", hash="",
        )  # fmt: skip
        unclaimed = _unclaimed(trial)
        seen = trial.apply(event)
        answer = _answer(trial, trial.ops[event.seq], seen, actor, planned.focus, unclaimed)
        return {**answer, "changes": [change.model_dump(mode="json") for change in planned.changes]}

    def _perform(self, document_id: str, client_op_id: str, actor: str, make: Plan) -> dict[str, Any]:
        with self._cache.slot(document_id) as slot:
            with self._core.database.write() as connection:
                row = documents.lock(connection, document_id)
                if row is None:
                    raise no_document()
                held = self._cache.current(connection, row, slot)
                _refuse_unready(row, held)
                again = held.log.get(client_op_id)
                if again is not None:
                    return _answer(held, again, again.ids, actor, None, _unclaimed(held))
                planned = make(held, settings.load(connection).two_person_approval)
                event, _ = events.append(
                    connection, document_id, actor=actor, op=planned.op, changes=planned.changes,
                    client_op_id=client_op_id, undoes=planned.undoes, note=planned.note,
                )  # fmt: skip
                unclaimed = _unclaimed(held)
                slot.held = None  # until it is on disk: a failure from here on must not leave a state that is ahead
                seen = held.apply(event)
                self._write(connection, row, held, event)
            slot.held = held
            answer = _answer(held, held.ops[event.seq], seen, actor, planned.focus, unclaimed)
        self._core.bus.tell(document_id, "changed", seq=event.seq, actor=actor)
        if any(change.record == OF_DOCUMENT for change in event.changes):
            self._approval_changed()
        return answer

    def _write(self, connection: Connection, row: DocumentRow, held: Held, event: Event) -> None:
        state = held.state
        touched = held.ops[event.seq].ids
        entries = [entry for entry in map(state.entry, touched) if entry is not None]
        gone = [name for name in touched if state.entry(name) is None]
        records.put(connection, row.id, [record_row(entry) for entry in entries], gone)
        if any(_has_words(change.field) for change in event.changes):
            words = index_words(entry.record for entry in entries)
            search.index_records(connection, row.id, [*words, *((name, "") for name in gone)])
        counts = state.counts()
        documents.update(
            connection, row.id, records=counts["records"], decided=counts["decided"], rejected=counts["rejected"],
            blocking=counts["blocking"], unclaimed=len(held.open_unclaimed()), risk=state.risk(),
            approval=state.approval.state,
        )  # fmt: skip


def _has_words(field: str) -> bool:
    """Whether a change of the field may change what a record is found by."""
    return field == WHOLE or field.split("/")[0] not in ("status", "waived", "approval", "field_evidence", "points")


def _refuse_unready(row: DocumentRow, held: Held) -> None:
    if row.state == "failed":
        raise Refused("failed", row.error or "提取失败 / the extraction failed")
    if not held.complete:
        raise Refused("not_ready", "还在提取，完成后才能修改 / still being extracted: wait until it is done")


def _answer(
    held: Held, logged: Logged, seen: frozenset[str], actor: str, focus: str | None, unclaimed: list[dict[str, Any]]
) -> dict[str, Any]:
    """``unclaimed`` (as it was before) comes along only where it has changed."""
    now_open = _unclaimed(held)
    return {
        "seq": held.state.seq,
        "op": logged.op,
        "records": _shown(held, seen),
        "removed": sorted(name for name in seen if held.state.entry(name) is None),
        **_around(held, actor),
        "focus": focus,
        **({} if now_open == unclaimed else {"unclaimed": now_open}),
    }


def _shown(held: Held, names: frozenset[str]) -> list[dict[str, Any]]:
    """By position."""
    entries = sorted(
        (entry for entry in map(held.state.entry, names) if entry is not None), key=lambda entry: entry.position
    )
    return [held.shown(entry) for entry in entries]


def _around(held: Held, actor: str) -> dict[str, Any]:
    state = held.state
    return {
        "counts": state.counts(),
        "undo": _step(held.origin(state.undoable(actor))),
        "redo": _step(held.origin(state.redoable(actor))),
        "approval": state.approval.as_json(),
    }


def _step(logged: Logged | None) -> dict[str, Any] | None:
    return None if logged is None else {"op": logged.op, "seq": logged.seq, "records": len(logged.ids)}


def _unclaimed(held: Held) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in held.open_unclaimed()]
