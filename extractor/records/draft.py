"""A target while it is made, before it is dated and placed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from extractor.types.geometry import Span
from extractor.types.mention import Comparator, DateMention


@dataclass(frozen=True, slots=True)
class Draft:
    """A target before it is dated: ``at`` is where it stands in the view's text, ``raw`` the words that state it.

    ``sure``: what a trained chooser gives the metric's being right, 0…1; None where the rules alone spoke.
    """

    metric: str
    op: Comparator
    at: int
    raw: Span
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    per: str | None = None
    baseline: str | None = None
    implicit: bool = False
    alternative: int = 0
    scope: str | None = None
    strength: Literal["must", "strive"] | None = None
    date: DateMention | None = None
    certain: bool = True
    sure: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """``used`` are the dates that a ``per`` or a baseline has taken and that are no deadlines."""

    targets: tuple[Draft, ...]
    used: tuple[DateMention, ...]
