"""The plot as a browser, a screen reader and a Content-Security-Policy see it: its SVG parsed."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from extractor.archive.plot import MOST, Words, plot
from extractor.archive.quantities import quantity
from extractor.archive.scale import figure, magnitude, ticks, year_ticks
from extractor.archive.timeline import timeline
from extractor.types.archive import Observation, Quantity
from tests.archive.observed import CITY, COUNTY, OTHER_CITY, PROVINCE, indicator, observation, place

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert(1)</script>]]>&'\x00\x0b\ud800"
FEW = [
    observation(35, 2014, PROVINCE), observation(55, 2025, PROVINCE), observation(50, 2023), observation(60, 2025),
    observation(58, 2025, document="旧稿.docx", document_year=2020), observation(45, 2022, COUNTY, op="between", upper=60),
]  # fmt: skip
MANY = [
    observation(30 + number, year, place(f"云{number}市", "city", "云岭省"))
    for number in range(20)
    for year in (2020, 2025)
]


def svg(observations: list[Observation], **options: Any) -> ElementTree.Element:
    return ElementTree.fromstring(plot(timeline(indicator(*observations), observations), **options))


def texts(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{NS}text")]


def groups(root: ElementTree.Element, kind: str) -> dict[str, ElementTree.Element]:
    """Label of a place → its group."""
    return {one[0].text or "": one for one in root.iter(f"{NS}g") if one.get("class") == kind}


def points(group: ElementTree.Element, kind: str = "plot-point") -> list[str]:
    return [one[0].text or "" for one in group.iter(f"{NS}g") if one.get("class") == kind]


def numbers(root: ElementTree.Element) -> list[float]:
    names = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy")
    found = [float(value) for one in root.iter() for name in names if (value := one.get(name)) is not None]
    for one in root.iter():
        if (moved := one.get("transform")) is not None:
            found += map(float, re.findall(r"-?[\d.]+", moved))
    return found


def test_targets_are_steps_by_place_with_their_words_and_sources() -> None:
    root = svg(FEW)
    steps = [one.get("d") or "" for one in root.iter(f"{NS}path") if one.get("class") == "plot-step"]
    assert [re.sub(r"-?[\d.]+", "", step) for step in steps] == ["M,HV", "M,HV"]  # a lone range needs no line
    places = groups(root, "plot-place")
    assert list(places) == ["云岭省", "溪宁市", "青禾县"]
    assert points(places["云岭省"]) == [
        "2014年≥35% · 云岭省2021年工作要点.docx", "2025年≥55% · 云岭省2021年工作要点.docx",
    ]  # fmt: skip
    assert points(places["溪宁市"], "plot-beside") == ["2025年≥58% · 旧稿.docx"]
    assert points(places["青禾县"])[0].startswith("2022年45—60% ·")
    assert texts(root)[-3:] == ["云岭省", "溪宁市", "青禾县"]
    assert "%" in texts(root)


def test_higher_values_stand_higher_and_later_years_further_right() -> None:
    root = svg([observation(10, 2020), observation(30, 2024)])
    (step,) = (one.get("d") or "" for one in root.iter(f"{NS}path") if one.get("class") == "plot-step")
    x, y, across, up = map(float, re.findall(r"-?[\d.]+", step))
    assert x < across
    assert y > up


@pytest.mark.parametrize("observations", [FEW, FEW[:1], MANY, [observation(100, 2025)], [observation(0, 2025)], [observation(-3, 2025), observation(-1, 2026)]])  # fmt: skip
def test_everything_is_inside_the_picture(observations: list[Observation]) -> None:
    root = svg(observations)
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    assert numbers(root)
    assert all(0 <= number <= max(width, height) for number in numbers(root))


def test_a_screen_reader_is_told_what_it_shows() -> None:
    root = svg(FEW)
    assert root.get("role") == "img"
    title, desc = root[0], root[1]
    assert (root.get("aria-labelledby") or "").split() == [title.get("id"), desc.get("id")]
    assert title.text == "护理型床位占比：各年目标"
    assert (desc.text or "").startswith("横轴为年份，纵轴的单位是%。 云岭省：2014年≥35%；2025年≥55%。")
    assert root.findall(".//*[@tabindex]") == root.findall(f".//{NS}a") == []


def test_nothing_runs_and_nothing_is_styled_inline() -> None:
    hostile = [observation(value, year, place(HOSTILE, "city"), metric=HOSTILE, document=f"{HOSTILE}.docx", document_year=year, unit=HOSTILE) for value, year in ((1, 2020), (2, 2021))]  # fmt: skip
    made = plot(timeline(indicator(*hostile), hostile))
    root = ElementTree.fromstring(made)
    assert {one.tag.removeprefix(NS) for one in root.iter()} == {"svg", "title", "desc", "line", "text", "path", "g"}
    assert not [name for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")]
    assert "<script" not in made
    assert any("<script>alert(1)" in text for text in texts(root))


def test_places_are_told_apart_without_colour() -> None:
    eight = [
        observation(50 + number, year, place(f"溪{number}市", "city")) for number in range(8) for year in (2024, 2025)
    ]
    root = svg(eight)
    lines = [one.get("stroke-dasharray") for one in root.iter(f"{NS}path") if one.get("class") == "plot-step"]
    markers = {group.findall(f".//{NS}path")[0].get("d") for group in groups(root, "plot-place").values()}
    assert len(set(lines)) == len(lines) == 8
    assert len(markers) == 8
    entries = [one for one in root.iter(f"{NS}g") if one.get("class") == "plot-entry"]
    assert [entry.findall(f"{NS}line")[0].get("stroke-dasharray") for entry in entries] == lines
    assert {entry.findall(f"{NS}path")[0].get("d") for entry in entries} == markers


def test_markers_of_equal_targets_do_not_hide_each_other() -> None:
    root = svg([observation(55, 2025, one) for one in (CITY, OTHER_CITY, PROVINCE)])
    at = [one.get("transform") for group in groups(root, "plot-place").values() for one in group.iter(f"{NS}path")]
    assert len(set(at)) == 3


def test_of_many_places_those_chosen_are_brought_out() -> None:
    root = svg(MANY, chosen=["云3市", "云12市", "nowhere"])
    assert list(groups(root, "plot-place")) == ["云12市", "云3市"]
    assert len(groups(root, "plot-other")) == 18
    assert texts(root)[-3:] == ["云12市", "云3市", "其他18个"]
    assert "另有18个地区，见表。" in (root[1].text or "")
    assert list(groups(svg(MANY), "plot-place")) == sorted(f"云{number}市" for number in range(20))[:MOST]
    assert len(groups(svg(MANY, chosen=[f"云{number}市" for number in range(20)]), "plot-place")) == MOST


def test_thousands_of_places_make_no_megabytes() -> None:
    crowd = [
        observation(number % 97, year, place(f"禾{number}县", "county", f"溪{number % 300}市"))
        for number in range(3000)
        for year in (2015, 2020, 2025)
    ]
    made = plot(timeline(indicator(*crowd), crowd))
    root = ElementTree.fromstring(made)
    assert len(made) < 100_000
    assert sum(one.get("class") == "plot-other" for one in root.iter(f"{NS}g")) == 1
    assert texts(root)[-1] == "其他2992个"


def test_few_places_are_all_brought_out_whatever_is_chosen() -> None:
    assert len(groups(svg(FEW, chosen=["青禾县"]), "plot-place")) == 3


def test_a_single_point_has_a_year_on_either_side() -> None:
    root = svg([observation(100, 2025)])
    assert [text for text in texts(root) if text.startswith("20") and len(text) == 4] == ["2024", "2025", "2026"]
    assert "100" in texts(root)
    assert "120" not in texts(root)
    assert not [one for one in root.iter(f"{NS}path") if one.get("class") == "plot-step"]


def test_a_place_that_nobody_names_is_called_so() -> None:
    assert texts(svg([observation(55, 2025, None)]))[-1] == "未注明地区"


def test_large_sums_are_written_in_large_units() -> None:
    sums = [
        observation(value, year, quantity=Quantity("money", "", "元", value * 1e4), unit="万元")
        for value, year in ((120, 2018), (12000, 2025))
    ]
    root = svg(sums)
    assert "万元" in texts(root)
    assert points(groups(root, "plot-place")["溪宁市"])[1].startswith("2025年≥12,000万元")


@pytest.mark.parametrize(
    ("metric", "printed", "unit", "said"),
    [
        ("执业医师数", [(6.84, "张/千人口", None), (6.85, "张/千人口", None)], "张/千人口", ["≥6.84张/千人口", "≥6.85张/千人口"]),
        ("高价值专利拥有量", [(12.5, "件/万人", None), (13, "件/万人", None)], "件/万人", ["≥12.5件/万人", "≥13件/万人"]),
        ("单位GDP能耗", [(0.52, "吨标准煤/万元", None), (0.5, "吨标准煤/万元", None)], "吨标准煤/万元", ["≥0.52吨标准煤/万元", "≥0.5吨标准煤/万元"]),
        ("巡查", [(1, "次", "季度"), (1, "次", "月")], "次/季度", ["≥1次/季度", "≥3次/季度"]),
        ("每月巡查次数", [(1, "次", None), (2, "次", None)], "次/年", ["≥12次/年", "≥24次/年"]),
        ("每千名老年人拥有养老床位", [(40, "张", None), (50, "张", None)], "张/千老年人", ["≥40张/千老年人", "≥50张/千老年人"]),
        ("每亩补贴", [(40, "元", None), (50, "元", None)], "元/亩", ["≥40元/亩", "≥50元/亩"]),
        ("每人每月补助", [(740, "元", "月"), (920, "元", "月")], "元/人/月", ["≥740元/人/月", "≥920元/人/月"]),
        ("投资额", [(0, "万元", None), (250000, "万元", None)], "亿元", ["≥0亿元", "≥25亿元"]),
        ("出生率", [(8, "‰", None), (9.5, "‰", None)], "‰", ["≥8‰", "≥9.5‰"]),
    ],
)  # fmt: skip
def test_figures_stand_in_the_unit_that_is_printed(
    metric: str, printed: list[tuple[float, str, str | None]], unit: str, said: list[str]
) -> None:
    made = [
        observation(value, 2023 + at, unit=name, per=per, metric=metric, quantity=quantity(value, None, name, per, metric, "ge"))
        for at, (value, name, per) in enumerate(printed)
    ]  # fmt: skip
    root = svg(made)
    axis = texts(root)
    assert axis[0] == unit
    assert len(set(axis)) == len(axis)
    shown = points(groups(root, "plot-place")["溪宁市"])
    assert [one.partition("年")[2].partition(" ·")[0] for one in shown] == said
    assert f"纵轴的单位是{unit}。" in (root[1].text or "")


def test_it_speaks_the_language_that_it_is_given() -> None:
    words = Words(
        "{name}: targets", "Unit {unit}.", "{place}: {points}.", "{year}: {target}", "{count} others", "{count} more.",
        "no place", "number",
    )  # fmt: skip
    root = svg([*MANY, observation(55, 2025, None)], words=words)
    said = " ".join([root[0].text or "", root[1].text or "", *texts(root)])
    assert "Unit %." in said
    assert "13 others" in said
    assert "13 more." in said


def test_nothing_to_draw_is_nothing() -> None:
    assert plot(timeline(indicator(observation(None)), [observation(None)])) == ""


@pytest.mark.parametrize(
    ("values", "most", "made"),
    [
        ([35, 60], 100, [30, 35, 40, 45, 50, 55, 60]),
        ([100], 100, [0, 20, 40, 60, 80, 100]),
        ([99, 100], 100, [98.8, 99, 99.2, 99.4, 99.6, 99.8, 100]),
        ([95, 120], 100, [90, 95, 100, 105, 110, 115, 120]),
        ([0], None, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([0.1, 0.3], None, [0, 0.1, 0.2, 0.3]),
        ([-3, -1], None, [-3, -2, -1, 0]),
        ([-1, 4], None, [-1, 0, 1, 2, 3, 4]),
        ([1, 1250], None, [0, 250, 500, 750, 1000, 1250]),
    ],
)
def test_ticks_are_round(values: list[float], most: float | None, made: list[float]) -> None:
    assert ticks(values, most=most) == made


@pytest.mark.parametrize(
    ("first", "last", "made"),
    [
        (2020, 2025, [2020, 2021, 2022, 2023, 2024, 2025]),
        (2010, 2025, [2010, 2012, 2014, 2016, 2018, 2020, 2022, 2024]),
        (1990, 2035, list(range(1990, 2036, 5))),
        (1, 2025, [200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000]),
    ],
)
def test_years_are_written_where_there_is_room(first: int, last: int, made: list[int]) -> None:
    assert list(year_ticks(first, last)) == made


@pytest.mark.parametrize(
    ("value", "said"),
    [(55.0, "55"), (12500, "12,500"), (0.1 + 0.2, "0.3"), (100 / 3, "33.3333"), (0.000012, "0.000012"), (0.00684651, "0.006847"), (3e-9, "3e-09"), (-4.5, "-4.5"), (0, "0")],
)  # fmt: skip
def test_figures_are_short(value: float, said: str) -> None:
    assert figure(value) == said


@pytest.mark.parametrize(
    ("greatest", "unit", "made"),
    [(99999, "元", (1, "元")), (100000, "元", (1e4, "万元")), (1e9, "人", (1e8, "亿人")), (1e9, "GB", (1, "GB")), (1e9, "", (1, "")), (1e9, "千克", (1, "千克")), (1e5, "万元", (1e4, "亿元")), (99999, "万元", (1, "万元")), (1e5, "万亿元", (1, "万亿元"))],
)  # fmt: skip
def test_large_numbers_are_divided_before_chinese_units_alone(
    greatest: float, unit: str, made: tuple[float, str]
) -> None:
    assert magnitude(greatest, unit) == made
