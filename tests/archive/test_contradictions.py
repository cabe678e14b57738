from __future__ import annotations

from typing import Any

import pytest

from extractor.archive.contradictions import contradictions
from extractor.archive.parents import ground
from extractor.types.archive import Conflict, Observation, Place, Quantity
from tests.archive.observed import CITY, COUNTY, NATION, OTHER_CITY, PROVINCE, again, indicator, observation, place

PER_THOUSAND = {"dimension": "count:张", "base": "老年人", "unit": "张"}
COUNT = {"dimension": "count:张", "base": "", "unit": "张"}
TIMES = {"dimension": "count:次", "base": "", "unit": "次"}
YEARLY = {"dimension": "count:次", "base": "/年", "unit": "次"}
DAYS = {"dimension": "time:工作日", "base": "", "unit": "工作日"}
DUST = {"dimension": "mass/volume", "base": "", "unit": "微克/立方米"}
COAL = {"dimension": "mass:标准煤/money", "base": "", "unit": "吨标准煤/元"}
AGE = {"dimension": "age", "base": "", "unit": "岁"}
SCORE = {"dimension": "score", "base": "", "unit": "分"}
RETURN = {"dimension": "return", "base": "", "unit": "年一遇"}
POINTS = {"dimension": "change", "base": "", "unit": "个百分点"}


def of(value: float | None, where: Place = CITY, year: int | None = 2025, measure: dict[str, str] | None = None, **more: Any) -> Observation:  # fmt: skip
    """``measure``: the quantity's dimension, base and unit; else a share."""
    quantity = Quantity(**measure, value=value, upper=more.get("upper")) if measure else None
    return observation(value, year, where, quantity=quantity, **more)


def told(*observations: Observation) -> list[Conflict]:
    return contradictions([indicator(*observations)], observations)


