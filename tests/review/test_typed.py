from __future__ import annotations

import pytest

from extractor.review.errors import Refused
from extractor.review.typed import normalise


def value(words: str, field: str = "targets/0/value") -> dict[str, object]:
    return {name.removeprefix("targets/0/"): each for name, each in normalise(field, words, 2024)}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("≥35%", {"op": "ge", "value": 35, "upper": None, "unit": "%", "implicit": False}),
        ("35%", {"value": 35, "upper": None, "unit": "%", "implicit": False}),
        ("35", {"value": 35}),
        ("-1.5", {"value": -1.5}),
        ("60%—70%", {"op": "between", "value": 60, "upper": 70, "unit": "%", "implicit": False}),
        ("60-70%", {"op": "between", "value": 60, "upper": 70, "unit": "%", "implicit": False}),
        ("＞９０％", {"op": "gt", "value": 90, "upper": None, "unit": "%", "implicit": False}),
        ("不低于1000万元", {"op": "ge", "value": 1000, "upper": None, "unit": "万元", "implicit": False}),
        ("每月1次", {"value": 1, "upper": None, "unit": "次", "per": "月", "implicit": False}),
        ("<=5", {"op": "le", "value": 5, "upper": None, "implicit": False}),
        ("全覆盖", {"op": "ge", "value": 100, "upper": None, "unit": "%", "implicit": True}),
        ("零事故", {"op": "eq", "value": 0, "upper": None, "unit": None, "implicit": True}),
        ("  ", {"value": None}),
    ],
)
def test_values(words: str, expected: dict[str, object]) -> None:
    assert value(words) == expected


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("targets/0/value", "许多"), ("targets/0/value", "35%和40%"), ("targets/0/upper", "60%—70%"), ("targets/0/due", "尽快"),
        ("targets/0/due", "每季度"), ("deadlines/0/end", "尽快"), ("deadlines/0", "尽快"), ("responsible/0/name", "、"),
        ("points", "五"), ("points", "2分3分"), ("row_points", "NaN"), ("points_cap", "1e5"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_an_example(field: str, words: str) -> None:
    with pytest.raises(Refused) as error:
        normalise(field, words, 2024)
    assert error.value.code == "not_understood"
    assert "应为如" in str(error.value)
    assert " / " in str(error.value)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("9月底前", "2024-09-30"), ("12月底", "2024-12-31"), ("年底前", "2024-12-31"), ("2025.6.30", "2025-06-30"),
        ("2025-06-30", "2025-06-30"), ("上半年", "2024-06-30"), ("2月底", "2024-02-29"), ("", None),
    ],
)  # fmt: skip
def test_days(words: str, day: str | None) -> None:
    assert normalise("targets/1/due", words, 2024) == [("targets/1/due", day)]
    assert dict(normalise("deadlines/0/end", words, 2024))["deadlines/0/end"] == day


def test_without_a_year_a_date_needs_one() -> None:
    with pytest.raises(Refused):
        normalise("targets/0/due", "9月底前", None)
    assert normalise("targets/0/due", "2025年9月底前", None) == [("targets/0/due", "2025-09-30")]


def test_rhythms_and_periods() -> None:
    rhythm = dict(normalise("deadlines/2/raw", " 每月5日前 ", 2024))
    assert rhythm == {
        "deadlines/2/raw": "每月5日前", "deadlines/2/start": None, "deadlines/2/end": None,
        "deadlines/2/recurrence": "monthly", "deadlines/2/by": "05",
    }  # fmt: skip
    period = dict(normalise("deadlines/0", "2024年3月至6月", None))
    assert (period["deadlines/0/start"], period["deadlines/0/end"]) == ("2024-03-01", "2024-06-30")
    assert normalise("deadlines/0/raw", "长期坚持", 2024) == [("deadlines/0/raw", "长期坚持")]
    assert normalise("deadlines/0/start", "3月", 2024) == [("deadlines/0/start", "2024-03-01")]


def test_names() -> None:
    assert normalise("responsible/1/name", "市民政局、市财政局", None) == [
        ("responsible/1/name", "市民政局"), ("responsible/1+/name", "市财政局"),
    ]  # fmt: skip
    assert normalise("responsible", "市民政局牵头，市财政局配合", None) == [
        ("responsible", [{"name": "市民政局", "role": "lead"}, {"name": "市财政局", "role": "support"}])
    ]


def test_other_fields_mean_what_they_say() -> None:
    assert normalise("points", " 2.5 分", None) == [("points", 2.5)]
    assert normalise("points_cap", "5", None) == [("points_cap", 5)]
    assert normalise("assessed", "各县、各区", None) == [("assessed", ["各县", "各区"])]
    assert normalise("text", "≥35%", None) == [("text", "≥35%")]


@pytest.mark.parametrize("name", ["园区和企业服务中心", "县机关和事业单位管理局", "示例市联合执法大队"])
def test_a_name_typed_into_one_field_stays_whole(name: str) -> None:
    assert normalise("responsible/1/name", name, 2024) == [("responsible/1/name", name)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("县民政局和县财政局", ["县民政局", "县财政局"]), ("县民政局和各乡镇", ["县民政局", "各乡镇"]),
        ("园区、县财政局", ["园区", "县财政局"]), ("市工商业联合会和县财政局", ["市工商业联合会", "县财政局"]),
    ],
)  # fmt: skip
def test_several_names_typed_into_one_field_are_parted(words: str, names: list[str]) -> None:
    assert [value for field, value in normalise("responsible/1/name", words, 2024) if field.endswith("name")] == names
