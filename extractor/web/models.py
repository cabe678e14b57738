"""The API's answers and bodies as OpenAPI documents them. Large answers are written straight from the workspace's
dictionaries and not validated again; tests hold them against these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from extractor.types.record import DocumentInfo, IndicatorRecord, Unclaimed
from extractor.types.review import Approval, Event

State = Literal["queued", "running", "ready", "failed"]
View = Literal["pages", "blocks", "grid"]
_BIG = 2**31 - 1

Id = Annotated[str, Field(min_length=1, max_length=64)]
Offset = Annotated[int, Field(ge=0, le=_BIG)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Invalid(BaseModel):
    """One parameter of a 422."""

    where: list[str | int]
    message: str


class Refusal(BaseModel):
    code: str
    message: str
    details: list[Invalid] = []


class ErrorAnswer(BaseModel):
    """Every refusal, of every status."""

    error: Refusal


class Progress(BaseModel):
    stage: str | None
    done: int
    total: int


class DocumentAnswer(BaseModel):
    """``can``: what the asking person may do with it now. ``risk``: the share of its points that hang on undecided
    records which may be wrong; null while that is not known.
    """

    id: str
    sha256: str
    name: str
    format: str | None
    size: int
    state: State
    stage: str | None
    done: int
    total: int
    error_code: str | None
    error: str | None
    uploaded_at: str
    uploaded_by: str
    dossier: str | None
    title: str | None
    issuer: str | None
    document_number: str | None
    year: int | None
    kind: str | None
    pages: int
    records: int
    decided: int
    rejected: int
    blocking: int
    unclaimed: int
    risk: float | None
    approval: Approval
    reviewer: str | None
    extractor_version: str | None
    seq: int
    updated_at: str
    view: View
    progress: Progress
    can: dict[str, bool]


class DocumentList(BaseModel):
    total: int
    documents: list[DocumentAnswer]


class TextBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(min_length=1)]
    dossier: Annotated[str, Field(max_length=64)] | None = None


class DossierBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=200)]


class DossierAnswer(BaseModel):
    id: str
    name: str


class DossierList(BaseModel):
    dossiers: list[DossierAnswer]


class ReviewerBody(Body):
    """None takes the document from its reviewer."""

    reviewer: Annotated[str, Field(min_length=1, max_length=64)] | None


class SetByAnswer(BaseModel):
    actor: str
    at: str
    seq: int


class CheckAnswer(BaseModel):
    code: str
    severity: str
    message: str
    blocking: bool
    waived: bool
    fields: list[str]


class RiskAnswer(BaseModel):
    """In points: ``stake``, what hangs on the record; ``record`` and ``fields`` (by path; those that a person set are
    left out), how much of it may be wrong. ``band``: 0 is looked at first.
    """

    stake: float
    record: float
    band: Literal[0, 1, 2]
    fields: dict[str, float]


class ReviewOfRecord(BaseModel):
    """``position`` orders the records; ``set_by``: the fields that a person set; ``version``: the last event."""

    position: float
    origin: Literal["machine", "person"]
    set_by: dict[str, SetByAnswer]
    inherited: list[str]
    checks: list[CheckAnswer]
    risk: RiskAnswer
    version: int


class RecordAnswer(IndicatorRecord):
    """The contract's record, with what reviewing adds."""

    review: ReviewOfRecord


class StepAnswer(BaseModel):
    """``records``: how many records the step would touch."""

    op: str
    seq: int
    records: int


class ApprovalAnswer(BaseModel):
    state: Approval
    by: list[str]


class ReviewAnswer(BaseModel):
    """``records``: all, or those that changed; ``undo`` and ``redo``: what the asking person's next step would be."""

    model_config = ConfigDict(extra="allow")

    seq: int
    records: list[RecordAnswer]
    removed: list[str]
    counts: dict[str, int]
    undo: StepAnswer | None
    redo: StepAnswer | None
    approval: ApprovalAnswer


class RecordsAnswer(ReviewAnswer):
    complete: bool
    info: DocumentInfo | None
    unclaimed: list[Unclaimed]


class OperationAnswer(ReviewAnswer):
    """``focus``: the record to go to next, where the operation made one."""

    op: str
    focus: str | None


class PreviewAnswer(OperationAnswer):
    changes: list[dict[str, Any]]


class DifferenceAnswer(BaseModel):
    record: str
    field: str
    yours: JsonValue
    current: JsonValue
    actor: str | None
    at: str | None


class ConflictAnswer(ErrorAnswer):
    conflicts: list[DifferenceAnswer] = []
    records: list[RecordAnswer] = []


class BulkAnswer(BaseModel):
    records: list[str]
    skipped: int


class BlockAnswer(BaseModel):
    model_config = ConfigDict(extra="allow")

    index: int
    start: int
    end: int
    kind: Literal["paragraph", "table"]
    layer: str
    level: int | None
    centered: bool
    bold: bool
    text: str
    table: int | None


class CellAnswer(BaseModel):
    row: int
    col: int
    rowspan: int
    colspan: int
    start: int
    end: int
    text: str
    header: bool
    address: str | None


class TableAnswer(BaseModel):
    model_config = ConfigDict(extra="allow")

    title: str | None
    rows: int
    cols: int
    header_rows: int
    cells: list[CellAnswer]


class ContentAnswer(BaseModel):
    view: View
    total: int
    blocks: list[BlockAnswer]
    tables: dict[str, TableAnswer]


class PageAnswer(BaseModel):
    number: int
    width: float
    height: float


class PagesAnswer(BaseModel):
    pages: list[PageAnswer]


class LineAnswer(BaseModel):
    start: int
    end: int
    text: str
    bbox: list[float]
    edges: list[float]


class LinesAnswer(BaseModel):
    lines: list[LineAnswer]


HistoryAnswer = list[Event]


class FieldDifference(BaseModel):
    """``actor`` and ``at``: who set ``final`` (None: nobody on purpose, it followed from another change)."""

    record: str
    field: str
    draft: JsonValue
    final: JsonValue
    actor: str | None
    at: str | None


class DiffAnswer(BaseModel):
    """Final against draft: fields that differ, records that people made, records that are no more."""

    changes: list[FieldDifference]
    added: list[RecordAnswer]
    removed: list[IndicatorRecord]


class HitAnswer(BaseModel):
    """``marks``: (start, end) of the words found in ``snippet``; ``start``: their offset in the document's text."""

    document_id: str
    document_name: str
    record_id: str | None
    start: int | None
    snippet: str
    marks: list[tuple[int, int]]


class SearchAnswer(BaseModel):
    hits: list[HitAnswer]


class ImportAnswer(BaseModel):
    """With ``apply=false`` the preview (``changes``, ``token``), else as of an operation."""

    model_config = ConfigDict(extra="allow")


class TryAnswer(BaseModel):
    attempt: int
    at: str
    status: int | None
    error: str | None
    excerpt: str | None
    ms: int


class DeliveryAnswer(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str
    url: str
    state: Literal["pending", "delivered", "failed"]
    attempts: int
    created_at: str
    created_by: str
    next_at: str | None
    tries: list[TryAnswer]


class DeliveryList(BaseModel):
    deliveries: list[DeliveryAnswer]


class Health(BaseModel):
    status: Literal["ok"]
