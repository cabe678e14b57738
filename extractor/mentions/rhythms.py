"""Rhythms, plan periods and stretches of time: 每月5日前, “十四五”期间, 10个工作日内."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from extractor.mentions import date_patterns as p
from extractor.mentions.dating import Stretch, month_stretch, plan_stretch, year_stretch
from extractor.text.numerals import parse_numeral
from extractor.types.geometry import Span
from extractor.types.mention import DateMention, DateRole


class When(NamedTuple):
    """What dates without a year count from: the document's year, or today, where words like 下个月 are wanted."""

    year: int | None
    today: date | None


def whole_number(words: str | None) -> int | None:
    """A numeral as an int; decimals are cut, None stays."""
    value = None if words is None else parse_numeral(words)
    return None if value is None else int(value)


def make_mention(
    start: int, end: int, role: DateRole, days: Stretch | None, *, attributive: bool = False
) -> DateMention:
    """A mention of ``role`` with those of the days that such a role has."""
    first = last = None
    if days is not None:
        if role != "deadline" and not days.vague:
            first = days.first.isoformat()
        if role != "start":
            last = days.last.isoformat()
        elif days.vague:
            first = days.last.isoformat()
    return DateMention(Span(start, end), role, first, last, attributive=attributive)


def read_plan(text: str, at: int, when: When, floor: int) -> DateMention | None:
    """The five-year plan named at ``at``, where its years are meant and not its document."""
    match = p.PLAN.match(text, at)
    if match is None:
        return None
    number = whole_number(match["plan"])
    days = plan_stretch(number) if number is not None else None
    if days is None or number is None or (number > 10 and not match["plan"].startswith(("十", "二"))):
        return None
    part = match["part"]
    prefix = p.PREFIX.search(text, max(floor, at - 5), at)
    start, end = at, match.end()
    if match["tail"] and part in ("期间", "时期", "期内"):
        return make_mention(start, end, "period", days)
    if "末" in part:
        before = p.BEFORE.match(text, end)
        if prefix is not None and prefix["until"] and before is None:
            start = prefix.start()
        return make_mention(start, before.end() if before else end, "deadline", days)
    if part == "以来":
        return make_mention(start, end, "start", days)
    return make_mention(start, end, "period", days)


def read_duration(text: str, at: int, when: When, floor: int) -> DateMention | None:
    """A stretch of time with 内 at ``at``; years count from the document's."""
    match = p.DURATION.match(text, at)
    if match is None or text[max(0, at - 1) : at] in ("至", "到", "过", "于", "在"):
        return None
    count = parse_numeral(match["count"])
    if count is None:
        return None
    unit = p.UNITS[match["unit"]]
    days = None
    if unit == "Y" and when.year is not None and 1 <= count <= 50 and count == int(count):
        days = year_stretch(when.year + int(count))
    interval = (
        f"PT{count}H"
        if unit == "h"
        else f"P{count * 3}M"
        if unit == "Q"
        else f"P{count}{unit}"
        if unit in "DWMY"
        else None
    )
    end = days.last.isoformat() if days else None
    return DateMention(Span(at, match.end()), "duration", None, end, interval=interval)


def read_every(text: str, at: int, when: When, floor: int) -> DateMention | None:
    """The rhythm at ``at`` with the day that it names in its period."""
    match = p.EVERY.match(text, at)
    if match is None:
        return None
    word = match["unit"] or match["by"] or match["step"]
    count = whole_number(match["count"]) if match["count"] and match["count"] != "半" else 1
    unit = p.UNITS[word]
    if match["count"] == "半":
        unit = {"Y": "H", "M": "半月"}.get(unit, "?")
    fixed = {"Q": f"P{3 * (count or 1)}M", "H": f"P{6 * (count or 1)}M", "旬": "P10D", "半月": "P15D", "?": None}
    interval = fixed.get(unit, f"P{count}{unit}")
    recurrence = p.RHYTHMS.get({"P12M": "P1Y", "P7D": "P1W"}.get(interval or "", interval or ""))
    if word == "学期" or "隔" in match[0]:
        recurrence = None  # 每隔一天 is every other day to some and every day to others
    end, by = match.end(), None
    if unit == "Y":
        end, by = _within_year(text, end)
    elif unit == "M" and count == 1:
        end, by = _within_month(text, end)
    elif unit in "QH" and (within := p.WITHIN_QUARTER.match(text, end)) is not None:
        before = p.BEFORE.match(text, within.end()) if within.end() > end else None
        end = before.end() if before else within.end()
    return DateMention(Span(at, end), "recurrence", None, None, recurrence, by, interval=interval)


def _within_year(text: str, end: int) -> tuple[int, str | None]:
    match = p.WITHIN_YEAR.match(text, end)
    if match is None or match.end() == end:
        return end, None
    stop = match.end()
    before = p.BEFORE.match(text, stop)
    stop = before.end() if before else stop
    month = whole_number(match["month"])
    if match["half"]:
        return stop, "06-30" if match["half"] == "上" else "12-31"
    if match["quarter"]:
        last = month_stretch(2023, 3 * (whole_number(match["quarter"]) or 1)).last
        return stop, last.isoformat()[5:]
    if match["more"]:
        return stop, None
    if match["yearedge"]:
        return stop, "12-31" if match["yearedge"] in "底末" else None
    if month is None or not 1 <= month <= 12:
        return end, None
    day = whole_number(match["day"])
    if day is None and (match["edge"] in ("底", "末") or before):
        return stop, f"{month:02d}-{month_stretch(2023, month).last.day:02d}"
    return stop, None if day is None or not 1 <= day <= 31 else f"{month:02d}-{day:02d}"


def _within_month(text: str, end: int) -> tuple[int, str | None]:
    match = p.WITHIN_MONTH.match(text, end)
    if match is None or match.end() == end:
        return end, None
    before = p.BEFORE.match(text, match.end())
    stop = before.end() if before else match.end()
    day = whole_number(match["day"])
    if day is not None:
        return stop, f"{day:02d}" if 1 <= day <= 31 else None
    return stop, "31" if match["edge"] in ("底", "末") else None
