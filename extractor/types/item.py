"""Items: the stretches of a document that become records, with what stands around them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from extractor.types.geometry import Span


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the source and where they stand. ``text`` is what the record shows (white space folded)."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Points:
    """Points as printed; ``span`` covers the mark or cell."""

    value: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Who:
    """Words that name who is responsible. ``role``: as the column or label says; ``duty`` for 责任单位 / 责任科室
    (lead where no lead is named, else support); None where the words themselves must tell (A牵头，B配合).
    """

    span: Span
    role: Literal["leader", "lead", "support", "duty"] | None = None


@dataclass(frozen=True, slots=True)
class QuotaCell:
    """A filled cell of a quota table.

    ``measure`` are the heading words, outermost first; ``unit`` and ``scope`` (place or unit bound) as the
    heading, caption or row says; ``year`` the year it is due; ``baseline`` the words of a base-year value;
    ``op`` where a column says so.
    """

    span: Span
    measure: tuple[Words, ...]
    unit: str | None = None
    scope: str | None = None
    year: int | None = None
    baseline: str | None = None
    strength: Literal["must", "strive"] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What becomes one record.

    ``span``: the record's ``text`` (own number, trailing points mark and trailing who/when bracket left out).
    ``path``: headings above or grouping columns, outermost first, without numbers and points marks.
    ``who`` / ``when``: brackets, label lines, columns and headings that hold for the item. ``lead_in``: an
    opening phrase that holds for it (到2020年：). ``thresholds``: scoring words whose numbers are targets.
    ``context``: words before it that may complete a metric, nearest last. ``quota``: set for a quota row.
    ``dropped``: why the stretch is no record (kept, so that misses can be shown). ``sure``: P(it is a record), 0…1, as
    the learned judge has it; None where only the rules have judged.
    """

    span: Span
    path: tuple[Words, ...] = ()
    number: str | None = None
    tier: str | None = None
    points: Points | None = None
    row_points: Points | None = None
    who: tuple[Who, ...] = ()
    when: tuple[Span, ...] = ()
    lead_in: Span | None = None
    assessed: tuple[Words, ...] = ()
    scoring: Span | None = None
    thresholds: tuple[Span, ...] = ()
    notes: tuple[Span, ...] = ()
    context: tuple[Span, ...] = ()
    quota: tuple[QuotaCell, ...] = ()
    origin: Literal["table", "quota", "clause", "sentence"] = "sentence"
    table: int | None = None
    cell: tuple[int, int] | None = None
    dropped: str | None = None
    sure: float | None = None
