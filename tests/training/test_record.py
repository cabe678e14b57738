"""How the record judge is trained: what counts as an example, which thresholds are taken, and what it then tells apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from extractor.errors import ConfigError
from extractor.formats import read_document
from extractor.items import find_items
from extractor.items.learned_record import REASON, LearnedJudge, Opinion, load
from extractor.outline import build_outline
from extractor.training.examples import Example, read_examples
from extractor.training.recipe import Recipe
from extractor.training.recipes import record as recipe
from extractor.training.recipes.record import (
    DOUBTFUL,
    NONE,
    Guess,
    Study,
    figures,
    fit,
    kinds_right,
    labels_of,
    study,
    thresholds,
)
from extractor.training.traces import Trace, trace, trace_all
from extractor.types.geometry import Span
from extractor.types.item import Item
from tests.extracted import ROOT

STEMS = ("04", "08", "10", "22", "23", "24", "26", "28", "29", "31", "33", "35", "40", "42", "45", "50")
# Written for this test: what was and what is, among what is to be done.
PAPER = """澜江市2024年畜牧兽医工作要点
澜江市农业农村局
2024年3月5日
近年来，全市畜牧业稳步发展，2023年全市肉类总产量完成18.6万吨，同比增长3.2%。规模养殖比重达到64%，较2022年提高5个百分点。2023年末全市规模养殖场达到312家。但也要看到，全市屠宰企业代宰率仍高达57%，基层检疫人员到岗率不足70%，粪污处理设施短板突出。
一、主要目标
2024年，全市肉类总产量达到19.5万吨，生猪存栏稳定在86万头左右，规模养殖场粪污处理设施配套率不低于97%。
二、重点任务
（一）提升产能
1.新建标准化规模养殖场12个以上，支持松口县、苇塘区各创建省级示范场2个。
2.推进饲草基地建设，年底前完成青贮玉米种植4.5万亩。
（二）强化防疫
1.强制免疫密度达到90%以上，确保不发生区域性重大动物疫情。
2.完善检疫申报点布局，每季度开展一次屠宰环节抽检。
（三）加强保障
目前全市检疫申报点标准化率仅为48%，基层力量总体不足。各县（市、区）要在2024年4月底前制定实施方案。市农业农村局每半年通报一次进展。
"""


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    found = read_examples(ROOT / "annotations", [ROOT / "corpus" / "txt"], "own")
    return trace_all(each for each in found if each.source.stem.startswith(STEMS))


@pytest.fixture(scope="module")
def studied(traces: Sequence[Trace]) -> Study:
    return study(traces)


@pytest.fixture(scope="module")
def judge(studied: Study) -> LearnedJudge:
    return LearnedJudge(fit(studied, range(len(studied.traces))), drop=0.2, rescue=0.9)


def judged(judge: LearnedJudge, paper: str) -> dict[str, Item]:
    document = read_document(paper.encode(), name="要点.txt")
    outline = build_outline(document)
    items = judge(document, outline, find_items(document, outline))
    return {document.text[item.span.start : item.span.end]: item for item in items}


def example(*golds: dict[str, Any], **more: Any) -> Trace:
    """The paper with gold of our own; traced, not read from a file."""
    gold = {"document": {"source_name": "要点.txt"}, "records": list(golds), **more}
    document = read_document(PAPER.encode(), name="要点.txt")
    return trace(Example("own/paper", ROOT / "README.md", gold), document=document)


def by_words(found: Trace) -> dict[str, str | None]:
    words = [found.document.text[item.span.start :][:6] for item in found.items]
    return dict(zip(words, labels_of(found), strict=True))


FARMS = {"text": "新建标准化规模养殖场12个以上，支持松口县、苇塘区各创建省级示范场2个", "kind": "target", "targets": []}
FODDER = {"text": "推进饲草基地建设，年底前完成青贮玉米种植4.5万亩", "kind": "task"}


def test_labels_are_the_golds_kinds() -> None:
    said = by_words(example(FARMS, FODDER))
    assert (said["新建标准化规"], said["推进饲草基地"]) == ("target", "task")
    assert said["规模养殖比重"] == NONE
    assert said["强制免疫密度"] == NONE


def test_optional_gold_is_unknown() -> None:
    assert by_words(example(FARMS, {**FODDER, "optional": True}))["推进饲草基地"] is None


def test_where_only_some_tasks_are_listed_others_are_unknown_and_targets_are_not() -> None:
    said = by_words(example(FARMS, tasks="partial"))
    assert said["各县（市、区"] is None  # a task: perhaps not listed
    assert said["强制免疫密度"] == NONE  # a target: would have been
    assert said["2023年末"] == DOUBTFUL  # no target, and dropped


def test_text_that_is_only_somewhat_alike_is_no_record() -> None:
    near = {"text": "推进饲草基地建设，年底前完成青贮玉米种植4.5万亩，并建立台账按月报告，接受社会监督", "kind": "task"}
    assert by_words(example(FARMS, near))["推进饲草基地"] == NONE


def test_nothing_to_tell_apart_is_said_so() -> None:
    whole = example()
    golds = [
        {"text": whole.document.text[item.span.start : item.span.end], "kind": "task", "targets": []}
        for item in whole.items
    ]
    with pytest.raises(ConfigError, match="nothing to learn"):
        study([example(*golds)])


def guess(sure: float, *, record: bool | None, dropped: str | None = None, label: str | None = None) -> Guess:
    if record is not None:
        label = "task" if record else NONE
    return Guess("own/a", Item(Span(0, 1), dropped=dropped), label, Opinion(sure, {"task": 0.7, "target": 0.3}))


CHOICES = {
    "nothing to gain": ([guess(0.9, record=True), guess(0.05, record=True)], (0.0, 1.0)),
    "false ones far down": ([guess(0.03, record=False), guess(0.5, record=True)], (0.04, 1.0)),
    "the cautious of equals": ([guess(0.01, record=False), guess(0.2, record=True)], (0.02, 1.0)),
    "three false for one lost": (
        [guess(0.01, record=False), guess(0.09, record=True), *[guess(0.13, record=False)] * 4], (0.14, 1.0)),
    "not two for one": ([guess(0.01, record=False), guess(0.09, record=True), *[guess(0.13, record=False)] * 2], (0.02, 1.0)),
    "what is unknown does not count": ([guess(0.03, record=None), guess(0.99, record=None, dropped="notes")], (0.0, 1.0)),
    "taken back": ([guess(0.95, record=True, dropped="past result"), guess(0.85, record=False, dropped="notes")], (0.0, 0.94)),
    "perhaps none is not taken back": ([*[guess(0.95, record=None, dropped="notes", label=DOUBTFUL)] * 3,
        guess(0.81, record=True, dropped="notes"), guess(0.97, record=True, dropped="notes")], (0.0, 0.96)),
    "perhaps none is not dropped for gain": ([guess(0.05, record=None, label=DOUBTFUL)], (0.0, 1.0)),
    "form is settled": ([guess(0.95, record=True, dropped="too short")], (0.0, 1.0)),
}  # fmt: skip


@pytest.mark.parametrize(("guesses", "expected"), CHOICES.values(), ids=CHOICES)
def test_thresholds(guesses: list[Guess], expected: tuple[float, float]) -> None:
    assert thresholds(guesses) == expected


def test_figures_of_what_was_held_out() -> None:
    told = figures(
        [guess(0.9, record=True), guess(0.8, record=True), guess(0.85, record=False), guess(0.1, record=None)]
    )
    assert told["examples"] == 3
    assert told["auc"] == pytest.approx(0.5)
    assert told["precision at 95"] == pytest.approx(2 / 3)
    assert figures([guess(0.9, record=True)]) == {"examples": 1.0, "records": 1.0}
    assert kinds_right([guess(0.9, record=True), guess(0.9, record=False)]) == 1.0
    assert kinds_right([]) == 0.0


def test_the_same_documents_give_the_same_weights(traces: Sequence[Trace]) -> None:
    said: list[str] = []
    made: Recipe = recipe.RECIPE
    few = traces[:6]
    first, again = made.train(few, said.append), made.train(few, said.append)
    assert first.files == again.files
    assert sum(map(len, first.files.values())) < 3_000_000
    assert load(first.artifact()) is not None
    assert any("auc" in line for line in said)


def test_held_out_it_tells_records_from_others_better_than_the_rules(studied: Study) -> None:
    guesses = list(recipe.out_of_fold(studied, range(len(studied.traces)), folds=4))
    told = figures(guesses)
    rules = [guess for guess in guesses if guess.item.dropped is None and guess.label is not None]
    assert told["auc"] > 0.95
    assert told["precision at 95"] > 0.97 > sum(guess.label != NONE for guess in rules) / len(rules) - 0.02
    below = [guess for guess in rules if guess.opinion.record < 0.2]
    assert sum(guess.label == NONE for guess in below) > 5 * sum(guess.label != NONE for guess in below)


def test_results_and_present_state_are_found_among_obligations(judge: LearnedJudge) -> None:
    found = judged(judge, PAPER)
    obliging = (
        "2024年，",
        "新建标准化规",
        "推进饲草基地",
        "强制免疫密度",
        "完善检疫申报",
        "各县（市、区",
        "市农业农村局",
    )
    kept = {words: item for words, item in found.items() if item.dropped is None}
    assert [words[:6] for words in kept if not words.startswith("目前")] == list(obliging)
    assert {item.dropped for words, item in found.items() if words.startswith(("规模养殖比重", "但也要看到"))} == {
        REASON
    }
    # The present state in the midst of obligations is the hardest: the least sure of all that stays.
    assert min(kept, key=lambda words: kept[words].sure or 0.0).startswith("目前")


def later(words: str) -> str:
    return re.sub(r"20\d\d(?=年)", lambda match: str(int(match.group()) + 5), words)


SWAPS = {
    "years": later,
    "places": lambda words: words.replace("澜江", "栖霞岭").replace("松口", "乌木").replace("苇塘", "北桥"),
    "numbers": lambda words: re.sub(
        r"\d(?=[\d.]*(?:%|个|万|吨))", lambda match: str(9 - int(match.group()) or 5), words
    ),
}


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS)
def test_swapping_years_places_and_numbers_flips_nothing(judge: LearnedJudge, swap: Any) -> None:
    plain, swapped = judged(judge, PAPER), judged(judge, swap(PAPER))
    assert list(plain) != list(swapped)
    assert [item.dropped for item in plain.values()] == [item.dropped for item in swapped.values()]
    for one, other in zip(plain.values(), swapped.values(), strict=True):
        assert one.sure == pytest.approx(other.sure, abs=0.03)


def test_the_rules_word_alone_does_not_decide(judge: LearnedJudge) -> None:
    document = read_document(PAPER.encode(), name="要点.txt")
    outline = build_outline(document)
    items = find_items(document, outline)
    blamed = [replace(item, dropped="past result") for item in items]
    sure = {
        document.text[item.span.start :][:6]: opinion.record
        for item, opinion in zip(items, judge.opinions(document, outline, blamed), strict=True)
    }
    assert sure["新建标准化规"] > 0.5 > sure["规模养殖比重"]
