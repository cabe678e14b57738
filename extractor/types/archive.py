"""What an archive is made of once its records are read together: observations, and the indicators they are of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractor.types.record import Op

PlaceLevel = Literal["national", "province", "city", "county", "township"]


@dataclass(frozen=True, slots=True)
class Place:
    """``name`` as written (溪宁市); ``parent``: the place above it where the document or a gazetteer says so."""

    name: str
    level: PlaceLevel
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit reduced to what can be compared. ``dimension``: share, money, area, length, mass, energy,
    count:张 … ; two quantities compare only where dimension and ``base`` agree. ``base``: the number of what it is counted
    by (每千人 and 每万人 → ``人``), with the period (``/年``), "" where there is none. ``value`` and ``upper`` in the base
    unit ``unit``.
    """

    dimension: str
    base: str
    unit: str
    value: float | None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One target of one document. ``target``: its position in the record's targets. ``year``: that it is to be met in,
    else the document's own. ``document_year``: the year the document is of. ``object``: whom or what it binds, where the
    record says so (scope, row heading, assessed). ``start``, ``end``, ``page``: where its record stands in the source.
    """

    document: str  # sha256
    source: str  # the file's name
    title: str | None
    record_id: str
    target: int
    place: Place | None
    year: int | None
    document_year: int | None
    domain: str
    object: str | None
    path: tuple[str, ...]
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
    quantity: Quantity
    start: int
    end: int
    page: int | None

    @property
    def id(self) -> str:
        return f"{self.record_id}/{self.target}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """Observations that measure the same. ``id`` is stable while its first member is; ``name`` is a person's where one
    renamed it, else its members' most common metric. ``certainty``: the least of the links that hold it together, 0 to 1.
    """

    id: str
    name: str
    domain: str
    unit: str | None
    members: tuple[str, ...]  # Observation.id
    certainty: float
    renamed: bool = False


DecisionKind = Literal["merge", "split", "rename"]


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on the alignment, in terms of observations so that it outlives a new run. ``merge``: all of
    ``members`` measure the same. ``split``: none of ``members`` measures the same as any of ``others``. ``rename``: the
    indicator that holds most of ``members`` is called ``name``; None gives it the name back that it has without people.
    """

    kind: DecisionKind
    members: tuple[str, ...]
    others: tuple[str, ...] = ()
    name: str | None = None
    actor: str = ""
    at: str = ""


ConflictKind = Literal["laxer", "differs"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two observations of one indicator that contradict each other for one year. ``laxer``: ``first`` asks less than
    ``second``, which is of a place above. ``differs``: they are of two documents of one place and one year. ``gap``:
    how far they are apart, in the base unit.
    """

    kind: ConflictKind
    indicator: str  # Indicator.id
    year: int
    first: str  # Observation.id
    second: str
    gap: float
