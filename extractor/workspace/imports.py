"""An exported workbook that comes back edited: a preview of what it changes, and all of that as one operation."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from extractor.review.errors import Refused
from extractor.review.operations import Planned, must_be_open, plan, plan_import
from extractor.store.values import now
from extractor.types.review import Add, Change, Edit, Event, FieldEdit
from extractor.workspace.back_change import BackChange
from extractor.workspace.cache import Held
from extractor.workspace.core import Core
from extractor.workspace.decisions import Decisions
from extractor.workspace.xlsx_back import read_back


class Imports:
    def __init__(self, core: Core, decisions: Decisions) -> None:
        self._core = core
        self._decisions = decisions
        self._reading = threading.Lock()  # one workbook at a time: a hostile one takes gigabytes

    def preview(self, document_id: str, data: bytes) -> dict[str, Any]:
        """``changes`` (with the reason for each that can't be made) and the ``token`` to apply them with.

        Raises ``WorkbookRefused``, ``ReadError``, ``NotReady``.
        """
        changes, held = self._read(document_id, data)
        return {"changes": [asdict(change) for change in changes], "token": _token(data, held.state.seq)}

    def apply(self, document_id: str, data: bytes, actor: str, token: str | None = None) -> dict[str, Any]:
        """All changes that can be made, as one operation; sent twice with one token they are made once.

        Raises as ``preview`` does, and ``Refused`` (``unchanged``) where nothing would change.
        """
        changes, held = self._read(document_id, data)
        good = [change for change in changes if change.problem is None]
        operation = f"import-{token or _token(data, held.state.seq)}"
        return self._decisions.perform_made(document_id, operation, actor, lambda held: _planned(held, good, actor))

    def _read(self, document_id: str, data: bytes) -> tuple[list[BackChange], Held]:
        row, records, held = self._decisions.current(document_id)
        document = self._core.read(row)
        info = held.state.info
        year = info.year if info is not None else None
        with self._reading:
            changes = read_back(data, records, row.sha256, document_text=document.text, year=year)
        return changes, held


def _token(data: bytes, seq: int) -> str:
    """Names this workbook applied to this state of the document."""
    return f"{hashlib.sha256(data).hexdigest()[:24]}-{seq}"


def _planned(held: Held, wanted: Iterable[BackChange], actor: str) -> Planned:
    """One event of everything, each step planned on what the ones before it would leave."""
    must_be_open(held.state)  # also where rows were only deleted
    trial = held.fork()
    made: list[Change] = []

    def step(planned: Planned) -> Planned:
        event = Event(
            document_id="", seq=trial.state.seq + 1, at=now(), actor=actor, op=planned.op, changes=planned.changes,
            client_op_id=f"step-{len(made)}", previous="", hash="",
        )  # fmt: skip
        trial.apply(event)
        made.extend(planned.changes)
        return planned

    edits: dict[str, list[FieldEdit]] = {}
    for change in wanted:
        if change.action == "edit":
            edit = FieldEdit(field=change.field, before=change.before, after=change.after)
            edits.setdefault(change.record, []).append(edit)
    for record, fields in edits.items():
        step(plan_import(trial.state, [(record, fields)]))
    for change in wanted:
        if change.action == "reject":
            entry = trial.state.entry(change.record)
            if entry is not None and entry.record.status != "rejected":
                status = Change(record=change.record, field="status", before=entry.record.status, after="rejected")
                step(Planned("import", (status,)))
        elif change.action == "add" and isinstance(change.after, dict):
            _add(trial, change.after, step, actor)
    if not made:
        raise Refused("unchanged", "没有可以导入的改动 / nothing to import")
    return Planned("import", tuple(made))


def _add(trial: Held, place: dict[str, Any], step: Any, actor: str) -> None:  # noqa: ANN401 - a local function
    operation = Add(op="add", client_op_id="import-add", start=place["start"], end=place["end"])
    focus = step(plan(trial.state, operation, actor, trial.reader)).focus
    entry = trial.state.entry(focus) if focus is not None else None
    if entry is None or not place.get("fields"):
        return
    from extractor.review.fields import read

    wanted = tuple(
        FieldEdit(field=field, before=read(entry.record, field), after=value)
        for field, value in place["fields"].items()
        if read(entry.record, field) != value
    )
    if wanted:
        edit = Edit(op="edit", client_op_id="import-edit", record=entry.record.record_id, changes=wanted)
        step(plan(trial.state, edit, actor, trial.reader))