# --- lower and higher places --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        (of(50), of(55, PROVINCE)),
        (of(50), of(55, NATION)),
        (of(54.9, COUNTY), of(55, CITY)),
        (of(50, op="gt"), of(55, PROVINCE)),
        (of(50, op="eq"), of(55, PROVINCE)),
        (of(50, op="approx"), of(55, PROVINCE)),
        (of(5, op="le"), of(3, PROVINCE, op="le")),
        (of(5, op="eq"), of(3, PROVINCE, op="lt")),
        (of(50, op="between", upper=70), of(55, PROVINCE)),
        (of(1, op="between", upper=5), of(3, PROVINCE, op="le")),
        (of(50), of(55, PROVINCE, op="between", upper=60)),
        (of(50, op="between", upper=60), of(55, PROVINCE, op="between", upper=60)),
        (of(55, op="between", upper=65), of(55, PROVINCE, op="between", upper=60)),
        (of(30, measure=PER_THOUSAND), of(35, PROVINCE, measure=PER_THOUSAND)),
        (of(5, op="le", measure=DAYS), of(3, PROVINCE, op="le", measure=DAYS)),
        (of(38, op="le", measure=DUST), of(35, PROVINCE, op="le", measure=DUST)),
        (of(0.5, op="le", measure=COAL), of(0.4, PROVINCE, op="le", measure=COAL)),
        (of(79, measure=AGE), of(80.5, PROVINCE, measure=AGE)),
        (of(85, measure=SCORE), of(90, PROVINCE, measure=SCORE)),
        (of(50, document_year=2023), of(55, PROVINCE, document_year=2021)),
        (of(50, object="各区"), of(55, PROVINCE, object="市（州）")),
        (of(50), of(55, PROVINCE, strength="strive")),
        (of(3, metric="单位能耗同比下降"), of(4, PROVINCE, metric="单位能耗年均下降")),
        (of(38, op="le", metric="颗粒物年均浓度", measure=DUST), of(35, PROVINCE, op="le", metric="颗粒物浓度", measure=DUST)),
    ],
)  # fmt: skip
def test_a_place_that_asks_less_than_the_one_above_is_told(lower: Observation, higher: Observation) -> None:
    (found,) = told(higher, lower)
    assert (found.kind, found.year, found.first, found.second) == ("laxer", 2025, lower.id, higher.id)
    assert found.gap > 0


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        (of(55), of(55, PROVINCE)),
        (of(60), of(55, PROVINCE)),
        (of(0.1 + 0.2), of(0.3, PROVINCE)),
        (of(2, op="le"), of(3, PROVINCE, op="le")),
        (of(50, year=2023), of(55, PROVINCE, year=2025)),
        (of(50, year=None), of(55, PROVINCE, year=None)),
        (of(None), of(55, PROVINCE)),
        (of(50), of(None, PROVINCE)),
        (of(50, place("外山市", "city", "海角省")), of(55, PROVINCE)),
        (of(50, CITY), of(55, OTHER_CITY)),
        (of(50, PROVINCE), of(55, CITY)),  # the other way round there is nothing wrong
        (of(800, measure=COUNT), of(20000, PROVINCE, measure=COUNT)),
        (of(4, measure=YEARLY), of(6, PROVINCE, measure=YEARLY)),
        (of(2, measure=POINTS), of(3, PROVINCE, measure=POINTS)),
        (of(50, measure=RETURN), of(100, PROVINCE, measure=RETURN)),
        (of(30, measure=PER_THOUSAND), of(55, PROVINCE)),
        (of(50, op="le"), of(55, PROVINCE)),  # one says at most, the other at least
        (of(50), of(55, PROVINCE, op="eq")),  # which side of a fixed figure is better it does not say
        (of(50), of(55, PROVINCE, op="approx")),
        (of(10, baseline="2020年"), of(12, PROVINCE, baseline="2015年")),
        (of(4, metric="单位能耗同比下降"), of(19, PROVINCE, metric="单位能耗下降")),
        (of(4, metric="单位能耗下降", baseline="上一年"), of(19, PROVINCE, metric="单位能耗下降")),
        (of(50), of(55, PROVINCE, object="岚川市")),
        (of(50), of(55, place("云岭省", "province"), object="溪宁市、岚川市", document_year=2021, op="le")),
    ],
)  # fmt: skip
def test_what_does_not_compare_or_is_met_is_not_told(lower: Observation, higher: Observation) -> None:
    elsewhere = of(70, OTHER_CITY, document_year=2000)  # so that its name is known to be a place
    assert told(higher, lower, elsewhere) == []


def test_a_gap_has_no_dust_of_binary_fractions() -> None:
    (found,) = told(of(3e-05, measure=PER_THOUSAND), of(4e-05, PROVINCE, measure=PER_THOUSAND))
    assert found.gap == 1e-05


def test_what_a_superior_asks_of_the_place_itself_counts_before_what_it_asks_of_all() -> None:
    ours, theirs = of(50), of(70, OTHER_CITY)
    for_all, for_us, for_them = (
        of(55, PROVINCE),
        of(48, PROVINCE, object="溪宁市"),
        of(72, PROVINCE, object="岚川市、外山市"),
    )
    assert [(one.first, one.second) for one in told(ours, theirs, for_all, for_us, for_them)] == [
        (theirs.id, for_them.id)
    ]


def test_the_nearest_place_above_that_is_not_met_is_named_once() -> None:
    county, city, province, nation = of(48, COUNTY), of(50), of(50, PROVINCE), of(55, NATION)
    assert {(one.first, one.second) for one in told(county, city, province, nation)} == {
        (county.id, city.id), (city.id, nation.id), (province.id, nation.id),
    }  # fmt: skip


def test_grades_within_a_document_contradict_nothing() -> None:
    """达标 and 优秀: the best of ours is held against the least of theirs."""
    ours = [of(90, document="市.docx"), of(95, document="市.docx")]
    theirs = [of(92, PROVINCE, document="省.docx"), of(98, PROVINCE, document="省.docx")]
    assert told(*ours, *theirs) == []
    stricter = [again(one, place=PROVINCE) for one in (of(96, PROVINCE), of(98, PROVINCE))]
    assert [one.first for one in told(*ours, *stricter)] == [ours[1].id]


