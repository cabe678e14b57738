"""Expressions found in a stretch of text, with offsets in that text and values read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from extractor.types.geometry import Span

Comparator = Literal["ge", "gt", "le", "lt", "eq", "approx", "between"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit and comparator.

    ``span`` runs from the comparator to the end of the expression (不低于35%, 10个以上); ``number`` covers the
    digits and unit alone. ``value`` and ``upper`` are as printed: the scale word (万, 亿) stays in ``unit``;
    千分之五 is 0.5 with unit ``%``, 三成 30 ``%``, 翻一番 2 ``倍``, 三分之一 0.3333 without unit.
    ``op`` is None for a bare number, whose direction the metric decides. ``change`` is the verb of a relative
    value (提高, 下降 …). ``cue`` is the comparator's words.
    """

    span: Span
    number: Span
    value: Decimal
    upper: Decimal | None = None
    unit: str | None = None
    op: Comparator | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date, period or rhythm. ``start`` and ``end`` are ISO days, ``recurrence`` as in the contract.

    ``by`` is the day inside a recurring period (02-28, 05). ``role``: ``deadline`` (by or at that time),
    ``start`` (from then on), ``period`` (during), ``point`` (a bare date or year), ``recurrence``,
    ``baseline`` (较2020年, 比上年), ``duration`` (10个工作日内).
    """

    span: Span
    role: Literal["deadline", "start", "period", "point", "recurrence", "baseline", "duration"]
    start: str | None = None
    end: str | None = None
    recurrence: str | None = None
    by: str | None = None
