"""Axes of a plot: where a value stands, and which values are written beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

_MOST_YEARS = 14  # that are written out
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``first`` to ``last`` over the stretch from ``start`` to ``end`` of the picture."""

    first: float
    last: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        return self.start + (value - self.first) / (self.last - self.first) * (self.end - self.start)


def ticks(values: Sequence[float], *, most: float | None = None) -> list[float]:
    """Five or so round values around ``values``, from 0 where that is not far off. ``most``: the end of the scale,
    which is not passed unless a value does.
    """
    low, high = min(values), max(values)
    if low >= 0 and (low <= 0.5 * high or low == high):
        low = 0.0
    elif high <= 0 and high >= 0.5 * low:
        high = 0.0
    if low == high:  # nothing but 0
        high = 1.0
    step = _round_step((high - low) / 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if low > 0 and first * step > low - step / 4:  # nothing is to lie on the axis but 0
        first -= 1
    made = [_clean(step * number) for number in range(first, last + 1)]
    if most is not None and high <= most < made[-1]:
        made = [one for one in made if one < most] + [most]
    return made


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * one for one in _STEPS if power * one >= step * (1 - 1e-9))


def _clean(value: float) -> float:
    """Without the dust of binary fractions: 0.30000000000000004 is 0.3."""
    return float(f"{value:.12g}")


def year_ticks(first: int, last: int) -> Iterator[int]:
    """Every year, or every second, fifth, tenth …, where they would not have room."""
    step = next(
        one
        for power in count()
        for one in (10**power, 2 * 10**power, 5 * 10**power)
        if (last - first) / one < _MOST_YEARS
    )
    return (year for year in range(first, last + 1) if year % step == 0)


def magnitude(greatest: float, unit: str) -> tuple[float, str]:
    """What large values of a Chinese unit are divided by, and the unit then: (10000, 万元) of 元, (10000, 亿元) of 万元."""
    if not unit or not "\u4e00" <= unit[0] <= "\u9fff" or unit[0] in "十百千亿" or unit.startswith("万亿"):
        return 1.0, unit
    if unit[0] == "万":
        return (1e4, "亿" + unit[1:]) if greatest >= 1e5 else (1.0, unit)
    return next(((by, word + unit) for by, word in ((1e8, "亿"), (1e4, "万")) if greatest >= by * 10), (1.0, unit))


def figure(value: float) -> str:
    """Thousands parted, four decimals, or four digits of what is small: 12,500, 0.35, 0.000012."""
    if 0 < abs(value) < 1e-7:
        return f"{value:.4g}"
    decimals = max(4, 3 - math.floor(math.log10(abs(value)))) if value else 0
    said = f"{value:,.{decimals}f}"
    return said.rstrip("0").rstrip(".") if decimals else said
