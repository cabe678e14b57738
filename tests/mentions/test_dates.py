"""Dates, periods and rhythms of planning language."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.mentions.dates import find_dates
from extractor.mentions.dating import edge_of, half_stretch, month_stretch, plan_stretch, quarter_stretch, year_stretch
from extractor.mentions.relative_dates import full_year
from extractor.text.view import make_view
from extractor.types.mention import DateMention


def brief(text: str, *, year: int | None = 2023, today: date | None = None) -> list[str]:
    """``words role start end`` of each mention, ``-`` for none."""
    plain = make_view(text).text
    return [
        f"{plain[d.span.start : d.span.end]} {d.role} {d.start or '-'} {d.end or '-'}"
        for d in find_dates(plain, year=year, today=today)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9月底前完成", ["9月底前 deadline - 2023-09-30"]),
        ("12月底", ["12月底 deadline - 2023-12-31"]),
        ("6月30日前报送", ["6月30日前 deadline - 2023-06-30"]),
        ("二〇二三年六月底前", ["二〇二三年六月底前 deadline - 2023-06-30"]),
        ("年底前", ["年底前 deadline - 2023-12-31"]),
        ("年底前100%完成", ["年底前 deadline - 2023-12-31"]),
        ("年内出台", ["年内 deadline - 2023-12-31"]),
        ("2024年内", ["2024年内 deadline - 2024-12-31"]),
        ("今年年底前", ["今年年底前 deadline - 2023-12-31"]),
        ("明年6月底前", ["明年6月底前 deadline - 2024-06-30"]),
        ("到2020年,", ["到2020年 deadline - 2020-12-31"]),
        ("到2025年底", ["到2025年底 deadline - 2025-12-31"]),
        ("到2025年底前", ["2025年底前 deadline - 2025-12-31"]),
        ("2020年前", ["2020年前 deadline - 2020-12-31"]),
        ("2021年年底前", ["2021年年底前 deadline - 2021-12-31"]),
        ("2021年12月底前", ["2021年12月底前 deadline - 2021-12-31"]),
        ("三季度末完成", ["三季度末 deadline - 2023-09-30"]),
        ("不迟于2023年6月底", ["不迟于2023年6月底 deadline - 2023-06-30"]),
        ("2024年2月底前", ["2024年2月底前 deadline - 2024-02-29"]),
        ("“十四五”末", ["“十四五”末 deadline - 2025-12-31"]),
        ("到“十四五”末", ["到“十四五”末 deadline - 2025-12-31"]),
        ("“十四五”期间", ["“十四五”期间 period 2021-01-01 2025-12-31"]),
        ("“十三五”时期", ["“十三五”时期 period 2016-01-01 2020-12-31"]),
        ("十五五规划期间", ["十五五规划期间 period 2026-01-01 2030-12-31"]),
        ("“十三五”以来", ["“十三五”以来 start 2016-01-01 -"]),
        ("2021—2025年", ["2021—2025年 period 2021-01-01 2025-12-31"]),
        ("(2021-23年)", ["2021-23年 period 2021-01-01 2023-12-31"]),
        ("2021年至2025年", ["2021年至2025年 period 2021-01-01 2025-12-31"]),
        ("上半年开工", ["上半年 period 2023-01-01 2023-06-30"]),
        ("一季度", ["一季度 period 2023-01-01 2023-03-31"]),
        ("2023年第三季度", ["2023年第三季度 period 2023-07-01 2023-09-30"]),
        ("9月上旬", ["9月上旬 period 2023-09-01 2023-09-10"]),
        ("2月下旬", ["2月下旬 period 2023-02-21 2023-02-28"]),
        ("全年组织", ["全年 period 2023-01-01 2023-12-31"]),
        ("1-9月", ["1-9月 period 2023-01-01 2023-09-30"]),
        ("2018年1-9月份", ["2018年1-9月份 period 2018-01-01 2018-09-30"]),
        ("2017年8月11日至8月22日", ["2017年8月11日至8月22日 period 2017-08-11 2017-08-22"]),
        ("7月4日至6日", ["7月4日至6日 period 2023-07-04 2023-07-06"]),
        ("2022年9月至2023年6月", ["2022年9月至2023年6月 period 2022-09-01 2023-06-30"]),
        ("11月至次年3月", ["11月至次年3月 period 2023-11-01 2024-03-31"]),
        ("2007年与2009年间", ["2007年与2009年间 period 2007-01-01 2009-12-31"]),
        ("自2020-05-26起至2020-05-29止", ["自2020-05-26起至2020-05-29止 period 2020-05-26 2020-05-29"]),
        ("4月份开始执行", ["4月份开始 start 2023-04-01 -"]),
        ("自2022年3月1日起施行", ["自2022年3月1日起 start 2022-03-01 -"]),
        ("下半年起执行", ["下半年起 start 2023-07-01 -"]),
        ("2019年8月6日或之后", ["2019年8月6日或之后 start 2019-08-06 -"]),
        ("2018年之后", ["2018年之后 start 2019-01-01 -"]),
        ("2022年,新增5家", ["2022年 point 2022-01-01 2022-12-31"]),
        ("2025年3月", ["2025年3月 point 2025-03-01 2025-03-31"]),
        ("2019.9.6", ["2019.9.6 point 2019-09-06 2019-09-06"]),
        ("截至2022年底", ["截至2022年底 point - 2022-12-31"]),
        ("较2020年下降", ["2020年 baseline 2020-01-01 2020-12-31"]),
        ("比上年增长", ["上年 baseline 2022-01-01 2022-12-31"]),
        ("与2015年相比", ["2015年 baseline 2015-01-01 2015-12-31"]),
        ("在2020年基础上", ["2020年 baseline 2020-01-01 2020-12-31"]),
        ("达到2019年的2.5倍", ["2019年 baseline 2019-01-01 2019-12-31"]),
        ("去年底", ["去年底 baseline - 2022-12-31"]),
        ("10个工作日内", ["10个工作日内 duration - -"]),
        ("三年内淘汰", ["三年内 duration - 2026-12-31"]),
        ("6月、12月底前", ["6月 deadline - 2023-06-30", "12月底前 deadline - 2023-12-31"]),
        ("到2025年、2030年", ["到2025年 deadline - 2025-12-31", "2030年 deadline - 2030-12-31"]),
        ("2021年、2022年", ["2021年 point 2021-01-01 2021-12-31", "2022年 point 2022-01-01 2022-12-31"]),
        ("8月31日24时前", ["8月31日24时前 deadline - 2023-08-31"]),
        ("6月30日下午5点前", ["6月30日下午5点前 deadline - 2023-06-30"]),
        ("2019年年初", ["2019年年初 period 2019-01-01 2019-02-28"]),
        ("十四五末", ["十四五末 deadline - 2025-12-31"]),
        ("2022-03", ["2022-03 period 2022-03-01 2022-03-31"]),
        ("完成3月和5月任务", ["3月 point 2023-03-01 2023-03-31", "5月 point 2023-05-01 2023-05-31"]),
        ("2021年前两个季度", ["2021年前两个季度 period 2021-01-01 2021-06-30"]),
        ("2021年的第三个月", ["2021年的第三个月 period 2021-03-01 2021-03-31"]),
    ],
)
def test_read(text: str, expected: list[str]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "全面加强领导",
        "三年行动计划",
        "100年一遇",
        "5年以上经历",
        "逐年提高",
        "提前3个月",
        "《2023年工作要点》",
        "某政〔2014〕89号",
        "“十四五”规划",
        "月报制度、年度考核、季度调度",
        "达到当年国家规定的标准",
        "13月底前",
        "2月30日前",
        "四季常青",
        "压缩至4个月以内",
        "日常巡查",
        "人均每年级",
        "近三年内",
    ],
)
def test_no_date(text: str) -> None:
    assert brief(text) == []


def only(text: str, year: int | None = 2023) -> DateMention:
    (found,) = find_dates(make_view(text).text, year=year)
    return found


@pytest.mark.parametrize(
    ("text", "recurrence", "by", "interval"),
    [
        ("每月", "monthly", None, "P1M"),
        ("按月发放", "monthly", None, "P1M"),
        ("逐月调度", "monthly", None, "P1M"),
        ("每季度", "quarterly", None, "P3M"),
        ("按季通报", "quarterly", None, "P3M"),
        ("每半年", "half-yearly", None, "P6M"),
        ("每年", "yearly", None, "P1Y"),
        ("每年度", "yearly", None, "P1Y"),
        ("每周", "weekly", None, "P1W"),
        ("每天", "daily", None, "P1D"),
        ("每年2月底前", "yearly", "02-28", "P1Y"),
        ("每年3月15日前", "yearly", "03-15", "P1Y"),
        ("每年年底前", "yearly", "12-31", "P1Y"),
        ("每年7月-9月", "yearly", None, "P1Y"),
        ("每年6月和12月", "yearly", None, "P1Y"),
        ("每年上半年", "yearly", "06-30", "P1Y"),
        ("每年第一季度", "yearly", "03-31", "P1Y"),
        ("每季度首月10日前", "quarterly", None, "P3M"),
        ("每季度末", "quarterly", None, "P3M"),
        ("每半个月", None, None, "P15D"),
        ("每半天", None, None, None),
        ("每学期", None, None, "P6M"),
        ("每隔一天", None, None, "P1D"),
        ("每月5日前", "monthly", "05", "P1M"),
        ("每月底前", "monthly", "31", "P1M"),
        ("每3个月", "quarterly", None, "P3M"),
        ("每隔3天", None, None, "P3D"),
        ("每两年", None, None, "P2Y"),
        ("每旬", None, None, "P10D"),
    ],
)
def test_rhythms(text: str, recurrence: str | None, by: str | None, interval: str | None) -> None:
    found = only(text)
    assert found.role == "recurrence"
    assert (found.recurrence, found.by, found.interval, found.start, found.end) == (
        recurrence,
        by,
        interval,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("当年8月31日前进驻的人员", True),
        ("2020年12月31日前建成的小区", True),
        ("当年8月31日前进驻,滞留超过3个月的人员", True),
        ("完成2023年度联检任务", True),
        ("9月底前完成的任务", False),
        ("2023年度完成5家", False),
        ("6月底前建成投用", False),
    ],
)
def test_dates_that_say_what_is_meant(text: str, flag: bool) -> None:
    assert only(text).attributive is flag


def test_without_a_year_relative_dates_stay_open() -> None:
    found = only("9月底前", year=None)
    assert (found.role, found.start, found.end) == ("deadline", None, None)
    assert only("2022年9月底前", year=None).end == "2022-09-30"
    assert only("年内", year=None).end is None
    assert only("去年", year=None).end is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("今天", "2021-06-14", "2021-06-14"),
        ("大后天", "2021-06-17", "2021-06-17"),
        ("上个月", "2021-05-01", "2021-05-31"),
        ("下月九号", "2021-07-09", "2021-07-09"),
        ("本月底", None, "2021-06-30"),
        ("本月上旬", "2021-06-01", "2021-06-10"),
        ("上个季度", "2021-01-01", "2021-03-31"),
        ("上个半年", "2020-07-01", "2020-12-31"),
        ("下一年", "2022-01-01", "2022-12-31"),
        ("上上周", "2021-05-31", "2021-06-06"),
        ("下周三", "2021-06-23", "2021-06-23"),
        ("星期五", "2021-06-18", "2021-06-18"),
        ("上半月", "2021-06-01", "2021-06-15"),
        ("下半月", "2021-06-16", "2021-06-30"),
        ("29号", "2021-06-29", "2021-06-29"),
        ("15年3月2日", "2015-03-02", "2015-03-02"),
        ("98年4月", "1998-04-01", "1998-04-30"),
        ("19年底", None, "2019-12-31"),
        ("九七年一季度", "1997-01-01", "1997-03-31"),
        ("08年,", "2008-01-01", "2008-12-31"),
        ("2014年11月到下个月9号", "2014-11-01", "2021-07-09"),
    ],
)
def test_dates_that_count_from_today(text: str, first: str | None, last: str) -> None:
    (found,) = find_dates(text, today=date(2021, 6, 14))
    assert (found.start, found.end) == (first, last)
    assert find_dates("下周三", year=2021) == []


def test_years_of_two_digits() -> None:
    assert full_year("33", date(2021, 1, 1)) == 1933
    assert full_year("〇八", date(2021, 1, 1)) == 2008
    assert full_year("二甲", date(2021, 1, 1)) is None


def test_stretches() -> None:
    assert month_stretch(2023, 13) == month_stretch(2024, 1)
    assert month_stretch(2023, 0) == month_stretch(2022, 12)
    assert quarter_stretch(2024, 1).last == date(2024, 3, 31)
    assert half_stretch(2024, 2).first == date(2024, 7, 1)
    assert edge_of(year_stretch(2023), "初").last == date(2023, 2, 28)
    assert edge_of(year_stretch(2023), "中").last == date(2023, 6, 30)
    assert edge_of(month_stretch(2023, 5), "初").last == date(2023, 5, 5)
    assert edge_of(month_stretch(2023, 5), "中").first == date(2023, 5, 11)
    assert edge_of(quarter_stretch(2023, 2), "初").last == date(2023, 5, 1)


@pytest.mark.parametrize(("number", "first"), [(1, 1953), (2, 1958), (3, 1966), (13, 2016), (14, 2021), (15, 2026)])
def test_plans(number: int, first: int) -> None:
    plan = plan_stretch(number)
    assert plan is not None
    assert (plan.first.year, plan.last.year) == (first, first + 4)


def test_there_is_no_plan_zero() -> None:
    assert plan_stretch(0) is None
    assert plan_stretch(31) is None


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)))
def test_printed_days_read_back(day: date) -> None:
    iso = day.isoformat()
    for text in (f"{day.year}年{day.month}月{day.day}日", iso, f"{day.year}.{day.month}.{day.day}"):
        (found,) = find_dates(text)
        assert (found.role, found.start, found.end) == ("point", iso, iso)
    (before,) = find_dates(f"{day.month}月{day.day}日前", year=day.year)
    assert (before.role, before.start, before.end) == ("deadline", None, iso)


ALPHABET = "年月日号底末初前内到至自起每按第“十四五”期间季度半上下中旬一二三零〇两0123456789-—./、,个工作天周今明去去当以后较比年内"


@given(st.text(alphabet=ALPHABET, max_size=40), st.booleans())
@settings(max_examples=400)
def test_spans_are_ordered_and_days_exist(text: str, relative: bool) -> None:
    end = 0
    for found in find_dates(text, year=2024, today=date(2024, 2, 29) if relative else None):
        assert end <= found.span.start < found.span.end <= len(text)
        end = found.span.end
        for day in (found.start, found.end):
            assert day is None or date.fromisoformat(day).year > 0


@pytest.mark.parametrize("unit", ["到2025年,", "一", "1", "《", "每年", "十四五", "1-", "第", "年底前"])
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        find_dates(text + "年", year=2023)
        return time.process_time() - start

    small, large = min(seconds(2_000) for _ in range(3)), seconds(20_000)
    assert large <= max(small * 40, 0.05)
