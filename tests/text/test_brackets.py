from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.text.brackets import read_who, role_of, strip_item, strip_points
from extractor.types.geometry import Span


def show(text: str) -> dict[str, object]:
    found = strip_item(text, Span(0, len(text)))
    shown: dict[str, object] = {"text": text[slice(*found.span)]}
    if found.points:
        shown["points"] = found.points.value
    if found.who:
        shown["who"] = [(who.role, text[slice(*who.span)]) for who in found.who]
    if found.when:
        shown["when"] = [text[slice(*when)] for when in found.when]
    if found.scoring:
        shown["scoring"] = text[slice(*found.scoring)]
    return shown


CASES = {
    "points": ("供水普及率不低于98%(2分)。", {"text": "供水普及率不低于98%", "points": Decimal(2)}),
    "points full width": ("完成改造（２．５ 分）；", {"text": "完成改造", "points": Decimal("2.5")}),
    "points labelled": ("完成改造（满分10分）", {"text": "完成改造", "points": Decimal(10)}),
    "points value": ("完成改造（分值：10）", {"text": "完成改造", "points": Decimal(10)}),
    "points after the stop": ("开展宣传。2分", {"text": "开展宣传", "points": Decimal(2)}),
    "points before": ("（10分）建立领导小组", {"text": "建立领导小组", "points": Decimal(10)}),
    "a score is no mark": ("满意度测评得分达到90分", {"text": "满意度测评得分达到90分"}),
    "labels and points": (
        "开展检查（2分）（责任单位：市水务局、市城管局；完成时限：9月底前）。",
        {"text": "开展检查", "points": Decimal(2), "who": [("duty", "市水务局、市城管局")], "when": ["9月底前"]},
    ),
    "square bracket": (
        "优化服务【责任单位：市政务局】",
        {"text": "优化服务", "who": [("duty", "市政务局")]},
    ),
    "three labels": (
        "深化改革（牵头单位：市委改革办；配合单位：市发改委、市财政局；完成时限：持续推进）",
        {
            "text": "深化改革",
            "who": [("lead", "市委改革办"), ("support", "市发改委、市财政局")],
            "when": ["持续推进"],
        },
    ),
    "labels parted by blanks": (
        "推广应用（责任领导：张三 责任科室：养老股 完成时限：12月）",
        {"text": "推广应用", "who": [("leader", "张三"), ("duty", "养老股")], "when": ["12月"]},
    ),
    "words tell": (
        "建立机制。（市教育局牵头，市财政局配合）",
        {"text": "建立机制", "who": [(None, "市教育局牵头，市财政局配合")]},
    ),
    "by duty and time": (
        "推进改革（市发展改革委、市财政局等按职责分工负责，2023年9月底前完成）；",
        {
            "text": "推进改革",
            "who": [(None, "市发展改革委、市财政局等按职责分工负责")],
            "when": ["2023年9月底前完成"],
        },
    ),
    "time first": (
        "推进改革（10月底前，市司法局牵头）",
        {"text": "推进改革", "who": [(None, "市司法局牵头")], "when": ["10月底前"]},
    ),
    "names alone": (
        "发展特色产业。（市农业农村局、市财政局，各县区政府，市直有关部门）",
        {"text": "发展特色产业", "who": [(None, "市农业农村局、市财政局，各县区政府，市直有关部门")]},
    ),
    "range of years": ("修编规划（2021—2025年）", {"text": "修编规划", "when": ["2021—2025年"]}),
    "label line inside": (
        "完成改造任务。责任单位：市住建局；完成时限：6月底",
        {"text": "完成改造任务", "who": [("duty", "市住建局")], "when": ["6月底"]},
    ),
    "loss": (
        "每季度检查一次（少一次扣1分）",
        {"text": "每季度检查一次", "scoring": "少一次扣1分"},
    ),
    "bonus": (
        "获国家级表彰（每项加5分，最高10分）",
        {"text": "获国家级表彰", "scoring": "每项加5分，最高10分"},
    ),
    "two scorings": (
        "演练2次（缺1次扣1分）（未演练不得分）",
        {"text": "演练2次", "scoring": "缺1次扣1分）（未演练不得分"},
    ),
    "scope stays": ("刊发信息（省直管市、三江林区1篇）", {"text": "刊发信息（省直管市、三江林区1篇）"}),
    "rooms stay": ("建设功能室（图书室、会议室等功能）", {"text": "建设功能室（图书室、会议室等功能）"}),
    "nested stays": ("落实到县（市、区）", {"text": "落实到县（市、区）"}),
    "explanation stays": ("报主管部门（市文化和旅游局）", {"text": "报主管部门（市文化和旅游局）"}),
    "base year stays": ("较基准年（2020年）", {"text": "较基准年（2020年）"}),
    "title stays": ("落实《规划（2021—2025年）》", {"text": "落实《规划（2021—2025年）》"}),
    "areas alone stay": ("覆盖重点区域（县城、中心镇）", {"text": "覆盖重点区域（县城、中心镇）"}),
    "sentence after a label stays": ("建立机制（含应急预案）", {"text": "建立机制（含应急预案）"}),
    "unbalanced": ("完成改造2分）", {"text": "完成改造2分）"}),
    "nested bracket": (
        "推进改造（责任单位：市住建局、各县（市、区）政府）",
        {"text": "推进改造", "who": [("duty", "市住建局、各县（市、区）政府")]},
    ),
    "points and loss": (
        "开展演练（2分，未开展不得分）",
        {"text": "开展演练", "points": Decimal(2), "scoring": "2分，未开展不得分"},
    ),
    "graded points stay": (
        "获评国家级（5分）、省级（3分）、市级（1分）",
        {"text": "获评国家级（5分）、省级（3分）、市级（1分）"},
    ),
    "label with 为": ("推进改造（责任单位为市住建局）", {"text": "推进改造", "who": [("duty", "市住建局")]}),
    "offices of no kind after the stop": (
        "推进改造。（市直各部门、各县区）",
        {"text": "推进改造", "who": [(None, "市直各部门、各县区")]},
    ),
    "offices of no kind inside": ("覆盖范围（市直各部门、各县区）", {"text": "覆盖范围（市直各部门、各县区）"}),
    "start of works": (
        "建设水厂（市水务局负责，2024年4月开工）",
        {"text": "建设水厂", "who": [(None, "市水务局负责")], "when": ["2024年4月开工"]},
    ),
    "only a bracket": ("（责任单位：市水务局）", {"text": "（责任单位：市水务局）"}),
    "empty": (" \n", {"text": ""}),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_strip_item(text: str, expected: dict[str, object]) -> None:
    assert show(text) == expected


@pytest.mark.parametrize(
    ("words", "role"),
    [("责任领导", "leader"), ("牵头单位", "lead"), ("配合部门", "support"), ("责任科室", "duty"), ("数据来源", None)],
)
def test_role_of(words: str, role: str | None) -> None:
    assert role_of(words) == role


@pytest.mark.parametrize(
    ("text", "words", "points"),
    [
        ("基本条件（20分）", "基本条件", Decimal(20)),
        ("经费保障 10分", "经费保障", Decimal(10)),
        ("县（市、区）", "县（市、区）", None),
        ("组织领导", "组织领导", None),
    ],
)
def test_strip_points(text: str, words: str, points: Decimal | None) -> None:
    span, mark = strip_points(text, Span(0, len(text)))
    assert text[slice(*span)] == words
    assert (mark.value if mark else None) == points


def test_read_who_of_a_cell_with_two_labels() -> None:
    text = "牵头单位：水务股 责任单位：河长办"
    found = read_who(text, Span(0, len(text)))
    assert found is not None
    assert [(who.role, text[slice(*who.span)]) for who in found.who] == [("lead", "水务股"), ("duty", "河长办")]


def test_read_who_of_a_bracketed_line() -> None:
    text = "（市教育局负责）"
    found = read_who(text, Span(0, len(text)))
    assert found is not None
    assert [text[slice(*who.span)] for who in found.who] == ["市教育局负责"]


@pytest.mark.parametrize("text", ["开展宣传活动", "联系人：李四"])
def test_read_who_of_other_words(text: str) -> None:
    assert read_who(text, Span(0, len(text))) is None
