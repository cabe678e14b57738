"""Answers and bodies about the aligned archive, as OpenAPI documents them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from extractor.types.archive import ConflictKind, DecisionKind, PlaceLevel
from extractor.types.record import Op
from extractor.web.models import Body

IndicatorId = Annotated[str, Field(min_length=1, max_length=200)]
ObservationId = Annotated[str, Field(min_length=1, max_length=200)]


class DomainAnswer(BaseModel):
    """``name`` is null for all domains together."""

    name: str | None
    indicators: int
    conflicts: int
    observations: int
    documents: int
    places: int
    first_year: int | None
    last_year: int | None


class PlaceCount(BaseModel):
    name: str
    observations: int


class OverviewAnswer(BaseModel):
    """``at``: when the archive was aligned, null where there is none. ``places``: the commonest."""

    at: str | None
    whole: DomainAnswer
    domains: list[DomainAnswer]
    places: list[PlaceCount]


class IndicatorAnswer(BaseModel):
    """``certainty``: of the weakest link that holds its observations together."""

    id: str
    name: str
    domain: str
    unit: str | None
    observations: int
    documents: int
    places: int
    first_year: int | None
    last_year: int | None
    certainty: float
    renamed: bool
    conflicts: int


class IndicatorList(BaseModel):
    total: int
    indicators: list[IndicatorAnswer]


class PlaceAnswer(BaseModel):
    name: str
    level: PlaceLevel
    parent: str | None


class QuantityAnswer(BaseModel):
    dimension: str
    base: str
    unit: str
    value: float | None
    upper: float | None


class ObservationAnswer(BaseModel):
    """``document``: SHA-256 of the source; ``document_id``: the workspace's document of those bytes, where there is one.

    ``quantity``: the value in a unit that compares.
    """

    id: str
    document: str
    document_id: str | None
    source: str
    title: str | None
    record_id: str
    target: int
    place: PlaceAnswer | None
    year: int | None
    document_year: int | None
    domain: str
    object: str | None
    path: list[str]
    text: str
    metric: str
    op: Op
    value: float | None
    upper: float | None
    unit: str | None
    per: str | None
    baseline: str | None
    raw: str | None
    due: str | None
    strength: str | None
    quantity: QuantityAnswer
    start: int
    end: int
    page: int | None


class ContradictionAnswer(BaseModel):
    """``laxer``: ``first`` asks less than ``second``, which comes from above. ``differs``: two documents of one place
    and year. ``gap`` in the base unit.
    """

    kind: ConflictKind
    indicator: str
    year: int
    first: str
    second: str
    gap: float


class ContradictionList(BaseModel):
    total: int
    conflicts: list[ContradictionAnswer]


class DecisionRowAnswer(BaseModel):
    seq: int
    kind: DecisionKind
    members: list[str]
    others: list[str]
    name: str | None
    actor: str
    at: str


class DecisionList(BaseModel):
    """Newest first."""

    total: int
    decisions: list[DecisionRowAnswer]


class IndicatorWhole(BaseModel):
    """``total``, ``conflicts_total``: how many observations and contradictions there are, of which some are here."""

    total: int
    conflicts_total: int
    indicator: IndicatorAnswer
    observations: list[ObservationAnswer]
    conflicts: list[ContradictionAnswer]
    decisions: list[DecisionRowAnswer]


class MergeBody(Body):
    """Both indicators measure the same."""

    kind: Literal["merge"]
    indicator: IndicatorId
    other: IndicatorId


class SplitBody(Body):
    """``members``, ids of observations, measure something else than the rest of the indicator."""

    kind: Literal["split"]
    indicator: IndicatorId
    members: Annotated[list[ObservationId], Field(min_length=1, max_length=10_000)]


class RenameBody(Body):
    kind: Literal["rename"]
    indicator: IndicatorId
    name: Annotated[str, Field(min_length=1, max_length=400)]


class UndoBody(Body):
    """The opposite of an earlier decision is decided."""

    kind: Literal["undo"]
    seq: Annotated[int, Field(ge=1, le=2**31 - 1)]


DecisionBody = Annotated[MergeBody | SplitBody | RenameBody | UndoBody, Field(discriminator="kind")]


class DecidedAnswer(BaseModel):
    """``indicator``: that of the first observation decided about; ``indicators``: all that the decision has led to."""

    seq: int
    indicator: str
    indicators: list[str]
