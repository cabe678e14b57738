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
    千分之五 is 0.5 with unit ``%``, 三成 30 ``%``, 翻一番 2 ``倍``, 三分之一 has 28 digits and no unit.
    ``op`` is None for a bare number, whose direction the metric decides. ``cue`` is the comparator's words.

    ``between`` is what stands between comparator and number (不低于 *当地…的* 30%); ``change`` the verb of a
    relative value (*下降* 4.2%), inside ``span`` where nothing stands between them. ``per`` is the period that
    the number is counted in (每月至少1次: 月; 2周1次: 2周). ``follows``: the number continues a list whose
    comparator it shares (分别达70%、*50%*). ``rank``: a place in an order (前3名). ``hedged``: a count in words
    that may be part of a fixed phrase (三项制度).
    """

    span: Span
    number: Span
    value: Decimal
    upper: Decimal | None = None
    unit: str | None = None
    op: Comparator | None = None
    cue: str | None = None
    between: Span | None = None
    change: Span | None = None
    per: str | None = None
    follows: bool = False
    rank: bool = False
    hedged: bool = False


DateRole = Literal["deadline", "start", "period", "point", "recurrence", "baseline", "duration"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date, period or rhythm. ``start`` and ``end`` are ISO days, ``recurrence`` as in the contract.

    ``by`` is the day inside a recurring period (02-28, 05). ``role``: ``deadline`` (by or at that time; only
    ``end`` is set), ``start`` (from then on), ``period`` (during; both ends), ``point`` (a bare date, month or
    year; both ends), ``recurrence``, ``baseline`` (较2020年, 比上年), ``duration`` (10个工作日内, whose ``end``
    is None, as it depends on an event).

    ``attributive``: the date says who or what is meant (当年8月31日前进驻的人员, 2023年度联检任务), it is no
    deadline. ``interval`` is the rhythm or length as an ISO 8601 duration (P1M, P3D).
    """

    span: Span
    role: DateRole
    start: str | None = None
    end: str | None = None
    recurrence: str | None = None
    by: str | None = None
    attributive: bool = False
    interval: str | None = None


@dataclass(frozen=True, slots=True)
class Implicit:
    """A target without a number.

    ``cover``: 全覆盖 (``object``: 覆盖). ``should``: 应X尽X (``object``: X). ``all``: 全部 / 均 / 所有 with a verb
    (``object``: what follows up to the clause's end). ``none``: 无 / 零 / 杜绝 + event (``object``: the event).
    ``positive``: 正增长. ``span`` is the target's ``raw``.
    """

    kind: Literal["cover", "should", "all", "none", "positive"]
    span: Span
    object: Span


@dataclass(frozen=True, slots=True)
class ResponsibleMention:
    """A named person or unit. ``duty`` stands for 责任单位: lead where no lead is named, else support."""

    span: Span
    name: str
    role: Literal["leader", "lead", "support", "duty"]


PointsKind = Literal["mark", "bonus", "penalty", "cap", "award", "veto"]


@dataclass(frozen=True, slots=True)
class PointsMention:
    """Words of a scoring scheme.

    ``kind``: ``mark`` the points an item carries ((2分)), ``award`` given for reaching something (得8分),
    ``bonus`` and ``penalty`` by event (加5分, 扣3分), ``cap`` a limit on those (最高加10分, 扣完为止, whose value is
    None), ``veto`` 一票否决. ``value`` is positive. ``per_occurrence``: 每发生一起扣3分, 一次加5分. ``cap`` is the
    limit that the same sentence sets to this bonus or penalty.
    """

    span: Span
    kind: PointsKind
    value: Decimal | None = None
    per_occurrence: bool = False
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Mentions:
    """Every expression found in one stretch of text; spans count in that stretch."""

    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateMention, ...] = ()
    implicits: tuple[Implicit, ...] = ()
    points: tuple[PointsMention, ...] = ()
