"""Dates that count from today, as letters and reports print them: 下个月15号, 上周, 明天, 15年3月2日."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extractor.mentions.dating import (
    Stretch,
    day_stretch,
    edge_of,
    half_stretch,
    month_stretch,
    quarter_stretch,
    third_stretch,
    year_stretch,
)
from extractor.text.numerals import parse_numeral

_DAYS = {
    "大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "次": 1, "后": 2, "大后": 3,
}  # fmt: skip
_STEPS = {"上": -1, "上一": -1, "上个": -1, "上一个": -1, "本": 0, "这": 0, "这个": 0, "当": 0, "这一": 0, "下": 1, "下一": 1,
          "下个": 1, "下一个": 1, "次": 1, "上上": -2, "上上个": -2, "下下": 2, "下下个": 2, "今": 0}  # fmt: skip
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_SMALL = r"(?:[12]\d|3[01]|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_STEP = r"(?P<step>上上个?|下下个?|上一?个?|下一?个?|这一?个?|本|当|次)"
_CD = "零〇○一二三四五六七八九"

RELATIVE = re.compile(
    rf"(?P<day>大前|大后|[前昨今明后])[天日](?!起|头条|之)"
    rf"|{_STEP}(?P<unit>月)(?:的)?(?:(?P<third>[上中下])旬|(?P<edge>[初底末])|(?P<dom>{_SMALL})[号日](?!常))?(?!度)"
    rf"|{_STEP.replace('step', 'step2')}(?P<unit2>季度|半年|星期|礼拜|周|年)(?!末|边|期|度|底|初)(?P<wd>[一二三四五六日天](?![个年月]))?"
    rf"|(?<![每\d])(?<![日号],)(?<![日号]\()(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![个年月期])"
    rf"|(?P<halfmonth>[上下])半月"
    rf"|(?<![\d一二两三四五六七八九十百零〇.年月-])(?P<only>{_SMALL})[号日](?![常线楼院店内])"
)
# A year of two digits: 15年3月2日, 九七年一季度; what follows it is read as after a full year.
SHORT_YEAR = re.compile(
    rf"(?<![\d{_CD}十百千两几第.])(?P<yy>\d\d|[{_CD}]{{2}})年(?=底|末|初|前?(?:{_SMALL}|两)个?月|第?[一二三四1-4]季度|[上下]半年|奥运|$|[,。;、与和至到])"
)


def read_relative(match: re.Match[str], today: date) -> Stretch | None:
    """The days that a match of ``RELATIVE`` means."""
    if match["day"]:
        here = today + timedelta(days=_DAYS[match["day"]])
        return Stretch(here, here)
    if match["unit"]:
        return _in_month(match, today)
    if match["unit2"]:
        return _in_unit(match, today)
    if match["weekday"]:
        here = _monday(today) + timedelta(days=_WEEKDAYS[match["weekday"]])
        here = here if here >= today else here + timedelta(days=7)
        return Stretch(here, here)
    if match["halfmonth"]:
        whole = month_stretch(today.year, today.month)
        middle = whole.first.replace(day=15)
        return (
            Stretch(whole.first, middle)
            if match["halfmonth"] == "上"
            else Stretch(middle + timedelta(days=1), whole.last)
        )
    number = parse_numeral(match["only"] or "")
    return None if number is None else day_stretch(today.year, today.month, int(number))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _in_month(match: re.Match[str], today: date) -> Stretch | None:
    whole = month_stretch(today.year, today.month + _STEPS[match["step"]])
    year, month = whole.first.year, whole.first.month
    if match["third"]:
        return third_stretch(year, month, match["third"])
    if match["edge"]:
        return edge_of(whole, match["edge"])
    if match["dom"]:
        number = parse_numeral(match["dom"])
        return None if number is None else day_stretch(year, month, int(number))
    return whole


def _in_unit(match: re.Match[str], today: date) -> Stretch | None:
    steps = _STEPS[match["step2"]]
    unit = match["unit2"]
    if unit == "年":
        return year_stretch(today.year + steps)
    if unit == "半年":
        half = (today.month - 1) // 6 + steps
        return half_stretch(today.year + half // 2, half % 2 + 1)
    if unit == "季度":
        quarter = (today.month - 1) // 3 + steps
        return quarter_stretch(today.year + quarter // 4, quarter % 4 + 1)
    monday = _monday(today) + timedelta(days=7 * steps)
    if match["wd"]:
        here = monday + timedelta(days=_WEEKDAYS[match["wd"]])
        return Stretch(here, here)
    return Stretch(monday, monday + timedelta(days=6))


def full_year(words: str, today: date) -> int | None:
    """15 → 2015, 98 → 1998, 三三 → 1933: not more than ten years ahead of ``today``."""
    value = (
        parse_numeral(words)
        if len(words) == 2 and words[0] not in "零〇○"
        else parse_numeral(words.lstrip("零〇○") or "零")
    )
    if value is None:
        return None
    short = int(value)
    year = today.year // 100 * 100 + short
    return year if year <= today.year + 10 else year - 100
