"""The record contract, version 1.0: what the scoring engine reads. Names and meanings here are fixed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from extractor.types.issue import Issue

SCHEMA_VERSION = "1.0"

RecordKind = Literal["target", "task", "bonus", "penalty", "veto"]
Op = Literal["ge", "gt", "le", "lt", "eq", "approx", "between"]
Role = Literal["leader", "lead", "support"]
Recurrence = Literal["daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly"]
Strength = Literal["must", "strive"]
DocumentKind = Literal["notice", "work_points", "scoring_table", "task_table", "plan", "other"]
Status = Literal["draft", "approved", "rejected"]
IsoDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidencePart(Model):
    """One stretch of evidence: offsets in ``Document.text``, page from 1, bbox in points from the top left,
    cell as (table, row, column) from 0, paragraph of a DOCX from 0, address of a spreadsheet cell.
    """

    start: int
    end: int
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    cell: tuple[int, int, int] | None = None
    paragraph: int | None = None
    address: str | None = None


class Evidence(EvidencePart):
    """``parts`` where the stretch runs over several lines, pages or cells."""

    parts: tuple[EvidencePart, ...] = ()


class Target(Model):
    """One thing that can be measured against a threshold; see the contract in docs/ for each field."""

    metric: str
    op: Op
    value: float | int | None = None
    upper: float | int | None = None
    unit: str | None = None
    per: str | None = None
    baseline: str | None = None
    implicit: bool = False
    alternative: int = 0
    due: IsoDate | None = None
    scope: str | None = None
    raw: str | None = None
    strength: Strength | None = None
    evidence: Evidence | None = None


class Deadline(Model):
    raw: str
    by: str | None = None
    start: IsoDate | None = None
    end: IsoDate | None = None
    recurrence: Recurrence | None = None
    evidence: Evidence | None = None


class Responsible(Model):
    """``canonical``: the whole name where ``name`` is known to be short for it; worked out at every export, so that
    it follows the vocabulary, and left out where there is none.
    """

    name: str
    role: Role
    evidence: Evidence | None = None
    canonical: str | None = Field(default=None, exclude_if=lambda whole: whole is None)


class IndicatorRecord(Model):
    """One unit that is assigned, checked or scored."""

    record_id: str
    path: tuple[str, ...] = ()
    number: str | None = None
    text: str
    kind: RecordKind
    tier: str | None = None
    points: float | int | None = None
    row_points: float | int | None = None
    per_occurrence: bool = False
    points_cap: float | int | None = None
    targets: tuple[Target, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    responsible: tuple[Responsible, ...] = ()
    assessed: tuple[str, ...] = ()
    scoring_text: str | None = None
    notes: str | None = None
    evidence: Evidence
    field_evidence: dict[str, tuple[Evidence, ...]] = Field(default_factory=dict)
    confidence: Annotated[float, Field(ge=0, le=1)]
    field_confidence: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    status: Status = "draft"
    issues: tuple[Issue, ...] = ()


class DocumentInfo(Model):
    """What the document says of itself."""

    source_name: str
    sha256: str
    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    issued_on: IsoDate | None = None
    year: int | None = None
    period: tuple[int, int] | None = None
    kind: DocumentKind = "other"
    addressee: str | None = None
    attachments: tuple[str, ...] = ()
    evidence: dict[str, Evidence] = Field(default_factory=dict)


class Unclaimed(Model):
    """A sentence that looks like an obligation but that no record claims."""

    text: str
    evidence: Evidence
    reason: str


class ExtractionFile(Model):
    """The JSON written for one document."""

    schema_version: Literal["1.0"] = "1.0"
    extractor_version: str
    document: DocumentInfo
    records: tuple[IndicatorRecord, ...]
    unclaimed: tuple[Unclaimed, ...] = ()
    issues: tuple[Issue, ...] = ()
