"""Dates, periods and rhythms of planning language: 9月底前, 到2025年, “十四五”末, 每月5日前."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from extractor.mentions import date_patterns as p
from extractor.mentions.dating import (
    Stretch,
    day_stretch,
    edge_of,
    half_stretch,
    month_stretch,
    months_stretch,
    quarter_stretch,
    third_stretch,
    year_stretch,
)
from extractor.mentions.relative_dates import RELATIVE, SHORT_YEAR, full_year, read_relative
from extractor.mentions.rhythms import When, make_mention, read_duration, read_every, read_plan, whole_number
from extractor.types.mention import DateMention, DateRole


class _Dated(NamedTuple):
    """A date expression without the words that say how it is meant. ``days`` is None where its year is unknown."""

    start: int
    end: int
    days: Stretch | None
    kind: str  # year, part, day, edge, range, past, whole


def _unnamed(pattern: re.Pattern[str]) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern.replace("(?P=sep)", "[-./]"))


_SKIP = r"(?P<skip>《[^《》]{0,100}》|[〔\[(](?:19|20)\d\d[〕\])])"
_KINDS = (
    rf"(?P<years>{_unnamed(p.SHORT_YEARS)})|(?P<plan>{_unnamed(p.PLAN)})|(?P<every>{_unnamed(p.EVERY)})"
    rf"|(?P<duration>{_unnamed(p.DURATION)})|(?P<months>{_unnamed(p.SHORT_MONTHS)})|(?P<point>{_unnamed(p.POINT)})"
    rf"|(?P<part>{_unnamed(p.PART)})|(?P<whole>(?<![每])全年度?|(?:(?<![\d一二三四五六七八九十百两几半今本当明每])年内))"
)
_FIND = re.compile(f"{_SKIP}|{_KINDS}")
_FIND_RELATIVE = re.compile(f"{_SKIP}|(?P<short>{_unnamed(SHORT_YEAR)})|(?P<relative>{_unnamed(RELATIVE)})|{_KINDS}")
_LIST = re.compile(r"[、和及或]|以及")
_ANY = re.compile(r"[年月日号季周天旬时每]|五末|五[”\"’]|\d[-./]\d|期[间末内]")
_COUNTED_YEAR = re.compile(r"[一二三四五六七八九十百千两几数半\d]$")


def find_dates(text: str, *, year: int | None = None, today: date | None = None) -> list[DateMention]:
    """The dates of a normalised stretch of text, left to right, without overlaps.

    ``year`` is what years that are not printed refer to; without it such dates have neither start nor end.
    With ``today`` dates that count from it (下个月15号, 明天) and years of two digits are read too: policy
    language has neither, but letters and reports do. Dates inside 《》 are parts of titles and left out.
    """
    if today is None and _ANY.search(text) is None:
        return []
    found: list[DateMention] = []
    when = When(year if year is not None or today is None else today.year, today)
    pattern = _FIND if today is None else _FIND_RELATIVE
    at = 0
    while match := pattern.search(text, at):
        kind = match.lastgroup or "skip"
        at = max(match.end(), at + 1)
        if kind == "skip":
            continue
        floor = found[-1].span.end if found else 0
        mention = _READERS[kind](text, match.start(), when, floor)
        if mention is None:
            at = match.start() + 1
            continue
        found.append(mention)
        at = max(mention.span.end, match.start() + 1)
    return _share_roles(text, found)


def _share_roles(text: str, found: list[DateMention]) -> list[DateMention]:
    """6月、12月底前; 到2025年、2030年: a bare date in a list with a deadline is one too."""
    for at, (one, two) in enumerate(itertools.pairwise(found)):
        if {one.role, two.role} != {"point", "deadline"} or not _LIST.fullmatch(text, one.span.end, two.span.start):
            continue
        if one.role == "point" and not text[two.span.start].isdecimal():
            continue
        if one.role == "deadline" and text[one.span.end - 1] in "前内底末":
            continue
        if one.role == "point":
            found[at] = replace(one, role="deadline", start=None)
        else:
            found[at + 1] = replace(two, role="deadline", start=None)
    return found


def year_number(words: str) -> int | None:
    """2023, 二〇二三, or 23 (of 2021—23) as a year."""
    value = whole_number(words)
    if value is not None and value < 100:
        return 2000 + value
    return value


def _read_point(text: str, at: int, when: When, context: int | None = None) -> _Dated | None:
    """The date expression that starts at ``at``; ``context`` is the year of an earlier part of the same range."""
    match = p.POINT.match(text, at)
    year = when.year
    if match is None:
        if when.today is not None and (relative := _read_relative(text, at, when.today)) is not None:
            return relative
        return _read_part(text, at, year if context is None else context)
    if match["iso"]:
        return _iso(match)
    if match["bareyear"]:
        days = year_stretch(year) if year is not None else None
        return _edged(at, match.end(), days, match["bareedge"])
    named = match["named"]
    if named is not None:
        here = None if year is None else year + p.YEARS_AWAY[named]
    else:
        here = year_number(match["year"])
    past = named in p.PAST
    if match["edge"] or match["mid"]:
        whole = year_stretch(here) if here is not None else None
        dated = _edged(at, match.end(), whole, match["edge"] or "中")
        return dated._replace(kind="past") if past else dated
    if any(match[g] for g in ("half", "quarter1", "quarter2", "nth", "quarters", "months", "month")):
        part = _part(match, at, here)
        return part if part is None or not past else part._replace(kind="past")
    short = p.SHORT_MONTHS.match(text, match.end())
    if short is not None and here is not None:
        first, last = whole_number(short["first"]), whole_number(short["last"])
        if first is not None and last is not None and 1 <= first < last <= 12:
            return _Dated(at, short.end(), months_stretch(here, first, last), "range")
    if named == "当年" or named == "同年":
        return None
    kind = "past" if past else "annual" if match["annual"] or (named or "").endswith("度") else "year"
    return _Dated(at, match.end(), year_stretch(here) if here is not None else None, kind)


def _read_part(text: str, at: int, year: int | None) -> _Dated | None:
    match = p.PART.match(text, at)
    return None if match is None or match["nth"] else _part(match, at, year)


def _read_relative(text: str, at: int, today: date) -> _Dated | None:
    """15年3月2日, 下个月9号: years of two digits and dates that count from today."""
    if (match := SHORT_YEAR.match(text, at)) is not None:
        year = full_year(match["yy"], today)
        if year is None:
            return None
        end = match.end()
        if (edge := re.compile(r"年?([底末初])").match(text, end)) is not None:
            return _Dated(at, edge.end(), edge_of(year_stretch(year), edge[1]), "edge")
        part = _read_part(text, end, year)
        return part._replace(start=at) if part is not None else _Dated(at, end, year_stretch(year), "year")
    if (match := RELATIVE.match(text, at)) is None:
        return None
    days = read_relative(match, today)
    return None if days is None else _Dated(at, match.end(), days, "day" if days.first == days.last else "part")


def _edged(start: int, end: int, whole: Stretch | None, edge: str) -> _Dated:
    """The start, middle or end of a year: 年初 is a period, the others are days by which."""
    return _Dated(start, end, whole and edge_of(whole, edge), "part" if edge == "初" else "edge")


def _iso(match: re.Match[str]) -> _Dated | None:
    year, month = int(match["iso"]), int(match["isomonth"])
    if match["isoday"]:
        days = day_stretch(year, month, int(match["isoday"]))
        return None if days is None else _Dated(match.start(), match.end(), days, "day")
    if match["sep"] != "." and len(match["isomonth"]) < 2:
        return None
    return _Dated(match.start(), match.end(), month_stretch(year, month), "part")


def _part(match: re.Match[str], at: int, year: int | None) -> _Dated | None:
    """A half, quarter, month or day of ``year`` from the groups of ``match``."""
    day = whole_number(match["day"])
    month = whole_number(match["month"] or match["nth"])
    edge = match["partedge"]
    if year is None:
        kind = "edge" if edge else "day" if day else "part"
        return _Dated(at, match.end(), None, kind)
    days: Stretch | None
    if match["half"]:
        days = half_stretch(year, 1 if match["half"] == "上" else 2)
    elif match["quarter1"] or match["quarter2"]:
        days = quarter_stretch(year, whole_number(match["quarter1"] or match["quarter2"]) or 1)
    elif match["quarters"] or match["months"]:
        months = (whole_number(match["quarters"]) or 0) * 3 or (whole_number(match["months"]) or 0)
        days = months_stretch(year, 1, months) if 0 < months <= 12 else None
    elif month is None or not 1 <= month <= 12:
        return None
    elif day is not None:
        days = day_stretch(year, month, day)
    elif match["third"]:
        days = third_stretch(year, month, match["third"])
    else:
        days = month_stretch(year, month)
    if days is None:
        return None
    if edge:
        return _Dated(at, match.end(), edge_of(days, edge), "edge" if edge != "初" else "part")
    kind = "day" if day else "month" if match["month"] and not match["third"] else "part"
    return _Dated(at, match.end(), days, kind)


def _point(text: str, at: int, when: When, floor: int) -> DateMention | None:
    if text[at] in "一二三四五六七八九十" and at and _COUNTED_YEAR.search(text, at - 1, at):
        return None
    first = _read_point(text, at, when)
    if first is None:
        return None
    return _with_role(text, _range(text, first, when), floor)


def _range(text: str, first: _Dated, when: When) -> _Dated:
    """2017年8月至11月, 7月4日至6日: a second date that takes from the first what it does not print."""
    link = p.LINK.match(text, first.end)
    if link is None:
        return first
    context = first.days.first.year if first.days else when.year
    second = None
    if first.kind == "day" and first.days and (day := p.DAY.match(text, link.end())):
        days = day_stretch(first.days.first.year, first.days.first.month, whole_number(day["day"]) or 0)
        second = _Dated(day.start(), day.end(), days, "day") if days else None
    if second is None:
        second = _read_point(text, link.end(), when, context)
    if second is None and (bare := re.compile(r"(?:19|20)\d\d(?!\d)").match(text, link.end())) and first.days:
        second = _Dated(bare.start(), bare.end(), year_stretch(int(bare[0])), "year")
    if second is None:
        return first
    if link[0].startswith(("起", "开始")) and p.BEFORE.match(text, second.end):
        return first
    if first.days is None or second.days is None:
        return _Dated(first.start, second.end, None, "range")
    last = second.days.last
    if last < first.days.first:
        if text[second.start : second.end].startswith(str(last.year)):
            return first
        last = last.replace(year=last.year + 1) if (last.month, last.day) != (2, 29) else last + timedelta(days=365)
    return _Dated(first.start, second.end, Stretch(first.days.first, last), "range")


def _months(text: str, at: int, when: When, floor: int) -> DateMention | None:
    match = p.SHORT_MONTHS.match(text, at)
    if match is None:
        return None
    first, last = whole_number(match["first"]), whole_number(match["last"])
    if first is None or last is None or not 1 <= first < last <= 12:
        return None
    days = months_stretch(when.year, first, last) if when.year is not None else None
    return _with_role(text, _Dated(at, match.end(), days, "range"), floor)


def _years(text: str, at: int, when: When, floor: int) -> DateMention | None:
    match = p.SHORT_YEARS.match(text, at)
    if match is None:
        return None
    first, last = year_number(match["first"]), year_number(match["last"])
    if first is None or last is None or not first < last <= first + 100:
        return _point(text, at, when, floor)
    return _with_role(text, _Dated(at, match.end(), Stretch(date(first, 1, 1), date(last, 12, 31)), "range"), floor)


def _whole(text: str, at: int, when: When, floor: int) -> DateMention | None:
    days = year_stretch(when.year) if when.year is not None else None
    if text.startswith("全年", at):
        return make_mention(at, at + 2, "period", days)
    return make_mention(at, at + 2, "deadline", days and Stretch(days.last, days.last, vague=True))


def _with_role(text: str, dated: _Dated, floor: int) -> DateMention:
    """How a date is meant, from the words around it."""
    start, end, days, kind = dated
    prefix = p.PREFIX.search(text, max(floor, start - 5), start)
    if kind == "past" or _is_baseline(text, end, prefix):
        return make_mention(start, end, "baseline", days)
    if kind == "annual" and p.ANNUAL_NAME.match(text, end):
        return make_mention(start, end, "point", days, attributive=True)
    before = p.BEFORE.match(text, end)
    if before is not None:
        return make_mention(start, before.end(), "deadline", days, attributive=_is_attribute(text, before.end()))
    after = p.AFTER.match(text, end)
    if after is not None:
        return _from_then(text, dated, prefix, after)
    inside = p.INSIDE.match(text, end)
    if inside is not None and kind != "edge":
        return make_mention(start, inside.end(), "period" if inside["during"] or kind != "year" else "deadline", days)
    if text.startswith("止", end):
        end += 1
        if kind != "range":
            return make_mention(prefix.start() if prefix else start, end, "deadline", days)
    if prefix is not None and prefix["asof"]:
        return replace(make_mention(prefix.start(), end, "point", days), start=None)
    if prefix is not None and prefix["until"]:
        return make_mention(prefix.start(), end, "deadline", days)
    if kind == "range":
        return make_mention(prefix.start() if prefix and prefix["since"] else start, end, "period", days)
    if prefix is not None and prefix["since"] and kind != "edge":
        return make_mention(prefix.start(), end, "start", days)
    if kind == "edge":
        return make_mention(start, end, "deadline", days)
    role: DateRole = "point" if kind in ("year", "annual", "month", "day") else "period"
    return make_mention(start, end, role, days, attributive=_is_attribute(text, end))


def _is_baseline(text: str, end: int, prefix: re.Match[str] | None) -> bool:
    after = p.BASELINE_AFTER.match(text, end)
    if after is not None:
        return True
    return prefix is not None and prefix["base"] is not None and prefix["base"][0] in "较比相对"


def _is_attribute(text: str, end: int) -> bool:
    return p.ATTRIBUTE.match(text, end) is not None


def _from_then(text: str, dated: _Dated, prefix: re.Match[str] | None, after: re.Match[str]) -> DateMention:
    start = prefix.start() if prefix is not None and prefix["since"] else dated.start
    days = dated.days
    if days is not None and after["excl"]:
        following = days.last + timedelta(days=1)
        days = Stretch(following, following)
    end = after.end()
    if after["from"] == "开始" and text.startswith("实施", end):
        return make_mention(start, end, "start", days)
    return make_mention(start, end, "start", days, attributive=_is_attribute(text, end))


_Reader = Callable[[str, int, When, int], "DateMention | None"]
_READERS: dict[str, _Reader] = {
    "years": _years,
    "plan": read_plan,
    "every": read_every,
    "duration": read_duration,
    "months": _months,
    "point": _point,
    "part": _point,
    "whole": _whole,
    "short": _point,
    "relative": _point,
}
