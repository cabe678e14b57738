"""Days, months, quarters and plan periods as first and last day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from ``first`` to ``last``, both included. ``vague``: only its last day is meant (年底, 9月末)."""

    first: date
    last: date
    vague: bool = False


def year_stretch(year: int) -> Stretch:
    """1 January to 31 December."""
    return Stretch(date(year, 1, 1), date(year, 12, 31))


def month_stretch(year: int, month: int) -> Stretch:
    """A month, where month 0 or 13 runs over into the year before or after."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Stretch(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def months_stretch(year: int, first: int, last: int) -> Stretch:
    """From the first day of month ``first`` to the last of month ``last``."""
    return Stretch(month_stretch(year, first).first, month_stretch(year, last).last)


def quarter_stretch(year: int, quarter: int) -> Stretch:
    """Quarter 1 to 4 of a year."""
    return months_stretch(year, quarter * 3 - 2, quarter * 3)


def half_stretch(year: int, half: int) -> Stretch:
    """Half 1 or 2 of a year."""
    return months_stretch(year, half * 6 - 5, half * 6)


def day_stretch(year: int, month: int, day: int) -> Stretch | None:
    """One day, or None where the calendar has no such day."""
    try:
        here = date(year, month, day)
    except ValueError:
        return None
    return Stretch(here, here)


def third_stretch(year: int, month: int, third: str) -> Stretch:
    """上旬, 中旬 or 下旬 of a month."""
    whole = month_stretch(year, month)
    first, last = {"上": (1, 10), "中": (11, 20), "下": (21, whole.last.day)}[third]
    return Stretch(whole.first.replace(day=first), whole.first.replace(day=last))


def edge_of(stretch: Stretch, edge: str) -> Stretch:
    """The 底, 末, 初 or 中 of a year, quarter or month: vague at its start, sure at its end."""
    days = (stretch.last - stretch.first).days + 1
    if edge in ("底", "末", "终"):
        return Stretch(stretch.last, stretch.last, vague=True)
    if edge == "初":
        if days > 300:
            return Stretch(stretch.first, month_stretch(stretch.first.year, 2).last)
        return Stretch(stretch.first, stretch.first + timedelta(days=30 if days > 31 else 4))
    if days > 300:
        return Stretch(stretch.first, date(stretch.first.year, 6, 30), vague=True)
    return Stretch(stretch.first + timedelta(days=10), stretch.first + timedelta(days=19))


def plan_stretch(number: int) -> Stretch | None:
    """The years of the five-year plan ``number`` (十四五: 14), or None below the first and above the thirtieth."""
    if not 1 <= number <= 30:
        return None
    first = 1953 + 5 * (number - 1) if number < 3 else 1966 + 5 * (number - 3)
    return Stretch(date(first, 1, 1), date(first + 4, 12, 31))
