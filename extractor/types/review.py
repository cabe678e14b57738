"""Corrections as data: what a reviewer asks for, and the events that the log keeps of it.

Every request becomes one event, a list of changes of single fields. The current records, undo, the audit trail
and training data all follow from the draft and its events; nothing is ever overwritten.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from extractor.types.record import Model

EventOp = Literal[
    "accept", "reject", "reopen", "edit", "fill", "add", "split", "merge", "duplicate", "accept_many", "waive",
    "import", "approve", "withdraw", "undo", "redo",
]  # fmt: skip
Approval = Literal["open", "first", "approved"]

WHOLE = ""  # the ``field`` of a change that makes a record or takes it away
OF_DOCUMENT = ""  # the ``record`` of a change of the document itself (its approval)


class Change(Model):
    """One field of one record before and after.

    ``field``: names and indices joined with ``/`` (``targets/0/value``, ``targets``, ``status``,
    ``waived/points_do_not_add_up``). ``WHOLE``: ``before``/``after`` is None or ``{"position": number,
    "record": IndicatorRecord}``. ``record`` is ``OF_DOCUMENT`` for the field ``approval``, whose value is
    ``{"state": Approval, "by": [actor, …]}``.
    """

    record: str
    field: str
    before: JsonValue
    after: JsonValue

    def inverse(self) -> Change:
        return Change(record=self.record, field=self.field, before=self.after, after=self.before)


class Event(Model):
    """One line of a document's log: ``seq`` counts from 1 without gaps, ``at`` is UTC in ISO 8601.

    ``undoes``: the event whose changes this one takes back (a redo takes back an undo). ``hash`` is SHA-256 over
    ``previous`` (the hash of the event before; 64 zeros at first) and this event's canonical JSON.
    """

    document_id: str
    seq: int
    at: str
    actor: str
    op: EventOp
    changes: tuple[Change, ...]
    client_op_id: str
    undoes: int | None = None
    note: str | None = None
    previous: str
    hash: str


class Request(Model):
    """``client_op_id``: the client's own name of the operation; sent twice it is done once."""

    client_op_id: Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Decide(Request):
    """Accept (status approved), reject or reopen (draft) one record; ``before`` is the status that the client saw."""

    op: Literal["accept", "reject", "reopen"]
    record: str
    before: Literal["draft", "approved", "rejected"]


class FieldEdit(Model):
    field: Annotated[str, Field(min_length=1, max_length=80)]
    before: JsonValue
    after: JsonValue


class Edit(Request):
    op: Literal["edit"]
    record: str
    changes: Annotated[tuple[FieldEdit, ...], Field(min_length=1, max_length=50)]


class Fill(Request):
    """Sets a field from words of the document; ``start == end`` is a click, widened to the expression around it.

    ``before`` is what the client saw in the field.
    """

    op: Literal["fill"]
    record: str
    field: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    before: JsonValue = None


class Add(Request):
    op: Literal["add"]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class Split(Request):
    """``at``: offsets in ``Document.text`` where a new record begins; None: where list marks or sentences propose."""

    op: Literal["split"]
    record: str
    at: tuple[int, ...] | None = None


class Merge(Request):
    op: Literal["merge"]
    records: Annotated[tuple[str, ...], Field(min_length=2, max_length=50)]


class Duplicate(Request):
    op: Literal["duplicate"]
    record: str


class AcceptMany(Request):
    """The records of a preview; those decided meanwhile are left as they are."""

    op: Literal["accept_many"]
    records: Annotated[tuple[str, ...], Field(min_length=1, max_length=5000)]


class Waive(Request):
    """Lets a failed check stand (``waived`` false takes that back): the source itself does not add up."""

    op: Literal["waive"]
    record: str
    code: str
    waived: bool = True


class Step(Request):
    """Undo or redo of the actor's own last operation on the document; approve or withdraw the document."""

    op: Literal["undo", "redo", "approve", "withdraw"]


Operation = Annotated[
    Decide | Edit | Fill | Add | Split | Merge | Duplicate | AcceptMany | Waive | Step, Field(discriminator="op")
]
