"""Lines of the cell 目标值, read back: the inverse of what the export writes, and nothing guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.export.words import target_lines
from extractor.types.record import Deadline, Evidence, IndicatorRecord, Target
from extractor.workspace.cell_words import Unreadable, list_of
from extractor.workspace.target_words import Units, targets_of
from tests.export.samples import make_record
from tests.extracted import CORPUS, result_of

NO_UNITS = Units()
BARE = make_record(0, (), "x")


def one(line: str, record: IndicatorRecord = BARE, units: Units = NO_UNITS) -> Target:
    (target,) = targets_of(line, record, units)
    return target


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("农村低保标准 ≥35%（2022-12-31前）", {"metric": "农村低保标准", "op": "ge", "value": 35, "unit": "%", "due": "2022-12-31"}),
        ("覆盖率≥95％", {"metric": "覆盖率", "op": "ge", "value": 95, "unit": "%"}),
        ("覆盖率 >= 95 %", {"op": "ge", "value": 95, "unit": "%"}),
        ("能耗 <=0.5", {"op": "le", "value": 0.5, "unit": None}),
        ("能耗 ＜５０", {"op": "lt", "value": 50}),
        ("增长率 60–70%", {"op": "between", "value": 60, "upper": 70, "unit": "%"}),
        ("增长率 60~70%", {"op": "between", "value": 60, "upper": 70, "unit": "%"}),
        ("能源节约 约8%", {"metric": "能源节约", "op": "approx", "value": 8}),
        ("事故起数 =0", {"op": "eq", "value": 0, "unit": None}),
        ("降幅 ≤-3.5%", {"op": "le", "value": -3.5}),
        ("信用监管覆盖率不低于90%", {"metric": "信用监管覆盖率", "op": "ge", "value": 90, "unit": "%"}),
        ("新增床位 500张以上", {"metric": "新增床位", "op": "ge", "value": 500, "unit": "张"}),
        ("投资 ≥1000万元（市本级；基数：2020年；力争）",
         {"value": 1000, "unit": "万元", "scope": "市本级", "baseline": "2020年", "strength": "strive"}),
        ("比例 ≥5%（2025年12月31日前）", {"due": "2025-12-31"}),
        ("比例 ≥5%（2025/6/30）", {"due": "2025-06-30"}),
        ("比例 ≥5%（县（市、区））", {"scope": "县（市、区）"}),
        ("村(社区)比例 ≥5%", {"metric": "村(社区)比例"}),
        ("PM2.5浓度 ≤35微克/立方米", {"metric": "PM2.5浓度", "value": 35, "unit": "微克/立方米"}),
    ],
)  # fmt: skip
def test_a_line_that_was_typed(line: str, fields: dict[str, Any]) -> None:
    target = one(line)
    assert {name: getattr(target, name) for name in fields} == fields
    assert target.evidence is None


@pytest.mark.parametrize(
    "line",
    ["完成好", "覆盖率 95%", "覆盖率 ≤95%以上", "覆盖率 ≥95%以上", "≥95%", "覆盖率 ≥", "覆盖率 ≥95%（甲；乙）", "覆盖率 ≥95%）", "覆盖率 70–60%",
     "覆盖率 ≥95%（2025-02-30前）", "或 覆盖率 ≥95%", "甲 ≥5% 乙 ≥6%x", "覆盖率 ≥9 5%", "能源节约8%", "件数 ≥5怪物"],
)  # fmt: skip
def test_lines_that_cannot_be_read_in_one_way(line: str) -> None:
    with pytest.raises(Unreadable, match=" / "):
        one(line)


def test_a_unit_is_read_as_the_document_has_it() -> None:
    monthly = make_record(1, (), "x", targets=(Target(metric="信息", op="ge", value=3, unit="条", per="月"),))
    assert (one("简报 ≥2条/月", units=Units.of([monthly])).per, one("简报 ≥2条/月").per) == ("月", None)
    odd = make_record(1, (), "x", targets=(Target(metric="样", op="ge", value=3, unit="怪物"),))
    assert one("件数 ≥5怪物", units=Units.of([odd])).unit == "怪物"


SPOT = Evidence(start=3, end=9)
SHARE = Target(
    metric="占比", op="ge", value=75, unit="%", due="2023-12-31", raw="不低于75%", strength="must", evidence=SPOT
)
COVER = Target(metric="覆盖率", op="ge", value=100, unit="%", implicit=True, raw="全覆盖", scope="全市", evidence=SPOT)
WORDS = Target(metric="收入增速", op="ge", raw="不低于全省平均水平（含）", evidence=SPOT)
RECORD = make_record(0, (), "x", targets=(SHARE, COVER, WORDS), deadlines=(Deadline(raw="年底前", end="2023-12-31"),))


def changed(old: str, new: str, record: IndicatorRecord = RECORD) -> tuple[Target, ...]:
    cell = "\n".join(target_lines(record))
    assert old in cell
    return targets_of(cell.replace(old, new), record, NO_UNITS)


@pytest.mark.parametrize(
    ("old", "new", "at", "fields"),
    [
        ("75%", "80%", 0, {"value": 80}),
        ("占比 ", "低保占比 ", 0, {"metric": "低保占比"}),
        ("≥75%", "≥75%（2023-06-30前）", 0, {"due": "2023-06-30"}),
        ("≥75%", "≥75%（力争）", 0, {"strength": "strive"}),
        ("（全市；全覆盖）", "（全县；全覆盖）", 1, {"scope": "全县"}),
        ("（全市；全覆盖）", "（全覆盖）", 1, {"scope": None}),
        ("（全市；全覆盖）", "（全市）", 1, {"implicit": False, "raw": None}),
        ("收入增速", "居民收入增速", 2, {"metric": "居民收入增速"}),
    ],
)
def test_an_edited_line_keeps_what_it_does_not_say(old: str, new: str, at: int, fields: dict[str, Any]) -> None:
    expected = list(RECORD.targets)
    expected[at] = expected[at].model_copy(update=fields)
    assert changed(old, new) == tuple(expected)


def test_words_without_a_number_are_not_made_up() -> None:
    with pytest.raises(Unreadable):
        changed("不低于全省平均水平（含）", "高于全省平均水平")
    with pytest.raises(Unreadable):
        changed("（全市；全覆盖）", "（全市；应保尽保）")


def test_lines_taken_away_and_moved() -> None:
    cell = target_lines(RECORD)
    assert targets_of("\n".join((cell[2], cell[0])), RECORD, NO_UNITS) == (WORDS, SHARE)
    assert targets_of(None, RECORD, NO_UNITS) == ()


def test_ways_to_comply_follow_the_marks() -> None:
    targets = tuple(
        Target(metric=name, op="ge", value=1, alternative=way) for name, way in (("甲", 0), ("乙", 0), ("丙", 1))
    )
    record = make_record(0, (), "x", targets=targets)
    found = targets_of("甲 ≥1\n或 乙 ≥1\n或者 丁 ≥2", record, NO_UNITS)
    assert [(one.metric, one.alternative) for one in found] == [("甲", 0), ("乙", 1), ("丁", 2)]


_WORDS = st.text("甲乙丙率数（）(、市%以约节3", min_size=1, max_size=8).filter(
    lambda words: words.count("（") == words.count("）") == words.count("(") == words.count(")") == 0
)
_NUMBERS = st.one_of(st.integers(-999, 10**9), st.decimals(-99, 99, places=2).map(float))


@given(
    metric=_WORDS,
    op=st.sampled_from(["ge", "gt", "le", "lt", "eq", "approx"]),
    value=_NUMBERS,
    new=_NUMBERS,
    unit=st.sampled_from([None, "%", "个", "万元", "个百分点", "万吨/年"]),
    scope=st.sampled_from([None, "县（市、区）", "甲；乙"]),
    due=st.sampled_from([None, "2023-12-31", "2024-06-30"]),
    strength=st.sampled_from([None, "must", "strive"]),
)
def test_what_is_written_reads_back(
    metric: str, op: Any, value: float, new: float, unit: str | None, scope: str | None, due: str | None, strength: Any
) -> None:
    """Another value in an edited line changes the value and nothing else; the line as it was changes nothing."""
    target = Target(
        metric=metric, op=op, value=value, unit=unit, scope=scope, due=due, strength=strength, evidence=SPOT
    )
    record = make_record(0, (), "x", targets=(target,), deadlines=(Deadline(raw="年底前", end="2023-12-31"),))
    assert targets_of("\n".join(target_lines(record)), record, NO_UNITS) == (target,)
    other = target.model_copy(update={"value": new})
    edited = "\n".join(target_lines(record.model_copy(update={"targets": (other,)})))
    assert targets_of(edited, record, NO_UNITS) == (other,)


@pytest.mark.parametrize("path", sorted((CORPUS / "docx").glob("*.docx")), ids=lambda path: path.stem)
def test_every_target_of_the_samples_takes_another_value(path: Any) -> None:
    records = result_of(path).records
    units = Units.of(records)
    for record in records:
        assert targets_of("\n".join(target_lines(record)), record, units) == record.targets
        for at, target in enumerate(record.targets):
            if target.value is None:
                continue
            value = target.value - 0.5 if target.upper is not None else target.value + 7
            other = target.model_copy(update={"value": value})
            after = record.model_copy(update={"targets": (*record.targets[:at], other, *record.targets[at + 1 :])})
            assert targets_of("\n".join(target_lines(after)), record, units) == after.targets


@pytest.mark.parametrize(
    ("words", "known", "names"),
    [
        ("甲、乙，丙;丁\n戊", (), ("甲", "乙", "丙", "丁", "戊")),
        ("县（市、区）、开发区", ("县（市、区）",), ("县（市、区）", "开发区")),
        ("甲、、甲", (), ("甲",)),
        (None, (), ()),
    ],
)
def test_names(words: str | None, known: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert list_of(words, known) == names