def test_only_the_newest_documents_of_a_place_stand() -> None:
    out_of_date, raised, province = of(50, document_year=2021), of(60, document_year=2023), of(58, PROVINCE)
    assert told(out_of_date, raised, province) == []
    lowered = of(55, document_year=2024)
    assert [one.first for one in told(out_of_date, raised, lowered, province)] == [lowered.id]


def test_a_parent_that_one_document_tells_holds_for_the_others() -> None:
    bare, elsewhere = place("溪宁市", "city"), of(90, CITY, year=2030)
    short = of(50, bare)
    assert [one.first for one in told(short, elsewhere, of(55, PROVINCE))] == [short.id]
    assert told(short, of(55, PROVINCE)) == []


def test_what_is_two_levels_above_is_found_through_the_place_between() -> None:
    """That the county is under the city and that under the province two documents say, each its half."""
    short, between, province = of(50, COUNTY), of(60, CITY, year=2030), of(55, PROVINCE)
    assert [(one.first, one.second) for one in told(short, between, province)] == [(short.id, province.id)]
    assert told(short, province) == []


def test_real_places_are_under_those_of_the_gazetteer() -> None:
    short, province = of(50, place("嘉兴市", "city")), of(55, place("浙江省", "province"))
    assert [one.first for one in told(short, province)] == [short.id]


def test_two_places_of_one_name_are_not_mixed_up() -> None:
    """鼓楼区 there and here: of which one a document without the name of its city is, nobody knows."""
    here, there = place("河口区", "county", "溪宁市"), place("河口区", "county", "外山市")
    unknown = of(40, place("河口区", "county"), document="某区.docx")
    ours, theirs = of(50, here, document="溪宁河口区.docx"), of(50, there, document="外山河口区.docx")
    assert [one.first for one in told(unknown, ours, theirs, of(55))] == [ours.id]


def table(year: int = 2025, **more: Any) -> tuple[Observation, Observation]:
    """A province's table, a row for each of its cities: 50 % and 70 %."""
    name = more.pop("document", "省任务分解表.docx")
    return of(50, CITY, year, document=name, **more), of(70, OTHER_CITY, year, document=name, **more)


def test_what_a_document_from_above_sets_for_a_place_counts_before_what_it_asks_of_all() -> None:
    rows, general = table(), of(60, PROVINCE, document="省任务分解表.docx")
    ours, theirs = of(55), of(65, OTHER_CITY)
    assert [(one.kind, one.first, one.second) for one in told(*rows, general, ours, theirs)] == [
        ("laxer", theirs.id, rows[1].id)
    ]
    assert told(*rows, general) == []  # its own rows are no contradiction of its own words


def test_totals_that_are_handed_down_to_a_place_compare_with_its_own() -> None:
    rows = table(measure=COUNT)
    enough, short = of(50, measure=COUNT), of(69, OTHER_CITY, measure=COUNT)
    assert [(one.kind, one.first) for one in told(*rows, enough, short)] == [("laxer", short.id)]


def test_two_tables_from_above_that_differ_are_told() -> None:
    first, second = table(), table(document="省补充通知.docx")
    assert told(*first, *second) == []
    changed = again(second[0], quantity=Quantity("share", "", "%", 52))
    assert [(one.kind, one.gap) for one in told(*first, second[1], changed)] == [("differs", 2.0)]


def test_part_of_an_archive_is_judged_on_the_ground_of_the_whole() -> None:
    rows, general, ours = table(), of(60, PROVINCE, document="省任务分解表.docx"), of(55)
    whole = ground((one.document, one.place) for one in (*rows, general, ours) if one.place is not None)
    some = [rows[0], ours]
    assert contradictions([indicator(*some)], some, whole) == []
    assert [one.kind for one in contradictions([indicator(*some)], some)] == ["differs"]


# --- two documents of one place and year --------------------------------------------------------------------


