"""The learned judge: what it is shown, and when it changes what the rules said."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from extractor.formats import read_document
from extractor.items import find_items
from extractor.items.learned_record import KINDS, REASON, LearnedJudge, load
from extractor.items.parts import RULES
from extractor.items.record_features import AT, RULE, Mask, features_of, own_places, without_rules, words_alone
from extractor.learned.artifacts import Artifact, pack
from extractor.learned.linear import Linear, slot
from extractor.outline import build_outline
from extractor.types.document import Document
from extractor.types.item import Item
from extractor.types.outline import Official, Outline

SIZE = 1 << 12
PAPER = """青浦岭市2024年林业工作要点
青浦岭市林业局
2024年2月1日
近年来，全市林业取得积极进展，2023年完成造林3.2万亩。目前全市古树挂牌率仅为61%。
一、重点任务
（一）国土绿化
完成造林4.1万亩，成活率不低于85%。推进森林抚育。
二、发展背景
2024年底前完成古树普查，挂牌率达到95%。
"""


def read(paper: str = PAPER) -> tuple[Document, Outline, tuple[Item, ...]]:
    document = read_document(paper.encode(), name="要点.txt")
    outline = build_outline(document)
    return document, outline, find_items(document, outline)


def judge(weights: dict[str, float], bias: float = 0.0, drop: float = 0.2, rescue: float = 0.9) -> LearnedJudge:
    """One that weighs the named features and no others."""
    rows, biases = np.zeros((1 + len(KINDS), SIZE), dtype=np.float32), np.zeros(1 + len(KINDS))
    for name, weight in weights.items():
        rows[0, slot(name, SIZE)] = weight
    biases[0] = bias
    return LearnedJudge(Linear(rows, biases, ("record", *KINDS)), drop, rescue)


def verdicts(made: LearnedJudge) -> dict[str, Item]:
    """By the first words of each item."""
    document, outline, items = read()
    return {document.text[item.span.start :][:4]: item for item in made(document, outline, items)}


def test_rules_drop_and_keep_what_the_judge_is_to_see() -> None:
    document, _, items = read()
    said = {document.text[item.span.start :][:4]: item.dropped for item in items}
    assert said["近年来，"] == "past result"
    assert said["2024"] == "background section"
    assert said["目前全市"] is None
    assert said["完成造林"] is None
    assert all(item.sure is None for item in items)


def test_a_stretch_surely_no_record_is_dropped() -> None:
    found = verdicts(judge({"s lacking": -6.0}, bias=3.0))
    assert found["目前全市"].dropped == REASON
    assert found["目前全市"].sure == pytest.approx(0.0474, abs=1e-3)
    assert found["完成造林"].dropped is None


def test_a_stretch_surely_a_record_is_taken_back() -> None:
    found = verdicts(judge({"s deadline": 5.0}))
    assert found["2024"].dropped is None
    assert found["近年来，"].dropped == "past result"


@pytest.mark.parametrize(("drop", "rescue"), [(0.0, 1.0), (0.04, 0.996)])
def test_less_sure_than_the_thresholds_changes_nothing(drop: float, rescue: float) -> None:
    document, outline, items = read()
    made = judge({"s lacking": -6.0, "s deadline": 5.0}, bias=0.2, drop=drop, rescue=rescue)
    if drop:
        made = judge({"s lacking": -3.2, "s deadline": 5.0}, bias=0.2, drop=drop, rescue=rescue)
    assert [item.dropped for item in made(document, outline, items)] == [item.dropped for item in items]


def test_matters_of_form_are_not_taken_back() -> None:
    document, outline, items = read()
    short = tuple(replace(item, dropped="introduces a list") for item in items)
    sure = judge({}, bias=9.0)
    assert {item.dropped for item in sure(document, outline, short)} == {"introduces a list"}
    assert {item.dropped for item in sure(document, outline, items)} == {None}


def test_words_and_places_stay_as_they_were() -> None:
    document, outline, items = read()
    judged = judge({"s lacking": -6.0}, bias=3.0)(document, outline, items)
    assert tuple(replace(item, dropped=None, sure=None) for item in judged) == tuple(
        replace(item, dropped=None) for item in items
    )


def test_in_the_pipeline_the_judge_has_the_last_word() -> None:
    document, outline, items = read()
    parts = replace(RULES, judge=judge({"s lacking": -6.0}, bias=3.0, rescue=1.0))
    kept = [item for item in find_items(document, outline, parts) if item.dropped is None]
    assert len(kept) == sum(item.dropped is None for item in items) - 1


def test_kinds_are_a_distribution_over_what_records_can_be() -> None:
    document, outline, items = read()
    model = judge({}).model
    model.weights[1 + KINDS.index("task"), slot("^推进", SIZE)] = 4.0
    said = LearnedJudge(model, 0.0, 1.0).opinions(document, outline, items)
    likeliest = {
        document.text[item.span.start :][:4]: max(each.kinds, key=lambda kind: each.kinds[kind])
        for item, each in zip(items, said, strict=True)
    }
    assert all(sum(each.kinds.values()) == pytest.approx(1.0) for each in said)
    assert likeliest["推进森林"] == "task"


def test_a_judge_is_read_from_its_files() -> None:
    made = judge({"s lacking": -6.0}, bias=3.0)
    config = json.dumps({"kinds": KINDS, "drop": 0.2, "rescue": 0.9, "format": 1})
    stored = pack({"weights": made.model.weights, "bias": made.model.bias})
    again = load(Artifact("record", "trained", {"config.json": config.encode(), "weights.npz": stored}))
    document, outline, items = read()
    assert again(document, outline, items) == made(document, outline, items)


MASKED = {
    "digits": ("完成3.2万亩，占61%", "完成0万亩，占0%"),
    "thousands": ("投资1,250万元", "投资0万元"),
    "year past": ("2023年完成", "昔年完成"),
    "year present": ("2024年完成", "今年完成"),
    "year future": ("到2027年完成", "到将年完成"),
    "range": ("2021—2023年新增", "昔—昔年新增"),
    "plan past": ("“十三五”时期，", "昔五时期，"),
    "plan present": ("“十四五”期间，", "今五期间，"),
    "plan ahead": ("“十五五”时期，", "将五时期，"),
    "own place": ("青浦岭市完成普查", "某市完成普查"),
    "province": ("全国和浙江省的平均水平", "全国和某省的平均水平"),
    "list of places": ("松口县、苇塘区各2个", "某县、某区各0个"),
    "whole city is no place": ("全市、各县完成", "全市、各县完成"),
    "a year that counts nothing": ("12345热线", "0热线"),
}


@pytest.mark.parametrize(("words", "expected"), MASKED.values(), ids=MASKED)
def test_numbers_years_and_places_are_masked(words: str, expected: str) -> None:
    mask = Mask.of(Official(title="青浦岭市2024年林业工作要点", year=2024))
    assert mask(words.replace("，", ",")) == expected.replace("，", ",")


def test_without_a_year_of_the_document_years_are_undated() -> None:
    assert Mask.of(Official())("2023年与2030年") == "某年与某年"


PLACES = {
    "title": (Official(title="2024年松口县水利工作要点"), ("松口",)),
    "after 关于": (Official(title="关于印发松口县水利规划的通知"), ("松口",)),
    "city in a province": (Official(issuer="浙江省松口市人民政府"), ("浙江", "松口")),
    "no place": (Official(title="城市社区养老服务办法", addressee="各县（市、区）人民政府"), ()),
}


@pytest.mark.parametrize(("official", "expected"), PLACES.values(), ids=PLACES)
def test_own_places(official: Official, expected: tuple[str, ...]) -> None:
    assert own_places(official) == expected


def test_without_the_rules_nothing_tells_what_they_said() -> None:
    document, outline, items = read()
    turned = [replace(item, dropped="notes" if item.dropped is None else None) for item in items]
    as_said = features_of(document, outline, items)
    otherwise = features_of(document, outline, turned)
    assert as_said != otherwise
    assert [without_rules(each) for each in as_said] == [without_rules(each) for each in otherwise]
    assert all(name.startswith(RULE) for each in as_said for name in each if "dropped" in name or "kept" in name)


def test_words_alone_are_the_same_wherever_they_stand() -> None:
    inside = "推进森林抚育，成活率不低于85%。"
    shown = []
    for paper in (PAPER, PAPER.replace("推进森林抚育。", "").replace("二、发展背景", inside + "\n二、发展背景")):
        document, outline, items = read(paper.replace("推进森林抚育。", inside))
        at = next(at for at, item in enumerate(items) if document.text.startswith("推进森林", item.span.start))
        shown.append(features_of(document, outline, items)[at])
    assert shown[0] != shown[1]
    assert words_alone(shown[0]) == words_alone(shown[1])
    assert any(name.startswith(AT) for name in shown[0])


def test_one_feature_dictionary_an_item_and_none_for_none() -> None:
    document, outline, items = read()
    assert len(features_of(document, outline, items)) == len(items)
    assert features_of(document, outline, ()) == []
