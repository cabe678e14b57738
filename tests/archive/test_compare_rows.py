"""What a row of a comparison says has changed: amounts, days, units, who."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.archive.compare_amounts import Amounts, compare_amounts
from extractor.types.comparison import Category, Row
from extractor.types.record import Deadline, Responsible
from tests.archive.comparing import against, demand, goal, issued, only, row_with
from tests.export.samples import make_file, make_record

# --- amounts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({}, {"value": 600}, (1, 100, "张", True), id="a floor raised"),
        pytest.param({"op": "le"}, {"op": "le", "value": 400}, (-1, -100, "张", True), id="a ceiling lowered"),
        pytest.param({"op": "lt"}, {"op": "le"}, (0, None, None, False), id="the limit itself will do now"),
        pytest.param({}, {"op": "gt"}, (0, None, None, True), id="the limit itself won't do any more"),
        pytest.param({}, {"op": "le"}, (0, None, None, None), id="floor against ceiling"),
        pytest.param({"op": "eq"}, {"op": "eq", "value": 600}, (1, 100, "张", None), id="to be met as it is"),
        pytest.param({"value": 0.1, "unit": "%"}, {"value": 0.3, "unit": "%"}, (1, 0.2, "%", True), id="tenths"),
        pytest.param(
            {"value": 1000, "unit": "万元"}, {"value": 0.12, "unit": "亿元"}, (1, 0.02, "亿元", True), id="two units of money"
        ),
        pytest.param({"per": "月"}, {"per": "季度", "value": 1500}, (0, None, None, None), id="months and quarters"),
        pytest.param(
            {"metric": "每千名老年人拥有床位数", "value": 36},
            {"metric": "每万名老年人拥有床位数", "value": 380},
            (1, 20, "张", True),
            id="counted by more people",
        ),
        pytest.param({"op": "eq", "value": 0, "unit": None}, {"op": "le", "value": 3, "unit": "起"}, (1, 3, "起", False), id="none"),
        pytest.param(
            {"op": "between", "upper": 600}, {"op": "between", "value": 520, "upper": 580}, (None, None, None, True), id="a range narrowed"
        ),
        pytest.param({"op": "between", "upper": 600}, {"op": "between", "upper": 700}, (1, 100, "张", False), id="a range widened"),
        pytest.param({"op": "le", "value": 60}, {"op": "between", "value": 50, "upper": 60}, (0, None, None, True), id="a floor to a ceiling"),
        pytest.param({"op": "between", "value": 50, "upper": 60}, {"op": "le", "value": 60}, (0, None, None, False), id="no floor any more"),
        pytest.param({"op": "lt", "value": 60}, {"op": "between", "value": 50, "upper": 70}, (1, 10, "张", None), id="a range beyond a ceiling"),
        pytest.param({"op": "between", "value": 50, "upper": 60}, {"op": "le", "value": 55}, (-1, -5, "张", None), id="a ceiling within a range"),
        pytest.param({"op": "ge", "value": 50}, {"op": "between", "value": 50, "upper": 60}, (0, None, None, True), id="a ceiling to a floor"),
        pytest.param({"op": "le", "value": 1, "unit": "年"}, {"op": "le", "value": 365, "unit": "天"}, (0, None, None, None), id="a year in days"),
        pytest.param({"op": "le", "value": 183, "unit": "天"}, {"op": "le", "value": 6, "unit": "个月"}, (0, None, None, None), id="half a year"),
        pytest.param({"op": "le", "value": 1, "unit": "年"}, {"op": "le", "value": 400, "unit": "天"}, (1, 40, "天", False), id="more than a year"),
        pytest.param({"op": "le", "value": 1, "unit": "小时"}, {"op": "le", "value": 59, "unit": "分钟"}, (-1, -1, "分钟", True), id="a minute less"),
        pytest.param({"op": "le", "value": 360, "unit": "天"}, {"op": "le", "value": 365, "unit": "天"}, (1, 5, "天", False), id="days and days"),
        pytest.param({"unit": "%", "value": 60}, {}, (None, None, None, None), id="a share against a count"),
        pytest.param({"value": None}, {}, (None, None, None, None), id="no number before"),
        pytest.param({"value": None}, {"value": None}, (0, None, None, None), id="no number at all"),
    ],
)  # fmt: skip
def test_amounts(old: dict[str, Any], new: dict[str, Any], expected: tuple[Any, ...]) -> None:
    made: Amounts = compare_amounts(goal(**old), goal(**new))
    assert (made.direction, made.change, made.unit, made.stricter) == expected


# --- the other aspects ------------------------------------------------------------------------------------


def aspects(row: Row) -> list[tuple[str, str | None, str | None]]:
    return [(each.aspect, each.old, each.new) for each in row.differences]


def test_a_unit_that_cannot_be_compared_is_a_change() -> None:
    row = only(demand("新增床位500张", goal()), demand("新增床位60%", goal(value=60, unit="%")))
    assert row.category == "changed"
    assert aspects(row) == [("value", "≥500张", "≥60%"), ("unit", "张", "%")]


def test_a_raised_number_keeps_what_else_changed() -> None:
    one = demand("新增床位", goal(due="2023-12-31"), responsible=(Responsible(name="养老科", role="lead"),))
    other = demand(
        "新增床位", goal(value=600, due="2024-06-30"), responsible=(Responsible(name="财务科", role="lead"),)
    )
    row = only(one, other, before={"year": 2023}, after={"year": 2024})
    assert row.category == "raised"
    assert [each.aspect for each in row.differences] == ["value", "due", "responsible"]


@pytest.mark.parametrize(
    ("before", "after", "years", "category", "stricter"),
    [
        pytest.param("2023-12-31", "2024-12-31", (2023, 2024), "same", None, id="a year later in the next year"),
        pytest.param("2025-12-31", "2025-12-31", (2021, 2023), "same", None, id="the same day"),
        pytest.param("2023-12-31", "2024-06-30", (2023, 2024), "changed", True, id="half a year sooner"),
        pytest.param("2023-06-30", "2023-12-31", (2023, 2023), "changed", False, id="later"),
        pytest.param(None, "2023-09-30", (2023, 2023), "changed", True, id="a day was set"),
        pytest.param("2023-09-30", None, (2023, 2023), "changed", False, id="the day was lifted"),
        pytest.param(None, "2024-12-31", (2023, 2024), "same", None, id="the end of the year goes without saying"),
        pytest.param(None, "2024-12-31", (None, None), "changed", True, id="not where the year is unknown"),
        pytest.param("2023-12-31", "2024-12-31", (None, None), "changed", False, id="documents of no year"),
    ],
)
def test_days(
    before: str | None,
    after: str | None,
    years: tuple[int | None, int | None],
    category: Category,
    stricter: bool | None,
) -> None:
    filler = demand("规范社会组织登记", deadlines=(Deadline(raw="6月底前", end="2020-06-30"),))
    sides = [
        make_file((demand("新增床位", goal(due=day)), filler), year=year)
        for day, year in zip((before, after), years, strict=True)
    ]
    row = row_with(against(*sides), "新增床位")
    assert (row.category, row.stricter) == (category, stricter)


def test_an_earlier_year_of_a_plan_with_a_later_day_has_no_direction() -> None:
    ends = ("2025-12-31", "2029-12-31")
    plans = [{"year": year, "period": (year, year + 4), "kind": "plan"} for year in (2021, 2026)]
    row = only(*(demand("新增床位", goal(due=end)) for end in ends), before=plans[0], after=plans[1])
    assert (row.category, row.stricter) == ("changed", None)


def test_a_baseline_that_moved_with_the_year_is_the_same() -> None:
    sides = [demand("用电量下降", goal(metric="用电量下降", baseline=f"{year}年")) for year in (2022, 2023)]
    row = only(*sides, before={"year": 2023}, after={"year": 2024})
    assert (row.category, row.notes) == ("same", ("years_moved",))
    row = only(*sides, before={"year": 2023}, after={"year": 2025})
    assert aspects(row) == [("baseline", "2022年", "2023年")]


def test_against_another_baseline_more_is_not_stricter() -> None:
    row = only(demand("用电量", goal(baseline="2015年")), demand("用电量", goal(value=600, baseline="全省平均")))
    assert (row.category, row.stricter) == ("raised", None)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        pytest.param(
            ("云溪市民政局", "云溪市财政局"), ("云溪市民政局", "财政局"), True, id="with and without the place"
        ),
        pytest.param(("澄州省民政厅", "省财政厅"), ("云溪市民政局", "市财政局"), True, id="the level below"),
        pytest.param(("澄州省民政厅", "省财政厅"), ("云溪市民政局", "市审计局"), False, id="another field"),
        pytest.param(
            ("云溪市民政局", "云溪县财政局"), ("云溪市民政局", "市财政局"), False, id="another level of one document"
        ),
    ],
)
def test_who_is_responsible(old: tuple[str, str], new: tuple[str, str], same: bool) -> None:
    sides = [demand("新增床位", goal(), responsible=(Responsible(name=name, role="lead"),)) for _, name in (old, new)]
    row = only(*sides, before=issued(old[0]), after=issued(new[0]))
    assert (row.category == "same") is same


def test_a_ceiling_that_becomes_a_range_is_a_change_of_the_value() -> None:
    old = demand("设置点位", goal(op="le", value=60, unit="个"))
    row = only(old, demand("设置点位", goal(op="between", value=50, upper=60, unit="个")))
    assert (row.category, row.change, row.stricter) == ("changed", None, True)
    assert aspects(row) == [("value", "≤60个", "50–60个"), ("op", "≤", "范围")]


def test_a_level_of_one_place_is_held_against_that_of_another() -> None:
    old, new = (demand("人均预期寿命", goal(metric="人均预期寿命", value=value, unit="岁")) for value in (80.5, 79))
    row = only(old, new, before=issued("云岭省人民政府"), after=issued("溪宁市人民政府"))
    assert (row.category, row.stricter) == ("lowered", False)


@pytest.mark.parametrize(
    ("old", "new", "stricter"),
    [((97, "strive"), (96, None), None), ((96, None), (97, "strive"), None), ((95, "strive"), (96, None), True), ((95, None), (94, "strive"), False)],
)  # fmt: skip
def test_a_threshold_says_nothing_where_its_strength_went_the_other_way(
    old: tuple[float, str | None], new: tuple[float, str | None], stricter: bool | None
) -> None:
    sides = [demand("床位使用率", goal(value=value, unit="%", strength=strength)) for value, strength in (old, new)]
    assert only(*sides).stricter is stricter


def test_what_a_whole_document_does_not_say_is_not_held_against_its_rows() -> None:
    named = demand("新增床位", goal(due="2023-12-31"), responsible=(Responsible(name="养老科", role="lead"),), points=5)
    made = against(make_file((named,)), make_file((demand("新增床位", goal()),)))
    assert [row.category for row in made.rows] == ["same"]
    assert (made.old.silent, made.new.silent) == ((), ("due", "responsible", "points"))


def test_points_and_kind() -> None:
    old, new = (
        make_record(0, (), "信息被采用的加分", kind=kind, points=points) for kind, points in (("bonus", 1), ("task", 2))
    )
    row = only(old, new)
    assert row.category == "changed"
    assert aspects(row) == [("kind", "加分", "任务"), ("points", "加1", "2")]


def test_a_count_of_one_year_is_yearly_but_a_plan_is_not() -> None:
    yearly, plain = demand("新增床位", goal(per="年")), demand("新增床位", goal())
    assert only(yearly, plain, before={"year": 2023}, after={"year": 2024}).category == "same"
    row = only(yearly, plain, before={"year": 2023}, after={"year": 2021, "period": (2021, 2025), "kind": "plan"})
    assert [aspect for aspect, _, _ in aspects(row)] == ["value", "per"]


def test_a_task_that_lost_its_number() -> None:
    row = only(demand("加强养老床位建设", goal(metric="养老床位建设")), demand("加强养老床位建设"))
    assert (row.category, row.stricter) == ("changed", False)
    assert aspects(row) == [("value", "≥500张", None)]