def two(left: Observation, right: Observation) -> list[Conflict]:
    a, b = again(left, document="a" * 64), again(right, document="b" * 64)
    found = told(a, b)
    assert all({one.first, one.second} == {a.id, b.id} for one in found)
    return found


@pytest.mark.parametrize(
    ("left", "right", "gap"),
    [
        (of(55), of(60), 5.0),
        (of(55), of(60, op="gt"), 5.0),
        (of(1200, measure=COUNT), of(1500, measure=COUNT), 300.0),  # of one place totals compare
        (of(4, measure=YEARLY), of(6, measure=YEARLY), 2.0),
        # 全年开展6次, 开展4次, both by the end of their documents' year
        (of(4, measure=TIMES, document_year=2025), of(6, measure=YEARLY, document_year=2025), 2.0),
        (of(60, op="ge"), of(50, op="le"), 10.0),
        (of(50, op="eq"), of(55), 5.0),
        (of(50, op="between", upper=60), of(50, op="between", upper=65), 0.0),
        (of(50, op="between", upper=60), of(65), 15.0),
        (of(50), of(55, object="养老机构"), 5.0),
    ],
)
def test_documents_of_one_place_and_year_that_differ_are_told(
    left: Observation, right: Observation, gap: float
) -> None:
    (found,) = two(left, right)
    assert (found.kind, found.year, found.gap) == ("differs", 2025, gap)
    assert [one.kind for one in two(right, left)] == ["differs"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (of(55), of(55)),
        (of(55), of(55, op="gt")),
        (of(55), of(60, document_year=2023)),  # raised two years later
        (of(55, document_year=None), of(60, document_year=None)),
        (of(55), of(60, year=2026)),
        (of(55), of(60, OTHER_CITY)),
        (of(50), of(60, op="le")),
        (of(60, op="eq"), of(55)),
        (of(58, op="approx"), of(60)),
        (of(50, op="between", upper=60), of(55)),
        (of(55), of(1200, measure=COUNT)),
        (of(30, measure=TIMES), of(6, measure=YEARLY)),  # of all years of a plan, and of each
        (of(10, baseline="2020年"), of(12, baseline="2015年")),
        (of(50, object="城市"), of(55, object="农村")),
        (of(None), of(55)),
    ],
)
def test_documents_that_agree_or_can_not_be_held_against_each_other_are_not_told(
    left: Observation, right: Observation
) -> None:
    assert two(left, right) == []


def test_documents_that_have_one_figure_in_common_agree() -> None:
    grades = [of(90, document="甲.docx"), of(95, document="甲.docx")]
    assert told(*grades, of(95, document="乙.docx")) == []
    assert [one.gap for one in told(*grades, of(96, document="乙.docx"))] == [1.0]
    assert told(*grades) == []


def test_the_whole_is_not_held_against_one_of_several_parts() -> None:
    parts = [of(value, object=name, document="甲.xlsx") for name, value in (("城市", 98), ("农村", 80))]
    assert told(*parts, of(95, document="乙.docx")) == []
    assert [one.gap for one in told(parts[0], of(95, document="乙.docx"))] == [3.0]


def test_many_documents_that_say_the_same_two_things_are_told_once() -> None:
    some = [of(55 if number % 2 else 60, document=f"{number}.docx") for number in range(20)]
    assert len(told(*some)) == 1


def test_of_many_that_all_differ_each_is_told_with_the_next() -> None:
    few = [of(number, document=f"{number}.docx") for number in range(12)]
    assert len(told(*few)) == 66
    many = [of(number, document=f"{number}.docx") for number in range(300)]
    assert [one.gap for one in told(*many)] == [1.0] * 299


def test_indicators_do_not_mix_and_strangers_are_left_out() -> None:
    ours, theirs, short = of(55), of(60, PROVINCE), of(40, COUNTY)
    split = [indicator(ours), indicator(theirs)]
    assert contradictions(split, [ours, theirs, short]) == []
    whole = indicator(ours, theirs, short)
    assert [one.indicator for one in contradictions([whole], [ours, theirs])] == [whole.id]
