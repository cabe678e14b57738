"""Deadlines of a record, and the date that governs each of its targets."""

from __future__ import annotations

import pytest

from tests.records.samples import record_of

DEADLINES = {
    "month": ("9月底前完成方案编制。", [("9月底前", None, "2024-09-30", None)]),
    "end of the year": ("年底前建成投用。", [("年底前", None, "2024-12-31", None)]),
    "within the year": ("年内完成验收。", [("年内", None, "2024-12-31", None)]),
    "by a year": ("到2027年，基本建成统一平台。", [("到2027年", None, "2027-12-31", None)]),
    "before a year": ("2026年前完成搬迁。", [("2026年前", None, "2026-12-31", None)]),
    "end of a five-year plan": ("到“十四五”末，建成示范区。", [("“十四五”末", None, "2025-12-31", None)]),
    "five-year plan": ("“十四五”时期，健全长效机制。", [("“十四五”时期", "2021-01-01", "2025-12-31", None)]),
    "years": ("2023—2025年，开展专项整治。", [("2023—2025年", "2023-01-01", "2025-12-31", None)]),
    "from a month": ("4月份开始，实行网上申报。", [("4月份开始", "2024-04-01", None, None)]),
    "monthly": ("每月通报工作进展。", [("每月", None, None, "monthly")]),
    "by the month": ("按月报送统计数据。", [("按月", None, None, "monthly")]),
    "quarterly": ("每季度分析进展情况。", [("每季度", None, None, "quarterly")]),
    "yearly": ("每年开展绩效评价。", [("每年", None, None, "yearly")]),
    "a bare year that opens": ("2025年，全面推行电子证照。", [("2025年", None, "2025-12-31", None)]),
    "two": ("6月底前完成选址，11月底前完成建设。", [("6月底前", None, "2024-06-30", None), ("11月底前", None, "2024-11-30", None)]),
    "a year before the work": ("2025年全面完成整治任务。", [("2025年", None, "2025-12-31", None)]),
    "in a bracket": ("开展培训（6月底前），建立台账。", [("6月底前", None, "2024-06-30", None)]),
    "in a bracket that opens": ("（到2026年底前）完成搬迁。", [("2026年底前", None, "2026-12-31", None)]),
    "years from a year on": ("从2024年起三年内完成改造。", [("从2024年起三年内", "2024-01-01", "2026-12-31", None)]),
    "said twice": ("年底前完成选址，年底前完成招标。", [("年底前", None, "2024-12-31", None)]),
}  # fmt: skip

NONE = {
    "a rhythm that counts a number": "每月报送信息3条。",
    "who is meant": "对当年8月31日前进驻的人员建立台账。",
    "a document's date": "落实《关于加强管理的通知》（2021年3月印发）要求。",
    "a year in a task's name": "完成2023年度联合检查任务。",
    "a rhythm in a system's name": "落实信息月报制度。",
    "a baseline": "能耗强度比2020年下降3%。",
    "days from an event": "收到申请后10个工作日内办结。",
    "no deadline in so many words": "持续推进标准化建设，长期坚持。",
    "the whole year": "全年完成绿化任务。",
    "the current year": "当年完成绿化任务。",
    "who is meant, before the object": "以2025年12月31日前登记的企业为对象，建立名录。",
    "level of a past year": "恢复到2019年水平。",
    "rate of payment": "按每人每年380元发放补贴。",
    "a year in the name of a plan": "落实2024年度全县工作要点。",
}


@pytest.mark.parametrize(("sentence", "expected"), DEADLINES.values(), ids=DEADLINES)
def test_deadlines(sentence: str, expected: list[tuple[str | None, ...]]) -> None:
    found = record_of(sentence).deadlines
    assert [(d.start, d.end, d.recurrence) for d in found] == [each[1:] for each in expected]
    for deadline, (raw, *_) in zip(found, expected, strict=True):
        assert str(raw) in deadline.raw or deadline.raw in str(raw)
        assert deadline.raw in sentence


@pytest.mark.parametrize("sentence", NONE.values(), ids=NONE)
def test_no_deadline(sentence: str) -> None:
    assert record_of(sentence).deadlines == ()


def test_day_within_a_recurring_period() -> None:
    (monthly,) = record_of("每月5日前报送报表。").deadlines
    assert (monthly.by, monthly.end, monthly.recurrence) == ("05", None, "monthly")
    (yearly,) = record_of("每年2月底前报送年度总结。").deadlines
    assert (yearly.by, yearly.end, yearly.recurrence) == ("02-28", None, "yearly")


def dues(sentence: str, **given: object) -> list[str | None]:
    return [target.due for target in record_of(sentence, **given).targets]  # type: ignore[arg-type]


DUES = {
    "each its own": ("6月底前开工率达到50%，12月底前开工率达到100%。", ["2024-06-30", "2024-12-31"]),
    "one for several": ("到2025年，覆盖面达到80%，合格率达到95%。", ["2025-12-31", "2025-12-31"]),
    "over a semicolon": ("到2025年，覆盖面达到80%；合格率达到95%。", ["2025-12-31", "2025-12-31"]),
    "not over a full stop": ("到2025年，覆盖面达到80%。合格率达到95%。", ["2025-12-31", None]),
    "behind the number": ("建成站点30个，年底前合格率达到95%。", [None, "2024-12-31"]),
    "none": ("合格率达到95%。", [None]),
}


@pytest.mark.parametrize(("sentence", "expected"), DUES.values(), ids=DUES)
def test_governing_date(sentence: str, expected: list[str | None]) -> None:
    assert dues(sentence) == expected


def test_a_bracket_or_column_gives_the_date_where_the_words_give_none() -> None:
    around = ["完成时限：10月底前"]
    record = record_of("合格率达到95%。", around=around, when=["10月底前"])
    assert [d.end for d in record.deadlines] == ["2024-10-31"]
    assert [t.due for t in record.targets] == ["2024-10-31"]


def test_own_date_goes_before_that_of_a_bracket() -> None:
    record = record_of("6月底前合格率达到95%。", around=["完成时限：10月底前"], when=["10月底前"])
    assert [d.end for d in record.deadlines] == ["2024-06-30", "2024-10-31"]
    assert [t.due for t in record.targets] == ["2024-06-30"]


def test_a_lead_in_gives_the_date() -> None:
    record = record_of("合格率达到95%；", around=["到2030年："], lead_in="到2030年")
    assert [t.due for t in record.targets] == ["2030-12-31"]
    assert [d.end for d in record.deadlines] == ["2030-12-31"]


def test_its_own_date_goes_before_what_leads_to_it() -> None:
    record = record_of("2026年底前合格率达到95%；", around=["到2030年："], lead_in="到2030年")
    assert [d.end for d in record.deadlines] == ["2026-12-31"]
    staged = record_of("合格率达到95%，2026年底前达到80%；", around=["到2030年："], lead_in="到2030年")
    assert [t.due for t in staged.targets] == ["2030-12-31", "2026-12-31"]
    assert [d.end for d in staged.deadlines] == ["2026-12-31", "2030-12-31"]


def test_without_a_year_no_date_is_guessed() -> None:
    record = record_of("9月底前合格率达到95%。", year=None)
    assert [t.due for t in record.targets] == [None]
    assert record.deadlines == () or record.deadlines[0].end is None
