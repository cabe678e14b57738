"""Review states in memory, one for each document used last, brought up to the log at each use."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import JsonValue
from sqlalchemy import Connection

from extractor.components import Components, load_components
from extractor.review import view
from extractor.review.reader import SpanReader
from extractor.review.state import Entry, ReviewState
from extractor.store import drafts, events
from extractor.store.documents import DocumentRow
from extractor.store.parsed import ParsedFiles
from extractor.types.issue import Issue
from extractor.types.record import Unclaimed
from extractor.types.review import OF_DOCUMENT, Event, EventOp

_KEPT = 12  # documents


@dataclass(frozen=True, slots=True)
class Logged:
    """What is kept of an event: enough to answer a request that is sent twice."""

    seq: int
    op: EventOp
    undoes: int | None
    ids: frozenset[str]


@dataclass
class Held:
    """``base``: the ``seq`` it was built at; what changed before can't be told apart.

    ``checks_at``: when a record's failed checks or its risk last changed, ``removed``: when a record went.
    ``drafts``: how many drafts it holds; ``complete`` when there will be no more.
    """

    state: ReviewState
    draft: int | None
    complete: bool
    drafts: int
    unclaimed: tuple[Unclaimed, ...]
    reader: SpanReader | None
    base: int
    removed: dict[str, int]
    checks_at: dict[str, int] = field(default_factory=dict)
    log: dict[str, Logged] = field(default_factory=dict)  # by client_op_id
    ops: dict[int, Logged] = field(default_factory=dict)

    def apply(self, event: Event) -> frozenset[str]:
        """The ids of the records that look different now: touched, or with other failed checks or another risk."""
        before, stood = self.state.issues(), self.state.risks()
        touched = self.state.apply(event)
        self.note(event, touched)
        after, stand = self.state.issues(), self.state.risks()
        differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        differing |= {name for name, risk in stand.items() if stood.get(name) != risk}
        for name in differing:
            self.checks_at[name] = event.seq
        for name in touched:
            if self.state.entry(name) is None:
                self.removed[name] = event.seq
            else:
                self.removed.pop(name, None)
        return touched | differing

    def note(self, event: Event, ids: frozenset[str]) -> None:
        logged = Logged(event.seq, event.op, event.undoes, ids)
        self.log[event.client_op_id] = logged
        self.ops[event.seq] = logged

    def origin(self, event: Event | None) -> Logged | None:
        """What an undo or redo is in the end about: the operation itself."""
        found = None if event is None else self.ops.get(event.seq)
        while found is not None and found.undoes is not None:
            found = self.ops.get(found.undoes)
        return found

    def issues(self, record_id: str) -> tuple[Issue, ...]:
        return self.state.issues().get(record_id, ())

    def shown(self, entry: Entry) -> dict[str, JsonValue]:
        """As ``view.as_json``."""
        name = entry.record.record_id
        return view.as_json(entry, self.issues(name), self.state.risks()[name])

    def open_unclaimed(self) -> list[Unclaimed]:
        """Without the sentences that a person has made a record of since."""
        made = [
            entry.record.evidence
            for entry in self.state.entries
            if entry.origin == "person" and entry.record.status != "rejected"
        ]
        return [
            each
            for each in self.unclaimed
            if not any(at.start < each.evidence.end and each.evidence.start < at.end for at in made)
        ]

    def fork(self) -> Held:
        """For trying something: entries and records are never changed in place, so only what holds them is copied."""
        state = copy.copy(self.state)
        for name, value in vars(state).items():
            if isinstance(value, dict):
                setattr(
                    state, name, {key: list(each) if isinstance(each, list) else each for key, each in value.items()}
                )
            elif isinstance(value, list | set):
                setattr(state, name, copy.copy(value))
        made = copy.copy(self)
        made.state = state
        made.removed, made.checks_at = dict(self.removed), dict(self.checks_at)
        made.log, made.ops = dict(self.log), dict(self.ops)
        return made


class Slot:
    """The place of one document. Used only within ``ReviewCache.slot``."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.held: Held | None = None


class ReviewCache:
    """``components``: those that read what a reviewer points at; asked for anew at each use, for they may change."""

    def __init__(self, parsed: ParsedFiles, components: Callable[[], Components] = load_components) -> None:
        self._parsed = parsed
        self._components = components
        self._slots: OrderedDict[str, Slot] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, document_id: str) -> Iterator[Slot]:
        """Held by one thread at a time. Enter it before a transaction, never within one."""
        with self._lock:
            slot = self._slots.setdefault(document_id, Slot())
            self._slots.move_to_end(document_id)
            while len(self._slots) > _KEPT:
                self._slots.popitem(last=False)
        with slot.lock:
            yield slot

    def drop(self, document_id: str) -> None:
        with self._lock:
            self._slots.pop(document_id, None)

    def current(self, connection: Connection, row: DocumentRow, slot: Slot) -> Held:
        """As of ``row`` at least; only what is new is read from the database."""
        held = slot.held
        if held is not None and row.state != "failed":
            if held.complete:
                if held.state.seq < row.seq:
                    for event in events.after(connection, row.id, held.state.seq):
                        held.apply(event)
                self._renew(held)
                return held
            if row.state == "running" and held.drafts <= row.records and held.draft is not None:
                if held.drafts < row.records:
                    more = drafts.streamed(connection, held.draft, held.drafts)
                    held.state.extend(more)
                    held.drafts += len(more)
                return held
        slot.held = self._build(connection, row)
        return slot.held

    def _renew(self, held: Held) -> None:
        """A vocabulary or a model that has changed reads from the next click on."""
        reader = held.reader
        if reader is not None and reader.components != (now := self._components()):
            held.reader = SpanReader(reader.document, now)

    def _build(self, connection: Connection, row: DocumentRow) -> Held:
        draft = drafts.load(connection, row.id) if row.state != "failed" else None
        if draft is not None and not draft.complete and row.state != "running":
            draft = None  # what a broken-off run left
        if draft is None or not draft.complete:
            found = () if draft is None else draft.records
            draft_id = None if draft is None else draft.id
            return Held(ReviewState(found, None), draft_id, False, len(found), (), None, 0, {})
        document = self._parsed.load(row.sha256, draft.extractor_version)
        state = ReviewState(draft.records, draft.info, text=None if document is None else document.text)
        held = Held(
            state, draft.id, True, len(draft.records), draft.unclaimed,
            None if document is None else SpanReader(document, self._components()), 0, {},
        )  # fmt: skip
        for event in events.after(connection, row.id):
            state.apply(event)
            held.note(event, frozenset(change.record for change in event.changes if change.record != OF_DOCUMENT))
        held.base = state.seq
        held.removed = {name: state.seq for name in state.known if state.entry(name) is None}
        return held
